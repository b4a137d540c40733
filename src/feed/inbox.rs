//! The inbox: bounded for telemetry, of which the newest wins per device when it is full;
//! events and commands are never dropped. Every drop is counted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::base::DeviceId;
use crate::model::ports::{Answer, Orders};
use crate::model::{Command, Reading};

/// How a reading is treated when there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// One of a series: a newer one of the same device may take its place.
    Telemetry,
    /// Stands for itself, such as the press of a help button: never dropped, wakes the engine.
    Event,
}

/// What became of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It waits for the next tick.
    Taken,
    /// It waits, and another one was dropped for it.
    Replaced,
    /// It was dropped.
    Dropped,
}

/// A command that waits, with the way back to whoever gave it.
pub struct Order {
    /// The command.
    pub command: Command,
    /// Takes the answer.
    pub answer: Answer,
}

/// What was said of a device's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// The device.
    pub device: DeviceId,
    /// Whether it is connected.
    pub online: bool,
}

/// What one tick takes out.
#[derive(Default)]
pub struct Taken {
    /// Readings, in the order of arrival within a device.
    pub readings: Vec<Reading>,
    /// The last word on the connection of each device that there is one of.
    pub presences: Vec<Presence>,
    /// Commands in the order of arrival.
    pub orders: Vec<Order>,
    /// Readings dropped since the inbox was made.
    pub dropped: u64,
    /// Messages and readings that feeds refused since then.
    pub refused: u64,
    /// Hand this to [`Inbox::acknowledge`] once everything above is committed.
    pub up_to: u64,
}

#[derive(Default)]
struct State {
    telemetry: BTreeMap<DeviceId, VecDeque<Reading>>,
    telemetry_count: usize,
    /// Devices with more than one reading waiting.
    crowded: BTreeSet<DeviceId>,
    events: Vec<Reading>,
    presences: BTreeMap<DeviceId, bool>,
    orders: Vec<Order>,
    offered: u64,
    acknowledged: u64,
    dropped: u64,
    refused: u64,
    /// Whether somebody waits for an acknowledgement of what is in here.
    awaited: bool,
}

/// The inbox of one engine; shared by feeds, the server and the pipeline.
pub struct Inbox {
    capacity: usize,
    state: Mutex<State>,
    urgent: Condvar,
    /// Told when something was taken out or acknowledged.
    served: Condvar,
}

impl Inbox {
    /// An inbox for `capacity` readings, which should be more than there are devices.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            state: Mutex::default(),
            urgent: Condvar::new(),
            served: Condvar::new(),
        }
    }

    /// Takes a reading in. Its message counts as acknowledged when [`Inbox::acknowledged`]
    /// reaches the number of messages offered so far; dropped ones count too.
    pub fn offer(&self, reading: Reading, urgency: Urgency) -> Offer {
        let offer = self.lock().offer(reading, urgency, self.capacity);
        if urgency == Urgency::Event {
            self.urgent.notify_all();
        }
        offer
    }

    /// Takes a whole message in, whose sender waits for the acknowledgement: it is due when
    /// [`Inbox::acknowledged`] has reached the number that this gives back. Wakes the engine.
    pub fn offer_message(&self, readings: &[(Reading, Urgency)], presences: &[Presence]) -> u64 {
        let mut state = self.lock();
        for (reading, urgency) in readings {
            state.offer(*reading, *urgency, self.capacity);
        }
        for presence in presences {
            state.offered += 1;
            state.presences.insert(presence.device, presence.online);
        }
        if !(readings.is_empty() && presences.is_empty()) {
            state.awaited = true;
            self.urgent.notify_all();
        }
        state.offered
    }

    /// As [`Inbox::offer_message`] of readings, but waits for such room that nothing is dropped for
    /// them; `None` when there was none within `at_most`.
    pub fn offer_in_room(&self, readings: &[(Reading, Urgency)], at_most: Duration) -> Option<u64> {
        let mut state = self.wait_until(at_most, |state| self.is_roomy(state));
        if !self.is_roomy(&state) {
            return None;
        }
        for (reading, urgency) in readings {
            state.offer(*reading, *urgency, self.capacity);
        }
        state.awaited = true;
        self.urgent.notify_all();
        Some(state.offered)
    }

    fn is_roomy(&self, state: &State) -> bool {
        state.telemetry_count <= self.capacity / 2
    }

    /// Counts what a feed could not use.
    pub fn refuse(&self, count: u64) {
        let mut state = self.lock();
        state.refused = state.refused.saturating_add(count);
    }

    /// Everything that waits, at once.
    pub fn take(&self) -> Taken {
        let mut state = self.lock();
        self.served.notify_all();
        let mut readings = std::mem::take(&mut state.events);
        readings.extend(std::mem::take(&mut state.telemetry).into_values().flatten());
        let presences = std::mem::take(&mut state.presences).into_iter();
        let presences = presences.map(|(device, online)| Presence { device, online });
        state.telemetry_count = 0;
        state.crowded.clear();
        state.awaited = false;
        Taken {
            readings,
            presences: presences.collect(),
            orders: std::mem::take(&mut state.orders),
            dropped: state.dropped,
            refused: state.refused,
            up_to: state.offered,
        }
    }

    /// Notes that everything up to a [`Taken::up_to`] is committed.
    pub fn acknowledge(&self, up_to: u64) {
        let mut state = self.lock();
        state.acknowledged = state.acknowledged.max(up_to);
        self.served.notify_all();
    }

    /// How many messages offered, from the first on, need not be sent again.
    pub fn acknowledged(&self) -> u64 {
        self.lock().acknowledged
    }

    /// Waits until everything up to `mark` is acknowledged, but no longer than `at_most`; gives back
    /// how far it is.
    pub fn wait_acknowledged(&self, mark: u64, at_most: Duration) -> u64 {
        self.wait_until(at_most, |state| state.acknowledged >= mark)
            .acknowledged
    }

    /// Whether there is room for what one message may hold without dropping anything. A feed that can
    /// leave messages where they are reads on only then.
    pub fn has_room(&self) -> bool {
        self.is_roomy(&self.lock())
    }

    /// Waits for such room, but no longer than `at_most`.
    pub fn wait_for_room(&self, at_most: Duration) {
        drop(self.wait_until(at_most, |state| self.is_roomy(state)));
    }

    fn wait_until(
        &self,
        at_most: Duration,
        is_so: impl Fn(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let waited = self
            .served
            .wait_timeout_while(self.lock(), at_most, |state| !is_so(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Sleeps until something urgent waits, or something whose sender waits for the
    /// acknowledgement, but no longer than `at_most`.
    pub fn wait(&self, at_most: Duration) {
        let state = self.lock();
        if state.events.is_empty() && state.orders.is_empty() && !state.awaited {
            // Waking too early does no harm: the tick finds little to do.
            drop(self.urgent.wait_timeout(state, at_most));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is complete in itself, so a panic elsewhere spoils nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Orders for Inbox {
    fn order(&self, command: Command, answer: Answer) {
        self.lock().orders.push(Order { command, answer });
        self.urgent.notify_all();
    }
}

impl State {
    fn offer(&mut self, reading: Reading, urgency: Urgency, capacity: usize) -> Offer {
        self.offered += 1;
        if urgency == Urgency::Event {
            self.events.push(reading);
            return Offer::Taken;
        }
        let offer = if self.telemetry_count < capacity {
            Offer::Taken
        } else {
            self.dropped += 1;
            self.make_room(&reading)
        };
        if offer != Offer::Dropped {
            self.push(reading);
        }
        offer
    }

    fn push(&mut self, reading: Reading) {
        let queue = self.telemetry.entry(reading.device).or_default();
        queue.push_back(reading);
        if queue.len() > 1 {
            self.crowded.insert(reading.device);
        }
        self.telemetry_count += 1;
    }

    /// Drops the oldest reading of the same device, else one of a device with more than one.
    /// When everybody has just one, or this one is the oldest, it is itself the one to go.
    fn make_room(&mut self, reading: &Reading) -> Offer {
        let own = self.telemetry.get(&reading.device);
        let victim = match own {
            Some(queue) if queue.iter().all(|other| other.at > reading.at) => {
                return Offer::Dropped;
            }
            Some(_) => Some(reading.device),
            None => self.crowded.first().copied(),
        };
        let Some(queue) = victim.and_then(|device| self.telemetry.get_mut(&device)) else {
            return Offer::Dropped;
        };
        let oldest = (0..queue.len()).min_by_key(|at| queue[*at].at);
        queue.remove(oldest.unwrap_or_default());
        if queue.len() <= 1 {
            self.crowded.retain(|device| Some(*device) != victim);
        }
        self.telemetry_count -= 1;
        Offer::Replaced
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::AlarmId;
    use crate::model::Actor;
    use crate::model::sample::{device_id, reading};

    fn offer(inbox: &Inbox, device: u32, seconds: i64) -> Offer {
        let made = reading(device_id("smoke", device), seconds, 1.0);
        inbox.offer(made, Urgency::Telemetry)
    }

    fn waiting(inbox: &Inbox) -> Vec<(DeviceId, i64)> {
        let start = crate::model::sample::MORNING;
        let taken = inbox.take();
        let mut list: Vec<_> = taken
            .readings
            .iter()
            .map(|it| (it.device, it.at - start))
            .collect();
        list.sort_unstable();
        list
    }

    #[test]
    fn the_newest_wins_when_full_and_every_drop_is_counted() {
        let inbox = Inbox::new(3);
        let taken: Vec<_> = [(0, 1), (0, 2), (1, 1)]
            .map(|(a, b)| offer(&inbox, a, b))
            .into();
        assert_eq!(taken, [Offer::Taken; 3]);
        assert_eq!(offer(&inbox, 0, 3), Offer::Replaced, "its own oldest goes");
        assert_eq!(
            offer(&inbox, 2, 1),
            Offer::Replaced,
            "the crowded device gives way"
        );
        assert_eq!(offer(&inbox, 1, 0), Offer::Dropped, "older than what waits");
        assert_eq!(offer(&inbox, 3, 9), Offer::Dropped, "everybody has one");
        assert_eq!(offer(&inbox, 1, 5), Offer::Replaced);
        let mut expected = vec![
            (device_id("smoke", 0), 3_000),
            (device_id("smoke", 1), 5_000),
            (device_id("smoke", 2), 1_000),
        ];
        expected.sort_unstable();
        assert_eq!(waiting(&inbox), expected);
        assert_eq!(inbox.take().dropped, 5);
        assert_eq!(offer(&inbox, 3, 9), Offer::Taken, "there is room again");
    }

    #[test]
    fn events_and_commands_are_never_dropped() {
        let inbox = Inbox::new(1);
        let alarm = AlarmId::from_source("a", "b");
        for seconds in 0..1_000 {
            let press = reading(device_id("help_button", 0), seconds, 1.0);
            inbox.offer(press, Urgency::Event);
            let by = Actor("Li".to_owned());
            inbox.order(Command::Acknowledge { alarm, by }, Box::new(|_| {}));
        }
        let taken = inbox.take();
        assert_eq!(
            (taken.readings.len(), taken.orders.len(), taken.dropped),
            (1_000, 1_000, 0)
        );
    }

    #[test]
    fn a_message_of_many_readings_has_one_mark() {
        let inbox = Inbox::new(10);
        let made = |number| {
            (
                reading(device_id("smoke", number), 1, 1.0),
                Urgency::Telemetry,
            )
        };
        let first = inbox.offer_message(&[made(0), made(1)], &[]);
        let presence = Presence {
            device: device_id("smoke", 2),
            online: false,
        };
        let second = inbox.offer_message(&[], &[presence]);
        assert_eq!([first, second, inbox.offer_message(&[], &[])], [2, 3, 3]);
        inbox.wait(Duration::from_secs(60));
        let taken = inbox.take();
        assert_eq!((taken.readings.len(), taken.presences), (2, vec![presence]));
        let later = inbox.offer_message(&[made(0)], &[]);
        inbox.acknowledge(taken.up_to);
        assert!(inbox.acknowledged() >= second && inbox.acknowledged() < later);
        inbox.refuse(3);
        assert_eq!(inbox.take().refused, 3);
    }

    #[test]
    fn what_is_committed_is_told() {
        let inbox = Inbox::new(1);
        offer(&inbox, 0, 1);
        offer(&inbox, 0, 2);
        let taken = inbox.take();
        offer(&inbox, 0, 3);
        assert_eq!(inbox.acknowledged(), 0);
        inbox.acknowledge(taken.up_to);
        assert_eq!(inbox.acknowledged(), 2);
    }
}
