//! What waits for somebody, as rows of the queue: incidents of the closed loop with the clock that
//! runs out first, and open alarms that belong to none. Used by [`super::facts_from`]. Never leaves
//! one out of the counts, never tells what is sealed in an incident.

use crate::base::{AlarmId, DeviceId, IncidentId, Timestamp};
use crate::model::dispatch::{
    Ask, CallOutcome, CallStep, Deadline, Incident, Order, Stage, Waiting, waiting,
};
use crate::model::{Actor, Alarm, Command, EntityKind, EntityRef, Grade, KindTable, Live, Twin};
use crate::portrayal::words::{Key, Words};

use super::collect::{device_words, remark, row, title};
use super::facts::QUEUE_ROWS;
use super::incidents::{clock_text, incident_place};
use super::say;

/// What a row of the queue is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// An incident of this grade as it is shown.
    Incident(IncidentId, Grade),
    /// A call, which is answered and not acknowledged.
    Call(IncidentId),
    /// An alarm that is in no open incident.
    Alarm(AlarmId),
}

impl Item {
    /// The item for what waits.
    #[must_use]
    pub fn of(waiting: &Waiting<'_>) -> Self {
        match waiting {
            Waiting::Incident(one) if one.opening.is_call => Self::Call(one.id),
            Waiting::Incident(one) => Self::Incident(one.id, one.grade),
            Waiting::Alarm(one) => Self::Alarm(one.id),
        }
    }

    /// The item that an open alarm belongs to.
    #[must_use]
    pub fn of_alarm(live: &Live, alarm: AlarmId) -> Self {
        let is_open = |one: &&Incident| one.is_open();
        match live.dispatch.of_alarm(alarm).filter(is_open) {
            Some(one) => Self::of(&Waiting::Incident(one)),
            None => Self::Alarm(alarm),
        }
    }

    /// The same, as it is shown by now.
    #[must_use]
    pub fn now(self, live: &Live) -> Self {
        let known = |id| live.dispatch.incidents.get(&id);
        match self {
            Self::Incident(id, _) => known(id).map_or(self, |one| Self::Incident(id, one.grade)),
            Self::Alarm(id) => Self::of_alarm(live, id),
            Self::Call(_) => self,
        }
    }

    /// What to look at: the device of the alarm that matters most, or the building.
    #[must_use]
    pub fn subject(self, twin: &Twin) -> Option<EntityRef> {
        let live = twin.live();
        let device = |id: DeviceId| EntityRef {
            kind: EntityKind::Device,
            bits: id.bits(),
        };
        let id = match self {
            Self::Alarm(id) => return live.alarms.get(&id).map(|alarm| device(alarm.device)),
            Self::Incident(id, _) | Self::Call(id) => id,
        };
        let one = live.dispatch.incidents.get(&id)?;
        let first = one.first.as_ref().map(|first| first.device);
        let place = one.opening.spot.building.map(|id| EntityRef {
            kind: EntityKind::Building,
            bits: id.bits(),
        });
        let warned = lead(live, one).map(|alarm| alarm.device);
        warned.or(first).map(device).or(place)
    }

    /// The order that takes notice of it; of a call, that answers it.
    #[must_use]
    pub fn take_up(self, by: Actor) -> Command {
        let (incident, ask) = match self {
            Self::Alarm(alarm) => return Command::Acknowledge { alarm, by },
            Self::Incident(id, seen) => (id, Ask::Acknowledge { seen: Some(seen) }),
            Self::Call(id) => {
                let ask = Ask::Call {
                    step: CallStep::Answer,
                    outcome: CallOutcome::Reached,
                    words: None,
                    skip: None,
                };
                (id, ask)
            }
        };
        let order = Order { incident, by, ask };
        Command::Incident { order }
    }

    /// Whether it is the same thing, whatever its grade is by now.
    #[must_use]
    pub fn is_the_same(self, other: Self) -> bool {
        self.key() == other.key()
    }

    const fn key(self) -> (Option<IncidentId>, Option<AlarmId>) {
        match self {
            Self::Incident(id, _) | Self::Call(id) => (Some(id), None),
            Self::Alarm(id) => (None, Some(id)),
        }
    }
}

/// A clock that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockLine {
    /// What is to be done, and how long is left or how long it is past.
    pub text: String,
    /// Whether it is past.
    pub is_over: bool,
}

/// One row of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueRow {
    /// About what.
    pub item: Item,
    /// The worst grade.
    pub grade: Grade,
    /// What it is, by what warned first.
    pub title: String,
    /// The sign of what warned first.
    pub glyph: char,
    /// Alarms in it.
    pub alarms: u64,
    /// Where, without door number.
    pub place: String,
    /// Since when.
    pub since: Timestamp,
    /// Whether a condition still holds, or nothing but people tell.
    pub active: bool,
    /// Whether nobody took notice of it, or of a part of it.
    pub is_unseen: bool,
    /// What was done about it and what is still to be done.
    pub state: String,
    /// The clock that runs out first.
    pub clock: Option<ClockLine>,
}

/// How much waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WaitingCount {
    /// Rows, shown or not.
    pub all: usize,
    /// Those that nobody took notice of.
    pub unseen: usize,
    /// Those with a deadline that has passed.
    pub overdue: usize,
}

/// The first [`QUEUE_ROWS`] rows of the queue, and the count of all.
pub(super) fn queue_rows(
    twin: &Twin,
    kinds: &KindTable,
    (now, words): (Timestamp, &Words),
) -> (Vec<QueueRow>, WaitingCount) {
    let live = twin.live();
    let all = waiting(live);
    let count = |is: &dyn Fn(&&Waiting) -> bool| all.iter().filter(is).count();
    let counts = WaitingCount {
        all: all.len(),
        unseen: count(&|one| one.is_unseen(live)),
        overdue: count(&|one| one.clock(live).is_some_and(|clock| clock.due <= now)),
    };
    let shown = all.iter().take(QUEUE_ROWS).map(|one| match one {
        Waiting::Incident(one) => of_incident(twin, kinds, one, (now, words)),
        Waiting::Alarm(one) => of_alarm(twin, kinds, one, (now, words)),
    });
    (shown.collect(), counts)
}

fn of_alarm(
    twin: &Twin,
    kinds: &KindTable,
    alarm: &Alarm,
    (now, words): (Timestamp, &Words),
) -> QueueRow {
    let row = row(twin, kinds, alarm, (now, words));
    QueueRow {
        item: Item::of(&Waiting::Alarm(alarm)),
        grade: row.grade,
        glyph: row.glyph,
        alarms: 1,
        since: row.raised_at,
        active: row.active,
        is_unseen: row.is_unacknowledged(),
        state: row.state(words),
        title: row.kind,
        place: row.place,
        clock: None,
    }
}

fn of_incident(
    twin: &Twin,
    kinds: &KindTable,
    one: &Incident,
    (now, words): (Timestamp, &Words),
) -> QueueRow {
    let live = twin.live();
    let lead = lead(live, one);
    // What warned first of a flood is no more than chance.
    let shown = match is_of_many(one) {
        true => lead.map(|alarm| alarm.device),
        false => one.first.as_ref().map(|first| first.device),
    };
    let device = shown.and_then(|id| twin.ground().devices.get(&id));
    let kind = device.and_then(|device| kinds.get(&device.kind));
    let waiting = Waiting::Incident(one);
    let clock = waiting.clock(live).map(|clock| ClockLine {
        text: clock_text(one, clock, now, words),
        is_over: clock.due <= now,
    });
    QueueRow {
        item: Item::of(&waiting),
        grade: one.grade,
        title: what_it_is(twin, kinds, one, words),
        glyph: kind.map_or('!', |kind| kind.glyph),
        alarms: one.alarm_count(),
        place: incident_place(twin, kinds, one, words),
        since: one.opened_at,
        active: one.first.is_none() || one.open_alarms(live).any(|id| live.alarms[&id].active),
        is_unseen: waiting.is_unseen(live),
        state: state(twin, one, lead, (now, words)),
        clock,
    }
}

/// The alarm to look at: one that nobody took notice of, the worst, the oldest.
fn lead<'a>(live: &'a Live, one: &Incident) -> Option<&'a Alarm> {
    let open = one.open_alarms(live).filter_map(|id| live.alarms.get(&id));
    open.min_by_key(|it| (it.acknowledged.is_some(), it.grade, it.raised_at, it.id))
}

/// Whether it has alarms of many places, as they come in a flood.
fn is_of_many(one: &Incident) -> bool {
    one.opening.spot.is_wide && one.alarm_count() > 1
}

/// After the alarm that came first, or the type where people opened it.
fn what_it_is(twin: &Twin, kinds: &KindTable, one: &Incident, words: &Words) -> String {
    if is_of_many(one) {
        return words.get(Key::IncidentMany);
    }
    if let Some(first) = &one.first {
        let known = twin.live().alarms.get(&first.alarm);
        let device = twin.ground().devices.get(&first.device);
        let kind = device.and_then(|device| kinds.get(&device.kind));
        return match known {
            Some(alarm) => title(twin, kind, alarm, words),
            None => {
                let [kind, _] = device_words(twin.ground(), kinds, first.device, words);
                kind
            }
        };
    }
    match &one.opening.name {
        Some([zh, en]) => words.lang().pick(zh, en).to_owned(),
        None => words.get(Key::IncidentUnnamed),
    }
}

/// What stands in the way first: a row is short, and its end may be cut off. That nobody took notice
/// and nobody was sent is told by the clock that stands before it.
fn state(
    twin: &Twin,
    one: &Incident,
    lead: Option<&Alarm>,
    (now, words): (Timestamp, &Words),
) -> String {
    let live = twin.live();
    let mut parts = Vec::new();
    if one.opening.exercise {
        parts.push(words.get(Key::AlarmExercise));
    }
    if let Some(hold) = &one.hold {
        parts.push(words.format(Key::IncidentOnHold, &[("by", hold.by.0.clone())]));
    } else if let Some(aside) = lead.filter(|_| one.is_aside(live)) {
        parts.extend(remark(twin, aside, now, words));
    }
    match (&one.acknowledged, one.unseen_alarms(live).count()) {
        (None, _) => {
            let clock = one.next_clock().map(|clock| clock.deadline);
            let is_told = clock == Some(Deadline::Acknowledge);
            parts.extend((!is_told).then(|| words.get(Key::AlarmUnacknowledged)));
        }
        (Some(_), 0) => {}
        (Some(_), unseen) => {
            let args = [("n", say::number(unseen))];
            parts.push(words.format(Key::IncidentUnseen, &args));
        }
    }
    if one.stage != Stage::Warn {
        parts.push(words.name("incident_stage", one.stage.as_str()));
    }
    let noticed = one.acknowledged.as_ref().map(|ack| &ack.by);
    match (&one.owner, noticed) {
        (Some(owner), _) => parts.push(owner.0.clone()),
        (None, Some(by)) => {
            parts.push(words.format(Key::AlarmAcknowledgedBy, &[("by", by.0.clone())]));
        }
        (None, None) => {}
    }
    if one
        .meeting
        .as_ref()
        .is_some_and(|it| it.decided_at.is_none())
    {
        parts.push(words.get(Key::IncidentMeeting));
    }
    if one.first.is_some() && one.open_alarms(live).next().is_none() {
        parts.push(words.get(Key::AlarmReturned));
    }
    parts.join(" · ")
}
