//! Messages against a small city: names, counts, marks.

use super::*;
use crate::model::sample::{MORNING, city, device_id};

const TABLE: &str = r#"
[[feed]]
id = "a"
zh = "甲"
en = "A"
topics = ["a/{device}"]
format = "json"
time = "t"
value = "v"
battery = "b"
online = "o"
devices = { "X-1" = "smoke 1", "X-2" = "no such key" }

[[feed]]
id = "b"
zh = "乙"
en = "B"
topics = ["b/{device}"]
format = "json"
value = "v"
dataset = "other"
"#;

fn intake(ground: &Ground) -> (Intake, Arc<Inbox>) {
    let inbox = Arc::new(Inbox::new(1_000));
    let table = FeedTable::from_toml(TABLE).unwrap();
    let kinds = Arc::new(KindTable::standard());
    (Intake::new(table, ground, &kinds, inbox.clone()), inbox)
}

fn send(intake: &Intake, topic: &str, payload: &str) -> u64 {
    intake.take(Message {
        topic,
        payload: payload.as_bytes(),
        retained: false,
        arrived: MORNING,
    })
}

#[test]
fn a_device_is_found_by_id_key_and_column() {
    let mut ground = city(2);
    let mut second = ground.devices[&device_id("smoke", 0)].clone();
    second.source.dataset = "other".to_owned();
    second.id = DeviceId::from_source("other", "smoke 0");
    ground.devices.insert(second.id, second.clone());
    let (intake, inbox) = intake(&ground);
    let found = |topic: &str| {
        send(&intake, topic, r#"{"v":1}"#);
        inbox.take().readings.first().map(|it| it.device)
    };
    let [first, one] = [0, 1].map(|number| device_id("smoke", number));
    assert_eq!(found(&format!("a/{first}")), Some(first));
    assert_eq!(
        found(&format!("a/{}", first.to_string().to_uppercase())),
        Some(first)
    );
    assert_eq!(found("a/smoke 1"), Some(one));
    assert_eq!(found("a/X-1"), Some(one));
    assert_eq!(found("b/smoke 0"), Some(second.id), "of the data set named");
    for topic in ["a/smoke 0", "a/X-2", "a/dev-0000000000000001", "b/smoke 1"] {
        assert_eq!(found(topic), None, "{topic}");
    }
    assert_eq!(intake.counts().refused[&Refusal::UnknownDevice], 4);
}

#[test]
fn everything_is_counted_and_marked() {
    let (intake, inbox) = intake(&city(2));
    let marks = [
        send(
            &intake,
            "a/smoke 0",
            r#"[{"v":1,"b":10},{"v":2,"t":1},{"v":3,"t":"x"}]"#,
        ),
        send(&intake, "a/smoke 1", r#"{"o":false}"#),
        send(&intake, "a/smoke 0", "{"),
        send(&intake, "c", "{}"),
    ];
    assert_eq!(marks, [1, 2, 2, 2], "what is refused waits for nothing");
    intake.refuse_large("a/smoke 0", MORNING);
    let counts = intake.counts();
    assert_eq!(
        (counts.messages, counts.readings, counts.presences),
        (5, 1, 1)
    );
    let refused: Vec<_> = counts.refused.into_iter().collect();
    let expected = [
        (Refusal::UnknownTopic, 1),
        (Refusal::TooLarge, 1),
        (Refusal::Malformed, 1),
        (Refusal::NoTime, 1),
        (Refusal::TooOld, 1),
    ];
    assert_eq!(refused, expected);
    assert_eq!(counts.low_battery.len(), 1);
    assert_eq!(counts.last_message, Some(MORNING));
    let taken = inbox.take();
    assert_eq!(
        (taken.readings.len(), taken.presences.len(), taken.refused),
        (1, 1, 5)
    );
    send(&intake, "a/smoke 0", r#"{"b":90}"#);
    assert!(intake.counts().low_battery.is_empty(), "a new battery");
}

#[test]
fn the_log_shows_samples() {
    let told: Vec<_> = (0..2_000)
        .filter(|count| is_told(*count, count + 1))
        .collect();
    assert_eq!(told, [0, 9, 99, 999]);
    assert!(is_told(5, 17) && !is_told(20, 99));
}

#[test]
fn a_long_message_waits_for_room_and_loses_nothing() {
    const COUNT: usize = 12_000;
    let ground = city(2);
    let inbox = Arc::new(Inbox::new(5_000));
    let table =
        FeedTable::from_toml(&TABLE.replace("topics = [\"b/{device}\"]", "http = \"b\"")).unwrap();
    let kinds = Arc::new(KindTable::standard());
    let intake = Intake::new(table, &ground, &kinds, inbox.clone());
    let emptied = inbox.clone();
    let engine = std::thread::spawn(move || {
        let mut readings = 0;
        while readings < COUNT {
            let taken = emptied.take();
            readings += taken.readings.len();
            assert_eq!(taken.dropped, 0);
            emptied.acknowledge(taken.up_to);
        }
        readings
    });
    let body: Vec<String> = (0..COUNT)
        .map(|number| format!("{{\"v\":{number}}}"))
        .collect();
    let body = format!("[{}]", body.join(","));
    let feed = intake.table().by_http("b").next().unwrap();
    let id = device_id("smoke", 0).to_string();
    let message = Message {
        topic: "b",
        payload: body.as_bytes(),
        retained: false,
        arrived: MORNING,
    };
    let receipt = intake.take_by(feed, Some(&id), message);
    assert_eq!((receipt.readings, receipt.is_whole), (COUNT as u64, true));
    assert_eq!(engine.join().unwrap(), COUNT);
    assert!(inbox.acknowledged() >= receipt.mark);
}
