//! From the records of a city to its pieces: chunks for nearby, tiles for far away, ground.

use std::collections::BTreeMap;

use crate::model::Ground;
use crate::space::{Bounds2, LocalFrame, oriented_rectangle};

use super::builder::Builder;
use super::coarse::Coarse;
use super::far::FarMesh;
use super::relief::Relief;
use super::shade::Shade;
use super::tiles::Tile;
use super::vertex::Chunk;
use super::{buildings, ground, trees};

/// Chunks along the side of a tile.
const TILE_CHUNKS: i32 = 4;

/// What the pieces are made from.
pub(super) struct Solid<'a> {
    pub ground: &'a Ground,
    pub frame: &'a LocalFrame,
    pub shade: &'a Shade,
    pub relief: &'a Relief,
}

/// The pieces and what each of them is.
#[derive(Default)]
pub(super) struct Pieces {
    pub pieces: Vec<Chunk>,
    pub tiles: Vec<Tile>,
    pub grounds: Vec<u32>,
}

impl Pieces {
    fn push(&mut self, piece: Chunk) -> u32 {
        self.pieces.push(piece);
        self.pieces.len() as u32 - 1
    }
}

impl Solid<'_> {
    /// Builds everything.
    pub fn pieces(&self, chunk_m: f64, land: Bounds2) -> Pieces {
        let tile_m = chunk_m * f64::from(TILE_CHUNKS);
        let mut made = Pieces::default();
        let mut tiles = BTreeMap::<(i32, i32), Tile>::new();
        for ((column, row), chunk) in self.near(chunk_m) {
            let tile = (column.div_euclid(TILE_CHUNKS), row.div_euclid(TILE_CHUNKS));
            let piece = made.push(chunk);
            tiles.entry(tile).or_default().near.push(piece);
        }
        let coarse = self.coarse(tile_m);
        for (cell, mesh) in self.far(tile_m) {
            let tile = tiles.entry(cell).or_default();
            tile.far = Some(made.push(mesh.finish()));
        }
        for (cell, tile) in &mut tiles {
            let skin = coarse.tile(*cell, middle_of(*cell, tile_m));
            tile.coarse = skin.map(|skin| made.push(skin));
        }
        made.tiles = tiles.into_values().collect();
        let mut level = Builder::new(tile_m);
        ground::add(&mut level, self.frame, self.ground, land, self.relief);
        for object in self.ground.objects.values() {
            buildings::add_object(&mut level, self.frame, object);
        }
        for (_, chunk) in level.finish() {
            let piece = made.push(chunk);
            made.grounds.push(piece);
        }
        made
    }

    /// Buildings and trees as they look from nearby.
    fn near(&self, chunk_m: f64) -> Vec<((i32, i32), Chunk)> {
        let mut builder = Builder::new(chunk_m);
        for (building, index) in self.ground.buildings.values().zip(0..) {
            buildings::add(&mut builder, self.frame, building, index);
        }
        for plant in self.ground.plants.values() {
            let [x, y, _] = self.frame.local_from_projected(plant.position);
            let foot_m = self.relief.height_m([x, y]);
            trees::add(&mut builder, self.frame, plant, foot_m);
        }
        builder.finish()
    }

    /// Buildings and trees from far away, by tile.
    fn far(&self, tile_m: f64) -> BTreeMap<(i32, i32), FarMesh> {
        let grid = Builder::new(tile_m);
        let mut meshes = BTreeMap::<(i32, i32), FarMesh>::new();
        let new = |cell| FarMesh::new(middle_of(cell, tile_m));
        for (building, index) in self.ground.buildings.values().zip(0..) {
            let center = oriented_rectangle(&building.footprint).center;
            let [x, y, _] = self.frame.local_from_projected([center[0], center[1], 0.0]);
            let cell = grid.cell_of([x, y]);
            let mesh = meshes.entry(cell).or_insert_with(|| new(cell));
            mesh.add(self.shade, self.frame, building, index);
        }
        for plant in self.ground.plants.values() {
            let [x, y, _] = self.frame.local_from_projected(plant.position);
            let cell = grid.cell_of([x, y]);
            let mesh = meshes.entry(cell).or_insert_with(|| new(cell));
            mesh.add_tree(self.shade, plant, [x, y, self.relief.height_m([x, y])]);
        }
        meshes
    }

    fn coarse(&self, tile_m: f64) -> Coarse {
        let mut coarse = Coarse::new(tile_m);
        for building in self.ground.buildings.values() {
            coarse.add(self.frame, building);
        }
        coarse
    }
}

fn middle_of(cell: (i32, i32), tile_m: f64) -> [f64; 3] {
    let middle = |index: i32| (f64::from(index) + 0.5) * tile_m;
    [middle(cell.0), middle(cell.1), 0.0]
}
