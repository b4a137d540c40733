//! A field in the cells of a grid: estimates where they can be told, gaps where not. Used by
//! [`Field`](super::Field), and by whoever draws a community's settlement. Bounded in cells, and so in
//! memory; never fills a gap from its neighbours.

use std::ops::Range;

use geo_types::{LineString, Polygon};
use serde::Serialize;

use super::contour::{Contour, NoContours, contours};
use super::krige::{Estimate, Krige};
use super::lattice::{LARGEST, standard_errors_mm};
use super::rows::Rows;

/// More cells than this are refused: 48 MB while they are worked out.
pub const MOST_CELLS: usize = 1_000_000;
/// A standard error is interpolated where halfway between places it is what they say to this share of
/// the field's standard deviation. What is told then comes from half as far, and is within 1 %.
const TOLERANCE: f64 = 0.0125;

/// Where the cells of a surface are: from the south-west corner by columns towards east and rows
/// towards north.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grid {
    /// South-west corner, local metres east and north.
    pub origin: [f64; 2],
    /// Side of a cell, m.
    pub cell_m: f64,
    /// Cells towards east.
    pub columns: usize,
    /// Cells towards north.
    pub rows: usize,
    /// Which cells are wanted, row by row; all where there is no outline.
    #[serde(skip)]
    inside: Option<Vec<bool>>,
}

/// Why there is no grid.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum NoGrid {
    /// Bounds that are no numbers, or of which the upper ones are not above the lower ones.
    #[error("a surface needs finite bounds, the upper ones above the lower ones")]
    NoBounds,
    /// A cell that is not above nought.
    #[error("a cell of a surface must be above 0 m")]
    NoCell,
    /// More cells than [`MOST_CELLS`].
    #[error("a surface has at most {most} cells, not {cells:.0}: take larger ones")]
    TooManyCells {
        /// So many would be.
        cells: f64,
        /// So many may be.
        most: usize,
    },
}

impl Grid {
    /// Cells of `cell_m` over bounds, local metres: `[[west, south], [east, north]]`.
    ///
    /// # Errors
    /// See [`NoGrid`].
    pub fn over(bounds: [[f64; 2]; 2], cell_m: f64) -> Result<Self, NoGrid> {
        let [low, high] = bounds;
        let sides_m = [0, 1].map(|axis| high[axis] - low[axis]);
        let is_finite = low.iter().chain(&sides_m).all(|metre| metre.is_finite());
        if !is_finite || !sides_m.iter().all(|side| *side > 0.0) {
            return Err(NoGrid::NoBounds);
        }
        if !(cell_m > 0.0) {
            return Err(NoGrid::NoCell);
        }
        let [columns, rows] = sides_m.map(|side| (side / cell_m).ceil().max(1.0));
        let cells = columns * rows;
        if !(cells <= MOST_CELLS as f64) {
            return Err(NoGrid::TooManyCells {
                cells,
                most: MOST_CELLS,
            });
        }
        Ok(Self {
            origin: low,
            cell_m,
            columns: columns as usize,
            rows: rows as usize,
            inside: None,
        })
    }

    /// The same grid, of which only the cells are wanted whose centre lies within an outline, and in
    /// none of its holes.
    #[must_use]
    pub fn within(mut self, outline: &Polygon<f64>) -> Self {
        let mut inside = vec![false; self.columns * self.rows];
        let rings = || std::iter::once(outline.exterior()).chain(outline.interiors());
        for (row, cells) in inside.chunks_mut(self.columns).enumerate() {
            let north = self.centre(0, row)[1];
            let mut crossed: Vec<f64> = rings().flat_map(|ring| crossings(ring, north)).collect();
            crossed.sort_unstable_by(f64::total_cmp);
            for pair in crossed.chunks_exact(2) {
                // The first cell whose centre is not west of it.
                let cell = |east: f64| {
                    let cell = ((east - self.origin[0]) / self.cell_m - 0.5).ceil();
                    cell.clamp(0.0, self.columns as f64) as usize
                };
                cells[cell(pair[0])..cell(pair[1])].fill(true);
            }
        }
        self.inside = Some(inside);
        self
    }

    /// The same grid, of which only the cells are wanted that were so far and whose centre lies within
    /// `reach_m` of one of the places.
    #[must_use]
    pub fn near(mut self, places: impl IntoIterator<Item = [f64; 2]>, reach_m: f64) -> Self {
        if reach_m.is_infinite() {
            return self;
        }
        let mut near = vec![false; self.columns * self.rows];
        // The first cell whose centre is not before a metre of an axis.
        let first = |metre: f64, axis: usize, count: usize| {
            let cell = ((metre - self.origin[axis]) / self.cell_m - 0.5).ceil();
            cell.clamp(0.0, count as f64) as usize
        };
        for [east, north] in places {
            let end = first(north + reach_m, 1, self.rows);
            for row in first(north - reach_m, 1, self.rows)..end {
                let off = self.centre(0, row)[1] - north;
                let half = (reach_m * reach_m - off * off).max(0.0).sqrt();
                let [from, to] = [-half, half].map(|by| first(east + by, 0, self.columns));
                near[row * self.columns + from..row * self.columns + to].fill(true);
            }
        }
        if let Some(inside) = &self.inside {
            for (near, inside) in near.iter_mut().zip(inside) {
                *near &= inside;
            }
        }
        self.inside = Some(near);
        self
    }

    /// Its rows in so many bands of about one size, for [`Surface::band`].
    #[must_use]
    pub fn bands(&self, count: usize) -> Vec<Range<usize>> {
        let wanted = self.rows.div_ceil(count.max(1));
        let rows = wanted.next_multiple_of(LARGEST);
        let starts = (0..self.rows).step_by(rows.max(LARGEST));
        starts
            .map(|start| start..(start + rows).min(self.rows))
            .collect()
    }

    /// The centre of a cell, local metres.
    #[must_use]
    pub fn centre(&self, column: usize, row: usize) -> [f64; 2] {
        [
            self.origin[0] + (column as f64 + 0.5) * self.cell_m,
            self.origin[1] + (row as f64 + 0.5) * self.cell_m,
        ]
    }

    /// Whether a cell is one of the grid and wanted.
    pub(super) fn is_wanted(&self, column: usize, row: usize) -> bool {
        column < self.columns
            && row < self.rows
            && (self.inside.as_ref()).is_none_or(|inside| inside[row * self.columns + column])
    }
}

/// Where a ring crosses a line from west to east, metres east.
fn crossings(ring: &LineString<f64>, north: f64) -> impl Iterator<Item = f64> {
    ring.lines().filter_map(move |line| {
        let [from, to] = [line.start, line.end];
        let is_crossed = (from.y <= north) != (to.y <= north);
        is_crossed.then(|| from.x + (north - from.y) / (to.y - from.y) * (to.x - from.x))
    })
}

/// Estimates in the cells of a grid.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surface {
    grid: Grid,
    /// Row by row, from the south-west; at the centres.
    cells: Vec<Option<Estimate>>,
}

impl Surface {
    /// Estimates where their standard error is at most `most_error_mm`. The standard error is worked
    /// out on a lattice as fine as it needs to be, and is within 1 % of the field's standard deviation
    /// of that of [`Krige::at`]; the value is the same.
    #[must_use]
    pub fn of(krige: &Krige, grid: &Grid, most_error_mm: f64) -> Self {
        Self {
            grid: Grid {
                inside: None,
                ..grid.clone()
            },
            cells: Self::band(krige, grid, 0..grid.rows, most_error_mm),
        }
    }

    /// The cells of some rows of [`Surface::of`], for whoever has several threads: those of
    /// [`Grid::bands`] one behind the other are the surface, to the last bit.
    #[must_use]
    pub fn band(
        krige: &Krige,
        grid: &Grid,
        rows: Range<usize>,
        most_error_mm: f64,
    ) -> Vec<Option<Estimate>> {
        let tolerance_mm = TOLERANCE * krige.variogram().sill_mm2.sqrt();
        let errors = standard_errors_mm(krige, grid, rows.clone(), tolerance_mm);
        let estimates = Rows::of(krige, grid);
        let mut cells = Vec::with_capacity(errors.len());
        for (row, errors) in rows.zip(errors.chunks(grid.columns)) {
            // No number is a cell that is not wanted.
            let is_told = |error: &f64| *error <= most_error_mm;
            let first = errors.iter().position(is_told);
            let last = errors.iter().rposition(is_told);
            let (Some(first), Some(last)) = (first, last) else {
                cells.resize(cells.len() + errors.len(), None);
                continue;
            };
            let values = estimates.row_mm(row, first..last + 1);
            cells.extend(errors.iter().enumerate().map(|(column, error)| {
                let mm = *values.get(column.checked_sub(first)?)?;
                is_told(error).then_some(Estimate {
                    mm,
                    standard_error_mm: *error,
                })
            }));
        }
        cells
    }

    /// A surface of values that are known, row by row from the south-west. `None` where they are not
    /// as many as cells.
    #[must_use]
    pub fn known(grid: &Grid, cells: Vec<Option<Estimate>>) -> Option<Self> {
        (cells.len() == grid.columns * grid.rows).then(|| Self {
            grid: grid.clone(),
            cells,
        })
    }

    /// The same without cells whose standard error is above this, mm.
    #[must_use]
    pub fn no_worse_than(mut self, most_error_mm: f64) -> Self {
        for cell in &mut self.cells {
            *cell = cell.filter(|estimate| estimate.standard_error_mm <= most_error_mm);
        }
        self
    }

    /// Where its cells are.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// All cells, row by row from the south-west.
    #[must_use]
    pub fn cells(&self) -> &[Option<Estimate>] {
        &self.cells
    }

    /// What is told in a cell. `None` where nothing is, and beyond the grid.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> Option<Estimate> {
        let is_cell = column < self.grid.columns && row < self.grid.rows;
        is_cell.then(|| self.cells[row * self.grid.columns + column])?
    }

    /// In how many cells something is told.
    #[must_use]
    pub fn told(&self) -> usize {
        self.cells.iter().flatten().count()
    }

    /// The lowest and the highest value, mm. `None` where nothing is told.
    #[must_use]
    pub fn range_mm(&self) -> Option<(f64, f64)> {
        let mut values = self.cells.iter().flatten().map(|estimate| estimate.mm);
        let first = values.next()?;
        Some(values.fold((first, first), |(low, high), mm| {
            (low.min(mm), high.max(mm))
        }))
    }

    /// Lines of equal value at each multiple of `interval_mm`.
    ///
    /// # Errors
    /// An interval that is none, or so small that there would be too many lines.
    pub fn contours(&self, interval_mm: f64) -> Result<Vec<Contour>, NoContours> {
        contours(self, interval_mm)
    }
}
