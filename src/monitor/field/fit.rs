//! Fits the model of a variogram to what points show: weighted least squares, deterministic. Used by
//! [`Field`](super::Field). Never starts from chance: the range is looked for on a fixed lattice and
//! narrowed by golden section, nugget and sill follow from it as a linear problem.
//!
//! Source: Cressie (1985), weights `pairs / γ²` with γ of the model, renewed a few times.

use super::variogram::{Lag, Shape, Variogram};

/// Ranges that are tried, evenly by their ratio.
const RANGES: usize = 48;
/// Times by which the best one is narrowed.
const NARROWED: usize = 24;
/// How often the weights are renewed.
const RENEWED: usize = 5;
/// The longest range, as a multiple of the farthest class: a longer one cannot be told from a slope.
const LONGEST: f64 = 2.0;
/// A field as smooth as the Gaussian one has at least this share of its sill as nugget: without any,
/// its covariances cannot be told from ones that are not positive definite.
const GAUSSIAN_NUGGET: f64 = 1e-4;

/// A model and how far it is from what was seen.
type Tried = (f64, Variogram);

/// The model of a shape that fits best. `None` for fewer than three classes, or where no model has
/// neighbours more alike than others.
#[must_use]
pub fn fit(lags: &[Lag], shape: Shape) -> Option<Variogram> {
    let [first, _, .., last] = lags else {
        return None;
    };
    let (shortest_m, longest_m) = (first.distance_m, LONGEST * last.distance_m);
    if !(shortest_m > 0.0) || !longest_m.is_finite() {
        return None;
    }
    let step = (longest_m / shortest_m).ln() / (RANGES - 1) as f64;
    let range_m = |number: f64| shortest_m * (step * number).exp();
    let tried = (0..RANGES).filter_map(|number| {
        let at = number as f64;
        Some((at, with_range(lags, shape, range_m(at))?))
    });
    let (at, best) = tried.min_by(|(_, one), (_, other)| one.0.total_cmp(&other.0))?;
    let narrowed = narrow((at - 1.0).max(0.0), at + 1.0, |number| {
        with_range(lags, shape, range_m(number))
    });
    let best = narrowed.filter(|(off, _)| *off < best.0).unwrap_or(best);
    (best.1.partial_sill_mm2() > 0.0 && best.1.is_valid()).then_some(best.1)
}

/// Golden section over one number.
fn narrow(mut low: f64, mut high: f64, trial: impl Fn(f64) -> Option<Tried>) -> Option<Tried> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let off = |tried: &Option<Tried>| tried.map_or(f64::INFINITY, |(off, _)| off);
    for _ in 0..NARROWED {
        let width = GOLDEN * (high - low);
        if off(&trial(high - width)) <= off(&trial(low + width)) {
            high = low + width;
        } else {
            low = high - width;
        }
    }
    trial(f64::midpoint(low, high))
}

/// Nugget and sill for a range, and how far off that is.
fn with_range(lags: &[Lag], shape: Shape, range_m: f64) -> Option<Tried> {
    let rise: Vec<f64> = lags
        .iter()
        .map(|lag| 1.0 - shape.correlation(lag.distance_m / range_m))
        .collect();
    let highest = lags
        .iter()
        .map(|lag| lag.semivariance_mm2)
        .fold(0.0, f64::max);
    if !(highest > 0.0) {
        return None;
    }
    let floor_mm2 = 1e-6 * highest;
    let mut model = vec![highest; lags.len()];
    let mut found = (0.0, 0.0);
    for _ in 0..RENEWED {
        let weights = lags.iter().zip(&model);
        let weights: Vec<f64> = weights
            .map(|(lag, model)| lag.pairs as f64 / (model * model))
            .collect();
        found = solve(lags, &rise, &weights);
        for (model, rise) in model.iter_mut().zip(&rise) {
            *model = (found.0 + found.1 * rise).max(floor_mm2);
        }
    }
    let (mut nugget_mm2, partial_mm2) = found;
    if shape == Shape::Gaussian {
        nugget_mm2 = nugget_mm2.max(GAUSSIAN_NUGGET * partial_mm2);
    }
    let off = lags
        .iter()
        .zip(&model)
        .map(|(lag, model)| lag.pairs as f64 * (lag.semivariance_mm2 / model - 1.0).powi(2));
    let variogram = Variogram {
        shape,
        nugget_mm2,
        sill_mm2: nugget_mm2 + partial_mm2,
        range_m,
    };
    Some((off.sum(), variogram))
}

/// Least squares of `nugget + partial × rise`, neither below nought.
fn solve(lags: &[Lag], rise: &[f64], weights: &[f64]) -> (f64, f64) {
    let mut sums = [0.0; 5];
    for ((lag, rise), weight) in lags.iter().zip(rise).zip(weights) {
        let seen = lag.semivariance_mm2;
        let parts = [1.0, *rise, rise * rise, seen, rise * seen];
        for (sum, part) in sums.iter_mut().zip(parts) {
            *sum += weight * part;
        }
    }
    let [one, rise, squares, seen, product] = sums;
    let determinant = one * squares - rise * rise;
    let (nugget, partial) = (
        (seen * squares - product * rise) / determinant,
        (product * one - seen * rise) / determinant,
    );
    // Where it rises alike everywhere in reach nothing tells one from the other.
    if !(determinant > 1e-12 * one * squares) || partial < 0.0 {
        return (seen / one, 0.0);
    }
    if nugget < 0.0 {
        return (0.0, product / squares);
    }
    (nugget, partial)
}
