//! Breaks of a series: what was sudden, the whole of a movement while it goes on, and by how much the level
//! of days changed. Never forgets one before there are too many.

use super::super::day::Day;
use super::super::gross::Seen;
use super::super::kept::{Break, Cause};
use super::super::robust::median;
use super::{JUMPS_KEPT, SeriesMonitor, Taking};

/// So many days behind a break settle by how much the level changed.
const SETTLED_BY: usize = 3;

impl SeriesMonitor {
    /// Once enough days lie behind the last break, the change of level is that of the days before and
    /// behind it: single readings are too noisy to hang a trend on.
    pub(super) fn settle(&mut self) {
        let response = self.thermal.response();
        let Some(last) = self.breaks.back_mut().filter(|last| !last.is_settled) else {
            return;
        };
        let whole = self.days.iter().filter(|day| !day.is_broken);
        let (before, behind): (Vec<&Day>, Vec<&Day>) = whole.partition(|day| day.number < last.day);
        let before = &before[before.len().saturating_sub(SETTLED_BY)..];
        if behind.len() < SETTLED_BY {
            return;
        }
        let level = |days: &[&Day], axis: usize| {
            let values = days
                .iter()
                .map(|day| day.compensated(response.as_ref())[axis]);
            median(&mut values.collect::<Vec<_>>())
        };
        for axis in 0..2 {
            // Without a day before it the readings must do.
            if let (Some(was), Some(is)) = (level(before, axis), level(&behind, axis)) {
                last.offset[axis] = is - was;
            }
        }
        last.is_settled = true;
    }

    /// Keeps what was sudden. A movement that goes on is the one that is kept already.
    pub(super) fn note(&mut self, seen: Seen, number: i32, taking: &Taking) {
        let (jump, cause) = match seen {
            Seen::Spike => {
                self.unused.spikes += 1;
                return;
            }
            Seen::Moved(jump) => (jump, Cause::Movement),
            Seen::MountedAnew(jump) => (jump, Cause::Mounting),
            Seen::AxesSwapped(jump) => (jump, Cause::Axes),
            Seen::OtherUnit(jump, unit) => {
                // Numbers that are of its own unit again look like no other.
                let own = taking.mounting.map(|mounting| mounting.unit);
                self.other_unit = Some(unit).filter(|_| own != Some(unit));
                (jump, Cause::Unit)
            }
            Seen::Level | Seen::Unconfirmed(_) | Seen::Restless => return,
        };
        if let Some(tally) = self.tally(number) {
            tally.is_broken = true;
        }
        let offset = [0, 1].map(|axis| jump.to[axis] - jump.from[axis]);
        let is_same = |last: &&mut Break| last.cause == cause && last.jump.at_ms == jump.at_ms;
        if let Some(last) = self.breaks.back_mut().filter(is_same) {
            // Days behind it are of this level: they settle it anew.
            (last.jump, last.offset, last.is_settled) = (jump, offset, false);
            return;
        }
        if self.breaks.len() == JUMPS_KEPT {
            self.breaks.pop_front();
        }
        self.breaks.push_back(Break {
            jump,
            cause,
            day: number,
            offset,
            is_settled: false,
            until_ms: 0,
        });
    }

    /// Keeps how far a movement has come that is not at rest, and that it was still going on.
    pub(super) fn follow(&mut self, at_ms: i64, number: i32) {
        let response = self.thermal.response();
        let Some(going) = self.gross.going(response.as_ref()) else {
            return;
        };
        let is_it = |last: &&mut Break| {
            last.cause == Cause::Movement && last.jump.at_ms == going.jump.at_ms && !last.is_settled
        };
        let Some(last) = self.breaks.back_mut().filter(is_it) else {
            return;
        };
        // What swings back is told by how far it went.
        if 2.0 * going.jump.size() >= last.jump.size() {
            last.jump = going.jump;
        }
        last.offset = [0, 1].map(|axis| going.jump.to[axis] - going.jump.from[axis]);
        if going.is_on_its_way {
            last.until_ms = at_ms;
            if let Some(tally) = self.tally(number) {
                tally.is_broken = true;
            }
        }
    }
}
