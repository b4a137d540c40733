//! Medians, lines against scipy, units, mountings, the table.

use proptest::prelude::*;
use serde::Deserialize;

use crate::base::Timestamp;
use crate::model::{Protection, Structure, Usage};

use super::super::*;

#[derive(Deserialize)]
struct Oracle {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    times: Vec<f64>,
    values: Vec<f64>,
    slope: f64,
    intercept: f64,
    low: f64,
    high: f64,
}

#[test]
fn slopes_and_intervals_are_those_of_scipy() {
    let text = include_str!("../../../tests/data/monitor/theil_sen.json");
    let oracle: Oracle = serde_json::from_str(text).expect("the fixture");
    assert!(oracle.cases.len() >= 7);
    for case in oracle.cases {
        let line = line(&case.times, &case.values, Residuals::Apart).expect(&case.name);
        let near = |what: &str, got: f64, want: f64| {
            let name = &case.name;
            assert!(
                (got - want).abs() < 1e-12,
                "{name}, {what}: {got}, scipy {want}"
            );
        };
        near("slope", line.slope, case.slope);
        near("intercept", line.intercept, case.intercept);
        near("low", line.low, case.low);
        near("high", line.high, case.high);
    }
}

#[test]
fn what_cannot_be_a_line_is_none() {
    let no = |times: &[f64], values: &[f64]| line(times, values, Residuals::InTime).is_none();
    assert!(no(&[], &[]));
    assert!(no(&[0.0, 1.0], &[0.0, 1.0]));
    assert!(no(&[1.0; 4], &[0.0, 1.0, 2.0, 3.0]));
    assert!(no(&[0.0, 1.0, f64::NAN], &[0.0, 1.0, 2.0]));
    assert!(no(&[0.0, 1.0, 2.0], &[0.0, f64::INFINITY, 2.0]));
    assert_eq!(median(&mut []), None);
    assert_eq!(median(&mut [1.0, f64::NAN]), None);
    assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
    assert_eq!(sigma(&[]), None);
    assert_eq!(sigma(&[2.0; 5]), Some(0.0));
}

#[test]
fn residuals_that_hang_together_widen_the_interval() {
    let times: Vec<f64> = (0..60).map(f64::from).collect();
    // A slow wave: each value is near the one before.
    let wave: Vec<f64> = times.iter().map(|time| (time / 5.0).sin()).collect();
    let apart = line(&times, &wave, Residuals::Apart).unwrap();
    let in_time = line(&times, &wave, Residuals::InTime).unwrap();
    assert_eq!(apart.slope, in_time.slope);
    assert!(in_time.correlation > 0.8, "{in_time:?}");
    let wider = in_time.standard_error() / apart.standard_error();
    assert!(wider > 2.5, "{wider}");
}

#[test]
fn units_come_to_permille() {
    let near = |unit: TiltUnit, value: f64, permille: f64| {
        let got = unit.permille_from(value);
        assert!((got - permille).abs() < 1e-3, "{unit:?} {value}: {got}");
    };
    // 0.4 % is 0.229°, 36 mm at the eaves of a house of 9 m.
    near(TiltUnit::Degree, 0.229_183, 4.0);
    near(TiltUnit::ArcMinute, 13.751, 4.0);
    near(TiltUnit::ArcSecond, 825.058, 4.0);
    near(TiltUnit::Mrad, 4.0, 4.0);
    near(TiltUnit::MmPerM, 4.0, 4.0);
    near(TiltUnit::Percent, 0.4, 4.0);
    assert!(TiltUnit::Degree.permille_from(90.0).is_nan());
    assert!(TiltUnit::Degree.permille_from(f64::NAN).is_nan());
    for unit in TiltUnit::ALL {
        assert_eq!(unit.permille_from(0.0), 0.0);
    }
    assert_eq!(TiltUnit::from_symbol(" MRAD "), Some(TiltUnit::Mrad));
    assert_eq!(TiltUnit::from_symbol("‰"), Some(TiltUnit::Permille));
    assert_eq!(TiltUnit::from_symbol("furlong"), None);
}

#[test]
fn a_mounting_turns_axes_to_east_and_north() {
    let mut mounting = Mounting::plain(TiltUnit::Permille);
    let lean = |mounting: &Mounting, first, second| {
        mounting
            .lean_permille(first, second)
            .map(|value| (value * 1e9).round() / 1e9)
    };
    assert_eq!(lean(&mounting, 3.0, None), [0.0, 3.0]);
    assert_eq!(lean(&mounting, 3.0, Some(1.0)), [1.0, 3.0]);
    mounting.bearing_deg = Some(90.0);
    assert_eq!(lean(&mounting, 3.0, Some(1.0)), [3.0, -1.0]);
    mounting.second = Handedness::Counterclockwise;
    assert_eq!(lean(&mounting, 3.0, Some(1.0)), [3.0, 1.0]);
    mounting.zero = [2.0, 0.5];
    mounting.scale = [-1.0, 2.0];
    assert_eq!(lean(&mounting, 3.0, Some(1.0)), [-1.0, 1.0]);
    assert_eq!(bearing_deg(1.0, 0.0), Some(90.0));
    assert_eq!(bearing_deg(-1.0, 0.0), Some(270.0));
    assert_eq!(bearing_deg(0.0, 0.0), None);
}

#[test]
fn a_unit_that_changed_is_suspected_by_the_ratio_of_both_axes() {
    let seen = |before, after| other_unit(TiltUnit::Mrad, before, after, 0.2);
    assert_eq!(seen([3.1, -1.7], [0.178, -0.097]), Some(TiltUnit::Degree));
    // What is upright but for its noise has no ratio.
    assert_eq!(seen([0.6, -0.3], [0.034, -0.017]), None);
    assert_eq!(seen([3.1, -1.7], [0.0, 0.0]), None);
    assert_eq!(seen([3.1, -1.7], [0.097, 0.178]), None);
    assert_eq!(seen([31.0, -17.0], [1.776, -0.974]), Some(TiltUnit::Degree));
    assert_eq!(seen([3.1, -1.7], [10.66, -5.84]), Some(TiltUnit::ArcMinute));
    assert_eq!(seen([3.1, -1.7], [10.66, 5.84]), None);
    assert_eq!(seen([3.1, -1.7], [6.0, -3.0]), None);
}

#[test]
fn the_built_in_table_gives_each_house_its_limit() {
    let table = MonitorTable::standard();
    let limit = |structure, protection, height_m| {
        let subject = Subject {
            structure,
            protection,
            usage: Usage::Residential,
            height_m,
            storeys: 2,
        };
        let limit = table.limit(Quantity::Tilt, &subject).expect("one fits");
        (limit.id.clone(), limit.permille)
    };
    let none = Protection::None;
    let told = |id: &str, permille| (id.to_owned(), permille);
    // Timber heritage is never judged by what holds for masonry.
    assert_eq!(
        limit(Structure::TimberBrick, Protection::Listed, 7.0),
        told("timber_heritage", None)
    );
    assert_eq!(limit(Structure::TimberBrick, none, 7.0).0, "timber");
    assert_eq!(
        limit(Structure::Masonry, none, 24.0),
        told("to_24_m", Some(4.0))
    );
    assert_eq!(
        limit(Structure::Concrete, none, 30.0),
        told("to_60_m", Some(3.0))
    );
    assert_eq!(
        limit(Structure::Steel, none, 80.0),
        told("to_100_m", Some(2.5))
    );
    assert_eq!(
        limit(Structure::Unknown, none, 120.0),
        told("above_100_m", Some(2.0))
    );
    assert_eq!(table.grade_of_share(0.2), MonitorGrade::Normal);
    assert_eq!(table.grade_of_share(0.5), MonitorGrade::Attention);
    assert_eq!(table.grade_of_share(0.8), MonitorGrade::Yellow);
    assert_eq!(table.grade_of_share(0.9), MonitorGrade::Orange);
    assert_eq!(table.grade_of_share(1.0), MonitorGrade::Red);
}

#[test]
fn a_table_that_contradicts_itself_is_refused_with_its_line() {
    let standard = MonitorTable::STANDARD;
    for (from, to, told) in [
        ("yellow = 0.70", "yellow = 0.90", "tiers must ascend"),
        (
            "permille = 1.6  ",
            "permille = -1.6  ",
            "permille must be above 0",
        ),
        ("[7, 14, 30, 90]", "[7, 14, 30, 365]", "between 5 and 100"),
        (
            "height_m = [0.0, 24.0]",
            "height_m = [24.0, 0.0]",
            "from the lower to the higher",
        ),
        ("permille = 4.0", "permille = 0.0", "leave it out"),
        (
            "status = \"own\"",
            "status = \"law\"",
            "expected one of `published`",
        ),
        ("[tiers]", "colour = 1\n[tiers]", "unknown field"),
    ] {
        assert!(standard.contains(from), "{from}");
        let text = standard.replacen(from, to, 1);
        let fault = MonitorTable::from_toml(&text).expect_err(to).to_string();
        assert!(
            fault.contains(told) && fault.contains("line "),
            "{to}: {fault}"
        );
    }
}

proptest! {
    /// Whatever comes, in whatever order: nothing panics, every figure is one or none, the state can be
    /// written and read.
    #[test]
    fn any_readings_come_to_figures_or_to_a_reason(
        steps in prop::collection::vec(
            (
                prop_oneof![8 => 0_i64..7_200_000, 1 => -90_000_000_i64..90_000_000, 1 => any::<i64>()],
                prop_oneof![8 => -5.0..5.0, 1 => -1e300..1e300, 1 => any::<f64>()],
                prop::option::of(prop_oneof![9 => -5.0..5.0, 1 => any::<f64>()]),
                prop::option::of(prop_oneof![9 => -20.0..45.0, 1 => any::<f64>()]),
            ),
            0..300,
        ),
        unit in prop::sample::select(&TiltUnit::ALL[..]),
    ) {
        let table = MonitorTable::standard();
        let gauge = Gauge::Tilt(Mounting::plain(unit));
        let gross = table.gross(Quantity::Tilt);
        let mut monitor = SeriesMonitor::default();
        let mut at = 1_767_196_800_000_i64;
        for (later, first, second, temperature_c) in steps {
            let moment = at.saturating_add(later);
            if (0..4_102_444_800_000).contains(&moment) {
                at = moment;
            }
            let sample = Sample {
                at: Timestamp::from_millis(moment),
                first,
                second,
                temperature_c,
            };
            gauge.take(&mut monitor, &sample, &gross, 480);
        }
        let assessment = assess(&Followed::of(&monitor, &gauge), &Subject::unknown(), &table);
        prop_assert!(assessment.level.is_none_or(f64::is_finite), "{assessment:?}");
        for rate in &assessment.rates {
            prop_assert!(rate.low <= rate.size && rate.size <= rate.high, "{rate:?}");
        }
        prop_assert!(assessment.grade.is_some() || !assessment.cannot_tell.is_empty());
        let text = serde_json::to_string(&monitor).expect("it can be written");
        let read: SeriesMonitor = serde_json::from_str(&text).expect("and read");
        prop_assert_eq!(read.readings(), monitor.readings());
    }
}
