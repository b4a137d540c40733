//! Accounts of people and programs: strict TOML, checked as a whole, written whole. Used by `user`
//! and by the server. Never keeps a password or a token, only what tells whether one is right; never
//! opens a file.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::base::{Spanned, TableFault, Timestamp, is_unseen, read_table};

use super::password::Password;
use super::role::RoleTable;

/// Longest name of an account or token, in characters.
const NAME_MAX: usize = 40;
/// What the file begins with.
const HEAD: &str = "# Accounts of people and programs. Written by `pingjiang user` (docs/administration.md); it holds\n\
                    # hashes alone, and is for the engine's own account to read: mode 0600.\n\n";

/// What a program may do with a token.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read what everybody may see.
    Read,
    /// Give the commands of the account's role.
    Command,
    /// Report and order what the service groups do.
    Report,
    /// Send readings to the feed of this name.
    Feed(String),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read => f.write_str("read"),
            Self::Command => f.write_str("command"),
            Self::Report => f.write_str("report"),
            Self::Feed(name) => write!(f, "feed:{name}"),
        }
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("feed:")) {
            ("read", _) => Ok(Self::Read),
            ("command", _) => Ok(Self::Command),
            ("report", _) => Ok(Self::Report),
            (_, Some(name)) if !name.is_empty() => Ok(Self::Feed(name.to_owned())),
            _ => Err(format!(
                "a scope is read, command, report or feed:NAME, not {text:?}"
            )),
        }
    }
}

/// A value that stands in the file as its text.
macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?
                    .parse()
                    .map_err(serde::de::Error::custom)
            }
        }
    };
}

as_text!(Scope);
as_text!(Moment);

/// A time as people read it in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Moment {
    type Err = crate::base::TimeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The right of a program to act for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// What it is for; unique within its account.
    pub name: String,
    /// SHA-256 of it, in hexadecimal. The token is 32 random bytes, so no salt is needed.
    pub sha256: String,
    /// What may be done with it.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created: Moment,
    /// When it ends; never without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Moment>,
}

/// A person or a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Name, as it goes on record.
    pub name: String,
    /// Hash of the password; an account of programs has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Role of the table of roles.
    pub role: String,
    /// Areas that it works for, where the role sees its own only.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Purposes of the role that it may name; all of the role's where none is told.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// When it was made.
    pub created: Moment,
    /// Whether it is closed: it stays in the file, for its name stands in the log.
    #[serde(default)]
    pub disabled: bool,
    /// Tokens of programs that act for it.
    #[serde(default, rename = "token", skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    account: Vec<Spanned<Account>>,
}

#[derive(Serialize)]
struct Written<'a> {
    account: &'a [Account],
}

/// All accounts of a city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts(Vec<Account>);

impl Accounts {
    /// Reads the file, and holds it against the city's roles.
    ///
    /// # Errors
    /// When it is not of this shape, a name or a token stands twice, a hash is none, or a role or
    /// purpose is not there.
    pub fn from_toml(text: &str, roles: &RoleTable) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        let mut accounts = Vec::with_capacity(table.account.len());
        let mut names = BTreeSet::new();
        let mut digests = BTreeSet::new();
        for spanned in table.account {
            let at = spanned.span().start;
            let account = spanned.into_inner();
            let fault = |reason: String| {
                TableFault::at(text, at, format!("account {:?}: {reason}", account.name))
            };
            account.check(roles).map_err(fault)?;
            if !names.insert(account.name.to_lowercase()) {
                return Err(fault("stands in the file twice".to_owned()));
            }
            for token in &account.tokens {
                if !digests.insert(token.sha256.clone()) {
                    return Err(fault(format!("token {:?} stands twice", token.name)));
                }
            }
            accounts.push(account);
        }
        Ok(Self(accounts))
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never for accounts that were read or checked.
    pub fn to_toml(&self) -> Result<String, String> {
        let written = Written { account: &self.0 };
        let text = toml::to_string(&written).map_err(|fault| fault.to_string())?;
        Ok(format!("{HEAD}{text}"))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Account] {
        &self.0
    }

    /// The account of this name; capitals make no difference.
    #[must_use]
    pub fn called(&self, name: &str) -> Option<&Account> {
        let name = name.to_lowercase();
        self.0.iter().find(|one| one.name.to_lowercase() == name)
    }

    /// The same, to be changed.
    pub fn called_mut(&mut self, name: &str) -> Option<&mut Account> {
        let name = name.to_lowercase();
        self.0
            .iter_mut()
            .find(|one| one.name.to_lowercase() == name)
    }

    /// Adds one.
    ///
    /// # Errors
    /// When it contradicts itself or the roles, or the name is taken.
    pub fn add(&mut self, account: Account, roles: &RoleTable) -> Result<(), String> {
        account.check(roles)?;
        if self.called(&account.name).is_some() {
            return Err(format!("there is an account {:?} already", account.name));
        }
        self.0.push(account);
        Ok(())
    }

    /// Takes one away; `false` where there is none.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        let name = name.to_lowercase();
        self.0.retain(|one| one.name.to_lowercase() != name);
        self.0.len() != before
    }

    /// The account and token that a program shows; `None` for one that is not there, has ended at
    /// `now`, or whose account is closed.
    #[must_use]
    pub fn of_token(&self, shown: &str, now: Timestamp) -> Option<(&Account, &Token)> {
        let digest = sha256_hex(shown.as_bytes());
        let open = self.0.iter().filter(|one| !one.disabled);
        let mut tokens = open.flat_map(|one| one.tokens.iter().map(move |token| (one, token)));
        // What is compared are digests: the time taken tells nothing about a token.
        tokens.find(|(_, token)| {
            token.sha256 == digest && token.expires.is_none_or(|end| now < end.0)
        })
    }
}

impl Account {
    /// What is wrong with it.
    ///
    /// # Errors
    /// What, and what is allowed.
    pub fn check(&self, roles: &RoleTable) -> Result<(), String> {
        check_account_name(&self.name)?;
        let role = roles.role(&self.role).map_err(|fault| fault.to_string())?;
        let foreign = self
            .purposes
            .iter()
            .find(|one| !role.purposes.contains(one));
        if let Some(foreign) = foreign {
            return Err(format!(
                "role {} has no purpose {foreign:?}; its purposes are: {}",
                role.id,
                roles.purposes_of(role)
            ));
        }
        if let Some(password) = &self.password {
            Password::read(password).map_err(|fault| format!("the password {fault}"))?;
        }
        let mut names = BTreeSet::new();
        for token in &self.tokens {
            check_account_name(&token.name)?;
            if !names.insert(&token.name) {
                return Err(format!("has two tokens {:?}", token.name));
            }
            let is_digest = token.sha256.len() == 64
                && (token.sha256.bytes()).all(|one| matches!(one, b'0'..=b'9' | b'a'..=b'f'));
            if !is_digest || token.scopes.is_empty() {
                return Err(format!(
                    "token {:?} has a SHA-256 of 64 hexadecimal digits and at least one scope",
                    token.name
                ));
            }
        }
        Ok(())
    }
}

/// Whether a text may name an account or a token: it goes on record, and onto the wall.
///
/// # Errors
/// What is allowed.
pub fn check_account_name(name: &str) -> Result<(), String> {
    let is_plain = |one: char| one.is_alphanumeric() || matches!(one, '.' | '_' | '-' | '@');
    let length = name.chars().count();
    match (1..=NAME_MAX).contains(&length)
        && name.chars().all(|one| is_plain(one) && !is_unseen(one))
    {
        true => Ok(()),
        false => Err(format!(
            "a name has 1 to {NAME_MAX} letters, digits, dots, hyphens, underscores or @, not {name:?}"
        )),
    }
}

/// SHA-256 in hexadecimal, as it is kept of a token.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
