//! The ground's shape and what grows on it. Used by `build`.

use crate::base::{PlantId, TerrainId};
use crate::model::{Plant, Terrain};
use crate::space::{Bounds3, Tin};

use super::super::facts;
use super::super::raw::Position;
use super::Work;

/// Height of a tree of which nothing is known.
const TREE_HEIGHT_M: f64 = 6.0;
/// Crown of a tree of which nothing is known.
const TREE_CROWN_M: f64 = 4.0;

impl Work<'_> {
    pub(super) fn terrain(&mut self) -> Result<(), String> {
        let tins = std::mem::take(&mut self.shape.tins);
        let tins: Vec<Tin> = tins
            .into_iter()
            // In the order in which a city file gives it back, so that equal files are equal.
            .map(|tin| Tin::from_triangles(&tin.corners().collect::<Vec<_>>()))
            .filter(|tin| !tin.triangles.is_empty())
            .collect();
        if tins.is_empty() {
            return Err("terrain without a triangle".to_owned());
        }
        let count = tins.len();
        for (index, tin) in tins.into_iter().enumerate() {
            let key = self.part_key(index, count);
            let terrain = Terrain {
                id: TerrainId::from_source(&self.origin.dataset, &key),
                source: self.source(&key),
                tin,
            };
            self.built.entities.push(terrain.into());
        }
        Ok(())
    }

    pub(super) fn plants(&mut self) -> Result<(), String> {
        let corners = self.shape.models.iter().flat_map(|model| &model.surfaces);
        let body =
            Bounds3::from_points(corners.flat_map(|face| face.rings.iter().flatten().copied()));
        let size = [0, 1, 2].map(|axis| body.max[axis] - body.min[axis]);
        let has_body = size.iter().all(|side| side.is_finite());
        let feet: Vec<Position> = if has_body {
            let middle = |axis: usize| 0.5 * (body.min[axis] + body.max[axis]);
            vec![[middle(0), middle(1), body.min[2]]]
        } else {
            self.shape.points.clone()
        };
        if feet.is_empty() {
            return Err("a plant without a position".to_owned());
        }
        let stated = |keys: &[&str], max_m| facts::first_length_m(&self.attributes, keys, max_m);
        let or_body = |side: f64, otherwise: f64| {
            if has_body && side > 0.1 {
                side
            } else {
                otherwise
            }
        };
        let height_m = stated(&["height", "treeHeight"], 150.0)
            .unwrap_or_else(|| or_body(size[2], TREE_HEIGHT_M));
        let crown_m = stated(&["diameter_crown", "crownDiameter", "crown_m"], 60.0)
            .unwrap_or_else(|| or_body(size[0].max(size[1]), TREE_CROWN_M));
        for (index, position) in feet.iter().enumerate() {
            let key = self.part_key(index, feet.len());
            let plant = Plant {
                id: PlantId::from_source(&self.origin.dataset, &key),
                source: self.source(&key),
                position: *position,
                height_m,
                crown_m,
            };
            self.built.entities.push(plant.into());
        }
        Ok(())
    }
}
