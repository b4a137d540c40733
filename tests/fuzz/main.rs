//! Every parser and payload against hostile input. Each target has a body: a function of bytes
//! that asserts what must hold whatever they are, more than "does not panic".
//!
//! `cargo test` runs a bounded number of cases over mutated seeds and over what was found before
//! (`tests/data/fuzz/found`); `make fuzz MINUTES=N` runs the same bodies for as long as one likes.
//! What was run and found is told in `docs/fuzz.md`.
//!
//! To add a target: a body in the module of its subject, and a line in [`targets`].

mod alarm_rules;
mod archive;
mod bodies;
mod changes;
mod city;
mod config;
#[path = "../support/edit.rs"]
mod edit;
mod imports;
#[cfg(feature = "net")]
mod line;
mod models;
#[cfg(feature = "net")]
mod mqtt;
mod mutate;
mod own_tables;
mod payload;
mod registers;
mod run;
mod seeds;
mod tables;
mod tamper;
mod text;
mod tiles;

use std::path::Path;

use proptest::prelude::*;

use bodies::{Target, targets};

/// Cases for each target in a plain `cargo test`: seconds in all.
const CASES: u64 = 64;

#[test]
fn seeds_are_taken_as_they_are() {
    for target in targets() {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        for seed in seeds {
            (target.body)(&seed);
        }
    }
}

#[test]
fn what_was_found_stays_mended() {
    for target in targets() {
        for (name, bytes) in seeds::found(target.name) {
            println!("{name}");
            (target.body)(&bytes);
        }
    }
}

#[test]
fn mutations_are_the_same_for_the_same_seed() {
    let seeds = (targets()[0].seeds)();
    for chance in 0..50 {
        let [once, again] = [(); 2].map(|()| mutate::mutated(&seeds, chance));
        assert_eq!(once, again);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1))]

    /// One case is a round over all targets: their seeds are read once.
    #[test]
    fn mutated_seeds(chance: u64) {
        for target in targets() {
            let seeds = (target.seeds)();
            for turn in 0..CASES {
                (target.body)(&mutate::mutated(&seeds, chance.wrapping_add(turn)));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for target in targets() {
            (target.body)(&bytes);
        }
    }
}

/// The target of this name.
fn named(name: &str) -> Target {
    let known = targets();
    let names: Vec<&str> = known.iter().map(|target| target.name).collect();
    let found = known.iter().find(|target| target.name == name).copied();
    found.unwrap_or_else(|| panic!("there is no target {name:?}; known: {names:?}"))
}

/// `make fuzz`: `MINUTES` in all, `SEED` where chance comes from, `TARGET` for one target alone.
#[test]
#[ignore = "runs for minutes; make fuzz MINUTES=N"]
fn long_run() {
    let number = |name: &str, otherwise: u64| {
        let text = std::env::var(name).unwrap_or_default();
        text.parse().unwrap_or(otherwise)
    };
    let targets = match std::env::var("TARGET") {
        Ok(name) if !name.is_empty() => vec![named(&name)],
        _ => targets(),
    };
    let findings = run::run(&targets, number("MINUTES", 1), number("SEED", 1));
    assert!(findings == 0, "{findings} findings, see out/fuzz");
}

/// `make fuzz REPLAY=FILE`: one kept input again, `out/fuzz/TARGET-….input`.
#[test]
#[ignore = "needs an input to replay; make fuzz REPLAY=FILE"]
fn replay() {
    let path = std::env::var("REPLAY").expect("REPLAY names a file");
    let name = Path::new(&path).file_name().and_then(|name| name.to_str());
    let target = name.and_then(|name| name.split(['-', '.']).next());
    let target = named(target.unwrap_or_default());
    let bytes = std::fs::read(&path).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    println!("{} with {} bytes", target.name, bytes.len());
    (target.body)(&bytes);
}
