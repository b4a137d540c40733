//! The rules on a small city, one line a case; then properties over any order of messages.

mod assessed;
mod every_condition;
mod orders;
mod silence;
mod suppress;
mod table;
mod together;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::dispatch::Desk;
use super::*;
use crate::base::AlarmId;
use crate::model::sample::{MORNING, device_id, next_batch, reading, twin};
use crate::model::{Actor, Alarm, Command, DeviceHealth, FeedStatus, KindTable, Refusal};

/// A desk by the built-in table, of a city of which it knows nothing more.
fn desk() -> Desk {
    let kinds = std::sync::Arc::new(KindTable::standard());
    let table = crate::model::dispatch::DispatchTable::standard();
    Desk::new(table, kinds, twin(0).ground(), Default::default())
}

/// A twin with its rules, ticked by hand.
struct Bench {
    twin: Twin,
    plan: Plan,
    desk: Desk,
    log: Vec<crate::model::Batch>,
}

impl Bench {
    fn new() -> Self {
        Self {
            twin: twin(2),
            plan: Plan::of_kinds(std::sync::Arc::new(KindTable::standard())),
            desk: desk(),
            log: Vec::new(),
        }
    }

    fn tick(&mut self, readings: &[Reading], now: Timestamp) -> Vec<Change> {
        let changes = step(&self.twin, &self.plan, readings, now);
        self.put(readings, changes.clone(), now);
        changes
    }

    fn put(&mut self, readings: &[Reading], changes: Vec<Change>, now: Timestamp) {
        let mut batch = next_batch(&self.twin, now);
        batch.readings = readings
            .iter()
            .filter(|it| it.is_finite())
            .copied()
            .collect();
        batch.readings.sort_by_key(|it| (it.device, it.at));
        batch.changes = changes;
        self.twin.apply(&batch).unwrap();
        self.log.push(batch);
    }

    fn acknowledge(&mut self, alarm: AlarmId, now: Timestamp) -> Result<(), Refusal> {
        let by = Actor("Li".to_owned());
        let changes = command(
            &self.twin,
            &self.desk,
            &Command::Acknowledge { alarm, by },
            now,
        )?;
        self.put(&[], changes, now);
        Ok(())
    }

    fn health(&self, device: crate::base::DeviceId) -> DeviceHealth {
        self.twin.live().devices[&device].health
    }

    fn active(&self) -> Vec<&Alarm> {
        let alarms = self.twin.live().alarms.values();
        alarms.filter(|alarm| alarm.active).collect()
    }
}

/// One letter a reading: `.` quiet, `!` raised, `|` still up, `o` returned; in capitals what a
/// device at fault shows: `R` out of range, `J` jump, `S` stuck.
fn story(kind: &str, step_s: i64, values: &[f64]) -> String {
    let mut bench = Bench::new();
    let device = device_id(kind, 0);
    let mut letters = String::new();
    for (at, value) in (0_i64..).zip(values) {
        let reading = reading(device, at * step_s, *value);
        let changes = bench.tick(&[reading], reading.at);
        let has = |wanted: fn(&Change) -> bool| changes.iter().any(wanted);
        letters.push(
            match bench.twin.live().devices.get(&device).map(|it| it.health) {
                Some(DeviceHealth::OutOfRange) => 'R',
                Some(DeviceHealth::Jump) => 'J',
                Some(DeviceHealth::Stuck) => 'S',
                _ if has(|it| matches!(it, Change::AlarmRaised { .. })) => '!',
                _ if has(|it| matches!(it, Change::AlarmReturned { .. })) => 'o',
                _ if !bench.active().is_empty() => '|',
                _ => '.',
            },
        );
    }
    letters
}

fn check(kind: &str, step_s: i64, values: &[f64], expected: &str) {
    assert_eq!(story(kind, step_s, values), expected, "{kind} {values:?}");
}

const NAN: f64 = f64::NAN;

#[test]
fn thresholds_with_dead_band_and_readings_in_a_row() {
    check(
        "gas_leak",
        60,
        &[1.0, 12.0, 13.0, 9.0, 7.0, 6.0, 5.0],
        "..!||o.",
    );
    check("gas_leak", 60, &[12.0, 2.0, 12.0, 2.0, 12.0], ".....");
    check("help_button", 60, &[0.0, 1.0, 1.0, 0.0, 1.0], ".!|o!");
    check("parking", 600, &[0.0, 1.0, 1.0, 1.0], "....");
    check("tilt", 600, &[-4.5, -4.5, -4.6, -3.9, -3.4], "..!|o");
    // After a gap of more than three reports a run begins anew.
    check("gas_leak", 200, &[12.0, 12.0, 12.0], "...");
}

#[test]
fn values_that_cannot_be_are_faults() {
    check("gas_leak", 60, &[1.0, 120.0, 130.0, 2.0], ".RR.");
    check("gas_leak", 60, &[1.0, NAN, f64::INFINITY, 2.0], ".RR.");
    check("gas_leak", 60, &[-3.0, 2.0], "R.");
    check("tilt", 600, &[1.0, 300.0, 1.1, 1.0], ".R..");
    // An alarm neither rises nor ends while the device is at fault, and stays afterwards.
    check(
        "gas_leak",
        60,
        &[12.0, 12.0, -1.0, NAN, 12.0, 3.0],
        ".!RR|o",
    );
    // A faulty reading between two high ones does not hide the alarm.
    check("gas_leak", 60, &[12.0, 200.0, 12.0], ".R!");
}

#[test]
fn steps_need_confirmation() {
    check("tilt", 600, &[1.0, 1.1, 20.0, 1.0, 1.2], "..J..");
    check(
        "tilt",
        600,
        &[1.0, 13.0, 13.1, 13.0, 13.2, 13.1, 1.4],
        ".JJJJJ.",
    );
    check("tilt", 600, &[1.0, NAN, 13.0, 1.0], ".RJ.");
    // A fast but believable movement is an alarm.
    check("tilt", 600, &[1.0, 5.0, 6.0, 6.5], "...!");
    // Within one fault the values seen before it are what counts.
    check("tilt", 600, &[300.0, 1.0, 1.1], "R..");
    // After a gap the threshold decides.
    check("water_level", 2_000, &[1.0, 4.5, 4.6, 4.6], "....");
    check("water_level", 800, &[1.0, 3.5, 4.6, 4.6], ".JJJ");
}

#[test]
fn after_a_silence_a_step_is_weighed_not_disbelieved() {
    let mut bench = Bench::new();
    let device = device_id("water_level", 0);
    for (seconds, value) in [(0, 1.0), (300, 1.0), (9_000, 4.5), (9_300, 4.6)] {
        let reading = reading(device, seconds, value);
        bench.tick(&[reading], reading.at);
    }
    assert_eq!(bench.active().len(), 1);
}

#[test]
fn a_constant_value_is_stuck_only_where_that_is_not_normal() {
    let letters = story("tilt", 600, &[1.0; 40]);
    assert_eq!(
        letters.find('S'),
        Some(36),
        "six hours of ten minutes: {letters}"
    );
    check("parking", 600, &[1.0; 40], &".".repeat(40));
    let mut values = vec![1.0; 38];
    values.extend([1.1, 1.0]);
    assert!(story("tilt", 600, &values).ends_with("SS.."));
    // Two equal readings far apart prove nothing.
    check("tilt", 30_000, &[1.0, 1.0, 1.0], "...");
}

#[test]
fn both_axes_count() {
    let mut bench = Bench::new();
    let device = device_id("tilt", 0);
    for at in 0..3 {
        let mut reading = reading(device, at * 600, -3.0);
        reading.second = Some(3.0);
        bench.tick(&[reading], reading.at);
    }
    assert_eq!(bench.active().len(), 1, "4.2 mrad over both axes");
}

#[test]
fn a_device_that_sends_rubbish_is_not_silent() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let mut told = 0;
    for seconds in (10..1_200).step_by(10) {
        let reading = reading(device, seconds, NAN);
        told += bench.tick(&[reading], reading.at).len();
        assert_eq!(bench.health(device), DeviceHealth::OutOfRange, "{seconds}");
    }
    assert!(
        (15..25).contains(&told),
        "once an interval, not once a reading: {told}"
    );
    let since = bench.twin.live().devices[&device].health_since;
    assert_eq!(since, MORNING.plus(10_000));
}

#[test]
fn several_readings_in_one_batch_are_judged_in_the_order_of_device_time() {
    let mut bench = Bench::new();
    let device = device_id("gas_leak", 0);
    let batch: Vec<_> = [(240, 2.0), (60, 12.0), (180, 13.0), (60, 12.0), (120, 12.0)]
        .map(|(seconds, value)| reading(device, seconds, value))
        .into();
    let changes = bench.tick(&batch, MORNING.plus(300_000));
    let kinds: Vec<_> = changes
        .iter()
        .map(|it| matches!(it, Change::AlarmRaised { .. }))
        .collect();
    assert_eq!(
        kinds,
        [true, false],
        "raised at 120 s, returned at 240 s: {changes:?}"
    );
    assert!(
        bench.tick(&batch, MORNING.plus(310_000)).is_empty(),
        "all of it once more"
    );
}

#[test]
fn acknowledging() {
    let mut bench = Bench::new();
    let device = device_id("help_button", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let id = bench.active()[0].id;
    let nobody = AlarmId::from_source("no", "such");
    assert_eq!(
        bench.acknowledge(nobody, MORNING),
        Err(Refusal::NoSuchAlarm { alarm: nobody })
    );
    assert_eq!(bench.acknowledge(id, MORNING), Ok(()));
    let refusal = bench.acknowledge(id, MORNING).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        format!("alarm {id} was acknowledged by Li already")
    );
    bench.tick(&[reading(device, 60, 0.0)], MORNING.plus(60_000));
    assert!(
        bench.twin.live().alarms.is_empty(),
        "acknowledged and returned: gone"
    );
    assert_eq!(
        bench.acknowledge(id, MORNING),
        Err(Refusal::NoSuchAlarm { alarm: id })
    );
}

/// What a hostile or clumsy feed may do in one tick.
#[derive(Debug, Clone)]
enum Act {
    Readings(Vec<(u8, i64, f64)>),
    Acknowledge(usize),
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let value = prop_oneof![
        4 => 0.0..30.0_f64,
        1 => prop::sample::select(vec![0.0, 1.0, 4.0, -9.0, 500.0, NAN]),
    ];
    let one = (0_u8..5, 0_i64..4_000, value);
    let act = prop_oneof![
        6 => prop::collection::vec(one, 0..6).prop_map(Act::Readings),
        1 => any::<prop::sample::Index>().prop_map(|at| Act::Acknowledge(at.index(8))),
        1 => (0_i64..4_000).prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..40)
}

fn play(bench: &mut Bench, acts: &[Act], twice: bool) {
    const KINDS: [&str; 5] = ["gas_leak", "tilt", "help_button", "water_level", "smoke"];
    let mut now = MORNING;
    for act in acts {
        now = now.plus(1_000);
        match act {
            Act::Wait(seconds) => now = now.plus(seconds * 1_000),
            Act::Acknowledge(at) => {
                let queue = bench.twin.live().queue();
                if let Some(id) = queue.get(*at).map(|alarm| alarm.id) {
                    let _ = bench.acknowledge(id, now);
                }
            }
            Act::Readings(list) => {
                let read = |(kind, seconds, value): &(u8, i64, f64)| {
                    let device = device_id(KINDS[usize::from(*kind)], 0);
                    let arrived = now;
                    Reading {
                        arrived,
                        ..reading(device, *seconds, *value)
                    }
                };
                let mut readings: Vec<_> = list.iter().map(read).collect();
                bench.tick(&readings, now);
                if twice {
                    readings.reverse();
                    readings.retain(|it| it.is_finite());
                    bench.tick(&readings, now);
                }
            }
        }
        sound(&bench.twin);
    }
}

fn sound(twin: &Twin) {
    let live = twin.live();
    let mut active = BTreeSet::new();
    for alarm in live.alarms.values() {
        assert!(
            !alarm.active || active.insert((alarm.device, &alarm.rule)),
            "twice: {alarm:?}"
        );
        assert!(alarm.is_open(), "in the queue for nothing: {alarm:?}");
    }
    assert!(
        live.rules
            .values()
            .all(|memory| *memory != Default::default())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_feed_leaves_the_queue_sound_and_replays_equal(acts in acts()) {
        let mut bench = Bench::new();
        play(&mut bench, &acts, false);
        let mut again = twin(2);
        for batch in &bench.log {
            let text = serde_json::to_string(batch).unwrap();
            again.apply(&serde_json::from_str(&text).unwrap()).unwrap();
        }
        prop_assert_eq!(again.state_hash(), bench.twin.state_hash());
    }

    #[test]
    fn redelivery_raises_nothing_more(acts in acts()) {
        let (mut once, mut twice) = (Bench::new(), Bench::new());
        play(&mut once, &acts, false);
        play(&mut twice, &acts, true);
        prop_assert_eq!(&once.twin.live().alarms, &twice.twin.live().alarms);
        prop_assert_eq!(once.twin.live().alarms_raised, twice.twin.live().alarms_raised);
    }
}
