//! The door for people and programs, with real engines: accounts from the command line, signing in,
//! rights, TLS, answers over the line.
#![cfg(feature = "net")]

mod accounts;
mod document;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../support/running.rs"]
mod engine;
mod feed;
mod homes;
mod reports;
mod rest;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../src/model/sample/city.rs"]
mod sample;
#[path = "../support/sample_city.rs"]
mod sample_city;
mod secured;
mod socket;
mod unkept;

// The sample city names them as the library does.
use pingjiang::{base, model};
