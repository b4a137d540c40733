//! The forms in which sealed values lie in their columns: a text, or JSON that is padded so far that
//! its length does not tell what a person has. Used by the columns, and by whoever opens every value
//! of a city. Never shows a value.

use rusqlite::types::{Null, ToSqlOutput, ValueRef};
use serde::de::IgnoredAny;

use crate::base::{SealError, Sealed, Sealer};
use crate::store::Vault;
use crate::store::city_file::{device_home, home};

use super::{CellFault, Codec, sealed_list};

/// Padded JSON is as long as a multiple of this, before it is sealed.
const LIST_BYTES: usize = 128;

/// Why a cell that holds a number or an open text does not open.
pub(in crate::store::city_file) const NOT_SEALED: SealError =
    SealError::Damaged("not sealed by us");

/// What a sealed column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store::city_file) enum Form {
    /// A text.
    Text,
    /// What is sealed of an event about a home.
    Home,
    /// What is sealed of a device: the dwelling that it stands in and its own place, or none; padded.
    DeviceHome,
    /// A list of texts, padded.
    List,
    /// JSON, padded; this text, which nobody else writes, stands for a field that is `None`.
    Json(&'static str),
}

impl Form {
    /// Whether a cell opens, and holds what it should.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(self, cell: ValueRef<'_>, keys: &dyn Sealer) -> Result<(), SealError> {
        let plain = match cell {
            ValueRef::Null => return Ok(()),
            ValueRef::Blob(blob) => self.open(blob, keys)?,
            _ => return Err(NOT_SEALED),
        };
        let is_right = match self {
            Self::Text => str::from_utf8(&plain).is_ok(),
            Self::Home => home::is_matter(&plain),
            Self::DeviceHome => device_home::is_home(&plain),
            Self::List => serde_json::from_slice::<Vec<String>>(&plain).is_ok(),
            Self::Json(_) => serde_json::from_slice::<IgnoredAny>(&plain).is_ok(),
        };
        let wrong = SealError::Damaged("it does not hold what it should");
        is_right.then_some(()).ok_or(wrong)
    }

    /// A cell as it is written now, sealed with another key. What older programs left without
    /// padding, as a list of blobs or as nothing, is padded, one blob, and there.
    ///
    /// # Errors
    /// When the old keys do not open it.
    pub fn reseal(
        self,
        blob: Option<&[u8]>,
        old: &dyn Sealer,
        new: &Vault,
    ) -> Result<Option<Vec<u8>>, SealError> {
        let plain = match (blob, self) {
            (Some(blob), _) => self.open(blob, old)?,
            (None, Self::Json(none)) => none.as_bytes().to_vec(),
            (None, Self::DeviceHome) => device_home::NONE.into(),
            (None, _) => return Ok(None),
        };
        let sealed = match self {
            Self::Text | Self::Home => new.seal(&plain)?,
            // What a former key sealed in format 6 stays as it was, to be known by its length.
            Self::DeviceHome if !plain.starts_with(b"{") => new.seal(&plain)?,
            Self::Json(_) | Self::DeviceHome => new.seal(&padded(&plain))?,
            Self::List => sealed_list::marked(&new.seal(&padded(&plain))?),
        };
        Ok(Some(sealed))
    }

    fn open(self, blob: &[u8], keys: &dyn Sealer) -> Result<Vec<u8>, SealError> {
        match self {
            Self::Text | Self::Home => keys.unseal(blob),
            Self::Json(_) | Self::DeviceHome => keys.unseal(blob).map(without_padding),
            Self::List => sealed_list::open(blob, keys),
        }
    }
}

/// Seals and opens padded JSON with a city's key. Spaces behind it are no part of JSON.
#[derive(Debug, Clone)]
pub(super) struct Padded(pub Vault);

impl Sealer for Padded {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.seal(&padded(plain))
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        self.0.unseal(blob).map(without_padding)
    }
}

fn padded(json: &[u8]) -> Vec<u8> {
    let mut padded = json.to_vec();
    padded.resize(json.len().next_multiple_of(LIST_BYTES), b' ');
    padded
}

/// JSON without the spaces behind it.
pub(super) fn without_padding(mut json: Vec<u8>) -> Vec<u8> {
    let end = json.iter().rposition(|byte| *byte != b' ');
    json.truncate(end.map_or(0, |last| last + 1));
    json
}

/// A field of JSON as it is kept. Nothing is sealed like something; without the key, where that
/// cannot be done, it stays as it came.
pub(in crate::store::city_file) fn put_json<'a>(
    field: Option<&Sealed>,
    codec: &Codec,
    none: &'static str,
) -> Result<ToSqlOutput<'a>, CellFault> {
    match field {
        Some(sealed) => Ok(codec.seal_padded(sealed)?.into()),
        None if codec.vault().is_none() => Ok(Null.into()),
        None => Ok(codec.seal_padded(&Sealed::new(none))?.into()),
    }
}

/// The field of a cell. Only what is as short as nothing is opened to see whether it is nothing.
pub(in crate::store::city_file) fn take_json(
    cell: ValueRef<'_>,
    codec: &Codec,
    none: &str,
) -> Option<Sealed> {
    if cell == ValueRef::Null {
        return None;
    }
    let sealed = codec.sealed_padded(super::sealed_bytes(cell));
    let is_none = codec.is_padded(super::sealed_bytes(cell), none);
    (!is_none).then_some(sealed)
}

impl Codec {
    /// Whether a blob is this text, padded and sealed with the key at hand.
    fn is_padded(&self, blob: &[u8], text: &str) -> bool {
        let shortest = LIST_BYTES..2 * LIST_BYTES;
        let opened = self
            .keys
            .as_ref()
            .filter(|_| shortest.contains(&blob.len()));
        let opened = opened.and_then(|keys| keys.padded.unseal(blob).ok());
        opened.is_some_and(|plain| plain == text.as_bytes())
    }
}
