//! Values that come again and again: whether a sensor is stuck, by how often it usually tells the same twice.
//! Constant work and memory. Never takes a gauge that is told coarsely for a stuck one.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

use super::{DAY_MS, SeriesMonitor};

/// Of a sensor that never told anything else: so many readings alike are no measurement.
const STUCK_READINGS: u64 = 144;
/// Of any other: fewer readings than this are never stuck, …
const LEAST_READINGS: u64 = 6;
/// … nor is what has not lasted for so long: a coarse gauge stands still overnight, …
const LEAST_MS: i64 = DAY_MS;
/// … and chance would bring as many alike but once in so many times.
const CHANCE: f64 = 1e-6;
/// Of so many readings it is counted how often they are alike; older ones count less and less.
const COUNTED: f32 = 2_000.0;

/// Since when a value has come again and again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Run {
    /// Device time of its first reading, ms since 1970.
    since_ms: i64,
    /// Its day, days since 1970 by the city's clock.
    day: i32,
}

/// How often a sensor told the same value as the reading before, before the run that goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Runs {
    readings: f32,
    alike: f32,
}

impl Runs {
    fn take(&mut self, times: u64) {
        let times = times.min(u64::from(u16::MAX)) as f32;
        self.readings += times;
        self.alike += times - 1.0;
        if self.readings > COUNTED {
            self.readings /= 2.0;
            self.alike /= 2.0;
        }
    }

    /// The chance of so many readings alike; `None` before another value was told.
    fn chance(&self, times: u64) -> Option<f64> {
        let share = (f64::from(self.alike) + 1.0) / (f64::from(self.readings) + 2.0);
        // Of two values that take turns the usual one is left half as often as both together.
        let share = share + share * (1.0 - share) / 2.0;
        (self.readings > 0.0).then(|| share.powf(times.saturating_sub(1) as f64))
    }
}

impl SeriesMonitor {
    /// Counts readings that bring the very same value.
    pub(super) fn count_alike(&mut self, value: [f64; 2], at_ms: i64, day: i32) {
        match self.same {
            Some((was, times)) if was == value => self.same = Some((was, times + 1)),
            before => {
                // What was stuck says nothing about how the sensor usually tells.
                if let Some((_, times)) = before.filter(|_| !self.is_constant()) {
                    self.runs.take(times);
                }
                self.same = Some((value, 1));
                self.run = Some(Run {
                    since_ms: at_ms,
                    day,
                });
            }
        }
    }

    /// Whether so many readings in a row brought the very same value that it must be stuck.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        let Some((_, times)) = self.same else {
            return false;
        };
        let Some(chance) = self.runs.chance(times) else {
            return times >= STUCK_READINGS;
        };
        let lasts = self.run.zip(self.last_ms);
        let is_long = lasts.is_some_and(|(run, last_ms)| last_ms - run.since_ms >= LEAST_MS);
        is_long && times >= LEAST_READINGS && chance < CHANCE
    }

    /// Since when it is stuck; `None` where it is not, or where that is not known.
    #[must_use]
    pub fn stuck_since(&self) -> Option<Timestamp> {
        let run = self.run.filter(|_| self.is_constant())?;
        Some(Timestamp::from_millis(run.since_ms))
    }

    /// The first day that is not to be believed since it is stuck, if there is one.
    #[must_use]
    pub(in super::super) fn stuck_day(&self) -> Option<i32> {
        self.run.filter(|_| self.is_constant()).map(|run| run.day)
    }
}
