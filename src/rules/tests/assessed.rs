//! Rules about what the monitor says: raised when it says so, returned when it no longer does.

use super::table::bench;
use super::*;
use crate::model::alarm_rule::AlarmRules;
use crate::model::{Judgement, LabelRules, MonitorGrade, SuddenKind};

fn rule(rest: &str) -> String {
    format!(
        "[[rule]]\nid = \"own\"\nzh = \"甲\"\nen = \"own\"\ngrade = \"red\"\nkinds = [\"tilt\"]\n{rest}\n"
    )
}

fn judged(seconds: i64, trend: MonitorGrade, sudden: Option<SuddenKind>) -> Judgement {
    Judgement {
        grade: Some(trend),
        trend: Some(trend),
        sudden,
        level: Some(2.0),
        ..Judgement::at(MORNING.plus(seconds * 1_000))
    }
}

/// What each judgement, told a second apart, brings about within a second.
fn told(rest: &str, judgements: &[(MonitorGrade, Option<SuddenKind>)]) -> Vec<(char, i64)> {
    let mut bench = bench(&rule(rest), &[]);
    let device = device_id("tilt", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let mut told = Vec::new();
    for (seconds, (trend, sudden)) in (1_i64..).zip(judgements) {
        let now = MORNING.plus(seconds * 2_000);
        let judgement = judged(seconds * 2, *trend, *sudden);
        bench.put(&[], vec![Change::Judged { device, judgement }], now);
        told.extend(Bench::told(&bench.tick(&[], now.plus(1_000))));
    }
    told
}

use MonitorGrade::{Attention, Normal, Orange, Red};

#[test]
fn a_grade_raises_and_a_better_one_ends() {
    let rest = "when.assessed = { from = \"orange\" }";
    let course = [
        (Attention, None),
        (Orange, None),
        (Red, None),
        (Attention, None),
        (Orange, None),
    ];
    assert_eq!(told(rest, &course), [('!', 4), ('o', 8), ('!', 10)]);
}

#[test]
fn a_sensor_that_went_blind_ends_no_alarm_of_a_grade() {
    let mut bench = bench(&rule("when.assessed = { from = \"orange\" }"), &[]);
    let device = device_id("tilt", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let mut told = Vec::new();
    let blind = Judgement::at(MORNING.plus(4_000));
    for judgement in [judged(2, Orange, None), blind, judged(6, Attention, None)] {
        let now = judgement.at;
        bench.put(&[], vec![Change::Judged { device, judgement }], now);
        told.extend(Bench::told(&bench.tick(&[], now.plus(1_000))));
    }
    assert_eq!(told, [('!', 2), ('o', 6)]);
}

#[test]
fn only_a_house_that_moved_is_sudden() {
    let rest = "when.assessed = { sudden = true }";
    let course = [
        (Normal, Some(SuddenKind::Unconfirmed)),
        (Normal, Some(SuddenKind::MountedAnew)),
        (Red, None),
        (Normal, Some(SuddenKind::Moved)),
        (Normal, None),
    ];
    assert_eq!(told(rest, &course), [('!', 8), ('o', 10)]);
}

#[test]
fn the_raw_value_raises_nothing_where_it_stands_instead_of_the_threshold() {
    let raw = |rest: &str| {
        let mut bench = bench(&rule(rest), &[]);
        let device = device_id("tilt", 0);
        let readings: Vec<_> = (0..6)
            .map(|at| reading(device, at * 600, 5.0 + at as f64 * 0.1))
            .collect();
        for reading in &readings {
            bench.tick(std::slice::from_ref(reading), reading.at);
        }
        bench.twin.live().alarms_raised
    };
    assert_eq!(raw("when.assessed = { from = \"orange\" }"), 1);
    assert_eq!(
        raw("instead_of = \"threshold\"\nwhen.assessed = { from = \"orange\" }"),
        0
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let fault = |text: &str| {
        let table = AlarmRules::from_toml(text).map_err(|fault| fault.to_string());
        let labels = LabelRules::standard();
        table
            .and_then(|table| {
                let checked = table.check(&KindTable::standard(), &labels);
                checked.map_err(|fault| fault.to_string())
            })
            .expect_err(text)
    };
    for (rest, words) in [
        ("when.assessed = {}", "from, or sudden = true"),
        (
            "readings = 2\nwhen.assessed = { sudden = true }",
            "mean nothing with assessed",
        ),
        ("when.assessed = { from = \"purple\" }", "unknown word"),
    ] {
        let text = rule(rest);
        let told = fault(&text);
        assert!(told.contains(words), "{rest}: {told}");
    }
    let smoke = rule("when.assessed = { sudden = true }").replace("\"tilt\"", "\"smoke\"");
    let told = fault(&smoke);
    assert!(
        told.contains("measures tilt, settlement or width"),
        "{told}"
    );
}
