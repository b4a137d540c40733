//! Kinds of device, described by data: quantity, unit, limits, default rule, names, glyph.
//! The built-in table is `assets/device_kinds.toml`; a city may bring further kinds (`docs/tables.md`).
//! Used by rules, panels, cards, questions, imports and the simulator. Never opens a file.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::base::{Millis, Spanned, TableEntry, TableFault, called, checked, read_table};

use super::alarm_rule::Limits;
use super::ground::named;
use super::{Grade, ServiceGroup};

/// The id of a kind of device, for example `smoke`. Cheap to copy around.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(Arc<str>);

impl KindId {
    /// The id with this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for KindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for KindId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KindId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Ok(Self::new(&text))
    }
}

named! {
    /// What becomes of single readings with time.
    RawReadings {
        /// Rollups alone remain in the end: what matters is the present and how it usually is.
        #[default]
        RolledUp = "rolled_up",
        /// They are kept for good: a building moves over years, and is judged by all of it.
        Kept = "kept",
    }
}

/// A sensor of a building's movement that told nothing for so long is blind …
pub const BLIND_MS: Millis = 7 * 86_400_000;
/// … or for so many of its reporting intervals, for what is measured seldom.
const BLIND_INTERVALS: Millis = 3;

/// A kind of device. The fields are explained in `assets/device_kinds.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceKind {
    /// Id, for example `smoke`.
    pub id: KindId,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// What is measured.
    pub quantity: String,
    /// Unit of the value; empty for yes or no.
    pub unit: String,
    /// Lowest value the device can give.
    pub min: f64,
    /// Highest value the device can give.
    pub max: f64,
    /// Expected reporting interval.
    pub interval_s: u32,
    /// One character inside the mark on the map.
    pub glyph: char,
    /// Service group.
    pub group: String,
    /// Upper threshold of the default rule. A kind without thresholds never warns.
    #[serde(default)]
    pub alarm_above: Option<f64>,
    /// Lower threshold of the default rule.
    #[serde(default)]
    pub alarm_below: Option<f64>,
    /// How far back within the threshold the value must come for the alarm to return.
    #[serde(default)]
    pub alarm_dead_band: f64,
    /// Readings in a row at or beyond the threshold before the alarm is raised.
    #[serde(default = "one")]
    pub alarm_readings: u32,
    /// Grade of the default rule.
    pub grade: Grade,
    /// Largest believable step between two readings.
    #[serde(default)]
    pub jump: Option<f64>,
    /// No change at all for so long is a data fault; 0 where a constant value is normal.
    #[serde(default)]
    pub stuck_s: u32,
    /// What becomes of its single readings.
    #[serde(default)]
    pub raw: RawReadings,
}

fn one() -> u32 {
    1
}

impl DeviceKind {
    /// After so long without a reading a sensor of a building's movement is blind: whatever was said of it
    /// before holds for the past.
    #[must_use]
    pub fn blind_after_ms(&self) -> Millis {
        BLIND_MS.max(Millis::from(self.interval_s) * 1_000 * BLIND_INTERVALS)
    }

    /// The limits of the default rule.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            above: self.alarm_above,
            below: self.alarm_below,
            dead_band: self.alarm_dead_band,
        }
    }

    /// Whether a value, or the size of one that moves both ways, calls for an alarm.
    #[must_use]
    pub fn is_beyond(&self, value: f64) -> bool {
        self.limits().is_beyond(value)
    }

    /// Whether one reading of this value is enough for an alarm, as the press of a help button is: it
    /// stands for itself, and neither a newer nor an older one may take its place.
    #[must_use]
    pub fn stands_alone(&self, value: f64) -> bool {
        self.alarm_readings == 1 && self.is_beyond(value)
    }

    /// Whether a value ends an alarm: within the thresholds, past the dead band.
    #[must_use]
    pub fn is_back(&self, value: f64) -> bool {
        self.limits().is_back(value)
    }

    /// Whether there is anything that it warns of.
    #[must_use]
    pub fn warns(&self) -> bool {
        self.alarm_above.is_some() || self.alarm_below.is_some()
    }

    /// Whether `monitor` follows what it measures: tilt, settlement, or the width of a crack.
    #[must_use]
    pub fn is_monitored(&self) -> bool {
        matches!(self.quantity.as_str(), "tilt" | "settlement" | "width")
    }

    /// Whether values move both ways about zero, so that their size is what counts.
    #[must_use]
    pub fn is_about_zero(&self) -> bool {
        self.min == -self.max
    }

    /// Every number of it that may be none: TOML knows `nan` and `inf`.
    fn numbers(&self) -> impl Iterator<Item = f64> {
        let thresholds = [self.alarm_above, self.alarm_below, self.jump];
        [self.min, self.max, self.alarm_dead_band]
            .into_iter()
            .chain(thresholds.into_iter().flatten())
    }

    fn check_numbers(&self) -> Result<(), &'static str> {
        if !self.numbers().all(f64::is_finite) {
            return Err("every number must be finite");
        }
        if self.numbers().any(|number| number.abs() > LARGEST) {
            return Err("no number may be larger than 1e12");
        }
        if self.min >= self.max {
            return Err("min must be below max");
        }
        let steps = 1..=LONGEST_S;
        if !steps.contains(&self.interval_s) || !steps.contains(&self.alarm_readings) {
            return Err("interval_s and alarm_readings start at 1 and end at 31536000");
        }
        if self.stuck_s > LONGEST_S {
            return Err("stuck_s is at most 31536000, a year");
        }
        if self.jump.is_some_and(|jump| jump <= 0.0) {
            return Err("jump must be above 0");
        }
        Ok(())
    }

    /// Limits that are in order, and that a value can get away from again. `prefix` is how their
    /// keys begin in the table that they are of.
    pub(super) fn check_limits(&self, limits: &Limits, prefix: &str) -> Result<(), String> {
        let told = |reason: &str| Err(reason.replace('*', prefix));
        let Limits {
            above,
            below,
            dead_band,
        } = *limits;
        if dead_band < 0.0 {
            return told("*dead_band must not be negative");
        }
        let least = if self.is_about_zero() { 0.0 } else { self.min };
        if above.is_some_and(|above| !(above > least && above <= self.max)) {
            return told(match self.is_about_zero() {
                true => "*above must lie above 0 and not above max",
                false => "*above must lie between min and max, and above min",
            });
        }
        if below.is_some() && self.is_about_zero() {
            return told("*below makes no sense where min is -max: there the size counts");
        }
        if below.is_some_and(|below| !(below >= least && below < self.max)) {
            return told("*below must lie between min and max, and below max");
        }
        if let (Some(above), Some(below)) = (above, below)
            && (below >= above || below + dead_band > above - dead_band)
        {
            return told("*below and its dead band must lie below *above and its own");
        }
        let ends_above = above.is_none_or(|above| above - dead_band >= least);
        let ends_below = below.is_none_or(|below| below + dead_band <= self.max);
        if !(ends_above && ends_below) {
            return told("*dead_band is so wide that an alarm would never end");
        }
        Ok(())
    }
}

impl TableEntry for DeviceKind {
    const WHAT: &'static str = "device kind";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        let is_word =
            |text: &str| text.chars().count() <= 40 && !text.chars().any(char::is_control);
        if !is_word(&self.quantity) || !is_word(&self.unit) {
            return Err("quantity and unit have at most 40 characters on one line".to_owned());
        }
        if self.glyph.is_whitespace() || self.glyph.is_control() {
            return Err("glyph must be a character that can be seen".to_owned());
        }
        if ServiceGroup::from_name(&self.group).is_none() {
            let known: Vec<_> = ServiceGroup::ALL.iter().map(|one| one.as_str()).collect();
            return Err(format!("group is one of {}", known.join(", ")));
        }
        self.check_numbers()?;
        self.check_limits(&self.limits(), "alarm_")
    }
}

/// Larger than anything that is measured; sums and squares of it are still numbers.
const LARGEST: f64 = 1e12;
/// A year: nothing reports less often.
const LONGEST_S: u32 = 31_536_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    kind: Vec<Spanned<DeviceKind>>,
}

/// The kinds that a city knows, in the order of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct KindTable(Vec<DeviceKind>);

impl KindTable {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../assets/device_kinds.toml");

    /// The kinds of `assets/device_kinds.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a kind contradicts itself or stands twice.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        Ok(Self(checked(text, table.kind)?))
    }

    /// This table with the kinds of another one: what both have is as the other says, the rest comes
    /// behind.
    #[must_use]
    pub fn with(mut self, own: Self) -> Self {
        for kind in own.0 {
            match self.0.iter_mut().find(|known| known.id == kind.id) {
                Some(known) => *known = kind,
                None => self.0.push(kind),
            }
        }
        self
    }

    /// A kind of this table that is called as another one of `known`, with that one: a name must
    /// tell them apart. One with the same id takes the other's place.
    #[must_use]
    pub fn called_alike<'a>(&'a self, known: &'a Self) -> Option<[&'a DeviceKind; 2]> {
        let is_kept = |one: &&DeviceKind| self.get(&one.id).is_none();
        let mut pairs = self.0.iter().flat_map(|own| {
            let others = known.0.iter().filter(is_kept);
            others.map(move |other| [own, other])
        });
        pairs.find(|[own, other]| {
            own.zh.trim() == other.zh.trim() || own.en.trim().eq_ignore_ascii_case(other.en.trim())
        })
    }

    /// The kind that a text means: its id, or its name in Chinese or English.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<&DeviceKind> {
        called(&self.0, text)
    }

    /// All kinds in the order of the legend.
    #[must_use]
    pub fn all(&self) -> &[DeviceKind] {
        &self.0
    }

    /// The kind with this id.
    #[must_use]
    pub fn get(&self, id: &KindId) -> Option<&DeviceKind> {
        self.0.iter().find(|kind| kind.id == *id)
    }

    /// The place of the kind in the legend.
    #[must_use]
    pub fn position(&self, id: &KindId) -> Option<usize> {
        self.0.iter().position(|kind| kind.id == *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_table_holds_the_thirteen_kinds() {
        let ids: Vec<_> = KindTable::standard()
            .0
            .iter()
            .map(|kind| kind.id.to_string())
            .collect();
        assert_eq!(
            ids.join(" "),
            "water_meter gas_leak smoke tilt settlement crack help_button water_level \
             air_quality door electric_load manhole_cover parking"
        );
    }

    #[test]
    fn contradictions_are_named() {
        let text = include_str!("../../assets/device_kinds.toml");
        let broken = text.replacen("alarm_above = 900.0", "alarm_above = 9000.0", 1);
        let fault = KindTable::from_toml(&broken).unwrap_err().to_string();
        assert!(
            fault.contains("water_meter") && fault.contains("alarm_above"),
            "{fault}"
        );
        for number in ["nan", "-inf"] {
            let broken = text.replacen("min = -50.0", &format!("min = {number}"), 1);
            let fault = KindTable::from_toml(&broken).unwrap_err().to_string();
            assert!(
                fault.contains("tilt") && fault.contains("finite"),
                "{fault}"
            );
        }
        assert!(KindTable::from_toml("kind = 3").is_err());
        assert!(KindTable::from_toml(&text.replacen("smoke", "gas_leak", 1)).is_err());
    }
}
