//! Any row of alarms, orders and pauses: no illegal state, no lost alarm, replay equal, refusals change
//! nothing (which `Loop::ask` checks).

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::model::dispatch::{CallOutcome, CallStep, Cause, Deadline, ROWS_MAX, Stage, rows};
use crate::model::{EventKind, ServiceGroup};

const KINDS: [&str; 4] = ["smoke", "gas_leak", "help_button", "tilt"];
const PEOPLE: [&str; 3] = ["Li", "Wang", "Zhao"];

#[derive(Debug, Clone)]
enum Turn {
    Raise(usize, u32, usize),
    End(usize),
    Wait(i64),
    Order(u8, [usize; 4]),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        3 => (0..4_usize, 0..4_u32, 0..4_usize).prop_map(|(k, n, g)| Turn::Raise(k, n, g)),
        2 => (0..8_usize).prop_map(Turn::End),
        2 => (1..4_000_i64).prop_map(Turn::Wait),
        14 => (0..27_u8, [0..8_usize, 0..8_usize, 0..8_usize, 0..8_usize])
            .prop_map(|(order, at)| Turn::Order(order, at)),
    ];
    prop::collection::vec(turn, 1..90)
}

fn pick<T: Copy>(all: &[T], at: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[at % all.len()])
}

/// An order of a kind about the incident at a place.
fn ask(city: &Loop, order: u8, [_, b, c, d]: [usize; 4], id: IncidentId, salt: usize) -> Ask {
    let live = city.twin.live();
    let ids: Vec<IncidentId> = live.dispatch.incidents.keys().copied().collect();
    let one = live.dispatch.incidents.get(&id);
    let why = text("because");
    let (some, team) = (Some(text("so")).filter(|_| c % 2 == 0), team(b as u32 % 5));
    match order {
        0 => Ask::Acknowledge {
            seen: Some(Grade::ALL[b % 4]).filter(|_| c % 2 == 0),
        },
        1 => Ask::Assign {
            owner: person(PEOPLE[b % 3]),
        },
        2 => Ask::HandOver {
            to: person(PEOPLE[b % 3]),
            why,
        },
        3 | 4 => Ask::Dispatch { teams: vec![team] },
        5 | 6 => Ask::Arrive { team },
        7 | 8 => Ask::FeedBack {
            team: Some(team).filter(|_| c % 3 > 0),
            words: why,
        },
        9 => Ask::Hold { why },
        10 => Ask::Resume { words: some },
        11 | 12 => Ask::Verify { words: some },
        13 => Ask::SendBack { why },
        14 | 15 => Ask::Close {
            cause: Cause::ALL[b % 6],
            words: some,
        },
        16 => Ask::Reopen { why },
        17 => Ask::Merge {
            into: pick(&ids, d).unwrap_or(id),
            why,
        },
        18 => {
            let members = one.map_or(&[][..], |one| one.members.as_slice());
            let alarms = members.iter().skip(b).take(c).map(|it| it.alarm).collect();
            Ask::Split {
                into: IncidentId::from_source("split", &salt.to_string()),
                alarms,
                why,
            }
        }
        19 => Ask::Comment { words: why },
        20 => Ask::Call {
            step: CallStep::ALL[b % 6],
            outcome: CallOutcome::ALL[c % 7],
            words: some,
            skip: Some(why).filter(|_| d % 2 == 0),
        },
        21 => reports::report(EventKind::ALL[b % 3], ServiceGroup::ALL[c % 7], None),
        _ => next(one, why),
    }
}

/// What a good dispatcher would do next, so that many an incident comes to its end.
fn next(one: Option<&Incident>, words: ShutText) -> Ask {
    let Some(one) = one else {
        return Ask::Acknowledge { seen: None };
    };
    let call = |step, outcome| Ask::Call {
        step,
        outcome,
        words: None,
        skip: None,
    };
    let arrived = |team: &ResponderId| one.teams[team].arrived_at.is_some();
    match (one.stage, one.teams_out().next()) {
        _ if one.acknowledged.is_none() && one.opening.is_call => {
            call(CallStep::Answer, CallOutcome::Reached)
        }
        _ if one.acknowledged.is_none() => Ask::Acknowledge { seen: None },
        (Stage::Warn, _) if one.opening.is_call && one.call.len() == 1 => {
            call(CallStep::Confirm, CallOutcome::Fine)
        }
        (Stage::Warn, _) => Ask::Dispatch {
            teams: vec![team(1)],
        },
        (_, Some(team)) if !arrived(&team) => Ask::Arrive { team },
        (_, team @ Some(_)) => Ask::FeedBack { team, words },
        (Stage::FeedBack, None) => Ask::Verify { words: None },
        _ => Ask::Close {
            cause: Cause::Handled,
            words: None,
        },
    }
}

/// What must hold of every state.
fn hold(city: &Loop, raised: &BTreeSet<AlarmId>, now: Timestamp) {
    let live = city.twin.live();
    let mut homes = BTreeMap::<AlarmId, usize>::new();
    for one in live.dispatch.incidents.values() {
        for member in &one.members {
            *homes.entry(member.alarm).or_default() += 1;
        }
        sound(one, now);
        let open = one.open_alarms(live).count();
        assert!(
            one.is_open() || open == 0,
            "closed over open alarms: {one:?}"
        );
        if let Some(first) = &one.first {
            assert!(one.grade <= first.grade);
        }
    }
    assert!(homes.values().all(|count| *count == 1), "in two incidents");
    // All are there as long as nothing was filed.
    assert_eq!(homes.keys().copied().collect::<BTreeSet<_>>(), *raised);
    let rows = rows(live, ROWS_MAX);
    assert!(rows.len() <= ROWS_MAX);
    let listed: BTreeSet<_> = rows.iter().flat_map(|row| row.incidents.clone()).collect();
    let open: BTreeSet<_> = live.dispatch.open().map(|one| one.id).collect();
    assert_eq!(listed, open, "every open incident is in a row");
}

fn sound(one: &Incident, now: Timestamp) {
    assert_eq!(one.is_open(), one.closed.is_none(), "{one:?}");
    assert!(one.merged_into.is_none() || !one.is_open());
    match one.stage {
        Stage::Dispatch => assert!(one.teams_out().next().is_some(), "sent is nobody: {one:?}"),
        Stage::FeedBack | Stage::Verify => assert!(one.teams_out().next().is_none(), "{one:?}"),
        Stage::Close => assert!(one.clocks.is_empty() && one.hold.is_none(), "{one:?}"),
        _ => {}
    }
    if one.is_open() {
        assert!(
            one.clocks
                .iter()
                .any(|clock| clock.deadline == Deadline::Close)
        );
        assert!(one.clocks.len() <= 2);
    }
    for done in &one.history {
        assert!(done.at <= now);
        if let Act::Verified { .. } = done.act {
            let before = one.history.iter().take_while(|it| *it != done);
            let mut fed_back = before.filter(|it| matches!(it.act, Act::FedBack { .. }));
            assert!(
                fed_back.all(|it| it.by != done.by),
                "verified by who handled it"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_row_of_orders_is_sound(turns in turns()) {
        let mut city = Loop::new();
        let mut raised = BTreeSet::new();
        for (salt, turn) in turns.iter().enumerate() {
            city.wait(1);
            match turn {
                Turn::Wait(seconds) => {
                    city.wait(*seconds);
                    city.tick(Vec::new());
                }
                Turn::Raise(kind, number, grade) => {
                    let id = city.raise(KINDS[*kind], *number, Grade::ALL[*grade]);
                    raised.insert(id);
                }
                Turn::End(at) => {
                    let live = city.twin.live();
                    let active = live.alarms.values().filter(|alarm| alarm.active);
                    let active: Vec<_> = active.map(|alarm| alarm.id).collect();
                    if let Some(id) = pick(&active, *at) {
                        city.end(id);
                    }
                }
                Turn::Order(order, at) => {
                    let ids = city.twin.live().dispatch.incidents.keys().copied();
                    let Some(id) = pick(&ids.collect::<Vec<_>>(), at[0]) else { continue };
                    let asked = ask(&city, *order, *at, id, salt);
                    let _ = city.ask(id, PEOPLE[at[3] % 3], asked);
                }
            }
            hold(&city, &raised, city.now);
        }
        city.check_replay();
    }
}
