//! What an export wrote and what it left out, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::model::EntityKind;
use crate::space::Crs;

use super::Format;

/// Something that did not go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// What it is.
    pub what: String,
    /// How much of it.
    pub count: usize,
    /// Why.
    pub why: String,
}

/// What an export did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The format's name.
    pub format: String,
    /// CRS of the coordinates in the file.
    pub crs: String,
    /// Records written, by kind.
    pub written: BTreeMap<EntityKind, usize>,
    /// What stayed behind.
    pub left_out: Vec<LeftOut>,
    /// What a person should know that is no loss.
    pub notes: Vec<String>,
}

impl Report {
    /// The report of an export that has written nothing yet.
    #[must_use]
    pub fn new(format: Format, crs: &Crs) -> Self {
        Self::named(format.as_str(), crs.name())
    }

    /// As [`Report::new`], by names.
    #[must_use]
    pub fn named(format: &str, crs: String) -> Self {
        Self {
            format: format.to_owned(),
            crs,
            written: BTreeMap::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Counts a record that was written.
    pub(super) fn wrote(&mut self, kind: EntityKind) {
        *self.written.entry(kind).or_default() += 1;
    }

    /// Counts what stays behind; nothing is said of nothing.
    pub fn left(&mut self, what: &str, count: usize, why: &str) {
        if count == 0 {
            return;
        }
        let same = |one: &&mut LeftOut| one.what == what && one.why == why;
        match self.left_out.iter_mut().find(same) {
            Some(one) => one.count += count,
            None => self.left_out.push(LeftOut {
                what: what.to_owned(),
                count,
                why: why.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written: Vec<String> = self
            .written
            .iter()
            .map(|(kind, count)| format!("{count} {}", kind.as_str()))
            .collect();
        let written = if written.is_empty() {
            "nothing".to_owned()
        } else {
            written.join(", ")
        };
        writeln!(f, "written ({}, {}): {written}", self.format, self.crs)?;
        for LeftOut { what, count, why } in &self.left_out {
            writeln!(f, "left out: {count} {what}: {why}")?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        Ok(())
    }
}
