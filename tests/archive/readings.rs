//! `readings`: a table for people in two languages, one for programs, JSON; and what it refuses.

use super::*;

#[test]
fn single_readings_are_listed_by_device_time() {
    let city = City::new().with_readings();
    let tilt = tilt().to_string();
    let span = ["--from", &at(10), "--to", &at(13)];
    let asked = [&["readings", &tilt][..], &span].concat();
    let document = document(&city.run(&[&asked[..], &["--json"]].concat()));
    assert_eq!(document["unit"], "mrad");
    assert_eq!(document["raw_since"], serde_json::Value::Null);
    let readings = document["readings"].as_array().unwrap();
    assert_eq!(readings.len(), 3);
    assert_eq!(readings[0]["second"], -0.25);
    assert!(document["rollups"].as_array().unwrap().is_empty());

    let (page, notes) = told(&city.run(&asked));
    assert_eq!(notes, "");
    let lines: Vec<_> = page.lines().collect();
    assert!(
        lines[0].contains("倾斜") && lines[0].contains("[mrad]"),
        "{page}"
    );
    assert_eq!(lines[1], "2026-05-01 08:10 – 2026-05-01 08:13");
    let words: Vec<_> = lines[3].split_whitespace().collect();
    assert_eq!(words, ["设备时间", "数值", "第二轴", "收到"]);
    assert!(lines[4].starts_with("2026-05-01 08:10:00  0.5"), "{page}");
    assert_eq!(lines.len(), 7);
    let (page, _) = told(&city.run(&[&asked[..], &["--lang", "en"]].concat()));
    assert!(page.contains("second axis"), "{page}");

    let (csv, _) = told(&city.run(&[&asked[..], &["--csv"]].concat()));
    let first = csv.lines().nth(1).unwrap();
    let expected = "2026-05-01T08:10:00.000+08:00,raw,1,0.5,0.5,0.5,-0.25,-0.25,-0.25,,\
                    2026-05-01T08:10:00.500+08:00";
    assert_eq!(first, expected);
}

#[test]
fn rollups_are_those_of_the_readings_before_and_after_these_went() {
    let city = City::new().with_readings();
    let smoke = smoke().to_string();
    let hours = |city: &City| {
        let asked = ["readings", &smoke, "--step", "hour", "--json"];
        document(&city.run(&asked))["rollups"].clone()
    };
    let before = hours(&city);
    assert_eq!(before.as_array().unwrap().len(), 3);
    assert_eq!(before[1]["value"]["min"], 60.0 / 64.0);
    let city = city.thinned();
    assert_eq!(hours(&city), before);
    let (page, _) = told(&city.run(&["readings", &smoke, "--step", "day", "--lang", "en"]));
    assert!(
        page.lines()
            .any(|line| line.starts_with("2026-05-01  180 ")),
        "{page}"
    );
}

#[test]
fn who_asks_for_readings_that_are_gone_gets_minutes_and_is_told() {
    let city = City::new().with_readings().thinned();
    let smoke = smoke().to_string();
    let output = city.run(&["readings", &smoke, "--lang", "en"]);
    let (page, notes) = told(&output);
    assert!(
        notes.contains("before 2026-05-01 10:00 single readings are no longer kept"),
        "{notes}"
    );
    assert!(page.contains("least") && page.contains("arrived"), "{page}");
    let document = document(&city.run(&["readings", &smoke, "--json"]));
    assert_eq!(document["step"], "minute");
    assert_eq!(document["rollups"].as_array().unwrap().len(), 120);
    assert_eq!(document["readings"].as_array().unwrap().len(), 60);
    // The tilt sensor keeps its own, and the moment knows both.
    let (_, notes) = told(&city.run(&["readings", &tilt().to_string()]));
    assert_eq!(notes, "");
}

#[test]
fn a_moment_whose_readings_are_gone_has_the_means_of_minutes_and_says_so() {
    let city = City::new().with_readings().thinned();
    let smoke = smoke().to_string();
    let asked = ["query", "incident", &smoke, "--when", &at(90), "--json"];
    let path = city.path();
    let asked = [&asked[..1], &[path.to_str().unwrap()], &asked[1..]].concat();
    let output = command::pingjiang(&asked);
    let (page, notes) = told(&output);
    assert!(output.status.success(), "{notes}");
    assert!(notes.contains("no longer kept"), "{notes}");
    // The reading of minute 89, which the batch before that moment brought.
    assert!(page.contains(&(89.0 / 64.0).to_string()), "{page}");
}

#[test]
fn what_cannot_be_answered_is_refused_with_a_reason() {
    let city = City::new();
    let smoke = smoke().to_string();
    let fault = refused(&city.run(&["readings", &smoke]));
    assert!(fault.contains("no archive beside"), "{fault}");
    drop(city.archive());
    let fault = refused(&city.run(&["readings", &smoke]));
    assert!(fault.contains("holds nothing yet"), "{fault}");
    let city = city.with_readings();
    for (device, reason) in [
        (
            "dev-0000000000000001",
            "neither the city nor its archive knows",
        ),
        ("nobody", "has no device \"nobody\""),
    ] {
        let fault = refused(&city.run(&["readings", device]));
        assert!(fault.contains(reason), "{fault}");
    }
    for to in [at(3), at(2)] {
        let asked = ["readings", &smoke, "--from", &at(3), "--to", &to];
        let fault = refused(&city.run(&asked));
        assert!(fault.contains("--from must lie before --to"), "{fault}");
    }
    let empty = [
        "readings",
        &smoke,
        "--from",
        &at(-60),
        "--to",
        &at(-30),
        "--lang",
        "en",
    ];
    let (page, _) = told(&city.run(&empty));
    assert!(page.contains("nothing was measured"), "{page}");
    let both = city.run(&["readings", &smoke, "--json", "--csv"]);
    assert_eq!(both.status.code(), Some(2));
}
