//! What a district of 100,000 buildings costs: opening, planning the picture, making chunks,
//! choosing what is drawn. The district is the shared footprints, laid side by side.
//!
//! `--buildings N` (100,000). References are measured in the same run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use pingjiang::base::{BuildingId, ImportId};
use pingjiang::ingest::{self, Format, Origin, Target};
use pingjiang::model::{CityInfo, Entity, Ground, KindTable};
use pingjiang::portrayal::camera::{Camera, Viewpoint};
use pingjiang::portrayal::scene::{BakedTile, Plan, Residency, Scene};
use pingjiang::space::{Crs, Datum};
use pingjiang::store::{CityFile, Vault};

#[path = "../tests/support/edit.rs"]
mod edit;
#[path = "../tests/support/mod.rs"]
mod support;

const FOOTPRINTS: &str = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";
/// Sides of the old city's extent; metres.
const STEP_M: [f64; 2] = [6_000.0, 5_000.0];
const BUDGET_BYTES: u64 = 256 << 20;

fn main() {
    let mut arguments = std::env::args().skip_while(|word| word != "--buildings");
    let buildings = arguments.nth(1).and_then(|text| text.parse().ok());
    let buildings = buildings.unwrap_or(100_000);
    let Some(entities) = district(buildings) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder for the city");
    let path = folder.path().join("district.gpkg");
    let vault = Vault::from_key(&[7; 32]);
    let edit = edit::edit(1, "district", entities);
    let (_, written) = timed(|| {
        CityFile::create_with(&path, &info(), Some(&vault), &edit).expect("a city");
    });
    drop(edit);
    let city = CityFile::open(&path, Some(vault)).expect("the city");
    let (ground, opened) = timed(|| city.load_ground().expect("its ground"));
    let (scene, built) = timed(|| Scene::build(&ground, &KindTable::standard()));
    println!("{buildings} buildings, dev profile");
    println!("| what | time | for a building |");
    println!("|---|---|---|");
    let row = |name: &str, time: Duration, count: usize| {
        println!(
            "| {name} | {:.2} s | {:.1} µs |",
            time.as_secs_f64(),
            time.as_secs_f64() * 1e6 / count.max(1) as f64
        );
    };
    row("write the city file", written, buildings);
    row("load the ground", opened, buildings);
    row("build the scene, baking all tiles", built, buildings);
    tiles(&ground, &row);
    chunks(&scene, &ground, &row);
    selection(&scene, &ground);
}

fn timed<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let result = act();
    (result, began.elapsed())
}

/// What kept tiles cost and save: all on one core, as `portrayal` computes.
fn tiles(ground: &Ground, row: &impl Fn(&str, Duration, usize)) {
    let buildings = ground.buildings.len();
    let (plan, planned) = timed(|| Plan::of(ground));
    row("plan it: outlines, fingerprints", planned, buildings);
    let (baked, baking) = timed(|| {
        let tiles = plan.tiles().map(|tile| (tile, plan.bake(tile)));
        tiles.collect::<Vec<_>>()
    });
    row(&format!("bake {} tiles", baked.len()), baking, buildings);
    let (kept, packing) = timed(|| {
        let kept = baked.iter().map(|(tile, baked)| (*tile, baked.to_bytes()));
        kept.collect::<Vec<_>>()
    });
    row("pack them", packing, buildings);
    let bytes: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
    println!(
        "| tiles in the city file | {} kB | {} bytes |",
        bytes >> 10,
        bytes / buildings.max(1)
    );
    let (unpacked, unpacking) = timed(|| {
        let tiles = kept
            .iter()
            .map(|(tile, bytes)| (*tile, BakedTile::from_bytes(bytes)));
        tiles
            .map(|(tile, baked)| (tile, baked.expect("a tile")))
            .collect()
    });
    row("unpack them", unpacking, buildings);
    let ((), building) = timed(|| drop(plan.build(ground, &KindTable::standard(), unpacked)));
    row("build the scene of them", building, buildings);
    let known: BTreeSet<_> = kept.into_iter().map(|(tile, _)| tile).collect();
    let mut changed = ground.clone();
    let middle = changed.buildings.len() / 2;
    if let Some(house) = changed.buildings.values_mut().nth(middle) {
        house.height_m += 0.5;
    }
    let (stale, again) = timed(|| {
        let plan = Plan::of(&changed);
        let stale = plan.tiles().filter(|tile| !known.contains(tile));
        stale.map(|tile| plan.bake(tile)).collect::<Vec<_>>().len()
    });
    row(
        &format!("plan and bake {stale} again after a change"),
        again,
        stale,
    );
}

/// Makes near chunks of up to 20,000 records.
fn chunks(scene: &Scene, ground: &Ground, row: &impl Fn(&str, Duration, usize)) {
    let (mut records, mut bytes, mut pieces) = (0, 0, 0);
    let began = Instant::now();
    for piece in 0..scene.pieces.len() as u32 {
        let count = scene.pieces[piece as usize].records();
        if count > 0 && records < 20_000 {
            bytes += scene.make(ground, piece).bytes();
            records += count;
            pieces += 1;
        }
    }
    row(
        &format!("make {pieces} near chunks"),
        began.elapsed(),
        records,
    );
    println!(
        "| a building nearby | {} bytes | |",
        bytes / records.max(1) as u64
    );
}

/// Flies over the district and counts what choosing costs, bringing in what is missing as a wall
/// does, and the most that lies on the card.
fn selection(scene: &Scene, ground: &Ground) {
    let mut residency = Residency::new(BUDGET_BYTES);
    let (mut choosing, mut making, mut most) = (Duration::ZERO, Duration::ZERO, 0);
    const FRAMES: usize = 600;
    for frame in 0..FRAMES {
        let share = frame as f64 / FRAMES as f64;
        let at = |k: usize| scene.extent.min[k] + share * scene.extent.size()[k];
        let range_m = 300.0 + 4_000.0 * (share * 20.0).sin().powi(2);
        let view = Viewpoint::oblique([at(0), at(1), 0.0], range_m, 16.0 / 9.0);
        let camera = Camera::new(view, [1280.0, 720.0]);
        residency.begin_picture();
        let (selection, time) = timed(|| residency.select(scene, &camera));
        choosing += time;
        let began = Instant::now();
        let mut left = 200_usize;
        for piece in selection.missing {
            let records = scene.pieces[piece as usize].records();
            if records > 0 && left == 0 {
                break;
            }
            left = left.saturating_sub(records);
            residency.admit(piece, scene.make(ground, piece).bytes());
        }
        making += began.elapsed();
        most = most.max(residency.used_bytes());
    }
    let per_frame = |time: Duration| time.as_secs_f64() * 1e3 / FRAMES as f64;
    println!(
        "| choose what is drawn | {:.2} ms a frame | |",
        per_frame(choosing)
    );
    println!(
        "| make what is missing | {:.2} ms a frame | |",
        per_frame(making)
    );
    println!(
        "| most on the card in {FRAMES} frames | {} MB of {} | |",
        most >> 20,
        BUDGET_BYTES >> 20
    );
    assert!(most <= BUDGET_BYTES);
}

/// The shared footprints side by side until there are enough.
fn district(buildings: usize) -> Option<Vec<Entity>> {
    let path = support::borrowed(FOOTPRINTS)?;
    let bytes = std::fs::read(path).expect("the footprints");
    let raw = ingest::read_geojson(&bytes).expect("GeoJSON");
    assert_eq!(raw.format, Format::GeoJson);
    let target = Target {
        crs: Crs::from_epsg(4549).expect("built in"),
        extent: None,
    };
    let origin = Origin {
        dataset: "district".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let one = ingest::convert(raw, &target, &origin)
        .expect("converts")
        .entities;
    let mut all = Vec::with_capacity(buildings);
    for copy in 0.. {
        let shift = [
            f64::from(copy % 4) * STEP_M[0],
            f64::from(copy / 4) * STEP_M[1],
        ];
        for entity in &one {
            if all.len() == buildings {
                return Some(all);
            }
            if let Entity::Building(building) = entity {
                let mut building = building.clone();
                building.source.key = format!("{}/{copy}", building.source.key);
                building.id = BuildingId::from_source("district", &building.source.key);
                building.footprint =
                    geo::Translate::translate(&building.footprint, shift[0], shift[1]);
                all.push(Entity::Building(building));
            }
        }
    }
    Some(all)
}

fn info() -> CityInfo {
    CityInfo {
        name_zh: "区".into(),
        name_en: "District".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "not stated".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    }
}
