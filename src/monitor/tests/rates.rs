//! Rates, their intervals and what comes of them, by houses whose movement is known.

use crate::base::Timestamp;

use super::super::*;
use super::truth::{BRICK, START_MS, Truth};

struct House {
    monitor: SeriesMonitor,
    gauge: Gauge,
    table: MonitorTable,
}

impl House {
    fn new() -> Self {
        let mut mounting = Mounting::plain(TiltUnit::Permille);
        mounting.bearing_deg = Some(0.0);
        Self {
            monitor: SeriesMonitor::default(),
            gauge: Gauge::Tilt(mounting),
            table: MonitorTable::standard(),
        }
    }

    fn lives(truth: Truth, days: u32) -> Self {
        let mut house = Self::new();
        truth.readings(days).for_each(|sample| house.takes(&sample));
        house
    }

    fn takes(&mut self, sample: &Sample) {
        let gross = self.table.gross(Quantity::Tilt);
        self.gauge.take(&mut self.monitor, sample, &gross, 480);
    }

    fn assess(&self) -> Assessment {
        assess(
            &Followed::of(&self.monitor, &self.gauge),
            &BRICK,
            &self.table,
        )
    }
}

#[test]
fn a_house_that_stands_still_is_normal_for_two_years() {
    for seed in 0..3 {
        let truth = Truth {
            seed,
            ..Truth::default()
        };
        let mut house = House::new();
        let mut last_day = 0;
        for sample in truth.readings(730) {
            house.takes(&sample);
            let day = (sample.at.millis() - START_MS) / 86_400_000;
            if day != last_day && day % 5 == 0 {
                let assessment = house.assess();
                let is_calm = assessment
                    .by_rate
                    .is_none_or(|grade| grade == MonitorGrade::Normal);
                assert!(is_calm, "seed {seed}, day {day}: {assessment:#?}");
            }
            last_day = day;
        }
    }
}

#[test]
fn a_slow_lean_is_seen_within_three_weeks_and_told_with_its_size() {
    let mut seen = 0;
    for seed in 0..10 {
        let truth = Truth {
            seed,
            rate_month: [0.3, 0.4],
            onset_day: 60.0,
            ..Truth::default()
        };
        let assessment = House::lives(truth, 81).assess();
        seen += u32::from(assessment.by_rate >= Some(MonitorGrade::Attention));
    }
    assert!(seen >= 9, "{seen} of 10");
    let truth = Truth {
        rate_month: [0.3, 0.4],
        ..Truth::default()
    };
    let assessment = House::lives(truth, 95).assess();
    let rate = assessment.rates[3];
    assert_eq!(assessment.rates.len(), 4);
    assert!((rate.size - 0.5).abs() < 0.1, "{rate:?}");
    assert!(rate.low < 0.5 && rate.high > 0.5, "{rate:?}");
    let growth = assessment.growth.expect("it leans and grows");
    assert!((0.4..0.6).contains(&growth.per_month), "{growth:?}");
    let left = assessment.days_to_limit.expect("it grows");
    assert!(left.soonest < left.expected.unwrap(), "{left:?}");
    assert!(
        assessment
            .bearing_deg
            .is_some_and(|bearing| (20.0..50.0).contains(&bearing))
    );
}

#[test]
fn a_step_of_the_house_is_red_and_leaves_the_trend_alone() {
    let truth = Truth::default();
    let mut house = House::new();
    for mut sample in truth.readings(60) {
        if sample.at.millis() > START_MS + 40 * 86_400_000 {
            sample.first += 2.5;
        }
        house.takes(&sample);
    }
    let assessment = house.assess();
    assert!(
        matches!(assessment.sudden, Some(Sudden::Moved { .. })),
        "{assessment:#?}"
    );
    assert_eq!(assessment.grade, Some(MonitorGrade::Red));
    assert_eq!(
        assessment.by_rate,
        Some(MonitorGrade::Normal),
        "{assessment:#?}"
    );
    assert!(
        assessment.level.is_some_and(|lean| lean > 3.3),
        "{assessment:#?}"
    );
}

#[test]
fn the_sentence_tells_the_rate_that_decides_the_grade() {
    // At rest for three months, and 1.4 ‰ a month in the last three weeks.
    let truth = Truth {
        rate_month: [1.12, 0.84],
        onset_day: 90.0,
        lean: [0.8, 0.6],
        ..Truth::default()
    };
    let told = House::lives(truth, 108).assess();
    assert_eq!(told.grade, Some(MonitorGrade::Orange), "{told:?}");
    let (growth, decisive) = (told.growth.unwrap(), told.decisive.unwrap());
    assert!(decisive.low > 0.5 && growth.span_days == decisive.span_days);
    assert!(growth.span_days < 20, "{growth:?}");
    assert!((1.0..1.8).contains(&growth.per_month), "{growth:?}");
    let slowest = told.rates.iter().map(|rate| rate.low);
    assert_eq!(told.surely_per_month(), slowest.max_by(f64::total_cmp));
    assert_eq!(told.surely_per_month(), Some(decisive.low));
    // Days to the limit by that rate, at both ends of its interval.
    let (_, limit) = told.limit.clone().unwrap();
    let days = |rate: f64| (limit - told.level.unwrap()) / rate * MONTH_DAYS;
    let left = told.days_to_limit.unwrap();
    let near = |got: Option<f64>, rate: f64| (got.unwrap() - days(rate)).abs() < 1e-6;
    assert!(near(left.expected, growth.per_month), "{left:?}");
    assert!(near(Some(left.soonest), growth.per_month + growth.half));
    assert!(near(left.latest, growth.per_month - growth.half));
    // A house at rest is told over the longest window.
    let calm = House::lives(Truth::default(), 108).assess();
    assert!(calm.growth.unwrap().span_days > 80, "{calm:?}");
}

#[test]
fn without_temperature_the_season_widens_the_interval() {
    let truth = Truth {
        tells_temperature: false,
        ..Truth::default()
    };
    let assessment = House::lives(truth, 200).assess();
    let rate = assessment.rates[3];
    assert!(rate.season > 0.3, "{rate:?}");
    assert_eq!(assessment.by_rate, Some(MonitorGrade::Normal));
}

#[test]
fn what_cannot_be_told_is_said_with_its_reason() {
    let mut house = House::new();
    let why = |house: &House| house.assess().cannot_tell;
    assert_eq!(why(&house), [CannotTell::NoReadings]);
    assert_eq!(house.assess().grade, None);
    let reads = |house: &mut House, minutes: i64, value: f64| {
        house.takes(&Sample {
            at: Timestamp::from_millis(START_MS + minutes * 60_000),
            first: value,
            second: Some(0.1),
            temperature_c: None,
        });
    };
    reads(&mut house, 0, 1.0);
    reads(&mut house, 10, 1.1);
    assert_eq!(why(&house), [CannotTell::TooFewDays { days: 1 }]);
    let mut house = House::new();
    for step in 0..200 {
        reads(&mut house, step * 10, 1.0);
    }
    let since = Some(Timestamp::from_millis(START_MS));
    assert!(why(&house).contains(&CannotTell::Constant { since }));
    assert_eq!(house.assess().grade, None);
}

#[test]
fn a_state_that_is_written_and_read_back_goes_on_the_same() {
    let truth = Truth {
        rate_month: [0.2, 0.1],
        ..Truth::default()
    };
    let mut whole = House::new();
    let mut parted = House::new();
    for (index, sample) in truth.readings(40).enumerate() {
        whole.takes(&sample);
        parted.takes(&sample);
        if index % 501 == 0 {
            let text = serde_json::to_vec(&parted.monitor).expect("it can be written");
            parted.monitor = serde_json::from_slice(&text).expect("and read");
        }
    }
    assert_eq!(whole.monitor, parted.monitor);
    assert_eq!(whole.assess(), parted.assess());
}

#[test]
fn a_state_of_four_years_takes_four_kilobytes() {
    let truth = Truth {
        interval_min: 60,
        ..Truth::default()
    };
    let house = House::lives(truth, 4 * 365);
    assert!(house.monitor.bytes() <= 4_096, "{}", house.monitor.bytes());
}
