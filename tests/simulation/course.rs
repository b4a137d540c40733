//! One course: an engine among devices, broker, senders and operators, with faults by chance. What the
//! engine says is held against what must hold at that moment; the rest is for the oracle at the end.

mod driven;
mod traffic;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use pingjiang::base::{DeviceId, Millis, Timestamp};
use pingjiang::feed::payload::FeedTable;
use pingjiang::model::ports::CarriedOut;
use pingjiang::model::{Ground, KindTable, Refusal, Twin};

use super::chance::Chance;
use super::disk::{Cut, Door, Mood, Store};
use super::oracle;
use super::outside::{INTERVAL_S, Outside, Told};
use super::sample::{MORNING, city};
use driven::Engine;

/// Rounds of one course: some minutes to hours of the city's time.
const ROUNDS: usize = 120;
/// Rounds after which everything must be acknowledged when nothing fails any more.
const CALM_ROUNDS: usize = 400;

/// What is done wrong on purpose, so that it is known that it would be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    None,
    /// Messages are acknowledged as soon as they are taken in.
    AcknowledgesAtOnce,
    /// The disk says that it wrote, and did not.
    DiskForgets,
    /// The engine goes by the system's clock, and stands still when that is set back.
    FollowsTheClock,
    /// Orders are answered as done for good, whatever the disk says.
    SaysItIsKept,
}

type Answers = Arc<Mutex<Vec<(String, Result<CarriedOut, Refusal>)>>>;

/// The course.
pub struct Course {
    chance: Chance,
    mistake: Mistake,
    ground: Arc<Ground>,
    kinds: Arc<KindTable>,
    feeds: FeedTable,
    door: Door,
    engine: Option<Engine>,
    outside: Outside,
    /// What a stopwatch shows that nobody can set; the world's time is this after the morning.
    elapsed_ms: Millis,
    /// How wrong the system's clock is.
    clock_off_ms: Millis,
    /// A wall: it applies what is published.
    follower: Twin,
    committed: u64,
    published_ms: Millis,
    /// Readings that lay too far ahead of the engine's time when they came.
    ahead: Vec<Told>,
    answers: Answers,
    commands: usize,
    /// By who gave it: how a command was carried out, as far as no crash may have taken it.
    pub carried_out: BTreeMap<String, CarriedOut>,
    pub refused: Vec<String>,
    /// What happened, for who looks for a fault.
    pub seen: Arc<Mutex<Seen>>,
}

/// What was seen of a course from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What failed, and when.
    pub trace: Vec<String>,
    /// How often there was what.
    pub counts: BTreeMap<&'static str, usize>,
}

impl Course {
    pub fn new(seed: u64, store: Box<dyn Store>, mistake: Mistake) -> Self {
        let mut chance = Chance::new(seed);
        let kinds = Arc::new(KindTable::standard());
        let mut ground = city(1 + (seed % 2) as u32);
        for device in ground.devices.values_mut() {
            device.interval_s = Some(INTERVAL_S);
        }
        let ground = Arc::new(ground);
        let outside = Outside::new(&ground, &kinds, MORNING, &mut chance);
        let door = Door::new(store, seed);
        if mistake == Mistake::DiskForgets {
            door.disk().mood = Mood::Forgetful;
        }
        Self {
            follower: Twin::new(ground.clone()),
            ground,
            kinds,
            outside,
            door,
            chance,
            mistake,
            feeds: FeedTable::standard(),
            engine: None,
            elapsed_ms: 0,
            clock_off_ms: 0,
            committed: 0,
            published_ms: 0,
            ahead: Vec::new(),
            answers: Answers::default(),
            commands: 0,
            carried_out: BTreeMap::new(),
            refused: Vec::new(),
            seen: Arc::default(),
        }
    }

    /// Runs it to its end, where the oracle judges.
    pub fn run(&mut self) {
        for _ in 0..ROUNDS {
            self.fate();
            let step_ms = self.chance.of(&[20, 250, 1_000, 1_000, 5_000, 20_000]);
            self.round(step_ms);
        }
        self.note("nothing fails any more".to_owned());
        self.calm();
        for _ in 0..CALM_ROUNDS {
            if self.is_done() {
                break;
            }
            self.outside.broker.connected = true;
            self.round(1_000);
        }
        assert!(self.is_done(), "something is never acknowledged");
        let engine = self.engine.take().expect("it runs");
        let live = engine.pipeline.twin().live().clone();
        engine.pipeline.close().expect("the disk is well");
        oracle::judge(self, &live);
    }

    fn is_done(&self) -> bool {
        let broker = &self.outside.broker;
        let nothing_under_way = broker.waiting.is_empty() && broker.under_way.is_empty();
        let written = self
            .engine
            .as_ref()
            .is_some_and(|it| it.pipeline.uncommitted() == 0);
        nothing_under_way && self.outside.requests.is_empty() && self.outside.is_quiet() && written
    }

    fn note(&self, what: String) {
        let line = format!("{:>9} ms  {what}", self.elapsed_ms);
        self.seen.lock().unwrap().trace.push(line);
    }

    /// Notes that there were some more of these.
    pub fn count(&self, what: &'static str, more: usize) {
        *self.seen.lock().unwrap().counts.entry(what).or_default() += more;
    }

    fn now(&self) -> Timestamp {
        MORNING.plus(self.elapsed_ms)
    }

    fn system(&self) -> Timestamp {
        self.now().plus(self.clock_off_ms)
    }

    /// What fails next, and what is well again.
    fn fate(&mut self) {
        let chance = &mut self.chance;
        if chance.is(60) && self.mistake != Mistake::DiskForgets {
            let slow_ms = chance.between(10, 20_000);
            let moods = [Mood::Full, Mood::Unheard, Mood::Slow(slow_ms), Mood::Well];
            let mood = chance.of(&moods);
            self.door.disk().mood = mood;
            self.count("moods of the disk", 1);
            self.note(format!("the disk is {mood:?}"));
        } else if self.chance.is(120) && self.mistake != Mistake::DiskForgets {
            self.door.disk().mood = Mood::Well;
        }
        if self.chance.is(60) {
            let calls = self.chance.below(8) as u32;
            let cut = self.chance.of(&[Cut::Before, Cut::Amid, Cut::After]);
            self.door.disk().crash_in = Some((calls, cut));
        }
        if self.chance.is(40) {
            const HOUR_MS: Millis = 3_600_000;
            let steps = [
                0,
                HOUR_MS,
                4 * HOUR_MS,
                30 * HOUR_MS,
                -10_000,
                -900_000,
                -2 * HOUR_MS,
            ];
            self.clock_off_ms = self.chance.of(&steps) + self.chance.between(-500, 500);
            self.count("steps of the clock", 1);
            self.note(format!(
                "the system's clock is {} ms off",
                self.clock_off_ms
            ));
        }
        if self.chance.is(60) {
            self.outside.broker.cut_off();
            self.count("brokers lost", 1);
            self.note("the broker is lost".to_owned());
        } else if self.chance.is(400) {
            self.outside.broker.connected = true;
        }
        if self.chance.is(15) {
            self.outside.storm(self.now());
            self.note("all devices at once".to_owned());
        }
    }

    fn calm(&mut self) {
        let mut disk = self.door.disk();
        disk.crash_in = None;
        if self.mistake != Mistake::DiskForgets {
            disk.mood = Mood::Well;
        }
        drop(disk);
        self.outside.ends(self.now());
    }

    fn round(&mut self, step_ms: Millis) {
        self.elapsed_ms += step_ms;
        let now = self.now();
        self.outside.goes_on(now, &mut self.chance);
        if self.engine.is_none() {
            self.start();
        }
        if self.engine.is_none() {
            return;
        }
        self.deliver();
        self.command();
        self.tick();
        self.elapsed_ms += std::mem::take(&mut self.door.disk().took_ms);
    }

    pub fn ground(&self) -> &Arc<Ground> {
        &self.ground
    }

    pub fn kinds(&self) -> &KindTable {
        &self.kinds
    }

    pub fn door(&self) -> &Door {
        &self.door
    }

    /// How often messages came that had come before.
    pub fn delivered_again(&self) -> usize {
        let messages = self.outside.messages.iter();
        messages.map(|it| it.deliveries.saturating_sub(1)).sum()
    }

    /// Whether a reading lay too far ahead of the engine's time once.
    pub fn came_ahead(&self, device: DeviceId, at: Timestamp) -> bool {
        let mut ahead = self.ahead.iter();
        ahead.any(|told| (told.device, told.at) == (device, at))
    }

    /// Every reading that was sent, by whatever way, and that must be kept.
    pub fn sent(&self) -> impl Iterator<Item = &Told> {
        let sent = self
            .outside
            .messages
            .iter()
            .flat_map(|message| &message.told);
        sent.filter(|told| !self.ahead.contains(told))
    }
}
