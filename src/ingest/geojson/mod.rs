//! GeoJSON: RFC 7946, the older `crs` member, single features, bare geometries, text sequences.
//! Reads feature by feature and hands them on in parts, so that memory never holds the whole
//! document. A feature of a wrong shape is noted and skipped; only broken JSON stops the file.

mod document;
mod geometry;
mod sequence;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::space::{Crs, CrsError};

use super::attribution;
use super::error::ReadError;
use super::input::gather;
use super::raw::{Attributes, RawCity, RawShape};
use super::table::{self, Row, Sink};
use super::{Format, Input, ReadOptions, Take, text};

/// Different names of properties that are kept for a message.
const NAMES_MAX: usize = 1_000;

/// Reads a GeoJSON document as a whole.
///
/// # Errors
/// When it is not JSON, or no GeoJSON object.
pub fn read_geojson(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let input = Input::alone("document.geojson".as_ref(), bytes);
    gather(|take| read_geojson_parts(&input, &ReadOptions::default(), take))
}

/// Reads a GeoJSON document and hands its features on in parts; the last of them are in what is
/// given back.
///
/// # Errors
/// When it is not JSON, or no GeoJSON object; or the first error of `take`.
pub fn read_geojson_parts(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let document = text::decode(input.bytes)?;
    let mut reading = Reading {
        sink: Sink::new(Format::GeoJson, options, take),
        options,
        names: BTreeSet::new(),
    };
    match sequence::records(document) {
        Some(records) => reading.sequence(&records)?,
        None => reading.document(document)?,
    }
    if !reading.names.is_empty() {
        let names: Vec<String> = reading.names.into_iter().collect();
        reading.sink.check_names(&names)?;
    }
    Ok(reading.sink.finish())
}

/// Takes features one by one.
struct Reading<'a, 't> {
    sink: Sink<'a, 't>,
    options: &'a ReadOptions,
    names: BTreeSet<String>,
}

impl Reading<'_, '_> {
    fn document(&mut self, document: &str) -> Result<(), ReadError> {
        let head = text::parse(document, document::HeadSeed)?;
        let city = &mut self.sink.city;
        city.attribution = attribution::demanded(&head.rest);
        match crs_from(head.crs.as_ref()) {
            Ok(crs) => city.crs = Some(crs),
            Err(fault) => city.crs_fault = Some(fault),
        }
        match head.kind() {
            "FeatureCollection" if head.has_features => self.collection(document),
            "FeatureCollection" => Err(ReadError::Unusable {
                reason: "a FeatureCollection without \"features\"".to_owned(),
                remedy: "get the file again".to_owned(),
            }),
            "Feature" => self.feature(Value::Object(head.rest)),
            kind if geometry::is_geometry(kind) => self.bare_geometry(head.rest),
            kind => Err(ReadError::Unusable {
                reason: format!("the type is {kind:?}, which is not GeoJSON's"),
                remedy: "choose the format with --as, or mend the file".to_owned(),
            }),
        }
    }

    /// Takes the records of a text sequence, whose coordinates are in WGS 84.
    fn sequence(&mut self, records: &[(usize, &str)]) -> Result<(), ReadError> {
        self.sink.city.crs = Some(Crs::from_epsg(4326)?);
        for (first_line, record) in records {
            let feature = serde_json::from_str(record).map_err(|fault| {
                let mut fault = text::syntax(fault);
                if let ReadError::Syntax { line, .. } = &mut fault {
                    *line += first_line - 1;
                }
                fault
            })?;
            self.feature(feature)?;
        }
        Ok(())
    }

    fn collection(&mut self, document: &str) -> Result<(), ReadError> {
        let mut fault = None;
        let take = |feature: Value| {
            self.feature(feature).map_err(|reason| {
                fault = Some(reason);
            })
        };
        let parsed = text::parse(document, document::FeaturesSeed(take));
        fault.map_or(parsed, Err)
    }

    /// Takes one member of `features`.
    fn feature(&mut self, value: Value) -> Result<(), ReadError> {
        self.sink.next();
        let Value::Object(mut feature) = value else {
            self.sink.skip(None, "not an object");
            return Ok(());
        };
        let key = self.key_of(&feature);
        let key = key.as_deref();
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            self.sink.skip(key, "its type is not \"Feature\"");
            return Ok(());
        }
        let shape = match geometry::shape_from(feature.get("geometry")) {
            Ok(shape) => shape,
            Err(reason) => {
                self.sink.skip(key, &reason);
                return Ok(());
            }
        };
        let own_key = key.map_or_else(|| content_key(&feature), str::to_owned);
        match feature.remove("properties") {
            Some(Value::Object(attributes)) => self.put(own_key, attributes, shape),
            None | Some(Value::Null) => self.put(own_key, Attributes::new(), shape),
            Some(_) => {
                self.sink.skip(key, "its properties are not an object");
                Ok(())
            }
        }
    }

    fn put(
        &mut self,
        key: String,
        attributes: Attributes,
        shape: RawShape,
    ) -> Result<(), ReadError> {
        for name in attributes.keys() {
            if self.names.len() < NAMES_MAX && !self.names.contains(name) {
                self.names.insert(name.clone());
            }
        }
        self.sink.put(Row {
            key,
            attributes,
            shape,
            layer: None,
        })
    }

    fn bare_geometry(&mut self, members: Attributes) -> Result<(), ReadError> {
        self.sink.next();
        let key = content_key(&members);
        match geometry::shape_from(Some(&Value::Object(members))) {
            Ok(shape) => self.put(key, Attributes::new(), shape),
            Err(reason) => {
                self.sink.skip_at("the geometry".to_owned(), None, &reason);
                Ok(())
            }
        }
    }

    /// The property that a mapping names, the feature's id, or a property that usually holds one.
    fn key_of(&self, feature: &Attributes) -> Option<String> {
        let none = Attributes::new();
        let properties = feature.get("properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&none);
        let mapping = &self.options.mapping;
        let stated = || table::stated_key(properties, mapping);
        if self.sink.is_mapped(super::mapping::Fact::Key) {
            return stated();
        }
        feature.get("id").and_then(table::id_of).or_else(stated)
    }
}

/// A key out of the content, for features without an id.
fn content_key(feature: &Attributes) -> String {
    let bytes = serde_json::to_vec(feature).unwrap_or_default();
    table::digits(&Sha256::digest(&bytes))
}

/// RFC 7946 knows WGS 84 only; its predecessor named a CRS, or denied to have one.
fn crs_from(member: Option<&Value>) -> Result<Crs, CrsError> {
    let name = member
        .and_then(|crs| crs.get("properties"))
        .and_then(|properties| properties.get("name").or_else(|| properties.get("code")));
    match name {
        Some(Value::String(name)) => Crs::parse(name),
        Some(Value::Number(code)) => Crs::parse(&code.to_string()),
        _ => Crs::from_epsg(4326),
    }
}
