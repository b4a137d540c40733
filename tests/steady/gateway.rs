//! A gateway behind the broker: devices of a sample city that measure what is usual, and one help button
//! that is pressed now and then and let go.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Child, ChildStdin};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::Reading;
use pingjiang::model::ports::Archive;
use pingjiang::store::SqliteArchive;

use super::broker::Broker;
use super::running::City;
use super::sample::device_id;

/// Kinds of device with the middle of what they measure and how far it swings.
const KINDS: [(&str, f64, f64); 12] = [
    ("water_meter", 120.0, 100.0),
    ("gas_leak", 0.5, 0.5),
    ("smoke", 0.5, 0.4),
    ("tilt", 0.1, 0.02),
    ("settlement", 0.3, 0.05),
    ("crack", 0.4, 0.02),
    ("water_level", 1.2, 0.1),
    ("electric_load", 6.0, 3.0),
    ("parking", 0.5, 0.5),
    ("door", 0.0, 0.0),
    ("manhole_cover", 0.0, 0.0),
    ("air_quality", 30.0, 8.0),
];
/// So often something is handed on.
const TURN: Duration = Duration::from_millis(10);
/// Of so many readings one is a press, and after so many it is let go.
const PRESS_EACH: u64 = 60_000;
const HELD_FOR: u64 = 20_000;

/// What was sent, whatever its order: how much, and the sum of a number that each reading has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: u64,
    pub sum: u64,
}

impl Tally {
    fn add(&mut self, device: DeviceId, at_ms: i64, value: f64) {
        self.count += 1;
        let mixed = [at_ms as u64, value.to_bits()]
            .iter()
            .fold(device.bits(), |all, one| mix(all ^ one));
        self.sum = self.sum.wrapping_add(mixed);
    }

    /// What lies in the archive of a city whose engine has ended.
    pub fn of_archive(city: &City, per_kind: u32) -> Self {
        let folder = SqliteArchive::folder_of(&city.path());
        let mut archive = SqliteArchive::open_read_only(&folder).unwrap();
        archive.check_whole().unwrap();
        let all = [0, i64::MAX].map(Timestamp::from_millis);
        let mut tally = Self::default();
        let take = &mut |one: &Reading| tally.add(one.device, one.at.millis(), one.value);
        let kinds = KINDS.iter().map(|kind| kind.0).chain(["help_button"]);
        for kind in kinds {
            for number in 0..per_kind {
                let device = device_id(kind, number);
                archive.each_reading(device, all[0], all[1], take).unwrap();
            }
        }
        tally
    }
}

/// The bits of a number, well stirred (the finish of SplitMix64).
fn mix(number: u64) -> u64 {
    let one = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let two = (one ^ (one >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    two ^ (two >> 31)
}

/// The gateway.
pub struct Gateway {
    publisher: Child,
    input: ChildStdin,
    per_kind: u32,
    count: u64,
    chance: u64,
    /// When each device measured last: no two readings of one have the same time.
    last_ms: BTreeMap<(&'static str, u32), i64>,
    pub sent: Tally,
    pub presses: u64,
}

impl Gateway {
    pub fn new(broker: &Broker, per_kind: u32) -> Self {
        let mut publisher = broker.publisher("pingjiang/csv");
        Self {
            input: publisher.stdin.take().unwrap(),
            publisher,
            per_kind,
            count: 0,
            chance: 7,
            last_ms: BTreeMap::new(),
            sent: Tally::default(),
            presses: 0,
        }
    }

    /// Sends so many readings a second, so many in all; falls behind where the machine does.
    pub fn send(&mut self, per_second: u64, total: u64) {
        let (began, before) = (Instant::now(), self.count);
        while self.count < before + total {
            let due = (began.elapsed().as_secs_f64() * per_second as f64) as u64;
            for _ in self.count - before..due.min(total) {
                let line = self.line();
                self.input.write_all(line.as_bytes()).unwrap();
            }
            std::thread::sleep(TURN);
        }
    }

    /// Ends when the broker has all of it.
    pub fn end(mut self) -> (Tally, u64) {
        drop(self.input);
        assert!(self.publisher.wait().unwrap().success());
        (self.sent, self.presses)
    }

    /// The next reading: of one device after the other, all kinds in turn.
    fn line(&mut self) -> String {
        self.chance = mix(self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15));
        let count = self.count;
        self.count += 1;
        let button = (count / PRESS_EACH) as u32 % self.per_kind;
        let (kind, number, value) = match count % PRESS_EACH {
            0 => ("help_button", button, 1.0),
            HELD_FOR => ("help_button", button, 0.0),
            _ => {
                let (kind, middle, swing) = KINDS[(count % KINDS.len() as u64) as usize];
                let number = (count / KINDS.len() as u64) as u32 % self.per_kind;
                let share = (self.chance >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
                (kind, number, middle + swing * share)
            }
        };
        self.presses += u64::from(kind == "help_button" && value == 1.0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let now = i64::try_from(now.as_millis()).unwrap();
        let last = self.last_ms.entry((kind, number)).or_default();
        *last = now.max(*last + 1);
        let at = *last;
        self.sent.add(device_id(kind, number), at, value);
        format!("{kind} {number},{at},{value}\n")
    }
}
