//! Axes: a linear map from values or days to pixels, and where ticks stand. Values have ticks in steps of
//! 1, 2 or 5; time has them by days, weeks (Mondays) or months of the city's calendar. Never draws.

use crate::base::Timestamp;

use super::DAY_MS;

/// A linear map onto pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    /// What lies at both ends.
    pub ends: [f64; 2],
    /// Pixels of these.
    pub px: [f32; 2],
}

impl Axis {
    /// The pixel of a value.
    pub fn px(&self, value: f64) -> f32 {
        let share = (value - self.ends[0]) / (self.ends[1] - self.ends[0]);
        self.px[0] + share as f32 * (self.px[1] - self.px[0])
    }

    /// Whether a value lies between the ends.
    pub fn holds(&self, value: f64) -> bool {
        (self.ends[0]..=self.ends[1]).contains(&value)
    }

    /// The value, or the end that it lies beyond.
    pub fn clamp(&self, value: f64) -> f64 {
        value.clamp(self.ends[0], self.ends[1])
    }
}

/// A step of 1, 2 or 5 times a power of ten that is at least so large.
pub(super) fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter();
    let found = times.map(|one| one * power).find(|step| *step >= least);
    found.unwrap_or(10.0 * power)
}

/// Ticks between the ends, at least `apart` (in values) from each other, with the decimals that tell them
/// apart.
pub(super) fn value_ticks(ends: [f64; 2], apart: f64) -> (Vec<f64>, usize) {
    let step = round_step(apart);
    let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
    let first = (ends[0] / step).ceil() as i64;
    let last = (ends[1] / step).floor() as i64;
    let ticks = (first..=last).map(|index| index as f64 * step).collect();
    (ticks, decimals)
}

/// How ticks of time are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeStep {
    Days(i64),
    Weeks(i64),
    Months(u32),
}

/// From the finest to the coarsest.
const TIME_STEPS: [TimeStep; 10] = [
    TimeStep::Days(1),
    TimeStep::Days(2),
    TimeStep::Weeks(1),
    TimeStep::Weeks(2),
    TimeStep::Months(1),
    TimeStep::Months(2),
    TimeStep::Months(3),
    TimeStep::Months(6),
    TimeStep::Months(12),
    TimeStep::Months(60),
];

impl TimeStep {
    fn days(self) -> f64 {
        match self {
            Self::Days(days) => days as f64,
            Self::Weeks(weeks) => 7.0 * weeks as f64,
            // The shortest that so many months are.
            Self::Months(months) => 28.0 + 30.4 * f64::from(months - 1),
        }
    }

    fn falls_on(self, number: i64) -> bool {
        match self {
            Self::Days(days) => number.rem_euclid(days) == 0,
            // Day nought was a Thursday.
            Self::Weeks(weeks) => (number + 3).rem_euclid(7 * weeks) == 0,
            Self::Months(months) => {
                let part = |format: &str| date(number, format).parse::<u32>().unwrap_or(0);
                let month = part("%Y") * 12 + part("%m").saturating_sub(1);
                date(number, "%d") == "01" && month.is_multiple_of(months)
            }
        }
    }
}

/// A day by the calendar, in a format of `strftime`.
pub(super) fn date(number: i64, format: &str) -> String {
    Timestamp::from_millis(number.saturating_mul(DAY_MS)).local(0, format)
}

/// Ticks of time: midnights with their labels, at least `apart_days` from each other.
pub(super) fn time_ticks(ends: [f64; 2], apart_days: f64) -> Vec<(f64, String)> {
    let mut steps = TIME_STEPS.into_iter();
    let step = steps.find(|step| step.days() >= apart_days);
    let step = step.unwrap_or(TimeStep::Months(120));
    let format = match step {
        TimeStep::Months(_) => "%Y-%m",
        _ => "%m-%d",
    };
    let days = ends[0].ceil() as i64..=ends[1].floor() as i64;
    days.filter(|number| step.falls_on(*number))
        .map(|number| (number as f64, date(number, format)))
        .collect()
}
