//! Gusu district: its description against the published figures, and a piece of it built; and a
//! made-up district of five communities, which is described by data alone. The whole district is
//! built by `pingjiang generate --area gusu` (docs/measures.md), not here: it takes too long.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Area, BooleanOps};
use geo_types::{MultiPolygon, Polygon};
use pingjiang::access;
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::{
    AreaLevel, Building, CameraOwner, Ground, KindTable, RoadKind, RoofStyle, ServiceGroup,
    WaterKind, content_hash, resident_faults,
};
use pingjiang::space::{Bounds2, area_m2};

mod support;

fn gusu() -> AreaSpec {
    AreaSpec::named("gusu").expect("the embedded description is valid")
}

fn ground_of(spec: &AreaSpec, seed: u64) -> Ground {
    let city = citygen::generate(spec, seed).expect("the description leads to a city");
    let mut ground = Ground::new(city.info);
    for entity in city.entities {
        assert!(ground.put(entity).is_none(), "an id stands twice");
    }
    ground
}

#[test]
fn the_description_holds_the_published_figures() {
    let spec = gusu();
    assert_eq!(spec.streets.len(), 8);
    let mut codes = BTreeSet::new();
    let mut m2 = 0.0;
    for street in &spec.streets {
        let mut names = BTreeSet::new();
        for part in &street.part {
            let [west, south, east, north] = part.outline_m;
            m2 += (east - west) * (north - south);
            for [code, name] in &part.communities {
                assert!(code.starts_with(&street.code) && code.len() == 12, "{code}");
                assert!(codes.insert(code.clone()) && names.insert(name), "{name}");
            }
        }
    }
    let villages = codes.iter().filter(|code| code[9..].starts_with('2'));
    assert_eq!((codes.len(), villages.count()), (171, 2));
    assert!((m2 / 83.4e6 - 1.0).abs() < 0.01, "{m2}");
    assert!(spec.near.keys().all(|code| codes.contains(code)));
    assert_eq!(spec.people.residents, 928_400);
    assert_eq!(spec.devices.values().sum::<usize>(), 8_000);
    assert_eq!(spec.devices.len(), KindTable::standard().all().len());
    assert_eq!(spec.things.cameras, 10_000);
    assert!(spec.name_zh.contains("合成") && spec.name_en.contains("synthetic"));
    let towers: BTreeMap<&str, f64> = spec
        .site
        .iter()
        .flat_map(|site| &site.tower)
        .map(|tower| (tower.name.as_str(), tower.height_m))
        .collect();
    assert_eq!(towers["北寺塔"], 76.0);
    assert_eq!(towers.len(), 5);
}

#[test]
fn names_and_codes_are_those_of_the_statistics() {
    let list = support::borrowed("gusu/gusu_communities_171.csv");
    let Some(list) = list.and_then(|path| std::fs::read_to_string(path).ok()) else {
        return;
    };
    let known: BTreeMap<&str, &str> = list
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let spec = gusu();
    let ours = spec.streets.iter().flat_map(|street| &street.part);
    let ours: Vec<_> = ours.flat_map(|part| &part.communities).collect();
    assert_eq!(ours.len(), known.len());
    for [code, name] in ours {
        let full = known[code.as_str()];
        let short = full.trim_end_matches("居委会").replace("村委会", "村");
        assert_eq!(*name, short, "{code}");
    }
}

#[test]
fn pieces_of_ground_do_not_overlap() {
    let spec = gusu();
    let parts: Vec<[f64; 4]> = spec
        .streets
        .iter()
        .flat_map(|street| street.part.iter().map(|part| part.outline_m))
        .collect();
    for (at, a) in parts.iter().enumerate() {
        for b in &parts[at + 1..] {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
            assert!(apart, "{a:?} {b:?}");
        }
    }
}

/// The south-west of the old city: one street's ground inside the moat, its people and things in
/// proportion; everything else of the description as it is.
fn south_west() -> AreaSpec {
    let mut spec = gusu();
    spec.streets.retain(|street| street.code == "320508020");
    spec.streets[0]
        .part
        .retain(|part| part.quarter == "southwest");
    spec.site.retain(|site| site.name == "瑞光塔");
    spec.people.households = 12_000;
    spec.people.residents = 29_400;
    spec.devices.values_mut().for_each(|count| *count /= 20);
    spec.things.cameras = 400;
    spec.things.cars = 900;
    spec.things.ebikes = 1_500;
    spec.things.carts = 60;
    spec.things.events = 380;
    spec
}

#[test]
fn a_piece_of_the_old_city() {
    let spec = south_west();
    let city = ground_of(&spec, 1);
    assert_eq!(city.households.len(), 12_000);
    assert_eq!(city.residents.len(), 29_400);
    assert_eq!(city.cameras.len(), 400);
    let linked = city.residents.values().filter(|one| one.dwelling.is_some());
    assert!((linked.count() as f64 / 29_400.0 - 0.9).abs() < 0.002);
    let faults = resident_faults(&city, &spec.as_of, &access::for_statistics());
    let share = faults.expect("nothing is locked").len() as f64 / 29_400.0;
    assert!((share - 0.30).abs() < 0.01, "{share}");
    for one in city.buildings.values() {
        let pagoda = one.roof == RoofStyle::Pagoda;
        assert!(one.height_m < 24.0 || pagoda, "{:?}", one.address);
        assert!(one.area.is_some());
    }
    let pagoda = city
        .buildings
        .values()
        .find(|one| one.roof == RoofStyle::Pagoda);
    assert_eq!(pagoda.expect("Ruiguang").height_m, 53.6);
    let walk_ups = city
        .buildings
        .values()
        .filter(|one| one.storeys >= 5)
        .count();
    let low = city
        .buildings
        .values()
        .filter(|one| one.storeys <= 2)
        .count();
    assert!(walk_ups > 150 && low > 2 * walk_ups, "{walk_ups} {low}");
    let owners: BTreeSet<_> = city.cameras.values().map(|one| one.owner).collect();
    assert!(!owners.contains(&CameraOwner::Community) && owners.len() == 2);
    let ids: BTreeSet<_> = city.cameras.values().map(|one| &one.gb28181_id).collect();
    assert!(ids.len() == 400 && ids.iter().all(|id| id.len() == 20));
    check_areas(&city, 10);
    check_events(&city, 380);
    check_overlaps(&city);
}

#[test]
fn the_same_seed_gives_the_same_district() {
    let spec = toy();
    let hash = |seed| content_hash(&ground_of(&spec, seed), &access::for_keeping());
    let first = hash(1).expect("nothing is locked");
    assert_eq!(hash(1).as_deref(), Some(first.as_str()));
    assert_ne!(hash(2).as_deref(), Some(first.as_str()));
}

/// Communities, grids with their workers, and outlines that are whole.
fn check_areas(city: &Ground, communities: usize) {
    let of = |level| city.areas.values().filter(move |area| area.level == level);
    assert_eq!(of(AreaLevel::Community).count(), communities);
    let polygon = |polygon: &Option<Polygon<f64>>| polygon.as_ref().map_or(0.0, area_m2);
    for community in of(AreaLevel::Community) {
        assert!(community.code.is_some());
        let grids: Vec<f64> = of(AreaLevel::Grid)
            .filter(|grid| grid.parent == Some(community.id))
            .map(|grid| polygon(&grid.polygon))
            .collect();
        let whole = polygon(&community.polygon);
        assert!((grids.iter().sum::<f64>() / whole - 1.0).abs() < 0.01);
        let size = whole / grids.len() as f64;
        assert!((15_000.0..30_000.0).contains(&size), "{size}");
    }
    let workers = city
        .responders
        .values()
        .filter(|one| one.title.ends_with("网格员"));
    assert_eq!(workers.count(), of(AreaLevel::Grid).count());
}

fn check_events(city: &Ground, count: usize) {
    assert_eq!(city.events.len(), count);
    let groups: BTreeSet<_> = city.events.values().map(|one| one.group).collect();
    assert_eq!(groups.len(), ServiceGroup::ALL.len());
    assert!(city.events.values().any(|one| one.is_open()));
}

fn bounds(polygon: &Polygon<f64>) -> Bounds2 {
    Bounds2::from_points(polygon.exterior().0.iter().map(|c| [c.x, c.y]))
}

/// No house stands in the water, on a road or in another house; what a sheared grid costs at a
/// corner is allowed.
fn check_overlaps(city: &Ground) {
    type Shape = (Bounds2, MultiPolygon<f64>);
    let shape = |one: &Polygon<f64>| (bounds(one), MultiPolygon::new(vec![one.clone()]));
    let roads = city.roads.values();
    let roads = roads.filter(|road| road.kind != RoadKind::Bridge);
    let water = city.water.values().map(|one| &one.polygon);
    let fixed: Vec<Shape> = roads
        .flat_map(|road| &road.surfaces)
        .chain(water)
        .map(shape)
        .collect();
    let mut houses: Vec<Shape> = city
        .buildings
        .values()
        .map(|one: &Building| shape(&one.footprint))
        .collect();
    houses.sort_by(|a, b| a.0.min[0].total_cmp(&b.0.min[0]));
    let share = |a: &Shape, b: &Shape| {
        if !a.0.intersects(&b.0) {
            return 0.0;
        }
        a.1.intersection(&b.1).unsigned_area() / a.1.unsigned_area()
    };
    let mut wrong = 0;
    for (at, house) in houses.iter().enumerate() {
        let next = houses[at + 1..].iter();
        let next = next.take_while(|other| other.0.min[0] < house.0.max[0]);
        let worst = fixed.iter().chain(next).map(|other| share(house, other));
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 0.12, "{worst}");
        wrong += usize::from(worst > 0.02);
    }
    assert!(wrong * 100 < houses.len(), "{wrong} of {}", houses.len());
}

/// A district that nobody has heard of: two streets, five communities, a moat that a street
/// crosses, a canal, a river across the plan.
fn toy() -> AreaSpec {
    let text = include_str!("data/toy_district.toml");
    let pilot = include_str!("../maps/zjl/area.toml");
    let from = |start: &str, end: &str| {
        let (a, b) = (pilot.find(start).expect(start), pilot.find(end).expect(end));
        pilot[a..b].to_owned()
    };
    let houses = from("[houses]", "[people]");
    let rest = from("# Labels:", "[things]");
    let spec = AreaSpec::from_toml(&[text, &houses, &rest].join("\n"));
    spec.expect("a valid description")
}

#[test]
fn a_made_up_district_is_data_alone() {
    let city = ground_of(&toy(), 3);
    check_areas(&city, 5);
    check_events(&city, 90);
    check_overlaps(&city);
    assert_eq!(
        (city.households.len(), city.residents.len()),
        (2_600, 6_000)
    );
    let stations = city
        .places
        .values()
        .filter(|one| one.name.ends_with("服务站"));
    assert_eq!(stations.count(), 5);
    let water = |kind| city.water.values().filter(move |one| one.kind == kind);
    let moat: Vec<Bounds2> = water(WaterKind::Moat)
        .map(|one| bounds(&one.polygon))
        .collect();
    assert_eq!((moat.len(), water(WaterKind::Canal).count()), (1, 3));
    let bridges = city
        .roads
        .values()
        .filter(|road| road.kind == RoadKind::Bridge);
    let wide = bridges.clone().filter(|road| {
        let over = |side: &Bounds2| road.surfaces.iter().any(|one| bounds(one).intersects(side));
        road.width_m > 8.0 && moat.iter().any(over)
    });
    assert_eq!(wide.count(), 1, "one street is carried over the moat");
    assert!(bridges.count() > 3);
}

#[test]
fn invented_names_do_not_repeat_within_a_street() {
    let mut spec = toy();
    spec.streets.truncate(1);
    (spec.people.households, spec.people.residents) = (1_000, 2_300);
    let city = ground_of(&spec, 1);
    let mut seen = BTreeSet::new();
    let lanes = city
        .roads
        .values()
        .filter(|road| road.kind == RoadKind::Lane);
    let names = lanes.filter_map(|road| road.name.as_ref());
    let named: Vec<_> = names.filter(|name| !name.ends_with("支弄")).collect();
    let twice: Vec<_> = named.iter().filter(|name| !seen.insert(**name)).collect();
    assert!(named.len() > 30 && twice.is_empty(), "{twice:?}");
    let estates: Vec<_> = city.places.values().map(|one| &one.name).collect();
    let distinct: BTreeSet<_> = estates.iter().collect();
    assert_eq!(distinct.len(), estates.len());
}

#[test]
fn what_does_not_fit_together_is_named() {
    let check = |change: fn(&mut String), named: &str| {
        let mut text = include_str!("data/toy_district.toml").to_owned();
        let pilot = include_str!("../maps/zjl/area.toml");
        let (a, b) = (
            pilot.find("[houses]").unwrap(),
            pilot.find("[people]").unwrap(),
        );
        text.push_str(&pilot[a..b]);
        text.push_str("[devices]\nsmoke = 10\n");
        change(&mut text);
        let fault = AreaSpec::from_toml(&text).expect_err(named).to_string();
        assert!(fault.contains(named), "{fault}");
    };
    check(
        |text| *text = text.replace("quarter = \"new\"", "quarter = \"moon\""),
        "moon",
    );
    check(
        |text| *text = text.replace("outline_m = [-600.0", "outline_m = [600.0"),
        "outline_m",
    );
    check(
        |text| text.push_str("[street]\ncode = \"1\"\nname = \"s\"\n"),
        "not both",
    );
    check(
        |text| *text = text.replace("v_m = [-500.0, 500.0]", "v_m = [500.0]"),
        "place.pull",
    );
    check(
        |text| *text = text.replace("width_m = 9.0\nbank", "width_m = 0.0\nbank"),
        "stream",
    );
}
