//! The city from so far away that a house is less than a pixel: a skin over the roofs that tells
//! how much of the ground tiled roofs, flat roofs and walls cover. Used by `scene` for tiles in
//! which a pixel covers tens of metres; alarms are marks of their own and never fade into it.

use std::collections::BTreeMap;

use crate::space::LocalFrame;

use super::buildings::Look;
use super::grid::Lattice;
use super::massing::Massing;
use super::vertex::{Chunk, Finish, NO_BUILDING, Part, Vertex};

/// Cells along the side of a tile.
pub(super) const CELLS: i32 = 8;
/// Least share of built ground at a corner for a cell to be drawn.
const BUILT_MIN: f64 = 0.02;
/// Share of a wall's height that is seen from the usual slant, over the ground it stands on.
const WALL_SHARE: f64 = 0.3;

/// What stands around one corner of the grid, summed up.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    tiled_m2: f64,
    flat_m2: f64,
    /// Height times area.
    volume_m3: f64,
}

/// The sums of a whole city on a grid that all tiles share, so that neighbours meet.
pub(super) struct Coarse {
    cell_m: f64,
    /// Where the grid begins, local.
    origin: [f64; 2],
    corners: BTreeMap<(i32, i32), Around>,
}

impl Coarse {
    /// For these tiles.
    pub fn new(tiles: Lattice) -> Self {
        Self {
            cell_m: tiles.side_m() / f64::from(CELLS),
            origin: tiles.corner(),
            corners: BTreeMap::new(),
        }
    }

    /// Counts a building.
    pub fn add(&mut self, frame: &LocalFrame, house: &Massing) {
        let middle = house.middle(frame);
        let corner = [0, 1].map(|k| {
            let index = ((middle[k] - self.origin[k]) / self.cell_m).round();
            index.clamp(-3e5, 3e5) as i32
        });
        let around = self.corners.entry((corner[0], corner[1])).or_default();
        if matches!(house.look, Look::Tiled(_) | Look::Pagoda) {
            around.tiled_m2 += house.area_m2;
        } else {
            around.flat_m2 += house.area_m2;
        }
        let top_m = house.ground_m - frame.origin_h + house.height_m;
        around.volume_m3 += house.area_m2 * top_m;
    }

    /// Share of the ground that is built on, and mean height of what stands there.
    fn built(&self, corner: (i32, i32)) -> (f64, f64, [f64; 3]) {
        let around = self.corners.get(&corner).copied().unwrap_or_default();
        let area = around.tiled_m2 + around.flat_m2;
        let [tiled, flat, all] = [around.tiled_m2, around.flat_m2, area]
            .map(|part| (part / (self.cell_m * self.cell_m)).min(1.0));
        let height_m = if area > 0.0 {
            around.volume_m3 / area
        } else {
            0.0
        };
        (all, height_m, [tiled, flat, all * WALL_SHARE])
    }

    /// The skin over one tile; `None` where nothing stands.
    pub fn tile(&self, tile: (i32, i32), origin: [f64; 3]) -> Option<Chunk> {
        let mut vertices = Vec::new();
        let mut indices = Vec::new();
        let mut known = BTreeMap::new();
        let first = (tile.0 * CELLS, tile.1 * CELLS);
        for row in 0..CELLS {
            for column in 0..CELLS {
                let (i, j) = (first.0 + column, first.1 + row);
                let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
                if corners.iter().all(|at| self.built(*at).0 < BUILT_MIN) {
                    continue;
                }
                let [a, b, c, d] = corners.map(|corner| {
                    *known.entry(corner).or_insert_with(|| {
                        vertices.push(self.vertex(corner, origin));
                        vertices.len() as u32 - 1
                    })
                });
                indices.extend([a, b, c, a, c, d]);
            }
        }
        let part = Part {
            finish: Finish::Plain,
            detail: false,
            first: 0,
            end: indices.len() as u32,
        };
        (!indices.is_empty()).then(|| Chunk::new(origin, vertices, indices, vec![part]))
    }

    fn vertex(&self, corner: (i32, i32), origin: [f64; 3]) -> Vertex {
        let (built, height_m, [tiled, flat, wall]) = self.built(corner);
        let at = [corner.0, corner.1].map(|index| f64::from(index) * self.cell_m);
        let at = [0, 1].map(|k| self.origin[k] + at[k]);
        let share = |v: f64| (v * 127.0).round() as i8;
        let position = [at[0], at[1], (height_m * built).max(0.2)];
        Vertex {
            position: std::array::from_fn(|i| (position[i] - origin[i]) as f32),
            normal: [share(tiled), share(flat), share(wall), 0],
            tag: NO_BUILDING << 8,
            along_up: [0, 0],
        }
    }
}
