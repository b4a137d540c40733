//! Where a series of one value a day goes from here: its middle and intervals of 50, 80 and 95 % some
//! days ahead, when a limit is reached, and how well such intervals would have held so far. Used by
//! whoever shows what a building does. Pure: no clock, no file, no chance. It never tells a number
//! without an interval, and what it cannot tell it says with its reason.
//!
//! The method, and why: what a slow movement will do is unsure for three reasons, and each of them
//! rules at another distance. Noise that hangs together rules the next days, the error of the slope
//! the next weeks, and that the slope itself changes the next months. `model` holds all three in one
//! state and averages over how much there is of each, for a hundred days never tell; a fit of the one
//! most likely model gives intervals that are far too narrow. That a movement may end on the way
//! is in it as well: a house does not lean for ever. `back_test` then asks the series itself:
//! intervals are widened or narrowed by how its own earlier forecasts did.

mod back_test;
mod model;
mod spread;

use serde::{Deserialize, Serialize};

use super::daily::{Daily, DayValue, LeftOut};

pub use back_test::{Coverage, back_test};
use back_test::{Factors, Sweep};
use model::Outlook;
use spread::{Part, chance_below, normal_chance, normal_deviate, quantile};

/// How far ahead is usually told, days.
pub const HORIZONS_DAYS: [u32; 5] = [7, 14, 30, 60, 90];

/// Fewer values tell nothing of what comes.
const VALUES_LEAST: usize = 8;
/// So many times as far ahead as the series reaches back, and no further.
const AHEAD_BY_SPAN: u32 = 3;
/// No limit is looked for further ahead than this, days.
const REACH_MOST_DAYS: u32 = 365;
/// Half the width of the intervals of 50, 80 and 95 % of a normal distribution, in standard deviations.
const HALVES: [f64; 3] = [
    0.674_489_750_196_082,
    1.281_551_565_544_6,
    1.959_963_984_540_054,
];

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum CannotForecast {
    /// Too few values that can be used.
    #[error("there are {values} values that can be used, and a forecast needs {needed}")]
    TooFew {
        /// So many there are.
        values: usize,
        /// So many it takes.
        needed: usize,
    },
    /// All values are alike: a sensor that is stuck.
    #[error("the value never changes: a sensor that is stuck tells nothing of what comes")]
    Constant,
    /// Further ahead than the series can carry.
    #[error("{ahead_days} days ahead are too far: the series carries {most_days}")]
    TooFar {
        /// So far was asked for.
        ahead_days: u32,
        /// So far can be told.
        most_days: u32,
    },
}

/// Where a value may lie with some chance, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// What is foreseen for one day, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    /// Days ahead of the last value.
    pub ahead_days: u32,
    /// As likely above as below.
    pub middle: f64,
    /// Holds the value of that day with 50 %.
    pub half: Interval,
    /// With 80 %.
    pub most: Interval,
    /// With 95 %.
    pub nearly_all: Interval,
}

/// Which way a limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By growing.
    Up,
    /// By shrinking.
    Down,
}

/// When a limit is reached, days ahead of the last value; `None` where it is not within
/// [`Reaching::looked_days`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reaching {
    /// The first day on which the value lies beyond with 2.5 %.
    pub soonest_days: Option<u32>,
    /// With 50 %.
    pub expected_days: Option<u32>,
    /// With 97.5 %.
    pub latest_days: Option<u32>,
    /// The chance of lying beyond on the days of [`HORIZONS_DAYS`] that can be told: (days, from
    /// nought to one). Of a value that swings the chance of having been beyond meanwhile is larger.
    pub chances: Vec<(u32, f64)>,
    /// So far it was looked.
    pub looked_days: u32,
}

/// Where a series goes from here.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// Number of the day of the last value, from which is counted.
    pub last_number: i32,
    /// So many values it stands on.
    pub values: usize,
    /// What could not be used.
    pub left_out: LeftOut,
    /// The furthest that can be told, days.
    pub most_days: u32,
    outlook: Outlook,
    factors: Factors,
}

/// Forecasts a series, of which the newest hundred values count, in any order. Takes some milliseconds.
///
/// # Errors
/// [`CannotForecast`] for fewer than eight values that can be used, and where all are alike.
pub fn forecast(series: &[DayValue]) -> Result<Forecast, CannotForecast> {
    let daily = Daily::of(series);
    let outlook = outlook(&daily)?;
    Ok(Forecast {
        last_number: daily.numbers.last().copied().unwrap_or(0),
        values: daily.values.len(),
        left_out: daily.left_out,
        most_days: daily.span().saturating_mul(AHEAD_BY_SPAN),
        outlook,
        factors: Sweep::of(series).factors(),
    })
}

fn outlook(daily: &Daily) -> Result<Outlook, CannotForecast> {
    if daily.values.len() < VALUES_LEAST {
        return Err(CannotForecast::TooFew {
            values: daily.values.len(),
            needed: VALUES_LEAST,
        });
    }
    if daily.resolution == 0.0 {
        return Err(CannotForecast::Constant);
    }
    Ok(Outlook::of(daily))
}

impl Forecast {
    /// What is foreseen so many days ahead of the last value.
    ///
    /// # Errors
    /// [`CannotForecast::TooFar`] beyond three times the span of the series.
    pub fn at(&self, ahead_days: u32) -> Result<Ahead, CannotForecast> {
        let (parts, factor) = self.parts(ahead_days)?;
        let end = |deviate: f64| quantile(&parts, normal_chance(factor * deviate));
        let [half, most, nearly_all] = HALVES.map(|half| Interval {
            low: end(-half),
            high: end(half),
        });
        Ok(Ahead {
            ahead_days,
            middle: end(0.0),
            half,
            most,
            nearly_all,
        })
    }

    /// What is foreseen for the usual days ahead, as far as the series carries.
    #[must_use]
    pub fn usual(&self) -> Vec<Ahead> {
        let days = HORIZONS_DAYS.into_iter();
        days.filter_map(|days| self.at(days).ok()).collect()
    }

    /// The chance that the value of a day lies at a limit or beyond, from nought to one.
    ///
    /// # Errors
    /// As [`Forecast::at`].
    pub fn chance_beyond(
        &self,
        limit: f64,
        way: Way,
        ahead_days: u32,
    ) -> Result<f64, CannotForecast> {
        let (parts, factor) = self.parts(ahead_days)?;
        let below = normal_chance(normal_deviate(chance_below(&parts, limit)) / factor);
        Ok(match way {
            Way::Up => 1.0 - below,
            Way::Down => below,
        })
    }

    /// When a limit is reached, looked for up to a year ahead and no further than the series carries.
    #[must_use]
    pub fn reaching(&self, limit: f64, way: Way) -> Reaching {
        let looked_days = self.most_days.min(REACH_MOST_DAYS);
        let chance = |days: u32| self.chance_beyond(limit, way, days).unwrap_or(0.0);
        let chances: Vec<f64> = (1..=looked_days).map(chance).collect();
        let first = |least: f64| {
            let at = chances.iter().position(|chance| *chance >= least);
            at.map(|at| at as u32 + 1)
        };
        Reaching {
            soonest_days: first(0.025),
            expected_days: first(0.5),
            latest_days: first(0.975),
            chances: (HORIZONS_DAYS.into_iter())
                .filter(|days| *days <= self.most_days)
                .map(|days| (days, chance(days)))
                .collect(),
            looked_days,
        }
    }

    /// Where the value of a day may lie, and how many times as far as the models say.
    fn parts(&self, ahead_days: u32) -> Result<(Vec<Part>, f64), CannotForecast> {
        if ahead_days > self.most_days {
            return Err(CannotForecast::TooFar {
                ahead_days,
                most_days: self.most_days,
            });
        }
        let parts = self.outlook.ahead(f64::from(ahead_days));
        Ok((parts, self.factors.at(ahead_days)))
    }
}
