//! The city's key with those of before, which `key rotate` leaves beside the city: what was written
//! about an incident stays in the log as it was sealed then. Never shows a key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::base::{SealError, Sealer};
use crate::store::{FoundKey, Vault};

/// Seals with the key of now; opens with any.
#[derive(Clone)]
pub(super) struct KeyRing(Arc<Vec<Vault>>);

impl KeyRing {
    /// The keys of a city; `None` while its key is away.
    ///
    /// # Errors
    /// When a key was named and cannot be used.
    pub(super) fn find(city: &Path, key_file: Option<&Path>) -> anyhow::Result<Option<Self>> {
        let FoundKey::Here(now) = Vault::find(city, key_file)? else {
            return Ok(None);
        };
        // One that cannot be read any more opens nothing; what it sealed stays masked.
        let before = earlier(city)
            .into_iter()
            .filter_map(|path| Vault::open(&path).ok());
        Ok(Some(Self(Arc::new(
            [now].into_iter().chain(before).collect(),
        ))))
    }
}

/// `CITY.key.until-…` beside the city, the newest first.
fn earlier(city: &Path) -> Vec<PathBuf> {
    let Some(stem) = city.file_stem().and_then(|stem| stem.to_str()) else {
        return Vec::new();
    };
    let head = format!("{stem}.key.until-");
    let folder = city.parent().filter(|one| !one.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
    let entries = entries.into_iter().flatten().flatten();
    let is_one = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&head))
    };
    let mut keys: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_one).collect();
    keys.sort();
    keys.reverse();
    keys
}

impl Sealer for KeyRing {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.first().ok_or(SealError::Locked)?.seal(plain)
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        let opened = self.0.iter().find_map(|vault| vault.unseal(blob).ok());
        opened.ok_or(SealError::WrongKey)
    }

    fn check(&self, blob: &[u8]) -> Result<(), SealError> {
        self.0.first().ok_or(SealError::Locked)?.check(blob)
    }
}
