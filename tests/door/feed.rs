//! Readings by HTTP, and what the engine then tells of itself.

use std::io::{BufRead, BufReader, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::engine::{City, Engine};

/// Milliseconds since 1970, so many seconds ago.
fn ago(seconds: u64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap() - seconds * 1_000
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

struct Sender {
    engine: Engine,
    token: String,
}

impl Sender {
    fn new(city: &City, arguments: &[&str]) -> Self {
        city.done("add", &["gateway", "--role", "planner", "--no-password"]);
        let scopes = [
            "--scope",
            "feed:readings",
            "--scope",
            "feed:slow",
            "--scope",
            "feed:x",
        ];
        let token = city.done("token", &[&["gateway", "hall"][..], &scopes].concat());
        let engine = Engine::start(city, arguments);
        Self { engine, token }
    }

    fn send(&self, path: &str, headers: &[(&str, &str)], media: &str, body: &[u8]) -> (u16, Value) {
        let path = format!("/api/v1/feeds/{path}");
        let body = Some((media, body.to_vec()));
        let (status, _, answer) = self.engine.send(&self.token, "POST", &path, headers, body);
        (status, answer)
    }

    /// How many readings of a device the engine has taken.
    fn count(&self, key: &str) -> u64 {
        let all = self
            .engine
            .get(&self.engine.token, "/api/v1/devices?limit=1000");
        let all = all["devices"].as_array().unwrap();
        let one = all.iter().find(|one| one["key"] == key).unwrap();
        one["readings"].as_u64().unwrap()
    }
}

#[test]
fn readings_come_in_every_form_and_are_committed_when_answered() {
    let city = City::new();
    let sender = Sender::new(&city, &[]);
    let one = json!({"device": "smoke 0", "time": ago(60), "value": 0.5}).to_string();
    let (status, answer) = sender.send("readings", &[], "application/json", one.as_bytes());
    assert_eq!((status, &answer["taken"]), (200, &json!(1)), "{answer}");
    assert_eq!(sender.count("smoke 0"), 1, "there once it is answered");
    let list = json!([{"device": "smoke 1", "time": ago(60), "value": 0.5},
        {"device": "nobody", "value": 1}, {"device": "smoke 1", "time": ago(50), "value": "x"}]);
    let (status, answer) = sender.send(
        "readings",
        &[],
        "application/json; charset=utf-8",
        list.to_string().as_bytes(),
    );
    let refused = json!({"unknown device": 1, "no value": 1});
    assert_eq!((status, &answer["refused"]), (200, &refused), "{answer}");
    let lines: String = (0..5_000)
        .map(|number| {
            let line = json!({"device": "smoke 2", "time": ago(9_000 - number), "value": 0.1});
            format!("{line}\n")
        })
        .collect();
    let packed = gzip(lines.as_bytes());
    let headers = [("Content-Encoding", "gzip")];
    let (status, answer) = sender.send("readings", &headers, "application/x-ndjson", &packed);
    assert_eq!((status, &answer["taken"]), (200, &json!(5_000)), "{answer}");
    assert_eq!(sender.count("smoke 2"), 5_000);
    let csv = format!("smoke 3,{},0.2\nsmoke 3,{},0.3\n", ago(60), ago(50));
    let (status, answer) = sender.send("readings", &[], "text/csv", csv.as_bytes());
    assert_eq!((status, &answer["taken"]), (200, &json!(2)), "{answer}");
    let senml = br#"[{"bn":"smoke 4/","n":"value","v":0.4}]"#;
    let (status, answer) = sender.send("readings", &[], "application/senml+json", senml);
    assert_eq!((status, &answer["taken"]), (200, &json!(1)), "{answer}");
    let named = br#"{"value":0.4}"#;
    let (status, answer) = sender.send("readings?device=smoke%205", &[], "application/json", named);
    assert_eq!((status, &answer["taken"]), (200, &json!(1)), "{answer}");

    let (_, _, text) = sender.engine.send("", "GET", "/metrics", &[], None);
    let text = text.as_str().unwrap();
    for line in [
        "pingjiang_readings_total 5006",
        "pingjiang_http_refused_total{reason=\"unknown device\"} 1",
        "pingjiang_archive_waiting_batches 0",
        "# TYPE pingjiang_tick_seconds histogram",
        "pingjiang_rules_in_force{sha256=\"built-in\"} 1",
    ] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
    let (status, _, health) = sender.engine.send("", "GET", "/healthz", &[], None);
    assert_eq!(
        (status, &health["healthy"]),
        (200, &json!(true)),
        "{health}"
    );
}

#[test]
fn a_request_that_is_sent_again_is_answered_as_before() {
    let city = City::new();
    let sender = Sender::new(&city, &["--archive", "memory"]);
    let body = json!({"device": "smoke 0", "time": ago(60), "value": 0.5}).to_string();
    let headers = [("Idempotency-Key", "a-1")];
    let send = |body: &str| sender.send("readings", &headers, "application/json", body.as_bytes());
    let first = send(&body);
    assert_eq!(first.0, 200, "{}", first.1);
    assert_eq!(send(&body), first);
    assert_eq!(sender.count("smoke 0"), 1);
    let (status, problem) = send(&body.replace("0.5", "0.6"));
    assert_eq!(status, 422, "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("another body"),
        "{problem}"
    );
    // A request that came to nothing leaves its key free.
    let headers = [("Idempotency-Key", "a-2")];
    let (status, problem) = sender.send("readings", &headers, "application/json", b"{");
    assert_eq!(
        (status, &problem["refused"]["malformed"]),
        (422, &json!(1)),
        "{problem}"
    );
    let (status, _) = sender.send("readings", &headers, "application/json", body.as_bytes());
    assert_eq!(status, 200);
}

#[test]
fn what_is_not_taken_is_told_with_its_remedy() {
    let city = City::new();
    let table = "[[feed]]\nid = \"slow\"\nzh = \"慢\"\nen = \"Slow\"\nhttp = \"slow\"\nhttp_per_minute = 10\n\
                 format = \"json\"\ndevice = \"device\"\nvalue = \"value\"\n";
    std::fs::write(city.folder().join("city.feeds.toml"), table).unwrap();
    let sender = Sender::new(&city, &["--archive", "memory"]);
    let refused =
        |path: &str, headers: &[(&str, &str)], media: &str, body: &[u8], status, told: &str| {
            let (code, problem) = sender.send(path, headers, media, body);
            assert_eq!(code, status, "{problem}");
            assert!(
                problem["detail"].as_str().unwrap().contains(told),
                "{problem}"
            );
        };
    let body = br#"{"device":"smoke 0","value":0.1}"#;
    let json = "application/json";
    refused("other", &[], json, body, 403, "scope feed:NAME");
    refused("x", &[], json, body, 404, "has: slow");
    refused("slow", &[], "text/csv", body, 415, "application/json");
    let (status, _) = sender.send("slow", &[], json, body);
    // One at once, and one every six seconds.
    assert_eq!(status, 429);
    let sender = Sender {
        engine: Engine::start(&City::new(), &["--archive", "memory"]),
        ..sender
    };
    assert_eq!(
        sender.send("readings", &[], json, body).0,
        401,
        "another city's token"
    );

    let city = City::new();
    let sender = Sender::new(&city, &["--archive", "memory"]);
    let refused = |headers: &[(&str, &str)], body: &[u8], status, told: &str| {
        let (code, problem) = sender.send("readings", headers, json, body);
        assert_eq!(code, status, "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains(told),
            "{problem}"
        );
    };
    let gzipped = [("Content-Encoding", "gzip")];
    refused(&gzipped, b"not gzip", 400, "not gzip");
    refused(&gzipped, &gzip(&vec![b' '; 17 << 20]), 413, "unpacked");
    refused(&[("Content-Encoding", "br")], body, 415, "gzip");
    refused(&[], &vec![b' '; 9 << 20], 413, "in parts");
    refused(&[("Idempotency-Key", "")], body, 400, "1 to 200");
    refused(&[], b"\xff\xfe", 422, "refused");
}

#[test]
fn events_begin_where_somebody_left_off() {
    let city = City::new();
    let arguments = [
        "--archive",
        "memory",
        "--simulate",
        "flood",
        "--speed",
        "600",
    ];
    let engine = Engine::start(&city, &arguments);
    let follow = |path: &str, last: Option<&str>, count: usize| -> Vec<(String, Value)> {
        let mut request = ureq::get(format!("{}{path}", engine.url))
            .header("Authorization", format!("Bearer {}", engine.token));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let answer = request.call().unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(kind, "text/event-stream");
        let lines = BufReader::new(answer.into_body().into_reader()).lines();
        let (mut events, mut id) = (Vec::new(), String::new());
        for line in lines.map(Result::unwrap) {
            if let Some(told) = line.strip_prefix("id: ") {
                told.clone_into(&mut id);
            }
            if let Some(data) = line.strip_prefix("data: ") {
                events.push((id.clone(), serde_json::from_str(data).unwrap()));
                if events.len() == count {
                    break;
                }
            }
        }
        events
    };
    let begun = follow("/api/v1/events", None, 3);
    assert_eq!(begun[0].1["event"], "reset");
    assert_eq!(begun[1].1["event"], "batch");
    let numbers: Vec<u64> = begun.iter().map(|(id, _)| id.parse().unwrap()).collect();
    assert_eq!(numbers[1..], [numbers[0] + 1, numbers[0] + 2]);
    assert_eq!(begun[2].1["batch"]["number"], numbers[2]);
    let again = follow("/api/v1/events?after=1", Some(&begun[1].0), 1);
    assert_eq!(again[0], begun[2], "from the last event on");
    let ahead = follow("/api/v1/events?after=99999999", None, 1);
    assert_eq!(ahead[0].1["event"], "reset", "a gap is told");
    assert_eq!(engine.ask("", "GET", "/api/v1/events", None).0, 401);
}
