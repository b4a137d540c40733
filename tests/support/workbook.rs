//! Workbooks of one sheet for tests: cells by their references, and merged cells.

use std::io::{Cursor, Write};

/// A cell of a sheet.
pub enum Value {
    Text(&'static str),
    Number(f64),
    Empty,
}

/// A workbook of one sheet; `merged` are ranges such as `A2:A4`.
pub fn workbook(sheet: &str, rows: &[Vec<Value>], merged: &[&str]) -> Vec<u8> {
    workbook_with(sheet, "", rows, merged)
}

/// The same with attributes of the sheet, such as ` state="hidden"`.
pub fn workbook_with(
    sheet: &str,
    attributes: &str,
    rows: &[Vec<Value>],
    merged: &[&str],
) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let rows: String = (1..).zip(rows).map(|(at, cells)| row(at, cells)).collect();
    let merged: String = merged
        .iter()
        .map(|range| format!("<mergeCell ref=\"{range}\"/>"))
        .collect();
    let parts = [
        (
            "[Content_Types].xml",
            format!("<Types xmlns=\"{package}/content-types\"/>"),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"{sheet}\" sheetId=\"1\"{attributes} r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
            ),
        ),
    ];
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn row(number: u32, cells: &[Value]) -> String {
    let cells = cells.iter().zip('A'..).map(|(value, column)| match value {
        Value::Text(text) => {
            format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
        Value::Number(value) => format!("<c r=\"{column}{number}\"><v>{value}</v></c>"),
        Value::Empty => format!("<c r=\"{column}{number}\"/>"),
    });
    format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
}
