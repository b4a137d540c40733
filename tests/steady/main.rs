//! An engine that runs for long: the real program on a real mosquitto at a steady pace, and a simulated
//! month in which a desk handles what comes up. What is published is archived, once; what the engine
//! holds in memory stops growing.
//!
//! `cargo test` runs a short form of both, many times as fast; `make soak MINUTES=90 DAYS=30` the long
//! one, which tells the memory over time and fails where it grows by more than the aim.
#![cfg(all(feature = "net", target_os = "linux"))]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/broker.rs"]
mod broker;
mod desk;
mod gateway;
mod memory;
mod month;
mod pace;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/running.rs"]
mod running;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;

// The sample city names them as the library does.
use pingjiang::{base, model};

use month::Month;
use pace::Pace;

/// A number that whoever runs a long form gives.
fn asked(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn what_is_published_is_archived_once_and_nothing_of_it_stays_in_memory() {
    pace::hold(&Pace::SHORT);
}

#[test]
fn days_that_are_handled_leave_nothing_behind() {
    month::hold(&Month::SHORT);
}

#[test]
#[ignore = "MINUTES of it; make soak runs it"]
fn long_run() {
    pace::hold(&Pace::long(asked("MINUTES", 90)));
}

#[test]
#[ignore = "DAYS of it; make soak runs it"]
fn long_month() {
    month::hold(&Month::long(asked("DAYS", 30)));
}
