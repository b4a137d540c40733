//! What is published arrives, also after broker or engine were killed.

use super::broker::Broker;
use super::engine::{City, Engine, ago, device, reading};
use super::sample;

/// Readings of one device, one a second, each on a line.
fn series(from: i64, count: i64) -> String {
    let lines = (0..count).map(|number| reading(from + number * 1_000, 0.5 + number as f64 / 1e6));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn readings_of_every_format_arrive_and_one_becomes_an_alarm_in_both_versions() {
    let Some(broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    for version in ["5", "3.1.1"] {
        let city = City::new();
        let engine = Engine::connected(&city, &broker.url(), &["--mqtt-version", version]);
        let now = ago(1);
        broker.publish("pingjiang/json/help_button 0", &reading(now, 1.0));
        broker.publish(
            "pingjiang/csv",
            &format!("tilt 0,{now},0.1,0.2\ntilt 1,{now},0.3,0.4\n"),
        );
        let vendor =
            format!(r#"{{"上报时间":{now},"数据":[{{"设备编号":"smoke 0","数值":"正常"}}]}}"#);
        broker.publish("pingjiang/vendor/a", &vendor);
        let gas = device("gas_leak", 0);
        let seconds = now as f64 / 1_000.0;
        let pack = format!(r#"[{{"bn":"{gas}/","bt":{seconds},"n":"value","v":1.5}}]"#);
        broker.publish("pingjiang/senml", &pack);
        let state = engine.wait_state("five devices", |state| {
            state["devices"].as_object().unwrap().len() == 5
        });
        let last = |kind, number| &state["devices"][device(kind, number).to_string()]["last"];
        assert_eq!(last("tilt", 1)["second"], 0.4);
        assert_eq!(last("gas_leak", 0)["value"], 1.5);
        assert_eq!(last("gas_leak", 0)["at"], now);
        assert_eq!(last("smoke", 0)["value"], 0.0);
        let alarms = state["alarms"].as_object().unwrap();
        assert_eq!(alarms.len(), 1);
        let pressed = device("help_button", 0).to_string();
        assert_eq!(alarms.values().next().unwrap()["device"], pressed);
        assert_eq!(state["feed"]["name"], "mqtt");
        assert_eq!(state["feed"]["refused"], 0);
    }
}

#[test]
fn a_broker_that_is_killed_is_listened_to_again_and_nothing_is_doubled() {
    let Some(mut broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    let city = City::new();
    let engine = Engine::connected(&city, &broker.url(), &[]);
    let from = ago(1_000);
    let topic = "pingjiang/json/smoke 0";
    broker.publish("pingjiang/json/help_button 0", &reading(from, 1.0));
    broker.publish_lines(topic, &series(from, 300));
    let last = device("smoke", 0).to_string();
    let is_at = |state: &serde_json::Value, second: i64| {
        state["devices"][&last]["last"]["at"] == from + second * 1_000
    };
    engine.wait_state("all of it", |state| is_at(state, 299));
    broker.kill();
    let state = engine.wait_state("it is cut off", |state| {
        state["feed"]["connection"]["connected"] == false
    });
    assert_eq!(state["feed"]["connection"]["connections"], 1);
    engine.wait_log("cut off from the broker");
    broker.start_again();
    let stands = |state: &serde_json::Value| state["feed"]["connection"]["connected"] == true;
    let state = engine.wait_state("it is back", stands);
    assert_eq!(state["feed"]["connection"]["connections"], 2);
    // A gateway that is not sure sends everything again.
    broker.publish("pingjiang/json/help_button 0", &reading(from, 1.0));
    broker.publish_lines(topic, &series(from, 600));
    let state = engine.wait_state("the second half", |state| is_at(state, 599));
    assert_eq!(
        state["alarms"].as_object().unwrap().len(),
        1,
        "pressed once"
    );
    drop(engine);
    assert_eq!(city.archived()[0], 601, "each reading once");
}

#[test]
fn an_engine_that_is_killed_loses_nothing_that_the_broker_has() {
    let Some(broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    let city = City::new();
    let mut engine = Engine::connected(&city, &broker.url(), &[]);
    let from = ago(10_000);
    let count = 2_000;
    let publisher = std::thread::scope(|scope| {
        let publisher = scope.spawn(|| {
            broker.publish_lines("pingjiang/json/smoke 0", &series(from, count));
            broker.publish("pingjiang/json/help_button 0", &reading(from, 1.0));
        });
        for _ in 0..3 {
            std::thread::sleep(std::time::Duration::from_millis(150));
            engine.kill();
            engine = Engine::listening(&city, &broker.url(), &[]);
        }
        publisher.join()
    });
    publisher.unwrap();
    let last = device("smoke", 0).to_string();
    let state = engine.wait_state("the end of it", |state| {
        let is_last = state["devices"][&last]["last"]["at"] == from + (count - 1) * 1_000;
        is_last && !state["alarms"].as_object().unwrap().is_empty()
    });
    assert_eq!(state["alarms"].as_object().unwrap().len(), 1);
    drop(engine);
    assert_eq!(city.archived()[0], count + 1, "each reading once");
}

#[test]
fn a_last_will_makes_a_device_silent_and_what_was_kept_has_its_age() {
    let Some(broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    let city = City::new();
    let old = sample::MORNING.millis();
    broker.publish_retained("pingjiang/json/smoke 1", &reading(old, 0.25));
    broker.publish_retained("pingjiang/json/smoke 2", r#"{"value":0.25}"#);
    let engine = Engine::connected(&city, &broker.url(), &[]);
    let state = engine.wait_state("what was kept", |state| {
        state["feed"]["connection"]["refused"]["kept without time"] == 1
    });
    let id = |number| device("smoke", number).to_string();
    assert_eq!(state["devices"][id(1)]["last"]["at"], old);
    assert!(
        state["devices"][id(2)].is_null(),
        "nobody knows how old it is"
    );

    broker.publish("pingjiang/json/smoke 0", &reading(ago(1), 0.25));
    let health = |state: &serde_json::Value| state["devices"][id(0)]["health"].clone();
    engine.wait_state("it is heard", |state| health(state) == "fine");
    let mut gateway = broker.client_with_will("pingjiang/status/smoke 0", "offline");
    // It is connected once it is known to the broker; its will is told however early it ends.
    std::thread::sleep(std::time::Duration::from_millis(500));
    gateway.kill().unwrap();
    gateway.wait().unwrap();
    engine.wait_state("its will", |state| health(state) == "silent");
    broker.publish("pingjiang/status/smoke 0", "在线");
    engine.wait_state("it is back", |state| health(state) == "fine");
}
