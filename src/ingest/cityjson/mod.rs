//! CityJSON 1.0, 1.1 and 2.0, and its text sequences.
//! `document` takes the JSON apart, `check` holds it against the standard, `geometry` reads
//! boundaries with what is said of each face, `looks` materials and textures, `resolve` turns
//! numbers into coordinates, `objects` joins parts to their parents,
//! `relief` makes nets of the ground, `frame` is what a whole file
//! shares, `sequence` reads line by line. A document that breaks the standard is refused as a
//! whole, for a base map that silently lacks a building is dangerous; with
//! [`ReadOptions::skip_invalid`] its sound part is taken. Never checks solids for closedness.

mod check;
mod document;
mod frame;
mod geometry;
#[cfg(test)]
mod kept_tests;
mod looks;
mod objects;
mod relief;
mod resolve;
mod sequence;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use serde_json::Value;

use super::error::ReadError;
use super::input::{Input, ReadOptions, Take};
use super::raw::{RawCity, Spot};
use super::{Format, text};
use check::{Check, Extensions, Family, Faults, Place, Scope, Version};
use document::{Document, Head, Object, Objects};
use frame::Frame;

pub(super) use objects::kind_of;
pub use sequence::read_cityjson_seq;

/// Reads a CityJSON document.
///
/// # Errors
/// When it is not JSON, or breaks the standard; with [`ReadOptions::skip_invalid`], when it lacks
/// what makes it CityJSON. And the first error of `take`.
pub fn read_cityjson(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let text = text::decode(input.bytes)?;
    let document = text::parse(text, Head)?;
    if document.kind() != "CityJSON" {
        return Err(ReadError::Unusable {
            reason: format!("type: it is {:?}, not \"CityJSON\"", document.kind()),
            remedy: "choose the format with --as, or mend the file".to_owned(),
        });
    }
    let mut city = RawCity::new(Format::CityJson);
    let mut faults = Faults::default();
    let version = version_of(&document, &mut faults)?;
    let extensions = Extensions::of(document.members.get("extensions"), input);
    document.judge(&mut faults);
    let has_all = document.has_objects && document.has_vertices;
    let templates = template_count(&document);
    let part = Part::read(
        (text, document, Whole::Document),
        (version, &extensions, templates),
        &mut faults,
    )?;
    let is_wanted = options.skip_invalid && has_all;
    if !faults.is_empty() && !is_wanted {
        return Err(refusal(&faults, version));
    }
    let mut frame = Frame::of(&part.document, (version, extensions), input, &mut city)?;
    frame.take(part, Spot::Object, &mut city, take)?;
    for fault in faults.kept() {
        city.warnings.note(&fault.place, &fault.reason);
    }
    for (place, reason) in faults.odd {
        city.warnings.note(place, reason);
    }
    frame.finish(&mut city);
    Ok(city)
}

/// A document that breaks the standard.
fn refusal(faults: &Faults, version: Version) -> ReadError {
    ReadError::Unusable {
        reason: faults.listed(version.as_str()),
        remedy: "mend the file, or take what is sound in it with --skip-invalid".to_owned(),
    }
}

/// The version a document names; one that cannot be told counts as the newest.
fn version_of(document: &Document, faults: &mut Faults) -> Result<Version, ReadError> {
    let value = document.members.get("version");
    let name = match value {
        Some(Value::String(name)) => name.clone(),
        // `"version": 1.1` is common.
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    if name.starts_with("0.") {
        return Err(ReadError::Unusable {
            reason: format!("version: {name:?} is older than CityJSON 1.0"),
            remedy: "upgrade it with `cjio FILE upgrade`".to_owned(),
        });
    }
    let place = Place::ROOT.key("version");
    match (value, Version::of(&name)) {
        (None, _) => faults.slip(&place, "it is missing: read as 2.0"),
        (Some(Value::String(_)), Some(_)) => {}
        (Some(_), Some(_)) => faults.slip(&place, "not a text"),
        (Some(value), None) => {
            faults.slip(
                &place,
                format!("{value} is none of 1.0, 1.1, 2.0: read as 2.0"),
            );
        }
    }
    Ok(Version::of(&name).unwrap_or(Version::V20))
}

/// How many templates a document lists.
fn template_count(document: &Document) -> usize {
    let templates = document.members.get("geometry-templates");
    templates
        .and_then(|templates| templates.get("templates")?.as_array())
        .map_or(0, Vec::len)
}

/// Which rules apply to the outer object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Document,
    FirstLine,
    Feature,
}

/// A document, or a line of a sequence, taken apart and checked.
struct Part {
    document: Document,
    /// Objects in the order of the file, each key once.
    objects: Vec<(String, Result<Object, String>)>,
    /// Keys that came more than once.
    repeated: Vec<String>,
    /// Which vertices something names.
    used: Vec<bool>,
}

impl Part {
    /// Reads the objects and notes what is wrong with them and with what stands beside them.
    fn read(
        (text, document, whole): (&str, Document, Whole),
        (version, extensions, templates): (Version, &Extensions, usize),
        faults: &mut Faults,
    ) -> Result<Self, ReadError> {
        let count = |name: &str| {
            let appearance = document.members.get("appearance");
            let list = appearance.and_then(|appearance| appearance.get(name)?.as_array());
            list.map_or(0, Vec::len)
        };
        let scope = Scope {
            version,
            vertices: document.vertices.len(),
            materials: count("materials"),
            textures: count("textures"),
            texture_vertices: count("vertices-texture"),
            templates,
        };
        let mut used = vec![false; document.vertices.len()];
        let mut check = Check {
            scope: &scope,
            extensions,
            faults,
            used: &mut used,
        };
        match whole {
            Whole::Feature => check.feature(&document.members),
            _ => check.head(&document.members, whole == Whole::FirstLine),
        }
        let (mut objects, mut repeated) = (Vec::new(), Vec::new());
        let mut family = Family::default();
        let mut seen: HashSet<String> = HashSet::new();
        let mut one = |key: String, value: Value| {
            if !seen.insert(key.clone()) {
                let objects = Place::ROOT.key("CityObjects");
                check
                    .faults
                    .harm(&objects.key(&key), "its key is given twice");
                return repeated.push(key);
            }
            check.object(&key, &value);
            family.add(&key, &value);
            objects.push((key, Object::from_json(value)));
        };
        text::parse(text, Objects(&mut one))?;
        family.judge(version, faults);
        let id = document.members.get("id").and_then(Value::as_str);
        if let Some(id) = id.filter(|id| whole == Whole::Feature && !family.has(id)) {
            faults.harm(&Place::ROOT.key("id"), format!("there is no object {id:?}"));
        }
        Ok(Self {
            document,
            objects,
            repeated,
            used,
        })
    }
}
