//! A text of the closed loop as the log keeps it: sealed with the city's key by whoever wrote it,
//! before it reaches the engine. Comments and reasons name people. Never opens itself: a reader turns
//! it into a `Sealed`, which opens under the rules of `access`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{SealError, Sealed, Sealer, SharedSealer, is_unseen};

/// Most characters of a text.
pub const TEXT_CHARS_MAX: usize = 1_000;
/// Most bytes of a sealed text: four for a character, and what sealing and padding add.
const BLOB_BYTES_MAX: usize = 4 * TEXT_CHARS_MAX + 128;
/// How every blob of the vault begins.
const MARK: &[u8] = b"PJ";

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Nothing that can be read, or too much.
    #[error("a text of 1 to {TEXT_CHARS_MAX} visible characters is wanted")]
    Unreadable,
    /// It cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// A text that may name people, sealed. Written in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct ShutText(Box<[u8]>);

impl ShutText {
    /// Seals what somebody wrote, without the blanks around it.
    ///
    /// # Errors
    /// When nothing can be read in it, it is too long, or it cannot be sealed.
    pub fn seal(text: &str, sealer: &dyn Sealer) -> Result<Self, TextFault> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= TEXT_CHARS_MAX;
        let hides = |one: char| is_unseen(one) && one != '\n';
        if !fits || text.chars().any(hides) {
            return Err(TextFault::Unreadable);
        }
        Ok(Self(sealer.seal(text.as_bytes())?.into()))
    }

    /// The value, which opens to a holder of a clearance; locked without a sealer.
    #[must_use]
    pub fn sealed(&self, sealer: Option<&SharedSealer>) -> Sealed {
        Sealed::from_blob(self.0.clone(), sealer)
    }
}

impl fmt::Debug for ShutText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Serialize for ShutText {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crate::model::hash::hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for ShutText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let blob = bytes_of(&text).filter(|blob| {
            blob.len() <= BLOB_BYTES_MAX && blob.len() > MARK.len() && blob.starts_with(MARK)
        });
        // Never with the text: it may be one that somebody forgot to seal.
        let wrong = "a text must be sealed with the city's key, in hexadecimal";
        blob.map(|blob| Self(blob.into()))
            .ok_or_else(|| serde::de::Error::custom(wrong))
    }
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    if !hex.len().is_multiple_of(2) || hex.len() > 2 * BLOB_BYTES_MAX {
        return None;
    }
    let digit = |one: u8| (one as char).to_digit(16).map(|value| value as u8);
    let pairs = hex.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::clearance_for_tests;

    /// Seals by turning bits, for tests of floors without a vault.
    pub(crate) struct Turned;

    impl Sealer for Turned {
        fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
            let turned = plain.iter().map(|byte| !byte);
            Ok(MARK.iter().copied().chain(turned).collect())
        }

        fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
            let body = blob.strip_prefix(MARK).ok_or(SealError::WrongKey)?;
            Ok(body.iter().map(|byte| !byte).collect())
        }
    }

    #[test]
    fn a_text_is_kept_and_never_shown_by_accident() {
        let text = ShutText::seal(" 王小明不在家 ", &Turned).unwrap();
        let written = serde_json::to_string(&text).unwrap();
        assert!(!written.contains("王") && format!("{text:?}") == "‹sealed›");
        let read: ShutText = serde_json::from_str(&written).unwrap();
        assert_eq!(read, text);
        let sealer = SharedSealer::new(Turned);
        let opened = read.sealed(Some(&sealer));
        assert_eq!(opened.open(&clearance_for_tests()).unwrap(), "王小明不在家");
        assert!(read.sealed(None).is_locked());
    }

    #[test]
    fn what_is_not_sealed_is_not_taken_and_not_repeated() {
        for plain in [
            "\"王小明\"",
            "\"e78e8b\"",
            "\"504\"",
            "\"\"",
            "\"5 4a\"",
            "\"504a\"",
        ] {
            let fault = serde_json::from_str::<ShutText>(plain)
                .unwrap_err()
                .to_string();
            assert!(fault.contains("must be sealed"), "{fault}");
            assert!(!fault.contains("王"), "{fault}");
        }
        let long = "长".repeat(TEXT_CHARS_MAX + 1);
        for bad in ["", " \u{200b}", "a\u{202e}b", &long] {
            assert_eq!(ShutText::seal(bad, &Turned), Err(TextFault::Unreadable));
        }
    }
}
