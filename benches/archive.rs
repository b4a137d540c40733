//! What the archive costs: readings kept durably beside raw SQLite inserts into the same table in
//! batches of the same size, and how soon any moment of a year opens. Prints one line a case, with
//! the reference of the same run.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::ports::Archive;
use pingjiang::model::{Batch, CityInfo, Ground, Reading, Twin};
use pingjiang::store::SqliteArchive;
use rusqlite::{Connection, TransactionBehavior, params};

const START: Timestamp = Timestamp::from_millis(1_777_593_600_000);
const DEVICES: u64 = 18_000;

fn main() {
    // Words behind `--` choose: durable, year.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| !it.starts_with('-'))
        .collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|it| it == name);
    if is_asked("durable") {
        for (batch, batches) in [(100, 2_000), (1_000, 400), (10_000, 60)] {
            durable(batch, batches);
        }
    }
    if is_asked("year") {
        year(365);
    }
}

/// Readings as a district's devices send them: each in its turn, ids spread over all numbers.
fn readings(from: u64, count: u64) -> Vec<Reading> {
    static IDS: OnceLock<Vec<DeviceId>> = OnceLock::new();
    let id = |number: u64| DeviceId::from_source("bench", &number.to_string());
    let ids = IDS.get_or_init(|| (0..DEVICES).map(id).collect());
    let one = |number: u64| {
        let at = START.plus((number / DEVICES * 60_000 + number % DEVICES * 3) as i64);
        Reading {
            device: ids[(number % DEVICES) as usize],
            at,
            arrived: at.plus(40),
            value: (number % 977) as f64 * 0.37,
            second: number.is_multiple_of(7).then_some(0.25),
            temperature_c: None,
        }
    };
    (from..from + count).map(one).collect()
}

fn batch(number: u64, at: Timestamp, readings: Vec<Reading>) -> Batch {
    Batch {
        number,
        ground_version: 1,
        at,
        readings,
        changes: Vec::new(),
        uncommitted: false,
    }
}

fn durable(size: u64, batches: u64) {
    let all: Vec<Vec<Reading>> = (0..batches).map(|it| readings(it * size, size)).collect();
    // Several turns, for the disk is not the same for long.
    let (mut raw, mut ours, mut plain) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..3 {
        raw = raw.min(insert_raw(&all, true));
        ours = ours.min(append(&all));
        plain = plain.min(insert_raw(&all, false));
    }
    let per_s = |time: Duration| (size * batches) as f64 / time.as_secs_f64();
    println!(
        "archive, {size} readings a commit: {:.0} readings/s; raw SQLite {:.0} rows/s by device and time \
         ({:.0} %), {:.0} rows/s without any index ({:.0} %)",
        per_s(ours),
        per_s(raw),
        100.0 * per_s(ours) / per_s(raw),
        per_s(plain),
        100.0 * per_s(ours) / per_s(plain),
    );
}

fn append(all: &[Vec<Reading>]) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut archive = SqliteArchive::open(folder.path()).expect("an archive");
    let batches: Vec<Batch> = (1..)
        .zip(all)
        .map(|(number, readings)| batch(number, readings[0].arrived, readings.clone()))
        .collect();
    let began = Instant::now();
    for batch in &batches {
        archive
            .append(std::slice::from_ref(batch))
            .expect("it is written");
    }
    began.elapsed()
}

/// The least that keeps these readings: one table, found by device and time or by nothing.
fn insert_raw(all: &[Vec<Reading>], by_device: bool) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut raw = Connection::open(folder.path().join("raw.sqlite")).expect("a file");
    raw.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    raw.pragma_update(None, "synchronous", "FULL")
        .expect("FULL");
    let columns = "device INTEGER NOT NULL, at INTEGER NOT NULL, variant INTEGER NOT NULL,
        value, second, temperature_c, arrived INTEGER NOT NULL";
    let create = match by_device {
        true => format!(
            "CREATE TABLE reading ({columns}, PRIMARY KEY (device, at, variant)) WITHOUT ROWID"
        ),
        false => format!("CREATE TABLE reading ({columns})"),
    };
    raw.execute_batch(&create).expect("a table");
    let began = Instant::now();
    for readings in all {
        let transaction = raw
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .expect("a transaction");
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO reading VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6)")
                .expect("it is known");
            for one in readings {
                let row = params![
                    one.device.bits().cast_signed(),
                    one.at.millis(),
                    one.value,
                    one.second,
                    one.temperature_c,
                    one.arrived.millis(),
                ];
                insert.execute(row).expect("it is written");
            }
        }
        transaction.commit().expect("it is written");
    }
    began.elapsed()
}

/// The most that lies between two snapshots at the pace of the engine: the first of a half hour may
/// come eight minutes late.
const BATCHES_BETWEEN: u64 = 9_200;
const READINGS_A_SECOND: u64 = 73;

/// A log of so many days with a snapshot each half hour. Only some half hours are as full as those
/// of a district, for a year of it would fill this disk; of the others one batch a minute stands
/// there. What is asked for are moments just before a snapshot in full ones, which is the worst.
fn year(days: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let ground = ground();
    let slots = days * 48;
    let full: Vec<u64> = (0..50).map(|it| it * slots / 50 + slots / 101).collect();
    let began = Instant::now();
    let moments = fill(folder.path(), &ground, slots, &full);
    let filled = began.elapsed();
    let mut archive = SqliteArchive::open_read_only(folder.path()).expect("it opens");
    let mut times: Vec<f64> = Vec::new();
    for at in &moments {
        let began = Instant::now();
        let number = archive.batch_at(*at).expect("a batch");
        let recovered = archive.recover(Some(number)).expect("the log is whole");
        assert!(
            recovered.batches.len() as u64 >= BATCHES_BETWEEN,
            "the worst moment"
        );
        let mut twin = Twin::at_snapshot(ground.clone(), recovered.snapshot.unwrap_or_default());
        for batch in &recovered.batches {
            twin.apply(batch).expect("batches follow each other");
        }
        times.push(began.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let bytes = std::fs::metadata(folder.path().join("log.sqlite")).map_or(0, |about| about.len());
    println!(
        "archive, {days} days, {DEVICES} devices, {} batches, {} MB, filled in {:.0} s: a moment opens \
         in {:.2} s (median of {}), {:.2} s (slowest)",
        archive.last_batch().expect("it opens"),
        bytes >> 20,
        filled.as_secs_f64(),
        times[times.len() / 2],
        times.len(),
        times[times.len() - 1],
    );
}

fn fill(folder: &Path, ground: &Arc<Ground>, slots: u64, full: &[u64]) -> Vec<Timestamp> {
    const SLOT_MS: i64 = 1_800_000;
    let mut archive = SqliteArchive::open(folder).expect("an archive");
    let mut twin = Twin::new(ground.clone());
    let (mut number, mut sent) = (0, 0);
    let mut moments = Vec::new();
    let take = |archive: &mut SqliteArchive, batches: Vec<Batch>, twin: &mut Twin| {
        for batch in &batches {
            twin.apply(batch).expect("batches follow each other");
        }
        archive.append(&batches).expect("it is written");
    };
    // Every device is known from the first batch on.
    number += 1;
    take(
        &mut archive,
        vec![batch(number, START, readings(0, DEVICES))],
        &mut twin,
    );
    for slot in 0..slots {
        let begin = START.plus(slot as i64 * SLOT_MS);
        let is_full = full.contains(&slot);
        let count = if is_full { BATCHES_BETWEEN } else { 30 };
        let batches = (0..count).map(|it| {
            number += 1;
            let at = begin.plus((it as i64 + 1) * SLOT_MS / (count as i64 + 1));
            let due = if is_full { READINGS_A_SECOND / 4 } else { 1 };
            sent += due;
            let mut all = readings(sent, due);
            all.iter_mut().for_each(|one| one.at = at);
            batch(number, at, all)
        });
        let batches: Vec<Batch> = batches.collect();
        moments.extend(is_full.then(|| begin.plus(SLOT_MS - 1)));
        take(&mut archive, batches, &mut twin);
        // Live states of a district are large: those do that the moments are opened from.
        if full.contains(&(slot + 1)) {
            archive.keep_snapshot(twin.live()).expect("it is written");
        }
    }
    moments
}

fn ground() -> Arc<Ground> {
    let mut ground = Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: String::new(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    ground.version = 1;
    Arc::new(ground)
}
