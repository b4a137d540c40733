//! CityJSON 1.0, 1.1 and 2.0, and its text sequences.
//! `document` takes the JSON apart, `geometry` reads boundaries with their semantics, `resolve`
//! turns vertex numbers into coordinates, `objects` joins parts to their parents, `sequence`
//! reads line by line. Own types throughout: a wrong object is noted and skipped, and only broken
//! JSON or a missing frame stops a file. Never checks solids for closedness.

mod document;
mod geometry;
mod objects;
mod resolve;
mod sequence;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::space::Crs;

use super::attribution;
use super::error::ReadError;
use super::raw::{RawCity, Spot};
use super::{Format, text};
use document::{Document, Seed};
use resolve::{Placement, Resolver, Templates};

pub(super) use objects::kind_of;
pub use sequence::read_cityjson_seq;

/// Reads a CityJSON document.
///
/// # Errors
/// When it is not JSON, or lacks what makes it CityJSON.
pub fn read_cityjson(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let document = text::parse(text::decode(bytes)?, Seed)?;
    if document.kind != "CityJSON" {
        return Err(ReadError::Unusable {
            reason: format!("the type is {:?}, not \"CityJSON\"", document.kind),
            remedy: "choose the format with --as, or mend the file".to_owned(),
        });
    }
    if !document.has_objects || !document.has_vertices {
        let member = if document.has_objects {
            "vertices"
        } else {
            "CityObjects"
        };
        return Err(ReadError::Unusable {
            reason: format!("it has no member \"{member}\""),
            remedy: "get the file again".to_owned(),
        });
    }
    let mut city = RawCity::new(Format::CityJson);
    let mut frame = Frame::of(&document, &mut city, bytes.len())?;
    add(document, &mut frame, Spot::Object, &mut city);
    frame.finish(&mut city);
    Ok(city)
}

/// What the first object of a file says about all that follows.
struct Frame {
    placement: Placement,
    templates: Templates,
    /// Corners that templates may still unfold to.
    budget: usize,
    materials: usize,
    textures: usize,
    groups: usize,
}

impl Frame {
    fn of(document: &Document, city: &mut RawCity, size: usize) -> Result<Self, ReadError> {
        let version = document.version.as_deref().unwrap_or_default();
        match version.split('.').next() {
            Some("1" | "2") => {}
            Some("0") => {
                return Err(ReadError::Unusable {
                    reason: format!("version {version:?} is older than CityJSON 1.0"),
                    remedy: "upgrade it with `cjio FILE upgrade`".to_owned(),
                });
            }
            _ => city.warnings.note(
                "version",
                format!("{version:?} is not 1.0, 1.1 or 2.0: read as 2.0"),
            ),
        }
        let placement = Placement::from_json(document.transform.as_ref())?;
        if document.transform.is_none() && version.starts_with('2') {
            city.warnings.note(
                "transform",
                "CityJSON 2.0 demands it: coordinates taken as they are",
            );
        }
        if placement.is_flat() {
            city.warnings
                .note("transform", "a scale of 0 puts everything into one place");
        }
        read_crs(document.metadata.as_ref(), city);
        if let Some(Value::Object(metadata)) = &document.metadata {
            city.attribution = attribution::demanded(metadata);
            city.maker = attribution::named(metadata);
        }
        let (templates, faults) = Templates::from_json(document.templates.as_ref());
        for (index, fault) in faults {
            city.warnings
                .note(format!("geometry-templates.templates[{index}]"), fault);
        }
        if !document.extensions.is_empty() {
            city.notes.push(format!(
                "extensions used: {}",
                document.extensions.join(", ")
            ));
        }
        Ok(Self {
            placement,
            templates,
            // A file of honest instances unfolds to a few times its size.
            budget: 1_000_000 + 4 * size,
            materials: 0,
            textures: 0,
            groups: 0,
        })
    }

    fn finish(self, city: &mut RawCity) {
        if self.materials + self.textures > 0 {
            city.notes.push(format!(
                "{} materials and {} textures are not kept",
                self.materials, self.textures
            ));
        }
        if self.groups > 0 {
            city.notes
                .push(format!("{} groups of objects are not kept", self.groups));
        }
        if city.features.is_empty() && city.warnings.is_empty() {
            city.notes.push("the file holds no object".to_owned());
        }
    }
}

/// Adds the objects of a document to the raw city.
fn add(document: Document, frame: &mut Frame, spot: Spot, city: &mut RawCity) {
    frame.materials += document.materials;
    frame.textures += document.textures;
    for key in &document.repeated {
        city.warnings.note(
            super::raw::place_of(spot, key),
            "its id is used twice: the first is kept",
        );
    }
    let vertices: Vec<[f64; 3]> = document
        .vertices
        .iter()
        .map(|vertex| frame.placement.apply(*vertex))
        .collect();
    let mut resolver = Resolver {
        vertices: &vertices,
        templates: &frame.templates,
        budget: &mut frame.budget,
    };
    frame.groups += objects::assemble(document.objects, &mut resolver, spot, city);
}

/// 1.1 and 2.0 write a URL, 1.0 a URN, and 0.9 a bare EPSG number.
fn read_crs(metadata: Option<&Value>, city: &mut RawCity) {
    let Some(metadata) = metadata else { return };
    let named = metadata.get("referenceSystem").and_then(Value::as_str);
    let number = metadata
        .get("crs")
        .and_then(|crs| crs.get("epsg"))
        .and_then(Value::as_u64);
    let text = named
        .map(str::to_owned)
        .or_else(|| Some(number?.to_string()));
    match text
        .filter(|text| !text.trim().is_empty())
        .map(|text| Crs::parse(&text))
    {
        Some(Ok(crs)) => city.crs = Some(crs),
        Some(Err(fault)) => city.crs_fault = Some(fault),
        None => {}
    }
}
