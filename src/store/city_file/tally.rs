//! What a write did, in all and for each file it wrote from. Never writes anything itself.

use std::collections::BTreeMap;

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
    /// Whether unused parts of the file may still hold in clear what is sealed by now
    /// ([`CityFile::has_remains`](super::CityFile::has_remains)).
    pub remains: bool,
}

impl WriteSummary {
    fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.updated += other.updated;
        self.removed += other.removed;
        self.unchanged += other.unchanged;
    }
}

/// Counts what happens during a write.
pub(super) struct Tally {
    /// In all.
    pub total: WriteSummary,
    by_import: BTreeMap<ImportId, WriteSummary>,
    /// What came from no file.
    of_none: WriteSummary,
}

impl Tally {
    pub fn new(version: u64) -> Self {
        let none = WriteSummary {
            version,
            ..WriteSummary::default()
        };
        Self {
            total: none,
            by_import: BTreeMap::new(),
            of_none: none,
        }
    }

    /// Counts one record, in all and for the file it came from.
    pub fn count(&mut self, import: Option<ImportId>, what: fn(&mut WriteSummary) -> &mut u64) {
        *what(&mut self.total) += 1;
        let part = match import {
            Some(import) => self.by_import.entry(import).or_default(),
            None => &mut self.of_none,
        };
        *what(part) += 1;
    }

    /// What was written out of each file, in their order; what came from none of them counts as the
    /// first's.
    pub fn parts(mut self, records: &[ImportRecord]) -> Vec<WriteSummary> {
        let mut parts: Vec<_> = records
            .iter()
            .map(|one| self.by_import.remove(&one.id).unwrap_or_default())
            .collect();
        if let Some(first) = parts.first_mut() {
            first.add(&self.of_none);
            self.by_import.values().for_each(|one| first.add(one));
        }
        for part in &mut parts {
            part.version = self.total.version;
        }
        parts
    }
}
