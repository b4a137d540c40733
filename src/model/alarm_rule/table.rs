//! The table of alarm rules: reading, the city's own rules added to the built-in ones, and what
//! differs for a device.

use serde::{Deserialize, Serialize};

use crate::base::{DeviceId, Spanned, TableEntry, TableFault, checked, read_table};
use crate::model::Device;

use super::{AlarmRule, When};

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
    /// Whether it is about a device.
    #[must_use]
    pub fn is_of(&self, device: &Device) -> bool {
        self.id == Some(device.id) || self.source.as_ref() == Some(&device.source.key)
    }

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
        let told = |reason: String| format!("device {:?}: {reason}", exception.name());
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
}

/// The rules that a city knows, in the order of the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AlarmRules {
    rules: Vec<AlarmRule>,
    /// Line of each in the city's own table; `None` of a built-in one.
    lines: Vec<Option<usize>>,
}

impl AlarmRules {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/alarm_rules.toml");
    /// Most rules of a city.
    pub const MOST: usize = 200;
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
        Self { lines, ..own }
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
        let line = |rule: &Spanned<_>| Some(TableFault::at(text, rule.span().start, "").line);
        Ok(Self {
            lines: table.rule.iter().map(line).collect(),
            rules: checked(text, table.rule)?,
        })
    }

    /// This table with the rules of another one: what both have is as the other says, the rest comes
    /// behind.
    #[must_use]
    pub fn with(mut self, own: Self) -> Self {
        for (rule, line) in own.rules.into_iter().zip(own.lines) {
            match self.rules.iter().position(|known| known.id == rule.id) {
                Some(place) => (self.rules[place], self.lines[place]) = (rule, line),
                None => {
                    self.rules.push(rule);
                    self.lines.push(line);
                }
            }
        }
        self
    }

    /// All rules in the order of the table.
    #[must_use]
    pub fn all(&self) -> &[AlarmRule] {
        &self.rules
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
        let reason = match line {
            Some(_) => format!("alarm rule {:?}: {reason}", rule.id),
            None => format!(
                "the built-in alarm rule {:?} does not fit this city: {reason}; give it here with \
                 numbers that fit, or with on = false",
                rule.id
            ),
        };
        TableFault {
            line: line.unwrap_or(1),
            reason,
        }
    }
}
