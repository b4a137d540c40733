//! What hides things: buildings and terrain, and the rays against them.
//!
//! A building is the upright prism over its footprint up to the roof's highest line; where it has
//! faces of LoD 2 or more, it is these faces. Never knows what a camera is.

use std::ops::Range;

use geo_types::Polygon;

use crate::base::BuildingId;
use crate::model::{Building, Ground, LodModel, lod_rank};
use crate::space::{
    Bounds2, Bounds3, BoxIndex, Ray3, SurfaceKind, TriangleIndex, polygon_contains, ray_prism,
    ray_triangle, triangulate_surface,
};

use super::outline::on_edges;

/// A lens this deep in a house hangs on its wall or roof: as much as brackets and surveys are off.
/// Deeper in it is a camera indoors, and sees what is indoors.
const MOUNT_M: f64 = 0.5;
/// How far off the wall such a lens is put.
const OFF_WALL_M: f64 = 0.05;
/// What is met this close before the target does not hide it: the wall or ground that it is on.
/// Allows for targets a little inside their wall, and looks along it down to some degrees.
const SKIN_M: f64 = 0.25;

/// What hides a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// A building.
    Building(BuildingId),
    /// The ground itself.
    Terrain,
}

/// A building as far as rays care.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub id: BuildingId,
    pub footprint: Polygon<f64>,
    pub ground_m: f64,
    pub base_m: f64,
    pub top_m: f64,
    /// Its faces in `Bodies::triangles`; none for a prism.
    faces: Range<usize>,
}

/// All buildings, and the terrain.
pub(super) struct Bodies {
    bodies: Vec<Body>,
    boxes: BoxIndex,
    triangles: Vec<[[f64; 3]; 3]>,
    terrain: TriangleIndex,
}

impl Bodies {
    pub fn of(ground: &Ground) -> Self {
        let mut bodies = Vec::with_capacity(ground.buildings.len());
        let mut triangles = Vec::new();
        let mut boxes = Vec::with_capacity(ground.buildings.len());
        for building in ground.buildings.values() {
            let (body, bounds) = body(building, &mut triangles);
            bodies.push(body);
            boxes.push(bounds);
        }
        let corners = ground.terrain.values().flat_map(|one| one.tin.corners());
        Self {
            bodies,
            boxes: BoxIndex::new(boxes),
            triangles,
            terrain: TriangleIndex::new(corners.collect()),
        }
    }

    /// The body of a building.
    pub fn get(&self, id: BuildingId) -> Option<&Body> {
        let place = self.bodies.binary_search_by_key(&id, |body| body.id);
        place.ok().map(|place| &self.bodies[place])
    }

    /// The bodies whose box meets the bounds, in the order of ids.
    pub fn within(&self, bounds: &Bounds2) -> impl Iterator<Item = &Body> {
        let mut places = self.boxes.meeting_box(bounds);
        places.sort_unstable();
        places.into_iter().map(|place| &self.bodies[place as usize])
    }

    /// The first body, in the order of ids, over whose footprint a place lies.
    pub fn over(&self, at: [f64; 2], passes: impl Fn(&Body) -> bool) -> Option<&Body> {
        let mut found: Option<u32> = None;
        self.boxes.each_at_point(at, |place| {
            let body = &self.bodies[place as usize];
            if found.is_none_or(|first| place < first)
                && passes(body)
                && polygon_contains(&body.footprint, at)
            {
                found = Some(place);
            }
        });
        found.map(|place| &self.bodies[place as usize])
    }

    /// Height of the ground: the terrain's, elsewhere that at the nearest building, 0 without any.
    pub fn ground_at(&self, at: [f64; 2]) -> f64 {
        self.terrain.height_at(at).unwrap_or_else(|| {
            let near = self.boxes.nearest(at, 1, |_| true);
            near.first()
                .map_or(0.0, |near| self.bodies[near.id as usize].ground_m)
        })
    }

    /// A lens moved out of the wall or roof that it hangs on, the shortest way that leads into the
    /// open. No lens is inside masonry: where a register says so, it is the house it hangs on, and
    /// must not blind it.
    pub fn clear_of_walls(&self, lens: [f64; 3]) -> [f64; 3] {
        let inside = |at: [f64; 3]| {
            self.over([at[0], at[1]], |body| {
                (body.base_m..=body.top_m).contains(&at[2])
            })
        };
        let Some(body) = inside(lens) else {
            return lens;
        };
        let ways = ways_out(body, lens).into_iter();
        let open = ways.filter(|(_, out)| inside(*out).is_none());
        let shortest = open.min_by(|a, b| a.0.total_cmp(&b.0));
        shortest.map_or(lens, |(_, out)| out)
    }

    /// What a ray meets first on the way to a target at this distance.
    pub fn first_hit(&self, ray: &Ray3, target_m: f64) -> Option<Obstacle> {
        let max_m = target_m - SKIN_M;
        if !(max_m > 0.0) {
            return None;
        }
        let mut near: Vec<(f64, u32)> = Vec::new();
        self.boxes.each_along(ray, max_m, |place, enters_m| {
            if self.bodies[place as usize].is_as_high(ray, enters_m, max_m) {
                near.push((enters_m, place));
            }
        });
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut first: Option<(f64, u32)> = None;
        for (enters_m, place) in near {
            if first.is_some_and(|(hit_m, _)| enters_m > hit_m) {
                break;
            }
            if let Some(hit_m) = self.hit(ray, &self.bodies[place as usize])
                && hit_m < max_m
                && first.is_none_or(|best| (hit_m, place) < best)
            {
                first = Some((hit_m, place));
            }
        }
        let limit_m = first.map_or(max_m, |(hit_m, _)| hit_m);
        let terrain_m = self.terrain.first_hit(ray, limit_m);
        if terrain_m.is_some_and(|hit_m| hit_m < limit_m) {
            return Some(Obstacle::Terrain);
        }
        first.map(|(_, place)| Obstacle::Building(self.bodies[place as usize].id))
    }

    /// Does anything stand in the way? As [`Bodies::first_hit`], without asking what.
    pub fn is_hidden(&self, ray: &Ray3, target_m: f64) -> bool {
        let max_m = target_m - SKIN_M;
        if !(max_m > 0.0) {
            return false;
        }
        let mut hidden = false;
        self.boxes.each_along(ray, max_m, |place, enters_m| {
            let body = &self.bodies[place as usize];
            hidden = hidden
                || body.is_as_high(ray, enters_m, max_m)
                    && self.hit(ray, body).is_some_and(|hit_m| hit_m < max_m);
        });
        hidden
            || self
                .terrain
                .first_hit(ray, max_m)
                .is_some_and(|hit_m| hit_m < max_m)
    }

    /// The distance at which a ray meets a body.
    fn hit(&self, ray: &Ray3, body: &Body) -> Option<f64> {
        if body.faces.is_empty() {
            return ray_prism(ray, &body.footprint, body.base_m, body.top_m);
        }
        let faces = self.triangles[body.faces.clone()].iter();
        // Walls of a model and the footprint by which lenses are moved differ by as much as a mount.
        faces
            .filter_map(|face| ray_triangle(ray, face))
            .filter(|hit_m| *hit_m >= MOUNT_M)
            .reduce(f64::min)
    }
}

impl Body {
    /// Is the ray, between two distances, anywhere as high as the body?
    fn is_as_high(&self, ray: &Ray3, from_m: f64, to_m: f64) -> bool {
        let (a, b) = (ray.at(from_m)[2], ray.at(to_m)[2]);
        // A hair of slack: rounding must not lose a roof that is just touched.
        a.min(b) <= self.top_m + 1e-6 && a.max(b) >= self.base_m - 1e-6
    }
}

/// A building as a body, with the box around it; appends its faces.
fn body(building: &Building, triangles: &mut Vec<[[f64; 3]; 3]>) -> (Body, Bounds2) {
    let first = triangles.len();
    if let Some(model) = best_model(&building.models) {
        for surface in &model.surfaces {
            // What only closes a body in the model is open in the world.
            if surface.kind != SurfaceKind::ClosureSurface {
                triangulate_surface(surface, triangles);
            }
        }
    }
    let mut body = Body {
        id: building.id,
        footprint: building.footprint.clone(),
        ground_m: building.ground_m,
        base_m: building.ground_m,
        top_m: building.ground_m + building.height_m,
        faces: first..triangles.len(),
    };
    let mut bounds = Bounds2::from_polygon(&building.footprint);
    if !body.faces.is_empty() {
        let corners = triangles[first..].iter().flatten().copied();
        let all = Bounds3::from_points(corners);
        (body.base_m, body.top_m) = (all.min[2], all.max[2]);
        bounds = bounds.union(&all.footprint());
    }
    (body, bounds)
}

/// The model with most detail, when it has roofs of its own.
fn best_model(models: &[LodModel]) -> Option<&LodModel> {
    let rank = |model: &&LodModel| lod_rank(&model.lod, "0");
    let detailed = models.iter().filter(|model| rank(model) >= (2, 0));
    detailed
        .filter(|model| !model.surfaces.is_empty())
        .max_by_key(rank)
}

/// The ways out of a body by its walls and its roof, as far as a mount reaches: how far, and where
/// they end.
fn ways_out(body: &Body, at: [f64; 3]) -> Vec<(f64, [f64; 3])> {
    let up = (body.top_m - at[2], [at[0], at[1], body.top_m + OFF_WALL_M]);
    let walls = on_edges(&body.footprint, [at[0], at[1]]).flat_map(|wall| {
        [1.0, -1.0].map(|side| {
            let [x, y] = [0, 1].map(|k| wall.at[k] + side * OFF_WALL_M * wall.normal[k]);
            (wall.distance_m, [x, y, at[2]])
        })
    });
    let all = walls.chain([up]);
    all.filter(|(way_m, _)| *way_m <= MOUNT_M).collect()
}
