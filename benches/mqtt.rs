//! What listening to a broker costs: an engine that acknowledges after the commit beside a
//! subscriber that only counts, on the same mosquitto, draining the same queue; and how soon what is
//! published at a steady pace is durable and, where it is an alarm, told to followers. Prints one line
//! a case with the reference of the same run. Needs mosquitto and its clients.
#![cfg(feature = "net")]

#[path = "../tests/support/broker.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod broker;
#[path = "../tests/mqtt/engine.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod engine;
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

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use broker::{Broker, program};
use engine::{City, Engine, device, reading};
use serde_json::Value;

/// Devices of each kind.
const DEVICES: u32 = 200;
/// Messages that wait in the broker, one reading each.
const QUEUED: usize = 100_000;
/// Readings a second at a steady pace, and for how many seconds.
const PACE: u64 = 1_000;
const PACED_S: u64 = 20;
/// One of so many is the press of a help button.
const PRESS_EACH: u64 = 100;

fn main() {
    let Some(broker) = Broker::start("allow_anonymous true\nmax_inflight_messages 1000") else {
        return;
    };
    drain(&broker);
    pace(&broker);
}

/// A queue of messages at QoS 1, taken by a counting subscriber and by an engine in turn, twice.
fn drain(broker: &Broker) {
    let city = City::with(DEVICES);
    // Both have sessions for which the broker keeps what comes meanwhile.
    let counting = |count: usize| {
        let count = count.to_string();
        client(broker, "mosquitto_sub")
            .args(["-c", "-i", "counter", "-t", "pingjiang/#", "-C", &count])
            .stdout(Stdio::null())
            .spawn()
            .expect("mosquitto_sub")
    };
    let mut first = counting(1);
    drop(Engine::connected(&city, &broker.url(), &[]));
    let from = engine::ago(1_000_000);
    broker.publish("pingjiang/json/smoke 0", &reading(from, 0.0));
    first.wait().expect("one message");
    for turn in 0..2 {
        let first = (turn * QUEUED) as i64 + 1;
        for kind in 0..10_i64 {
            let share = QUEUED as i64 / 10;
            let lines = (0..share).map(|n| reading(from + first + kind * share + n, 0.5));
            let lines = lines.collect::<Vec<_>>().join("\n") + "\n";
            broker.publish_lines(&format!("pingjiang/json/smoke {kind}"), &lines);
        }
        let began = Instant::now();
        counting(QUEUED).wait().expect("all messages");
        let counted = rate(began.elapsed());
        let began = Instant::now();
        let engine = Engine::listening(&city, &broker.url(), &[]);
        let wanted = (QUEUED * (turn + 1)) as i64 + 1;
        while city.archived()[0] < wanted {
            std::thread::sleep(Duration::from_millis(20));
        }
        let taken = rate(began.elapsed());
        drop(engine);
        println!(
            "mqtt, {QUEUED} messages at QoS 1 that wait in the broker: durable and acknowledged \
             {taken:.0}/s, its start included; a counting subscriber {counted:.0}/s; {:.0} %",
            100.0 * taken / counted
        );
    }
}

fn rate(time: Duration) -> f64 {
    QUEUED as f64 / time.as_secs_f64()
}

fn client(broker: &Broker, name: &str) -> Command {
    let mut command = Command::new(program(name).expect("mosquitto-clients"));
    let port = broker.port.to_string();
    command.args(["-h", "127.0.0.1", "-p", &port, "-q", "1"]);
    command
}

/// A publisher of lines on one topic.
struct Publisher(Child, ChildStdin);

impl Publisher {
    fn start(broker: &Broker, topic: &str) -> Self {
        let mut command = client(broker, "mosquitto_pub");
        let spawned = command.args(["-t", topic, "-l"]).stdin(Stdio::piped());
        let mut child = spawned.spawn().expect("mosquitto_pub");
        let stdin = child.stdin.take().expect("its input");
        Self(child, stdin)
    }

    fn say(&mut self, line: &str) {
        writeln!(self.1, "{line}").expect("it listens");
    }
}

/// Numbers of messages as they arrive, with the moment; `of_line` reads them out of a line.
fn arrivals(
    from: impl BufRead + Send + 'static,
    of_line: impl Fn(&str) -> Vec<(u64, bool)> + Send + 'static,
) -> Receiver<(u64, bool, Instant)> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in from.lines().map_while(Result::ok) {
            let at = Instant::now();
            for (number, is_alarm) in of_line(&line) {
                if tell.send((number, is_alarm, at)).is_err() {
                    return;
                }
            }
        }
    });
    told
}

/// A steady pace of lines of CSV, watched by an engine's follower and by a subscriber.
fn pace(broker: &Broker) {
    let city = City::with(DEVICES);
    let engine = Engine::connected(&city, &broker.url(), &[]);
    let buttons: HashMap<String, u64> = (0..DEVICES)
        .map(|at| (device("help_button", at).to_string(), u64::from(at)))
        .collect();
    let durable = arrivals(BufReader::new(batches(&engine)), move |line| {
        told_in_batch(line, &buttons)
    });
    let mut subscriber = client(broker, "mosquitto_sub")
        .args(["-t", "pingjiang/csv"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("mosquitto_sub");
    let lines = BufReader::new(subscriber.stdout.take().expect("its output"));
    let seen = arrivals(lines, |line| {
        let number = line.rsplit(',').next().and_then(number_of);
        number.map(|number| (number, false)).into_iter().collect()
    });
    std::thread::sleep(Duration::from_secs(1));
    let mut publisher = Publisher::start(broker, "pingjiang/csv");
    let (mut sent, began) = (Vec::new(), Instant::now());
    for number in 0..PACE * PACED_S {
        let due = Duration::from_micros(number * 1_000_000 / PACE);
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        let (button, at) = (number / PRESS_EACH, engine::ago(0));
        let line = match number % PRESS_EACH {
            0 => format!("help_button {button},{at},1"),
            other => format!("smoke {other},{at},0.{number:06}1"),
        };
        sent.push(Instant::now());
        publisher.say(&line);
    }
    let wanted = sent.len() - sent.len() / PRESS_EACH as usize;
    let durable = lags(&durable, &sent, wanted + sent.len() / PRESS_EACH as usize);
    let seen = lags(&seen, &sent, wanted);
    for child in [&mut publisher.0, &mut subscriber] {
        child.kill().and_then(|()| child.wait()).expect("it runs");
    }
    tell("published to durable and told", &durable.0);
    tell("published to alarm in the event stream", &durable.1);
    tell("published to a plain subscriber (the reference)", &seen.0);
}

/// The stream of batches.
fn batches(engine: &Engine) -> impl Read + Send + 'static {
    let answer = ureq::get(format!("{}/v1/batches", engine.url))
        .header("Authorization", format!("Bearer {}", engine.token))
        .call()
        .expect("the engine answers");
    answer.into_body().into_reader()
}

/// Readings and alarms of a line of the event stream, by their numbers.
fn told_in_batch(line: &str, buttons: &HashMap<String, u64>) -> Vec<(u64, bool)> {
    let event: Value = serde_json::from_str(line).unwrap_or_default();
    let list = |name: &str| event["batch"][name].as_array().cloned().unwrap_or_default();
    let readings = list("readings").into_iter().filter_map(|one| {
        let number = number_of(&format!("{:.7}", one["value"].as_f64()?))?;
        Some((number, false))
    });
    let alarms = list("changes").into_iter().filter_map(|change| {
        let device = change["alarm"]["device"].as_str()?;
        Some((buttons.get(device)? * PRESS_EACH, true))
    });
    readings.chain(alarms).collect()
}

/// The number in a value such as 0.0000421.
fn number_of(value: &str) -> Option<u64> {
    let digits = value.trim().strip_prefix("0.")?;
    digits.get(..6)?.parse().ok()
}

/// What took how long, in milliseconds: readings and alarms.
fn lags(
    arrived: &Receiver<(u64, bool, Instant)>,
    sent: &[Instant],
    wanted: usize,
) -> (Vec<f64>, Vec<f64>) {
    let (mut readings, mut alarms) = (Vec::new(), Vec::new());
    while readings.len() + alarms.len() < wanted {
        let Ok((number, is_alarm, at)) = arrived.recv_timeout(Duration::from_secs(10)) else {
            println!("mqtt: {} of {wanted} came", readings.len() + alarms.len());
            break;
        };
        let Some(sent) = sent.get(number as usize) else {
            continue;
        };
        let ms = at.saturating_duration_since(*sent).as_secs_f64() * 1e3;
        match is_alarm {
            true => alarms.push(ms),
            false => readings.push(ms),
        }
    }
    (readings, alarms)
}

fn tell(what: &str, lags: &[f64]) {
    let mut lags = lags.to_vec();
    lags.sort_by(f64::total_cmp);
    let at = |share: usize| lags.get((lags.len().max(1) - 1) * share / 100);
    let told = |share| at(share).copied().unwrap_or(f64::NAN);
    println!(
        "mqtt, {PACE} readings/s: {what}: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms, of {}",
        told(50),
        told(99),
        told(100),
        lags.len()
    );
}
