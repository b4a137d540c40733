//! Every question, held against comparing with all entries.

use proptest::prelude::*;

use crate::space::{Bounds2, Ray3};

use super::region::Way;
use super::{BoxIndex, MovingPoints, Near, PointIndex};

/// Coordinates on a coarse net, so that distances are often equal, and some anywhere.
fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => (-20..20_i32).prop_map(f64::from),
        12 => -20.0..20.0_f64,
        2 => 554_000.0..554_040.0_f64,
        1 => -1e12..1e12_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200, -1e308, 0.0]),
    ]
}

fn place() -> impl Strategy<Value = [f64; 2]> {
    prop::array::uniform2(coordinate())
}

fn places() -> impl Strategy<Value = Vec<[f64; 2]>> {
    // Enough for one, two and three levels.
    prop_oneof![
        prop::collection::vec(place(), 0..40),
        prop::collection::vec(place(), 250..700),
    ]
}

fn length() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => 0.0..30.0_f64,
        2 => (0..9_i32).prop_map(f64::from),
        1 => prop::sample::select(vec![0.0, -1.0, f64::NAN, f64::INFINITY, 1e9, 1e170]),
    ]
}

fn boxes() -> impl Strategy<Value = Vec<Bounds2>> {
    // Sides below 0 make empty boxes.
    let one = (place(), prop::array::uniform2(-0.5..6.0_f64));
    let one = one.prop_map(|(min, size)| Bounds2 {
        min,
        max: [min[0] + size[0], min[1] + size[1]],
    });
    let one = one.boxed();
    prop_oneof![
        prop::collection::vec(one.clone(), 0..40),
        prop::collection::vec(one, 250..700),
    ]
}

fn finite(at: &[f64; 2]) -> bool {
    at.iter().all(|v| v.is_finite())
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

/// The ids for which `passes`, among all that are finite.
fn all<T>(entries: &[T], finite: impl Fn(&T) -> bool, passes: impl Fn(&T) -> bool) -> Vec<u32> {
    let numbered = (0..).zip(entries);
    let found = numbered.filter(|(_, one)| finite(one) && passes(one));
    found.map(|(id, _)| id).collect()
}

/// The `k` first in the order of distance, then id.
fn first(mut near: Vec<Near>, k: usize) -> Vec<Near> {
    near.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.id.cmp(&b.id)));
    near.truncate(k);
    near
}

fn is_box(one: &Bounds2) -> bool {
    finite(&one.min) && finite(&one.max) && !one.is_empty()
}

fn to_box2(one: &Bounds2, at: [f64; 2]) -> f64 {
    let away = [0, 1].map(|a| (one.min[a] - at[a]).max(at[a] - one.max[a]).max(0.0));
    away[0] * away[0] + away[1] * away[1]
}

fn distance2(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])
}

proptest! {
    #[test]
    fn points_are_found_as_among_all(
        points in places(),
        at in place(),
        to in place(),
        radius_m in length(),
        k in prop_oneof![0..20_usize, Just(usize::MAX)],
        cell_m in prop_oneof![0.5..40.0_f64, Just(f64::NAN), Just(1e-3), Just(1e300)],
    ) {
        let index = PointIndex::new(points.iter().copied());
        let mut moving = MovingPoints::new(cell_m);
        for (id, at) in (0..).zip(&points) {
            prop_assert_eq!(moving.put(id, *at), finite(at));
        }
        let count = points.iter().filter(|at| finite(at)).count();
        prop_assert_eq!((index.len(), moving.len()), (count, count));

        let slow = all(&points, finite, |p| {
            finite(&at) && radius_m >= 0.0 && distance2(*p, at) <= radius_m * radius_m
        });
        prop_assert_eq!(&sorted(index.within_radius(at, radius_m)), &slow);
        prop_assert_eq!(&sorted(moving.within_radius(at, radius_m)), &slow);

        for bounds in [Bounds2 { min: at, max: to }, Bounds2::from_points([at, to])] {
            let slow = all(&points, finite, |p| bounds.contains(*p));
            prop_assert_eq!(&sorted(index.within_box(&bounds)), &slow);
            prop_assert_eq!(&sorted(moving.within_box(&bounds)), &slow);
        }

        let passes = |id: u32| id % 3 != 1;
        let near = all(&points, finite, |_| finite(&at)).into_iter().filter(|id| passes(*id));
        let near = near.map(|id| Near { id, distance_m: distance2(points[id as usize], at).sqrt() });
        let slow = first(near.collect(), k);
        let mut asked = vec![0; points.len()];
        let found = index.nearest(at, k, |id| { asked[id as usize] += 1; passes(id) });
        prop_assert_eq!(&found, &slow);
        prop_assert!(asked.iter().all(|times| *times <= 1));
        let mut asked = vec![0; points.len()];
        let found = moving.nearest(at, k, |id| { asked[id as usize] += 1; passes(id) });
        prop_assert_eq!(&found, &slow);
        prop_assert!(asked.iter().all(|times| *times <= 1));
    }

    #[test]
    fn boxes_are_found_as_among_all(
        boxes in boxes(),
        at in place(),
        to in place(),
        radius_m in length(),
        k in prop_oneof![0..20_usize, Just(usize::MAX)],
    ) {
        let index = BoxIndex::new(boxes.iter().copied());
        prop_assert_eq!(index.len(), boxes.iter().filter(|one| is_box(one)).count());
        let everywhere = boxes.iter().filter(|one| is_box(one));
        let bounds = everywhere.fold(Bounds2::empty(), |all, one| all.union(one));
        prop_assert_eq!(index.bounds(), bounds);

        for bounds in [Bounds2 { min: at, max: to }, Bounds2::from_points([at, to])] {
            let slow = all(&boxes, is_box, |one| !bounds.is_empty() && one.intersects(&bounds));
            prop_assert_eq!(sorted(index.meeting_box(&bounds)), slow);
        }
        let slow = all(&boxes, is_box, |one| one.contains(at));
        prop_assert_eq!(sorted(index.at_point(at)), slow);
        let slow = all(&boxes, is_box, |one| {
            finite(&at) && radius_m >= 0.0 && to_box2(one, at) <= radius_m * radius_m
        });
        prop_assert_eq!(sorted(index.within_radius(at, radius_m)), slow);

        let passes = |id: u32| id % 3 != 1;
        let near = all(&boxes, is_box, |_| finite(&at)).into_iter().filter(|id| passes(*id));
        let to_box = |id: u32| to_box2(&boxes[id as usize], at).sqrt();
        let near: Vec<Near> = near.map(|id| Near { id, distance_m: to_box(id) }).collect();
        prop_assert_eq!(index.nearest(at, k, passes), first(near.clone(), k));
        // What is in a box may lie anywhere in it.
        let deeper = |id: u32| to_box(id) + f64::from(id % 5);
        let near = near.into_iter().map(|near| Near { distance_m: deeper(near.id), ..near });
        let found = index.nearest_by(at, k, |id| passes(id).then(|| deeper(id)));
        prop_assert_eq!(found, first(near.collect(), k));
    }

    #[test]
    fn rays_meet_the_boxes_that_they_meet_among_all(
        boxes in boxes(),
        from in place(),
        direction in prop::array::uniform2(prop_oneof![Just(0.0), -1.0..1.0_f64]),
        max_m in length(),
    ) {
        let ray = Ray3 {
            origin: [from[0], from[1], 0.0],
            direction: [direction[0], direction[1], 0.0],
        };
        let way = Way { from, step: direction, most: max_m };
        let slow = all(&boxes, is_box, |one| {
            finite(&from) && max_m >= 0.0 && way.enters(one).is_some()
        });
        let mut found = Vec::new();
        BoxIndex::new(boxes).each_along(&ray, max_m, |id, _| found.push(id));
        prop_assert_eq!(sorted(found), slow);
    }

    #[test]
    fn what_moves_is_found_where_it_is_now(
        cell_m in 0.5..20.0_f64,
        moves in prop::collection::vec((0..40_u32, place(), prop::bool::weighted(0.2)), 0..300),
        at in place(),
        radius_m in 0.0..40.0_f64,
    ) {
        let mut moving = MovingPoints::new(cell_m);
        let mut now = std::collections::BTreeMap::new();
        for (id, at, goes) in moves {
            if goes {
                prop_assert_eq!(moving.remove(id), now.remove(&id).is_some());
            } else {
                moving.put(id, at);
                now.remove(&id);
                if finite(&at) {
                    now.insert(id, at);
                }
            }
            prop_assert_eq!(moving.get(id), now.get(&id).copied());
        }
        prop_assert_eq!(moving.len(), now.len());
        let near = |p: &[f64; 2]| finite(&at) && distance2(*p, at) <= radius_m * radius_m;
        let slow: Vec<u32> = now.iter().filter(|(_, p)| near(p)).map(|(id, _)| *id).collect();
        prop_assert_eq!(sorted(moving.within_radius(at, radius_m)), slow);
        let everywhere = now.iter().filter(|_| finite(&at));
        let all = everywhere.map(|(id, p)| Near { id: *id, distance_m: distance2(*p, at).sqrt() });
        prop_assert_eq!(moving.nearest(at, 7, |_| true), first(all.collect(), 7));
    }
}

#[test]
fn nothing_is_found_in_nothing() {
    let everywhere = Bounds2 {
        min: [f64::NEG_INFINITY; 2],
        max: [f64::INFINITY; 2],
    };
    let points = PointIndex::new([]);
    assert!(points.is_empty() && points.bounds().is_empty());
    assert!(points.within_box(&everywhere).is_empty());
    assert!(points.within_radius([0.0; 2], f64::INFINITY).is_empty());
    assert!(points.nearest([0.0; 2], 3, |_| true).is_empty());
    let boxes = BoxIndex::new([Bounds2::empty()]);
    assert!(boxes.is_empty() && boxes.bounds().is_empty());
    assert!(boxes.meeting_box(&everywhere).is_empty());
    assert!(boxes.nearest([0.0; 2], 3, |_| true).is_empty());
    let moving = MovingPoints::new(10.0);
    assert!(moving.is_empty() && moving.within_box(&everywhere).is_empty());
    assert!(moving.nearest([0.0; 2], 3, |_| true).is_empty());
}

#[test]
fn a_point_costs_little_memory() {
    let points = (0..20_000).map(|n| [f64::from(n % 141), f64::from(n / 141)]);
    let index = PointIndex::new(points.clone());
    assert!(index.bytes() <= 24 * index.len(), "{}", index.bytes());
    let boxes = points.map(|at| Bounds2::from_points([at]));
    let index = BoxIndex::new(boxes);
    assert!(index.bytes() <= 40 * index.len(), "{}", index.bytes());
}
