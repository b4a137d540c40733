//! Files on disk: read as a whole, or converted while they are read. Used by `app`, and by tests.
//! Never writes, and never opens anything but the file named and what stands beside it.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::base::{ImportId, why_unread};
use crate::space::Crs;

use super::convert::{self, Converted, Origin};
use super::error::{ImportError, ReadError};
use super::input::{Folder, Input, ReadOptions};
use super::personal_numbers::masked_numbers;
use super::raw::RawCity;
use super::target::Target;
use super::{format, read_input, read_whole};

/// Files above this are not read whole; megabytes.
const SIZE_MAX_MB: u64 = 4_096;

/// A file's content with what identifies it.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// What it says.
    pub raw: RawCity,
    /// SHA-256 of its bytes and of the files beside it that were read, in hexadecimal digits.
    pub sha256: String,
}

/// A file that became entities.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What it became.
    pub converted: Converted,
    /// The CRS of the city: the target's, or what the file suggests for a new one.
    pub crs: Crs,
    /// SHA-256 of its bytes and of the files beside it that were read, in hexadecimal digits.
    pub sha256: String,
    /// The id of the run, which its entities bear: of its data set and its SHA-256.
    pub import: ImportId,
}

/// Reads a file with all its features.
///
/// # Errors
/// [`ImportError`] that names the file.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<ReadFile, ImportError> {
    let read = || {
        let (bytes, folder) = (bytes_of(path)?, Folder::of(path));
        let raw = read_whole(&Input::in_folder(path, &bytes, &folder), options)?;
        Ok(ReadFile {
            raw,
            sha256: folder.sha256(&bytes),
        })
    };
    read().map_err(|fault| at(path, fault))
}

/// Converts a file part by part as it is read, so that its features never stand in memory as the
/// file has them. Without a target it is the first file of a new city and chooses its CRS.
/// `origin.import` counts for nothing here: what was read beside the file is only known at the
/// end, and the id of the run with it.
///
/// # Errors
/// [`ImportError`] that names the file.
pub fn import_file(
    path: &Path,
    options: &ReadOptions,
    target: Option<&Target>,
    origin: &Origin,
) -> Result<Imported, ImportError> {
    let import = || {
        let (bytes, folder) = (bytes_of(path)?, Folder::of(path));
        let input = Input::in_folder(path, &bytes, &folder);
        let read = |take: super::Take| read_input(&input, options, take);
        let (crs, mut converted) = convert::convert_parts(target, origin, read)?;
        let sha256 = folder.sha256(&bytes);
        let import = ImportId::from_source(&origin.dataset, &sha256);
        for entity in &mut converted.entities {
            entity.set_import(import);
        }
        Ok(Imported {
            converted,
            crs,
            sha256,
            import,
        })
    };
    import().map_err(|fault| at(path, fault))
}

fn at(path: &Path, fault: ReadError) -> ImportError {
    ImportError {
        fault,
        path: path.to_owned(),
    }
}

pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, ReadError> {
    let system = |fault: std::io::Error| ReadError::System(why_unread(&fault));
    let size_mb = std::fs::metadata(path).map_err(system)?.len() >> 20;
    if size_mb > SIZE_MAX_MB {
        return Err(ReadError::TooLarge {
            size_mb,
            limit_mb: SIZE_MAX_MB,
            remedy: "split it into several files and import them together",
        });
    }
    std::fs::read(path).map_err(system)
}

/// The name of the data set that a file holds: its name without the endings of its format. A name that holds
/// a mobile or identity number is somebody's, and stands for itself as a fingerprint.
#[must_use]
pub fn dataset_name(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let mut stem = name.as_str();
    for ending in format::ENDINGS {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    if masked_numbers(stem).is_some() {
        return print_of(stem);
    }
    if stem.is_empty() {
        name
    } else {
        stem.to_owned()
    }
}

/// What stands for the name of a file that is somebody's.
#[must_use]
pub fn hidden_dataset_name(path: &Path) -> String {
    let name = dataset_name(path);
    match name.starts_with(PRINT) {
        true => name,
        false => print_of(&name),
    }
}

/// What fingerprints of file names begin with.
const PRINT: &str = "file-";

fn print_of(stem: &str) -> String {
    let digest = Sha256::digest(stem);
    let print = digest.iter().take(4).map(|byte| format!("{byte:02x}"));
    format!("{PRINT}{}", print.collect::<String>())
}

/// What a file is called in a city, where everybody may read it: as [`dataset_name`] where its name is
/// somebody's.
#[must_use]
pub fn shown_file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    match masked_numbers(&name) {
        Some(_) => dataset_name(path),
        None => name.into_owned(),
    }
}
