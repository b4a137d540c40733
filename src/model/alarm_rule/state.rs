//! What rules of the table remember of a device between readings, and which table is in force: part
//! of the twin and of every snapshot. Bounded: at most [`Rate::POINTS_MAX`](super::Rate) points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What one rule remembers of one device.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleState {
    /// Readings in a row that showed the condition.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub count: u32,
    /// Device time of the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Since when the condition of an active alarm has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_since: Option<Timestamp>,
    /// Device time of the last reading that showed use, once one did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<Timestamp>,
    /// Readings over which a rate is measured, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
    /// What is usual for the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<Usual>,
}

/// One reading that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Device time.
    pub at: Timestamp,
    /// Values of both axes; 0 where there is no second one.
    pub axes: [f64; 2],
}

/// What is usual for a device: mean and spread, in which older readings count less and less.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Mean of both axes.
    pub mean: [f64; 2],
    /// Spread about it, as a standard deviation.
    pub spread: f64,
    /// Device time of the first reading in it.
    pub since: Timestamp,
    /// Device time of the last one.
    pub at: Timestamp,
    /// Readings in it.
    pub count: u32,
}

/// Which table of rules is in force. Keeps the names of its rules, so that an alarm can be named
/// wherever the log is read, also after the table was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesInForce {
    /// The city's own table; `None` while there is none and the built-in one is in force alone.
    pub file: Option<String>,
    /// SHA-256 of its text, in hexadecimal digits; of the built-in one where there is none.
    pub sha256: String,
    /// Since when.
    pub at: Timestamp,
    /// Names in Chinese and English, by the id of the rule.
    pub names: BTreeMap<String, [String; 2]>,
}

/// A changed table that cannot be used: the one before it stays in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesRefused {
    /// The table.
    pub file: String,
    /// Why, with its line and what is allowed.
    pub reason: String,
    /// When it was found.
    pub at: Timestamp,
}
