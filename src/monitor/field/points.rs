//! What was measured, where, made fit for a field: what cannot be used is counted and left out, points
//! at the same place become one. Used by [`Field`](super::Field). The order of points never matters,
//! and nothing is filled in.

use serde::{Deserialize, Serialize};

/// Points nearer than this are at the same place: two bolts on a house, or one that was listed twice.
pub const SAME_PLACE_M: f64 = 0.1;
/// Nothing settles by a hundred metres and is a reading.
const MOST_MM: f64 = 1e5;
/// No local metre is further from its origin.
const FARTHEST_M: f64 = 1e7;
/// A standard error below this is none.
const LEAST_SIGMA_MM: f64 = 1e-6;

/// A measured value at a place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Local metres, east and north.
    pub position: [f64; 2],
    /// The value, mm: a settlement, or its rate.
    pub value_mm: f64,
    /// Standard error of the value itself, mm; nought for one that is known.
    pub sigma_mm: f64,
}

impl Point {
    /// Whether it is a number at a place, with a standard error.
    fn is_usable(&self) -> bool {
        self.position.iter().all(|metre| metre.abs() <= FARTHEST_M)
            && self.value_mm.abs() <= MOST_MM
            && (0.0..=MOST_MM).contains(&self.sigma_mm)
    }
}

/// Points that can be used.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    /// One a place, by east and north.
    pub points: Vec<Point>,
    /// So many were no number, or beyond what can be.
    pub unusable: usize,
    /// So many went into one that stands at the same place.
    pub merged: usize,
}

/// Leaves out what cannot be used and makes points at the same place one. The result does not depend
/// on the order.
#[must_use]
pub fn gather(points: &[Point]) -> Gathered {
    let mut usable: Vec<Point> = points.iter().copied().filter(Point::is_usable).collect();
    let key = |point: &Point| {
        [
            point.position[0],
            point.position[1],
            point.value_mm,
            point.sigma_mm,
        ]
    };
    usable.sort_by(|one, other| {
        let pairs = key(one).into_iter().zip(key(other));
        pairs.fold(std::cmp::Ordering::Equal, |order, (one, other)| {
            order.then(one.total_cmp(&other))
        })
    });
    let mut places: Vec<Vec<Point>> = Vec::with_capacity(usable.len());
    for point in &usable {
        let apart =
            |place: &[Point]| [0, 1].map(|axis| point.position[axis] - place[0].position[axis]);
        let mut beside = (places.iter_mut().rev())
            .take_while(|place| apart(place.as_slice())[0] <= SAME_PLACE_M);
        let near = beside.find(|place| {
            let [east, north] = apart(place.as_slice());
            east.hypot(north) <= SAME_PLACE_M
        });
        match near {
            Some(place) => place.push(*point),
            None => places.push(vec![*point]),
        }
    }
    Gathered {
        unusable: points.len() - usable.len(),
        merged: usable.len() - places.len(),
        points: places.iter().map(|place| merge(place)).collect(),
    }
}

/// One point for all at a place: the mean by weight of their errors, at the first one's position. Its
/// error is as large as the values differ, where that is more than their own errors say (Birge 1932).
fn merge(place: &[Point]) -> Point {
    let [first, _, ..] = place else {
        return place[0];
    };
    let count = place.len() as f64;
    let is_weighted = place.iter().all(|point| point.sigma_mm > LEAST_SIGMA_MM);
    let weight = |point: &Point| match is_weighted {
        true => point.sigma_mm.powi(-2),
        false => 1.0,
    };
    let total: f64 = place.iter().map(weight).sum();
    let sum: f64 = place
        .iter()
        .map(|point| weight(point) * point.value_mm)
        .sum();
    let value_mm = sum / total;
    let told: f64 = place
        .iter()
        .map(|point| (weight(point) * point.sigma_mm).powi(2))
        .sum();
    let spread: f64 = place
        .iter()
        .map(|point| weight(point) * (point.value_mm - value_mm).powi(2))
        .sum();
    let variance = (told / total.powi(2)).max(spread / (count - 1.0) / total);
    Point {
        position: first.position,
        value_mm,
        sigma_mm: variance.sqrt(),
    }
}
