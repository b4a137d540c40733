//! How tiles are baked: the size of a cell of light, and how far around a tile one must look to
//! light it. Tiles baked by one recipe fit together; a city that outgrows its recipe is baked anew.
//! Used by `plan` and `bake`. Never bakes.

use crate::space::Bounds2;

use super::grid::{Cell, Grid};
use super::shade::{SUN_AZIMUTH_DEG, SUN_ELEVATION_DEG};

/// Changes whenever the same records would be baked into something else.
const VERSION: u32 = 1;
/// Finest cell of light.
const CELL_MIN_M: f64 = 0.35;
/// Most cells in all: 16 MB of texture at two bytes a cell.
const CELLS_MAX: f64 = 8.0e6;
/// Most cells along a side: what any graphics driver takes as a texture.
const SIDE_MAX: f64 = 8_000.0;
/// Light is baked so far around the city's extent.
pub(super) const AROUND_M: f64 = 60.0;
/// Reach of the sky term: the width of a lane and its houses.
pub(super) const SKY_RADIUS_M: f64 = 9.0;
/// Steps along the side of a tile in which its lit part grows.
const STEPS: u32 = 16;
/// Heights up to which things throw shadows: the least that holds the city. Higher ones throw the
/// shadow of the last, 200 m long.
const TOPS_M: [f64; 6] = [6.0, 12.0, 24.0, 48.0, 96.0, 156.0];

/// How the tiles of one city are baked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Recipe {
    tile_m: f64,
    /// Cells along the side of a tile.
    cells: u32,
    /// Nothing throws the shadow of more.
    top_m: f64,
}

impl Recipe {
    /// For a city of this extent (local), whose highest thing throws the shadow of `top_m`.
    pub fn new(grid: &Grid, extent: Bounds2, top_m: f64) -> Self {
        // Whole chunks, so that a city may grow a little without being baked anew.
        let chunks = extent.grown(AROUND_M).size();
        let side_m = chunks.map(|side| (side / grid.chunk_m()).ceil() * grid.chunk_m());
        let cell_m = (side_m[0] * side_m[1] / CELLS_MAX).sqrt();
        let cell_m = cell_m.max(side_m[0].max(side_m[1]) / SIDE_MAX);
        let cells = (grid.tile_m() / cell_m.max(CELL_MIN_M)).floor().max(1.0);
        let last = TOPS_M[TOPS_M.len() - 1];
        Self {
            tile_m: grid.tile_m(),
            cells: cells as u32,
            top_m: TOPS_M.into_iter().find(|top| *top >= top_m).unwrap_or(last),
        }
    }

    /// Tells this recipe from all others.
    pub fn name(&self) -> String {
        let Self {
            tile_m,
            cells,
            top_m,
        } = self;
        format!("v{VERSION} {tile_m} m, {cells} cells, {top_m} m high")
    }

    pub fn tile_m(&self) -> f64 {
        self.tile_m
    }

    pub fn cells(&self) -> u32 {
        self.cells
    }

    pub fn cell_m(&self) -> f64 {
        self.tile_m / f64::from(self.cells)
    }

    pub fn top_m(&self) -> f64 {
        self.top_m
    }

    /// What the light covers: whole cells around the extent, local. `corner` is the south-west
    /// corner of a tile.
    pub fn lit(&self, extent: Bounds2, corner: [f64; 2]) -> Lit {
        let cell_m = self.cell_m();
        let around = extent.grown(AROUND_M);
        let index = |at: f64, k: usize| (at - corner[k]) / cell_m;
        let first = [0, 1].map(|k| index(around.min[k], k).floor());
        let end = [0, 1].map(|k| index(around.max[k], k).ceil());
        let usable = first.iter().chain(&end).all(|v| v.abs() < 1e12);
        let size = [0, 1].map(|k| (end[k] - first[k]).clamp(1.0, 2.0 * SIDE_MAX));
        Lit {
            first: first.map(|v| if usable { v as i64 } else { 0 }),
            size: size.map(|v| if usable { v as u32 } else { 1 }),
        }
    }

    /// The part of a tile that the light of the city covers, in coarse steps, so that it stays when
    /// the city grows a little.
    pub fn part(&self, lit: &Lit, (column, row): Cell) -> Part {
        let (cells, step) = (i64::from(self.cells), i64::from(self.cells / STEPS).max(1));
        let span = |k: usize, index: i32| {
            let begin = lit.first[k] - i64::from(index) * cells;
            let end = begin + i64::from(lit.size[k]);
            let from = begin.div_euclid(step) * step;
            let to = (end + step - 1).div_euclid(step) * step;
            (from.clamp(0, cells), to.clamp(0, cells))
        };
        let spans = [span(0, column), span(1, row)];
        Part {
            first: spans.map(|(from, _)| from as u32),
            size: spans.map(|(from, to)| (to - from).max(0) as u32),
        }
    }

    /// Cells around a tile that must be looked at: west, south, east and north of it. Shadows come
    /// from where the sun stands, and the sky is hidden from all sides.
    pub fn margins(&self) -> [usize; 4] {
        let reach_m = self.top_m / SUN_ELEVATION_DEG.to_radians().tan();
        let (east, north) = SUN_AZIMUTH_DEG.to_radians().sin_cos();
        let cells = |towards: f64| {
            let wanted_m = (reach_m * towards).max(SKY_RADIUS_M * 1.5);
            (wanted_m / self.cell_m()).ceil() as usize + 1
        };
        [cells(-east), cells(-north), cells(east), cells(north)]
    }
}

/// The cells that the light of a city covers, counted from a tile's corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lit {
    pub first: [i64; 2],
    /// Columns and rows.
    pub size: [u32; 2],
}

/// Some of a tile's cells, counted from its south-west corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub first: [u32; 2],
    /// Columns and rows.
    pub size: [u32; 2],
}

impl Part {
    /// All of it, for a fingerprint.
    pub fn bytes(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        let values = self.first.into_iter().chain(self.size);
        for (part, value) in bytes.chunks_exact_mut(4).zip(values) {
            part.copy_from_slice(&value.to_le_bytes());
        }
        bytes
    }
}
