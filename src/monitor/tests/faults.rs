//! Sensors that say nothing that could be believed: silent, stuck, read in the wrong unit. Nothing of it is
//! a house at rest, and nothing a house that moves.

use crate::base::Timestamp;

use super::super::*;
use super::truth::{BRICK, START_MS, Truth};

const DAY_MS: i64 = 86_400_000;

fn day(days: i64) -> Timestamp {
    Timestamp::from_millis(START_MS + days * DAY_MS)
}

const MM: Gauge = Gauge::Length {
    quantity: Quantity::Settlement,
    unit: LengthUnit::Mm,
    zero: 0.0,
    scale: 1.0,
};

fn plain(unit: TiltUnit) -> Gauge {
    Gauge::Tilt(Mounting::plain(unit))
}

/// A point at rest with a reading every half hour; `change` may alter what it tells.
fn lives(gauge: &Gauge, days: u32, change: &mut dyn FnMut(&mut Sample)) -> SeriesMonitor {
    let truth = Truth {
        lean: [0.0, 4.0],
        per_c: [0.0, 0.02],
        noise: 0.3,
        interval_min: 30,
        ..Truth::default()
    };
    let gross = MonitorTable::standard().gross(gauge.quantity());
    let mut monitor = SeriesMonitor::default();
    for mut sample in truth.readings(days) {
        sample.second = None;
        change(&mut sample);
        gauge.take(&mut monitor, &sample, &gross, 480);
    }
    monitor
}

fn told(monitor: &SeriesMonitor, gauge: &Gauge, now: Timestamp) -> Assessment {
    let followed = Followed::of(monitor, gauge).judged_at(now, 7 * DAY_MS);
    assess(&followed, &BRICK, &MonitorTable::standard())
}

/// No figure of now is left, and what was is told as past.
fn check_past(told: &Assessment, last_grade: Option<MonitorGrade>) {
    assert_eq!(
        (told.grade, told.last_grade),
        (None, last_grade),
        "{told:?}"
    );
    assert_eq!(
        (told.by_share, told.by_rate, told.share),
        (None, None, None)
    );
    assert!(told.rates.is_empty() && told.growth.is_none());
    assert_eq!((told.stability, told.days_to_limit), (None, None));
    assert_eq!(told.surely_per_month(), None);
    assert!(told.level.is_some());
}

#[test]
fn what_told_nothing_for_a_week_is_told_as_past() {
    let monitor = lives(&MM, 130, &mut |_| ());
    let last = monitor.last().unwrap();
    let calm = told(&monitor, &MM, last.plus(7 * DAY_MS));
    assert_eq!(
        (calm.grade, calm.last_grade),
        (Some(MonitorGrade::Normal), None)
    );
    assert!(matches!(calm.stability, Some(Stability::AtRest { .. })));
    for later in [8, 2_000] {
        let past = told(&monitor, &MM, last.plus(later * DAY_MS));
        check_past(&past, Some(MonitorGrade::Normal));
        assert_eq!(past.cannot_tell, [CannotTell::Silent { since: last }]);
        let judgement = past.judgement(last, None);
        assert_eq!((judgement.grade, judgement.per_month), (None, None));
    }
}

#[test]
fn a_house_that_moved_stays_red_though_its_sensor_fell_silent() {
    let jump_ms = START_MS + 50 * DAY_MS;
    let monitor = lives(&MM, 60, &mut |sample| {
        if sample.at.millis() >= jump_ms {
            sample.first += 20.0;
        }
    });
    let last = monitor.last().unwrap();
    let silent = told(&monitor, &MM, last.plus(30 * DAY_MS));
    assert_eq!(silent.grade, Some(MonitorGrade::Red));
    assert!(
        silent
            .cannot_tell
            .contains(&CannotTell::Silent { since: last })
    );
    assert!(silent.growth.is_none() && silent.rates.is_empty());
}

#[test]
fn a_sensor_that_is_stuck_is_not_at_rest() {
    let stuck_ms = START_MS + 120 * DAY_MS;
    let monitor = lives(&MM, 143, &mut |sample| {
        if sample.at.millis() >= stuck_ms {
            sample.first = 4.2;
        }
    });
    let past = told(&monitor, &MM, monitor.last().unwrap());
    check_past(&past, Some(MonitorGrade::Normal));
    let why = past.cannot_tell.first();
    let Some(CannotTell::Constant { since: Some(since) }) = why else {
        panic!("{why:?}");
    };
    assert!((since.millis() - stuck_ms).abs() < DAY_MS, "{since}");
    // It is told within two days, and no day of them is one of the house.
    let early = lives(&MM, 122, &mut |sample| {
        if sample.at.millis() >= stuck_ms {
            sample.first = 4.2;
        }
    });
    assert!(early.is_constant());
    let last = Followed::of(&early, &MM)
        .days()
        .last()
        .map(|day| day.number);
    assert!(last < early.trend_days().last().map(|day| day.number));
}

#[test]
fn a_point_that_is_told_once_a_day_is_stuck_after_days() {
    let gross = MonitorTable::standard().gross(Quantity::Settlement);
    let mut monitor = SeriesMonitor::default();
    let mut stuck = 0;
    for number in 0..60 {
        let moving = 0.01 * f64::from((number * 37) % 23);
        let sample = Sample {
            at: day(i64::from(number)),
            first: if number < 40 { moving } else { 0.11 },
            second: None,
            temperature_c: None,
        };
        MM.take(&mut monitor, &sample, &gross, 480);
        stuck += u32::from(monitor.is_constant());
    }
    assert!((12..=17).contains(&stuck), "{stuck}");
}

#[test]
fn a_gauge_that_is_told_coarsely_is_not_stuck() {
    // Tenths of a millimetre, and noise of a hundredth: most readings are like the one before.
    let mut count = 0;
    let mut stuck = 0;
    let gross = MonitorTable::standard().gross(Quantity::Settlement);
    let mut monitor = SeriesMonitor::default();
    let truth = Truth {
        lean: [0.0, 4.03],
        per_c: [0.0, 0.0],
        noise: 0.01,
        interval_min: 30,
        ..Truth::default()
    };
    for mut sample in truth.readings(120) {
        sample.second = None;
        sample.first = (sample.first * 10.0).round() / 10.0;
        MM.take(&mut monitor, &sample, &gross, 480);
        count += 1;
        stuck += u32::from(count > 1_000 && monitor.is_constant());
    }
    assert_eq!(stuck, 0, "of {count}");
}

#[test]
fn no_house_leans_by_a_third_or_settles_by_metres() {
    let check = |gauge: Gauge, value: f64, unit: Option<AnyUnit>| {
        let monitor = lives(&gauge, 40, &mut |sample| {
            sample.first = value * (1.0 + 0.002 * (sample.first - 4.0));
        });
        let told = told(&monitor, &gauge, monitor.last().unwrap());
        let found = told.cannot_tell.iter().find_map(|why| match why {
            CannotTell::Implausible { unit, .. } => Some(*unit),
            _ => None,
        });
        assert_eq!((told.grade, told.share), (None, None), "{value} {told:?}");
        assert_eq!(found, Some(unit), "{value}");
    };
    let mrad = Some(AnyUnit::Tilt(TiltUnit::Mrad));
    check(plain(TiltUnit::Degree), 20.0, mrad);
    check(plain(TiltUnit::Percent), 40.0, mrad);
    check(
        plain(TiltUnit::Permille),
        300.0,
        Some(AnyUnit::Tilt(TiltUnit::ArcSecond)),
    );
    check(MM, 5_000.0, Some(AnyUnit::Length(LengthUnit::Um)));
    // A tower that leans by three degrees stands.
    let gauge = plain(TiltUnit::Degree);
    let monitor = lives(&gauge, 40, &mut |sample| {
        sample.first = 3.0 + 0.001 * sample.first
    });
    let told = told(&monitor, &gauge, monitor.last().unwrap());
    assert_eq!(told.grade, Some(MonitorGrade::Red), "{told:?}");
}

#[test]
fn what_cannot_be_is_counted_by_its_reason() {
    let gauge = plain(TiltUnit::Degree);
    let mut turn = 0;
    let monitor = lives(&gauge, 2, &mut |sample| {
        turn += 1;
        sample.first = match turn % 3 {
            0 => 100.0,
            1 => f64::NAN,
            _ => 80.0,
        };
    });
    let unused = monitor.unused();
    assert_eq!(monitor.readings(), 0);
    assert_eq!(unused.count(), u64::from(turn as u32));
    assert!(
        unused.not_a_number.abs_diff(unused.too_large / 2) <= 1,
        "{unused:?}"
    );
}

#[test]
fn a_state_of_an_older_engine_is_read() {
    let monitor = lives(&MM, 20, &mut |_| ());
    let mut state = serde_json::to_value(&monitor).expect("a state");
    let fields = state.as_object_mut().expect("fields");
    for new in ["run", "runs", "beyond_ms"] {
        fields.remove(new).expect(new);
    }
    let gross = fields["gross"].as_object_mut().expect("fields");
    for new in ["apart", "moving"] {
        gross.remove(new).expect(new);
    }
    let unused = fields["unused"].as_object_mut().expect("fields");
    for new in ["too_large", "beyond_range"] {
        unused.remove(new).expect(new);
    }
    let read: SeriesMonitor = serde_json::from_value(state).expect("it is read");
    assert_eq!(read.level(), monitor.level());
    assert_eq!((read.sigma(), read.is_constant()), (0.0, false));
}
