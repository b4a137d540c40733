//! Simulated days many times as fast as the world, in which a desk handles what comes up.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::desk::{self, Held};
use super::memory::{AIM_PERCENT, Grown, Sample, Watched};
use super::running::{City, Engine};

const DAY_S: f64 = 86_400.0;
/// Rows of the table that is printed.
const ROWS: f64 = 30.0;

/// How long, how fast.
pub struct Month {
    days: f64,
    speed: u32,
    /// Devices of each kind.
    per_kind: u32,
    /// From one look of the desk to the next.
    round: Duration,
    /// The share of the time until everything that is kept for a while was kept that long.
    warm: f64,
    grown: Option<Grown>,
}

impl Month {
    /// Half a day, as fast as an engine goes. Of its memory nothing is asked: where a machine stops for
    /// seconds, the engine has hours to catch up with at once.
    pub const SHORT: Self = Self {
        days: 0.5,
        speed: 3_600,
        per_kind: 6,
        round: Duration::from_millis(500),
        warm: 0.5,
        grown: None,
    };

    /// So many days at 1,000 times the speed of the world. Less than twenty are all warm-up.
    pub fn long(days: u64) -> Self {
        Self {
            days: days as f64,
            speed: 1_000,
            per_kind: 20,
            round: Duration::from_secs(2),
            warm: 1.0 / 3.0,
            grown: (days >= 20).then_some(Grown::Percent(AIM_PERCENT)),
        }
    }

    /// From one look at the memory to the next.
    fn sample(&self) -> Duration {
        self.length() / 400
    }

    fn length(&self) -> Duration {
        Duration::from_secs_f64(self.days * DAY_S / f64::from(self.speed))
    }
}

pub fn hold(month: &Month) {
    let city = City::with(month.per_kind);
    // What is closed stands in the log alone after a day instead of thirty: within a month the engine
    // would do nothing but gather them.
    let table = include_str!("../../assets/dispatch.toml");
    let table = table.replace("keep_days = 30", "keep_days = 1");
    std::fs::write(city.folder().join("city.dispatch.toml"), table).unwrap();
    let speed = month.speed.to_string();
    let arguments = ["--simulate", "normal", "--speed", &speed];
    let mut engine = Engine::start(&city, &arguments);
    let mut watched = Watched::new(engine.pid(), month.warm);
    let last = watch(&engine, &mut watched, month);
    engine.kill();
    judge(&last, month);
    watched.judge(month.grown);
}

/// Lets the desk work and looks at the engine until the days are over.
fn watch(engine: &Engine, watched: &mut Watched, month: &Month) -> Held {
    println!("  day  held kB  open  closed  alarms  opened  raised");
    let (is_over, last) = (AtomicBool::new(false), Mutex::new(Held::default()));
    std::thread::scope(|scope| {
        let desk = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                *last.lock().unwrap() = desk::round(engine);
                std::thread::sleep(month.round);
            }
        });
        let (began, mut rows) = (Instant::now(), 0.0);
        let done = || began.elapsed().as_secs_f64() / month.length().as_secs_f64();
        while done() < 1.0 && !desk.is_finished() {
            let sample = watched.look(done());
            if done() * ROWS >= rows {
                print(done() * month.days, &sample, &last.lock().unwrap());
                rows = (done() * ROWS).floor() + 1.0;
            }
            std::thread::sleep(month.sample());
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let last = last.lock().unwrap();
    *last
}

fn print(day: f64, sample: &Sample, held: &Held) {
    println!(
        "{day:>5.1}  {:>7}  {:>4}  {:>6}  {:>6}  {:>6}  {:>6}",
        sample.held_kb, held.open, held.closed, held.alarms, held.opened, held.raised
    );
}

/// What was opened is handled; after some days what is held is that of the last ones alone.
fn judge(last: &Held, month: &Month) {
    assert!(last.opened > 10 && last.closed > 0, "{last:?}");
    assert!(last.alarms < last.raised, "{last:?}");
    if month.days > 3.0 {
        let held = last.open + last.closed;
        assert!(held <= last.opened / 2, "{last:?}");
        assert!(last.alarms <= last.raised / 2, "{last:?}");
    }
}
