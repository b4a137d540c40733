//! Which snapshots are kept: all of the last day, one an hour for a week, then one a day. So no
//! past moment is further than some hours, or in old times a day or two, behind a snapshot, and a
//! year keeps well under a thousand of them. Never touches a batch; `keep` does as told here.

use crate::base::{Millis, Timestamp};
use crate::model::ports::SnapshotMark;

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;
const WEEK_MS: Millis = 7 * DAY_MS;

/// The batches whose snapshots may go; `kept` is in order, oldest first. Of each hour or day the
/// first stays: it is the first of its hour too, so what stays now is still there when it ages.
pub(super) fn superfluous(kept: &[SnapshotMark], now: Timestamp) -> Vec<u64> {
    let mut last = None;
    let mut superfluous = Vec::new();
    for mark in kept {
        let Some(length_ms) = slot_ms(now - mark.at) else {
            continue;
        };
        let slot = (length_ms, mark.at.millis().div_euclid(length_ms));
        if last == Some(slot) {
            superfluous.push(mark.batch);
        }
        last = Some(slot);
    }
    superfluous
}

/// The length of time of which one snapshot is enough at this age; `None` while all are kept.
fn slot_ms(age_ms: Millis) -> Option<Millis> {
    match age_ms {
        age if age <= DAY_MS => None,
        age if age <= WEEK_MS => Some(HOUR_MS),
        _ => Some(DAY_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days of snapshots every 25 minutes, thinned with each new one; ages in minutes of what is
    /// left at the end.
    fn left(days: i64) -> Vec<i64> {
        let mut kept: Vec<SnapshotMark> = Vec::new();
        let mut now = Timestamp::from_millis(1_777_593_600_000);
        for batch in 1..=days as u64 * 24 * 60 / 25 {
            now = now.plus(25 * 60_000);
            kept.push(SnapshotMark { batch, at: now });
            let gone = superfluous(&kept, now);
            kept.retain(|mark| !gone.contains(&mark.batch));
        }
        kept.iter().map(|mark| (now - mark.at) / 60_000).collect()
    }

    #[test]
    fn dense_then_hourly_then_daily_and_never_far_apart() {
        let ages = left(100);
        let within = |from: i64, to: i64| {
            let ages = ages.iter().filter(|age| (from..to).contains(age));
            ages.count()
        };
        const DAY: i64 = 24 * 60;
        assert_eq!(within(0, DAY), 58, "all of the last day");
        assert!((143..=145).contains(&within(DAY, 7 * DAY)), "one an hour");
        assert!((92..=94).contains(&within(7 * DAY, 200 * DAY)), "one a day");
        for pair in ages.windows(2) {
            let most = match pair[0] {
                age if age <= DAY + 60 => 25 + 60,
                age if age <= 7 * DAY => 2 * 60,
                _ => 2 * DAY,
            };
            assert!(pair[0] - pair[1] <= most, "{pair:?}");
        }
    }

    #[test]
    fn the_newest_and_the_first_stay_and_a_second_look_finds_nothing() {
        let mark = |batch, hours: i64| SnapshotMark {
            batch,
            at: Timestamp::from_millis(hours * HOUR_MS + 60_000),
        };
        let kept = [mark(1, 0), mark(2, 1), mark(3, 30), mark(4, 400)];
        assert_eq!(superfluous(&kept, kept[3].at), [2]);
        let kept = [mark(1, 0), mark(3, 30), mark(4, 400)];
        assert!(superfluous(&kept, kept[2].at).is_empty());
        assert!(superfluous(&[], kept[2].at).is_empty());
    }
}
