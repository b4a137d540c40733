//! Every format against the built-in table and tables of vendors; no bytes make a panic.

use super::*;
use proptest::prelude::*;

/// 2026-05-01 08:30 in Suzhou.
const MOMENT: Timestamp = Timestamp::from_millis(1_777_595_400_000);
const NOW: Timestamp = MOMENT.plus(60_000);

fn all(table: &FeedTable, topic: &str, payload: &[u8]) -> Result<Readings, Refusal> {
    let message = Message {
        topic,
        payload,
        retained: false,
        arrived: NOW,
    };
    decode(table, message, 480).map(|(_, readings)| readings)
}

fn standard(topic: &str, payload: &str) -> Result<Readings, Refusal> {
    all(&FeedTable::standard(), topic, payload.as_bytes())
}

/// Device, time, value of a reading that is in order.
fn plain(reading: &Result<Observation, Refusal>) -> (&str, Option<Timestamp>, Option<f64>) {
    let told = reading.as_ref().unwrap();
    (&told.device, told.at, told.value)
}

fn one(topic: &str, payload: &str) -> Result<Observation, Refusal> {
    standard(topic, payload)?.remove(0)
}

#[test]
fn json_by_the_topic_s_device() {
    let told = one(
        "pingjiang/json/S-7",
        r#"{"time":1777595400,"value":"21.5","second":-3,"temperature":4,"battery":88,"online":true}"#,
    );
    let expected = Observation {
        device: "S-7".to_owned(),
        at: Some(MOMENT),
        value: Some(21.5),
        second: Some(-3.0),
        temperature_c: Some(4.0),
        battery_percent: Some(88.0),
        online: Some(true),
    };
    assert_eq!(told, Ok(expected));
    let list = standard(
        "pingjiang/json/S-7",
        r#"[{"value":1},{"value":2},{"val":3}]"#,
    )
    .unwrap();
    assert_eq!(plain(&list[0]), ("S-7", None, Some(1.0)));
    assert_eq!(plain(&list[1]), ("S-7", None, Some(2.0)));
    assert_eq!(list[2], Err(Refusal::NoValue));
}

#[test]
fn envelopes_of_vendors_with_chinese_names_units_and_words() {
    let payload = r#"{"厂家":"甲","上报时间":"2026-05-01 08:30:00","数据":[
        {"设备编号":"A-1","数值":"1500","单位":"mA","电量":12},
        {"设备编号":1002,"数值":"报警","上报时间":"2026-05-01 08:29:00"},
        {"设备编号":"A-3","数值":"???"}]}"#;
    let list = standard("pingjiang/vendor/cn/7", payload).unwrap();
    assert_eq!(plain(&list[0]), ("A-1", Some(MOMENT), Some(1.5)));
    assert_eq!(list[0].as_ref().unwrap().battery_percent, Some(12.0));
    let before = Some(MOMENT.plus(-60_000));
    assert_eq!(plain(&list[1]), ("1002", before, Some(1.0)));
    assert_eq!(list[2], Err(Refusal::NoValue));
    let single = r#"{"deviceId":"A-1","reportTime":1777595400000,"value":3}"#;
    let list = standard("pingjiang/vendor", single).unwrap();
    assert_eq!(plain(&list[0]), ("A-1", Some(MOMENT), Some(3.0)));
}

#[test]
fn csv_with_and_without_a_head() {
    let list = standard(
        "pingjiang/csv",
        "A-1,2026-05-01 08:30:00,21.5\nA-2,,7,8\r\n,,3\n",
    )
    .unwrap();
    assert_eq!(plain(&list[0]), ("A-1", Some(MOMENT), Some(21.5)));
    assert_eq!(plain(&list[1]), ("A-2", None, Some(7.0)));
    assert_eq!(list[1].as_ref().unwrap().second, Some(8.0));
    assert_eq!(list[2], Err(Refusal::NoDevice));
    let own = table(
        "topics = [\"t\"]\nformat = \"csv\"\nseparator = \";\"\ndevice = \"编号\"\ntime = \"时间 | 日期\"\n\
         value = \"值\"\nscale = 0.1\noffset = -1.0",
    );
    let list = all(&own, "t", "值;日期;编号\n30;20260501083000;甲\n".as_bytes()).unwrap();
    assert_eq!(plain(&list[0]), ("甲", Some(MOMENT), Some(2.0)));
}

#[test]
fn senml_is_resolved_and_put_together() {
    let pack = r#"[{"bn":"urn:dev:A-1/","bt":1777595400,"bu":"mA","bv":1,"n":"value","v":20},
        {"n":"temperature","u":"Cel","v":8},{"n":"value","v":21,"t":-60},
        {"bn":"A-2:","n":"value","vb":true,"bt":0},{"n":"other","v":1},{"n":"value","vd":"AA"}]"#;
    let list = standard("pingjiang/senml", pack).unwrap();
    assert_eq!(list[..2], [Err(Refusal::NoValue), Err(Refusal::NoValue)]);
    let mut told: Vec<_> = list[2..].iter().map(plain).collect();
    told.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let expected = [
        ("A-2", Some(NOW), Some(1.0)),
        ("urn:dev:A-1", Some(MOMENT.plus(-60_000)), Some(22.0)),
        ("urn:dev:A-1", Some(MOMENT), Some(21.0)),
    ];
    assert_eq!(told, expected);
    let warm = list.iter().flatten().find_map(|it| it.temperature_c);
    assert_eq!(warm, Some(9.0), "a base value holds for all numbers");
    for pack in [
        "{}",
        "[1]",
        r#"[{"n":"a/value","v":"1"}]"#,
        r#"[{"bver":11}]"#,
        r#"[{"x_":1}]"#,
    ] {
        assert_eq!(
            standard("pingjiang/senml", pack),
            Err(Refusal::Malformed),
            "{pack}"
        );
    }
    assert_eq!(standard("pingjiang/senml", "[]"), Err(Refusal::NoValue));
}

#[test]
fn a_last_will_is_a_word() {
    let word = |text| one("pingjiang/status/A-1", text).map(|told| told.online);
    assert_eq!(word(" online\n"), Ok(Some(true)));
    assert_eq!(word("离线"), Ok(Some(false)));
    assert_eq!(word("0"), Ok(Some(false)));
    assert_eq!(word("perhaps"), Err(Refusal::NoValue));
    let own = table("topics = [\"v/{device}\"]\nformat = \"word\"");
    let list = all(&own, "v/A-1", b"3.5").unwrap();
    assert_eq!(plain(&list[0]), ("A-1", None, Some(3.5)));
}

#[test]
fn every_refusal_has_its_reason() {
    let json = |text: &str| one("pingjiang/json/A-1", text);
    assert_eq!(one("somewhere/else", "{}"), Err(Refusal::UnknownTopic));
    assert_eq!(
        json(&" ".repeat(PAYLOAD_BYTES_MAX + 1)),
        Err(Refusal::TooLarge)
    );
    for text in ["", "{", "NaN", r#"{"value":NaN}"#, r#"{"value":1e999}"#] {
        assert_eq!(json(text), Err(Refusal::Malformed), "{text}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(json(&deep), Err(Refusal::Malformed), "deep");
    assert_eq!(
        all(&FeedTable::standard(), "pingjiang/json/A-1", b"\xff"),
        Err(Refusal::NotUtf8)
    );
    for text in [
        r#"{"value":"nan"}"#,
        r#"{"value":"inf"}"#,
        r#"{"value":1,"second":"-inf"}"#,
    ] {
        assert_eq!(json(text), Err(Refusal::NotFinite), "{text}");
    }
    for text in [r#"{"value":null}"#, "{}", "7", r#"{"value":[1]}"#] {
        assert_eq!(json(text), Err(Refusal::NoValue), "{text}");
    }
    assert_eq!(json(r#"{"value":1,"time":"soon"}"#), Err(Refusal::NoTime));
    assert_eq!(
        json(r#"{"value":1,"time":"1970-01-01 08:00:00"}"#),
        Err(Refusal::TooOld)
    );
    assert_eq!(json(r#"{"value":1,"time":0}"#), Err(Refusal::TooOld));
    assert_eq!(
        json(r#"{"value":1,"time":"2099-01-01T00:00:00Z"}"#),
        Err(Refusal::Ahead)
    );
    assert!(
        json(r#"{"value":1,"time":"2026-05-01 08:35:59"}"#).is_ok(),
        "a clock may run ahead"
    );
    assert_eq!(
        one("pingjiang/vendor", r#"{"value":1}"#),
        Err(Refusal::NoDevice)
    );
}

#[test]
fn what_was_kept_without_a_time_is_no_reading_and_a_kept_will_is() {
    let table = FeedTable::standard();
    let kept = |topic, payload: &str| {
        let message = Message {
            topic,
            payload: payload.as_bytes(),
            retained: true,
            arrived: NOW,
        };
        decode(&table, message, 480).unwrap().1.remove(0)
    };
    assert_eq!(
        kept("pingjiang/json/A-1", r#"{"value":1}"#),
        Err(Refusal::Ageless)
    );
    assert!(kept("pingjiang/json/A-1", r#"{"value":1,"time":1777595400}"#).is_ok());
    assert!(kept("pingjiang/status/A-1", "offline").is_ok());
    let relative = r#"[{"n":"A-1/value","v":1,"t":-5}]"#;
    assert_eq!(kept("pingjiang/senml", relative), Err(Refusal::Ageless));
}

/// A table of one feed.
fn table(fields: &str) -> FeedTable {
    FeedTable::from_toml(&format!(
        "[[feed]]\nid = \"a\"\nzh = \"甲\"\nen = \"A\"\n{fields}\n"
    ))
    .unwrap()
}

/// Fields of a feed, and what is told of them.
const FAULTS: &[(&str, &str)] = &[
    ("topics = []\nformat = \"json\"", "at least one"),
    ("topics = [\"a/#/b\"]\nformat = \"json\"", "# stands last"),
    (
        "topics = [\"a\"]\nformat = \"json\"\nvalue = \"v\"",
        "who is meant",
    ),
    ("topics = [\"a\"]\nformat = \"word\"", "who is meant"),
    ("topics = [\"{device}\"]\nformat = \"json\"", "what is told"),
    (
        "topics = [\"{device}\"]\nformat = \"json\"\nvalue = \"a..b\"",
        "a name is missing",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"csv\"\nvalue = \"v\"\nheader = false",
        "numbers from 1",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"csv\"\nvalue = \"v\"\nseparator = \"；\"",
        "ASCII",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"csv\"\nvalue = \"v\"\nreadings = \"v\"",
        "for json",
    ),
    (
        "topics = [\"a\"]\nformat = \"senml\"\ntime = \"t\"",
        "names of their own",
    ),
    (
        "topics = [\"a\"]\nformat = \"senml\"\ntime_form = \"text\"",
        "time_form",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"word\"\nscale = 0",
        "scale is not 0",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"word\"\nunits = { V = { offset = nan } }",
        "finite",
    ),
    (
        "topics = [\"{device}\"]\nformat = \"word\"\nwords = { a = inf }",
        "finite",
    ),
];

#[test]
fn a_faulty_table_is_told_with_line_and_remedy() {
    let fault = |fields: &str| {
        let text = format!("# feeds\n[[feed]]\nid = \"a\"\nzh = \"甲\"\nen = \"A\"\n{fields}\n");
        FeedTable::from_toml(&text).unwrap_err().to_string()
    };
    for (fields, told) in FAULTS {
        let fault = fault(fields);
        assert!(
            fault.starts_with("line 2: feed \"a\":") && fault.contains(told),
            "{fault}"
        );
    }
    let unknown = fault("topics = [\"a\"]\nformat = \"json\"\ntopic = 1");
    assert!(
        unknown.starts_with("line 8: unknown field `topic`"),
        "{unknown}"
    );
    let unknown = fault("topics = [\"a\"]\nformat = \"xml\"");
    assert!(unknown.starts_with("line 7: "), "{unknown}");
}

#[test]
fn a_topic_belongs_to_the_first_feed_and_each_filter_stands_once() {
    let filters = FeedTable::standard().filters();
    assert_eq!(filters.len(), 5);
    assert!(
        filters.contains(&"pingjiang/json/+".to_owned()),
        "{filters:?}"
    );
}

/// Topics of every format of the built-in table.
const TOPICS: [&str; 5] = [
    "pingjiang/json/A-1",
    "pingjiang/vendor/x",
    "pingjiang/csv",
    "pingjiang/senml",
    "pingjiang/status/A-1",
];

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let table = FeedTable::standard();
    for topic in TOPICS {
        for reading in all(&table, topic, bytes).into_iter().flatten().flatten() {
            prop_assert!(!reading.device.is_empty());
            prop_assert!(reading.value.is_none_or(f64::is_finite));
            prop_assert!(reading.at.is_none_or(|at| at <= NOW.plus(AHEAD_MS)));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        check(&bytes)?;
    }

    #[test]
    fn never_panics_on_texts_that_are_almost_in_order(
        text in "(\\[?\\{\"(n|v|t|bn|bt|bv|vs|time|value|数据|设备编号|上报时间)\":(\"[0-9a-z/:. -]{0,20}\"|-?[0-9]{1,20}(\\.[0-9]{1,9})?|true|null|\\[\\])\\}\\]?|[0-9A-Za-z,;\"\r\n :-]{0,60})"
    ) {
        check(text.as_bytes())?;
    }

    #[test]
    fn a_number_of_a_time_is_read_or_refused(text in "[0-9./T:Z+ -]{0,30}") {
        for form in [TimeForm::Auto, TimeForm::Seconds, TimeForm::Milliseconds, TimeForm::Text] {
            device_time::of_text(&text, form, 480);
        }
    }
}
