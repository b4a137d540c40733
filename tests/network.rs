//! The lane network of whole cities: the generated community and a borrowed OpenStreetMap file.

#[path = "support/mod.rs"]
mod support;

use std::sync::LazyLock;

use pingjiang::base::ImportId;
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::ingest::{self, Origin, ReadOptions};
use pingjiang::model::network::{
    EngineReach, Network, Parts, Stopped, Target, Traveller, TravellerTable,
};
use pingjiang::model::{CityInfo, FacilityKind, Ground, entrance_of};
use pingjiang::space::{self, Crs, Datum};

static TRAVELLERS: LazyLock<TravellerTable> = LazyLock::new(TravellerTable::standard);

fn traveller(id: &str) -> &'static Traveller {
    TRAVELLERS.get(id).expect("a standard traveller")
}

static COMMUNITY: LazyLock<Ground> = LazyLock::new(|| {
    let spec = AreaSpec::named("zjl").expect("embedded");
    let city = citygen::generate(&spec, 1).expect("a city");
    let mut ground = Ground::new(city.info);
    for entity in city.entities {
        ground.put(entity);
    }
    ground
});

fn helsinki() -> Option<Ground> {
    let path = support::borrowed("vector/Helsinki.osm.pbf")?;
    let file = ingest::read_file(&path, &ReadOptions::default()).expect("it can be read");
    let target = ingest::Target {
        crs: Crs::from_epsg(32635).expect("built in"),
        extent: None,
    };
    let origin = Origin {
        dataset: "helsinki".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let converted = ingest::convert(file.raw, &target, &origin).expect("it converts");
    let mut ground = Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: "Helsinki".into(),
        crs: "EPSG:32635".into(),
        vertical_datum: "not stated".into(),
        utc_offset_minutes: 120,
        synthetic: false,
    });
    for entity in converted.entities {
        ground.put(entity);
    }
    Some(ground)
}

#[test]
fn the_community_hangs_together() {
    let network = Network::of(&COMMUNITY);
    let made = network.made();
    assert_eq!((made.rails, made.broken), (0, 0));
    // Alleys that lead down to water from between houses have no line.
    let roads = COMMUNITY.roads.values();
    assert_eq!(
        made.surfaces_only,
        roads.filter(|road| road.line.0.is_empty()).count()
    );
    for (id, least) in [
        ("foot", 0.99),
        ("cart", 0.99),
        ("engine", 0.99),
        ("engine_small", 0.98),
    ] {
        let parts = Parts::of(&network, traveller(id));
        let told = &parts.parts[..parts.parts.len().min(8)];
        assert!(parts.longest_share() >= least, "{id}: {made:?} {told:?}");
    }
}

#[test]
fn every_building_of_the_community_is_reached_on_foot() {
    let network = Network::of(&COMMUNITY);
    let foot = traveller("foot");
    let parts = Parts::of(&network, foot);
    let mut unreached = Vec::new();
    for building in COMMUNITY.buildings.values() {
        let entrance = entrance_of(&network, &building.footprint, foot);
        let entrance = entrance.expect("roads are everywhere");
        let corners: Vec<_> = building.footprint.exterior().0.clone();
        let on_wall = corners.windows(2).map(|pair| {
            space::distance_to(
                [[pair[0].x, pair[0].y], [pair[1].x, pair[1].y]],
                entrance.at,
            )
        });
        assert!(
            on_wall.fold(f64::INFINITY, f64::min) < 1e-6,
            "{}",
            building.id
        );
        if parts.of_edge(entrance.spot.edge) != Some(0) {
            unreached.push(building.id);
        }
    }
    assert!(
        unreached.is_empty(),
        "{unreached:?} are at roads that lead nowhere"
    );
}

#[test]
fn an_engine_gets_near_every_building_of_the_community() {
    let network = Network::of(&COMMUNITY);
    let (foot, large, small) = (
        traveller("foot"),
        traveller("engine"),
        traveller("engine_small"),
    );
    let hydrants = COMMUNITY.facilities.values();
    let hydrants = hydrants.filter(|one| one.kind == FacilityKind::Hydrant);
    let hydrants: Vec<_> = hydrants
        .filter_map(|one| network.attach([one.position[0], one.position[1]], foot))
        .collect();
    assert!(!hydrants.is_empty());
    let reaches = [large, small].map(|engine| {
        let from = network.gateways(engine);
        assert!(!from.is_empty());
        EngineReach::of(&network, engine, foot, &from)
    });
    for building in COMMUNITY.buildings.values() {
        let asked = |reach: &EngineReach| {
            let target = Target::Outline(&building.footprint);
            reach
                .access(target, &hydrants, 3)
                .expect("there are streets")
        };
        let [of_large, of_small] = [asked(&reaches[0]), asked(&reaches[1])];
        assert_eq!(of_large.hydrants.len(), 3);
        // Where the large one comes, the small one comes as well.
        assert!(of_small.hose_m <= of_large.hose_m + 1e-6, "{}", building.id);
        for (access, engine) in [(&of_large, large), (&of_small, small)] {
            assert!(network.may_use(access.stop.edge, engine));
            assert_eq!(access.obstacle.is_none(), access.legs.is_empty());
            if let Some(obstacle) = &access.obstacle {
                let hindered = engine.hindrance(obstacle.kind, obstacle.width_m);
                assert_eq!(hindered.is_none(), obstacle.why == Stopped::CutOff);
            }
        }
    }
}

#[test]
fn a_real_map_hangs_together() {
    let Some(ground) = helsinki() else { return };
    let network = Network::of(&ground);
    let made = network.made();
    let expected = made.length_m + made.gap_m;
    assert!((network.length_m() - expected).abs() < 0.001 * expected);
    for one in TRAVELLERS.all() {
        let parts = Parts::of(&network, one);
        println!(
            "{}: {} parts, the longest holds {:.1} % of the length",
            one.id,
            parts.parts.len(),
            100.0 * parts.longest_share()
        );
    }
    let share = Parts::of(&network, traveller("foot")).longest_share();
    assert!(share > 0.97, "{share} {made:?}");
}
