//! A community whose houses lean by known amounts, with the readings of its tilt sensors in the archive
//! beside it: a reading an hour of a wall that the day's warmth bends and noise blurs. From a seed, so
//! that a picture is the same every time. For tests of what is drawn.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use pingjiang::base::Timestamp;
use pingjiang::model::ports::Archive;
use pingjiang::model::{Batch, Building, Change, Device, FeedStatus, Ground, Reading};
use pingjiang::monitor::{MonitorTable, Quantity, Subject};
use pingjiang::store::{CityFile, SqliteArchive};

/// 2026-03-20 00:00 in Suzhou.
pub const START: Timestamp = Timestamp::from_millis(1_773_936_000_000);
/// Days of readings.
pub const DAYS: i64 = 42;
const HOUR_MS: i64 = 3_600_000;

/// What is true of one sensor's wall.
struct Wall {
    /// ‰ east and north.
    lean: [f64; 2],
    /// ‰ a month along the lean.
    grows: f64,
    /// How the first axis hangs, degrees from north; not on record for some.
    bearing_deg: f64,
    is_on_record: bool,
    /// Sensors that say nothing.
    is_silent: bool,
}

/// An even spread of numbers from 0 to 1, another one for each salt.
fn share(index: usize, salt: u64) -> f64 {
    let mut bits = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (salt << 17);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Shares of the limit: most houses are calm, some of each grade are not.
const SHARES: [f64; 20] = [
    0.05, 0.12, 0.55, 0.2, 0.1, 0.78, 0.15, 0.3, 1.15, 0.08, 0.48, 0.25, 0.92, 0.1, 0.6, 0.18,
    0.75, 0.05, 1.3, 0.22,
];

fn wall(index: usize, building: &Building, table: &MonitorTable) -> Wall {
    let limit = table.limit(Quantity::Tilt, &Subject::from(building));
    let limit = limit.and_then(|limit| limit.permille).unwrap_or(6.0);
    let size = limit * SHARES[index % SHARES.len()];
    let turn = std::f64::consts::TAU * share(index, 1);
    Wall {
        lean: [size * turn.sin(), size * turn.cos()],
        grows: if index % 9 == 4 { 0.25 } else { 0.0 },
        bearing_deg: (share(index, 2) * 72.0).floor() * 5.0,
        is_on_record: index % 8 != 6,
        is_silent: index % 13 == 11,
    }
}

impl Wall {
    /// What both axes show, mrad.
    fn reading(&self, device: &Device, index: usize, hour: i64) -> Option<Reading> {
        if self.is_silent || share(index, 1_000 + hour as u64) < 0.04 {
            return None;
        }
        let day = hour as f64 / 24.0;
        let warm = 4.0 * (std::f64::consts::TAU * (day - 0.4)).sin() + 0.12 * day;
        let size = self.lean[0].hypot(self.lean[1]).max(1e-9);
        let grown = self.grows * day / 30.44;
        let noise = |salt: u64| (share(index, salt + hour as u64 * 7) - 0.5) * 0.9;
        let [east, north] = [0, 1].map(|axis| {
            self.lean[axis] * (1.0 + grown / size)
                + 0.04 * warm
                + noise(50_000 + 100_000 * axis as u64)
        });
        let (sin, cos) = self.bearing_deg.to_radians().sin_cos();
        let at = START.plus(hour * HOUR_MS + (index as i64 % 60) * 1_000);
        Some(Reading {
            device: device.id,
            at,
            arrived: at.plus(500),
            value: east * sin + north * cos,
            second: Some(east * cos - north * sin),
            temperature_c: Some(16.0 + warm),
        })
    }
}

/// Writes archive and table of mountings beside a city with tilt sensors.
pub fn lean(city: &Path) {
    let ground = CityFile::open(city, None)
        .and_then(|file| file.load_ground())
        .expect("a city");
    let table = MonitorTable::standard();
    let sensors: Vec<(&Device, Wall)> = tilted(&ground)
        .enumerate()
        .map(|(index, (device, building))| (device, wall(index, building, &table)))
        .collect();
    let mut text = MonitorTable::STANDARD.to_owned();
    for (device, wall) in sensors.iter().filter(|(_, wall)| wall.is_on_record) {
        let (id, bearing) = (device.id, wall.bearing_deg);
        write!(
            text,
            "\n[[mounting]]\ndevice = \"{id}\"\nbearing_deg = {bearing:.1}\n"
        )
        .unwrap();
    }
    fs::write(city.with_extension("monitor.toml"), text).expect("a table");
    let mut archive = SqliteArchive::open(&SqliteArchive::folder_of(city)).expect("an archive");
    let batches: Vec<Batch> = (0..DAYS * 24)
        .map(|hour| batch(&ground, &sensors, hour))
        .collect();
    for part in batches.chunks(240) {
        archive.append(part).expect("it is written");
    }
}

/// Tilt sensors on buildings, in the order of their ids.
fn tilted(ground: &Ground) -> impl Iterator<Item = (&Device, &Building)> {
    let tilt = ground
        .devices
        .values()
        .filter(|device| device.kind.as_str() == "tilt");
    tilt.filter_map(|device| Some((device, ground.buildings.get(&device.building?)?)))
}

fn batch(ground: &Ground, sensors: &[(&Device, Wall)], hour: i64) -> Batch {
    let one =
        |(index, (device, wall)): (usize, &(&Device, Wall))| wall.reading(device, index, hour);
    let status = FeedStatus {
        name: "known truth".to_owned(),
        simulated: true,
        ..FeedStatus::default()
    };
    Batch {
        number: hour as u64 + 1,
        ground_version: ground.version,
        at: START.plus(hour * HOUR_MS + 61_000),
        readings: sensors.iter().enumerate().filter_map(one).collect(),
        changes: if hour == 0 {
            vec![Change::Feed { status }]
        } else {
            Vec::new()
        },
        uncommitted: false,
    }
}
