//! What a write did, in all and for each file it wrote from. Never writes anything itself.

use crate::base::ImportId;
use crate::model::ImportRecord;

/// What a write did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteSummary {
    /// Records that were not there before.
    pub added: u64,
    /// Records that were replaced by different ones.
    pub updated: u64,
    /// Records that were removed.
    pub removed: u64,
    /// Records that were there just so; they were left alone.
    pub unchanged: u64,
    /// The version of the ground after the write.
    pub version: u64,
}

/// Counts what happens during a write.
pub(super) struct Tally {
    /// In all.
    pub total: WriteSummary,
    imports: Vec<ImportId>,
    /// In the order of the edit's provenance.
    pub parts: Vec<WriteSummary>,
}

impl Tally {
    pub fn new(records: &[ImportRecord], version: u64) -> Self {
        let none = WriteSummary {
            version,
            ..WriteSummary::default()
        };
        Self {
            total: none,
            imports: records.iter().map(|one| one.id).collect(),
            parts: vec![none; records.len()],
        }
    }

    /// Counts one record, in all and for the file it came from; what came from none of them
    /// counts as the first's.
    pub fn count(&mut self, import: Option<ImportId>, what: fn(&mut WriteSummary) -> &mut u64) {
        *what(&mut self.total) += 1;
        let part = import.and_then(|import| self.imports.iter().position(|one| *one == import));
        if let Some(part) = self.parts.get_mut(part.unwrap_or(0)) {
            *what(part) += 1;
        }
    }
}
