//! The queue: incidents with their clocks, and open alarms that are in none.

use super::collect::{alarm, device, twin};
use super::*;
use crate::base::{AlarmId, IncidentId, Timestamp};
use crate::model::dispatch::{
    Act, Ask, CallStep, Clock, Deadline, IncidentChange, Member, Opening, Order, Origin, Refused,
    Relation, Spot,
};
use crate::model::{
    Actor, AreaLevel, Batch, Change, Command, EntityKind, Grade, KindTable, Refusal, Twin,
};

const NOW: Timestamp = scenes::NOW;

fn incident() -> IncidentId {
    IncidentId::from_source("test", "1")
}

fn opening(grade: Grade) -> Opening {
    Opening {
        kind: "fire".to_owned(),
        name: Some(["火情".to_owned(), "Fire".to_owned()]),
        origin: Origin::Alarms,
        spot: Spot::default(),
        grade,
        exercise: false,
        is_call: false,
        rung: AreaLevel::Grid,
        group: None,
        title: None,
        token_sha256: None,
    }
}

fn member(key: &str, of: &str, kind: &str, grade: Grade) -> Act {
    Act::Joined {
        member: Member {
            alarm: AlarmId::from_source("test", key),
            device: device(of, kind).id,
            rule: "threshold".to_owned(),
            grade,
            raised_at: NOW.plus(-60_000),
            building: None,
            relation: Relation::First,
        },
    }
}

/// The twin of the other tests, two alarms of a tilt sensor, and what happened to an incident since.
fn after(acts: Vec<Act>, more: Vec<Change>) -> Twin {
    let mut twin = twin();
    let step = |act| Change::Incident {
        step: IncidentChange {
            incident: incident(),
            by: Actor("engine".to_owned()),
            at: NOW.plus(-30_000),
            act,
        },
    };
    let changes = more.into_iter().chain(acts.into_iter().map(step));
    let batch = Batch {
        number: twin.live().batch + 1,
        ground_version: twin.ground().version,
        at: NOW.plus(-1_000),
        readings: Vec::new(),
        changes: changes.collect(),
        uncommitted: false,
    };
    twin.apply(&batch).unwrap();
    twin
}

fn clocked(due_in_ms: i64) -> Act {
    Act::Clocked {
        clocks: vec![Clock {
            deadline: Deadline::Acknowledge,
            since: NOW.plus(-60_000),
            due: NOW.plus(due_in_ms),
            is_passed: false,
        }],
    }
}

fn facts(twin: &Twin) -> HudFacts {
    let words = Words::of(Lang::En);
    facts_from(twin, &KindTable::standard(), NOW, LinkState::Alive, words)
}

fn opened(opening: Opening) -> Act {
    Act::Opened {
        opening: Box::new(opening),
    }
}

#[test]
fn alarms_of_an_incident_are_one_row_and_the_others_have_their_own() {
    let acts = vec![
        opened(opening(Grade::Orange)),
        member("1", "d", "tilt", Grade::Orange),
        clocked(45_000),
    ];
    let facts = facts(&after(acts, Vec::new()));
    assert_eq!((facts.waiting.all, facts.alarms_total()), (2, 2));
    let [red, orange] = facts.queue.as_slice() else {
        panic!("{:?}", facts.queue);
    };
    // Alarm 2 is in no incident: it is neither hidden nor behind a milder one.
    let alone = AlarmId::from_source("test", "2");
    assert_eq!((red.item, red.grade), (Item::Alarm(alone), Grade::Red));
    assert_eq!(orange.item, Item::Incident(incident(), Grade::Orange));
    assert_eq!((orange.title.as_str(), orange.alarms), ("Tilt", 1));
    let clock = orange.clock.as_ref().unwrap();
    assert_eq!(
        (clock.text.as_str(), clock.is_over),
        ("Notice in 45 s", false)
    );
}

#[test]
fn a_deadline_that_has_passed_is_counted_and_seen() {
    let acts = vec![
        opened(opening(Grade::Orange)),
        member("1", "d", "tilt", Grade::Orange),
        member("2", "d", "tilt", Grade::Red),
        clocked(-5_000),
    ];
    let twin = after(acts, Vec::new());
    let facts = facts(&twin);
    assert_eq!((facts.waiting.all, facts.waiting.overdue), (1, 1));
    assert_eq!(facts.queue[0].alarms, 2);
    for size in SIZES {
        let made = made(&facts, HudMode::Wall, size, Lang::En);
        check(&made, size, "overdue");
    }
    let told = said(&made(&facts, HudMode::Wall, SIZES[4], Lang::En));
    assert!(told.contains("Tilt ×2"), "{told}");
    assert!(told.contains("Notice late by 5 s"), "{told}");
    assert!(told.contains("overdue 1"), "{told}");
    // On hold no clock runs.
    let mut acts = vec![opened(opening(Grade::Orange)), clocked(-5_000)];
    // "PJ" and something, as a sealed text is written.
    let why = serde_json::from_value("504a00".into()).unwrap();
    acts.push(Act::Held { why });
    let held = self::facts(&after(acts, Vec::new()));
    assert_eq!(held.waiting.overdue, 0);
    assert!(held.queue.iter().all(|row| row.clock.is_none()));
}

#[test]
fn what_nobody_noticed_can_be_taken_up_and_a_call_is_answered() {
    let acts = vec![
        opened(opening(Grade::Orange)),
        member("1", "d", "tilt", Grade::Orange),
        Act::Acknowledged,
    ];
    let new = alarm("3", &device("d", "tilt"), Grade::Orange, false);
    let mut more = acts.clone();
    more.push(member("3", "d", "tilt", Grade::Orange));
    let row = |twin: &Twin| {
        let rows = facts(twin).queue.into_iter();
        let mut rows = rows.filter(|row| matches!(row.item, Item::Incident(..)));
        rows.next().unwrap()
    };
    assert!(!row(&after(acts, Vec::new())).is_unseen);
    let twin = after(more, vec![new]);
    let again = row(&twin);
    assert!(again.is_unseen && again.state.contains("new alarms unacked 1"));
    // It leads to the alarm that nobody noticed.
    let subject = again.item.subject(&twin).unwrap();
    assert_eq!(subject.kind, EntityKind::Device);
    let by = Actor("李".to_owned());
    let Command::Incident {
        order: Order { ask, .. },
    } = again.item.take_up(by.clone())
    else {
        panic!("an order about the incident");
    };
    let seen = Some(Grade::Orange);
    assert_eq!(ask, Ask::Acknowledge { seen });
    let call = Opening {
        is_call: true,
        ..opening(Grade::Red)
    };
    let twin = after(vec![opened(call)], Vec::new());
    let mut rows = facts(&twin).queue.into_iter();
    let row = rows.find(|row| matches!(row.item, Item::Call(_))).unwrap();
    assert_eq!(row.title, "Fire");
    let Command::Incident {
        order: Order { ask, .. },
    } = row.item.take_up(by)
    else {
        panic!("an order about the call");
    };
    assert!(matches!(ask, Ask::Call { step, .. } if step == CallStep::Answer));
}

#[test]
fn a_key_acknowledges_what_is_shown_by_now() {
    let acts = vec![
        opened(opening(Grade::Orange)),
        member("1", "d", "tilt", Grade::Orange),
        Act::Raised { grade: Grade::Red },
    ];
    let twin = after(acts, Vec::new());
    let before = Item::Incident(incident(), Grade::Orange);
    let now = before.now(twin.live());
    assert_eq!(now, Item::Incident(incident(), Grade::Red));
    assert!(now.is_the_same(before));
    let alarm = AlarmId::from_source("test", "1");
    assert_eq!(Item::of_alarm(twin.live(), alarm), now);
    let alone = AlarmId::from_source("test", "2");
    assert_eq!(Item::Alarm(alone).now(twin.live()), Item::Alarm(alone));
}

#[test]
fn orders_that_were_done_and_lost_are_told_as_a_danger() {
    for (lang, told) in [(Lang::En, "orders lost: 3"), (Lang::Zh, "已丢失指令 3 条")] {
        let mut facts = scenes::normal(Words::of(lang));
        facts.undone = Some(Undone {
            orders: 3,
            found_at: facts.now,
        });
        for size in SIZES {
            let made = made(&facts, HudMode::Wall, size, lang);
            check(&made, size, told);
        }
    }
}

#[test]
fn an_order_that_was_not_carried_out_is_told() {
    let refusal = |refused| OrderAnswer::Refused(Refusal::Incident { refused });
    let by = Actor("王敏".to_owned());
    for (answer, told) in [
        (
            refusal(Refused::Acknowledged { by }),
            "王敏 has acknowledged it",
        ),
        (
            refusal(Refused::HasWorsened { grade: Grade::Red }),
            "it has become Red",
        ),
        (OrderAnswer::Undelivered, "did not reach the engine"),
        (refusal(Refused::IsClosed), "Not done:"),
    ] {
        let mut facts = scenes::normal(Words::of(Lang::En));
        facts.answer = Some(answer);
        let made = made(&facts, HudMode::Wall, SIZES[4], Lang::En);
        check(&made, SIZES[4], told);
        assert!(said(&made).contains(told), "{}", said(&made));
    }
}
