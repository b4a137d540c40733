//! The archive on disk: its lock, its readers, its history of readings, and damage.

use std::{fs, path::Path};

use super::*;

fn opened(folder: &Path) -> SqliteArchive {
    SqliteArchive::open(folder).unwrap()
}

#[test]
fn a_second_writer_is_told_who_the_first_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.archive");
    assert_eq!(SqliteArchive::holder(&path), None);
    let first = opened(&path);
    let fault = SqliteArchive::open(&path).unwrap_err();
    let me = format!("process {}", std::process::id());
    assert!(matches!(fault, ArchiveError::Held { .. }), "{fault}");
    assert!(fault.to_string().contains(&me), "{fault}");
    assert!(SqliteArchive::holder(&path).unwrap().starts_with(&me));
    drop(first);
    assert_eq!(SqliteArchive::holder(&path), None);
    opened(&path);
}

#[test]
fn readers_read_while_the_writer_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("city.archive");
    assert!(SqliteArchive::open_read_only(&path).is_err());
    assert!(!SqliteArchive::exists(&path));
    let mut writer = opened(&path);
    writer.append(&empty_batches(1..=2)).unwrap();
    let mut reader = SqliteArchive::open_read_only(&path).unwrap();
    assert_eq!(reader.recover(None).unwrap().batches.len(), 2);
    writer.append(&empty_batches(3..=3)).unwrap();
    assert_eq!(reader.recover(None).unwrap().batches.len(), 3);
    let fault = reader.append(&empty_batches(4..=4)).unwrap_err();
    assert!(fault.to_string().contains("for reading"), "{fault}");
    assert!(reader.keep_snapshot(twin().live()).is_err());
    assert!(reader.drop_snapshots(&[1]).is_err());
}

#[test]
fn the_history_of_a_device_does_not_double() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = opened(folder.path());
    let once = vec![reading(1, 5, 4.0), reading(1, 6, 4.0)];
    for number in 1..=3 {
        archive
            .append(&[batch(number, once.clone(), vec![])])
            .unwrap();
    }
    let count = "SELECT count(*) FROM reading";
    let count: i64 = archive
        .connection()
        .query_row(count, [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 2);
}

#[test]
fn values_that_json_cannot_hold_are_refused_before_they_are_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = opened(folder.path());
    let broken = Alarm {
        value: f64::NAN,
        ..alarm(1)
    };
    let bad = batch(1, vec![], vec![Change::AlarmRaised { alarm: broken }]);
    let fault = archive.append(&[bad]).unwrap_err();
    assert!(matches!(fault, ArchiveError::Failed { .. }), "{fault}");
    assert_eq!(archive.last_batch().unwrap(), 0);
    archive
        .append(&[batch(1, vec![reading(1, 1, f64::NAN)], vec![])])
        .unwrap();
    let kept = archive.recover(None).unwrap().batches;
    assert!(kept[0].readings[0].value.is_nan());
    assert!(archive.keep_snapshot(folded(&kept).live()).is_err());
}

#[test]
fn damage_is_told_as_damage() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.sqlite");
    let readings: Vec<_> = (0..400).map(|at| reading(at as u64 % 7, at, 1.0)).collect();
    {
        let mut archive = opened(folder.path());
        for number in 1..=20 {
            archive
                .append(&[batch(number, readings.clone(), vec![])])
                .unwrap();
        }
    }
    let whole = fs::read(&log).unwrap();
    let mut told = 0;
    for step in 1..40 {
        let mut broken = whole.clone();
        let from = step * (whole.len() - 2_000) / 40;
        broken[from..from + 1_500].fill(0x5a);
        fs::write(&log, &broken).unwrap();
        let recovered =
            SqliteArchive::open(folder.path()).and_then(|mut archive| archive.recover(None));
        match recovered {
            Err(ArchiveError::Damaged { .. }) => told += 1,
            Err(other) => panic!("{other}"),
            Ok(_) => {}
        }
    }
    assert!(told > 10, "{told}");
    fs::write(&log, "this is no log").unwrap();
    let fault = SqliteArchive::open(folder.path()).unwrap_err();
    assert!(matches!(fault, ArchiveError::Damaged { .. }), "{fault}");
}

#[test]
fn a_snapshot_in_the_wrong_place_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = opened(folder.path());
    let batches = empty_batches(1..=5);
    archive.append(&batches).unwrap();
    archive.keep_snapshot(folded(&batches[..3]).live()).unwrap();
    let moved = "UPDATE snapshot SET batch = 4";
    archive.connection().execute(moved, []).unwrap();
    let fault = archive.recover(None).unwrap_err().to_string();
    assert!(fault.contains("snapshot after batch 4 says 3"), "{fault}");
}

#[test]
fn a_missing_batch_is_damage() {
    let folder = tempfile::tempdir().unwrap();
    let mut archive = opened(folder.path());
    archive.append(&empty_batches(1..=5)).unwrap();
    let remove = "DELETE FROM batch WHERE number = 3";
    archive.connection().execute(remove, []).unwrap();
    let fault = archive.recover(None).unwrap_err().to_string();
    assert!(fault.contains("batch 3 is missing"), "{fault}");
    assert_eq!(archive.recover(Some(2)).unwrap().batches.len(), 2);
}
