//! Files that these tests make: houses of our own, and what GDAL makes of them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Writes a file into a folder.
pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Houses in rows in EPSG:4549, with more members of `properties`; the CRS stands at the end.
pub fn houses(count: usize, more: &str) -> String {
    let each = (0..count).map(|index| {
        let (x, y) = (
            558_000 + 20 * (index % 100),
            3_467_000 + 20 * (index / 100),
        );
        let (right, top) = (x + 12, y + 9);
        format!(
            r#"{{"type":"Feature","properties":{{"id":{index}{more}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]}}}}"#
        )
    });
    let features: Vec<String> = each.collect();
    format!(
        r#"{{"type":"FeatureCollection","features":[{}],"crs":{{"type":"name","properties":{{"name":"urn:ogc:def:crs:EPSG::4549"}}}}}}"#,
        features.join(",\n")
    )
}

/// Converts a file.
pub fn ogr2ogr(from: &Path, to: &Path, options: &[&str]) -> PathBuf {
    let made = Command::new("ogr2ogr")
        .args(options)
        .arg(to)
        .arg(from)
        .output()
        .expect("ogr2ogr of gdal-bin is installed");
    let fault = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() && to.exists(), "{fault}");
    to.to_owned()
}

/// What stands beside the shapes to tell the encoding of their texts.
#[derive(Clone, Copy, PartialEq)]
pub enum Beside {
    Cpg,
    Nothing,
}

/// Three houses with Chinese attributes as a shapefile in an encoding.
pub fn shapefile(folder: &Path, encoding: &str, beside: Beside) -> PathBuf {
    let text = houses(3, "");
    let about = [
        r#""名称":"平江路一号","结构":"砖木","层数":2,"面积":88.5,"日期":"2025-07-31""#,
        r#""名称":null,"结构":"砖混","层数":6,"面积":120.25,"日期":null"#,
        r#""名称":"第三","结构":"框架","层数":11,"面积":1e3,"日期":"2024-01-02""#,
    ];
    let text = about.iter().enumerate().fold(text, |text, (index, about)| {
        text.replace(
            &format!("\"id\":{index}}}"),
            &format!("\"id\":{index},{about}}}"),
        )
    });
    let source = write(folder, "source.geojson", &text);
    let encoding = format!("ENCODING={encoding}");
    let path = folder.join("houses.shp");
    let path = ogr2ogr(&source, &path, &["-f", "ESRI Shapefile", "-lco", &encoding]);
    if beside == Beside::Nothing {
        std::fs::remove_file(path.with_extension("cpg")).unwrap();
        // The table's own mark for the language as well.
        let table = path.with_extension("dbf");
        let mut bytes = std::fs::read(&table).unwrap();
        bytes[29] = 0;
        std::fs::write(&table, bytes).unwrap();
    }
    path
}

/// What `pingjiang import` says, with its exit code.
pub fn said(arguments: &[&str]) -> (Option<i32>, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .arg("import")
        .args(arguments)
        .output()
        .unwrap();
    let text = [run.stdout, run.stderr].concat();
    (run.status.code(), String::from_utf8(text).unwrap())
}
