//! From the records of a city to its pieces: chunks for nearby, tiles for far away, ground.

use std::collections::BTreeMap;

use crate::model::Ground;
use crate::space::Bounds2;

use super::baked::BakedTile;
use super::coarse::Coarse;
use super::far::FarMesh;
use super::grid::{Cell, Grid};
use super::ground::Lie;
use super::piece::{Near, Piece};
use super::plan::Plan;
use super::relief::Relief;
use super::shade::Shade;
use super::tiles::Tile;

/// What the pieces are made from.
pub(super) struct Solid<'a> {
    pub plan: &'a Plan<'a>,
    pub ground: &'a Ground,
    /// Middles of the buildings, local.
    pub middles: &'a [[f64; 2]],
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
    pub fn pieces(&self, baked: BTreeMap<Cell, BakedTile>, land: Bounds2) -> Pieces {
        let grid = self.plan.grid;
        let mut made = Pieces::default();
        let mut tiles = BTreeMap::<Cell, Tile>::new();
        for (cell, near) in self.near() {
            let piece = made.push(Piece::near(near, grid.chunks()));
            tiles
                .entry(Grid::tile_of(cell))
                .or_default()
                .near
                .push(piece);
        }
        let coarse = self.coarse();
        for (cell, mesh) in self.far(baked) {
            let tile = tiles.entry(cell).or_default();
            tile.far = Some(made.push(Piece::kept(mesh.finish())));
        }
        for (cell, tile) in &mut tiles {
            let [x, y] = grid.tiles().middle_of(*cell);
            let skin = coarse.tile(*cell, [x, y, 0.0]);
            tile.coarse = skin.map(|skin| made.push(Piece::kept(skin)));
        }
        made.tiles = tiles.into_values().collect();
        let lie = Lie {
            frame: &self.plan.frame,
            ground: self.ground,
            land,
            relief: self.relief,
            became: &|_| None,
        };
        for chunk in lie.chunks(grid.tiles()) {
            let piece = made.push(Piece::kept(chunk));
            made.grounds.push(piece);
        }
        made
    }

    /// What stands in each chunk.
    fn near(&self) -> BTreeMap<Cell, Near> {
        let chunks = self.plan.grid.chunks();
        let frame = &self.plan.frame;
        let mut near = BTreeMap::<Cell, Near>::new();
        for ((house, middle), index) in self.plan.massings.iter().zip(self.middles).zip(0..) {
            let cell = chunks.cell_of(*middle);
            let chunk = near.entry(cell).or_insert_with(|| Near::new(cell));
            chunk.add_building(frame, house, index);
        }
        for plant in self.ground.plants.values() {
            let [x, y, _] = frame.local_from_projected(plant.position);
            let cell = chunks.cell_of([x, y]);
            let chunk = near.entry(cell).or_insert_with(|| Near::new(cell));
            chunk.add_plant(plant, [x, y, self.relief.height_m([x, y])]);
        }
        near
    }

    /// Buildings and trees from far away, by tile. Buildings are baked; trees stand on the land,
    /// whose height here may depend on what stands far away.
    fn far(&self, baked: BTreeMap<Cell, BakedTile>) -> BTreeMap<Cell, FarMesh> {
        let tiles = self.plan.grid.tiles();
        let mut meshes = BTreeMap::<Cell, FarMesh>::new();
        for (cell, tile) in baked {
            if let Some(mesh) = self.plan.houses(cell, tile) {
                meshes.insert(cell, mesh);
            }
        }
        for plant in self.ground.plants.values() {
            let [x, y, _] = self.plan.frame.local_from_projected(plant.position);
            let cell = tiles.cell_of([x, y]);
            let mesh = meshes.entry(cell).or_insert_with(|| {
                let [x, y] = tiles.middle_of(cell);
                FarMesh::new([x, y, 0.0])
            });
            mesh.add_tree(self.shade, plant, [x, y, self.relief.height_m([x, y])]);
        }
        meshes
    }

    fn coarse(&self) -> Coarse {
        let mut coarse = Coarse::new(self.plan.grid.tiles());
        for house in &self.plan.massings {
            coarse.add(&self.plan.frame, house);
        }
        coarse
    }
}
