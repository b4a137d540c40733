//! Charts say what `assess` says, show what was sudden as it was, and fill no gap.

use super::made::{Maker, Raw};
use super::*;
use crate::model::{KindTable, MonitorGrade, sample};
use crate::monitor::{MonitorTable, Sample};
use crate::portrayal::chart::{Chart, EventKind};
use crate::portrayal::deform::DeformGrade;

const DAY_MS: i64 = 86_400_000;

/// A sensor with everything that it told.
struct Life {
    ground: Ground,
    bank: Bank,
    device: DeviceId,
    readings: Vec<Reading>,
}

impl Life {
    /// Of the first tilt sensor of a small city, which hangs with its first axis to the north.
    fn new() -> Self {
        let ground = sample::city(2);
        let device = sample::device_id("tilt", 0);
        let mounting = format!("\n[[mounting]]\ndevice = \"{device}\"\nbearing_deg = 0.0\n");
        let table = MonitorTable::from_toml(&(MonitorTable::STANDARD.to_owned() + &mounting));
        let table = table.expect("a table");
        let sensors = Sensors::of(&ground, &KindTable::standard(), &table).expect("sensors");
        Self {
            bank: Bank::new(sensors, table, &ground),
            ground,
            device,
            readings: Vec::new(),
        }
    }

    /// Readings every half hour of these days, what `value` says of day and fraction.
    fn lives(&mut self, days: std::ops::Range<i64>, value: impl Fn(f64) -> [f64; 2]) {
        for step in days.start * 48..days.end * 48 {
            let at = sample::MORNING.plus(step * 1_800_000);
            let noise = f64::from((step as i32 * 37) % 11 - 5) * 0.01;
            let [first, second] = value(step as f64 / 48.0);
            let reading = Reading {
                device: self.device,
                at,
                arrived: at,
                value: first + noise,
                second: Some(second - noise),
                temperature_c: Some(
                    20.0 + 4.0 * (step as f64 / 48.0 * std::f64::consts::TAU).sin(),
                ),
            };
            self.bank.take(&reading);
            self.readings.push(reading);
        }
    }

    fn chart(&self) -> Chart {
        let mut raw = Raw::begin(&self.bank, self.device);
        if let Some(raw) = &mut raw {
            let from = raw.from();
            for one in self.readings.iter().filter(|one| one.at >= from) {
                raw.take(&Sample {
                    at: one.at,
                    first: one.value,
                    second: one.second,
                    temperature_c: one.temperature_c,
                });
            }
        }
        let at = self.readings.last().map_or(sample::MORNING, |last| last.at);
        let maker = Maker {
            bank: &self.bank,
            ground: &self.ground,
            kinds: &KindTable::standard(),
            at,
        };
        maker.chart(self.device, raw).expect("it is followed")
    }
}

#[test]
fn figures_are_those_of_the_assessment() {
    let mut life = Life::new();
    life.lives(0..60, |day| [3.0 + 0.02 * day, 4.0]);
    let chart = life.chart();
    let told = life.bank.assess(life.device).expect("it is followed");
    assert_eq!((chart.level, chart.reads), (told.level, None));
    assert_eq!(chart.share, told.share);
    assert_eq!(chart.bearing_deg, told.bearing_deg);
    assert_eq!(chart.grade, DeformGrade::from(told.grade));
    let (trend, growth) = (chart.trend.expect("a trend"), told.growth.expect("a rate"));
    assert_eq!(
        (trend.per_month, trend.half, trend.span_days),
        (growth.per_month, growth.half, growth.span_days)
    );
    // The days end on the level, and the line through them does.
    let level = told.level.expect("a level");
    let last = chart.days.last().expect("days");
    assert!((last.value - level).abs() < 0.1, "{last:?} {level}");
    let [from, to] = trend.pieces[0];
    assert!((to.value - level).abs() < 0.15, "{to:?} {level}");
    let slope = (to.value - from.value) / f64::from(to.number - from.number);
    assert!((slope * crate::monitor::MONTH_DAYS - growth.per_month).abs() < 1e-9);
    // Grades hold from where the table says.
    let (limit, (_, value)) = (chart.limit.expect("a limit"), told.limit.expect("a limit"));
    assert_eq!(limit.value, value);
    for (grade, tier) in &limit.tiers {
        let told = life.bank.table().grade_of_share(tier / value + 1e-9);
        assert_eq!(DeformGrade::from(Some(told)), *grade);
    }
    // Every day has its readings around it, and what comes begins on the day behind the last.
    assert_eq!(chart.raw.len(), 61);
    for day in &chart.days {
        let begin = f64::from(day.number);
        let span = chart.raw.iter().find(|span| span.from_day == begin);
        let span = span.expect("its readings");
        assert!(
            span.low <= day.value && day.value <= span.high,
            "{span:?} {day:?}"
        );
    }
    let first = chart.ahead.first().expect("a forecast");
    assert_eq!(first.number, last.number + 1);
    for one in &chart.ahead {
        let [half, most, nearly] = one.bands;
        assert!(nearly[0] <= most[0] && most[0] <= half[0] && half[0] <= one.middle);
        assert!(one.middle <= half[1] && half[1] <= most[1] && most[1] <= nearly[1]);
    }
}

#[test]
fn a_movement_is_a_step_at_once_and_until_somebody_looked_open() {
    let mut life = Life::new();
    life.lives(0..40, |_| [1.0, 0.0]);
    life.lives(40..41, |_| [4.0, 0.0]);
    let chart = life.chart();
    assert_eq!(chart.events.len(), 1);
    let event = chart.events[0];
    assert!(event.kind == EventKind::Moved && event.is_open && (event.by - 3.0).abs() < 0.1);
    // The days before are not lost while the step settles, and stand where they were.
    assert!(chart.days.len() >= 39, "{}", chart.days.len());
    assert!(chart.days.iter().all(|day| (day.value - 1.0).abs() < 0.2));
    life.lives(41..50, |_| [4.0, 0.0]);
    // Somebody looked after its last reading.
    life.bank
        .looked_at(life.device, event.at.plus(2 * 86_400_000));
    let chart = life.chart();
    assert!(!chart.events[0].is_open);
    let (first, last) = (chart.days[0], *chart.days.last().expect("days"));
    assert!((first.value - 1.0).abs() < 0.2 && (last.value - 4.0).abs() < 0.2);
    // The trend runs in two pieces, one on either level.
    let pieces = chart.trend.expect("a trend").pieces;
    assert_eq!(pieces.len(), 2, "{pieces:?}");
    assert!((pieces[0][1].value - 1.0).abs() < 0.3 && (pieces[1][1].value - 4.0).abs() < 0.3);
}

#[test]
fn what_was_mounted_anew_goes_on_where_it_was_and_the_silence_is_a_gap() {
    let mut life = Life::new();
    life.lives(0..30, |_| [2.0, 0.0]);
    life.lives(36..50, |_| [7.0, 0.0]);
    let chart = life.chart();
    assert_eq!(chart.events.len(), 1);
    assert_eq!(chart.events[0].kind, EventKind::MountedAnew);
    assert!(
        chart.days.iter().all(|day| (day.value - 2.0).abs() < 0.3),
        "{:?}",
        chart.days
    );
    assert!((chart.level.expect("a level") - 2.0).abs() < 0.3);
    // So does what is foreseen; single readings are told as they came.
    let first = chart.ahead.first().expect("a forecast");
    assert!((first.middle - 2.0).abs() < 0.5, "{first:?}");
    assert!(chart.raw.last().expect("readings").low > 6.0);
    let begun = chart.raw[0].from_day;
    let told: Vec<i64> = chart
        .raw
        .iter()
        .map(|span| (span.from_day - begun) as i64)
        .collect();
    assert!(
        told.contains(&30) && !told.contains(&33) && told.contains(&37),
        "{told:?}"
    );
    assert!(
        chart
            .days
            .windows(2)
            .any(|pair| pair[1].number - pair[0].number >= 5)
    );
}

#[test]
fn a_sensor_that_told_nothing_has_an_empty_chart_with_its_reason() {
    let chart = Life::new().chart();
    assert!(chart.is_empty() && chart.newest.is_none() && chart.level.is_none());
    assert_eq!(chart.grade, DeformGrade::CannotTell);
    let [zh, en] = &chart.untold[0];
    assert!(zh.contains("没有可用的读数") && en.contains("no reading"));
}

#[test]
fn few_days_are_told_by_the_hour_and_long_ones_by_the_last_hundred_days() {
    let mut life = Life::new();
    life.lives(0..3, |_| [1.0, 0.0]);
    let chart = life.chart();
    assert!(
        chart.raw_is_hourly && chart.raw.len() == 72,
        "{}",
        chart.raw.len()
    );
    assert!(chart.ahead.is_empty());
    assert!(
        chart
            .untold
            .iter()
            .any(|[_, en]| en.contains("no forecast"))
    );
    life.lives(3..140, |_| [1.0, 0.0]);
    let chart = life.chart();
    assert!(!chart.raw_is_hourly && chart.raw.len() <= 100);
    let (first, last) = (chart.raw[0], chart.raw[chart.raw.len() - 1]);
    assert!(last.from_day - first.from_day < 100.0);
    let span = chart.days[chart.days.len() - 1].number - chart.days[0].number;
    assert!(span < 100, "{span}");
    assert!(chart.newest.expect("readings") > sample::MORNING.plus(139 * DAY_MS));
    let told = life.bank.assess(life.device).and_then(|one| one.grade);
    assert_eq!(told, Some(MonitorGrade::Normal));
}
