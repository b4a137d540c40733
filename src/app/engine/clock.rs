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
        time: Arc<Mutex<Kept>>,
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
            let mut kept = Kept {
                time: EngineTime::start(last, now, 0),
                told: Told::default(),
            };
            kept.tell();
            let time = Arc::new(Mutex::new(kept));
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
                let mut kept = time.lock().unwrap_or_else(PoisonError::into_inner);
                let elapsed_ms = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                let now = kept.time.at(crate::app::clock::now(), elapsed_ms);
                kept.tell();
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

/// The engine's time, and what the log was told of it.
#[derive(Debug)]
pub(super) struct Kept {
    time: EngineTime,
    told: Told,
}

impl Kept {
    /// Tells the log when the system's clock begins to lie behind or leaps ahead, and when it is
    /// there again.
    fn tell(&mut self) {
        let (ahead_ms, is_leap) = (self.time.ahead_ms(), self.time.is_leap());
        for news in self.told.of(ahead_ms, is_leap) {
            match news {
                News::Leap => tracing::warn!(
                    "the system's clock has leapt ahead by more than a day; it is believed if it \
                     stays so for a minute"
                ),
                News::Behind => tracing::warn!(
                    behind_s = ahead_ms / 1_000,
                    "the system's clock is behind the log; the engine's time goes on, a hundredth \
                     slower, until it is caught up with"
                ),
                News::CaughtUp => {
                    tracing::info!("the system's clock has caught up with the engine's time");
                }
            }
        }
    }
}

/// What the log was told.
#[derive(Debug, Default)]
struct Told {
    ahead_ms: Millis,
    is_leap: bool,
    /// Whether it was told that the system's clock lies behind: a millisecond, by which the two
    /// differ all the time, is not.
    is_behind: bool,
}

/// What the log is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Leap,
    Behind,
    CaughtUp,
}

impl Told {
    fn of(&mut self, ahead_ms: Millis, is_leap: bool) -> impl Iterator<Item = News> {
        let leap = (is_leap && !self.is_leap).then_some(News::Leap);
        let set_back = ahead_ms > self.ahead_ms + TOLD_MS;
        let is_behind = set_back || self.is_behind && ahead_ms > 0;
        let other = match (set_back, self.is_behind && !is_behind) {
            (true, _) => Some(News::Behind),
            (_, true) => Some(News::CaughtUp),
            _ => None,
        };
        *self = Self {
            ahead_ms,
            is_leap,
            is_behind,
        };
        leap.into_iter().chain(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_told_of_a_clock_that_is_set_back_and_not_of_a_millisecond() {
        let mut told = Told::default();
        let mut of = |ahead_ms| told.of(ahead_ms, false).collect::<Vec<_>>();
        for jitter in [0, 1, 0, 1, 3, 0, 1_000, 0] {
            assert_eq!(of(jitter), [], "{jitter}");
        }
        assert_eq!(of(5_000), [News::Behind]);
        assert_eq!(of(4_990), []);
        assert_eq!(of(9_000), [News::Behind], "further back");
        assert_eq!(of(1), []);
        assert_eq!(of(0), [News::CaughtUp]);
        assert_eq!(of(1), []);
        assert_eq!(of(0), []);
        assert_eq!(told.of(0, true).collect::<Vec<_>>(), [News::Leap]);
        assert_eq!(told.of(0, true).next(), None);
    }
}
