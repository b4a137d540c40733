//! How the rows of registers fared: counted a table, told in notes, and the rows that a person should
//! look at listed. Used by `build` and its neighbours. Never holds a value of a row.

use std::collections::BTreeMap;

use super::build::Build;
use super::cell::Fault;
use super::chosen::Choices;
use super::open_text::is_of_a_name;
use super::run::{Miss, Place};
use super::same_door::Again;
use super::table::Table;
use super::{RegisterFile, Unmatched, open_key};
use crate::base::counted;
use crate::model::Entity;

/// How the addresses of a table fared.
#[derive(Default)]
pub(super) struct Links {
    linked: usize,
    ambiguous: usize,
    unmatched: usize,
    without: usize,
    /// Rows whose key tells of somebody.
    hidden_keys: usize,
    pub(super) conflicts: BTreeMap<String, usize>,
    pub(super) in_conflict: usize,
    pub(super) choices: Choices,
    pub(super) again: Again,
}

impl Build<'_> {
    pub(super) fn count(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        miss: Option<&Miss>,
    ) {
        let links = self.tally.entry((table.file, table.kind)).or_default();
        let Some(miss) = miss else {
            links.linked += 1;
            return;
        };
        match miss.outcome {
            "ambiguous" => links.ambiguous += 1,
            "no address" => links.without += 1,
            _ => links.unmatched += 1,
        }
        if self.options.list_unmatched {
            self.list(table, file, place, miss.clone());
        }
    }

    /// Counts a record that stands under a fingerprint of its key.
    pub(super) fn count_hidden(&mut self, table: &Table, key: Option<&str>, entity: &Entity) {
        let is_hidden = key.is_some_and(|key| key != entity.source().key);
        if is_hidden && open_key::may_be_hidden(table.kind) {
            let links = self.tally.entry((table.file, table.kind)).or_default();
            links.hidden_keys += 1;
        }
    }

    pub(super) fn list(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        miss: Miss,
    ) {
        self.unmatched.push(Unmatched {
            file: file.display().to_string(),
            sheet: place.sheet.clone().unwrap_or_default(),
            row: place.row,
            register: table.kind.as_str(),
            outcome: miss.outcome,
            score: miss.score,
            candidates: miss.candidates,
            reasons: miss.reasons,
            record: miss.record,
        });
    }

    /// Counts or lists a row that is not taken; why it is not.
    pub(super) fn skip(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        miss: &Miss,
    ) -> String {
        if miss.outcome.is_empty() {
            self.list_skipped(table, file, place, &miss.reasons);
            return miss.reasons.clone();
        }
        self.count(table, file, place, Some(miss));
        let why = match miss.outcome {
            "ambiguous" => {
                "its place may be several, or its columns contradict each other (--unmatched FILE.csv \
                 lists it)"
            }
            _ => "nothing in the city fits its address or position",
        };
        why.to_owned()
    }

    /// Lists a row of which something is noted: `named` where somebody's name was found in what everybody
    /// may see.
    pub(super) fn list_noted(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        (column, fault): (&str, Fault),
    ) {
        if self.options.list_unmatched {
            self.unmatched.push(Unmatched {
                outcome: match is_of_a_name(fault) {
                    true => "named",
                    false => "noted",
                },
                ..place.faulty(file, table.kind, column, fault)
            });
        }
    }

    /// Lists a row that is not taken.
    pub(super) fn list_skipped(
        &mut self,
        table: &Table,
        file: &std::path::Path,
        place: &Place,
        reason: &str,
    ) {
        if self.options.list_unmatched {
            let miss = Miss {
                outcome: "faulty",
                ..Miss::unusable(reason)
            };
            self.list(table, file, place, miss);
        }
    }

    /// Adds what became of addresses to the notes of the files.
    pub(super) fn tell(&self, files: &mut [RegisterFile]) {
        for ((at, kind), links) in &self.tally {
            let Some(file) = files.get_mut(*at) else {
                continue;
            };
            let Links {
                linked,
                ambiguous,
                unmatched,
                without,
                hidden_keys,
                conflicts,
                in_conflict,
                choices,
                again,
            } = links;
            file.notes.push(format!(
                "{}: {linked} linked, {ambiguous} ambiguous, {unmatched} unmatched, {without} without address \
                 (--unmatched FILE.csv lists them)",
                kind.as_str()
            ));
            file.notes.extend(again.notes());
            file.notes.extend(choices.notes(kind.as_str()));
            if *hidden_keys > 0 {
                file.notes.push(format!(
                    "{}: {} a door, a name, a number of somebody or other words, and everybody may see \
                     a key: kept as a fingerprint under the city's key; the same key is the same record",
                    kind.as_str(),
                    counted(*hidden_keys, "key tells", "keys tell"),
                ));
            }
            if *in_conflict > 0 {
                let fields: Vec<_> = conflicts
                    .iter()
                    .map(|(field, count)| format!("{field} {count}"))
                    .collect();
                file.notes.push(format!(
                    "{} told differently by several registers or rows: {}; what stood before stands",
                    counted(*in_conflict, "person is", "people are"),
                    fields.join(", ")
                ));
            }
        }
    }
}
