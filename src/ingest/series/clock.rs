//! What the clock of a table did: offsets from UTC that change, a local clock that was set by whole or
//! half hours, rows out of order, and where values are missing. Pure; used by `series` alone. It moves
//! times only where a clock was certainly set, and tells by how much.

use super::moment::{MINUTE_MS, Moment};
use super::told::{ClockJump, Gap, OffsetFrom};
use super::values::LISTED_MOST;
use crate::base::Timestamp;

/// A clock is set by so much, minutes.
const SET_BY_MIN: i64 = 30;
/// And by no more than this, minutes.
const SET_MOST_MIN: i64 = 14 * 60;
/// More steps back than this are rows out of order, and no clock that is set.
const SET_OFTEN: usize = 12;
/// Offsets that change more often than this are listed no further.
const OFFSETS_LISTED: usize = 100;

/// Times of rows, and what had to be done for them.
pub(super) struct Settled {
    /// Milliseconds since 1970 UTC, in the order of the file.
    pub at_ms: Vec<i64>,
    pub is_local: bool,
    pub offsets: Vec<OffsetFrom>,
    pub jumps: Vec<ClockJump>,
    pub backwards: usize,
}

/// Settles the times of rows, with their lines: by the offset that is written, or else by this one.
/// Where rows are of several places their order says nothing of a clock.
pub(super) fn settle(told: &[(u64, Moment)], offset_minutes: i32, is_one_place: bool) -> Settled {
    let absolute = |(_, moment): &(u64, Moment)| {
        let offset = moment.offset_minutes.unwrap_or(offset_minutes);
        moment
            .clock_ms
            .saturating_sub(i64::from(offset) * MINUTE_MS)
    };
    let mut at_ms: Vec<i64> = told.iter().map(absolute).collect();
    let is_local = told
        .iter()
        .any(|(_, moment)| moment.has_time && moment.offset_minutes.is_none());
    let jumps = match is_local && is_one_place {
        true => jumps(told, &at_ms),
        false => Vec::new(),
    };
    // All that came before is moved onto the clock of the last rows.
    let mut by_ms = 0;
    let mut left = jumps.iter().rev().peekable();
    for index in (0..at_ms.len()).rev() {
        at_ms[index] += by_ms;
        if let Some((_, jump)) = left.next_if(|(at, _)| *at == index) {
            by_ms += i64::from(jump.by_minutes) * MINUTE_MS;
        }
    }
    let backwards = at_ms.windows(2).filter(|pair| pair[1] < pair[0]).count();
    Settled {
        is_local,
        offsets: offsets(told),
        jumps: jumps.into_iter().map(|(_, jump)| jump).collect(),
        backwards: if is_one_place { backwards } else { 0 },
        at_ms,
    }
}

/// Offsets as they are written, from where they begin.
fn offsets(told: &[(u64, Moment)]) -> Vec<OffsetFrom> {
    let mut found: Vec<OffsetFrom> = Vec::new();
    for (line, moment) in told {
        let Some(offset_minutes) = moment.offset_minutes else {
            continue;
        };
        let is_new = found
            .last()
            .is_none_or(|last| last.offset_minutes != offset_minutes);
        if is_new && found.len() < OFFSETS_LISTED {
            found.push(OffsetFrom {
                line: *line,
                offset_minutes,
            });
        }
    }
    found
}

/// Where a local clock was set, by the index of the first row behind. A step back that leaves the
/// usual interval but for half hours is certain; a step forward is one only where the same file has
/// the step back: else values may be missing. The same time twice may be either, and counts as told twice.
fn jumps(told: &[(u64, Moment)], at_ms: &[i64]) -> Vec<(usize, ClockJump)> {
    let Some(interval) = interval_ms(at_ms) else {
        return Vec::new();
    };
    let set_by = |pair: &[i64]| {
        let off = pair[1] - pair[0] - interval;
        let minutes = off / MINUTE_MS;
        let is_set =
            off % (SET_BY_MIN * MINUTE_MS) == 0 && minutes != 0 && minutes.abs() <= SET_MOST_MIN;
        is_set.then_some(minutes)
    };
    let steps: Vec<(usize, i64)> = (at_ms.windows(2).enumerate())
        .filter_map(|(index, pair)| Some((index + 1, set_by(pair)?)))
        .collect();
    let is_back =
        |(index, minutes): &(usize, i64)| *minutes < 0 && at_ms[*index] < at_ms[*index - 1];
    let back: Vec<i64> = steps
        .iter()
        .filter(|step| is_back(step))
        .map(|step| -step.1)
        .collect();
    if back.len() > SET_OFTEN {
        return Vec::new();
    }
    let is_jump = |step: &(usize, i64)| is_back(step) || back.contains(&step.1);
    steps
        .into_iter()
        .filter(is_jump)
        .map(|(index, minutes)| {
            let line = told[index].0;
            (
                index,
                ClockJump {
                    line,
                    by_minutes: minutes as i32,
                },
            )
        })
        .collect()
}

/// The usual distance of moments that follow each other, milliseconds.
pub(super) fn interval_ms(at_ms: &[i64]) -> Option<i64> {
    let mut steps: Vec<i64> = at_ms
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|step| *step > 0)
        .collect();
    let middle = steps.len() / 2;
    (!steps.is_empty()).then(|| *steps.select_nth_unstable(middle).1)
}

/// Where values are missing: how many gaps, and the first of them.
pub(super) fn gaps(
    values: &[(Timestamp, f64)],
    interval: i64,
    is_local: bool,
) -> (usize, Vec<Gap>) {
    let mut gaps = Vec::new();
    let mut count = 0;
    for pair in values.windows(2) {
        let (from, to) = (pair[0].0, pair[1].0);
        let length = to - from;
        // Half an interval late is late, and not missing.
        if length * 2 <= interval * 3 {
            continue;
        }
        count += 1;
        if gaps.len() < LISTED_MOST {
            let off = length - interval;
            let is_set = [SET_BY_MIN, 2 * SET_BY_MIN]
                .map(|minutes| minutes * MINUTE_MS)
                .contains(&off);
            gaps.push(Gap {
                from,
                to,
                missing: ((length + interval / 2) / interval - 1).max(1) as u64,
                may_be_clock: is_local && is_set,
            });
        }
    }
    (count, gaps)
}
