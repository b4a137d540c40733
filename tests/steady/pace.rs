//! Readings at a steady pace over a broker, and what the engine holds meanwhile.

use std::time::{Duration, Instant};

use pingjiang::store::SqliteArchive;
use serde_json::Value;

use super::broker::Broker;
use super::gateway::{Gateway, Tally};
use super::memory::{AIM_PERCENT, Grown, Sample, Watched};
use super::running::{City, Engine};

/// Devices of each kind.
const PER_KIND: u32 = 180;
/// Without anything new for so long the engine has lost what is missing.
const PATIENCE: Duration = Duration::from_secs(60);
/// Rows of the table that is printed.
const ROWS: f64 = 18.0;

/// How much is published, how fast, and what may be held beyond what was held after the warm-up.
pub struct Pace {
    per_second: u64,
    readings: u64,
    sample: Duration,
    /// The share of the readings that counts as the warm-up.
    warm: f64,
    grown: Grown,
}

impl Pace {
    /// The readings of four minutes at 1,000 a second, as fast as at most twenty times the pace. What
    /// comes between the two looks that are compared would take 6,000 kB, were it kept.
    pub const SHORT: Self = Self {
        per_second: 20_000,
        readings: 240_000,
        sample: Duration::from_millis(100),
        warm: 0.5,
        grown: Grown::Kb(3_500),
    };

    /// So many minutes at 1,000 a second, of which ten warm up. Less than half an hour is all warm-up.
    pub fn long(minutes: u64) -> Self {
        let grown = match minutes {
            ..30 => Grown::Kb(3_500),
            _ => Grown::Percent(AIM_PERCENT),
        };
        Self {
            per_second: 1_000,
            readings: minutes * 60_000,
            sample: Duration::from_secs(2),
            warm: 10.0 / minutes.max(30) as f64,
            grown,
        }
    }
}

pub fn hold(pace: &Pace) {
    let settings = "allow_anonymous true\nmax_inflight_messages 1000";
    let Some(broker) = Broker::start(settings) else {
        return;
    };
    let city = City::with(PER_KIND);
    let mut engine = Engine::start(&city, &["--mqtt", &broker.url()]);
    let state = |engine: &Engine| engine.get(&engine.token, "/v1/state");
    engine.wait("it listens", || {
        (state(&engine)["feed"]["connection"]["connected"] == true).then_some(())
    });
    let mut watched = Watched::new(engine.pid(), pace.warm);
    let (sent, presses) = std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut gateway = Gateway::new(&broker, PER_KIND);
            gateway.send(pace.per_second, pace.readings);
            gateway.end()
        });
        watch(&engine, &mut watched, pace);
        sender.join().unwrap()
    });
    let told = state(&engine);
    engine.kill();
    println!(
        "{} readings were sent, {presses} of them presses",
        sent.count
    );
    let folder = SqliteArchive::folder_of(&city.path());
    // Opened as an engine would, for it was killed.
    drop(SqliteArchive::open(&folder).unwrap());
    let kept = Tally::of_archive(&city, PER_KIND);
    assert_eq!(kept, sent, "each reading is kept, once");
    judge_state(&told, presses);
    watched.judge(Some(pace.grown));
}

/// Looks at the engine until it has taken everything, or takes nothing more.
fn watch(engine: &Engine, watched: &mut Watched, pace: &Pace) {
    println!("readings        s   held kB  resident kB  threads  files  busy s");
    let (mut last, mut since, mut rows) = (0, Instant::now(), 0.0);
    while last < pace.readings && since.elapsed() < PATIENCE {
        std::thread::sleep(pace.sample);
        let readings = taken(engine);
        if readings > last {
            (last, since) = (readings, Instant::now());
        }
        let sample = watched.look(last as f64 / pace.readings as f64);
        if sample.done * ROWS >= rows {
            print(last, &sample);
            rows = (sample.done * ROWS).floor() + 1.0;
        }
    }
}

fn print(readings: u64, it: &Sample) {
    println!(
        "{readings:>8}  {:>7.0}  {:>8}  {:>11}  {:>7}  {:>5}  {:>6.1}",
        it.seconds, it.held_kb, it.resident_kb, it.threads, it.files, it.busy_s
    );
}

/// Readings that the engine has published, and so archived.
fn taken(engine: &Engine) -> u64 {
    let (_, _, page) = engine.send("", "GET", "/metrics", &[], None);
    let page = page.as_str().unwrap().to_owned();
    let mut lines = page.lines();
    let count = lines.find_map(|line| line.strip_prefix("pingjiang_readings_total "));
    count.unwrap().parse().unwrap()
}

/// The state holds what the devices said last and the presses that nobody has answered, and no more.
fn judge_state(told: &Value, presses: u64) {
    let count = |list: &Value| list.as_object().map_or(0, serde_json::Map::len) as u64;
    assert_eq!(told["alarms_raised"], presses, "each press is one alarm");
    assert_eq!(count(&told["alarms"]), presses);
    assert!(count(&told["devices"]) <= u64::from(13 * PER_KIND));
    assert_eq!(told["feed"]["dropped"], 0);
    assert_eq!(told["feed"]["refused"], 0);
}
