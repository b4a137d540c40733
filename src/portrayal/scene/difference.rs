//! A scene that shows what differs between two versions: every building takes the colour of what
//! became of it. Used for pictures of a comparison. Never judges what differs: `model` does.

use crate::model::{Comparison, Difference, EntityKind, EntityRef};

use super::Scene;
use super::vertex::{Material, NO_BUILDING};

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
        let materials: Vec<u32> = self
            .buildings
            .iter()
            .map(|id| {
                let key = EntityRef {
                    kind: EntityKind::Building,
                    bits: id.bits(),
                };
                material_of(comparison.difference(key)) as u32
            })
            .collect();
        let tiles = self.tiles.iter_mut();
        for tile in tiles.filter(|tile| tile.far.is_some()) {
            tile.coarse = None;
        }
        let vertices = self.pieces.iter_mut().flat_map(|piece| &mut piece.vertices);
        for vertex in vertices {
            let building = vertex.tag >> 8;
            let material = materials.get(building as usize);
            if let Some(material) = material.filter(|_| building != NO_BUILDING) {
                vertex.tag = material | (building << 8);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::base::BuildingId;
    use crate::model::{KindTable, sample, union};
    use crate::portrayal::camera::Camera;
    use crate::portrayal::scene::Pass;

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
        let before: usize = scene.pieces.iter().map(|piece| piece.vertices.len()).sum();
        scene.show_difference(&Comparison::of(&earlier, &later));
        let mut seen = BTreeMap::<u32, BTreeSet<u32>>::new();
        let vertices = scene.pieces.iter().flat_map(|piece| &piece.vertices);
        for vertex in vertices
            .clone()
            .filter(|vertex| vertex.tag >> 8 != NO_BUILDING)
        {
            let materials = seen.entry(vertex.tag >> 8).or_default();
            materials.insert(vertex.tag & 0xff);
        }
        assert_eq!(vertices.count(), before);
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
        let draws = scene.draws(&Camera::new(view, [1152.0, 720.0]));
        assert!(draws.iter().any(|draw| draw.pass == Pass::Far));
        assert!(draws.iter().all(|draw| draw.pass != Pass::Coarse));
    }
}
