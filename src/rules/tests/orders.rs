//! What people order about alarms: each order alone, then any row of them against an oracle.

use std::collections::BTreeMap;

use super::*;
use crate::base::DeviceId;
use crate::model::{Aside, Condition, EngineTable, Unshelving};

const HOUR_MS: i64 = 3_600_000;

fn li() -> Actor {
    Actor("Li".to_owned())
}

fn gas() -> Condition {
    Condition::of_device(device_id("gas_leak", 0))
}

fn shelve(condition: &Condition, for_ms: i64, once: bool) -> Command {
    Command::Shelve {
        condition: condition.clone(),
        by: li(),
        reason: "sensor is being cleaned".to_owned(),
        for_ms,
        once,
    }
}

impl Bench {
    fn order(&mut self, asked: &Command, now: Timestamp) -> Result<Vec<Change>, Refusal> {
        let changes = command(&self.twin, &self.desk, asked, now)?;
        self.put(&[], changes.clone(), now);
        Ok(changes)
    }

    fn is_aside(&self, alarm: AlarmId) -> bool {
        let live = self.twin.live();
        live.aside(&live.alarms[&alarm]).is_some()
    }
}

#[test]
fn what_is_shelved_stands_last_and_comes_back_by_itself() {
    let mut bench = Bench::new();
    let (gas_device, help) = (device_id("gas_leak", 0), device_id("help_button", 0));
    bench.tick(
        &[reading(gas_device, 0, 30.0), reading(gas_device, 1, 30.0)],
        MORNING,
    );
    bench.tick(&[reading(help, 1, 1.0)], MORNING.plus(1_000));
    let of = |bench: &Bench, device: DeviceId| {
        let mut alarms = bench.twin.live().alarms.values();
        alarms.find(|alarm| alarm.device == device).unwrap().id
    };
    let (gas_alarm, help_alarm) = (of(&bench, gas_device), of(&bench, help));
    let order = shelve(&gas(), HOUR_MS, false);
    let refusal = bench.order(&order, MORNING.plus(2_000));
    assert_eq!(refusal, Err(Refusal::NotAcknowledged { alarm: gas_alarm }));
    bench.acknowledge(gas_alarm, MORNING.plus(3_000)).unwrap();
    bench.order(&order, MORNING.plus(4_000)).unwrap();
    assert!(bench.is_aside(gas_alarm));
    let queue: Vec<_> = bench.twin.live().queue().iter().map(|one| one.id).collect();
    assert_eq!(queue, [help_alarm, gas_alarm], "last, and there");
    let twice = bench.order(&order, MORNING.plus(5_000));
    assert_eq!(twice, Err(Refusal::AlreadyShelved { by: li() }));
    bench.tick(&[], MORNING.plus(HOUR_MS));
    assert!(bench.is_aside(gas_alarm));
    let over = MORNING.plus(HOUR_MS + 4_000);
    let back = bench.tick(&[], over);
    let is_back = |change: &Change| {
        matches!(
            change,
            Change::Unshelved {
                why: Unshelving::Time,
                ..
            }
        )
    };
    assert!(back.iter().any(is_back), "{back:?}");
    assert!(!bench.is_aside(gas_alarm));
}

#[test]
fn alarms_are_shelved_for_no_longer_than_the_city_allows() {
    for hours in [1, 8, 24] {
        let mut bench = Bench::new();
        let at_most = i64::from(hours) * HOUR_MS;
        bench.desk = bench.desk.clone().shelving_at_most(at_most);
        let refusal = bench.order(&shelve(&gas(), at_most + 1, false), MORNING);
        assert_eq!(refusal, Err(Refusal::NotThatLong { most_h: hours }));
        bench
            .order(&shelve(&gas(), at_most, false), MORNING)
            .unwrap();
    }
}

#[test]
fn what_is_shelved_once_comes_back_with_the_end_of_its_alarm() {
    let mut bench = Bench::new();
    let device = device_id("help_button", 0);
    let condition = Condition::of_device(device);
    bench
        .order(&shelve(&condition, HOUR_MS, true), MORNING)
        .unwrap();
    bench.tick(&[reading(device, 1, 1.0)], MORNING.plus(1_000));
    assert!(
        bench.is_aside(bench.active()[0].id),
        "raised, and put aside"
    );
    bench.tick(&[reading(device, 60, 0.0)], MORNING.plus(60_000));
    assert!(bench.twin.live().standings.is_empty());

    // Raised and ended within one step.
    let waiting = bench.twin.live().queue()[0].id;
    bench.acknowledge(waiting, MORNING.plus(61_000)).unwrap();
    bench
        .order(&shelve(&condition, HOUR_MS, true), MORNING.plus(61_000))
        .unwrap();
    bench.tick(
        &[reading(device, 70, 1.0), reading(device, 80, 0.0)],
        MORNING.plus(80_000),
    );
    assert!(bench.twin.live().standings.is_empty());
}

#[test]
fn out_of_service_holds_until_somebody_ends_it() {
    let mut bench = Bench::new();
    let (condition, by) = (gas(), li());
    let reason = "being changed".to_owned();
    let out = Command::TakeOutOfService {
        condition: condition.clone(),
        by: by.clone(),
        reason,
    };
    let back = Command::PutInService {
        condition,
        by: by.clone(),
    };
    assert_eq!(bench.order(&back, MORNING), Err(Refusal::InService));
    bench.order(&out, MORNING).unwrap();
    assert_eq!(
        bench.order(&out, MORNING),
        Err(Refusal::AlreadyOutOfService { by })
    );
    let gas_device = device_id("gas_leak", 0);
    bench.tick(
        &[reading(gas_device, 0, 30.0), reading(gas_device, 1, 30.0)],
        MORNING.plus(90 * HOUR_MS),
    );
    let live = bench.twin.live();
    let alarm = live.queue()[0];
    assert!(matches!(live.aside(alarm), Some(Aside::OutOfService(_))));
    bench.order(&back, MORNING.plus(91 * HOUR_MS)).unwrap();
    assert!(bench.twin.live().standings.is_empty());
}

#[test]
fn orders_without_reason_name_measure_or_device_are_refused() {
    let bench = Bench::new();
    let order = |change: &dyn Fn(&mut Command)| {
        let mut order = shelve(&gas(), HOUR_MS, false);
        change(&mut order);
        command(&bench.twin, &bench.desk, &order, MORNING).map(|_| ())
    };
    type Spoil<'a> = &'a dyn Fn(&mut Command);
    let cases: [(Spoil<'_>, Refusal); 5] = [
        (
            &|it| set(it, |reason, _, _, _| *reason = " \u{200b}".to_owned()),
            Refusal::NoReason { most: 200 },
        ),
        (
            &|it| set(it, |_, by, _, _| *by = Actor("a\nb".to_owned())),
            Refusal::Nobody { most: 80 },
        ),
        (
            &|it| set(it, |_, _, for_ms, _| *for_ms = 8 * HOUR_MS + 1),
            Refusal::NotThatLong { most_h: 8 },
        ),
        (
            &|it| set(it, |_, _, for_ms, _| *for_ms = i64::MIN),
            Refusal::NotThatLong { most_h: 8 },
        ),
        (
            &|it| set(it, |_, _, _, device| *device = device_id("gas_leak", 77)),
            Refusal::NoSuchDevice {
                device: device_id("gas_leak", 77),
            },
        ),
    ];
    for (change, refusal) in cases {
        assert_eq!(order(change), Err(refusal));
    }
    let unshelve = Command::Unshelve {
        condition: gas(),
        by: li(),
    };
    assert_eq!(
        command(&bench.twin, &bench.desk, &unshelve, MORNING),
        Err(Refusal::NotShelved)
    );
}

fn set(order: &mut Command, change: impl Fn(&mut String, &mut Actor, &mut i64, &mut DeviceId)) {
    if let Command::Shelve {
        condition,
        by,
        reason,
        for_ms,
        ..
    } = order
    {
        change(reason, by, for_ms, &mut condition.device);
    }
}

/// What may happen in one tick.
#[derive(Debug, Clone)]
enum Turn {
    Reading(u8, f64),
    Wait(i64),
    Order(u8, usize, i64, bool),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let value = prop::sample::select(vec![0.0, 1.0, 30.0, 90.0]);
    let turn = prop_oneof![
        4 => (0..3_u8, value).prop_map(|(kind, value)| Turn::Reading(kind, value)),
        1 => (1..40_000_i64).prop_map(Turn::Wait),
        4 => (0..7_u8, 0..8_usize, 0..30_000_i64, any::<bool>())
            .prop_map(|(order, at, for_s, once)| Turn::Order(order, at, for_s, once)),
    ];
    prop::collection::vec(turn, 1..60)
}

const KINDS: [&str; 3] = ["gas_leak", "help_button", "smoke"];

/// An order about the alarm or device that stands at a place.
fn asked(live: &crate::model::Live, order: u8, at: usize, for_s: i64, once: bool) -> Command {
    let queue = live.queue();
    let alarm = queue.get(at % queue.len().max(1));
    let id = alarm.map_or(AlarmId::from_source("no", "such"), |one| one.id);
    let device = device_id(KINDS[at % KINDS.len()], 0);
    let condition = match alarm {
        Some(alarm) if once => alarm.condition(),
        _ => Condition::of_device(device),
    };
    let (by, reason) = (li(), "work on it".to_owned());
    match order {
        0 | 1 => Command::Acknowledge { alarm: id, by },
        2 => Command::Reset { alarm: id, by },
        3 => Command::Shelve {
            condition,
            by,
            reason,
            for_ms: for_s * 1_000,
            once,
        },
        4 => Command::Unshelve { condition, by },
        5 => Command::TakeOutOfService {
            condition,
            by,
            reason,
        },
        _ => Command::PutInService { condition, by },
    }
}

/// What must be known of an alarm, told by the log alone: active, acknowledged, latched.
type Known = BTreeMap<AlarmId, [bool; 3]>;

fn take(known: &mut Known, changes: &[Change]) {
    for change in changes {
        match change {
            Change::AlarmRaised { alarm } => {
                known.insert(alarm.id, [true, false, alarm.latched]);
            }
            Change::AlarmReturned { alarm, .. } => known.get_mut(alarm).unwrap()[0] = false,
            Change::AlarmAcknowledged { alarm, .. } => known.get_mut(alarm).unwrap()[1] = true,
            Change::AlarmReset { alarm, .. } => {
                let one = known.get_mut(alarm).unwrap();
                assert_eq!(*one, [false, true, true], "let go too early");
                one[2] = false;
            }
            _ => {}
        }
    }
}

/// No alarm is lost, none stays for nothing, and what is put aside is listed all the same.
fn hold(bench: &Bench, known: &Known, now: Timestamp) {
    let live = bench.twin.live();
    let open = known
        .iter()
        .filter(|(_, [active, acknowledged, latched])| *active || !*acknowledged || *latched);
    let open: Vec<_> = open.map(|(id, _)| *id).collect();
    assert_eq!(live.alarms.keys().copied().collect::<Vec<_>>(), open);
    let queue = live.queue();
    assert_eq!(queue.len(), open.len());
    let aside: Vec<bool> = queue.iter().map(|one| live.aside(one).is_some()).collect();
    assert!(aside.is_sorted(), "{aside:?}");
    for (condition, standing) in live.standings.iter() {
        assert!(standing.aside().is_some(), "{condition:?} for nothing");
        let shelf = standing.shelf.as_ref();
        assert!(
            shelf.is_none_or(|shelf| shelf.until > now),
            "{shelf:?} at {now:?}"
        );
        assert!(
            shelf.is_none_or(
                |shelf| shelf.until - shelf.at <= EngineTable::default().shelve_max_ms()
            )
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_row_of_orders_loses_no_alarm_and_replays_equal(turns in turns()) {
        let mut bench = Bench::new();
        let (mut now, mut known) = (MORNING, Known::new());
        for turn in &turns {
            now = now.plus(1_000);
            let mut readings = Vec::new();
            match turn {
                Turn::Wait(seconds) => now = now.plus(seconds * 1_000),
                Turn::Reading(kind, value) => {
                    let device = device_id(KINDS[usize::from(*kind)], 0);
                    let at_s = (now - MORNING) / 1_000;
                    readings.push(Reading { arrived: now, ..reading(device, at_s, *value) });
                }
                Turn::Order(order, at, for_s, once) => {
                    let asked = asked(bench.twin.live(), *order, *at, *for_s, *once);
                    if let Ok(changes) = bench.order(&asked, now) {
                        take(&mut known, &changes);
                    }
                }
            }
            let mut changes = step(&bench.twin, &bench.plan, &readings, now);
            for change in &mut changes {
                if let Change::AlarmRaised { alarm } = change {
                    alarm.latched = alarm.device == device_id("gas_leak", 0);
                }
            }
            bench.put(&readings, changes.clone(), now);
            take(&mut known, &changes);
            hold(&bench, &known, now);
        }
        let mut again = twin(2);
        for batch in &bench.log {
            let text = serde_json::to_string(batch).unwrap();
            again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        let state = serde_json::to_string(bench.twin.live()).unwrap();
        let kept: crate::model::Live = serde_json::from_str(&state).unwrap();
        prop_assert_eq!(&kept, bench.twin.live(), "a snapshot keeps what was ordered");
        prop_assert_eq!(again.state_hash(), bench.twin.state_hash());
    }
}
