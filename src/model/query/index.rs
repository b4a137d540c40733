//! The index: what has a place, by place; and the ways from people to places.
//! Built once for a ground; only what moves is changed afterwards. Never answers a question itself.

use std::sync::Arc;

use geo::Centroid;
use geo_types::{LineString, Polygon};

use crate::base::{
    AreaId, BuildingId, DeviceId, DwellingId, GroundAreaId, HouseholdId, ObjectId, ResidentId,
    RoadId, VehicleId, WaterId,
};
use crate::model::links::{building_of, home_of};
use crate::model::{EntityKind, EntityRef, Ground, Labels, LabelsOfDay, Links};
use crate::space::{Bounds2, BoxIndex, MovingPoints, PointIndex};

use super::areas::AreaIndex;
use super::found::own_area;

/// Cells of the grid of what moves; about the distance that is asked for.
const MOVING_CELL_M: f64 = 64.0;

/// A city, ready for questions.
#[derive(Debug, Clone)]
pub struct CityIndex {
    ground: Arc<Ground>,
    links: Links,
    labels: LabelsOfDay,
    areas: AreaIndex,
    /// What stands at a point, in the order of kinds and ids.
    pub(super) things: Vec<EntityRef>,
    pub(super) points: PointIndex,
    /// What covers ground: buildings first, then roads, water, open ground, objects.
    pub(super) shapes: Vec<EntityRef>,
    pub(super) boxes: BoxIndex,
    /// Vehicles, by their place in `vehicles`.
    pub(super) vehicles: Vec<VehicleId>,
    pub(super) moving: MovingPoints,
}

impl CityIndex {
    /// Builds the index of a ground.
    #[must_use]
    pub fn of(ground: Arc<Ground>, labels: LabelsOfDay) -> Self {
        let things = things(&ground);
        let points = things.iter().map(|(_, at)| *at);
        let shapes = shapes(&ground);
        let boxes = shapes.iter().map(|(_, bounds)| *bounds);
        let mut moving = MovingPoints::new(MOVING_CELL_M);
        let vehicles: Vec<VehicleId> = ground.vehicles.keys().copied().collect();
        for (place, vehicle) in (0..).zip(ground.vehicles.values()) {
            moving.put(place, flat(vehicle.position));
        }
        Self {
            links: Links::of(&ground),
            labels,
            areas: AreaIndex::of(&ground),
            points: PointIndex::new(points),
            things: things.into_iter().map(|(key, _)| key).collect(),
            boxes: BoxIndex::new(boxes),
            shapes: shapes.into_iter().map(|(key, _)| key).collect(),
            vehicles,
            moving,
            ground,
        }
    }

    /// What everything on the map covers, in the city's CRS; areas, which may reach far beyond it,
    /// do not count. `None` where nothing has a place.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds2> {
        let things = self.things.iter().filter_map(|key| self.place_of(*key));
        let shapes = shapes(&self.ground).into_iter().map(|(_, bounds)| bounds);
        let all = shapes.fold(Bounds2::from_points(things), |a, b| a.union(&b));
        (!all.is_empty()).then_some(all)
    }

    /// The ground.
    #[must_use]
    pub fn ground(&self) -> &Arc<Ground> {
        &self.ground
    }

    /// Who belongs where.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The labels of everybody, where they are known; the first who asks waits for them.
    #[must_use]
    pub fn labels(&self) -> Option<&Labels> {
        self.labels.get(&self.ground, &self.links)
    }

    /// The labels of one person; `None` while they are locked.
    #[must_use]
    pub fn labels_of(&self, id: ResidentId) -> Option<Vec<String>> {
        self.labels.of_one(&self.ground, &self.links, id)
    }

    /// The areas.
    #[must_use]
    pub fn areas(&self) -> &AreaIndex {
        &self.areas
    }

    /// Memory of the spatial indexes on the heap, without the records themselves.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let keys = self.things.capacity() + self.shapes.capacity();
        self.points.bytes() + self.boxes.bytes() + keys * size_of::<EntityRef>()
    }

    /// Records with a place of their own.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len() + self.boxes.len() + self.moving.len()
    }

    /// Whether nothing has a place.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves a vehicle, x east and y north in the city's CRS; `false` for one that the ground does
    /// not know, or a place that is none; it stays where it was then.
    pub fn move_vehicle(&mut self, id: VehicleId, at: [f64; 2]) -> bool {
        let place = self.vehicles.binary_search(&id);
        let is_place = at.iter().all(|one| one.is_finite());
        is_place && place.is_ok_and(|place| self.moving.put(place as u32, at))
    }

    /// The building that a record stands in or belongs to, as far as the links tell.
    #[must_use]
    pub fn building_of(&self, key: EntityRef) -> Option<BuildingId> {
        let ground = &self.ground;
        let home = match key.kind {
            EntityKind::Building => return Some(BuildingId::from_bits(key.bits)),
            EntityKind::Device => {
                return ground.devices.get(&DeviceId::from_bits(key.bits))?.building;
            }
            EntityKind::Facility => {
                let id = crate::base::FacilityId::from_bits(key.bits);
                return ground.facilities.get(&id)?.building;
            }
            EntityKind::Event => {
                let id = crate::base::EventId::from_bits(key.bits);
                return ground.events.get(&id)?.building;
            }
            EntityKind::Dwelling => Some(DwellingId::from_bits(key.bits)),
            EntityKind::Household => {
                let id = HouseholdId::from_bits(key.bits);
                ground.households.get(&id)?.dwelling
            }
            EntityKind::Resident => home_of(
                ground,
                ground.residents.get(&ResidentId::from_bits(key.bits))?,
            ),
            _ => None,
        };
        building_of(ground, home?)
    }

    /// A place to point at, in the city's CRS: the position, the middle of a shape, of people the
    /// middle of the building they live in.
    #[must_use]
    pub fn place_of(&self, key: EntityRef) -> Option<[f64; 2]> {
        let ground = &self.ground;
        match key.kind {
            EntityKind::Vehicle => {
                let place = self.vehicles.binary_search(&VehicleId::from_bits(key.bits));
                self.moving.get(place.ok()? as u32)
            }
            EntityKind::Area => {
                let area = ground.areas.get(&AreaId::from_bits(key.bits))?;
                middle_of(area.polygon.as_ref()?)
            }
            EntityKind::Building => middle_of(
                &ground
                    .buildings
                    .get(&BuildingId::from_bits(key.bits))?
                    .footprint,
            ),
            EntityKind::Road => {
                let road = ground.roads.get(&RoadId::from_bits(key.bits))?;
                middle_of_line(&road.line).or_else(|| middle_of(road.surfaces.first()?))
            }
            EntityKind::Water => {
                middle_of(&ground.water.get(&WaterId::from_bits(key.bits))?.polygon)
            }
            EntityKind::GroundArea => {
                let id = GroundAreaId::from_bits(key.bits);
                middle_of(&ground.ground_areas.get(&id)?.polygon)
            }
            EntityKind::Object => {
                let object = ground.objects.get(&ObjectId::from_bits(key.bits))?;
                let bounds = crate::model::Entity::from(object.clone()).bounds();
                (!bounds.is_empty()).then(|| bounds.center())
            }
            EntityKind::Dwelling | EntityKind::Household | EntityKind::Resident => {
                let id = self.building_of(key)?;
                middle_of(&ground.buildings.get(&id)?.footprint)
            }
            _ => point_of(ground, key),
        }
    }

    /// The smallest area in which a record lies: the one that it or its building names, otherwise
    /// by place.
    #[must_use]
    pub fn area_of(&self, key: EntityRef) -> Option<AreaId> {
        let ground = &self.ground;
        own_area(ground, key)
            .or_else(|| ground.buildings.get(&self.building_of(key)?)?.area)
            .or_else(|| self.areas.at(ground, self.place_of(key)?))
    }
}

fn flat(at: [f64; 3]) -> [f64; 2] {
    [at[0], at[1]]
}

fn middle_of(polygon: &Polygon<f64>) -> Option<[f64; 2]> {
    polygon.centroid().map(|at| [at.x(), at.y()])
}

/// The place half-way along a line.
fn middle_of_line(line: &LineString<f64>) -> Option<[f64; 2]> {
    use geo::{Euclidean, InterpolatableLine};
    let half = line.point_at_ratio_from_start(&Euclidean, 0.5)?;
    Some([half.x(), half.y()])
}

/// The position of a record that stands at a point and does not move.
fn point_of(ground: &Ground, key: EntityRef) -> Option<[f64; 2]> {
    use crate::model::EntityView as View;
    let at = match ground.view(key)? {
        View::Plant(one) => one.position,
        View::Place(one) => one.position,
        View::Device(one) => one.position,
        View::Camera(one) => one.position,
        View::Facility(one) => one.position,
        View::Responder(one) => one.position,
        View::Event(one) => one.position?,
        _ => return None,
    };
    Some(flat(at))
}

/// Everything at a point that does not move.
fn things(ground: &Ground) -> Vec<(EntityRef, [f64; 2])> {
    let mut all = Vec::new();
    macro_rules! take {
        ($($kind:ident $field:ident)*) => {$(
            for (id, one) in &ground.$field {
                let key = EntityRef { kind: EntityKind::$kind, bits: id.bits() };
                all.push((key, flat(one.position)));
            }
        )*};
    }
    take!(Plant plants Place places Device devices Camera cameras Facility facilities
        Responder responders);
    // Where an event is may be sealed: it is counted, and found nowhere.
    for (id, one) in &ground.events {
        if let Some(at) = one.position {
            let key = EntityRef {
                kind: EntityKind::Event,
                bits: id.bits(),
            };
            all.push((key, flat(at)));
        }
    }
    all
}

/// Everything that covers ground.
fn shapes(ground: &Ground) -> Vec<(EntityRef, Bounds2)> {
    let mut all = Vec::new();
    let mut take = |kind, bits, bounds: Bounds2| {
        if !bounds.is_empty() {
            all.push((EntityRef { kind, bits }, bounds));
        }
    };
    for (id, one) in &ground.buildings {
        take(
            EntityKind::Building,
            id.bits(),
            Bounds2::from_polygon(&one.footprint),
        );
    }
    for (id, one) in &ground.roads {
        let line = Bounds2::from_points(one.line.0.iter().map(|at| [at.x, at.y]));
        let all = one.surfaces.iter().map(Bounds2::from_polygon);
        take(
            EntityKind::Road,
            id.bits(),
            all.fold(line, |a, b| a.union(&b)),
        );
    }
    for (id, one) in &ground.water {
        take(
            EntityKind::Water,
            id.bits(),
            Bounds2::from_polygon(&one.polygon),
        );
    }
    for (id, one) in &ground.ground_areas {
        take(
            EntityKind::GroundArea,
            id.bits(),
            Bounds2::from_polygon(&one.polygon),
        );
    }
    for (id, one) in &ground.objects {
        let faces = one.models.iter().flat_map(|model| &model.surfaces);
        let corners = faces.flat_map(|face| face.rings.iter().flatten());
        let corners = corners.map(|at| flat(*at));
        take(EntityKind::Object, id.bits(), Bounds2::from_points(corners));
    }
    all
}
