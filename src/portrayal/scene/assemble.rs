//! From the records of a city to its pieces: chunks for nearby, tiles for far away, ground.

use std::collections::BTreeMap;

use crate::model::Ground;
use crate::space::{Bounds2, LocalFrame, oriented_rectangle};

use super::builder::Builder;
use super::coarse::Coarse;
use super::far::FarMesh;
use super::piece::{Near, Piece};
use super::relief::Relief;
use super::shade::Shade;
use super::tiles::Tile;
use super::{buildings, ground};

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
    pub pieces: Vec<Piece>,
    pub tiles: Vec<Tile>,
    pub grounds: Vec<u32>,
}

impl Pieces {
    fn push(&mut self, piece: Piece) -> u32 {
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
        for ((column, row), near) in self.near(chunk_m) {
            let tile = (column.div_euclid(TILE_CHUNKS), row.div_euclid(TILE_CHUNKS));
            let piece = made.push(Piece::near(near, chunk_m));
            tiles.entry(tile).or_default().near.push(piece);
        }
        let coarse = self.coarse(tile_m);
        for (cell, mesh) in self.far(tile_m) {
            let tile = tiles.entry(cell).or_default();
            tile.far = Some(made.push(Piece::kept(mesh.finish())));
        }
        for (cell, tile) in &mut tiles {
            let skin = coarse.tile(*cell, middle_of(*cell, tile_m));
            tile.coarse = skin.map(|skin| made.push(Piece::kept(skin)));
        }
        made.tiles = tiles.into_values().collect();
        let mut level = Builder::new(tile_m);
        ground::add(&mut level, self.frame, self.ground, land, self.relief);
        for object in self.ground.objects.values() {
            buildings::add_object(&mut level, self.frame, object);
        }
        for (_, chunk) in level.finish() {
            let piece = made.push(Piece::kept(chunk));
            made.grounds.push(piece);
        }
        made
    }

    /// What stands in each chunk.
    fn near(&self, chunk_m: f64) -> BTreeMap<(i32, i32), Near> {
        let grid = Builder::new(chunk_m);
        let mut chunks = BTreeMap::<(i32, i32), Near>::new();
        for (building, index) in self.ground.buildings.values().zip(0..) {
            let cell = grid.cell_of(buildings::middle(self.frame, building));
            let chunk = chunks.entry(cell).or_insert_with(|| Near::new(cell));
            chunk.add_building(self.frame, building, index);
        }
        for plant in self.ground.plants.values() {
            let [x, y, _] = self.frame.local_from_projected(plant.position);
            let cell = grid.cell_of([x, y]);
            let chunk = chunks.entry(cell).or_insert_with(|| Near::new(cell));
            chunk.add_plant(plant, [x, y, self.relief.height_m([x, y])]);
        }
        chunks
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
