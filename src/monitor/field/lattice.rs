//! Standard errors in the cells of a grid, worked out where they bend and interpolated where they do
//! not. Used by [`Surface`](super::Surface) alone. A block of cells is interpolated only where the
//! error in its middle is what its corners say, to the tolerance; never around a measured point, where
//! it dips.

use super::krige::Krige;
use super::surface::Grid;

/// Side of the largest block, cells.
const LARGEST: usize = 8;
/// A block with a point in it is never interpolated from this side up.
const DIPPED: usize = 4;

/// The south-west cell of a block.
type Block = [usize; 2];

/// Errors at the cells and one beyond.
struct Lattice<'a> {
    krige: &'a Krige,
    grid: &'a Grid,
    width: usize,
    /// Variances that were worked out, mm²; others are no number.
    exact_mm2: Vec<f64>,
    /// What is told of each cell, mm.
    errors_mm: Vec<f64>,
}

/// The standard error in each cell, row by row, mm, to `tolerance_mm`; no number in cells that are not
/// wanted.
pub fn standard_errors_mm(krige: &Krige, grid: &Grid, tolerance_mm: f64) -> Vec<f64> {
    let [width, height] = [grid.columns, grid.rows].map(|side| side.next_multiple_of(LARGEST) + 1);
    let mut lattice = Lattice {
        krige,
        grid,
        width,
        exact_mm2: vec![f64::NAN; width * height],
        errors_mm: vec![f64::NAN; grid.columns * grid.rows],
    };
    let starts = |side: usize| (0..side).step_by(LARGEST);
    let all =
        starts(grid.rows).flat_map(|row| starts(grid.columns).map(move |column| [column, row]));
    let mut blocks: Vec<Block> = all
        .filter(|block| lattice.is_wanted(*block, LARGEST))
        .collect();
    let mut size = LARGEST;
    while size > 1 {
        let half = size / 2;
        lattice.work_out(
            blocks
                .iter()
                .flat_map(|block| corners(*block, size))
                .collect(),
        );
        lattice.work_out(blocks.iter().map(|[c, r]| [c + half, r + half]).collect());
        let mut bent = Vec::new();
        for block in blocks {
            let dips = size >= DIPPED && lattice.has_point(block, size);
            if !dips && lattice.is_even(block, size, tolerance_mm) {
                lattice.interpolate(block, size);
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
    lattice.work_out(blocks.clone());
    for block in blocks {
        lattice.interpolate(block, 1);
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

impl Lattice<'_> {
    /// Works out the variance at nodes where it is not known yet.
    fn work_out(&mut self, mut nodes: Vec<Block>) {
        let index = |[column, row]: Block| row * self.width + column;
        nodes.retain(|node| self.exact_mm2[index(*node)].is_nan());
        nodes.sort_unstable_by_key(|node| index(*node));
        nodes.dedup();
        let places = nodes
            .iter()
            .map(|[column, row]| self.grid.centre(*column, *row));
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
        cells.any(|(column, row)| self.grid.is_wanted(column, row))
    }

    /// Whether a measured point lies between the corners of a block.
    fn has_point(&self, [column, row]: Block, size: usize) -> bool {
        let low = self.grid.centre(column, row);
        let high = self.grid.centre(column + size, row + size);
        let is_between = |position: [f64; 2]| {
            (0..2).all(|axis| (low[axis]..=high[axis]).contains(&position[axis]))
        };
        let mut points = self.krige.points().iter();
        points.any(|point| is_between(point.position))
    }

    /// Whether the middle of a block is what its corners say.
    fn is_even(&self, block: Block, size: usize, tolerance_mm: f64) -> bool {
        let all = corners(block, size).map(|corner| self.exact_mm2(corner));
        let middle_mm2 = self.exact_mm2(corners(block, size / 2)[3]);
        let told_mm2 = all.iter().sum::<f64>() / 4.0;
        (told_mm2.sqrt() - middle_mm2.sqrt()).abs() <= tolerance_mm
    }

    /// Tells the cells of a block from its corners, or as they are where they were worked out.
    fn interpolate(&mut self, block: Block, size: usize) {
        let all = match size {
            1 => [self.exact_mm2(block); 4],
            _ => corners(block, size).map(|corner| self.exact_mm2(corner)),
        };
        let [column, row] = block;
        for up in 0..size.min(self.grid.rows - row) {
            for right in 0..size.min(self.grid.columns - column) {
                let cell = [column + right, row + up];
                if !self.grid.is_wanted(cell[0], cell[1]) {
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
