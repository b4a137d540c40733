//! Which foreign format a file is in: told by its content first, by its name second.
//! A further format adds a variant here and a reader that gives a [`super::RawCity`]; nothing
//! behind that knows formats.

use std::path::Path;

use super::error::ReadError;
use super::{text, xml_text};

/// A foreign format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// GeoJSON (RFC 7946 and its predecessor with a `crs` member).
    GeoJson,
    /// CityJSON 1.0, 1.1 and 2.0.
    CityJson,
    /// CityJSON text sequences: one `CityJSON` line, then `CityJSONFeature` lines.
    CityJsonSeq,
    /// CityGML 1, 2 and 3.
    CityGml,
    /// FlatGeobuf 2 and 3.
    FlatGeobuf,
    /// GeoPackage of other programs.
    GeoPackage,
    /// ESRI Shapefile with the files beside it.
    Shapefile,
    /// OpenStreetMap in protocol buffers.
    OsmPbf,
    /// OpenStreetMap XML.
    OsmXml,
    /// Points in a table of text.
    Csv,
    /// glTF 2.0, text or binary.
    Gltf,
    /// A raster of heights.
    GeoTiff,
    /// A text of heights: x, y, z on each line.
    Xyz,
    /// A workbook of registers.
    Xlsx,
}

/// Endings of names that belong to formats, longer ones first where one ends with the other.
pub(super) const ENDINGS: [&str; 26] = [
    ".geojsonl",
    ".geojsons",
    ".ndjson",
    ".jsonl",
    ".json",
    ".geojson",
    ".cityjson",
    ".city",
    ".fgb",
    ".gpkg",
    ".shp",
    ".pbf",
    ".osm",
    ".osh",
    ".gml",
    ".xml",
    ".csv",
    ".tsv",
    ".glb",
    ".gltf",
    ".tiff",
    ".tif",
    ".xyz",
    ".txt",
    ".xlsx",
    ".citygml",
];

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::GeoJson,
        Self::CityJson,
        Self::CityJsonSeq,
        Self::CityGml,
        Self::FlatGeobuf,
        Self::GeoPackage,
        Self::Shapefile,
        Self::OsmPbf,
        Self::OsmXml,
        Self::Csv,
        Self::Gltf,
        Self::GeoTiff,
        Self::Xyz,
        Self::Xlsx,
    ];

    /// The name for `--as` and in summaries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::CityJson => "cityjson",
            Self::CityJsonSeq => "cityjsonseq",
            Self::CityGml => "citygml",
            Self::FlatGeobuf => "flatgeobuf",
            Self::GeoPackage => "geopackage",
            Self::Shapefile => "shapefile",
            Self::OsmPbf => "osmpbf",
            Self::OsmXml => "osmxml",
            Self::Csv => "csv",
            Self::Gltf => "gltf",
            Self::GeoTiff => "geotiff",
            Self::Xyz => "xyz",
            Self::Xlsx => "xlsx",
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

    /// The format of a file, by its content and then by its name.
    ///
    /// # Errors
    /// [`ReadError::UnknownFormat`] that says what the content looks like, or the fault of a text
    /// that is none.
    pub fn detect(bytes: &[u8], name: &Path) -> Result<Self, ReadError> {
        if let Some(format) = by_mark(bytes) {
            return Ok(format);
        }
        let named = by_name(name);
        // A table may be in any encoding, and its reader knows them.
        if named == Some(Self::Csv) {
            return Ok(Self::Csv);
        }
        if xml_text::is_xml(bytes) {
            let text = xml_text::decode(bytes)?;
            return by_root(&text).or(named).ok_or_else(|| unknown(&text));
        }
        let text = text::decode(bytes)?;
        by_content(text).or(named).ok_or_else(|| unknown(text))
    }
}

/// Formats of bytes begin with a mark of their own.
fn by_mark(bytes: &[u8]) -> Option<Format> {
    let head = &bytes[..bytes.len().min(64)];
    let holds = |word: &[u8]| head.windows(word.len()).any(|part| part == word);
    match head {
        [b'S', b'Q', b'L', b'i', b't', b'e', b' ', b'f', ..] => Some(Format::GeoPackage),
        [b'f', b'g', b'b', _, b'f', b'g', b'b', ..] => Some(Format::FlatGeobuf),
        [0, 0, 0x27, 0x0a, ..] => Some(Format::Shapefile),
        [b'g', b'l', b'T', b'F', ..] => Some(Format::Gltf),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Format::GeoTiff),
        [0, 0, 0, _, ..] if holds(b"OSMHeader") => Some(Format::OsmPbf),
        _ => None,
    }
}

/// The name of an XML document's outer element, without its prefix.
fn root_of(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = &comment[comment.find("-->")?..];
        } else if !rest.starts_with(['?', '!']) {
            break;
        }
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    rest[..end].rsplit(':').next()
}

fn by_root(text: &str) -> Option<Format> {
    match root_of(text)? {
        "CityModel" => Some(Format::CityGml),
        "osm" | "osmChange" => Some(Format::OsmXml),
        _ => None,
    }
}

/// The value of the first `"type"` member near the beginning decides, without parsing the file.
fn by_content(text: &str) -> Option<Format> {
    match text.trim_start().as_bytes().first() {
        // The record separator of a text sequence goes before its first object.
        Some(b'{' | 0x1e) => {}
        _ => return None,
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
    if GEOJSON.iter().any(|word| has_type(text, word)) {
        return Some(Format::GeoJson);
    }
    let has_member = |word: &str| text.contains(&format!("\"{word}\""));
    let is_gltf = has_member("asset") && has_member("buffers") && has_member("accessors");
    is_gltf.then_some(Format::Gltf)
}

fn by_name(name: &Path) -> Option<Format> {
    let name = name.file_name()?.to_str()?.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let by_ending: [(&[&str], Format); 8] = [
        (&[".city.jsonl", ".jsonl"], Format::CityJsonSeq),
        (&[".city.json", ".cityjson"], Format::CityJson),
        (&[".geojson", ".geojsonl", ".geojsons"], Format::GeoJson),
        (&[".citygml", ".gml"], Format::CityGml),
        (&[".osm"], Format::OsmXml),
        (&[".csv", ".tsv"], Format::Csv),
        (&[".gltf"], Format::Gltf),
        (&[".xyz"], Format::Xyz),
    ];
    let found = by_ending.iter().find(|(endings, _)| ends(endings));
    found.map(|(_, format)| *format)
}

fn unknown(text: &str) -> ReadError {
    ReadError::UnknownFormat {
        found: looks_like(text),
        known: Format::names(),
    }
}

fn looks_like(text: &str) -> String {
    let head = text.trim_start();
    if head.contains('\0') {
        "it looks like a binary format".to_owned()
    } else if head.starts_with('<') {
        "it looks like XML, but not like CityGML or OpenStreetMap".to_owned()
    } else if head.starts_with('{') || head.starts_with('[') {
        "it is JSON without a type of GeoJSON, CityJSON or glTF".to_owned()
    } else {
        "it looks like other text".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: Option<Format>) {
        assert_eq!(
            Format::detect(text.as_bytes(), Path::new(name)).ok(),
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
        check("\u{1e}{\"type\":\"Feature\"}", "a", Some(Format::GeoJson));
        check("{}", "a.geojson", Some(Format::GeoJson));
        check("{}", "a.json", None);
        let told = Format::detect(&[0; 9], Path::new("a")).unwrap_err();
        assert!(told.to_string().contains("binary"), "{told}");
        check("<gml/>", "a.xml", None);
        check(
            "<!-- <osm> --><core:CityModel a='b'/>",
            "a.xml",
            Some(Format::CityGml),
        );
        check(
            "<?xml version='1.0'?>\n<osm version='0.6'>",
            "a",
            Some(Format::OsmXml),
        );
    }
}
