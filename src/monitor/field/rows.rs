//! Estimates in the cells of a grid, row by row: as [`Krige::at`], for many at once, by what the form of
//! the variogram saves. Used by [`Surface`](super::Surface) alone. Never tells another value than kriging
//! does, to rounding.

use std::ops::Range;

use super::krige::Krige;
use super::surface::Grid;
use super::variogram::Shape;

/// Rows of a grid, made ready.
pub struct Rows<'a> {
    krige: &'a Krige,
    grid: &'a Grid,
    /// Of the Gaussian form, which is a product of one factor by east and one by north: the first, for
    /// each point by columns.
    by_east: Vec<f64>,
}

impl<'a> Rows<'a> {
    pub fn of(krige: &'a Krige, grid: &'a Grid) -> Self {
        let mut by_east = Vec::new();
        if krige.variogram().shape == Shape::Gaussian {
            let per_m = krige.variogram().range_m.recip();
            by_east.reserve(krige.points().len() * grid.columns);
            for point in krige.points() {
                let east = |column| grid.centre(column, 0)[0] - point.position[0];
                let factor = |column| Shape::Gaussian.correlation(east(column).abs() * per_m);
                by_east.extend((0..grid.columns).map(factor));
            }
        }
        Self {
            krige,
            grid,
            by_east,
        }
    }

    /// The estimates in some cells of a row, mm.
    pub fn row_mm(&self, row: usize, columns: Range<usize>) -> Vec<f64> {
        let mut values = vec![self.krige.mean().mm; columns.len()];
        match self.krige.variogram().shape {
            Shape::Spherical => self.spherical(row, columns, &mut values),
            Shape::Exponential => self.exponential(row, columns, &mut values),
            Shape::Gaussian => self.gaussian(row, columns, &mut values),
        }
        values
    }

    /// Points with how far they lie from the row, and their weight.
    fn weighted(&self, row: usize) -> impl Iterator<Item = ([f64; 2], f64)> {
        let (sill_mm2, north) = (
            self.krige.variogram().partial_sill_mm2(),
            self.grid.centre(0, row)[1],
        );
        let all = self.krige.points().iter().zip(self.krige.dual());
        all.map(move |(point, dual)| {
            let [east, of_point] = point.position;
            ([east, north - of_point], dual * sill_mm2)
        })
    }

    /// Beyond the range there is nothing to add.
    fn spherical(&self, row: usize, columns: Range<usize>, values: &mut [f64]) {
        let range_m = self.krige.variogram().range_m;
        let (per_m, cell_m) = (range_m.recip(), self.grid.cell_m);
        let first = self.grid.centre(columns.start, row)[0];
        for ([east, north], weight) in self.weighted(row) {
            let reach_m = (range_m * range_m - north * north).sqrt();
            if !(reach_m > 0.0) {
                continue;
            }
            let cell = |east: f64| (((east - first) / cell_m).max(0.0) as usize).min(values.len());
            let (from, end) = (cell(east - reach_m), cell(east + reach_m + cell_m));
            let begin = first + from as f64 * cell_m - east;
            add(
                &mut values[from..end],
                begin,
                cell_m,
                (north, weight),
                |at| Shape::Spherical.correlation(at * per_m),
            );
        }
    }

    fn exponential(&self, row: usize, columns: Range<usize>, values: &mut [f64]) {
        let (per_m, cell_m) = (self.krige.variogram().range_m.recip(), self.grid.cell_m);
        let first = self.grid.centre(columns.start, row)[0];
        for ([east, north], weight) in self.weighted(row) {
            add(values, first - east, cell_m, (north, weight), |at| {
                Shape::Exponential.correlation(at * per_m)
            });
        }
    }

    fn gaussian(&self, row: usize, columns: Range<usize>, values: &mut [f64]) {
        let per_m = self.krige.variogram().range_m.recip();
        let all = self
            .weighted(row)
            .zip(self.by_east.chunks(self.grid.columns));
        for (([_, north], weight), by_east) in all {
            let weight = weight * Shape::Gaussian.correlation(north.abs() * per_m);
            for (value, factor) in values.iter_mut().zip(&by_east[columns.clone()]) {
                *value += weight * factor;
            }
        }
    }
}

/// Adds what a point has to say to cells that begin `begin_m` east of it and lie `north` of it.
fn add(
    values: &mut [f64],
    begin_m: f64,
    cell_m: f64,
    (north, weight): (f64, f64),
    correlation: impl Fn(f64) -> f64,
) {
    let north2 = north * north;
    for (number, value) in values.iter_mut().enumerate() {
        let east = begin_m + number as u32 as f64 * cell_m;
        *value += weight * correlation((east * east + north2).sqrt());
    }
}
