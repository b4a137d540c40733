//! Orders while the archive cannot be written: carried out, and answered as what may be lost.

use std::process::Command;

use pingjiang::store::SqliteArchive;
use serde_json::{Value, json};

use super::engine::{City, Engine, PROGRAM, text};

#[test]
fn an_order_says_whether_it_is_on_disk() {
    let city = City::new();
    city.add("li", "operator");
    let engine = Engine::start(&city, &["--simulate", "flood", "--speed", "600"]);
    let li = engine.sign_in("li");
    let open = || {
        let alarms = engine.get(&li, "/api/v1/alarms?state=unacknowledged&limit=1000");
        let alarms = alarms["alarms"].as_array().unwrap().iter();
        let ids = alarms.map(|one| one["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    let alarms = engine.wait("three alarms", || Some(open()).filter(|all| all.len() >= 3));
    let acknowledge = |alarm: &str| {
        let command = json!({"command": "acknowledge", "alarm": alarm});
        engine.ask(&li, "POST", "/api/v1/commands", Some(&command))
    };
    let (status, done) = acknowledge(&alarms[0]);
    assert_eq!(
        (status, &done["uncommitted"]),
        (200, &json!(false)),
        "{done}"
    );

    // Somebody else holds the log, as a full or failing disk would keep it from being written.
    let log = SqliteArchive::folder_of(&city.path()).join("log.sqlite");
    let holder = rusqlite::Connection::open(log).unwrap();
    holder
        .busy_timeout(std::time::Duration::from_secs(60))
        .unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (status, done) = acknowledge(&alarms[1]);
    assert_eq!(
        (status, &done["uncommitted"]),
        (202, &json!(true)),
        "{done}"
    );
    let is_seen = |alarm: &str| {
        let one = engine.get(&li, &format!("/api/v1/alarms/{alarm}"));
        one["acknowledged"] != Value::Null
    };
    assert!(is_seen(&alarms[1]), "it is carried out all the same");
    let asked = Command::new(PROGRAM)
        .env_remove("PINGJIANG_KEY")
        .arg("alarms")
        .arg(city.path())
        .args(["--connect", &engine.url, "--token", &engine.token])
        .args(["ack", &alarms[2], "--by", "Wu", "--lang", "en"])
        .output()
        .unwrap();
    let told = text(&asked.stdout);
    assert!(
        told.contains("not got it on disk yet"),
        "{told}{}",
        text(&asked.stderr)
    );

    holder.execute_batch("ROLLBACK").unwrap();
    engine.wait("the disk is well", || {
        (engine.ask("", "GET", "/healthz", None).0 == 200).then_some(())
    });
    let next = engine.wait("another alarm", || open().first().cloned());
    let (status, done) = acknowledge(&next);
    assert_eq!(
        (status, &done["uncommitted"]),
        (200, &json!(false)),
        "{done}"
    );
}
