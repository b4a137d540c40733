//! The running city from outside: simulated days against the rules, the engine as a program.

mod days;
#[cfg(feature = "net")]
mod engine;
#[cfg(feature = "net")]
mod incidents;
#[cfg(feature = "net")]
mod on_record;
#[cfg(feature = "net")]
mod orders;
#[cfg(feature = "net")]
mod past;
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[cfg(feature = "net")]
#[path = "../support/sample_city.rs"]
mod sample_city;

// The sample city names them as the library does.
use pingjiang::{base, model};
