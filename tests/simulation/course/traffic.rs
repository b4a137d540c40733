//! What goes between the engine of a course and the world: messages and acknowledgements, orders and
//! answers.

use pingjiang::feed::payload::{AHEAD_MS, Message as Incoming};
use pingjiang::model::dispatch::{Ask, Order};
use pingjiang::model::ports::Orders;
use pingjiang::model::{Actor, Command, Condition, Reading};

use super::super::outside::Told;
use super::{Course, Mistake};

/// Messages of a broker that are under way at once.
const WINDOW: usize = 20;

impl Course {
    /// What broker and senders hand in, as long as there is room.
    pub(super) fn deliver(&mut self) {
        let arrived = self.engine_now();
        let Some(engine) = &self.engine else { return };
        let broker = &mut self.outside.broker;
        while broker.connected && broker.under_way.len() < WINDOW && engine.inbox.has_room() {
            let Some(next) = broker.waiting.pop_front() else {
                break;
            };
            let message = &mut self.outside.messages[next];
            message.deliveries += 1;
            let mark = engine.intake.take(Incoming {
                topic: &message.topic,
                payload: message.payload.as_bytes(),
                retained: false,
                arrived,
            });
            let ahead = message
                .told
                .iter()
                .filter(|it| it.at > arrived.plus(AHEAD_MS));
            self.ahead.extend(ahead);
            match self.mistake == Mistake::AcknowledgesAtOnce {
                true => message.acknowledged = true,
                false => broker.under_way.push_back((next, mark)),
            }
        }
        let feeds = engine.intake.table();
        let feed = feeds.by_http("readings").next().expect("the built-in one");
        for (next, mark) in &mut self.outside.requests {
            if mark.is_some() || !engine.inbox.has_room() || self.chance.is(300) {
                continue;
            }
            let message = &mut self.outside.messages[*next];
            message.deliveries += 1;
            let incoming = Incoming {
                topic: "readings",
                payload: message.payload.as_bytes(),
                retained: false,
                arrived,
            };
            let receipt = engine.intake.take_by(feed, None, incoming);
            assert!(receipt.is_whole, "there was room");
            let ahead = message
                .told
                .iter()
                .filter(|it| it.at > arrived.plus(AHEAD_MS));
            self.ahead.extend(ahead);
            *mark = Some(receipt.mark);
        }
    }

    /// An operator orders something about what the wall shows.
    pub(super) fn command(&mut self) {
        if !self.chance.is(250) {
            return;
        }
        let live = self.follower.live();
        let alarms: Vec<_> = live.alarms.values().collect();
        if alarms.is_empty() {
            return;
        }
        let alarm = alarms[self.chance.below(alarms.len())];
        let by = Actor(format!("Li {:05}", self.commands));
        let condition = Condition::of_device(alarm.device);
        let incident = live.dispatch.of_alarm(alarm.id).map(|it| it.id);
        let order = |ask| {
            let by = by.clone();
            incident.map(|incident| Command::Incident {
                order: Order { incident, by, ask },
            })
        };
        let given = match self.chance.below(8) {
            0 => Some(Command::Shelve {
                condition,
                by: by.clone(),
                reason: "it is being cleaned".to_owned(),
                for_ms: 600_000,
                once: self.chance.is(500),
            }),
            1 => Some(Command::Unshelve {
                condition,
                by: by.clone(),
            }),
            2 => Some(Command::TakeOutOfService {
                condition,
                by: by.clone(),
                reason: "it is being cleaned".to_owned(),
            }),
            3 => Some(Command::PutInService {
                condition,
                by: by.clone(),
            }),
            4 => order(Ask::Acknowledge { seen: None }),
            5 => order(Ask::Assign { owner: by.clone() }),
            _ => Some(Command::Acknowledge {
                alarm: alarm.id,
                by: by.clone(),
            }),
        };
        let (Some(given), Some(engine)) = (given, &self.engine) else {
            return;
        };
        self.commands += 1;
        let answers = self.answers.clone();
        let answer = move |result| answers.lock().unwrap().push((by.0, result));
        engine.inbox.order(given, Box::new(answer));
    }

    pub(super) fn take_answers(&mut self) {
        for (by, answer) in std::mem::take(&mut *self.answers.lock().unwrap()) {
            match answer {
                Ok(mut carried_out) => {
                    carried_out.uncommitted &= self.mistake != Mistake::SaysItIsKept;
                    self.count(
                        "orders answered as not yet on disk",
                        usize::from(carried_out.uncommitted),
                    );
                    self.carried_out.insert(by, carried_out);
                }
                Err(_) => self.refused.push(by),
            }
        }
    }

    /// Takes what the engine acknowledges; all of it must lie on the disk by now.
    pub(super) fn acknowledge(&mut self) {
        let Some(engine) = &self.engine else { return };
        let acknowledged = engine.inbox.acknowledged();
        let broker = &mut self.outside.broker;
        let due = broker
            .under_way
            .partition_point(|(_, mark)| *mark <= acknowledged);
        let mut done: Vec<usize> = broker.under_way.drain(..due).map(|(it, _)| it).collect();
        if self.chance.is(30) {
            // They are on their way when the line breaks: the broker never hears of them.
            broker.cut_off();
            done.iter()
                .rev()
                .for_each(|it| broker.waiting.push_front(*it));
        }
        self.outside.requests.retain(|(message, mark)| {
            let is_done = mark.is_some_and(|mark| mark <= acknowledged);
            if is_done {
                done.push(*message);
            }
            !is_done
        });
        for message in done {
            self.outside.messages[message].acknowledged = true;
            for told in self.outside.messages[message].told.clone() {
                assert!(
                    self.is_kept(&told),
                    "acknowledged, and not on the disk: {told:?}"
                );
            }
        }
    }

    fn is_kept(&self, told: &Told) -> bool {
        let mut is_kept = self.ahead.contains(told);
        let mut disk = self.door.disk();
        let take = &mut |one: &Reading| is_kept |= one.value == told.value;
        let (from, to) = (told.at, told.at.plus(1));
        disk.store
            .archive()
            .each_reading(told.device, from, to, take)
            .unwrap();
        is_kept
    }
}
