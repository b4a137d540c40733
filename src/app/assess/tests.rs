//! The sentences of sensors that are blind, beyond what they can measure, or read in the wrong unit, and why
//! a grade is what it is.

use super::*;
use crate::monitor::{
    CannotTell, Followed, Gauge, MonitorTable, Mounting, Sample, Subject, TiltUnit, assess,
};

const HOUR_MS: i64 = 3_600_000;
const START: Timestamp = Timestamp::from_millis(1_767_196_800_000);

/// What is said of a sensor that told so many hours, so many days behind its last reading.
fn said(lang: Lang, hours: i64, days_later: i64, value: impl Fn(f64) -> f64) -> Vec<String> {
    let table = MonitorTable::standard();
    let gauge = Gauge::Tilt(Mounting::plain(TiltUnit::Permille));
    let gross = table.gross(Quantity::Tilt);
    let mut state = SeriesMonitor::default();
    for hour in 0..hours {
        let noise = f64::from((hour as i32 * 37) % 11 - 5) * 0.01;
        let sample = Sample {
            at: START.plus(hour * HOUR_MS),
            first: value(hour as f64 / 24.0) + noise,
            second: Some(0.1),
            temperature_c: Some(20.0),
        };
        gauge.take(&mut state, &sample, &gross, 480);
    }
    let now = START.plus((hours + 24 * days_later) * HOUR_MS);
    let followed = Followed::of(&state, &gauge).judged_at(now, 7 * 24 * HOUR_MS);
    let told = assess(&followed, &Subject::unknown(), &table);
    let mut lines = about(&told, &table, 480, lang);
    lines.extend(left_out(&told, lang));
    lines
}

fn check(lines: &[String], told: &[&str], untold: &[&str]) {
    for words in told {
        assert!(
            lines.iter().any(|line| line.contains(words)),
            "{words}: {lines:#?}"
        );
    }
    for words in untold {
        assert!(
            !lines.iter().any(|line| line.contains(words)),
            "{words}: {lines:#?}"
        );
    }
}

#[test]
fn a_silent_sensor_tells_of_the_past_and_no_figure_of_now() {
    let lines = said(Lang::En, 40 * 24, 9, |_| 1.0);
    check(
        &lines,
        &[
            "last shown: leans 1.0",
            "no reading since 2026-02-09 23:00",
            "before that: normal",
        ],
        &["a month"],
    );
    let lines = said(Lang::Zh, 40 * 24, 9, |_| 1.0);
    check(
        &lines,
        &[
            "最后显示：倾斜",
            "2026-02-09 23:00 以来没有读数",
            "此前为：正常",
        ],
        &["每月"],
    );
}

#[test]
fn the_reason_for_a_grade_is_in_the_sentence() {
    let lines = said(Lang::En, 90 * 24, 0, |day| {
        1.0 + 0.05 * (day - 70.0).max(0.0)
    });
    check(
        &lines[..1],
        &["; orange for its rate, ", "‰ a month at least over "],
        &[],
    );
    let lines = said(Lang::Zh, 90 * 24, 0, |day| {
        1.0 + 0.05 * (day - 70.0).max(0.0)
    });
    check(&lines[..1], &["；橙色原因：", "每月至少"], &[]);
    let lines = said(
        Lang::En,
        60 * 24,
        0,
        |day| if day > 50.0 { 6.0 } else { 1.0 },
    );
    check(&lines[..1], &["; red for a sudden movement"], &[]);
    check(&lines, &["readings agree: look at the house now"], &[]);
    check(
        &said(Lang::En, 60 * 24, 0, |_| 1.0)[..1],
        &["leans 1.0"],
        &[" for "],
    );
}

#[test]
fn an_impossible_lean_asks_for_its_unit_and_counts_what_it_left_out() {
    let lines = said(Lang::En, 30 * 24, 0, |day| {
        if day > 20.0 { f64::NAN } else { 300.0 }
    });
    check(
        &lines,
        &[
            "300 ‰ is implausible for a building: are the numbers in ″?",
            "readings left out (",
            " no numbers)",
        ],
        &["a month"],
    );
    let lines = said(Lang::Zh, 3 * 24, 0, |_| 1_200.0);
    check(
        &lines,
        &[
            "没有可用的读数",
            "未采用 72 个读数（达到或超过 1000‰，不可能 72 个）",
        ],
        &[],
    );
}

#[test]
fn the_range_of_a_device_is_told_in_its_unit() {
    let gauge = Gauge::Tilt(Mounting::plain(TiltUnit::Mrad));
    let table = MonitorTable::standard();
    let range = |range| crate::monitor::DeviceRange::of(&gauge, range, "mrad").unwrap();
    let told = |numbers, lang| {
        let why = CannotTell::BeyondRange {
            range: range(numbers),
        };
        page::why(&why, &table, 480, lang)
    };
    let told_en = told([-50.0, 50.0], Lang::En);
    assert_eq!(
        told_en,
        "the newest reading is beyond its range of ±50 mrad: not believed"
    );
    assert_eq!(
        told([0.0, 60.0], Lang::Zh),
        "最新读数超出量程 0 至 60 mrad：不予采信"
    );
}
