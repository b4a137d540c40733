//! Archives that older programs wrote: brought up to date in place, whole or not at all.

use std::path::Path;

use rusqlite::{Connection, params};

use super::*;

/// The tables of format 1, as the programs of that time made them.
const CREATE_1: &str = "
CREATE TABLE batch (
  number INTEGER PRIMARY KEY NOT NULL, ground_version INTEGER NOT NULL, at INTEGER NOT NULL,
  readings INTEGER NOT NULL, changes TEXT NOT NULL);
CREATE INDEX batch_at ON batch (at);
CREATE TABLE reading (
  device INTEGER NOT NULL, at INTEGER NOT NULL, variant INTEGER NOT NULL,
  value, second, temperature_c,
  arrived INTEGER NOT NULL, batch INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (device, at, variant)) WITHOUT ROWID;
CREATE INDEX reading_of_batch ON reading (batch);
CREATE TABLE again (
  batch INTEGER NOT NULL, place INTEGER NOT NULL, device INTEGER NOT NULL, at INTEGER NOT NULL,
  variant INTEGER NOT NULL, arrived INTEGER NOT NULL,
  PRIMARY KEY (batch, place)) WITHOUT ROWID;
CREATE TABLE snapshot (batch INTEGER PRIMARY KEY NOT NULL, live TEXT NOT NULL);
PRAGMA application_id = 0x504A4152;
PRAGMA user_version = 1;
";

/// Three batches with a reading that came again and a value that came after another, and a snapshot.
fn batches() -> [Batch; 3] {
    let again = Reading {
        arrived: time(50),
        ..reading(2, 5, -0.0)
    };
    let raised = Change::AlarmRaised { alarm: alarm(2) };
    [
        batch(
            1,
            vec![reading(2, 5, -0.0), reading(1, 4, 0.3)],
            vec![raised],
        ),
        batch(2, vec![], vec![]),
        batch(3, vec![again, reading(2, 5, 8.5)], vec![]),
    ]
}

fn write_1(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let log = Connection::open(folder.join("log.sqlite")).unwrap();
    log.pragma_update(None, "journal_mode", "WAL").unwrap();
    log.execute_batch(CREATE_1).unwrap();
    let batches = batches();
    for batch in &batches {
        let changes = serde_json::to_string(&batch.changes).unwrap();
        let row = params![
            batch.number as i64,
            1,
            batch.at.millis(),
            batch.readings.len() as i64,
            changes
        ];
        log.execute("INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5)", row)
            .unwrap();
    }
    let insert = |reading: &Reading, variant: i64, batch: i64, place: i64| {
        let row = params![
            reading.device.bits() as i64,
            reading.at.millis(),
            variant,
            reading.value,
            reading.second,
            reading.temperature_c,
            reading.arrived.millis(),
            batch,
            place
        ];
        let insert = "INSERT INTO reading VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        log.execute(insert, row).unwrap();
    };
    insert(&batches[0].readings[0], 0, 1, 0);
    insert(&batches[0].readings[1], 0, 1, 1);
    insert(&batches[2].readings[1], 1, 3, 1);
    let again = [3, 0, 2, time(5).millis(), 0, time(50).millis()];
    log.execute("INSERT INTO again VALUES (?1, ?2, ?3, ?4, ?5, ?6)", again)
        .unwrap();
    let live = serde_json::to_string(folded(&batches[..1]).live()).unwrap();
    log.execute("INSERT INTO snapshot VALUES (1, ?1)", [live])
        .unwrap();
}

fn check_whole(archive: &mut SqliteArchive) {
    let recovered = archive.recover(None).unwrap();
    assert_eq!(
        recovered.snapshot.as_ref(),
        Some(folded(&batches()[..1]).live())
    );
    assert_eq!(recovered.batches, batches()[1..]);
    let marks = archive.snapshots().unwrap();
    archive
        .drop_snapshots(&marks.iter().map(|mark| mark.batch).collect::<Vec<_>>())
        .unwrap();
    let all = archive.recover(None).unwrap().batches;
    assert_eq!(all, batches());
    assert!(all[0].readings[0].value.is_sign_negative());
    let mut history = Vec::new();
    let mut take = |one: &Reading| history.push((one.arrived, one.value));
    archive
        .each_reading(device(2), time(0), time(9), &mut take)
        .unwrap();
    assert_eq!(history, [(time(7), -0.0), (time(7), 8.5)]);
}

#[test]
fn an_archive_of_format_1_is_brought_up_to_date_by_a_writer() {
    let folder = tempfile::tempdir().unwrap();
    write_1(folder.path());
    let mut archive = SqliteArchive::open(folder.path()).unwrap();
    check_whole(&mut archive);
    archive
        .append(&[batch(4, vec![reading(1, 4, 0.3)], vec![])])
        .unwrap();
    assert_eq!(archive.last_batch().unwrap(), 4);
}

#[test]
fn an_archive_of_format_1_is_brought_up_to_date_by_a_reader() {
    let folder = tempfile::tempdir().unwrap();
    write_1(folder.path());
    let mut archive = SqliteArchive::open_read_only(folder.path()).unwrap();
    assert_eq!(archive.recover(None).unwrap().batches.len(), 2);
    drop(archive);
    check_whole(&mut SqliteArchive::open(folder.path()).unwrap());
}

#[test]
fn one_that_cannot_be_brought_up_to_date_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    write_1(folder.path());
    let log = folder.path().join("log.sqlite");
    let lost = Connection::open(&log).unwrap();
    lost.execute("DELETE FROM reading WHERE batch = 1 AND place = 1", [])
        .unwrap();
    let fault = SqliteArchive::open(folder.path()).unwrap_err();
    assert!(matches!(fault, ArchiveError::Damaged { .. }), "{fault}");
    assert!(
        fault.to_string().contains("batch 1 lacks readings"),
        "{fault}"
    );
    let count: i64 = lost
        .query_row("SELECT count(*) FROM again", [], |row| row.get(0))
        .unwrap();
    assert_eq!(count, 1);
    let format: i64 = lost
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(format, 1);
}

#[test]
fn a_newer_archive_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let archive = SqliteArchive::open(folder.path()).unwrap();
    archive
        .connection()
        .pragma_update(None, "user_version", 3)
        .unwrap();
    drop(archive);
    for fault in [
        SqliteArchive::open(folder.path()).unwrap_err(),
        SqliteArchive::open_read_only(folder.path()).unwrap_err(),
    ] {
        assert!(
            fault.to_string().contains("take a newer pingjiang"),
            "{fault}"
        );
    }
}
