//! Several sources of population made into one record for each person.
//!
//! Registered residents, migrants and others are lists of their own, and a person may stand in
//! several of them. [`Population`] puts rows together that carry the same identity number, in its
//! one form. The record of the source with the highest rank stands; what another source says
//! differently is a [`Conflict`] with who says what as of when, and what only another source tells
//! fills a gap. Nothing is overwritten. Used by the import of registries; values are personal, so
//! `Debug` shows none.

use std::collections::BTreeMap;
use std::fmt;

use super::identity::IdentityNo;

/// A field of a person's record, by its name in the city: `name`, `phone` …
pub type Field = String;

/// What one source says of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// The data set.
    pub source: String,
    /// Sources of a lower rank stand before those of a higher one.
    pub rank: u32,
    /// Day as of which it says so, `YYYY-MM-DD`; empty where it does not tell.
    pub as_of: String,
    /// Row in the source's table, from 1.
    pub row: u64,
    /// Field → value; only fields that are told.
    pub values: BTreeMap<Field, String>,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.values.keys().collect();
        write!(f, "Statement({} row {}: {fields:?})", self.source, self.row)
    }
}

/// One field on which sources differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// The places in [`Merged::statements`] of those who tell it, the one that stands first.
    pub told_by: Vec<usize>,
}

/// A person as all sources together tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The identity number in its one form.
    pub identity: IdentityNo,
    /// Every statement, the one that stands first.
    pub statements: Vec<Statement>,
    /// Fields on which they differ.
    pub conflicts: Vec<Conflict>,
}
