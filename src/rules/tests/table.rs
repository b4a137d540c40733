//! Rules of a table: delays, rates, deviations, absence, hours, devices that differ.

use std::sync::Arc;

use super::*;
use crate::model::alarm_rule::AlarmRules;
use crate::model::{KindId, LabelRules};

/// A bench under the rules of `text`; `homes` are the devices of homes of the label `elderly_alone`.
pub(super) fn bench(text: &str, homes: &[crate::base::DeviceId]) -> Bench {
    let table = AlarmRules::from_toml(text).unwrap();
    let kinds = Arc::new(KindTable::standard());
    table.check(&kinds, &LabelRules::standard()).unwrap();
    let mut bench = Bench::new();
    let homes = [("elderly_alone".to_owned(), homes.iter().copied().collect())];
    let plan = Plan::new(&table, kinds, bench.twin.ground(), homes.into());
    bench.plan = plan.unwrap();
    bench
}

fn rule(kind: &str, rest: &str) -> String {
    format!(
        "[[rule]]\nid = \"own\"\nzh = \"甲\"\nen = \"own\"\ngrade = \"orange\"\n\
         kinds = [\"{kind}\"]\n{rest}\n"
    )
}

impl Bench {
    /// What a reading and then the passing of time bring about: `!` raised, `o` returned, with the
    /// seconds of the alarm.
    pub(super) fn told(changes: &[Change]) -> Vec<(char, i64)> {
        let seconds = |at: Timestamp| (at - MORNING) / 1_000;
        let one = |change: &Change| match change {
            Change::AlarmRaised { alarm } => Some(('!', seconds(alarm.raised_at))),
            Change::AlarmReturned { at, .. } => Some(('o', seconds(*at))),
            _ => None,
        };
        changes.iter().filter_map(one).collect()
    }

    /// Readings of one device, every second looked at in between, up to `until_s`.
    fn play(
        &mut self,
        device: crate::base::DeviceId,
        values: &[(i64, f64)],
        until_s: i64,
    ) -> Vec<(char, i64)> {
        let mut told = Vec::new();
        let mut values = values.iter().peekable();
        for second in (values.peek().map_or(0, |first| first.0)..=until_s).step_by(5) {
            let now = MORNING.plus(second * 1_000);
            let mut readings = Vec::new();
            while let Some((at, value)) = values.next_if(|(at, _)| *at <= second) {
                readings.push(reading(device, *at, *value));
            }
            told.extend(Self::told(&self.tick(&readings, now)));
        }
        told
    }
}

#[test]
fn delays_are_over_by_the_clock_as_by_a_reading() {
    let text = rule(
        "smoke",
        "instead_of = \"threshold\"\non_delay_s = 90\noff_delay_s = 60\n\
         when.threshold = { above = 5.0, dead_band = 1.0 }",
    );
    let device = device_id("smoke", 0);
    let values = [
        (0, 1.0),
        (60, 6.0),
        (120, 2.0), // too short
        (180, 6.0),
        (240, 6.0),
        (300, 6.0), // 180 + 90
        (360, 3.0),
        (420, 4.5), // within the dead band: it has not ended
        (480, 3.0),
        (540, 3.0),
        (600, 3.0), // 480 + 60
    ];
    let expected = [('!', 270), ('o', 540)];
    assert_eq!(bench(&text, &[]).play(device, &values, 640), expected);
    // Without a look in between the next reading tells the same.
    let mut late = bench(&text, &[]);
    let mut told = Vec::new();
    for (at, value) in values {
        let now = MORNING.plus(at * 1_000);
        told.extend(Bench::told(&late.tick(&[reading(device, at, value)], now)));
    }
    assert_eq!(told, expected);
    // What a device told last is not trusted beyond three of its reports.
    let mut silent = bench(&text.replace("on_delay_s = 90", "on_delay_s = 400"), &[]);
    assert_eq!(silent.play(device, &[(0, 6.0)], 900), []);
}

#[test]
fn the_kind_s_own_rule_stays_unless_it_is_replaced() {
    let text = rule("smoke", "when.threshold = { above = 5.0 }");
    for (text, rules) in [
        (text.clone(), vec!["own", "threshold"]),
        (
            text.replace("when.", "instead_of = \"threshold\"\nwhen."),
            vec!["own"],
        ),
        (
            text.replace("kinds", "on = false\nkinds"),
            vec!["threshold"],
        ),
    ] {
        let mut bench = bench(&text, &[]);
        bench.play(device_id("smoke", 0), &[(0, 9.0), (60, 9.0)], 60);
        let mut raised: Vec<_> = bench
            .active()
            .iter()
            .map(|alarm| alarm.rule.clone())
            .collect();
        raised.sort_unstable();
        assert_eq!(raised, rules, "{text}");
    }
}

#[test]
fn a_device_may_differ_or_be_left_out() {
    let text = rule(
        "smoke",
        "instead_of = \"threshold\"\nwhen.threshold = { above = 5.0 }\n\
         [[rule.device]]\nsource = \"smoke 0\"\nabove = 8.0\ngrade = \"blue\"\n\
         [[rule.device]]\nsource = \"smoke 1\"\non = false",
    );
    let mut bench = bench(&text, &[]);
    let [own, off] = [0, 1].map(|number| device_id("smoke", number));
    assert_eq!(bench.play(own, &[(0, 6.0), (60, 9.0)], 60), [('!', 60)]);
    assert_eq!(bench.active()[0].grade, crate::model::Grade::Blue);
    // The rule does not hold for it, so the kind's own does.
    bench.play(off, &[(0, 9.0), (60, 9.0)], 60);
    assert_eq!(
        bench
            .active()
            .iter()
            .filter(|one| one.device == off)
            .count(),
        1
    );
    assert!(bench.active().iter().any(|one| one.rule == "threshold"));
}

#[test]
fn a_rate_needs_readings_over_half_of_the_window() {
    let text = rule(
        "water_level",
        "when.rate = { above = 0.3, dead_band = 0.1, per = \"hour\", window_s = 3600, least_readings = 4 }",
    );
    let rising: Vec<_> = (0..13)
        .map(|at| (at * 300, 1.0 + at as f64 * 0.04))
        .collect();
    let device = device_id("water_level", 0);
    let told = bench(&text, &[]).play(device, &rising, 3_600);
    assert_eq!(
        told,
        [('!', 1_800)],
        "0.48 m an hour, once half an hour is known"
    );
    let slow: Vec<_> = (0..13)
        .map(|at| (at * 300, 1.0 + at as f64 * 0.02))
        .collect();
    assert_eq!(bench(&text, &[]).play(device, &slow, 3_600), []);
    let mut stays = rising;
    stays.extend((13..30).map(|at| (at * 300, 1.48)));
    let told = bench(&text, &[]).play(device, &stays, 9_000);
    assert_eq!(told.len(), 2, "{told:?}");
    // One odd reading within the range of what can be is no rise.
    let mut odd: Vec<_> = (0..13).map(|at| (at * 300, 1.0)).collect();
    odd[9].1 = 1.2;
    assert_eq!(bench(&text, &[]).play(device, &odd, 3_600), []);
}

#[test]
fn a_deviation_is_known_after_learning_and_against_the_device_itself() {
    let text = rule(
        "electric_load",
        "when.deviation = { times = 5.0, least = 2.0, dead_band = 0.5, learn_s = 86400, half_life_s = 86400 }",
    );
    let device = device_id("electric_load", 0);
    let usual = |at: i64| (at * 900, 10.0 + f64::from((at * 7 % 5) as i32) * 0.2);
    let mut values: Vec<_> = (0..200).map(usual).collect();
    // As far off as later on, but before anything was learned.
    values[20].1 = 16.0;
    values[150].1 = 16.0;
    let told = bench(&text, &[]).play(device, &values, 200 * 900);
    assert_eq!(told, [('!', 150 * 900), ('o', 151 * 900)]);
}

#[test]
fn a_lasting_change_becomes_usual_in_time_not_at_once() {
    let text = rule(
        "electric_load",
        "when.deviation = { times = 5.0, least = 2.0, learn_s = 86400, half_life_s = 86400 }",
    );
    let device = device_id("electric_load", 0);
    let value = |at: i64| (at * 900, if at < 200 { 10.0 } else { 20.0 });
    let values: Vec<_> = (0..1_400).map(value).collect();
    let told = bench(&text, &[]).play(device, &values, 1_400 * 900);
    let [('!', raised), ('o', returned)] = told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(raised, 200 * 900);
    assert!(returned - raised > 12 * 3_600, "{}", returned - raised);
}

#[test]
fn nothing_used_for_so_long_where_somebody_with_the_label_lives() {
    let text = rule(
        "water_meter",
        "label = \"elderly_alone\"\nwhen.absence = { for_s = 43200 }",
    );
    let [here, there] = [0, 1].map(|number| device_id("water_meter", number));
    let hour = 3_600;
    let mut values: Vec<_> = (1..64).map(|quarter| (quarter * 900, 0.0)).collect();
    values.insert(0, (0, 40.0));
    values.push((64 * 900, 25.0));
    let told = bench(&text, &[here]).play(here, &values, 17 * hour);
    assert_eq!(told, [('!', 12 * hour), ('o', 16 * hour)]);
    assert_eq!(bench(&text, &[here]).play(there, &values, 17 * hour), []);
    // Memory is told when use ends and begins, not with every reading.
    let mut bench = bench(&text, &[here]);
    bench.play(here, &values, 17 * hour);
    let changes = bench.log.iter().flat_map(|batch| &batch.changes);
    let memories = changes.filter(|change| matches!(change, Change::Memory { .. }));
    assert_eq!(memories.count(), 2);
}

#[test]
fn a_meter_that_is_not_heard_proves_nothing() {
    let text = rule("water_meter", "when.absence = { for_s = 43200 }");
    let device = device_id("water_meter", 0);
    let hour = 3_600;
    let told = bench(&text, &[]).play(device, &[(0, 40.0), (900, 0.0)], 20 * hour);
    assert_eq!(told, [], "silent since");
    let told = bench(&text, &[]).play(
        device,
        &[(0, 40.0), (900, 0.0), (14 * hour, 0.0)],
        20 * hour,
    );
    assert_eq!(
        told,
        [('!', 12 * hour)],
        "heard again, and still nothing used"
    );
}

#[test]
fn outside_of_its_hours_a_rule_neither_warns_nor_goes_on_warning() {
    // MORNING is a Friday, 08:00 in the city.
    let text = rule(
        "door",
        "instead_of = \"threshold\"\nschedule = [{ from = \"09:00\", to = \"10:00\", days = [\"fri\"] }]\n\
         on_delay_s = 600\nwhen.threshold = { above = 1.0, dead_band = 0.5 }",
    );
    let device = device_id("door", 0);
    let values: Vec<_> = (0..12).map(|at| (at * 900, 1.0)).collect();
    let told = bench(&text, &[]).play(device, &values, 3 * 3_600);
    assert_eq!(told, [('!', 3_600 + 600), ('o', 7_200)]);
    // A second engine at a place whose clocks stand an hour behind.
    let west = text.replace("09:00", "19:00").replace("10:00", "20:00");
    assert_eq!(bench(&west, &[]).play(device, &values, 3 * 3_600), []);
}

#[test]
fn absence_within_hours_warns_once_in_each_of_them() {
    let text = rule(
        "water_meter",
        "schedule = [{ from = \"08:00\", to = \"20:00\" }]\nwhen.absence = { for_s = 43200 }",
    );
    let device = device_id("water_meter", 0);
    let hour = 3_600;
    let values: Vec<_> = (0..4 * 60).map(|quarter| (quarter * 900, 0.0)).collect();
    let mut bench = bench(&text, &[]);
    let told = bench.play(device, &values, 60 * hour);
    assert_eq!(
        told,
        [
            ('!', 24 * hour),
            ('o', 36 * hour),
            ('!', 48 * hour),
            ('o', 60 * hour)
        ]
    );
    assert_eq!(
        bench.twin.live().alarms_raised,
        2,
        "two alarms with ids of their own"
    );
}

#[test]
fn a_withdrawn_rule_ends_its_alarms_and_a_changed_one_goes_on() {
    let text = rule(
        "smoke",
        "instead_of = \"threshold\"\nwhen.threshold = { above = 5.0 }",
    );
    let device = device_id("smoke", 0);
    let mut bench = bench(&text, &[]);
    bench.play(device, &[(0, 9.0)], 0);
    let kinds = bench.plan.kinds().clone();
    let other = AlarmRules::from_toml(&text.replace("above = 5.0", "above = 7.0")).unwrap();
    bench.plan = Plan::new(&other, kinds.clone(), bench.twin.ground(), Homes::new()).unwrap();
    assert_eq!(Bench::told(&bench.tick(&[], MORNING.plus(1_000))), []);
    bench.plan = Plan::of_kinds(kinds);
    assert_eq!(
        Bench::told(&bench.tick(&[], MORNING.plus(2_000))),
        [('o', 2)]
    );
}

#[test]
fn a_latched_alarm_stays_until_it_is_reset() {
    let text = rule(
        "smoke",
        "instead_of = \"threshold\"\nlatched = true\nwhen.threshold = { above = 5.0 }",
    );
    let mut bench = bench(&text, &[]);
    let device = device_id("smoke", 0);
    assert_eq!(
        bench.play(device, &[(0, 9.0), (60, 1.0)], 60),
        [('!', 0), ('o', 60)]
    );
    let live = bench.twin.live();
    let id = *live.alarms.keys().next().unwrap();
    assert!(live.alarms[&id].latched);
    bench.acknowledge(id, MORNING.plus(70_000)).unwrap();
    assert!(bench.twin.live().alarms.contains_key(&id));
    let by = Actor("Li".to_owned());
    let now = MORNING.plus(80_000);
    let changes = command(
        &bench.twin,
        &bench.desk,
        &Command::Reset { alarm: id, by },
        now,
    )
    .unwrap();
    bench.put(&[], changes, now);
    assert!(bench.twin.live().alarms.is_empty());
}

#[test]
fn a_device_at_fault_raises_nothing_and_ends_nothing_under_any_rule() {
    let text = rule("smoke", "on_delay_s = 30\nwhen.threshold = { above = 5.0 }");
    let device = device_id("smoke", 0);
    let mut bench = bench(&text, &[]);
    let told = bench.play(device, &[(0, 9.0), (10, 200.0)], 170);
    assert_eq!(told, [], "out of range before the delay was over");
    let told = bench.play(device, &[(175, 9.0), (210, -5.0)], 380);
    assert_eq!(
        told.iter().filter(|(what, _)| *what == 'o').count(),
        0,
        "{told:?}"
    );
}

#[test]
fn devices_of_no_known_kind_keep_their_alarms_and_memories() {
    let mut bench = bench(&rule("smoke", "when.threshold = { above = 5.0 }"), &[]);
    bench.play(device_id("smoke", 0), &[(0, 9.0)], 0);
    let mut ground = (**bench.twin.ground()).clone();
    ground.devices.get_mut(&device_id("smoke", 0)).unwrap().kind = KindId::new("no_such");
    bench.twin = Twin::at_snapshot(Arc::new(ground), bench.twin.live().clone());
    assert_eq!(Bench::told(&bench.tick(&[], MORNING.plus(5_000))), []);
}
