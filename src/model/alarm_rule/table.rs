//! The table of alarm rules: reading, the city's own rules added to the built-in ones, and what
//! differs for a device.

use serde::{Deserialize, Serialize};

use crate::base::{DeviceId, Spanned, TableEntry, TableFault, checked, read_table};

use super::{AlarmRule, Suppression, When};

/// Keys of a rule that may differ for a device; the others are those of its condition.
const OF_RULE: [&str; 7] = [
    "on",
    "grade",
    "latched",
    "schedule",
    "on_delay_s",
    "off_delay_s",
    "readings",
];

/// A device for which a rule differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceException {
    /// The device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<DeviceId>,
    /// Or its key in the register that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The keys that differ, of the rule or of its condition.
    #[serde(flatten)]
    pub differ: toml::Table,
}

impl DeviceException {
    /// The device as a table names it.
    #[must_use]
    pub fn name(&self) -> String {
        let id = self.id.map(|id| id.to_string());
        id.or_else(|| self.source.clone()).unwrap_or_default()
    }
}

impl AlarmRule {
    /// This rule as it is for a device.
    ///
    /// # Errors
    /// What cannot differ, or contradicts itself then.
    pub fn for_device(&self, exception: &DeviceException) -> Result<Self, String> {
        let told = |reason: String| format!("[[rule.device]] {:?}: {reason}", exception.name());
        let bare = Self {
            device: Vec::new(),
            ..self.clone()
        };
        let mut table = toml::Table::try_from(&bare).map_err(|fault| told(fault.to_string()))?;
        for (key, value) in &exception.differ {
            let place = match OF_RULE.contains(&key.as_str()) {
                true => Some(&mut table),
                // A condition is read strictly: a key that it does not have is refused there.
                false => condition(&mut table, &self.when),
            };
            let Some(place) = place else { continue };
            place.insert(key.clone(), value.clone());
        }
        let rule = Self::deserialize(table)
            .map_err(|fault| told(crate::base::in_plain_words(fault.message()).to_string()))?;
        rule.check_alone().map_err(told)?;
        Ok(rule)
    }
}

fn condition<'a>(table: &'a mut toml::Table, when: &When) -> Option<&'a mut toml::Table> {
    table
        .get_mut("when")?
        .as_table_mut()?
        .get_mut(when.name())?
        .as_table_mut()
}

impl TableEntry for AlarmRule {
    const WHAT: &'static str = "alarm rule";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        self.check_alone()?;
        self.device.iter().try_for_each(|one| {
            if one.id.is_some() == one.source.is_some() {
                return Err(
                    "[[rule.device]] names a device by id or by source, one of both".to_owned(),
                );
            }
            self.for_device(one).map(|_| ())
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    rule: Vec<Spanned<AlarmRule>>,
    #[serde(default)]
    suppress: Vec<Spanned<Suppression>>,
}

/// The rules that a city knows, in the order of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlarmRules {
    rules: Vec<AlarmRule>,
    /// Line of each in the city's own table; `None` of a built-in one.
    lines: Vec<Option<usize>>,
    suppressions: Vec<Suppression>,
    suppression_lines: Vec<Option<usize>>,
}

impl AlarmRules {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/alarm_rules.toml");
    /// Most rules of a city.
    pub const MOST: usize = 200;
    /// Most suppressions of a city.
    pub const SUPPRESSIONS_MOST: usize = 100;
    /// Most devices for which one rule differs.
    pub const EXCEPTIONS_MOST: usize = 2_000;

    /// The rules of `assets/alarm_rules.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        let own = Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test");
        let lines = vec![None; own.rules.len()];
        let suppression_lines = vec![None; own.suppressions.len()];
        Self {
            lines,
            suppression_lines,
            ..own
        }
    }

    /// Reads a city's own table. Whether it fits the city is asked of [`AlarmRules::check`].
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a rule contradicts itself or stands twice.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        if let Some(first) = table.rule.get(Self::MOST) {
            let reason = format!("a city has at most {} rules", Self::MOST);
            return Err(TableFault::at(text, first.span().start, reason));
        }
        if let Some(first) = table.suppress.get(Self::SUPPRESSIONS_MOST) {
            let reason = format!(
                "a city has at most {} suppressions",
                Self::SUPPRESSIONS_MOST
            );
            return Err(TableFault::at(text, first.span().start, reason));
        }
        let line = |start: usize| Some(TableFault::at(text, start, "").line);
        let (rules, suppressions) = (table.rule.iter(), table.suppress.iter());
        Ok(Self {
            lines: rules.map(|one| line(one.span().start)).collect(),
            suppression_lines: suppressions.map(|one| line(one.span().start)).collect(),
            rules: checked(text, table.rule)?,
            suppressions: checked(text, table.suppress)?,
        })
    }

    /// This table with the rules of another one: what both have is as the other says, the rest comes
    /// behind.
    #[must_use]
    pub fn with(mut self, own: Self) -> Self {
        let rules = own.rules.into_iter().zip(own.lines);
        add((&mut self.rules, &mut self.lines), rules);
        let suppressions = own.suppressions.into_iter().zip(own.suppression_lines);
        let mine = (&mut self.suppressions, &mut self.suppression_lines);
        add(mine, suppressions);
        self
    }

    /// All rules in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[AlarmRule] {
        &self.rules
    }

    /// When alarms are suppressed, in the order of the table.
    #[must_use]
    pub fn suppressions(&self) -> &[Suppression] {
        &self.suppressions
    }

    /// The rule with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&AlarmRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// A fault of a rule of this table, with its line.
    #[must_use]
    pub fn fault(&self, rule: &AlarmRule, reason: &str) -> TableFault {
        let place = self.rules.iter().position(|one| one.id == rule.id);
        let line = place.and_then(|place| self.lines[place]);
        unfit(rule, line, reason)
    }

    /// A fault of a suppression of this table, with its line.
    #[must_use]
    pub fn fault_of(&self, suppression: &Suppression, reason: &str) -> TableFault {
        let mut all = self.suppressions.iter();
        let place = all.position(|one| one.id == suppression.id);
        let line = place.and_then(|place| self.suppression_lines[place]);
        unfit(suppression, line, reason)
    }
}

fn unfit<T: TableEntry>(entry: &T, line: Option<usize>, reason: &str) -> TableFault {
    let (what, id) = (T::WHAT, entry.id());
    let reason = match line {
        Some(_) => format!("{what} {id:?}: {reason}"),
        None => format!(
            "the built-in {what} {id:?} does not fit this city: {reason}; give it here with numbers \
             that fit, or with on = false"
        ),
    };
    TableFault {
        line: line.unwrap_or(1),
        reason,
    }
}

/// Adds entries with their lines; one that is there is as the newer one says.
fn add<T: TableEntry>(
    (known, lines): (&mut Vec<T>, &mut Vec<Option<usize>>),
    own: impl Iterator<Item = (T, Option<usize>)>,
) {
    for (entry, line) in own {
        match known.iter().position(|one| one.id() == entry.id()) {
            Some(place) => (known[place], lines[place]) = (entry, line),
            None => {
                known.push(entry);
                lines.push(line);
            }
        }
    }
}
