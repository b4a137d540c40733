//! How well the monitor does where the truth is known: false alarms, delay, bias, steps, spikes and
//! sensors mounted anew. A short run with every test; the long one prints the tables of docs/monitor.md:
//! `cargo test --no-default-features --lib -- --ignored --nocapture monitor::tests::proof`.

use super::super::*;
use super::truth::{BRICK, Chance, START_MS, Truth};

const DAY_MS: i64 = 86_400_000;

/// What happened to one sensor, looked at once a day.
#[derive(Default)]
struct Course {
    /// Days from the start on which the rate first gave a grade.
    raised_day: Vec<i64>,
    moved: u32,
    unconfirmed: u32,
    mounted: u32,
    last: Option<Assessment>,
}

/// Lets a sensor live; `change` may alter what it tells.
fn course(truth: Truth, days: u32, change: &mut dyn FnMut(&mut Sample)) -> Course {
    let table = MonitorTable::standard();
    let gauge = Gauge::Tilt(Mounting::plain(TiltUnit::Permille));
    let gross = table.gross(Quantity::Tilt);
    let mut monitor = SeriesMonitor::default();
    let mut course = Course::default();
    let (mut day, mut was_raised) = (0, false);
    for mut sample in truth.readings(days) {
        change(&mut sample);
        match gauge.take(&mut monitor, &sample, &gross, 480) {
            Some(Seen::Moved(_)) => course.moved += 1,
            Some(Seen::Unconfirmed(_)) => course.unconfirmed += 1,
            Some(Seen::MountedAnew(_)) => course.mounted += 1,
            _ => {}
        }
        let today = (sample.at.millis() - START_MS) / DAY_MS;
        if today == day {
            continue;
        }
        day = today;
        let assessment = assess(&Followed::of(&monitor, &gauge), &BRICK, &table);
        let is_raised = assessment.by_rate >= Some(MonitorGrade::Attention);
        if is_raised && !was_raised {
            course.raised_day.push(today);
        }
        was_raised = is_raised;
        course.last = Some(assessment);
    }
    course
}

fn nothing(_: &mut Sample) {}

/// A moving house whose movement begins at some time of the year.
fn moving(seed: u64, size_month: f64) -> Truth {
    let way = Chance::new(seed ^ 77).share() * std::f64::consts::TAU;
    Truth {
        seed,
        rate_month: [size_month * way.sin(), size_month * way.cos()],
        onset_day: 60.0 + (seed * 37 % 300) as f64,
        ..Truth::default()
    }
}

/// How many days after its onset each of the houses was raised; `None` for one that was not, or was
/// before.
fn delays(seeds: std::ops::Range<u64>, size_month: f64, tells: bool) -> Vec<Option<i64>> {
    seeds
        .map(|seed| {
            let mut truth = moving(seed, size_month);
            truth.tells_temperature = tells;
            let days = truth.onset_day as u32 + 61;
            let raised = course(truth, days, &mut nothing).raised_day;
            let delay = raised.first().map(|day| day - truth.onset_day as i64);
            delay.filter(|delay| *delay > 0)
        })
        .collect()
}

fn within(delays: &[Option<i64>], days: i64) -> usize {
    delays
        .iter()
        .flatten()
        .filter(|delay| **delay <= days)
        .count()
}

fn false_alarms(seeds: std::ops::Range<u64>, days: u32, tells: bool) -> usize {
    let each = seeds.map(|seed| {
        let truth = Truth {
            seed,
            tells_temperature: tells,
            ..Truth::default()
        };
        course(truth, days, &mut nothing).raised_day.len()
    });
    each.sum()
}

/// A step of so many ‰ at some time of some day.
fn stepping(seed: u64, size: f64) -> Course {
    let mut chance = Chance::new(seed ^ 5);
    let at = START_MS + ((20.0 + 20.0 * chance.share()) * DAY_MS as f64) as i64;
    let truth = Truth {
        seed,
        missing: 0.0,
        ..Truth::default()
    };
    course(truth, 50, &mut |sample| {
        if sample.at.millis() >= at {
            sample.first += size;
        }
    })
}

/// One wild reading a day, of any size, and a sensor mounted anew after an hour's silence on day 30.
fn disturbed(seed: u64) -> Course {
    let mut chance = Chance::new(seed ^ 9);
    let truth = Truth {
        seed,
        missing: 0.0,
        ..Truth::default()
    };
    let mut count = 0_u64;
    course(truth, 50, &mut |sample| {
        count += 1;
        let day = (sample.at.millis() - START_MS) as f64 / DAY_MS as f64;
        if (30.0..30.05).contains(&day) {
            sample.first = f64::NAN;
        }
        if day >= 30.05 {
            sample.first += 4.0;
            sample.second = sample.second.map(|value| value - 3.0);
        }
        if count % 144 == 71 {
            sample.first += 3.0 + 30.0 * chance.share();
        }
    })
}

#[test]
fn slow_leans_are_raised_within_three_weeks() {
    let found = delays(0..8, 0.5, true);
    assert_eq!(within(&found, 21), 8, "{found:?}");
}

#[test]
fn steps_are_unconfirmed_first_and_moved_at_the_second_reading() {
    for seed in 0..10 {
        let course = stepping(seed, 2.5);
        assert_eq!((course.unconfirmed, course.moved), (1, 1), "seed {seed}");
    }
}

#[test]
fn spikes_and_a_sensor_mounted_anew_are_no_movement() {
    for seed in 0..5 {
        let course = disturbed(seed);
        assert_eq!((course.moved, course.mounted), (0, 1), "seed {seed}");
        assert!(
            course.raised_day.is_empty(),
            "seed {seed}: {:?}",
            course.raised_day
        );
    }
}

/// Coverage and bias of the rate over 90 days of houses that move from the start.
fn rates_told(seeds: std::ops::Range<u64>, size_month: f64) -> (f64, f64, usize) {
    let (mut bias, mut width, mut held) = (0.0, 0.0, 0);
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let truth = Truth {
            onset_day: 0.0,
            ..moving(seed, size_month)
        };
        let last = course(truth, 120, &mut nothing)
            .last
            .expect("it was looked at");
        let rate = last.rates[3];
        bias += (rate.size - size_month) / count as f64;
        width += (rate.high - rate.low) / count as f64;
        held += usize::from((rate.low..=rate.high).contains(&size_month));
    }
    (bias, width, held)
}

#[test]
fn a_rate_lies_in_its_interval() {
    let (bias, _, held) = rates_told(0..8, 0.5);
    assert!(held >= 7 && bias.abs() < 0.05, "{held} of 8, bias {bias}");
}

#[test]
#[ignore = "runs for minutes, and prints the tables of docs/monitor.md"]
fn tables() {
    println!(
        "| ‰ a month | raised within 21 days | within 60 | median delay, days |\n|---|---|---|---|"
    );
    for (size, tells) in [
        (0.3, true),
        (0.5, true),
        (1.0, true),
        (3.0, true),
        (0.5, false),
        (3.0, false),
    ] {
        let found = delays(0..40, size, tells);
        let mut days: Vec<f64> = found.iter().flatten().map(|day| *day as f64).collect();
        let middle = median(&mut days).map_or("–".to_owned(), |day| format!("{day}"));
        let told = if tells { "" } else { ", no temperature" };
        println!(
            "| {size}{told} | {} of 40 | {} of 40 | {middle} |",
            within(&found, 21),
            within(&found, 60)
        );
    }
    println!(
        "false alarms, 30 sensors × 2 years: {}",
        false_alarms(100..130, 730, true)
    );
    println!(
        "without temperature: {}",
        false_alarms(100..130, 730, false)
    );
    println!("| ‰ a month | bias | width of the interval | held |\n|---|---|---|---|");
    for size in [0.1, 0.5, 2.0] {
        let (bias, width, held) = rates_told(0..40, size);
        println!("| {size} | {bias:+.3} | {width:.3} | {held} of 40 |");
    }
    let steps: Vec<_> = (0..100).map(|seed| stepping(seed, 2.5)).collect();
    let right = steps
        .iter()
        .filter(|one| (one.unconfirmed, one.moved) == (1, 1))
        .count();
    println!("steps of 2.5 ‰ told at the second reading: {right} of 100");
    let steps: Vec<_> = (0..100).map(|seed| stepping(seed, 2.0)).collect();
    let right = steps.iter().filter(|one| one.moved == 1).count();
    println!("steps of 2.0 ‰ told as movement: {right} of 100");
    let wild: Vec<_> = (0..100).map(disturbed).collect();
    let moved: u32 = wild.iter().map(|one| one.moved).sum();
    let mounted = wild.iter().filter(|one| one.mounted == 1).count();
    println!("4,900 spikes and 100 mountings: {moved} told as movement, {mounted} mountings known");
}
