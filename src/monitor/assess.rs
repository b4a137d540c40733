//! From the state of a sensor to an assessment: share of the limit, rates, a grade, the days that
//! are left, and why. A screening, never an appraisal. What cannot be told is said with its reason,
//! never a silent nought.

use crate::model::MonitorGrade;

use super::assessment::{Assessment, CannotTell, DaysToLimit, Growth, Stability, Sudden};
use super::doubt::{cannot_tell, sudden};
use super::followed::Followed;
use super::kept::TrendDay;
use super::limit::{Limit, Quantity, Subject};
use super::rate::{Rate, Warmth, acceleration, rate};
use super::scatter::lean_error;
use super::series::MONTH_DAYS;
use super::table::MonitorTable;
use super::unit::bearing_deg;

/// What can be said of a sensor of a building by a table.
#[must_use]
pub fn assess(followed: &Followed, subject: &Subject, table: &MonitorTable) -> Assessment {
    let (monitor, quantity) = (followed.monitor, followed.gauge.quantity());
    let level = followed.level;
    let size = level.map(|level| size_of(quantity, level));
    let limit = table.limit(quantity, subject);
    let number = limit.and_then(Limit::number);
    let told = Rates::of(followed, table);
    let share = size.zip(number).map(|(size, limit)| size.max(0.0) / limit);
    let by_share = share.map(|share| table.grade_of_share(share));
    let by_rate = told.decisive.map(|(grade, _)| grade);
    let lean_permille = level.filter(|_| followed.gauge.has_bearing());
    let sudden = sudden(followed);
    let grades = [by_share, by_rate, sudden.and_then(grade_of_sudden)];
    let growth = told.growth(quantity, level);
    let assessment = Assessment {
        quantity,
        unit: quantity.unit(),
        grade: grades.into_iter().flatten().max(),
        last_grade: None,
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
        acceleration: told.acceleration,
        days_to_limit: (size.zip(number).zip(growth))
            .and_then(|((size, limit), growth)| days_to_limit(size, limit, &growth)),
        stability: (quantity == Quantity::Settlement)
            .then(|| stability(&followed.days, &told.warmth, table)),
        decisive: told.decisive.map(|(_, rate)| rate),
        rates: told.rates,
        growth,
        sudden,
        cannot_tell: cannot_tell(followed, limit, by_rate.is_some()),
        unused: monitor.unused(),
    };
    match assessment.tells_nothing() {
        true => without_figures(assessment),
        false => assessment,
    }
}

/// What is left of an assessment of which no grade can be given: the level as it is shown, and what it was
/// before it fell silent or was stuck. A movement that was confirmed stays red until somebody looked.
fn without_figures(told: Assessment) -> Assessment {
    let is_moved = matches!(told.sudden, Some(Sudden::Moved { .. }));
    let had_told = (told.cannot_tell.iter())
        .filter(|why| why.spoils_all())
        .all(CannotTell::had_told);
    Assessment {
        last_grade: told.grade.filter(|_| had_told),
        grade: is_moved.then_some(MonitorGrade::Red),
        by_share: None,
        by_rate: None,
        share: None,
        acceleration: None,
        days_to_limit: None,
        stability: None,
        rates: Vec::new(),
        decisive: None,
        growth: None,
        ..told
    }
}

/// The rates of a sensor, and the one that decides.
struct Rates {
    warmth: Warmth,
    rates: Vec<Rate>,
    acceleration: Option<(f64, f64)>,
    decisive: Option<(MonitorGrade, Rate)>,
}

impl Rates {
    fn of(followed: &Followed, table: &MonitorTable) -> Self {
        let monitor = followed.monitor;
        let warmth = Warmth {
            response: monitor.response(),
            daily_swing: monitor.daily_swing(),
        };
        let windows = &table.rate.windows_days;
        let mut rates: Vec<Rate> = (windows.iter())
            .filter_map(|window| rate(&followed.days, *window, &warmth))
            .collect();
        let acceleration =
            (windows.last()).and_then(|window| acceleration(&followed.days, *window, &warmth));
        let decisive = decisive(&rates, followed.gauge.quantity(), acceleration, table);
        rates.extend(rate(&followed.months, u32::MAX, &warmth));
        Self {
            warmth,
            rates,
            acceleration,
            decisive,
        }
    }

    /// How the level grows over the window that decides.
    fn growth(&self, quantity: Quantity, level: Option<[f64; 2]>) -> Option<Growth> {
        growth(&self.decisive?.1, quantity, level?)
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

fn is_long_enough(rate: &Rate, table: &MonitorTable) -> bool {
    rate.span_days + 1 >= table.rate.least_days
}

/// The worst grade that the rates give, and the window that gives it: of those the one over which it
/// moves fastest for sure, and of windows that are alike the longest. `None` where all windows are short
/// and nothing is fast. What opens downwards is a lean of any way, a settlement, a crack that opens: one
/// that closes, or a house that rises, is told by its numbers and gives `attention` alone.
fn decisive(
    rates: &[Rate],
    quantity: Quantity,
    acceleration: Option<(f64, f64)>,
    table: &MonitorTable,
) -> Option<(MonitorGrade, Rate)> {
    let limits = table.rate_limits(quantity);
    let comes_to_rest = acceleration.is_some_and(|(change, half)| change + half < 0.0);
    let told = rates.iter().filter_map(|rate| {
        let is_long = is_long_enough(rate, table);
        let is_growing = quantity == Quantity::Tilt || rate.per_month[0] > 0.0;
        let lasts =
            rate.span_days + 1 >= limits.orange_days && !(limits.orange_days > 0 && comes_to_rest);
        let grade = match rate.low {
            low if is_growing && limits.red.is_some_and(|red| low > red) => MonitorGrade::Red,
            low if is_growing && lasts && low > limits.orange => MonitorGrade::Orange,
            low if is_long && low > limits.attention => MonitorGrade::Attention,
            // A short window tells what is fast, and not that all is well.
            _ if is_long => MonitorGrade::Normal,
            _ => return None,
        };
        Some((grade, *rate))
    });
    told.max_by(|(grade, rate), (other_grade, other)| {
        (grade.cmp(other_grade))
            .then(rate.low.total_cmp(&other.low))
            .then(rate.span_days.cmp(&other.span_days))
    })
}

/// A house that moved is red until somebody looked; a sensor that may hang anew is looked at.
fn grade_of_sudden(sudden: Sudden) -> Option<MonitorGrade> {
    match sudden {
        Sudden::Moved { .. } => Some(MonitorGrade::Red),
        Sudden::MountedAnew { .. } | Sudden::Unconfirmed { .. } => Some(MonitorGrade::Attention),
    }
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
