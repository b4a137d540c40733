//! What a sensor tells, and what is kept of it: a reading, a break, what could not be used, a day of a
//! trend. Plain data for `series` and who asks it; decides nothing.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

use super::gross::Jump;

/// One measurement as a sensor tells it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Device time.
    pub at: Timestamp,
    /// Its value, or the first axis of one for tilt, in the unit of its mounting.
    pub first: f64,
    /// Second axis, when there is one.
    pub second: Option<f64>,
    /// Temperature of the device, when it tells.
    pub temperature_c: Option<f64>,
}

/// One measurement as a series takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Device time.
    pub at: Timestamp,
    /// Lean towards east and north, ‰; or settlement or width, mm, and nought.
    pub value: [f64; 2],
    /// Temperature of the device, °C, when it tells.
    pub temperature_c: Option<f64>,
}

/// A jump that was confirmed, and what it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Break {
    /// The jump.
    pub jump: Jump,
    /// What it was taken for.
    pub cause: Cause,
    /// Its day, days since 1970 by the city's clock.
    pub day: i32,
    /// By how much the level changed: of single readings at first, of the days around it once
    /// there are enough.
    pub offset: [f64; 2],
    /// Whether `offset` is that of days.
    pub is_settled: bool,
    /// Device time of the last reading by which it went on, ms since 1970; nought where it did not.
    #[serde(default)]
    pub until_ms: i64,
}

impl Break {
    /// Device time of the last reading that belongs to it, ms since 1970.
    #[must_use]
    pub fn last_ms(&self) -> i64 {
        self.until_ms.max(self.jump.at_ms)
    }
}

/// What a jump was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The house moved.
    Movement,
    /// The sensor was mounted anew.
    Mounting,
    /// Its axes were exchanged.
    Axes,
    /// Its numbers are of another unit.
    Unit,
}

/// What could not be used, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unused {
    /// Values that are no number.
    pub not_a_number: u64,
    /// Values that nothing of the kind can have: a lean of half a right angle, ten metres of settlement.
    #[serde(default)]
    pub too_large: u64,
    /// Values beyond the range of the device.
    #[serde(default)]
    pub beyond_range: u64,
    /// Readings of a time that was taken already.
    pub doubled: u64,
    /// Readings that came after their day had been closed: a recomputation takes them in.
    pub late: u64,
    /// Readings of a time far ahead that nothing bore out.
    pub strange_time: u64,
    /// Lone spikes.
    pub spikes: u64,
}

impl Unused {
    /// All of them.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.not_a_number
            + self.too_large
            + self.beyond_range
            + self.doubled
            + self.late
            + self.strange_time
            + self.spikes
    }
}

/// A day or a month as a trend takes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendDay {
    /// Days since 1970 by the city's clock.
    pub number: i32,
    /// Its level in the unit of the series, compensated.
    pub value: [f64; 2],
    /// Temperature as the wall follows it, °C, where it was told.
    pub celsius: Option<f64>,
}
