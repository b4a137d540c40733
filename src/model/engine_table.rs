//! The table of the engine: how long single readings stay, and for how long alarms are shelved at most.
//! Read by `app` when an engine starts. Never changes while it runs.

use serde::{Deserialize, Serialize};

use crate::base::{Millis, TableFault, read_table};

const HOUR_MS: Millis = 3_600_000;
/// A week is the least that a month's figures and people who look into an alarm can work with.
const RAW_DAYS: std::ops::RangeInclusive<u32> = 7..=3_650;
/// Beyond a day it is no shelving: alarms are taken out of service.
const SHELVE_HOURS: std::ops::RangeInclusive<u32> = 1..=24;

/// What an engine goes by (`assets/engine.toml`, or a city's own).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineTable {
    /// How many days single readings are kept of kinds that do not keep them for good.
    pub raw_days: u32,
    /// Longest time for which alarms are shelved, hours.
    pub shelve_max_hours: u32,
}

impl Default for EngineTable {
    fn default() -> Self {
        Self {
            raw_days: 90,
            shelve_max_hours: 8,
        }
    }
}

impl EngineTable {
    /// The text of the built-in one, with comments.
    pub const STANDARD: &'static str = include_str!("../../assets/engine.toml");

    /// Reads a table; what the text does not name is as in the built-in one.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a number is out of range.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Self = read_table(text)?;
        for (name, value, range) in [
            ("raw_days", table.raw_days, RAW_DAYS),
            ("shelve_max_hours", table.shelve_max_hours, SHELVE_HOURS),
        ] {
            if !range.contains(&value) {
                let (least, most) = (range.start(), range.end());
                let reason = format!("{name} must lie between {least} and {most}");
                return Err(TableFault::of_value(text, name, reason));
            }
        }
        Ok(table)
    }

    /// How long single readings are kept of kinds that do not keep them for good.
    #[must_use]
    pub fn raw_ms(&self) -> Millis {
        i64::from(self.raw_days) * 24 * HOUR_MS
    }

    /// Longest time for which alarms are shelved.
    #[must_use]
    pub fn shelve_max_ms(&self) -> Millis {
        i64::from(self.shelve_max_hours) * HOUR_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_text_says_what_holds_without_it_and_a_city_names_what_differs() {
        let standard = EngineTable::from_toml(EngineTable::STANDARD);
        assert_eq!(standard, Ok(EngineTable::default()));
        let own = EngineTable::from_toml("shelve_max_hours = 12\n").unwrap();
        assert_eq!((own.raw_days, own.shelve_max_hours), (90, 12));
        assert_eq!(own.shelve_max_ms(), 43_200_000);
        assert_eq!(own.raw_ms(), 7_776_000_000);
    }

    #[test]
    fn what_is_out_of_range_or_unknown_is_named_with_its_line() {
        for (text, line, told) in [
            ("raw_days = 6", 1, "between 7 and 3650"),
            ("# days\n\nraw_days = 3651", 3, "raw_days must lie"),
            (
                "raw_days = 30\nshelve_max_hours = 25",
                2,
                "between 1 and 24",
            ),
            ("shelve_max_hours = 0", 1, "shelve_max_hours"),
            ("shelve_max_minutes = 9", 1, "shelve_max_minutes"),
            ("raw_days = 30.5", 1, "30.5"),
            ("raw_days = -1", 1, "-1"),
        ] {
            let fault = EngineTable::from_toml(text).unwrap_err().to_string();
            assert!(fault.contains(&format!("line {line}")), "{text}: {fault}");
            assert!(fault.contains(told), "{text}: {fault}");
        }
    }
}
