//! What was sudden and nobody looked at, and what cannot be told of a sensor, with its reason. Used by
//! `assess`. Never gives a grade.

use super::assessment::{CannotTell, Sudden};
use super::followed::Followed;
use super::gauge::Gauge;
use super::gross::Seen;
use super::kept::{Break, Cause};
use super::limit::{Limit, Quantity};
use super::unit::other_unit;

impl CannotTell {
    /// Whether no grade can be given at all.
    #[must_use]
    pub const fn spoils_all(&self) -> bool {
        matches!(
            self,
            Self::NoReadings
                | Self::Silent { .. }
                | Self::Constant { .. }
                | Self::Implausible { .. }
                | Self::OtherUnit { .. }
                | Self::AxesSwapped
                | Self::NoReference
        )
    }

    /// Whether what was told before it holds for the past.
    #[must_use]
    pub const fn had_told(&self) -> bool {
        matches!(self, Self::Silent { .. } | Self::Constant { .. })
    }
}

/// Something sudden: a movement that was confirmed before all else, until somebody looked, whatever a
/// reading behind it may say.
pub(super) fn sudden(followed: &Followed) -> Option<Sudden> {
    let monitor = followed.monitor;
    let is_open = |at: &&Break| (followed.looked_ms).is_none_or(|looked| at.last_ms() > looked);
    let mut open = monitor.breaks().rev().filter(is_open);
    // What jumps about where no house can be, is read in the wrong unit.
    let most = followed.gauge.quantity().plausible();
    let is_house = |at: &Break| at.jump.from[0].hypot(at.jump.from[1]) <= most;
    if let Some(moved) = open.find(|at| at.cause == Cause::Movement && is_house(at)) {
        return Some(Sudden::Moved { jump: moved.jump });
    }
    if let Some(Seen::Unconfirmed(jump)) = monitor.last_seen() {
        return Some(Sudden::Unconfirmed { jump });
    }
    let last = monitor.breaks().next_back().filter(is_open)?;
    (last.cause == Cause::Mounting).then_some(Sudden::MountedAnew { jump: last.jump })
}

/// Whether a jump that counts as a movement may be one of units.
fn may_be_other_unit(followed: &Followed) -> Option<CannotTell> {
    let Gauge::Tilt(mounting) = followed.gauge else {
        return None;
    };
    let jump = followed.monitor.breaks().next_back()?.jump;
    let [from, to] = [jump.from, jump.to].map(|lean| mounting.axes_permille(lean));
    let unit = other_unit(mounting.unit, from, to, followed.monitor.sigma())?;
    Some(CannotTell::MayBeOtherUnit { unit })
}

/// A level that no house can have and stand.
fn implausible(followed: &Followed) -> Option<CannotTell> {
    let level = followed.level?;
    let size = level[0].hypot(level[1]);
    let quantity = followed.gauge.quantity();
    let most = quantity.plausible();
    (size > most).then(|| CannotTell::Implausible {
        level: size,
        quantity,
        unit: (followed.gauge.unit()).would_be(size, 0.5 * most),
    })
}

/// What jumps say: the last one that was confirmed, and readings that jump about.
fn by_jumps(followed: &Followed) -> Vec<CannotTell> {
    let monitor = followed.monitor;
    let mut reasons = Vec::new();
    match monitor.breaks().next_back().map(|last| last.cause) {
        // Exchanged twice they are as they were.
        Some(Cause::Axes) => {
            let exchanged = monitor.breaks().filter(|at| at.cause == Cause::Axes);
            reasons.extend((exchanged.count() % 2 == 1).then_some(CannotTell::AxesSwapped));
        }
        Some(Cause::Unit) => {
            let unit = monitor.other_unit();
            reasons.extend(unit.map(|unit| CannotTell::OtherUnit { unit }));
        }
        Some(Cause::Movement) => reasons.extend(may_be_other_unit(followed)),
        _ => {}
    }
    if matches!(monitor.last_seen(), Some(Seen::Restless)) {
        reasons.push(CannotTell::Restless);
    }
    reasons
}

/// What cannot be told.
pub(super) fn cannot_tell(
    followed: &Followed,
    limit: Option<&Limit>,
    has_rate: bool,
) -> Vec<CannotTell> {
    let (monitor, days) = (followed.monitor, followed.days.len());
    let mut reasons = followed.faults.clone();
    if monitor.readings() == 0 {
        reasons.push(CannotTell::NoReadings);
    }
    if monitor.is_constant() {
        reasons.push(CannotTell::Constant {
            since: monitor.stuck_since(),
        });
    }
    if let Some(range) = followed.range.filter(|_| monitor.is_beyond_range()) {
        reasons.push(CannotTell::BeyondRange { range });
    }
    reasons.extend(implausible(followed));
    reasons.extend(by_jumps(followed));
    if monitor.readings() > 0 && !has_rate {
        reasons.push(CannotTell::TooFewDays { days });
    }
    // Settlement as a whole is usually judged by its rate: no limit is no fault there.
    let wants_limit = followed.gauge.quantity() != Quantity::Settlement || limit.is_some();
    if wants_limit && limit.is_none_or(|limit| limit.number().is_none()) {
        reasons.push(CannotTell::NoLimit);
    }
    reasons
}
