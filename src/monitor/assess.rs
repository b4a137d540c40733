//! From the state of a tilt sensor to an assessment: share of the limit, rates, a grade, the days that
//! are left, and why. A screening, never an appraisal. What cannot be told is said with its reason,
//! never a silent nought.

use serde::{Deserialize, Serialize};

use super::gross::{Jump, Seen};
use super::kept::{Cause, Unused};
use super::rate::{Rate, Warmth, acceleration, rate};
use super::table::{Limit, MonitorTable, Subject};
use super::tilt::{MONTH_DAYS, TiltMonitor};
use super::unit::{Mounting, TiltUnit, bearing_deg};

/// How bad it is, worse ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonitorGrade {
    /// Nothing to look at.
    Normal,
    /// To be looked at at times.
    Attention,
    /// Yellow warning.
    Yellow,
    /// Orange warning.
    Orange,
    /// Red warning: at the limit or beyond.
    Red,
}

/// Why nothing, or not all, can be told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum CannotTell {
    /// Nothing was measured, or nothing that could be used.
    NoReadings,
    /// Fewer days than a rate needs.
    TooFewDays {
        /// So many there are.
        days: usize,
    },
    /// The value never changes: a sensor that is stuck.
    Constant,
    /// No limit fits the building, or the one that fits sets no number.
    NoLimit,
    /// The numbers are of another unit than the mounting says.
    OtherUnit {
        /// What they look like.
        unit: TiltUnit,
    },
    /// The axes were exchanged.
    AxesSwapped,
    /// Readings jump about.
    Restless,
}

/// Something sudden.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Sudden {
    /// One reading far from the level; the next one tells.
    Unconfirmed {
        /// The jump.
        jump: Jump,
    },
    /// The house moved: two readings agree.
    Moved {
        /// The jump.
        jump: Jump,
    },
    /// Mounted anew, as far as can be told: somebody must look.
    MountedAnew {
        /// The jump.
        jump: Jump,
    },
}

/// What can be said of one tilt sensor now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The grade; `None` where nothing can be told.
    pub grade: Option<MonitorGrade>,
    /// Grade by the share of the limit.
    pub by_share: Option<MonitorGrade>,
    /// Grade by the rate.
    pub by_rate: Option<MonitorGrade>,
    /// Size of the lean, ‰.
    pub lean_permille: Option<f64>,
    /// Where it leans to, degrees clockwise from north; only with a mounting that says so.
    pub bearing_deg: Option<f64>,
    /// Share of the limit, 1 at the limit.
    pub share: Option<f64>,
    /// The limit's id and number, ‰.
    pub limit: Option<(String, f64)>,
    /// Rates over the windows of the table, and since the epoch as the last one.
    pub rates: Vec<Rate>,
    /// The rate that the sentence tells: over the longest window that can tell one.
    pub growth: Option<Growth>,
    /// Change of the rate over the longest window, ‰ a month each month, and half its 95 % interval.
    pub acceleration: Option<(f64, f64)>,
    /// Days until the limit is reached at this rate.
    pub days_to_limit: Option<DaysToLimit>,
    /// Something sudden, the newest.
    pub sudden: Option<Sudden>,
    /// What cannot be told, and why.
    pub cannot_tell: Vec<CannotTell>,
    /// What could not be used of the readings.
    pub unused: Unused,
}

/// How the lean grows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Growth {
    /// ‰ a month, along the lean.
    pub permille_month: f64,
    /// Half of the 95 % interval.
    pub half: f64,
    /// Over so many days.
    pub span_days: u32,
}

/// When the limit is reached if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DaysToLimit {
    /// At the fastest rate of the interval.
    pub soonest: f64,
    /// At the rate itself; `None` where it does not grow.
    pub expected: Option<f64>,
    /// At the slowest; `None` where it may never be.
    pub latest: Option<f64>,
}

/// What can be said of a tilt sensor of a building by a table.
#[must_use]
pub fn assess(
    monitor: &TiltMonitor,
    mounting: &Mounting,
    subject: &Subject,
    table: &MonitorTable,
) -> Assessment {
    let lean = monitor.lean_permille();
    let size = lean.map(|lean| lean[0].hypot(lean[1]));
    let limit = table.limit(subject);
    let permille = limit.and_then(|limit| limit.permille);
    let days = monitor.trend_days();
    let warmth = Warmth {
        response: monitor.response(),
        daily_swing_permille: monitor.daily_swing_permille(),
    };
    let mut rates: Vec<Rate> = (table.rate.windows_days.iter())
        .filter_map(|window| rate(&days, *window, &warmth))
        .collect();
    let by_rate = grade_of_rates(&rates, table);
    let told = rates.iter().rev().find(|rate| is_long_enough(rate, table));
    let growth = told.and_then(|rate| {
        let (permille_month, half) = rate.growth(lean?)?;
        Some(Growth {
            permille_month,
            half,
            span_days: rate.span_days,
        })
    });
    rates.extend(rate(&monitor.trend_months(), u32::MAX, &warmth));
    let share = size.zip(permille).map(|(size, limit)| size / limit);
    let by_share = share.map(|share| table.grade_of_share(share));
    let cannot_tell = cannot_tell(monitor, days.len(), limit, by_rate.is_some());
    let is_wrong = cannot_tell.iter().any(CannotTell::spoils_all);
    let sudden = sudden(monitor);
    let grades = [by_share, by_rate, sudden.and_then(grade_of_sudden)];
    Assessment {
        grade: grades.into_iter().flatten().max().filter(|_| !is_wrong),
        by_share,
        by_rate,
        lean_permille: size,
        bearing_deg: lean
            .filter(|_| mounting.bearing_deg.is_some())
            .and_then(|lean| bearing_deg(lean[0], lean[1])),
        share,
        limit: limit
            .zip(permille)
            .map(|(limit, number)| (limit.id.clone(), number)),
        acceleration: (table.rate.windows_days.last())
            .and_then(|window| acceleration(&days, *window, &warmth)),
        days_to_limit: (size.zip(permille).zip(growth))
            .and_then(|((size, limit), growth)| days_to_limit(size, limit, &growth)),
        rates,
        growth,
        sudden,
        cannot_tell,
        unused: monitor.unused(),
    }
}

impl CannotTell {
    /// Whether no grade can be given at all.
    const fn spoils_all(&self) -> bool {
        matches!(
            self,
            Self::NoReadings | Self::Constant | Self::OtherUnit { .. } | Self::AxesSwapped
        )
    }
}

fn is_long_enough(rate: &Rate, table: &MonitorTable) -> bool {
    rate.span_days + 1 >= table.rate.least_days
}

/// The worst grade that the rates give; `None` where all windows are short and nothing is fast.
fn grade_of_rates(rates: &[Rate], table: &MonitorTable) -> Option<MonitorGrade> {
    let told = rates.iter().filter_map(|rate| {
        let is_long = is_long_enough(rate, table);
        match rate.low {
            low if low > table.rate.orange_permille_month => Some(MonitorGrade::Orange),
            low if is_long && low > table.rate.attention_permille_month => {
                Some(MonitorGrade::Attention)
            }
            // A short window tells what is fast, and not that all is well.
            _ => is_long.then_some(MonitorGrade::Normal),
        }
    });
    told.max()
}

/// A house that moved is red until somebody looked; a sensor that may hang anew is looked at.
fn grade_of_sudden(sudden: Sudden) -> Option<MonitorGrade> {
    match sudden {
        Sudden::Moved { .. } => Some(MonitorGrade::Red),
        Sudden::MountedAnew { .. } | Sudden::Unconfirmed { .. } => Some(MonitorGrade::Attention),
    }
}

fn sudden(monitor: &TiltMonitor) -> Option<Sudden> {
    if let Some(Seen::Unconfirmed(jump)) = monitor.last_seen() {
        return Some(Sudden::Unconfirmed { jump });
    }
    let last = monitor.breaks().next_back()?;
    match last.cause {
        Cause::Movement => Some(Sudden::Moved { jump: last.jump }),
        Cause::Mounting => Some(Sudden::MountedAnew { jump: last.jump }),
        Cause::Axes | Cause::Unit => None,
    }
}

fn cannot_tell(
    monitor: &TiltMonitor,
    days: usize,
    limit: Option<&Limit>,
    has_rate: bool,
) -> Vec<CannotTell> {
    let mut reasons = Vec::new();
    if monitor.readings() == 0 {
        reasons.push(CannotTell::NoReadings);
    }
    if monitor.is_constant() {
        reasons.push(CannotTell::Constant);
    }
    match monitor.breaks().next_back().map(|last| last.cause) {
        Some(Cause::Axes) => reasons.push(CannotTell::AxesSwapped),
        Some(Cause::Unit) => {
            reasons.extend(
                monitor
                    .other_unit()
                    .map(|unit| CannotTell::OtherUnit { unit }),
            );
        }
        _ => {}
    }
    if matches!(monitor.last_seen(), Some(Seen::Restless)) {
        reasons.push(CannotTell::Restless);
    }
    if monitor.readings() > 0 && !has_rate {
        reasons.push(CannotTell::TooFewDays { days });
    }
    if limit.is_none_or(|limit| limit.permille.is_none()) {
        reasons.push(CannotTell::NoLimit);
    }
    reasons
}

/// Days until a lean of `size` reaches the limit, ‰. `None` where not even the fastest rate of the
/// interval grows.
fn days_to_limit(size: f64, limit: f64, growth: &Growth) -> Option<DaysToLimit> {
    let left = (limit - size).max(0.0);
    let days = |rate: f64| (rate > 0.0).then(|| left / rate * MONTH_DAYS);
    Some(DaysToLimit {
        soonest: days(growth.permille_month + growth.half)?,
        expected: days(growth.permille_month),
        latest: days(growth.permille_month - growth.half),
    })
}
