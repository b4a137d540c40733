//! What temperature does is learned: coefficient, lag, and nothing where there is nothing.

use super::super::*;
use super::truth::{Chance, Truth};

fn learned(truth: Truth, days: u32) -> SeriesMonitor {
    let mut monitor = SeriesMonitor::default();
    let gauge = Gauge::Tilt(Mounting::plain(TiltUnit::Permille));
    let gross = MonitorTable::standard().gross(Quantity::Tilt);
    for sample in truth.readings(days) {
        gauge.take(&mut monitor, &sample, &gross, 480);
    }
    monitor
}

#[test]
fn coefficient_and_lag_are_learned_within_a_month() {
    for (seed, lag_h) in [(1, 0.01), (2, 1.0), (3, 5.0)] {
        let truth = Truth {
            seed,
            lag_h,
            ..Truth::default()
        };
        let response = learned(truth, 30).response().expect("it is learned");
        assert!(
            (response.lag_h - lag_h).abs() < 0.8,
            "{lag_h} h: {response:?}"
        );
        for axis in 0..2 {
            let off = response.per_c[axis] / truth.per_c[axis];
            assert!((0.9..1.1).contains(&off), "{lag_h} h: {response:?}");
        }
    }
}

#[test]
fn a_movement_of_months_does_not_spoil_it() {
    let truth = Truth {
        rate_month: [3.0, -2.0],
        ..Truth::default()
    };
    let response = learned(truth, 60).response().expect("it is learned");
    for axis in 0..2 {
        let off = response.per_c[axis] / truth.per_c[axis];
        assert!((0.85..1.15).contains(&off), "{response:?}");
    }
}

#[test]
fn where_temperature_does_nothing_nothing_is_compensated() {
    let truth = Truth {
        per_c: [0.0, 0.0],
        ..Truth::default()
    };
    assert_eq!(learned(truth, 60).response(), None);
    let silent = Truth {
        tells_temperature: false,
        ..Truth::default()
    };
    assert_eq!(learned(silent, 60).response(), None);
}

#[test]
fn chance_is_normal() {
    let mut chance = Chance::new(9);
    let mut values: Vec<f64> = (0..20_001).map(|_| chance.normal()).collect();
    assert!((sigma(&values).unwrap() - 1.0).abs() < 0.03);
    assert!(median(&mut values).unwrap().abs() < 0.03);
}
