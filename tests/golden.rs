//! Golden pictures: what the product draws beside what it drew when somebody last looked and found
//! it good. Drawn by the software rasteriser, compared in blocks with a tolerance, because another
//! processor rounds differently and another machine has another Chinese typeface.
//!
//! `PINGJIANG_GOLDEN=write cargo test --test golden` draws them anew. Look at each before you
//! commit it. A picture that differs is left in `out/golden/`.
#![cfg(feature = "view")]

#[path = "golden/deformed.rs"]
mod deformed;
#[path = "golden/land.rs"]
mod land;
#[path = "golden/layered.rs"]
mod layered;
#[path = "golden/settled.rs"]
mod settled;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pingjiang::base::{AlarmId, DeviceId, Timestamp};
use pingjiang::citygen::{AreaSpec, generate};
use pingjiang::model::{
    Alarm, Batch, Change, DeviceHealth, FeedStatus, Grade, Ground, KindTable, RankBy, Reading, Twin,
};
use pingjiang::portrayal::camera::{Camera, Viewpoint};
use pingjiang::portrayal::hud::{HudMode, LinkState};
use pingjiang::portrayal::look::Theme;
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::Lang;
use pingjiang::view::{Composer, Layers, Picture, Show, Studio};

const SIZE: [u32; 2] = [640, 360];
/// Side of the blocks whose mean colours are compared.
const BLOCK: usize = 8;
/// A block differs when its mean is off by more than this in a channel, of 255.
const BLOCK_TOLERANCE: f64 = 10.0;
/// Share of blocks that may differ: letters of another typeface.
const SHARE_MAX: f64 = 0.02;
/// Mean difference over the whole picture that no change of typeface reaches.
const MEAN_MAX: f64 = 1.5;

/// 2026-05-01 08:00 in Suzhou.
const MORNING: Timestamp = Timestamp::from_millis(1_777_593_600_000);

/// The generated community with every device heard of, a few silent.
fn community() -> Twin {
    let spec = AreaSpec::named("zjl").expect("the demo area");
    let generated = generate(&spec, 1).expect("the demo area generates");
    let mut ground = Ground::new(generated.info.clone());
    for entity in generated.into_edit(Timestamp::from_millis(0)).put {
        ground.put(entity);
    }
    let mut twin = Twin::new(Arc::new(ground));
    let devices: Vec<_> = twin.ground().devices.keys().copied().collect();
    let mut changes = vec![Change::Feed {
        status: FeedStatus {
            name: "simulator".to_owned(),
            simulated: true,
            ..FeedStatus::default()
        },
    }];
    changes.extend(devices.iter().enumerate().map(|(index, device)| {
        let health = if index % 900 == 7 {
            DeviceHealth::Silent
        } else {
            DeviceHealth::Fine
        };
        Change::Health {
            device: *device,
            health,
            at: MORNING,
        }
    }));
    let reading = |device: &DeviceId| Reading {
        device: *device,
        at: MORNING.plus(-1_000),
        arrived: MORNING.plus(-1_000),
        value: 1.0,
        second: None,
        temperature_c: None,
    };
    let batch = Batch {
        number: 1,
        ground_version: twin.ground().version,
        at: MORNING,
        readings: devices.iter().map(reading).collect(),
        changes,
        uncommitted: false,
    };
    twin.apply(&batch).expect("the first batch");
    twin
}

/// A batch in which alarms of all grades are raised.
fn alarms(twin: &Twin) -> Batch {
    let devices: Vec<_> = twin.ground().devices.keys().copied().collect();
    let mut changes = Vec::new();
    let grades = [
        Grade::Red,
        Grade::Orange,
        Grade::Yellow,
        Grade::Blue,
        Grade::Red,
    ];
    for (number, grade) in grades.into_iter().enumerate() {
        let device = devices[(number * 487 + 31) % devices.len()];
        let raised_at = MORNING.plus(-60_000 * number as i64);
        let alarm = Alarm {
            id: AlarmId::from_source("golden", &number.to_string()),
            device,
            rule: "golden".to_owned(),
            grade,
            raised_at,
            value: 1.0,
            active: true,
            returned_at: None,
            acknowledged: None,
            exercise: false,
            latched: false,
            suppressed: None,
        };
        changes.push(Change::AlarmRaised { alarm });
    }
    Batch {
        number: 2,
        ground_version: twin.ground().version,
        at: MORNING,
        readings: Vec::new(),
        changes,
        uncommitted: false,
    }
}

fn show(theme: Theme, lang: Lang, mode: HudMode) -> Show {
    Show {
        theme,
        lang,
        mode,
        ui_scale: 1.0,
        now: MORNING,
        link: LinkState::Alive,
        uncommitted: false,
        undone: None,
        selected: None,
        focus: None,
        answer: None,
        pulse: None,
        rank: RankBy::default(),
        layers: Layers::default(),
    }
}

/// Name, view and appearance of each picture.
fn pictures(scene: &Scene) -> Vec<(&'static str, Viewpoint, Show)> {
    let saved = |name: &str| {
        let view = scene.views.iter().find(|view| view.name == name);
        view.unwrap_or_else(|| panic!("there is no view {name}"))
            .view
    };
    let away = |range_m: f64| Viewpoint {
        range_m,
        ..saved("overview")
    };
    let plate = |theme| show(theme, Lang::Zh, HudMode::Plate);
    vec![
        ("overview-ink", saved("overview"), plate(Theme::Ink)),
        ("plan-ink", saved("plan"), plate(Theme::Ink)),
        ("canal-ink", saved("canal"), plate(Theme::Ink)),
        ("lane-night", saved("lane"), plate(Theme::Night)),
        (
            "wall-night",
            saved("overview"),
            show(Theme::Night, Lang::Zh, HudMode::Wall),
        ),
        (
            "wall-ink-en",
            saved("overview"),
            show(Theme::Ink, Lang::En, HudMode::Wall),
        ),
        (
            "far-ink",
            away(3_600.0),
            show(Theme::Ink, Lang::Zh, HudMode::None),
        ),
        (
            "coarse-night",
            away(60_000.0),
            show(Theme::Night, Lang::Zh, HudMode::None),
        ),
    ]
}

#[test]
fn pictures_look_as_they_did() {
    let mut twin = community();
    twin.apply(&alarms(&twin)).expect("the second batch");
    let kinds = KindTable::standard();
    let scene = Scene::build(twin.ground(), &kinds);
    let wanted = pictures(&scene);
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    if !studio.adapter().software {
        eprintln!("skipped: golden pictures are drawn by the software rasteriser");
        return;
    }
    let mut faults = Vec::new();
    for (name, view, show) in wanted {
        let camera = Camera::new(view, SIZE.map(f64::from));
        let picture = studio.take(&twin, &camera, &show, true).expect("a picture");
        if let Err(fault) = judge(name, &picture) {
            faults.push(fault);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// While the eye rests a window copies a finished picture of the city: it must be the same city,
/// with smoother edges, and must follow what happens.
#[test]
fn a_city_at_rest_looks_like_the_city() {
    let mut twin = community();
    let kinds = KindTable::standard();
    let scene = Scene::build(twin.ground(), &kinds);
    let view = scene.default_view(16.0 / 9.0);
    let composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    let mut studio = Studio::new(composer).expect("a graphics driver");
    let camera = Camera::new(view, SIZE.map(f64::from));
    let mut take = |twin: &Twin, pulse: Option<f32>, smooth: bool| {
        let mut show = show(Theme::Ink, Lang::Zh, HudMode::None);
        // The letters of a window are not smoothed, and not what is compared.
        show.layers.labels = false;
        show.pulse = pulse;
        studio
            .take(twin, &camera, &show, smooth)
            .expect("a picture")
    };
    let smooth = take(&twin, None, true);
    let moving = take(&twin, Some(0.0), false);
    let resting = take(&twin, Some(0.0), false);
    assert!(moving != resting, "the picture at rest is not another one");
    let width = SIZE[0] as usize;
    assert_eq!(difference(width, &smooth.rgba, &resting.rgba), None);
    assert!(take(&twin, Some(0.0), false) == resting);

    // A change of state is drawn into it once, then copied again.
    let resting = show(Theme::Ink, Lang::Zh, HudMode::None);
    let resting = Show {
        pulse: Some(0.0),
        ..resting
    };
    let mut triangles = |twin: &Twin| studio.draw(twin, &camera, &resting).triangles;
    let quiet = triangles(&twin);
    twin.apply(&alarms(&twin)).expect("the second batch");
    let changed = triangles(&twin);
    assert!(changed > 50 * quiet, "{quiet} triangles, then {changed}");
    let after = triangles(&twin);
    assert!(after < changed / 50, "{changed} triangles, then {after}");
}

fn judge(name: &str, picture: &Picture) -> Result<(), String> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = package.join("tests/golden").join(format!("{name}.png"));
    if std::env::var("PINGJIANG_GOLDEN").as_deref() == Ok("write") {
        write(&golden, picture);
        return Ok(());
    }
    let (width, pixels) = read(&golden);
    let fault = if (width, pixels.len()) == (picture.width, picture.rgba.len()) {
        difference(width as usize, &pixels, &picture.rgba)
    } else {
        Some("the size is another one".to_owned())
    };
    let Some(fault) = fault else {
        return Ok(());
    };
    let found = package.join("out/golden").join(format!("{name}.png"));
    write(&found, picture);
    Err(format!("{name}: {fault}; see {}", found.display()))
}

/// What is different, if it is more than another processor or typeface makes.
fn difference(width: usize, golden: &[u8], found: &[u8]) -> Option<String> {
    let (golden, found) = (blocks(width, golden), blocks(width, found));
    let off =
        |(a, b): (&[f64; 3], &[f64; 3])| (0..3).map(|i| (a[i] - b[i]).abs()).fold(0.0, f64::max);
    let offs: Vec<f64> = golden.iter().zip(&found).map(off).collect();
    let count = offs.len() as f64;
    let mean = offs.iter().sum::<f64>() / count;
    let share = offs.iter().filter(|off| **off > BLOCK_TOLERANCE).count() as f64 / count;
    (mean > MEAN_MAX || share > SHARE_MAX).then(|| {
        format!(
            "{:.1} % of its blocks differ, by {mean:.2} of 255 in the mean",
            share * 100.0
        )
    })
}

/// Mean colours of the picture's blocks.
fn blocks(width: usize, rgba: &[u8]) -> Vec<[f64; 3]> {
    let across = width.div_ceil(BLOCK);
    let down = (rgba.len() / 4 / width).div_ceil(BLOCK);
    let mut sums = vec![[0.0; 4]; across * down];
    for (index, pixel) in rgba.chunks_exact(4).enumerate() {
        let block = index / width / BLOCK * across + index % width / BLOCK;
        for channel in 0..3 {
            sums[block][channel] += f64::from(pixel[channel]);
        }
        sums[block][3] += 1.0;
    }
    let mean = |sum: &[f64; 4]| [sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]];
    sums.iter().map(mean).collect()
}

fn read(path: &PathBuf) -> (u32, Vec<u8>) {
    let file = fs::File::open(path)
        .unwrap_or_else(|error| panic!("{error}: {}; see tests/golden.rs", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file))
        .read_info()
        .expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a small picture")];
    let info = reader.next_frame(&mut pixels).expect("whole");
    let opaque = pixels.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]);
    (info.width, opaque.collect())
}

fn write(path: &Path, picture: &Picture) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let file = std::io::BufWriter::new(fs::File::create(path).expect("a file"));
    let mut encoder = png::Encoder::new(file, picture.width, picture.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let rgb: Vec<u8> = picture
        .rgba
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(&rgb).expect("pixels");
    writer.finish().expect("a file");
}

#[test]
fn the_comparison_sees_a_missing_house_and_forgives_rounding() {
    let width = 320;
    let even: Vec<u8> = [120, 130, 140, 255].repeat(width * 160);
    let mut rounded = even.clone();
    rounded
        .iter_mut()
        .step_by(3)
        .for_each(|byte| *byte = byte.saturating_add(1));
    assert_eq!(difference(width, &even, &rounded), None);
    let mut missing = even.clone();
    for row in 40..80 {
        for column in 40..110 {
            missing[(row * width + column) * 4] = 20;
        }
    }
    assert!(difference(width, &even, &missing).is_some());
}
