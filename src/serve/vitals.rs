//! How the engine itself does: its ticks, what waits for the archive, what was published. Written by
//! the engine's thread, read by `/metrics` and `/healthz`. Never waits for anybody.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::model::Batch;

/// Upper ends of the histogram of ticks, in microseconds.
pub(super) const BOUNDS_US: [u64; 11] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000,
];

/// The engine's vital signs.
#[derive(Debug)]
pub struct Vitals {
    /// Ticks that took at most so long; the last for all that took longer.
    ticks: [AtomicU64; BOUNDS_US.len() + 1],
    tick_us: AtomicU64,
    waiting: AtomicU64,
    batches: AtomicU64,
    readings: AtomicU64,
    accounts_refused: AtomicBool,
    last: Mutex<Instant>,
}

impl Default for Vitals {
    fn default() -> Self {
        Self {
            ticks: Default::default(),
            tick_us: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
            batches: AtomicU64::new(0),
            readings: AtomicU64::new(0),
            accounts_refused: AtomicBool::new(false),
            last: Mutex::new(Instant::now()),
        }
    }
}

/// The signs at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signs {
    pub(super) ticks: [u64; BOUNDS_US.len() + 1],
    pub(super) tick_us: u64,
    pub(super) waiting: u64,
    pub(super) batches: u64,
    pub(super) readings: u64,
    pub(super) accounts_refused: bool,
    pub(super) since_tick: Duration,
}

impl Vitals {
    /// A tick has ended; `waiting` batches wait for the archive.
    pub fn ticked(&self, took: Duration, waiting: usize) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.iter().position(|bound| us <= *bound);
        self.ticks[bucket.unwrap_or(BOUNDS_US.len())].fetch_add(1, Relaxed);
        self.tick_us.fetch_add(us, Relaxed);
        self.waiting.store(waiting as u64, Relaxed);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// A batch was published.
    pub fn published(&self, batch: &Batch) {
        self.batches.fetch_add(1, Relaxed);
        self.readings
            .fetch_add(batch.readings.len() as u64, Relaxed);
    }

    /// Whether the file of accounts cannot be used, so that those before hold.
    pub fn accounts_refused(&self, refused: bool) {
        self.accounts_refused.store(refused, Relaxed);
    }

    pub(super) fn signs(&self) -> Signs {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        Signs {
            ticks: std::array::from_fn(|at| self.ticks[at].load(Relaxed)),
            tick_us: self.tick_us.load(Relaxed),
            waiting: self.waiting.load(Relaxed),
            batches: self.batches.load(Relaxed),
            readings: self.readings.load(Relaxed),
            accounts_refused: self.accounts_refused.load(Relaxed),
            since_tick: last.elapsed(),
        }
    }
}
