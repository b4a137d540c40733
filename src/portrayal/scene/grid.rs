//! The squares that a city is cut into: chunks to look at from nearby, and tiles of several chunks
//! for far away. Their lines lie on whole multiples of their side in the city's CRS, so a square
//! stays where it is whatever else the city holds, and what was baked of it stays right.

use crate::space::{Bounds2, LocalFrame};

/// Side of a chunk, from small cities to large ones.
const CHUNK_M: [f64; 4] = [96.0, 128.0, 192.0, 256.0];
/// A city is so many chunks wide, as far as the sides allow.
const CHUNKS_WIDE: f64 = 16.0;
/// Chunks along the side of a tile.
const TILE_CHUNKS: i32 = 4;
/// Cells from the origin are counted up to here: what lies beyond falls into the last.
const CELL_MAX: f64 = 30_000.0;

/// A square, counted from the tile that holds the origin of local coordinates.
pub(super) type Cell = (i32, i32);

/// The squares of one city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    chunk_m: f64,
    /// The tile that holds the origin, counted from the origin of the city's CRS.
    base: [i64; 2],
    /// Its south-west corner, local.
    corner: [f64; 2],
}

impl Grid {
    /// For a city of this extent (local).
    pub fn new(frame: &LocalFrame, extent: Bounds2) -> Self {
        let size = extent.size();
        let wanted_m = size[0].max(size[1]) / CHUNKS_WIDE;
        let largest = CHUNK_M[CHUNK_M.len() - 1];
        let chunk_m = CHUNK_M.into_iter().find(|side| *side >= wanted_m);
        let chunk_m = chunk_m.unwrap_or(largest);
        let tile_m = chunk_m * f64::from(TILE_CHUNKS);
        let origin = [frame.origin_e, frame.origin_n];
        let base = origin.map(|v| (v / tile_m).floor());
        Self {
            chunk_m,
            base: base.map(|v| v as i64),
            corner: [0, 1].map(|k| base[k] * tile_m - origin[k]),
        }
    }

    pub fn chunk_m(&self) -> f64 {
        self.chunk_m
    }

    pub fn tile_m(&self) -> f64 {
        self.chunk_m * f64::from(TILE_CHUNKS)
    }

    pub fn chunks(&self) -> Lattice {
        Lattice {
            side_m: self.chunk_m,
            corner: self.corner,
        }
    }

    pub fn tiles(&self) -> Lattice {
        Lattice {
            side_m: self.tile_m(),
            corner: self.corner,
        }
    }

    /// The tile of a chunk.
    pub fn tile_of((column, row): Cell) -> Cell {
        (column.div_euclid(TILE_CHUNKS), row.div_euclid(TILE_CHUNKS))
    }

    /// A tile, counted from the origin of the city's CRS.
    pub fn absolute(&self, (column, row): Cell) -> [i64; 2] {
        [
            self.base[0].saturating_add(i64::from(column)),
            self.base[1].saturating_add(i64::from(row)),
        ]
    }
}

/// Squares of one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lattice {
    side_m: f64,
    /// South-west corner of the square (0, 0), local.
    corner: [f64; 2],
}

impl Lattice {
    /// The square of a local position.
    pub fn cell_of(&self, at: [f64; 2]) -> Cell {
        let [column, row] = [0, 1].map(|k| {
            let index = ((at[k] - self.corner[k]) / self.side_m).floor();
            index.clamp(-CELL_MAX, CELL_MAX) as i32
        });
        (column, row)
    }

    pub fn side_m(&self) -> f64 {
        self.side_m
    }

    /// The south-west corner of the square (0, 0), local.
    pub fn corner(&self) -> [f64; 2] {
        self.corner
    }

    /// The middle of a square, local.
    pub fn middle_of(&self, (column, row): Cell) -> [f64; 2] {
        let middle = |k: usize, index: i32| self.corner[k] + (f64::from(index) + 0.5) * self.side_m;
        [middle(0, column), middle(1, row)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(origin_e: f64, side_m: f64) -> (Grid, LocalFrame) {
        let frame = LocalFrame {
            origin_e,
            origin_n: 3_467_000.0,
            origin_h: 3.0,
        };
        let extent = Bounds2 {
            min: [-side_m / 2.0; 2],
            max: [side_m / 2.0; 2],
        };
        (Grid::new(&frame, extent), frame)
    }

    #[test]
    fn a_square_stays_where_it_is_when_the_origin_moves() {
        let place = [558_574.0, 3_467_120.7, 0.0];
        let seen = |origin_e: f64| {
            let (grid, frame) = grid(origin_e, 1_500.0);
            let [x, y, _] = frame.local_from_projected(place);
            let tiles = grid.tiles();
            let cell = tiles.cell_of([x, y]);
            let middle = tiles.middle_of(cell);
            let chunk = grid.chunks().cell_of([x, y]);
            assert_eq!(Grid::tile_of(chunk), cell);
            let [e, n, _] = frame.projected_from_local([middle[0], middle[1], 0.0]);
            (grid.absolute(cell), [e, n])
        };
        let (tile, middle) = seen(558_000.0);
        assert_eq!(seen(558_000.0), seen(557_321.0));
        assert_eq!(tile, [1454, 9028]);
        assert_eq!(middle, [1454.5 * 384.0, 9028.5 * 384.0]);
    }

    #[test]
    fn sides_grow_with_the_city() {
        let side = |side_m: f64| grid(558_000.0, side_m).0.chunk_m();
        assert_eq!(
            [500.0, 1_537.0, 3_000.0, 4_000.0, 90_000.0].map(side),
            [96.0, 128.0, 192.0, 256.0, 256.0]
        );
    }
}
