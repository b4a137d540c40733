//! A sensor made ready to be judged: its days, months and level, held against references where it has any,
//! at a moment. Used by `assess` and by whoever draws how it goes. Never judges.

use crate::base::{Millis, Timestamp};

use super::assessment::CannotTell;
use super::daily::DayValue;
use super::gauge::Gauge;
use super::kept::TrendDay;
use super::range::DeviceRange;
use super::reference::Reference;
use super::robust::median;
use super::series::SeriesMonitor;

/// What is known of a sensor, made ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed<'a> {
    pub(super) monitor: &'a SeriesMonitor,
    pub(super) gauge: Gauge,
    pub(super) level: Option<[f64; 2]>,
    /// What its days are more than the level that is told: of another mounting.
    above_level: [f64; 2],
    pub(super) days: Vec<TrendDay>,
    /// The days as they were, on the level of the first mounting.
    course: Vec<TrendDay>,
    pub(super) months: Vec<TrendDay>,
    pub(super) faults: Vec<CannotTell>,
    /// Device time up to which somebody looked at what was sudden, ms since 1970.
    pub(super) looked_ms: Option<i64>,
    /// What its device can measure.
    pub(super) range: Option<DeviceRange>,
}

impl<'a> Followed<'a> {
    /// A sensor by itself.
    #[must_use]
    pub fn of(monitor: &'a SeriesMonitor, gauge: &Gauge) -> Self {
        // Days of a sensor that is stuck are no days of the house.
        let stuck_day = monitor.stuck_day().unwrap_or(i32::MAX);
        let before = |mut days: Vec<TrendDay>| {
            days.retain(|day| day.number < stuck_day);
            days
        };
        Self {
            monitor,
            gauge: *gauge,
            level: monitor.level(),
            above_level: monitor.mounted_by(),
            days: before(monitor.trend_days()),
            course: before(monitor.course_days()),
            months: monitor.trend_months(),
            faults: Vec::new(),
            looked_ms: None,
            range: None,
        }
    }

    /// Judged at a moment: a sensor that told nothing for longer than `silent_ms` before it tells of the
    /// past alone.
    #[must_use]
    pub fn judged_at(mut self, now: Timestamp, silent_ms: Millis) -> Self {
        let last = self.monitor.last();
        if let Some(since) = last.filter(|last| now - *last > silent_ms) {
            self.faults.push(CannotTell::Silent { since });
        }
        self
    }

    /// Measured by a device that cannot measure more than this.
    #[must_use]
    pub const fn within(mut self, range: Option<DeviceRange>) -> Self {
        self.range = range;
        self
    }

    /// Settlement held against points of reference.
    #[must_use]
    pub fn against(mut self, reference: &Reference, agree_mm: f64) -> Self {
        let had_days = !self.days.is_empty();
        self.days = reference.days(self.days);
        self.course = reference.days(self.course);
        self.months = reference.months(self.months);
        let last = &self.days[self.days.len().saturating_sub(3)..];
        let values = last.iter().map(|day| day.value[0]);
        self.level = median(&mut values.collect::<Vec<_>>()).map(|mm| [mm, 0.0]);
        self.above_level = [0.0; 2];
        if had_days && self.days.is_empty() {
            self.faults.push(CannotTell::NoReference);
        }
        let apart_mm = reference.apart_mm();
        if apart_mm > agree_mm {
            self.faults
                .push(CannotTell::ReferencesDisagree { apart_mm });
        }
        self
    }

    /// What was sudden up to this device time was looked at by somebody, and is over.
    #[must_use]
    pub const fn looked_at(mut self, until: Timestamp) -> Self {
        self.looked_ms = Some(until.millis());
        self
    }

    /// The days that belong to its trend, oldest first, all on the level of today.
    #[must_use]
    pub fn days(&self) -> &[TrendDay] {
        &self.days
    }

    /// The way along which its days become single values: that of the lean it has now; a length has but
    /// one. `None` where there is no level.
    #[must_use]
    pub fn way(&self) -> Option<[f64; 2]> {
        let level = self.level?;
        let size = level[0].hypot(level[1]);
        let is_length = matches!(self.gauge, Gauge::Length { .. });
        Some(match is_length || size == 0.0 {
            true => [1.0, 0.0],
            false => level.map(|part| part / size),
        })
    }

    /// Its days as a series of single values on the level that is told: a length, or a lean along the way
    /// it has now. Empty where there is no level.
    #[must_use]
    pub fn series(&self) -> Vec<DayValue> {
        self.along(&self.days, self.above_level)
    }

    /// The days as they were, along the same way: where the house moved there is a step, and what was
    /// mounted anew goes on where it was.
    #[must_use]
    pub fn course(&self) -> Vec<DayValue> {
        let mounted = self.monitor.mounted_by();
        let off = [0, 1].map(|axis| self.above_level[axis] - mounted[axis]);
        self.along(&self.course, off)
    }

    /// Days along the way, less what is taken off each.
    fn along(&self, days: &[TrendDay], off: [f64; 2]) -> Vec<DayValue> {
        let Some(way) = self.way() else {
            return Vec::new();
        };
        let part = |day: &TrendDay, axis: usize| (day.value[axis] - off[axis]) * way[axis];
        let days = days.iter().map(|day| DayValue {
            number: day.number,
            value: part(day, 0) + part(day, 1),
        });
        days.collect()
    }

    /// The level now, in the unit of its series.
    #[must_use]
    pub const fn level(&self) -> Option<[f64; 2]> {
        self.level
    }
}
