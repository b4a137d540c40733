//! What people order about alarms, from the command line through the engine and over its restart.

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::engine::text;
use super::on_record::{Running, done, program};

/// The command with an engine's line, or without one.
fn alarms(city: &Path, engine: Option<&Running>, words: &[&str]) -> Output {
    let mut command = program();
    command.arg("alarms").arg(city);
    if let Some(engine) = engine {
        command.args(["--connect", &engine.url, "--token", &engine.token]);
    }
    command.args(words).output().unwrap()
}

fn listed(city: &Path, engine: Option<&Running>) -> Value {
    let output = alarms(city, engine, &["--json"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn carried_out(city: &Path, engine: &Running, words: &[&str]) {
    let output = alarms(city, Some(engine), words);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

fn refused(city: &Path, engine: Option<&Running>, words: &[&str], why: &str) {
    let output = alarms(city, engine, words);
    let told = text(&output.stderr);
    assert!(!output.status.success() && told.contains(why), "{told}");
}

/// The list, once it holds an alarm.
fn wait(city: &Path, engine: &Running) -> Value {
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        let list = listed(city, Some(engine));
        if list["alarms"].as_array().unwrap().len() > 1 {
            return list;
        }
        assert!(Instant::now() < until, "the flood brings no alarm: {list}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_is_shelved_stands_last_and_outlives_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.gpkg");
    done(
        program()
            .args(["generate", "--area", "zjl", "--out"])
            .arg(&city),
    );
    refused(&city, None, &[], "nothing ran this city yet");
    let engine = Running::start(&city, &["--simulate", "flood"]);
    let list = wait(&city, &engine);
    let first = &list["alarms"][0];
    let id = |name: &str| first[name].as_str().unwrap().to_owned();
    let (alarm, device) = (id("alarm"), id("device"));
    let shelve = [
        "shelve",
        &device,
        "--for",
        "30m",
        "--reason",
        "being cleaned",
        "--by",
        "Li",
    ];
    refused(&city, None, &shelve, "--connect");
    if first["grade"] == "red" {
        refused(&city, Some(&engine), &shelve, "acknowledge it first");
    }
    carried_out(&city, &engine, &["ack", &alarm, "--by", "Li"]);
    refused(
        &city,
        Some(&engine),
        &["ack", &alarm, "--by", "He"],
        "by Li already",
    );
    let too_long = shelve.map(|word| if word == "30m" { "9h" } else { word });
    refused(&city, Some(&engine), &too_long, "8 hours at most");
    let without = shelve.map(|word| if word == "being cleaned" { " " } else { word });
    refused(&city, Some(&engine), &without, "a reason must be given");
    carried_out(&city, &engine, &shelve);
    let list = listed(&city, Some(&engine));
    let last = list["alarms"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["alarm"], &last["aside"]),
        (&alarm.as_str().into(), &"shelved".into())
    );
    assert_eq!(
        list["put_aside"][0]["standing"]["shelf"]["reason"],
        "being cleaned"
    );

    drop(engine);
    let list = listed(&city, None);
    assert_eq!(list["live"], false);
    assert_eq!(list["put_aside"][0]["of"]["device"], device.as_str());
    let engine = Running::start(&city, &["--simulate", "flood"]);
    carried_out(&city, &engine, &["unshelve", &device, "--by", "He"]);
    assert_eq!(
        listed(&city, Some(&engine))["put_aside"],
        serde_json::json!([])
    );
    let page = alarms(&city, Some(&engine), &["--lang", "en"]);
    let page = text(&page.stdout);
    assert!(
        page.contains("Acknowledged · Li") && page.contains(&alarm),
        "{page}"
    );

    let of = |words: &[&str]| {
        let output = alarms(&city, None, &[&["figures", "--json"], words].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["figures"].clone()
    };
    let told = of(&[]);
    assert!(told["raised"].as_u64().unwrap() >= 2, "{told}");
    assert_eq!(
        (&told["acknowledged"]["count"], &told["shelved"]),
        (&1.into(), &1.into())
    );
    assert_eq!(of(&["--in", "第一网格"])["positions"], 1);
    refused(
        &city,
        None,
        &["figures", "--month", "2026-13"],
        "write it like 2026-05",
    );
    refused(
        &city,
        None,
        &["figures", "--month", "1999-01"],
        "the log begins after it",
    );
}
