//! What devices send, in every format, and the table of feeds that says how it is read.

use pingjiang::base::Timestamp;
use pingjiang::feed::payload::{
    AHEAD_MS, FeedTable, Format, Message, PAYLOAD_BYTES_MAX, Readings, Refusal, decode,
};

use crate::bodies::Seen;
use crate::own_tables::strict;

/// 2026-05-01 08:30 in Suzhou.
const NOW: Timestamp = Timestamp::from_millis(1_777_595_400_000);
/// 2000-01-01.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);

/// What is put before a table's own feeds: a few payloads that each table must stand.
const SAMPLES: [&str; 4] = [
    r#"{"payload":{"battery":7,"items":[{"ts":1777595400000,"lel":3},{"lel":"ALARM"}]}}"#,
    "编号\t时间\tX\tY\t单位\nQJ-01\t2026-05-01 08:00:00\t1\t2\tmrad\n",
    r#"[{"bn":"gw-1/","n":"t","v":8},{"n":"up","vb":true},{"n":"x","v":1}]"#,
    "online",
];

/// A table: strict; every filter can be subscribed to; whatever it says, what comes of a payload is a
/// plausible observation or a refusal.
pub fn feeds(bytes: &[u8]) -> Seen {
    let table = match strict(bytes, FeedTable::from_toml) {
        Ok(table) => table,
        Err(seen) => return seen,
    };
    let filters = table.filters();
    for filter in &filters {
        let levels: Vec<_> = filter.split('/').collect();
        for (place, level) in levels.iter().enumerate() {
            assert!(!level.contains(['+', '#']) || level.len() == 1, "{filter}");
            assert!(*level != "#" || place + 1 == levels.len(), "{filter}");
        }
    }
    let mut seen = Vec::new();
    for filter in filters {
        let topic = filter.strip_prefix("$share/");
        let topic = topic.and_then(|rest| rest.split_once('/'));
        let topic = topic.map_or(filter.as_str(), |(_, topic)| topic);
        // Wildcards stand for themselves as names.
        for payload in SAMPLES {
            seen.push(outcome(&table, topic, payload.as_bytes()));
        }
    }
    Seen::of((table.all().len(), seen))
}

/// JSON of any shape, in the built-in envelope of vendors.
pub fn json(bytes: &[u8]) -> Seen {
    standard(Format::Json, "pingjiang/vendor/x", bytes)
}

/// Lines.
pub fn csv(bytes: &[u8]) -> Seen {
    standard(Format::Csv, "pingjiang/csv", bytes)
}

/// SenML packs.
pub fn senml(bytes: &[u8]) -> Seen {
    standard(Format::Senml, "pingjiang/senml", bytes)
}

/// Words of a last will.
pub fn word(bytes: &[u8]) -> Seen {
    standard(Format::Word, "pingjiang/status/A-1", bytes)
}

fn standard(format: Format, topic: &str, bytes: &[u8]) -> Seen {
    let table = FeedTable::standard();
    let is_meant = table.all().iter().any(|feed| feed.format == format);
    assert!(is_meant, "{format:?}");
    let told = match outcome(&table, topic, bytes) {
        Ok(told) => told,
        Err(refusal) => return Seen::message(&refusal.to_string()),
    };
    match told.iter().find_map(|reading| reading.as_ref().err()) {
        Some(refusal) if told.iter().all(Result::is_err) => Seen::message(&refusal.to_string()),
        _ => Seen::of(told),
    }
}

/// What each reading told, as far as inputs differ by it.
type Told = Vec<Result<[bool; 5], Refusal>>;

fn outcome(table: &FeedTable, topic: &str, bytes: &[u8]) -> Result<Told, Refusal> {
    let message = |retained| Message {
        topic,
        payload: bytes,
        retained,
        arrived: NOW,
    };
    let (_, readings) = decode(table, message(false), 480)?;
    assert!(bytes.len() <= PAYLOAD_BYTES_MAX && !readings.is_empty());
    check(&readings);
    // A message that the broker kept may be told no fresher than it is.
    let (_, kept) = decode(table, message(true), 480)?;
    let ages = kept.iter().flatten().filter(|it| it.value.is_some());
    assert!(ages.into_iter().all(|it| it.at.is_some()), "ageless");
    let told = readings.into_iter().take(8).map(|reading| {
        reading.map(|it| {
            [
                it.at.is_some(),
                it.value.is_some(),
                it.second.is_some(),
                it.battery_percent.is_some(),
                it.online.is_some(),
            ]
        })
    });
    Ok(told.collect())
}

fn check(readings: &Readings) {
    for reading in readings.iter().flatten() {
        assert!(!reading.device.trim().is_empty());
        let numbers = [
            reading.value,
            reading.second,
            reading.temperature_c,
            reading.battery_percent,
        ];
        assert!(
            numbers.into_iter().flatten().all(f64::is_finite),
            "{reading:?}"
        );
        if let Some(at) = reading.at {
            assert!((EARLIEST..=NOW.plus(AHEAD_MS)).contains(&at), "{reading:?}");
        }
        let tells = [reading.value, reading.battery_percent];
        assert!(reading.online.is_some() || tells.iter().any(Option::is_some));
    }
}

fn bytes(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Envelopes.
pub fn json_seeds() -> Vec<Vec<u8>> {
    bytes(&[
        r#"{"厂家":"甲","上报时间":"2026-05-01 08:30:00","数据":[{"设备编号":"A-1","数值":"1500","单位":"mA","电量":12},{"设备编号":1002,"数值":"报警","温度":-3.5}]}"#,
        r#"{"deviceId":"A-1","reportTime":1777595400000,"value":3,"在线状态":"在线"}"#,
        r#"[{"deviceId":"A-1","reportTime":1777595400,"value":3e2},{"设备编号":"A-2","在线状态":0}]"#,
        SAMPLES[0],
    ])
}

/// Lines with and without what may be missing.
pub fn csv_seeds() -> Vec<Vec<u8>> {
    bytes(&[
        "A-1,2026-05-01 08:30:00,21.5\nA-2,,7,8\r\n",
        "\"A \"\"1\"\"\",1777595400,1e3\n,,\n",
        "A-1,20260501083000,-0.5,0\n",
    ])
}

/// Packs out of the RFC and our own.
pub fn senml_seeds() -> Vec<Vec<u8>> {
    bytes(&[
        r#"[{"bn":"urn:dev:A-1/","bt":1.7775954e9,"bu":"mA","bver":5,"bv":1,"n":"value","u":"A","v":20},{"n":"value","t":-5,"v":1.2},{"n":"temperature","u":"Cel","v":8}]"#,
        r#"[{"n":"A-1/value","vb":true},{"n":"A-1/battery","v":50},{"n":"x","vs":"y"},{"n":"a","s":3}]"#,
        SAMPLES[2],
    ])
}

/// Words.
pub fn word_seeds() -> Vec<Vec<u8>> {
    bytes(&["online", " OFFLINE\n", "在线", "离线", "1", "false", "Ｏｎ"])
}
