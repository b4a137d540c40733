//! The city's key with those of before, which `key rotate` leaves beside the city: what was written
//! about an incident stays in the log as it was sealed then. Never shows a key.

use std::path::Path;
use std::sync::Arc;

use crate::app::key;
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
        let before = key::earlier(city);
        Ok(Some(Self(Arc::new(
            [now].into_iter().chain(before).collect(),
        ))))
    }
}

impl Sealer for KeyRing {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.first().ok_or(SealError::Locked)?.seal(plain)
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        let opened = self.0.iter().find_map(|vault| vault.unseal(blob).ok());
        opened.ok_or(SealError::WrongKey)
    }
}
