//! What a scene is planned from: the city's extent, its squares, what is seen of its buildings, and
//! which tiles must be baked. Used by [`Scene::build`], and by whoever keeps baked tiles: a tile that
//! was kept is right as long as its fingerprint is the one planned. Never bakes unasked.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::base::BuildingId;
use crate::model::{Ground, KindTable};
use crate::space::{Bounds2, LocalFrame};

use super::bake::Ingredients;
use super::baked::BakedTile;
use super::buildings::object_bounds;
use super::far::FarMesh;
use super::grid::{Cell, Grid, Lattice};
use super::massing::{Massing, Seen, Tree};
use super::recipe::{AROUND_M, Lit, Part, Recipe};
use super::shade::Shade;
use super::{Scene, everything};

/// Tells what a tile is baked from: SHA-256.
pub type Fingerprint = [u8; 32];

/// A tile to be baked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TileAt {
    /// Column and row, counted from the origin of the city's CRS.
    pub at: [i64; 2],
    /// What it is baked from.
    pub fingerprint: Fingerprint,
    cell: (i32, i32),
}

/// The plan of a scene.
pub struct Plan<'a> {
    pub(super) massings: Vec<Massing<'a>>,
    pub(super) frame: LocalFrame,
    pub(super) extent: Bounds2,
    pub(super) grid: Grid,
    pub(super) recipe: Recipe,
    lit: Lit,
    trees: Vec<Tree>,
    tiles: BTreeMap<Cell, Inputs>,
}

/// What a tile is baked from, as places in the plan's lists.
#[derive(Default)]
struct Inputs {
    around: Vec<u32>,
    inside: Vec<u32>,
    trees: Vec<u32>,
    fingerprint: Fingerprint,
}

impl<'a> Plan<'a> {
    /// Plans the scene of a city. Pure and deterministic.
    #[must_use]
    pub fn of(ground: &'a Ground) -> Self {
        let massings = Massing::all(ground);
        let around = if massings.is_empty() {
            Around::land(ground)
        } else {
            Around::houses(&massings)
        };
        Self::new(massings, Tree::all(ground), around)
    }

    /// Plans the tiles of a city of which no more is at hand than what is seen of it. `None` of a
    /// city without buildings: what its tiles are is told by the rest of its ground.
    #[must_use]
    pub fn of_seen(seen: Seen) -> Option<Plan<'static>> {
        let (massings, trees) = seen.into_lists();
        let around = Around::houses(&massings);
        (!massings.is_empty()).then(|| Plan::new(massings, trees, around))
    }

    fn new(massings: Vec<Massing<'a>>, trees: Vec<Tree>, mut around: Around) -> Self {
        let frame = around.frame();
        let extent = around.extent(&frame);
        let grid = Grid::new(&frame, extent);
        let tops = massings.iter().map(Massing::shadow_top_m);
        let tops = tops.chain(trees.iter().map(Tree::shadow_top_m));
        let recipe = Recipe::new(&grid, extent, tops.fold(0.0, f64::max));
        let mut plan = Self {
            massings,
            frame,
            extent,
            grid,
            lit: recipe.lit(extent, grid.tiles().corner()),
            recipe,
            trees,
            tiles: BTreeMap::new(),
        };
        plan.sort_into_tiles();
        plan.tiles
            .retain(|_, tile| !tile.around.is_empty() || !tile.trees.is_empty());
        plan.mark();
        plan
    }

    /// How its tiles are baked: tiles of another recipe do not fit.
    #[must_use]
    pub fn recipe(&self) -> String {
        self.recipe.name()
    }

    /// The tiles to be baked.
    pub fn tiles(&self) -> impl Iterator<Item = TileAt> {
        self.tiles.iter().map(|(cell, tile)| TileAt {
            at: self.grid.absolute(*cell),
            fingerprint: tile.fingerprint,
            cell: *cell,
        })
    }

    /// Bakes one of its tiles.
    #[must_use]
    pub fn bake(&self, tile: TileAt) -> BakedTile {
        let nothing = Inputs::default();
        let inputs = self.tiles.get(&tile.cell).unwrap_or(&nothing);
        let houses = |places: &[u32]| {
            places
                .iter()
                .map(|at| &self.massings[*at as usize])
                .collect()
        };
        let [x, y] = self.grid.tiles().middle_of(tile.cell);
        let [e, n, _] = self.frame.projected_from_local([x, y, 0.0]);
        let ingredients = Ingredients {
            middle: [e, n],
            part: self.recipe.part(&self.lit, tile.cell),
            around: houses(&inputs.around),
            inside: houses(&inputs.inside),
            trees: inputs
                .trees
                .iter()
                .map(|at| self.trees[*at as usize])
                .collect(),
        };
        ingredients.bake(&self.recipe)
    }

    /// The scene of the ground that was planned, of tiles that were baked by [`Plan::bake`] for this plan or another with the same
    /// recipe and fingerprints; what is missing is baked.
    #[must_use]
    pub fn build(
        self,
        ground: &Ground,
        kinds: &KindTable,
        tiles: BTreeMap<TileAt, BakedTile>,
    ) -> Scene {
        let mut baked: BTreeMap<Cell, BakedTile> = tiles
            .into_iter()
            .map(|(tile, baked)| (tile.cell, baked))
            .collect();
        for tile in self.tiles() {
            let part = self.recipe.part(&self.lit, tile.cell);
            let is_usable = |known: &BakedTile| {
                known.cells == self.recipe.cells()
                    && known.part == part
                    && self.is_inside(tile.cell, &known.houses)
            };
            if !baked.get(&tile.cell).is_some_and(is_usable) {
                baked.insert(tile.cell, self.bake(tile));
            }
        }
        Scene::assemble(&self, ground, kinds, baked)
    }

    /// The light of the whole city, of the light of its tiles.
    pub(super) fn shade(&self, baked: &BTreeMap<Cell, BakedTile>) -> Shade {
        let cells = i64::from(self.recipe.cells());
        let corner = self.grid.tiles().corner();
        let Lit {
            first,
            size: [columns, rows],
        } = self.lit;
        let mut bytes = vec![0; columns as usize * rows as usize * 2];
        for ((column, row), tile) in baked {
            let Part { first: at, size } = tile.part;
            // Where the part begins in the raster, and the columns that both have.
            let west = i64::from(*column) * cells + i64::from(at[0]) - first[0];
            let south = i64::from(*row) * cells + i64::from(at[1]) - first[1];
            let (from, to) = (
                west.max(0),
                (west + i64::from(size[0])).min(i64::from(columns)),
            );
            let lines = tile.shade.chunks_exact((size[0] as usize * 2).max(1));
            for (line, at) in lines.zip(south..) {
                if from < to && (0..i64::from(rows)).contains(&at) {
                    let place = (at as usize * columns as usize + from as usize) * 2;
                    let part = &line[(from - west) as usize * 2..(to - west) as usize * 2];
                    bytes[place..place + part.len()].copy_from_slice(part);
                }
            }
        }
        let cell_m = self.recipe.cell_m();
        let edge = |k: usize, cell: i64| corner[k] + cell as f64 * cell_m;
        let last = [columns, rows].map(i64::from);
        Shade {
            bounds: Bounds2 {
                min: [0, 1].map(|k| edge(k, first[k])),
                max: [0, 1].map(|k| edge(k, first[k] + last[k])),
            },
            columns,
            rows,
            bytes,
        }
    }

    /// The houses of a baked tile, with their places in the scene's list; `None` where none stand.
    pub(super) fn houses(&self, cell: Cell, tile: BakedTile) -> Option<FarMesh> {
        let place = |id: &BuildingId| self.massings.binary_search_by_key(id, |one| one.id).ok();
        let places = tile.houses.iter().map(|id| place(id).map(|at| at as u32));
        let places = places.collect::<Option<Vec<u32>>>()?;
        let mut vertices = tile.vertices;
        for vertex in &mut vertices {
            let place = places.get((vertex.tag >> 8) as usize)?;
            vertex.tag = vertex.tag & 0xff | place << 8;
        }
        let [x, y] = self.grid.tiles().middle_of(cell);
        let origin = [x, y, tile.foot_m - self.frame.origin_h];
        (!vertices.is_empty()).then(|| FarMesh::resume(origin, vertices, tile.indices))
    }

    /// Whether these are the houses that stand in a tile.
    fn is_inside(&self, cell: Cell, houses: &[BuildingId]) -> bool {
        let inside = self.tiles.get(&cell).map_or(&[][..], |tile| &tile.inside);
        let ids = inside.iter().map(|at| &self.massings[*at as usize].id);
        ids.eq(houses)
    }

    /// Tells each tile what stands in it and around it.
    fn sort_into_tiles(&mut self) {
        let tiles = self.grid.tiles();
        let window = Ingredients::window(&self.recipe);
        // Where the middle of a tile lies of whose light something is ever looked at.
        let lit = self.extent.grown(AROUND_M + self.grid.tile_m() / 2.0);
        for (house, index) in self.massings.iter().zip(0..) {
            let middle = tiles.cell_of(house.middle(&self.frame));
            self.tiles.entry(middle).or_default().inside.push(index);
            let bounds = shifted(house.bounds(), &self.frame);
            let seen_by = seen_by(bounds, window, lit, tiles);
            // A house belongs to the surroundings of its own tile, however odd its outline.
            let known = seen_by.contains(&middle);
            for cell in seen_by.into_iter().chain((!known).then_some(middle)) {
                self.tiles.entry(cell).or_default().around.push(index);
            }
        }
        for (tree, index) in self.trees.iter().zip(0..) {
            let [x, y, _] = self
                .frame
                .local_from_projected([tree.at[0], tree.at[1], 0.0]);
            let bounds = Bounds2::from_points([[x, y]]).grown(15.0);
            for cell in seen_by(bounds, window, lit, tiles) {
                self.tiles.entry(cell).or_default().trees.push(index);
            }
        }
    }

    fn mark(&mut self) {
        let digests: Vec<_> = self.massings.iter().map(Massing::digest).collect();
        for (cell, tile) in &mut self.tiles {
            let mut hash = Sha256::new();
            hash.update(self.recipe.part(&self.lit, *cell).bytes());
            for list in [&tile.inside, &tile.around] {
                hash.update((list.len() as u64).to_le_bytes());
                list.iter()
                    .for_each(|at| hash.update(digests[*at as usize]));
            }
            for at in &tile.trees {
                hash.update(self.trees[*at as usize].bytes());
            }
            tile.fingerprint = hash.finalize().into();
        }
    }
}

/// An outline that more tiles than these look at is a fault of the data: it shades its own tile alone.
const TILES_MAX: i64 = 1_024;

/// The tiles in whose window (counted from the tile's middle) something lies.
fn seen_by(bounds: Bounds2, window: Bounds2, lit: Bounds2, tiles: Lattice) -> Vec<Cell> {
    // A window holds what lies up to `window.max` east of a middle: the middle lies as far west.
    let middles = Bounds2 {
        min: [0, 1].map(|k| (bounds.min[k] - window.max[k]).max(lit.min[k])),
        max: [0, 1].map(|k| (bounds.max[k] - window.min[k]).min(lit.max[k])),
    };
    let half_m = tiles.side_m() / 2.0;
    let first = tiles.cell_of(middles.min.map(|v| v + half_m));
    let last = tiles.cell_of(middles.max.map(|v| v - half_m));
    let count = |from: i32, to: i32| i64::from(to) - i64::from(from) + 1;
    if count(first.0, last.0).max(0) * count(first.1, last.1).max(0) > TILES_MAX {
        return Vec::new();
    }
    let columns = first.0..=last.0;
    columns
        .flat_map(|column| (first.1..=last.1).map(move |row| (column, row)))
        .collect()
}

/// From the city's CRS to the local frame.
pub(super) fn shifted(bounds: Bounds2, frame: &LocalFrame) -> Bounds2 {
    let shift = |[e, n]: [f64; 2]| {
        let [x, y, _] = frame.local_from_projected([e, n, 0.0]);
        [x, y]
    };
    Bounds2 {
        min: shift(bounds.min),
        max: shift(bounds.max),
    }
}

/// What says where a city is: its buildings, or where there are none the rest of its ground.
struct Around {
    /// In the city's CRS.
    bounds: Bounds2,
    /// Of feet or of the land, in the city's vertical datum.
    heights: Vec<f64>,
}

impl Around {
    fn houses(massings: &[Massing]) -> Self {
        let bounds = massings.iter();
        let bounds = bounds.map(|house| Bounds2::from_polygon(&house.footprint));
        Self {
            bounds: bounds.fold(Bounds2::empty(), |all, one| all.union(&one)),
            heights: massings.iter().map(|house| house.ground_m).collect(),
        }
    }

    fn land(ground: &Ground) -> Self {
        let corners = ground.terrain.values().flat_map(|one| &one.tin.vertices);
        let mut heights: Vec<f64> = corners.map(|at| at[2]).collect();
        if heights.is_empty() {
            // Without land to stand on, the plane lies under what stands.
            let feet = ground.objects.values().map(object_bounds);
            let feet = feet.filter(|one| !one.is_empty());
            heights = feet.map(|one| one.min[2]).collect();
        }
        Self {
            bounds: everything(ground),
            heights,
        }
    }

    /// The origin: the middle, at the height of a typical foot.
    fn frame(&mut self) -> LocalFrame {
        self.heights.sort_by(f64::total_cmp);
        let center = if self.bounds.is_empty() {
            [0.0, 0.0]
        } else {
            self.bounds.center()
        };
        LocalFrame {
            // Whole metres, so that local coordinates are easy to read beside projected ones.
            origin_e: center[0].round(),
            origin_n: center[1].round(),
            origin_h: self
                .heights
                .get(self.heights.len() / 2)
                .copied()
                .unwrap_or(0.0),
        }
    }

    /// What it covers, local.
    fn extent(&self, frame: &LocalFrame) -> Bounds2 {
        if self.bounds.is_empty() {
            return Bounds2 {
                min: [-100.0; 2],
                max: [100.0; 2],
            };
        }
        shifted(self.bounds, frame)
    }
}

#[cfg(test)]
mod tests;
