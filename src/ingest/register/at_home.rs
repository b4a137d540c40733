//! Names of people in what everybody may see: the title of an event and the name of a device or a
//! camera hold at times who lives in the building, or who reported. Only whole names of people of
//! that building and of the reporter count, for a place may be called like somebody elsewhere. Never
//! shows a name, and keeps none beyond the run.

use std::collections::{HashMap, HashSet};

use crate::base::{BuildingId, Clearance};
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

/// Names of the people of each building.
#[derive(Default)]
pub(super) struct NamesAtHome {
    by_building: HashMap<BuildingId, HashSet<String>>,
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
            ..Self::default()
        };
        for one in ground.residents.values() {
            let household = || ground.households.get(&one.household?)?.dwelling;
            let home = one.dwelling.or_else(household);
            let building = home.and_then(|id| Some(ground.dwellings.get(&id)?.building));
            names.note(one, building, clearance);
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
        let matters = |only: &HashSet<BuildingId>| building.is_some_and(|id| only.contains(&id));
        if !self.only.as_ref().is_none_or(matters) {
            return;
        }
        let Some(name) = resident.name.open(clearance) else {
            self.is_locked = true;
            return;
        };
        if let Some(building) = building {
            let names = self.by_building.entry(building).or_default();
            names.extend(names_in(&name));
        }
    }

    /// Whether names could not be opened.
    pub(super) fn is_locked(&self) -> bool {
        self.is_locked
    }

    /// Whether a text holds the name of somebody who lives in the building.
    pub(super) fn tells(&self, text: &str, building: Option<BuildingId>) -> bool {
        let names = building.and_then(|id| self.by_building.get(&id));
        names.is_some_and(|names| names.iter().any(|name| holds(text, name)))
    }
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
        let text: String = text.split_whitespace().collect();
        return text.contains(name);
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
