//! Which attribute told what of how many buildings: the guesses that are printed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::facts;
use super::super::mapping::{Fact, Mapping};
use super::super::raw::Attributes;

/// Facts whose source is told; a kind shows itself, and a key tells nothing about a building.
const TOLD: &[Fact] = &[
    Fact::Height,
    Fact::Storeys,
    Fact::Name,
    Fact::Year,
    Fact::Structure,
    Fact::Use,
    Fact::Address,
    Fact::Protection,
    Fact::Roof,
];

/// Different attributes that are told apart for one file.
const NAMES_MAX: usize = 64;

/// Counts, for one file.
#[derive(Default)]
pub(super) struct Tally {
    buildings: usize,
    /// Fact and attribute → buildings.
    counts: BTreeMap<(Fact, &'static str), usize>,
    /// Fact and mapped attribute → buildings.
    mapped: BTreeMap<(Fact, String), usize>,
}

impl Tally {
    /// Counts a building.
    pub(super) fn building(&mut self, attributes: &Attributes, mapping: &Mapping) {
        self.buildings += 1;
        for fact in TOLD {
            if let Some(names) = mapping.named(*fact) {
                let says = |name: &&str| attributes.get(*name).is_some_and(is_said);
                if let Some(name) = names.into_iter().find(says)
                    && self.mapped.len() < NAMES_MAX
                {
                    *self.mapped.entry((*fact, name.to_owned())).or_default() += 1;
                }
                continue;
            }
            let tells = |name: &&&str| {
                attributes
                    .get(**name)
                    .is_some_and(|value| is_plausible(*fact, value))
            };
            if let Some(name) = fact.names().iter().find(tells) {
                *self.counts.entry((*fact, name)).or_default() += 1;
            }
        }
    }

    /// Adds the notes.
    pub(super) fn tell(&self, mapping: &Mapping, notes: &mut Vec<String>) {
        let all = self.buildings;
        for ((fact, name), count) in &self.counts {
            notes.push(format!(
                "{} from {name:?} (guessed, {count} of {all} buildings)",
                fact.as_str()
            ));
        }
        for fact in TOLD {
            let Some(names) = mapping.named(*fact).filter(|_| all > 0) else {
                continue;
            };
            for name in names {
                let count = self.mapped.get(&(*fact, name.to_owned()));
                notes.push(format!(
                    "{} from {name:?} (as mapped, {} of {all} buildings)",
                    fact.as_str(),
                    count.copied().unwrap_or_default()
                ));
            }
        }
    }
}

fn is_said(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// Whether the value is one that `facts` would take.
fn is_plausible(fact: Fact, value: &Value) -> bool {
    match fact {
        Fact::Height => facts::length_m(value).is_some_and(|metres| metres > 0.0),
        Fact::Storeys => facts::storeys_in(value).is_some_and(|storeys| storeys > 0.0),
        Fact::Year => facts::year_in(value).is_some(),
        // A bare `building=yes` tells no use.
        Fact::Use => matches!(value, Value::String(text) if !matches!(text.trim(), "" | "yes")),
        _ => matches!(value, Value::String(text) if !text.trim().is_empty()),
    }
}
