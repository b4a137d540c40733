//! From people to the records of the registry: households, residents, identity numbers, phones.
//! Used by `generate`. Writes right records first; `faults` then spoils some of them.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::{DwellingId, HouseholdId, ResidentId, Sealed, SealedList};
use crate::model::{Contact, Entity, Household, Resident, Traits, to_sealed};

use super::homes::Home;
use super::maker::Maker;
use super::people::{Names, Person};
use super::seed::Stream;

/// A resident's record in the open, before it is sealed.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) household: usize,
    pub(super) dwelling: Option<DwellingId>,
    pub(super) name: String,
    pub(super) identity_no: String,
    pub(super) birth_date: String,
    pub(super) phone: Option<String>,
    pub(super) labels: Vec<String>,
    pub(super) address: String,
    pub(super) verified_on: Date,
    pub(super) age: i32,
    pub(super) alone: bool,
    pub(super) traits: Traits,
    pub(super) contacts: Vec<Contact>,
}

/// A household's record.
#[derive(Debug, Clone)]
pub(super) struct Hearth {
    /// Index of the home it lives in, whatever the registry says.
    pub(super) home: usize,
    pub(super) linked: bool,
    pub(super) address: String,
}

/// The registry of the community.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) hearths: Vec<Hearth>,
    pub(super) records: Vec<Record>,
}

/// Gives every household a home and every person a right record.
pub(super) fn registry(maker: &Maker, homes: &[Home], people: &[Person]) -> Registry {
    let mut stream = maker.seed.stream("records");
    let mut calls = maker.seed.stream("contacts");
    let names = Names::new(maker.spec);
    let mut order: Vec<usize> = (0..homes.len()).collect();
    stream.shuffle(&mut order);
    let hearth = |home: &usize| Hearth {
        home: *home,
        linked: true,
        address: homes[*home].address.clone(),
    };
    let hearths: Vec<Hearth> = order
        .iter()
        .take(maker.spec.people.households)
        .map(hearth)
        .collect();
    let mut taken = BTreeSet::new();
    let records = people.iter().map(|person| {
        let home = &homes[hearths[person.household].home];
        Record {
            household: person.household,
            dwelling: Some(home.dwelling.id),
            name: person.name.clone(),
            identity_no: identity_no(maker, person, &mut taken, &mut stream),
            birth_date: person.birth.to_string(),
            phone: phone(maker, person.age, &mut stream),
            labels: person.labels.clone(),
            address: home.address.clone(),
            verified_on: day_before(maker, stream.whole(3, 400)),
            age: person.age,
            alone: person.alone,
            traits: person.traits.clone(),
            contacts: contacts(maker, &names, person, &mut calls),
        }
    });
    let records = records.collect();
    Registry { hearths, records }
}

/// The day of the registry less so many days.
pub(super) fn day_before(maker: &Maker, days: i32) -> Date {
    let today: Date = maker
        .spec
        .as_of
        .parse()
        .unwrap_or(Date::constant(2026, 1, 1));
    today.saturating_sub(days.days())
}

/// An identity number of GB 11643 that can belong to nobody: its first six digits are no county.
fn identity_no(
    maker: &Maker,
    person: &Person,
    taken: &mut BTreeSet<String>,
    stream: &mut Stream,
) -> String {
    loop {
        // Odd for men, even for women.
        let order = stream.whole(0, 499) * 2 + i32::from(!person.female);
        let area = &maker.spec.people.identity_area;
        let body = format!("{area}{}{order:03}", person.birth.strftime("%Y%m%d"));
        if taken.insert(body.clone()) {
            let check = check_character(&body);
            return format!("{body}{check}");
        }
    }
}

/// The check character over 17 digits (ISO 7064 MOD 11-2).
pub(super) fn check_character(body: &str) -> char {
    let digits = body
        .bytes()
        .map(|byte| u32::from(byte.saturating_sub(b'0')));
    let sum = digits.fold(0, |sum, digit| (sum + digit) * 2 % 11);
    match (12 - sum) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

fn phone(maker: &Maker, age: i32, stream: &mut Stream) -> Option<String> {
    let has = age >= 10 && stream.chance(if age >= 80 { 0.7 } else { 0.96 });
    let number = phone_number(maker, stream);
    has.then_some(number)
}

/// A number of a segment that no operator has.
pub(super) fn phone_number(maker: &Maker, stream: &mut Stream) -> String {
    let mut number = maker.spec.people.phone_prefix.clone();
    while number.len() < 11 {
        number.push(char::from_digit(stream.whole(0, 9) as u32, 10).unwrap_or('0'));
    }
    number
}

/// Whom to call for somebody who is old, young, alone or disabled; for some two people.
fn contacts(maker: &Maker, names: &Names, person: &Person, stream: &mut Stream) -> Vec<Contact> {
    let wanted = person.alone
        || person.age >= 60
        || person.age < 16
        || person.traits.contains_key("disability");
    let relations: &[&str] = match person.age {
        ..16 => &["父亲", "母亲", "祖母"],
        16..50 => &["父亲", "母亲", "朋友", "同事"],
        _ => &["女儿", "儿子", "侄女", "邻居"],
    };
    let contact = |stream: &mut Stream| {
        let family = names.family(stream);
        Contact {
            name: names.full(&family, 40, stream),
            relation: relations[stream.index(relations.len())].to_owned(),
            phone: phone_number(maker, stream),
        }
    };
    let count = usize::from(wanted) + usize::from(wanted && stream.chance(0.25));
    (0..count).map(|_| contact(stream)).collect()
}

impl Registry {
    /// The id of a household.
    pub(super) fn household_id(maker: &Maker, at: usize) -> HouseholdId {
        HouseholdId::from_source(&maker.dataset, &household_key(at))
    }

    /// Seals the records.
    pub(super) fn write(self, maker: &Maker, homes: &[Home], out: &mut Vec<Entity>) {
        for (at, hearth) in self.hearths.into_iter().enumerate() {
            out.push(Entity::from(Household {
                id: Self::household_id(maker, at),
                source: maker.source(&household_key(at)),
                dwelling: hearth.linked.then(|| homes[hearth.home].dwelling.id),
                address: Sealed::new(hearth.address),
            }));
        }
        for (at, record) in self.records.into_iter().enumerate() {
            let key = format!("resident-{:05}", at + 1);
            out.push(Entity::from(Resident {
                id: ResidentId::from_source(&maker.dataset, &key),
                source: maker.source(&key),
                household: Some(Self::household_id(maker, record.household)),
                dwelling: record.dwelling,
                name: Sealed::new(record.name),
                identity_no: Sealed::new(record.identity_no),
                birth_date: Sealed::new(record.birth_date),
                phone: record.phone.map(Sealed::new),
                labels: SealedList::new(record.labels),
                address: Sealed::new(record.address),
                verified_on: record.verified_on.to_string(),
                traits: to_sealed(&record.traits),
                contacts: to_sealed(&record.contacts),
                further: None,
            }));
        }
    }
}

fn household_key(at: usize) -> String {
    format!("household-{:05}", at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters() {
        // The published examples of GB 11643.
        assert_eq!(check_character("11010519491231002"), 'X');
        assert_eq!(check_character("44052418800101001"), '4');
    }
}
