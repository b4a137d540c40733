//! CityJSON text sequences: a line of metadata, then one feature a line. A bad line is noted with
//! its number and skipped; only a bad first line stops the file, for it places all the others.

use super::super::error::ReadError;
use super::super::raw::{RawCity, Spot};
use super::super::{Format, text};
use super::document::{Document, Seed};
use super::{Frame, add};

/// Reads a CityJSON text sequence.
///
/// # Errors
/// When the first line is broken or the metadata in it cannot be used.
pub fn read_cityjson_seq(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let whole = text::decode(bytes)?;
    let mut city = RawCity::new(Format::CityJsonSeq);
    let mut lines: Vec<(usize, &str)> = (1..)
        .zip(whole.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let Some(&(first_number, first_line)) = lines.first() else {
        return Err(ReadError::Empty);
    };
    let first = match text::parse(first_line, Seed) {
        Ok(first) => first,
        // A single feature or document may be spread over many lines.
        Err(fault) => match text::parse(whole, Seed) {
            Ok(document) => {
                lines.clear();
                document
            }
            Err(_) => return Err(on_line(fault, first_number)),
        },
    };
    if !matches!(first.kind.as_str(), "CityJSON" | "CityJSONFeature") {
        return Err(ReadError::Unusable {
            reason: format!(
                "the first line's type is {:?}, not \"CityJSON\"",
                first.kind
            ),
            remedy: "choose the format with --as, or put the metadata line first".to_owned(),
        });
    }
    if first.kind == "CityJSONFeature" {
        city.notes
            .push("no metadata line: coordinates taken as they are".to_owned());
    }
    let mut frame = frame_of(&first, &mut city, bytes.len())?;
    add(first, &mut frame, Spot::Line(first_number), &mut city);
    for (number, line) in lines.into_iter().skip(1) {
        if let Err(fault) = read_line(line, number, &mut frame, &mut city) {
            city.warnings
                .note(format!("line {number}"), format!("{fault}: skipped"));
        }
    }
    frame.finish(&mut city);
    Ok(city)
}

fn frame_of(first: &Document, city: &mut RawCity, size: usize) -> Result<Frame, ReadError> {
    if first.kind == "CityJSONFeature" {
        let bare = Document {
            version: Some("1.1".to_owned()),
            ..Document::default()
        };
        return Frame::of(&bare, city, size);
    }
    Frame::of(first, city, size)
}

fn read_line(
    line: &str,
    number: usize,
    frame: &mut Frame,
    city: &mut RawCity,
) -> Result<(), String> {
    let document = text::parse(line, Seed).map_err(|fault| match fault {
        ReadError::Syntax { column, reason, .. } => format!("column {column}: {reason}"),
        other => other.to_string(),
    })?;
    if document.kind != "CityJSONFeature" {
        return Err(format!(
            "its type is {:?}, not \"CityJSONFeature\"",
            document.kind
        ));
    }
    add(document, frame, Spot::Line(number), city);
    Ok(())
}

fn on_line(fault: ReadError, number: usize) -> ReadError {
    match fault {
        ReadError::Syntax {
            column,
            reason,
            remedy,
            ..
        } => ReadError::Syntax {
            line: number,
            column,
            reason,
            remedy,
        },
        other => other,
    }
}
