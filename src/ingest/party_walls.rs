//! Which buildings stand wall to wall. Found by their outlines: edges that run along each other
//! closer than a wall is thick. Never judges by boxes alone.

use std::collections::HashSet;

use geo_types::Polygon;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::base::BuildingId;
use crate::model::{Building, Entity};
use crate::space::Bounds2;

/// Walls closer than this are one wall; metres.
const GAP_M: f64 = 0.3;
/// Less shared length than this is a corner, not a wall; metres.
const SHARED_M: f64 = 1.0;
/// Edges that differ by more than this in direction do not run along each other: sin 6°.
const SKEW_MAX: f64 = 0.1;

type Edge = [[f64; 2]; 2];

/// Fills `party_walls` of all buildings among the entities that do not bring theirs.
pub(super) fn fill(entities: &mut [Entity]) {
    let mut buildings: Vec<&mut Building> = entities
        .iter_mut()
        .filter_map(|entity| match entity {
            Entity::Building(building) => Some(&mut **building),
            _ => None,
        })
        .collect();
    let outlines: Vec<Outline> = buildings
        .iter()
        .map(|building| Outline::of(building))
        .collect();
    let pairs = neighbours(&outlines);
    drop(outlines);
    // A file of our own brings the walls that its buildings had, and of those without any that they
    // had none.
    let with_walls = buildings.iter().filter(|one| !one.party_walls.is_empty());
    let own: HashSet<String> = with_walls.map(|one| one.source.dataset.clone()).collect();
    if !own.is_empty() {
        let known: HashSet<BuildingId> = buildings.iter().map(|one| one.id).collect();
        for building in &mut buildings {
            building.party_walls.retain(|wall| known.contains(wall));
        }
    }
    let mut pairs = &pairs[..];
    for (index, building) in buildings.iter_mut().enumerate() {
        let count = pairs.partition_point(|(a, _)| *a as usize == index);
        let (found, rest) = pairs.split_at(count);
        pairs = rest;
        if !own.contains(&building.source.dataset) {
            building.party_walls = found.iter().map(|(_, neighbour)| *neighbour).collect();
        }
    }
}

/// A building's outline and the box around it and its walls.
struct Outline<'a> {
    id: BuildingId,
    bounds: Bounds2,
    footprint: &'a Polygon<f64>,
}

impl<'a> Outline<'a> {
    fn of(building: &'a Building) -> Self {
        Self {
            id: building.id,
            bounds: Bounds2::from_polygon(&building.footprint).grown(GAP_M),
            footprint: &building.footprint,
        }
    }

    /// Its edges near a box.
    fn edges_near(&self, bounds: &Bounds2) -> Vec<Edge> {
        let rings = std::iter::once(self.footprint.exterior());
        let rings = rings.chain(self.footprint.interiors());
        let pairs = rings.flat_map(|ring| ring.0.windows(2));
        let edges = pairs.map(|pair| [[pair[0].x, pair[0].y], [pair[1].x, pair[1].y]]);
        let is_near = |edge: &Edge| Bounds2::from_points(*edge).intersects(bounds);
        edges.filter(is_near).collect()
    }
}

/// Who stands wall to wall with whom, in order: the place of a building and the id of a neighbour.
fn neighbours(outlines: &[Outline]) -> Vec<(u32, BuildingId)> {
    let boxes = outlines.iter().enumerate().map(|(index, outline)| {
        let area = Rectangle::from_corners(outline.bounds.min, outline.bounds.max);
        GeomWithData::new(area, index as u32)
    });
    let tree = RTree::bulk_load(boxes.collect());
    let mut pairs: Vec<(u32, BuildingId)> = outlines
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, outline)| {
            let area = AABB::from_corners(outline.bounds.min, outline.bounds.max);
            let near = tree
                .locate_in_envelope_intersecting(area)
                .map(|hit| hit.data);
            near.filter(move |other| *other as usize > index)
                .filter(move |other| shared_m(outline, &outlines[*other as usize]) >= SHARED_M)
                .flat_map(move |other| {
                    let neighbour = &outlines[other as usize];
                    [(index as u32, neighbour.id), (other, outline.id)]
                })
                .collect::<Vec<_>>()
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// Length over which the two outlines run along each other.
fn shared_m(a: &Outline, b: &Outline) -> f64 {
    let ours = a.edges_near(&b.bounds);
    let theirs = b.edges_near(&a.bounds);
    let mut total_m = 0.0;
    for edge in &ours {
        for other in &theirs {
            total_m += overlap_m(*edge, *other);
        }
    }
    total_m
}

/// Length over which `b` runs along `a` within the gap.
fn overlap_m(a: Edge, b: Edge) -> f64 {
    let minus = |p: [f64; 2], q: [f64; 2]| [p[0] - q[0], p[1] - q[1]];
    let along = minus(a[1], a[0]);
    let length = along[0].hypot(along[1]);
    let other = minus(b[1], b[0]);
    let other_length = other[0].hypot(other[1]);
    if length < 1e-6 || other_length < 1e-6 {
        return 0.0;
    }
    let unit = [along[0] / length, along[1] / length];
    let skew = (unit[0] * other[1] - unit[1] * other[0]) / other_length;
    if skew.abs() > SKEW_MAX {
        return 0.0;
    }
    let position = |p: [f64; 2]| {
        let d = minus(p, a[0]);
        (
            d[0] * unit[0] + d[1] * unit[1],
            d[1] * unit[0] - d[0] * unit[1],
        )
    };
    let ((s, off_s), (t, off_t)) = (position(b[0]), position(b[1]));
    let (from, to) = (s.min(t).max(0.0), s.max(t).min(length));
    if to <= from {
        return 0.0;
    }
    // The gap in the middle of the common stretch decides.
    let share = (0.5 * (from + to) - s) / (t - s);
    let gap_m = off_s + share * (off_t - off_s);
    if gap_m.abs() <= GAP_M { to - from } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(b: Edge, expected_m: f64) {
        let a = [[0.0, 0.0], [10.0, 0.0]];
        assert!(
            (overlap_m(a, b) - expected_m).abs() < 1e-9,
            "{b:?}: {}",
            overlap_m(a, b)
        );
    }

    #[test]
    fn overlaps() {
        check([[4.0, 0.0], [14.0, 0.0]], 6.0);
        check([[14.0, 0.2], [4.0, 0.2]], 6.0);
        check([[4.0, 0.4], [14.0, 0.4]], 0.0);
        check([[10.0, 0.0], [10.0, 8.0]], 0.0);
        check([[12.0, 0.0], [20.0, 0.0]], 0.0);
    }
}
