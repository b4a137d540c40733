//! Personal values that cannot leak by accident.
//!
//! A [`Sealed`] value has no way into `Debug`, logs, errors or serialisation. It opens only to a
//! holder of a [`Clearance`]; everybody else gets a mask (`standards`, "Privacy"). At rest it is
//! an AEAD blob made by a [`Sealer`]; without the key it stays [locked](Sealed::is_locked).

use std::fmt;

use super::Clearance;

/// Why a value could not be sealed or unsealed. It never carries the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not the one the value was sealed with, or the blob was changed.
    #[error("the key does not fit this city, or the sealed value was changed")]
    WrongKey,
    /// The blob is not one of ours.
    #[error("a sealed value is damaged ({0})")]
    Damaged(&'static str),
}

/// Turns personal values into blobs that only the city's key opens. A port: `store` has the
/// implementation, so that this floor needs no key file and no random number.
pub trait Sealer {
    /// Seals `plain`.
    ///
    /// # Errors
    /// When no nonce can be had from the system.
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError>;

    /// Opens a blob made by [`Sealer::seal`].
    ///
    /// # Errors
    /// [`SealError::WrongKey`] or [`SealError::Damaged`].
    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError>;
}

/// Makes a fingerprint of a personal value that only the city's key could have made: equal values
/// have equal fingerprints, and without the key no value can be tried against one. For finding a
/// person by identity number, and for keys of records that would otherwise be one. A port, as
/// [`Sealer`]; the fingerprint outlives a change of the city's key.
pub trait KeyedHash {
    /// The fingerprint; `domain` keeps fingerprints of different things apart.
    fn keyed_hash(&self, domain: &str, text: &str) -> [u8; 32];
}

/// How much of a value everybody may see (GB/T 35273 practice).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// First character, then `*` for each further one.
    Name,
    /// First three and last four digits.
    Phone,
    /// First three and last four characters.
    Identity,
    /// Nothing at all.
    Hidden,
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    Open(String),
    Locked(Vec<u8>),
}

/// A personal text: a name, a phone or identity number, a sensitive label.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(State);

impl Sealed {
    /// Seals a value that this process just made or read.
    #[must_use]
    pub fn new(plain: impl Into<String>) -> Self {
        Self(State::Open(plain.into()))
    }

    /// A value whose key is not at hand; `blob` is kept so that nothing is lost on writing back.
    #[must_use]
    pub fn locked(blob: Vec<u8>) -> Self {
        Self(State::Locked(blob))
    }

    /// Whether the key was missing when this value was read.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        matches!(self.0, State::Locked(_))
    }

    /// The value itself, for those who hold a clearance; `None` while locked.
    #[must_use]
    pub fn open(&self, _clearance: &Clearance) -> Option<&str> {
        match &self.0 {
            State::Open(plain) => Some(plain),
            State::Locked(_) => None,
        }
    }

    /// The value as everybody may see it.
    #[must_use]
    pub fn masked(&self, mask: Mask) -> String {
        match &self.0 {
            State::Open(plain) => masked(plain, mask),
            State::Locked(_) => "***".to_owned(),
        }
    }

    /// The blob to keep at rest.
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub fn to_blob(&self, sealer: &dyn Sealer) -> Result<Vec<u8>, SealError> {
        match &self.0 {
            State::Open(plain) => sealer.seal(plain.as_bytes()),
            State::Locked(blob) => Ok(blob.clone()),
        }
    }

    /// Reads a blob; without a sealer the value stays locked.
    ///
    /// # Errors
    /// As [`Sealer::unseal`].
    pub fn from_blob(blob: Vec<u8>, sealer: Option<&dyn Sealer>) -> Result<Self, SealError> {
        let Some(sealer) = sealer else {
            return Ok(Self::locked(blob));
        };
        let plain = sealer.unseal(&blob)?;
        String::from_utf8(plain)
            .map(Self::new)
            .map_err(|_| SealError::Damaged("not text"))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sealed›")
    }
}

fn masked(plain: &str, mask: Mask) -> String {
    let chars: Vec<char> = plain.chars().collect();
    let (head, tail) = match mask {
        Mask::Name => (1, 0),
        Mask::Phone | Mask::Identity => (3, 4),
        Mask::Hidden => (0, 0),
    };
    // A value too short to keep a secret part between head and tail shows nothing but stars.
    if mask == Mask::Hidden || chars.len() <= head + tail {
        return "*".repeat(chars.len().clamp(1, 3));
    }
    let stars = chars.len() - head - tail;
    let mut text: String = chars[..head].iter().collect();
    text.push_str(&"*".repeat(stars));
    text.extend(&chars[chars.len() - tail..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(plain: &str, mask: Mask, expected: &str) {
        assert_eq!(Sealed::new(plain).masked(mask), expected);
    }

    #[test]
    fn masks() {
        check("王小明", Mask::Name, "王**");
        check("13912345678", Mask::Phone, "139****5678");
        check("320508194001011234", Mask::Identity, "320***********1234");
        check("王", Mask::Name, "*");
        check("1234567", Mask::Phone, "***");
        check("elderly_alone", Mask::Hidden, "***");
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", Sealed::new("王小明")), "‹sealed›");
        assert_eq!(
            format!("{:?}", Some(Sealed::locked(vec![1, 2]))),
            "Some(‹sealed›)"
        );
    }
}
