//! Tables of text with coordinates in columns, or geometry as well-known text: CSV, with commas,
//! semicolons or tabs, in UTF-8 or as Chinese programs save it. What a row is must be said: by a
//! column, by tags, by the file's name, or by a mapping. Never guesses without telling.

mod columns;
mod datums;
pub(super) mod lines;
#[cfg(test)]
mod tests;
pub(super) mod watch;
mod wkt;

use std::borrow::Cow;

use ::csv::{ReaderBuilder, StringRecord};
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use serde_json::Value;

use crate::space::Crs;

use super::error::ReadError;
use super::raw::{Attributes, RawCity, RawShape};
use super::table::{self, Row, Sink};
use super::{Format, Input, ReadOptions, Take};
use columns::{Columns, Place};
use lines::Lined;
use watch::{CellLimits, Watched};

/// Rows that are looked at before the first is taken.
const SAMPLE_ROWS: usize = 1_000;
/// Geometry as well-known text is long.
const CELLS: CellLimits = CellLimits {
    bytes: 64 << 20,
    breaks: 10_000,
};

/// Whether a table with these headers tells where its rows are without a mapping.
pub(super) fn has_coordinates(names: Vec<String>) -> bool {
    Columns::find(names, &ReadOptions::default(), false).is_ok()
}

/// Reads it.
///
/// # Errors
/// When it has no header, no coordinates, or nothing says what its rows are; or the first error of
/// `take`.
pub fn read_csv(input: &Input, options: &ReadOptions, take: Take) -> Result<RawCity, ReadError> {
    let mut sink = Sink::new(Format::Csv, options, take);
    let (text, note) = decoded(input.bytes);
    sink.city.notes.extend(note);
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    let delimiter = delimiter_of(&text);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(Lined::new(Watched::new(text.as_bytes(), delimiter, CELLS)));
    let header = reader.headers().map_err(broken)?.clone();
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    sink.check_names(&names)?;
    let columns = Columns::find(names, options, delimiter != b',')?;
    sink.city.notes.extend(columns.notes());
    let layer = input.name.file_stem().and_then(|stem| stem.to_str());

    let sample = sample(&text, delimiter, &columns);
    if columns.are_degrees(&sample) {
        sink.city.crs = Crs::from_epsg(4326).ok();
        take_datum(&columns, options, &mut sink.city);
    }
    says_what_rows_are(&sample, options, layer)?;

    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(broken)? {
        sink.next();
        let byte = record.position().map_or(0, ::csv::Position::byte);
        let line = reader.get_mut().line_of(byte);
        match columns.row(&record) {
            Ok((attributes, shape)) => {
                let key = table::stated_key(&attributes, &options.mapping)
                    .unwrap_or_else(|| table::content_key(&attributes, &shape));
                sink.put(Row {
                    key,
                    attributes,
                    shape,
                    layer,
                })?;
            }
            Err(reason) => {
                let key = columns.attributes(&record);
                let key = key.and_then(|said| table::stated_key(&said, &options.mapping));
                sink.skip_at(format!("line {line}"), key.as_deref(), &reason);
            }
        }
    }
    Ok(sink.finish())
}

/// A stated datum goes before what columns are called.
fn take_datum(columns: &Columns, options: &ReadOptions, city: &mut RawCity) {
    let named = columns.datum().filter(|_| options.datum.is_none());
    let Some(datum) = named else { return };
    city.datum = Some(datum);
    if !datums::is_true(datum) {
        city.notes.push(format!(
            "coordinates are taken as {}, for their columns are named so; --datum states another",
            datum.as_str()
        ));
    }
}

pub(super) fn broken(fault: ::csv::Error) -> ReadError {
    if let Some(fault) = watch::fault_of(&fault) {
        return fault.into();
    }
    ReadError::Unusable {
        reason: format!("the table cannot be read ({fault})"),
        remedy: "save it as CSV in UTF-8 again".to_owned(),
    }
}

/// The text by its byte-order mark, as UTF-8, or else as Chinese programs save it, which is told.
pub(super) fn decoded(bytes: &[u8]) -> (Cow<'_, str>, Option<String>) {
    let marked = match bytes {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = marked {
        return (encoding.decode_with_bom_removal(bytes).0, None);
    }
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(text) = UTF_8.decode_without_bom_handling_and_without_replacement(plain) {
        return (text, None);
    }
    let note = "its text is not UTF-8 and was read as GB18030 (guessed)".to_owned();
    (GB18030.decode_without_bom_handling(bytes).0, Some(note))
}

/// What parts the fields of the header, by how often it stands outside quotes.
fn delimiter_of(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty());
    let header = header.unwrap_or_default().as_bytes();
    let count = |delimiter: u8| {
        let mut is_quoted = false;
        let outside = header.iter().filter(|byte| {
            is_quoted ^= **byte == b'"';
            !is_quoted && **byte == delimiter
        });
        outside.count()
    };
    // Of equals the last counts: the comma.
    let candidates = [b'|', b'\t', b';', b','];
    candidates
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}

/// What the first rows say.
fn sample(text: &str, delimiter: u8, columns: &Columns) -> Vec<(Attributes, RawShape)> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let records = reader.records().take(SAMPLE_ROWS);
    records
        .filter_map(|record| columns.row(&record.ok()?).ok())
        .collect()
}

/// Whether anything says of any row what it is.
fn says_what_rows_are(
    sample: &[(Attributes, RawShape)],
    options: &ReadOptions,
    layer: Option<&str>,
) -> Result<(), ReadError> {
    let is_told = |(attributes, shape): &(Attributes, RawShape)| {
        table::is_told(&options.mapping.view(attributes), shape, layer)
    };
    if sample.is_empty() || sample.iter().any(is_told) {
        return Ok(());
    }
    Err(ReadError::Unusable {
        reason: "nothing says what its rows are: no column \"kind\" or 类型, no tag, and not its \
                 name"
            .to_owned(),
        remedy: "write  kind = \"place\"  (or tree, gate, pagoda, garden, landmark; building, \
                 road … for geometry as well-known text) into a mapping file and name that with \
                 --map (docs/mapping.md)"
            .to_owned(),
    })
}

/// The value of a field; a blank one is nothing.
fn value_of(field: &str) -> Option<Value> {
    let field = field.trim();
    (!field.is_empty()).then(|| Value::String(field.to_owned()))
}

/// A shape of one point.
fn point(at: Place) -> RawShape {
    RawShape {
        points: vec![at],
        ..RawShape::default()
    }
}
