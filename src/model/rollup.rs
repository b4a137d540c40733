//! Readings of a device rolled up: how many, mean, least and greatest in a minute, an hour, a day.
//! Used by archives and by who asks them. An hour is made of readings, a day of hours, so what was
//! made while the readings were there is what is made of them today, to the last bit.
//! Never decides which readings are kept.

use serde::Serialize;

use crate::base::{Millis, Timestamp};

use super::Reading;
use super::ground::named;

named! {
    /// The width of what readings are rolled up into.
    Step {
        /// A minute.
        #[default]
        Minute = "minute",
        /// An hour.
        Hour = "hour",
        /// A day by the city's clock.
        Day = "day",
    }
}

impl Step {
    /// Its length.
    #[must_use]
    pub const fn millis(self) -> Millis {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// When the step that holds `at` begins, by a clock so many minutes ahead of UTC.
    #[must_use]
    pub const fn begin(self, at: Timestamp, utc_offset_minutes: i32) -> Timestamp {
        let offset = utc_offset_minutes as Millis * 60_000;
        let since = at
            .millis()
            .rem_euclid(self.millis())
            .wrapping_add(offset)
            .rem_euclid(self.millis());
        at.plus(-since)
    }
}

/// How the values of one axis lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// How many values.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// What a device measured within one step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rollup {
    /// When the step begins, by device time.
    pub at: Timestamp,
    /// The value; of a two-axis sensor the first axis.
    pub value: Spread,
    /// The second axis, where there is one.
    pub second: Option<Spread>,
}

/// Values on their way into a [`Spread`].
#[derive(Debug, Clone, Copy)]
struct Tally {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
}

impl Tally {
    const NONE: Self = Self {
        count: 0,
        sum: 0.0,
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
    };

    fn take(&mut self, value: f64) {
        self.join(&Spread {
            count: 1,
            mean: value,
            min: value,
            max: value,
        });
    }

    fn join(&mut self, part: &Spread) {
        self.count += part.count;
        self.sum += part.mean * part.count as f64;
        self.min = self.min.min(part.min);
        self.max = self.max.max(part.max);
    }

    fn spread(&self) -> Option<Spread> {
        if self.count == 0 {
            return None;
        }
        // Rounding must not put a mean beside its values: equal ones have themselves as their mean.
        // A sum beyond what a number holds gives the bound that it went past, or the middle.
        let mean = self.sum / self.count as f64;
        let mean = match mean.is_nan() {
            true => self.min / 2.0 + self.max / 2.0,
            false => mean.clamp(self.min, self.max),
        };
        Some(Spread {
            count: self.count,
            mean,
            min: self.min,
            max: self.max,
        })
    }
}

/// Rolls up what comes in the order of device time.
#[derive(Debug, Clone)]
pub struct Roller {
    step: Step,
    utc_offset_minutes: i32,
    at: Timestamp,
    value: Tally,
    second: Tally,
    done: Vec<Rollup>,
}

impl Roller {
    /// One that has nothing yet.
    #[must_use]
    pub const fn new(step: Step, utc_offset_minutes: i32) -> Self {
        Self {
            step,
            utc_offset_minutes,
            at: Timestamp::from_millis(0),
            value: Tally::NONE,
            second: Tally::NONE,
            done: Vec::new(),
        }
    }

    /// Takes a reading; one that is no number is passed over.
    pub fn take(&mut self, reading: &Reading) {
        if !reading.is_finite() {
            return;
        }
        self.step_to(reading.at);
        self.value.take(reading.value);
        if let Some(second) = reading.second {
            self.second.take(second);
        }
    }

    /// Takes what was rolled up by a smaller step.
    pub fn join(&mut self, part: &Rollup) {
        self.step_to(part.at);
        self.value.join(&part.value);
        if let Some(second) = &part.second {
            self.second.join(second);
        }
    }

    /// Everything taken so far.
    #[must_use]
    pub fn finish(mut self) -> Vec<Rollup> {
        self.close();
        self.done
    }

    fn step_to(&mut self, at: Timestamp) {
        let begin = self.step.begin(at, self.utc_offset_minutes);
        if begin != self.at {
            self.close();
            self.at = begin;
        }
    }

    fn close(&mut self) {
        if let Some(value) = self.value.spread() {
            self.done.push(Rollup {
                at: self.at,
                value,
                second: self.second.spread(),
            });
        }
        self.value = Tally::NONE;
        self.second = Tally::NONE;
    }
}

/// Days made of hours.
#[must_use]
pub fn days_of(hours: &[Rollup], utc_offset_minutes: i32) -> Vec<Rollup> {
    let mut days = Roller::new(Step::Day, utc_offset_minutes);
    for hour in hours {
        days.join(hour);
    }
    days.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::DeviceId;

    fn reading(at: i64, value: f64, second: Option<f64>) -> Reading {
        Reading {
            device: DeviceId::from_bits(1),
            at: Timestamp::from_millis(at),
            arrived: Timestamp::from_millis(at),
            value,
            second,
            temperature_c: None,
        }
    }

    fn rolled(step: Step, offset: i32, readings: &[Reading]) -> Vec<Rollup> {
        let mut roller = Roller::new(step, offset);
        readings.iter().for_each(|one| roller.take(one));
        roller.finish()
    }

    #[test]
    fn minutes_hold_what_falls_into_them() {
        let readings = [
            reading(0, 1.0, Some(-1.0)),
            reading(59_999, 4.0, None),
            reading(60_000, f64::NAN, None),
            reading(120_000, -2.0, Some(7.0)),
        ];
        let spread = |count, mean, min, max| Spread {
            count,
            mean,
            min,
            max,
        };
        let minute = |at, value, second| Rollup {
            at: Timestamp::from_millis(at),
            value,
            second,
        };
        assert_eq!(
            rolled(Step::Minute, 480, &readings),
            [
                minute(
                    0,
                    spread(2, 2.5, 1.0, 4.0),
                    Some(spread(1, -1.0, -1.0, -1.0))
                ),
                minute(
                    120_000,
                    spread(1, -2.0, -2.0, -2.0),
                    Some(spread(1, 7.0, 7.0, 7.0))
                ),
            ]
        );
        assert!(rolled(Step::Minute, 0, &[]).is_empty());
    }

    #[test]
    fn a_day_begins_at_the_citys_midnight() {
        let begin = |text: &str, offset| {
            let at: Timestamp = text.parse().unwrap();
            Step::Day.begin(at, offset).to_string()
        };
        assert_eq!(begin("2026-05-01T15:59:59Z", 480), "2026-04-30T16:00:00Z");
        assert_eq!(begin("2026-05-01T16:00:00Z", 480), "2026-05-01T16:00:00Z");
        assert_eq!(begin("1969-12-31T23:00:00Z", 0), "1969-12-31T00:00:00Z");
        // Nepal's hours begin at a quarter past.
        let at: Timestamp = "2026-05-01T12:10:00Z".parse().unwrap();
        assert_eq!(
            Step::Hour.begin(at, 345).to_string(),
            "2026-05-01T11:15:00Z"
        );
        // Times out of damaged messages stay what they are, more or less.
        for at in [i64::MIN, i64::MAX] {
            let _ = Step::Day.begin(Timestamp::from_millis(at), 840);
        }
    }

    #[test]
    fn a_mean_never_lies_beside_its_values() {
        let tenths: Vec<_> = (0..10).map(|at| reading(at, 0.1, None)).collect();
        assert_eq!(rolled(Step::Minute, 0, &tenths)[0].value.mean, 0.1);
        let huge = [reading(0, f64::MAX, None), reading(1, f64::MAX, None)];
        assert_eq!(rolled(Step::Minute, 0, &huge)[0].value.mean, f64::MAX);
        let apart = [
            reading(0, f64::MAX, None),
            reading(1, f64::MAX, None),
            reading(2, f64::MIN, None),
        ];
        assert!(rolled(Step::Minute, 0, &apart)[0].value.mean.is_finite());
    }

    #[test]
    fn a_day_is_made_of_its_hours() {
        let readings: Vec<_> = (0..400)
            .map(|at| reading(at * 400_000, (at % 13) as f64, None))
            .collect();
        let hours = rolled(Step::Hour, 480, &readings);
        let days = days_of(&hours, 480);
        let direct = rolled(Step::Day, 480, &readings);
        assert_eq!(days.len(), direct.len());
        for (day, direct) in days.iter().zip(&direct) {
            assert_eq!((day.at, day.value.count), (direct.at, direct.value.count));
            assert_eq!(
                (day.value.min, day.value.max),
                (direct.value.min, direct.value.max)
            );
            assert!((day.value.mean - direct.value.mean).abs() < 1e-9);
        }
    }
}
