//! Pieces of the city: where they are, what they cost, and how their triangles are made. What is
//! far away is kept; what is near is made from the records when somebody comes near, so a city may
//! be larger than memory. Never decides which piece is wanted: that is `residency`.

use crate::base::PlantId;
use crate::model::{Ground, Plant};
use crate::space::{Bounds3, LocalFrame};

use super::builder::{Builder, origin_of};
use super::grid::{Cell, Lattice};
use super::local::local_point;
use super::massing::Massing;
use super::vertex::{Chunk, Vertex};
use super::{Scene, buildings, trees};

/// Bytes of a house from nearby, before one has been made: what houses of an old city take.
const HOUSE_BYTES: u64 = 6_000;
/// Bytes of a tree.
const TREE_BYTES: u64 = 2_600;
/// Roofs reach over their walls by less than this; metres.
const EAVES_M: f64 = 1.5;
/// Roofs and finials rise over the height on record by less than this; metres.
const FINIAL_M: f64 = 6.0;

/// A piece of the city.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Local position that its corners count from.
    pub origin: [f64; 3],
    /// Middle of a sphere around everything in it, local.
    pub center: [f64; 3],
    /// Radius of that sphere.
    pub radius_m: f64,
    content: Content,
}

/// Where the triangles of a piece come from.
#[derive(Debug, Clone)]
enum Content {
    /// They are here.
    Kept(Chunk),
    /// They are made from the records.
    Near(Near),
}

/// What a piece looked at from nearby is made from.
#[derive(Debug, Clone, Default)]
pub(super) struct Near {
    cell: Cell,
    bounds: Option<Bounds3>,
    /// Places in `Scene::buildings`.
    buildings: Vec<u32>,
    plants: Vec<PlantId>,
}

impl Near {
    pub fn new(cell: Cell) -> Self {
        Self {
            cell,
            ..Self::default()
        }
    }

    /// Adds a building, by its place in the scene's list.
    pub fn add_building(&mut self, frame: &LocalFrame, house: &Massing, index: u32) {
        let foot_m = house.ground_m - frame.origin_h;
        let top_m = foot_m + house.height_m + FINIAL_M;
        let corners = house.footprint.exterior().coords();
        let corners = corners.map(|at| local_point(frame, *at));
        let corners = corners.flat_map(|[x, y]| [[x, y, foot_m - 1.0], [x, y, top_m]]);
        let given = house
            .faces
            .iter()
            .flat_map(|face| face.rings.iter().flatten());
        let given = given.map(|at| frame.local_from_projected(*at));
        self.include(Bounds3::from_points(corners.chain(given)), EAVES_M);
        self.buildings.push(index);
    }

    /// Adds a plant that stands at this height.
    pub fn add_plant(&mut self, plant: &Plant, at: [f64; 3]) {
        let [x, y, foot_m] = at;
        let top = [x, y, foot_m + plant.height_m.clamp(0.5, 60.0)];
        self.include(Bounds3::from_points([at, top]), 15.0);
        self.plants.push(plant.id);
    }

    fn include(&mut self, other: Bounds3, margin_m: f64) {
        let grown = Bounds3 {
            min: other.min.map(|v| v - margin_m),
            max: other.max.map(|v| v + margin_m),
        };
        self.bounds = Some(match self.bounds {
            Some(known) => Bounds3 {
                min: std::array::from_fn(|i| known.min[i].min(grown.min[i])),
                max: std::array::from_fn(|i| known.max[i].max(grown.max[i])),
            },
            None => grown,
        });
    }

    fn make(&self, scene: &Scene, ground: &Ground) -> Chunk {
        let mut builder = Builder::new(scene.grid.chunks());
        for index in &self.buildings {
            let id = scene.buildings.get(*index as usize);
            if let Some(building) = id.and_then(|id| ground.buildings.get(id)) {
                buildings::add(&mut builder, self.cell, &scene.frame, building, *index);
            }
        }
        for id in &self.plants {
            if let Some(plant) = ground.plants.get(id) {
                let [x, y, _] = scene.frame.local_from_projected(plant.position);
                let foot_m = scene.relief.height_m([x, y]);
                trees::add(&mut builder, self.cell, &scene.frame, plant, foot_m);
            }
        }
        // All of it lies in one cell.
        let mut made = builder.finish();
        made.pop().map_or_else(Chunk::default, |(_, chunk)| chunk)
    }
}

impl Piece {
    /// A piece whose triangles are here.
    pub(super) fn kept(chunk: Chunk) -> Self {
        Self {
            origin: chunk.origin,
            center: chunk.center,
            radius_m: chunk.radius_m,
            content: Content::Kept(chunk),
        }
    }

    /// A piece whose triangles are made when they are wanted.
    pub(super) fn near(near: Near, chunks: Lattice) -> Self {
        let bounds = near.bounds.unwrap_or(Bounds3 {
            min: [0.0; 3],
            max: [0.0; 3],
        });
        let half: [f64; 3] = std::array::from_fn(|i| (bounds.max[i] - bounds.min[i]) / 2.0);
        Self {
            origin: origin_of(chunks, near.cell),
            center: std::array::from_fn(|i| (bounds.min[i] + bounds.max[i]) / 2.0),
            radius_m: half.iter().map(|v| v * v).sum::<f64>().sqrt(),
            content: Content::Near(near),
        }
    }

    /// Its triangles, where they are kept.
    pub(super) fn kept_chunk(&self) -> Option<&Chunk> {
        match &self.content {
            Content::Kept(chunk) => Some(chunk),
            Content::Near(_) => None,
        }
    }

    /// Bytes it takes on a graphics card: exact of what is kept, a guess of what is yet to be made.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        match &self.content {
            Content::Kept(chunk) => chunk.bytes(),
            Content::Near(near) => {
                let (houses, trees) = (near.buildings.len() as u64, near.plants.len() as u64);
                houses * HOUSE_BYTES + trees * TREE_BYTES
            }
        }
    }

    /// How many records its triangles are made from when they are wanted: the work it costs.
    #[must_use]
    pub fn records(&self) -> usize {
        match &self.content {
            Content::Kept(_) => 0,
            Content::Near(near) => near.buildings.len() + near.plants.len(),
        }
    }
}

impl Chunk {
    /// Bytes it takes on a graphics card.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        (self.vertices.len() * size_of::<Vertex>() + self.indices.len() * size_of::<u32>()) as u64
    }
}

impl Scene {
    /// The triangles of a piece; `ground` is the one that the scene was built from.
    #[must_use]
    pub fn make(&self, ground: &Ground, piece: u32) -> Chunk {
        let mut chunk = match self.pieces.get(piece as usize).map(|piece| &piece.content) {
            Some(Content::Kept(chunk)) => chunk.clone(),
            Some(Content::Near(near)) => near.make(self, ground),
            None => Chunk::default(),
        };
        self.paint_difference(&mut chunk);
        chunk
    }
}
