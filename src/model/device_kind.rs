//! Kinds of device, described by data: quantity, unit, limits, default rule, names, glyph.
//! The default table is `assets/device_kinds.toml`; a city may bring further kinds.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::Grade;

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
    /// Threshold of the default rule; `None` for a kind that never warns.
    #[serde(default)]
    pub alarm_above: Option<f64>,
    /// How far below the threshold the value must fall for the alarm to return.
    #[serde(default)]
    pub alarm_dead_band: f64,
    /// Readings in a row at or above the threshold before the alarm is raised.
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
}

fn one() -> u32 {
    1
}

impl DeviceKind {
    /// Whether every number in it is one: TOML knows `nan` and `inf`.
    fn is_finite(&self) -> bool {
        let numbers = [Some(self.min), Some(self.max), self.alarm_above, self.jump];
        let mut numbers = numbers.into_iter().flatten();
        numbers.all(f64::is_finite) && self.alarm_dead_band.is_finite()
    }
}

/// Why a table of kinds cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KindError {
    /// The text is not the TOML we expect.
    #[error("the table of device kinds cannot be read: {0}")]
    Syntax(String),
    /// A kind contradicts itself.
    #[error("device kind {kind}: {reason}")]
    Kind {
        /// The kind.
        kind: String,
        /// What is wrong.
        reason: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    kind: Vec<DeviceKind>,
}

/// The kinds that a city knows, in the order of the legend.
#[derive(Debug, Clone, PartialEq)]
pub struct KindTable(Vec<DeviceKind>);

impl KindTable {
    /// The kinds of `assets/device_kinds.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(include_str!("../../assets/device_kinds.toml"))
            .expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a kind contradicts itself or stands twice.
    pub fn from_toml(text: &str) -> Result<Self, KindError> {
        let table: Table =
            toml::from_str(text).map_err(|error| KindError::Syntax(error.to_string()))?;
        for (at, kind) in table.kind.iter().enumerate() {
            let fault = |reason| KindError::Kind {
                kind: kind.id.to_string(),
                reason,
            };
            if !kind.is_finite() {
                return Err(fault("every number must be finite"));
            }
            if !(kind.min < kind.max) {
                return Err(fault("min must be below max"));
            }
            if kind.interval_s == 0 || kind.alarm_readings == 0 {
                return Err(fault("interval_s and alarm_readings start at 1"));
            }
            if kind
                .alarm_above
                .is_some_and(|above| !(kind.min..=kind.max).contains(&above))
            {
                return Err(fault("alarm_above must lie between min and max"));
            }
            if !(kind.alarm_dead_band >= 0.0) {
                return Err(fault("alarm_dead_band must not be negative"));
            }
            if table.kind[..at].iter().any(|other| other.id == kind.id) {
                return Err(fault("stands in the table twice"));
            }
        }
        Ok(Self(table.kind))
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
