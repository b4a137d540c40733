//! Who may see what: the only issuer of a [`Clearance`].
//!
//! Roles, areas and purposes in configuration come with the registries; until then the engine's
//! own needs are the only reasons for a clearance, and nobody on the wall has one.
//! Never stores or shows a personal value itself.

use crate::base::{Clearance, Purpose};

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
