//! How well forecasts of a series would have held: made anew from days that lie back, with nothing of
//! what came behind them, and held against what came. Pure; used by `forecast` to widen what was too
//! narrow, and by whoever tells how far a forecast can be trusted. Never looks ahead of its day.

use serde::{Deserialize, Serialize};

use super::super::daily::Daily;
use super::spread::{chance_below, normal_deviate};
use super::{AHEAD_BY_SPAN, DayValue, HALVES, HORIZONS_DAYS, outlook};

/// Values before the first day from which is forecast.
const VALUES_BEFORE: usize = 12;
/// So many days are looked back from, evenly spread.
const ORIGINS_MOST: usize = 24;
/// So many forecasts apart from each other weigh as much as the models.
const WORTH_OF_MODELS: f64 = 5.0;
/// With fewer of them nothing is made narrower.
const LEAST_TO_NARROW: f64 = 4.0;
/// One forecast that failed badly counts no more than this, standard deviations.
const FAR: f64 = 3.0;

/// How often intervals held.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Days ahead.
    pub horizon_days: u32,
    /// Share that the interval of 50 % held.
    pub held_50: f64,
    /// That of 80 %.
    pub held_80: f64,
    /// That of 95 %.
    pub held_95: f64,
    /// So many forecasts were held against what came. They overlap: those that do not are about the
    /// span of the series by the days ahead.
    pub count: usize,
}

/// One forecast and what came of it.
#[derive(Debug, Clone, Copy)]
struct Tried {
    origin: i32,
    horizon: usize,
    /// Where the value came to lie in what was foreseen, as a normal deviate.
    deviate: f64,
}

/// All forecasts of a series from days that lie back, by the models alone.
#[derive(Debug, Clone)]
pub(super) struct Sweep {
    tried: Vec<Tried>,
}

/// How many times as far as the models say a value may lie, for each of [`HORIZONS_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Factors([f64; HORIZONS_DAYS.len()]);

/// How often the intervals of a series of any length would have held, for each of [`HORIZONS_DAYS`]
/// of which there is anything to hold them against. Each forecast knows what came before its day
/// alone, how its own forerunners did included.
#[must_use]
pub fn back_test(series: &[DayValue]) -> Vec<Coverage> {
    Sweep::of(series).coverage()
}

impl Sweep {
    pub fn of(series: &[DayValue]) -> Self {
        let mut told: Vec<DayValue> = series.to_vec();
        told.retain(|one| one.value.is_finite());
        told.sort_by_key(|one| one.number);
        let origins = told.len().saturating_sub(VALUES_BEFORE);
        let stride = origins.div_ceil(ORIGINS_MOST).max(1);
        let mut tried = Vec::new();
        for known in (VALUES_BEFORE..told.len()).step_by(stride) {
            try_from(&told, known, &mut tried);
        }
        Self { tried }
    }

    /// By what all forecasts came to.
    pub fn factors(&self) -> Factors {
        self.factors_by(i32::MAX)
    }

    /// By what was known of them on this day.
    fn factors_by(&self, today: i32) -> Factors {
        let mut factors = [1.0; HORIZONS_DAYS.len()];
        // What is known of shorter ways is believed of longer ones, until they tell themselves.
        let mut believed = 1.0_f64;
        for (horizon, factor) in factors.iter_mut().enumerate() {
            let days = HORIZONS_DAYS[horizon];
            let is_known = |one: &&Tried| {
                one.horizon == horizon && one.origin.saturating_add_unsigned(days) <= today
            };
            let known: Vec<&Tried> = self.tried.iter().filter(is_known).collect();
            let (Some(first), Some(last)) = (known.first(), known.last()) else {
                *factor = believed;
                continue;
            };
            // Forecasts that overlap err together.
            let apart = f64::from(last.origin.abs_diff(first.origin)) / f64::from(days) + 1.0;
            let apart = apart.min(known.len() as f64);
            let squares = known.iter().map(|one| one.deviate.clamp(-FAR, FAR).powi(2));
            let mean = squares.sum::<f64>() / known.len() as f64;
            let worth = WORTH_OF_MODELS * believed * believed;
            *factor = ((apart * mean + worth) / (apart + WORTH_OF_MODELS)).sqrt();
            if apart < LEAST_TO_NARROW {
                *factor = factor.max(1.0);
            }
            believed = *factor;
        }
        Factors(factors)
    }

    fn coverage(&self) -> Vec<Coverage> {
        let mut held = [[0_usize; 3]; HORIZONS_DAYS.len()];
        let mut counts = [0_usize; HORIZONS_DAYS.len()];
        let mut known = None;
        for one in &self.tried {
            let factors = match known {
                Some((origin, factors)) if origin == one.origin => factors,
                _ => self.factors_by(one.origin),
            };
            known = Some((one.origin, factors));
            counts[one.horizon] += 1;
            let off = one.deviate.abs() / factors.0[one.horizon];
            for (held, half) in held[one.horizon].iter_mut().zip(HALVES) {
                *held += usize::from(off <= half);
            }
        }
        let of = |horizon: usize| {
            let share = |held: usize| held as f64 / counts[horizon] as f64;
            let [held_50, held_80, held_95] = held[horizon].map(share);
            Coverage {
                horizon_days: HORIZONS_DAYS[horizon],
                held_50,
                held_80,
                held_95,
                count: counts[horizon],
            }
        };
        (0..counts.len())
            .filter(|horizon| counts[*horizon] > 0)
            .map(of)
            .collect()
    }
}

/// Forecasts from the first `known` values of a series in order, and holds that against the rest.
fn try_from(told: &[DayValue], known: usize, tried: &mut Vec<Tried>) {
    let (before, behind) = told.split_at(known);
    let daily = Daily::of(before);
    let (Some(origin), Ok(outlook)) = (daily.numbers.last().copied(), outlook(&daily)) else {
        return;
    };
    for (horizon, days) in HORIZONS_DAYS.into_iter().enumerate() {
        if days > daily.span().saturating_mul(AHEAD_BY_SPAN) {
            continue;
        }
        let Some(day) = origin.checked_add_unsigned(days) else {
            continue;
        };
        if let Ok(at) = behind.binary_search_by_key(&day, |one| one.number) {
            let chance = chance_below(&outlook.ahead(f64::from(days)), behind[at].value);
            tried.push(Tried {
                origin,
                horizon,
                deviate: normal_deviate(chance),
            });
        }
    }
}

impl Factors {
    /// For any days ahead, between those that were tried by their distance.
    pub fn at(&self, days: u32) -> f64 {
        let above = HORIZONS_DAYS.partition_point(|known| *known < days);
        let (Some(to), Some(above_factor)) = (HORIZONS_DAYS.get(above), self.0.get(above)) else {
            return self.0[HORIZONS_DAYS.len() - 1];
        };
        if above == 0 {
            return *above_factor;
        }
        let (from, factor) = (HORIZONS_DAYS[above - 1], self.0[above - 1]);
        let share = f64::from(days - from) / f64::from(to - from);
        factor + (above_factor - factor) * share
    }
}
