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
        Self::of(Mounting::plain(unit), level)
    }

    /// One whose first axis points somewhere.
    fn hung(unit: TiltUnit, bearing_deg: f64, level: [f64; 2]) -> Self {
        let mut mounting = Mounting::plain(unit);
        mounting.bearing_deg = Some(bearing_deg);
        Self::of(mounting, level)
    }

    fn of(mounting: Mounting, level: [f64; 2]) -> Self {
        let mut sensor = Self {
            monitor: SeriesMonitor::default(),
            mounting,
            at_ms: START_MS,
        };
        // Noise of some hundredths of a thousandth, in whatever unit.
        let each = 0.02 / mounting.unit.permille_each();
        for step in 0..144 {
            let wave = each * f64::from(step % 7 - 3);
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

    fn assess(&self) -> Assessment {
        self.looked_at(i64::MIN)
    }

    /// What is said of it when somebody looked at a moment.
    fn looked_at(&self, until_ms: i64) -> Assessment {
        let gauge = Gauge::Tilt(self.mounting);
        let followed = Followed::of(&self.monitor, &gauge);
        let followed = followed.looked_at(Timestamp::from_millis(until_ms));
        assess(&followed, &Subject::unknown(), &MonitorTable::standard())
    }

    /// The size of the movement that is open.
    fn moved_by(&self) -> Option<f64> {
        match self.assess().sudden {
            Some(Sudden::Moved { jump }) => Some(jump.size()),
            _ => None,
        }
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
    assert!(matches!(sensor.reads(9.0, 0.9), Some(Seen::Unconfirmed(_))));
    let Some(Seen::Moved(jump)) = sensor.reads(14.0, 1.2) else {
        panic!("{:?}", sensor.monitor.last_seen());
    };
    assert!((jump.size() - 13.0).abs() < 0.2, "{jump:?}");
}

#[test]
fn two_wild_readings_on_one_side_do_not_agree() {
    for [one, other] in [[6.0, 24.0], [17.7, 23.4], [-9.0, -13.0]] {
        let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
        sensor.reads(one, 0.5);
        let seen = sensor.reads(other, 0.5);
        assert!(
            matches!(seen, Some(Seen::Unconfirmed(_))),
            "{one} {other}: {seen:?}"
        );
        assert_eq!(sensor.reads(1.0, 0.5), Some(Seen::Spike));
        assert!(sensor.causes().is_empty());
        assert_eq!(sensor.assess().sudden, None);
    }
    // Within a quarter of the jump they do, however large it is.
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    sensor.reads(13.0, 0.5);
    assert!(matches!(sensor.reads(11.0, 0.5), Some(Seen::Moved(_))));
}

#[test]
fn a_spike_neither_lowers_nor_repeats_a_movement() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    sensor.reads(4.0, 0.5);
    sensor.reads(4.0, 0.5);
    let moved = |sensor: &Sensor| (sensor.assess().grade, sensor.assess().sudden);
    let before = moved(&sensor);
    assert_eq!(before.0, Some(MonitorGrade::Red));
    for value in [-8.0, 4.0, 4.05, 30.0, 4.0] {
        sensor.reads(value, 0.5);
        assert_eq!(moved(&sensor), before, "{value}");
    }
    assert_eq!(sensor.causes(), [Cause::Movement]);
    // Nor does a sensor that somebody hangs anew before he tells what he saw.
    sensor.at_ms += 9 * TEN_MINUTES_MS;
    sensor.reads(-5.0, 3.0);
    assert_eq!(moved(&sensor), before);
    sensor.reads(-5.0, 3.0);
    assert_eq!(sensor.causes(), [Cause::Movement, Cause::Mounting]);
    assert_eq!(moved(&sensor), before);
    let looked = sensor.looked_at(sensor.at_ms);
    assert_eq!(looked.sudden, None);
}

#[test]
fn a_movement_over_several_readings_is_told_as_a_whole_and_once() {
    let ramps: [&[f64]; 4] = [
        &[1.4, 2.8, 4.2, 5.6, 7.0],
        &[2.0, 3.0, 4.5, 5.8, 7.05],
        &[3.0, 3.1, 6.9, 7.0],
        &[0.9, 2.1, 3.2, 4.4, 5.4, 6.2, 7.0],
    ];
    for ramp in ramps {
        let mut sensor = Sensor::quiet(TiltUnit::Permille, [-0.8, 0.5]);
        let end = ramp.last().unwrap();
        let still = std::iter::repeat_n(end, 40);
        for (step, by) in (0..).zip(ramp.iter().chain(still)) {
            sensor.reads(by - 0.8 + 0.02 * f64::from(step % 5 - 2), 0.5);
        }
        assert_eq!(sensor.causes(), [Cause::Movement], "{ramp:?}");
        let size = sensor.moved_by().expect("it moved");
        assert!((size - 7.0).abs() < 0.15, "{ramp:?}: {size}");
    }
}

#[test]
fn what_goes_on_behind_a_look_is_a_new_matter_and_what_comes_back_another_movement() {
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    for value in [4.0, 4.0, 4.1] {
        sensor.reads(value, 0.5);
    }
    let looked_ms = sensor.at_ms;
    assert_eq!(sensor.looked_at(looked_ms).sudden, None);
    sensor.reads(7.0, 0.5);
    sensor.reads(7.0, 0.5);
    let Some(Sudden::Moved { jump }) = sensor.looked_at(looked_ms).sudden else {
        panic!("it moves on");
    };
    assert!((jump.size() - 6.0).abs() < 0.2, "{jump:?}");
    sensor.reads(1.0, 0.5);
    sensor.reads(1.0, 0.5);
    assert_eq!(sensor.causes(), [Cause::Movement, Cause::Movement]);
    assert!((sensor.moved_by().unwrap() - 6.0).abs() < 0.2);
}

#[test]
fn a_noisy_sensor_at_rest_moves_no_house_and_is_alarmed_all_the_same() {
    let mut chance = super::truth::Chance::new(7);
    let mut sensor = Sensor::quiet(TiltUnit::Permille, [1.0, 0.5]);
    for _ in 0..3_000 {
        let noise = [chance.normal(), chance.normal()].map(|one| 0.45 * one);
        sensor.reads(1.0 + noise[0], 0.5 + noise[1]);
    }
    assert!(sensor.causes().is_empty(), "{:?}", sensor.causes());
    sensor.reads(6.5, 0.5);
    assert!(matches!(sensor.reads(6.0, 0.5), Some(Seen::Moved(_))));
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
fn exchanged_axes_and_another_unit_are_no_movement_in_any_direction() {
    for bearing in [0.0, 37.0, 117.0, 230.0, 310.0] {
        let mut sensor = Sensor::hung(TiltUnit::Mrad, bearing, [4.0, -1.0]);
        sensor.reads(-1.0, 4.0);
        let seen = sensor.reads(-1.0, 4.0);
        assert!(
            matches!(seen, Some(Seen::AxesSwapped(_))),
            "{bearing}: {seen:?}"
        );
        assert_eq!(sensor.assess().grade, None, "{bearing}");
        // Exchanged again they are as they were.
        sensor.reads(4.0, -1.0);
        sensor.reads(4.0, -1.0);
        let told = sensor.assess();
        assert!(
            !told.cannot_tell.contains(&CannotTell::AxesSwapped),
            "{told:?}"
        );
        assert_eq!(sensor.causes(), [Cause::Axes, Cause::Axes]);
    }
}

#[test]
fn small_leans_tell_another_unit_by_its_ratio_and_come_back() {
    for (bearing, level) in [(0.0, [3.0, 1.6]), (310.0, [-2.4, 1.1]), (5.0, [0.2, -6.0])] {
        let mut sensor = Sensor::hung(TiltUnit::Mrad, bearing, level);
        let degrees = level.map(|mrad| (mrad * 0.0573_f64 * 1_000.0).round() / 1_000.0);
        let first = sensor.reads(degrees[0], degrees[1]);
        assert!(matches!(first, Some(Seen::Unconfirmed(_))), "{first:?}");
        let seen = sensor.reads(degrees[0], degrees[1]);
        let is_degree = matches!(seen, Some(Seen::OtherUnit(_, TiltUnit::Degree)));
        assert!(is_degree, "{bearing}: {seen:?}");
        let told = sensor.assess();
        assert_eq!((told.grade, told.sudden), (None, None), "{told:?}");
        let unit = TiltUnit::Degree;
        assert!(told.cannot_tell.contains(&CannotTell::OtherUnit { unit }));
        // Whoever mended it finds no movement either.
        sensor.reads(level[0], level[1]);
        let seen = sensor.reads(level[0], level[1]);
        let is_own = matches!(seen, Some(Seen::OtherUnit(_, TiltUnit::Mrad)));
        assert!(is_own, "{bearing}: {seen:?}");
        assert_eq!(sensor.monitor.other_unit(), None);
        assert!(!sensor.assess().tells_nothing());
    }
    // Degrees that become thousandths of a radian grow by seventeen and a half.
    let mut sensor = Sensor::hung(TiltUnit::Degree, 44.0, [0.3, -0.2]);
    sensor.reads(5.236, -3.49);
    let seen = sensor.reads(5.236, -3.49);
    assert!(
        matches!(seen, Some(Seen::OtherUnit(_, TiltUnit::Mrad))),
        "{seen:?}"
    );
}

#[test]
fn a_house_that_comes_to_stand_upright_moved() {
    for to in [[0.9, 0.5], [0.0, 0.0], [-0.2, 0.1]] {
        let mut sensor = Sensor::hung(TiltUnit::Mrad, 75.0, [3.0, 1.6]);
        sensor.reads(to[0], to[1]);
        let seen = sensor.reads(to[0], to[1]);
        assert!(matches!(seen, Some(Seen::Moved(_))), "{to:?}: {seen:?}");
    }
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
