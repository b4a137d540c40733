//! Standard errors in the cells of a grid, worked out where they bend and interpolated where they do
//! not. Used by [`Surface`](super::Surface) alone. A block of cells is interpolated only where its
//! middles are what its corners say, to the tolerance, and then between these; never around a measured
//! point, where the error dips.

use std::ops::Range;

use super::krige::Krige;
use super::surface::Grid;

/// Side of the largest block, cells.
pub const LARGEST: usize = 8;
/// A block is not interpolated where a measured point is in it, or beside it by this share of its half.
const BESIDE: f64 = 1.0;

/// The south-west cell of a block.
type Block = [usize; 2];

/// Errors at the cells of some rows and one beyond.
struct Lattice<'a> {
    krige: &'a Krige,
    grid: &'a Grid,
    /// The rows of the grid; those here count from the first of them.
    rows: Range<usize>,
    width: usize,
    /// Variances that were worked out, mm²; others are no number.
    exact_mm2: Vec<f64>,
    /// What is told of each cell, mm.
    errors_mm: Vec<f64>,
}

/// The standard error in each cell of some rows, row by row, mm, to `tolerance_mm`; no number in cells
/// that are not wanted. The same for any rows that begin with a multiple of [`LARGEST`].
pub fn standard_errors_mm(
    krige: &Krige,
    grid: &Grid,
    rows: Range<usize>,
    tolerance_mm: f64,
) -> Vec<f64> {
    let [width, height] = [grid.columns, rows.len()].map(|side| side.next_multiple_of(LARGEST) + 1);
    let mut lattice = Lattice {
        krige,
        grid,
        width,
        exact_mm2: vec![f64::NAN; width * height],
        errors_mm: vec![f64::NAN; grid.columns * rows.len()],
        rows,
    };
    let starts = |side: usize| (0..side).step_by(LARGEST);
    let all = starts(lattice.rows.len())
        .flat_map(|row| starts(grid.columns).map(move |column| [column, row]));
    let mut blocks: Vec<Block> = all
        .filter(|block| lattice.is_wanted(*block, LARGEST))
        .collect();
    let mut size = LARGEST;
    lattice.work_out(
        blocks
            .iter()
            .flat_map(|block| corners(*block, size))
            .collect(),
    );
    while !blocks.is_empty() {
        let half = size / 2;
        let between = blocks.iter().flat_map(|block| nodes(*block, half));
        lattice.work_out(between.collect());
        let mut bent = Vec::new();
        for block in blocks {
            if size == 2 || lattice.is_even(block, half, tolerance_mm) {
                for part in corners(block, half) {
                    lattice.interpolate(part, half);
                }
            } else {
                let parts = corners(block, half);
                bent.extend(
                    parts
                        .into_iter()
                        .filter(|part| lattice.is_wanted(*part, half)),
                );
            }
        }
        (blocks, size) = (bent, half);
    }
    lattice.errors_mm
}

/// Corners of a block, which are the beginnings of its quarters where `side` is half of its own.
fn corners([column, row]: Block, side: usize) -> [Block; 4] {
    [
        [column, row],
        [column + side, row],
        [column, row + side],
        [column + side, row + side],
    ]
}

/// The corners of a block, the middles of its sides and its own, row by row, by half of its side.
fn nodes([column, row]: Block, half: usize) -> [Block; 9] {
    std::array::from_fn(|number| [column + number % 3 * half, row + number / 3 * half])
}

impl Lattice<'_> {
    /// Works out the variance at nodes where it is not known yet.
    fn work_out(&mut self, mut nodes: Vec<Block>) {
        let index = |[column, row]: Block| row * self.width + column;
        nodes.retain(|node| self.exact_mm2[index(*node)].is_nan());
        nodes.sort_unstable_by_key(|node| index(*node));
        nodes.dedup();
        let places = nodes
            .iter()
            .map(|[column, row]| self.grid.centre(*column, self.rows.start + row));
        let errors = self.krige.standard_errors_mm(&places.collect::<Vec<_>>());
        for (node, error) in nodes.into_iter().zip(errors) {
            self.exact_mm2[node[1] * self.width + node[0]] = error * error;
        }
    }

    fn exact_mm2(&self, [column, row]: Block) -> f64 {
        self.exact_mm2[row * self.width + column]
    }

    fn is_wanted(&self, [column, row]: Block, size: usize) -> bool {
        let mut cells =
            (row..row + size).flat_map(|row| (column..column + size).map(move |c| (c, row)));
        cells.any(|(column, row)| {
            row < self.rows.len() && self.grid.is_wanted(column, self.rows.start + row)
        })
    }

    /// Whether all middles of a block are what its corners say, and no measured point is near.
    fn is_even(&self, block: Block, half: usize, tolerance_mm: f64) -> bool {
        let all = nodes(block, half).map(|node| self.exact_mm2(node));
        let [a, south, b, west, middle, east, c, north, d] = all;
        let pairs = [
            (south, 0.5 * (a + b)),
            (west, 0.5 * (a + c)),
            (middle, 0.25 * (a + b + c + d)),
            (east, 0.5 * (b + d)),
            (north, 0.5 * (c + d)),
        ];
        let off_mm = |(is, told): (f64, f64)| (is.sqrt() - told.sqrt()).abs();
        pairs.into_iter().all(|pair| off_mm(pair) <= tolerance_mm) && !self.has_point(block, half)
    }

    /// Whether a measured point is in a block, or just beside it.
    fn has_point(&self, [column, row]: Block, half: usize) -> bool {
        let middle = self
            .grid
            .centre(column + half, self.rows.start + row + half);
        let half_m = half as f64 * self.grid.cell_m;
        let mut points = self.krige.points().iter();
        points.any(|point| {
            (0..2)
                .all(|axis| (point.position[axis] - middle[axis]).abs() <= (1.0 + BESIDE) * half_m)
        })
    }

    /// Tells the cells of a block from its corners, or as they are where they were worked out.
    fn interpolate(&mut self, block: Block, size: usize) {
        let all = corners(block, size).map(|corner| self.exact_mm2(corner));
        let [column, row] = block;
        for up in 0..size.min(self.rows.len().saturating_sub(row)) {
            for right in 0..size.min(self.grid.columns.saturating_sub(column)) {
                let cell = [column + right, row + up];
                if !self.grid.is_wanted(cell[0], self.rows.start + cell[1]) {
                    continue;
                }
                let [u, v] = [right, up].map(|step| step as f64 / size as f64);
                let exact_mm2 = self.exact_mm2(cell);
                let told_mm2 = if exact_mm2.is_nan() {
                    (1.0 - v) * ((1.0 - u) * all[0] + u * all[1])
                        + v * ((1.0 - u) * all[2] + u * all[3])
                } else {
                    exact_mm2
                };
                self.errors_mm[cell[1] * self.grid.columns + cell[0]] = told_mm2.sqrt();
            }
        }
    }
}
