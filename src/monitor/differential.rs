//! Points of one building held against each other: how unevenly it settles, the angular distortion between
//! two points, the slope that all of them make, and whether a tilt sensor in the same house says the same.
//! Pure; never tells a slope of points that lie in a line, but along that line alone.
//!
//! Angular distortion is the difference of two settlements by their distance (GB 50007: local tilt); the
//! slope is the plane of least squares. A house leans to the side that settles more, and mm a metre is ‰,
//! so both are held against each other as they are.

use serde::Serialize;

use crate::model::MonitorGrade;

use super::limit::{Quantity, Subject};
use super::rate::Rate;
use super::series::MONTH_DAYS;
use super::table::MonitorTable;

/// Points nearer to each other than this tell no slope, m: an error of a millimetre would be a third of
/// the usual limit.
const LEAST_DISTANCE_M: f64 = 1.5;
/// Points whose spread across their line is less than this share of that along it lie in a line.
const IN_LINE: f64 = 0.15;

/// A point of a building that is followed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SettledPoint {
    /// Where, m east and north in the city's coordinates.
    pub position: [f64; 2],
    /// Settlement since its epoch, mm downwards.
    pub settlement_mm: f64,
}

/// How unevenly a building settles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Differential {
    /// The two points between which the distortion is largest, by their place in the list.
    pub between: [usize; 2],
    /// How far they are apart, m.
    pub distance_m: f64,
    /// By how much one settled more, mm.
    pub difference_mm: f64,
    /// Angular distortion between them, ‰.
    pub distortion_permille: f64,
}

/// Whether a tilt sensor and the settlement under the same house tell the same movement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Agreement {
    /// Over so many days.
    pub span_days: u32,
    /// Movement by the tilt sensor, ‰: east and north.
    pub tilt_permille: [f64; 2],
    /// Movement by settlement, ‰; along the line of the points alone, where they lie in one.
    pub settlement_permille: [f64; 2],
    /// How far both are apart, ‰.
    pub apart_permille: f64,
    /// By how much they may be apart: what was configured, and what their intervals leave open, ‰.
    pub tolerance_permille: f64,
}

impl Agreement {
    /// Whether they agree.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.apart_permille <= self.tolerance_permille
    }
}

/// The largest angular distortion between two points; `None` where no two lie far enough apart.
#[must_use]
pub fn differential(points: &[SettledPoint]) -> Option<Differential> {
    let mut worst: Option<Differential> = None;
    for (first, one) in points.iter().enumerate() {
        for (second, other) in points.iter().enumerate().skip(first + 1) {
            let [x, y] = [0, 1].map(|axis| other.position[axis] - one.position[axis]);
            let distance_m = x.hypot(y);
            let difference_mm = (other.settlement_mm - one.settlement_mm).abs();
            if !(distance_m >= LEAST_DISTANCE_M && difference_mm.is_finite()) {
                continue;
            }
            let distortion_permille = difference_mm / distance_m;
            if worst.is_none_or(|worst| distortion_permille > worst.distortion_permille) {
                worst = Some(Differential {
                    between: [first, second],
                    distance_m,
                    difference_mm,
                    distortion_permille,
                });
            }
        }
    }
    worst
}

/// A slope that points make, and along what it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slope {
    /// ‰ towards east and north: where it points the house settles more.
    permille: [f64; 2],
    /// The direction along which alone it is known; `None` for both.
    along: Option<[f64; 2]>,
}

/// The slope of values, mm, at places; `None` where they lie in one place.
fn slope(points: &[([f64; 2], f64)]) -> Option<Slope> {
    let count = points.len() as f64;
    let (mut middle, mut level) = ([0.0; 2], 0.0);
    for (position, value) in points {
        middle = [0, 1].map(|axis| middle[axis] + position[axis] / count);
        level += value / count;
    }
    let (mut xx, mut xy, mut yy, mut xs, mut ys) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (position, value) in points {
        let [x, y] = [position[0] - middle[0], position[1] - middle[1]];
        let s = value - level;
        xx += x * x;
        xy += x * y;
        yy += y * y;
        xs += x * s;
        ys += y * s;
    }
    // The longer axis of the points, and their spread along and across it.
    let half = f64::midpoint(xx, yy);
    let apart = (0.5 * (xx - yy)).hypot(xy);
    let (long, short) = (half + apart, (half - apart).max(0.0));
    // Two points at the least distance apart spread by half its square.
    if !(long >= 0.5 * LEAST_DISTANCE_M * LEAST_DISTANCE_M) {
        return None;
    }
    if short.sqrt() < IN_LINE * long.sqrt() {
        let turn = 0.5 * (2.0 * xy).atan2(xx - yy);
        let along = [turn.cos(), turn.sin()];
        let size = (along[0] * xs + along[1] * ys) / long;
        return Some(Slope {
            permille: along.map(|part| part * size),
            along: Some(along),
        });
    }
    let whole = xx * yy - xy * xy;
    Some(Slope {
        permille: [(yy * xs - xy * ys) / whole, (xx * ys - xy * xs) / whole],
        along: None,
    })
}

/// Whether a tilt sensor moves as the settlement of its house says, over the days that both rates tell of:
/// rates of the same window, those of settlement with their places. `None` for fewer than two points that
/// lie apart. `agree_permille` is by how much they may differ at all.
#[must_use]
pub fn agreement(
    tilt: &Rate,
    points: &[([f64; 2], Rate)],
    agree_permille: f64,
) -> Option<Agreement> {
    let spans = points.iter().map(|(_, rate)| rate.span_days);
    let span_days = spans.chain([tilt.span_days]).min()?;
    let months = f64::from(span_days) / MONTH_DAYS;
    let moved: Vec<([f64; 2], f64)> = points
        .iter()
        .map(|(position, rate)| (*position, rate.per_month[0] * months))
        .collect();
    let slope = slope(&moved)?;
    let tilt_permille = tilt.per_month.map(|rate| rate * months);
    let apart = [0, 1].map(|axis| tilt_permille[axis] - slope.permille[axis]);
    let apart_permille = match slope.along {
        Some(along) => (apart[0] * along[0] + apart[1] * along[1]).abs(),
        None => apart[0].hypot(apart[1]),
    };
    // Errors of the points come into the slope by how far they lie apart.
    let errors = points
        .iter()
        .map(|(_, rate)| (rate.half() * months).powi(2));
    let error_mm = (errors.sum::<f64>() / points.len() as f64).sqrt();
    let longest_m = points
        .iter()
        .flat_map(|(one, _)| {
            points
                .iter()
                .map(move |(other, _)| (one[0] - other[0]).hypot(one[1] - other[1]))
        })
        .fold(LEAST_DISTANCE_M, f64::max);
    let tolerance_permille = agree_permille
        + (tilt.half() * months).hypot(error_mm * std::f64::consts::SQRT_2 / longest_m);
    Some(Agreement {
        span_days,
        tilt_permille,
        settlement_permille: slope.permille,
        apart_permille,
        tolerance_permille,
    })
}

/// What angular distortion comes to by the limit that holds for a house: share, grade, the limit's number.
#[must_use]
pub fn grade_of_distortion(
    differential: &Differential,
    subject: &Subject,
    table: &MonitorTable,
) -> Option<(f64, MonitorGrade, f64)> {
    let limit = table.limit(Quantity::Distortion, subject)?.number()?;
    let share = differential.distortion_permille / limit;
    Some((share, table.grade_of_share(share), limit))
}
