//! Messages that cannot be used are counted by reason and never stop the feed.

use super::broker::{Broker, Login};
use super::engine::{City, Engine, ago, device, reading};

#[test]
fn what_cannot_be_used_is_counted_and_the_feed_goes_on() {
    let Some(broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    let city = City::new();
    let engine = Engine::connected(&city, &broker.url(), &[]);
    let topic = "pingjiang/json/smoke 0";
    broker.publish_bytes(topic, &vec![b'['; 10_000_000], &Login::default());
    broker.publish_bytes(topic, &vec![b' '; 300_000], &Login::default());
    broker.publish_bytes(topic, b"\xff\xfe\x00", &Login::default());
    for payload in [
        "{",
        r#"{"value":NaN}"#,
        r#"{"value":"inf"}"#,
        r#"{"value":1,"time":"1970-01-01 00:00:00"}"#,
        r#"{"value":1,"time":"2099-01-01T00:00:00+08:00"}"#,
        r#"{"value":1,"time":"soon"}"#,
        r#"{"temperature":1}"#,
    ] {
        broker.publish(topic, payload);
    }
    let flood: String = (0..20_000)
        .map(|number| format!("nobody {number},,1\n"))
        .collect();
    broker.publish_lines("pingjiang/csv", &flood);
    broker.publish(topic, &reading(ago(1), 0.5));
    let id = device("smoke", 0).to_string();
    engine.wait_state("the good one", |state| state["devices"][&id]["count"] == 1);
    let state = engine.wait_state("all are counted", |state| {
        state["feed"]["connection"]["refused"]["unknown device"] == 20_000
    });
    let connection = &state["feed"]["connection"];
    let expected = serde_json::json!({
        "too large": 2, "not UTF-8": 1, "malformed": 2, "not finite": 1, "time before 2000": 1,
        "time ahead": 1, "time not understood": 1, "no value": 1, "unknown device": 20_000,
    });
    assert_eq!(connection["refused"], expected);
    assert_eq!(connection["connections"], 1, "it never broke off");
    assert_eq!(state["feed"]["refused"], 20_010);
    assert_eq!(state["devices"].as_object().unwrap().len(), 1);
    let told = engine.log().matches("unknown device").count();
    assert!((1..=5).contains(&told), "{told} lines of the log");
}

#[test]
fn what_cannot_be_listened_to_is_told() {
    let run = |arguments: &[&str]| {
        let city = City::new();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_pingjiang"))
            .arg("run")
            .arg(city.path())
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let told = run(&["--mqtt", "http://broker"]);
    assert!(told.contains("mqtt://HOST"), "{told}");
    let told = run(&["--mqtt", "mqtt://broker", "--feeds", "no_such.toml"]);
    assert!(told.contains("no_such.toml"), "{told}");
    let told = run(&["--mqtt", "mqtts://broker", "--mqtt-ca", "no_such.pem"]);
    assert!(told.contains("no_such.pem"), "{told}");
    let told = run(&["--mqtt", "mqtts://broker", "--mqtt-ca", "Cargo.toml"]);
    assert!(told.contains("no certificate of an authority"), "{told}");
}
