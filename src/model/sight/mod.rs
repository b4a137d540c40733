//! Which cameras truly see a place: field of view, range, and rays against buildings and terrain.
//!
//! [`Sight`] is built once for a ground and asked by queries, the wall and reports:
//! [`Sight::look_at`] for a point, [`Sight::sees_building`] for an entrance and façades,
//! [`Sight::coverage`] for a map of what is watched and what is blind. Pure and of one thread.
//! Trees, vehicles and people hide nothing here, and light, rain and dirt are not known. Never
//! opens a camera's stream address.

mod bodies;
mod building;
mod camera;
mod coverage;
mod outline;
mod roads;
#[cfg(test)]
mod tests;

pub use bodies::Obstacle;
pub use building::{BuildingSight, Panel};
pub use camera::{Aim, PICTURE_WIDTH_PX};
pub use coverage::{BlindSpot, Cell, Cover, Coverage, CoverageError};

use crate::base::CameraId;
use crate::space::{BoxIndex, Ray3};

use super::Ground;
use bodies::Bodies;
use camera::Eye;
use roads::Roads;

/// Height above the ground at which people are looked for, metres.
pub const EYE_LEVEL_M: f64 = 1.5;

/// A camera that sees a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The camera.
    pub camera: CameraId,
    /// How it sees it.
    pub aim: Aim,
}

/// A camera that would see a place if nothing stood in the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hidden {
    /// The camera, and how it would see it.
    pub seen: Seen,
    /// What stands in the way, nearest to the camera.
    pub by: Obstacle,
}

/// Who sees a place, and who would.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Look {
    /// The cameras that see it: first those that have it in the picture, then those that must be
    /// turned; each by pixels on the target, most first, then by id.
    pub seen: Vec<Seen>,
    /// Those that have it within field of view and range, but hidden; in the same order.
    pub hidden: Vec<Hidden>,
}

/// Cameras by what they reach, and what stands in their way.
pub struct Sight {
    eyes: Vec<Eye>,
    /// The range of each camera, as a box.
    reaches: BoxIndex,
    bodies: Bodies,
    roads: Roads,
}

impl Sight {
    /// Prepares a ground. Cameras whose record describes none that could see (no finite position,
    /// no angle of view, no range) are left out.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let bodies = Bodies::of(ground);
        let eyes = ground.cameras.values().filter_map(|camera| {
            let finite = camera.position.iter().all(|v| v.is_finite());
            let lens = finite.then(|| bodies.clear_of_walls(camera.position))?;
            Eye::of(camera, lens)
        });
        let eyes: Vec<Eye> = eyes.collect();
        Self {
            reaches: BoxIndex::new(eyes.iter().map(Eye::reach)),
            eyes,
            bodies,
            roads: Roads::of(ground),
        }
    }

    /// How many cameras can be asked.
    #[must_use]
    pub fn cameras(&self) -> usize {
        self.eyes.len()
    }

    /// The cameras that see a point `[x, y, z]`, best first; none for one that is not finite.
    #[must_use]
    pub fn sees(&self, point: [f64; 3]) -> Vec<Seen> {
        let mut seen = Vec::new();
        self.each_aim(point, |eye, aim| {
            if !self.is_hidden(eye, point) {
                seen.push(Seen {
                    camera: eye.id,
                    aim,
                });
            }
        });
        seen.sort_by(best_first);
        seen
    }

    /// The cameras that see a point, and those that would see it but for an obstacle.
    #[must_use]
    pub fn look_at(&self, point: [f64; 3]) -> Look {
        let mut look = Look::default();
        self.each_aim(point, |eye, aim| {
            let seen = Seen {
                camera: eye.id,
                aim,
            };
            let obstacle = Ray3::towards(eye.lens, point)
                .and_then(|(ray, target_m)| self.bodies.first_hit(&ray, target_m));
            match obstacle {
                None => look.seen.push(seen),
                Some(by) => look.hidden.push(Hidden { seen, by }),
            }
        });
        look.seen.sort_by(best_first);
        look.hidden.sort_by(|a, b| best_first(&a.seen, &b.seen));
        look
    }

    /// Height of the ground at a place: the terrain's, elsewhere that at the nearest building, 0
    /// in a city without either.
    #[must_use]
    pub fn ground_at(&self, at: [f64; 2]) -> f64 {
        self.bodies.ground_at(at)
    }

    /// Calls `act` for every camera that has the point in its picture, obstacles or not.
    fn each_aim(&self, point: [f64; 3], mut act: impl FnMut(&Eye, Aim)) {
        if point.iter().all(|v| v.is_finite()) {
            self.reaches.each_at_point([point[0], point[1]], |place| {
                let eye = &self.eyes[place as usize];
                if let Some(aim) = eye.aim(point) {
                    act(eye, aim);
                }
            });
        }
    }

    fn is_hidden(&self, eye: &Eye, point: [f64; 3]) -> bool {
        Ray3::towards(eye.lens, point)
            .is_some_and(|(ray, target_m)| self.bodies.is_hidden(&ray, target_m))
    }
}

fn best_first(a: &Seen, b: &Seen) -> std::cmp::Ordering {
    (a.aim.by_turning.cmp(&b.aim.by_turning))
        .then(b.aim.pixels_per_m.total_cmp(&a.aim.pixels_per_m))
        .then(a.camera.cmp(&b.camera))
}
