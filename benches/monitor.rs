//! What following sensors of tilt costs: a reading, a device-year made anew, an assessment, a state in
//! memory; over 20, 40 and 80 device-years of 52,560 readings, to see that it grows evenly. Beside it the
//! same readings summed up, which is the least that anybody can do with them.
//!
//! `--years N` (the largest number of device-years, 80).

use std::hint::black_box;
use std::time::Instant;

use pingjiang::base::Timestamp;
use pingjiang::model::{Protection, Structure, Usage};
use pingjiang::monitor::{
    Followed, Gauge, MonitorTable, Mounting, Quantity, Sample, SeriesMonitor, Subject, TiltUnit,
    assess,
};

const A_YEAR: usize = 52_560;
const DEVICES: f64 = 8_000.0;
/// 2026-01-01T00:00 in Suzhou.
const START_MS: i64 = 1_767_196_800_000;
const BRICK: Subject = Subject {
    structure: Structure::Masonry,
    protection: Protection::None,
    usage: Usage::Residential,
    height_m: 9.0,
    storeys: 3,
};

fn main() {
    let most = argument("--years", 80);
    let table = MonitorTable::standard();
    println!("a reading every ten minutes, {A_YEAR} a device-year, dev profile, one core");
    println!(
        "| device-years | all | a device-year (aim 50 ms) | a reading (aim 20 µs) | summed up alone | \
         ratio | a state (aim 4096 bytes) | as kept |\n|---|---|---|---|---|---|---|---|"
    );
    let mut last_ms = 0.0;
    for years in [most / 4, most / 2, most] {
        last_ms = row(&table, years);
    }
    let hours = last_ms * DEVICES / 3_600_000.0;
    println!(
        "extrapolated, not measured: {DEVICES} devices for a year, 420 million readings: {:.1} minutes \
         on one core",
        hours * 60.0
    );
    growth(&table);
    assessments(&table);
}

fn argument(name: &str, otherwise: usize) -> usize {
    let mut words = std::env::args().skip_while(|word| word != name);
    let number = words.nth(1).and_then(|text| text.parse().ok());
    number.unwrap_or(otherwise)
}

/// A reading of a sensor: a day's swing, a season, noise, a slow lean.
fn sample(seed: usize, index: usize) -> Sample {
    let day = index as f64 / 144.0;
    let turn = |days: f64| (std::f64::consts::TAU * day / days).sin();
    let celsius = 16.0 - 12.0 * turn(365.25) + 4.0 * turn(1.0);
    // Noise that costs nothing to make: a walk through the bits of the index.
    let mixed = (index as u64 ^ (seed as u64) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let noise = (mixed >> 40) as f64 / f64::from(1_u32 << 24) - 0.5;
    Sample {
        at: Timestamp::from_millis(START_MS + index as i64 * 600_000),
        first: 1.2 + 0.002 * day + 0.06 * (celsius - 20.0) + 0.3 * noise,
        second: Some(-0.4 + 0.03 * (celsius - 20.0) - 0.3 * noise),
        temperature_c: Some(celsius),
    }
}

fn lives(table: &MonitorTable, seed: usize, readings: usize) -> SeriesMonitor {
    let gauge = gauge();
    let gross = table.gross(Quantity::Tilt);
    let mut monitor = SeriesMonitor::default();
    for index in 0..readings {
        gauge.take(&mut monitor, &sample(seed, index), &gross, 480);
    }
    monitor
}

fn gauge() -> Gauge {
    Gauge::Tilt(Mounting::plain(TiltUnit::Permille))
}

/// One row of the table; answers with the milliseconds of a device-year.
fn row(table: &MonitorTable, years: usize) -> f64 {
    let began = Instant::now();
    let mut bytes = 0;
    let mut kept = 0;
    for seed in 0..years {
        let monitor = lives(table, seed, A_YEAR);
        bytes = bytes.max(monitor.bytes());
        if seed == 0 {
            kept = serde_json::to_vec(&monitor)
                .expect("it can be written")
                .len();
        }
    }
    let all_s = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let mut sum = 0.0;
    for seed in 0..years {
        for index in 0..A_YEAR {
            let one = sample(seed, index);
            sum += one.first + one.second.unwrap_or(0.0);
        }
    }
    black_box(sum);
    let bare_s = began.elapsed().as_secs_f64();
    let year_ms = all_s * 1e3 / years as f64;
    println!(
        "| {years} | {all_s:.2} s | {year_ms:.1} ms | {:.2} µs | {:.2} µs | {:.1} × | {bytes} | {kept} |",
        year_ms * 1e3 / A_YEAR as f64,
        bare_s * 1e6 / (years * A_YEAR) as f64,
        all_s / bare_s,
    );
    year_ms
}

/// Whether a reading costs the same however long a sensor has been followed.
fn growth(table: &MonitorTable) {
    println!("| a sensor of | a reading |\n|---|---|");
    for years in [1, 2, 4] {
        let began = Instant::now();
        black_box(lives(table, 7, years * A_YEAR));
        let reading_us = began.elapsed().as_secs_f64() * 1e6 / (years * A_YEAR) as f64;
        println!("| {years} years | {reading_us:.2} µs |");
    }
}

fn assessments(table: &MonitorTable) {
    let monitor = lives(table, 3, 2 * A_YEAR);
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let began = Instant::now();
            black_box(assess(&Followed::of(&monitor, &gauge()), &BRICK, table));
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "an assessment: p50 {:.2} ms, p99 {:.2} ms",
        times[100], times[197]
    );
}
