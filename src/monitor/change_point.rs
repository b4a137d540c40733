//! When the rate of a series changed: a line that bends but does not jump, with no bend, one or two, as
//! far as the days bear it out. Used by whoever shows how a movement goes. Pure: no clock, no file, no
//! chance. It tells no change that a straight line with days that hang together would show in more
//! than one of twenty series, and what it cannot tell it says with its reason.
//!
//! Sources: the largest F over all places of a bend (Quandt 1960, Andrews 1993) of a continuous line by
//! generalised least squares with an autoregression of first order (Prais & Winsten 1954). The critical
//! values are those of made-up straight lines (`tests/data/monitor/change_point.py critical`), which
//! pay for the correlation being estimated. Two bends are taken each beside the
//! other (Bai & Perron 1998).

use serde::{Deserialize, Serialize};

use super::daily::{Daily, DayValue, LeftOut};

/// So many values on either side of a bend, and between two.
const SIDE: usize = 7;
/// With fewer values no change is looked for.
const VALUES_LEAST: usize = 3 * SIDE;
/// Pairs of bends are looked for at every third value at first.
const COARSE: usize = 3;
/// So often two bends are looked for again, each beside the other.
const ROUNDS: usize = 2;
/// Two bends find more in chance than one: they must be borne out by so much more.
const PAIR_BY: f64 = 2.5;
/// A larger correlation is not believed: it could not be told from the movement.
const CORRELATION_MOST: f64 = 0.9;
/// F that a straight line reaches in less than one of twenty series: of a long series, what is added
/// for each value that it has less, and what is added by the third power of the correlation.
const CRITICAL: [f64; 3] = [7.5, 100.0, 3_000.0];
/// The χ² quantile of 95 % with one degree of freedom: places this much worse may be the bend too.
const CHI_95: f64 = 3.841_458_820_694_124;

/// A change of the rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// Number of the day that bears it out best.
    pub number: i32,
    /// The first day that it may be, with 95 %.
    pub from_number: i32,
    /// The last.
    pub to_number: i32,
    /// Rate before, in the unit of the values a day.
    pub before_per_day: f64,
    /// Rate behind.
    pub after_per_day: f64,
    /// How strongly the days bear it out: F by its critical value, from one up.
    pub strength: f64,
}

/// The changes of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateChanges {
    /// In order of their days; none for a straight line.
    pub changes: Vec<RateChange>,
    /// How a day hangs together with the one before: 0 not at all, at most 0.9.
    pub correlation: f64,
    /// So many values it stands on.
    pub values: usize,
    /// What could not be used.
    pub left_out: LeftOut,
}

/// Why no change can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum CannotFindChange {
    /// Too few values that can be used.
    #[error("there are {values} values that can be used, and a change of the rate needs {needed}")]
    TooFew {
        /// So many there are.
        values: usize,
        /// So many it takes.
        needed: usize,
    },
    /// All values are alike: a sensor that is stuck.
    #[error("the value never changes: a sensor that is stuck tells no rate")]
    Constant,
}

/// Looks for changes of the rate in a series, of which the newest hundred values count, in any order.
/// A lone wild value is left out before.
///
/// # Errors
/// [`CannotFindChange`] for fewer than 21 values that can be used, and where all are alike.
pub fn rate_changes(series: &[DayValue]) -> Result<RateChanges, CannotFindChange> {
    let daily = Daily::of(series);
    let values = daily.values.len();
    if values < VALUES_LEAST {
        return Err(CannotFindChange::TooFew {
            values,
            needed: VALUES_LEAST,
        });
    }
    if daily.resolution == 0.0 {
        return Err(CannotFindChange::Constant);
    }
    let step_days = daily.step();
    let search = Search {
        times: daily.times().iter().map(|time| time / step_days).collect(),
        // Far from nought the squares would lose what they are about.
        values: daily
            .values
            .iter()
            .map(|value| value - daily.values[0])
            .collect(),
        // What is told in steps is off by a twelfth of the step's square.
        hidden: values as f64 * daily.resolution.powi(2) / 12.0,
    };
    let (bends, correlation) = search.bends();
    Ok(RateChanges {
        changes: search.told(&bends, correlation, &daily, step_days),
        correlation,
        values,
        left_out: daily.left_out,
    })
}

/// What is searched.
struct Search {
    /// In usual steps since the first.
    times: Vec<f64>,
    /// Above the first.
    values: Vec<f64>,
    hidden: f64,
}

/// A line with bends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bent {
    /// Sum of the squares of what is left, with what hangs together taken off.
    pub squares: f64,
    /// Slopes of its parts, a unit of time.
    pub slopes: Vec<f64>,
    /// Value at time nought.
    pub intercept: f64,
}

impl Search {
    /// Sum of squares with bends at these values.
    fn squares(&self, correlation: f64, bends: &[usize]) -> f64 {
        let knots: Vec<f64> = bends.iter().map(|at| self.times[*at]).collect();
        bent(&self.times, &self.values, correlation, &knots)
            .map_or(f64::INFINITY, |bent| bent.squares + self.hidden)
    }

    /// Where a further bend leaves least, and how much; `None` where there is no room.
    fn best(&self, correlation: f64, bends: &[usize]) -> Option<(usize, f64)> {
        let places = SIDE..self.times.len().saturating_sub(SIDE);
        let has_room = |at: &usize| bends.iter().all(|bend| at.abs_diff(*bend) >= SIDE);
        let tried = places.filter(has_room).map(|at| {
            let mut all = bends.to_vec();
            all.push(at);
            all.sort_unstable();
            (at, self.squares(correlation, &all))
        });
        tried.min_by(|one, next| one.1.total_cmp(&next.1))
    }

    fn critical(&self, correlation: f64) -> f64 {
        critical(self.times.len(), correlation)
    }

    /// How values hang together, by what is left of the line with these bends: with a straight line a
    /// bend would look like correlation. Made up for a short series, and for bends being chosen.
    fn correlation(&self, bends: &[usize]) -> f64 {
        let knots: Vec<f64> = bends.iter().map(|at| self.times[*at]).collect();
        let Some(fit) = bent(&self.times, &self.values, 0.0, &knots) else {
            return CORRELATION_MOST;
        };
        let line = |time: f64| {
            let bend = |(index, knot): (usize, &f64)| {
                (fit.slopes[index + 1] - fit.slopes[index]) * (time - knot).max(0.0)
            };
            fit.intercept + fit.slopes[0] * time + knots.iter().enumerate().map(bend).sum::<f64>()
        };
        let left: Vec<f64> = (self.times.iter().zip(&self.values))
            .map(|(time, value)| value - line(*time))
            .collect();
        let all: f64 = left.iter().map(|one| one * one).sum();
        let next: f64 = left.windows(2).map(|pair| pair[0] * pair[1]).sum();
        let seen = if all > self.hidden { next / all } else { 0.0 };
        let made_up = seen + (1.0 + bends.len() as f64 + 4.0 * seen) / left.len() as f64;
        made_up.clamp(0.0, CORRELATION_MOST)
    }

    /// The best two bends: of all pairs a few values apart, then each beside the other.
    fn best_pair(&self, correlation: f64) -> Option<Vec<usize>> {
        let last = self.times.len().checked_sub(SIDE)?;
        let places = || (SIDE..last).step_by(COARSE);
        let pairs = places().flat_map(|first| places().map(move |second| [first, second]));
        let pairs = pairs.filter(|[first, second]| first + SIDE <= *second);
        let tried = pairs.map(|pair| (self.squares(correlation, &pair), pair));
        let [mut first, mut second] = tried.min_by(|one, next| one.0.total_cmp(&next.0))?.1;
        for _ in 0..ROUNDS {
            first = self.best(correlation, &[second])?.0;
            second = self.best(correlation, &[first])?.0;
        }
        let mut pair = vec![first, second];
        pair.sort_unstable();
        Some(pair)
    }

    /// Bends that are borne out, by the index of their value, in order, and how values hang together
    /// beside them. A movement that sets in and ends is no better with one bend than with none, so two
    /// are looked for first: each of them must be borne out beside the other.
    fn bends(&self) -> (Vec<usize>, f64) {
        if let Some(pair) = self.best_pair(0.0) {
            let correlation = self.correlation(&pair);
            let is_needed = |other: usize| {
                self.f(correlation, &[other], &pair) >= PAIR_BY * self.critical(correlation)
            };
            let straight = self.f(correlation, &[], &pair) / 2.0;
            if straight >= PAIR_BY * self.critical(correlation)
                && pair.iter().all(|one| is_needed(*one))
            {
                return (pair, correlation);
            }
        }
        let Some((alone, _)) = self.best(0.0, &[]) else {
            return (Vec::new(), CORRELATION_MOST);
        };
        let correlation = self.correlation(&[alone]);
        let best = self.best(correlation, &[]).map(|best| vec![best.0]);
        let is_borne_out =
            |bends: &Vec<usize>| self.f(correlation, &[], bends) >= self.critical(correlation);
        (best.filter(is_borne_out).unwrap_or_default(), correlation)
    }

    /// How much better more bends are than fewer.
    fn f(&self, correlation: f64, fewer: &[usize], more: &[usize]) -> f64 {
        let free = self.times.len().saturating_sub(2 + more.len()).max(1) as f64;
        let (fewer, more) = (
            self.squares(correlation, fewer),
            self.squares(correlation, more),
        );
        match more > 0.0 && fewer.is_finite() {
            true => (fewer - more) / (more / free),
            false => 0.0,
        }
    }

    fn told(
        &self,
        bends: &[usize],
        correlation: f64,
        daily: &Daily,
        step_days: f64,
    ) -> Vec<RateChange> {
        let knots: Vec<f64> = bends.iter().map(|at| self.times[*at]).collect();
        let Some(fit) = bent(&self.times, &self.values, correlation, &knots) else {
            return Vec::new();
        };
        let change = |(index, at): (usize, &usize)| {
            let others: Vec<usize> = bends.iter().copied().filter(|other| other != at).collect();
            let (from, to) = self.range(correlation, &others, *at);
            RateChange {
                number: daily.numbers[*at],
                from_number: daily.numbers[from],
                to_number: daily.numbers[to],
                before_per_day: fit.slopes[index] / step_days,
                after_per_day: fit.slopes[index + 1] / step_days,
                strength: self.f(correlation, &others, bends) / self.critical(correlation),
            }
        };
        bends.iter().enumerate().map(change).collect()
    }

    /// The first and the last place that a bend may be at, beside the others.
    fn range(&self, correlation: f64, others: &[usize], at: usize) -> (usize, usize) {
        let squares = |place: usize| {
            let mut all = others.to_vec();
            all.push(place);
            all.sort_unstable();
            self.squares(correlation, &all)
        };
        let free = self.times.len().saturating_sub(3 + others.len()).max(1) as f64;
        let most = squares(at) * (1.0 + CHI_95 / free);
        let may_be = |place: &usize| {
            others.iter().all(|other| place.abs_diff(*other) >= SIDE) && squares(*place) <= most
        };
        let last = self.times.len().saturating_sub(2);
        let from = (1..=at).find(may_be).unwrap_or(at);
        let to = (at..=last).rev().find(may_be).unwrap_or(at);
        (from, to)
    }
}

/// F that a bend must reach.
fn critical(values: usize, correlation: f64) -> f64 {
    let [long, by_values, by_correlation] = CRITICAL;
    long + (by_values + by_correlation * correlation.powi(3)) / values as f64
}

/// The line with bends at these times that leaves least, when a value hangs together with the one before
/// by `correlation` to the power of their distance. `None` where the values do not tell it.
pub(super) fn bent(times: &[f64], values: &[f64], correlation: f64, knots: &[f64]) -> Option<Bent> {
    let width = 2 + knots.len();
    let row = |time: f64| {
        let mut row = [1.0, time, 0.0, 0.0];
        for (place, knot) in row[2..].iter_mut().zip(knots) {
            *place = (time - knot).max(0.0);
        }
        row
    };
    // Normal equations, with the wanted value as a last column; what hangs together is taken off row
    // by row.
    let mut sums = [[0.0; 5]; 4];
    let mut total = 0.0;
    let mut before: Option<(f64, [f64; 4], f64)> = None;
    for (time, value) in times.iter().zip(values) {
        let (mut cells, mut wanted) = (row(*time), *value);
        if let Some((then, old, old_value)) = before {
            let hangs = match correlation > 0.0 {
                true => correlation.powf(time - then),
                false => 0.0,
            };
            let by = (1.0 - hangs * hangs).sqrt().max(f64::EPSILON);
            for (cell, old) in cells.iter_mut().zip(old) {
                *cell = (*cell - hangs * old) / by;
            }
            wanted = (wanted - hangs * old_value) / by;
        }
        before = Some((*time, row(*time), *value));
        for one in 0..width {
            for other in 0..width {
                sums[one][other] += cells[one] * cells[other];
            }
            sums[one][4] += cells[one] * wanted;
        }
        total += wanted * wanted;
    }
    let wanted: Vec<f64> = (0..width).map(|one| sums[one][4]).collect();
    let found = solved(&mut sums, width)?;
    let explained: f64 = found
        .iter()
        .zip(&wanted)
        .map(|(found, wanted)| found * wanted)
        .sum();
    let slopes = found[1..].iter().scan(0.0, |slope, more| {
        *slope += more;
        Some(*slope)
    });
    Some(Bent {
        squares: (total - explained).max(0.0),
        slopes: slopes.collect(),
        intercept: found[0],
    })
}

/// Solves equations by Gauss with the largest pivot; the last column is what is wanted.
fn solved(sums: &mut [[f64; 5]; 4], width: usize) -> Option<Vec<f64>> {
    for column in 0..width {
        let pivot = (column..width).max_by(|one, next| {
            sums[*one][column]
                .abs()
                .total_cmp(&sums[*next][column].abs())
        })?;
        sums.swap(column, pivot);
        let top = sums[column];
        if !(top[column].abs() > f64::MIN_POSITIVE) {
            return None;
        }
        for row in (0..width).filter(|row| *row != column) {
            let by = sums[row][column] / top[column];
            for (cell, top) in sums[row].iter_mut().zip(top) {
                *cell -= by * top;
            }
        }
    }
    let found: Vec<f64> = (0..width)
        .map(|row| sums[row][4] / sums[row][row])
        .collect();
    found.iter().all(|one| one.is_finite()).then_some(found)
}
