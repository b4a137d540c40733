//! One connection to a broker from its beginning to its end: connect, subscribe, take messages in,
//! acknowledge what is committed. Used by `mqtt`, which connects again.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::codec::{self, Packet, Reader, Version};
use super::link::Link;
use super::{LOOK, Shared};
use crate::base::Timestamp;
use crate::feed::intake::Gathered;
use crate::feed::payload::Message;

/// Silence after which the broker wants a sign of life, in seconds.
const KEEP_ALIVE_S: u16 = 30;
/// Longest time until the broker has answered a request to connect or to subscribe.
const ANSWER: Duration = Duration::from_secs(10);
/// Messages that are handed in together at most, so that the engine has something to do while the
/// rest of what came is decoded.
const TOGETHER: usize = 128;

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// We were told to stop.
    Over,
    /// The broker does not speak this version.
    OtherVersion,
    /// In words.
    Because(String),
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over => f.write_str("told to stop"),
            Self::OtherVersion => f.write_str("it does not speak this version of MQTT"),
            Self::Because(words) => f.write_str(words),
        }
    }
}

impl From<io::Error> for Ended {
    fn from(fault: io::Error) -> Self {
        Self::Because(fault.to_string())
    }
}

impl From<codec::CodecFault> for Ended {
    fn from(fault: codec::CodecFault) -> Self {
        Self::Because(fault.to_string())
    }
}

/// Messages that are to be acknowledged, in the order in which they came, each with its mark.
#[derive(Default)]
struct Pending {
    marks: Mutex<VecDeque<(u16, u64)>>,
    more: Condvar,
    ended: AtomicBool,
}

/// Runs a connection until it ends.
pub(super) fn run(shared: &Shared, version: Version, now: &dyn Fn() -> Timestamp) -> Ended {
    match attempt(shared, version, now) {
        Ok(never) => match never {},
        Err(ended) => ended,
    }
}

fn attempt(
    shared: &Shared,
    version: Version,
    now: &dyn Fn() -> Timestamp,
) -> Result<std::convert::Infallible, Ended> {
    let broker = &shared.broker;
    let link = Link::open(&broker.host, broker.port, shared.tls.as_ref())?;
    link.write(&codec::connect(version, &broker.who, KEEP_ALIVE_S))?;
    let mut incoming = Incoming {
        shared,
        link: &link,
        reader: Reader::new(version),
        room: vec![0; 64 * 1_024],
        fresh: Vec::new(),
        gathered: Gathered::default(),
        ids: Vec::new(),
    };
    let keep_alive_s = incoming.greet()?;
    link.write(&codec::subscribe(
        version,
        1,
        &shared.intake.table().filters(),
    ))?;
    let pending = Pending::default();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            if let Err(fault) = acknowledge(shared, &link, &pending, keep_alive_s) {
                tracing::debug!("acknowledgements cannot be sent: {fault}");
                link.close();
            }
        });
        let ended = incoming.listen(&pending, keep_alive_s, now);
        // What came without being acknowledged comes only once.
        incoming.hand_in(&pending);
        pending.ended.store(true, Ordering::Relaxed);
        if shared.is_over() {
            // The session stays with the broker; what was not acknowledged comes again.
            let _ = link.write(&codec::DISCONNECT);
        }
        link.close();
        ended
    })
}

/// What comes from the broker.
struct Incoming<'a> {
    shared: &'a Shared,
    link: &'a Link,
    reader: Reader,
    room: Vec<u8>,
    fresh: Vec<u8>,
    /// What was read and is not handed in yet, and the numbers of those messages.
    gathered: Gathered,
    ids: Vec<u16>,
}

impl Incoming<'_> {
    /// Waits for the broker to take the connection; gives back the keep-alive in seconds.
    fn greet(&mut self) -> Result<u16, Ended> {
        let began = Instant::now();
        loop {
            if let Some(packet) = self.reader.next_packet()? {
                let Packet::ConnAck { code, keep_alive_s } = packet else {
                    return Err(Ended::Because(
                        "it does not answer as a broker does".to_owned(),
                    ));
                };
                return match code {
                    // 0 is a broker that wants no signs of life; we want its answers to ours.
                    0 => Ok(keep_alive_s.filter(|it| *it > 0).unwrap_or(KEEP_ALIVE_S)),
                    // 1 of 3.1.1, 132 of 5.
                    1 | 0x84 => Err(Ended::OtherVersion),
                    code => Err(Ended::Because(refusal(code))),
                };
            }
            self.fill()?;
            if began.elapsed() > ANSWER {
                return Err(Ended::Because("it does not answer".to_owned()));
            }
        }
    }

    /// Takes messages in until the connection ends.
    fn listen(
        &mut self,
        pending: &Pending,
        keep_alive_s: u16,
        now: &dyn Fn() -> Timestamp,
    ) -> Result<std::convert::Infallible, Ended> {
        // A broker answers each sign of life, so more than this is a dead line.
        let longest = Duration::from_secs(u64::from(keep_alive_s)) * 3 / 2 + ANSWER;
        let asked = Instant::now();
        let mut heard = asked;
        let mut is_subscribed = false;
        loop {
            while let Some(packet) = self.reader.next_packet()? {
                heard = Instant::now();
                match packet {
                    Packet::SubAck(codes) => {
                        self.subscribed(&codes)?;
                        is_subscribed = true;
                        self.shared.stands(true, now());
                    }
                    Packet::Publish {
                        topic,
                        id,
                        retained,
                        payload,
                    } => {
                        self.take(&topic, retained, payload.as_deref(), now());
                        self.ids.extend(id);
                        if self.ids.len() >= TOGETHER {
                            self.hand_in(pending);
                        }
                    }
                    Packet::Disconnect(code) => return Err(Ended::Because(farewell(code))),
                    Packet::ConnAck { .. } | Packet::Other => {}
                }
            }
            self.hand_in(pending);
            if !is_subscribed && asked.elapsed() > ANSWER {
                return Err(Ended::Because(
                    "it does not answer a subscription".to_owned(),
                ));
            }
            if heard.elapsed() > longest {
                return Err(Ended::Because("it gives no sign of life".to_owned()));
            }
            if !self.make_room() {
                // Nothing is read, so nothing can be heard.
                heard = Instant::now();
            }
            self.fill()?;
        }
    }

    /// Reads once.
    fn fill(&mut self) -> Result<(), Ended> {
        if self.shared.is_over() {
            return Err(Ended::Over);
        }
        self.fresh.clear();
        self.link.read(&mut self.room, &mut self.fresh)?;
        self.reader.push(&self.fresh);
        Ok(())
    }

    /// While the engine is behind nothing more is read: the broker keeps it, and nothing is dropped.
    /// Gives back whether there was room at once.
    fn make_room(&self) -> bool {
        let mut at_once = true;
        while !self.shared.inbox.has_room() && !self.shared.is_over() {
            at_once = false;
            self.shared.inbox.wait_for_room(LOOK);
        }
        at_once
    }

    fn take(&mut self, topic: &str, retained: bool, payload: Option<&[u8]>, now: Timestamp) {
        let Some(payload) = payload else {
            return self.shared.intake.refuse_large(topic, now);
        };
        let message = Message {
            topic,
            payload,
            retained,
            arrived: now,
        };
        self.shared.intake.gather(message, &mut self.gathered);
    }

    /// Hands in what was read, to be acknowledged when it is committed.
    fn hand_in(&mut self, pending: &Pending) {
        let mark = self.shared.intake.hand_in(&mut self.gathered);
        pending.push(self.ids.drain(..), mark);
    }

    /// Looks whether the broker lets us listen.
    fn subscribed(&self, codes: &[u8]) -> Result<(), Ended> {
        let filters = self.shared.intake.table().filters();
        let refused = filters.iter().zip(codes).filter(|(_, code)| **code >= 128);
        let refused: Vec<_> = refused.map(|(filter, _)| filter.as_str()).collect();
        if refused.is_empty() {
            tracing::info!(filters = filters.len(), "listening to the broker");
            return Ok(());
        }
        let told = format!("it refuses a subscription to {}", refused.join(", "));
        if refused.len() == filters.len() {
            return Err(Ended::Because(told));
        }
        tracing::error!("the broker is listened to in part: {told}");
        Ok(())
    }
}

impl Pending {
    fn push(&self, ids: impl ExactSizeIterator<Item = u16>, mark: u64) {
        if ids.len() > 0 {
            self.lock().extend(ids.map(|id| (id, mark)));
            self.more.notify_all();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<(u16, u64)>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mark that is due next; waits a while for one.
    fn next_mark(&self) -> Option<u64> {
        let marks = self.lock();
        let waited = self
            .more
            .wait_timeout_while(marks, LOOK, |marks| marks.is_empty());
        let (marks, _) = waited.unwrap_or_else(PoisonError::into_inner);
        marks.front().map(|(_, mark)| *mark)
    }

    /// Takes out the ids of everything that is committed.
    fn committed(&self, acknowledged: u64) -> Vec<u16> {
        let mut marks = self.lock();
        let count = marks.partition_point(|(_, mark)| *mark <= acknowledged);
        marks.drain(..count).map(|(id, _)| id).collect()
    }
}

/// Sends acknowledgements of what is committed, in the order in which messages came, and signs of life.
fn acknowledge(
    shared: &Shared,
    link: &Link,
    pending: &Pending,
    keep_alive_s: u16,
) -> io::Result<()> {
    let every = Duration::from_secs(u64::from(keep_alive_s.max(2))) / 2;
    let mut said = Instant::now();
    let mut out = Vec::new();
    while !pending.ended.load(Ordering::Relaxed) {
        if let Some(mark) = pending.next_mark() {
            let acknowledged = shared.inbox.wait_acknowledged(mark, LOOK);
            for id in pending.committed(acknowledged) {
                codec::put_puback(&mut out, id);
            }
        }
        if said.elapsed() > every {
            out.extend(codec::PING);
            said = Instant::now();
        }
        if !out.is_empty() {
            link.write(&out)?;
            out.clear();
        }
    }
    Ok(())
}

/// Why a broker does not take a connection.
fn refusal(code: u8) -> String {
    let words = match code {
        2 | 0x85 => "it refuses our client id; give another one",
        3 | 0x88 => "it is not available",
        4 | 0x86 => "it refuses user or password",
        5 | 0x87 => "it does not let us in; is user, password or certificate right?",
        0x89 => "it is busy",
        0x8a => "it has banned us",
        0x9f => "too many connect at once",
        _ => return format!("it refuses the connection with reason {code}"),
    };
    words.to_owned()
}

/// Why a broker ends a connection.
fn farewell(code: u8) -> String {
    let words = match code {
        0x8b => "it shuts down",
        0x8e => "another client took over our session; each engine needs a client id of its own",
        0x8d => "it heard nothing of us",
        0x98 => "its administrator ended the connection",
        _ => return format!("it ended the connection with reason {code}"),
    };
    words.to_owned()
}
