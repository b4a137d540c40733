//! The engine as a program: its ready line, its archive, its end, and its life as a child.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use pingjiang::app::engine::{ChildOptions, spawn_child};
use pingjiang::citygen::days::Scenario;
use pingjiang::model::ports::{Archive, Link, LinkEvent};
use pingjiang::model::{Actor, Command as Order, Live};
use pingjiang::serve::{Follower, follow, greet};
use pingjiang::store::SqliteArchive;

use super::{sample, sample_city};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_pingjiang");

/// A city file in a folder of its own.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Self { folder };
        sample_city::write(&bench.city(), &sample::city(6));
        bench
    }

    fn city(&self) -> PathBuf {
        self.folder.path().join("city.gpkg")
    }

    fn archive(&self) -> PathBuf {
        SqliteArchive::folder_of(&self.city())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .arg("run")
            .arg(self.city())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn last_batch(&self) -> u64 {
        SqliteArchive::open_read_only(&self.archive())
            .unwrap()
            .last_batch()
            .unwrap()
    }
}

pub fn ready(child: &mut Child) -> serde_json::Value {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| {
        let mut log = String::new();
        child
            .stderr
            .as_mut()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        panic!("no ready line but {line:?}\n{log}")
    })
}

/// Waits for an event; how long it takes does not matter.
fn wait<T>(follower: &mut Follower, mut found: impl FnMut(&LinkEvent) -> Option<T>) -> T {
    for _ in 0..6_000 {
        if let Some(found) = follower.poll().iter().find_map(&mut found) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it never came");
}

fn reset(event: &LinkEvent) -> Option<Live> {
    match event {
        LinkEvent::Reset(live) => Some((**live).clone()),
        _ => None,
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn runs_for_a_while_and_goes_on_where_it_ended() {
    let bench = Bench::new();
    let arguments = ["--simulate", "normal", "--speed", "20", "--seconds", "1"];
    let output = bench.run(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let ready: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(ready["ready"], true, "one line of JSON and nothing else");
    assert!(ready["token"].as_str().unwrap().len() >= 32);
    let first = bench.last_batch();
    assert!(first > 20, "{first}");
    let mut archive = SqliteArchive::open_read_only(&bench.archive()).unwrap();
    let recovered = archive.recover(None).unwrap();
    let live = recovered.snapshot.unwrap();
    assert_eq!(live.batch, first, "it ends with a snapshot");
    assert!(
        live.feed.simulated && live.alarms_raised >= 2,
        "{:?}",
        live.feed
    );
    drop(archive);

    // A simulation goes on too: what it planted does not happen once more.
    let began = live.feed.simulation_start;
    assert!(began.is_some());
    assert!(bench.run(&arguments).status.success());
    let mut archive = SqliteArchive::open_read_only(&bench.archive()).unwrap();
    let live = archive.recover(None).unwrap().snapshot.unwrap();
    assert_eq!(live.feed.simulation_start, began);
    drop(archive);

    let output = bench.run(&[
        "--archive",
        bench.archive().to_str().unwrap(),
        "--seconds",
        "0",
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(bench.last_batch() > first);
}

#[test]
fn wrong_use_is_told_in_words() {
    let bench = Bench::new();
    let check = |arguments: &[&str], code: i32, word: &str| {
        let output = bench.run(arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(word), "{arguments:?}: {told}");
        assert!(
            output.stdout.is_empty(),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
    };
    check(
        &["--mqtt", "mqtt://broker", "--simulate", "calm"],
        2,
        "--simulate",
    );
    check(&["--simulate", "storm"], 2, "calm, normal, flood");
    check(&["--speed", "2"], 2, "--simulate");
    check(&["--simulate", "calm", "--speed", "0"], 2, "between");
    check(
        &["--listen", "0.0.0.0:0", "--archive", "memory"],
        1,
        "this machine only",
    );
    check(&["--archive", "postgres://db"], 1, "database server");
    check(&["--key-file", "/nowhere/key"], 1, "/nowhere/key");
    let output = Command::new(PROGRAM)
        .args(["run", "/nowhere/city.gpkg"])
        .output()
        .unwrap();
    assert!(
        text(&output.stderr).contains("/nowhere/city.gpkg"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_second_writer_is_refused_and_told_who_writes() {
    let bench = Bench::new();
    let mut command = bench.command(&["--follow-stdin"]);
    let mut first = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    ready(&mut first);
    let output = bench.run(&["--seconds", "1"]);
    assert_eq!(output.status.code(), Some(1));
    let told = text(&output.stderr);
    assert!(
        told.contains("in use") && told.contains(&first.id().to_string()),
        "{told}"
    );
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success(), "it goes with its parent");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_in_order() {
    let bench = Bench::new();
    for signal in ["-TERM", "-INT"] {
        let mut command = bench.command(&["--simulate", "calm"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        ready(&mut child);
        let kill = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
        let mut archive = SqliteArchive::open_read_only(&bench.archive()).unwrap();
        let recovered = archive.recover(None).unwrap();
        assert!(
            recovered.snapshot.is_some() && recovered.batches.is_empty(),
            "{signal}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_child_that_is_killed_comes_back_with_everything_it_had_said() {
    let bench = Bench::new();
    let options = ChildOptions {
        simulate: Some(Scenario::Normal),
        drill: true,
        program: Some(PROGRAM.into()),
        ..ChildOptions::default()
    };
    let child = spawn_child(&bench.city(), &options).unwrap();
    assert_eq!(greet(child.url()).unwrap().city.name_en, "Sample");
    let mut follower = follow(child.url(), child.token()).unwrap();
    let before = wait(&mut follower, reset);
    let alarm = before.queue()[0].clone();
    assert!(
        before.feed.exercise && alarm.exercise,
        "a drill from end to end"
    );
    let by = Actor("Li".to_owned());
    follower.send(Order::Acknowledge {
        alarm: alarm.id,
        by,
    });
    let number = wait(&mut follower, |event| match event {
        LinkEvent::Batch(batch) => {
            let told = format!("{:?}", batch.changes);
            (told.contains("Acknowledged") && !batch.uncommitted).then_some(batch.number)
        }
        _ => None,
    });

    let pid = child.pid();
    assert!(
        Command::new("kill")
            .args(["-KILL", &pid.to_string()])
            .status()
            .unwrap()
            .success()
    );
    wait(&mut follower, |event| {
        matches!(event, LinkEvent::Lost { .. }).then_some(())
    });
    let after = wait(&mut follower, reset);
    assert!(after.batch >= number, "{} < {number}", after.batch);
    let known = &after.alarms[&alarm.id];
    assert!(
        known.acknowledged.is_some(),
        "nothing acknowledged is ever lost"
    );
    assert_eq!(known.raised_at, alarm.raised_at);
    assert!(child.restarts() == 1 && child.pid() != pid);
    let pid = child.pid();
    drop(child);
    assert!(
        !Path::new(&format!("/proc/{pid}/cmdline")).exists(),
        "it goes with its owner"
    );
}

#[test]
fn a_child_that_cannot_start_shows_its_log() {
    let bench = Bench::new();
    let options = ChildOptions {
        program: Some(PROGRAM.into()),
        ..ChildOptions::default()
    };
    let mut file = std::fs::File::create(bench.folder.path().join("bad.gpkg")).unwrap();
    file.write_all(b"no city").unwrap();
    let error = spawn_child(&bench.folder.path().join("bad.gpkg"), &options)
        .err()
        .unwrap();
    let told = format!("{error:#}");
    assert!(
        told.contains("did not start") && told.contains("bad.gpkg"),
        "{told}"
    );
}
