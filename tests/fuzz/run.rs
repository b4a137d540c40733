//! The long run: every target in turn, a slice of time each, until the time is over. Inputs that
//! show a body something new are kept and mutated further; one that fails is written down with
//! the command that replays it.

use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::bodies::{Seen, Target};
use crate::mutate;

/// How long one target runs before the next has its turn; less when not all would have one.
const SLICE: Duration = Duration::from_secs(5);
/// An input that takes longer is a finding, too.
const SLOW: Duration = Duration::from_secs(5);
/// An input that takes this long never ends: the run ends, and the input is where it was put.
const STUCK_S: u64 = 60;
/// Inputs kept beside the seeds.
const KEPT_MAX: usize = 2_000;
/// When the input under way was begun, in seconds of the run, and 0 between inputs.
static BEGAN_S: AtomicU64 = AtomicU64::new(0);

/// Where a target has come to.
struct Course {
    target: Target,
    inputs: Vec<Vec<u8>>,
    seeds: usize,
    seen: HashSet<Seen>,
    runs: u64,
    refused: u64,
    /// Reasons of findings: the same one is written down once.
    findings: HashSet<Seen>,
    failed: u64,
}

/// Runs for so many minutes; gives back how many findings there are.
pub fn run(targets: &[Target], minutes: u64, seed: u64) -> usize {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("out/fuzz");
    fs::create_dir_all(&folder).expect("out/fuzz can be made");
    let started = Instant::now();
    let length = Duration::from_secs(minutes * 60);
    let end = started + length;
    let slice = SLICE.min(length / targets.len() as u32);
    std::thread::spawn(move || watch(started));
    // What a body says when it fails is kept with the finding; the screen stays readable.
    std::panic::set_hook(Box::new(|_| {}));
    let mut courses: Vec<Course> = targets.iter().map(|one| Course::new(*one)).collect();
    let mut turn = 0;
    while Instant::now() < end {
        for course in &mut courses {
            let slice_end = (Instant::now() + slice).min(end);
            while Instant::now() < slice_end {
                turn += 1;
                course.step(
                    seed.wrapping_mul(1 << 40).wrapping_add(turn),
                    started,
                    &folder,
                );
            }
        }
    }
    drop(std::panic::take_hook());
    courses.iter().map(Course::report).sum()
}

/// Ends the program when one input never ends.
fn watch(started: Instant) {
    loop {
        std::thread::sleep(Duration::from_secs(5));
        let (began, now) = (BEGAN_S.load(Ordering::Relaxed), started.elapsed().as_secs());
        if began > 0 && now > began + STUCK_S {
            eprintln!("an input takes more than {STUCK_S} s; it is in out/fuzz/TARGET.running");
            std::process::abort();
        }
    }
}

impl Course {
    fn new(target: Target) -> Self {
        let inputs = (target.seeds)();
        Self {
            target,
            seeds: inputs.len(),
            inputs,
            seen: HashSet::new(),
            runs: 0,
            refused: 0,
            findings: HashSet::new(),
            failed: 0,
        }
    }

    fn step(&mut self, chance: u64, started: Instant, folder: &Path) {
        // The seeds first, as they are: what they show is nothing new later on.
        let bytes = match self.inputs.get(self.runs as usize) {
            Some(seed) if (self.runs as usize) < self.seeds => seed.clone(),
            // Half of the time from the seeds: what is kept is many times more, and stranger.
            _ if chance.is_multiple_of(2) => mutate::mutated(&self.inputs[..self.seeds], chance),
            _ => mutate::mutated(&self.inputs, chance),
        };
        // A body that ends the whole program leaves its input here.
        let running = folder.join(format!("{}.running", self.target.name));
        fs::write(&running, &bytes).expect("out/fuzz can be written");
        let began = Instant::now();
        BEGAN_S.store(started.elapsed().as_secs() + 1, Ordering::Relaxed);
        let result = catch_unwind(AssertUnwindSafe(|| (self.target.body)(&bytes)));
        BEGAN_S.store(0, Ordering::Relaxed);
        self.runs += 1;
        let took = began.elapsed();
        match result {
            Err(panic) => self.note(&bytes, &told(panic.as_ref()), folder),
            Ok(_) if took > SLOW => {
                self.note(&bytes, &format!("slow: {} s", took.as_secs()), folder)
            }
            Ok(seen) if !seen.taken => self.refused += 1,
            Ok(seen) => {
                let room = self.inputs.len() < self.seeds + KEPT_MAX;
                if self.seen.insert(seen) && room && bytes.len() < 100_000 {
                    self.inputs.push(bytes);
                }
            }
        }
        drop(fs::remove_file(&running));
    }

    fn note(&mut self, bytes: &[u8], reason: &str, folder: &Path) {
        self.failed += 1;
        if !self.findings.insert(Seen::message(reason)) {
            return;
        }
        let digest = Sha256::digest(bytes);
        let mark: String = digest[..4]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = folder.join(format!("{}-{mark}.input", self.target.name));
        fs::write(&path, bytes).expect("out/fuzz can be written");
        let shown = path.display();
        let text = format!("{reason}\nagain: make fuzz REPLAY={shown}\n");
        fs::write(path.with_extension("txt"), &text).expect("out/fuzz can be written");
        println!("{}: {text}", self.target.name);
    }

    fn report(&self) -> usize {
        println!(
            "{:12} {:>8} runs, {:>8} refused whole, {:>5} behaviours, {} findings in {} runs",
            self.target.name,
            self.runs,
            self.refused,
            self.seen.len(),
            self.findings.len(),
            self.failed,
        );
        self.findings.len()
    }
}

/// What a panic says.
fn told(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it failed without a word").to_owned()
}
