//! A scene that shows what differs between two versions: every building takes the colour of what
//! became of it, and so do the roads, water, open ground and objects that differ. Used for pictures
//! of a comparison. Never judges what differs: `model` does.

use crate::base::BuildingId;
use crate::model::{Comparison, Difference, EntityKind, EntityRef, Ground};

use super::Scene;
use super::ground::Lie;
use super::piece::Piece;
use super::vertex::{Chunk, Material, NO_BUILDING};

/// The material of what became of a record.
fn material_of(difference: Difference) -> Material {
    match difference {
        Difference::Added => Material::Added,
        Difference::Removed => Material::Removed,
        Difference::Changed => Material::Changed,
        Difference::Same => Material::Same,
    }
}

impl Scene {
    /// Colours a scene by what became of its records. The scene is one of `both` versions together
    /// ([`crate::model::union`]). Windows and rows of tiles stay, so houses stay houses. Ground
    /// that is the same keeps its own colours, so that the city can be read. The skin over the
    /// roofs knows no single building and is left out: houses are drawn instead, however far away.
    /// Terrain lies under everything and is not coloured: the legend counts it. Devices and cameras
    /// are left out: what can be seen of them is their state, which belongs to the present.
    pub fn show_difference(&mut self, both: &Ground, comparison: &Comparison) {
        let material = |id: &BuildingId| {
            let key = EntityRef {
                kind: EntityKind::Building,
                bits: id.bits(),
            };
            material_of(comparison.difference(key))
        };
        self.differences = Some(self.buildings.iter().map(material).collect());
        self.glyphs.clear();
        let tiles = self.tiles.iter_mut();
        for tile in tiles.filter(|tile| tile.far.is_some()) {
            tile.coarse = None;
        }
        let became = |key| match comparison.difference(key) {
            Difference::Same => None,
            other => Some(material_of(other)),
        };
        let lie = Lie {
            frame: &self.frame,
            ground: both,
            land: self.land,
            relief: &self.relief,
            became: &became,
        };
        let chunks = lie.chunks(self.grid.tiles());
        for (piece, chunk) in self.grounds.iter().zip(chunks) {
            self.pieces[*piece as usize] = Piece::kept(chunk);
        }
    }

    /// Gives every corner of a building the material of what became of it.
    pub(super) fn paint_difference(&self, chunk: &mut Chunk) {
        let Some(materials) = &self.differences else {
            return;
        };
        for vertex in &mut chunk.vertices {
            let building = vertex.tag >> 8;
            let material = materials.get(building as usize);
            if let Some(material) = material.filter(|_| building != NO_BUILDING) {
                vertex.tag = *material as u32 | (building << 8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::base::{ImportId, RoadId};
    use crate::model::{KindTable, Road, RoadKind, Source, sample, union};
    use crate::portrayal::camera::Camera;
    use crate::portrayal::scene::{Finish, Pass, Residency};

    #[test]
    fn every_building_has_the_colour_of_what_became_of_it() {
        let earlier = sample::city(1);
        assert!(!earlier.devices.is_empty());
        let mut later = earlier.clone();
        let ids: Vec<BuildingId> = earlier.buildings.keys().copied().collect();
        let mut new = later.buildings.remove(&ids[0]).unwrap();
        new.id = BuildingId::from_source("sample", "new");
        later.buildings.insert(new.id, new.clone());
        later.buildings.get_mut(&ids[1]).unwrap().height_m = 9.0;
        let both = union(&earlier, &later);
        let mut scene = Scene::build(&both, &KindTable::standard());
        scene.show_difference(&both, &Comparison::of(&earlier, &later));
        assert!(scene.glyphs.is_empty(), "devices have no state here");
        let mut seen = BTreeMap::<u32, BTreeSet<u32>>::new();
        for piece in 0..scene.pieces.len() as u32 {
            for vertex in scene.make(&both, piece).vertices {
                if vertex.tag >> 8 != NO_BUILDING {
                    let materials = seen.entry(vertex.tag >> 8).or_default();
                    materials.insert(vertex.tag & 0xff);
                }
            }
        }
        let expected = |id: &BuildingId| match id {
            id if *id == new.id => Material::Added,
            id if *id == ids[0] => Material::Removed,
            id if *id == ids[1] => Material::Changed,
            _ => Material::Same,
        };
        let expected = scene
            .buildings
            .iter()
            .map(|id| [expected(id) as u32].into());
        assert_eq!(
            seen.into_values().collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
    }

    #[test]
    fn houses_are_drawn_however_far_away() {
        let city = sample::city(0);
        let mut scene = Scene::build(&city, &KindTable::standard());
        scene.show_difference(&city, &Comparison::of(&city, &city));
        let view = crate::portrayal::camera::Viewpoint {
            range_m: 90_000.0,
            ..scene.default_view(1.6)
        };
        let camera = Camera::new(view, [1152.0, 720.0]);
        let mut card = Residency::new(u64::MAX);
        let missing = card.select(&scene, &camera).missing;
        for piece in &missing {
            assert!(card.admit(*piece, 1).is_some());
        }
        let draws = card.select(&scene, &camera).draws;
        assert!(draws.iter().any(|draw| draw.pass == Pass::Far));
        assert!(draws.iter().all(|draw| draw.pass != Pass::Coarse));
    }

    #[test]
    fn what_lies_in_the_ground_is_coloured_where_it_differs() {
        let lane = |key: &str, y: f64| Road {
            id: RoadId::from_source("sample", key),
            source: Source {
                dataset: "sample".into(),
                key: key.into(),
                import: ImportId::from_bits(1),
            },
            name: None,
            kind: RoadKind::Lane,
            line: vec![(0.0, y), (40.0, y)].into(),
            width_m: 4.0,
            surfaces: Vec::new(),
        };
        let mut earlier = sample::city(1);
        let mut later = earlier.clone();
        let [kept, gone, new] = [lane("kept", 3.0), lane("gone", 23.0), lane("new", 43.0)];
        earlier.roads = [(kept.id, kept.clone()), (gone.id, gone)].into();
        later.roads = [(kept.id, kept), (new.id, new)].into();
        let both = union(&earlier, &later);
        let mut scene = Scene::build(&both, &KindTable::standard());
        scene.show_difference(&both, &Comparison::of(&earlier, &later));
        let mut seen = BTreeMap::<u32, BTreeSet<i64>>::new();
        for piece in &scene.grounds {
            let chunk = scene.make(&both, *piece);
            for part in chunk.parts.iter().filter(|one| one.finish == Finish::Lane) {
                for corner in &chunk.indices[part.first as usize..part.end as usize] {
                    let vertex = chunk.vertices[*corner as usize];
                    let y = f64::from(vertex.position[1]) + chunk.origin[1] + scene.frame.origin_n;
                    let row = (y / 20.0).floor() as i64;
                    seen.entry(vertex.tag & 0xff).or_default().insert(row);
                }
            }
        }
        let expected = [
            (Material::Lane as u32, BTreeSet::from([0])),
            (Material::Removed as u32, BTreeSet::from([1])),
            (Material::Added as u32, BTreeSet::from([2])),
        ];
        assert_eq!(seen, expected.into_iter().collect::<BTreeMap<_, _>>());
    }
}
