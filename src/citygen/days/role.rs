//! What a story makes of one sensor: its level, its movement, and what is wrong with the sensor itself and
//! when. Used by `course`; `stories` decides who has which.

use super::course::{Movement, When};
use super::stories::Story;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What a story makes of a course; nothing of one at rest.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Role {
    pub(super) story: Option<Story>,
    /// The level at rest, instead of one by chance.
    pub(super) base: Option<[f64; 2]>,
    /// What a °C does, instead of what it does by chance.
    pub(super) per_c: Option<[f64; 2]>,
    pub(super) movement: Option<Movement>,
    /// Which way it leans.
    pub(super) way: [f64; 2],
}

impl Role {
    /// Days before the start on which something happens to a sensor.
    const REMOUNTED_DAYS: [f64; 2] = [21.0, 19.5];
    const SPIKED_DAYS: i64 = 12;
    const SILENT_DAYS: f64 = 26.0;
    const STUCK_DAYS: i64 = 24;
    /// By how much a sensor that is mounted anew, or has a spike, is off; ‰.
    const REMOUNTED_BY: f64 = 3.1;
    const SPIKED_BY: f64 = 9.0;

    pub(super) fn is_silent(&self, day: f64) -> bool {
        let [from, to] = Self::REMOUNTED_DAYS.map(|days| -days);
        match self.story {
            Some(Story::Silent) => day > -Self::SILENT_DAYS,
            Some(Story::Remounted) => (from..to).contains(&day),
            _ => false,
        }
    }

    /// Of which moment the value is that is told at a moment.
    pub(super) fn told_of(&self, when: When) -> When {
        let stuck = when.start_ms - Self::STUCK_DAYS * DAY_MS;
        match self.story {
            Some(Story::Stuck) if when.at_ms > stuck => when.moved_to(stuck),
            _ => when,
        }
    }

    /// By how much the sensor, and not the house, is off.
    pub(super) fn off(&self, when: When) -> [f64; 2] {
        let across = [self.way[1], -self.way[0]];
        match self.story {
            Some(Story::Remounted) if when.day() >= -Self::REMOUNTED_DAYS[1] => {
                across.map(|part| Self::REMOUNTED_BY * part)
            }
            // The first report of an hour: a past that is written by the hour has it too.
            Some(Story::Spiked) => {
                let hour = (when.start_ms - Self::SPIKED_DAYS * DAY_MS).div_euclid(HOUR_MS);
                let since_ms = when.at_ms - hour * HOUR_MS;
                let is_it = (0..when.interval_ms.min(HOUR_MS)).contains(&since_ms);
                across.map(|part| if is_it { Self::SPIKED_BY * part } else { 0.0 })
            }
            _ => [0.0; 2],
        }
    }
}
