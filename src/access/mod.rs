//! Who may see what: the only issuer of a [`Clearance`].
//!
//! [`RoleTable`] is the configuration (`assets/roles.toml`, or a city's own); a [`Session`] is one
//! person in one role with a purpose, and notes what was opened for them, so that it can go into the
//! log. Used by `app` for every question and export. Never stores or shows a personal value itself.

mod role;
mod session;

use crate::base::{Clearance, Purpose};

pub use role::{Export, NoSuchRole, PurposeId, Role, RoleArea, RoleTable};
pub use session::{Session, SessionError, Visitor};

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
