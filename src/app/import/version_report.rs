//! What a newer version does to its data sets and to what is linked to them, for people and for
//! programs. Part of an import's report; never plans anything itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::model::EntityKind;

use super::versions::NewVersion;

/// A newer version of data sets that the city has already.
#[derive(Debug, Serialize)]
pub(super) struct VersionReport {
    data_sets: BTreeMap<String, DatasetReport>,
    /// Missing in the files and kept, for their feature is there and faulty.
    kept_faulty: BTreeMap<&'static str, usize>,
    /// Missing in the files and kept, for features that tell no key could not be used: each may be
    /// one of them.
    kept_in_doubt: BTreeMap<&'static str, usize>,
    /// How many such features there are.
    faulty_without_key: usize,
    /// Missing in the files and kept, for a register points at them.
    kept_in_use: usize,
    /// Records of registers whose building was removed; they are kept.
    left_without_building: BTreeMap<&'static str, usize>,
    /// Records of which only a link to something removed was taken off.
    mended: usize,
}

#[derive(Debug, Serialize)]
struct DatasetReport {
    /// Records the city had of it.
    before: usize,
    /// Of these the files have again.
    again: usize,
    /// Of these removed, or taken back.
    removed: usize,
    /// Of those taken back, people who stay as another register tells of them.
    told_by_others: usize,
    /// Of those that are there again, records that stand elsewhere.
    moved: usize,
}

impl From<&NewVersion> for VersionReport {
    fn from(plan: &NewVersion) -> Self {
        let named = |counts: &BTreeMap<EntityKind, usize>| {
            let counts = counts.iter();
            counts
                .map(|(kind, count)| (kind.as_str(), *count))
                .collect()
        };
        let datasets = plan.datasets.iter().map(|(name, one)| {
            let told = DatasetReport {
                before: one.before,
                again: one.again,
                removed: one.removed,
                told_by_others: one.told_by_others,
                moved: one.moved,
            };
            (name.clone(), told)
        });
        Self {
            data_sets: datasets.collect(),
            kept_faulty: named(&plan.faulty),
            kept_in_doubt: named(&plan.in_doubt),
            faulty_without_key: plan.nameless,
            kept_in_use: plan.in_use,
            left_without_building: named(&plan.without_building),
            mended: plan.mended.len(),
        }
    }
}

impl DatasetReport {
    fn fmt_into(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            before,
            again,
            removed,
            told_by_others,
            moved,
        } = self;
        writeln!(
            f,
            "data set {name:?}: {before} in the city, {again} again in the files, {removed} removed"
        )?;
        if *told_by_others > 0 {
            writeln!(
                f,
                "  taken back   {told_by_others} of those removed: people who stay as another \
                 register tells of them"
            )?;
        }
        if *moved > 0 {
            writeln!(f, "  elsewhere    {moved} of those that are there again")?;
        }
        Ok(())
    }
}

impl VersionReport {
    /// Adds its lines to a report for people; none of a data set that is new.
    pub(super) fn fmt_into(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, one) in &self.data_sets {
            one.fmt_into(name, f)?;
        }
        for (kind, count) in &self.kept_faulty {
            writeln!(
                f,
                "  kept         {count} × {kind}, for its feature is there and faulty"
            )?;
        }
        for (kind, count) in &self.kept_in_doubt {
            let faulty = self.faulty_without_key;
            writeln!(
                f,
                "  kept         {count} × {kind} that the files lack: {faulty} of their features \
                 could not be used and tell no key, so each may be one of them; mend the file, or \
                 add --replace-all"
            )?;
        }
        if self.kept_in_use > 0 {
            let count = self.kept_in_use;
            writeln!(
                f,
                "  kept         {count} × dwelling or household, for a register points at it"
            )?;
        }
        for (kind, count) in &self.left_without_building {
            writeln!(
                f,
                "  left without a building: {count} × {kind} (kept as they are)"
            )?;
        }
        if self.mended > 0 {
            let count = self.mended;
            writeln!(
                f,
                "  links to what is removed taken off {count} other records"
            )?;
        }
        Ok(())
    }
}
