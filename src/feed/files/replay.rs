//! One file of readings that is replayed: each is told when the engine's clock has come to its time.
//! Used by `app::engine`, whose clock then runs from the first of them on, as fast as one likes.

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use super::parts::{self, Fault};
use crate::base::{Timestamp, why_unread};
use crate::feed::payload::{FeedMapping, Message};
use crate::feed::{Inbox, Intake, Urgency};
use crate::model::Reading;

/// Most readings of a file: they are held in memory, in the order of their times.
const READINGS_MAX: usize = 20_000_000;
/// Readings that are told at a time.
const PART: usize = 1_000;
/// The end of 2099: what was recorded may be of any time that has been or is planned.
const LATEST: Timestamp = Timestamp::from_millis(4_102_444_799_000);

/// Why a file cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayFault {
    /// It cannot be read.
    #[error("{}", why_unread(.0))]
    File(io::Error),
    /// There is nothing in it that can be used; why, in words.
    #[error("{0}")]
    Unusable(String),
}

/// The readings of a file that are still to be told.
pub struct Replay {
    first: Timestamp,
    last: Timestamp,
    readings: VecDeque<(Reading, Urgency)>,
}

impl Replay {
    /// Reads a file by the feeds that take `feed` by HTTP, chosen by ending. What cannot be used is
    /// counted by the intake; a value without a time is of no use here.
    ///
    /// # Errors
    /// When it cannot be read, or holds no reading of a device of the city.
    pub fn read(path: &Path, feed: &str, intake: &Intake) -> Result<Self, ReplayFault> {
        let mut readings = Vec::new();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let take = &mut |feed: &FeedMapping, part: &[u8]| {
            let message = Message {
                topic: &name,
                payload: part,
                retained: true,
                arrived: LATEST,
            };
            readings.extend(intake.readings(feed, message));
            match readings.len() > READINGS_MAX {
                true => Err(Fault::Unusable(format!(
                    "more than {READINGS_MAX} readings; replay it in parts"
                ))),
                false => Ok(()),
            }
        };
        match parts::each(path, intake.table(), feed, take) {
            Ok(()) | Err(Fault::Left) => {}
            Err(Fault::File(fault)) => return Err(ReplayFault::File(fault)),
            Err(Fault::Unusable(why)) => return Err(ReplayFault::Unusable(why)),
        }
        // Stable: of two with one time that which stands first comes first.
        readings.sort_by_key(|(reading, _)| reading.at);
        let ends = [readings.first(), readings.last()];
        let [Some(first), Some(last)] = ends.map(|one| one.map(|(reading, _)| reading.at)) else {
            return Err(ReplayFault::Unusable(
                "there is no reading in it of a device of this city with a time; docs/feeds.md tells \
                 how lines are read"
                    .to_owned(),
            ));
        };
        Ok(Self {
            first,
            last,
            readings: readings.into(),
        })
    }

    /// The time of the first and of the last reading.
    #[must_use]
    pub fn span(&self) -> [Timestamp; 2] {
        [self.first, self.last]
    }

    /// How many are still to be told.
    #[must_use]
    pub fn left(&self) -> usize {
        self.readings.len()
    }

    /// Puts the readings of times up to `now` into the inbox, as long as there is room that nothing is
    /// dropped for them; the rest comes the next time, at once.
    pub fn pump(&mut self, now: Timestamp, inbox: &Inbox) {
        while inbox.has_room() {
            let due = self.readings.iter().take(PART);
            let count = due.take_while(|(reading, _)| reading.at <= now).count();
            if count == 0 {
                return;
            }
            let mut part: Vec<_> = self.readings.drain(..count).collect();
            part.iter_mut()
                .for_each(|(reading, _)| reading.arrived = now);
            inbox.offer_message(&part, &[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use super::*;
    use crate::feed::payload::FeedTable;
    use crate::model::KindTable;
    use crate::model::sample::{MORNING, city};

    fn read(ending: &str, text: &str) -> Result<Replay, ReplayFault> {
        let mut file = tempfile::Builder::new().suffix(ending).tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let inbox = Arc::new(Inbox::new(10));
        let kinds = Arc::new(KindTable::standard());
        let intake = Intake::new(FeedTable::standard(), &city(2), &kinds, inbox);
        Replay::read(file.path(), "readings", &intake)
    }

    #[test]
    fn each_is_told_at_its_time_and_nothing_is_dropped() {
        let second = |number: i64| MORNING.plus(number * 1_000);
        let line = |number: i64| format!("smoke 0,{},0.5\n", second(number).millis());
        let text: String = (0..5_000).rev().map(line).collect();
        let mut replay = read(".csv", &text).unwrap();
        assert_eq!(replay.span(), [second(0), second(4_999)]);
        let inbox = Inbox::new(4_000);
        replay.pump(second(-1), &inbox);
        assert!(inbox.take().readings.is_empty());
        replay.pump(second(9), &inbox);
        let told = inbox.take().readings;
        assert_eq!(told.len(), 10);
        assert!(
            told.iter()
                .all(|it| it.at <= second(9) && it.arrived == second(9))
        );
        let mut count = 10;
        while replay.left() > 0 {
            replay.pump(second(9_999), &inbox);
            let taken = inbox.take();
            assert_eq!(taken.dropped, 0);
            count += taken.readings.len();
        }
        assert_eq!(count, 5_000);
    }

    #[test]
    fn lines_of_json_are_read_and_what_is_of_no_use_is_told() {
        let text = format!(
            "{{\"device\":\"smoke 0\",\"time\":{0},\"value\":1}}\n\n{{\n{{\"device\":\"smoke 1\",\"value\":1}}\n",
            MORNING.millis()
        );
        assert_eq!(read(".jsonl", &text).unwrap().left(), 1);
        let why = |ending, text| read(ending, text).err().unwrap().to_string();
        assert!(why(".csv", "").contains("no reading"));
        assert!(why(".csv", "smoke 0,,1\n").contains("no reading"));
        assert!(why(".txt", "smoke 0,,1\n").contains(".jsonl"));
        assert!(why(".csv", &"x".repeat(300_000)).contains("256 KB"));
    }
}
