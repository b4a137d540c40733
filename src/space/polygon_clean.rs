//! Footprints from files made usable, with a note of every repair.
//! Used by `ingest` and `citygen` before anything is built on a polygon. Never guesses: what
//! cannot be repaired without changing the shape is refused with the reason.

use geo::BooleanOps;
use geo::algorithm::bool_ops::FillRule;
use geo_types::{MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};

use super::polygon::area_m2;
use super::ring::{self, Ring, edges, signed_area};

/// Corners closer than this are one corner; metres.
const SAME_POINT_M: f64 = 0.001;
/// Polygons smaller than this are slivers; square metres.
const SLIVER_M2: f64 = 0.01;
/// A repair that loses more than this share of the area changes the shape.
const LOSS_MAX: f64 = 0.05;
/// Up to this many corners every pair of edges is tried; beyond, edges are sorted first.
const PAIRWISE_MAX: usize = 64;

/// What was done to a polygon to make it usable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// Corners closer together than a millimetre became one.
    #[error("{count} repeated corners removed")]
    RepeatedCorners {
        /// How many were removed.
        count: u32,
    },
    /// The outline ran out and back along the same line.
    #[error("{count} spikes removed")]
    Spikes {
        /// How many were removed.
        count: u32,
    },
    /// The outer ring ran clockwise, or a hole counter-clockwise.
    #[error("ring direction reversed")]
    Reversed,
    /// The outline crossed itself; the largest part was kept.
    #[error("self-crossing outline resolved, {lost_share:.4} of the area lost")]
    Uncrossed {
        /// Share of the area that was dropped, 0 to 0.05.
        lost_share: f64,
    },
    /// Holes outside the outline or too small to matter were dropped.
    #[error("{count} holes outside the outline or without area dropped")]
    HolesDropped {
        /// How many were dropped.
        count: u32,
    },
    /// A hole crossed the outline or another hole and was cut out of the polygon.
    #[error("holes crossing the outline or each other cut out")]
    HolesCut,
}

/// Why a polygon cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PolygonFault {
    /// A coordinate is NaN or infinite.
    #[error("corner {index} of ring {ring} is not a finite number")]
    NotFinite {
        /// Which ring: 0 is the outer one.
        ring: usize,
        /// Which corner of it, from 0.
        index: usize,
    },
    /// Fewer than three different corners are left.
    #[error("fewer than three different corners")]
    TooFewCorners,
    /// The area is below 0.01 m².
    #[error("a sliver of {area_m2:.5} m²")]
    Sliver {
        /// Its area.
        area_m2: f64,
    },
    /// The outline crosses itself and taking the largest part would change the shape.
    #[error("the outline crosses itself and its largest part is only {kept_share:.2} of it")]
    SelfCrossing {
        /// Share of the area in the largest part.
        kept_share: f64,
    },
}

/// Makes a polygon (metres) simple: distinct corners, no spikes, no crossings, outer ring
/// counter-clockwise, holes clockwise and inside.
///
/// Unclosed rings need no repair here: `geo_types` closes them when they are made. A polygon that
/// is already clean comes back corner for corner, with no repairs.
///
/// # Errors
/// [`PolygonFault`] when a coordinate is not finite, fewer than three corners or less than
/// 0.01 m² are left, or a crossing cannot be resolved with a loss below 5 %.
pub fn clean_polygon(polygon: Polygon<f64>) -> Result<(Polygon<f64>, Vec<Repair>), PolygonFault> {
    refuse_unless_finite(&polygon)?;
    let mut notes = Notes::default();
    let outer = clean_ring(ring::ring_from_line_string(polygon.exterior()), &mut notes);
    if outer.len() < 3 {
        return Err(PolygonFault::TooFewCorners);
    }
    let mut rings = Vec::with_capacity(1 + polygon.interiors().len());
    if crosses_itself(&outer) {
        rings.extend(uncrossed(outer, &mut notes)?);
    } else {
        let area = signed_area(&outer).abs();
        if area < SLIVER_M2 {
            return Err(PolygonFault::Sliver { area_m2: area });
        }
        rings.push(outer);
    }
    for hole in polygon.interiors() {
        let hole = clean_ring(ring::ring_from_line_string(hole), &mut notes);
        if hole.len() >= 3 && signed_area(&hole).abs() >= SLIVER_M2 {
            rings.push(hole);
        } else {
            notes.holes_dropped += 1;
        }
    }
    orient(&mut rings, &mut notes);
    if rings.len() > 1 {
        rings = place_holes(rings, &mut notes)?;
    }
    Ok((ring::polygon_from_rings(&rings), notes.into_repairs()))
}

#[derive(Default)]
struct Notes {
    repeated: u32,
    spikes: u32,
    holes_dropped: u32,
    others: Vec<Repair>,
}

impl Notes {
    fn into_repairs(self) -> Vec<Repair> {
        let mut repairs = self.others;
        if self.repeated > 0 {
            repairs.push(Repair::RepeatedCorners {
                count: self.repeated,
            });
        }
        if self.spikes > 0 {
            repairs.push(Repair::Spikes { count: self.spikes });
        }
        if self.holes_dropped > 0 {
            repairs.push(Repair::HolesDropped {
                count: self.holes_dropped,
            });
        }
        repairs
    }
}

fn refuse_unless_finite(polygon: &Polygon<f64>) -> Result<(), PolygonFault> {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (ring, line) in rings.enumerate() {
        if let Some(index) = line
            .0
            .iter()
            .position(|c| !(c.x.is_finite() && c.y.is_finite()))
        {
            return Err(PolygonFault::NotFinite { ring, index });
        }
    }
    Ok(())
}

/// Removes repeated corners and spikes until none is left.
fn clean_ring(mut ring: Vec<[f64; 2]>, notes: &mut Notes) -> Vec<[f64; 2]> {
    loop {
        let before = ring.len();
        ring.dedup_by(|b, a| is_same(*a, *b));
        while ring.len() > 1 && is_same(ring[0], ring[ring.len() - 1]) {
            ring.pop();
        }
        notes.repeated += (before - ring.len()) as u32;
        let spike = (0..ring.len()).find(|i| {
            let n = ring.len();
            n >= 3 && is_spike(ring[(i + n - 1) % n], ring[*i], ring[(i + 1) % n])
        });
        match spike {
            Some(i) => {
                ring.remove(i);
                notes.spikes += 1;
            }
            None => return ring,
        }
    }
}

fn is_same(a: [f64; 2], b: [f64; 2]) -> bool {
    (a[0] - b[0]).abs() < SAME_POINT_M && (a[1] - b[1]).abs() < SAME_POINT_M
}

/// True when the outline turns back at `b` and the shorter leg lies on the longer one.
fn is_spike(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> bool {
    let (u, v) = ([a[0] - b[0], a[1] - b[1]], [c[0] - b[0], c[1] - b[1]]);
    let longer = u[0].hypot(u[1]).max(v[0].hypot(v[1]));
    let cross = (u[0] * v[1] - u[1] * v[0]).abs();
    u[0] * v[0] + u[1] * v[1] > 0.0 && cross < SAME_POINT_M * longer
}

/// True when two edges that are not neighbours touch or cross.
fn crosses_itself(ring: &[[f64; 2]]) -> bool {
    let n = ring.len();
    let edge = |i: usize| (ring[i], ring[(i + 1) % n]);
    let apart = |i: usize, j: usize| j != (i + 1) % n && i != (j + 1) % n;
    if n <= PAIRWISE_MAX {
        return (0..n).any(|i| (i + 1..n).any(|j| apart(i, j) && segments_meet(edge(i), edge(j))));
    }
    // Sweep from west to east: an edge can only meet those that begin before it ends.
    let mut order: Vec<usize> = (0..n).collect();
    let west = |i: usize| ring[i][0].min(ring[(i + 1) % n][0]);
    let east = |i: usize| ring[i][0].max(ring[(i + 1) % n][0]);
    order.sort_by(|a, b| west(*a).total_cmp(&west(*b)));
    order.iter().enumerate().any(|(at, i)| {
        let rivals = order[at + 1..].iter().take_while(|j| west(**j) <= east(*i));
        rivals
            .into_iter()
            .any(|j| apart(*i, *j) && segments_meet(edge(*i), edge(*j)))
    })
}

type Segment = ([f64; 2], [f64; 2]);

/// True when two segments share a point.
fn segments_meet((a, b): Segment, (c, d): Segment) -> bool {
    for k in 0..2 {
        if a[k].max(b[k]) < c[k].min(d[k]) || c[k].max(d[k]) < a[k].min(b[k]) {
            return false;
        }
    }
    let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
        (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
    };
    let splits = |s: f64, t: f64| !((s > 0.0 && t > 0.0) || (s < 0.0 && t < 0.0));
    splits(side(a, b, c), side(a, b, d)) && splits(side(c, d, a), side(c, d, b))
}

/// The largest part of a self-crossing outline, as rings.
fn uncrossed(outer: Vec<[f64; 2]>, notes: &mut Notes) -> Result<Vec<Ring>, PolygonFault> {
    let crossed = ring::polygon_from_rings(std::slice::from_ref(&outer));
    let nothing = MultiPolygon::new(Vec::new());
    // Whatever the outline goes round at least once belongs to the house, however it winds.
    let parts = crossed.union_with_fill_rule(&nothing, FillRule::NonZero);
    let (rings, lost_share) = largest_part(parts)?;
    notes.others.push(Repair::Uncrossed { lost_share });
    Ok(rings)
}

/// The rings of the largest part, and the share of the area that goes with the others.
fn largest_part(parts: MultiPolygon<f64>) -> Result<(Vec<Ring>, f64), PolygonFault> {
    let total: f64 = parts.0.iter().map(area_m2).sum();
    if total < SLIVER_M2 {
        return Err(PolygonFault::Sliver {
            area_m2: total.abs(),
        });
    }
    let largest = parts
        .0
        .into_iter()
        .max_by(|a, b| area_m2(a).total_cmp(&area_m2(b)));
    let Some(largest) = largest else {
        return Err(PolygonFault::TooFewCorners);
    };
    let kept_share = area_m2(&largest) / total;
    if kept_share < 1.0 - LOSS_MAX {
        return Err(PolygonFault::SelfCrossing { kept_share });
    }
    Ok((ring::oriented_rings(&largest), (1.0 - kept_share).max(0.0)))
}

fn orient(rings: &mut [Ring], notes: &mut Notes) {
    let mut reversed = false;
    for (index, ring) in rings.iter_mut().enumerate() {
        if (signed_area(ring) > 0.0) != (index == 0) {
            ring.reverse();
            reversed = true;
        }
    }
    if reversed {
        notes.others.push(Repair::Reversed);
    }
}

/// Keeps holes inside, drops those outside, cuts out those that cross something.
fn place_holes(rings: Vec<Ring>, notes: &mut Notes) -> Result<Vec<Ring>, PolygonFault> {
    let outline = ring::polygon_from_rings(&rings[..1]);
    let outside = |hole: &Ring| {
        !rings_meet(hole, &rings[0]) && !ring::contains([outline.exterior()], hole[0])
    };
    let kept: Vec<Ring> = rings[1..]
        .iter()
        .filter(|hole| !outside(hole))
        .cloned()
        .collect();
    notes.holes_dropped += (rings.len() - 1 - kept.len()) as u32;
    let conflicts = kept.iter().enumerate().any(|(i, hole)| {
        rings_meet(hole, &rings[0])
            || crosses_itself(hole)
            || kept[i + 1..].iter().any(|other| rings_overlap(hole, other))
    });
    if !conflicts {
        return Ok(rings.into_iter().take(1).chain(kept).collect());
    }
    let holes = kept
        .iter()
        .map(|hole| ring::polygon_from_rings(std::slice::from_ref(hole)));
    let cut = holes.fold(MultiPolygon::new(vec![outline.clone()]), |left, hole| {
        left.difference(&hole)
    });
    let (rings, _) = largest_part(cut)?;
    notes.others.push(Repair::HolesCut);
    Ok(rings)
}

fn rings_meet(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    edges(a).any(|one| edges(b).any(|other| segments_meet(one, other)))
}

fn rings_overlap(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    let inside = |p: [f64; 2], ring: &[[f64; 2]]| {
        let polygon = ring::polygon_from_rings(&[ring.to_vec()]);
        ring::contains([polygon.exterior()], p)
    };
    rings_meet(a, b) || inside(a[0], b) || inside(b[0], a)
}

#[cfg(test)]
mod tests;
