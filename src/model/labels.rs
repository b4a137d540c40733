//! Labels: who needs which care, by rules over what the registers say. The rules are data
//! (`assets/label_rules.toml`, or a city's own). Used by queries, lists to notify and the wall.
//! Pure: the day is an argument, for a birthday changes a label. Never shows a label: who asks needs
//! the right to see it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::{Clearance, ResidentId, Spanned, TableEntry, TableFault, checked, read_table};

use super::{Ground, Links, Resident, Traits, read_sealed};

mod degree;
#[cfg(test)]
mod tests;

/// One way of meriting a label: all of it must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Least age in years.
    #[serde(default)]
    pub age_min: Option<u16>,
    /// Greatest age in years.
    #[serde(default)]
    pub age_max: Option<u16>,
    /// Whether nobody else, or somebody else, is registered in the home and in the household.
    #[serde(default)]
    pub alone: Option<bool>,
    /// Traits, and the values of each that count.
    #[serde(default)]
    pub traits: BTreeMap<String, Vec<String>>,
}

/// The rule of one label. The fields are explained in `assets/label_rules.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelRule {
    /// The label.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Whether an alarm in the home tells it first.
    #[serde(default)]
    pub needs_help: bool,
    /// Ways of meriting it; without any only a register gives it.
    #[serde(default)]
    pub when: Vec<When>,
}

impl TableEntry for LabelRule {
    const WHAT: &'static str = "label";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        Ok(self.when.iter().try_for_each(When::check)?)
    }
}

/// The labels of a city and their rules, in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRules {
    rules: Vec<LabelRule>,
    /// Whether a label that stands in no rule is none, even where a register gives it: so with a
    /// table that somebody wrote for the city. The built-in one knows no city's registers.
    is_whole: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    label: Vec<Spanned<LabelRule>>,
}

impl LabelRules {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../assets/label_rules.toml");

    /// The rules of `assets/label_rules.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        let own = Self::from_toml(Self::STANDARD);
        Self {
            is_whole: false,
            ..own.expect("the embedded rules are checked by a test")
        }
    }

    /// Reads a city's own table: what stands in it are all its labels.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, a label stands twice, a rule can never hold or always
    /// holds, or there are more labels than a city can have.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        if let Some(first) = table.label.get(Labels::MOST) {
            let reason = format!("a city has at most {} labels", Labels::MOST);
            return Err(TableFault::at(text, first.span().start, reason));
        }
        Ok(Self {
            rules: checked(text, table.label)?,
            is_whole: true,
        })
    }

    /// All rules in order.
    #[must_use]
    pub fn all(&self) -> &[LabelRule] {
        &self.rules
    }

    /// The rule of a label.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&LabelRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The trait under which a register's "no" to a label stands (是否独居: 否).
    #[must_use]
    pub fn denial(label: &str) -> String {
        format!("not:{label}")
    }

    /// Whether a value of a trait counts in any rule; true of a trait that no rule asks for.
    #[must_use]
    pub fn knows(&self, name: &str, value: &str) -> bool {
        self.asked(name).next().is_none() || self.tells(name, value)
    }

    /// Whether some rule asks for this trait and counts this value.
    #[must_use]
    pub fn tells(&self, name: &str, value: &str) -> bool {
        let value = value.to_owned();
        self.asked(name).any(|values| counts(name, &value, values))
    }

    /// The values of a trait that count, rule by rule.
    fn asked(&self, name: &str) -> impl Iterator<Item = &Vec<String>> {
        let whens = self.rules.iter().flat_map(|rule| &rule.when);
        whens.filter_map(move |when| when.traits.get(name))
    }

    /// The labels of one person, in the order of ids: those that a register gives, as far as the
    /// table knows them or is the built-in one, and those that the rules give and no register denies.
    /// `None` while personal values are locked.
    #[must_use]
    pub fn of(
        &self,
        resident: &Resident,
        is_alone: bool,
        today: Date,
        clearance: &Clearance,
    ) -> Option<BTreeSet<String>> {
        let mut labels = BTreeSet::from_iter(resident.labels.open(clearance)?);
        labels.retain(|label| !self.is_whole || self.get(label).is_some());
        let birth = resident.birth_date.open(clearance)?;
        let person = Person {
            age: age_on(&birth, today),
            is_alone,
            // What cannot be read gives no label; the quality report tells of it.
            traits: read_sealed(resident.traits.as_ref(), clearance).unwrap_or_default(),
        };
        for rule in &self.rules {
            let is_denied = || person.traits.contains_key(&Self::denial(&rule.id));
            if rule.when.iter().any(|when| when.holds(&person)) && !is_denied() {
                labels.insert(rule.id.clone());
            }
        }
        Some(labels)
    }
}

struct Person {
    age: Option<u16>,
    is_alone: bool,
    traits: Traits,
}

/// Nobody grows older; ages in rules are refused above.
const OLDEST: u16 = 150;

impl When {
    fn check(&self) -> Result<(), &'static str> {
        if *self == Self::default() {
            return Err("an empty `when` gives it to everybody");
        }
        if self.age_min.max(self.age_max) > Some(OLDEST) {
            return Err("ages are at most 150 years");
        }
        if self.age_min > self.age_max && self.age_max.is_some() {
            return Err("age_min is above age_max, so nobody can have it");
        }
        if self.traits.values().any(Vec::is_empty) {
            return Err("a trait without values can never hold");
        }
        Ok(())
    }

    fn holds(&self, person: &Person) -> bool {
        let old_enough = self.age_min.is_none_or(|min| person.age >= Some(min));
        let young_enough = |max| person.age.is_some_and(|age| age <= max);
        let has = |(name, values): (&String, &Vec<String>)| {
            let told = person.traits.get(name);
            told.is_some_and(|told| counts(name, told, values))
        };
        old_enough
            && self.age_max.is_none_or(young_enough)
            && self.alone.is_none_or(|alone| alone == person.is_alone)
            && self.traits.iter().all(has)
    }
}

/// Whether a value of a trait is one of those of a rule.
fn counts(name: &str, told: &String, values: &[String]) -> bool {
    let degree = |value: &str| (name == degree::DISABILITY).then(|| degree::degree(value))?;
    let told_degree = degree(told);
    values.contains(told)
        || told_degree.is_some() && values.iter().any(|value| degree(value) == told_degree)
}

/// Full years between a date of birth (`YYYY-MM-DD`) and a day; `None` when it is no date or not yet.
#[must_use]
pub fn age_on(birth_date: &str, today: Date) -> Option<u16> {
    let birth: Date = birth_date.parse().ok()?;
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    let years = today.year() - birth.year() - i16::from(!had_birthday);
    u16::try_from(years).ok()
}

/// The labels of a day, worked out when the first question needs them: that opens values of
/// everybody, and most questions are of something else.
#[derive(Debug, Clone, Default)]
pub struct LabelsOfDay {
    by: Option<Arc<By>>,
    made: OnceLock<Option<Labels>>,
}

#[derive(Debug)]
struct By {
    rules: LabelRules,
    today: String,
    clearance: Clearance,
}

impl LabelsOfDay {
    /// The labels by these rules on a day (`YYYY-MM-DD`).
    #[must_use]
    pub fn new(rules: LabelRules, today: String, clearance: Clearance) -> Self {
        let by = By {
            rules,
            today,
            clearance,
        };
        Self {
            by: Some(Arc::new(by)),
            made: OnceLock::new(),
        }
    }

    /// Nobody has any.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The labels of one person, those with a rule first and in the order of the rules; `None`
    /// while they are locked, or of nobody. Works out no more than that.
    pub fn of_one(&self, ground: &Ground, links: &Links, id: ResidentId) -> Option<Vec<String>> {
        if let Some(made) = self.made.get() {
            let labels = made.as_ref()?.get(id);
            return Some(labels.map(str::to_owned).collect());
        }
        let by = self.by.as_ref()?;
        let one = ground.residents.get(&id)?;
        let (is_alone, today) = (links.lives_alone(ground, one), by.today.parse().ok()?);
        let labels = by.rules.of(one, is_alone, today, &by.clearance)?;
        let mut labels: Vec<String> = labels.into_iter().collect();
        let place = |label: &String| by.rules.rules.iter().position(|rule| rule.id == *label);
        labels.sort_by_key(|label| place(label).unwrap_or(usize::MAX));
        Some(labels)
    }

    /// The labels of everybody in this ground; `None` as with [`Labels::of`].
    pub fn get(&self, ground: &Ground, links: &Links) -> Option<&Labels> {
        let make = || {
            let by = self.by.as_ref()?;
            Labels::of(ground, links, &by.rules, &by.today, &by.clearance)
        };
        self.made.get_or_init(make).as_ref()
    }
}

/// The labels of everybody on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Only of those who have any; each a bit set over `names`.
    of: Vec<(ResidentId, u64)>,
    names: Vec<String>,
}

impl Labels {
    /// Labels beyond this many different ones are left out: they are kept as bits.
    pub const MOST: usize = 64;

    /// The labels of everybody in a ground on a day (`YYYY-MM-DD`); `None` while personal values are
    /// locked, or when the day is none.
    #[must_use]
    pub fn of(
        ground: &Ground,
        links: &Links,
        rules: &LabelRules,
        today: &str,
        clearance: &Clearance,
    ) -> Option<Self> {
        let today: Date = today.parse().ok()?;
        let mut names: Vec<String> = rules.rules.iter().map(|rule| rule.id.clone()).collect();
        let mut of = Vec::new();
        for (id, resident) in &ground.residents {
            let is_alone = links.lives_alone(ground, resident);
            let mut bits = 0;
            for label in rules.of(resident, is_alone, today, clearance)? {
                let known = names.iter().position(|name| *name == label);
                let place = known.unwrap_or_else(|| {
                    names.push(label);
                    names.len() - 1
                });
                bits |= 1_u64.checked_shl(place as u32).unwrap_or_default();
            }
            if bits != 0 {
                of.push((*id, bits));
            }
        }
        names.truncate(Self::MOST);
        Some(Self { of, names })
    }

    /// The labels of one person, in the order of the rules.
    pub fn get(&self, id: ResidentId) -> impl Iterator<Item = &str> {
        let found = self.of.binary_search_by_key(&id, |(one, _)| *one).ok();
        let bits = found.map_or(0, |at| self.of[at].1);
        let names = self.names.iter().enumerate();
        names
            .filter(move |(place, _)| bits >> place & 1 == 1)
            .map(|(_, name)| name.as_str())
    }

    /// Whether somebody has a label.
    #[must_use]
    pub fn has(&self, id: ResidentId, label: &str) -> bool {
        self.get(id).any(|one| one == label)
    }

    /// Everybody with a label, in the order of ids.
    pub fn with(&self, label: &str) -> impl Iterator<Item = ResidentId> + '_ {
        let place = self.names.iter().position(|name| name == label);
        let bit = place.map_or(0, |place| 1_u64 << place);
        let all = self.of.iter();
        all.filter(move |(_, bits)| bits & bit != 0)
            .map(|(id, _)| *id)
    }

    /// The names of all labels that there are rules for or that somebody has.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }
}
