//! From what a register tells of a place to the city's records: addresses to dwellings and
//! buildings, positions to buildings and to the height of the ground.
//! Built once for a run. Never links what is ambiguous, and never keeps an address in the clear
//! beyond the run.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use geo::{Distance, Euclidean, InterpolatableLine, Length, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::open_key::is_room;
use crate::base::{AreaId, BuildingId, Clearance, DwellingId};
use crate::ingest::ReadError;
use crate::ingest::target::{self, Projector};
use crate::model::{AdminArea, Building, Dwelling, Ground};
use crate::registry::address::{Address, CityNames, Part};
use crate::registry::houses::Houses;
use crate::registry::match_address::{AddressIndex, MatchRules, Outcome};
use crate::space::{Bounds2, Crs, Datum, TinIndex};

/// A position belongs to the nearest building within this distance, metres: positions of things on
/// a façade lie just outside it.
const NEAR_M: f64 = 5.0;
/// What lies farther from the city than this is no part of it; metres.
const FAR_M: f64 = 10_000.0;

/// Ways from what is told to what the city has.
pub(super) struct Linker<'a> {
    ground: &'a Ground,
    houses: Houses,
    /// What a match needs.
    pub(super) rules: MatchRules,
    dwellings: AddressIndex<DwellingId>,
    /// Buildings with dwellings.
    homes: HashSet<BuildingId>,
    /// Fingerprints of their rooms; none of those that are locked.
    rooms: HashSet<u64>,
    are_doors_locked: bool,
    footprints: RTree<GeomWithData<Rectangle<[f64; 2]>, BuildingId>>,
    terrain: TinIndex,
    extent: Bounds2,
    degrees: Projector,
    metres: Projector,
}

/// The system of coordinates of a register, as the caller states it.
#[derive(Debug, Clone)]
pub(super) struct Coordinates {
    /// Of east and north; the city's own otherwise.
    pub(super) crs: Option<Crs>,
    /// Of longitude and latitude.
    pub(super) datum: Datum,
}

impl Coordinates {
    /// Where addresses alone tell places.
    pub(super) fn none() -> Self {
        Self {
            crs: None,
            datum: Datum::Wgs84,
        }
    }
}

impl<'a> Linker<'a> {
    /// Makes the indexes of a ground; `dwellings` are further ones that this run brings.
    pub(super) fn new(
        ground: &'a Ground,
        coordinates: &Coordinates,
        rules: MatchRules,
        clearance: &Clearance,
    ) -> Result<Self, ReadError> {
        let city_crs = Crs::parse(&ground.info.crs)?;
        let geographic = coordinates.crs.as_ref().filter(|crs| crs.is_geographic());
        let degrees = geographic
            .cloned()
            .map_or_else(|| Crs::from_epsg(4326), Ok)?;
        let projected = coordinates.crs.clone().filter(|crs| !crs.is_geographic());
        let buildings = ground.buildings.values();
        let footprints = buildings.clone().map(|one| {
            let Bounds2 { min, max } = Bounds2::from_polygon(&one.footprint);
            GeomWithData::new(Rectangle::from_corners(min, max), one.id)
        });
        let boxes = buildings
            .clone()
            .map(|one| Bounds2::from_polygon(&one.footprint));
        let mut linker = Self {
            rules,
            dwellings: AddressIndex::build(std::iter::empty()),
            houses: Houses::of(ground),
            homes: HashSet::new(),
            rooms: HashSet::new(),
            are_doors_locked: false,
            footprints: RTree::bulk_load(footprints.collect()),
            terrain: TinIndex::new(ground.terrain.values().map(|one| &one.tin)),
            extent: boxes.fold(Bounds2::empty(), |all, one| all.union(&one)),
            degrees: Projector::new(&degrees, coordinates.datum, &city_crs)?,
            metres: Projector::new(
                projected.as_ref().unwrap_or(&city_crs),
                Datum::Wgs84,
                &city_crs,
            )?,
            ground,
        };
        linker.know_dwellings(&[], clearance);
        Ok(linker)
    }

    /// Makes the index of dwellings anew, with those that the run brings beside the city's.
    pub(super) fn know_dwellings(&mut self, further: &[Dwelling], clearance: &Clearance) {
        let brought: HashSet<DwellingId> = further.iter().map(|one| one.id).collect();
        let known = self.ground.dwellings.values();
        self.homes = known.chain(further).map(|one| one.building).collect();
        let known = self
            .ground
            .dwellings
            .values()
            .filter(|one| !brought.contains(&one.id));
        let addresses = known
            .chain(further)
            .filter_map(|one| Some((one.id, self.address_of(one, clearance)?)));
        let index = AddressIndex::build(addresses.collect::<Vec<_>>());
        self.know_rooms(further, clearance);
        self.dwellings = index;
    }

    fn know_rooms(&mut self, further: &[Dwelling], clearance: &Clearance) {
        for home in self.ground.dwellings.values().chain(further) {
            let Some(door) = home.door.open(clearance) else {
                self.are_doors_locked = true;
                continue;
            };
            let address = self.address_of(home, clearance);
            let room = address.and_then(|address| address.door());
            self.rooms
                .insert(print(home.building, room.as_deref().unwrap_or(&door)));
        }
    }

    /// Whether a building has a dwelling with this number. While doors are locked each may have one that
    /// could be the number of a room.
    pub(super) fn has_room(&self, id: BuildingId, number: &str) -> bool {
        self.rooms.contains(&print(id, number))
            || self.are_doors_locked && self.has_dwellings(id) && is_room(number)
    }

    /// Names of the city.
    pub(super) fn names(&self) -> &CityNames {
        self.houses.names()
    }

    /// An address in parts, with the city's own areas.
    pub(super) fn parse(&self, text: &str) -> Address {
        self.houses.parse(text)
    }

    /// The address of a dwelling with its door; `None` where neither it nor its house has one.
    pub(super) fn address_of(&self, home: &Dwelling, clearance: &Clearance) -> Option<Address> {
        let house = self.known_building(home.building);
        self.houses.address_of(home, house, clearance)
    }

    /// The dwelling that an address means.
    pub(super) fn dwelling(&self, address: &Address) -> Outcome<DwellingId> {
        self.dwellings.find(address, &self.rules)
    }

    /// The building that an address means, whatever its door.
    pub(super) fn building(&self, address: &Address) -> Outcome<BuildingId> {
        self.houses.find(address, &self.rules)
    }

    /// The building at a position: the one it lies in, otherwise the nearest close by.
    pub(super) fn building_at(&self, at: [f64; 2]) -> Option<BuildingId> {
        let reach = AABB::from_corners(at.map(|v| v - NEAR_M), at.map(|v| v + NEAR_M));
        let near = self.footprints.locate_in_envelope_intersecting(reach);
        let point = Point::new(at[0], at[1]);
        let distances = near.filter_map(|one| {
            let building = self.ground.buildings.get(&one.data)?;
            let metres = Euclidean.distance(&point, &building.footprint);
            (metres <= NEAR_M).then_some((metres, one.data))
        });
        let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        nearest.map(|(_, id)| id)
    }

    /// How far a place is from a building, metres.
    pub(super) fn distance_m(&self, id: BuildingId, at: [f64; 2]) -> Option<f64> {
        let building = self.known_building(id)?;
        Some(Euclidean.distance(&Point::new(at[0], at[1]), &building.footprint))
    }

    /// The middle of the lane that an address names, along the longest of its lines; `None` where it
    /// tells of a house.
    pub(super) fn middle_of_lane(&self, address: &Address) -> Option<[f64; 2]> {
        const OF_A_HOUSE: [Part; 6] = [
            Part::Estate,
            Part::Lane,
            Part::Number,
            Part::Building,
            Part::Unit,
            Part::Room,
        ];
        let name = address.road.as_deref()?;
        if OF_A_HOUSE.iter().any(|part| address.has(*part)) {
            return None;
        }
        let lanes = self.ground.roads.values();
        let lanes = lanes.filter(|one| one.name.as_deref() == Some(name));
        let lengths = lanes.map(|one| (Euclidean.length(&one.line), &one.line));
        let (_, line) = lengths.max_by(|a, b| a.0.total_cmp(&b.0))?;
        let middle = line.point_at_ratio_from_start(&Euclidean, 0.5)?;
        Some([middle.x(), middle.y()])
    }

    /// Whether a building has dwellings, of the city or of this run.
    pub(super) fn has_dwellings(&self, id: BuildingId) -> bool {
        self.homes.contains(&id)
    }

    /// A building of the city.
    pub(super) fn known_building(&self, id: BuildingId) -> Option<&'a Building> {
        self.ground.buildings.get(&id)
    }

    /// The height of the ground: the terrain's, otherwise that of the building there.
    pub(super) fn ground_m(&self, at: [f64; 2]) -> f64 {
        let building = || Some(self.known_building(self.building_at(at)?)?.ground_m);
        let nearest = || {
            let one = self.footprints.nearest_neighbor(at)?;
            Some(self.known_building(one.data)?.ground_m)
        };
        self.terrain
            .height_at(at)
            .or_else(building)
            .or_else(nearest)
            .unwrap_or(0.0)
    }

    /// A position in the city's system.
    pub(super) fn position(
        &self,
        at: [f64; 2],
        are_degrees: bool,
    ) -> Result<[f64; 2], &'static str> {
        let way = if are_degrees {
            &self.degrees
        } else {
            &self.metres
        };
        let [x, y, _] = way
            .apply([at[0], at[1], 0.0])
            .map_err(|_| "it is no position, or in another system of coordinates")?;
        let far = !self.extent.is_empty() && target::distance_m(&self.extent, [x, y]) > FAR_M;
        if far {
            return Err(
                "it lies more than 10 km from the city: another system of coordinates, or east and north changed about",
            );
        }
        Ok([x, y])
    }

    /// Whether the city has a way, an estate or a house that is called so.
    pub(super) fn knows_place(&self, name: &str) -> bool {
        self.houses.knows_place(name)
    }

    /// The longest name of an area of the city with which a name ends: words may stand before it.
    pub(super) fn known_area_in(&self, name: &str) -> Option<String> {
        let areas = self.ground.areas.values().map(|one| &one.name);
        let found = areas.filter(|area| !area.is_empty() && name.ends_with(area.as_str()));
        found.max_by_key(|area| area.len()).cloned()
    }

    /// The area of this name.
    pub(super) fn area(&self, name: &str) -> Option<AreaId> {
        let name = name.trim();
        let areas = || self.ground.areas.values();
        let mut exact = areas().filter(|one| one.name == name || one.code.as_deref() == Some(name));
        let mut ending = areas().filter(|one| !name.is_empty() && one.name.ends_with(name));
        let only = |list: &mut dyn Iterator<Item = &'a AdminArea>| {
            let first = list.next()?;
            list.next().is_none().then_some(first.id)
        };
        only(&mut exact).or_else(|| only(&mut ending))
    }
}

/// A room of a building as a number.
fn print(id: BuildingId, room: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (id, room).hash(&mut hasher);
    hasher.finish()
}
