//! ESRI Shapefiles: shapes in `.shp`, attributes in `.dbf`, the system of coordinates in `.prj`,
//! the encoding of the text in `.cpg`. What is missing beside the shapes is told, not fatal.
//! The index `.shx` only says what the shapes say themselves; it is looked at when the shapes are
//! not one behind the other. Never believes a length that the file does not have.

mod dbf;
mod encoding;
mod records;
mod shapes;
#[cfg(test)]
mod tests;

use crate::base::counted;
use crate::space::{Crs, CrsError};

use super::error::ReadError;
use super::raw::{Attributes, RawCity, RawShape};
use super::table::{self, Row, Sink};
use super::{Format, Input, ReadOptions, Take};
use dbf::Dbf;
use encoding::Encoding;
use records::Records;

/// Reads it.
///
/// # Errors
/// When the shapes are no shapefile or are cut off; or the first error of `take`.
pub fn read_shapefile(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let mut sink = Sink::new(Format::Shapefile, options, take);
    let index = input.sibling("shx");
    let records = Records::new(input.bytes, index.as_deref())?;
    match crs_of(input) {
        Ok(crs) => sink.city.crs = crs,
        Err(fault) => sink.city.crs_fault = Some(fault),
    }
    let table = input.sibling("dbf");
    let table = read_table(input, table.as_deref(), &mut sink)?;
    if let Some(table) = &table {
        let names: Vec<String> = table.fields().map(|field| field.name.clone()).collect();
        sink.check_names(&names)?;
    }
    let layer = input.name.file_stem().and_then(|stem| stem.to_str());
    let mut deleted = 0;
    let mut rows_used = 0;
    for (index, record) in records.enumerate() {
        let record = record?;
        rows_used = index + 1;
        sink.next();
        let row = table.as_ref().map(|table| table.row(index));
        if matches!(row, Some(dbf::Row::Deleted)) {
            deleted += 1;
            continue;
        }
        let attributes = attributes_of(row, &mut sink);
        put(&mut sink, options, record, attributes, layer)?;
    }
    if deleted > 0 {
        let note = format!(
            "{} left out",
            counted(
                deleted,
                "shape whose row is deleted was",
                "shapes whose rows are deleted were"
            )
        );
        sink.city.notes.push(note);
    }
    let rows = table.as_ref().map_or(0, Dbf::row_count);
    if rows > rows_used {
        let reason = format!(
            "{} no shape: skipped",
            counted(
                rows - rows_used,
                "row of the .dbf has",
                "rows of the .dbf have"
            )
        );
        sink.note(".dbf", reason);
    }
    Ok(sink.finish())
}

/// The attributes of a row that was not deleted; what is wrong with it is noted.
fn attributes_of(row: Option<dbf::Row>, sink: &mut Sink) -> Attributes {
    let place = sink.place(None);
    match row {
        None | Some(dbf::Row::Deleted) => Attributes::new(),
        Some(dbf::Row::Missing) => {
            sink.note(place, "it has no row in the .dbf: taken without attributes");
            Attributes::new()
        }
        Some(dbf::Row::Here(row)) => {
            if row.unreadable > 0 {
                let reason = "a value cannot be read (too wide, or no number): left out";
                sink.note(place, reason);
            }
            row.attributes
        }
    }
}

fn put(
    sink: &mut Sink,
    options: &ReadOptions,
    record: &[u8],
    attributes: Attributes,
    layer: Option<&str>,
) -> Result<(), ReadError> {
    let stated = table::stated_key(&attributes, &options.mapping);
    let shape: RawShape = match shapes::shape_of(record) {
        Ok(shape) => shape,
        Err(reason) => {
            sink.skip(stated.as_deref(), &reason);
            return Ok(());
        }
    };
    let key = stated.unwrap_or_else(|| table::content_key(&attributes, &shape));
    sink.put(Row {
        key,
        attributes,
        shape,
        layer,
    })
}

/// What `.prj` says; nothing where there is none.
fn crs_of(input: &Input) -> Result<Option<Crs>, CrsError> {
    let Some(bytes) = input.sibling("prj") else {
        return Ok(None);
    };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Ok(None);
    }
    Crs::from_wkt(text).map(Some)
}

/// The attributes, with the encoding that is stated or guessed.
fn read_table<'a>(
    input: &Input,
    bytes: Option<&'a [u8]>,
    sink: &mut Sink,
) -> Result<Option<Dbf<'a>>, ReadError> {
    let Some(bytes) = bytes else {
        let note = "there is no .dbf beside it: the shapes have no attributes";
        sink.city.notes.push(note.to_owned());
        return Ok(None);
    };
    let table = match Dbf::new(bytes) {
        Ok(table) => table,
        Err(reason) => {
            return Err(ReadError::Unusable {
                reason: format!("the .dbf beside it is damaged: {reason}"),
                remedy: "get both files again, or remove the .dbf to import shapes alone"
                    .to_owned(),
            });
        }
    };
    let stated = input.sibling("cpg");
    let stated = stated
        .as_deref()
        .map(|bytes| String::from_utf8_lossy(bytes));
    let (encoding, note) = Encoding::find(stated.as_deref(), table.language_byte(), || {
        table.text_bytes()
    });
    sink.city.notes.extend(note);
    Ok(Some(table.with_encoding(encoding)))
}
