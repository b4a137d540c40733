//! What is seen of a building from afar: outline, foot, height and kind. Read from the records once
//! for everything that a scene plans. What is baked of the city may depend on this and on nothing
//! else, for its fingerprint covers this. Never holds a colour or a state.

use std::borrow::Cow;

use geo_types::Polygon;
use sha2::{Digest, Sha256};

use crate::base::{BuildingId, PlantId};
use crate::model::{Building, Entity, Ground, Plant};
use crate::space::{
    Bounds2, LocalFrame, OrientedRect, RoofShape, Surface, area_m2, oriented_rectangle,
};

use super::buildings::{Look, best_model, look_of};

/// Share of a generated house's height at which eaves and ridge meet: its ridge would throw the
/// shadow of a box.
const SHADOW_SHARE: f64 = 0.86;
/// Share of a tree that throws a shadow.
pub(super) const CROWN_SHARE: f64 = 0.8;

/// One building; its place in the list of all is its index in `Vertex::tag`.
pub(super) struct Massing<'a> {
    pub id: BuildingId,
    /// In the city's CRS.
    pub footprint: Cow<'a, Polygon<f64>>,
    /// Height of its foot, in the city's vertical datum.
    pub ground_m: f64,
    pub height_m: f64,
    pub look: Look,
    pub is_proposed: bool,
    /// Surfaces of the source that are drawn; empty where the house is generated.
    pub faces: Cow<'a, [Surface]>,
    /// Least rectangle around the footprint, in the city's CRS.
    pub rect: OrientedRect,
    pub area_m2: f64,
}

impl<'a> Massing<'a> {
    /// All buildings, in the order of their ids.
    pub fn all(ground: &'a Ground) -> Vec<Self> {
        ground.buildings.values().map(Self::of).collect()
    }

    pub fn of(building: &'a Building) -> Self {
        let faces = best_model(&building.models).map_or(&[][..], |model| &model.surfaces);
        Self {
            id: building.id,
            footprint: Cow::Borrowed(&building.footprint),
            ground_m: building.ground_m,
            height_m: building.height_m,
            look: look_of(building),
            is_proposed: building.is_proposed(),
            faces: Cow::Borrowed(faces),
            rect: oriented_rectangle(&building.footprint),
            area_m2: area_m2(&building.footprint),
        }
    }

    /// As it is, of a record that goes.
    fn into_owned(self) -> Massing<'static> {
        Massing {
            id: self.id,
            footprint: Cow::Owned(self.footprint.into_owned()),
            ground_m: self.ground_m,
            height_m: self.height_m,
            look: self.look,
            is_proposed: self.is_proposed,
            faces: Cow::Owned(self.faces.into_owned()),
            rect: self.rect,
            area_m2: self.area_m2,
        }
    }

    /// Where it belongs: the middle of its outline, local.
    pub fn middle(&self, frame: &LocalFrame) -> [f64; 2] {
        let [e, n] = self.rect.center;
        let [x, y, _] = frame.local_from_projected([e, n, 0.0]);
        [x, y]
    }

    /// The least rectangle around its outline, local.
    pub fn local_rect(&self, frame: &LocalFrame) -> OrientedRect {
        OrientedRect {
            center: self.middle(frame),
            ..self.rect
        }
    }

    /// What it covers, in the city's CRS.
    pub fn bounds(&self) -> Bounds2 {
        let mut bounds = Bounds2::from_polygon(&self.footprint);
        for corner in self
            .faces
            .iter()
            .flat_map(|face| face.rings.iter().flatten())
        {
            bounds.include([corner[0], corner[1]]);
        }
        bounds
    }

    /// How high above its foot the top stands that throws its shadow.
    pub fn shadow_top_m(&self) -> f64 {
        if self.look != Look::Given {
            return self.height_m * SHADOW_SHARE;
        }
        let corners = self
            .faces
            .iter()
            .flat_map(|face| face.rings.iter().flatten());
        corners.map(|at| at[2] - self.ground_m).fold(0.0, f64::max)
    }

    /// SHA-256 over all of it.
    pub fn digest(&self) -> [u8; 32] {
        let mut words: Vec<u64> = vec![
            self.id.bits(),
            self.ground_m.to_bits(),
            self.height_m.to_bits(),
            look_number(self.look) << 1 | u64::from(self.is_proposed),
        ];
        let rings = std::iter::once(self.footprint.exterior()).chain(self.footprint.interiors());
        for ring in rings {
            words.push(ring.0.len() as u64);
            words.extend(
                ring.coords()
                    .flat_map(|at| [at.x.to_bits(), at.y.to_bits()]),
            );
        }
        for face in &*self.faces {
            words.push(u64::MAX);
            for ring in &face.rings {
                words.push(ring.len() as u64);
                words.extend(ring.iter().flatten().map(|v| v.to_bits()));
            }
        }
        let words: Vec<u64> = words.into_iter().map(u64::to_le).collect();
        Sha256::digest(bytemuck::cast_slice::<u64, u8>(&words)).into()
    }
}

fn look_number(look: Look) -> u64 {
    match look {
        Look::Given => 0,
        Look::Block => 1,
        Look::Pagoda => 2,
        Look::Tiled(RoofShape::Flat) => 3,
        Look::Tiled(RoofShape::Gable) => 4,
        Look::Tiled(RoofShape::Hip) => 5,
        Look::Tiled(RoofShape::MultiGable) => 6,
    }
}

/// A tree as it is seen from afar, its place in the city's CRS.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    pub id: PlantId,
    pub at: [f64; 2],
    pub height_m: f64,
    pub crown_m: f64,
}

impl Tree {
    /// All trees, in the order of their ids.
    pub fn all(ground: &Ground) -> Vec<Self> {
        ground.plants.values().map(Self::of).collect()
    }

    fn of(plant: &Plant) -> Self {
        Self {
            id: plant.id,
            at: [plant.position[0], plant.position[1]],
            height_m: plant.height_m,
            crown_m: plant.crown_m,
        }
    }

    /// How high the top stands that throws its shadow: that of its crown, which lets light through.
    pub fn shadow_top_m(&self) -> f64 {
        self.height_m.clamp(0.0, 60.0) * CROWN_SHARE
    }

    /// All of it, for a fingerprint.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        let values = [self.at[0], self.at[1], self.height_m, self.crown_m];
        for (part, value) in bytes.chunks_exact_mut(8).zip(values) {
            part.copy_from_slice(&value.to_bits().to_le_bytes());
        }
        bytes
    }
}

/// What the tiles of a city are baked from, gathered record by record: its records need not be held
/// all at once.
#[derive(Default)]
pub struct Seen {
    massings: Vec<Massing<'static>>,
    trees: Vec<Tree>,
}

impl Seen {
    /// Takes what is seen of a record, in whatever order they come.
    pub fn add(&mut self, entity: Entity) {
        match entity {
            Entity::Building(one) => self.massings.push(Massing::of(&one).into_owned()),
            Entity::Plant(one) => self.trees.push(Tree::of(&one)),
            _ => {}
        }
    }

    /// Buildings and trees, each in the order of their ids.
    pub(super) fn into_lists(self) -> (Vec<Massing<'static>>, Vec<Tree>) {
        let Self {
            mut massings,
            mut trees,
        } = self;
        massings.sort_unstable_by_key(|one| one.id);
        trees.sort_unstable_by_key(|one| one.id);
        (massings, trees)
    }
}
