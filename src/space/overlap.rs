//! Which polygons cover the same ground, and how much of it. Used by quality reports.
//! Works on triangles: two polygons share what their triangles share, which no touching edge,
//! common corner or crossing outline can confuse. Never judges whether an overlap is a fault.

use geo_types::Polygon;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::Bounds2;
use super::polygon::triangulate_polygon;

type Triangle = [[f64; 2]; 3];

/// Two polygons that cover the same ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Place of one polygon in the list.
    pub first: usize,
    /// Place of the other, behind `first`.
    pub second: usize,
    /// Ground that both cover, square metres.
    pub shared_m2: f64,
}

/// All pairs that share more than `least_m2`, in order of their places. Polygons that only touch
/// share nothing.
#[must_use]
pub fn overlaps(polygons: &[&Polygon<f64>], least_m2: f64) -> Vec<Overlap> {
    let bounds: Vec<Bounds2> = polygons
        .iter()
        .map(|one| Bounds2::from_polygon(one))
        .collect();
    let boxes = bounds.iter().enumerate();
    let boxes = boxes.filter(|(_, one)| is_usable(one));
    let boxes = boxes
        .map(|(place, one)| GeomWithData::new(Rectangle::from_corners(one.min, one.max), place));
    let tree = RTree::bulk_load(boxes.collect());
    // From west to east: what lies behind is needed no more, so few triangles are kept.
    let mut order: Vec<usize> = (0..polygons.len())
        .filter(|at| is_usable(&bounds[*at]))
        .collect();
    order.sort_by(|a, b| bounds[*a].min[0].total_cmp(&bounds[*b].min[0]));
    let mut triangles: Vec<Option<Vec<Triangle>>> = vec![None; polygons.len()];
    let mut is_done = vec![false; polygons.len()];
    let mut found = Vec::new();
    for one in order {
        let own = &bounds[one];
        let area = AABB::from_corners(own.min, own.max);
        let near = tree
            .locate_in_envelope_intersecting(area)
            .map(|near| near.data);
        for other in near.filter(|other| *other != one && !is_done[*other]) {
            let common = common(own, &bounds[other]);
            let [w, h] = common.size();
            if w.max(0.0) * h.max(0.0) <= least_m2 {
                continue;
            }
            for place in [one, other] {
                triangles[place].get_or_insert_with(|| triangulate_polygon(polygons[place]));
            }
            let of = |place: usize| triangles[place].as_deref().unwrap_or_default();
            let shared_m2 = shared_m2(of(one), of(other), &common);
            if shared_m2 > least_m2 {
                found.push(Overlap {
                    first: one.min(other),
                    second: one.max(other),
                    shared_m2,
                });
            }
        }
        is_done[one] = true;
        triangles[one] = None;
    }
    found.sort_by_key(|pair| (pair.first, pair.second));
    found
}

fn is_usable(bounds: &Bounds2) -> bool {
    !bounds.is_empty() && bounds.size().iter().all(|side| side.is_finite())
}

/// What lies in both; its size is negative where they are apart.
fn common(a: &Bounds2, b: &Bounds2) -> Bounds2 {
    Bounds2 {
        min: [a.min[0].max(b.min[0]), a.min[1].max(b.min[1])],
        max: [a.max[0].min(b.max[0]), a.max[1].min(b.max[1])],
    }
}

fn shared_m2(a: &[Triangle], b: &[Triangle], common: &Bounds2) -> f64 {
    let near = |all: &[Triangle]| -> Vec<(Triangle, Bounds2)> {
        all.iter()
            .map(|one| (*one, Bounds2::from_points(*one)))
            .filter(|(_, bounds)| bounds.intersects(common))
            .collect()
    };
    let others = near(b);
    let mut sum_m2 = 0.0;
    for (one, bounds) in near(a) {
        for (other, other_bounds) in &others {
            if bounds.intersects(other_bounds) {
                sum_m2 += clipped_m2(&one, other);
            }
        }
    }
    sum_m2
}

/// Twice the signed area of a triangle: positive where the corners run counter-clockwise.
fn turn(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The area that two triangles share (Sutherland and Hodgman 1974).
fn clipped_m2(subject: &Triangle, clip: &Triangle) -> f64 {
    let mut clip = *clip;
    if turn(clip[0], clip[1], clip[2]) < 0.0 {
        clip.swap(1, 2);
    }
    let mut rest: Vec<[f64; 2]> = Vec::with_capacity(8);
    rest.extend(subject);
    let mut next: Vec<[f64; 2]> = Vec::with_capacity(8);
    for (from, to) in [(0, 1), (1, 2), (2, 0)] {
        let (from, to) = (clip[from], clip[to]);
        next.clear();
        for (at, corner) in rest.iter().enumerate() {
            let before = rest[(at + rest.len() - 1) % rest.len()];
            let (was, is) = (turn(from, to, before), turn(from, to, *corner));
            if (was < 0.0) != (is < 0.0) {
                let share = was / (was - is);
                next.push([
                    before[0] + share * (corner[0] - before[0]),
                    before[1] + share * (corner[1] - before[1]),
                ]);
            }
            if is >= 0.0 {
                next.push(*corner);
            }
        }
        std::mem::swap(&mut rest, &mut next);
        if rest.len() < 3 {
            return 0.0;
        }
    }
    let fan = rest.windows(2).skip(1);
    let doubled: f64 = fan.map(|pair| turn(rest[0], pair[0], pair[1])).sum();
    doubled.abs() / 2.0
}

#[cfg(test)]
mod tests {
    use geo::{Area, BooleanOps};
    use geo_types::{LineString, polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::space::{Repair, clean_polygon};

    const EAST: f64 = 581_000.0;
    const NORTH: f64 = 3_465_000.0;

    fn block(x: f64, y: f64, w: f64, h: f64) -> Polygon<f64> {
        let (x, y) = (EAST + x, NORTH + y);
        polygon![(x: x, y: y), (x: x + w, y: y), (x: x + w, y: y + h), (x: x, y: y + h)]
    }

    fn check(a: &Polygon<f64>, b: &Polygon<f64>, expected_m2: f64) {
        let found = overlaps(&[a, b], 1e-6);
        let shared_m2 = found.first().map_or(0.0, |one| one.shared_m2);
        assert!((shared_m2 - expected_m2).abs() < 1e-5, "{shared_m2}");
    }

    #[test]
    fn shared_ground() {
        let house = block(0.0, 0.0, 10.0, 8.0);
        check(&house, &block(10.0, 0.0, 5.0, 8.0), 0.0);
        check(&house, &block(9.0, 0.0, 5.0, 8.0), 8.0);
        check(&house, &house, 80.0);
        check(&house, &block(2.0, 2.0, 1.0, 1.0), 1.0);
        check(&house, &block(20.0, 0.0, 5.0, 8.0), 0.0);
        let yard = block(2.0, 2.0, 6.0, 4.0).exterior().clone();
        let court = Polygon::new(house.exterior().clone(), vec![yard]);
        check(&court, &block(2.0, 2.0, 6.0, 4.0), 0.0);
        check(&court, &house, 56.0);
    }

    #[test]
    fn nonsense_shares_nothing() {
        let none = Polygon::new(LineString(Vec::new()), Vec::new());
        let nan = block(f64::NAN, 0.0, 1.0, 1.0);
        let house = block(0.0, 0.0, 10.0, 8.0);
        assert!(overlaps(&[&none, &nan, &house, &none, &nan], 0.0).is_empty());
        assert!(overlaps(&[], 0.0).is_empty());
    }

    fn outlines() -> impl Strategy<Value = Polygon<f64>> {
        proptest::collection::vec((0.0..30.0_f64, 0.0..30.0_f64), 3..9).prop_filter_map(
            "no outline",
            |points| {
                let ring = points
                    .into_iter()
                    .map(|(x, y)| (EAST + x, NORTH + y))
                    .collect();
                let cleaned: Result<(Polygon<f64>, Vec<Repair>), _> =
                    clean_polygon(Polygon::new(ring, Vec::new()));
                cleaned.ok().map(|(polygon, _)| polygon)
            },
        )
    }

    proptest! {
        /// As the boolean operations of `geo` have it, which work in another way.
        #[test]
        fn as_an_intersection_of_polygons(a in outlines(), b in outlines()) {
            let expected_m2 = a.intersection(&b).unsigned_area();
            let found = overlaps(&[&a, &b], 1e-3);
            let shared_m2 = found.first().map_or(0.0, |one| one.shared_m2);
            prop_assert!((shared_m2 - expected_m2).abs() < 2e-3, "{} {}", shared_m2, expected_m2);
        }
    }
}
