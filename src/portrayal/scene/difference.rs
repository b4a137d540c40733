//! A scene that shows what differs between two versions: every building takes the colour of what
//! became of it. Used for pictures of a comparison. Never judges what differs: `model` does.

use crate::base::BuildingId;
use crate::model::{Comparison, Difference, EntityKind, EntityRef};

use super::Scene;
use super::vertex::{Chunk, Material, NO_BUILDING};

/// The material of what became of a building.
fn material_of(difference: Difference) -> Material {
    match difference {
        Difference::Added => Material::Added,
        Difference::Removed => Material::Removed,
        Difference::Changed => Material::Changed,
        Difference::Same => Material::Same,
    }
}

impl Scene {
    /// Colours the buildings of a scene by what became of them. The scene is one of both versions
    /// together ([`crate::model::union`]). Windows and rows of tiles stay, so houses stay houses.
    /// The skin over the roofs knows no single building and is left out: houses are drawn instead,
    /// however far away.
    pub fn show_difference(&mut self, comparison: &Comparison) {
        let material = |id: &BuildingId| {
            let key = EntityRef {
                kind: EntityKind::Building,
                bits: id.bits(),
            };
            material_of(comparison.difference(key))
        };
        self.differences = Some(self.buildings.iter().map(material).collect());
        let tiles = self.tiles.iter_mut();
        for tile in tiles.filter(|tile| tile.far.is_some()) {
            tile.coarse = None;
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
    use crate::model::{KindTable, sample, union};
    use crate::portrayal::camera::Camera;
    use crate::portrayal::scene::{Pass, Residency};

    #[test]
    fn every_building_has_the_colour_of_what_became_of_it() {
        let earlier = sample::city(1);
        let mut later = earlier.clone();
        let ids: Vec<BuildingId> = earlier.buildings.keys().copied().collect();
        let mut new = later.buildings.remove(&ids[0]).unwrap();
        new.id = BuildingId::from_source("sample", "new");
        later.buildings.insert(new.id, new.clone());
        later.buildings.get_mut(&ids[1]).unwrap().height_m = 9.0;
        let both = union(&earlier, &later);
        let mut scene = Scene::build(&both, &KindTable::standard());
        scene.show_difference(&Comparison::of(&earlier, &later));
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
        scene.show_difference(&Comparison::of(&city, &city));
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
}
