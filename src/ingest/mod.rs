//! Foreign files → raw city → the city's entities. Used by `app`, which writes them.
//! Readers ([`read_geojson`], [`read_cityjson`], [`read_cityjson_seq`]) give a [`RawCity`] in the
//! file's own coordinates; [`convert`] checks, reprojects and cleans it. Bad features are noted
//! with their place and skipped; a bad file is an error that says what to do. Never writes to the
//! city, and never prints.
//!
//! To add a format: a variant in [`Format`], a reader that gives a `RawCity` (vector formats sort
//! their features with `tags`), and a line in [`read`].

mod attribution;
mod build;
mod cityjson;
mod convert;
mod error;
mod facts;
mod format;
mod geojson;
mod own;
mod party_walls;
mod raw;
mod tags;
mod target;
#[cfg(test)]
mod test_frame;
mod text;

use std::io::ErrorKind;
use std::path::Path;

use sha2::{Digest, Sha256};

pub use attribution::clean_attribution;
pub use cityjson::{read_cityjson, read_cityjson_seq};
pub use convert::{Converted, Origin, convert, join};
pub use error::{ImportError, ReadError};
pub use format::Format;
pub use geojson::read_geojson;
pub use raw::{Attributes, Position, RawCity, RawFeature, RawKind, RawShape, Spot};
pub use target::{Target, choose_crs};

/// Files above this are not read whole; megabytes.
const SIZE_MAX_MB: u64 = 4_096;

/// A file's content with what identifies it.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// What it says.
    pub raw: RawCity,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Reads a text of a format, or of the format it shows itself to be in.
///
/// # Errors
/// [`ReadError`] when nothing of it can be used.
pub fn read(bytes: &[u8], name: &Path, format: Option<Format>) -> Result<RawCity, ReadError> {
    let format = match format {
        Some(format) => format,
        None => Format::detect(text::decode(bytes)?, name)?,
    };
    match format {
        Format::GeoJson => read_geojson(bytes),
        Format::CityJson => read_cityjson(bytes),
        Format::CityJsonSeq => read_cityjson_seq(bytes),
    }
}

/// Reads a file.
///
/// # Errors
/// [`ImportError`] that names the file.
pub fn read_file(path: &Path, format: Option<Format>) -> Result<ReadFile, ImportError> {
    read_from_disk(path, format).map_err(|fault| ImportError {
        fault,
        path: path.to_owned(),
    })
}

fn read_from_disk(path: &Path, format: Option<Format>) -> Result<ReadFile, ReadError> {
    let system = |fault: std::io::Error| {
        ReadError::System(match fault.kind() {
            ErrorKind::NotFound => "there is no such file; check the name".to_owned(),
            ErrorKind::IsADirectory => "it is a folder; name the files in it".to_owned(),
            _ => fault.to_string(),
        })
    };
    let size_mb = std::fs::metadata(path).map_err(system)?.len() >> 20;
    if size_mb > SIZE_MAX_MB {
        return Err(ReadError::TooLarge {
            size_mb,
            limit_mb: SIZE_MAX_MB,
            remedy: "split it into several files and import them together",
        });
    }
    let bytes = std::fs::read(path).map_err(system)?;
    let digest = Sha256::digest(&bytes);
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ReadFile {
        raw: read(&bytes, path, format)?,
        sha256,
    })
}

/// The name of the data set that a file holds: its name without the endings of its format.
#[must_use]
pub fn dataset_name(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let mut stem = name.as_str();
    for ending in [".jsonl", ".json", ".geojson", ".cityjson", ".city"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    if stem.is_empty() {
        name
    } else {
        stem.to_owned()
    }
}
