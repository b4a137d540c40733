//! The engine's time: the system's clock, made such that it never runs back and never stands still.
//! Used by the engine's clock and by the simulation with faults. Reads no clock itself: what the
//! system says, and how much time has really passed, are arguments.

use crate::base::{Millis, Timestamp};

/// Of so many milliseconds that pass while the engine is ahead of the system's clock one is left out.
const SLOWED_BY: Millis = 100;
/// A step ahead by more is believed when the clock has stood by it for a while: by it readings are
/// forgotten that are old, and time is never taken back. Not for longer than a minute: it is the usual
/// thing after a start with a dead clock battery, and until then what devices send is refused as ahead.
const LEAP_MS: Millis = 24 * 3_600_000;
const LEAP_HELD_MS: Millis = 60_000;

/// Where the engine's time stands. The log is in the order of time, so a clock that is set back must
/// not be followed; and delays, deadlines, silence and the next try at a disk that was full all wait
/// for time to pass, so it must not stand still either until the clock has caught up. Ahead of the
/// system's clock it runs a hundredth slower than the world, until it has been caught up with; not more,
/// for it may be the system that is wrong, and readings too far ahead of the engine's time are refused.
#[derive(Debug, Clone, Copy)]
pub struct EngineTime {
    /// The moment from which on time is counted, and when that was on the stopwatch.
    from: Timestamp,
    from_elapsed_ms: Millis,
    /// How far it was ahead of the system's clock when it was asked last.
    ahead_ms: Millis,
    /// Since when, on the stopwatch, the system's clock has been so far ahead that it is not believed.
    leap_since_ms: Option<Millis>,
}

impl EngineTime {
    /// Begins at `system`, but not before `last`, the last moment that the archive knows.
    /// `elapsed_ms` is what a stopwatch shows that nobody can set.
    #[must_use]
    pub fn start(last: Timestamp, system: Timestamp, elapsed_ms: Millis) -> Self {
        Self {
            from: system.max(last),
            from_elapsed_ms: elapsed_ms,
            ahead_ms: (last - system).max(0),
            leap_since_ms: None,
        }
    }

    /// The engine's time, when the system's clock and the stopwatch show this.
    pub fn at(&mut self, system: Timestamp, elapsed_ms: Millis) -> Timestamp {
        let passed_ms = (elapsed_ms - self.from_elapsed_ms).max(0);
        let own = self.from.plus(passed_ms - passed_ms / SLOWED_BY);
        self.ahead_ms = (own - system).max(0);
        if system - own > LEAP_MS {
            let since_ms = *self.leap_since_ms.get_or_insert(elapsed_ms);
            if elapsed_ms - since_ms < LEAP_HELD_MS {
                return own;
            }
        }
        self.leap_since_ms = None;
        if system < own {
            return own;
        }
        (self.from, self.from_elapsed_ms) = (system, elapsed_ms.max(self.from_elapsed_ms));
        system
    }

    /// Whether the system's clock is so far ahead that it is not believed yet.
    #[must_use]
    pub fn is_leap(&self) -> bool {
        self.leap_since_ms.is_some()
    }

    /// How far it was ahead of the system's clock when it was asked last; 0 when it follows it.
    #[must_use]
    pub fn ahead_ms(&self) -> Millis {
        self.ahead_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_777_593_600_000 + millis)
    }

    #[test]
    fn it_follows_the_system_and_its_steps_ahead() {
        let mut time = EngineTime::start(Timestamp::default(), at(0), 50);
        assert_eq!(time.at(at(10), 60), at(10));
        assert_eq!(time.at(at(90_000), 70), at(90_000));
        assert_eq!(time.ahead_ms(), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_is_waited_for_without_standing_still() {
        let mut time = EngineTime::start(Timestamp::default(), at(0), 0);
        assert_eq!(time.at(at(1_000), 1_000), at(1_000));
        // An hour back.
        let system = |elapsed: i64| at(elapsed - 3_600_000);
        assert_eq!(time.at(system(2_000), 2_000), at(1_990));
        assert_eq!(time.ahead_ms(), 3_599_990);
        assert_eq!(time.at(system(101_000), 101_000), at(100_000));
        let caught_up = 101 * 3_600_000;
        assert_eq!(time.at(system(caught_up), caught_up), system(caught_up));
        assert_eq!(time.ahead_ms(), 0);
    }

    #[test]
    fn a_leap_is_believed_when_it_lasts() {
        let mut time = EngineTime::start(Timestamp::default(), at(0), 0);
        const YEAR_MS: i64 = 365 * 24 * 3_600_000;
        assert_eq!(time.at(at(70 * YEAR_MS), 100), at(99));
        assert!(time.is_leap());
        assert_eq!(time.at(at(1_000), 1_000), at(1_000), "it was a mistake");
        assert!(!time.is_leap());
        assert_eq!(time.at(at(YEAR_MS), 2_000), at(1_990));
        assert_eq!(time.at(at(YEAR_MS + 60_000), 61_999), at(61_390));
        assert_eq!(time.at(at(YEAR_MS + 60_001), 62_000), at(YEAR_MS + 60_001));
        assert!(!time.is_leap());
    }

    #[test]
    fn milliseconds_asked_for_one_by_one_add_up() {
        let mut time = EngineTime::start(at(60_000), at(0), 0);
        let told: Vec<_> = (0..=1_000).map(|ms| time.at(at(ms), ms)).collect();
        assert!(told.is_sorted());
        assert_eq!((told[0], told[1_000]), (at(60_000), at(60_990)));
    }

    #[test]
    fn it_never_begins_before_the_archive_ends() {
        let time = EngineTime::start(at(5_000), at(0), 7);
        assert_eq!(time.ahead_ms(), 5_000);
        assert_eq!(time.clone().at(at(0), 7), at(5_000));
    }
}
