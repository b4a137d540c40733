//! A raster of heights and where it lies. Filled by the readers of GeoTIFF and XYZ, thinned out by
//! `fit`. Never decides how exactly the ground is to be kept.

/// Heights above this are no ground on Earth, nor is anything this far below; metres.
const HEIGHT_MAX_M: f32 = 12_000.0;

/// Heights at the nodes of a grid.
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Row by row, metres; NaN where there is no data.
    pub(super) heights_m: Vec<f32>,
    pub(super) place: Place,
}

/// From nodes to the file's coordinates: `x = x0 + column * xc + row * xr`, likewise `y`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) x: [f64; 3],
    pub(super) y: [f64; 3],
}

impl Place {
    /// The position of a node, or between nodes.
    pub(super) fn at(&self, column: f64, row: f64) -> [f64; 2] {
        let along =
            |[origin, by_column, by_row]: [f64; 3]| origin + column * by_column + row * by_row;
        [along(self.x), along(self.y)]
    }

    /// Twice the signed area of a cell: negative where rows run southwards.
    pub(super) fn turn(&self) -> f64 {
        self.x[1] * self.y[2] - self.x[2] * self.y[1]
    }

    /// The same place, with nodes moved by a part of a cell.
    pub(super) fn moved(&self, columns: f64, rows: f64) -> Self {
        let [x, y] = self.at(columns, rows);
        Self {
            x: [x, self.x[1], self.x[2]],
            y: [y, self.y[1], self.y[2]],
        }
    }

    /// Whether it can be used at all.
    pub(super) fn is_sound(&self) -> bool {
        let numbers = self.x.iter().chain(&self.y);
        numbers.into_iter().all(|v| v.is_finite()) && self.turn() != 0.0 && self.turn().is_finite()
    }
}

impl Grid {
    /// The height at a node that lies in the grid.
    pub(super) fn height_m(&self, column: usize, row: usize) -> f32 {
        self.heights_m[row * self.columns + column]
    }

    /// Whether all four corners of a cell have data. Cells outside the grid have none.
    pub(super) fn has_cell(&self, column: isize, row: isize) -> bool {
        let fits = |at: isize, count: usize| at >= 0 && (at as usize) + 1 < count;
        if !fits(column, self.columns) || !fits(row, self.rows) {
            return false;
        }
        let (column, row) = (column as usize, row as usize);
        let corners = [(0, 0), (1, 0), (0, 1), (1, 1)];
        corners
            .iter()
            .all(|(c, r)| !self.height_m(column + c, row + r).is_nan())
    }

    /// Where a node lies, with its height.
    pub(super) fn position(&self, column: usize, row: usize) -> [f64; 3] {
        let [x, y] = self.place.at(column as f64, row as f64);
        [x, y, f64::from(self.height_m(column, row))]
    }
}

/// A height, or NaN of a value that stands for none.
pub(super) fn height_or_nan(value: f64) -> f32 {
    let height_m = value as f32;
    if height_m.abs() <= HEIGHT_MAX_M {
        height_m
    } else {
        f32::NAN
    }
}
