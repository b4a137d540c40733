//! Engines that listen to a real broker (mosquitto), started here on a port of this machine: what is
//! published arrives as alarms, whatever happens to broker, engine and messages on the way.
#![cfg(feature = "net")]

#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/broker.rs"]
mod broker;
mod engine;
mod hostile;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/running.rs"]
mod running;
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;
mod secured;
mod ways;

// The sample city names them as the library does.
use pingjiang::{base, model};
