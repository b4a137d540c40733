//! The engine's clock: the system's, or one of its own when the city runs faster than the world.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::app::pipeline::EngineTime;
use crate::base::{Millis, Timestamp};

/// A clock that is set back by more is told.
const TOLD_MS: Millis = 1_000;

/// Tells the engine's time; all copies tell the same.
#[derive(Debug, Clone)]
pub(super) enum Clock {
    /// As the system's clock, as far as that runs forward.
    System {
        started: Instant,
        time: Arc<Mutex<EngineTime>>,
    },
    /// From a moment on at a speed of its own.
    Own {
        started: Instant,
        from: Timestamp,
        speed: f64,
    },
}

impl Clock {
    /// A clock that never shows less than `last`, the last moment that the archive knows: after a
    /// fast run that may lie ahead of the system's time.
    pub(super) fn start(last: Timestamp, speed: f64) -> Self {
        let (now, started) = (crate::app::clock::now(), Instant::now());
        if speed == 1.0 {
            let time = EngineTime::start(last, now, 0);
            tell([0, time.ahead_ms()], [false; 2]);
            let time = Arc::new(Mutex::new(time));
            return Self::System { started, time };
        }
        Self::own(now.max(last), speed)
    }

    /// A clock that begins at a moment and runs so many times as fast as the world.
    pub(super) fn own(from: Timestamp, speed: f64) -> Self {
        let started = Instant::now();
        Self::Own {
            started,
            from,
            speed,
        }
    }

    /// The engine's time.
    pub(super) fn now(&self) -> Timestamp {
        match self {
            Self::System { started, time } => {
                // One change, complete in itself: a panic elsewhere spoils nothing.
                let mut time = time.lock().unwrap_or_else(PoisonError::into_inner);
                let (before_ms, was_leap) = (time.ahead_ms(), time.is_leap());
                let elapsed_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                let now = time.at(crate::app::clock::now(), elapsed_ms);
                tell([before_ms, time.ahead_ms()], [was_leap, time.is_leap()]);
                now
            }
            Self::Own {
                started,
                from,
                speed,
            } => {
                let elapsed_ms = started.elapsed().as_secs_f64() * 1_000.0 * speed;
                from.plus(elapsed_ms as i64)
            }
        }
    }
}

/// Tells the log when the system's clock begins to lie behind or leaps ahead, and when it is there
/// again; each before and now.
fn tell([before_ms, ahead_ms]: [Millis; 2], [was_leap, is_leap]: [bool; 2]) {
    if is_leap && !was_leap {
        tracing::warn!(
            "the system's clock has leapt ahead by more than a day; it is believed if it stays so for \
             a minute"
        );
    }
    if ahead_ms > before_ms + TOLD_MS {
        tracing::warn!(
            behind_s = ahead_ms / 1_000,
            "the system's clock is behind the log; the engine's time goes on, a hundredth slower, until \
             it is caught up with"
        );
    } else if ahead_ms == 0 && before_ms > 0 {
        tracing::info!("the system's clock has caught up with the engine's time");
    }
}
