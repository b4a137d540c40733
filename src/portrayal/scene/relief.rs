//! The lie of the land: the city's terrain, and where it has none the heights of buildings' feet,
//! carried over a coarse grid. A city without terrain whose feet differ by little is drawn on a
//! plane.

use std::collections::HashMap;

use crate::space::{Bounds2, TinIndex};

use super::builder::{Builder, Paint};
use super::vertex::Material;

/// Spread of feet (5th to 95th percentile) up to which the ground is drawn flat.
const FLAT_SPREAD_M: f64 = 1.5;
const CELL_M: f64 = 20.0;
/// Most cells along a side; larger cities get larger cells.
const CELLS_MAX: f64 = 256.0;

/// The land is drawn this much below its height, so that what lies on it is never pierced.
pub(super) const SINK_M: f64 = 0.1;
/// Parts along the side of a cell that terrain covers in part.
const PARTS: usize = 8;
/// The land's slope is taken over at least and at most so many metres to either side.
const SLOPE_M: [f64; 2] = [2.0, 30.0];
/// Corners of terrain that tell the land around it how high it lies.
const SAMPLES_MAX: usize = 20_000;

/// Slopes are lit at least and at most so many times steeper than they are …
const STEEPER: [f64; 2] = [3.0, 24.0];
/// … and in between so that usual ones look like this: a rise over a length.
const STEEP: f64 = 0.3;
/// Slopes are looked at in a square of so many places a side.
const SLOPES_WIDE: usize = 32;

/// Heights of the ground, local.
pub(super) struct Relief {
    terrain: Option<TinIndex>,
    bounds: Bounds2,
    /// Over so many metres to either side the land's slope is taken.
    slope_m: f64,
    steeper: f64,
    cell_m: f64,
    columns: usize,
    rows: usize,
    heights_m: Vec<f64>,
}

impl Relief {
    /// From the feet of buildings (local east, north, height).
    pub fn new(feet: &[[f64; 3]], extent: Bounds2) -> Self {
        let mut heights: Vec<f64> = feet.iter().map(|foot| foot[2]).collect();
        heights.sort_by(f64::total_cmp);
        let percentile = |share: f64| heights[((heights.len() - 1) as f64 * share) as usize];
        let flat = heights.is_empty() || percentile(0.95) - percentile(0.05) < FLAT_SPREAD_M;
        Self::of(feet, extent, flat)
    }

    /// From terrain (local); beyond its edge the land goes on from its heights and from the feet.
    pub fn on(terrain: TinIndex, feet: &[[f64; 3]], extent: Bounds2) -> Self {
        let step = (terrain.corners().len() * 3 / SAMPLES_MAX).max(1);
        let samples = terrain.corners().iter().flatten().step_by(step).copied();
        let known: Vec<_> = feet.iter().copied().chain(samples).collect();
        let is_empty = known.is_empty();
        let slope_m = usual_side_m(&terrain).clamp(SLOPE_M[0], SLOPE_M[1]);
        let mut relief = Self {
            terrain: Some(terrain),
            slope_m,
            ..Self::of(&known, extent, is_empty)
        };
        relief.steeper = relief.fitting_steeper();
        relief
    }

    fn of(feet: &[[f64; 3]], extent: Bounds2, flat: bool) -> Self {
        let size = extent.size();
        let cell_m = CELL_M.max(size[0].max(size[1]) / CELLS_MAX);
        let mut relief = Self {
            terrain: None,
            bounds: extent,
            slope_m: cell_m,
            steeper: STEEPER[0],
            cell_m,
            columns: 0,
            rows: 0,
            heights_m: Vec::new(),
        };
        if !flat && size.iter().all(|side| side.is_finite()) {
            relief.columns = (size[0] / cell_m).ceil() as usize + 1;
            relief.rows = (size[1] / cell_m).ceil() as usize + 1;
            relief.fill(feet);
        }
        relief
    }

    pub fn is_flat(&self) -> bool {
        self.heights_m.is_empty() && self.terrain.is_none()
    }

    pub fn has_terrain(&self) -> bool {
        self.terrain.is_some()
    }

    /// Whether the terrain covers a place.
    fn is_covered(&self, at: [f64; 2]) -> bool {
        let terrain = self.terrain.as_ref();
        terrain.is_some_and(|terrain| terrain.height_at(at).is_some())
    }

    /// Lowest foot in each cell, then outwards from known cells to unknown ones, then smoothed.
    fn fill(&mut self, feet: &[[f64; 3]]) {
        let mut known = vec![f64::NAN; self.columns * self.rows];
        for foot in feet {
            let at = self.cell_at([foot[0], foot[1]]);
            if !(known[at] <= foot[2]) {
                known[at] = foot[2];
            }
        }
        while known.iter().any(|v| v.is_nan()) && known.iter().any(|v| !v.is_nan()) {
            known = self.around(&known, |old, mean| if old.is_nan() { mean } else { old });
        }
        for _ in 0..2 {
            known = self.around(&known, |old, mean| (old + mean) / 2.0);
        }
        self.heights_m = known;
    }

    /// Each cell from its old value and the mean of its known neighbours.
    fn around(&self, values: &[f64], cell: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let at = |column: usize, row: usize| values[row * self.columns + column];
        let mut result = Vec::with_capacity(values.len());
        for row in 0..self.rows {
            for column in 0..self.columns {
                let (mut sum, mut count) = (0.0, 0.0);
                for r in row.saturating_sub(1)..(row + 2).min(self.rows) {
                    for c in column.saturating_sub(1)..(column + 2).min(self.columns) {
                        let value = at(c, r);
                        if !value.is_nan() {
                            sum += value;
                            count += 1.0;
                        }
                    }
                }
                let mean = if count > 0.0 { sum / count } else { f64::NAN };
                result.push(cell(at(column, row), mean));
            }
        }
        result
    }

    fn cell_at(&self, at: [f64; 2]) -> usize {
        let index = |v: f64, low: f64, count: usize| {
            ((v - low) / self.cell_m)
                .round()
                .clamp(0.0, (count - 1) as f64) as usize
        };
        index(at[1], self.bounds.min[1], self.rows) * self.columns
            + index(at[0], self.bounds.min[0], self.columns)
    }

    /// Height of the ground at a place.
    pub fn height_m(&self, at: [f64; 2]) -> f64 {
        let covered = self.terrain.as_ref();
        if let Some(height_m) = covered.and_then(|terrain| terrain.height_at(at)) {
            return height_m;
        }
        if self.heights_m.is_empty() {
            return 0.0;
        }
        let place = |v: f64, low: f64, count: usize| {
            let exact = ((v - low) / self.cell_m).clamp(0.0, (count - 1) as f64 - 1e-6);
            (exact.floor() as usize, exact.fract())
        };
        let (column, x) = place(at[0], self.bounds.min[0], self.columns);
        let (row, y) = place(at[1], self.bounds.min[1], self.rows);
        let value = |c: usize, r: usize| {
            self.heights_m[r.min(self.rows - 1) * self.columns + c.min(self.columns - 1)]
        };
        let south = value(column, row) * (1.0 - x) + value(column + 1, row) * x;
        let north = value(column, row + 1) * (1.0 - x) + value(column + 1, row + 1) * x;
        south * (1.0 - y) + north * y
    }

    /// Unit normal of the land at a place, over its usual triangle: what is rough below that is
    /// even to the eye, and light does not break at every edge.
    pub fn normal_at(&self, at: [f64; 2]) -> [f64; 3] {
        let is_known = self.is_covered(at);
        let rise = |axis: usize| {
            let to = |by: f64| {
                let mut to = at;
                to[axis] += by;
                to
            };
            let (mut low, mut high) = (to(-self.slope_m), to(self.slope_m));
            if is_known {
                // Beyond its edge the terrain's heights are only guessed.
                low = if self.is_covered(low) { low } else { at };
                high = if self.is_covered(high) { high } else { at };
            }
            let length = high[axis] - low[axis];
            if length > 0.0 {
                (self.height_m(high) - self.height_m(low)) / length
            } else {
                0.0
            }
        };
        // Nor is a guess made a mountain.
        let share = if is_known {
            1.0
        } else {
            STEEPER[0] / self.steeper
        };
        let (east, north) = (rise(0) * share, rise(1) * share);
        let length = (east * east + north * north + 1.0).sqrt();
        [-east / length, -north / length, 1.0 / length]
    }

    /// How many times steeper slopes are lit than they are, as on a map: terrain that rises by
    /// metres in a kilometre would else be a blank sheet.
    pub fn steeper(&self) -> f64 {
        self.steeper
    }

    /// By the slopes of the terrain.
    fn fitting_steeper(&self) -> f64 {
        let Some(terrain) = &self.terrain else {
            return STEEPER[0];
        };
        let bounds = terrain.bounds();
        let step = bounds.size().map(|side| side / SLOPES_WIDE as f64);
        let places = (0..SLOPES_WIDE * SLOPES_WIDE).map(|place| {
            let at = [place % SLOPES_WIDE, place / SLOPES_WIDE];
            [0, 1].map(|k| bounds.min[k] + (at[k] as f64 + 0.5) * step[k])
        });
        let covered = places.filter(|at| self.is_covered(*at));
        let mut slopes: Vec<f64> = covered
            .map(|at| {
                let [east, north, up] = self.normal_at(at);
                east.hypot(north) / up
            })
            .collect();
        slopes.sort_by(f64::total_cmp);
        // The steeper part of the land, without its few walls and banks.
        let usual = slopes.get(slopes.len() * 3 / 4).copied().unwrap_or(0.0);
        (STEEP / usual.max(1e-9)).clamp(STEEPER[0], STEEPER[1])
    }

    /// Adds the land itself, a little below everything that lies on it: the terrain's triangles
    /// within `extent`, and cells where there is none.
    pub fn add_to(&self, builder: &mut Builder, extent: Bounds2) {
        let mut land = Land {
            relief: self,
            builder,
            normals: HashMap::new(),
        };
        for triangle in self.terrain.iter().flat_map(TinIndex::corners) {
            let flat = Bounds2::from_points(triangle.iter().map(|at| [at[0], at[1]]));
            if flat.intersects(&extent) {
                land.add_face(*triangle);
            }
        }
        for row in 0..self.rows.saturating_sub(1) {
            for column in 0..self.columns.saturating_sub(1) {
                let along = |k: usize, axis: usize| {
                    (extent.min[axis] + k as f64 * self.cell_m).min(extent.max[axis])
                };
                let cell = Bounds2 {
                    min: [along(column, 0), along(row, 1)],
                    max: [along(column + 1, 0), along(row + 1, 1)],
                };
                let height_m = |c: usize, r: usize| self.heights_m[r * self.columns + c];
                let heights_m =
                    [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(c, r)| height_m(column + c, row + r));
                let near = self.terrain.as_ref();
                if near.is_some_and(|terrain| terrain.bounds().intersects(&cell)) {
                    self.add_beside_terrain(&mut land, cell);
                } else {
                    land.add_cell(cell, heights_m);
                }
            }
        }
    }

    /// Adds those parts of a cell that the terrain leaves open; their corners are the terrain's
    /// where they touch it.
    fn add_beside_terrain(&self, land: &mut Land, cell: Bounds2) {
        let size = cell.size().map(|side| side / PARTS as f64);
        for part in 0..PARTS * PARTS {
            let (column, row) = ((part % PARTS) as f64, (part / PARTS) as f64);
            let min = [cell.min[0] + column * size[0], cell.min[1] + row * size[1]];
            let part = Bounds2 {
                min,
                max: [min[0] + size[0], min[1] + size[1]],
            };
            if self.is_covered(part.center()) {
                continue;
            }
            let [low, high] = [part.min, part.max];
            let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
            land.add_cell(part, corners.map(|at| self.height_m(at)));
        }
    }
}

/// Side of the squares that the terrain's triangles would make if all were alike.
fn usual_side_m(terrain: &TinIndex) -> f64 {
    let size = terrain.bounds().size();
    (size[0] * size[1] * 2.0 / terrain.corners().len().max(1) as f64).sqrt()
}

/// The land on its way into a builder.
struct Land<'a> {
    relief: &'a Relief,
    builder: &'a mut Builder,
    /// By place: several triangles meet in a corner.
    normals: HashMap<[u64; 2], [f64; 3]>,
}

impl Land<'_> {
    /// Adds a rectangle with its heights, counter-clockwise from the south-west.
    fn add_cell(&mut self, cell: Bounds2, heights_m: [f64; 4]) {
        let ([west, south], [east, north]) = (cell.min, cell.max);
        let [a, b, c, d] = [
            [west, south, heights_m[0]],
            [east, south, heights_m[1]],
            [east, north, heights_m[2]],
            [west, north, heights_m[3]],
        ];
        self.add_face([a, b, c]);
        self.add_face([a, c, d]);
    }

    fn add_face(&mut self, corners: [[f64; 3]; 3]) {
        let relief = self.relief;
        let normals = corners.map(|[x, y, _]| {
            let place = [x.to_bits(), y.to_bits()];
            let known = self.normals.entry(place);
            *known.or_insert_with(|| relief.normal_at([x, y]))
        });
        let sunk = corners.map(|[x, y, z]| [x, y, z - SINK_M]);
        let normal_at = |at| {
            let corner = sunk.iter().position(|known| *known == at);
            normals[corner.unwrap_or_default()]
        };
        let cell = self.builder.cell_of([corners[0][0], corners[0][1]]);
        let paint = Paint::plain(Material::Ground);
        self.builder.graded(cell, sunk, normal_at, paint);
    }
}

#[cfg(test)]
mod tests;
