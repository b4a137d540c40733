//! Sudden changes: a spike, a house that moves, a sensor that is handled, exchanged, or mounted anew.

use crate::base::Timestamp;

use super::super::*;

const START_MS: i64 = 1_767_196_800_000;
const TEN_MINUTES_MS: i64 = 600_000;

/// A sensor with a quiet day behind it, and what further readings say.
struct Sensor {
    monitor: SeriesMonitor,
    mounting: Mounting,
    at_ms: i64,
}

impl Sensor {
    fn quiet(unit: TiltUnit, level: [f64; 2]) -> Self {
        let mut sensor = Self {
            monitor: SeriesMonitor::default(),
            mounting: Mounting::plain(unit),
            at_ms: START_MS,
        };
        for step in 0..144 {
            let wave = 0.02 * f64::from(step % 7 - 3);
            sensor.reads(level[0] + wave, level[1] - wave);
        }
        sensor
    }

    fn reads(&mut self, first: f64, second: f64) -> Option<Seen> {
        self.at_ms += TEN_MINUTES_MS;
        let sample = Sample {
            at: Timestamp::from_millis(self.at_ms),
            first,
            second: Some(second),
            temperature_c: None,
        };
        let limits = MonitorTable::standard().gross(Quantity::Tilt);
        Gauge::Tilt(self.mounting).take(&mut self.monitor, &sample, &limits, 480)
    }

    fn causes(&self) -> Vec<Cause> {
        self.monitor.breaks().map(|at| at.cause).collect()
    }
}

#[test]
fn a_lone_spike_is_unconfirmed_and_then_forgotten() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    assert!(matches!(sensor.reads(9.0, 0.5), Some(Seen::Unconfirmed(_))));
    assert_eq!(sensor.reads(1.0, 0.5), Some(Seen::Spike));
    assert_eq!(sensor.reads(1.0, 0.5), Some(Seen::Level));
    assert!(sensor.causes().is_empty());
    assert_eq!(sensor.monitor.unused().spikes, 1);
}

#[test]
fn a_step_is_confirmed_by_the_second_reading_that_agrees() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    assert!(matches!(sensor.reads(3.3, 0.5), Some(Seen::Unconfirmed(_))));
    let Some(Seen::Moved(jump)) = sensor.reads(3.4, 0.6) else {
        panic!("{:?}", sensor.monitor.last_seen());
    };
    assert!((jump.size() - 2.3).abs() < 0.1, "{jump:?}");
    assert_eq!(sensor.reads(3.3, 0.5), Some(Seen::Level));
    assert_eq!(sensor.causes(), [Cause::Movement]);
}

#[test]
fn a_house_that_goes_on_falling_is_confirmed_though_no_two_readings_agree() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    assert!(matches!(sensor.reads(4.0, 0.5), Some(Seen::Unconfirmed(_))));
    assert!(matches!(sensor.reads(9.0, 0.9), Some(Seen::Moved(_))));
}

#[test]
fn another_level_after_a_silence_is_a_sensor_mounted_anew() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    sensor.at_ms += 6 * TEN_MINUTES_MS;
    assert!(matches!(
        sensor.reads(-5.0, 4.0),
        Some(Seen::Unconfirmed(_))
    ));
    assert!(matches!(
        sensor.reads(-5.0, 4.1),
        Some(Seen::MountedAnew(_))
    ));
    assert_eq!(sensor.causes(), [Cause::Mounting]);
    // The house is held to have stood still.
    for _ in 0..20 {
        sensor.reads(-5.0, 4.0);
    }
    let lean = sensor.monitor.level().expect("a level");
    assert!(
        (lean[1] - 1.0).abs() < 0.15 && (lean[0] - 0.5).abs() < 0.15,
        "{lean:?}"
    );
}

#[test]
fn a_sensor_in_somebodys_hands_is_restless_and_then_mounted_anew() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    let hands = [
        [20.0, -9.0],
        [-14.0, 3.0],
        [5.0, 17.0],
        [-8.0, -8.0],
        [12.0, 1.0],
    ];
    let seen = hands.map(|[first, second]| sensor.reads(first, second));
    assert!(seen.contains(&Some(Seen::Restless)), "{seen:?}");
    assert!(
        !seen.iter().any(|seen| matches!(seen, Some(Seen::Moved(_)))),
        "{seen:?}"
    );
    sensor.reads(2.0, 2.0);
    sensor.reads(2.0, 2.0);
    sensor.reads(2.0, 2.0);
    let moved = sensor.causes().contains(&Cause::Movement);
    assert!(!moved, "{:?}", sensor.causes());
}

#[test]
fn exchanged_axes_and_another_unit_are_no_movement() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [4.0, -1.0]);
    sensor.reads(-1.0, 4.0);
    assert!(matches!(
        sensor.reads(-1.0, 4.0),
        Some(Seen::AxesSwapped(_))
    ));
    assert_eq!(sensor.causes(), [Cause::Axes]);

    let mut sensor = Sensor::quiet(TiltUnit::Mrad, [31.0, -17.0]);
    sensor.reads(1.776, -0.974);
    let seen = sensor.reads(1.776, -0.974);
    assert!(
        matches!(seen, Some(Seen::OtherUnit(_, TiltUnit::Degree))),
        "{seen:?}"
    );
    assert_eq!(sensor.monitor.other_unit(), Some(TiltUnit::Degree));

    // What grows by such a ratio may be a house that goes on the way it leans: it is alarmed.
    let mut sensor = Sensor::quiet(TiltUnit::Mrad, [1.0, 0.6]);
    sensor.reads(3.44, 2.06);
    let seen = sensor.reads(3.44, 2.06);
    assert!(matches!(seen, Some(Seen::Moved(_))), "{seen:?}");
    let gauge = Gauge::Tilt(sensor.mounting);
    let followed = Followed::of(&sensor.monitor, &gauge);
    let table = MonitorTable::standard();
    let told = assess(&followed, &Subject::unknown(), &table);
    assert_eq!(told.grade, Some(MonitorGrade::Red));
    let unit = TiltUnit::ArcMinute;
    assert!(
        told.cannot_tell
            .contains(&CannotTell::MayBeOtherUnit { unit }),
        "{told:?}"
    );
}

#[test]
fn strange_times_and_values_are_counted_and_do_no_harm() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    let before = sensor.monitor.level();
    assert_eq!(sensor.reads(f64::NAN, 0.0), None);
    assert_eq!(sensor.reads(0.0, f64::INFINITY), None);
    let now_ms = sensor.at_ms;
    // 2099, once; then 1970; then the same moment twice.
    for at_ms in [4_070_908_800_000, 0, now_ms, now_ms] {
        sensor.at_ms = at_ms - TEN_MINUTES_MS;
        sensor.reads(1.0, 0.5);
    }
    let unused = sensor.monitor.unused();
    assert_eq!(unused.not_a_number, 2);
    assert_eq!(
        (unused.strange_time, unused.late, unused.doubled),
        (1, 1, 1),
        "{unused:?}"
    );
    assert_eq!(sensor.monitor.level(), before);
    // A device whose clock truly was set ahead is believed with its second reading.
    sensor.at_ms = now_ms + 400 * 86_400_000;
    assert_eq!(sensor.reads(1.0, 0.5), None);
    assert!(sensor.reads(1.0, 0.5).is_some());
}
