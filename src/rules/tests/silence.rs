//! Silence: when it is noticed, when it ends, and when it is looked for.

use super::*;

#[test]
fn three_missed_reports_are_silence_and_end_with_a_reading() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let at = |seconds: i64| MORNING.plus(seconds * 1_000);
    assert!(bench.tick(&[], at(180)).is_empty());
    assert_eq!(bench.tick(&[], at(181)).len(), 1);
    assert_eq!(bench.health(device), DeviceHealth::Silent);
    assert!(bench.tick(&[], at(900)).is_empty(), "told once");
    bench.tick(&[reading(device, 901, 1.0)], at(901));
    assert_eq!(bench.health(device), DeviceHealth::Fine);
}

#[test]
fn silence_is_looked_for_once_a_second() {
    let mut bench = Bench::new();
    let [quiet, loud] = [0, 1].map(|number| device_id("smoke", number));
    bench.tick(&[reading(quiet, 0, 1.0)], MORNING);
    let silences = |changes: &[Change]| changes.iter().filter(is_silence).count();
    let mut told_ms = Vec::new();
    for quarter in 1..4 * 190_i64 {
        let now = MORNING.plus(quarter * 250);
        let reading = Reading {
            at: now,
            arrived: now,
            ..reading(loud, 0, quarter as f64)
        };
        if silences(&bench.tick(&[reading], now)) > 0 {
            told_ms.push(now - MORNING);
        }
    }
    assert_eq!(told_ms, [181_000], "of 180 s, at the next look, once");
}

#[test]
fn a_restart_within_a_second_looks_no_earlier_and_no_later() {
    let mut bench = Bench::new();
    bench.tick(&[reading(device_id("smoke", 0), 0, 1.0)], MORNING);
    bench.tick(&[], MORNING.plus(180_000));
    // What is left of an engine is its twin: with that alone the next ticks decide the same.
    let again = Twin::at_snapshot(bench.twin.ground().clone(), bench.twin.live().clone());
    for (millis, expected) in [(180_200, 0), (180_999, 0), (181_000, 1)] {
        let now = MORNING.plus(millis);
        for twin in [&bench.twin, &again] {
            let changes = step(twin, &bench.plan, &[], now);
            assert_eq!(changes.len(), expected, "{millis}");
        }
    }
}

fn is_silence(change: &&Change) -> bool {
    let health = DeviceHealth::Silent;
    matches!(change, Change::Health { health: told, .. } if *told == health)
}

#[test]
fn time_in_which_nobody_listened_is_not_silence() {
    let mut bench = Bench::new();
    let device = device_id("smoke", 0);
    bench.tick(&[reading(device, 0, 1.0)], MORNING);
    let since = MORNING.plus(7_200_000);
    let status = FeedStatus {
        since,
        ..FeedStatus::default()
    };
    bench.put(&[], vec![Change::Feed { status }], since);
    assert!(bench.tick(&[], since.plus(180_000)).is_empty());
    assert_eq!(bench.tick(&[], since.plus(181_000)).len(), 1);
}
