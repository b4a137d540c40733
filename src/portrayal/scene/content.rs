//! Whether there is anything to see: for whoever takes a picture and must not hand out bare paper
//! without a word. Used by `shot`. Never chooses what is drawn.

use crate::portrayal::camera::Camera;
use crate::space::Bounds3;

use super::vertex::{Chunk, Material};
use super::{Scene, Tile};

/// A city wider than this …
const WIDE_M: f64 = 20_000.0;
/// … of which less than this share is built on or around shows little when it is seen whole.
const BUILT_SHARE: f64 = 0.005;

impl Scene {
    /// Whether the city has nothing to draw but bare ground.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.things().next().is_none()
    }

    /// Whether anything but bare ground may lie in a picture.
    #[must_use]
    pub fn is_in_sight(&self, camera: &Camera) -> bool {
        self.things()
            .any(|(center, radius_m)| camera.may_see(center, radius_m))
    }

    /// Whether what stands lies so far apart that a picture of all of it shows little.
    #[must_use]
    pub fn is_scattered(&self) -> bool {
        let [w, h] = self.focus.size();
        let built_m2 = self.tiles.len() as f64 * self.grid.tile_m().powi(2);
        w.max(h) > WIDE_M && built_m2 < w * h * BUILT_SHARE
    }

    /// Spheres around all that can be seen, local.
    fn things(&self) -> impl Iterator<Item = ([f64; 3], f64)> {
        let pieces = |tile: &Tile| {
            let pieces = tile.near.iter().copied().chain(tile.far);
            pieces.collect::<Vec<_>>()
        };
        let stands = self.tiles.iter().flat_map(pieces).map(|piece| {
            let piece = &self.pieces[piece as usize];
            (piece.center, piece.radius_m)
        });
        let lies = self.grounds.iter().filter_map(|piece| {
            let chunk = self.pieces[*piece as usize].kept_chunk()?;
            self.laid(chunk)
        });
        let glyphs = self.glyphs.iter().map(|glyph| (glyph.position, 1.0));
        stands.chain(lies).chain(glyphs)
    }

    /// The sphere around what lies in the ground; a plane of it is nothing, terrain is something.
    fn laid(&self, chunk: &Chunk) -> Option<([f64; 3], f64)> {
        let is_seen = |tag: u32| self.relief.has_terrain() || tag & 0xff != Material::Ground as u32;
        let corners = chunk.vertices.iter().filter(|one| is_seen(one.tag));
        let local = corners
            .map(|one| std::array::from_fn(|i| f64::from(one.position[i]) + chunk.origin[i]));
        let bounds = Bounds3::from_points(local);
        let half = bounds.size().map(|side| side / 2.0);
        (!bounds.is_empty()).then(|| {
            let radius_m = half.iter().map(|v| v * v).sum::<f64>().sqrt();
            (bounds.center(), radius_m)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{KindTable, sample};
    use crate::portrayal::camera::Viewpoint;

    use super::*;

    fn scene(change: impl FnOnce(&mut crate::model::Ground)) -> Scene {
        let mut ground = sample::city(0);
        change(&mut ground);
        Scene::build(&ground, &KindTable::standard())
    }

    #[test]
    fn a_city_without_anything_is_empty() {
        let bare = scene(|ground| {
            ground.buildings.clear();
            ground.places.clear();
        });
        assert!(bare.is_empty());
        let camera = Camera::new(bare.default_view(1.6), [1152.0, 720.0]);
        assert!(!bare.is_in_sight(&camera));
        assert!(!scene(|_| {}).is_empty());
    }

    #[test]
    fn what_lies_far_away_is_not_in_sight() {
        let city = scene(|_| {});
        let view = city.default_view(1.6);
        assert!(city.is_in_sight(&Camera::new(view, [1152.0, 720.0])));
        let [x, y, z] = view.target;
        let away = Viewpoint {
            target: [x + 3_000.0, y - 9_000.0, z],
            pitch_deg: 80.0,
            ..view
        };
        assert!(!city.is_in_sight(&Camera::new(away, [1152.0, 720.0])));
    }

    #[test]
    fn two_cities_far_apart_are_scattered() {
        let apart = |by_m: f64| {
            scene(|ground| {
                if let Some(mut house) = ground.buildings.values().next().cloned() {
                    house.id = crate::base::BuildingId::from_source("t", "far");
                    house.footprint.exterior_mut(|ring| {
                        ring.coords_mut().for_each(|at| at.x += by_m);
                    });
                    house.footprint.exterior_mut(|ring| {
                        ring.coords_mut().for_each(|at| at.y += by_m);
                    });
                    ground.buildings.insert(house.id, house);
                }
            })
        };
        assert!(!apart(0.0).is_scattered());
        assert!(!apart(4_000.0).is_scattered());
        assert!(apart(400_000.0).is_scattered());
    }
}
