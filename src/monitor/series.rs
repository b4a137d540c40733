//! The state of one sensor of tilt, settlement or a crack: what was learned, its last hundred days, its
//! months since the epoch, and what was seen of sudden changes. One reading after another goes in, at a cost that does not grow; an
//! assessment comes out of it at any time. The state is part of what is live, so a restart goes on where
//! it stopped, and the same readings give the same state. Never reads a clock, never forgets a jump.

mod broken;
mod run;
mod told;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;

use super::day::{Day, Tally};
use super::gross::{Gross, GrossLimits, Known, Seen, Taken};
use super::kept::{Break, Measured, Unused};
use super::thermal::{Response, Thermal};
use super::unit::{Mounting, TiltUnit};

use run::{Run, Runs};

/// Days that are kept one by one: what the test of stability looks at.
pub const DAYS_KEPT: usize = 100;
/// Months that are kept: three years. The first, which is the epoch, always stays.
const MONTHS_KEPT: usize = 36;
/// Jumps that are kept.
const JUMPS_KEPT: usize = 12;
const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// A time so far ahead of the last one must be borne out by the next reading.
const LEAP_MS: i64 = 30 * DAY_MS;
/// A day counts when it has this share of the hours that days of this device usually have.
const LEAST_HOURS: f64 = 0.5;
/// Temperatures that a sensor on a wall can tell, °C: others are codes for none.
const OUTDOORS_C: std::ops::RangeInclusive<f64> = -60.0..=100.0;
/// Days in a month of rates: a twelfth of a year.
pub const MONTH_DAYS: f64 = 30.436_875;

/// The month that a day belongs to: twelfths of a year since 1970.
pub(super) fn month_of(day: i32) -> i32 {
    (f64::from(day) / MONTH_DAYS).floor() as i32
}

/// How readings are taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taking<'a> {
    /// How sudden changes are judged.
    pub gross: &'a GrossLimits,
    /// How a sensor of tilt hangs; `None` for one of a length.
    pub mounting: Option<&'a Mounting>,
    /// No value of this kind is so large, in the unit of the series.
    pub most: f64,
    /// The city's clock, by which days are cut.
    pub utc_offset_minutes: i32,
}

/// The state of one sensor. Its values are in the unit of the series: ‰ towards east and north, or mm
/// and nought.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SeriesMonitor {
    thermal: Thermal,
    gross: Gross,
    last_seen: Option<Seen>,
    yesterday: Option<Tally>,
    today: Option<Tally>,
    days: VecDeque<Day>,
    months: VecDeque<Day>,
    breaks: VecDeque<Break>,
    /// Hours that a day usually has.
    usual_hours: f64,
    /// How far a day usually swings; `None` before one told.
    swing: Option<f64>,
    last_ms: Option<i64>,
    leap: Option<i64>,
    readings: u64,
    unused: Unused,
    other_unit: Option<TiltUnit>,
    /// The value as it came, and how many readings in a row brought just that.
    same: Option<([f64; 2], u64)>,
    /// When the first of those came.
    #[serde(default)]
    run: Option<Run>,
    /// How often it usually brings the same value again.
    #[serde(default)]
    runs: Runs,
    /// Device time of the newest reading beyond the range of the device, ms since 1970.
    #[serde(default)]
    beyond_ms: Option<i64>,
}

impl SeriesMonitor {
    /// Takes one reading. Answers with what it says of sudden changes; `None` for a reading that could
    /// not be used.
    pub fn take(&mut self, measured: &Measured, taking: &Taking) -> Option<Seen> {
        let (at_ms, value) = (measured.at.millis(), measured.value);
        let temperature_c = measured
            .temperature_c
            .filter(|celsius| OUTDOORS_C.contains(celsius));
        match value[0].hypot(value[1]) {
            size if size < taking.most => {}
            size if size.is_nan() => {
                self.unused.not_a_number += 1;
                return None;
            }
            _ => {
                self.unused.too_large += 1;
                return None;
            }
        }
        let local_ms = at_ms + i64::from(taking.utc_offset_minutes) * 60_000;
        let number = i32::try_from(local_ms.div_euclid(DAY_MS)).ok()?;
        if !self.is_in_time(at_ms, number) {
            return None;
        }
        self.readings += 1;
        self.count_alike(value, at_ms, number);
        self.open(number);
        let is_newest = self.last_ms.is_none_or(|last| at_ms > last);
        let hour = (local_ms.rem_euclid(DAY_MS) / HOUR_MS) as usize;
        if !is_newest {
            // What comes late goes into its day, and neither warms the filter nor moves the level.
            self.tally(number)?.take(hour, value, temperature_c);
            return Some(Seen::Level);
        }
        self.last_ms = Some(at_ms);
        let filtered = temperature_c.map(|celsius| self.thermal.warm(at_ms, celsius));
        let taken = Taken {
            at_ms,
            value,
            celsius: filtered,
        };
        let known = Known {
            mounting: taking.mounting,
            other_unit: self.other_unit,
            response: self.thermal.response(),
            limits: taking.gross,
        };
        let seen = self.gross.take(&taken, &known);
        self.note(seen, number, taking);
        self.follow(at_ms, number);
        let is_level = matches!(seen, Seen::Level | Seen::Spike);
        if is_level {
            self.tally(number)?.take(hour, value, filtered);
            if filtered.is_some() {
                self.thermal.take(value);
            }
        }
        self.last_seen = Some(seen);
        Some(seen)
    }

    /// Whether a reading's time can be true: not doubled, not of a closed day, no lone leap ahead.
    fn is_in_time(&mut self, at_ms: i64, number: i32) -> bool {
        let Some(last) = self.last_ms else {
            return true;
        };
        if at_ms == last {
            self.unused.doubled += 1;
            return false;
        }
        if at_ms > last + LEAP_MS {
            let is_borne_out = self
                .leap
                .is_some_and(|leap| (0..=DAY_MS).contains(&(at_ms - leap)) && at_ms != leap);
            if !is_borne_out {
                self.unused.strange_time += u64::from(self.leap.replace(at_ms).is_some());
                return false;
            }
        } else if self.leap.take().is_some() {
            self.unused.strange_time += 1;
        }
        self.leap = None;
        let oldest = self.yesterday.as_ref().or(self.today.as_ref());
        if oldest.is_some_and(|tally| number < tally.number) {
            self.unused.late += 1;
            return false;
        }
        true
    }

    fn tally(&mut self, number: i32) -> Option<&mut Tally> {
        [self.today.as_mut(), self.yesterday.as_mut()]
            .into_iter()
            .flatten()
            .find(|tally| tally.number == number)
    }

    /// Makes the day of a reading the open one, closing what lies before yesterday.
    fn open(&mut self, number: i32) {
        let Some(today) = &self.today else {
            self.today = Some(Tally::new(number));
            return;
        };
        if number <= today.number {
            return;
        }
        self.thermal.end_day(!today.is_broken);
        let today = self.today.replace(Tally::new(number));
        if let Some(closed) = std::mem::replace(&mut self.yesterday, today) {
            self.close(&closed);
        }
        let is_adjacent = self
            .yesterday
            .as_ref()
            .is_some_and(|day| day.number == number - 1);
        if !is_adjacent && let Some(closed) = self.yesterday.take() {
            self.close(&closed);
        }
    }

    fn close(&mut self, tally: &Tally) {
        let Some(day) = tally.day() else {
            return;
        };
        let hours = f64::from(day.hours);
        self.usual_hours = if self.usual_hours == 0.0 {
            hours
        } else {
            self.usual_hours + 0.1 * (hours - self.usual_hours)
        };
        if let Some(swing) = tally.swing().filter(|_| !tally.is_broken) {
            let usual = self.swing.get_or_insert(swing);
            *usual += 0.1 * (swing - *usual);
        }
        if self.days.len() == DAYS_KEPT {
            self.days.pop_front();
        }
        // Not a power of two more than is ever held: there are thousands of these.
        self.days.reserve_exact(DAYS_KEPT - self.days.len());
        self.days.push_back(day);
        self.settle();
        self.put_into_month(day);
    }

    /// A month is known by the number of its first day; its values are running means of its days.
    fn put_into_month(&mut self, day: Day) {
        if day.is_broken {
            return;
        }
        match self.months.back_mut() {
            Some(last) if month_of(last.number) == month_of(day.number) => last.mean_with(&day),
            _ => {
                if self.months.len() == MONTHS_KEPT {
                    self.months.remove(1);
                }
                self.months.reserve_exact(MONTHS_KEPT - self.months.len());
                self.months.push_back(Day { hours: 1, ..day });
            }
        }
    }

    /// What temperature does to it, once learned.
    #[must_use]
    pub fn response(&self) -> Option<Response> {
        self.thermal.response()
    }

    /// Jumps that were confirmed, oldest first.
    pub fn breaks(&self) -> impl DoubleEndedIterator<Item = &Break> {
        self.breaks.iter()
    }

    /// What the newest reading said of sudden changes.
    #[must_use]
    pub fn last_seen(&self) -> Option<Seen> {
        self.last_seen
    }

    /// The unit that its numbers look like since they changed to another.
    #[must_use]
    pub fn other_unit(&self) -> Option<TiltUnit> {
        self.other_unit
    }

    /// Notes a reading that its device cannot have measured: it is not believed, whatever it says.
    pub fn note_beyond_range(&mut self, at: Timestamp) {
        self.unused.beyond_range += 1;
        self.beyond_ms = self.beyond_ms.max(Some(at.millis()));
    }

    /// Whether the newest of all readings lies beyond the range of the device.
    #[must_use]
    pub fn is_beyond_range(&self) -> bool {
        self.beyond_ms
            .is_some_and(|beyond| Some(beyond) > self.last_ms)
    }

    /// Standard deviation of a single reading, as far as is known; nought before it is.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.gross.sigma()
    }

    /// Device time of the newest reading that was used.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.last_ms.map(Timestamp::from_millis)
    }

    /// How many readings were taken.
    #[must_use]
    pub fn readings(&self) -> u64 {
        self.readings
    }

    /// Bytes that it takes in memory, what it points to included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        std::mem::size_of::<Self>()
            + (self.days.capacity() + self.months.capacity()) * std::mem::size_of::<Day>()
            + self.breaks.capacity() * std::mem::size_of::<Break>()
            + self.gross.bytes()
    }

    /// What could not be used.
    #[must_use]
    pub fn unused(&self) -> Unused {
        self.unused
    }

    /// How far a usual day swings; nought before a day told.
    #[must_use]
    pub fn daily_swing(&self) -> f64 {
        self.swing.unwrap_or(0.0)
    }
}
