//! Terrain: rasters of heights (GeoTIFF) and lists of heights (XYZ) → nets of triangles, one for
//! each tile. Used by `ingest` alone. Never moves buildings: `stand` does that.

mod edges;
mod fit;
mod geo_keys;
mod geotiff;
mod grid;
mod scattered;
#[cfg(test)]
mod tests;
mod xyz;

use std::ops::RangeInclusive;

use rayon::prelude::*;

use fit::{Exactness, Fitted, Window};
use grid::Grid;

pub use geotiff::read_geotiff;
pub use xyz::read_xyz;

use super::raw::{Attributes, RawCity, RawFeature, RawKind, RawShape, Spot};
use super::{ReadError, ReadOptions};
use crate::base::counted;
use crate::space::Tin;

/// How far a height of the source may lie from the net where nothing else is asked for: less than
/// a step; metres.
pub const TERRAIN_TOLERANCE_M: f64 = 0.15;
/// What may be asked for: finer no height is known, coarser nothing of a city's ground is left;
/// metres.
pub const TERRAIN_TOLERANCES_M: RangeInclusive<f64> = 0.001..=1_000.0;
/// Cells along the side of a tile.
const TILE_CELLS: usize = 256;
/// Most corners of all nets of a file.
const CORNERS_MAX: usize = 4_000_000;
/// A tile may always have this many.
const TILE_CORNERS_MIN: usize = 1_024;
/// Most nodes of a raster: 600 MB of heights.
const NODES_MAX: u64 = 150_000_000;

/// Refuses rasters that would not fit into memory, before any is taken.
fn check_size(columns: u64, rows: u64) -> Result<(), ReadError> {
    let nodes = columns.saturating_mul(rows);
    if nodes > NODES_MAX {
        return Err(ReadError::TooLarge {
            size_mb: nodes.saturating_mul(4) >> 20,
            limit_mb: (NODES_MAX * 4) >> 20,
            remedy: "cut it into parts that overlap by one row (GDAL: gdal_translate -srcwin) and \
                     import them with different --source names",
        });
    }
    if columns < 2 || rows < 2 {
        return Err(ReadError::Unusable {
            reason: format!("{columns} × {rows} heights make no surface"),
            remedy: "name a raster of at least 2 × 2 heights".to_owned(),
        });
    }
    Ok(())
}

fn tolerance_m(options: &ReadOptions) -> f64 {
    let asked = options.terrain_tolerance_m.unwrap_or(TERRAIN_TOLERANCE_M);
    asked.clamp(*TERRAIN_TOLERANCES_M.start(), *TERRAIN_TOLERANCES_M.end())
}

/// Adds the nets of a raster, tile by tile. A tile's key is its place in the raster, so that a
/// newer raster of the same cut replaces tile by tile.
fn add_grid(city: &mut RawCity, grid: &Grid, tolerance_m: f64) {
    let tiles = tiles(grid);
    let exactness = Exactness {
        tolerance_m,
        corners_max: (CORNERS_MAX / tiles.len().max(1)).max(TILE_CORNERS_MIN),
    };
    let fitted: Vec<Option<Fitted>> = tiles
        .par_iter()
        .map(|(_, window)| fit::fit(grid, *window, exactness))
        .collect();
    let mut beyond_m = 0.0_f64;
    let (mut corners, mut rough) = (0, 0);
    for ((tile, _), fitted) in tiles.iter().zip(fitted) {
        let Some(fitted) = fitted else { continue };
        corners += fitted.tin.vertices.len();
        rough += usize::from(fitted.beyond_m > 0.0);
        beyond_m = beyond_m.max(fitted.beyond_m);
        add_tile(city, *tile, fitted.tin);
    }
    city.notes.push(format!(
        "terrain: {} × {} heights became {} with {corners} corners, within {tolerance_m} m",
        grid.columns,
        grid.rows,
        counted(city.features.len(), "tile", "tiles"),
    ));
    if rough > 0 {
        city.notes.push(format!(
            "terrain: {} too rough for {} corners and up to {beyond_m:.2} m off; cut the raster or \
             take a coarser tolerance",
            counted(rough, "tile is", "tiles are"),
            exactness.corners_max
        ));
    }
}

/// Tiles by column and row, with their nodes; neighbours share those of their border.
fn tiles(grid: &Grid) -> Vec<([usize; 2], Window)> {
    let spans = |nodes: usize| -> Vec<[usize; 2]> {
        let firsts = (0..nodes.saturating_sub(1)).step_by(TILE_CELLS);
        firsts
            .map(|first| [first, (first + TILE_CELLS).min(nodes - 1)])
            .collect()
    };
    let columns = spans(grid.columns);
    let mut tiles = Vec::new();
    for (row, rows) in spans(grid.rows).into_iter().enumerate() {
        for (column, columns) in columns.iter().enumerate() {
            let window = Window {
                columns: *columns,
                rows,
            };
            tiles.push(([column, row], window));
        }
    }
    tiles
}

fn add_tile(city: &mut RawCity, [column, row]: [usize; 2], tin: Tin) {
    city.features.push(RawFeature {
        key: format!("tile-{column}-{row}"),
        spot: Spot::Feature(city.features.len() + 1),
        kind: RawKind::Terrain,
        attributes: Attributes::new(),
        shape: RawShape {
            tins: vec![tin],
            ..RawShape::default()
        },
    });
}

/// What is said of a file without a single height.
fn no_height() -> ReadError {
    ReadError::Unusable {
        reason: "it has no height that could be used".to_owned(),
        remedy: "name a file with heights in metres".to_owned(),
    }
}
