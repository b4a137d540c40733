//! What the pipeline costs: a simulated hour through inbox, rules, archive and twin, for a
//! community and for a district. Prints one line a case; the reference is the bare fold of the
//! same batches, without rules and archive.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pingjiang::app::pipeline::{Pipeline, Settings};
use pingjiang::base::{DeviceId, ImportId, Timestamp};
use pingjiang::citygen::days::{Scenario, Simulation};
use pingjiang::feed::{Inbox, Simulator};
use pingjiang::model::alarm_rule::AlarmRules;
use pingjiang::model::ports::Archive;
use pingjiang::model::{
    Batch, CityInfo, Device, FeedStatus, Ground, KindId, KindTable, Source, Twin,
};
use pingjiang::rules::{Homes, Plan};
use pingjiang::store::{MemoryArchive, SqliteArchive};

const START: Timestamp = Timestamp::from_millis(1_777_593_600_000);
const HOUR_MS: i64 = 3_600_000;
/// As the engine ticks (`app::engine`).
const PACE_MS: i64 = 250;
/// A minute's readings in one tick: what is left when hardly anything is spent on ticks themselves,
/// as after a broker was away.
const BURST_MS: i64 = 60_000;

fn main() {
    for devices in [2_400, 18_000] {
        measure(devices, "memory", Box::new(MemoryArchive::new()));
        let every = AlarmRules::STANDARD.replace("on = false\n", "on = true\n");
        let every = AlarmRules::from_toml(&every).expect("the built-in table is good");
        let archive = Box::new(MemoryArchive::new());
        measure_under(
            devices,
            "memory, rules of every condition",
            archive,
            &every,
            PACE_MS,
        );
        let none = AlarmRules::default();
        for (name, rules) in [
            ("memory", &none),
            ("memory, rules of every condition", &every),
        ] {
            let archive = Box::new(MemoryArchive::new());
            measure_under(devices, name, archive, rules, BURST_MS);
        }
        let folder = tempfile::tempdir().expect("a folder for the archive");
        let archive = SqliteArchive::open(folder.path()).expect("an archive in the folder");
        measure(devices, "sqlite", Box::new(archive));
        open_without_snapshots(devices, folder.path());
    }
}

fn measure(devices: u32, name: &str, archive: Box<dyn Archive>) {
    measure_under(devices, name, archive, &AlarmRules::default(), PACE_MS);
}

fn measure_under(
    devices: u32,
    name: &str,
    archive: Box<dyn Archive>,
    rules: &AlarmRules,
    tick_ms: i64,
) {
    let ground = Arc::new(city(devices));
    let kinds = Arc::new(KindTable::standard());
    let settings = Settings::default();
    let mut pipeline = Pipeline::open(ground.clone(), kinds.clone(), archive, &settings)
        .expect("an empty archive opens");
    let everywhere = ground.devices.keys().copied().collect();
    let homes = Homes::from([("elderly_alone".to_owned(), everywhere)]);
    let plan = Plan::new(rules, kinds.clone(), &ground, homes).expect("the rules fit");
    pipeline.set_rules(plan);
    let simulation = Simulation::new(&ground, &kinds, 1, Scenario::Normal, START);
    let mut simulator = Simulator::new(simulation, &ground, kinds, START);
    let inbox = Inbox::new(100_000);
    let mut batches: Vec<Arc<Batch>> = Vec::new();
    pipeline
        .listen(FeedStatus::default(), START, &mut |it| {
            batches.push(it.clone())
        })
        .expect("listens");
    let mut ticks = Vec::new();
    for tick in 0..HOUR_MS / tick_ms {
        let now = START.plus(tick * tick_ms);
        simulator.pump(now, &inbox);
        let began = Instant::now();
        pipeline
            .tick(now, &inbox, &mut |it| batches.push(it.clone()))
            .expect("ticks");
        ticks.push(began.elapsed());
    }
    report(devices, name, &mut ticks, &batches, fold(&ground, &batches));
}

/// What opening a past moment costs when the nearest snapshot is an hour away.
fn open_without_snapshots(devices: u32, folder: &Path) {
    let mut archive = SqliteArchive::open(folder).expect("the archive opens again");
    let marks = archive.snapshots().expect("snapshots are listed");
    let all: Vec<u64> = marks.iter().map(|mark| mark.batch).collect();
    archive.drop_snapshots(&all).expect("snapshots are dropped");
    let began = Instant::now();
    let recovered = archive.recover(None).expect("the log is whole");
    let mut twin = Twin::new(Arc::new(city(devices)));
    for batch in &recovered.batches {
        twin.apply(batch).expect("batches follow each other");
    }
    println!(
        "pipeline {devices} devices, sqlite: an hour of {} batches opened in {:.2} s without a \
         snapshot ({} were kept)",
        recovered.batches.len(),
        began.elapsed().as_secs_f64(),
        all.len(),
    );
}

/// The reference.
fn fold(ground: &Arc<Ground>, batches: &[Arc<Batch>]) -> Duration {
    let mut twin = Twin::new(ground.clone());
    let began = Instant::now();
    for batch in batches {
        twin.apply(batch).expect("batches follow each other");
    }
    began.elapsed()
}

fn report(
    devices: u32,
    name: &str,
    ticks: &mut [Duration],
    batches: &[Arc<Batch>],
    fold: Duration,
) {
    let total: Duration = ticks.iter().sum();
    ticks.sort_unstable();
    let at = |share: usize| ticks[(ticks.len() - 1) * share / 100].as_secs_f64() * 1e3;
    let readings: usize = batches.iter().map(|batch| batch.readings.len()).sum();
    println!(
        "pipeline {devices} devices, {name}: {readings} readings in {} ticks, {:.0} readings/s; \
         tick p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms; {:.1} times the bare fold (dev profile)",
        ticks.len(),
        readings as f64 / total.as_secs_f64(),
        at(50),
        at(99),
        at(100),
        total.as_secs_f64() / fold.as_secs_f64(),
    );
}

/// Devices of every kind in even shares, and nothing else.
fn city(devices: u32) -> Ground {
    let mut ground = Ground::new(CityInfo {
        name_zh: String::new(),
        name_en: String::new(),
        crs: "EPSG:4549".to_owned(),
        vertical_datum: "1985".to_owned(),
        utc_offset_minutes: 480,
        synthetic: true,
    });
    let kinds = KindTable::standard();
    for number in 0..devices {
        let key = number.to_string();
        let kind = &kinds.all()[number as usize % kinds.all().len()];
        let device = Device {
            id: DeviceId::from_source("bench", &key),
            source: Source {
                dataset: "bench".to_owned(),
                key,
                import: ImportId::from_bits(0),
            },
            kind: KindId::new(kind.id.as_str()),
            position: [0.0; 3],
            building: None,
            dwelling: None,
            interval_s: None,
            home: pingjiang::model::DeviceHome::Known,
            name: None,
        };
        ground.devices.insert(device.id, device);
    }
    ground
}
