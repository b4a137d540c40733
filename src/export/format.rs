//! The formats that are written, by name and by ending.

use std::path::Path;

/// A format to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// CityJSON 2.0.
    CityJson,
    /// CityJSON 2.0 text sequence.
    CityJsonSeq,
    /// GeoJSON.
    GeoJson,
    /// FlatGeobuf.
    FlatGeobuf,
    /// glTF 2.0 in one binary file.
    Glb,
    /// glTF 2.0 as text, with its buffer inside.
    Gltf,
}

impl Format {
    /// Every format with its name for `--as` and the endings that choose it.
    const NAMED: [(Self, &'static str, &'static [&'static str]); 6] = [
        (Self::CityJson, "cityjson", &[".json", ".cityjson"]),
        (Self::CityJsonSeq, "cityjsonseq", &[".jsonl"]),
        (Self::GeoJson, "geojson", &[".geojson"]),
        (Self::FlatGeobuf, "flatgeobuf", &[".fgb"]),
        (Self::Glb, "glb", &[".glb"]),
        (Self::Gltf, "gltf", &[".gltf"]),
    ];

    /// The name for `--as` and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let named = Self::NAMED.iter().find(|(format, ..)| *format == self);
        named.map_or("", |(_, name, _)| name)
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let named = Self::NAMED.iter().find(|(_, one, _)| *one == name);
        named.map(|(format, ..)| *format)
    }

    /// The format that a file's name asks for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let named = Self::NAMED.iter().find(|(.., endings)| ends(endings));
        named.map(|(format, ..)| *format)
    }

    /// The names of all formats, for messages.
    #[must_use]
    pub fn names() -> String {
        Self::NAMED.map(|(_, name, _)| name).join("|")
    }

    /// Whether it shows pictures.
    #[must_use]
    pub fn is_pictured(self) -> bool {
        matches!(self, Self::Glb | Self::Gltf)
    }

    /// Whether it holds outlines and points on a map, not bodies.
    #[must_use]
    pub fn is_flat(self) -> bool {
        matches!(self, Self::GeoJson | Self::FlatGeobuf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings() {
        for (format, name, endings) in Format::NAMED {
            assert_eq!(Format::from_name(name), Some(format));
            for ending in endings {
                let path = format!("out/平江{ending}");
                assert_eq!(Format::from_path(Path::new(&path)), Some(format), "{path}");
            }
        }
        let check = |path: &str, expected| {
            assert_eq!(Format::from_path(Path::new(path)), expected, "{path}");
        };
        check("a.city.json", Some(Format::CityJson));
        check("A.CITY.JSONL", Some(Format::CityJsonSeq));
        check("a.shp", None);
        check("", None);
    }
}
