//! Names of people in what everybody may see: the title of an event and the name of a device, a camera
//! or a facility hold at times who lives in the building, or who reported. Only whole names of people
//! of that building and of the reporter count, for a place may be called like somebody elsewhere; of
//! people elsewhere where the text itself says that it is about a person: 李德家, 李德先生. Never shows a
//! name, and keeps none beyond the run.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

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

/// What behind a name says that the text is about a person or their home.
const OF_A_PERSON: &[&str] = &[
    "家", "先生", "女士", "同志", "师傅", "阿姨", "大爷", "大妈", "奶奶", "爷爷", "老人", "住处",
];

/// What makes 家 the front of another word: 家具店, 家政.
const NO_HOME: &[&str] = &[
    "具", "电", "政", "常", "庄", "园", "庭", "居", "装", "纺", "教", "属", "长", "委", "饰", "宴",
    "味", "村", "巷", "弄", "桥", "浜", "角", "湾", "坟", "祠", "畜", "禽",
];

/// The fewest letters of a name.
const LEAST: usize = 2;
/// The most letters of a name in Chinese that is looked for before such a word.
const MOST: usize = 4;

/// Names of the people of each building.
#[derive(Default)]
pub(super) struct NamesAtHome {
    by_building: HashMap<BuildingId, HashSet<String>>,
    /// Fingerprints of the names of everybody, wherever they live.
    everywhere: HashSet<u64>,
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
        self.everywhere.extend(names.iter().map(|name| print(name)));
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
            || self.person_in(text).is_some()
    }

    /// The text with such names as masks; `None` where it holds none.
    pub(super) fn masked(&self, text: &str, building: Option<BuildingId>) -> Option<String> {
        let names = building.and_then(|id| self.by_building.get(&id));
        let names = names.into_iter().flatten();
        let mut names: Vec<String> = names.filter(|name| holds(text, name)).cloned().collect();
        names.extend(self.person_in(text));
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

    /// The name of somebody of whom the text says that it is about them.
    fn person_in(&self, text: &str) -> Option<String> {
        let signs: Vec<char> = bare(text).chars().collect();
        let says = |at: usize| {
            let rest: String = signs[at..].iter().collect();
            let word = OF_A_PERSON.iter().find(|word| rest.starts_with(**word))?;
            let behind = &rest[word.len()..];
            let is_other = *word == "家" && NO_HOME.iter().any(|one| behind.starts_with(one));
            (!is_other).then_some(at)
        };
        let mut places = (LEAST..signs.len()).filter_map(says);
        places.find_map(|end| {
            let mut lengths = (LEAST..=MOST.min(end)).rev();
            lengths.find_map(|length| {
                let name: String = signs[end - length..end].iter().collect();
                self.everywhere.contains(&print(&name)).then_some(name)
            })
        })
    }
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
