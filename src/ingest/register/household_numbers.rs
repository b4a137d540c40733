//! Household numbers that begin again in every building: 1 and 2 of 3幢, and again of 4幢. A number counts
//! within the home of its row, or where the address leads to none, within that address: the first home
//! that has it stands under the number alone, as households always did, and every other one under number
//! and home. Used by registers of households, people and vehicles. A row without an address means the first.

use std::collections::{HashMap, HashSet};

use super::build::Build;
use super::cell::Fault;
use super::no_number::household_number;
use super::record::Record;
use super::run::Tools;
use super::told_address::told_address;
use crate::base::{DwellingId, HouseholdId, ResidentId};
use crate::model::Household;
use crate::registry::merge::meant_address;

/// What is said of a row whose number another home has.
pub(super) const OTHER_HOME: Fault = "another home has this household number too: a household of its own, \
     for a number counts within its home";

/// Where a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Home {
    Dwelling(DwellingId),
    /// An address that leads to no dwelling, as what it means.
    Address(Box<str>),
}

impl std::fmt::Display for Home {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dwelling(id) => id.fmt(f),
            Self::Address(address) => f.write_str(address),
        }
    }
}

/// The homes of the numbers of a run.
#[derive(Default)]
pub(super) struct HouseholdNumbers {
    /// The first home that has a number, by the household of the number alone.
    homes: HashMap<HouseholdId, Home>,
    /// Numbers that several homes have.
    several: HashSet<HouseholdId>,
    /// The household that somebody's first row means by its number: another row of theirs means it too,
    /// whatever address it tells.
    of_people: HashMap<ResidentId, Meant>,
}

/// The household of a number alone, and the one that is meant by it.
#[derive(Clone, Copy)]
struct Meant {
    number: HouseholdId,
    household: HouseholdId,
}

impl HouseholdNumbers {
    /// Notes a home of a number, of which the first is `known` where another register tells of it;
    /// whether it is another one.
    fn note(&mut self, number: HouseholdId, home: &Home, known: Option<Home>) -> bool {
        let first = || known.unwrap_or_else(|| home.clone());
        let is_other = self.homes.entry(number).or_insert_with(first) != home;
        if is_other {
            self.several.insert(number);
        }
        is_other
    }

    /// The household that somebody's row means by its number, where another row of theirs told it.
    pub(super) fn meant_by(&self, id: ResidentId, number: HouseholdId) -> Option<HouseholdId> {
        let meant = self.of_people.get(&id);
        meant
            .filter(|one| one.number == number)
            .map(|one| one.household)
    }
}

impl Build<'_> {
    /// Notes the home of a row with a household's number; whether another home has that number.
    pub(super) fn note_household(&mut self, record: &Record) -> bool {
        let tools = self.tools();
        let Some(number) = household_number(record) else {
            return false;
        };
        let number = tools.household_id(&key(&number, None, &tools));
        let Some(home) = home_of(record, &tools) else {
            return false;
        };
        let known = tools.ground.households.get(&number);
        let known = known.filter(|one| !self.again.contains(&one.source.dataset));
        let known = known.and_then(|one| known_home(one, &home, &tools));
        self.numbers.note(number, &home, known)
    }

    /// Whether a register of another data set tells of a household.
    pub(super) fn is_of_others(&self, id: HouseholdId, dataset: &str) -> bool {
        let known = self.city.ground.households.get(&id);
        known.is_some_and(|known| known.source.dataset != dataset)
    }

    /// The same of a row of somebody: the household that it means, unless an earlier row of theirs meant
    /// it, and whether another home has its number. Only of rows whose register tells their household.
    pub(super) fn note_person(
        &mut self,
        record: &Record,
        id: ResidentId,
    ) -> (Option<HouseholdId>, bool) {
        let tools = self.tools();
        let Some(number) = household_number(record) else {
            return (None, false);
        };
        let number = tools.household_id(&key(&number, None, &tools));
        if self.numbers.meant_by(id, number).is_some() {
            return (None, false);
        }
        let is_other = self.note_household(record);
        let tools = self.tools();
        let household = household_key(record, &tools).map(|key| tools.household_id(&key));
        if let Some(household) = household {
            let meant = Meant { number, household };
            self.numbers.of_people.entry(id).or_insert(meant);
        }
        (household, is_other)
    }
}

/// The key of the household whose number a row tells.
pub(super) fn household_key(record: &Record, tools: &Tools) -> Option<String> {
    let number = household_number(record)?;
    let alone = key(&number, None, tools);
    let id = tools.household_id(&alone);
    if !tools.numbers.several.contains(&id) {
        return Some(alone);
    }
    let first = tools.numbers.homes.get(&id);
    let home = home_of(record, tools).filter(|home| Some(home) != first);
    Some(home.map_or(alone, |home| key(&number, Some(&home), tools)))
}

/// The household that a row of somebody means by its number.
pub(super) fn household_of_person(
    record: &Record,
    id: ResidentId,
    tools: &Tools,
) -> Option<HouseholdId> {
    let number = household_number(record)?;
    let alone = tools.household_id(&key(&number, None, tools));
    match tools.numbers.meant_by(id, alone) {
        Some(meant) => Some(meant),
        None => household_key(record, tools).map(|key| tools.household_id(&key)),
    }
}

/// The household of a vehicle: that of its home, where one there has the number.
pub(super) fn household_of_vehicle(record: &Record, tools: &Tools) -> Option<HouseholdId> {
    let number = household_number(record)?;
    let home = home_of(record, tools).map(|home| key(&number, Some(&home), tools));
    let of_home = home.map(|key| tools.household_id(&key));
    let alone = || tools.household_id(&key(&number, None, tools));
    Some(
        of_home
            .filter(|id| tools.has_household(*id))
            .unwrap_or_else(alone),
    )
}

/// Where the number of a row counts; `None` of a row without an address.
fn home_of(record: &Record, tools: &Tools) -> Option<Home> {
    let address = told_address(record, tools.linker);
    let home = tools
        .linker
        .dwelling(&tools.linker.parse(&address))
        .linked();
    home.map(Home::Dwelling).or_else(|| meant(&address, tools))
}

/// Where the number of a household counts that the city has: at the home of a row that has its address,
/// for somebody may have chosen its dwelling.
fn known_home(one: &Household, of_row: &Home, tools: &Tools) -> Option<Home> {
    let address = one.address.open(tools.clearance);
    let address = address.and_then(|address| meant(&address, tools));
    match one.dwelling {
        Some(_) if address.as_ref() == Some(of_row) => address,
        Some(home) => Some(Home::Dwelling(home)),
        None => address,
    }
}

fn meant(address: &str, tools: &Tools) -> Option<Home> {
    let meant = meant_address(address, tools.linker.names());
    (!meant.is_empty()).then(|| Home::Address(meant.into()))
}

/// The fingerprint of a number, alone or with its home.
fn key(number: &str, home: Option<&Home>, tools: &Tools) -> String {
    match home {
        None => tools.fingerprint("household", number),
        Some(home) => tools.fingerprint("household", &format!("{number}\n{home}")),
    }
}
