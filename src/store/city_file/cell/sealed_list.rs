//! Lists of sealed values, such as labels, in one column. Never tells how many there are.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::base::{SealError, Sealed, Sealer};
use crate::store::Vault;

use super::{Cell, CellFault, Codec, bytes};

/// Several sealed values in one blob, so that nobody sees how many there are: the JSON list of their
/// texts, sealed. While locked it is one locked value. Before format 4 each had a blob of its own,
/// behind its length in four bytes.
impl Cell for Vec<Sealed> {
    const SQL: &'static str = "BLOB";
    const SEALED: bool = true;
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        let is_passed_on = self.is_empty() && codec.vault.is_none();
        if is_passed_on || self.iter().any(Sealed::is_locked) {
            return locked_list(self, codec);
        }
        let keeping = crate::access::for_keeping();
        let texts: Vec<_> = self.iter().filter_map(|one| one.open(&keeping)).collect();
        let text = serde_json::to_string(&texts);
        let text = text.map_err(|fault| CellFault::Wrong(fault.to_string()))?;
        let sealed = codec.seal(&Sealed::new(text))?;
        Ok([&[LIST_MARK], sealed.as_slice()].concat().into())
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        let blob = bytes(value)?;
        let Some(sealed) = whole_list(blob) else {
            return first_list(blob, codec);
        };
        let sealed = codec.unseal(sealed)?;
        let keeping = crate::access::for_keeping();
        let Some(text) = sealed.open(&keeping) else {
            return Ok(vec![Sealed::locked(blob.to_vec())]);
        };
        let texts: Vec<String> =
            serde_json::from_str(text).map_err(|_| SealError::Damaged("not a list of texts"))?;
        Ok(texts.into_iter().map(Sealed::new).collect())
    }
}

/// Stands before a list that is one sealed value.
const LIST_MARK: u8 = 0xff;

/// The sealed value of a list that is one; a list of the first formats begins with a length, whose
/// second byte is no letter.
fn whole_list(blob: &[u8]) -> Option<&[u8]> {
    let sealed = blob.strip_prefix(&[LIST_MARK])?;
    sealed.starts_with(b"PJ").then_some(sealed)
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
    let again = |blob: &[u8]| new.seal(&old.unseal(blob)?);
    if let Some(sealed) = whole_list(blob) {
        return Ok([&[LIST_MARK], again(sealed)?.as_slice()].concat());
    }
    if blob.starts_with(b"PJ") {
        return again(blob);
    }
    let mut all = Vec::new();
    let mut rest = blob;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (one, after) = after
            .split_at_checked(length)
            .ok_or(SealError::Damaged("cut short"))?;
        let one = again(one)?;
        all.extend((one.len() as u32).to_le_bytes());
        all.extend(one);
        rest = after;
    }
    Ok(all)
}

/// A list that nobody here can open goes back as it came.
fn locked_list<'a>(list: &[Sealed], codec: &Codec) -> Result<ToSqlOutput<'a>, CellFault> {
    let mut all = Vec::new();
    for one in list {
        let blob = codec.seal(one)?;
        if whole_list(&blob).is_some() {
            return Ok(blob.into());
        }
        all.extend((blob.len() as u32).to_le_bytes());
        all.extend(blob);
    }
    Ok(all.into())
}

fn first_list(blob: &[u8], codec: &Codec) -> Result<Vec<Sealed>, CellFault> {
    let mut rest = blob;
    let mut all = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (blob, after) = after
            .split_at_checked(length)
            .ok_or(SealError::Damaged("cut short"))?;
        all.push(codec.unseal(blob)?);
        rest = after;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::for_keeping;

    fn codec(has_key: bool) -> Codec {
        let vault = has_key.then(|| Vault::from_key(&[3; 32]));
        Codec {
            vault,
            srs_id: 4549,
        }
    }

    fn blob(list: &Vec<Sealed>, codec: &Codec) -> Vec<u8> {
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
            let list: Vec<Sealed> = labels.iter().map(|one| Sealed::new(*one)).collect();
            for stored in [blob(&list, &codec(true)), first(labels)] {
                let take = |bytes: &[u8], has_key| {
                    Vec::<Sealed>::take(ValueRef::Blob(bytes), &codec(has_key)).unwrap()
                };
                assert_eq!(take(&stored, true), list);
                let passed_on = blob(&take(&stored, false), &codec(false));
                assert_eq!(
                    take(&passed_on, true),
                    list,
                    "through a program without the key"
                );
            }
        }
        let keeping = for_keeping();
        let list = Vec::<Sealed>::take(ValueRef::Blob(&first(&["a"])), &codec(false)).unwrap();
        assert_eq!(list[0].open(&keeping), None);
    }

    #[test]
    fn nobody_sees_who_has_labels() {
        let of = |labels: &[&str]| {
            let list = labels.iter().map(|one| Sealed::new(*one)).collect();
            blob(&list, &codec(true)).len()
        };
        assert_eq!(of(&[]), of(&["elderly_alone", "widowed"]));
    }
}
