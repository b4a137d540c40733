//! What the archive keeps: batches and snapshots as JSON, and its tables changed behind its back.

use std::sync::Arc;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::ports::{Archive, ArchiveError, Recovered};
use pingjiang::model::{Batch, Change, Ground, Live, Reading, Twin};
use pingjiang::space::Crs;
use pingjiang::store::{MemoryArchive, SqliteArchive};

use crate::bodies::Seen;
use crate::tamper::{Field, Tamper};
use crate::{imports, seeds};

fn ground() -> Arc<Ground> {
    let crs = Crs::from_epsg(4549).expect("it is built in");
    let mut ground = Ground::new(imports::info(&crs));
    ground.version = 1;
    Arc::new(ground)
}

/// A log, one batch a line: read back it is the same, both back ends keep it alike or refuse it
/// alike, and any prefix of it folds to the same twin.
pub fn batches(bytes: &[u8]) -> Seen {
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    let read: Result<Vec<Batch>, _> = lines.map(serde_json::from_slice).collect();
    let batches = match read {
        Ok(batches) if !batches.is_empty() => batches,
        Ok(_) => return Seen::REFUSED,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    let text = serde_json::to_string(&batches).expect("batches have a JSON form");
    assert_eq!(
        serde_json::from_str::<Vec<Batch>>(&text).ok(),
        Some(batches.clone())
    );

    let folder = tempfile::tempdir().expect("a folder");
    let mut memory = MemoryArchive::new();
    let mut disk = SqliteArchive::open(folder.path()).expect("an archive");
    let (one, two) = (memory.append(&batches), disk.append(&batches));
    assert_eq!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
    let last = batches.last().map_or(0, |batch| batch.number);
    for at in [None, Some(0), Some(last / 2), Some(u64::MAX)] {
        let one = memory.recover(at).expect("memory is always readable");
        let two = disk.recover(at).expect("what was appended is readable");
        assert_eq!(one, two);
    }
    let moments = batches.iter().map(|batch| batch.at);
    for at in moments.chain([Timestamp::from_millis(i64::MIN)]) {
        assert_eq!(memory.batch_at(at).ok(), disk.batch_at(at).ok());
    }
    let folded = fold(memory.recover(None).expect("as above"));
    Seen::of((
        one.is_ok(),
        folded.map_err(|it| Seen::message(&it)),
        batches.len(),
    ))
}

/// The twin after what was recovered, or why it does not follow.
fn fold(recovered: Recovered) -> Result<String, String> {
    let mut twin = match recovered.snapshot {
        Some(live) => Twin::at_snapshot(ground(), live),
        None => Twin::new(ground()),
    };
    for batch in &recovered.batches {
        let before = twin.state_hash();
        if let Err(fault) = twin.apply(batch) {
            assert_eq!(
                twin.state_hash(),
                before,
                "a refused batch changed the twin"
            );
            return Err(fault.to_string());
        }
        // Changes may be told twice after a crash; numbers keep that from happening here.
        assert!(
            twin.apply(batch).is_err(),
            "the same batch was applied twice"
        );
    }
    Ok(twin.state_hash())
}

/// A snapshot: read back it is the same, its twin has the same hash, and life goes on after it.
pub fn snapshot(bytes: &[u8]) -> Seen {
    let live: Live = match serde_json::from_slice(bytes) {
        Ok(live) => live,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    let text = serde_json::to_string(&live).expect("a state has a JSON form");
    let again: Live = serde_json::from_str(&text).expect("it reads what it wrote");
    assert_eq!(again, live);
    let mut twin = Twin::at_snapshot(ground(), live.clone());
    assert_eq!(
        twin.state_hash(),
        Twin::at_snapshot(ground(), again).state_hash()
    );
    assert_eq!(live.queue().len(), live.alarms.len());
    let next = next(&live);
    let applied = twin.apply(&next).is_ok();
    if applied {
        assert_eq!((twin.live().batch, twin.live().at), (next.number, next.at));
    }
    Seen::of((
        applied,
        live.devices.len(),
        live.alarms.len(),
        live.rules.len(),
    ))
}

/// A batch that follows a state and touches everything in it.
fn next(live: &Live) -> Batch {
    let at = live.at.plus(1_000);
    let readings = live.devices.keys().map(|device| reading(*device, at));
    let ends = live
        .alarms
        .keys()
        .map(|alarm| Change::AlarmReturned { alarm: *alarm, at });
    Batch {
        number: live.batch.saturating_add(1),
        ground_version: 1,
        at,
        readings: readings.collect(),
        changes: ends.collect(),
        uncommitted: false,
    }
}

fn reading(device: DeviceId, at: Timestamp) -> Reading {
    Reading {
        device,
        at,
        arrived: at,
        value: 1.5,
        second: None,
        temperature_c: None,
    }
}

struct Fixture {
    folder: tempfile::TempDir,
    tamper: Tamper,
}

thread_local! {
    static FIXTURE: Fixture = Fixture::new();
}

impl Fixture {
    /// A log of all seeds with a snapshot in its middle.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let whole = seeds::batches()
            .pop()
            .expect("the whole log is the last seed");
        let lines = whole
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let read = |line| serde_json::from_slice::<Batch>(line).expect("a seed is a batch");
        let batches: Vec<Batch> = lines.map(read).collect();
        let mut archive = SqliteArchive::open(folder.path()).expect("an archive");
        archive.append(&batches).expect("seeds follow each other");
        let mut twin = Twin::new(ground());
        for batch in &batches[..batches.len() / 2] {
            twin.apply(batch).expect("seeds follow each other");
        }
        archive.keep_snapshot(twin.live()).expect("a snapshot");
        drop(archive);
        let log = folder.path().join("log.sqlite");
        let tamper = Tamper::open(&log, &["batch"], more_fields());
        Self { folder, tamper }
    }
}

/// Fields beside those of the first batch. The log of the seeds has one snapshot.
fn more_fields() -> Vec<Field> {
    let snapshot = ["batch", "live"].map(|name| Field::new("snapshot", name, "true"));
    // A batch with a reading of two values and a temperature, found by what is not changed.
    let batch = [
        "ground_version",
        "at",
        "count",
        "sum",
        "changes",
        "readings",
    ];
    let batch = batch.map(|name| Field::new("batch", name, "number = 2"));
    snapshot.into_iter().chain(batch).collect()
}

/// One input for each field of the log.
pub fn log_seeds() -> Vec<Vec<u8>> {
    FIXTURE.with(|fixture| fixture.tamper.seeds())
}

/// A log with one field changed: it is damaged and says so, or gives batches without a gap.
pub fn log(bytes: &[u8]) -> Seen {
    FIXTURE.with(|fixture| {
        let Some(changed) = fixture.tamper.change(bytes) else {
            return Seen::REFUSED;
        };
        let mut archive =
            SqliteArchive::open_read_only(fixture.folder.path()).expect("it opens for reading");
        let mut seen = Vec::new();
        for at in [None, Some(0), Some(1), Some(u64::MAX)] {
            seen.push(match archive.recover(at) {
                Ok(recovered) => {
                    let from = recovered.snapshot.as_ref().map_or(0, |live| live.batch);
                    let numbers = recovered.batches.iter().map(|batch| batch.number);
                    assert!(numbers.eq((from + 1..).take(recovered.batches.len())));
                    fold(recovered).map_err(|fault| Seen::message(&fault)).err()
                }
                Err(fault @ (ArchiveError::Damaged { .. } | ArchiveError::Failed { .. })) => {
                    Some(Seen::message(&fault.to_string()))
                }
                Err(other) => panic!("{other}"),
            });
        }
        Seen::of((changed.place(), seen))
    })
}
