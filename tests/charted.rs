//! Charts as people get them: readings in an archive, judged, drawn. From the archive to the picture by the
//! program itself.
//!
//! `PINGJIANG_CHARTED=FOLDER cargo test --test charted` leaves the city there, with a house that moved, a
//! sensor that was mounted anew, a settlement that goes on, a crack with a gap and a sensor that is silent;
//! `houses.txt` beside it names them.
#![cfg(all(feature = "view", feature = "net"))]

#[path = "support/pictured.rs"]
mod pictured;

use std::path::{Path, PathBuf};

use pictured::{differing, done, picture, pingjiang, told};
use pingjiang::base::{BuildingId, DeviceId, Timestamp};
use pingjiang::model::ports::Archive;
use pingjiang::model::{Batch, Change, FeedStatus, Ground, Reading};
use pingjiang::store::{CityFile, SqliteArchive};

/// 2026-01-05 00:00 in Suzhou.
const START: Timestamp = Timestamp::from_millis(1_767_542_400_000);
const HOUR_MS: i64 = 3_600_000;
const DAYS: i64 = 110;

/// The first houses that have a sensor of tilt, of settlement and of a crack.
fn houses(ground: &Ground) -> Vec<(BuildingId, [DeviceId; 3])> {
    let of = |building: BuildingId, kind: &str| {
        let mut devices = ground.devices.values();
        let here = devices.find(|one| one.building == Some(building) && one.kind.as_str() == kind);
        here.map(|one| one.id)
    };
    let all = ground.buildings.keys().filter_map(|id| {
        let sensors = [of(*id, "tilt")?, of(*id, "settlement")?, of(*id, "crack")?];
        Some((*id, sensors))
    });
    all.take(3).collect()
}

/// What a sensor tells at an hour, by the number of its house and its place there; `None` for nothing.
fn value(house: usize, sensor: usize, hour: i64) -> Option<(f64, Option<f64>)> {
    let day = hour as f64 / 24.0;
    let warm = 4.0 * (std::f64::consts::TAU * (day - 0.4)).sin() + 0.1 * day;
    let noise = f64::from(((hour * 37) % 23 - 11) as i32) * 0.02;
    match (house, sensor) {
        // Moves by 2.4 mrad at once on day 95.
        (0, 0) => Some((
            3.0 + 0.04 * warm + noise + if day < 95.0 { 0.0 } else { 2.4 },
            Some(1.0 + noise),
        )),
        // Mounted anew after a silence of five days.
        (1, 0) if (60.0..65.0).contains(&day) => None,
        (1, 0) => Some((
            1.0 + noise + if day < 65.0 { 0.0 } else { 4.0 },
            Some(0.5 - noise),
        )),
        // Sinks by 3 mm a month, faster from day 70 on.
        (0, 1) => Some((
            3.0 * day / 30.4 + 0.1 * (day - 70.0).max(0.0) + 5.0 * noise,
            None,
        )),
        (1, 1) => Some((2.0 + 3.0 * noise, None)),
        // Opens slowly, and is not read for twelve days.
        (0, 2) if (30.0..42.0).contains(&day) => None,
        (0, 2) => Some((1.2 + 0.25 * day / 30.4 + 0.3 * noise, None)),
        // The third house tells nothing, and one crack neither.
        _ => None,
    }
}

fn readings(houses: &[(BuildingId, [DeviceId; 3])], hour: i64) -> Vec<Reading> {
    let at = START.plus(hour * HOUR_MS);
    let celsius = 12.0 + 4.0 * (std::f64::consts::TAU * (hour as f64 / 24.0 - 0.4)).sin();
    let mut readings = Vec::new();
    for (house, (_, sensors)) in houses.iter().enumerate() {
        for (sensor, device) in sensors.iter().enumerate() {
            readings.extend(value(house, sensor, hour).map(|(value, second)| Reading {
                device: *device,
                at,
                arrived: at.plus(500),
                value,
                second,
                temperature_c: Some(celsius + 0.1 * hour as f64 / 24.0),
            }));
        }
    }
    readings
}

fn live(city: &Path) -> Vec<(BuildingId, [DeviceId; 3])> {
    let file = CityFile::open(city, None).expect("a city");
    let ground = file.load_ground().expect("its ground");
    let houses = houses(&ground);
    let status = FeedStatus {
        name: "known truth".to_owned(),
        simulated: true,
        ..FeedStatus::default()
    };
    let batch = |hour: i64| Batch {
        number: hour as u64 + 1,
        ground_version: ground.version,
        at: START.plus(hour * HOUR_MS + 61_000),
        readings: readings(&houses, hour),
        changes: match hour {
            0 => vec![Change::Feed {
                status: status.clone(),
            }],
            _ => Vec::new(),
        },
        uncommitted: false,
    };
    let mut archive = SqliteArchive::open(&SqliteArchive::folder_of(city)).expect("an archive");
    let batches: Vec<Batch> = (0..DAYS * 24).map(batch).collect();
    for part in batches.chunks(240) {
        archive.append(part).expect("it is written");
    }
    houses
}

#[test]
fn a_sensor_and_a_house_are_charted_as_was_known_then() {
    let temporary = tempfile::tempdir().expect("a folder");
    let kept = std::env::var_os("PINGJIANG_CHARTED").map(PathBuf::from);
    let at = kept.as_deref().unwrap_or(temporary.path());
    let generate = [
        "generate",
        "--area",
        "zjl",
        "--seed",
        "1",
        "--out",
        "charted.gpkg",
    ];
    done(&pingjiang(&generate, at));
    let chart = |id: &str, out: &str, more: &[&str]| {
        let size = ["--size", "640x400"];
        let mut arguments = vec!["shot", "charted.gpkg", "--chart", id, "--out", out];
        arguments.extend(size.iter().chain(more));
        pingjiang(&arguments, at)
    };
    let any = DeviceId::from_bits(1).to_string();
    let refused = chart(&any, "none.png", &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));

    let houses = live(&at.join("charted.gpkg"));
    std::fs::write(at.join("houses.txt"), format!("{houses:#?}\n")).expect("a list");
    let (house, [tilt, settlement, crack]) = houses[0];
    let day = |day: i64| START.plus(day * 24 * HOUR_MS).to_string();
    let mut pictures = Vec::new();
    for (index, (id, until)) in [
        (tilt.to_string(), day(94)),
        (tilt.to_string(), day(DAYS)),
        (settlement.to_string(), day(DAYS)),
        (crack.to_string(), day(DAYS)),
        (house.to_string(), day(DAYS)),
        (houses[2].1[0].to_string(), day(DAYS)),
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("chart-{index}.png");
        done(&chart(&id, &out, &["--at", &until]));
        pictures.push(at.join(out));
    }
    for (index, one) in pictures.iter().enumerate() {
        for other in &pictures[..index] {
            assert!(
                differing(&picture(one), &picture(other)) > 500,
                "{one:?} {other:?}"
            );
        }
    }
    // The same twice, and what came later changes nothing of what was known then.
    done(&chart(&tilt.to_string(), "again.png", &["--at", &day(94)]));
    let again = picture(&at.join("again.png"));
    assert_eq!(differing(&picture(&pictures[0]), &again), 0);

    // What measures nothing of the kind is told.
    let smoke = CityFile::open(&at.join("charted.gpkg"), None)
        .and_then(|file| file.load_ground())
        .expect("a city");
    let mut devices = smoke.devices.values();
    let smoke = devices
        .find(|one| one.kind.as_str() == "smoke")
        .expect("one");
    let refused = chart(&smoke.id.to_string(), "smoke.png", &[]);
    assert!(
        told(&refused).contains("measures no tilt"),
        "{}",
        told(&refused)
    );
    let refused = chart(&tilt.to_string(), "no.png", &["--view", "lane"]);
    assert_eq!(refused.status.code(), Some(2), "{}", told(&refused));
}
