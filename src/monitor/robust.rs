//! Statistics that a few wrong values do not spoil: median, spread, and the slope of Theil and Sen with
//! its interval. Pure functions over slices; used by everything in `monitor` that draws a line through
//! readings. They never guess: too little to tell is `None`, and a value that is no number is refused.
//!
//! Sources: Theil (1950), Sen (1968) for slope and interval; the ranks of the interval are rounded as
//! `scipy.stats.theilslopes` does, which is the oracle of the tests. For values that hang together in
//! time the variance of the interval is widened by (1 + ρ) / (1 − ρ), ρ being the correlation of a
//! value's residual with the one before (Bayley & Hammersley 1946).

pub use crate::base::median;

/// Standard deviations of a normal distribution between the quartile and the middle, inverted: the
/// median of absolute deviations times this estimates the standard deviation.
const MAD_TO_SIGMA: f64 = 1.482_602_218_505_602;

/// The 0.975 quantile of the normal distribution: half the width of a 95 % interval in standard
/// errors.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The radius, in standard errors, of the circle that holds 95 % of a two-dimensional normal
/// distribution (the square root of the χ² quantile with two degrees of freedom). The size of a
/// movement whose direction was chosen by looking at the data is judged by this and not by [`Z_95`].
pub const RADIUS_95: f64 = 2.447_746_830_680_816;

/// The largest correlation that is believed: beyond it a record is too short to tell a drift from a
/// trend, and the interval is four times as wide already.
const MOST_CORRELATION: f64 = 0.9;

/// A standard deviation from the median of absolute deviations, in the unit of the values: half of
/// them may be wrong without spoiling it. `None` as for [`median`].
#[must_use]
pub fn sigma(values: &[f64]) -> Option<f64> {
    let mut work = values.to_vec();
    let middle = median(&mut work)?;
    for value in &mut work {
        *value = (*value - middle).abs();
    }
    median(&mut work).map(|deviation| deviation * MAD_TO_SIGMA)
}

/// A line through values: what [`line`] gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Slope, in the unit of the values a unit of time.
    pub slope: f64,
    /// Value at time nought.
    pub intercept: f64,
    /// Lower end of the slope's 95 % interval.
    pub low: f64,
    /// Upper end of the slope's 95 % interval.
    pub high: f64,
    /// How a residual hangs together with the one before: 0 not at all, at most 0.9.
    pub correlation: f64,
    /// Standard deviation of the residuals, robust, in the unit of the values.
    pub residual: f64,
    /// How many values.
    pub count: usize,
}

impl Line {
    /// Standard error of the slope, as wide as the interval says.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        (self.high - self.low) / (2.0 * Z_95)
    }

    /// The value of the line at a time.
    #[must_use]
    pub fn at(&self, time: f64) -> f64 {
        self.intercept + self.slope * time
    }
}

/// Whether residuals are taken to hang together in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residuals {
    /// They do not: the interval is that of Sen.
    Apart,
    /// They may: the interval is widened by what they show.
    InTime,
}

/// The line of Theil and Sen through `(time, value)`: the median of the slopes of all pairs, with the
/// 95 % interval of Sen. Pairs of the same time give no slope. Times in any unit, ascending for
/// [`Residuals::InTime`]. `None` for fewer than three values, where all times are the same, or where
/// something is not finite. Takes time and memory with the square of the count: meant for some
/// hundreds of values.
#[must_use]
pub fn line(times: &[f64], values: &[f64], residuals: Residuals) -> Option<Line> {
    let count = times.len().min(values.len());
    let (times, values) = (&times[..count], &values[..count]);
    let is_finite = |slice: &[f64]| slice.iter().all(|value| value.is_finite());
    if count < 3 || !is_finite(times) || !is_finite(values) {
        return None;
    }
    let mut slopes = slopes(times, values);
    let slope = median(&mut slopes)?;
    // As scipy: through the medians of both.
    let intercept = median(&mut values.to_vec())? - slope * median(&mut times.to_vec())?;
    let left: Vec<f64> = (times.iter().zip(values))
        .map(|(time, value)| value - intercept - slope * time)
        .collect();
    let correlation = match residuals {
        Residuals::Apart => 0.0,
        Residuals::InTime => correlation(&left),
    };
    let widening = ((1.0 + correlation) / (1.0 - correlation)).sqrt();
    let (low, high) = interval(&mut slopes, count, &ties(times), &ties(values), widening);
    Some(Line {
        slope,
        intercept,
        low,
        high,
        correlation,
        residual: sigma(&left)?,
        count,
    })
}

/// The slopes of all pairs that lie apart in time.
fn slopes(times: &[f64], values: &[f64]) -> Vec<f64> {
    let mut slopes = Vec::with_capacity(times.len() * (times.len() - 1) / 2);
    for (later, (time, value)) in times.iter().zip(values).enumerate() {
        for (earlier_time, earlier) in times[..later].iter().zip(values) {
            let apart = time - earlier_time;
            if apart != 0.0 {
                slopes.push((value - earlier) / apart);
            }
        }
    }
    slopes
}

/// Sizes of the groups of equal values.
fn ties(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let groups = sorted.chunk_by(|one, next| one == next);
    groups.map(|group| group.len() as f64).collect()
}

/// Sen's interval: the ranks among the sorted slopes that Kendall's variance leaves, `widening` times
/// as far from the middle. Where that is beyond all slopes, the outermost.
fn interval(
    slopes: &mut [f64],
    count: usize,
    time_ties: &[f64],
    value_ties: &[f64],
    widening: f64,
) -> (f64, f64) {
    let part = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let tied: f64 = time_ties.iter().chain(value_ties).map(|n| part(*n)).sum();
    let variance = (part(count as f64) - tied).max(0.0) / 18.0;
    let reach = Z_95 * variance.sqrt() * widening;
    slopes.sort_unstable_by(f64::total_cmp);
    let last = slopes.len() - 1;
    let total = slopes.len() as f64;
    // Half to even, as numpy rounds.
    let rank = |twice: f64| (twice / 2.0).round_ties_even();
    let low = (rank(total - reach) - 1.0).clamp(0.0, last as f64) as usize;
    let high = rank(total + reach).clamp(0.0, last as f64) as usize;
    (slopes[low], slopes[high])
}

/// Correlation of each residual with the one before, made up for a short record, from none to
/// [`MOST_CORRELATION`]. Residuals that are all alike have none.
fn correlation(residuals: &[f64]) -> f64 {
    let count = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / count;
    let all: f64 = residuals.iter().map(|one| (one - mean).powi(2)).sum();
    if all <= f64::EPSILON {
        return 0.0;
    }
    let pairs = residuals.iter().zip(&residuals[1..]);
    let next: f64 = pairs.map(|(one, next)| (one - mean) * (next - mean)).sum();
    let seen = next / all;
    // The estimate is too low by about (1 + 4ρ) / n (Marriott & Pope 1954).
    (seen + (1.0 + 4.0 * seen) / count).clamp(0.0, MOST_CORRELATION)
}
