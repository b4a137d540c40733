//! A map of what cameras cover: cells of ground, pieces of façade, and the largest blind spots.
//! Plain data for a picture or a report. Never judges how much cover a place needs.

use crate::base::{CameraId, RoadId};
use crate::space::Bounds2;

use super::building::{Panel, share_seen};
use super::camera::Eye;
use super::{EYE_LEVEL_M, Sight};

/// Cells of a map, at most: about 100 MB while it is made.
const MOST_CELLS: f64 = 4e6;
/// Larger cells than this are wider than any road.
const CELL_MOST_M: f64 = 50.0;

/// Why no map can be made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CoverageError {
    /// The bounds hold nothing, or a number is not finite.
    #[error("the area of a coverage map must have finite corners, south-west before north-east")]
    Bounds,
    /// The side of a cell is no length.
    #[error(
        "a cell of a coverage map must have a side of more than 0 m and at most {CELL_MOST_M} m, not {0}: it is judged by its middle, and a larger one says nothing of the ground around"
    )]
    Cell(f64),
    /// Too many cells.
    #[error(
        "a coverage map of {cells:.0} cells is too fine: at most {MOST_CELLS:.0}; take larger cells or a smaller area"
    )]
    TooFine {
        /// How many it would be.
        cells: f64,
    },
}

/// What the middle of a cell lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Cover {
    /// A road.
    Road,
    /// Neither a road nor a building.
    #[default]
    Open,
    /// A building: nothing is counted there.
    Built,
}

/// A cell of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// What its middle lies on.
    pub cover: Cover,
    /// How many cameras see its middle, 1.5 m above the ground, as they stand.
    pub seen: u16,
    /// How many more could by turning.
    pub turning: u16,
}

impl Cell {
    /// True of ground that no camera sees, not even by turning.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.cover != Cover::Built && self.seen == 0 && self.turning == 0
    }
}

/// Blind cells side by side, all on roads or all beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct BlindSpot {
    /// Whether it lies on a road or beside.
    pub cover: Cover,
    /// Its area, square metres.
    pub area_m2: f64,
    /// The box around its cells.
    pub bounds: Bounds2,
    /// The middle of the cell that is nearest to its centre of gravity.
    pub middle: [f64; 2],
    /// The road at that cell.
    pub road: Option<RoadId>,
}

/// What is covered.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The south-west corner.
    pub corner: [f64; 2],
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from south to north.
    pub rows: usize,
    /// The cells, row by row from the south, each from west to east.
    pub cells: Vec<Cell>,
    /// The façades of the buildings that the area touches, in the order of buildings.
    pub panels: Vec<Panel>,
    /// The blind spots: those on roads first, the largest first.
    pub blind: Vec<BlindSpot>,
}

impl Coverage {
    /// The middle of a cell.
    #[must_use]
    pub fn middle(&self, place: usize) -> [f64; 2] {
        let (row, column) = (place / self.columns, place % self.columns);
        [
            self.corner[0] + (column as f64 + 0.5) * self.cell_m,
            self.corner[1] + (row as f64 + 0.5) * self.cell_m,
        ]
    }

    /// The share of the cells on this kind of ground that a camera sees as it stands; 0 when there
    /// is none of it.
    #[must_use]
    pub fn share_seen(&self, cover: Cover) -> f64 {
        let of_kind = self.cells.iter().filter(|cell| cell.cover == cover);
        let (all, seen) = of_kind.fold((0_usize, 0_usize), |(all, seen), cell| {
            (all + 1, seen + usize::from(cell.seen > 0))
        });
        if all > 0 {
            seen as f64 / all as f64
        } else {
            0.0
        }
    }

    /// The share of the length of façades that a camera sees as it stands; 0 when there is none.
    #[must_use]
    pub fn facade_share_seen(&self) -> f64 {
        share_seen(&self.panels)
    }

    fn empty(bounds: Bounds2, cell_m: f64) -> Result<Self, CoverageError> {
        let finite = bounds.min.iter().chain(&bounds.max).all(|v| v.is_finite());
        if !finite || bounds.is_empty() {
            return Err(CoverageError::Bounds);
        }
        if !(cell_m > 0.0 && cell_m <= CELL_MOST_M) {
            return Err(CoverageError::Cell(cell_m));
        }
        let [columns, rows] = bounds.size().map(|side| (side / cell_m).ceil().max(1.0));
        let cells = columns * rows;
        if !(cells <= MOST_CELLS) {
            return Err(CoverageError::TooFine { cells });
        }
        Ok(Self {
            corner: bounds.min,
            cell_m,
            columns: columns as usize,
            rows: rows as usize,
            cells: vec![Cell::default(); cells as usize],
            panels: Vec::new(),
            blind: Vec::new(),
        })
    }

    /// What its cells cover: the last row and column may reach out of the area that was asked for.
    fn extent(&self) -> Bounds2 {
        let cells = [self.columns, self.rows].map(|count| count as f64 * self.cell_m);
        Bounds2 {
            min: self.corner,
            max: [self.corner[0] + cells[0], self.corner[1] + cells[1]],
        }
    }

    /// The rows or columns whose middles lie between two coordinates.
    fn span(&self, axis: usize, low: f64, high: f64) -> std::ops::Range<usize> {
        let count = if axis == 0 { self.columns } else { self.rows };
        let place = |v: f64| (v - self.corner[axis]) / self.cell_m - 0.5;
        let first = place(low).ceil().clamp(0.0, count as f64) as usize;
        let end = (place(high).floor() + 1.0).clamp(0.0, count as f64) as usize;
        first..end.max(first)
    }
}

impl Sight {
    /// What the cameras for which `chosen` answers yes cover: the ground in cells of side `cell_m`
    /// from the south-west corner of the bounds, and the façades there.
    ///
    /// # Errors
    /// Bounds or a cell that are none, and more than four million cells.
    pub fn coverage(
        &self,
        chosen: impl Fn(CameraId) -> bool,
        bounds: Bounds2,
        cell_m: f64,
    ) -> Result<Coverage, CoverageError> {
        let mut map = Coverage::empty(bounds, cell_m)?;
        let mut levels_m = Vec::with_capacity(map.cells.len());
        for place in 0..map.cells.len() {
            let at = map.middle(place);
            map.cells[place].cover = self.cover_at(at);
            levels_m.push(self.ground_at(at) + EYE_LEVEL_M);
        }
        let mut places = self.reaches.meeting_box(&map.extent());
        places.sort_unstable();
        for place in places {
            let eye = &self.eyes[place as usize];
            if chosen(eye.id) {
                self.count(eye, &levels_m, &mut map);
            }
        }
        map.panels = self.panels_within(&bounds, &chosen);
        map.blind = self.blind_spots(&map);
        Ok(map)
    }

    fn cover_at(&self, at: [f64; 2]) -> Cover {
        if self.bodies.over(at, |_| true).is_some() {
            Cover::Built
        } else if self.roads.at(at).is_some() {
            Cover::Road
        } else {
            Cover::Open
        }
    }

    /// Counts one camera in every cell that it sees.
    fn count(&self, eye: &Eye, levels_m: &[f64], map: &mut Coverage) {
        let reach = eye.reach();
        for row in map.span(1, reach.min[1], reach.max[1]) {
            for column in map.span(0, reach.min[0], reach.max[0]) {
                let place = row * map.columns + column;
                let [x, y] = map.middle(place);
                let at = [x, y, levels_m[place]];
                if map.cells[place].cover == Cover::Built {
                    continue;
                }
                if let Some(aim) = eye.aim(at)
                    && !self.is_hidden(eye, at)
                {
                    let cell = &mut map.cells[place];
                    let count = match aim.by_turning {
                        true => &mut cell.turning,
                        false => &mut cell.seen,
                    };
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    fn blind_spots(&self, map: &Coverage) -> Vec<BlindSpot> {
        let mut is_done = vec![false; map.cells.len()];
        let mut spots = Vec::new();
        for first in 0..map.cells.len() {
            if !is_done[first] && map.cells[first].is_blind() {
                let spot = connected(map, first, &mut is_done);
                spots.push(self.blind_spot(map, &spot));
            }
        }
        spots.sort_by(|a, b| {
            (a.cover.cmp(&b.cover))
                .then(b.area_m2.total_cmp(&a.area_m2))
                .then(a.middle[1].total_cmp(&b.middle[1]))
                .then(a.middle[0].total_cmp(&b.middle[0]))
        });
        spots
    }

    /// A blind spot of these cells; there is at least one.
    fn blind_spot(&self, map: &Coverage, cells: &[usize]) -> BlindSpot {
        let half_m = 0.5 * map.cell_m;
        let middles = || cells.iter().map(|place| map.middle(*place));
        let sum = middles().fold([0.0; 2], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
        let centre = sum.map(|v| v / cells.len() as f64);
        let away = |at: &[f64; 2]| (at[0] - centre[0]).hypot(at[1] - centre[1]);
        let middle = middles().min_by(|a, b| away(a).total_cmp(&away(b)));
        let middle = middle.unwrap_or(centre);
        BlindSpot {
            cover: map.cells[cells[0]].cover,
            area_m2: cells.len() as f64 * map.cell_m * map.cell_m,
            bounds: Bounds2::from_points(middles()).grown(half_m),
            road: self.roads.at(middle),
            middle,
        }
    }
}

/// The blind cells of the same cover that hang together with the first, edge by edge.
fn connected(map: &Coverage, first: usize, is_done: &mut [bool]) -> Vec<usize> {
    let cover = map.cells[first].cover;
    let mut spot = vec![first];
    is_done[first] = true;
    let mut next = 0;
    while next < spot.len() {
        let place = spot[next];
        next += 1;
        let (row, column) = (place / map.columns, place % map.columns);
        let beside = [
            (column > 0).then(|| place - 1),
            (column + 1 < map.columns).then(|| place + 1),
            (row > 0).then(|| place - map.columns),
            (row + 1 < map.rows).then(|| place + map.columns),
        ];
        for other in beside.into_iter().flatten() {
            let cell = &map.cells[other];
            if !is_done[other] && cell.cover == cover && cell.is_blind() {
                is_done[other] = true;
                spot.push(other);
            }
        }
    }
    spot
}
