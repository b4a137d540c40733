//! The vault: seals personal values with the city's key, and keeps that key in a small text file.
//! Used by the city file and the archive through [`Sealer`]. Never logs, shows or copies a key, and
//! never writes over a key file: a lost key cannot be made again.
//!
//! A sealed value is `"PJ"`, a version byte, a random 24-byte nonce and the XChaCha20-Poly1305
//! cipher text with its tag; the first three bytes are authenticated too. Version 2 pads the text
//! before it is sealed, so that its length does not tell which of a few labels it is.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::base::{KeyedHash, SealError, Sealer, why_unread, why_unwritten};

use super::cipher::{Cipher, KEY_BYTES, NONCE_BYTES, TAG_BYTES};
use super::files::Draft;

const HEADER: &[u8; 3] = b"PJ\x02";
/// Sealed texts are this long, or a multiple of it.
const PAD_BYTES: usize = 32;
/// Ends the text before the padding (ISO/IEC 7816-4).
const PAD_MARK: u8 = 0x80;
const HASH_KEY_TITLE: &[u8] = b"pingjiang fingerprints 1";
const KEY_FILE_TITLE: &str = "pingjiang city key 1";

/// Why there is no vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key file that was asked for is not there.
    #[error("there is no key file {path:?}; name the right one with --key-file")]
    Missing {
        /// The key file.
        path: PathBuf,
    },
    /// The file is no key file.
    #[error("{path:?} is not a key file ({reason}); name the city's key with --key-file")]
    NotAKey {
        /// The key file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The system gave no random numbers.
    #[error("the system gives no random numbers to make a key of: {0}")]
    NoChance(String),
    /// It may not be read, or the system fails.
    #[error(
        "the key file cannot be read: {}; --key-file names a key that this user may read: {path:?}",
        why_unread(reason)
    )]
    Read {
        /// What the system says.
        reason: io::Error,
        /// The key file.
        path: PathBuf,
    },
    /// A new key cannot be put where it belongs.
    #[error(
        "the key file cannot be written: {}; --key-file names another: {path:?}",
        why_unwritten(reason)
    )]
    Write {
        /// What the system says.
        reason: io::Error,
        /// The key file.
        path: PathBuf,
    },
    /// Another program made a key for the same city at the same time.
    #[error(
        "another program made a key for this city in the meantime, nothing was written; try again: {path:?}"
    )]
    Overtaken {
        /// The key file.
        path: PathBuf,
    },
}

/// What there is of a city's key.
#[derive(Debug)]
pub enum FoundKey {
    /// The key.
    Here(Vault),
    /// There is none beside the city.
    Missing,
    /// There is one beside the city that this user may not read: whoever only looks at the city
    /// needs none.
    Unreadable(VaultError),
}

impl FoundKey {
    /// The key, where it is at hand.
    #[must_use]
    pub fn vault(self) -> Option<Vault> {
        match self {
            Self::Here(vault) => Some(vault),
            Self::Missing | Self::Unreadable(_) => None,
        }
    }
}

/// Seals and unseals with one city's key.
#[derive(Clone)]
pub struct Vault {
    cipher: Cipher,
    hash_key: [u8; KEY_BYTES],
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault with this key.
    #[must_use]
    pub fn from_key(key: &[u8; KEY_BYTES]) -> Self {
        Self {
            cipher: Cipher::new(key),
            hash_key: hmac(key, &[HASH_KEY_TITLE]),
        }
    }

    /// The vault with the key of fingerprints that the city began with: it stays when the city's
    /// key changes, or nobody would be found again.
    pub(super) fn with_hash_key(mut self, hash_key: [u8; KEY_BYTES]) -> Self {
        self.hash_key = hash_key;
        self
    }

    /// The key of fingerprints, to be kept sealed.
    pub(super) fn hash_key(&self) -> &[u8; KEY_BYTES] {
        &self.hash_key
    }

    /// Makes a new key beside a city file (`CITY.key` for `CITY.gpkg`), readable for the owner
    /// only. A key that is there already is used as it is.
    ///
    /// # Errors
    /// When the file cannot be written, or what is there is no key.
    pub fn create_beside(city: &Path) -> Result<Self, VaultError> {
        let key = NewKey::beside(city)?;
        match key.put() {
            // Of two programs that make a key at once, both use the one that won.
            Err(VaultError::Overtaken { path }) => Self::open(&path),
            other => other.map(|()| key.vault),
        }
    }

    /// Makes a new key in a file of its own, never over another.
    ///
    /// # Errors
    /// When the file cannot be written or is there already, or the system gives no random numbers.
    pub fn create_at(path: &Path) -> Result<Self, VaultError> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|fault| VaultError::NoChance(fault.to_string()))?;
        write_new(path, &key).map_err(|reason| VaultError::Write {
            reason,
            path: path.into(),
        })?;
        Ok(Self::from_key(&key))
    }

    /// The key of a city: `key_file` when one is named, otherwise `CITY.key` beside the city. One
    /// beside it that this user may not read is no fault: the city opens with personal values
    /// locked.
    ///
    /// # Errors
    /// When the named file is missing or cannot be read, or a file is no key.
    pub fn find(city: &Path, key_file: Option<&Path>) -> Result<FoundKey, VaultError> {
        if let Some(path) = key_file {
            return Self::open(path).map(FoundKey::Here);
        }
        match Self::open(&key_path(city)) {
            Ok(vault) => Ok(FoundKey::Here(vault)),
            Err(VaultError::Missing { .. }) => Ok(FoundKey::Missing),
            Err(fault) if fault.is_denied() => Ok(FoundKey::Unreadable(fault)),
            Err(fault) => Err(fault),
        }
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it is missing, cannot be read or is no key file.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let text = fs::read(path).map_err(|reason| match reason.kind() {
            io::ErrorKind::NotFound => VaultError::Missing { path: path.into() },
            _ => VaultError::Read {
                reason,
                path: path.into(),
            },
        })?;
        let key = read_key(&text).map_err(|reason| VaultError::NotAKey {
            path: path.into(),
            reason,
        })?;
        Ok(Self::from_key(&key))
    }
}

impl KeyedHash for Vault {
    fn keyed_hash(&self, domain: &str, text: &str) -> [u8; 32] {
        let length = (domain.len() as u64).to_be_bytes();
        hmac(
            &self.hash_key,
            &[&length, domain.as_bytes(), text.as_bytes()],
        )
    }
}

/// HMAC-SHA-256 (RFC 2104) over the parts, one behind the other.
fn hmac(key: &[u8; KEY_BYTES], parts: &[&[u8]]) -> [u8; 32] {
    use hmac::{Hmac, KeyInit, Mac};
    // The key in a block of SHA-256, behind it zeros, as the method has it for short keys.
    let mut block = [0; 64];
    block[..KEY_BYTES].copy_from_slice(key);
    let mut mac = Hmac::<sha2::Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

impl Sealer for Vault {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)
            .map_err(|_| SealError::Damaged("the system gives no random numbers"))?;
        let mut text = padded(plain);
        self.cipher
            .seal(&nonce, HEADER, &mut text)
            .map_err(|_| SealError::Damaged("the value is too long to be sealed"))?;
        Ok([HEADER.as_slice(), &nonce, &text].concat())
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        let (version, nonce, sealed) = parts(blob)?;
        let mut plain = sealed.to_vec();
        self.cipher
            .open(nonce, &[b'P', b'J', version], &mut plain)
            .map_err(|_| SealError::WrongKey)?;
        match version {
            1 => Ok(plain),
            _ => without_padding(plain),
        }
    }
}

/// The version of a blob, its nonce and what is sealed.
fn parts(blob: &[u8]) -> Result<(u8, &[u8; NONCE_BYTES], &[u8]), SealError> {
    let (version, rest) = match blob.strip_prefix(b"PJ") {
        Some([version @ 1..=2, rest @ ..]) => (*version, rest),
        Some([_, ..]) => return Err(SealError::Damaged("sealed by a newer version")),
        _ => return Err(SealError::Damaged("not sealed by us")),
    };
    rest.split_first_chunk::<NONCE_BYTES>()
        .filter(|(_, sealed)| sealed.len() >= TAG_BYTES)
        .map(|(nonce, sealed)| (version, nonce, sealed))
        .ok_or(SealError::Damaged("cut short"))
}

fn padded(plain: &[u8]) -> Vec<u8> {
    let length = (plain.len() + 1).next_multiple_of(PAD_BYTES);
    let mut padded = Vec::with_capacity(length);
    padded.extend(plain);
    padded.push(PAD_MARK);
    padded.resize(length, 0);
    padded
}

fn without_padding(mut padded: Vec<u8>) -> Result<Vec<u8>, SealError> {
    let mark = padded.iter().rposition(|byte| *byte != 0);
    match mark.filter(|at| padded[*at] == PAD_MARK) {
        Some(at) => {
            padded.truncate(at);
            Ok(padded)
        }
        None => Err(SealError::Damaged("its padding is not ours")),
    }
}

impl VaultError {
    /// Whether a key is there that this user may not read.
    fn is_denied(&self) -> bool {
        matches!(self, Self::Read { reason, .. } if reason.kind() == io::ErrorKind::PermissionDenied)
    }
}

/// The key of a city that is about to be made: the one that stands beside its place already, or a
/// new one, which gets its file just before the city does.
pub struct NewKey {
    path: PathBuf,
    vault: Vault,
    /// Set of a key that has no file yet.
    fresh: Option<[u8; KEY_BYTES]>,
}

impl NewKey {
    /// The key for a city that will stand at this path.
    ///
    /// # Errors
    /// When what stands there is no key or cannot be read, or the system gives no random numbers.
    pub fn beside(city: &Path) -> Result<Self, VaultError> {
        let path = key_path(city);
        match Vault::open(&path) {
            Err(VaultError::Missing { .. }) => {}
            other => {
                return other.map(|vault| Self {
                    path,
                    vault,
                    fresh: None,
                });
            }
        }
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|fault| VaultError::NoChance(fault.to_string()))?;
        Ok(Self {
            path,
            vault: Vault::from_key(&key),
            fresh: Some(key),
        })
    }

    /// Seals with this key.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Gives a new key its file, never over another.
    pub(super) fn put(&self) -> Result<(), VaultError> {
        let path = || self.path.clone();
        let Some(key) = &self.fresh else {
            return Ok(());
        };
        write_new(&self.path, key).map_err(|reason| match reason.kind() {
            io::ErrorKind::AlreadyExists => VaultError::Overtaken { path: path() },
            _ => VaultError::Write {
                reason,
                path: path(),
            },
        })
    }

    /// Takes the file away again of a key that was put beside a city which another program made
    /// without one: it does not fit that city, and would keep it from being opened.
    pub(super) fn take_back(&self) {
        let is_ours = |key| {
            let stands = fs::read(&self.path).ok();
            stands.is_some_and(|text| read_key(&text) == Ok(key))
        };
        if self.fresh.is_some_and(is_ours) {
            // If it stays, opening that city says what is wrong.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where a city's own key lies.
#[must_use]
pub fn key_path(city: &Path) -> PathBuf {
    city.with_extension("key")
}

/// Where the next key of a city lies while its key is changed, by where the present one is.
#[must_use]
pub fn next_key_path(present: &Path) -> PathBuf {
    present.with_extension("key.new")
}

fn read_key(text: &[u8]) -> Result<[u8; KEY_BYTES], &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "it is not text")?;
    let mut lines = text.lines().map(str::trim);
    if lines.next() != Some(KEY_FILE_TITLE) {
        return Err("its first line is not \"pingjiang city key 1\"");
    }
    let digits = lines.next().unwrap_or_default().as_bytes();
    if digits.len() != 2 * KEY_BYTES {
        return Err("its second line is not 64 hexadecimal digits");
    }
    let mut key = [0; KEY_BYTES];
    for (byte, pair) in key.iter_mut().zip(digits.chunks_exact(2)) {
        let nibble = |digit: u8| char::from(digit).to_digit(16);
        let (Some(high), Some(low)) = (nibble(pair[0]), nibble(pair[1])) else {
            return Err("its second line is not 64 hexadecimal digits");
        };
        *byte = (high * 16 + low) as u8;
    }
    Ok(key)
}

/// Writes the key under a temporary name first: a key file is whole, or not there.
fn write_new(path: &Path, key: &[u8; KEY_BYTES]) -> io::Result<()> {
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut draft = Draft::begin_private(path)?;
    writeln!(draft.file, "{KEY_FILE_TITLE}\n{digits}")?;
    draft.put(path, false)
}

#[cfg(test)]
mod tests;
