//! `near`, `within`, `nearest`: what is where. Every distance is to the shape itself, not to its
//! box or its middle; people are as far as the building they live in.

use geo::{Distance, Euclidean};
use geo_types::{LineString, Point, Polygon};

use crate::base::{BuildingId, DwellingId, GroundAreaId, Rights, RoadId, WaterId};
use crate::model::{EntityKind, EntityRef, EntityView};

use super::filter::Filter;
use super::found::Found;
use super::index::CityIndex;
use super::region::{Region, distance_m};

/// The kinds of people's records, which are where their building is.
const PEOPLE: [EntityKind; 3] = [
    EntityKind::Dwelling,
    EntityKind::Household,
    EntityKind::Resident,
];

/// What covers ground, as distances are measured to it.
enum Shape<'a> {
    Polygon(&'a Polygon<f64>),
    Road(&'a LineString<f64>, &'a [Polygon<f64>]),
    /// Faces of an object: measured to the box around them.
    Point([f64; 2]),
}

impl CityIndex {
    /// Everything that passes the filter and lies in a region, in the order of distance, kind, id.
    /// Areas are found by their outline only when the filter names them.
    #[must_use]
    pub fn within(&self, region: &Region, filter: &Filter, rights: &dyn Rights) -> Vec<Found> {
        let mut found = Vec::new();
        let bounds = region.bounds();
        let mut take = |key, distance_m: Option<f64>, at: [f64; 2]| {
            if let Some(distance_m) = distance_m
                && filter.passes(self, key, rights)
            {
                found.push(Found {
                    key,
                    distance_m,
                    at,
                });
            }
        };
        let points = match region {
            Region::Circle { at, radius_m } => self.points.within_radius(*at, *radius_m),
            Region::Polygon(_) => self.points.within_box(&bounds),
        };
        for place in points {
            let key = self.things[place as usize];
            if filter.asks_for(key.kind)
                && let Some(at) = self.place_of(key)
            {
                take(key, region.takes_point(at), at);
            }
        }
        if filter.asks_for(EntityKind::Vehicle) {
            for place in self.moving.within_box(&bounds) {
                if let Some(at) = self.moving.get(place) {
                    take(self.vehicle(place), region.takes_point(at), at);
                }
            }
        }
        let asks_for_people = PEOPLE.iter().any(|kind| filter.asks_for(*kind));
        for place in self.boxes.meeting_box(&bounds) {
            let key = self.shapes[place as usize];
            let hosts = asks_for_people && key.kind == EntityKind::Building;
            if !(hosts || filter.asks_for(key.kind)) {
                continue;
            }
            let (Some(shape), Some(at)) = (self.shape(key), self.place_of(key)) else {
                continue;
            };
            let distance_m = shape.taken_by(region);
            if hosts && distance_m.is_some() {
                self.each_in(BuildingId::from_bits(key.bits), filter, |person| {
                    take(person, distance_m, at);
                });
            }
            take(key, distance_m, at);
        }
        if filter.asks_for(EntityKind::Area) {
            found.extend(self.areas_in(region, filter, rights));
        }
        Found::sort(&mut found);
        found
    }

    fn areas_in<'a>(
        &'a self,
        region: &'a Region,
        filter: &'a Filter,
        rights: &'a dyn Rights,
    ) -> impl Iterator<Item = Found> + 'a {
        let areas = self.ground().areas.values();
        areas.filter_map(move |area| {
            let key = EntityRef {
                kind: EntityKind::Area,
                bits: area.id.bits(),
            };
            let distance_m = region.takes_polygon(area.polygon.as_ref()?)?;
            let at = self.place_of(key)?;
            let found = Found {
                key,
                distance_m,
                at,
            };
            filter.passes(self, key, rights).then_some(found)
        })
    }

    /// Everything at most `radius_m` from a place.
    ///
    /// # Errors
    /// When the place or the radius is none.
    pub fn near(
        &self,
        at: [f64; 2],
        radius_m: f64,
        filter: &Filter,
        rights: &dyn Rights,
    ) -> Result<Vec<Found>, super::RegionError> {
        Ok(self.within(&Region::circle(at, radius_m)?, filter, rights))
    }

    /// The `count` nearest that pass the filter, in the order of distance, kind, id; fewer when
    /// there are no more. Areas are not among them.
    #[must_use]
    pub fn nearest(
        &self,
        at: [f64; 2],
        count: usize,
        filter: &Filter,
        rights: &dyn Rights,
    ) -> Vec<Found> {
        let passes = |key: EntityRef| filter.passes(self, key, rights);
        let points = self
            .points
            .nearest(at, count, |place| passes(self.things[place as usize]));
        let points = points.iter().map(|near| self.things[near.id as usize]);
        let mut found: Vec<Found> = points
            .filter_map(|key| {
                let place = self.place_of(key)?;
                let distance_m = distance_m(at, place);
                Some(Found {
                    key,
                    distance_m,
                    at: place,
                })
            })
            .collect();
        let moving = self
            .moving
            .nearest(at, count, |place| passes(self.vehicle(place)));
        for near in moving {
            let place = self.moving.get(near.id).unwrap_or(at);
            found.push(Found {
                key: self.vehicle(near.id),
                distance_m: near.distance_m,
                at: place,
            });
        }
        found.extend(self.nearest_shapes(at, count, filter, rights));
        if PEOPLE.iter().any(|kind| filter.asks_for(*kind)) {
            found.extend(self.nearest_people(at, count, filter, rights));
        }
        Found::sort(&mut found);
        found.truncate(count);
        found
    }

    /// The building whose footprint holds a place; of several that overlap the one with the least
    /// id.
    #[must_use]
    pub fn building_at(&self, at: [f64; 2]) -> Option<BuildingId> {
        let mut best: Option<BuildingId> = None;
        self.boxes.each_at_point(at, |place| {
            let key = self.shapes[place as usize];
            let id = BuildingId::from_bits(key.bits);
            if key.kind != EntityKind::Building || best.is_some_and(|known| known < id) {
                return;
            }
            let building = self.ground().buildings.get(&id);
            let holds =
                |one: &crate::model::Building| crate::space::polygon_contains(&one.footprint, at);
            if building.is_some_and(holds) {
                best = Some(id);
            }
        });
        best
    }

    fn nearest_shapes(
        &self,
        at: [f64; 2],
        count: usize,
        filter: &Filter,
        rights: &dyn Rights,
    ) -> Vec<Found> {
        let near = self.boxes.nearest_by(at, count, |place| {
            let key = self.shapes[place as usize];
            let passes = filter.passes(self, key, rights);
            passes.then(|| self.shape(key)?.distance_m(at)).flatten()
        });
        let found = near.iter().filter_map(|near| {
            let key = self.shapes[near.id as usize];
            Some(Found {
                key,
                distance_m: near.distance_m,
                at: self.place_of(key)?,
            })
        });
        found.collect()
    }

    /// People house by house, the nearest houses first, until there are enough.
    fn nearest_people(
        &self,
        at: [f64; 2],
        count: usize,
        filter: &Filter,
        rights: &dyn Rights,
    ) -> Vec<Found> {
        let people_of = |key: EntityRef| {
            let mut people = Vec::new();
            if key.kind == EntityKind::Building {
                self.each_in(BuildingId::from_bits(key.bits), filter, |person| {
                    if filter.passes(self, person, rights) {
                        people.push(person);
                    }
                });
            }
            people
        };
        let houses = self.boxes.nearest_by(at, count, |place| {
            let key = self.shapes[place as usize];
            let is_home = !people_of(key).is_empty();
            is_home.then(|| self.shape(key)?.distance_m(at)).flatten()
        });
        let mut found = Vec::new();
        for near in houses {
            let house = self.shapes[near.id as usize];
            let Some(place) = self.place_of(house) else {
                continue;
            };
            found.extend(people_of(house).into_iter().map(|key| Found {
                key,
                distance_m: near.distance_m,
                at: place,
            }));
        }
        Found::sort(&mut found);
        found.truncate(count);
        found
    }

    /// The records of people in a building that are of a kind asked for.
    fn each_in(&self, building: BuildingId, filter: &Filter, mut each: impl FnMut(EntityRef)) {
        let links = self.links();
        for home in links.dwellings.get(building) {
            self.each_at_home(home, filter, &mut each);
        }
    }

    fn each_at_home(&self, home: DwellingId, filter: &Filter, each: &mut impl FnMut(EntityRef)) {
        let links = self.links();
        let mut take = |kind, bits| each(EntityRef { kind, bits });
        if filter.asks_for(EntityKind::Dwelling) {
            take(EntityKind::Dwelling, home.bits());
        }
        if filter.asks_for(EntityKind::Household) {
            for one in links.households.get(home) {
                take(EntityKind::Household, one.bits());
            }
        }
        if filter.asks_for(EntityKind::Resident) {
            for one in links.residents.get(home) {
                take(EntityKind::Resident, one.bits());
            }
        }
    }

    fn vehicle(&self, place: u32) -> EntityRef {
        EntityRef {
            kind: EntityKind::Vehicle,
            bits: self.vehicles[place as usize].bits(),
        }
    }

    fn shape(&self, key: EntityRef) -> Option<Shape<'_>> {
        let ground = self.ground();
        Some(match key.kind {
            EntityKind::Building => Shape::Polygon(
                &ground
                    .buildings
                    .get(&BuildingId::from_bits(key.bits))?
                    .footprint,
            ),
            EntityKind::Road => {
                let road = ground.roads.get(&RoadId::from_bits(key.bits))?;
                Shape::Road(&road.line, &road.surfaces)
            }
            EntityKind::Water => {
                Shape::Polygon(&ground.water.get(&WaterId::from_bits(key.bits))?.polygon)
            }
            EntityKind::GroundArea => {
                let id = GroundAreaId::from_bits(key.bits);
                Shape::Polygon(&ground.ground_areas.get(&id)?.polygon)
            }
            EntityKind::Object => match ground.view(key)? {
                EntityView::Object(_) => Shape::Point(self.place_of(key)?),
                _ => return None,
            },
            _ => return None,
        })
    }
}

impl Shape<'_> {
    fn distance_m(&self, at: [f64; 2]) -> Option<f64> {
        let point = Point::new(at[0], at[1]);
        match self {
            Self::Polygon(polygon) => Some(Euclidean.distance(&point, *polygon)),
            Self::Road(line, surfaces) => {
                let to_surfaces = surfaces.iter().map(|one| Euclidean.distance(&point, one));
                let to_line = (!line.0.is_empty()).then(|| Euclidean.distance(&point, *line));
                to_surfaces.chain(to_line).reduce(f64::min)
            }
            Self::Point(place) => Some(distance_m(at, *place)),
        }
    }

    fn taken_by(&self, region: &Region) -> Option<f64> {
        match self {
            Self::Polygon(polygon) => region.takes_polygon(polygon),
            Self::Road(line, surfaces) => {
                let by_surfaces = surfaces.iter().filter_map(|one| region.takes_polygon(one));
                let by_line = (!line.0.is_empty())
                    .then(|| region.takes_line(line))
                    .flatten();
                by_surfaces.chain(by_line).reduce(f64::min)
            }
            Self::Point(place) => region.takes_point(*place),
        }
    }
}
