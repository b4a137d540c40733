//! Ordinary kriging: the best linear unbiased estimate at a place from measured points and a variogram,
//! with its standard error. Used by [`Field`](super::Field) and by what draws from it. The mean is
//! unknown and estimated with the rest; a trend is not modelled. Never answers with a number where the
//! covariances allow none.
//!
//! Source: Cressie, *Statistics for Spatial Data* (1993), 3.2, in covariances; what a point measures
//! has the nugget and its own error on the diagonal, and none beside it, so that the estimate is that
//! of the field, without jumps onto the points (as `gstools` does with `exact=False`).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::NoField;
use super::linear::{LANES, Lower, dot};
use super::points::{Point, gather};
use super::variogram::{Shape, Variogram};

/// More points than this are refused: time goes with the cube of their count.
pub const MOST_POINTS: usize = 1_000;

/// A value that was worked out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value, mm.
    pub mm: f64,
    /// Its standard error, mm: of the value that a house at this place would show, so what neighbours
    /// differ by however near they are (the nugget) is in it.
    pub standard_error_mm: f64,
}

/// Points and a variogram, made ready for any number of places.
#[derive(Debug, Clone, PartialEq)]
pub struct Krige {
    variogram: Variogram,
    points: Vec<Point>,
    /// The inverse of Cholesky's factor of the covariances of what was measured.
    inverse: Lower,
    /// It, times a column of ones.
    ones: Vec<f64>,
    /// One over the variance of the mean, 1 / mm².
    mean_weight: f64,
    mean_mm: f64,
    /// What each point counts by its covariance.
    dual: Vec<f64>,
}

impl Krige {
    /// Makes ready what is measured. Points that cannot be used are left out, those at the same place
    /// become one.
    ///
    /// # Errors
    /// No usable point, more than [`MOST_POINTS`], or a variogram with which the covariances are not
    /// positive definite.
    pub fn new(points: &[Point], variogram: Variogram) -> Result<Self, NoField> {
        Self::of(gather(points).points, variogram)
    }

    /// As [`Krige::new`], of points that are gathered.
    pub(super) fn of(points: Vec<Point>, variogram: Variogram) -> Result<Self, NoField> {
        if points.is_empty() {
            return Err(NoField::NoReadings);
        }
        if points.len() > MOST_POINTS {
            return Err(NoField::TooManyPoints {
                points: points.len(),
                most: MOST_POINTS,
            });
        }
        if !variogram.is_valid() {
            return Err(NoField::NotPositiveDefinite);
        }
        let covariance = |row: usize, column: usize| {
            let [one, other] = [&points[row], &points[column]];
            if row == column {
                return variogram.sill_mm2 + one.sigma_mm.powi(2);
            }
            variogram.covariance_mm2(apart_m(one.position, other.position))
        };
        let factor = Lower::of(points.len(), covariance).factor();
        let inverse = factor.ok_or(NoField::NotPositiveDefinite)?.inverse();
        let ones = inverse.times(&vec![1.0; points.len()]);
        let mean_weight = dot(&ones, &ones);
        let values: Vec<f64> = points.iter().map(|point| point.value_mm).collect();
        let mean_mm = dot(&ones, &inverse.times(&values)) / mean_weight;
        let off: Vec<f64> = values.iter().map(|value| value - mean_mm).collect();
        let dual = inverse.transposed_times(&inverse.times(&off));
        Ok(Self {
            variogram,
            points,
            inverse,
            ones,
            mean_weight,
            mean_mm,
            dual,
        })
    }

    /// The variogram.
    #[must_use]
    pub fn variogram(&self) -> &Variogram {
        &self.variogram
    }

    /// The points, one a place, by east and north.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// What each point counts by its covariance.
    pub(super) fn dual(&self) -> &[f64] {
        &self.dual
    }

    /// The mean of the field, with its standard error.
    #[must_use]
    pub fn mean(&self) -> Estimate {
        Estimate {
            mm: self.mean_mm,
            standard_error_mm: self.mean_weight.recip().sqrt(),
        }
    }

    /// The estimate at a place, local metres east and north. `None` where the place is none. Time with
    /// the square of the count of points.
    #[must_use]
    pub fn at(&self, position: [f64; 2]) -> Option<Estimate> {
        if !position.iter().all(|metre| metre.is_finite()) {
            return None;
        }
        let near: Vec<f64> = (self.points.iter())
            .map(|point| apart_m(point.position, position))
            .map(|distance_m| self.variogram.covariance_mm2(distance_m))
            .collect();
        let product = self.inverse.times(&near);
        let variance_mm2 = self.variance_mm2(dot(&product, &product), dot(&self.ones, &product));
        Some(Estimate {
            mm: self.mean_mm + dot(&self.dual, &near),
            standard_error_mm: variance_mm2.sqrt(),
        })
    }

    /// From what the points tell of a place (its explained variance), and how much of the mean they
    /// stand for.
    fn variance_mm2(&self, explained_mm2: f64, share: f64) -> f64 {
        let mean_mm2 = (1.0 - share).powi(2) / self.mean_weight;
        (self.variogram.sill_mm2 - explained_mm2 + mean_mm2).max(0.0)
    }

    /// Standard errors at places, mm: as [`Krige::at`], for many at once.
    pub(super) fn standard_errors_mm(&self, places: &[[f64; 2]]) -> Vec<f64> {
        let mut errors = Vec::with_capacity(places.len());
        let mut columns = vec![[0.0; LANES]; self.points.len()];
        for block in places.chunks(LANES) {
            let mut lanes = [block[0]; LANES];
            lanes[..block.len()].copy_from_slice(block);
            let near = self.near(&lanes);
            self.cover(&lanes, near.clone(), &mut columns);
            let [explained, shares] = self.inverse.squares(&columns, near, &self.ones);
            let all = explained.into_iter().zip(shares).take(block.len());
            errors.extend(all.map(|(explained, share)| self.variance_mm2(explained, share).sqrt()));
        }
        errors
    }

    /// The points, which are sorted by east, that may hang together with some of these places.
    fn near(&self, places: &[[f64; 2]; LANES]) -> Range<usize> {
        let reach_m = match self.variogram.shape {
            Shape::Spherical => self.variogram.range_m,
            Shape::Exponential | Shape::Gaussian => return 0..self.points.len(),
        };
        let easts = places.iter().map(|place| place[0]);
        let from = easts.clone().fold(f64::INFINITY, f64::min) - reach_m;
        let to = easts.fold(f64::NEG_INFINITY, f64::max) + reach_m;
        let before = |east: f64| self.points.partition_point(|one| one.position[0] < east);
        before(from)..before(to)
    }

    /// Covariances of each point that is near with some places.
    fn cover(&self, places: &[[f64; 2]; LANES], near: Range<usize>, columns: &mut [[f64; LANES]]) {
        let (points, columns) = (&self.points[near.clone()], &mut columns[near]);
        // The form is fixed outside the loops, so that they become vector code.
        match self.variogram.shape {
            Shape::Spherical => self.cover_by(places, points, columns, |at| {
                Shape::Spherical.correlation(at)
            }),
            Shape::Exponential => {
                self.cover_by(places, points, columns, |at| {
                    Shape::Exponential.correlation(at)
                });
            }
            Shape::Gaussian => self.cover_by(places, points, columns, |at| {
                Shape::Gaussian.correlation(at)
            }),
        }
    }

    fn cover_by(
        &self,
        places: &[[f64; 2]; LANES],
        points: &[Point],
        columns: &mut [[f64; LANES]],
        correlation: impl Fn(f64) -> f64,
    ) {
        let (sill_mm2, per_m) = (
            self.variogram.partial_sill_mm2(),
            self.variogram.range_m.recip(),
        );
        for (column, point) in columns.iter_mut().zip(points) {
            for (covariance, place) in column.iter_mut().zip(places) {
                let [east, north] = [0, 1].map(|axis| place[axis] - point.position[axis]);
                let share = (east * east + north * north).sqrt() * per_m;
                *covariance = sill_mm2 * correlation(share);
            }
        }
    }

    /// For each point: its value less what all the others say of it, mm, and the variance of that,
    /// mm². From the inverse at once, without leaving any out in turn (Dubrule 1983).
    pub(super) fn left_out(&self) -> impl Iterator<Item = (f64, f64)> {
        let shares = self.inverse.transposed_times(&self.ones);
        let squares = self.inverse.column_squares();
        let weights = squares.into_iter().zip(shares);
        let mean_weight = self.mean_weight;
        self.dual
            .iter()
            .zip(weights)
            .map(move |(dual, (square, share))| {
                let weight = square - share * share / mean_weight;
                (dual / weight, weight.recip())
            })
    }
}

/// Distance of two places, m.
pub(super) fn apart_m(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}
