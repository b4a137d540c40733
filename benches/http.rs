//! What readings by HTTP cost: batches in JSON lines and in CSV, sent by four senders to an engine that
//! answers after the commit. The reference is reading the same bodies, and nothing else. Prints a line
//! a form.
#![cfg(feature = "net")]

#[path = "../tests/support/running.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod running;
#[path = "../src/model/sample/city.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod sample;
#[path = "../tests/support/sample_city.rs"]
mod sample_city;

// The sample city names them as the library does.
use pingjiang::{base, model};

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use pingjiang::base::Timestamp;
use pingjiang::feed::payload::{FeedTable, Message, decode_by};
use running::{City, Engine};

/// Devices of each kind.
const DEVICES: usize = 200;
/// Senders at a time, and how many batches each sends.
const SENDERS: usize = 4;
const BATCHES: usize = 20;
/// Readings in a batch.
const READINGS: usize = 5_000;

fn main() {
    for (media, line) in [
        ("application/x-ndjson", json as fn(usize, i64) -> String),
        ("text/csv", csv),
    ] {
        measure(media, line);
    }
}

fn json(device: usize, at_ms: i64) -> String {
    format!("{{\"device\":\"smoke {device}\",\"time\":{at_ms},\"value\":0.25}}\n")
}

fn csv(device: usize, at_ms: i64) -> String {
    format!("smoke {device},{at_ms},0.25\n")
}

/// The batches of one sender: its own devices, a second apart.
fn bodies(sender: usize, from_ms: i64, line: fn(usize, i64) -> String) -> Vec<String> {
    let own = DEVICES / SENDERS;
    let body = |batch: usize| {
        let of = |number: usize| {
            let (device, turn) = (sender * own + number % own, number / own);
            line(device, from_ms + (turn * 1_000) as i64)
        };
        (batch * READINGS..(batch + 1) * READINGS).map(of).collect()
    };
    (0..BATCHES).map(body).collect()
}

fn measure(media: &str, line: fn(usize, i64) -> String) {
    let city = City::with(DEVICES as u32);
    city.done("add", &["gateway", "--role", "planner", "--no-password"]);
    let token = city.done("token", &["gateway", "hall", "--scope", "feed:readings"]);
    let engine = Engine::start(&city, &[]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_ms = i64::try_from(now.expect("after 1970").as_millis()).expect("before 3000");
    let all: Vec<Vec<String>> = (0..SENDERS)
        .map(|sender| bodies(sender, now_ms - 3_600_000, line))
        .collect();
    let began = Instant::now();
    std::thread::scope(|scope| {
        for bodies in &all {
            let (engine, token) = (&engine, &token);
            scope.spawn(move || send(engine, token, media, bodies));
        }
    });
    let readings = (SENDERS * BATCHES * READINGS) as f64;
    let taken = readings / began.elapsed().as_secs_f64();
    assert_eq!(city.archived()[0] as f64, readings, "all are kept");
    let read = readings / read(media, now_ms, &all);
    println!(
        "http, {SENDERS} senders, batches of {READINGS} in {media}: durable and answered {taken:.0} \
         readings/s; reading the same bodies on one core {read:.0}/s; {:.0} %",
        100.0 * taken / read
    );
}

fn send(engine: &Engine, token: &str, media: &str, bodies: &[String]) {
    for body in bodies {
        let body = Some((media, body.clone().into_bytes()));
        let path = "/api/v1/feeds/readings";
        let (status, _, answer) = engine.send(token, "POST", path, &[], body);
        assert_eq!(status, 200, "{answer}");
    }
}

/// Seconds for reading the bodies alone.
fn read(media: &str, now_ms: i64, all: &[Vec<String>]) -> f64 {
    let table = FeedTable::standard();
    let is_csv = media == "text/csv";
    let feed = table
        .by_http("readings")
        .find(|feed| (feed.format == pingjiang::feed::payload::Format::Csv) == is_csv)
        .expect("the built-in feed");
    let began = Instant::now();
    let mut readings = 0;
    let mut take = |payload: &str| {
        let message = Message {
            topic: "readings",
            payload: payload.as_bytes(),
            retained: false,
            arrived: Timestamp::from_millis(now_ms),
        };
        let decoded = decode_by(feed, None, message, 480).expect("it can be read");
        readings += decoded.iter().filter(|one| one.is_ok()).count();
    };
    for body in all.iter().flatten() {
        match is_csv {
            true => take(body),
            false => body.lines().for_each(&mut take),
        }
    }
    assert_eq!(readings, SENDERS * BATCHES * READINGS);
    began.elapsed().as_secs_f64()
}
