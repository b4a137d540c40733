//! Which values and days a chart spans: days and trend decide, raw readings widen it a little, and the next
//! limit comes in where it is near. Neither a wild reading nor what is foreseen squeezes what was measured.
//! Never draws.

use crate::model::Quantity;

use super::Chart;

/// Air above and below, as a share.
const AIR: f64 = 0.07;
/// A limit this many times the span above what there is still comes into the picture.
const NEAR_LIMIT: f64 = 1.6;
/// So does one that was passed, this many times the span below …
const NEAR_PASSED: f64 = 0.6;
/// … and the last of all, this many.
const NEAR_LAST: f64 = 2.5;
/// Nought comes in where it lies this share of the span below.
const NEAR_NOUGHT: f64 = 0.6;
/// Fewer days are never drawn.
const LEAST_DAYS: f64 = 7.0;

/// From the lowest to the highest value in the picture.
pub(super) fn value_range(chart: &Chart) -> [f64; 2] {
    let days = chart.days.iter().map(|day| day.value);
    let trend = chart.trend.iter().flat_map(|trend| trend.pieces.iter());
    let trend = trend.flatten().map(|end| end.value);
    let core = days.chain(trend).chain(chart.level);
    let core = core.filter(|value| value.is_finite()).collect::<Vec<_>>();
    let mut ends = hull(core.into_iter().chain(usual_raw(chart))).unwrap_or([0.0, 0.0]);
    widen(&mut ends, chart.measured);
    let span = ends[1] - ends[0];
    let tiers = chart.limit.iter().flat_map(|limit| &limit.tiers);
    let tiers = tiers.map(|(_, value)| *value).collect::<Vec<_>>();
    let above = tiers.iter().find(|value| **value > ends[1]);
    if let Some(above) = above.filter(|above| **above <= ends[1] + NEAR_LIMIT * span) {
        ends[1] = *above;
    }
    let is_last = above.is_none();
    let near = if is_last { NEAR_LAST } else { NEAR_PASSED };
    let below = tiers.iter().rev().find(|value| **value < ends[0]);
    if let Some(below) = below.filter(|below| **below >= ends[0] - near * span) {
        ends[0] = *below;
    }
    if ends[0] > 0.0 && ends[0] <= NEAR_NOUGHT * (ends[1] - ends[0]) {
        ends[0] = 0.0;
    }
    let air = AIR * (ends[1] - ends[0]);
    [ends[0] - air, ends[1] + air]
}

/// Whether what is foreseen reaches beyond the values in the picture.
pub(super) fn is_cut(chart: &Chart) -> bool {
    let [low, high] = value_range(chart);
    let mut ends = chart.ahead.iter().flat_map(|one| one.bands).flatten();
    ends.any(|value| value < low || value > high)
}

fn hull(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    values.fold(None, |ends: Option<[f64; 2]>, value| {
        let [low, high] = ends.unwrap_or([value; 2]);
        Some([low.min(value), high.max(value)])
    })
}

/// Raw readings without the few that lie far out.
fn usual_raw(chart: &Chart) -> Vec<f64> {
    let share = |mut values: Vec<f64>, share: f64| {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1)?;
        values.get((share * last as f64).round() as usize).copied()
    };
    let lows = chart.raw.iter().map(|span| span.low).collect();
    let highs = chart.raw.iter().map(|span| span.high).collect();
    [share(lows, 0.06), share(highs, 0.94)]
        .into_iter()
        .flatten()
        .collect()
}

/// Less than this from the lowest to the highest value is drawn no larger: noise is no movement.
const fn least_span(measured: Quantity) -> f64 {
    match measured {
        Quantity::Tilt | Quantity::Distortion => 0.5,
        Quantity::Settlement => 2.0,
        Quantity::Crack => 0.3,
    }
}

fn widen(ends: &mut [f64; 2], measured: Quantity) {
    let lacks = least_span(measured) - (ends[1] - ends[0]);
    if lacks > 0.0 {
        ends[0] -= lacks / 2.0;
        ends[1] += lacks / 2.0;
    }
}

/// From the first day to the last: what was measured, up to the moment shown, and what is foreseen.
pub(super) fn time_range(chart: &Chart) -> [f64; 2] {
    let raw = chart
        .raw
        .iter()
        .flat_map(|span| [span.from_day, span.to_day]);
    let days =
        (chart.days.iter()).flat_map(|day| [0.0, 1.0].map(|end| f64::from(day.number) + end));
    let ahead = chart.ahead.iter().map(|one| f64::from(one.number) + 1.0);
    let at = chart.day_of(chart.at);
    let mut ends = hull(raw.chain(days).chain(ahead).chain([at])).unwrap_or([at; 2]);
    ends[0] = ends[0].min(ends[1] - LEAST_DAYS);
    ends
}
