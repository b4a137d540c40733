//! The engine's pipeline under faults: seeded courses in which power, disk, clock, broker and senders
//! fail by chance, and an oracle that knows what must hold all the same. The true intake, inbox, rules,
//! fold and archives are driven, by a clock and over a disk of the simulation's own; nothing waits and
//! nothing depends on the machine, so a seed always gives the same course.
//!
//! What must hold: what is acknowledged lies on the disk; every reading is kept once, every alarm
//! raised once and put into one incident; the log has no gap and its replay is the state; a wall that
//! follows sees what is kept; orders that were answered are in the log; time never stands still.
//!
//! `cargo test` runs some hundred courses. `make soak MINUTES=N` runs others for as long as one likes,
//! and REPLAY shows one again, with all that happened in it. Start reading at `course`.

mod chance;
mod course;
mod disk;
mod oracle;
mod outside;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../src/model/sample/city.rs"]
mod sample;
mod torn;

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use pingjiang::store::MemoryArchive;
// The sample city names them as the library does.
use pingjiang::{base, model};

use course::{Course, Mistake, Seen};
use disk::Store;
use torn::OnDisk;

/// Courses of a plain `cargo test` with an archive in memory, and with one on a disk.
const COURSES: [u64; 2] = [300, 12];
/// In so many courses every mistake must have been seen.
const SEEN_IN: u64 = 40;

/// What a course is kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Memory,
    Disk,
}

/// Runs a course; gives back what was seen of it, and why it failed if it did.
fn run(seed: u64, kept: Kept, mistake: Mistake) -> (Seen, Result<(), String>) {
    let store: Box<dyn Store> = match kept {
        Kept::Memory => Box::new(MemoryArchive::new()),
        Kept::Disk => Box::new(OnDisk::new()),
    };
    let mut course = Course::new(seed, store, mistake);
    let seen = course.seen.clone();
    let result = catch_unwind(AssertUnwindSafe(|| course.run()));
    let seen = seen.lock().unwrap_or_else(|it| it.into_inner()).clone();
    let told = result.map_err(|fault| {
        let text = fault.downcast_ref::<String>().cloned();
        let text = text.or_else(|| fault.downcast_ref::<&str>().map(|it| (*it).to_owned()));
        text.unwrap_or_else(|| "it failed without a word".to_owned())
    });
    (seen, told)
}

/// Runs courses that must not fail; gives back how often there was what.
fn check(seeds: Range<u64>, kept: Kept) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for seed in seeds {
        let (seen, result) = run(seed, kept, Mistake::None);
        if let Err(why) = result {
            let last = seen.trace.iter().rev().take(12).rev();
            let last: Vec<&str> = last.map(String::as_str).collect();
            let last = last.join("\n");
            panic!(
                "{last}\n{why}\nagain: make soak REPLAY={}",
                name(seed, kept)
            );
        }
        add(&mut counts, &seen);
    }
    counts
}

fn add(counts: &mut BTreeMap<&'static str, usize>, seen: &Seen) {
    for (what, count) in &seen.counts {
        *counts.entry(what).or_default() += count;
    }
}

/// A course as REPLAY names it.
fn name(seed: u64, kept: Kept) -> String {
    match kept {
        Kept::Memory => format!("memory:{seed}"),
        Kept::Disk => format!("disk:{seed}"),
    }
}

#[test]
fn whatever_fails_nothing_acknowledged_is_lost_and_nothing_is_doubled() {
    let counts = check(0..COURSES[0], Kept::Memory);
    println!("{counts:?}");
    // A simulation in which nothing happens proves nothing.
    for what in [
        "alarms",
        "batches shown and lost",
        "brokers lost",
        "crashes",
        "late presses that warned",
        "messages delivered again",
        "moods of the disk",
        "orders answered as not yet on disk",
        "orders carried out",
        "orders refused",
        "steps of the clock",
    ] {
        let count = counts.get(what).copied().unwrap_or_default();
        assert!(count as u64 > COURSES[0] / 10, "{what}: {counts:?}");
    }
}

#[test]
fn a_write_that_is_torn_leaves_all_of_it_or_nothing() {
    let counts = check(0..COURSES[1], Kept::Disk);
    assert!(counts["crashes"] as u64 > COURSES[1], "{counts:?}");
}

#[test]
fn the_same_seed_gives_the_same_course() {
    let [one, again] = [(); 2].map(|()| run(7, Kept::Memory, Mistake::None));
    assert_eq!(one, again);
}

#[test]
fn mistakes_are_seen() {
    for (mistake, words) in [
        (Mistake::AcknowledgesAtOnce, "lost: "),
        (Mistake::DiskForgets, "acknowledged, and not on the disk"),
        (Mistake::FollowsTheClock, "time stands still"),
        (
            Mistake::SaysItIsKept,
            "told that it is done, and it is lost",
        ),
    ] {
        let told = (0..SEEN_IN).find_map(|seed| run(seed, Kept::Memory, mistake).1.err());
        let told = told.unwrap_or_else(|| panic!("{mistake:?} is never seen"));
        assert!(told.contains(words), "{mistake:?}: {told}");
    }
}

#[test]
#[ignore = "as long as MINUTES says; make soak runs it"]
fn long_run() {
    let told = |name: &str| std::env::var(name).ok();
    let number = |name: &str| told(name).and_then(|text| text.parse::<u64>().ok());
    let (minutes, seed) = (number("MINUTES").unwrap_or(1), number("SEED").unwrap_or(1));
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    // What is wrong is printed below, each course once.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut courses, mut failed, mut counts) = ([0; 2], Vec::new(), BTreeMap::new());
    while Instant::now() < end {
        let all = courses[0] + courses[1];
        let seed = seed.wrapping_mul(1 << 32).wrapping_add(all);
        let kept = match all % 20 {
            19 => Kept::Disk,
            _ => Kept::Memory,
        };
        courses[usize::from(kept == Kept::Disk)] += 1;
        let (seen, result) = run(seed, kept, Mistake::None);
        add(&mut counts, &seen);
        if let Err(why) = result {
            println!("{why}\nagain: make soak REPLAY={}", name(seed, kept));
            failed.push(seed);
        }
    }
    drop(std::panic::take_hook());
    let [memory, disk] = courses;
    println!(
        "{memory} courses in memory, {disk} on a disk: {} failed",
        failed.len()
    );
    for (what, count) in counts {
        println!("{count:>12} {what}");
    }
    assert!(failed.is_empty());
}

#[test]
#[ignore = "shows the course that REPLAY names; make soak runs it"]
fn replay() {
    const NAME: &str = "REPLAY=memory:SEED or REPLAY=disk:SEED";
    let named = std::env::var("REPLAY").expect(NAME);
    let (kept, seed) = named.split_once(':').expect(NAME);
    let kept = match kept {
        "memory" => Kept::Memory,
        "disk" => Kept::Disk,
        _ => panic!("{NAME}"),
    };
    let (seen, result) = run(seed.parse().expect(NAME), kept, Mistake::None);
    seen.trace.iter().for_each(|line| println!("{line}"));
    if let Err(why) = result {
        panic!("{why}");
    }
}
