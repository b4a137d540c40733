//! Things stand on the ground: where a city has terrain, whatever came without a height of its own
//! takes it from there. Used by `app` between reading and writing, so that the heights belong to
//! the same edit and are undone with it. Real models keep the height their source gives; how far
//! that is from the terrain is told.
//!
//! A building stands on the lowest point of the terrain along its outline: its walls then reach
//! down to the ground on every side.

use std::collections::{BTreeMap, HashSet};

use geo_types::Polygon;

use crate::base::{BuildingId, counted};
use crate::model::{Building, CityObject, Entity, EntityRef, Ground, LodModel};
use crate::space::{Bounds2, TinIndex};

/// The attribute that tells where the height of a thing's foot comes from.
pub const GROUND_ATTRIBUTE: &str = "pingjiang:ground";
/// Its value for what stands on terrain.
pub const FROM_TERRAIN: &str = "terrain";
/// Its value for what has no height and no terrain under it.
pub const UNKNOWN: &str = "unknown";
/// The attribute that holds the height on which an object was put, metres.
const GROUND_M_ATTRIBUTE: &str = "pingjiang:ground_m";

/// Points along an outline are no farther apart than this; metres.
const STEP_M: f64 = 2.0;
/// Most points along one edge.
const STEPS_MAX: f64 = 200.0;
/// Heights nearer than this are the same; metres.
const SAME_M: f64 = 1e-3;

/// Puts entities on the terrain, theirs and that of the city they go into, and adds those records
/// of the city that their terrain moves. Tells what was done, for the report.
pub fn stand(entities: &mut Vec<Entity>, city: Option<&Ground>) -> Vec<String> {
    let terrains = |entity: &Entity| matches!(entity, Entity::Terrain(_));
    let has_new = entities.iter().any(terrains);
    let old = old_terrain(city);
    if !has_new && old.is_empty() {
        return Vec::new();
    }
    let new = new_terrain(entities, city);
    let mut standing = Standing {
        before: old,
        now: new,
        moved: BTreeMap::new(),
        stood: 0,
        outside: 0,
        off_m: Vec::new(),
    };
    for entity in entities.iter_mut() {
        standing.place(entity);
    }
    if has_new && let Some(city) = city {
        let more = standing.of_city(entities, city);
        entities.extend(more);
    }
    standing.notes()
}

fn old_terrain(city: Option<&Ground>) -> TinIndex {
    TinIndex::new(
        city.into_iter()
            .flat_map(|city| city.terrain.values().map(|one| &one.tin)),
    )
}

/// The terrain as it will be: what comes now, and of the city what is not replaced by it.
fn new_terrain(entities: &[Entity], city: Option<&Ground>) -> TinIndex {
    let coming = entities.iter().filter_map(|entity| match entity {
        Entity::Terrain(one) => Some(&**one),
        _ => None,
    });
    let coming: Vec<_> = coming.collect();
    let ids: HashSet<_> = coming.iter().map(|one| one.id).collect();
    let kept = city.into_iter().flat_map(|city| city.terrain.values());
    let kept = kept.filter(|one| !ids.contains(&one.id));
    TinIndex::new(kept.chain(coming).map(|one| &one.tin))
}

struct Standing {
    /// The city's terrain before this import.
    before: TinIndex,
    now: TinIndex,
    /// By how much buildings were raised, for what hangs on them.
    moved: BTreeMap<BuildingId, f64>,
    stood: usize,
    outside: usize,
    /// Heights of real models above the terrain.
    off_m: Vec<f64>,
}

impl Standing {
    /// Puts one record on the ground; whether it changed.
    fn place(&mut self, entity: &mut Entity) -> bool {
        match entity {
            Entity::Building(one) => self.building(one),
            Entity::Object(one) => self.object(one),
            Entity::Plant(one) => self.point(&mut one.position),
            Entity::Place(one) => self.point(&mut one.position),
            _ => false,
        }
    }

    fn building(&mut self, building: &mut Building) -> bool {
        let origin = building.attributes.get(GROUND_ATTRIBUTE);
        let is_marked = origin.is_some_and(is_ours);
        let is_unknown = building.models.is_empty() && building.ground_m == 0.0;
        let lowest_m = lowest_along(&self.now, &building.footprint);
        if !(is_marked || is_unknown) {
            self.off_m
                .extend(lowest_m.map(|ground_m| building.ground_m - ground_m));
            return false;
        }
        let Some(ground_m) = lowest_m else {
            self.outside += 1;
            return false;
        };
        self.stood += 1;
        let by_m = ground_m - building.ground_m;
        let mark = serde_json::Value::from(FROM_TERRAIN);
        let is_same =
            by_m.abs() < SAME_M && building.attributes.get(GROUND_ATTRIBUTE) == Some(&mark);
        if is_same {
            return false;
        }
        building.ground_m = ground_m;
        building
            .attributes
            .insert(GROUND_ATTRIBUTE.to_owned(), mark);
        raise(&mut building.models, by_m);
        self.moved.insert(building.id, by_m);
        true
    }

    fn object(&mut self, object: &mut CityObject) -> bool {
        if !object.attributes.get(GROUND_ATTRIBUTE).is_some_and(is_ours) {
            return false;
        }
        let Some(ground_m) = lowest_under(&self.now, &object.models) else {
            self.outside += 1;
            return false;
        };
        self.stood += 1;
        let known = object.attributes.get(GROUND_M_ATTRIBUTE);
        let by_m = ground_m - known.and_then(serde_json::Value::as_f64).unwrap_or(0.0);
        if known.is_some() && by_m.abs() < SAME_M {
            return false;
        }
        raise(&mut object.models, by_m);
        let attributes = &mut object.attributes;
        attributes.insert(GROUND_ATTRIBUTE.to_owned(), FROM_TERRAIN.into());
        attributes.insert(GROUND_M_ATTRIBUTE.to_owned(), ground_m.into());
        true
    }

    /// A point without a height, or one that stood on the terrain as it was.
    fn point(&mut self, at: &mut [f64; 3]) -> bool {
        let flat = [at[0], at[1]];
        let stood = self.before.height_at(flat);
        let is_ours = at[2] == 0.0 || stood.is_some_and(|known| (known - at[2]).abs() < SAME_M);
        let Some(ground_m) = self.now.height_at(flat).filter(|_| is_ours) else {
            return false;
        };
        self.stood += 1;
        let is_new = (ground_m - at[2]).abs() >= SAME_M;
        at[2] = if is_new { ground_m } else { at[2] };
        is_new
    }

    /// The records of the city that the terrain moves and that are not among the entities.
    fn of_city(&mut self, entities: &[Entity], city: &Ground) -> Vec<Entity> {
        let known: HashSet<EntityRef> = entities.iter().map(Entity::key).collect();
        let mut moved = Vec::new();
        let buildings = city.buildings.values().cloned().map(Entity::from);
        let objects = city.objects.values().cloned().map(Entity::from);
        let plants = city.plants.values().cloned().map(Entity::from);
        let places = city.places.values().cloned().map(Entity::from);
        for mut entity in buildings.chain(objects).chain(plants).chain(places) {
            if !known.contains(&entity.key()) && self.place(&mut entity) {
                moved.push(entity);
            }
        }
        // What hangs in or on a building goes up with it.
        for device in city.devices.values() {
            let by_m = device.building.and_then(|id| self.moved.get(&id));
            if let Some(by_m) = by_m {
                let mut device = device.clone();
                device.raise(*by_m);
                let entity = Entity::from(device);
                if !known.contains(&entity.key()) {
                    moved.push(entity);
                }
            }
        }
        moved
    }

    fn notes(mut self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.stood > 0 {
            notes.push(format!(
                "{} on the terrain",
                counted(self.stood, "thing stands", "things stand")
            ));
        }
        if self.outside > 0 {
            notes.push(format!(
                "{} at 0, outside the terrain",
                counted(
                    self.outside,
                    "thing without a height stays",
                    "things without a height stay"
                )
            ));
        }
        self.off_m.sort_by(f64::total_cmp);
        let (count, middle) = (self.off_m.len(), self.off_m.len() / 2);
        let farthest = self.off_m.iter().copied();
        let farthest = farthest.max_by(|a, b| a.abs().total_cmp(&b.abs()));
        if let (Some(median_m), Some(farthest_m)) = (self.off_m.get(middle), farthest) {
            notes.push(format!(
                "{} the ground of the source: {median_m:+.2} m from the terrain in the middle, \
                 {farthest_m:+.2} m at most",
                counted(count, "building keeps", "buildings keep")
            ));
        }
        notes
    }
}

fn is_ours(origin: &serde_json::Value) -> bool {
    matches!(origin.as_str(), Some(FROM_TERRAIN | UNKNOWN))
}

fn raise(models: &mut [LodModel], by_m: f64) {
    let faces = models.iter_mut().flat_map(|model| &mut model.surfaces);
    for corner in faces.flat_map(|face| face.rings.iter_mut().flatten()) {
        corner[2] += by_m;
    }
}

/// The lowest terrain along an outline; `None` where it has none.
fn lowest_along(terrain: &TinIndex, outline: &Polygon<f64>) -> Option<f64> {
    let lines = outline.exterior().lines();
    let points = lines.flat_map(|line| {
        let (from, along) = (line.start, line.delta());
        let steps = (along.x.hypot(along.y) / STEP_M)
            .ceil()
            .clamp(1.0, STEPS_MAX);
        (0..steps as usize).map(move |step| {
            let share = step as f64 / steps;
            [from.x + along.x * share, from.y + along.y * share]
        })
    });
    let heights = points.filter_map(|at| terrain.height_at(at));
    heights.reduce(f64::min)
}

/// The lowest terrain along the box under a model, and under its middle.
fn lowest_under(terrain: &TinIndex, models: &[LodModel]) -> Option<f64> {
    let faces = models.iter().flat_map(|model| &model.surfaces);
    let corners = faces.flat_map(|face| face.rings.iter().flatten());
    let bounds = Bounds2::from_points(corners.map(|at| [at[0], at[1]]));
    if bounds.is_empty() {
        return None;
    }
    let corner = |x: f64, y: f64| geo_types::Coord { x, y };
    let (low, high) = (bounds.min, bounds.max);
    let rect = geo_types::Rect::new(corner(low[0], low[1]), corner(high[0], high[1]));
    let middle_m = terrain.height_at(bounds.center());
    let lowest_m = lowest_along(terrain, &rect.to_polygon());
    lowest_m.into_iter().chain(middle_m).reduce(f64::min)
}

#[cfg(test)]
mod tests;
