//! A file to read, with the files that belong to it: a shapefile's table, a model's pictures.
//! Used by every reader, so that the same reader takes a file from disk, from a test and from a
//! fuzzer. Never opens a file that is not beside the one named, and never writes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Mapping;
use super::Placement;
use super::error::ReadError;
use super::format::Format;
use super::raw::RawCity;
use crate::space::Datum;

/// Features after which a reader hands on what it has.
pub const PART_FEATURES: usize = 8_192;

/// Takes the features that a reader has so far out of `features`, so that a large file never
/// stands in memory as a whole. Head (format, CRS) and features are valid at each call; materials
/// and textures only grow, and hold what the features so far name; notes and warnings are complete
/// only when the reader returns, with the last features. A file may be read more than once.
pub type Take<'a> = &'a mut dyn FnMut(&mut RawCity) -> Result<(), ReadError>;

/// All that a reader hands on, in one.
pub(super) fn gather(
    read: impl FnOnce(Take) -> Result<RawCity, ReadError>,
) -> Result<RawCity, ReadError> {
    let mut kept = Vec::new();
    let mut raw = read(&mut |city| {
        kept.append(&mut city.features);
        Ok(())
    })?;
    if !kept.is_empty() {
        kept.append(&mut raw.features);
        raw.features = kept;
    }
    Ok(raw)
}

/// What a caller may say about files.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Their format, where it is not to be told by the content.
    pub format: Option<Format>,
    /// Which attribute is what.
    pub mapping: Mapping,
    /// Datum of longitudes and latitudes, where it was stated; goes before what a file says.
    pub datum: Option<Datum>,
    /// The layer to read, of files that hold several.
    pub layer: Option<String>,
    /// Whether to take the sound part of a document that breaks its standard, instead of nothing.
    pub skip_invalid: bool,
    /// Where a model without a place of its own is to stand.
    pub placement: Option<Placement>,
    /// How far heights may lie from the terrain made of them, metres; 0.15 where nothing is said.
    pub terrain_tolerance_m: Option<f64>,
}

/// A file to read.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// Its name, for the format and for messages.
    pub name: &'a Path,
    /// Its content.
    pub bytes: &'a [u8],
    beside: Option<&'a Folder>,
}

impl<'a> Input<'a> {
    /// A file that stands alone.
    #[must_use]
    pub fn alone(name: &'a Path, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            beside: None,
        }
    }

    /// A file in a folder.
    #[must_use]
    pub fn in_folder(name: &'a Path, bytes: &'a [u8], beside: &'a Folder) -> Self {
        Self {
            name,
            bytes,
            beside: Some(beside),
        }
    }

    /// Its path, where it is a file on disk and not only bytes.
    #[must_use]
    pub fn on_disk(&self) -> Option<&'a Path> {
        self.beside
            .is_some_and(|_| self.name.is_file())
            .then_some(self.name)
    }

    /// The file of this name beside it, or below its folder; `None` where there is none that may
    /// be read.
    #[must_use]
    pub fn beside(&self, name: &str) -> Option<Vec<u8>> {
        self.beside?.read(name)
    }

    /// Whether there is a file of this name beside it.
    #[must_use]
    pub fn has_beside(&self, name: &str) -> bool {
        self.beside
            .and_then(|folder| folder.path_of(name))
            .is_some_and(|path| path.is_file())
    }

    /// The file with the same name but for this ending (without a dot, in any case).
    #[must_use]
    pub fn sibling(&self, ending: &str) -> Option<Vec<u8>> {
        let stem = self.name.file_stem()?.to_str()?;
        let as_written = [
            ending.to_owned(),
            ending.to_ascii_lowercase(),
            ending.to_ascii_uppercase(),
        ];
        as_written
            .iter()
            .find_map(|ending| self.beside(&format!("{stem}.{ending}")))
    }
}

/// The folder that a file stands in, and what was read of it.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Name → SHA-256 of what was read.
    read: RefCell<BTreeMap<String, [u8; 32]>>,
}

/// A file beside the one named is not read above this; bytes.
const BESIDE_MAX_BYTES: u64 = 4 << 30;

impl Folder {
    /// The folder of a file.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
        Self {
            path: folder.unwrap_or(Path::new(".")).to_owned(),
            read: RefCell::default(),
        }
    }

    /// Where a file of this name would be; `None` of names that lead out of the folder.
    fn path_of(&self, name: &str) -> Option<PathBuf> {
        let name = Path::new(name);
        let stays = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        name.components().all(stays).then(|| self.path.join(name))
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.path_of(name)?;
        let about = std::fs::metadata(&path).ok()?;
        if !about.is_file() || about.len() > BESIDE_MAX_BYTES {
            return None;
        }
        let bytes = std::fs::read(&path).ok()?;
        let digest = Sha256::digest(&bytes).into();
        self.read.borrow_mut().insert(name.to_owned(), digest);
        Some(bytes)
    }

    /// SHA-256 of a file and of all that was read beside it, in hexadecimal digits; of a file
    /// that stands alone it is the file's own.
    #[must_use]
    pub fn sha256(&self, bytes: &[u8]) -> String {
        let mut digest: [u8; 32] = Sha256::digest(bytes).into();
        let read = self.read.borrow();
        if !read.is_empty() {
            let mut all = Sha256::new_with_prefix(digest);
            for (name, one) in read.iter() {
                all.update(name.as_bytes());
                all.update([0]);
                all.update(one);
            }
            digest = all.finalize().into();
        }
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("in");
        std::fs::create_dir_all(inner.join("pictures")).unwrap();
        for name in ["out.txt", "in/a.shp", "in/a.DBF", "in/pictures/b.png"] {
            std::fs::write(root.path().join(name), name).unwrap();
        }
        let file = inner.join("a.shp");
        let folder = Folder::of(&file);
        let alone = folder.sha256(b"shape");
        let input = Input::in_folder(&file, b"shape", &folder);
        assert_eq!(input.beside("../out.txt"), None);
        assert_eq!(input.beside("/etc/hostname"), None);
        assert_eq!(input.beside("pictures"), None);
        assert_eq!(folder.sha256(b"shape"), alone);
        assert_eq!(input.sibling("dbf").as_deref(), Some(&b"in/a.DBF"[..]));
        assert!(input.beside("pictures/b.png").is_some());
        assert!(input.has_beside("./pictures/b.png") && !input.has_beside("c.png"));
        assert_ne!(folder.sha256(b"shape"), alone);
    }
}
