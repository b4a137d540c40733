//! What lies outside of the engine: devices that measure and press, a broker that delivers until it
//! is acknowledged, senders by HTTP that try until they are answered.

use std::collections::VecDeque;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::{DeviceKind, Ground, KindTable};

use super::chance::Chance;

/// A reading as a device told it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    pub device: DeviceId,
    pub at: Timestamp,
    pub value: f64,
}

/// How a message comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Broker,
    Http,
}

/// A message, with what of it can be used.
pub struct Message {
    pub way: Way,
    pub topic: String,
    pub payload: String,
    pub told: Vec<Told>,
    /// The engine has said that it need not come again.
    pub acknowledged: bool,
    pub deliveries: usize,
}

/// A device, and when it tells next.
struct Source {
    device: DeviceId,
    name: String,
    kind: DeviceKind,
    way: Way,
    /// Its clock has whole seconds alone.
    is_coarse: bool,
    skew_ms: i64,
    next: Timestamp,
    /// Until when it is cut off and keeps what it measures.
    away_until: Timestamp,
    /// Until when it measures what calls for an alarm.
    high_until: Timestamp,
    kept: Vec<Told>,
}

/// Everything outside.
pub struct Outside {
    sources: Vec<Source>,
    pub messages: Vec<Message>,
    pub broker: Broker,
    /// Messages by HTTP that were not answered yet, with the mark of an attempt under way.
    pub requests: Vec<(usize, Option<u64>)>,
}

/// A broker with a session that outlives connections.
pub struct Broker {
    pub connected: bool,
    pub waiting: VecDeque<usize>,
    /// Delivered over this connection, with the mark that makes the acknowledgement due.
    pub under_way: VecDeque<(usize, u64)>,
}

impl Broker {
    /// The connection breaks: what was not acknowledged comes again, in its order.
    pub fn cut_off(&mut self) {
        self.connected = false;
        while let Some((message, _)) = self.under_way.pop_back() {
            self.waiting.push_front(message);
        }
    }
}

/// Seconds between two reports of a device here.
pub const INTERVAL_S: u32 = 20;

impl Outside {
    pub fn new(ground: &Ground, kinds: &KindTable, from: Timestamp, chance: &mut Chance) -> Self {
        let source = |device: &pingjiang::model::Device, chance: &mut Chance| Source {
            device: device.id,
            name: device.source.key.clone(),
            kind: kinds.get(&device.kind).expect("a standard kind").clone(),
            way: chance.of(&[Way::Broker, Way::Broker, Way::Http]),
            is_coarse: chance.is(400),
            skew_ms: chance.between(-60_000, 60_000),
            next: from.plus(chance.between(0, i64::from(INTERVAL_S) * 1_000)),
            away_until: Timestamp::default(),
            high_until: Timestamp::default(),
            kept: Vec::new(),
        };
        let devices = ground.devices.values();
        Self {
            sources: devices.map(|device| source(device, chance)).collect(),
            messages: Vec::new(),
            broker: Broker {
                connected: true,
                waiting: VecDeque::new(),
                under_way: VecDeque::new(),
            },
            requests: Vec::new(),
        }
    }

    /// Everything that happens up to a moment.
    pub fn goes_on(&mut self, now: Timestamp, chance: &mut Chance) {
        let mut sources = std::mem::take(&mut self.sources);
        for source in &mut sources {
            source.measure(now, chance);
            if source.away_until <= now && !source.kept.is_empty() {
                let told = source.hand_over(chance);
                self.send(source, told, chance);
            }
        }
        self.sources = sources;
        if chance.is(60) {
            self.send_odd(chance);
        }
        if chance.is(80) && !self.messages.is_empty() {
            // A gateway is not sure, and sends one again that may have been acknowledged long ago.
            let again = chance.below(self.messages.len());
            self.post(again);
        }
        let waiting = &mut self.broker.waiting;
        if chance.is(100) && waiting.len() > 1 {
            // By another way, and earlier than what was sent before it.
            let (one, other) = (chance.below(waiting.len()), chance.below(waiting.len()));
            waiting.swap(one, other);
        }
    }

    /// All devices are back at once, and tell at once.
    pub fn storm(&mut self, now: Timestamp) {
        for source in &mut self.sources {
            source.away_until = now;
            source.next = now;
        }
    }

    /// Whether everything that was sent has been acknowledged.
    pub fn is_quiet(&self) -> bool {
        let nothing_kept = self.sources.iter().all(|source| source.kept.is_empty());
        nothing_kept && self.messages.iter().all(|message| message.acknowledged)
    }

    /// Devices measure no more, and hand over what they kept.
    pub fn ends(&mut self, now: Timestamp) {
        for source in &mut self.sources {
            source.away_until = now;
            source.next = now.plus(365 * 24 * 3_600_000);
        }
    }

    fn post(&mut self, message: usize) {
        match self.messages[message].way {
            Way::Broker => self.broker.waiting.push_back(message),
            Way::Http => self.requests.push((message, None)),
        }
    }

    fn send(&mut self, source: &Source, told: Vec<Told>, chance: &mut Chance) {
        // Devices behind one gateway come in one message, others alone.
        let size = chance.of(&[1, 1, 4, 16]);
        for part in told.chunks(size) {
            let by_csv = part.len() > 1 && source.way == Way::Broker;
            let payload = match by_csv {
                true => part.iter().map(|one| line(&source.name, one)).collect(),
                false if source.way == Way::Http => list(&source.name, part),
                false => part.iter().map(object).collect(),
            };
            let topic = match by_csv {
                true => "pingjiang/csv".to_owned(),
                false => format!("pingjiang/json/{}", source.name),
            };
            self.messages.push(Message {
                way: source.way,
                topic,
                payload,
                told: part.to_vec(),
                acknowledged: false,
                deliveries: 0,
            });
            self.post(self.messages.len() - 1);
        }
    }

    /// What gateways say of connections; what no engine can use, and what none must stop at.
    fn send_odd(&mut self, chance: &mut Chance) {
        let payload = chance.of(&[
            "{",
            "",
            r#"{"value":NaN}"#,
            r#"{"value":1,"time":"2099-01-01T00:00:00+08:00"}"#,
            r#"{"value":1,"time":"1970-01-01 00:00:00"}"#,
            r#"{"value":1e999,"time":1777593600000}"#,
            "offline",
            "在线",
        ]);
        let topic = chance.of(&[
            "pingjiang/json/smoke 0",
            "pingjiang/json/nobody",
            "elsewhere",
            "pingjiang/status/smoke 0",
            "pingjiang/status/help_button 0",
        ]);
        self.messages.push(Message {
            way: Way::Broker,
            topic: topic.to_owned(),
            payload: payload.to_owned(),
            told: Vec::new(),
            acknowledged: false,
            deliveries: 0,
        });
        self.post(self.messages.len() - 1);
    }
}

impl Source {
    fn measure(&mut self, now: Timestamp, chance: &mut Chance) {
        while self.next <= now {
            let true_time = self.next;
            let step_ms = match chance.is(150) {
                // Somebody presses, or the device tells between two reports.
                true => chance.between(0, 2_000),
                false => i64::from(INTERVAL_S) * 1_000,
            };
            self.next = true_time.plus(step_ms);
            // Buttons are what must never be lost: of them the most goes wrong.
            let often = match self.kind.alarm_readings == 1 {
                true => 4,
                false => 1,
            };
            if chance.is(15 * often) {
                self.away_until = true_time.plus(chance.between(1_000, 300_000));
            }
            if self.high_until < true_time && chance.is(30 * often) {
                let lasts_ms = i64::from(INTERVAL_S) * chance.between(500, 8_000);
                self.high_until = true_time.plus(lasts_ms);
            }
            let mut at = true_time.plus(self.skew_ms);
            if self.is_coarse {
                at = Timestamp::from_millis(at.millis() / 1_000 * 1_000);
            }
            self.kept.push(Told {
                device: self.device,
                at,
                value: self.value(true_time, chance),
            });
        }
    }

    fn value(&self, at: Timestamp, chance: &mut Chance) -> f64 {
        let is_high = at <= self.high_until;
        if self.kind.max == 1.0 {
            // Somebody lets a button go again.
            let is_pressed = is_high && (self.kind.alarm_readings > 1 || chance.is(500));
            return f64::from(u8::from(is_pressed));
        }
        let limit = self.kind.alarm_above.unwrap_or(self.kind.max);
        let share = match is_high {
            true => 1.01,
            false => 0.3,
        };
        // No two alike: nothing is stuck.
        limit * (share + chance.below(1_000_000) as f64 / 1e8)
    }

    /// What was kept, in the order in which it is sent.
    fn hand_over(&mut self, chance: &mut Chance) -> Vec<Told> {
        let mut told = std::mem::take(&mut self.kept);
        match chance.below(10) {
            0 => told.reverse(),
            1 | 2 => {
                for at in (1..told.len()).rev() {
                    told.swap(at, chance.below(at + 1));
                }
            }
            _ => {}
        }
        told
    }
}

fn line(name: &str, told: &Told) -> String {
    format!("{name},{},{}\n", told.at.millis(), told.value)
}

fn object(told: &Told) -> String {
    format!(r#"{{"time":{},"value":{}}}"#, told.at.millis(), told.value)
}

fn list(name: &str, told: &[Told]) -> String {
    let objects = told.iter().map(|one| {
        let (at, value) = (one.at.millis(), one.value);
        format!(r#"{{"device":"{name}","time":{at},"value":{value}}}"#)
    });
    format!("[{}]", objects.collect::<Vec<_>>().join(","))
}
