//! GeoJSON: RFC 7946, the older `crs` member, single features and bare geometries.
//! Reads feature by feature, so that memory holds the raw city and one feature, not the whole
//! document. A feature of a wrong shape is noted and skipped; only broken JSON stops the file.

mod document;
mod geometry;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::space::{Crs, CrsError};

use super::attribution;
use super::error::ReadError;
use super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::tags::{self, Verdict};
use super::{Format, text};

/// Reads a GeoJSON document.
///
/// # Errors
/// When it is not JSON, or no GeoJSON object.
pub fn read_geojson(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let mut sink = Sink::default();
    let head = text::parse(text::decode(bytes)?, document::Seed { sink: &mut sink })?;
    sink.finish(head)
}

/// Takes features one by one.
#[derive(Default)]
struct Sink {
    city: Option<RawCity>,
    seen: usize,
    /// Key → index in `features` and how often it came, to find ids used twice.
    keys: HashMap<String, (usize, usize)>,
    untagged: usize,
}

impl Sink {
    fn city(&mut self) -> &mut RawCity {
        self.city
            .get_or_insert_with(|| RawCity::new(Format::GeoJson))
    }

    fn skip(&mut self, place: String, reason: impl Into<String>) {
        self.city().warnings.note(place, reason);
    }

    /// Takes one member of `features`.
    fn feature(&mut self, value: Value) {
        self.seen += 1;
        let Value::Object(mut feature) = value else {
            return self.skip(format!("feature {}", self.seen), "not an object: skipped");
        };
        let key = key_of(&feature);
        let place = match &key {
            Some(key) => place_of(Spot::Feature(self.seen), key),
            None => format!("feature {}", self.seen),
        };
        if feature.get("type").and_then(Value::as_str) != Some("Feature") {
            return self.skip(place, "its type is not \"Feature\": skipped");
        }
        let shape = match geometry::shape_from(feature.get("geometry")) {
            Ok(shape) => shape,
            Err(reason) => {
                self.city().faulty.extend(key);
                return self.skip(place, format!("{reason}: skipped"));
            }
        };
        let key = key.unwrap_or_else(|| content_key(&feature));
        match feature.remove("properties") {
            Some(Value::Object(attributes)) => self.put(key, attributes, shape),
            None | Some(Value::Null) => self.put(key, Attributes::new(), shape),
            Some(_) => {
                self.city().faulty.push(key);
                self.skip(place, "its properties are not an object: skipped");
            }
        }
    }

    fn put(&mut self, key: String, attributes: Attributes, shape: RawShape) {
        let spot = Spot::Feature(self.seen);
        let kind = match tags::classify(&attributes, &shape) {
            Verdict::Known(kind) => kind,
            Verdict::UntaggedArea => {
                self.untagged += 1;
                RawKind::Building
            }
            Verdict::Other(what) => {
                return self.skip(place_of(spot, &key), format!("{what}: skipped"));
            }
        };
        let feature = RawFeature {
            key,
            spot,
            kind,
            attributes,
            shape,
        };
        if let Some(feature) = self.with_own_key(feature) {
            let index = self.city().features.len();
            self.keys.insert(feature.key.clone(), (index, 1));
            self.city().features.push(feature);
        }
    }

    /// The same id with the same content is a repetition; with other content it is another thing.
    fn with_own_key(&mut self, mut feature: RawFeature) -> Option<RawFeature> {
        let Some((first, times)) = self.keys.get_mut(&feature.key) else {
            return Some(feature);
        };
        *times += 1;
        let (first, mut number) = (*first, *times);
        let place = feature.place();
        let twin = &self.city().features[first];
        if twin.attributes == feature.attributes && twin.shape == feature.shape {
            self.skip(place, "the same feature again: skipped");
            return None;
        }
        self.skip(place, "its id is used twice: kept under a numbered key");
        let key = std::mem::take(&mut feature.key);
        while self.keys.contains_key(&format!("{key}#{number}")) {
            number += 1;
        }
        feature.key = format!("{key}#{number}");
        Some(feature)
    }

    fn finish(mut self, head: document::Head) -> Result<RawCity, ReadError> {
        let kind = head.kind();
        match kind {
            "FeatureCollection" if head.has_features => {}
            "FeatureCollection" => {
                return Err(ReadError::Unusable {
                    reason: "a FeatureCollection without \"features\"".to_owned(),
                    remedy: "get the file again".to_owned(),
                });
            }
            "Feature" => self.feature(Value::Object(head.rest.clone())),
            _ if geometry::is_geometry(kind) => self.bare_geometry(&head),
            _ => {
                return Err(ReadError::Unusable {
                    reason: format!("the type is {kind:?}, which is not GeoJSON's"),
                    remedy: "choose the format with --as, or mend the file".to_owned(),
                });
            }
        }
        let (untagged, crs) = (self.untagged, crs_from(head.crs.as_ref()));
        let city = self.city();
        city.attribution = attribution::demanded(&head.rest);
        match crs {
            Ok(crs) => city.crs = Some(crs),
            Err(fault) => city.crs_fault = Some(fault),
        }
        if untagged > 0 {
            city.notes.push(format!(
                "{untagged} polygons without a tag that says what they are were taken as buildings"
            ));
        }
        if city.features.is_empty() && city.warnings.is_empty() {
            city.notes.push("the file holds no feature".to_owned());
        }
        Ok(self.city.unwrap_or_else(|| RawCity::new(Format::GeoJson)))
    }

    fn bare_geometry(&mut self, head: &document::Head) {
        self.seen += 1;
        let geometry = Value::Object(head.rest.clone());
        match geometry::shape_from(Some(&geometry)) {
            Ok(shape) => self.put(content_key(&head.rest), Attributes::new(), shape),
            Err(reason) => self.skip("the geometry".to_owned(), format!("{reason}: skipped")),
        }
    }
}

/// The feature's id, or the usual properties that hold one.
fn key_of(feature: &Attributes) -> Option<String> {
    let word = |value: &Value| match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let property = |key: &str| feature.get("properties")?.get(key);
    feature.get("id").and_then(word).or_else(|| {
        ["id", "@id", "osm_id", "fid", "gml_id", "OBJECTID"]
            .iter()
            .find_map(|key| word(property(key)?))
    })
}

/// A key out of the content, for features without an id.
fn content_key(feature: &Attributes) -> String {
    let bytes = serde_json::to_vec(feature).unwrap_or_default();
    let digest = Sha256::digest(&bytes);
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
