//! Personal values that cannot leak by accident.
//!
//! A [`Sealed`] value has no way into `Debug`, logs, errors or serialisation. It opens only to a
//! holder of a [`Clearance`]; everybody else gets a mask (`standards`, "Privacy"). At rest it is
//! an AEAD blob made by a [`Sealer`], and it stays one in memory until somebody opens it: a city
//! has millions of them, and most are never asked for. Without the key it is
//! [locked](Sealed::is_locked).

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, OnceLock};

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
    /// The key is not at hand.
    #[error("it is locked: the city's key is not at hand")]
    Locked,
}

/// Turns personal values into blobs that only the city's key opens. A port: `store` has the
/// implementation, so that this floor needs no key file and no random number.
pub trait Sealer: Send + Sync {
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

/// The sealer of all values of a city. As small as a pointer, because every value holds it.
#[derive(Clone)]
pub struct SharedSealer(Arc<Option<Box<dyn Sealer>>>);

impl SharedSealer {
    /// Shares a sealer.
    #[must_use]
    pub fn new(sealer: impl Sealer + 'static) -> Self {
        Self(Arc::new(Some(Box::new(sealer))))
    }

    /// Stands where the key is not at hand.
    fn locked() -> Self {
        static LOCKED: OnceLock<SharedSealer> = OnceLock::new();
        LOCKED.get_or_init(|| Self(Arc::new(None))).clone()
    }

    fn get(&self) -> Result<&dyn Sealer, SealError> {
        self.0.as_ref().as_deref().ok_or(SealError::Locked)
    }
}

impl fmt::Debug for SharedSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSealer")
    }
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

/// A personal text: a name, a phone or identity number, a sensitive label. Two are equal when
/// their texts are, or, where nobody can open them, their blobs.
#[derive(Clone)]
pub struct Sealed {
    /// As it lies at rest, or the text itself where there is no sealer.
    bytes: Box<[u8]>,
    sealer: Option<SharedSealer>,
}

impl Sealed {
    /// Seals a value that this process just made or read.
    #[must_use]
    pub fn new(plain: impl Into<Box<str>>) -> Self {
        Self {
            bytes: plain.into().into_boxed_bytes(),
            sealer: None,
        }
    }

    /// A value whose key is not at hand; `blob` is kept so that nothing is lost on writing back.
    #[must_use]
    pub fn locked(blob: impl Into<Box<[u8]>>) -> Self {
        Self {
            bytes: blob.into(),
            sealer: Some(SharedSealer::locked()),
        }
    }

    /// A value as it lies at rest. It is opened when somebody asks for it; without a sealer it
    /// stays locked. What is none of the sealer's opens to nobody, and hides only itself.
    #[must_use]
    pub fn from_blob(blob: impl Into<Box<[u8]>>, sealer: Option<&SharedSealer>) -> Self {
        match sealer {
            Some(sealer) => Self {
                bytes: blob.into(),
                sealer: Some(sealer.clone()),
            },
            None => Self::locked(blob),
        }
    }

    /// Whether the key was missing when this value was read.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.blob_of_locked().is_some()
    }

    /// The value itself, for those who hold a clearance; `None` while it is locked or damaged.
    #[must_use]
    pub fn open(&self, clearance: &Clearance) -> Option<Cow<'_, str>> {
        self.try_open(clearance).ok()
    }

    /// As [`Sealed::open`], with the reason why it cannot be opened.
    ///
    /// # Errors
    /// When it is locked, or was changed at rest.
    pub fn try_open(&self, _clearance: &Clearance) -> Result<Cow<'_, str>, SealError> {
        self.plain()
    }

    fn plain(&self) -> Result<Cow<'_, str>, SealError> {
        match &self.sealer {
            None => str::from_utf8(&self.bytes).map(Cow::Borrowed),
            Some(sealer) => String::from_utf8(sealer.get()?.unseal(&self.bytes)?)
                .map(Cow::Owned)
                .map_err(|fault| fault.utf8_error()),
        }
        .map_err(|_| SealError::Damaged("not text"))
    }

    /// The value as everybody may see it.
    #[must_use]
    pub fn masked(&self, mask: Mask) -> String {
        match self.plain() {
            Ok(plain) => masked(&plain, mask),
            Err(_) => "***".to_owned(),
        }
    }

    /// The blob to keep at rest, sealed anew: a value may come from a city with another key. One
    /// that is locked is passed on as it is.
    ///
    /// # Errors
    /// As [`Sealer::seal`], and when it was changed at rest.
    pub fn to_blob(&self, sealer: &dyn Sealer) -> Result<Vec<u8>, SealError> {
        match self.blob_of_locked() {
            Some(blob) => Ok(blob.to_vec()),
            None => sealer.seal(self.plain()?.as_bytes()),
        }
    }

    /// The blob of a locked value, which nobody here can open.
    #[must_use]
    pub fn blob_of_locked(&self) -> Option<&[u8]> {
        let sealer = self.sealer.as_ref()?;
        sealer.get().is_err().then_some(&self.bytes)
    }
}

impl PartialEq for Sealed {
    fn eq(&self, other: &Self) -> bool {
        let is_as_it_lies = self.sealer.is_some() == other.sealer.is_some();
        if is_as_it_lies && self.bytes == other.bytes {
            return true;
        }
        matches!((self.plain(), other.plain()), (Ok(one), Ok(other)) if one == other)
    }
}

impl Eq for Sealed {}

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

    /// Turns every byte round; a value that ends in `!` was changed.
    struct Turn;

    impl Sealer for Turn {
        fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
            Ok(plain.iter().map(|byte| !byte).collect())
        }
        fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
            match blob {
                [] => Err(SealError::Damaged("empty")),
                [.., b'!'] => Err(SealError::WrongKey),
                _ => self.seal(blob),
            }
        }
    }

    #[test]
    fn opens_when_it_is_asked_for() {
        let sealer = SharedSealer::new(Turn);
        let clearance = crate::base::clearance_for_tests();
        let blob = Turn.seal("王小明".as_bytes()).unwrap();
        let shut = Sealed::from_blob(blob.clone(), Some(&sealer));
        assert!(!shut.is_locked());
        assert_eq!(shut.open(&clearance).as_deref(), Some("王小明"));
        assert_eq!(shut.masked(Mask::Name), "王**");
        assert_eq!(shut.to_blob(&Turn), Ok(blob.clone()));
        let locked = Sealed::from_blob(blob, None);
        assert_eq!(locked.try_open(&clearance), Err(SealError::Locked));
        let empty = Sealed::from_blob(Vec::new(), Some(&sealer));
        assert_eq!(empty.try_open(&clearance), Err(SealError::Damaged("empty")));
    }

    #[test]
    fn what_was_changed_shows_nothing_and_is_not_written_again() {
        let changed = Sealed::from_blob(*b"x!", Some(&SharedSealer::new(Turn)));
        let clearance = crate::base::clearance_for_tests();
        assert_eq!(changed.try_open(&clearance), Err(SealError::WrongKey));
        assert_eq!(changed.masked(Mask::Name), "***");
        assert_eq!(changed.to_blob(&Turn), Err(SealError::WrongKey));
    }

    #[test]
    fn equal_are_equal_texts_and_equal_blobs() {
        let sealer = SharedSealer::new(Turn);
        let shut = |blob: &[u8]| Sealed::from_blob(blob, Some(&sealer));
        let plain = Turn.seal(b"a").unwrap();
        assert_eq!(shut(&plain), Sealed::new("a"));
        assert_ne!(shut(&plain), Sealed::new("b"));
        assert_eq!(shut(b"x!"), shut(b"x!"));
        assert_ne!(shut(b"x!"), shut(b"y!"));
        assert_eq!(Sealed::locked(*b"z"), Sealed::locked(*b"z"));
        assert_ne!(Sealed::locked(*b"z"), Sealed::new("z"));
    }

    #[test]
    fn is_small() {
        assert_eq!(size_of::<Sealed>(), 24);
        assert_eq!(size_of::<Option<Sealed>>(), 24);
    }
}
