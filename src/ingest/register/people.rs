//! Residents: rows of several registers put together by person. The record of the register that
//! told of somebody first stands; what others say is kept beside it.
//! Keys and ids are fingerprints, so no identity number stands anywhere in the clear.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::alike::Print;
use super::field::Field;
use super::household_numbers::household_of_person;
use super::person_row::{identity_of, key_of, values_of};
use super::record::Record;
use super::run::{Place, Tools};
use crate::base::{Clearance, HouseholdId, ResidentId, Sealed, SealedList};
use crate::ingest::ReadError;
use crate::model::identity::IdentityNo;
use crate::model::{Ground, LabelRules, Resident};
use crate::registry::merge::{Absorbed, Person, Statement};
use crate::registry::record::{person_of, record_of};

/// Data set under which the ids of people are made, whatever register tells of them.
pub(super) const REGISTER: &str = "register";

/// A person that this run touches.
pub(super) struct Touched {
    /// What all registers tell; `None` where none does any more.
    pub(super) person: Option<Person>,
    /// The record as the city has it.
    original: Option<Resident>,
    /// The file that touched the person last.
    pub(super) file: usize,
    /// The row that tells what stands, with its file.
    pub(super) row: Option<(usize, Place)>,
    /// The row that was read last, with its file.
    pub(super) told_in: Option<(usize, Place)>,
}

impl Touched {
    /// Whether what stands is what the city's record says already.
    pub(super) fn stood(&self, person: &Person) -> bool {
        self.original.as_ref().is_some_and(|one| {
            one.source.dataset == person.stands.dataset && one.source.key == person.stands.key
        })
    }

    /// Whether what stands tells the address that the city's record has.
    pub(super) fn stands_where_it_stood(&self, person: &Person) -> bool {
        let address = person.value("address").unwrap_or_default();
        self.stood(person)
            && self
                .original
                .as_ref()
                .is_some_and(|one| one.address == Sealed::new(address))
    }
}

/// People of the city whom registers touch: all of them, or a part with every row of each.
pub(super) struct Population<'a> {
    ground: &'a Ground,
    pub(super) touched: BTreeMap<ResidentId, Touched>,
    /// Keys that each data set has now of these people.
    seen: BTreeMap<String, HashSet<String>>,
}

/// What a data set of residents loses and keeps, for the guard against half a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statements {
    /// What the data set said of people whose record another register gives.
    pub before: usize,
    /// Of these what it no longer says.
    pub removed: usize,
    /// People whose record this data set gave, whom it no longer names and others do: what another
    /// register says of them stands from now on.
    pub passed_on: usize,
}

/// Whom a row means.
pub(super) struct Who {
    identity: Option<IdentityNo>,
    key: String,
    values: BTreeMap<String, String>,
    pub(super) id: ResidentId,
}

impl Who {
    /// Leaves out a household that is none: everybody of its number has one by another register.
    pub(super) fn keep_household(&mut self, is_one: impl Fn(HouseholdId) -> bool) {
        self.values
            .retain(|field, value| field != "household" || value.parse().is_ok_and(&is_one));
    }

    /// What is kept of a row until it is known who is one person.
    pub(super) fn print(&self, tells_household: bool) -> Print {
        let has_number = self.identity.as_ref().is_some_and(IdentityNo::identifies);
        Print::of(&self.values, has_number, tells_household)
    }
}

/// Who is meant by what rows tell.
pub(super) struct Identities {
    /// The people of the city by their identity numbers.
    known: HashMap<IdentityNo, ResidentId>,
    /// People of the city whom no number tells.
    pub(super) without: Vec<ResidentId>,
    /// Ids of rows that are one person with another.
    same: HashMap<ResidentId, ResidentId>,
}

impl Identities {
    /// Those of a city.
    pub(super) fn of(ground: &Ground, clearance: &Clearance) -> Result<Self, ReadError> {
        let mut known = HashMap::with_capacity(ground.residents.len());
        let mut without = Vec::new();
        for one in ground.residents.values() {
            let number = one.identity_no.open(clearance).ok_or_else(locked)?;
            // Of two with the same number the first is the one that is told of. What many have in its
            // place tells nobody.
            match IdentityNo::new(&number).filter(IdentityNo::identifies) {
                Some(identity) => drop(known.entry(identity).or_insert(one.id)),
                None => without.push(one.id),
            }
        }
        Ok(Self {
            known,
            without,
            same: HashMap::new(),
        })
    }

    /// Takes over which ids mean another one.
    pub(super) fn join(&mut self, same: &BTreeMap<i64, i64>) {
        let id = |bits: i64| ResidentId::from_bits(bits.cast_unsigned());
        self.same = same.iter().map(|(from, to)| (id(*from), id(*to))).collect();
    }

    /// Whom a row means; `None` of a row that is nobody's.
    pub(super) fn who(&self, record: &Record, tools: &Tools) -> Option<Who> {
        let identity = identity_of(record);
        let mut values = values_of(record, identity.as_ref(), tools);
        let key = key_of(record, identity.as_ref(), &values, tools)?;
        let known = identity
            .as_ref()
            .and_then(|one| self.known.get(one).copied());
        let id = known.unwrap_or_else(|| ResidentId::from_source(REGISTER, &key));
        let id = self.same.get(&id).copied().unwrap_or(id);
        let household = household_of_person(record, id, tools);
        values.extend(household.map(|id| ("household".to_owned(), id.to_string())));
        Some(Who {
            identity,
            key,
            values,
            id,
        })
    }
}

impl<'a> Population<'a> {
    /// Nobody yet, of the people of a city.
    pub(super) fn new(ground: &'a Ground) -> Self {
        Self {
            ground,
            touched: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Takes a row; what is wrong with its identity number was noted before.
    pub(super) fn take(
        &mut self,
        (record, who): (&Record, Who),
        (dataset, file, place): (&str, usize, Place),
        tools: &Tools,
    ) -> Result<(), ReadError> {
        let Who {
            identity,
            key,
            mut values,
            id,
        } = who;
        if let Some(identity) = identity {
            values.insert("identity_no".to_owned(), identity.as_str().to_owned());
        }
        let own = self.own_key(dataset, &key);
        let told_on = record.past_date(Field::VerifiedOn, tools.today);
        let told_on = told_on.map(|date| date.to_string());
        let touched = self.touch(id, file, tools)?;
        let before = touched
            .person
            .as_ref()
            .and_then(|one| said_by(one, dataset, &own));
        let verified_on = told_on
            .or_else(|| before.map(|one| one.verified_on.clone()))
            .unwrap_or_else(|| tools.today.to_owned());
        let statement = Statement {
            dataset: dataset.to_owned(),
            key: own,
            verified_on,
            values,
        };
        touched.file = file;
        touched.told_in = Some((file, place.clone()));
        let person = touched
            .person
            .get_or_insert_with(|| Person::new(statement.clone()));
        let stands =
            person.stands.dataset == statement.dataset && person.stands.key == statement.key;
        if stands {
            touched.row = Some((file, place));
        }
        let _: Absorbed = person.absorb(statement);
        Ok(())
    }

    /// A key that the data set has not given yet: somebody who stands in the same register twice is
    /// kept twice.
    fn own_key(&mut self, dataset: &str, key: &str) -> String {
        let seen = self.seen.entry(dataset.to_owned()).or_default();
        let mut own = key.to_owned();
        let mut number = 2;
        while !seen.insert(own.clone()) {
            own = format!("{key}#{number}");
            number += 1;
        }
        own
    }

    /// The person with this id, as the city knows them before the first row of this run.
    fn touch(
        &mut self,
        id: ResidentId,
        file: usize,
        tools: &Tools,
    ) -> Result<&mut Touched, ReadError> {
        Ok(match self.touched.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let original = self.ground.residents.get(&id).cloned();
                let person = original.as_ref().map(|one| known(one, tools.clearance));
                entry.insert(Touched {
                    person: person.transpose()?,
                    original,
                    file,
                    row: None,
                    told_in: None,
                })
            }
        })
    }

    /// Somebody of whom no row tells, to take back what data sets said of them.
    pub(super) fn touch_unseen(&mut self, one: &Resident, tools: &Tools) -> Result<(), ReadError> {
        self.touch(one.id, 0, tools).map(drop)
    }

    /// Takes back what data sets no longer say of these people, and counts what they said of people
    /// whose record another register gives. Who loses nothing and no row tells of is let go.
    pub(super) fn withdraw(
        &mut self,
        files: &BTreeMap<String, usize>,
        told: &mut BTreeMap<String, Statements>,
        tools: &Tools,
    ) -> Result<(), ReadError> {
        let none = HashSet::new();
        for touched in self.touched.values_mut() {
            let Some(original) = &touched.original else {
                continue;
            };
            let was = known(original, tools.clearance)?;
            for (dataset, file) in files {
                let seen = self.seen.get(dataset).unwrap_or(&none);
                let count = told.entry(dataset.clone()).or_default();
                let before = was.further.iter().filter(|one| one.dataset == *dataset);
                count.before += before.clone().count();
                count.removed += before.filter(|one| !seen.contains(&one.key)).count();
                if was.statements().all(|one| one.dataset != *dataset) {
                    continue;
                }
                if touched.told_in.is_none() {
                    touched.file = *file;
                }
                let person = touched.person.take();
                touched.person =
                    person.and_then(|one| one.without(dataset, &|key| seen.contains(key)));
            }
            // Only now is it known who tells of them after all files.
            let stood = was.stands.dataset.as_str();
            let is_passed_on = touched
                .person
                .as_ref()
                .is_some_and(|now| now.statements().all(|one| one.dataset != stood));
            if let Some(count) = told.get_mut(stood).filter(|_| is_passed_on) {
                count.passed_on += 1;
            }
        }
        let is_touched = |one: &Touched| {
            one.told_in.is_some()
                || one.original.as_ref().is_none_or(|original| {
                    let was = known(original, tools.clearance).ok();
                    was != one.person
                })
        };
        self.touched.retain(|_, one| is_touched(one));
        Ok(())
    }

    /// The record of somebody, linked to where the city's record is linked; `None` of whom nobody
    /// tells any more.
    pub(super) fn resident(
        id: ResidentId,
        one: &Touched,
        clearance: &Clearance,
    ) -> Option<Resident> {
        let person = one.person.as_ref()?;
        let mut resident = record_of(id, person, one.original.as_ref());
        // Labels that no register tells any more stay, but not against a register that says no.
        if person.value("labels").is_none()
            && let Some(mut labels) = resident.labels.open(clearance)
        {
            let before = labels.len();
            labels.retain(|label| person.value(&LabelRules::denial(label)).is_none());
            if labels.len() < before {
                resident.labels = SealedList::new(labels);
            }
        }
        Some(resident)
    }
}

pub(super) fn locked() -> ReadError {
    ReadError::Unusable {
        reason: "the city's personal values are locked".to_owned(),
        remedy: "name the city's key with --key-file FILE".to_owned(),
    }
}

/// What a register said before under this key.
fn said_by<'p>(person: &'p Person, dataset: &str, key: &str) -> Option<&'p Statement> {
    let mut all = person.statements();
    all.find(|one| one.dataset == dataset && one.key == key)
}

/// What the city has of somebody, as what registers say.
fn known(one: &Resident, clearance: &Clearance) -> Result<Person, ReadError> {
    person_of(one, clearance).map_err(|fault| ReadError::Unusable {
        reason: format!("resident {} cannot be merged: {fault}", one.id),
        remedy: "restore a backup of the city, or name its key with --key-file FILE".to_owned(),
    })
}
