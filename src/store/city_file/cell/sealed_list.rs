//! Lists of sealed values, such as labels, in one column. Never tells how many there are.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::base::{SealError, Sealed, SealedList, Sealer};
use crate::store::Vault;

use super::{Cell, CellFault, Codec, bytes};

/// One sealed value behind a mark. Before format 4 each text had a blob of its own, behind its
/// length in four bytes; such a list is opened as it is read, or stays locked as a whole.
impl Cell for SealedList {
    const SQL: &'static str = "BLOB";
    const SEALED: bool = true;
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        let sealed = codec.seal(self.as_sealed())?;
        if !sealed.starts_with(SEALED_START) {
            return Ok(sealed.into());
        }
        Ok([&[LIST_MARK], sealed.as_slice()].concat().into())
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        let blob = bytes(value)?;
        match (whole_list(blob), codec.vault()) {
            (Some(sealed), _) => Ok(Self::from_sealed(codec.sealed(sealed)?)),
            (None, Some(vault)) => first_list(blob, vault),
            (None, None) => Ok(Self::from_sealed(Sealed::locked(blob))),
        }
    }
}

/// How a sealed value begins.
const SEALED_START: &[u8] = b"PJ";

/// Stands before a list that is one sealed value.
const LIST_MARK: u8 = 0xff;

/// The sealed value of a list that is one; a list of the first formats begins with a length, whose
/// second byte is no letter.
fn whole_list(blob: &[u8]) -> Option<&[u8]> {
    let sealed = blob.strip_prefix(&[LIST_MARK])?;
    sealed.starts_with(SEALED_START).then_some(sealed)
}

/// Opens a sealed cell of any sort and hands over what is in it, one text or several.
///
/// # Errors
/// When it is not ours or the key does not open it.
pub(in crate::store::city_file) fn unseal(
    blob: &[u8],
    vault: &Vault,
    mut each: impl FnMut(Vec<u8>) -> Result<(), SealError>,
) -> Result<(), SealError> {
    match whole_list(blob) {
        Some(sealed) => each(vault.unseal(sealed)?),
        None if blob.starts_with(SEALED_START) => each(vault.unseal(blob)?),
        None => each_of_first(blob, |one| each(vault.unseal(one)?)),
    }
}

/// A sealed cell of any sort, sealed anew with another key.
///
/// # Errors
/// When it is not ours or the old key does not open it.
pub(in crate::store::city_file) fn reseal(
    blob: &[u8],
    old: &Vault,
    new: &Vault,
) -> Result<Vec<u8>, SealError> {
    let is_whole = whole_list(blob).is_some();
    let mut all = Vec::new();
    unseal(blob, old, |plain| {
        let one = new.seal(&plain)?;
        match is_whole {
            true => all.push(LIST_MARK),
            false if blob.starts_with(SEALED_START) => {}
            false => all.extend((one.len() as u32).to_le_bytes()),
        }
        all.extend(one);
        Ok(())
    })?;
    Ok(all)
}

fn first_list(blob: &[u8], vault: &Vault) -> Result<SealedList, CellFault> {
    let mut texts = Vec::new();
    unseal(blob, vault, |plain| {
        let text = String::from_utf8(plain);
        texts.push(text.map_err(|_| SealError::Damaged("not text"))?);
        Ok(())
    })?;
    Ok(SealedList::new(texts))
}

/// Hands over the blobs of a list as it was before format 4.
fn each_of_first(
    blob: &[u8],
    mut each: impl FnMut(&[u8]) -> Result<(), SealError>,
) -> Result<(), SealError> {
    let mut rest = blob;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (one, after) = after
            .split_at_checked(length)
            .ok_or(SealError::Damaged("cut short"))?;
        each(one)?;
        rest = after;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::for_keeping;

    fn codec(has_key: bool) -> Codec {
        Codec::new(has_key.then(|| Vault::from_key(&[3; 32])), 4549)
    }

    fn blob(list: &SealedList, codec: &Codec) -> Vec<u8> {
        match list.put(codec).unwrap() {
            ToSqlOutput::Owned(rusqlite::types::Value::Blob(blob)) => blob,
            other => panic!("{other:?}"),
        }
    }

    /// As before format 4.
    fn first(labels: &[&str]) -> Vec<u8> {
        let mut all = Vec::new();
        for label in labels {
            let blob = codec(true).seal(&Sealed::new(*label)).unwrap();
            all.extend((blob.len() as u32).to_le_bytes());
            all.extend(blob);
        }
        all
    }

    #[test]
    fn labels_come_back_with_and_without_the_key() {
        let long = "x".repeat(200);
        for labels in [&[][..], &["a"], &["a", "", "b"], &[&long]] {
            let list = SealedList::new(labels);
            for stored in [blob(&list, &codec(true)), first(labels)] {
                let take = |bytes: &[u8], has_key| {
                    SealedList::take(ValueRef::Blob(bytes), &codec(has_key)).unwrap()
                };
                assert_eq!(take(&stored, true), list);
                let passed_on = blob(&take(&stored, false), &codec(false));
                assert_eq!(passed_on, stored, "through a program without the key");
            }
        }
        let locked = SealedList::take(ValueRef::Blob(&first(&["a"])), &codec(false)).unwrap();
        assert_eq!(locked.open(&for_keeping()), None);
    }

    #[test]
    fn nobody_sees_who_has_labels() {
        let of = |labels: &[&str]| blob(&SealedList::new(labels), &codec(true)).len();
        assert_eq!(of(&[]), of(&["elderly_alone", "widowed"]));
    }
}
