//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) as the vault seals with it. Used by
//! [`super::vault`] alone. Never chooses a nonce and never keeps what it opens.
//!
//! A city holds millions of short values, so what counts is the time of one. ring's
//! ChaCha20-Poly1305 (RFC 8439) takes a fifth of the time that the crate chacha20poly1305 takes for
//! 32 bytes; it has no long nonce, which the method makes of its parts: HChaCha20 makes a key of the
//! first 16 bytes of the nonce, and the last 8 are the nonce under this key. The tests hold it
//! against that crate.

use chacha20::{R20, hchacha};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;

/// Bytes of a key.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of a nonce: enough to be chosen by chance.
pub(super) const NONCE_BYTES: usize = 24;
/// Bytes that sealing adds.
pub(super) const TAG_BYTES: usize = 16;
/// Bytes of the nonce from which the key of one value is made.
const DERIVING_BYTES: usize = 16;

/// A key to seal with.
#[derive(Clone)]
pub(super) struct Cipher([u8; KEY_BYTES]);

impl Cipher {
    pub fn new(key: &[u8; KEY_BYTES]) -> Self {
        Self(*key)
    }

    /// Turns a text into its cipher text with the tag behind it; `with` is authenticated, too.
    ///
    /// # Errors
    /// When the text is longer than the method allows (256 GiB).
    pub fn seal(
        &self,
        nonce: &[u8; NONCE_BYTES],
        with: &[u8],
        text: &mut Vec<u8>,
    ) -> Result<(), Unspecified> {
        let (key, nonce) = self.of(nonce)?;
        key.seal_in_place_append_tag(nonce, Aad::from(with), text)
    }

    /// Turns a cipher text with its tag back into the text.
    ///
    /// # Errors
    /// When anything of it was changed, or the key is another.
    pub fn open(
        &self,
        nonce: &[u8; NONCE_BYTES],
        with: &[u8],
        text: &mut Vec<u8>,
    ) -> Result<(), Unspecified> {
        let (key, nonce) = self.of(nonce)?;
        let length = key.open_in_place(nonce, Aad::from(with), text)?.len();
        text.truncate(length);
        Ok(())
    }

    /// The key and the nonce of one value.
    fn of(&self, nonce: &[u8; NONCE_BYTES]) -> Result<(LessSafeKey, Nonce), Unspecified> {
        let (deriving, rest) = nonce.split_at(DERIVING_BYTES);
        let deriving = deriving.try_into().map_err(|_| Unspecified)?;
        let key = hchacha::<R20>(&self.0.into(), &deriving);
        let key = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key)?);
        let mut short = [0; NONCE_LEN];
        short[NONCE_LEN - rest.len()..].copy_from_slice(rest);
        Ok((key, Nonce::assume_unique_for_key(short)))
    }
}

#[cfg(test)]
mod tests {
    use chacha20poly1305::aead::{Aead, Payload};
    use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The crate chacha20poly1305 is the oracle: byte for byte the same, both ways.
        #[test]
        fn as_another_maker_seals_it(
            key: [u8; KEY_BYTES],
            nonce: [u8; NONCE_BYTES],
            with in proptest::collection::vec(any::<u8>(), 0..40),
            text in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let payload = Payload { msg: &text, aad: &with };
            let expected = XChaCha20Poly1305::new(&key.into()).encrypt(&nonce.into(), payload);
            let cipher = Cipher::new(&key);
            let mut sealed = text.clone();
            cipher.seal(&nonce, &with, &mut sealed).unwrap();
            prop_assert_eq!(&sealed, &expected.unwrap());
            let mut opened = sealed.clone();
            cipher.open(&nonce, &with, &mut opened).unwrap();
            prop_assert_eq!(&opened, &text);
        }

        #[test]
        fn a_change_anywhere_is_noticed(
            text in proptest::collection::vec(any::<u8>(), 0..70),
            at: prop::sample::Index,
            bit in 0..8_u8,
        ) {
            let (cipher, nonce) = (Cipher::new(&[7; KEY_BYTES]), [9; NONCE_BYTES]);
            let mut sealed = text;
            cipher.seal(&nonce, b"PJ", &mut sealed).unwrap();
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] ^= 1 << bit;
            prop_assert!(cipher.open(&nonce, b"PJ", &mut changed).is_err());
            prop_assert!(cipher.open(&nonce, b"PK", &mut sealed.clone()).is_err());
            prop_assert!(cipher.open(&[8; NONCE_BYTES], b"PJ", &mut sealed.clone()).is_err());
            prop_assert!(cipher.open(&nonce, b"PJ", &mut sealed[..TAG_BYTES - 1].to_vec()).is_err());
        }
    }

    /// Appendix A.3.1 of the draft.
    #[test]
    fn as_the_draft_has_it() {
        let text =
            b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for \
            the future, sunscreen would be it.";
        let with = [
            0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
        ];
        let key = std::array::from_fn(|at| 0x80 + at as u8);
        let nonce = std::array::from_fn(|at| 0x40 + at as u8);
        let mut sealed = text.to_vec();
        Cipher::new(&key).seal(&nonce, &with, &mut sealed).unwrap();
        assert_eq!(sealed[..4], [0xbd, 0x6d, 0x17, 0x9d]);
        let tag = [
            0xc0, 0x87, 0x59, 0x24, 0xc1, 0xc7, 0x98, 0x79, 0x47, 0xde, 0xaf, 0xd8, 0x78, 0x0a,
            0xcf, 0x49,
        ];
        assert_eq!(sealed[sealed.len() - TAG_BYTES..], tag);
    }
}
