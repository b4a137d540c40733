//! The generator away from its first place: another area, and cities that were imported.

use std::collections::BTreeSet;

use geo_types::polygon;
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::{Building, Entity, Ground, KindTable};

/// A quarter elsewhere: smaller, turned the other way, without sites, with one canal.
fn small() -> String {
    let text = include_str!("../maps/zjl/area.toml");
    let bands = text.find("[[band]]").expect("bands");
    let after = text.find("[blocks]").expect("blocks");
    let canal = "[[band]]\nname = \"c\"\nname_en = \"c\"\nkind = \"canal\"\nruns = \"ns\"\nat_m = 20.0\n\
                 width_m = 8.0\nquay = \"west\"\nquay_m = 3.0\nquay_name = \"q\"\nquay_name_en = \"q\"\n";
    let text = format!("{}{canal}{}", &text[..bands], &text[after..]);
    [
        ("id = \"zjl\"", "id = \"small\""),
        ("crs = 4549", "crs = 4548"),
        ("lon = 120.6065", "lon = 117.2"),
        ("lat = 31.3165", "lat = 36.6"),
        ("turn_deg = 9.0", "turn_deg = -21.0"),
        ("width_m = 525.0", "width_m = 240.0"),
        ("depth_m = 400.0", "depth_m = 180.0"),
        ("context_m = 50.0", "context_m = 0.0"),
        ("households = 2156", "households = 300"),
        ("residents = 4451", "residents = 640"),
        ("grids = 10", "grids = 3"),
    ]
    .into_iter()
    .fold(text, |text, (from, to)| {
        assert!(text.contains(from), "the test's own text: {from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn another_area_works_as_well() {
    let spec = AreaSpec::from_toml(&small()).expect("a valid description");
    for seed in 0..8 {
        let city = citygen::generate(&spec, seed).expect("a city");
        let count =
            |wanted: fn(&Entity) -> bool| city.entities.iter().filter(|one| wanted(one)).count();
        assert_eq!(count(|one| matches!(one, Entity::Household(_))), 300);
        assert_eq!(count(|one| matches!(one, Entity::Resident(_))), 640);
        assert_eq!(count(|one| matches!(one, Entity::Device(_))), 2_460);
        assert_eq!(count(|one| matches!(one, Entity::Camera(_))), 76);
        assert!(count(|one| matches!(one, Entity::Building(_))) > 60);
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let crowded = small().replacen("households = 300", "households = 30000", 1);
    let crowded = crowded.replacen("residents = 640", "residents = 64000", 1);
    let spec = AreaSpec::from_toml(&crowded).expect("a valid description");
    let fault = citygen::generate(&spec, 1)
        .expect_err("no room")
        .to_string();
    assert!(
        fault.contains("people.households") && fault.contains("small"),
        "{fault}"
    );
    let text = include_str!("../maps/zjl/area.toml").replacen(
        "at = [98.0, -70.0]",
        "at = [98.0, 24.0]",
        1,
    );
    let spec = AreaSpec::from_toml(&text).expect("a valid description");
    let fault = citygen::generate(&spec, 1)
        .expect_err("in the canal")
        .to_string();
    assert!(fault.contains("申前市场"), "{fault}");
}

fn imported(count: usize) -> Ground {
    let city = citygen::generate(&AreaSpec::named("zjl").expect("known"), 1).expect("a city");
    let mut ground = Ground::new(city.info);
    let model = city.entities.into_iter().find_map(|one| match one {
        Entity::Building(building) => Some(*building),
        _ => None,
    });
    let model = model.expect("a building");
    for number in 0..count {
        let (x, y) = (20.0 * (number % 90) as f64, 25.0 * (number / 90) as f64);
        ground.put(Entity::from(Building {
            id: pingjiang::base::BuildingId::from_source("test", &number.to_string()),
            footprint: polygon![(x: x, y: y), (x: x + 12.0, y: y), (x: x + 12.0, y: y + 9.0), (x: x, y: y + 9.0)],
            ..model.clone()
        }));
    }
    ground
}

#[test]
fn an_imported_city_gets_exactly_what_was_asked_for() {
    let ground = imported(8_242);
    let all = citygen::devices_into(&ground, &KindTable::standard(), 18_000, 500, 7)
        .expect("there are buildings");
    assert_eq!(
        all,
        citygen::devices_into(&ground, &KindTable::standard(), 18_000, 500, 7).expect("again")
    );
    let mut kinds = BTreeSet::new();
    let mut places = BTreeSet::new();
    let mut cameras = 0;
    let mut ids = BTreeSet::new();
    for one in &all {
        assert!(ids.insert(one.key()), "an id stands twice");
        match one {
            Entity::Device(device) => {
                kinds.insert(device.kind.clone());
                assert!(places.insert(device.position.map(|c| (c * 1e3).round() as i64)));
            }
            Entity::Camera(_) => cameras += 1,
            other => panic!("{:?}", other.key()),
        }
    }
    assert_eq!((places.len(), cameras), (18_000, 500));
    assert_eq!(kinds.len(), KindTable::standard().all().len());
    for few in [0, 1, 13, 14] {
        assert_eq!(
            citygen::devices_into(&ground, &KindTable::standard(), few, 0, 7)
                .expect("few")
                .len(),
            few
        );
    }
}

#[test]
fn a_city_without_buildings_is_refused() {
    let fault = citygen::devices_into(&imported(0), &KindTable::standard(), 10, 0, 1)
        .expect_err("nothing to hang on");
    assert!(fault.to_string().contains("no buildings"), "{fault}");
}
