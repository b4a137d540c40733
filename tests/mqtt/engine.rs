//! An engine as a program, and what it tells of itself.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pingjiang::base::DeviceId;
use pingjiang::store::SqliteArchive;
use serde_json::Value;

use super::{sample, sample_city};

/// A city file in a folder of its own.
pub struct City(tempfile::TempDir);

impl City {
    /// Six devices of each kind.
    pub fn new() -> Self {
        Self::with(6)
    }

    pub fn with(per_kind: u32) -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        sample_city::write(&city.path(), &sample::city(per_kind));
        city
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    /// Readings in the archive, each once, and how many were delivered again.
    pub fn archived(&self) -> [i64; 2] {
        let file = SqliteArchive::folder_of(&self.path()).join("log.sqlite");
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let archive = rusqlite::Connection::open_with_flags(file, flags).unwrap();
        archive.busy_timeout(Duration::from_secs(10)).unwrap();
        let told =
            |select: &str| -> i64 { archive.query_row(select, [], |row| row.get(0)).unwrap() };
        let once = told("SELECT count(*) FROM reading");
        [
            once,
            told("SELECT coalesce(sum(count), 0) FROM batch") - once,
        ]
    }
}

/// An engine that ends with the test.
pub struct Engine {
    child: Child,
    pub url: String,
    pub token: String,
    log: Arc<Mutex<String>>,
}

impl Engine {
    pub fn start(city: &City, url: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
            .env_remove("PINGJIANG_KEY")
            .arg("run")
            .arg(city.path())
            .args(["--mqtt", url])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (kept, mut stderr) = (log.clone(), child.stderr.take().unwrap());
        std::thread::spawn(move || {
            let mut part = [0; 4_096];
            while let Ok(count @ 1..) = stderr.read(&mut part) {
                let text = String::from_utf8_lossy(&part[..count]);
                kept.lock().unwrap().push_str(&text);
            }
        });
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("no ready line: {}", log.lock().unwrap()));
        let field = |name: &str| told[name].as_str().unwrap().to_owned();
        Self {
            url: field("url"),
            token: field("token"),
            child,
            log,
        }
    }

    /// As [`Engine::start`], and waits until it listens to the broker.
    pub fn connected(city: &City, url: &str, arguments: &[&str]) -> Self {
        let engine = Self::start(city, url, arguments);
        engine.wait("it listens", |state| {
            state["feed"]["connection"]["connected"] == true
        });
        engine
    }

    /// The live state.
    pub fn state(&self) -> Value {
        let mut answer = ureq::get(format!("{}/v1/state", self.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .call()
            .unwrap();
        answer.body_mut().read_json().unwrap()
    }

    /// Waits until the state is so; how long it takes does not matter.
    pub fn wait(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut state = Value::Null;
        for _ in 0..600 {
            state = self.state();
            if is_so(&state) {
                return state;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("never: {what}\n{}\n{}", state["feed"], self.log());
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log tells something.
    pub fn wait_log(&self, words: &str) {
        for _ in 0..600 {
            if self.log().contains(words) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("never told: {words}\n{}", self.log());
    }

    /// As a power cut does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The device's id as the state names it.
pub fn device(kind: &str, number: u32) -> DeviceId {
    sample::device_id(kind, number)
}

/// A moment so many seconds ago, in milliseconds.
pub fn ago(seconds: i64) -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap() - seconds * 1_000
}

/// A reading of a device as JSON.
pub fn reading(millis: i64, value: f64) -> String {
    format!(r#"{{"time":{millis},"value":{value}}}"#)
}
