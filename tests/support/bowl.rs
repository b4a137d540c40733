//! A community whose ground settles by known amounts, with the readings of its points of settlement in
//! the archive beside it: four a day for 45 days, blurred by noise. From a seed, so that a picture is the
//! same every time. For tests of what is drawn.

use std::path::Path;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::ports::Archive;
use pingjiang::model::{Batch, Change, FeedStatus, Ground, Reading};
use pingjiang::store::{CityFile, SqliteArchive};

/// 2026-03-20 00:00 in Suzhou.
pub const START: Timestamp = Timestamp::from_millis(1_773_936_000_000);
/// Days of readings.
pub const DAYS: i64 = 45;
const STEP_MS: i64 = 6 * 3_600_000;

/// A point of settlement.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Its number, by id.
    pub index: usize,
    /// Metres east and north of the middle of all.
    pub from_middle: [f64; 2],
}

/// An even spread of numbers from −1 to 1, another one for each salt.
pub fn noise(index: usize, salt: u64) -> f64 {
    let mut bits = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (salt << 17);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (bits >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// A bowl of 22 mm west of the middle, and ground that rises by 7 mm in the east, under half of the
/// points: the others are silent. Neighbours differ by half a millimetre.
pub fn bowl(at: &At) -> Option<f64> {
    let [east, north] = at.from_middle;
    let hill = |centre: [f64; 2], width_m: f64| {
        let [x, y] = [east - centre[0], north - centre[1]];
        (-(x * x + y * y) / (width_m * width_m)).exp()
    };
    let mm = 22.0 * hill([-70.0, 10.0], 120.0) - 7.0 * hill([190.0, 40.0], 90.0);
    at.index
        .is_multiple_of(2)
        .then(|| mm + 0.5 * noise(at.index, 7))
}

/// Nothing but what differs from point to point.
pub fn noise_alone(at: &At) -> Option<f64> {
    at.index
        .is_multiple_of(2)
        .then(|| 6.0 + 3.0 * noise(at.index, 11))
}

/// A bowl of which five points know.
pub fn few(at: &At) -> Option<f64> {
    bowl(at).filter(|_| at.index < 10)
}

/// Writes the archive beside a city: `truth` is what each point has settled by in the end, mm; `None`
/// for one that says nothing. Tells how many speak.
pub fn settle(city: &Path, truth: impl Fn(&At) -> Option<f64>) -> usize {
    let ground = CityFile::open(city, None)
        .and_then(|file| file.load_ground())
        .expect("a city");
    let points = points(&ground);
    let speaking: Vec<(DeviceId, At, f64)> = points
        .into_iter()
        .filter_map(|(device, at)| Some((device, at, truth(&at)?)))
        .collect();
    let steps = DAYS * 4;
    let batches: Vec<Batch> = (0..=steps)
        .map(|step| {
            let readings = speaking.iter().map(|(device, at, mm)| {
                let grown = mm * step as f64 / steps as f64;
                let at_time = START.plus(step * STEP_MS + at.index as i64 * 1_000);
                Reading {
                    device: *device,
                    at: at_time,
                    arrived: at_time.plus(500),
                    value: grown + 0.05 * noise(at.index, 1_000 + step as u64),
                    second: None,
                    temperature_c: None,
                }
            });
            batch(&ground, step, readings.collect())
        })
        .collect();
    let mut archive = SqliteArchive::open(&SqliteArchive::folder_of(city)).expect("an archive");
    archive.append(&batches).expect("it is written");
    speaking.len()
}

/// Points of settlement by id, with their place.
fn points(ground: &Ground) -> Vec<(DeviceId, At)> {
    let all = ground.devices.values();
    let all: Vec<_> = all
        .filter(|one| one.kind.as_str() == "settlement")
        .collect();
    let mean = |axis: usize| {
        all.iter().map(|one| one.position[axis]).sum::<f64>() / all.len().max(1) as f64
    };
    let middle = [mean(0), mean(1)];
    let at = |(index, one): (usize, &&pingjiang::model::Device)| {
        let from_middle = [0, 1].map(|axis| one.position[axis] - middle[axis]);
        (one.id, At { index, from_middle })
    };
    all.iter().enumerate().map(at).collect()
}

fn batch(ground: &Ground, step: i64, readings: Vec<Reading>) -> Batch {
    let status = FeedStatus {
        name: "known truth".to_owned(),
        simulated: true,
        ..FeedStatus::default()
    };
    Batch {
        number: step as u64 + 1,
        ground_version: ground.version,
        at: START.plus(step * STEP_MS + 600_000),
        readings,
        changes: match step {
            0 => vec![Change::Feed { status }],
            _ => Vec::new(),
        },
        uncommitted: false,
    }
}
