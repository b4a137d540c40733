//! Whether a field is to be believed: each point is left out in turn and estimated from the others.
//! Used by [`Field`](super::Field), which chooses its variogram by it, and told beside every surface.
//! Never leaves the standard errors unproven: they are held against what the points do.

use serde::{Deserialize, Serialize};

use crate::monitor::robust::Z_95;

use super::krige::Krige;
use super::points::Point;

/// A point further off than this many standard errors is told as odd.
const ODD: f64 = 3.0;

/// What leaving out each point in turn shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidation {
    /// Points that were left out.
    pub points: usize,
    /// Root of the mean squared error, mm.
    pub rmse_mm: f64,
    /// Mean of errors in standard errors: near nought where nothing is biased.
    pub mean_standardised: f64,
    /// Mean of their squares: near one where the standard errors hold.
    pub mean_squared_standardised: f64,
    /// Share of points within 1.96 standard errors: near 0.95.
    pub share_within_95: f64,
    /// Mean logarithmic score: half of the logarithm of the variance and of the squared standardised
    /// error. Lower is better; it rewards to be near as well as to know how near.
    pub score: f64,
    /// Points that are more than three standard errors off what the others say, the oddest first, with
    /// how many (above nought: more than the others say).
    pub odd: Vec<(Point, f64)>,
}

impl CrossValidation {
    /// Leaves out each point of a field in turn. `None` for fewer than two.
    #[must_use]
    pub fn of(krige: &Krige) -> Option<Self> {
        let points = krige.points();
        if points.len() < 2 {
            return None;
        }
        let count = points.len() as f64;
        let mut sums = [0.0; 5];
        let mut odd = Vec::new();
        for (point, (error_mm, variance_mm2)) in points.iter().zip(krige.left_out()) {
            let standardised = error_mm / variance_mm2.sqrt();
            let parts = [
                error_mm * error_mm,
                standardised,
                standardised * standardised,
                f64::from(standardised.abs() <= Z_95),
                0.5 * (variance_mm2.ln() + standardised * standardised),
            ];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part / count;
            }
            if standardised.abs() > ODD {
                odd.push((*point, standardised));
            }
        }
        odd.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        let [
            squares,
            mean_standardised,
            mean_squared_standardised,
            share_within_95,
            score,
        ] = sums;
        score.is_finite().then(|| Self {
            points: points.len(),
            rmse_mm: squares.sqrt(),
            mean_standardised,
            mean_squared_standardised,
            share_within_95,
            score,
            odd,
        })
    }

    /// Whether the standard errors hold, as far as so many points can tell: no bias, squares near one,
    /// and not too few within the interval, each to three of its own standard errors.
    #[must_use]
    pub fn holds(&self) -> bool {
        let count = self.points as f64;
        let few = 0.95 - 3.0 * (0.95 * 0.05 / count).sqrt();
        self.mean_standardised.abs() <= 3.0 / count.sqrt()
            && self.is_wide_enough()
            && !self.is_too_wide()
            && self.share_within_95 >= few
    }

    /// Whether squares are not above what chance does.
    fn is_wide_enough(&self) -> bool {
        self.mean_squared_standardised <= 1.0 + 3.0 * (2.0 / self.points as f64).sqrt()
    }

    /// Whether squares are so far below one that standard errors are told too large.
    pub(super) fn is_too_wide(&self) -> bool {
        self.mean_squared_standardised < 1.0 - 2.0 * (2.0 / self.points as f64).sqrt()
    }
}
