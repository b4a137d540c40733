//! An engine that is killed (SIGKILL) again and again under load: the real program, a real mosquitto,
//! senders by HTTP that try until they are answered. All that was acknowledged is in the archive, once;
//! every press of a button is one alarm.
//!
//! `cargo test` kills it a few times, `make soak KILLS=100` as often as one likes.
#![cfg(feature = "net")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/broker.rs"]
mod broker;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/running.rs"]
mod running;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;
mod senders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pingjiang::base::{DeviceId, Timestamp};
use pingjiang::model::Change;
use pingjiang::model::ports::Archive;
// The sample city names them as the library does.
use pingjiang::store::SqliteArchive;
use pingjiang::{base, model};

use broker::Broker;
use running::{City, Engine};
use senders::{Sent, by_broker, by_http};

/// Kills of a plain `cargo test`.
const KILLS: usize = 5;

/// Where the engine listens at present, and whether senders go on.
struct Line {
    url: Mutex<String>,
    over: AtomicBool,
}

#[test]
fn a_few_kills_lose_nothing_and_double_nothing() {
    soak(KILLS);
}

#[test]
#[ignore = "as often as KILLS says; make soak runs it"]
fn long_run() {
    let kills = std::env::var("KILLS")
        .ok()
        .and_then(|text| text.parse().ok());
    soak(kills.unwrap_or(100));
}

fn soak(kills: usize) {
    let Some(broker) = Broker::start("allow_anonymous true") else {
        return;
    };
    let city = City::new();
    city.done("add", &["gateway", "--role", "planner", "--no-password"]);
    let scopes = ["gateway", "hall", "--scope", "feed:readings"];
    let token = city.done("token", &scopes);
    let start = || Engine::start(&city, &["--mqtt", &broker.url()]);
    let mut engine = start();
    // From now on the broker keeps for it what comes while it is away.
    engine.wait("it listens", || {
        let state = engine.get(&engine.token, "/v1/state");
        (state["feed"]["connection"]["connected"] == true).then_some(())
    });
    let line = Arc::new(Line {
        url: Mutex::new(engine.url.clone()),
        over: AtomicBool::new(false),
    });
    let mut chance = 0x9e37_79b9_u64;
    let sent = std::thread::scope(|scope| {
        let senders = [
            scope.spawn(|| by_broker(&broker, &line)),
            scope.spawn(|| by_http(&token, &line)),
        ];
        for kill in 1..=kills {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            std::thread::sleep(Duration::from_millis(20 + (chance >> 33) % 900));
            engine.kill();
            engine = start();
            line.url.lock().unwrap().clone_from(&engine.url);
            println!(
                "killed {kill} times, {} readings in the archive",
                city.archived()[0]
            );
        }
        line.over.store(true, Ordering::Relaxed);
        senders.map(|sender| sender.join().unwrap())
    });
    let sent: Sent = sent.into_iter().flatten().collect();
    // What the broker has taken is the engine's to fetch: it comes, however long it takes.
    engine.wait("all of it", || {
        (city.archived()[0] >= sent.len() as i64).then_some(())
    });
    engine.kill();
    println!(
        "{} readings sent, {} delivered again",
        sent.len(),
        city.archived()[1]
    );
    judge(&city, &sent);
}

/// Holds the archive against what was sent.
fn judge(city: &City, sent: &Sent) {
    let folder = SqliteArchive::folder_of(&city.path());
    // Opened as an engine would, for the last kill may have left a write unfinished.
    drop(SqliteArchive::open(&folder).unwrap());
    let mut archive = SqliteArchive::open_read_only(&folder).unwrap();
    archive.check_whole().unwrap();
    let all = [0, i64::MAX].map(Timestamp::from_millis);
    let devices: BTreeSet<DeviceId> = sent.iter().map(|it| it.0).collect();
    let mut kept = Vec::new();
    for device in devices {
        let take = &mut |one: &model::Reading| {
            kept.push((one.device, one.at.millis(), one.value.to_bits()));
        };
        archive.each_reading(device, all[0], all[1], take).unwrap();
    }
    let apart: Sent = kept.iter().copied().collect();
    assert_eq!(apart.len(), kept.len(), "a reading is kept twice");
    assert_eq!(&apart, sent);

    let mut raised = BTreeMap::<_, usize>::new();
    let take = &mut |_: Timestamp, change: &Change| {
        if let Change::AlarmRaised { alarm } = change {
            *raised
                .entry((alarm.device, alarm.raised_at.millis()))
                .or_default() += 1;
        }
    };
    archive.each_change(all[0], all[1], take).unwrap();
    let presses = sent.iter().filter(|it| senders::is_press(it));
    let presses: BTreeMap<_, usize> = presses.map(|it| ((it.0, it.1), 1)).collect();
    assert!(!presses.is_empty());
    assert_eq!(raised, presses, "each press is one alarm");
}
