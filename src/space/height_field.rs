//! Heights on a regular grid, the shadows they throw and the sky they hide.
//! Used to bake shadow and ambient occlusion per vertex, and for sunlight studies. Never knows
//! where the sun is: its direction is an argument.

use geo_types::Polygon;

use super::bounds::Bounds2;
use super::ring;

/// Heights in metres at the centres of square cells, row by row from the south-west corner.
///
/// Cells lie over `bounds().min + (column + ½, row + ½) · cell_m`; index = row · columns + column.
#[derive(Clone, Debug, PartialEq)]
pub struct HeightField {
    bounds: Bounds2,
    cell_m: f64,
    columns: usize,
    rows: usize,
    ground_m: f32,
    heights_m: Vec<f32>,
}

impl HeightField {
    /// A flat field at `ground_m` over `bounds`, grown to whole cells towards north and east.
    ///
    /// `None` when the cell size is not positive, the bounds are empty or not finite, or the
    /// field would have more than 2²⁸ cells.
    pub fn new(bounds: Bounds2, cell_m: f64, ground_m: f32) -> Option<Self> {
        let size = bounds.size();
        let cells = size.map(|length| (length / cell_m).ceil().max(1.0));
        let usable = cell_m > 0.0
            && !bounds.is_empty()
            && bounds.min.iter().all(|v| v.is_finite())
            && cells[0] * cells[1] <= f64::from(1 << 28);
        if !usable {
            return None;
        }
        let (columns, rows) = (cells[0] as usize, cells[1] as usize);
        Some(Self::of_cells(
            bounds.min,
            cell_m,
            [columns, rows],
            ground_m,
        ))
    }

    /// A flat field at `ground_m` of `[columns, rows]` cells north-east of `min`, each `cell_m`
    /// (positive) wide.
    pub fn of_cells(
        min: [f64; 2],
        cell_m: f64,
        [columns, rows]: [usize; 2],
        ground_m: f32,
    ) -> Self {
        let max = [
            min[0] + columns as f64 * cell_m,
            min[1] + rows as f64 * cell_m,
        ];
        Self {
            bounds: Bounds2 { min, max },
            cell_m,
            columns,
            rows,
            ground_m,
            heights_m: vec![ground_m; columns * rows],
        }
    }

    /// What the field covers.
    pub fn bounds(&self) -> Bounds2 {
        self.bounds
    }

    /// Cells from west to east.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Cells from south to north.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Edge of a cell, metres.
    pub fn cell_m(&self) -> f64 {
        self.cell_m
    }

    /// All heights, metres, row by row from the south.
    pub fn heights_m(&self) -> &[f32] {
        &self.heights_m
    }

    /// The index of the cell that contains a point; `None` outside.
    pub fn index_at(&self, at: [f64; 2]) -> Option<usize> {
        let [column, row] = [0, 1].map(|k| ((at[k] - self.bounds.min[k]) / self.cell_m).floor());
        let inside =
            column >= 0.0 && row >= 0.0 && column < self.columns as f64 && row < self.rows as f64;
        inside.then(|| row as usize * self.columns + column as usize)
    }

    /// Values of a raster of this shape (such as a shadow) between cell centres, bilinear; points
    /// outside take the nearest cell's. `None` when the raster has another shape or the point is
    /// not finite.
    pub fn sample(&self, raster: &[f32], at: [f64; 2]) -> Option<f32> {
        if raster.len() != self.heights_m.len() || !at.iter().all(|v| v.is_finite()) {
            return None;
        }
        let place = |k: usize, count: usize| {
            let x = (at[k] - self.bounds.min[k]) / self.cell_m - 0.5;
            let x = x.clamp(0.0, (count - 1) as f64);
            let low = (x as usize).min(count.saturating_sub(2));
            (low, (low + 1).min(count - 1), (x - low as f64) as f32)
        };
        let (west, east, fx) = place(0, self.columns);
        let (south, north, fy) = place(1, self.rows);
        let value = |column: usize, row: usize| raster[row * self.columns + column];
        let low = value(west, south) * (1.0 - fx) + value(east, south) * fx;
        let high = value(west, north) * (1.0 - fx) + value(east, north) * fx;
        Some(low * (1.0 - fy) + high * fy)
    }

    /// Raises every cell whose centre lies inside the polygon to at least `top_m`.
    pub fn raise_prism(&mut self, polygon: &Polygon<f64>, top_m: f32) {
        let rings = ring::oriented_rings(polygon);
        let bounds = Bounds2::from_polygon(polygon);
        let mut crossings = Vec::new();
        for row in self.rows_between(bounds.min[1], bounds.max[1]) {
            let y = self.bounds.min[1] + (row as f64 + 0.5) * self.cell_m;
            crossings.clear();
            for (a, b) in rings.iter().flat_map(|ring| ring::edges(ring)) {
                if (a[1] > y) != (b[1] > y) {
                    crossings.push(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
                }
            }
            crossings.sort_by(f64::total_cmp);
            for span in crossings.chunks_exact(2) {
                for cell in self.cells_between(row, span[0], span[1]) {
                    self.heights_m[cell] = self.heights_m[cell].max(top_m);
                }
            }
        }
    }

    /// Raises every cell whose centre lies under the triangle (seen from above) to at least the
    /// triangle's height there. Upright triangles cover no cell.
    pub fn raise_triangle(&mut self, triangle: &[[f64; 3]; 3]) {
        let [a, b, c] = *triangle;
        let twice_area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        if twice_area.abs() < 1e-12 || !twice_area.is_finite() {
            return;
        }
        // The plane z = a.z + east · (x − a.x) + north · (y − a.y) through the corners.
        let (bz, cz) = (b[2] - a[2], c[2] - a[2]);
        let east = (bz * (c[1] - a[1]) - cz * (b[1] - a[1])) / twice_area;
        let north = (cz * (b[0] - a[0]) - bz * (c[0] - a[0])) / twice_area;
        let (low, high) = (a[1].min(b[1]).min(c[1]), a[1].max(b[1]).max(c[1]));
        for row in self.rows_between(low, high) {
            let y = self.bounds.min[1] + (row as f64 + 0.5) * self.cell_m;
            let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
            for (p, q) in [(a, b), (b, c), (c, a)] {
                if (p[1] > y) != (q[1] > y) {
                    let x = p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0]);
                    from = from.min(x);
                    to = to.max(x);
                }
            }
            for cell in self.cells_between(row, from, to) {
                let column = cell - row * self.columns;
                let x = self.bounds.min[0] + (column as f64 + 0.5) * self.cell_m;
                let z = a[2] + east * (x - a[0]) + north * (y - a[1]);
                self.heights_m[cell] = self.heights_m[cell].max(z as f32);
            }
        }
    }

    /// The rows whose centre line lies between two northings.
    fn rows_between(&self, south: f64, north: f64) -> std::ops::Range<usize> {
        centres_between(
            (south - self.bounds.min[1]) / self.cell_m,
            (north - self.bounds.min[1]) / self.cell_m,
            self.rows,
        )
    }

    /// The indices of the cells of a row whose centre lies between two eastings.
    fn cells_between(&self, row: usize, west: f64, east: f64) -> std::ops::Range<usize> {
        let columns = centres_between(
            (west - self.bounds.min[0]) / self.cell_m,
            (east - self.bounds.min[0]) / self.cell_m,
            self.columns,
        );
        row * self.columns + columns.start..row * self.columns + columns.end
    }

    /// Per cell the height in metres below which a point there lies in shadow.
    ///
    /// `sun_azimuth_rad` is clockwise from north, towards the sun; `sun_elevation_rad` above the
    /// horizon. With the sun at or below it everything is in shadow (+∞). A point at height `h`
    /// is lit when `h` is above the value; the difference over a metre or so, smoothed, makes a
    /// penumbra, which the interpolation between cells upstream provides naturally.
    ///
    /// O(cells): each row takes over the shadow of the row towards the sun, lowered by the
    /// sun's fall over the step, `S(p) = max(S, H)(upstream) − step · tan(elevation)`.
    pub fn sun_shadow_m(&self, sun_azimuth_rad: f64, sun_elevation_rad: f64) -> Vec<f32> {
        if sun_elevation_rad <= 0.0 {
            return vec![f32::INFINITY; self.heights_m.len()];
        }
        let (east, north) = sun_azimuth_rad.sin_cos();
        let fall_per_m = sun_elevation_rad.tan();
        if north.abs() >= east.abs() {
            let march = March::new(east, north, fall_per_m * self.cell_m, self.ground_m);
            return march.run(&self.heights_m, self.columns, self.rows);
        }
        // Rows are contiguous in memory and columns are not: turn the field instead.
        let turned = transposed(&self.heights_m, self.columns, self.rows);
        let march = March::new(north, east, fall_per_m * self.cell_m, self.ground_m);
        let shadow = march.run(&turned, self.rows, self.columns);
        transposed(&shadow, self.rows, self.columns)
    }

    /// Mean height in metres around each cell, for ambient occlusion.
    ///
    /// Three passes of a box blur come close to a Gaussian that ends at `radius_m`. A point at
    /// height `h` sees less sky the more the mean stands above it:
    /// `open = 1 − clamp((mean − h) / radius_m, 0, 1)` is a good first guess. O(cells).
    pub fn sky_occlusion(&self, radius_m: f64) -> Vec<f32> {
        let reach = (radius_m / self.cell_m / 3.0).round().max(1.0) as usize;
        let mut mean = self.heights_m.clone();
        for _ in 0..3 {
            blur_rows(&mut mean, self.columns, reach);
            mean = blur_columns(&mean, self.columns, self.rows, reach);
        }
        mean
    }
}

/// The whole numbers `i` with `low <= i + ½ < high`, within `0..count`.
fn centres_between(low: f64, high: f64, count: usize) -> std::ops::Range<usize> {
    let clamp = |v: f64| (v - 0.5).ceil().clamp(0.0, count as f64) as usize;
    let (start, end) = (clamp(low), clamp(high));
    start..end.max(start)
}

/// One walk over the rows of a field, away from the sun.
struct March {
    /// True when the sun stands towards higher rows.
    sun_is_up_the_rows: bool,
    /// Columns towards the sun per row, −1 to 1.
    drift: f64,
    /// Metres the light falls per row.
    fall_m: f32,
    ground_m: f32,
}

impl March {
    /// `across` and `along` are the sun's direction over columns and rows, |along| ≥ |across|.
    fn new(across: f64, along: f64, fall_per_cell_m: f64, ground_m: f32) -> Self {
        let drift = across / along.abs();
        Self {
            sun_is_up_the_rows: along > 0.0,
            drift,
            fall_m: (fall_per_cell_m * (1.0 + drift * drift).sqrt()) as f32,
            ground_m,
        }
    }

    fn run(&self, heights_m: &[f32], columns: usize, rows: usize) -> Vec<f32> {
        // Beyond the field lies open ground, which shades nothing above it.
        let mut shadow = vec![self.ground_m - self.fall_m; heights_m.len()];
        let whole = self.drift.floor();
        let share = (self.drift - whole) as f32;
        // `blockers` is padded by one cell at the low end and two at the high end, so that
        // column + whole and its right neighbour (−1 ..= columns + 1) are always there.
        let mut blockers = vec![self.ground_m; columns + 3];
        let skip = (1.0 + whole) as usize;
        for step in 1..rows {
            let (row, upstream) = if self.sun_is_up_the_rows {
                (rows - 1 - step, rows - step)
            } else {
                (step, step - 1)
            };
            let span = upstream * columns..(upstream + 1) * columns;
            let above = heights_m[span.clone()].iter().zip(&shadow[span]);
            for (blocker, (height, shade)) in blockers[1..=columns].iter_mut().zip(above) {
                *blocker = if height > shade { *height } else { *shade };
            }
            let left = &blockers[skip..skip + columns];
            let right = &blockers[skip + 1..skip + 1 + columns];
            let target = &mut shadow[row * columns..(row + 1) * columns];
            for ((out, a), b) in target.iter_mut().zip(left).zip(right) {
                *out = a + share * (b - a) - self.fall_m;
            }
        }
        shadow
    }
}

/// Rows become columns, in blocks that stay in the cache.
fn transposed(values: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    const BLOCK: usize = 32;
    let mut out = vec![0.0; values.len()];
    for row_block in (0..rows).step_by(BLOCK) {
        for column_block in (0..columns).step_by(BLOCK) {
            for row in row_block..(row_block + BLOCK).min(rows) {
                for column in column_block..(column_block + BLOCK).min(columns) {
                    out[column * rows + row] = values[row * columns + column];
                }
            }
        }
    }
    out
}

/// Box blur along rows; cells beyond the edge repeat the edge.
fn blur_rows(values: &mut [f32], columns: usize, reach: usize) {
    let mut line = vec![0.0_f32; columns];
    let share = 1.0 / (2 * reach + 1) as f64;
    for row in values.chunks_exact_mut(columns) {
        line.copy_from_slice(row);
        let at = |i: isize| f64::from(line[i.clamp(0, columns as isize - 1) as usize]);
        let reach = reach as isize;
        let mut sum: f64 = (-reach..=reach).map(at).sum();
        for (i, out) in row.iter_mut().enumerate() {
            *out = (sum * share) as f32;
            sum += at(i as isize + reach + 1) - at(i as isize - reach);
        }
    }
}

/// Box blur along columns, a whole row of running sums at a time.
fn blur_columns(values: &[f32], columns: usize, rows: usize, reach: usize) -> Vec<f32> {
    let row_at = |i: isize| {
        let row = i.clamp(0, rows as isize - 1) as usize;
        &values[row * columns..(row + 1) * columns]
    };
    let share = 1.0 / (2 * reach + 1) as f64;
    let reach = reach as isize;
    let mut sums = vec![0.0_f64; columns];
    for i in -reach..=reach {
        for (sum, value) in sums.iter_mut().zip(row_at(i)) {
            *sum += f64::from(*value);
        }
    }
    let mut out = Vec::with_capacity(values.len());
    for row in 0..rows as isize {
        out.extend(sums.iter().map(|sum| (sum * share) as f32));
        let (enters, leaves) = (row_at(row + reach + 1), row_at(row - reach));
        for ((sum, enter), leave) in sums.iter_mut().zip(enters).zip(leaves) {
            *sum += f64::from(*enter) - f64::from(*leave);
        }
    }
    out
}

#[cfg(test)]
mod tests;
