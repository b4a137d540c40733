//! What a frame costs: community and old city, with and without 18,000 devices, at 1280×720 and
//! at 64×64 (the processor's share), beside a scene with nothing in it in the same run.
//! Figures are wall time over many frames that were waited for.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingjiang::base::{DeviceId, ImportId, Timestamp};
use pingjiang::citygen::{AreaSpec, devices_into, generate};
use pingjiang::ingest::{Origin, ReadOptions, Target, choose_crs, convert, read_file};
use pingjiang::model::{Batch, Change, CityInfo, DeviceHealth, Ground, KindTable, Reading, Twin};
use pingjiang::portrayal::camera::{Camera, Viewpoint};
use pingjiang::portrayal::hud::HudMode;
use pingjiang::portrayal::scene::Scene;
use pingjiang::space::Datum;
use pingjiang::view::{Composer, Studio};

#[path = "measure/show.rs"]
mod show;

use show::show;

const DEVICES: usize = 18_000;

fn main() {
    // `cargo bench` adds words of its own; a word of ours is part of a scene's name.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word));
    println!("| scene | size | view | devices | frame ms | draw calls | triangles |");
    println!("|---|---|---|---|---|---|---|");
    let empty = measure("nothing", &Ground::new(info()), 0);
    if wants("community") {
        measure("community", &community(), 0);
    }
    if !wants("old city") {
        return;
    }
    let Some(old_city) = old_city() else {
        println!("\nskipped: the old city (no footprints at PINGJIANG_TEST_DATA)");
        return;
    };
    let bare = measure("old city", &old_city, 0);
    let mut full = old_city;
    for entity in devices_into(&full, &KindTable::standard(), DEVICES, 0, 1).unwrap_or_default() {
        full.put(entity);
    }
    let with = measure("old city", &full, 1_000);
    for (view, at) in [("whole", 0), ("block", 1)] {
        println!(
            "\n{view}: old city with {DEVICES} devices ÷ without: {:.2}",
            with[at] / bare[at]
        );
    }
    println!(
        "64×64, old city with {DEVICES} devices, 1,000 changes a second − nothing: {:.1} ms",
        with[2] - empty[2]
    );
}

/// Mean milliseconds of a frame: whole extent, block of 300 m, whole at 64×64; and, to tell where
/// the time goes, the whole without panels, with a sixteenth of the pixels, and at rest.
fn measure(name: &str, ground: &Ground, changes_per_s: usize) -> [f64; 6] {
    let kinds = KindTable::standard();
    let scene = Scene::build(ground, &kinds);
    let [x, y] = scene.extent.center();
    let [w, h] = scene.extent.size();
    let whole = Viewpoint::oblique([x, y, 0.0], w.hypot(h) / 2.0, 16.0 / 9.0);
    let block = Viewpoint {
        range_m: 520.0,
        ..scene.default_view(16.0 / 9.0)
    };
    let mut twin = Twin::new(Arc::new(ground.clone()));
    // All devices have reported once; what was never heard of would be drawn as silent.
    change(&mut twin, ground.devices.len(), DeviceHealth::Fine);
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    let cases = [
        ("whole", whole, [1280.0, 720.0]),
        ("block", block, [1280.0, 720.0]),
        ("whole", whole, [64.0, 64.0]),
        ("whole, no panels", whole, [1280.0, 720.0]),
        ("whole, no panels", whole, [320.0, 180.0]),
        ("whole, at rest", whole, [1280.0, 720.0]),
    ];
    cases.map(|(view_name, view, size)| {
        let camera = Camera::new(view, size);
        let mut show = show();
        if view_name.ends_with("no panels") {
            show.mode = HudMode::None;
        }
        // A wall whose marks pulse over a city that does not move.
        show.pulse = view_name.ends_with("at rest").then_some(0.5);
        for _ in 0..10 {
            studio.draw(&twin, &camera, &show);
        }
        studio.finish();
        let (began, mut frames, mut counts) = (Instant::now(), 0_u32, Default::default());
        let mut next_change = Duration::ZERO;
        while began.elapsed() < Duration::from_secs(8) || frames < 30 {
            if changes_per_s > 0 && began.elapsed() >= next_change {
                next_change += Duration::from_secs(1);
                let seconds = next_change.as_secs();
                let health = if seconds.is_multiple_of(2) {
                    DeviceHealth::Fine
                } else {
                    DeviceHealth::Silent
                };
                change(&mut twin, changes_per_s, health);
            }
            counts = studio.draw(&twin, &camera, &show);
            studio.finish();
            frames += 1;
        }
        let ms = began.elapsed().as_secs_f64() * 1_000.0 / f64::from(frames);
        let devices = ground.devices.len();
        println!(
            "| {name} | {}×{} | {view_name} | {devices} | {ms:.1} | {} | {} |",
            size[0], size[1], counts.draw_calls, counts.triangles
        );
        ms
    })
}

/// One batch in which devices report and change their health.
fn change(twin: &mut Twin, count: usize, health: DeviceHealth) {
    let at = twin.live().at.plus(1_000);
    let devices: Vec<_> = twin.ground().devices.keys().take(count).copied().collect();
    let reading = |device: &DeviceId| Reading {
        device: *device,
        at,
        arrived: at,
        value: f64::from(at.millis() as u32 % 7),
        second: None,
        temperature_c: None,
    };
    let changed = |device: &DeviceId| Change::Health {
        device: *device,
        health,
        at,
    };
    let batch = Batch {
        number: twin.live().batch + 1,
        ground_version: twin.ground().version,
        at,
        readings: devices.iter().map(reading).collect(),
        changes: devices.iter().map(changed).collect(),
        uncommitted: false,
    };
    twin.apply(&batch).expect("the next batch");
}

fn info() -> CityInfo {
    CityInfo {
        name_zh: "测量".to_owned(),
        name_en: "Bench".to_owned(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "unknown".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    }
}

fn community() -> Ground {
    let spec = AreaSpec::named("zjl").expect("the demo area");
    let generated = generate(&spec, 1).expect("the demo area generates");
    let mut ground = Ground::new(generated.info.clone());
    for entity in generated.into_edit(Timestamp::from_millis(0)).put {
        ground.put(entity);
    }
    ground
}

/// The real footprints, with moat, canals and names of the old city.
fn old_city() -> Option<Ground> {
    // A relative folder counts from the package, as everywhere in the tests.
    let folder = std::env::var_os("PINGJIANG_TEST_DATA").unwrap_or_else(|| "../shared/data".into());
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let footprints = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";
    let mut target: Option<Target> = None;
    let mut ground = Ground::new(info());
    for path in [
        package.join(folder).join(footprints),
        package.join("maps/gusu/base_map.geojson"),
    ] {
        let file = read_file(&path, &ReadOptions::default()).ok()?;
        let target = match &mut target {
            Some(known) => known,
            none => none.insert(Target {
                crs: choose_crs(&file.raw, None).ok()?,
                extent: None,
            }),
        };
        let origin = Origin {
            dataset: path.display().to_string(),
            import: ImportId::from_source("bench", "1"),
            crs: None,
            datum: Datum::Wgs84,
        };
        let converted = convert(file.raw, target, &origin).ok()?;
        target.extent = Some(converted.extent);
        for entity in converted.entities {
            ground.put(entity);
        }
    }
    Some(ground)
}
