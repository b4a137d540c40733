//! What sight lines cost in a district: 80,000 houses, a twentieth of them with real roofs, and
//! 10,000 cameras. One point at a time; beside it the same points held against every camera and
//! every house.
//!
//! `--houses N` (80,000), `--cameras N` (10,000), `--points N` (20,000).

use std::time::Instant;

use geo_types::Polygon;
use pingjiang::base::{BuildingId, CameraId, ImportId};
use pingjiang::model::sight::{Cover, Sight};
use pingjiang::model::{
    Building, Camera, CameraKind, CameraOwner, CityInfo, Ground, HeightOrigin, LodModel,
    Protection, RoofStyle, Source, Structure, Usage,
};
use pingjiang::space::{Bounds2, Ray3, RoofParams, build_house, ray_prism};
use world::{Dice, houses};

#[path = "index/world.rs"]
mod world;

fn main() {
    let outlines = houses(argument("--houses", 80_000));
    let ground = city(&outlines, argument("--cameras", 10_000));
    let began = Instant::now();
    let sight = Sight::of(&ground);
    println!(
        "{} houses, {} cameras, dev profile; prepared in {:.2} s",
        ground.buildings.len(),
        sight.cameras(),
        began.elapsed().as_secs_f64()
    );
    let mut dice = Dice(3);
    let points: Vec<[f64; 3]> = (0..argument("--points", 20_000))
        .map(|_| {
            let [x, y] = dice.place();
            [x, y, dice.between(0.5, 6.0)]
        })
        .collect();
    ask(&sight, &points);
    reference(&sight, &ground, &points[..points.len().min(20)]);
    cover(&sight);
}

fn argument(name: &str, otherwise: usize) -> usize {
    let mut words = std::env::args().skip_while(|word| word != name);
    let number = words.nth(1).and_then(|text| text.parse().ok());
    number.unwrap_or(otherwise)
}

/// One point at a time. Each is asked three times and the shortest counts: what else the machine
/// does in between is not ours.
fn ask(sight: &Sight, points: &[[f64; 3]]) {
    println!("| one point | p50 | p99 | most | aim of p99 |\n|---|---|---|---|---|");
    let look = |point: [f64; 3]| std::hint::black_box(sight.look_at(point)).seen.len();
    tell("look_at", &times(points, &look));
    let sees = |point: [f64; 3]| std::hint::black_box(sight.sees(point)).len();
    tell("sees", &times(points, &sees));
    let looks = points.iter().map(|point| sight.look_at(*point));
    let (seen, hidden) = looks.fold((0, 0), |(seen, hidden), look| {
        (seen + look.seen.len(), hidden + look.hidden.len())
    });
    let each = |count: usize| count as f64 / points.len() as f64;
    println!(
        "a point is seen by {:.1} and hidden from {:.1} cameras",
        each(seen),
        each(hidden)
    );
}

fn times(points: &[[f64; 3]], ask: &impl Fn([f64; 3]) -> usize) -> Vec<f64> {
    let once = |point: [f64; 3]| {
        let began = Instant::now();
        std::hint::black_box(ask(point));
        began.elapsed().as_secs_f64() * 1e3
    };
    let least = |point: &[f64; 3]| (0..3).map(|_| once(*point)).fold(f64::INFINITY, f64::min);
    sorted(points.iter().map(least).collect())
}

fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times
}

fn tell(name: &str, times: &[f64]) {
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "| {name} | {:.3} ms | {:.3} ms | {:.3} ms | 5 ms |",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// The same without an index: every camera in range against every house.
fn reference(sight: &Sight, ground: &Ground, points: &[[f64; 3]]) {
    let began = Instant::now();
    let mut seen = 0;
    for point in points {
        for one in sight.look_at(*point).seen {
            let lens = ground.cameras[&one.camera].position;
            if let Some((ray, target_m)) = Ray3::towards(lens, *point) {
                let hits = ground.buildings.values().filter_map(|house| {
                    let top_m = house.ground_m + house.height_m;
                    ray_prism(&ray, &house.footprint, house.ground_m, top_m)
                });
                seen += usize::from(hits.fold(f64::INFINITY, f64::min) >= target_m - 0.25);
            }
        }
    }
    println!(
        "every camera that sees against every house, prisms only: {:.1} ms a point ({seen} agree)",
        began.elapsed().as_secs_f64() * 1e3 / points.len() as f64
    );
}

/// A square kilometre in the middle as a map, and one building.
fn cover(sight: &Sight) {
    let middle = world::CORNER.map(|low| low + 0.5 * world::SIDE_M);
    let area = Bounds2 {
        min: middle,
        max: middle,
    };
    let area = area.grown(500.0);
    let began = Instant::now();
    let map = sight.coverage(|_| true, area, 2.0).expect("a map");
    println!(
        "a map of 1 km² in {} cells of 2 m, {} pieces of façade: {:.2} s; {:.0} % of the open ground \
         is seen, {} blind spots",
        map.cells.len(),
        map.panels.len(),
        began.elapsed().as_secs_f64(),
        100.0 * map.share_seen(Cover::Open),
        map.blind.len(),
    );
    let ids: Vec<BuildingId> = map.panels.iter().map(|panel| panel.building).collect();
    let some = ids.chunks(64).map(|chunk| chunk[0]);
    let times = some.map(|id| {
        let began = Instant::now();
        std::hint::black_box(sight.sees_building(id, None));
        began.elapsed().as_secs_f64() * 1e3
    });
    let times = sorted(times.collect());
    println!(
        "one building, entrance and façades: p50 {:.3} ms, most {:.3} ms",
        times[times.len() / 2],
        times[times.len() - 1]
    );
}

fn city(outlines: &[Polygon<f64>], cameras: usize) -> Ground {
    let mut ground = Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: String::new(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    let mut dice = Dice(7);
    for (number, outline) in outlines.iter().enumerate() {
        let mut house = house(number, outline, dice.between(3.0, 18.0));
        if number % 20 == 0 {
            let params = RoofParams {
                eave_m: 0.7 * house.height_m,
                ..RoofParams::default()
            };
            house.models.push(LodModel {
                lod: "2.0".to_owned(),
                surfaces: build_house(outline, house.ground_m, &params),
                details: Vec::new(),
            });
        }
        ground.buildings.insert(house.id, house);
    }
    for number in 0..cameras {
        let camera = camera(number, &mut dice);
        ground.cameras.insert(camera.id, camera);
    }
    ground
}

fn source(key: String) -> Source {
    Source {
        dataset: "bench".to_owned(),
        key,
        import: ImportId::from_bits(1),
    }
}

fn house(number: usize, outline: &Polygon<f64>, height_m: f64) -> Building {
    Building {
        id: BuildingId::from_source("bench", &number.to_string()),
        source: source(number.to_string()),
        name: None,
        address: None,
        footprint: outline.clone(),
        ground_m: 3.0,
        height_m,
        height_origin: HeightOrigin::Measured,
        storeys: 2,
        structure: Structure::Unknown,
        year: None,
        usage: Usage::Residential,
        protection: Protection::None,
        roof: RoofStyle::Derived,
        party_walls: Vec::new(),
        area: None,
        models: Vec::new(),
        repairs: Vec::new(),
        attributes: Default::default(),
    }
}

/// Most look along a lane, one in ten turns and sees 500 m far, one in twenty all around.
fn camera(number: usize, dice: &mut Dice) -> Camera {
    let [x, y] = dice.place();
    let (kind, range_m) = match number % 20 {
        0 | 10 => (CameraKind::Ptz, 500.0),
        1 => (CameraKind::Panoramic, 60.0),
        2..=6 => (CameraKind::Dome, 40.0),
        _ => (CameraKind::Bullet, dice.between(50.0, 150.0)),
    };
    Camera {
        id: CameraId::from_source("bench", &number.to_string()),
        source: source(number.to_string()),
        name: String::new(),
        position: [x, y, dice.between(7.0, 14.0)],
        heading_deg: dice.between(0.0, 360.0),
        pitch_deg: dice.between(-25.0, -5.0),
        fov_deg: dice.between(60.0, 100.0),
        range_m,
        owner: CameraOwner::Police,
        gb28181_id: String::new(),
        kind: Some(kind),
        stream: None,
    }
}
