//! Settlement and cracks where the truth is known: rates, rest, references, what was sudden and looked at.

use super::super::*;
use super::truth::{BRICK, START_MS, Truth};
use crate::base::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// A point that sinks by so many mm a month, half a millimetre of noise, little temperature.
fn sinking(seed: u64, mm_month: f64) -> Truth {
    Truth {
        seed,
        lean: [0.0, 4.0],
        rate_month: [0.0, mm_month],
        per_c: [0.0, 0.02],
        noise: 0.3,
        interval_min: 30,
        ..Truth::default()
    }
}

const fn gauge(quantity: Quantity) -> Gauge {
    Gauge::Length {
        quantity,
        unit: LengthUnit::Mm,
        zero: 0.0,
        scale: 1.0,
    }
}

/// Lets a point live; `change` may alter what it tells.
fn lives(
    truth: Truth,
    days: u32,
    quantity: Quantity,
    change: &mut dyn FnMut(&mut Sample),
) -> SeriesMonitor {
    let gross = MonitorTable::standard().gross(quantity);
    let mut monitor = SeriesMonitor::default();
    for mut sample in truth.readings(days) {
        sample.second = None;
        change(&mut sample);
        gauge(quantity).take(&mut monitor, &sample, &gross, 480);
    }
    monitor
}

fn told(monitor: &SeriesMonitor, quantity: Quantity) -> Assessment {
    let followed = Followed::of(monitor, &gauge(quantity));
    assess(&followed, &BRICK, &MonitorTable::standard())
}

fn of_settlement(truth: Truth, days: u32) -> Assessment {
    let monitor = lives(truth, days, Quantity::Settlement, &mut |_| ());
    told(&monitor, Quantity::Settlement)
}

#[test]
fn a_point_at_rest_is_at_rest_after_a_hundred_days_and_not_before() {
    let early = of_settlement(sinking(1, 0.0), 60);
    assert!(
        matches!(early.stability, Some(Stability::Unsure { days }) if (55..=61).contains(&days)),
        "{early:?}"
    );
    let late = of_settlement(sinking(1, 0.0), 130);
    assert!(
        matches!(late.stability, Some(Stability::AtRest { mm_day }) if mm_day.abs() < 0.01),
        "{late:?}"
    );
    assert_eq!(late.grade, Some(MonitorGrade::Normal));
    assert_eq!((late.unit, late.quantity), ("mm", Quantity::Settlement));
    // Settlement as a whole has no limit built in, and that is no fault.
    assert!(late.cannot_tell.is_empty(), "{late:?}");
}

#[test]
fn rates_of_settlement_are_graded_by_what_lasts() {
    let slow = of_settlement(sinking(2, 2.0), 120);
    assert_eq!(slow.by_rate, Some(MonitorGrade::Attention), "{slow:?}");
    assert!(matches!(slow.stability, Some(Stability::Moving { .. })));
    let growth = slow.growth.expect("a rate");
    assert!((1.7..2.3).contains(&growth.per_month), "{growth:?}");
    // 4 mm a month are orange once they have lasted for two months.
    let month = of_settlement(sinking(3, 6.0), 40);
    assert_eq!(month.by_rate, Some(MonitorGrade::Attention), "{month:?}");
    let months = of_settlement(sinking(3, 6.0), 75);
    assert_eq!(months.by_rate, Some(MonitorGrade::Orange), "{months:?}");
    // 2 mm a day are red within days.
    let fast = of_settlement(sinking(4, 90.0), 12);
    assert_eq!(fast.by_rate, Some(MonitorGrade::Red), "{fast:?}");
    // What rises is told and is no danger of that kind.
    let rises = of_settlement(sinking(5, -6.0), 75);
    assert_eq!(rises.by_rate, Some(MonitorGrade::Attention), "{rises:?}");
    assert!(rises.growth.is_some_and(|growth| growth.per_month < -5.0));
}

#[test]
fn settlement_that_comes_to_rest_is_not_orange() {
    // It nears its end: 6.5 mm a month over the whole of ninety days, and slower from day to day.
    let truth = sinking(6, 0.0);
    let monitor = lives(truth, 90, Quantity::Settlement, &mut |sample| {
        let months = (sample.at.millis() - START_MS) as f64 / DAY_MS as f64 / 30.436_875;
        sample.first += 30.0 * (1.0 - (-0.35 * months).exp());
    });
    let told = told(&monitor, Quantity::Settlement);
    assert!(
        told.rates
            .iter()
            .any(|rate| rate.span_days >= 80 && rate.low > 4.0),
        "{told:?}"
    );
    assert_eq!(told.by_rate, Some(MonitorGrade::Attention), "{told:?}");
}

#[test]
fn what_references_show_is_no_settlement() {
    // A hydrostatic line loses water: every vessel shows 5 mm a month more.
    let house = lives(sinking(7, 5.0), 120, Quantity::Settlement, &mut |_| ());
    let deep = lives(sinking(8, 5.0), 120, Quantity::Settlement, &mut |_| ());
    let alone = told(&house, Quantity::Settlement);
    assert_eq!(alone.by_rate, Some(MonitorGrade::Orange));
    let table = MonitorTable::standard();
    let judged = |points: &[&SeriesMonitor]| {
        let reference = Reference::of(points);
        let followed = Followed::of(&house, &gauge(Quantity::Settlement))
            .against(&reference, table.settlement.references_agree_mm);
        assess(&followed, &BRICK, &table)
    };
    let against = judged(&[&deep]);
    assert_eq!(against.by_rate, Some(MonitorGrade::Normal), "{against:?}");
    let level = against.level.expect("a level");
    // What the reference lost is counted from the mean of its first month.
    assert!((5.5..7.0).contains(&level), "{level}");
    assert!(
        against.since_epoch.is_some_and(|since| since.abs() < 1.0),
        "{against:?}"
    );
    // One of three that sinks does no harm, and is told.
    let sinks = lives(sinking(9, 12.0), 120, Quantity::Settlement, &mut |_| ());
    let other = lives(sinking(10, 5.0), 120, Quantity::Settlement, &mut |_| ());
    let against = judged(&[&deep, &sinks, &other]);
    assert_eq!(against.by_rate, Some(MonitorGrade::Normal), "{against:?}");
    assert!(
        against.cannot_tell.iter().any(
            |why| matches!(why, CannotTell::ReferencesDisagree { apart_mm } if *apart_mm > 20.0)
        ),
        "{against:?}"
    );
    // Without one there is nothing to hold it against, and that is said.
    let silent = SeriesMonitor::default();
    let blind = judged(&[&silent]);
    assert_eq!((blind.grade, blind.level), (None, None));
    assert!(blind.cannot_tell.contains(&CannotTell::NoReference));
}

#[test]
fn a_crack_breathes_with_the_day_and_opens_with_the_years() {
    let still = Truth {
        lean: [0.0, 3.0],
        per_c: [0.0, -0.04],
        noise: 0.02,
        interval_min: 30,
        ..Truth::default()
    };
    let of = |truth, days| {
        let monitor = lives(truth, days, Quantity::Crack, &mut |_| ());
        told(&monitor, Quantity::Crack)
    };
    let calm = of(still, 120);
    assert_eq!(calm.grade, Some(MonitorGrade::Normal), "{calm:?}");
    assert_eq!(calm.limit, Some(("crack".to_owned(), 10.0)));
    let opens = of(
        Truth {
            rate_month: [0.0, 0.3],
            ..still
        },
        120,
    );
    assert_eq!(opens.by_rate, Some(MonitorGrade::Attention), "{opens:?}");
    let growth = opens.growth.expect("a rate");
    assert!((0.22..0.38).contains(&growth.per_month), "{growth:?}");
    let wide = of(
        Truth {
            lean: [0.0, 10.4],
            ..still
        },
        40,
    );
    assert_eq!(wide.grade, Some(MonitorGrade::Red), "{wide:?}");
}

#[test]
fn what_was_sudden_is_over_once_somebody_looked() {
    let table = MonitorTable::standard();
    let jump_ms = START_MS + 50 * DAY_MS;
    let monitor = lives(sinking(11, 0.0), 60, Quantity::Settlement, &mut |sample| {
        if sample.at.millis() >= jump_ms {
            sample.first += 9.0;
        }
    });
    let before = told(&monitor, Quantity::Settlement);
    assert_eq!(before.grade, Some(MonitorGrade::Red), "{before:?}");
    let judged = |until_ms: i64| {
        let followed = Followed::of(&monitor, &gauge(Quantity::Settlement))
            .looked_at(Timestamp::from_millis(until_ms));
        assess(&followed, &BRICK, &table)
    };
    assert_eq!(judged(jump_ms - DAY_MS).grade, Some(MonitorGrade::Red));
    let after = judged(jump_ms + DAY_MS);
    assert_eq!(
        (after.sudden, after.grade),
        (None, Some(MonitorGrade::Normal))
    );
    // The settlement itself is not forgotten.
    assert!(
        after.since_epoch.is_some_and(|since| since > 8.0),
        "{after:?}"
    );
}

#[test]
fn a_sensor_that_counts_upwards_in_centimetres_is_read_by_its_entry() {
    let text = MonitorTable::STANDARD.to_owned()
        + "\n[[mounting]]\ndevice = \"J-07\"\nzero = [2.0, 0.0]\nscale = [-1.0, 1.0]\n";
    let table = MonitorTable::from_toml(&text).expect("a table");
    let gauge = Gauge::of(&table, "settlement", "cm", &["dev-1", "J-07"]);
    let gauge = gauge.expect("a unit").expect("it is followed");
    let sample = Sample {
        at: Timestamp::from_millis(START_MS),
        first: 1.5,
        second: None,
        temperature_c: None,
    };
    assert_eq!(gauge.measured(&sample).value, [5.0, 0.0]);
    assert!(!gauge.has_bearing());
    let other = Gauge::of(&table, "settlement", "mrad", &[]);
    assert!(other.expect_err("no length").contains("no unit of length"));
    assert_eq!(Gauge::of(&table, "humidity", "%", &[]), Ok(None));
}

#[test]
fn references_are_named_once_and_not_against_themselves() {
    let group =
        "\n[[reference]]\nid = \"deep\"\nzh = \"深层\"\nen = \"Deep\"\npoints = [\"JZ-1\"]\n";
    let text = MonitorTable::STANDARD.to_owned() + group;
    let table = MonitorTable::from_toml(&text).expect("a table");
    let of = |names: &[&str]| table.references(names).map(|group| group.id.as_str());
    assert_eq!(of(&["J-07"]), Some("deep"));
    assert_eq!(of(&["JZ-1"]), None);
    let own = text.clone() + "devices = [\"JZ-1\"]\n";
    let fault = MonitorTable::from_toml(&own)
        .expect_err("itself")
        .to_string();
    assert!(fault.contains("measured against itself"), "{fault}");
    let none = text.replace("points = [\"JZ-1\"]", "points = []");
    let fault = MonitorTable::from_toml(&none)
        .expect_err("none")
        .to_string();
    assert!(fault.contains("must name a device"), "{fault}");
}
