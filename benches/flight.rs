//! What a long flight costs: minutes over a city as a wall flies them, near and far, with pieces of
//! the city made, brought to the graphics card and let go. Each minute is a row: frames, the most
//! geometry on the card beside its budget, and what the process holds in memory.
//!
//! `CITY.gpkg --minutes N` (10).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingjiang::model::{KindTable, Twin};
use pingjiang::portrayal::camera::{Camera, Viewpoint};
use pingjiang::portrayal::scene::Scene;
use pingjiang::space::Bounds2;
use pingjiang::store::CityFile;
use pingjiang::view::{Composer, Studio};

#[path = "measure/show.rs"]
mod show;

use show::show;

/// As on a wall.
const RECORDS_PER_FRAME: usize = 200;
const SIZE: [f64; 2] = [1280.0, 720.0];

fn main() {
    let mut city: Option<PathBuf> = None;
    let mut minutes = 10;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => {
                let number = words.next().and_then(|text| text.parse().ok());
                minutes = number.expect("--minutes wants a whole number");
            }
            // `cargo bench` adds this one.
            "--bench" => {}
            _ => city = Some(word.into()),
        }
    }
    let Some(city) = city else {
        println!("skipped: name a city to fly over, as in -- CITY.gpkg --minutes 10");
        return;
    };
    let file = CityFile::open(&city, None).expect("a city");
    let ground = Arc::new(file.load_ground().expect("its ground"));
    let kinds = KindTable::standard();
    let scene = Scene::build(&ground, &kinds);
    let extent = scene.extent;
    let twin = Twin::new(ground);
    let mut composer = Composer::new(scene, &twin, kinds).expect("a typeface");
    composer.hurry(RECORDS_PER_FRAME);
    let studio = Studio::new(composer).expect("a graphics driver");
    fly(studio, &twin, extent, minutes);
}

fn fly(mut studio: Studio, twin: &Twin, extent: Bounds2, minutes: u64) {
    println!("| minute | frames | mean ms | longest ms | geometry, most MB | process MB |");
    println!("|---|---|---|---|---|---|");
    let (began, show) = (Instant::now(), show());
    for minute in 0..minutes {
        let end = Duration::from_secs(60 * (minute + 1));
        let (mut frames, mut most, mut longest) = (0_u32, 0, Duration::ZERO);
        while began.elapsed() < end {
            let frame = Instant::now();
            let camera = Camera::new(place(extent, began.elapsed().as_secs_f64()), SIZE);
            studio.draw(twin, &camera, &show);
            studio.finish();
            longest = longest.max(frame.elapsed());
            most = most.max(studio.composer().geometry_bytes());
            frames += 1;
        }
        println!(
            "| {} | {frames} | {:.0} | {} | {} | {} |",
            minute + 1,
            60_000.0 / f64::from(frames.max(1)),
            longest.as_millis(),
            most >> 20,
            process_mb()
        );
    }
}

/// Where the eye is after so many seconds: across the whole city, down to the roofs and up again,
/// turning.
fn place(extent: Bounds2, seconds: f64) -> Viewpoint {
    let size = extent.size();
    let across = |k: usize, period_s: f64| {
        let share = 0.5 + 0.48 * (seconds / period_s * std::f64::consts::TAU).sin();
        extent.min[k] + share * size[k]
    };
    let height = 0.5 - 0.5 * (seconds / 23.0 * std::f64::consts::TAU).cos();
    let highest_m = size[0].max(size[1]).max(1_000.0) / 2.0;
    let view = Viewpoint::oblique([across(0, 97.0), across(1, 61.0), 0.0], 120.0, 16.0 / 9.0);
    Viewpoint {
        // From 250 m to the whole city, most of the time near.
        range_m: 250.0 * (highest_m / 250.0).powf(height.powi(2)),
        heading_deg: (seconds * 4.0).rem_euclid(360.0),
        ..view
    }
}

/// What the process holds in memory now, from the system; 0 where it does not tell.
fn process_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = held.and_then(|text| text.trim().split(' ').next()?.parse::<u64>().ok());
    kb.unwrap_or(0) >> 10
}
