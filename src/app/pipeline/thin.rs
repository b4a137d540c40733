//! Which snapshots are kept: all of the last day, then the first of every half hour for ever, and as
//! many more as it takes to have no more than some ten thousand batches between two. That much of a
//! large city is read in about half a second, so any past moment opens in under one. Never touches a batch; `keep` does as told here.

use crate::base::{Millis, Timestamp};
use crate::model::ports::SnapshotMark;

const DAY_MS: Millis = 24 * 3_600_000;
/// Time of which one snapshot is enough, once it is a day old.
const SLOT_MS: Millis = 1_800_000;

/// Batches after which another one is kept, be the time as short as it may: who sends single
/// readings makes many batches of few.
const SLOT_BATCHES: u64 = 10_000;

/// The batches whose snapshots may go; `kept` is in order, oldest first.
pub(super) fn superfluous(kept: &[SnapshotMark], now: Timestamp) -> Vec<u64> {
    let slot = |mark: &SnapshotMark| mark.at.millis().div_euclid(SLOT_MS);
    let mut last: Option<&SnapshotMark> = None;
    let mut superfluous = Vec::new();
    for mark in kept.iter().filter(|mark| now - mark.at > DAY_MS) {
        let is_near = last.is_some_and(|last| {
            slot(last) == slot(mark) && mark.batch.saturating_sub(last.batch) < SLOT_BATCHES
        });
        match is_near {
            true => superfluous.push(mark.batch),
            false => last = Some(mark),
        }
    }
    superfluous
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: Millis = 60_000;

    /// Days of snapshots every 8 minutes, thinned with each new one; ages in minutes of what is
    /// left at the end.
    fn left(days: i64) -> Vec<i64> {
        let mut kept: Vec<SnapshotMark> = Vec::new();
        let mut now = Timestamp::from_millis(1_777_593_600_000);
        for batch in 1..=days as u64 * 24 * 60 / 8 {
            now = now.plus(8 * MINUTE_MS);
            kept.push(SnapshotMark { batch, at: now });
            let gone = superfluous(&kept, now);
            kept.retain(|mark| !gone.contains(&mark.batch));
        }
        kept.iter()
            .map(|mark| (now - mark.at) / MINUTE_MS)
            .collect()
    }

    #[test]
    fn dense_for_a_day_then_every_half_hour() {
        let ages = left(20);
        const DAY: i64 = 24 * 60;
        let recent = ages.iter().filter(|age| **age <= DAY).count();
        assert_eq!(recent as i64, DAY / 8 + 1, "all of the last day");
        assert!(
            ((ages.len() - recent) as i64 - 19 * 48).abs() <= 1,
            "one a half hour"
        );
        for pair in ages.windows(2) {
            assert!(pair[0] - pair[1] <= 30 + 8, "{pair:?}");
        }
    }

    #[test]
    fn the_newest_and_the_first_stay_and_a_second_look_finds_nothing() {
        let mark = |batch, minutes: i64| SnapshotMark {
            batch,
            at: Timestamp::from_millis(minutes * MINUTE_MS + 1_000),
        };
        let kept = [mark(1, 0), mark(2, 10), mark(3, 40), mark(4, 9_000)];
        assert_eq!(superfluous(&kept, kept[3].at), [2]);
        let kept = [mark(1, 0), mark(3, 40), mark(4, 9_000)];
        assert!(superfluous(&kept, kept[2].at).is_empty());
        assert!(superfluous(&[], kept[2].at).is_empty());
    }
    #[test]
    fn many_batches_in_a_short_time_have_snapshots_between_them() {
        let mut kept: Vec<SnapshotMark> = Vec::new();
        // Two thousand batches in each second.
        for second in 0..600_u64 {
            kept.push(SnapshotMark {
                batch: second * 2_000,
                at: Timestamp::from_millis(second as i64 * 1_000),
            });
        }
        let now = Timestamp::from_millis(2 * DAY_MS);
        let gone = superfluous(&kept, now);
        kept.retain(|mark| !gone.contains(&mark.batch));
        assert_eq!(kept.len(), 120);
        assert!(superfluous(&kept, now).is_empty());
        let gaps = kept.windows(2).map(|pair| pair[1].batch - pair[0].batch);
        assert!(gaps.max() <= Some(SLOT_BATCHES));
    }
}
