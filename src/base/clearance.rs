//! Permission as a thing one holds: the token that opens sealed values.

use serde::{Deserialize, Serialize};

/// Why somebody looks at a personal value. It goes into the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Moving or hashing values without showing them: generator, store, content hash.
    Keeping,
    /// Counting over many people.
    Statistics,
    /// Helping somebody in an incident or with a service.
    Service(String),
}

/// The permission to open sealed values. Only `access` may issue one; the architecture test
/// fails on any other module that names [`Clearance::issue`].
#[derive(Debug)]
pub struct Clearance {
    purpose: Purpose,
}

impl Clearance {
    /// Makes a clearance. For `access` alone.
    pub(crate) fn issue(purpose: Purpose) -> Self {
        Self { purpose }
    }

    /// Why it was issued.
    #[must_use]
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }
}

/// A clearance for tests of lower floors, where nobody could ask `access` for one.
#[cfg(test)]
pub(crate) fn clearance_for_tests() -> Clearance {
    Clearance::issue(Purpose::Statistics)
}
