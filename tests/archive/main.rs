//! The archive as people meet it: what a device measured and what that says, backups, and an engine
//! that starts on a damaged log.

mod assess;
mod backup;
#[cfg(feature = "net")]
mod damage;
mod readings;

#[path = "../support/command.rs"]
mod command;
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;

// The sample city names them as the library does.
use pingjiang::{base, model};

use std::path::PathBuf;
use std::process::Output;

use base::{DeviceId, Timestamp};
use model::ports::{Archive, Thinning};
use model::{Batch, Reading};
use pingjiang::store::SqliteArchive;
use sample::MORNING;

/// A city in a folder of its own, with two devices of each kind.
struct City(tempfile::TempDir);

impl City {
    fn new() -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        sample_city::write(&city.path(), &sample::city(2));
        city
    }

    fn place(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn path(&self) -> PathBuf {
        self.place("city.gpkg")
    }

    fn archive(&self) -> SqliteArchive {
        SqliteArchive::open(&SqliteArchive::folder_of(&self.path())).unwrap()
    }

    /// Three hours of a smoke detector and a tilt sensor, a reading a minute in a batch each.
    fn with_readings(self) -> Self {
        let mut archive = self.archive();
        let batches: Vec<Batch> = (0..180).map(batch).collect();
        archive.append(&batches).unwrap();
        drop(archive);
        self
    }

    /// Makes rollups of the smoke detector's first two hours.
    fn thinned(self) -> Self {
        let thinning = Thinning {
            devices: &[smoke()],
            before: MORNING.plus(2 * 3_600_000),
            utc_offset_minutes: 480,
            readings_max: usize::MAX,
        };
        let mut archive = self.archive();
        assert_eq!(archive.thin_readings(&thinning).unwrap().readings, 120);
        assert!(archive.thin_batches(thinning.before, 1_000).unwrap() > 100);
        drop(archive);
        self
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let path = self.path();
        let (command, rest) = arguments.split_first().unwrap();
        let mut all = vec![*command, path.to_str().unwrap()];
        all.extend(rest);
        command::pingjiang(&all)
    }
}

fn smoke() -> DeviceId {
    sample::device_id("smoke", 0)
}

fn tilt() -> DeviceId {
    sample::device_id("tilt", 1)
}

fn batch(minute: i64) -> Batch {
    let at = MORNING.plus(minute * 60_000);
    let reading = |device, value, second| Reading {
        device,
        at,
        arrived: at.plus(500),
        value,
        second,
        temperature_c: None,
    };
    Batch {
        number: minute as u64 + 1,
        ground_version: 1,
        at: at.plus(600),
        readings: vec![
            reading(smoke(), minute as f64 / 64.0, None),
            reading(tilt(), 0.5, Some(-0.25)),
        ],
        changes: Vec::new(),
        uncommitted: false,
    }
}

fn told(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// What a refused command says.
fn refused(output: &Output) -> String {
    let (out, told) = told(output);
    assert_eq!(
        (output.status.code(), out.as_str()),
        (Some(1), ""),
        "{told}"
    );
    told
}

fn document(output: &Output) -> serde_json::Value {
    let (out, told) = told(output);
    assert!(output.status.success(), "{told}");
    serde_json::from_str(&out).unwrap_or_else(|fault| panic!("{fault}: {out}"))
}

fn at(minute: i64) -> String {
    let time: Timestamp = MORNING.plus(minute * 60_000);
    time.to_string()
}
