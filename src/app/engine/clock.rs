//! The engine's clock: the system's, or one of its own when the city runs faster than the world.

use std::time::Instant;

use crate::base::Timestamp;

/// Tells the engine's time.
#[derive(Debug, Clone, Copy)]
pub(super) enum Clock {
    /// As the system's clock, with its corrections.
    System,
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
        let now = crate::app::clock::now();
        if speed == 1.0 && now >= last {
            return Self::System;
        }
        Self::Own {
            started: Instant::now(),
            from: now.max(last),
            speed,
        }
    }

    /// The engine's time.
    pub(super) fn now(&self) -> Timestamp {
        match self {
            Self::System => crate::app::clock::now(),
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
