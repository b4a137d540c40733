//! What a series may be: a line whose slope wanders, under noise that hangs together in time. Many such
//! models, from none to much of either, are run through the series, and each counts as much as it
//! foresaw the next value. Pure; used by `forecast` alone. Never chooses one model: that it does not
//! know which is right widens what it tells.
//!
//! Sources: the local linear trend of Harvey (1989), level and slope of a Kalman filter, with the
//! irregular part as an autoregression of first order in continuous time; the scale of the noise
//! integrated out, which gives Student's distributions (West & Harrison 1997); models averaged by
//! their marginal likelihood (Hoeting & al. 1999).

use super::super::daily::Daily;
use super::spread::Part;

/// How noise hangs together: correlation of two values a step apart, and the share of its variance
/// that does not hang together at all.
const NOISES: [(f64, f64); 8] = [
    (0.0, 1.0),
    (0.5, 0.2),
    (0.75, 0.0),
    (0.75, 0.4),
    (0.9, 0.0),
    (0.9, 0.4),
    (0.97, 0.0),
    (0.97, 0.4),
];
/// How far the slope wanders in a step, in standard deviations of the noise a step.
const WANDERS: [f64; 8] = [0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0];
/// Variance of what is not known at the beginning, in that of the noise.
const UNKNOWN: f64 = 1e7;
/// Values that only tell level and slope, and nothing of what is likely.
const LEARNING: usize = 2;
/// Models with less than this share of the likelihood of the best are left out.
const LEAST_SHARE: f64 = 1e-3;

/// How readily a movement ends: one that was watched for some time goes on for as long again with the
/// chance of a half to the power of this.
const HABIT_OF_ENDING: f64 = 0.25;
/// Where on the way ahead it may end, as shares of it: each as likely.
const ENDS: [f64; 3] = [1.0 / 6.0, 0.5, 5.0 / 6.0];

type Row = [f64; 3];

/// A series as one model sees it at its end.
#[derive(Debug, Clone, Copy)]
struct Filter {
    correlation: f64,
    white: f64,
    wander: f64,
    /// Level, slope a step, and where the noise that hangs together stands.
    state: Row,
    variance: [Row; 3],
    sum_of_squares: f64,
    log_determinant: f64,
}

/// A series as all models see it at its end.
#[derive(Debug, Clone)]
pub(super) struct Outlook {
    /// Models with their shares.
    filters: Vec<(f64, Filter)>,
    step_days: f64,
    span_days: f64,
    middle: f64,
    freedom: f64,
    /// Added to the sum of squares: what the resolution of the values hides.
    hidden: f64,
}

impl Outlook {
    /// What the models say of a series of at least three values.
    pub fn of(daily: &Daily) -> Self {
        let step_days = daily.step();
        let count = daily.values.len();
        let middle = daily.values.iter().sum::<f64>() / count.max(1) as f64;
        let freedom = count.saturating_sub(LEARNING).max(1) as f64;
        // A value told in steps is off by a twelfth of the step's square.
        let hidden = daily.resolution.powi(2) / 12.0;
        let mut filters = Vec::with_capacity(NOISES.len() * WANDERS.len());
        for (correlation, white) in NOISES {
            for wander in WANDERS {
                let mut filter = Filter::new(correlation, white, wander);
                filter.run(daily, step_days, middle);
                filters.push((filter.log_likelihood(hidden, freedom), filter));
            }
        }
        let best = filters
            .iter()
            .map(|one| one.0)
            .fold(f64::NEG_INFINITY, f64::max);
        for (share, _) in &mut filters {
            *share = (*share - best).exp();
        }
        filters.retain(|(share, _)| *share >= LEAST_SHARE);
        let sum: f64 = filters.iter().map(|one| one.0).sum();
        for (share, _) in &mut filters {
            *share /= sum;
        }
        Self {
            filters,
            step_days,
            span_days: f64::from(daily.span()),
            middle,
            freedom,
            hidden,
        }
    }

    /// Where the value may lie so many days ahead of the last one.
    pub fn ahead(&self, days: f64) -> Vec<Part> {
        let steps = days / self.step_days;
        let lasts = (1.0 + days / self.span_days.max(1.0)).powf(-HABIT_OF_ENDING);
        let mut parts = Vec::with_capacity(self.filters.len() * (1 + ENDS.len()));
        for (share, filter) in &self.filters {
            let mut there = *filter;
            there.move_on(steps);
            let scale = (filter.sum_of_squares + self.hidden * (self.freedom + 1.0)) / self.freedom;
            let goes_on = Part {
                share: share * lasts,
                middle: self.middle + there.state[0] + there.state[2],
                scale: (scale * there.spread()).sqrt().max(f64::MIN_POSITIVE),
                freedom: self.freedom,
            };
            parts.push(goes_on);
            let way = filter.state[1] * steps;
            parts.extend(ENDS.map(|end| Part {
                share: share * (1.0 - lasts) / ENDS.len() as f64,
                middle: goes_on.middle - way * (1.0 - end),
                ..goes_on
            }));
        }
        parts
    }
}

impl Filter {
    fn new(correlation: f64, white: f64, wander: f64) -> Self {
        let coloured = 1.0 - white;
        Self {
            correlation,
            white,
            wander,
            state: [0.0; 3],
            variance: [
                [UNKNOWN, 0.0, 0.0],
                [0.0, UNKNOWN, 0.0],
                [0.0, 0.0, coloured],
            ],
            sum_of_squares: 0.0,
            log_determinant: 0.0,
        }
    }

    fn run(&mut self, daily: &Daily, step_days: f64, middle: f64) {
        let (mut before, mut determinant) = (None, 1.0_f64);
        for (index, (number, value)) in daily.numbers.iter().zip(&daily.values).enumerate() {
            if let Some(before) = before {
                self.move_on(f64::from(number.abs_diff(before)) / step_days);
            }
            before = Some(*number);
            let (off, spread) = self.take(value - middle);
            if index >= LEARNING {
                self.sum_of_squares += off * off / spread;
                // One logarithm for many values.
                determinant *= spread;
                if !(1e-100..1e100).contains(&determinant) {
                    self.log_determinant += determinant.ln();
                    determinant = 1.0;
                }
            }
        }
        self.log_determinant += determinant.ln();
    }

    /// Moves on by so many steps.
    fn move_on(&mut self, steps: f64) {
        // The usual step comes at every value, and a power is dear.
        let fades = match steps == 1.0 {
            true => self.correlation,
            false => self.correlation.powf(steps),
        };
        self.state[0] += self.state[1] * steps;
        self.state[2] *= fades;
        let p = &mut self.variance;
        p[0][0] += steps * (2.0 * p[0][1] + steps * p[1][1]);
        p[0][1] += steps * p[1][1];
        p[0][2] = (p[0][2] + steps * p[1][2]) * fades;
        p[1][2] *= fades;
        p[2][2] = p[2][2] * fades * fades + (1.0 - self.white) * (1.0 - fades * fades);
        // What a slope adds that wanders all the time.
        let wander = self.wander * self.wander * steps;
        p[0][0] += wander * steps * steps / 3.0;
        p[0][1] += wander * steps / 2.0;
        p[1][1] += wander;
        [p[1][0], p[2][0], p[2][1]] = [p[0][1], p[0][2], p[1][2]];
    }

    /// Variance of the value that comes next, in that of the noise.
    fn spread(&self) -> f64 {
        let p = &self.variance;
        p[0][0] + 2.0 * p[0][2] + p[2][2] + self.white
    }

    /// Takes a value; how far it was from what was foreseen, and the variance of that.
    fn take(&mut self, value: f64) -> (f64, f64) {
        let spread = self.spread().max(1e-9);
        let off = value - self.state[0] - self.state[2];
        let p = self.variance;
        let seen = [0, 1, 2].map(|row: usize| p[row][0] + p[row][2]);
        for row in 0..3 {
            self.state[row] += seen[row] / spread * off;
            for column in 0..3 {
                self.variance[row][column] -= seen[row] * seen[column] / spread;
            }
        }
        (off, spread)
    }

    /// How well it foresaw each value, but for a constant: the logarithm, with the scale of the noise
    /// integrated out.
    fn log_likelihood(&self, hidden: f64, freedom: f64) -> f64 {
        let squares = (self.sum_of_squares + hidden * (freedom + 1.0)).max(f64::MIN_POSITIVE);
        -0.5 * (freedom * squares.ln() + self.log_determinant)
    }
}
