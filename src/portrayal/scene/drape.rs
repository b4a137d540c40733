//! Lays flat things over terrain: triangles are parted until their edges and middles lie on the
//! ground within a tolerance. An edge is judged by itself alone, so that neighbours part it alike
//! and no crack opens. Used by `ground`; without terrain a triangle stays whole.

use super::relief::{Relief, SINK_M};

/// How far a draped edge may lie from the ground: less than terrain is drawn below its height.
const TOLERANCE_M: f64 = 0.8 * SINK_M;
/// Edges shorter than this are never parted; metres.
const EDGE_MIN_M: f64 = 3.0;
/// A thing is parted into so many edges along its side at most.
const EDGES_MAX: f64 = 256.0;
/// Distance between the places where an edge is held against the ground; metres.
const STEP_M: f64 = 4.0;
/// Most places along one edge.
const STEPS_MAX: f64 = 64.0;
/// How often a triangle is parted at most.
const DEPTH_MAX: u32 = 14;

type At = [f64; 2];

/// Parts a triangle over the ground; `lift_m` is how high it lies above it.
pub(super) fn drape(relief: &Relief, triangle: [At; 3], lift_m: f64, out: &mut Vec<[[f64; 3]; 3]>) {
    let lifted = |at: At| [at[0], at[1], relief.height_m(at) + lift_m];
    if !relief.has_terrain() {
        out.push(triangle.map(lifted));
        return;
    }
    let longest_m = edges(triangle).map(|(a, b)| length_m(a, b));
    let longest_m = longest_m.into_iter().fold(0.0, f64::max);
    // Neighbours of one thing have sides of the same order: powers of two keep them alike.
    let finest_m = EDGE_MIN_M.max((longest_m / EDGES_MAX).max(1e-3).log2().ceil().exp2());
    let mut open = vec![(triangle, 0)];
    while let Some((triangle, depth)) = open.pop() {
        let parts = if depth < DEPTH_MAX {
            parted(relief, triangle, finest_m)
        } else {
            Vec::new()
        };
        if parts.is_empty() {
            out.push(triangle.map(lifted));
        } else {
            open.extend(parts.into_iter().map(|part| (part, depth + 1)));
        }
    }
}

fn edges([a, b, c]: [At; 3]) -> [(At, At); 3] {
    [(a, b), (b, c), (c, a)]
}

fn length_m(a: At, b: At) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// The parts of a triangle; none when it lies on the ground as it is.
fn parted(relief: &Relief, triangle: [At; 3], finest_m: f64) -> Vec<[At; 3]> {
    let is_off = edges(triangle).map(|(a, b)| leaves_ground(relief, a, b, finest_m));
    let middle = |a: At, b: At| [0, 1].map(|axis| (a[axis] + b[axis]) / 2.0);
    let count = is_off.iter().filter(|off| **off).count();
    // Turned so that the first edge is one to part, and with two of them the second as well.
    let turn = (0..3).find(|turn| match count {
        2 => is_off[*turn] && is_off[(turn + 1) % 3],
        _ => is_off[*turn],
    });
    let Some(turn) = turn else {
        return bulging(relief, triangle, finest_m);
    };
    let [a, b, c] = [0, 1, 2].map(|corner| triangle[(corner + turn) % 3]);
    let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
    match count {
        1 => vec![[a, ab, c], [ab, b, c]],
        2 => vec![[ab, b, bc], [a, ab, bc], [a, bc, c]],
        _ => vec![[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]],
    }
}

/// Whether the straight edge leaves the ground somewhere.
fn leaves_ground(relief: &Relief, a: At, b: At, finest_m: f64) -> bool {
    // Both neighbours look along the edge the same way.
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    let length = length_m(a, b);
    if !(length > finest_m) {
        return false;
    }
    let (from_m, to_m) = (relief.height_m(a), relief.height_m(b));
    let steps = (length / STEP_M).ceil().clamp(2.0, STEPS_MAX);
    (1..steps as usize).any(|step| {
        let share = step as f64 / steps;
        let at = [0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * share);
        let straight_m = from_m + (to_m - from_m) * share;
        (relief.height_m(at) - straight_m).abs() > TOLERANCE_M
    })
}

/// A triangle whose edges lie on the ground and whose middle does not is parted around it.
fn bulging(relief: &Relief, [a, b, c]: [At; 3], finest_m: f64) -> Vec<[At; 3]> {
    let middle = [0, 1].map(|axis| (a[axis] + b[axis] + c[axis]) / 3.0);
    let mean_m = [a, b, c].map(|at| relief.height_m(at)).iter().sum::<f64>() / 3.0;
    let is_large = edges([a, b, c])
        .iter()
        .all(|(a, b)| length_m(*a, *b) > finest_m);
    if is_large && (relief.height_m(middle) - mean_m).abs() > TOLERANCE_M {
        vec![[a, b, middle], [b, c, middle], [c, a, middle]]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{Bounds2, TinIndex};

    fn ridge() -> Relief {
        let (low, high) = ([0.0, 100.0], [-50.0, 50.0, 150.0]);
        let height_m = |x: f64| 20.0 - (x - 50.0).abs() * 0.2;
        let corner = |x: f64, y: f64| [x, y, height_m(x)];
        let mut corners = Vec::new();
        for x in high.windows(2) {
            let [a, b] = [x[0], x[1]];
            let [s, n] = low;
            corners.push([corner(a, s), corner(b, s), corner(b, n)]);
            corners.push([corner(a, s), corner(b, n), corner(a, n)]);
        }
        let land = Bounds2 {
            min: [-50.0, 0.0],
            max: [150.0, 100.0],
        };
        Relief::on(TinIndex::from_corners(corners), &[], land)
    }

    #[test]
    fn a_field_over_a_ridge_lies_on_it() {
        let relief = ridge();
        let mut out = Vec::new();
        drape(
            &relief,
            [[0.0, 10.0], [100.0, 10.0], [100.0, 90.0]],
            0.02,
            &mut out,
        );
        assert!(out.len() > 2);
        let mut covered = 0.0;
        for [a, b, c] in &out {
            covered += ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2.0;
            for k in 0..=10 {
                let share = f64::from(k) / 10.0;
                let at = [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share);
                let off = at[2] - 0.02 - relief.height_m([at[0], at[1]]);
                let is_short = length_m([a[0], a[1]], [b[0], b[1]]) <= EDGE_MIN_M;
                assert!(off.abs() <= SINK_M || is_short, "{at:?}: {off}");
            }
        }
        assert!((covered - 4_000.0).abs() < 1e-6, "{covered}");
    }

    #[test]
    fn on_an_even_slope_nothing_is_parted() {
        let relief = ridge();
        let mut out = Vec::new();
        drape(
            &relief,
            [[0.0, 10.0], [40.0, 10.0], [40.0, 90.0]],
            0.0,
            &mut out,
        );
        assert_eq!(out.len(), 1);
    }
}
