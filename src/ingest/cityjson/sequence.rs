//! CityJSON text sequences: a line of metadata, then one feature a line. A line that breaks the
//! standard is noted with its number and skipped, unless all of it can be read in spite of that;
//! only a bad first line stops the file, for it places all the others.

use super::super::error::ReadError;
use super::super::input::{Input, PART_FEATURES, ReadOptions, Take};
use super::super::raw::{RawCity, Spot};
use super::super::{Format, text};
use super::check::{Extensions, Faults, Place, Version};
use super::document::{Document, Head};
use super::frame::Frame;
use super::{Part, Whole, refusal, template_count, version_of};

/// Faults of a skipped line that are told.
const TOLD: usize = 3;

/// Reads a CityJSON text sequence.
///
/// # Errors
/// When the first line is broken or cannot be used, when no line can, and the first error of
/// `take`.
pub fn read_cityjson_seq(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let whole = text::decode(input.bytes)?;
    let mut city = RawCity::new(Format::CityJsonSeq);
    let mut lines: Vec<(usize, &str)> = (1..)
        .zip(whole.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let Some(&(number, first_line)) = lines.first() else {
        return Err(ReadError::Empty);
    };
    let (first, first_text) = match text::parse(first_line, Head) {
        Ok(first) => (first, first_line),
        // A single feature or document may be spread over many lines.
        Err(fault) => match text::parse(whole, Head) {
            Ok(document) => {
                lines.clear();
                (document, whole)
            }
            Err(_) => return Err(on_line(fault, number)),
        },
    };
    let mut skipped = Skipped::default();
    let mut frame = match first.kind() {
        "CityJSON" => {
            let first = (first, first_text, number);
            let (mut frame, part) = first_line_of(first, input, options, &mut city)?;
            skipped.kept += part.objects.len();
            frame.take(part, Spot::Line(number), &mut city, take)?;
            frame
        }
        "CityJSONFeature" => {
            let mut frame = lone(&first, number, input, &mut city)?;
            let line = (first_text, number);
            read_feature(first, line, &mut frame, (&mut city, take), &mut skipped)?;
            frame
        }
        kind => {
            return Err(ReadError::Unusable {
                reason: format!("line {number}, type: it is {kind:?}, not \"CityJSON\""),
                remedy: "choose the format with --as, or put the metadata line first".to_owned(),
            });
        }
    };
    check_end(whole, &lines, options)?;
    for (number, line) in lines.into_iter().skip(1) {
        read_line((line, number), &mut frame, (&mut city, take), &mut skipped)?;
        if city.features.len() >= PART_FEATURES {
            take(&mut city)?;
        }
    }
    skipped.judge()?;
    frame.finish(&mut city);
    Ok(city)
}

/// A last line that ends in the middle is the end of the file, not a fault of its feature.
fn check_end(whole: &str, lines: &[(usize, &str)], options: &ReadOptions) -> Result<(), ReadError> {
    match lines.last() {
        Some(&(number, line)) if !whole.ends_with('\n') && !options.skip_invalid => {
            match text::parse(line, Head) {
                Err(fault) if text::is_cut_off(&fault) => Err(on_line(fault, number)),
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// What became of the lines.
#[derive(Default)]
struct Skipped {
    /// Lines that were read.
    kept: usize,
    /// Why the first of the others was not.
    first: Option<String>,
}

impl Skipped {
    /// Refuses a sequence of which nothing is left.
    fn judge(self) -> Result<(), ReadError> {
        match (self.kept, self.first) {
            (0, Some(reason)) => Err(ReadError::Unusable {
                reason: format!("no feature of it can be read: {reason}"),
                remedy: "mend the file, or get it again".to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// The frame that the metadata line sets, and the objects that it should not have.
fn first_line_of<'a>(
    (first, text, number): (Document, &str, usize),
    input: &'a Input<'a>,
    options: &ReadOptions,
    city: &mut RawCity,
) -> Result<(Frame<'a>, Part), ReadError> {
    let mut faults = Faults::default();
    let version = version_of(&first, &mut faults)?;
    first.judge(&mut faults);
    let extensions = Extensions::of(first.members.get("extensions"), input);
    let templates = template_count(&first);
    let part = Part::read(
        (text, first, Whole::FirstLine),
        (version, &extensions, templates),
        &mut faults,
    )
    .map_err(|fault| on_line(fault, number))?;
    if !(part.objects.is_empty() && part.document.vertices.is_empty()) {
        let reason = "the first line of a sequence has no objects and no vertices";
        faults.slip(&Place::ROOT.key("CityObjects"), reason);
    }
    if faults.is_harmful() && !options.skip_invalid {
        return Err(match refusal(&faults, version) {
            ReadError::Unusable { reason, .. } => ReadError::Unusable {
                reason: format!("line {number}: {reason}"),
                remedy: "mend the first line: it places all the others".to_owned(),
            },
            other => other,
        });
    }
    tell(&faults, number, city);
    let frame = Frame::of(&part.document, (version, extensions), input, city)?;
    Ok((frame, part))
}

/// The frame of a feature without a sequence: nothing says where its vertices are.
fn lone<'a>(
    first: &Document,
    number: usize,
    input: &'a Input<'a>,
    city: &mut RawCity,
) -> Result<Frame<'a>, ReadError> {
    if !first.vertices.is_empty() {
        return Err(ReadError::Unusable {
            reason: format!(
                "line {number}, type: a CityJSONFeature without the metadata line before it \
                 cannot be placed, for its transform and CRS are missing"
            ),
            remedy: "put the first line of the sequence that it came from before it".to_owned(),
        });
    }
    city.notes
        .push("no metadata line: read as a feature of CityJSON 2.0".to_owned());
    let bare = Document::default();
    Frame::of(&bare, (Version::V20, Extensions::default()), input, city)
}

fn read_line(
    (line, number): (&str, usize),
    frame: &mut Frame,
    (city, take): (&mut RawCity, Take),
    skipped: &mut Skipped,
) -> Result<(), ReadError> {
    match text::parse(line, Head) {
        Ok(document) if document.kind() == "CityJSONFeature" => {
            read_feature(document, (line, number), frame, (city, take), skipped)
        }
        Ok(document) => {
            let reason = format!("its type is {:?}, not \"CityJSONFeature\"", document.kind());
            skip_line(number, &reason, city, skipped);
            Ok(())
        }
        Err(fault) => {
            skip_line(number, &in_line(fault), city, skipped);
            Ok(())
        }
    }
}

/// Takes one feature, or notes why not.
fn read_feature(
    document: Document,
    (line, number): (&str, usize),
    frame: &mut Frame,
    (city, take): (&mut RawCity, Take),
    skipped: &mut Skipped,
) -> Result<(), ReadError> {
    let mut faults = Faults::default();
    document.judge(&mut faults);
    if !frame.is_placed && !document.vertices.is_empty() {
        let reason = "the first line has no transform to place them";
        faults.harm(&Place::ROOT.key("vertices"), reason);
    }
    let rules = (frame.version, &frame.extensions, frame.template_count);
    let part = match Part::read((line, document, Whole::Feature), rules, &mut faults) {
        Ok(part) => part,
        Err(fault) => {
            skip_line(number, &in_line(fault), city, skipped);
            return Ok(());
        }
    };
    if faults.is_harmful() {
        let harmful = faults.kept().iter().filter(|fault| !fault.is_harmless);
        for fault in harmful.take(TOLD) {
            let place = format!("line {number}, {}", fault.place);
            skip(&place, &fault.reason, city, skipped);
        }
        let keys = part.objects.into_iter().map(|(key, _)| key);
        city.faulty.extend(keys);
        return Ok(());
    }
    skipped.kept += 1;
    tell(&faults, number, city);
    frame.take(part, Spot::Line(number), city, take)
}

/// Notes a line of which not even the keys can be told.
fn skip_line(number: usize, reason: &str, city: &mut RawCity, skipped: &mut Skipped) {
    city.nameless += 1;
    skip(&format!("line {number}"), reason, city, skipped);
}

fn skip(place: &str, reason: &str, city: &mut RawCity, skipped: &mut Skipped) {
    if skipped.first.is_none() {
        skipped.first = Some(format!("{place}: {reason}"));
    }
    city.warnings.note(place, format!("{reason}: skipped"));
}

/// Notes faults in spite of which a line is read.
fn tell(faults: &Faults, number: usize, city: &mut RawCity) {
    for fault in faults.kept() {
        let place = format!("line {number}, {}", fault.place);
        let reason = format!("{}: read all the same", fault.reason);
        city.warnings.note(place, reason);
    }
    for (place, reason) in &faults.odd {
        city.warnings
            .note(format!("line {number}, {place}"), reason);
    }
}

/// A fault of a text that is one line of many.
fn in_line(fault: ReadError) -> String {
    match fault {
        ReadError::Syntax { column, reason, .. } => format!("column {column}: {reason}"),
        other => other.to_string(),
    }
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
