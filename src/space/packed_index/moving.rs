//! Points that move: vehicles, responders, people with a device. A grid of square cells, hashed,
//! so that putting, moving and removing one costs the same however many there are. Gives the
//! answers that [`super::PointIndex`] gives. Never remembers where a point was.

use std::collections::HashMap;
use std::f64::consts::PI;
use std::hash::{BuildHasherDefault, Hasher};

use crate::space::Bounds2;

use super::near::{Near, Nearest};

/// Side of a cell when the one asked for cannot be used, metres.
const USUAL_CELL_M: f64 = 50.0;
/// Smaller cells are of no use to anybody.
const LEAST_CELL_M: f64 = 1e-3;

/// Column and row.
type Cell = (i64, i64);
type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

/// Points by id, movable.
#[derive(Debug, Clone)]
pub struct MovingPoints {
    cell_m: f64,
    cells: Map<Cell, Vec<Entry>>,
    /// Where each id is: its cell and its place in the cell's list.
    places: Map<u32, (Cell, u32)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    id: u32,
    at: [f64; 2],
}

impl MovingPoints {
    /// An empty index with cells of this side, metres; best is about the distance usually asked
    /// for. 50 m when it is not a number of at least a millimetre.
    #[must_use]
    pub fn new(cell_m: f64) -> Self {
        let usable = cell_m >= LEAST_CELL_M && cell_m.is_finite();
        Self {
            cell_m: if usable { cell_m } else { USUAL_CELL_M },
            cells: Map::default(),
            places: Map::default(),
        }
    }

    /// How many points there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where a point is.
    #[must_use]
    pub fn get(&self, id: u32) -> Option<[f64; 2]> {
        let (cell, place) = self.places.get(&id)?;
        Some(self.cells.get(cell)?.get(*place as usize)?.at)
    }

    /// Puts a point, or moves it when it is there already. One with a coordinate that is not
    /// finite is taken away: where it is now, nobody knows. True when it is in afterwards.
    pub fn put(&mut self, id: u32, at: [f64; 2]) -> bool {
        if !at.iter().all(|v| v.is_finite()) {
            self.remove(id);
            return false;
        }
        let cell = self.cell_of(at);
        if let Some((old, place)) = self.places.get(&id)
            && *old == cell
            && let Some(entry) = self
                .cells
                .get_mut(old)
                .and_then(|list| list.get_mut(*place as usize))
        {
            entry.at = at;
            return true;
        }
        self.remove(id);
        let list = self.cells.entry(cell).or_default();
        self.places.insert(id, (cell, list.len() as u32));
        list.push(Entry { id, at });
        true
    }

    /// Takes a point away; false when it was not there.
    pub fn remove(&mut self, id: u32) -> bool {
        let Some((cell, place)) = self.places.remove(&id) else {
            return false;
        };
        if let Some(list) = self.cells.get_mut(&cell) {
            list.swap_remove(place as usize);
            if let Some(moved) = list.get(place as usize) {
                self.places.insert(moved.id, (cell, place));
            }
            if list.is_empty() {
                self.cells.remove(&cell);
            }
        }
        true
    }

    /// As [`super::PointIndex::within_box`].
    #[must_use]
    pub fn within_box(&self, bounds: &Bounds2) -> Vec<u32> {
        let mut out = Vec::new();
        self.each_near(bounds, |entry| {
            if bounds.contains(entry.at) {
                out.push(entry.id);
            }
        });
        out
    }

    /// As [`super::PointIndex::within_radius`].
    #[must_use]
    pub fn within_radius(&self, at: [f64; 2], radius_m: f64) -> Vec<u32> {
        let mut out = Vec::new();
        if at.iter().all(|v| v.is_finite()) && radius_m >= 0.0 {
            self.each_near(&around(at, radius_m), |entry| {
                if distance2(entry.at, at) <= radius_m * radius_m {
                    out.push(entry.id);
                }
            });
        }
        out
    }

    /// As [`super::PointIndex::nearest`]: looks into rings, each twice as far out as the last.
    #[must_use]
    pub fn nearest(
        &self,
        at: [f64; 2],
        k: usize,
        mut passes: impl FnMut(u32) -> bool,
    ) -> Vec<Near> {
        let mut best = Nearest::new(k, self.len());
        if k == 0 || self.is_empty() || !at.iter().all(|v| v.is_finite()) {
            return Vec::new();
        }
        // As far as k points lie, were they spread evenly over the cells that are in use.
        let share = k.min(self.len()) as f64 / self.len() as f64;
        let mut radius_m = self.cell_m * (share * self.cells.len() as f64 / PI).sqrt();
        let mut seen2 = -1.0;
        loop {
            let span = around(at, radius_m);
            let all = !self.is_few(&span);
            let radius2 = if all {
                f64::INFINITY
            } else {
                radius_m * radius_m
            };
            self.each_near(&span, |entry| {
                let d2 = distance2(entry.at, at);
                if d2 > seen2 && d2 <= radius2 && d2 <= best.bound2() {
                    let near = Near {
                        id: entry.id,
                        distance_m: d2.sqrt(),
                    };
                    if best.takes(near) && passes(entry.id) {
                        best.take(near);
                    }
                }
            });
            // Strictly inside: a point just outside may have the same root and a lower id.
            let inside = |far_m: f64| far_m < radius_m * (1.0 - 8.0 * f64::EPSILON);
            if all || best.farthest_m().is_some_and(inside) {
                return best.into_sorted();
            }
            seen2 = radius2;
            radius_m *= 2.0;
        }
    }

    fn cell_of(&self, at: [f64; 2]) -> Cell {
        // Far out the cells of the border are endless; order is kept, and that is all it takes.
        let [column, row] = at.map(|v| (v / self.cell_m).floor() as i64);
        (column, row)
    }

    /// The first and the last cell that a box touches.
    fn span(&self, bounds: &Bounds2) -> [Cell; 2] {
        [self.cell_of(bounds.min), self.cell_of(bounds.max)]
    }

    /// Does the box touch fewer cells than are in use?
    fn is_few(&self, bounds: &Bounds2) -> bool {
        let [low, high] = self.span(bounds);
        let side = |low: i64, high: i64| high.saturating_sub(low).saturating_add(1);
        side(low.0, high.0).saturating_mul(side(low.1, high.1)) < self.cells.len() as i64
    }

    /// Calls `act` for the points of every cell that the box touches, or for all points when that
    /// is less work.
    fn each_near(&self, bounds: &Bounds2, mut act: impl FnMut(&Entry)) {
        if bounds.is_empty() || bounds.min.iter().chain(&bounds.max).any(|v| v.is_nan()) {
            return;
        }
        if !self.is_few(bounds) {
            self.cells.values().flatten().for_each(act);
            return;
        }
        let [low, high] = self.span(bounds);
        for row in low.1..=high.1 {
            for column in low.0..=high.0 {
                if let Some(list) = self.cells.get(&(column, row)) {
                    list.iter().for_each(&mut act);
                }
            }
        }
    }
}

fn distance2(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    dx * dx + dy * dy
}

/// A box around all that lies within a distance, a hair larger: rounding must not lose a point.
/// Everything, when the square of the distance is infinite: so are those of points far away.
fn around(at: [f64; 2], radius_m: f64) -> Bounds2 {
    let hair_m = (at[0].abs() + at[1].abs() + radius_m) * 4.0 * f64::EPSILON;
    let far_m = if (radius_m * radius_m).is_finite() {
        radius_m + hair_m
    } else {
        f64::INFINITY
    };
    Bounds2 { min: at, max: at }.grown(far_m)
}

/// Hashes numbers by multiplying: ids and cells are ours, so nobody chooses them to collide.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0 ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 29);
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_i64(&mut self, word: i64) {
        self.write_u64(word as u64);
    }
}
