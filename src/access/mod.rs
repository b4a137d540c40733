//! Who may see what, and who is who: the only issuer of a [`Clearance`].
//!
//! [`RoleTable`] is the configuration (`assets/roles.toml`, or a city's own); a [`Session`] is one
//! person in one role with a purpose, and notes what was opened for them, so that it can go into the
//! log; [`Accounts`] are the people and programs that sign in with a running engine. Used by `app` for every question and export. Never stores or shows a personal value itself.

mod account;
mod password;
mod role;
mod session;

use crate::base::{Clearance, Purpose};

pub use account::{Account, Accounts, Moment, Scope, Token, check_account_name, sha256_hex};
pub use password::{PASSWORD_CHARS_MIN, Password, PasswordFault, SALT_BYTES};
pub use role::{Export, Handle, NoSuchRole, PurposeId, Role, RoleArea, RoleTable};
pub use session::{Session, SessionError, Visitor, areas_of};

/// A clearance for moving values without showing them: generating, storing, hashing.
#[must_use]
pub fn for_keeping() -> Clearance {
    Clearance::issue(Purpose::Keeping)
}

/// A clearance for counting over many people. Counts below five must not be shown.
#[must_use]
pub fn for_statistics() -> Clearance {
    Clearance::issue(Purpose::Statistics)
}
