//! Which foreign format a file is in: told by its content first, by its name second.
//! A further format (CityGML, FlatGeobuf, Shapefile, OSM) adds a variant here and a reader that
//! gives a [`super::RawCity`]; nothing behind that knows formats.

use std::path::Path;

use super::error::ReadError;

/// A foreign format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON (RFC 7946 and its predecessor with a `crs` member).
    GeoJson,
    /// CityJSON 1.0, 1.1 and 2.0.
    CityJson,
    /// CityJSON text sequences: one `CityJSON` line, then `CityJSONFeature` lines.
    CityJsonSeq,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[Self::GeoJson, Self::CityJson, Self::CityJsonSeq];

    /// The name for `--as` and in summaries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::CityJson => "cityjson",
            Self::CityJsonSeq => "cityjsonseq",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == name)
    }

    /// The names of all formats, for messages.
    #[must_use]
    pub fn names() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|format| format.as_str()).collect();
        names.join("|")
    }

    /// The format of a text, by its content and then by the file's name.
    ///
    /// # Errors
    /// [`ReadError::UnknownFormat`] that says what the content looks like.
    pub fn detect(text: &str, name: &Path) -> Result<Self, ReadError> {
        by_content(text)
            .or_else(|| by_name(name))
            .ok_or_else(|| ReadError::UnknownFormat {
                found: looks_like(text),
                known: Self::names(),
            })
    }
}

/// The value of the first `"type"` member near the beginning decides, without parsing the file.
fn by_content(text: &str) -> Option<Format> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    // The type may stand at the end of the object; whole-file types are rare words, so that
    // looking for them anywhere cannot be fooled by a feature's own members.
    let has_type = |part: &str, word: &str| {
        part.match_indices("\"type\"").any(|(at, key)| {
            let rest = part[at + key.len()..].trim_start();
            rest.strip_prefix(':').is_some_and(|rest| {
                let rest = rest.trim_start();
                rest.strip_prefix('"')
                    .and_then(|rest| rest.strip_prefix(word))
                    .is_some_and(|rest| rest.starts_with('"'))
            })
        })
    };
    if has_type(text, "CityJSON") {
        let first_line = text.trim_start().lines().next().unwrap_or_default();
        let is_sequence = has_type(first_line, "CityJSON") && has_type(text, "CityJSONFeature");
        return Some(if is_sequence {
            Format::CityJsonSeq
        } else {
            Format::CityJson
        });
    }
    if has_type(text, "CityJSONFeature") {
        return Some(Format::CityJsonSeq);
    }
    const GEOJSON: [&str; 9] = [
        "FeatureCollection",
        "Feature",
        "GeometryCollection",
        "Polygon",
        "MultiPolygon",
        "LineString",
        "MultiLineString",
        "Point",
        "MultiPoint",
    ];
    GEOJSON
        .iter()
        .any(|word| has_type(text, word))
        .then_some(Format::GeoJson)
}

fn by_name(name: &Path) -> Option<Format> {
    let name = name.file_name()?.to_str()?.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".city.jsonl", ".jsonl"]) {
        Some(Format::CityJsonSeq)
    } else if ends(&[".city.json", ".cityjson"]) {
        Some(Format::CityJson)
    } else if ends(&[".geojson"]) {
        Some(Format::GeoJson)
    } else {
        None
    }
}

fn looks_like(text: &str) -> String {
    let head = text.trim_start();
    if head.starts_with('<') {
        "it looks like XML (CityGML and OSM XML are not read yet)".to_owned()
    } else if head.starts_with('{') || head.starts_with('[') {
        "it is JSON without a GeoJSON or CityJSON type".to_owned()
    } else {
        "it looks like other text".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: Option<Format>) {
        assert_eq!(
            Format::detect(text, Path::new(name)).ok(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn content_goes_before_name() {
        check(
            r#"{"type":"CityJSON"}"#,
            "a.geojson",
            Some(Format::CityJson),
        );
        check(
            r#"{ "type" : "Feature" }"#,
            "a.city.json",
            Some(Format::GeoJson),
        );
        let sequence = "{\"type\":\"CityJSON\"}\r\n{\"type\":\"CityJSONFeature\"}";
        check(sequence, "a.json", Some(Format::CityJsonSeq));
        let late = r#"{"CityObjects":{"a":{"type":"Building"}},"type":"CityJSON"}"#;
        check(late, "a.json", Some(Format::CityJson));
        check("{}", "a.geojson", Some(Format::GeoJson));
        check("{}", "a.json", None);
        check("<gml/>", "a.gml", None);
    }
}
