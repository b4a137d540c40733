//! Lists of sealed values, such as labels, in one column. Never tells how many there are.

use rusqlite::types::{ToSqlOutput, ValueRef};

use crate::base::{SealError, SealedList, Sealer};

use super::sealed_form::without_padding;
use super::{Cell, CellFault, Codec, Form, sealed_bytes};

/// One sealed value behind a mark. Before format 4 each text had a blob of its own, behind its
/// length in four bytes; such a list is opened as it is read, or stays locked as a whole.
impl Cell for SealedList {
    const SQL: &'static str = "BLOB";
    const SEALED: Option<Form> = Some(Form::List);
    fn put(&self, codec: &Codec) -> Result<ToSqlOutput<'_>, CellFault> {
        let sealed = codec.seal_padded(self.as_sealed())?;
        if !sealed.starts_with(SEALED_START) {
            return Ok(sealed.into());
        }
        Ok(marked(&sealed).into())
    }
    fn take(value: ValueRef<'_>, codec: &Codec) -> Result<Self, CellFault> {
        let blob = sealed_bytes(value);
        let sealed = match (whole_list(blob), codec.vault()) {
            (Some(sealed), _) => sealed,
            (None, Some(vault)) => match first_list(blob, vault) {
                Ok(texts) => return Ok(Self::new(texts)),
                // It opens to nobody, and hides only itself.
                Err(_) => blob,
            },
            (None, None) => blob,
        };
        Ok(Self::from_sealed(codec.sealed_padded(sealed)))
    }
}

/// How a sealed value begins.
const SEALED_START: &[u8] = b"PJ";

/// Stands before a list that is one sealed value.
const LIST_MARK: u8 = 0xff;

/// A list that is one sealed value, as it is kept.
pub(super) fn marked(sealed: &[u8]) -> Vec<u8> {
    [&[LIST_MARK], sealed].concat()
}

/// The sealed value of a list that is one; a list of the first formats begins with a length, whose
/// second byte is no letter.
fn whole_list(blob: &[u8]) -> Option<&[u8]> {
    let sealed = blob.strip_prefix(&[LIST_MARK])?;
    sealed.starts_with(SEALED_START).then_some(sealed)
}

/// The JSON of a list.
///
/// # Errors
/// When it is not ours or no key opens it.
pub(super) fn open(blob: &[u8], keys: &dyn Sealer) -> Result<Vec<u8>, SealError> {
    match whole_list(blob) {
        Some(sealed) => keys.unseal(sealed).map(without_padding),
        None => {
            let texts = first_list(blob, keys)?;
            Ok(serde_json::Value::from(texts).to_string().into_bytes())
        }
    }
}

/// The texts of a list as it was before format 4.
fn first_list(blob: &[u8], keys: &dyn Sealer) -> Result<Vec<String>, SealError> {
    let mut texts = Vec::new();
    let mut rest = blob;
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (one, after) = after.split_at_checked(length).ok_or(CUT)?;
        let text = String::from_utf8(keys.unseal(one)?);
        texts.push(text.map_err(|_| SealError::Damaged("not text"))?);
        rest = after;
    }
    rest.is_empty().then_some(texts).ok_or(CUT)
}

const CUT: SealError = SealError::Damaged("cut short");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::for_keeping;
    use crate::base::Sealed;
    use crate::store::Vault;

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
    fn what_is_no_list_opens_to_nobody() {
        let mut cut = first(&["a", "b"]);
        cut.truncate(cut.len() - 1);
        let mut longer = first(&["a"]);
        longer.push(0);
        for blob in [
            &cut[..],
            &longer,
            b"\0",
            b"\0\x11\x22\x33",
            b"\xffPJ",
            b"PJ\x02",
        ] {
            for has_key in [true, false] {
                let codec = codec(has_key);
                let list = SealedList::take(ValueRef::Blob(blob), &codec).unwrap();
                assert_eq!(list.open(&for_keeping()), None, "{blob:?}");
            }
            assert!(open(blob, &Vault::from_key(&[3; 32])).is_err(), "{blob:?}");
        }
    }

    #[test]
    fn nobody_sees_who_has_labels() {
        let of = |labels: &[&str]| blob(&SealedList::new(labels), &codec(true)).len();
        assert_eq!(of(&[]), of(&["elderly_alone", "widowed"]));
    }
}
