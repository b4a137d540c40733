//! What the state of a sensor tells of levels: its days and months as a trend takes them, the days as they
//! were, and the level now. Used by whoever judges or draws it. Never changes the state.

use super::super::day::{Day, Tally};
use super::super::kept::{Cause, TrendDay};
use super::super::robust::median;
use super::super::thermal::REFERENCE_C;
use super::{LEAST_HOURS, SeriesMonitor};

impl SeriesMonitor {
    /// The days that belong to a trend, oldest first, with what is known of the open ones: those
    /// with hours enough, compensated, all on the level of today.
    #[must_use]
    pub fn trend_days(&self) -> Vec<TrendDay> {
        self.on_level(self.whole_days())
    }

    /// Those with hours enough in which nothing broke, the open ones among them, oldest first.
    fn whole_days(&self) -> impl Iterator<Item = Day> {
        let open = [&self.yesterday, &self.today].into_iter().flatten();
        let open = open.filter_map(Tally::day);
        let all = self.days.iter().copied().chain(open);
        let least = (LEAST_HOURS * self.usual_hours).max(1.0);
        all.filter(move |day| !day.is_broken && f64::from(day.hours) >= least)
    }

    /// The same days as they were, compensated, all on the level of the first mounting: where the house
    /// moved there is a step. What lies before a break that is not settled is among them.
    #[must_use]
    pub fn course_days(&self) -> Vec<TrendDay> {
        let response = self.thermal.response();
        let days = self.whole_days().map(|day| {
            let mut value = day.compensated(response.as_ref());
            let mounted = self.breaks.iter().filter(|at| at.cause == Cause::Mounting);
            for at in mounted.filter(|at| at.day < day.number) {
                for (value, offset) in value.iter_mut().zip(at.offset) {
                    *value -= offset;
                }
            }
            TrendDay {
                number: day.number,
                value,
                celsius: day.celsius(),
            }
        });
        days.collect()
    }

    /// The months since the epoch, oldest first, compensated, all on the level of today.
    #[must_use]
    pub fn trend_months(&self) -> Vec<TrendDay> {
        self.on_level(self.months.iter().copied())
    }

    fn on_level(&self, days: impl Iterator<Item = Day>) -> Vec<TrendDay> {
        let response = self.thermal.response();
        // What lies before a break that is not settled cannot be compared yet.
        let unsettled = self.breaks.iter().filter(|at| !at.is_settled);
        let from = unsettled.map(|at| at.day).max().unwrap_or(i32::MIN);
        days.filter(|day| day.number > from)
            .map(|day| {
                let mut value = day.compensated(response.as_ref());
                for at in self.breaks.iter().filter(|at| at.day >= day.number) {
                    for (value, offset) in value.iter_mut().zip(at.offset) {
                        *value += offset;
                    }
                }
                TrendDay {
                    number: day.number,
                    value,
                    celsius: day.celsius(),
                }
            })
            .collect()
    }

    /// By how much the level jumped on this day and since where the house moved: what days on the level
    /// of today do not show.
    #[must_use]
    pub fn moved_since(&self, day: i32) -> [f64; 2] {
        let moved = self.breaks.iter();
        let moved = moved.filter(|at| at.cause == Cause::Movement && at.day >= day);
        moved.fold([0.0; 2], |sum, at| {
            [0, 1].map(|axis| sum[axis] + at.offset[axis])
        })
    }

    /// By how much the sensor shows another level since it was mounted anew: what the house is held not
    /// to have done.
    #[must_use]
    pub fn mounted_by(&self) -> [f64; 2] {
        let mounted = self.breaks.iter().filter(|at| at.cause == Cause::Mounting);
        mounted.fold([0.0; 2], |sum, at| {
            [0, 1].map(|axis| sum[axis] + at.offset[axis])
        })
    }

    /// The level now, compensated: the median of the last days, or where it changed since, of the last
    /// readings. What a sensor lost or won when it was mounted anew is
    /// taken off: the house is held to have stood still meanwhile. `None` before there is any.
    #[must_use]
    pub fn level(&self) -> Option<[f64; 2]> {
        let (level, mounted) = (self.shown()?, self.mounted_by());
        Some([0, 1].map(|axis| level[axis] - mounted[axis]))
    }

    /// The level as the sensor shows it.
    fn shown(&self) -> Option<[f64; 2]> {
        let days = self.trend_days();
        let last_break = self.breaks.back().map(|at| at.day);
        let is_settled = days
            .last()
            .is_some_and(|day| last_break.is_none_or(|at| day.number > at));
        if !is_settled {
            let response = self.thermal.response();
            return self.gross.level(Some(REFERENCE_C), response.as_ref());
        }
        let last = &days[days.len().saturating_sub(3)..];
        let axis =
            |axis: usize| median(&mut last.iter().map(|day| day.value[axis]).collect::<Vec<_>>());
        Some([axis(0)?, axis(1)?])
    }
}
