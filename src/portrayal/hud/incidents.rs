//! Incidents as they are listed, in words: by the command line now, by the wall next. What is sealed
//! in them is not among it. Never leaves one out.

use crate::base::{IncidentId, Millis, Timestamp};
use crate::model::dispatch::{CallStep, Clock, Deadline, DispatchTable, Incident, Row, rows};
use crate::model::{AreaLevel, Grade, KindTable, Twin};
use crate::portrayal::words::{Key, Words};

use super::collect::device_words;
use super::say::span;

/// Below this a clock counts seconds.
const COUNTED_MS: Millis = 180_000;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its incidents, the most urgent first.
    pub row: Row,
    /// What they are; of several the most urgent one's.
    pub title: String,
    /// Where.
    pub place: String,
    /// How far it has come, with what stands in the way.
    pub state: String,
    /// The clock that runs out first.
    pub clock: String,
    /// The rung of the ladder, and who sees to it.
    pub hands: String,
}

/// The open incidents in at most `most` rows.
#[must_use]
pub fn incident_rows(
    twin: &Twin,
    (kinds, table): (&KindTable, &DispatchTable),
    (now, words): (Timestamp, &Words),
    most: usize,
) -> Vec<IncidentRow> {
    let board = &twin.live().dispatch;
    let one = |row: Row| {
        let lead = board.incidents.get(row.incidents.first()?)?;
        if row.incidents.len() > 1 {
            return Some(rest(row, words));
        }
        let clock = lead.next_clock();
        Some(IncidentRow {
            title: incident_title(twin, (kinds, table), lead, words),
            place: incident_place(twin, kinds, lead, words),
            state: incident_state(twin, lead, words),
            clock: clock.map_or(String::new(), |it| clock_text(lead, it, now, words)),
            hands: hands(table, lead, words),
            row,
        })
    };
    rows(twin.live(), most)
        .into_iter()
        .filter_map(one)
        .collect()
}

/// The row of all that have none of their own: what is still to be done in them, not what one is.
fn rest(row: Row, words: &Words) -> IncidentRow {
    let counts = [
        ("unseen", row.unacknowledged.to_string()),
        ("overdue", row.overdue.to_string()),
        ("alarms", row.alarms.to_string()),
    ];
    IncidentRow {
        title: words.format(
            Key::IncidentsMore,
            &[("n", row.incidents.len().to_string())],
        ),
        place: String::new(),
        state: words.format(Key::IncidentsRest, &counts),
        clock: String::new(),
        hands: String::new(),
        row,
    }
}

/// Its type, and what warned first.
#[must_use]
pub fn incident_title(
    twin: &Twin,
    (kinds, table): (&KindTable, &DispatchTable),
    one: &Incident,
    words: &Words,
) -> String {
    let kind = table.find(&one.opening.kind);
    let name = kind.map_or(one.opening.kind.as_str(), |kind| {
        words.lang().pick(&kind.zh, &kind.en)
    });
    let first = one.first.as_ref().filter(|_| !one.opening.is_call);
    match first {
        Some(first) => {
            let [device, _] = device_words(twin.ground(), kinds, first.device, words);
            format!("{name} · {device}")
        }
        None => name.to_owned(),
    }
}

/// Where it is, for everybody: never a door.
#[must_use]
pub fn incident_place(twin: &Twin, kinds: &KindTable, one: &Incident, words: &Words) -> String {
    let (ground, spot) = (twin.ground(), &one.opening.spot);
    let area = spot.area.and_then(|id| ground.areas.get(&id));
    let area = area.map(|area| area.name.clone());
    // Of a flood that has brought one alarm so far, that place.
    if let (true, 1, Some(first)) = (spot.is_wide, one.alarm_count(), &one.first) {
        let [_, place] = device_words(ground, kinds, first.device, words);
        return place;
    }
    if spot.is_wide {
        return match area {
            Some(area) => words.format(Key::IncidentWide, &[("area", area)]),
            None => words.get(Key::IncidentCity),
        };
    }
    if let Some(device) = spot.device {
        let [_, place] = device_words(ground, kinds, device, words);
        return place;
    }
    let house = spot.building.and_then(|id| ground.buildings.get(&id));
    let named = house.and_then(|house| house.address.clone().or_else(|| house.name.clone()));
    named
        .or_else(|| spot.building.map(|id| id.to_string()))
        .or(area)
        .unwrap_or_else(|| words.get(Key::AlarmNowhere))
}

/// How far it has come, and what stands in the way.
#[must_use]
pub fn incident_state(twin: &Twin, one: &Incident, words: &Words) -> String {
    let mut parts = vec![words.name("incident_stage", one.stage.as_str())];
    if one.opening.exercise {
        parts.push(words.get(Key::AlarmExercise));
    }
    if one.is_open() && one.acknowledged.is_none() {
        parts.push(words.get(Key::AlarmUnacknowledged));
    }
    if let Some(hold) = &one.hold {
        parts.push(words.format(Key::IncidentOnHold, &[("by", hold.by.0.clone())]));
    }
    let meeting = one.meeting.as_ref();
    if meeting.is_some_and(|meeting| meeting.decided_at.is_none()) {
        parts.push(words.get(Key::IncidentMeeting));
    }
    if one.alarm_count() > 0 {
        let unseen = one.unseen_alarms(twin.live()).count();
        let args = [
            ("n", one.alarm_count().to_string()),
            ("unseen", unseen.to_string()),
        ];
        parts.push(words.format(Key::IncidentAlarms, &args));
    }
    parts.join(" · ")
}

/// A clock, with what is left or how long it is past. On hold it stands still.
#[must_use]
pub fn clock_text(one: &Incident, clock: &Clock, now: Timestamp, words: &Words) -> String {
    let now = one.hold.as_ref().map_or(now, |hold| hold.at);
    let left_ms = clock.due - now;
    let key = match left_ms > 0 {
        true => Key::IncidentLeft,
        false => Key::IncidentOver,
    };
    // A call is answered first, and then somebody finds out how the person is.
    let deadline = match clock.deadline {
        Deadline::Acknowledge if one.opening.is_call => {
            words.name("call_step", CallStep::Answer.as_str())
        }
        Deadline::Dispatch if one.opening.is_call => {
            words.name("call_step", CallStep::Confirm.as_str())
        }
        other => words.name("incident_deadline", other.as_str()),
    };
    let left_ms = left_ms.abs();
    // A call has a minute: that is counted in seconds.
    let text = match left_ms < COUNTED_MS {
        true => words.format(Key::SpanSeconds, &[("n", (left_ms / 1_000).to_string())]),
        false => span(words, left_ms),
    };
    let args = [("deadline", deadline), ("span", text)];
    words.format(key, &args)
}

fn hands(table: &DispatchTable, one: &Incident, words: &Words) -> String {
    let rung = rung_name(table, one.rung, words);
    match &one.owner {
        Some(owner) => format!("{} · {rung}", owner.0),
        None => rung,
    }
}

/// Who stands on a rung of the ladder.
#[must_use]
pub fn rung_name(table: &DispatchTable, level: AreaLevel, words: &Words) -> String {
    let rung = table.rungs().iter().find(|rung| rung.level == level);
    rung.map_or(level.as_str().to_owned(), |rung| {
        words.lang().pick(&rung.zh, &rung.en).to_owned()
    })
}

impl IncidentRow {
    /// The id to act upon: of the most urgent one.
    #[must_use]
    pub fn id(&self) -> Option<IncidentId> {
        self.row.incidents.first().copied()
    }

    /// The worst grade in it.
    #[must_use]
    pub const fn grade(&self) -> Grade {
        self.row.grade
    }
}
