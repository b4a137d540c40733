//! What the spatial indexes cost for a million entities and 80,000 houses: building, memory, and
//! each question beside rstar, geo-index and PostGIS in the same run. All answers are counted, and
//! all must have found as many.
//!
//! `--entities N` (1,000,000), `--houses N` (80,000), `--places N` (4,000 questions a round).

mod peers;
mod postgis;
mod world;

use std::time::Instant;

use geo_types::Polygon;
use peers::Peers;
use postgis::Postgis;
use world::{Dice, houses};

const ROUNDS: usize = 5;
/// At most this many times the fastest of the peers in memory.
const AIM_PEERS: f64 = 1.3;
/// At least this many times as fast as PostGIS.
const AIM_POSTGIS: f64 = 40.0;

/// The district.
struct World {
    houses: Vec<Polygon<f64>>,
    entities: Vec<[f64; 2]>,
}

impl World {
    /// As many houses, and entities within 15 m of a corner of one of them.
    fn new(count: usize, entities: usize) -> Self {
        let houses = houses(count);
        let mut dice = Dice(2);
        let entities = (0..entities).map(|_| {
            let house = &houses[(dice.next() * houses.len() as f64) as usize];
            let corner = house.exterior().0[0];
            [corner.x, corner.y].map(|v| v + dice.between(-15.0, 15.0))
        });
        Self {
            entities: entities.collect(),
            houses,
        }
    }
}

/// What is asked about a place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Question {
    Radius,
    Nearest,
    Box,
    House,
}

impl Question {
    const ALL: [Self; 4] = [Self::Radius, Self::Nearest, Self::Box, Self::House];

    fn name(self) -> &'static str {
        match self {
            Self::Radius => "radius 100 m",
            Self::Nearest => "nearest 10",
            Self::Box => "box of 200 m",
            Self::House => "house at a point",
        }
    }
}

fn main() {
    let entities = argument("--entities", 1_000_000);
    let world = World::new(argument("--houses", 80_000), entities);
    println!(
        "{} entities, {} houses, dev profile",
        world.entities.len(),
        world.houses.len()
    );
    let peers = Peers::build(&world);
    peers.moving(&world);
    let mut dice = Dice(9);
    let places: Vec<[f64; 2]> = (0..argument("--places", 4_000))
        .map(|_| dice.place())
        .collect();
    let postgis = Postgis::start(&world);
    if let Err(reason) = &postgis {
        println!("PostGIS: {reason}");
    }
    println!(
        "| question | found | ours | moving | rstar | geo-index | PostGIS | prepared | \
         ours / fastest | PostGIS, prepared / ours |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for question in Question::ALL {
        row(question, &peers, postgis.as_ref().ok(), &places);
    }
}

fn argument(name: &str, otherwise: usize) -> usize {
    let mut words = std::env::args().skip_while(|word| word != name);
    words
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// The middle of sorted values.
fn median(sorted: &[f64]) -> f64 {
    (sorted[sorted.len() / 2] + sorted[(sorted.len() - 1) / 2]) / 2.0
}

fn row(question: Question, peers: &Peers, postgis: Option<&Postgis>, places: &[[f64; 2]]) {
    let asked = peers.ask(question);
    let mut times = vec![Vec::new(); asked.len()];
    let mut found = vec![0; asked.len()];
    for _ in 0..ROUNDS {
        for (who, (_, ask)) in asked.iter().enumerate() {
            let began = Instant::now();
            found[who] = places.iter().map(|at| ask(*at)).sum::<usize>();
            times[who].push(began.elapsed().as_secs_f64() * 1e6 / places.len() as f64);
        }
    }
    let time_of = |name: &str| {
        let named = asked
            .iter()
            .zip(&times)
            .filter(|((who, _), _)| *who == name);
        let each = named.map(|(_, times)| {
            let mut times = times.clone();
            times.sort_by(f64::total_cmp);
            median(&times)
        });
        each.reduce(f64::min)
    };
    assert!(
        found.iter().all(|count| *count == found[0]),
        "{question:?}: not all found as many: {found:?}"
    );
    let server = |prepared| {
        let (time_us, count) = ask_server(postgis?, question, places, prepared)?;
        assert_eq!(count, found[0], "{question:?}: PostGIS found others");
        Some(time_us)
    };
    let (planned, prepared) = (server(false), server(true));
    let ours = time_of("ours").unwrap_or(f64::NAN);
    let fastest = time_of("rstar").into_iter().chain(time_of("geo-index"));
    let fastest = fastest.fold(f64::INFINITY, f64::min);
    let cell = |time: Option<f64>| time.map_or("–".to_owned(), |us| format!("{us:.2} µs"));
    let ahead = |time: Option<f64>| time.map_or("–".to_owned(), |us| format!("{:.0}", us / ours));
    println!(
        "| {} | {:.1} | {} | {} | {} | {} | {} | {} | {:.2} × (aim {AIM_PEERS}) | \
         {} and {} × (aim {AIM_POSTGIS}) |",
        question.name(),
        found[0] as f64 / places.len() as f64,
        cell(Some(ours)),
        cell(time_of("moving")),
        cell(time_of("rstar")),
        cell(time_of("geo-index")),
        cell(planned),
        cell(prepared),
        ours / fastest,
        ahead(planned),
        ahead(prepared),
    );
}

fn ask_server(
    server: &Postgis,
    question: Question,
    places: &[[f64; 2]],
    prepared: bool,
) -> Option<(f64, usize)> {
    let answer = server.ask(question, places, prepared);
    answer.map_err(|reason| println!("PostGIS: {reason}")).ok()
}
