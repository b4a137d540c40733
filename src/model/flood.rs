//! Alarm floods: more alarms than a person can take in. After ISA-18.2 and EEMUA 191 a flood begins
//! with more than ten alarms in ten minutes at one position, and ends when fewer than five came in
//! ten minutes. Used by the twin, which keeps the detector, and by figures over past times. Never
//! decides what is done about it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::base::{Millis, Timestamp};

/// The window in which alarms are counted.
pub const FLOOD_WINDOW_MS: Millis = 10 * 60_000;
/// A flood begins when more than this many came in the window.
pub const FLOOD_ABOVE: usize = 10;
/// A flood ends when fewer than this many came in the window.
pub const FLOOD_BELOW: usize = 5;

/// Counts alarms of one position as they come, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FloodDetector {
    /// Alarms by moment, oldest first; those of one moment together.
    recent: VecDeque<(Timestamp, usize)>,
    /// Since when there is a flood.
    since: Option<Timestamp>,
}

/// What a detector says at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FloodState {
    /// Alarms in the last ten minutes.
    pub count: usize,
    /// Since when there is a flood; `None` when there is none.
    pub since: Option<Timestamp>,
}

impl FloodDetector {
    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes an alarm that came at this moment; a moment before the last one counts as that.
    /// Gives back the flood that ended before it, if one did.
    pub fn take(&mut self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let at = self.recent.back().map_or(at, |(last, _)| at.max(*last));
        let ended = self.pass_to(at);
        match self.recent.back_mut() {
            Some((last, count)) if *last == at => *count += 1,
            _ => self.recent.push_back((at, 1)),
        }
        if self.count() > FLOOD_ABOVE {
            self.since.get_or_insert(at);
        }
        ended
    }

    /// Lets time pass; gives back the flood that ended by it, if one did.
    pub fn pass_to(&mut self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let mut ended = None;
        while let Some((at, _)) = self.recent.front().copied() {
            let gone = at.plus(FLOOD_WINDOW_MS);
            if gone > now {
                break;
            }
            self.recent.pop_front();
            if self.count() < FLOOD_BELOW {
                ended = ended.or(self.since.take().map(|since| (since, gone)));
            }
        }
        ended
    }

    /// What holds at a moment, which is not before the last alarm.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> FloodState {
        let mut then = self.clone();
        then.pass_to(now);
        FloodState {
            count: then.count(),
            since: then.since,
        }
    }

    fn count(&self) -> usize {
        self.recent.iter().map(|(_, count)| count).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINUTE: Millis = 60_000;

    fn after(alarms: usize, every_ms: Millis) -> FloodDetector {
        let mut detector = FloodDetector::default();
        for at in 0..alarms {
            detector.take(Timestamp::from_millis(at as Millis * every_ms));
        }
        detector
    }

    #[test]
    fn a_flood_begins_above_ten_and_ends_below_five() {
        let at = |minutes: Millis| Timestamp::from_millis(minutes * MINUTE);
        assert_eq!(after(10, 1_000).at(at(1)).since, None);
        let flood = after(11, 1_000);
        assert_eq!(flood.at(at(1)).since, Some(Timestamp::from_millis(10_000)));
        // The seventh is forgotten at 10 min 6 s; then four are left.
        let holds = |ms| flood.at(Timestamp::from_millis(ms)).since.is_some();
        assert!(holds(10 * MINUTE + 5_999) && !holds(10 * MINUTE + 6_000));
        // One a minute is much, and no flood.
        assert_eq!(after(60, MINUTE).at(at(59)).since, None);
        assert_eq!(after(60, MINUTE).at(at(59)).count, 10);
    }

    proptest! {
        /// Against looking at all alarms at every moment.
        #[test]
        fn it_says_what_counting_says(gaps in prop::collection::vec(0..200_000_i64, 1..80)) {
            let mut detector = FloodDetector::default();
            let (mut now, mut all, mut flood) = (Timestamp::from_millis(0), Vec::new(), false);
            for gap in gaps {
                for _ in 0..gap / 1_000 {
                    now = now.plus(1_000);
                    let near = |at: &&Timestamp| now - **at < FLOOD_WINDOW_MS;
                    let count = all.iter().filter(near).count();
                    flood &= count >= FLOOD_BELOW;
                    let told = detector.at(now);
                    prop_assert_eq!((told.count, told.since.is_some()), (count, flood));
                }
                all.push(now);
                detector.take(now);
                let near = |at: &&Timestamp| now - **at < FLOOD_WINDOW_MS;
                flood |= all.iter().filter(near).count() > FLOOD_ABOVE;
            }
        }
    }
}
