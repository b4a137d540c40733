//! Passwords as they are kept: argon2id in the usual written form (PHC), with its own parameters in
//! it, so that old ones stay readable when the parameters of new ones are raised (RFC 9106; least
//! values of OWASP, 2024). Used by the accounts. Never keeps a password, and takes salt as an argument.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};

/// Fewest characters of a password (NIST SP 800-63B asks for eight, with a second factor).
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Most bytes: more would only cost time.
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// Bytes of salt that a new hash takes.
pub const SALT_BYTES: usize = 16;
/// Memory of a new hash in KiB, passes, lanes.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// Most that a kept hash may ask for: an altered file must not cost the engine all its memory.
const COST_MAX: (u32, u32, u32) = (262_144, 16, 16);

/// Why a password cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too short.
    #[error("a password has at least {PASSWORD_CHARS_MIN} characters; several words in a row do")]
    TooShort,
    /// Too long.
    #[error("a password has at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// The name of the account, or one character over and over.
    #[error("that password would be guessed first: it is the name, or one character over and over")]
    Guessed,
    /// The computation failed.
    #[error("the password cannot be hashed: {0}")]
    Failed(String),
}

/// A password as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Hashes a new password of the account `name`.
    ///
    /// # Errors
    /// When it is too short, too long, or what everybody would try first.
    pub fn of(text: &str, name: &str, salt: &[u8; SALT_BYTES]) -> Result<Self, PasswordFault> {
        if text.chars().count() < PASSWORD_CHARS_MIN {
            return Err(PasswordFault::TooShort);
        }
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(PasswordFault::TooLong);
        }
        let first = text.chars().next();
        if text.eq_ignore_ascii_case(name) || text.chars().all(|one| Some(one) == first) {
            return Err(PasswordFault::Guessed);
        }
        let told = |fault: &dyn std::fmt::Display| PasswordFault::Failed(fault.to_string());
        let (memory, passes, lanes) = COST;
        let params = Params::new(memory, passes, lanes, None).map_err(|fault| told(&fault))?;
        let hash = Argon2::from(params).hash_password_with_salt(text.as_bytes(), salt);
        Ok(Self(hash.map_err(|fault| told(&fault))?.to_string()))
    }

    /// Takes the written form.
    ///
    /// # Errors
    /// When it is none, not argon2id, or asks for more than a login may cost.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = "is no argon2id hash in PHC form; set it with `pingjiang user passwd`";
        let hash = PasswordHash::new(text).map_err(|_| wrong.to_owned())?;
        let params = Params::try_from(&hash).map_err(|_| wrong.to_owned())?;
        let is_whole = hash.salt.is_some() && hash.hash.is_some();
        if hash.algorithm.as_str() != "argon2id" || !is_whole {
            return Err(wrong.to_owned());
        }
        let (memory, passes, lanes) = COST_MAX;
        let costs = (params.m_cost(), params.t_cost(), params.p_cost());
        if costs.0 > memory || costs.1 > passes || costs.2 > lanes {
            return Err(format!(
                "asks for too much work; at most m={memory},t={passes},p={lanes}"
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// One that nothing fits: who asks for a name that is not there waits as long as anybody.
    #[must_use]
    pub fn nobodys() -> Self {
        let (memory, passes, lanes) = COST;
        Self(format!(
            "$argon2id$v=19$m={memory},t={passes},p={lanes}$bm9ib2R5cyBzYWx0IQ$\
             AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ))
    }

    /// The written form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the password. Takes some 20 ms and, while it runs, the memory of its cost.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        text.len() <= PASSWORD_BYTES_MAX
            && Argon2::default()
                .verify_password(text.as_bytes(), self.0.as_str())
                .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_hash_and_no_other() {
        let kept = Password::of("four lanes and a canal", "li", &[7; SALT_BYTES]).unwrap();
        assert!(kept.fits("four lanes and a canal"));
        assert!(!kept.fits("four lanes and a canal "));
        assert!(kept.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(Password::read(kept.as_str()), Ok(kept.clone()));
        let other = Password::of("four lanes and a canal", "li", &[8; SALT_BYTES]).unwrap();
        assert_ne!(kept, other, "the salt tells equal passwords apart");
    }

    #[test]
    fn nobodys_hash_is_one_and_fits_nothing() {
        let nobodys = Password::nobodys();
        assert_eq!(Password::read(nobodys.as_str()), Ok(nobodys.clone()));
        assert!(!nobodys.fits("") && !nobodys.fits("four lanes and a canal"));
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        let fault = |text: &str, name: &str| Password::of(text, name, &[1; 16]).unwrap_err();
        assert_eq!(fault("short", "li"), PasswordFault::TooShort);
        assert_eq!(fault("平江路平江路平江路", "li"), PasswordFault::TooShort);
        assert_eq!(fault(&"x".repeat(2_000), "li"), PasswordFault::TooLong);
        assert_eq!(fault("aaaaaaaaaaaaaa", "li"), PasswordFault::Guessed);
        assert_eq!(
            fault("Community-Worker", "community-worker"),
            PasswordFault::Guessed
        );
    }

    #[test]
    fn a_hash_that_would_cost_everything_is_refused() {
        let dear = Password::nobodys()
            .as_str()
            .replace("m=19456", "m=4000000000");
        assert!(Password::read(&dear).is_err());
        let dear = Password::nobodys().as_str().replace("m=19456", "m=300000");
        assert!(Password::read(&dear).unwrap_err().contains("too much"));
        let weak = Password::nobodys().as_str().replace("argon2id", "argon2d");
        assert!(Password::read(&weak).is_err());
        assert!(Password::read("plain text").is_err());
    }
}
