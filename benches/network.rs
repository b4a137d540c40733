//! What the lane network costs: making it, routes, distances, access of a fire engine, memory.
//! The borrowed map of Helsinki, the generated community, and a grid of a district's size.

use std::hint::black_box;
use std::time::{Duration, Instant};

use geo_types::{Coord, LineString};
use pingjiang::base::{ImportId, RoadId};
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::ingest::{self, Origin, ReadOptions};
use pingjiang::model::network::{
    EngineReach, Network, Parts, Spot, Target, Traveller, TravellerTable,
};
use pingjiang::model::{CityInfo, Entity, Ground, Road, RoadKind, Source, entrance_of};
use pingjiang::space::{Crs, Datum};

#[path = "../tests/support/mod.rs"]
mod support;

/// Ways that are asked for.
const ASKED: usize = 2_000;
/// Streets of the grid in each direction: as many edges as a district of 83 km² has.
const STREETS: usize = 150;
const BLOCK_M: f64 = 60.0;

fn main() {
    println!("| map | what | time |");
    println!("|---|---|---|");
    if let Some(ground) = helsinki() {
        measure("Helsinki", &ground);
    }
    measure("community", &community());
    measure("grid", &grid());
}

fn measure(map: &str, ground: &Ground) {
    let row = |what: &str, said: String| println!("| {map} | {what} | {said} |");
    let mut builds: Vec<Duration> = Vec::new();
    let mut network = Network::of(ground);
    for _ in 0..5 {
        let began = Instant::now();
        network = Network::of(ground);
        builds.push(began.elapsed());
    }
    builds.sort();
    let edges = network.edges().len();
    let what = format!("make it: {} roads, {edges} edges", network.made().roads);
    row(&what, format!("{:.1} ms", millis(builds[builds.len() / 2])));
    let bytes = network.bytes() / edges.max(1);
    row("memory", format!("{bytes} bytes an edge"));
    let travellers = TravellerTable::standard();
    let [foot, engine] = ["foot", "engine"].map(|id| travellers.get(id).expect("standard"));
    let spots = spots(&network, foot);
    let attach = each(spots.iter(), |spot| {
        black_box(network.attach([spot.at[0] + 7.0, spot.at[1] + 5.0], foot));
    });
    row("attach a place", attach);
    let pairs = spots.iter().zip(spots.iter().rev());
    let routes = each(pairs, |(from, to)| {
        black_box(network.route(from, to, foot).map(|way| way.length_m)).ok();
    });
    row("a route between any two places", routes);
    let fields = each(spots.iter(), |from| {
        black_box(
            network
                .distances(from, foot, 1_000.0)
                .nearest(&spots[..50], 10),
        );
    });
    row("the nearest 10 of 50 within 1 km", fields);
    let reaches = each(spots.iter(), |from| {
        black_box(network.reach(from, foot, 1_000.0));
    });
    row("reach of 1 km as lines", reaches);
    buildings(ground, &network, [foot, engine], &row);
}

fn buildings(
    ground: &Ground,
    network: &Network,
    [foot, engine]: [&Traveller; 2],
    row: &impl Fn(&str, String),
) {
    let began = Instant::now();
    let from = network.gateways(engine);
    let reach = EngineReach::of(network, engine, foot, &from);
    row(
        "where an engine gets",
        format!("{:.1} ms", millis(began.elapsed())),
    );
    let hydrants = &spots(network, foot)[..50];
    let asked: Vec<_> = ground.buildings.values().take(ASKED).collect();
    if asked.is_empty() {
        return;
    }
    let entrances = each(asked.iter(), |one| {
        black_box(entrance_of(network, &one.footprint, foot));
    });
    row("the entrance of a building", entrances);
    let accesses = each(asked.iter(), |one| {
        let target = Target::Outline(&one.footprint);
        black_box(reach.access(target, hydrants, 3)).ok();
    });
    row("access of an engine to a building", accesses);
}

/// The median and the 99th of a hundred.
fn each<T>(asked: impl Iterator<Item = T>, mut ask: impl FnMut(T)) -> String {
    let mut times: Vec<Duration> = asked
        .map(|one| {
            let began = Instant::now();
            ask(one);
            began.elapsed()
        })
        .collect();
    times.sort();
    let at = |share: f64| millis(times[((times.len() - 1) as f64 * share) as usize]);
    format!("{:.3} ms, p99 {:.3} ms", at(0.5), at(0.99))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Places all over the longest part, in no order.
fn spots(network: &Network, traveller: &Traveller) -> Vec<Spot> {
    let parts = Parts::of(network, traveller);
    let edges: Vec<u32> = (0..network.edges().len() as u32)
        .filter(|edge| parts.of_edge(*edge) == Some(0))
        .collect();
    // Steps that share no factor with the count reach every edge.
    let spots = (0..ASKED).map(|number| {
        let edge = edges[number * 7_919 % edges.len()];
        let along_m = network.edges()[edge as usize].length_m * 0.4;
        Spot {
            edge,
            along_m,
            at: network.line_between(edge, along_m, along_m)[0],
            off_m: 0.0,
        }
    });
    spots.collect()
}

fn community() -> Ground {
    let spec = AreaSpec::named("zjl").expect("embedded");
    let city = citygen::generate(&spec, 1).expect("a city");
    ground_of(city.info, city.entities)
}

fn ground_of(info: CityInfo, entities: Vec<Entity>) -> Ground {
    let mut ground = Ground::new(info);
    for entity in entities {
        ground.put(entity);
    }
    ground
}

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
    Some(ground_of(info(), converted.entities))
}

/// Streets across each other, every third a lane of 3 m.
fn grid() -> Ground {
    let length_m = (STREETS - 1) as f64 * BLOCK_M;
    let place = |x: f64, y: f64| Coord {
        x: 550_000.0 + x,
        y: 3_460_000.0 + y,
    };
    let roads = (0..2 * STREETS).map(|number| {
        let at_m = (number / 2) as f64 * BLOCK_M;
        let line = match number % 2 {
            0 => vec![place(at_m, 0.0), place(at_m, length_m)],
            _ => vec![place(0.0, at_m), place(length_m, at_m)],
        };
        let is_lane = number % 3 == 0;
        Entity::from(Road {
            id: RoadId::from_bits(number as u64),
            source: Source {
                dataset: "grid".into(),
                key: number.to_string(),
                import: ImportId::from_bits(1),
            },
            name: None,
            kind: if is_lane {
                RoadKind::Lane
            } else {
                RoadKind::Street
            },
            line: LineString(line),
            width_m: if is_lane { 3.0 } else { 7.0 },
            surfaces: Vec::new(),
        })
    });
    ground_of(info(), roads.collect())
}

fn info() -> CityInfo {
    CityInfo {
        name_zh: "图".into(),
        name_en: "Map".into(),
        crs: "EPSG:32635".into(),
        vertical_datum: "not stated".into(),
        utc_offset_minutes: 120,
        synthetic: false,
    }
}
