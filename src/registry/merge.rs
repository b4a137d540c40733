//! Several registers of population made into one record for each person.
//!
//! Registered residents, migrants and others are registers of their own, and a person may stand in
//! several of them. Rows that carry the same identity number, in its one form, belong to one
//! [`Person`]. The register that told of the person first stands; what another one says is kept
//! beside it, fills what the first does not tell, and a field on which two differ is a [`Conflict`] with
//! who says so as of when.
//! Nothing is overwritten by another register, only by a newer version of the same one. Used by the
//! import of registries; values are personal, so neither `Debug` nor a conflict shows one.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::base::DwellingId;
use crate::model::{self, Decision, FurtherRecord};

use super::address::{Address, CityNames};

/// Under this name a dwelling that somebody chose stands among what was decided. It is no field of a
/// register: the decision is about the link, and holds for the address for which it was made.
pub const HOME: &str = "dwelling";

/// What one row of a register says of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    /// The data set of the register.
    pub dataset: String,
    /// The person's key in it; never an identity number in the clear.
    pub key: String,
    /// Day on which somebody last confirmed it, `YYYY-MM-DD`; empty when not told.
    pub verified_on: String,
    /// What it says, by the names of a resident's fields; only what is told.
    pub values: BTreeMap<String, String>,
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<_> = self.values.keys().collect();
        write!(f, "Statement({}: {fields:?})", self.dataset)
    }
}

/// A person as the registers tell, the one that stands first.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// What stands.
    pub stands: Statement,
    /// What further registers say, in the order in which they came.
    pub further: Vec<Statement>,
    /// What was decided where they differ, one a field.
    pub decisions: Vec<Decision>,
    /// Fields that the record had of a further register, because what stands does not tell them, with its
    /// data set.
    pub filled: BTreeMap<String, String>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decided: Vec<_> = self.decisions.iter().map(|one| &one.decides).collect();
        write!(
            f,
            "Person({:?}, {:?}, decided {decided:?})",
            self.stands, self.further
        )
    }
}

/// A field on which registers differ. It carries no value.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Conflict {
    /// The field.
    pub field: String,
    /// Who tells it and as of when, the one that stands first.
    pub told_by: Vec<Teller>,
}

/// A register and the day as of which it speaks.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Teller {
    /// The data set.
    pub dataset: String,
    /// `YYYY-MM-DD`, empty when not told.
    pub as_of: String,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absorbed {
    /// Nobody had told of this person.
    New,
    /// The same register had said something else, or another thing beside it.
    Changed,
    /// The same register had said the same.
    Same,
}

impl Person {
    /// Somebody of whom one register tells.
    #[must_use]
    pub fn new(stands: Statement) -> Self {
        Self {
            stands,
            further: Vec::new(),
            decisions: Vec::new(),
            filled: BTreeMap::new(),
        }
    }

    /// Takes what a register says now. It replaces what the same register said before under the
    /// same key, and stands beside what others say.
    pub fn absorb(&mut self, statement: Statement) -> Absorbed {
        let is_same =
            |one: &Statement| one.dataset == statement.dataset && one.key == statement.key;
        let known = if is_same(&self.stands) {
            Some(&mut self.stands)
        } else {
            self.further.iter_mut().find(|one| is_same(one))
        };
        match known {
            Some(known) if *known == statement => Absorbed::Same,
            Some(known) => {
                *known = statement;
                Absorbed::Changed
            }
            None => {
                self.further.push(statement);
                Absorbed::Changed
            }
        }
    }

    /// Takes back what a register said under keys that it no longer has. The next register then
    /// stands; `None` where no register tells of the person any more.
    #[must_use]
    pub fn without(mut self, dataset: &str, has: &dyn Fn(&str) -> bool) -> Option<Self> {
        let stays = |one: &Statement| one.dataset != dataset || has(&one.key);
        self.further.retain(|one| stays(one));
        if stays(&self.stands) {
            return Some(self);
        }
        if self.further.is_empty() {
            return None;
        }
        self.stands = self.further.remove(0);
        Some(self)
    }

    /// What registers say, the one that stands first.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        std::iter::once(&self.stands).chain(&self.further)
    }

    /// What was decided of a field.
    #[must_use]
    pub fn decision(&self, field: &str) -> Option<&Decision> {
        self.decisions.iter().find(|one| one.decides == field)
    }

    /// What holds of a field: what was decided, otherwise what stands, and where that is silent what the
    /// next register says that tells it.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<&str> {
        let decided = self.decision(field).map(|one| &one.value);
        let mut told = self.statements().filter_map(|one| one.values.get(field));
        decided.or_else(|| told.next()).map(String::as_str)
    }

    /// The fields that what stands does not tell, with the first further register that does.
    #[must_use]
    pub fn filled_from(&self) -> BTreeMap<&str, &Statement> {
        let mut filled = BTreeMap::new();
        for one in &self.further {
            for field in one.values.keys() {
                let is_silent =
                    !self.stands.values.contains_key(field) && self.decision(field).is_none();
                if is_silent {
                    filled.entry(field.as_str()).or_insert(one);
                }
            }
        }
        filled
    }

    /// The fields on which registers differ and nobody has decided, in the order of their names. A
    /// decision holds until a register says what was not there to be weighed. Values are held against
    /// each other as what they mean: telephone numbers by their digits, addresses by their parts.
    #[must_use]
    pub fn conflicts(&self, names: &CityNames) -> Vec<Conflict> {
        self.differing(names)
            .into_iter()
            .filter(|one| self.is_open(&one.field, names))
            .collect()
    }

    /// The fields on which registers differ or differed, decided or not.
    #[must_use]
    pub fn differing(&self, names: &CityNames) -> Vec<Conflict> {
        let fields: BTreeSet<&String> = self
            .statements()
            .flat_map(|one| one.values.keys())
            .collect();
        let conflict = |field: &String| {
            let tellers = self.tellers(field, names);
            let meanings: BTreeSet<String> = tellers
                .iter()
                .map(|(_, value)| meaning(field, value, names))
                .collect();
            let is_told_differently = match field.as_str() {
                "household" => self.is_told_twice_by_one(field, names),
                _ => meanings.len() > 1,
            };
            (is_told_differently || self.decision(field).is_some()).then(|| Conflict {
                field: field.clone(),
                told_by: tellers.iter().map(|(one, _)| teller(one)).collect(),
            })
        };
        fields.into_iter().filter_map(conflict).collect()
    }

    /// Whether one register tells a field in two ways: numbers of households are each register's own,
    /// so those of two registers contradict nothing. That somebody lives elsewhere the address tells.
    fn is_told_twice_by_one(&self, field: &str, names: &CityNames) -> bool {
        let mut told = BTreeMap::new();
        self.tellers(field, names)
            .iter()
            .any(|(one, _)| told.insert(one.dataset.as_str(), ()).is_some())
    }

    /// The dwelling that somebody chose for the address that holds; `None` where nobody did, or where
    /// another address holds since.
    #[must_use]
    pub fn chosen_home(&self, names: &CityNames) -> Option<DwellingId> {
        let decision = self.decision(HOME)?;
        let means = |value: &str| meaning("address", value, names);
        let address = means(self.value("address").unwrap_or_default());
        let is_of_it = decision.weighed.iter().any(|one| means(one) == address);
        is_of_it.then(|| decision.value.parse().ok()).flatten()
    }

    /// Takes the dwelling that somebody chose, for the address that holds now and no other.
    pub fn choose_home(&mut self, mut decision: Decision) {
        HOME.clone_into(&mut decision.decides);
        let address = self.value("address").unwrap_or_default().to_owned();
        decision.weighed = BTreeSet::from([address]);
        self.put(decision);
    }

    /// Who tells a field, and what, the one that stands first. A register that tells one thing under
    /// several keys is named once, with its latest day.
    #[must_use]
    pub fn tellers(&self, field: &str, names: &CityNames) -> Vec<(&Statement, &str)> {
        let mut tellers: Vec<(&Statement, &str, String)> = Vec::new();
        for one in self.statements() {
            let Some(value) = one.values.get(field) else {
                continue;
            };
            let means = meaning(field, value, names);
            let known = tellers
                .iter_mut()
                .find(|(known, _, same)| known.dataset == one.dataset && *same == means);
            match known {
                Some((known, ..)) if one.verified_on > known.verified_on => *known = one,
                Some(_) => {}
                None => tellers.push((one, value, means)),
            }
        }
        tellers
            .into_iter()
            .map(|(one, value, _)| (one, value))
            .collect()
    }

    /// Whether a field on which registers differ waits for somebody.
    fn is_open(&self, field: &str, names: &CityNames) -> bool {
        let Some(decision) = self.decision(field) else {
            return true;
        };
        let means = |value: &str| meaning(field, value, names);
        self.statements()
            .filter_map(|one| one.values.get(field))
            .any(|value| !decision.has_weighed(value, &means))
    }

    /// The one thing that a register says of a field; `None` where it says nothing, or several things
    /// under several keys.
    #[must_use]
    pub fn told_by(&self, dataset: &str, field: &str, names: &CityNames) -> Option<&str> {
        let of = self.statements().filter(|one| one.dataset == dataset);
        let told: Vec<&String> = of.filter_map(|one| one.values.get(field)).collect();
        let meanings: BTreeSet<_> = told
            .iter()
            .map(|value| meaning(field, value, names))
            .collect();
        (meanings.len() == 1)
            .then(|| told.first().map(|value| value.as_str()))
            .flatten()
    }

    /// Decides a field: everything that registers say of it now is weighed, and what an earlier
    /// decision weighed stays so.
    pub fn decide(&mut self, mut decision: Decision) {
        let field = decision.decides.clone();
        let told = self.statements().filter_map(|one| one.values.get(&field));
        decision.weighed.extend(told.cloned());
        decision.stood = self.stands.values.get(&field).cloned();
        if let Some(earlier) = self.decision(&field) {
            decision.weighed.extend(earlier.weighed.iter().cloned());
        }
        self.put(decision);
    }

    fn put(&mut self, decision: Decision) {
        self.decisions.retain(|one| one.decides != decision.decides);
        self.decisions.push(decision);
        self.decisions.sort_by(|a, b| a.decides.cmp(&b.decides));
    }
}

fn teller(one: &Statement) -> Teller {
    Teller {
        dataset: one.dataset.clone(),
        as_of: one.verified_on.clone(),
    }
}

/// A value as what it means.
fn meaning(field: &str, value: &str, names: &CityNames) -> String {
    if field != "address" {
        return model::meaning(field, value);
    }
    meant_address(value, names)
}

/// An address as the place that it means, however it is written; empty where it tells none.
#[must_use]
pub fn meant_address(value: &str, names: &CityNames) -> String {
    let address = Address::parse(value, names);
    // A register may leave the city's own areas out.
    let door = Address {
        province: None,
        city: None,
        district: None,
        street: None,
        community: None,
        ..address
    };
    let words = [door.rest.concat(), door.within.concat()].concat();
    format!("{}{words}", door.to_text())
}

impl From<&Statement> for FurtherRecord {
    fn from(one: &Statement) -> Self {
        Self {
            dataset: one.dataset.clone(),
            key: one.key.clone(),
            verified_on: one.verified_on.clone(),
            values: one.values.clone(),
        }
    }
}

impl From<FurtherRecord> for Statement {
    fn from(one: FurtherRecord) -> Self {
        Self {
            dataset: one.dataset,
            key: one.key,
            verified_on: one.verified_on,
            values: one.values,
        }
    }
}
