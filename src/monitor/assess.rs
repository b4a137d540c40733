//! From the state of a sensor to an assessment: share of the limit, rates, a grade, the days that
//! are left, and why. A screening, never an appraisal. What cannot be told is said with its reason,
//! never a silent nought.

use crate::base::Timestamp;
use crate::model::MonitorGrade;

use super::assessment::{Assessment, CannotTell, DaysToLimit, Growth, Stability, Sudden};
use super::daily::DayValue;
use super::gauge::Gauge;
use super::gross::Seen;
use super::kept::{Cause, TrendDay};
use super::limit::{Limit, Quantity, Subject};
use super::rate::{Rate, Warmth, acceleration, rate};
use super::reference::Reference;
use super::robust::median;
use super::scatter::lean_error;
use super::series::{MONTH_DAYS, SeriesMonitor};
use super::table::MonitorTable;
use super::unit::{bearing_deg, other_unit};

/// What is known of a sensor, made ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed<'a> {
    monitor: &'a SeriesMonitor,
    gauge: Gauge,
    level: Option<[f64; 2]>,
    /// What its days are more than the level that is told: of another mounting.
    above_level: [f64; 2],
    days: Vec<TrendDay>,
    /// The days as they were, on the level of the first mounting.
    course: Vec<TrendDay>,
    months: Vec<TrendDay>,
    faults: Vec<CannotTell>,
    /// Device time up to which somebody looked at what was sudden, ms since 1970.
    looked_ms: Option<i64>,
}

impl<'a> Followed<'a> {
    /// A sensor by itself.
    #[must_use]
    pub fn of(monitor: &'a SeriesMonitor, gauge: &Gauge) -> Self {
        Self {
            monitor,
            gauge: *gauge,
            level: monitor.level(),
            above_level: monitor.mounted_by(),
            days: monitor.trend_days(),
            course: monitor.course_days(),
            months: monitor.trend_months(),
            faults: Vec::new(),
            looked_ms: None,
        }
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

/// What can be said of a sensor of a building by a table.
#[must_use]
pub fn assess(followed: &Followed, subject: &Subject, table: &MonitorTable) -> Assessment {
    let (monitor, quantity) = (followed.monitor, followed.gauge.quantity());
    let level = followed.level;
    let size = level.map(|level| size_of(quantity, level));
    let limit = table.limit(quantity, subject);
    let number = limit.and_then(Limit::number);
    let warmth = Warmth {
        response: monitor.response(),
        daily_swing: monitor.daily_swing(),
    };
    let mut rates: Vec<Rate> = (table.rate.windows_days.iter())
        .filter_map(|window| rate(&followed.days, *window, &warmth))
        .collect();
    let acceleration = (table.rate.windows_days.last())
        .and_then(|window| acceleration(&followed.days, *window, &warmth));
    let by_rate = grade_of_rates(&rates, quantity, acceleration, table);
    let told = rates.iter().rev().find(|rate| is_long_enough(rate, table));
    let growth = told.and_then(|rate| growth(rate, quantity, level?));
    rates.extend(rate(&followed.months, u32::MAX, &warmth));
    let share = size.zip(number).map(|(size, limit)| size.max(0.0) / limit);
    let by_share = share.map(|share| table.grade_of_share(share));
    let cannot_tell = cannot_tell(followed, limit, by_rate.is_some(), table);
    let is_wrong = cannot_tell.iter().any(CannotTell::spoils_all);
    let sudden = sudden(followed);
    let grades = [by_share, by_rate, sudden.and_then(grade_of_sudden)];
    let lean_permille = level.filter(|_| followed.gauge.has_bearing());
    Assessment {
        quantity,
        unit: quantity.unit(),
        grade: grades.into_iter().flatten().max().filter(|_| !is_wrong),
        by_share,
        by_rate,
        level: size,
        since_epoch: (level.zip(followed.months.first())).map(|(level, epoch)| {
            let jumped = monitor.moved_since(epoch.number);
            let since = [0, 1].map(|axis| level[axis] - epoch.value[axis] + jumped[axis]);
            size_of(quantity, since)
        }),
        lean_permille,
        lean_error: lean_permille.and_then(|_| lean_error(&followed.days)),
        bearing_deg: lean_permille.and_then(|lean| bearing_deg(lean[0], lean[1])),
        share,
        limit: limit
            .zip(number)
            .map(|(limit, number)| (limit.id.clone(), number)),
        acceleration,
        days_to_limit: (size.zip(number).zip(growth))
            .and_then(|((size, limit), growth)| days_to_limit(size, limit, &growth)),
        stability: (quantity == Quantity::Settlement)
            .then(|| stability(&followed.days, &warmth, table)),
        rates,
        growth,
        sudden,
        cannot_tell,
        unused: monitor.unused(),
    }
}

/// The size of a lean; of a length with its sign.
fn size_of(quantity: Quantity, value: [f64; 2]) -> f64 {
    match quantity {
        Quantity::Tilt | Quantity::Distortion => value[0].hypot(value[1]),
        Quantity::Settlement | Quantity::Crack => value[0],
    }
}

/// How a level grows at a rate: a lean along itself, a length with its sign.
fn growth(rate: &Rate, quantity: Quantity, level: [f64; 2]) -> Option<Growth> {
    let way = match quantity {
        Quantity::Tilt | Quantity::Distortion => level,
        Quantity::Settlement | Quantity::Crack => [1.0, 0.0],
    };
    let (per_month, half) = rate.growth(way)?;
    Some(Growth {
        per_month,
        half,
        span_days: rate.span_days,
    })
}

/// Whether settlement is at rest.
fn stability(days: &[TrendDay], warmth: &Warmth, table: &MonitorTable) -> Stability {
    let own = &table.settlement;
    let span = match (days.first(), days.last()) {
        (Some(first), Some(last)) => last.number.abs_diff(first.number) + 1,
        _ => 0,
    };
    let over = rate(days, own.stable_days, warmth);
    match over {
        Some(rate) if span >= own.stable_days => {
            let a_day = |month: f64| month / MONTH_DAYS;
            let mm_day = a_day(rate.per_month[0]);
            match (a_day(rate.low), a_day(rate.high)) {
                (_, high) if high <= own.stable_mm_day => Stability::AtRest { mm_day },
                (low, _) if low > own.stable_mm_day => Stability::Moving { mm_day },
                _ => Stability::Unsure { days: span },
            }
        }
        _ => Stability::Unsure { days: span },
    }
}

impl CannotTell {
    /// Whether no grade can be given at all.
    const fn spoils_all(&self) -> bool {
        matches!(
            self,
            Self::NoReadings
                | Self::Constant
                | Self::OtherUnit { .. }
                | Self::AxesSwapped
                | Self::NoReference
        )
    }
}

fn is_long_enough(rate: &Rate, table: &MonitorTable) -> bool {
    rate.span_days + 1 >= table.rate.least_days
}

/// The worst grade that the rates give; `None` where all windows are short and nothing is fast. What opens
/// downwards is a lean of any way, a settlement, a crack that opens: one that closes, or a house that
/// rises, is told by its numbers and gives `attention` alone.
fn grade_of_rates(
    rates: &[Rate],
    quantity: Quantity,
    acceleration: Option<(f64, f64)>,
    table: &MonitorTable,
) -> Option<MonitorGrade> {
    let limits = table.rate_limits(quantity);
    let comes_to_rest = acceleration.is_some_and(|(change, half)| change + half < 0.0);
    let told = rates.iter().filter_map(|rate| {
        let is_long = is_long_enough(rate, table);
        let is_growing = quantity == Quantity::Tilt || rate.per_month[0] > 0.0;
        let lasts =
            rate.span_days + 1 >= limits.orange_days && !(limits.orange_days > 0 && comes_to_rest);
        match rate.low {
            low if is_growing && limits.red.is_some_and(|red| low > red) => Some(MonitorGrade::Red),
            low if is_growing && lasts && low > limits.orange => Some(MonitorGrade::Orange),
            low if is_long && low > limits.attention => Some(MonitorGrade::Attention),
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

fn sudden(followed: &Followed) -> Option<Sudden> {
    if let Some(Seen::Unconfirmed(jump)) = followed.monitor.last_seen() {
        return Some(Sudden::Unconfirmed { jump });
    }
    let last = followed.monitor.breaks().next_back()?;
    if (followed.looked_ms).is_some_and(|looked_ms| last.jump.at_ms <= looked_ms) {
        return None;
    }
    match last.cause {
        Cause::Movement => Some(Sudden::Moved { jump: last.jump }),
        Cause::Mounting => Some(Sudden::MountedAnew { jump: last.jump }),
        Cause::Axes | Cause::Unit => None,
    }
}

/// Whether a jump that counts as a movement may be one of units.
fn may_be_other_unit(followed: &Followed, table: &MonitorTable) -> Option<CannotTell> {
    let Gauge::Tilt(mounting) = followed.gauge else {
        return None;
    };
    let jump = followed.monitor.breaks().next_back()?.jump;
    let agree = table.gross(Quantity::Tilt).agree;
    let unit = other_unit(mounting.unit, jump.from, jump.to, agree)?;
    Some(CannotTell::MayBeOtherUnit { unit })
}

fn cannot_tell(
    followed: &Followed,
    limit: Option<&Limit>,
    has_rate: bool,
    table: &MonitorTable,
) -> Vec<CannotTell> {
    let (monitor, days) = (followed.monitor, followed.days.len());
    let mut reasons = followed.faults.clone();
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
        Some(Cause::Movement) => reasons.extend(may_be_other_unit(followed, table)),
        _ => {}
    }
    if matches!(monitor.last_seen(), Some(Seen::Restless)) {
        reasons.push(CannotTell::Restless);
    }
    if monitor.readings() > 0 && !has_rate {
        reasons.push(CannotTell::TooFewDays { days });
    }
    // Settlement as a whole is usually judged by its rate: no limit is no fault there.
    let wants_limit = followed.gauge.quantity() != Quantity::Settlement || limit.is_some();
    if wants_limit && limit.is_none_or(|limit| limit.number().is_none()) {
        reasons.push(CannotTell::NoLimit);
    }
    reasons
}

/// Days until a level of `size` reaches the limit. `None` where it is beyond it already, or where not even
/// the fastest rate of the interval grows.
fn days_to_limit(size: f64, limit: f64, growth: &Growth) -> Option<DaysToLimit> {
    let left = Some(limit - size).filter(|left| *left > 0.0)?;
    let days = |rate: f64| (rate > 0.0).then(|| left / rate * MONTH_DAYS);
    Some(DaysToLimit {
        soonest: days(growth.per_month + growth.half)?,
        expected: days(growth.per_month),
        latest: days(growth.per_month - growth.half),
    })
}
