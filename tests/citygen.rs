//! The pilot community as generated: figures, form, links, faults, and other descriptions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use geo::{Area, BooleanOps};
use geo_types::{Coord, MultiPolygon, Polygon};
use pingjiang::access;
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::{
    AreaLevel, Building, DeviceKind, Ground, KindTable, RecordFault, RoadKind, RoofStyle,
    content_hash, resident_faults,
};
use pingjiang::space::{Bounds2, area_m2, clean_polygon};

fn ground_of(spec: &AreaSpec, seed: u64) -> Ground {
    let city = citygen::generate(spec, seed).expect("the description leads to a city");
    let mut ground = Ground::new(city.info);
    for entity in city.entities {
        assert!(ground.put(entity).is_none(), "an id stands twice");
    }
    ground
}

fn zjl() -> AreaSpec {
    AreaSpec::named("zjl").expect("the embedded description is valid")
}

static CITY: LazyLock<Ground> = LazyLock::new(|| ground_of(&zjl(), 1));

fn hash(ground: &Ground) -> String {
    content_hash(ground, &access::for_keeping()).expect("nothing is locked")
}

#[test]
fn the_published_counts_are_exact() {
    let city = &*CITY;
    assert_eq!(city.households.len(), 2_156);
    assert_eq!(city.residents.len(), 4_451);
    assert!(city.info.synthetic && city.info.crs == "EPSG:4549");
    assert!(city.devices.len() >= 2_000);
    let kinds: BTreeSet<_> = city
        .devices
        .values()
        .map(|device| device.kind.clone())
        .collect();
    let table = KindTable::standard();
    let known: BTreeSet<_> = table
        .all()
        .iter()
        .map(|kind: &DeviceKind| kind.id.clone())
        .collect();
    assert_eq!(kinds, known, "exactly the thirteen kinds");
    assert!((60..=90).contains(&city.cameras.len()));
    assert_eq!(city.vehicles.len(), 600);
    assert!(city.facilities.len() > 20 && city.responders.len() > 15);
}

#[test]
fn the_same_seed_gives_the_same_city() {
    assert_eq!(hash(&CITY), hash(&ground_of(&zjl(), 1)));
    assert_ne!(hash(&CITY), hash(&ground_of(&zjl(), 2)));
}

#[test]
fn a_change_to_one_subject_leaves_the_others_alone() {
    let mut spec = zjl();
    spec.things.cameras += 3;
    spec.devices.insert("smoke".to_owned(), 500);
    let other = ground_of(&spec, 1);
    assert_eq!(other.residents, CITY.residents);
    assert_eq!(other.buildings, CITY.buildings);
    assert!(other.devices.len() > CITY.devices.len());
}

#[test]
fn areas_divide_the_community() {
    let areas = CITY.areas.values();
    let of = |level| areas.clone().filter(move |area| area.level == level);
    let community = of(AreaLevel::Community).next().expect("a community");
    let size = area_m2(community.polygon.as_ref().expect("an outline"));
    assert!((size / 210_000.0 - 1.0).abs() < 0.01, "{size}");
    let mut sum = 0.0;
    for grid in of(AreaLevel::Grid) {
        let size = area_m2(grid.polygon.as_ref().expect("an outline"));
        assert!(
            (10_000.0..=26_000.0).contains(&size),
            "{}: {size}",
            grid.name
        );
        assert_eq!(grid.parent, Some(community.id));
        sum += size;
    }
    assert!((8..=10).contains(&of(AreaLevel::Grid).count()));
    assert!((sum / size - 1.0).abs() < 0.002, "{sum} of {size}");
    assert_eq!(
        of(AreaLevel::District).count() + of(AreaLevel::Street).count(),
        2
    );
    assert!(CITY.buildings.values().all(|one| one.area.is_some()));
}

#[test]
fn footprints_follow_the_old_city() {
    let mut sizes: Vec<f64> = CITY
        .buildings
        .values()
        .map(|one| area_m2(&one.footprint))
        .collect();
    sizes.sort_by(f64::total_cmp);
    let at = |share: f64| sizes[(share * sizes.len() as f64) as usize];
    let wanted = &zjl().footprints;
    for (share, wanted) in [(0.25, wanted.p25), (0.5, wanted.p50), (0.75, wanted.p75)] {
        let ratio = at(share) / wanted;
        assert!(
            (0.75..=1.25).contains(&ratio),
            "p{}: {}",
            share * 100.0,
            at(share)
        );
    }
    let storeys = |most: u16| {
        CITY.buildings
            .values()
            .filter(|one| one.storeys <= most)
            .count()
    };
    assert!(
        storeys(2) * 10 > sizes.len() * 8,
        "mostly one and two storeys"
    );
    assert!(
        CITY.buildings
            .values()
            .any(|one| one.storeys >= 5 && one.roof == RoofStyle::Flat)
    );
    assert!(
        CITY.buildings
            .values()
            .all(|one| one.height_m < 24.0 && one.height_m > 2.0)
    );
}

#[test]
fn lanes_are_lanes_and_bridges_are_small() {
    let (mut lanes, mut blind) = (0, 0);
    for road in CITY.roads.values() {
        match road.kind {
            // An alley that leads nowhere is ground to stand on, and no way.
            RoadKind::Lane if road.line.0.is_empty() => {
                assert!(!road.surfaces.is_empty(), "{:?}", road.name);
                blind += 1;
            }
            RoadKind::Lane => {
                assert!((2.0..=4.0).contains(&road.width_m), "{:?}", road.name);
                // Bent as it is on the ground: area over length.
                let length_m: f64 = road.line.0.windows(2).map(|p| distance(p[0], p[1])).sum();
                let drawn_m: f64 = road.surfaces.iter().map(area_m2).sum::<f64>() / length_m;
                assert!((1.5..=4.0).contains(&drawn_m), "{:?}: {drawn_m}", road.name);
                lanes += 1;
            }
            RoadKind::Quay => assert!((3.0..=5.0).contains(&road.width_m)),
            RoadKind::Street => assert!((7.0..=9.0).contains(&road.width_m)),
            _ => {}
        }
    }
    assert!(lanes > 30 && blind < lanes / 2, "{lanes} {blind}");
    let bridges = CITY
        .roads
        .values()
        .filter(|road| road.kind == RoadKind::Bridge);
    let small = bridges
        .clone()
        .filter(|road| (1.8..=3.9).contains(&road.width_m));
    assert!(small.count() >= 5 && bridges.count() <= 24);
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

type Edge = [(u64, u64); 2];

fn edges(building: &Building) -> BTreeSet<Edge> {
    let bits = |c: &Coord<f64>| (c.x.to_bits(), c.y.to_bits());
    let rings =
        std::iter::once(building.footprint.exterior()).chain(building.footprint.interiors());
    let mut edges = BTreeSet::new();
    for pair in rings.flat_map(|ring| ring.0.windows(2)) {
        let (a, b) = (bits(&pair[0]), bits(&pair[1]));
        edges.insert([a.min(b), a.max(b)]);
    }
    edges
}

#[test]
fn party_walls_are_mutual_and_really_shared() {
    let outlines: BTreeMap<_, _> = CITY
        .buildings
        .iter()
        .map(|(id, one)| (*id, edges(one)))
        .collect();
    let mut shared = 0;
    for (id, one) in &CITY.buildings {
        for other in &one.party_walls {
            assert!(
                CITY.buildings[other].party_walls.contains(id),
                "{id} and {other}"
            );
            assert!(
                !outlines[id].is_disjoint(&outlines[other]),
                "{id} and {other}"
            );
            shared += 1;
        }
    }
    assert!(shared > CITY.buildings.len() / 2, "{shared}");
}

#[test]
fn outlines_need_no_repair() {
    let buildings = CITY.buildings.values().map(|one| &one.footprint);
    let water = CITY.water.values().map(|one| &one.polygon);
    let open = CITY.ground_areas.values().map(|one| &one.polygon);
    for polygon in buildings.chain(water).chain(open) {
        let (_, repairs) = clean_polygon(polygon.clone()).expect("a usable polygon");
        assert!(repairs.is_empty(), "{repairs:?}");
    }
}

fn bounds(polygon: &Polygon<f64>) -> Bounds2 {
    Bounds2::from_points(polygon.exterior().0.iter().map(|c| [c.x, c.y]))
}

/// The largest share of a building that one of these polygons covers.
fn worst_overlap<'a>(others: impl Iterator<Item = &'a Polygon<f64>>) -> f64 {
    let others: Vec<_> = others
        .map(|one| (bounds(one), MultiPolygon::new(vec![one.clone()])))
        .collect();
    let mut worst: f64 = 0.0;
    for building in CITY.buildings.values() {
        let box_ = bounds(&building.footprint);
        let own = MultiPolygon::new(vec![building.footprint.clone()]);
        for (_, other) in others.iter().filter(|(bounds, _)| bounds.intersects(&box_)) {
            worst = worst.max(own.intersection(other).unsigned_area() / own.unsigned_area());
        }
    }
    worst
}

#[test]
fn no_house_stands_in_the_water_or_on_a_road() {
    assert!(worst_overlap(CITY.water.values().map(|one| &one.polygon)) < 0.01);
    let roads = CITY
        .roads
        .values()
        .filter(|road| road.kind != RoadKind::Bridge);
    // A long front is a chord of its bent street.
    assert!(worst_overlap(roads.flat_map(|road| &road.surfaces)) < 0.02);
}

#[test]
fn no_house_stands_in_another() {
    let all: Vec<_> = CITY.buildings.values().collect();
    for (at, one) in all.iter().enumerate() {
        let own = bounds(&one.footprint);
        for other in &all[at + 1..] {
            if own.intersects(&bounds(&other.footprint)) {
                let common = one.footprint.intersection(&other.footprint).unsigned_area();
                let least = area_m2(&one.footprint).min(area_m2(&other.footprint));
                assert!(
                    common < 0.01 * least,
                    "{} {}: {common}",
                    one.source.key,
                    other.source.key
                );
            }
        }
    }
}

#[test]
fn links_and_faults_are_as_published() {
    let city = &*CITY;
    let linked = city
        .residents
        .values()
        .filter(|one| one.dwelling.is_some())
        .count();
    let rate = linked as f64 / city.residents.len() as f64;
    assert!((rate - 0.90).abs() < 0.005, "{rate}");
    let clearance = access::for_statistics();
    let faults = resident_faults(city, &zjl().as_of, &clearance).expect("nothing is locked");
    let share = faults.len() as f64 / city.residents.len() as f64;
    assert!((0.27..=0.33).contains(&share), "{share}");
    for kind in [
        RecordFault::Stale,
        RecordFault::Contradictory,
        RecordFault::UnmatchedAddress,
        RecordFault::Duplicate,
    ] {
        let count = faults
            .values()
            .filter(|found| found.contains(&kind))
            .count();
        assert!(count > 100, "{kind:?}: {count}");
    }
    let mut homes = BTreeSet::new();
    for dwelling in city.households.values().filter_map(|one| one.dwelling) {
        assert!(city.dwellings.contains_key(&dwelling) && homes.insert(dwelling));
    }
    assert!(city.dwellings.len() > city.households.len());
}

#[test]
fn the_people_could_live_here_but_are_nobody() {
    let clearance = access::for_statistics();
    let (mut old, mut alone, mut labelled) = (0, 0, 0);
    for one in CITY.residents.values() {
        let identity = one.identity_no.open(&clearance).expect("open");
        assert!(identity.starts_with("000000") && identity.len() == 18);
        let year: i32 = identity[6..10].parse().expect("a year");
        old += usize::from(year <= 1965);
        let labels = one.labels.open(&clearance).expect("open");
        alone += usize::from(labels.iter().any(|label| label == "elderly_alone"));
        labelled += usize::from(!labels.is_empty());
        let phone = one.phone.as_ref().and_then(|phone| phone.open(&clearance));
        assert!(phone.is_none_or(|phone| phone.len() == 11 && phone.starts_with("154")));
    }
    let share = |count: usize| count as f64 / CITY.residents.len() as f64;
    assert!((0.26..0.36).contains(&share(old)), "{}", share(old));
    assert!((0.05..0.11).contains(&share(alone)), "{}", share(alone));
    assert!(
        (0.10..0.25).contains(&share(labelled)),
        "{}",
        share(labelled)
    );
}

#[test]
fn devices_hang_where_they_belong() {
    let mut places = BTreeSet::new();
    for device in CITY.devices.values() {
        let at = device.own_position();
        assert!(
            places.insert(at.map(|c| (c * 1e3).round() as i64)),
            "two at {at:?}"
        );
        if let Some(building) = device.building.map(|id| &CITY.buildings[&id]) {
            let near = bounds(&building.footprint)
                .grown(0.01)
                .contains([at[0], at[1]]);
            let above = at[2] - building.ground_m;
            // Housings one over the other may add a little to the height.
            assert!(
                near && above > 0.0 && above < building.height_m + 1.5,
                "{}",
                device.source.key
            );
            // What everybody sees of one in a home says nothing of the storey.
            let open = device.dwelling.map(|_| [at[0], at[1], building.ground_m]);
            assert_eq!(device.position, open.unwrap_or(at));
        }
    }
    let mut ids = BTreeSet::new();
    for camera in CITY.cameras.values() {
        let id = &camera.gb28181_id;
        assert!(id.len() == 20 && id.bytes().all(|byte| byte.is_ascii_digit()) && ids.insert(id));
        assert_eq!(&id[10..13], "132");
        assert!((0.0..360.0).contains(&camera.heading_deg));
        let above = camera.position[2] - 3.2;
        assert!((4.0..=6.0).contains(&above), "{above}");
    }
}
