//! A writer that is killed at any instant: what it had told as kept is there afterwards, whole.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::ports::Archive;
use pingjiang::model::{Batch, Change, CityInfo, FeedStatus, Ground, Reading, Twin};
use pingjiang::store::SqliteArchive;

const FOLDER: &str = "PINGJIANG_CRASH_FOLDER";

/// The batch that a writer makes under this number, always the same.
fn batch(number: u64) -> Batch {
    let at = Timestamp::from_millis(1_777_593_600_000 + number as i64 * 1_000);
    let reading = |device: u64| Reading {
        device: DeviceId::from_bits(device),
        at,
        arrived: at,
        value: number as f64 * 0.1 + device as f64,
        second: None,
        temperature_c: None,
    };
    let status = FeedStatus {
        name: format!("feed {number}"),
        ..FeedStatus::default()
    };
    Batch {
        number,
        ground_version: 1,
        at,
        readings: (0..50).map(reading).collect(),
        changes: vec![Change::Feed { status }],
        uncommitted: false,
    }
}

fn twin() -> Twin {
    let mut ground = Ground::new(CityInfo {
        name_zh: "城".into(),
        name_en: "City".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: String::new(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    ground.version = 1;
    Twin::new(Arc::new(ground))
}

/// No test of its own: the process that the test below starts and kills.
#[test]
fn the_writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let mut archive = SqliteArchive::open(Path::new(&folder)).unwrap();
    let mut live = twin();
    for batch in archive.recover(None).unwrap().batches {
        live.apply(&batch).unwrap();
    }
    loop {
        let next = batch(archive.last_batch().unwrap() + 1);
        archive.append(std::slice::from_ref(&next)).unwrap();
        println!("\nkept {}", next.number);
        if live.apply(&next).is_ok() && next.number.is_multiple_of(7) {
            archive.keep_snapshot(live.live()).unwrap();
        }
    }
}

/// Starts a writer, kills it once it has kept so many more batches, and gives back the last one
/// that it told.
fn killed_after(folder: &Path, batches: usize) -> u64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args(["the_writer", "--exact", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(writer.stdout.take().unwrap());
    let told = output
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("kept ")?.parse::<u64>().ok())
        .take(batches);
    let last = told.last().unwrap();
    // SIGKILL: no destructor runs.
    writer.kill().unwrap();
    writer.wait().unwrap();
    last
}

#[test]
fn what_was_told_as_kept_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.archive");
    for round in 0..4 {
        let told = killed_after(&path, 5 + 9 * round);
        let mut reader = SqliteArchive::open_read_only(&path).unwrap();
        let last = reader.last_batch().unwrap();
        assert!(
            last >= told,
            "{told} was told as kept, the last one is {last}"
        );
        let recovered = reader.recover(None).unwrap();
        let mut found = match recovered.snapshot {
            Some(live) => Twin::at_snapshot(twin().ground().clone(), live),
            None => twin(),
        };
        for batch in &recovered.batches {
            found.apply(batch).unwrap();
        }
        let mut expected = twin();
        for number in 1..=last {
            expected.apply(&batch(number)).unwrap();
        }
        assert_eq!(found.state_hash(), expected.state_hash());
    }
}
