//! Engines that take readings from files: a watched folder over kills, a recording that is replayed.
#![cfg(feature = "net")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/running.rs"]
mod running;
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use pingjiang::base::Timestamp;
// The sample city names them as the library does.
use pingjiang::{base, model};
use serde_json::Value;

use running::{City, Engine, PROGRAM, text};
use sample::{MORNING, device_id};

/// Readings of a smoke detector, one a second, each on a line.
fn lines(from: Timestamp, number: u32, count: i64) -> String {
    let line = |second: i64| {
        let at = from.plus(second * 1_000).millis();
        format!("smoke {number},{at},{}\n", 0.5 + second as f64 / 1e6)
    };
    (0..count).map(line).collect()
}

fn files_in(folder: &Path) -> usize {
    let all = fs::read_dir(folder).into_iter().flatten();
    all.filter(|one| one.as_ref().is_ok_and(|one| one.path().is_file()))
        .count()
}

fn state(engine: &Engine) -> Value {
    engine.get(&engine.token, "/v1/state")
}

#[test]
fn a_watched_folder_is_emptied_over_kills_and_nothing_is_doubled() {
    let city = City::new();
    let folder = city.folder().join("in");
    fs::create_dir(&folder).unwrap();
    let watch = folder.display().to_string();
    // Of today: of old ones rollups alone are kept.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let from = Timestamp::from_millis(now.as_millis() as i64 - 5_000_000);
    let start = || Engine::start(&city, &["--watch", &watch]);
    for number in 0..6 {
        fs::write(
            folder.join(format!("{number}.csv")),
            lines(from, number, 4_000),
        )
        .unwrap();
    }
    let press = format!("help_button 0,{},1\n", from.millis());
    fs::write(folder.join("press.csv"), &press).unwrap();
    let mut engine = start();
    engine.wait("the first is done", || {
        (files_in(&folder.join("done")) > 0).then_some(())
    });
    engine.kill();
    let mut engine = start();
    engine.wait("all are done", || {
        (files_in(&folder.join("done")) >= 7).then_some(())
    });
    assert_eq!(files_in(&folder), 0);
    // Once more, as when the move was lost.
    fs::write(folder.join("press.csv"), &press).unwrap();
    fs::write(folder.join("odd.csv"), "nobody,2026-05-01 08:00:00,1\n").unwrap();
    engine.wait("the odd one", || {
        (files_in(&folder.join("refused")) == 2).then_some(())
    });
    engine.wait("once more", || {
        (files_in(&folder.join("done")) >= 8).then_some(())
    });
    let state = state(&engine);
    assert_eq!(state["feed"]["name"], "files");
    assert_eq!(state["alarms_raised"], 1);
    engine.kill();
    assert_eq!(city.archived()[0], 24_001, "each reading once");
}

#[test]
fn a_recording_is_replayed_at_its_own_times_and_says_so() {
    let city = City::new();
    let file = city.folder().join("day.csv");
    let at = |second: i64| MORNING.plus(second * 1_000).millis();
    // Ten minutes; somebody presses in the fifth and lets go, and is late in the file.
    let pressed = format!("help_button 0,{},1\nhelp_button 0,{},0\n", at(300), at(310));
    fs::write(&file, lines(MORNING, 0, 600) + &pressed).unwrap();
    let shown = file.display().to_string();
    let arguments = ["--replay", &shown, "--speed", "200"];
    let mut engine = Engine::start(&city, &arguments);
    let is_played = |engine: &Engine| {
        let state = state(engine);
        let last = &state["devices"][device_id("smoke", 0).to_string()]["last"];
        (last["at"] == at(599)).then_some(state)
    };
    let state = engine.wait("all of it", || is_played(&engine));
    assert_eq!(state["feed"]["name"], "replay");
    assert_eq!(state["feed"]["replayed"], true);
    let alarms = state["alarms"].as_object().unwrap();
    let alarm = alarms.values().next().unwrap();
    assert_eq!((alarms.len(), &alarm["raised_at"]), (1, &at(300).into()));
    assert_eq!(alarm["returned_at"], at(310));
    let now = state["at"].as_i64().unwrap();
    assert!(
        (at(599)..at(100_000)).contains(&now),
        "the recording's time: {now}"
    );
    engine.wait_log("all of the recording was replayed");
    engine.kill();
    // Begun again it goes on where the archive ends.
    let mut engine = Engine::start(&city, &arguments);
    engine.wait("once more", || is_played(&engine));
    engine.wait_log("all of the recording was replayed");
    assert_eq!(is_played(&engine).unwrap()["alarms_raised"], 1);
    engine.kill();
    assert_eq!(city.archived()[0], 602, "each reading once");
}

#[test]
fn a_recording_is_not_mixed_into_a_log_that_lies_behind_it() {
    let city = City::new();
    let file = city.folder().join("day.csv");
    let refused = |arguments: &[&str]| {
        let mut command = Command::new(PROGRAM);
        command
            .env_remove("PINGJIANG_KEY")
            .arg("run")
            .arg(city.path());
        let output = command.args(arguments).output().unwrap();
        assert!(!output.status.success());
        text(&output.stderr)
    };
    let shown = file.display().to_string();
    let told = refused(&["--replay", &shown]);
    assert!(
        told.contains("day.csv") && told.contains("check the name"),
        "{told}"
    );
    fs::write(&file, "nobody,2026-05-01 08:00:00,1\n").unwrap();
    let told = refused(&["--replay", &shown]);
    assert!(told.contains("no reading in it of a device"), "{told}");
    fs::write(&file, lines(MORNING, 0, 10)).unwrap();
    let told = refused(&["--replay", &shown, "--mqtt", "mqtt://broker"]);
    assert!(told.contains("cannot be used with"), "{told}");
    let told = refused(&["--watch", "no/such/folder"]);
    assert!(
        told.contains("no/such/folder") && told.contains("no such folder"),
        "{told}"
    );
    let told = refused(&["--speed", "10"]);
    assert!(
        told.contains("--replay") && told.contains("--simulate"),
        "{told}"
    );
    drop(Engine::start(&city, &[]));
    let told = refused(&["--replay", &shown]);
    assert!(
        told.contains("2026-05-01 08:00:00") && told.contains("--archive"),
        "{told}"
    );
}
