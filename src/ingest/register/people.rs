//! Residents: rows of several registers put together by person. The record of the register that
//! told of somebody first stands; what others say is kept beside it.
//! Keys and ids are fingerprints, so no identity number stands anywhere in the clear.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::field::Field;
use super::person_row::{key_of, values_of};
use super::record::Record;
use super::run::{Place, Tools};
use crate::base::{Clearance, ResidentId, Sealed};
use crate::ingest::ReadError;
use crate::model::identity::IdentityNo;
use crate::model::{Ground, Resident};
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
    /// The file that touched the person last, and the row that tells what stands.
    pub(super) file: usize,
    pub(super) row: Option<Place>,
    /// The row that was read last.
    pub(super) told_in: Option<Place>,
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

/// The people of the city, and of the registers that are read.
pub(super) struct Population<'a> {
    ground: &'a Ground,
    by_identity: HashMap<IdentityNo, ResidentId>,
    pub(super) touched: BTreeMap<ResidentId, Touched>,
    /// Keys that each data set has now.
    seen: BTreeMap<String, HashSet<String>>,
}

/// What a data set of residents loses and keeps, for the guard against half a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statements {
    /// What the data set said of people whose record another register gives.
    pub before: usize,
    /// Of these what it no longer says.
    pub removed: usize,
}

impl<'a> Population<'a> {
    /// The people of a city, by their identity numbers.
    pub(super) fn of(ground: &'a Ground, clearance: &Clearance) -> Result<Self, ReadError> {
        let mut by_identity = HashMap::with_capacity(ground.residents.len());
        for one in ground.residents.values() {
            let number = one.identity_no.open(clearance).ok_or_else(locked)?;
            // Of two with the same number the first is the one that is told of.
            if let Some(identity) = IdentityNo::new(number) {
                by_identity.entry(identity).or_insert(one.id);
            }
        }
        Ok(Self {
            ground,
            by_identity,
            touched: BTreeMap::new(),
            seen: BTreeMap::new(),
        })
    }

    /// Takes a row; what is wrong with its identity number was noted before. Answers whether it is
    /// somebody's.
    pub(super) fn take(
        &mut self,
        record: &Record,
        (dataset, file, place): (&str, usize, Place),
        tools: &Tools,
    ) -> Result<bool, ReadError> {
        let identity = record
            .text(Field::IdentityNo)
            .as_deref()
            .and_then(IdentityNo::new);
        let mut values = values_of(record, identity.as_ref(), tools);
        let Some(key) = key_of(record, identity.as_ref(), &values, tools) else {
            return Ok(false);
        };
        let known = identity
            .as_ref()
            .and_then(|identity| self.by_identity.get(identity).copied());
        let id = known.unwrap_or_else(|| ResidentId::from_source(REGISTER, &key));
        if let Some(identity) = identity {
            values.insert("identity_no".to_owned(), identity.as_str().to_owned());
            self.by_identity.insert(identity, id);
        }
        let own = self.own_key(dataset, &key);
        let told_on = record.date(Field::VerifiedOn).map(|date| date.to_string());
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
        touched.told_in = Some(place.clone());
        let person = touched
            .person
            .get_or_insert_with(|| Person::new(statement.clone()));
        let stands =
            person.stands.dataset == statement.dataset && person.stands.key == statement.key;
        if stands {
            touched.row = Some(place);
        }
        let _: Absorbed = person.absorb(statement);
        Ok(true)
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

    /// Takes back what data sets no longer say, and tells how much that is.
    pub(super) fn withdraw(
        &mut self,
        files: &BTreeMap<String, usize>,
        tools: &Tools,
    ) -> Result<BTreeMap<String, Statements>, ReadError> {
        let mut told = BTreeMap::<String, Statements>::new();
        let none = HashSet::new();
        for (dataset, file) in files {
            let seen = self.seen.get(dataset).unwrap_or(&none);
            let count = told.entry(dataset.clone()).or_default();
            for one in self
                .ground
                .residents
                .values()
                .filter(|one| one.further.is_some())
            {
                let was = known(one, tools.clearance)?;
                let before = was.further.iter().filter(|one| one.dataset == *dataset);
                count.before += before.clone().count();
                count.removed += before.filter(|one| !seen.contains(&one.key)).count();
                if std::iter::once(&was.stands)
                    .chain(&was.further)
                    .all(|one| one.dataset != *dataset)
                {
                    continue;
                }
                let touched = self.touched.entry(one.id).or_insert_with(|| Touched {
                    person: Some(was),
                    original: Some(one.clone()),
                    file: *file,
                    row: None,
                    told_in: None,
                });
                let person = touched.person.take();
                touched.person =
                    person.and_then(|one| one.without(dataset, &|key| seen.contains(key)));
            }
        }
        Ok(told)
    }

    /// The record of somebody, linked to where the city's record is linked; `None` of whom nobody
    /// tells any more.
    pub(super) fn resident(id: ResidentId, one: &Touched) -> Option<Resident> {
        let person = one.person.as_ref()?;
        Some(record_of(id, person, one.original.as_ref()))
    }
}

fn locked() -> ReadError {
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
