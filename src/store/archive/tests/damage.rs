//! Damaged archives: nothing panics, nothing is lost in silence, what can be read is read.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::*;
use crate::model::{Live, LogDamage};

const LAST: u64 = 300;

/// A batch that differs from every other, long enough that some fill a page.
fn full(number: u64) -> Batch {
    let all = (0..24).map(|of| reading(of, number as i64, number as f64 + of as f64 / 8.0));
    let status = FeedStatus {
        name: format!("feed {number} {}", "x".repeat(200)),
        ..FeedStatus::default()
    };
    batch(number, all.collect(), vec![Change::Feed { status }])
}

fn log() -> Vec<Batch> {
    (1..=LAST).map(full).collect()
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("log.sqlite")
}

/// An archive with a snapshot after every hundredth batch but the last.
fn written(folder: &Path) {
    let mut archive = SqliteArchive::open(folder).unwrap();
    let log = log();
    let mut live = twin();
    for batches in log.chunks(100) {
        archive.append(batches).unwrap();
        batches.iter().for_each(|batch| live.apply(batch).unwrap());
        if live.live().batch < LAST {
            archive.keep_snapshot(live.live()).unwrap();
        }
    }
}

fn mended(folder: &Path, backup: Option<&Path>) -> (SqliteArchive, Option<LogDamage>) {
    SqliteArchive::open_mending(folder, time(5_000), backup).unwrap()
}

/// Everything in the log, without snapshots.
fn batches_of(archive: &mut SqliteArchive) -> Vec<Batch> {
    let marks = archive.snapshots().unwrap();
    let all: Vec<_> = marks.iter().map(|mark| mark.batch).collect();
    archive.drop_snapshots(&all).unwrap();
    archive.recover(None).unwrap().batches
}

/// What is there is as it was written, what is not is told, and the log has no gap.
fn check_told(archive: &mut SqliteArchive, damage: &LogDamage) -> usize {
    let found = batches_of(archive);
    let lost = |number| {
        let mut ranges = damage.lost.iter();
        ranges.any(|range| (range.first..=range.last).contains(&number))
    };
    for batch in &found {
        match lost(batch.number) {
            true => assert!(batch.changes.is_empty() && batch.readings.is_empty()),
            false => assert_eq!(*batch, full(batch.number)),
        }
    }
    let whole = found.iter().filter(|batch| !lost(batch.number)).count();
    assert_eq!(damage.salvaged + damage.restored, whole as u64);
    let next = found.len() as u64 + 1;
    archive.append(&[full(next)]).unwrap();
    whole
}

/// The damaged bytes are still somewhere in the archive's folder.
fn is_kept(folder: &Path, damage: &LogDamage, bytes: &[u8]) -> bool {
    let kept = fs::read_dir(folder.join(&damage.kept_in)).unwrap();
    let mut kept = kept.map(|file| fs::read(file.unwrap().path()).unwrap());
    kept.any(|file| file == bytes)
}

/// The pages of a table or an index, by number from 1, the root first.
fn pages_of(folder: &Path, name: &str) -> Vec<usize> {
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let log = Connection::open(log_of(folder)).unwrap();
    let root: usize = log
        .query_row(root, [name], |row| row.get::<_, i64>(0))
        .unwrap() as usize;
    let bytes = fs::read(log_of(folder)).unwrap();
    let mut pages = vec![root];
    let page = |number: usize| &bytes[(number - 1) * 4096..number * 4096];
    // Interior pages of tables (5) and indexes (2) point to their children.
    if matches!(page(root)[0], 2 | 5) {
        let head = page(root);
        let cells = usize::from(u16::from_be_bytes([head[3], head[4]]));
        for cell in 0..cells {
            let at = 12 + 2 * cell;
            let at = usize::from(u16::from_be_bytes([head[at], head[at + 1]]));
            let child = u32::from_be_bytes(head[at..at + 4].try_into().unwrap());
            pages.push(child as usize);
        }
        pages.push(u32::from_be_bytes(head[8..12].try_into().unwrap()) as usize);
    }
    pages
}

fn overwrite(folder: &Path, page: usize) -> Vec<u8> {
    let mut bytes = fs::read(log_of(folder)).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0xa5);
    fs::write(log_of(folder), &bytes).unwrap();
    bytes
}

#[test]
fn a_sound_archive_is_opened_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let (mut archive, damage) = mended(folder.path(), None);
    assert_eq!(damage, None);
    assert_eq!(batches_of(&mut archive), log());
    let (_, damage) = mended(&folder.path().join("new"), None);
    assert_eq!(damage, None);
}

#[test]
fn a_page_of_batches_costs_those_batches() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let pages = pages_of(folder.path(), "batch");
    assert!(pages.len() > 20, "{}", pages.len());
    let bytes = overwrite(folder.path(), pages[7]);
    let (mut archive, damage) = mended(folder.path(), None);
    let damage = damage.unwrap();
    assert!(is_kept(folder.path(), &damage, &bytes));
    assert_eq!(damage.lost.len(), 1, "{damage:?}");
    let lost = &damage.lost[0];
    assert!(lost.last - lost.first < 12, "{lost:?}");
    assert_eq!(lost.from, Some(time(lost.first as i64 - 1)));
    assert_eq!(lost.to, time(lost.last as i64 + 1));
    assert_eq!(damage.known_up_to, Some(time(LAST as i64)));
    // The snapshot behind the hole knows better than an empty batch.
    let live = replayed(archive.recover(None).unwrap());
    let whole = folded(&log());
    assert_eq!(live.state_hash(), whole.state_hash());
    // A history has another page, and does not suffer.
    let mut count = 0;
    archive
        .each_reading(device(3), time(0), time(9_999), &mut |_| count += 1)
        .unwrap();
    assert_eq!(count, LAST);
    assert!(check_told(&mut archive, &damage) > 280);
}

#[test]
fn a_page_of_readings_costs_nothing_while_batches_know_them() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let pages = pages_of(folder.path(), "reading");
    overwrite(folder.path(), pages[3]);
    let (mut archive, damage) = mended(folder.path(), None);
    let damage = damage.unwrap();
    assert!(
        damage.lost.is_empty() && damage.salvaged == LAST,
        "{damage:?}"
    );
    assert!(damage.histories > 0);
    for of in 0..24 {
        let mut count = 0;
        archive
            .each_reading(device(of), time(0), time(9_999), &mut |_| count += 1)
            .unwrap();
        assert_eq!(count, LAST, "device {of}");
    }
    check_told(&mut archive, &damage);
}

#[test]
fn a_log_without_its_head_is_taken_from_the_backup() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a"), backup.path().join("b"));
    written(&path);
    fs::create_dir(&copy).unwrap();
    SqliteArchive::open_read_only(&path)
        .unwrap()
        .copy_whole(&copy)
        .unwrap();
    SqliteArchive::open(&path)
        .unwrap()
        .append(&[full(LAST + 1)])
        .unwrap();
    let bytes = overwrite(&path, 1);
    let (mut archive, damage) = mended(&path, Some(&copy));
    let damage = damage.unwrap();
    assert!(is_kept(&path, &damage, &bytes));
    assert_eq!((damage.salvaged, damage.restored), (0, LAST));
    assert_eq!(damage.known_up_to, Some(time(LAST as i64)));
    assert_eq!(check_told(&mut archive, &damage), LAST as usize);
    drop(archive);
    let (_, damage) = mended(&path, None);
    assert_eq!(damage, None, "once is enough");
}

#[test]
fn without_anything_to_read_it_begins_anew_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let bytes = overwrite(folder.path(), 1);
    let (mut archive, damage) = mended(folder.path(), None);
    let damage = damage.unwrap();
    assert!(is_kept(folder.path(), &damage, &bytes));
    assert_eq!((damage.salvaged, damage.known_up_to), (0, None));
    assert!(
        damage.reason.contains("not a database"),
        "{}",
        damage.reason
    );
    assert!(batches_of(&mut archive).is_empty());
}

#[test]
fn a_log_that_was_cut_short_is_no_new_one() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let whole = fs::read(log_of(folder.path())).unwrap();
    for length in [0, 100, 4096, whole.len() / 2] {
        fs::write(log_of(folder.path()), &whole[..length]).unwrap();
        let opened = SqliteArchive::open(folder.path()).map(|archive| archive.check_whole());
        assert!(!matches!(opened, Ok(Ok(()))), "{length}");
        let (mut archive, damage) = mended(folder.path(), None);
        let damage = damage.unwrap();
        assert!(
            is_kept(folder.path(), &damage, &whole[..length]),
            "{length}"
        );
        check_told(&mut archive, &damage);
        fs::remove_dir_all(folder.path().join(&damage.kept_in)).unwrap();
    }
}

#[test]
fn a_backup_fills_holes_and_one_of_another_city_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let copy = folder.path().join("b");
    let other = folder.path().join("c");
    written(&path);
    for folder in [&copy, &other] {
        fs::create_dir(folder).unwrap();
    }
    SqliteArchive::open_read_only(&path)
        .unwrap()
        .copy_whole(&copy)
        .unwrap();
    SqliteArchive::open(&other)
        .unwrap()
        .append(&[batch(1, vec![], vec![])])
        .unwrap();
    for page in &pages_of(&path, "batch")[5..9] {
        overwrite(&path, *page);
    }
    let before = fs::read(log_of(&path)).unwrap();
    let fault = SqliteArchive::open_mending(&path, time(9), Some(&other)).unwrap_err();
    assert!(fault.to_string().contains("of another archive"), "{fault}");
    assert_eq!(fs::read(log_of(&path)).unwrap(), before);
    let (mut archive, damage) = mended(&path, Some(&copy));
    let damage = damage.unwrap();
    assert!(damage.lost.is_empty() && damage.restored > 4, "{damage:?}");
    assert_eq!(check_told(&mut archive, &damage), LAST as usize);
}

#[test]
fn a_lost_log_comes_back_from_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a"), folder.path().join("b"));
    written(&path);
    fs::create_dir(&copy).unwrap();
    SqliteArchive::open_read_only(&path)
        .unwrap()
        .copy_whole(&copy)
        .unwrap();
    fs::remove_dir_all(&path).unwrap();
    let (mut archive, damage) = mended(&path, Some(&copy));
    assert_eq!(check_told(&mut archive, &damage.unwrap()), LAST as usize);
}

#[test]
fn a_damaged_write_ahead_log_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let mut archive = SqliteArchive::open(&path).unwrap();
    archive.append(&log()[..40]).unwrap();
    for number in 41..=80 {
        archive.append(&[full(number)]).unwrap();
    }
    // As a killed program leaves it: closing would take the log in.
    let left = folder.path().join("b");
    fs::create_dir(&left).unwrap();
    for name in ["log.sqlite", "log.sqlite-wal"] {
        fs::copy(path.join(name), left.join(name)).unwrap();
    }
    drop(archive);
    let wal = left.join("log.sqlite-wal");
    let whole = fs::read(&wal).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&wal, &bytes).unwrap();
    // Who does not mend must not let SQLite pass over it either.
    let fault = SqliteArchive::open(&left).unwrap_err();
    assert!(fault.to_string().contains("write-ahead"), "{fault}");
    assert_eq!(fs::read(&wal).unwrap(), bytes);
    let (mut archive, damage) = mended(&left, None);
    let damage = damage.unwrap();
    assert!(damage.reason.contains("write-ahead"), "{}", damage.reason);
    assert!(is_kept(&left, &damage, &bytes));
    let last = archive.last_batch().unwrap();
    assert!((41..80).contains(&last), "{last}");
    assert_eq!(damage.known_up_to, Some(time(last as i64)));
    assert_eq!(check_told(&mut archive, &damage), last as usize);
    drop(archive);

    // What was never finished is no damage.
    fs::write(&wal, &whole[..whole.len() - 5_000]).unwrap();
    fs::copy(path.join("log.sqlite"), left.join("log.sqlite")).unwrap();
    let (_, damage) = mended(&left, None);
    assert_eq!(damage, None);
}

#[test]
fn a_stopped_mending_is_finished_or_begun_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    written(&path);
    // Stopped while the new log grew.
    fs::write(path.join("mending.sqlite"), "half").unwrap();
    let (archive, damage) = mended(&path, None);
    assert!(damage.is_none() && !path.join("mending.sqlite").exists());
    drop(archive);
    // Stopped between the two moves.
    fs::rename(log_of(&path), path.join("mending.sqlite")).unwrap();
    let (mut archive, damage) = mended(&path, None);
    assert_eq!(damage, None);
    assert_eq!(batches_of(&mut archive), log());
}

#[test]
fn a_newest_snapshot_that_is_damaged_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path());
    let change = "UPDATE snapshot SET live = zeroblob(50) WHERE batch = 200";
    let log_file = Connection::open(log_of(folder.path())).unwrap();
    log_file.execute(change, []).unwrap();
    drop(log_file);
    let (mut archive, damage) = mended(folder.path(), None);
    assert!(damage.unwrap().lost.is_empty());
    let recovered = archive.recover(None).unwrap();
    assert_eq!(
        recovered.snapshot.as_ref().map(|live: &Live| live.batch),
        Some(100)
    );
    assert_eq!(
        replayed(recovered).state_hash(),
        folded(&log()).state_hash()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever bytes are changed wherever: it opens, no batch is other than it was written, and
    /// what is missing is told.
    #[test]
    fn no_damage_is_passed_over(
        places in prop::collection::vec((any::<prop::sample::Index>(), 1..3_000_usize), 1..4),
        fill in any::<u8>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        written(folder.path());
        let mut bytes = fs::read(log_of(folder.path())).unwrap();
        let whole = bytes.clone();
        for (at, length) in places {
            let at = at.index(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes[at..end].fill(fill);
        }
        fs::write(log_of(folder.path()), &bytes).unwrap();
        let (mut archive, damage) = mended(folder.path(), None);
        match damage {
            Some(damage) => {
                check_told(&mut archive, &damage);
            }
            // Room that nobody uses, a history's value, or a snapshot that is not the newest.
            None => prop_assert!(bytes == whole || batches_of(&mut archive) == log()),
        }
    }
}
