//! What a reading comes to under a condition: its size, the rate of change, the distance from what is
//! usual. Keeps in the rule's memory what the next reading is measured against. Never decides.

use crate::base::Timestamp;
use crate::model::alarm_rule::{
    Absence, Deviation, Level, Limits, Point, Rate, RuleState, Side, Usual, When,
};
use crate::model::{DeviceState, Reading};

/// Of a normal spread the mean distance is this much smaller than the standard deviation.
const SPREAD_OF_MEAN_DISTANCE: f64 = 1.2533;
/// Readings of which something usual is learned, at least.
const LEARNED_MIN: u32 = 12;

/// A believed reading, as rules look at it.
pub(super) struct Seen<'a> {
    pub reading: &'a Reading,
    /// The device before it.
    pub before: Option<&'a DeviceState>,
    /// The device with it.
    pub after: &'a DeviceState,
    /// Whether it follows the one before without a gap.
    pub in_a_row: bool,
    /// Whether values of the kind move both ways about zero: then the size counts.
    pub is_about_zero: bool,
}

impl Seen<'_> {
    fn axes(&self) -> [f64; 2] {
        axes(self.reading)
    }

    fn size(&self, reading: &Reading) -> f64 {
        self.length(axes(reading))
    }

    /// What is compared with a limit. A kind whose range lies evenly about zero moves both ways, so
    /// its size counts, over both axes where there are two.
    fn length(&self, [first, second]: [f64; 2]) -> f64 {
        match self.is_about_zero {
            true => first.hypot(second),
            false => first,
        }
    }
}

/// The values of both axes; 0 where there is no second one.
pub(super) fn axes(reading: &Reading) -> [f64; 2] {
    [reading.value, reading.second.unwrap_or(0.0)]
}

/// How a reading stands to a condition.
pub(super) fn level(when: &When, seen: &Seen, state: &mut RuleState) -> Level {
    match when {
        When::Threshold(limits) => limits.level(seen.size(seen.reading)),
        When::Rate(rate) => match slope(rate, seen, state) {
            Some(slope) => rate.limits().level(slope),
            None => Level::Unknown,
        },
        When::Deviation(deviation) => distance(deviation, seen, state),
        When::Absence(absence) => use_of(absence, seen, state),
        // Judged by the alarms of others, or by the monitor, not by a reading.
        When::Combination(_) | When::Assessed(_) => Level::Unknown,
    }
}

/// The slope of a straight line through the readings of the window: one odd reading hardly bends it.
/// `None` while there are too few, or they cover less than half of the window.
fn slope(rate: &Rate, seen: &Seen, state: &mut RuleState) -> Option<f64> {
    let at = seen.reading.at;
    let window_ms = rate.window_s * 1_000;
    state.points.retain(|point| at - point.at <= window_ms);
    let axes = seen.axes();
    let spaced = |last: &Point| at - last.at >= rate.spacing_ms();
    let mut points = state.points.clone();
    points.push(Point { at, axes });
    if state.points.last().is_none_or(spaced) {
        state.points.clone_from(&points);
    }
    let first = points.first()?.at;
    if (points.len() as i64) < rate.least_readings || at - first < window_ms / 2 {
        return None;
    }
    let per_second = [0, 1].map(|axis| {
        let pairs = points
            .iter()
            .map(|point| ((point.at - first) as f64 / 1e3, point.axes[axis]));
        line(&pairs.collect::<Vec<_>>())
    });
    Some(seen.length(per_second) * rate.per.seconds())
}

/// The slope of the straight line that lies nearest to the points.
fn line(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|one| one.0), mean(|one| one.1));
    let together: f64 = points.iter().map(|one| (one.0 - x) * (one.1 - y)).sum();
    let alone: f64 = points.iter().map(|one| (one.0 - x).powi(2)).sum();
    match alone > 0.0 {
        true => together / alone,
        false => 0.0,
    }
}

/// How far a reading lies from what is usual, which then takes it in.
fn distance(one: &Deviation, seen: &Seen, state: &mut RuleState) -> Level {
    let (at, axes) = (seen.reading.at, seen.axes());
    let Some(usual) = &mut state.usual else {
        state.usual = Some(Usual {
            mean: axes,
            spread: 0.0,
            since: at,
            at,
            count: 1,
        });
        return Level::Unknown;
    };
    let learned = usual.count >= LEARNED_MIN && at - usual.since >= one.learn_s * 1_000;
    let from_mean = [axes[0] - usual.mean[0], axes[1] - usual.mean[1]];
    let far = match (one.side, seen.is_about_zero) {
        // Where the size counts, more and less are more and less of it.
        (Side::Both, _) => seen.length(from_mean).abs(),
        (Side::Above, false) => from_mean[0],
        (Side::Below, false) => -from_mean[0],
        (Side::Above, true) => seen.length(axes) - seen.length(usual.mean),
        (Side::Below, true) => seen.length(usual.mean) - seen.length(axes),
    };
    let limit = (one.times * usual.spread).max(one.least);
    if at - usual.at >= one.spacing_ms() {
        // What is unusual is learned as if it lay at the limit: an incident does not become usual
        // within hours, a lasting change does in time.
        let reach = seen.length(from_mean).abs();
        let shorten = if learned && reach > limit {
            limit / reach
        } else {
            1.0
        };
        learn(usual, one, from_mean.map(|part| part * shorten), at);
    }
    if !learned {
        return Level::Unknown;
    }
    let limits = Limits {
        above: Some(limit),
        below: None,
        dead_band: one.dead_band,
    };
    limits.level(far)
}

fn learn(usual: &mut Usual, one: &Deviation, from_mean: [f64; 2], at: Timestamp) {
    let half_lives = (at - usual.at) as f64 / (one.half_life_s as f64 * 1e3);
    usual.count = usual.count.saturating_add(1).min(1_000_000);
    // The first readings count alike; a long silence does not forget everything at once.
    let weight = (1.0 - 0.5_f64.powf(half_lives))
        .min(0.5)
        .max(1.0 / f64::from(usual.count));
    let distance = from_mean[0].hypot(from_mean[1]) * SPREAD_OF_MEAN_DISTANCE;
    usual.mean = [0, 1].map(|axis| usual.mean[axis] + weight * from_mean[axis]);
    usual.spread += weight * (distance - usual.spread);
    usual.at = at;
}

/// Whether a reading shows use; otherwise since when there was none is kept.
fn use_of(absence: &Absence, seen: &Seen, state: &mut RuleState) -> Level {
    let is_use = |reading: &Reading| seen.size(reading) > absence.above;
    if is_use(seen.reading) {
        state.quiet_since = None;
        return Level::Back;
    }
    if state.quiet_since.is_none() {
        let last = seen.before.map(|before| &before.last);
        state.quiet_since = Some(match last {
            Some(last) if is_use(last) => last.at,
            // Nobody asked before: as long as the value was the same there was none.
            _ => seen.after.same_since,
        });
    }
    Level::Beyond
}
