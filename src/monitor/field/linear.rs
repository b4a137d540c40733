//! The linear algebra of kriging: Cholesky's factor of a covariance matrix and its inverse, packed by
//! rows, and products with one or eight right sides at once. Used by [`Krige`](super::Krige) alone. A
//! matrix that is not positive definite, or nearly not, is refused, never repaired.
//!
//! Our own, since `nalgebra` switches on `num-traits/i128` below Bevy and brings eighteen versions of
//! `glam` into the lock file, and `matrixmultiply` alone can only be called by `unsafe`. The products
//! with eight right sides are plain loops over arrays, which the compiler turns into vector code.

use std::ops::Range;

/// Right sides that are worked on at once.
pub const LANES: usize = 8;
/// A pivot that keeps less than this of its diagonal has lost the digits that an estimate needs.
const LEAST_PIVOT: f64 = 1e-10;

/// A lower triangular matrix, packed by rows: row `i` has `i + 1` entries.
#[derive(Debug, Clone, PartialEq)]
pub struct Lower {
    size: usize,
    entries: Vec<f64>,
}

impl Lower {
    /// The lower half of a symmetric matrix, by `entry(row, column)` with `column <= row`.
    pub fn of(size: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Self {
        let mut entries = Vec::with_capacity(size * (size + 1) / 2);
        for row in 0..size {
            entries.extend((0..=row).map(|column| entry(row, column)));
        }
        Self { size, entries }
    }

    /// Entries of a row, up to the diagonal.
    pub fn row(&self, row: usize) -> &[f64] {
        let from = row * (row + 1) / 2;
        &self.entries[from..=from + row]
    }

    /// Cholesky's factor of the symmetric matrix whose lower half this is. `None` where it is not
    /// positive definite, nearly not, or has an entry that is no number. Time with the cube of the
    /// size.
    pub fn factor(mut self) -> Option<Self> {
        for row in 0..self.size {
            let (above, rest) = self.entries.split_at_mut(row * (row + 1) / 2);
            let own = &mut rest[..=row];
            for column in 0..row {
                let from = column * (column + 1) / 2;
                let other = &above[from..=from + column];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            }
            let pivot = own[row] - dot(&own[..row], &own[..row]);
            if !(pivot > LEAST_PIVOT * own[row]) || !pivot.is_finite() {
                return None;
            }
            own[row] = pivot.sqrt();
        }
        Some(self)
    }

    /// The inverse of a factor. Time with the cube of the size.
    pub fn inverse(&self) -> Self {
        let mut inverse = Self {
            size: self.size,
            entries: vec![0.0; self.entries.len()],
        };
        for row in 0..self.size {
            let (above, rest) = inverse.entries.split_at_mut(row * (row + 1) / 2);
            let target = &mut rest[..=row];
            let own = self.row(row);
            for (column, factor) in own[..row].iter().enumerate() {
                let from = column * (column + 1) / 2;
                for (sum, entry) in target.iter_mut().zip(&above[from..=from + column]) {
                    *sum -= factor * entry;
                }
            }
            for sum in &mut target[..row] {
                *sum /= own[row];
            }
            target[row] = 1.0 / own[row];
        }
        inverse
    }

    /// The product with a column.
    pub fn times(&self, column: &[f64]) -> Vec<f64> {
        let rows = (0..self.size).map(|row| dot(self.row(row), &column[..=row]));
        rows.collect()
    }

    /// The product of the transposed matrix with a column.
    pub fn transposed_times(&self, column: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for (row, factor) in column.iter().enumerate() {
            for (sum, entry) in sums.iter_mut().zip(self.row(row)) {
                *sum += factor * entry;
            }
        }
        sums
    }

    /// The sums of squares of each column: the diagonal of the transposed matrix times itself.
    pub fn column_squares(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for row in 0..self.size {
            for (sum, entry) in sums.iter_mut().zip(self.row(row)) {
                *sum += entry * entry;
            }
        }
        sums
    }

    /// For each of [`LANES`] columns `c`, with `v` the product with it: `v · v` and `with · v`. Only the
    /// entries of the columns that are near count, all others are nought. Two rows are worked on at
    /// once, so that what is read of the columns is used twice.
    pub fn squares(
        &self,
        columns: &[[f64; LANES]],
        near: Range<usize>,
        with: &[f64],
    ) -> [[f64; LANES]; 2] {
        let mut sums = [[0.0; LANES]; 2];
        let mut add = |product: &[f64; LANES], with: f64| {
            for lane in 0..LANES {
                sums[0][lane] += product[lane] * product[lane];
                sums[1][lane] += product[lane] * with;
            }
        };
        // Above the first that is near every product is nought.
        for pair in near.start / 2..self.size / 2 {
            let (above, last) = (2 * pair, 2 * pair + 1);
            let [upper, lower] = [self.row(above), self.row(last)];
            let both = near.start..near.end.min(last).max(near.start);
            let mut products = [[0.0; LANES]; 2];
            let entries = upper[both.clone()].iter().zip(&lower[both.clone()]);
            for ((first, second), column) in entries.zip(&columns[both]) {
                for lane in 0..LANES {
                    products[0][lane] += first * column[lane];
                    products[1][lane] += second * column[lane];
                }
            }
            if near.contains(&last) {
                for lane in 0..LANES {
                    products[1][lane] += lower[last] * columns[last][lane];
                }
            }
            add(&products[0], with[above]);
            add(&products[1], with[last]);
        }
        if self.size % 2 == 1 {
            let mut product = [0.0; LANES];
            let entries = self.row(self.size - 1)[near.clone()].iter();
            for (entry, column) in entries.zip(&columns[near]) {
                for lane in 0..LANES {
                    product[lane] += entry * column[lane];
                }
            }
            add(&product, with[self.size - 1]);
        }
        sums
    }
}

/// The scalar product, by four sums, so that none waits for the one before.
pub fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (ones, others) = (one.chunks_exact(4), other.chunks_exact(4));
    let rest = ones.remainder().iter().zip(others.remainder());
    let rest: f64 = rest.map(|(one, other)| one * other).sum();
    for (one, other) in ones.zip(others) {
        for lane in 0..4 {
            sums[lane] += one[lane] * other[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
