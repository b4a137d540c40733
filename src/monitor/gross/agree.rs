//! Whether readings agree with each other, and what a jump that they bear out is taken for: exchanged
//! axes and another unit look like themselves in the axes of the sensor, whichever way it hangs. Pure.

use super::super::unit::change_of_unit;
use super::{GrossLimits, Jump, Known, Seen};

/// Two jumps go the same way when the cosine between them is above this.
const SAME_WAY: f64 = 0.9;
/// A second reading agrees with a first within this share of the jump …
const AGREE_SHARE: f64 = 0.25;
/// … or within so many standard deviations of a reading, which is what two readings of the same level
/// hardly ever differ by …
const AGREE_SIGMAS: f64 = 4.5;
/// … but never within more than this share of the jump: back on the level is no agreement.
const AGREE_MOST: f64 = 0.5;

/// How far a second reading may lie from the first to agree with it.
pub(super) fn slack(jump: &Jump, sigma: f64, limits: &GrossLimits) -> f64 {
    let size = jump.size();
    let by_noise = (AGREE_SIGMAS * sigma).min(AGREE_MOST * size);
    limits.agree.max(by_noise).max(AGREE_SHARE * size)
}

/// Whether a second far reading lies near the first.
pub(super) fn agrees(first: &Jump, second: &Jump, slack: f64) -> bool {
    distance(first.to, second.to) <= slack
}

/// Whether a second far reading lies further out than the first, the same way.
pub(super) fn goes_on(first: &Jump, second: &Jump) -> bool {
    let way = |jump: &Jump| [0, 1].map(|axis| jump.to[axis] - first.from[axis]);
    let (one, other) = (way(first), way(second));
    let sizes = (one[0].hypot(one[1]), other[0].hypot(other[1]));
    let along = one[0] * other[0] + one[1] * other[1];
    sizes.1 >= sizes.0 && along > SAME_WAY * sizes.0 * sizes.1
}

pub(super) fn distance(one: [f64; 2], other: [f64; 2]) -> f64 {
    (other[0] - one[0]).hypot(other[1] - one[1])
}

/// What a jump of a tilt sensor is where it is no movement: axes that changed places, or numbers of
/// another unit. Of units only what shrinks, or grows by more than a house is likely to go on the way it
/// leans.
pub(super) fn taken_for(jump: &Jump, sigma: f64, known: &Known) -> Option<Seen> {
    let mounting = known.mounting?;
    let [from, to] = [jump.from, jump.to].map(|lean| mounting.axes_permille(lean));
    let is_swapped =
        distance([from[1], from[0]], to) <= known.limits.agree.max(AGREE_SIGMAS * sigma);
    // Axes that show nearly the same cannot be told from their exchange.
    if is_swapped && distance(from, to) > 2.0 * known.limits.agree {
        return Some(Seen::AxesSwapped(*jump));
    }
    let unit = known.other_unit.unwrap_or(mounting.unit);
    let change = change_of_unit(unit, from, to, sigma)?;
    change
        .is_sure()
        .then_some(Seen::OtherUnit(*jump, change.unit))
}
