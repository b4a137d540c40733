//! Names of people in what everybody may see: the title of an event and the name of a device, a camera
//! or a facility hold at times who lives in the building, or who reported. Only whole names of people
//! of that building and of the reporter count, for a place may be called like somebody elsewhere; of
//! people elsewhere, or with no home, where the text itself says that it is about a person: 李德家, 李德先生,
//! 独居老人李德. Telephone numbers of residents in what is a service's belong here too. Never shows a name,
//! and keeps none beyond the run.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::base::{BuildingId, Clearance, Mask, Sealed, TELEPHONE_DIGITS, half_width};
use crate::ingest::about_people::{is_a_person, is_a_place, joins_names};
use crate::model::{Ground, Resident};

/// What registers write where a reporter's name belongs, and what names nobody.
const NOBODY: &[&str] = &[
    "网格员",
    "社工",
    "物业",
    "居民",
    "群众",
    "业主",
    "住户",
    "租户",
    "租客",
    "匿名",
    "本人",
    "家属",
    "邻居",
    "社区",
    "街道",
    "城管",
    "民警",
    "派出所",
    "消防",
    "热线",
    "系统",
    "志愿者",
    "巡查员",
    "未知",
    "先生",
    "女士",
];

/// What stands behind a name.
const TITLES: &[&str] = &["先生", "女士", "同志", "师傅", "阿姨"];

/// The fewest letters of a name.
const LEAST: usize = 2;
/// The most letters of a name that is looked for in a text: 阿卜杜热依木·买买提江.
const MOST: usize = 16;
/// The fewest letters of a name that nothing else is called by.
const RARE: usize = 3;

/// Names of the people of each building.
#[derive(Default)]
pub(super) struct NamesAtHome {
    by_building: HashMap<BuildingId, HashSet<String>>,
    /// Fingerprints of the names of everybody, wherever they live.
    everywhere: HashSet<u64>,
    /// First letters of these, and letters of the longest: few places of a text can begin a name.
    firsts: HashSet<char>,
    longest: usize,
    /// Fingerprints of everybody's telephone numbers.
    phones: HashSet<u64>,
    /// Whether these are looked for: opening them takes as long as opening names.
    needs_phones: bool,
    /// The buildings that matter; all where that is not said.
    only: Option<HashSet<BuildingId>>,
    is_locked: bool,
}

impl NamesAtHome {
    /// Those of a city; with buildings, of the people there alone. Telephone numbers only where they are
    /// needed.
    pub(super) fn of(
        ground: &Ground,
        (only, needs_phones): (Option<HashSet<BuildingId>>, bool),
        clearance: &Clearance,
    ) -> Self {
        let mut names = Self {
            only,
            needs_phones,
            ..Self::default()
        };
        for one in ground.residents.values() {
            let household = || ground.households.get(&one.household?)?.dwelling;
            let home = one.dwelling.or_else(household);
            let building = home.and_then(|id| Some(ground.dwellings.get(&id)?.building));
            // Of people elsewhere things were looked at when they or these came.
            let matters =
                |only: &HashSet<BuildingId>| building.is_some_and(|id| only.contains(&id));
            if names.only.as_ref().is_none_or(matters) {
                names.note(one, building, clearance);
            }
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
        let Some(name) = resident.name.open(clearance) else {
            self.is_locked = true;
            return;
        };
        let names = names_in(&name);
        for name in &names {
            self.everywhere.insert(print(name));
            self.firsts.extend(name.chars().next());
            self.longest = self.longest.max(name.chars().count()).min(MOST);
        }
        let phone = resident.phone.as_ref().filter(|_| self.needs_phones);
        let phone = phone.and_then(|phone| phone.open(clearance));
        let numbers = phone.iter().flat_map(|phone| numbers_in(phone));
        self.phones.extend(numbers.map(|number| print(&number)));
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
        names.is_some_and(|names| names.iter().any(|name| holds(text, name)))
            || !self.people_in(text, is_a_person).is_empty()
    }

    /// Whether a text about somebody's work names anybody whom a register tells of. Such texts name
    /// people and places, so a name of three letters counts that is none of a place.
    pub(super) fn tells_anybody(&self, text: &str) -> bool {
        !self.people_in(text, is_anybody).is_empty()
    }

    /// Whether a text holds a telephone number of somebody whom a register tells of.
    pub(super) fn holds_phone(&self, text: &str) -> bool {
        let mut numbers = numbers_in(text);
        numbers.any(|number| self.phones.contains(&print(&number)))
    }

    /// The text with such names as masks; `None` where it holds none.
    pub(super) fn masked(&self, text: &str, building: Option<BuildingId>) -> Option<String> {
        let names = building.and_then(|id| self.by_building.get(&id));
        let names = names.into_iter().flatten();
        let names = names.filter(|name| holds(text, name)).cloned();
        let names = names.chain(self.people_in(text, is_a_person)).collect();
        mask_names(text, names)
    }

    /// The same of a value that a source tells of a thing: also where it is nothing but somebody's name,
    /// of three letters where they live elsewhere, or holds somebody's telephone number.
    pub(super) fn masked_whole(&self, text: &str, building: Option<BuildingId>) -> Option<String> {
        let name = bare(text).to_ascii_lowercase();
        let is_rare = name.chars().count() >= RARE && !name.is_ascii();
        if is_rare && self.everywhere.contains(&print(&name)) {
            return mask_names(text, vec![name]);
        }
        if self.holds_phone(text) {
            return Some(Sealed::new(text).masked(Mask::Phone));
        }
        self.masked(text, building)
    }

    /// The same of a text about somebody's work.
    pub(super) fn masked_anybody(&self, text: &str) -> Option<String> {
        mask_names(text, self.people_in(text, is_anybody))
    }

    /// The names of those of whom the text says, by what stands before and behind them, that it is
    /// about them; and of those who are named in one go with them.
    fn people_in(&self, text: &str, is_about: fn(&str, &str, &str) -> bool) -> Vec<String> {
        let text = bare(text);
        let signs: Vec<(usize, char)> = text.char_indices().collect();
        let end_of = |place: usize| signs.get(place).map_or(text.len(), |(at, _)| *at);
        let (mut found, mut place, mut last_end) = (Vec::new(), 0, None);
        while place < signs.len() {
            let (at, first) = signs[place];
            let most = self.longest.min(signs.len() - place);
            let most = if self.firsts.contains(&first) {
                most
            } else {
                0
            };
            let lengths = LEAST..=most;
            let before = &text[..at];
            let is_joined = last_end.is_some_and(|end| joins_names(&text[end..at]));
            let name = lengths.rev().find_map(|length| {
                let (name, behind) = text[at..].split_at(end_of(place + length) - at);
                let is_known = self.everywhere.contains(&print(name));
                let counts = || is_joined && !is_a_place(behind) || is_about(name, before, behind);
                (is_known && counts()).then(|| (name.to_owned(), length))
            });
            match name {
                Some((name, length)) => {
                    found.push(name);
                    place += length;
                    last_end = Some(end_of(place));
                }
                None => place += 1,
            }
        }
        found
    }
}

/// Whether a name in a text about somebody's work is that of a person.
fn is_anybody(name: &str, before: &str, behind: &str) -> bool {
    is_a_person(name, before, behind) || name.chars().count() >= RARE && !is_a_place(behind)
}

/// A text with names as masks; `None` where there is no name.
fn mask_names(text: &str, mut names: Vec<String>) -> Option<String> {
    // 王小明 before 王小.
    names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    let mask = |text: String, name: &String| {
        let first = name.chars().next().map_or_else(String::new, String::from);
        let mask = format!("{first}*");
        match name.is_ascii() {
            true => without_case(&text, name, &mask.to_uppercase()),
            false if text.contains(name.as_str()) => text.replace(name.as_str(), &mask),
            // 王 小明 is written with a blank.
            false => bare(&text).replace(name.as_str(), &mask),
        }
    };
    (!names.is_empty()).then(|| names.iter().fold(text.to_owned(), mask))
}

/// Telephone numbers of a cell in one form: digits alone, without the country's.
fn numbers_in(cell: &str) -> impl Iterator<Item = String> {
    let plain: String = cell.chars().map(half_width).collect();
    let ends = |one: char| !(one.is_ascii_digit() || "+-() ".contains(one));
    let runs: Vec<String> = plain.split(ends).map(str::to_owned).collect();
    let numbers = runs.into_iter().flat_map(|run| {
        let parts = run.split_whitespace().map(str::to_owned);
        parts.chain([run.clone()]).collect::<Vec<_>>()
    });
    let digits = |run: String| run.chars().filter(char::is_ascii_digit).collect::<String>();
    let numbers = numbers.map(digits).map(|number| {
        let bare = number.trim_start_matches("00");
        let bare = bare.strip_prefix("86").filter(|rest| rest.len() >= 10);
        bare.map(str::to_owned).unwrap_or(number)
    });
    numbers.filter(|number| number.len() >= TELEPHONE_DIGITS)
}

/// A name as a number.
fn print(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// A text without its blanks.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A text with every `name` in it, large or small, as a mask.
fn without_case(text: &str, name: &str, mask: &str) -> String {
    let small = text.to_ascii_lowercase();
    let (mut out, mut from) = (String::new(), 0);
    for (at, found) in small.match_indices(name) {
        out.push_str(&text[from..at]);
        out.push_str(mask);
        from = at + found.len();
    }
    out + &text[from..]
}

/// Whether a text holds the name of who is named as its reporter.
pub(super) fn tells_reporter(text: &str, reporter: Option<&str>) -> bool {
    let names = reporter.map(names_in).unwrap_or_default();
    names.iter().any(|name| holds(text, name))
}

/// The names in a cell for one: with a telephone behind it, several of them, or with blanks inside.
fn names_in(cell: &str) -> Vec<String> {
    let is_end = |letter: char| letter.is_numeric() || "()（）,，、;；/:：+".contains(letter);
    let mut names = Vec::new();
    for part in cell.split(is_end).map(str::trim) {
        if part.is_ascii() {
            names.push(part.to_ascii_lowercase());
            continue;
        }
        names.push(part.split_whitespace().collect());
        names.extend(part.split_whitespace().map(str::to_owned));
    }
    for name in &mut names {
        let bare = TITLES.iter().find_map(|title| name.strip_suffix(title));
        if let Some(bare) = bare.filter(|bare| bare.chars().count() >= LEAST) {
            *name = bare.to_owned();
        }
    }
    names.retain(|name| name.chars().count() >= LEAST && !NOBODY.contains(&name.as_str()));
    names
}

/// Whether a name stands in a text whole: between other letters of its alphabet it is none.
fn holds(text: &str, name: &str) -> bool {
    if !name.is_ascii() {
        return bare(text).contains(name);
    }
    let text = text.to_ascii_lowercase();
    let is_letter = |letter: Option<char>| letter.is_some_and(|one| one.is_ascii_alphanumeric());
    text.match_indices(name).any(|(at, found)| {
        let (before, after) = (&text[..at], &text[at + found.len()..]);
        !is_letter(before.chars().next_back()) && !is_letter(after.chars().next())
    })
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
        assert!(!told("王先生报修", "先生"));
        assert!(!tells_reporter("植物丙家报修", None));
        assert!(!told("", "植物丙") && !told("植物丙", ""));
    }
}
