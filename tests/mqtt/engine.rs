//! An engine that listens to a broker, and what it tells of itself.

use std::time::{SystemTime, UNIX_EPOCH};

use pingjiang::base::DeviceId;
use serde_json::Value;

pub use super::running::{City, Engine};
use super::sample;

impl Engine {
    pub fn listening(city: &City, url: &str, arguments: &[&str]) -> Self {
        Self::start(city, &[&["--mqtt", url], arguments].concat())
    }

    /// As [`Engine::listening`], and waits until it is connected to the broker.
    pub fn connected(city: &City, url: &str, arguments: &[&str]) -> Self {
        let engine = Self::listening(city, url, arguments);
        engine.wait_state("it listens", |state| {
            state["feed"]["connection"]["connected"] == true
        });
        engine
    }

    /// The live state.
    pub fn state(&self) -> Value {
        self.get(&self.token, "/v1/state")
    }

    /// Waits until the state is so.
    pub fn wait_state(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        self.wait(what, || Some(self.state()).filter(&is_so))
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
