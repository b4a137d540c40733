//! Every question against looking at everything, in random cities.

use std::sync::Arc;

use geo::{Distance, Euclidean};
use geo_types::{LineString, Point, Polygon};
use proptest::prelude::*;

use super::*;
use crate::base::{
    AreaId, BuildingId, CameraId, DeviceId, HouseholdId, ImportId, Nobody, RoadId, VehicleId,
};
use crate::model::LabelsOfDay;
use crate::model::sample;
use crate::model::sample::people::move_in;
use crate::model::{
    AreaLevel, Building, Device, EntityKind, EntityRef, Ground, KindId, Road, RoadKind, Source,
    Vehicle, VehicleKind,
};

/// May see everybody.
struct Seer;

impl crate::base::Rights for Seer {
    fn reveal(
        &self,
        _: crate::base::PersonalField,
        _: &crate::base::Subject<'_>,
    ) -> Option<&crate::base::Clearance> {
        None
    }
    fn may_see(&self, _: crate::base::PersonalField, _: Option<u64>) -> bool {
        true
    }
    fn suppress_below(&self, _: Option<u64>) -> usize {
        0
    }
}

fn source() -> Source {
    Source {
        dataset: "random".to_owned(),
        key: String::new(),
        import: ImportId::from_bits(0),
    }
}

fn building(number: u64, x: f64, y: f64, size: [f64; 2]) -> Building {
    let mut house = sample::city(0).buildings.into_values().next().unwrap();
    house.id = BuildingId::from_bits(number);
    let (a, b) = (x + size[0], y + size[1]);
    let ring: LineString<f64> = vec![(x, y), (a, y), (a, b), (x, b)].into();
    house.footprint = Polygon::new(ring, Vec::new());
    house.storeys = 1 + (number % 6) as u16;
    house
}

/// Houses, devices, vehicles and lanes at random places, people in every second house.
fn cities() -> impl Strategy<Value = Ground> {
    let place = || (0.0..400.0f64, 0.0..400.0f64);
    let houses = prop::collection::vec((place(), 3.0..20.0f64, 3.0..20.0f64), 0..25);
    let points = prop::collection::vec(place(), 0..40);
    let moving = prop::collection::vec(place(), 0..15);
    let lanes = prop::collection::vec((place(), place()), 0..8);
    (houses, points, moving, lanes).prop_map(|(houses, points, moving, lanes)| {
        let mut ground = sample::city(0);
        ground.buildings.clear();
        for (number, ((x, y), width, depth)) in (1..).zip(houses) {
            let house = building(number, x, y, [width, depth]);
            ground.buildings.insert(house.id, house);
            if number % 2 == 0 {
                let id = BuildingId::from_bits(number);
                move_in(&mut ground, id, &number.to_string(), (number % 4) as usize);
            }
        }
        for (number, (x, y)) in (1..).zip(points) {
            let id = DeviceId::from_bits(number);
            let device = Device {
                id,
                source: source(),
                kind: KindId::new(["smoke", "tilt"][number as usize % 2]),
                position: [x, y, 3.0],
                building: None,
                dwelling: None,
                interval_s: None,
                home: crate::model::DeviceHome::Known,
                name: None,
            };
            ground.devices.insert(id, device);
        }
        for (number, (x, y)) in (1..).zip(moving) {
            let id = VehicleId::from_bits(number);
            let vehicle = Vehicle {
                id,
                source: source(),
                kind: VehicleKind::Car,
                plate: crate::base::Sealed::new("测E12345"),
                household: None,
                position: [x, y, 3.0],
            };
            ground.vehicles.insert(id, vehicle);
        }
        for (number, (from, to)) in (1..).zip(lanes) {
            let id = RoadId::from_bits(number);
            let road = Road {
                id,
                source: source(),
                name: None,
                kind: RoadKind::Lane,
                line: vec![from, to].into(),
                width_m: 3.0,
                surfaces: Vec::new(),
            };
            ground.roads.insert(id, road);
        }
        ground
    })
}

/// How far a record is, by looking at it alone.
fn slow_distance_m(ground: &Ground, key: EntityRef, at: [f64; 2]) -> Option<f64> {
    use crate::model::EntityView as View;
    let point = Point::new(at[0], at[1]);
    let of_house = |id: BuildingId| {
        let house = ground.buildings.get(&id)?;
        Some(Euclidean.distance(&point, &house.footprint))
    };
    let of_home = |id| of_house(ground.dwellings.get(&id)?.building);
    let flat =
        |position: [f64; 3]| Euclidean.distance(&point, &Point::new(position[0], position[1]));
    match ground.view(key)? {
        View::Building(one) => of_house(one.id),
        View::Device(one) => Some(flat(one.position)),
        View::Vehicle(one) => Some(flat(one.position)),
        View::Road(one) => Some(Euclidean.distance(&point, &one.line)),
        View::Dwelling(one) => of_home(one.id),
        View::Household(one) => of_home(one.dwelling?),
        View::Resident(one) => of_home(one.dwelling?),
        _ => None,
    }
}

fn slow(ground: &Ground, filter: &Filter, at: [f64; 2]) -> Vec<(f64, EntityRef)> {
    let mut all = Vec::new();
    for kind in EntityKind::ALL
        .iter()
        .filter(|kind| filter.asks_for(**kind))
    {
        ground.for_each_key(*kind, |key| {
            all.extend(slow_distance_m(ground, key, at).map(|far| (far, key)));
        });
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    all
}

fn filters() -> impl Strategy<Value = Filter> {
    prop::sample::select(vec![
        Filter::default(),
        Filter::kind(EntityKind::Building),
        Filter::kind(EntityKind::Resident),
        Filter::kind(EntityKind::Dwelling),
        Filter::kind(EntityKind::Vehicle),
        Filter::kind(EntityKind::Road),
    ])
}

fn told(found: &[Found]) -> Vec<(f64, EntityRef)> {
    found.iter().map(|one| (one.distance_m, one.key)).collect()
}

fn same(fast: &[(f64, EntityRef)], slow: &[(f64, EntityRef)]) -> Result<(), TestCaseError> {
    let keys = |list: &[(f64, EntityRef)]| list.iter().map(|one| one.1).collect::<Vec<_>>();
    prop_assert_eq!(keys(fast), keys(slow));
    for (a, b) in fast.iter().zip(slow) {
        prop_assert!((a.0 - b.0).abs() < 1e-9, "{:?} {:?}", a, b);
    }
    Ok(())
}

proptest! {
    #[test]
    fn near_finds_what_looking_at_all_finds(
        ground in cities(),
        filter in filters(),
        at in prop::array::uniform2(-50.0..450.0f64),
        radius_m in 0.0..300.0f64,
    ) {
        let mut expected = slow(&ground, &filter, at);
        expected.retain(|(far, _)| *far <= radius_m);
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        let found = city.near(at, radius_m, &filter, &Seer).unwrap();
        same(&told(&found), &expected)?;
    }

    #[test]
    fn nearest_finds_what_looking_at_all_finds(
        ground in cities(),
        filter in filters(),
        at in prop::array::uniform2(-50.0..450.0f64),
        count in 0..12usize,
    ) {
        let mut expected = slow(&ground, &filter, at);
        expected.truncate(count);
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        same(&told(&city.nearest(at, count, &filter, &Seer)), &expected)?;
    }

    #[test]
    fn a_polygon_finds_what_it_meets(
        ground in cities(),
        corner in prop::array::uniform2(0.0..300.0f64),
        size in prop::array::uniform2(5.0..200.0f64),
    ) {
        let [x, y] = corner;
        let [a, b] = [x + size[0], y + size[1]];
        let region = Region::polygon(&[[x, y], [a, y], [a, b], [x, b]]).unwrap();
        let rect = geo_types::Rect::new((x, y), (a, b));
        let mut expected: Vec<EntityRef> = Vec::new();
        use geo::Intersects;
        ground.for_each_key(EntityKind::Building, |key| {
            let house = &ground.buildings[&BuildingId::from_bits(key.bits)];
            if house.footprint.intersects(&rect) {
                expected.push(key);
            }
        });
        ground.for_each_key(EntityKind::Device, |key| {
            let device = &ground.devices[&DeviceId::from_bits(key.bits)];
            if rect.intersects(&Point::new(device.position[0], device.position[1])) {
                expected.push(key);
            }
        });
        let mut filter = Filter::kind(EntityKind::Building);
        filter.kinds.push("device".parse().unwrap());
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        let found = city.within(&region, &filter, &Seer);
        let mut keys: Vec<EntityRef> = found.iter().map(|one| one.key).collect();
        keys.sort();
        prop_assert_eq!(keys, expected);
    }

    #[test]
    fn counts_are_those_of_all_records(ground in cities(), side_m in 1.0..200.0f64) {
        let filter = Filter::kind(EntityKind::Device);
        let devices = ground.devices.len();
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        for division in [Division::Square(side_m), Division::Hexagon(side_m)] {
            let stats = city.stats(division, &filter, &Seer);
            let sum: usize = stats.cells.iter().map(|cell| match cell.counts["device"] {
                Suppressed::Told(count) => count,
                Suppressed::AtLeast(_) | Suppressed::KeptBack => panic!("devices are nobody's secret"),
            }).sum();
            prop_assert_eq!(sum, devices);
        }
    }
}

fn check_filter(text: &str, expected: &str) {
    let mut ground = sample::city(0);
    ground.buildings.clear();
    for number in 1..=6 {
        let house = building(number, number as f64 * 30.0, 0.0, [10.0, 8.0]);
        ground.buildings.insert(house.id, house);
    }
    let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    let mut filter = Filter::kind(EntityKind::Building);
    filter.conditions = vec![text.parse().unwrap()];
    filter.check(&city, &Nobody).unwrap();
    let found = city.nearest([0.0; 2], 9, &filter, &Seer);
    let found: Vec<String> = found.iter().map(|one| one.key.bits.to_string()).collect();
    assert_eq!(found.join(" "), expected, "{text}");
}

#[test]
fn conditions() {
    check_filter("storeys>=6", "5");
    check_filter("storeys<3", "1 6");
    check_filter("storeys=2", "1");
    check_filter("storeys != 2", "2 3 4 5 6");
    check_filter("structure=timber_brick", "1 2 3 4 5 6");
    check_filter("structure~BRICK", "1 2 3 4 5 6");
    check_filter("attributes.owner=x", "");
}

#[test]
fn what_makes_no_sense_is_told() {
    let city = CityIndex::of(Arc::new(sample::city(1)), LabelsOfDay::none());
    let check = |kind: &str, condition: &str| {
        let filter = Filter {
            kinds: vec![kind.parse().unwrap()],
            conditions: vec![condition.parse().unwrap()],
            ..Filter::default()
        };
        filter.check(&city, &Nobody).unwrap_err().to_string()
    };
    assert!(check("building", "colour=red").contains("storeys"));
    assert!(check("building", "storeys>many").contains("many"));
    assert!(check("resident", "name=王小明").contains("verified_on"));
    assert!(
        "house"
            .parse::<KindChoice>()
            .unwrap_err()
            .to_string()
            .contains("building")
    );
    assert!("storeys".parse::<Condition>().is_err());
    let labels = Filter {
        labels: vec!["elderly_alone".to_owned()],
        ..Filter::kind(EntityKind::Resident)
    };
    assert_eq!(labels.check(&city, &Nobody), Err(FilterError::Labels));
    let people = Filter::kind(EntityKind::Resident);
    assert_eq!(people.check(&city, &Nobody), Err(FilterError::People));
    assert_eq!(people.check(&city, &Seer), Ok(()));
    // Evenly, so that it seems to enclose nothing, and not.
    for last in [10.0, 4.0] {
        let bow = [[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, last]];
        let Err(fault @ RegionError::Crossed { at, sides }) = Region::polygon(&bow) else {
            panic!("{bow:?}");
        };
        let meets = last / (10.0 + last) * 10.0;
        assert!(
            (at[0] - meets).abs() < 1e-9 && (at[1] - meets).abs() < 1e-9,
            "{at:?}"
        );
        assert_eq!(sides, [1, 3]);
        assert!(fault.to_string().contains("in order"), "{fault}");
    }
    let [a, b, c] = [[0.0, 0.0], [10.0, 0.0], [4.0, 3.0]];
    assert!(Region::polygon(&[a, b, b, c, a]).is_ok());
    let there_and_back = [[0.0, 0.0], [10.0, 0.0], [4.0, 0.0]];
    assert_eq!(Region::polygon(&there_and_back), Err(RegionError::Empty));
    assert_eq!(Region::polygon(&[[0.0, 0.0]; 3]), Err(RegionError::Empty));
    assert!(Region::circle([f64::NAN, 0.0], 1.0).is_err());
    assert!(Region::circle([0.0, 0.0], -1.0).is_err());
    let nowhere = AreaId::from_bits(1);
    assert!(matches!(
        Region::area(city.ground(), nowhere),
        Err(RegionError::NoSuchArea(_))
    ));
}

#[test]
fn a_vehicle_is_found_where_it_is_now() {
    let mut ground = sample::city(0);
    let id = VehicleId::from_bits(7);
    let vehicle = Vehicle {
        id,
        source: source(),
        kind: VehicleKind::Cart,
        plate: crate::base::Sealed::new("测E1"),
        household: None,
        position: [0.0; 3],
    };
    ground.vehicles.insert(id, vehicle);
    let mut city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    let filter = Filter::kind(EntityKind::Vehicle);
    assert!(city.move_vehicle(id, [500.0, 500.0]));
    assert!(!city.move_vehicle(VehicleId::from_bits(8), [0.0; 2]));
    assert!(!city.move_vehicle(id, [f64::NAN, 0.0]));
    let near = |at| city.near(at, 5.0, &filter, &Seer).unwrap().len();
    assert_eq!((near([0.0; 2]), near([500.0; 2])), (0, 1));
}

#[test]
fn without_the_key_vehicles_of_no_household_are_found() {
    let mut ground = sample::city(0);
    for (bits, household) in [(1, None), (2, Some(HouseholdId::from_bits(1)))] {
        let id = VehicleId::from_bits(bits);
        let vehicle = Vehicle {
            id,
            source: source(),
            kind: VehicleKind::Cart,
            plate: crate::base::Sealed::new("测E1"),
            household,
            position: [0.0; 3],
        };
        ground.vehicles.insert(id, vehicle);
    }
    let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    let filter = Filter::kind(EntityKind::Vehicle);
    let locked = Filter {
        no_owned_vehicles: true,
        ..filter.clone()
    };
    assert!(!filter.is_one_by_one() && filter.is_of_people());
    let near = |filter| city.near([0.0; 2], 5.0, filter, &Seer).unwrap().len();
    assert_eq!((near(&filter), near(&locked)), (2, 1));
    assert_eq!(city.near([0.0; 2], 5.0, &filter, &Nobody).unwrap().len(), 1);
}

#[test]
fn areas_are_found_by_outline_and_chain() {
    let mut ground = sample::city(1);
    let outline = |x: f64, size: f64| {
        let ring: LineString<f64> =
            vec![(x, -50.0), (x + size, -50.0), (x + size, 50.0), (x, 50.0)].into();
        Some(Polygon::new(ring, Vec::new()))
    };
    let [whole, part] = ["whole", "part"].map(|key| AreaId::from_source("random", key));
    let mut area = sample::people::area(whole, whole);
    (area.parent, area.level, area.polygon) = (None, AreaLevel::Community, outline(-50.0, 200.0));
    ground.areas.insert(whole, area);
    let mut area = sample::people::area(part, whole);
    area.polygon = outline(-50.0, 52.0);
    ground.areas.insert(part, area);
    let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    assert_eq!(city.areas().at(city.ground(), [0.0, 0.0]), Some(part));
    assert_eq!(city.areas().at(city.ground(), [5.0, 0.0]), Some(whole));
    assert_eq!(city.areas().at(city.ground(), [500.0, 0.0]), None);
    assert!(city.areas().is_in(part, whole) && !city.areas().is_in(whole, part));
    let mut filter = Filter::kind(EntityKind::Building);
    filter.area = Some(whole);
    let region = Region::area(city.ground(), whole).unwrap();
    let all = city
        .within(&region, &Filter::kind(EntityKind::Building), &Nobody)
        .len();
    assert_eq!(city.within(&region, &filter, &Seer).len(), all);
    let stats = city.stats(Division::Level(AreaLevel::Community), &filter, &Seer);
    assert_eq!(stats.cells.len(), 1);
    assert_eq!(stats.cells[0].cell, CellKey::Area(whole));
    let unknown = EntityRef {
        kind: EntityKind::Camera,
        bits: CameraId::from_bits(1).bits(),
    };
    assert_eq!(city.area_of(unknown), None);
}

#[test]
fn single_people_are_listed_for_nobody_and_counted_for_everybody() {
    let mut ground = sample::city(0);
    let house = *ground.buildings.keys().next().unwrap();
    for home in ["a", "b", "c", "d", "e", "f"] {
        move_in(&mut ground, house, home, 1);
    }
    let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
    let filter = Filter::kind(EntityKind::Resident);
    let near = |rights: &dyn crate::base::Rights| {
        city.near([0.0; 2], 99.0, &filter, rights).unwrap().len()
    };
    assert_eq!((near(&Nobody), near(&Seer)), (0, 6));
    let stats = city.stats(Division::Square(100.0), &filter, &Nobody);
    assert_eq!(stats.total["resident"], Suppressed::Told(6));
}
