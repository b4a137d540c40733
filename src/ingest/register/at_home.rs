//! Names of people in what everybody may see: the title of an event and the name of a device, a camera
//! or a facility hold at times who lives in the building, or who reported. Only whole names of people
//! of that building and of the reporter count, for a place may be called like somebody elsewhere; of
//! people elsewhere, or with no home, where the text itself says that it is about a person (李德家, 李德先生,
//! 独居老人李德), and in titles of events and texts about work names of three letters. Whom to call for
//! somebody counts as they do, and so do the telephone numbers of both. Never shows a name, and keeps none
//! beyond the run.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::kept_of_person::{LEAST, kept_of, names_in};
use super::name_in_text::{Name, Signs, is_latin, mask_names, may_be_several_words, print};
use super::place_names::PlaceNames;
use crate::base::{BuildingId, Clearance, Mask, Sealed, half_width, known_telephones};
use crate::ingest::about_people::{is_a_person, is_a_place, joins_names};
use crate::model::{Ground, Resident};

/// The most letters of a name that is looked for in a text: Latin ones are long.
const MOST: usize = 40;
/// Fewest digits of a number whose first and last ones do not tell it.
const MOBILE_DIGITS: usize = 11;
/// The fewest letters of a name that nothing else is called by.
const RARE: usize = 3;

/// Names of the people of each building.
#[derive(Default)]
pub(super) struct NamesAtHome {
    by_building: HashMap<BuildingId, HashSet<Name>>,
    /// Fingerprints of the names of everybody, wherever they live; of Latin ones such as have several
    /// words, for one alone is a word like others.
    everywhere: HashSet<u64>,
    /// First letters of these, and letters of the longest: few places of a text can begin a name.
    firsts: HashSet<char>,
    longest: usize,
    /// Fingerprints of everybody's telephone numbers, in the forms under which they are known.
    phones: HashSet<u64>,
    /// Names of places, which some people are called like.
    places: PlaceNames,
    /// The buildings that matter; all where that is not said.
    only: Option<HashSet<BuildingId>>,
    is_locked: bool,
}

impl NamesAtHome {
    /// Those of a city; with buildings, of the people there alone.
    pub(super) fn of(
        ground: &Ground,
        only: Option<HashSet<BuildingId>>,
        clearance: &Clearance,
    ) -> Self {
        let mut names = Self {
            only,
            places: PlaceNames::of(ground),
            ..Self::default()
        };
        for one in ground.residents.values() {
            let building = building_of(one, ground);
            // Of people elsewhere things were looked at when they or these came.
            let matters =
                |only: &HashSet<BuildingId>| building.is_some_and(|id| only.contains(&id));
            if names.only.as_ref().is_none_or(matters) {
                names.note(one, building, clearance);
            }
        }
        names
    }

    /// Those of some people, as they are about to stand in a city.
    pub(super) fn of_some<'r>(
        people: impl Iterator<Item = &'r Resident>,
        ground: &Ground,
        clearance: &Clearance,
    ) -> Self {
        let mut names = Self {
            places: PlaceNames::of(ground),
            ..Self::default()
        };
        for one in people {
            names.note(one, building_of(one, ground), clearance);
        }
        names
    }

    /// Adds somebody who lives in a building.
    pub(super) fn note(
        &mut self,
        resident: &Resident,
        building: Option<BuildingId>,
        clearance: &Clearance,
    ) {
        let Some(kept) = kept_of(resident, clearance) else {
            self.is_locked = true;
            return;
        };
        let names = kept.names;
        for name in names.iter().filter(|name| !name.is_a_word()) {
            self.everywhere.insert(print(name.letters()));
            self.firsts.extend(name.letters().chars().next());
            self.longest = self.longest.max(name.length()).min(MOST);
        }
        self.phones
            .extend(kept.phones.iter().map(|number| print(number)));
        let matters = |id: &BuildingId| self.only.as_ref().is_none_or(|only| only.contains(id));
        if let Some(building) = building.filter(matters) {
            self.by_building.entry(building).or_default().extend(names);
        }
    }

    /// Whether names could not be opened.
    pub(super) fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// Whether a text holds the name of somebody who lives in the building, or says of somebody else
    /// whom a register tells of that it is about them.
    pub(super) fn tells(&self, text: &str, building: Option<BuildingId>) -> bool {
        let names = building.and_then(|id| self.by_building.get(&id));
        let signs = Signs::of(text);
        names.is_some_and(|names| names.iter().any(|name| !signs.find(name).is_empty()))
            || !self.people_in(text, &is_a_person).is_empty()
    }

    /// Whether a text about somebody's work or an event names anybody whom a register tells of, wherever
    /// they live. Such texts name people and places, so a name of three letters counts that is none of a
    /// place, nor a part of the name of one.
    pub(super) fn tells_anybody(&self, text: &str) -> bool {
        !self.anybody_in(text).is_empty()
    }

    fn anybody_in(&self, text: &str) -> Vec<Name> {
        self.people_in(text, &|name, before, behind| {
            let is_rare = name.chars().count() >= RARE && !is_a_place(behind);
            is_a_person(name, before, behind) || is_rare && !self.places.hold(name, before, behind)
        })
    }

    /// Whether a text holds a telephone number of somebody whom a register tells of.
    pub(super) fn holds_phone(&self, text: &str) -> bool {
        let signs: Vec<char> = text.chars().map(half_width).collect();
        !self.phones_in(&signs).is_empty()
    }

    fn phones_in(&self, signs: &[char]) -> Vec<Range<usize>> {
        if self.phones.is_empty() {
            return Vec::new();
        }
        known_telephones(signs, &|number| self.phones.contains(&print(number)))
    }

    /// The text with such numbers as masks; `None` where it holds none.
    pub(super) fn masked_phones(&self, text: &str) -> Option<String> {
        let plain: Vec<char> = text.chars().map(half_width).collect();
        let found = self.phones_in(&plain);
        let signs: Vec<char> = text.chars().collect();
        let (mut masked, mut from) = (String::new(), 0);
        for range in &found {
            masked.extend(&signs[from..range.start]);
            let number: String = plain[range.clone()].iter().collect();
            // Of a landline's number a mask with its last digits would leave one sign open.
            let mask = match number.len() >= MOBILE_DIGITS {
                true => Mask::Phone,
                false => Mask::Hidden,
            };
            masked.push_str(&Sealed::new(number).masked(mask));
            from = range.end;
        }
        masked.extend(&signs[from..]);
        (!found.is_empty()).then_some(masked)
    }

    /// The text with such names as masks; `None` where it holds none.
    pub(super) fn masked(&self, text: &str, building: Option<BuildingId>) -> Option<String> {
        let names = building.and_then(|id| self.by_building.get(&id));
        let signs = Signs::of(text);
        let names = names.into_iter().flatten();
        let names = names.filter(|name| !signs.find(name).is_empty()).cloned();
        let names = names.chain(self.people_in(text, &is_a_person)).collect();
        mask_names(text, names)
    }

    /// The same of a value that a source tells of a thing: also where it is nothing but somebody's name,
    /// of three letters where they live elsewhere, or holds somebody's telephone number.
    pub(super) fn masked_whole(&self, text: &str, building: Option<BuildingId>) -> Option<String> {
        let name = Name::of(text);
        let is_rare = name.length() >= RARE && !name.is_a_word();
        if is_rare && self.everywhere.contains(&print(name.letters())) {
            return mask_names(text, vec![name]);
        }
        let masked = self.masked_phones(text);
        let named = self.masked(masked.as_deref().unwrap_or(text), building);
        named.or(masked)
    }

    /// The same of an address that stands for a name: also names of three letters of people elsewhere.
    pub(super) fn masked_in_address(
        &self,
        address: &str,
        building: Option<BuildingId>,
    ) -> Option<String> {
        let there = self.masked(address, building);
        let elsewhere = self.masked_anybody(there.as_deref().unwrap_or(address));
        elsewhere.or(there)
    }

    /// The same of a text about somebody's work.
    pub(super) fn masked_anybody(&self, text: &str) -> Option<String> {
        mask_names(text, self.anybody_in(text))
    }

    /// The names of those of whom the text says, by what stands before and behind them, that it is
    /// about them; and of those who are named in one go with them.
    fn people_in(&self, text: &str, is_about: &dyn Fn(&str, &str, &str) -> bool) -> Vec<Name> {
        // Where no people are known there is nothing to look for.
        if self.everywhere.is_empty() {
            return Vec::new();
        }
        let signs = Signs::of(text);
        let (mut found, mut place, mut last_end) = (Vec::new(), 0, None);
        while place < signs.count() {
            let known = self.names_from(&signs, place).into_iter().rev();
            let name = known.into_iter().find(|name| {
                let range = signs.range(place, name.length());
                let (before, behind) = (bare(&text[..range.start]), bare(&text[range.end..]));
                let is_joined =
                    last_end.is_some_and(|end: usize| joins_names(&bare(&text[end..range.start])));
                is_joined && !is_a_place(&behind) || is_about(name.letters(), &before, &behind)
            });
            match name {
                Some(name) => {
                    last_end = Some(signs.range(place, name.length()).end);
                    place += name.length();
                    found.push(name);
                }
                None => place += 1,
            }
        }
        found
    }

    /// Names of people that begin at a place of a text, the shortest first.
    fn names_from(&self, signs: &Signs, place: usize) -> Vec<Name> {
        if !self.firsts.contains(&signs.letter(place)) {
            return Vec::new();
        }
        let lengths = LEAST..=self.longest.min(signs.count() - place);
        let names = lengths.filter_map(|length| signs.name(place, length));
        let known = names.filter(|name| self.everywhere.contains(&print(name.letters())));
        let is_whole = |name: &Name| !is_latin(name.letters()) || may_be_several_words(name);
        known.filter(is_whole).collect()
    }
}

/// The building in which somebody lives.
fn building_of(one: &Resident, ground: &Ground) -> Option<BuildingId> {
    let household = || ground.households.get(&one.household?)?.dwelling;
    let home = one.dwelling.or_else(household)?;
    Some(ground.dwellings.get(&home)?.building)
}

/// A text without its blanks.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether a text holds the name of who is named as its reporter.
pub(super) fn tells_reporter(text: &str, reporter: Option<&str>) -> bool {
    let names = reporter.map(names_in).unwrap_or_default();
    let signs = Signs::of(text);
    names.iter().any(|name| !signs.find(name).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_whole_and_a_word_for_nobody_does_not() {
        let told = |title: &str, reporter: &str| tells_reporter(title, Some(reporter));
        assert!(told("植物丙家报修", "植物丙"));
        assert!(told("植物丙家报修", "植物丙 13900000003"));
        assert!(told("植物丙家报修", "植物甲、植物丙"));
        assert!(told("植物丙家报修", "植物丙女士(邻居)"));
        assert!(told("植物 丙家报修", "植物 丙"));
        assert!(told("Call of Li Na, lift stuck", "Li Na"));
        assert!(!told("Line cut", "Li"));
        assert!(!told("物业报修", "物业"));
        assert!(!told("丙幢报修", "丙"));
        assert!(!told("植物丁家报修", "植物丙"));
        assert!(told("Duan Mu", "Duan Mu女士"));
        assert!(!told("王先生报修", "先生"));
        assert!(!tells_reporter("植物丙家报修", None));
        assert!(!told("", "植物丙") && !told("植物丙", ""));
    }
}
