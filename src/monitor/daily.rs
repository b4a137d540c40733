//! A series of one value a day made ready for a forecast or a search for changes of its rate: in
//! order, each day once, without what is no number and without lone wild values, and how finely it is
//! told. Pure functions over slices; used by `forecast` and `change_point`. They never fill a gap and
//! never leave anything out uncounted.

use serde::{Deserialize, Serialize};

use super::robust::{Residuals, line, median, sigma};

/// One value of a series.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayValue {
    /// Number of the day, of any beginning. Of a series by hours, months or years their number: what
    /// is called a day of a forecast is then an hour, a month or a year.
    pub number: i32,
    /// The value, in any unit.
    pub value: f64,
}

/// What of a series was not used, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Values that are no number.
    pub not_a_number: usize,
    /// Values of a day that was told already: of such a day the median counts.
    pub doubled: usize,
    /// Lone values far from those around them.
    pub wild: usize,
    /// Values older than the newest hundred.
    pub too_old: usize,
}

/// So many of the newest values are used.
pub(super) const VALUES_MAX: usize = 100;
/// A value this many standard deviations from the median of those around it is wild.
const WILD_SIGMA: f64 = 6.0;
/// So many values on either side are those around it.
const AROUND: usize = 3;

/// A series that is ready.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Daily {
    /// Day numbers, ascending.
    pub numbers: Vec<i32>,
    /// Values of those days.
    pub values: Vec<f64>,
    /// The smallest step in which the values are told, in their unit: nought where they are all alike.
    pub resolution: f64,
    /// What was not used.
    pub left_out: LeftOut,
}

impl Daily {
    /// Makes a series ready, whatever its order.
    pub fn of(series: &[DayValue]) -> Self {
        let mut left_out = LeftOut::default();
        let mut kept: Vec<DayValue> = series.to_vec();
        kept.retain(|one| one.value.is_finite() && one.value.abs() < VALUE_MOST);
        left_out.not_a_number = series.len() - kept.len();
        kept.sort_by(|one, next| {
            (one.number, one.value)
                .partial_cmp(&(next.number, next.value))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut once: Vec<DayValue> = Vec::with_capacity(kept.len());
        for day in kept.chunk_by(|one, next| one.number == next.number) {
            let mut values: Vec<f64> = day.iter().map(|one| one.value).collect();
            left_out.doubled += day.len() - 1;
            once.extend(median(&mut values).map(|value| DayValue {
                number: day[0].number,
                value,
            }));
        }
        left_out.too_old = once.len().saturating_sub(VALUES_MAX);
        once.drain(..left_out.too_old);
        let resolution = resolution(&once);
        let wild = wild(&once, resolution);
        left_out.wild = wild.iter().filter(|is_wild| **is_wild).count();
        let mut at = wild.iter();
        once.retain(|_| !at.next().copied().unwrap_or(false));
        Self {
            numbers: once.iter().map(|one| one.number).collect(),
            values: once.iter().map(|one| one.value).collect(),
            resolution,
            left_out,
        }
    }

    /// From the first day to the last.
    pub fn span(&self) -> u32 {
        match (self.numbers.first(), self.numbers.last()) {
            (Some(first), Some(last)) => last.abs_diff(*first),
            _ => 0,
        }
    }

    /// The usual distance of two values, in days: at least one.
    pub fn step(&self) -> f64 {
        let pairs = self.numbers.iter().zip(self.numbers.iter().skip(1));
        let mut steps: Vec<f64> = pairs
            .map(|(one, next)| f64::from(next.abs_diff(*one)))
            .collect();
        median(&mut steps).unwrap_or(1.0).max(1.0)
    }

    /// Days since the first one.
    pub fn times(&self) -> Vec<f64> {
        let first = self.numbers.first().copied().unwrap_or(0);
        let since = |number: &i32| f64::from(*number) - f64::from(first);
        self.numbers.iter().map(since).collect()
    }
}

/// Larger numbers are nothing that a sensor tells, and their squares would not be finite.
const VALUE_MOST: f64 = 1e30;

/// The smallest distance of two values that are not alike.
fn resolution(series: &[DayValue]) -> f64 {
    let mut values: Vec<f64> = series.iter().map(|one| one.value).collect();
    values.sort_unstable_by(f64::total_cmp);
    let largest = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    let pairs = values.iter().zip(values.iter().skip(1));
    // What differs in the last bits was the same before it was calculated with.
    let apart = pairs
        .map(|(one, next)| next - one)
        .filter(|apart| *apart > largest * 1e-12);
    let least = apart.fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 0.0 }
}

/// Which values are wild: far from what those on either side foresee, when the line through all is taken
/// off (after Hampel). Two that agree are no longer lone, and stay.
fn wild(series: &[DayValue], resolution: f64) -> Vec<bool> {
    let none = || vec![false; series.len()];
    let first = series.first().map_or(0, |one| one.number);
    let time = |one: &DayValue| f64::from(one.number) - f64::from(first);
    let times: Vec<f64> = series.iter().map(time).collect();
    let values: Vec<f64> = series.iter().map(|one| one.value).collect();
    let Some(line) = line(&times, &values, Residuals::Apart) else {
        return none();
    };
    let pairs = times.iter().zip(&values);
    let level: Vec<f64> = pairs.map(|(time, value)| value - line.at(*time)).collect();
    let off: Vec<f64> = (0..level.len()).map(|at| off_by(&level, at)).collect();
    let Some(spread) = sigma(&off) else {
        return none();
    };
    let far = WILD_SIGMA * spread.max(resolution);
    let is_far = |at: usize| off.get(at).is_some_and(|off| off.abs() > far);
    let is_lone = |at: usize| is_far(at) && !is_far(at + 1) && !(at > 0 && is_far(at - 1));
    (0..off.len()).map(|at| far > 0.0 && is_lone(at)).collect()
}

/// How far a value is from the middle of the medians on both sides, which a slope does not move. At an
/// end there is one side alone, and a slope may do half of it.
fn off_by(level: &[f64], at: usize) -> f64 {
    let before = median(&mut level[at.saturating_sub(AROUND)..at].to_vec());
    let behind = median(&mut level[at + 1..(at + 1 + AROUND).min(level.len())].to_vec());
    match (before, behind) {
        (Some(before), Some(behind)) => level[at] - f64::midpoint(before, behind),
        (Some(side), None) | (None, Some(side)) => (level[at] - side) / 2.0,
        (None, None) => 0.0,
    }
}
