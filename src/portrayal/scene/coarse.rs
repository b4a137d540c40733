//! The city from so far away that a house is less than a pixel: a skin over the roofs that tells
//! how much of the ground tiled roofs, flat roofs and walls cover. Used by `scene` for tiles in
//! which a pixel covers tens of metres; alarms are marks of their own and never fade into it.

use std::collections::BTreeMap;

use crate::model::Building;
use crate::space::{LocalFrame, area_m2, oriented_rectangle};

use super::buildings::{Look, look_of};
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
    corners: BTreeMap<(i32, i32), Around>,
}

impl Coarse {
    /// For tiles of this side.
    pub fn new(tile_m: f64) -> Self {
        Self {
            cell_m: tile_m / f64::from(CELLS),
            corners: BTreeMap::new(),
        }
    }

    /// Counts a building.
    pub fn add(&mut self, frame: &LocalFrame, building: &Building) {
        let center = oriented_rectangle(&building.footprint).center;
        let [x, y, _] = frame.local_from_projected([center[0], center[1], 0.0]);
        let corner = [x, y].map(|v| (v / self.cell_m).round().clamp(-3e5, 3e5) as i32);
        let around = self.corners.entry((corner[0], corner[1])).or_default();
        let area = area_m2(&building.footprint);
        if matches!(look_of(building), Look::Tiled(_) | Look::Pagoda) {
            around.tiled_m2 += area;
        } else {
            around.flat_m2 += area;
        }
        let top_m = building.ground_m - frame.origin_h + building.height_m;
        around.volume_m3 += area * top_m;
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
        let at = [f64::from(corner.0), f64::from(corner.1)].map(|v| v * self.cell_m);
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
