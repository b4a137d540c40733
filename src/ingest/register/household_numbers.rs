//! Household numbers that begin again in every building: 1 and 2 of 3幢, and again of 4幢. A number counts
//! within the home of its row, so the first home that has it stands under the number alone, as
//! households always did, and every other one under number and home. Used by registers of households,
//! people and vehicles. A row whose address leads to no home means the first.

use std::collections::{HashMap, HashSet};

use super::build::Build;
use super::cell::Fault;
use super::no_number::household_number;
use super::record::Record;
use super::run::Tools;
use super::told_address::told_address;
use crate::base::{DwellingId, HouseholdId, ResidentId};

/// What is said of a row whose number another home has.
pub(super) const OTHER_HOME: Fault = "another home has this household number too: a household of its own, \
     for a number counts within its home";

/// The homes of the numbers of a run.
#[derive(Default)]
pub(super) struct HouseholdNumbers {
    /// The first home that has a number, by the household of the number alone.
    homes: HashMap<HouseholdId, DwellingId>,
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
    fn note(&mut self, number: HouseholdId, home: DwellingId, known: Option<DwellingId>) -> bool {
        let first = *self.homes.entry(number).or_insert(known.unwrap_or(home));
        if first != home {
            self.several.insert(number);
        }
        first != home
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
        let known = known.and_then(|one| one.dwelling);
        self.numbers.note(number, home, known)
    }

    /// Whether a register of another data set tells of a household.
    pub(super) fn is_of_others(&self, id: HouseholdId, dataset: &str) -> bool {
        let known = self.city.ground.households.get(&id);
        known.is_some_and(|known| known.source.dataset != dataset)
    }

    /// The same of a row of somebody: the household that it tells of first, and whether another home
    /// has its number.
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
        let is_told = |one: &Meant| one.number == number;
        if self.numbers.of_people.get(&id).is_some_and(is_told) {
            return (None, false);
        }
        // What another register says of them stands.
        let known = tools.ground.residents.get(&id);
        let known = known.filter(|one| !self.again.contains(&one.source.dataset));
        if known.is_some_and(|one| one.household == Some(number)) {
            let household = number;
            let meant = Meant { number, household };
            self.numbers.of_people.entry(id).or_insert(meant);
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
    let first = tools.numbers.homes.get(&id).copied();
    let home = home_of(record, tools).filter(|home| Some(*home) != first);
    Some(home.map_or(alone, |home| key(&number, Some(home), tools)))
}

/// The household that a row of somebody means by its number.
pub(super) fn household_of_person(
    record: &Record,
    id: ResidentId,
    tools: &Tools,
) -> Option<HouseholdId> {
    let number = household_number(record)?;
    let alone = tools.household_id(&key(&number, None, tools));
    let meant = tools.numbers.of_people.get(&id);
    match meant.filter(|one| one.number == alone) {
        Some(meant) => Some(meant.household),
        None => household_key(record, tools).map(|key| tools.household_id(&key)),
    }
}

/// The household of a vehicle: that of its home, where one there has the number.
pub(super) fn household_of_vehicle(record: &Record, tools: &Tools) -> Option<HouseholdId> {
    let number = household_number(record)?;
    let home = home_of(record, tools).map(|home| key(&number, Some(home), tools));
    let of_home = home.map(|key| tools.household_id(&key));
    let alone = || tools.household_id(&key(&number, None, tools));
    Some(
        of_home
            .filter(|id| tools.has_household(*id))
            .unwrap_or_else(alone),
    )
}

fn home_of(record: &Record, tools: &Tools) -> Option<DwellingId> {
    let address = told_address(record, tools.linker);
    tools
        .linker
        .dwelling(&tools.linker.parse(&address))
        .linked()
}

/// The fingerprint of a number, alone or with its home.
fn key(number: &str, home: Option<DwellingId>, tools: &Tools) -> String {
    match home {
        None => tools.fingerprint("household", number),
        Some(home) => tools.fingerprint("household", &format!("{number}\n{home}")),
    }
}
