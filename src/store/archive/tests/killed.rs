//! A writer that is killed at any instant: what it had told as kept is there afterwards, whole.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

const FOLDER: &str = "PINGJIANG_CRASH_FOLDER";

/// The batch that a writer makes under this number, always the same.
fn full_batch(number: u64) -> Batch {
    let value = |device: u64| number as f64 * 0.1 + device as f64;
    let readings = (0..50).map(|device| reading(device, number as i64, value(device)));
    let status = FeedStatus {
        name: format!("feed {number}"),
        ..FeedStatus::default()
    };
    batch(number, readings.collect(), vec![Change::Feed { status }])
}

/// No test of its own: the process that the test below starts and kills.
#[test]
fn the_writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let mut archive = SqliteArchive::open(Path::new(&folder)).unwrap();
    let mut live = replayed(archive.recover(None).unwrap());
    loop {
        let next = full_batch(archive.last_batch().unwrap() + 1);
        archive.append(std::slice::from_ref(&next)).unwrap();
        println!("\nkept {}", next.number);
        live.apply(&next).unwrap();
        if next.number.is_multiple_of(7) {
            archive.keep_snapshot(live.live()).unwrap();
        }
    }
}

/// Starts a writer, kills it once it has kept so many more batches, and gives back the last one
/// that it told.
fn killed_after(folder: &Path, batches: usize) -> u64 {
    let mut writer = Command::new(std::env::current_exe().unwrap())
        .args([
            concat!(module_path!(), "::the_writer").trim_start_matches("pingjiang::"),
            "--exact",
            "--nocapture",
        ])
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
        let found = replayed(reader.recover(None).unwrap());
        let mut expected = twin();
        for number in 1..=last {
            expected.apply(&full_batch(number)).unwrap();
        }
        assert_eq!(found.state_hash(), expected.state_hash());
    }
}
