//! Which alarms become one incident.

use proptest::prelude::*;

use super::*;
use crate::model::dispatch::{Relation, Risk};
use crate::model::sample::people::move_in;

/// The incident numbers, in the order of their opening, to which alarms come that are raised one
/// after another: kind, house, seconds after the one before.
fn check(alarms: &[(&str, u32, i64)], expected: &[usize]) {
    let mut city = Loop::new();
    let mut order: Vec<IncidentId> = Vec::new();
    let mut found = Vec::new();
    for (kind, number, after) in alarms {
        let id = city.wait(*after).raise(kind, *number, Grade::Yellow);
        let incident = city.of(id).id;
        if !order.contains(&incident) {
            order.push(incident);
        }
        found.push(order.iter().position(|one| *one == incident).unwrap());
    }
    assert_eq!(found, expected);
    city.check_replay();
}

#[test]
fn alarms_of_a_place_and_time_are_one_incident() {
    // One building, within ten minutes of the last one.
    check(
        &[("smoke", 0, 0), ("gas_leak", 0, 60), ("smoke", 0, 500)],
        &[0, 0, 0],
    );
    check(&[("smoke", 2, 0), ("gas_leak", 2, 601)], &[0, 1]);
    // The same kind in the same place, within the hour: a riser.
    check(&[("smoke", 2, 0), ("smoke", 2, 3_000)], &[0, 0]);
    check(&[("smoke", 2, 0), ("smoke", 2, 3_601)], &[0, 1]);
    // A house that shares a wall, within five minutes.
    check(&[("smoke", 0, 0), ("smoke", 1, 300)], &[0, 0]);
    check(&[("smoke", 0, 0), ("smoke", 1, 301)], &[0, 1]);
    check(&[("smoke", 2, 0), ("smoke", 3, 10)], &[0, 1]);
    // Another type has other deadlines, and a call is answered alone.
    check(&[("smoke", 0, 0), ("tilt", 0, 1)], &[0, 1]);
    check(
        &[
            ("smoke", 0, 0),
            ("help_button", 0, 1),
            ("help_button", 1, 1),
        ],
        &[0, 1, 2],
    );
    check(
        &[("help_button", 0, 0), ("help_button", 0, 50_000)],
        &[0, 0],
    );
}

#[test]
fn a_row_that_tells_at_once_is_one_incident_in_whatever_order() {
    // Houses 0, 1, 2, 3 share walls one with the next.
    let mut row = ground();
    for number in 0..4_u32 {
        let beside = [
            number.checked_sub(1),
            Some(number + 1).filter(|one| *one < 4),
        ];
        let walls = beside.into_iter().flatten().map(house).collect();
        row.buildings.get_mut(&house(number)).unwrap().party_walls = walls;
    }
    for order in [
        [0, 1, 2, 3],
        [0, 3, 1, 2],
        [3, 0, 2, 1],
        [1, 3, 0, 2],
        [0, 2, 3, 1],
    ] {
        let mut city = Loop::with(row.clone(), DispatchTable::standard(), Crowd::new());
        city.wait(3_600);
        let alarms: Vec<_> = (0..)
            .zip(order)
            .map(|(turn, number)| {
                alarm("tilt", number, Grade::Orange, city.now.plus(-60_000 + turn))
            })
            .collect();
        let raised = alarms.clone().into_iter();
        city.tick(raised.map(|alarm| Change::AlarmRaised { alarm }).collect());
        assert_eq!(city.twin.live().dispatch.incidents.len(), 1, "{order:?}");
        let one = city.of(alarms[0].id);
        assert_eq!(one.first.as_ref().unwrap().alarm, alarms[0].id, "{order:?}");
        city.check_replay();
    }
}

#[test]
fn the_first_is_kept_and_the_others_are_counted() {
    let mut city = Loop::new();
    let first = city.raise("smoke", 0, Grade::Yellow);
    city.wait(5).raise("gas_leak", 0, Grade::Blue);
    city.wait(5).raise("smoke", 1, Grade::Yellow);
    let one = city.of(first);
    assert_eq!(one.first.as_ref().unwrap().alarm, first);
    assert_eq!((one.alarm_count(), one.grade), (3, Grade::Yellow));
    let relations: Vec<_> = one.members.iter().map(|it| it.relation).collect();
    assert_eq!(
        relations,
        [Relation::First, Relation::Building, Relation::PartyWall]
    );
}

#[test]
fn what_is_worse_is_never_hidden_in_what_was_seen() {
    let mut city = Loop::new();
    let first = city.raise("smoke", 0, Grade::Yellow);
    let id = city.of(first).id;
    city.ask(id, "Li", Ask::Acknowledge { seen: None }).unwrap();
    // No worse: it stays seen, though the alarm itself is new.
    let second = city.wait(5).raise("gas_leak", 0, Grade::Yellow);
    assert!(city.get(id).acknowledged.is_some());
    assert_eq!(
        city.get(id)
            .unseen_alarms(city.twin.live())
            .collect::<Vec<_>>(),
        [second]
    );
    city.ask(
        id,
        "Li",
        Ask::Hold {
            why: text("waiting for the key"),
        },
    )
    .unwrap();
    city.wait(5).raise("smoke", 1, Grade::Red);
    let one = city.get(id);
    assert_eq!(
        (one.grade, &one.acknowledged, &one.hold),
        (Grade::Red, &None, &None)
    );
    assert!(
        one.history
            .iter()
            .any(|done| matches!(done.act, Act::Raised { .. }))
    );
    // Whoever looked before that has not seen it.
    let seen = Some(Grade::Yellow);
    let refused = city.ask(id, "Li", Ask::Acknowledge { seen });
    assert_eq!(refused, Err(Refused::HasWorsened { grade: Grade::Red }));
    city.ask(
        id,
        "Li",
        Ask::Acknowledge {
            seen: Some(Grade::Red),
        },
    )
    .unwrap();
    // A further red one of another device counts as news, too; the same one again does not.
    city.wait(5).raise("gas_leak", 1, Grade::Red);
    assert!(city.get(id).acknowledged.is_none());
    city.ask(id, "Li", Ask::Acknowledge { seen: None }).unwrap();
    let again = city.wait(5).raise("gas_leak", 1, Grade::Red);
    assert!(city.of(again).acknowledged.is_some());
    city.check_replay();
}

#[test]
fn drills_and_the_real_thing_stay_apart() {
    let mut city = Loop::new();
    let real = city.raise("smoke", 0, Grade::Red);
    let mut drill = alarm("gas_leak", 0, Grade::Red, city.now);
    drill.exercise = true;
    let id = drill.id;
    city.tick(vec![Change::AlarmRaised { alarm: drill }]);
    assert_ne!(city.of(real).id, city.of(id).id);
    assert!(city.of(id).opening.exercise);
}

#[test]
fn alarms_of_before_there_were_incidents_get_one() {
    let mut city = Loop::new();
    let old = alarm("smoke", 0, Grade::Orange, city.now);
    let id = old.id;
    // As an engine of before left it: the alarm is there, no incident is.
    city.put(vec![Change::AlarmRaised { alarm: old }]);
    let kept = serde_json::to_string(city.twin.live()).unwrap();
    assert!(!kept.contains("dispatch"), "{kept}");
    city.wait(1).tick(Vec::new());
    assert_eq!(city.of(id).alarm_count(), 1);
    let quiet = city.wait(1).tick(Vec::new());
    assert_eq!(acts(&quiet), Vec::<&str>::new());
}

#[test]
fn people_at_risk_are_told_in_steps_and_never_below_ten() {
    let mut ground = ground();
    let house = house(2);
    let mut crowd = Crowd::new();
    let mut homes = 0;
    let mut risk = |ground: &mut Ground, heads: u32, weight: u32| {
        homes += 1;
        move_in(ground, house, &format!("home {homes}"), 1);
        let home = crate::base::DwellingId::from_source("sample", &format!("home {homes}"));
        crowd.insert(home, [heads, weight]);
        let mut city = Loop::with(ground.clone(), DispatchTable::standard(), crowd.clone());
        let id = city.raise("smoke", 2, Grade::Red);
        city.of(id).risk
    };
    // Nine people with whatever labels are no more than nobody.
    assert_eq!(risk(&mut ground, 9, 27), Risk::Few);
    assert_eq!(risk(&mut ground, 1, 1), Risk::Some);
    assert_eq!(risk(&mut ground, 22, 22), Risk::Many);
}

/// Alarms of a tick: kind, house, seconds back, grade.
fn storm() -> impl Strategy<Value = Vec<(u8, u32, i64, u8)>> {
    prop::collection::vec((0..4_u8, 0..4_u32, 0..1_200_i64, 0..4_u8), 1..40)
}

const KINDS: [&str; 4] = ["smoke", "gas_leak", "help_button", "tilt"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// In whatever order they arrived, each alarm is in one incident, and it is the same one.
    #[test]
    fn the_order_of_arrival_does_not_matter(storm in storm(), turn in any::<u64>()) {
        let now = MORNING.plus(3_600_000);
        let mut alarms: Vec<Alarm> = storm.iter().map(|(kind, number, back, grade)| {
            let grade = Grade::ALL[usize::from(*grade)];
            alarm(KINDS[usize::from(*kind)], *number, grade, now.plus(-back * 1_000))
        }).collect();
        // One device warns once at a moment.
        let mut seen = std::collections::BTreeSet::new();
        alarms.retain(|alarm| seen.insert(alarm.id));
        let run = |alarms: &[Alarm]| {
            let mut city = Loop::new();
            city.now = now;
            let raised = alarms.iter().map(|alarm| Change::AlarmRaised { alarm: alarm.clone() });
            city.tick(raised.collect());
            city
        };
        let one = run(&alarms);
        let middle = turn as usize % alarms.len();
        alarms.rotate_left(middle);
        alarms.reverse();
        let other = run(&alarms);
        prop_assert_eq!(one.twin.live(), other.twin.live());
        let board = &one.twin.live().dispatch;
        for alarm in &alarms {
            let holds = board.incidents.values().filter(|it| {
                it.members.iter().any(|member| member.alarm == alarm.id)
            });
            let holds: Vec<_> = holds.collect();
            prop_assert_eq!(holds.len(), 1);
            prop_assert!(holds[0].grade <= alarm.grade);
        }
        one.check_replay();
    }
}
