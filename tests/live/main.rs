//! The running city from outside: simulated days against the rules, the engine as a program.

mod days;
#[cfg(feature = "net")]
mod engine;
mod sample;
