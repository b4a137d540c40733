//! What stands already and what is only proposed. Said by the one who imports a model, kept as an
//! attribute so that every program sees it. Never guessed.

use super::Building;

/// The attribute that tells what is not real yet.
pub const STATUS_ATTRIBUTE: &str = "pingjiang:status";
/// Its value for what is only proposed.
pub const PROPOSED: &str = "proposed";

impl Building {
    /// Whether it is only proposed: it must never appear as real.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        let status = self.attributes.get(STATUS_ATTRIBUTE);
        status.is_some_and(|status| status == PROPOSED)
    }
}
