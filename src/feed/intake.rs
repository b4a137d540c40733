//! From messages to the inbox: decoded by the table of feeds, devices found by name, refusals counted
//! by reason and sampled in the log.
//!
//! Used by every source of messages; any number of threads may share one. Never reads the clock:
//! a message carries its arrival.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::base::{DeviceId, Timestamp};
use crate::model::{Ground, KindTable, Reading};

use super::payload::{
    FeedMapping, FeedTable, Message, Observation, Readings, Refusal, decode, decode_by,
};
use super::urgency::Urgencies;
use super::{Inbox, Presence, Urgency};

/// From here downwards a battery is low, in percent.
const LOW_BATTERY_PERCENT: f64 = 20.0;

/// Readings that are offered at a time: less than the room that an inbox has when it has some.
const PART: usize = 2_000;
/// How long room is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an intake has seen since it was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntakeCounts {
    /// Messages.
    pub messages: u64,
    /// Readings handed on.
    pub readings: u64,
    /// Words on connections handed on.
    pub presences: u64,
    /// What could not be used, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// Devices whose battery was low when they last told.
    pub low_battery: BTreeSet<DeviceId>,
    /// When the last message came.
    pub last_message: Option<Timestamp>,
}

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Readings handed on.
    pub readings: u64,
    /// Words on connections handed on.
    pub presences: u64,
    /// What could not be used, by reason.
    pub refused: BTreeMap<Refusal, u64>,
    /// It may be acknowledged when [`Inbox::acknowledged`] has reached this.
    pub mark: u64,
    /// Whether all of it found room.
    pub is_whole: bool,
}

/// What a message says of devices of the city.
#[derive(Default)]
struct Found {
    readings: Vec<(Reading, Urgency)>,
    presences: Vec<Presence>,
    refused: BTreeMap<Refusal, u64>,
}

/// What several messages say that came together, to be handed in at once: a message a time would
/// cost more than decoding it.
#[derive(Default)]
pub struct Gathered {
    readings: Vec<(Reading, Urgency)>,
    presences: Vec<Presence>,
}

/// The way in for messages of one city.
pub struct Intake {
    table: FeedTable,
    devices: DeviceNames,
    urgencies: Urgencies,
    utc_offset_minutes: i32,
    inbox: Arc<Inbox>,
    counts: Mutex<IntakeCounts>,
}

impl Intake {
    /// The way into `inbox` for the devices of a city.
    #[must_use]
    pub fn new(
        table: FeedTable,
        ground: &Ground,
        kinds: &Arc<KindTable>,
        inbox: Arc<Inbox>,
    ) -> Self {
        Self {
            table,
            devices: DeviceNames::new(ground),
            urgencies: Urgencies::new(ground, kinds),
            utc_offset_minutes: ground.info.utc_offset_minutes,
            inbox,
            counts: Mutex::default(),
        }
    }

    /// What is listened to.
    #[must_use]
    pub fn table(&self) -> &FeedTable {
        &self.table
    }

    /// Takes a message in. It may be acknowledged when [`Inbox::acknowledged`] has reached the
    /// number that this gives back.
    pub fn take(&self, message: Message) -> u64 {
        let mut gathered = Gathered::default();
        self.gather(message, &mut gathered);
        self.hand_in(&mut gathered)
    }

    /// Reads a message, and leaves what it says to be handed in.
    pub fn gather(&self, message: Message, gathered: &mut Gathered) {
        let decoded = decode(&self.table, message, self.utc_offset_minutes);
        let found = self.find(message, decoded);
        gathered.readings.extend(found.readings);
        gathered.presences.extend(found.presences);
    }

    /// Takes in what was gathered. All of its messages may be acknowledged when
    /// [`Inbox::acknowledged`] has reached the number that this gives back.
    pub fn hand_in(&self, gathered: &mut Gathered) -> u64 {
        let mark = self
            .inbox
            .offer_message(&gathered.readings, &gathered.presences);
        gathered.readings.clear();
        gathered.presences.clear();
        mark
    }

    /// Takes a message in that came by another way than a topic, which says by which feed of the
    /// table it is read and, it may be, of which device it is. Of a long one so much is offered at a
    /// time as there is room for, and that is waited for: nothing of it is dropped.
    pub fn take_by(&self, feed: &FeedMapping, device: Option<&str>, message: Message) -> Receipt {
        let decoded = decode_by(feed, device, message, self.utc_offset_minutes);
        let found = self.find(message, decoded.map(|readings| (feed, readings)));
        let mut receipt = Receipt {
            readings: 0,
            presences: found.presences.len() as u64,
            refused: found.refused,
            mark: self.inbox.offer_message(&[], &found.presences),
            is_whole: true,
        };
        for part in found.readings.chunks(PART) {
            let Some(mark) = self.inbox.offer_in_room(part, PATIENCE) else {
                receipt.is_whole = false;
                break;
            };
            receipt.mark = mark;
            receipt.readings += part.len() as u64;
        }
        receipt
    }

    /// What a message says of devices of the city by this feed, without handing it in.
    pub(super) fn readings(&self, feed: &FeedMapping, message: Message) -> Vec<(Reading, Urgency)> {
        let decoded = decode_by(feed, None, message, self.utc_offset_minutes);
        let decoded = decoded.map(|readings| (feed, readings));
        self.find(message, decoded).readings
    }

    /// What a decoded message says of devices of this city; the rest is counted.
    fn find(&self, message: Message, decoded: Result<(&FeedMapping, Readings), Refusal>) -> Found {
        let mut found = Found::default();
        let mut batteries = Vec::new();
        let (feed, decoded) = match decoded {
            Ok((feed, decoded)) => (Some(feed), decoded),
            Err(refusal) => (None, vec![Err(refusal)]),
        };
        for observation in decoded {
            let known = observation.and_then(|told| {
                let device = feed.and_then(|feed| self.devices.find(feed, &told));
                Ok((device.ok_or(Refusal::UnknownDevice)?, told))
            });
            match known {
                Err(refusal) => *found.refused.entry(refusal).or_default() += 1,
                Ok((device, told)) => {
                    batteries.extend(told.battery_percent.map(|left| (device, left)));
                    let online = told.online.map(|online| Presence { device, online });
                    found.presences.extend(online);
                    let reading = reading(device, &told, message.arrived);
                    let judged = reading.map(|reading| (reading, self.urgencies.of(&reading)));
                    found.readings.extend(judged);
                }
            }
        }
        let counts = (found.readings.len(), found.presences.len());
        self.count(&message, counts, &found.refused, &batteries);
        found
    }

    /// Notes a message that was too large to be held, on this topic.
    pub fn refuse_large(&self, topic: &str, arrived: Timestamp) {
        let message = Message {
            topic,
            payload: &[],
            retained: false,
            arrived,
        };
        self.count(
            &message,
            (0, 0),
            &BTreeMap::from([(Refusal::TooLarge, 1)]),
            &[],
        );
    }

    /// What was seen so far.
    #[must_use]
    pub fn counts(&self) -> IntakeCounts {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }

    fn count(
        &self,
        message: &Message,
        (readings, presences): (usize, usize),
        refused: &BTreeMap<Refusal, u64>,
        batteries: &[(DeviceId, f64)],
    ) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.messages += 1;
        counts.readings += readings as u64;
        counts.presences += presences as u64;
        counts.last_message = Some(message.arrived).max(counts.last_message);
        for (device, left) in batteries {
            match *left <= LOW_BATTERY_PERCENT {
                true => counts.low_battery.insert(*device),
                false => counts.low_battery.remove(device),
            };
        }
        for (refusal, more) in refused {
            let count = counts.refused.entry(*refusal).or_default();
            let before = *count;
            *count += more;
            if is_told(before, *count) {
                // A topic may be of any length and comes from outside.
                let topic: String = message.topic.chars().take(80).collect();
                tracing::warn!(%refusal, count = *count, topic, "a feed's message is not used");
            }
        }
        drop(counts);
        if !refused.is_empty() {
            self.inbox.refuse(refused.values().sum());
        }
    }
}

/// Whether one of 1, 10, 100, 1 000 … was passed: the log shows samples, not everything.
fn is_told(before: u64, after: u64) -> bool {
    let digits = |count: u64| count.checked_ilog10().map_or(0, |power| power + 1);
    digits(before) != digits(after)
}

fn reading(device: DeviceId, told: &Observation, arrived: Timestamp) -> Option<Reading> {
    Some(Reading {
        device,
        at: told.at.unwrap_or(arrived),
        arrived,
        value: told.value?,
        second: told.second,
        temperature_c: told.temperature_c,
    })
}

/// The devices of a city by everything that a message may call them.
struct DeviceNames {
    ids: BTreeSet<DeviceId>,
    /// `None` where several data sets have the key.
    by_key: HashMap<String, Option<DeviceId>>,
    by_dataset: HashMap<String, HashMap<String, DeviceId>>,
}

impl DeviceNames {
    fn new(ground: &Ground) -> Self {
        let mut names = Self {
            ids: ground.devices.keys().copied().collect(),
            by_key: HashMap::new(),
            by_dataset: HashMap::new(),
        };
        for device in ground.devices.values() {
            let (dataset, key) = (&device.source.dataset, &device.source.key);
            let known = names.by_key.entry(key.clone());
            known
                .and_modify(|other| *other = None)
                .or_insert(Some(device.id));
            let keys = names.by_dataset.entry(dataset.clone()).or_default();
            keys.insert(key.clone(), device.id);
        }
        names
    }

    fn find(&self, feed: &FeedMapping, told: &Observation) -> Option<DeviceId> {
        let name = feed.devices.get(&told.device).unwrap_or(&told.device);
        if let Ok(id) = name.parse::<DeviceId>() {
            return self.ids.contains(&id).then_some(id);
        }
        match &feed.dataset {
            Some(dataset) => self.by_dataset.get(dataset)?.get(name).copied(),
            None => self.by_key.get(name).copied().flatten(),
        }
    }
}

#[cfg(test)]
mod tests;
