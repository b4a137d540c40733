//! Which attribute told what of how many buildings: the guesses that are printed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::facts;
use super::super::mapping::{Fact, Mapping};
use super::super::raw::Attributes;
use crate::base::counted;

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

/// Facts that are numbers.
const NUMBERS: &[Fact] = &[Fact::Height, Fact::Storeys, Fact::Year];
/// Values of a number that cannot be used are shown, so many and so long.
const EXAMPLES_MAX: usize = 3;
const EXAMPLE_CHARS_MAX: usize = 40;

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
    /// What is said of a fact and cannot be used.
    unusable: BTreeMap<Fact, Unusable>,
}

/// Values that count as not given.
#[derive(Default)]
struct Unusable {
    count: usize,
    /// The first few that differ, as the file has them.
    examples: Vec<String>,
}

impl Tally {
    /// Counts a building.
    pub(super) fn building(&mut self, attributes: &Attributes, mapping: &Mapping) {
        self.buildings += 1;
        for fact in NUMBERS {
            self.look_at_number(*fact, attributes, mapping);
        }
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

    /// Counts a number that is said and cannot be used, unless another attribute tells one.
    fn look_at_number(&mut self, fact: Fact, attributes: &Attributes, mapping: &Mapping) {
        let names = mapping.named(fact).unwrap_or(fact.names().to_vec());
        let values = names.into_iter().filter_map(|name| attributes.get(name));
        let said: Vec<&Value> = values.filter(|value| is_said(value)).collect();
        let Some(first) = said.first() else { return };
        let meant = match fact {
            Fact::Height if mapping.names(fact) && mapping.counts_storeys() => Fact::Storeys,
            fact => fact,
        };
        if said.iter().any(|value| is_plausible(meant, value)) {
            return;
        }
        let unusable = self.unusable.entry(fact).or_default();
        unusable.count += 1;
        let example: String = first.to_string().chars().take(EXAMPLE_CHARS_MAX).collect();
        if unusable.examples.len() < EXAMPLES_MAX && !unusable.examples.contains(&example) {
            unusable.examples.push(example);
        }
    }

    /// Adds the notes.
    pub(super) fn tell(&self, mapping: &Mapping, notes: &mut Vec<String>) {
        let all = self.buildings;
        let buildings = counted(all, "building", "buildings");
        for ((fact, name), count) in &self.counts {
            notes.push(format!(
                "{} from {name:?} (guessed, {count} of {buildings})",
                fact.as_str()
            ));
        }
        for (fact, Unusable { count, examples }) in &self.unusable {
            notes.push(format!(
                "{}: {} cannot be used ({}): counted as not given",
                fact.as_str(),
                counted(*count, "value", "values"),
                examples.join(", ")
            ));
        }
        for fact in TOLD {
            let Some(names) = mapping.named(*fact).filter(|_| all > 0) else {
                continue;
            };
            for name in names {
                let count = self.mapped.get(&(*fact, name.to_owned()));
                notes.push(format!(
                    "{} from {name:?} (as mapped, {} of {buildings})",
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
        Fact::Height => facts::length_m(value)
            .is_some_and(|metres| metres > 0.0 && metres <= facts::HEIGHT_MAX_M),
        Fact::Storeys => facts::storeys_in(value)
            .is_some_and(|storeys| storeys > 0.0 && storeys <= f64::from(facts::STOREYS_MAX)),
        Fact::Year => facts::year_in(value).is_some(),
        // A bare `building=yes` tells no use.
        Fact::Use => matches!(value, Value::String(text) if !matches!(text.trim(), "" | "yes")),
        _ => matches!(value, Value::String(text) if !text.trim().is_empty()),
    }
}
