//! What makes a tiled roof read as one from nearby: eaves that stand out and raised ridges.
//! Used for the nearest level of detail. Never part of the closed body of `build_house`.

use geo_types::Polygon;

use super::ring::edges;
use super::roof::RoofParams;
use super::roof_plan::{RidgeLine, RoofPlan};
use super::surface::{Surface, SurfaceKind};

const EAVE_THICKNESS_M: f64 = 0.12;
/// A wall carries eaves when the roof above it falls outwards at least this squarely (45°).
const OUTWARD_MIN: f64 = 0.7;
const RIDGE_HALF_WIDTH_M: f64 = 0.125;
const RIDGE_HEIGHT_M: f64 = 0.3;
/// The ridge is sunk a little, so that no gap shows where it sits on the tiles.
const RIDGE_SUNK_M: f64 = 0.08;
const CURL_LENGTH_M: f64 = 0.7;
const CURL_RISE_M: f64 = 0.25;
const RIDGE_LENGTH_MIN_M: f64 = 1.0;

/// The eaves: slabs of kind [`SurfaceKind::Eave`] that continue the roof outwards and downwards
/// by `params.overhang_m` wherever it falls over a wall; mitred where two such walls meet.
///
/// Nothing for flat roofs, for an overhang that is not positive, or where `build_house` gives
/// nothing.
pub fn eave_details(polygon: &Polygon<f64>, ground_m: f64, params: &RoofParams) -> Vec<Surface> {
    let plan = RoofPlan::new(polygon, params);
    let Some(plan) = plan.filter(|_| params.overhang_m > 0.0 && ground_m.is_finite()) else {
        return Vec::new();
    };
    let mut surfaces = Vec::new();
    for ring in &plan.edges {
        let corners: Vec<[f64; 2]> = ring.concat();
        let sides: Vec<EaveSide> = edges(&corners)
            .map(|(a, b)| EaveSide::new(&plan, a, b))
            .collect();
        for (index, side) in sides.iter().enumerate() {
            if side.falls_outwards {
                let before = &sides[(index + sides.len() - 1) % sides.len()];
                let after = &sides[(index + 1) % sides.len()];
                surfaces.extend(side.slab(&plan, ground_m, params.overhang_m, before, after));
            }
        }
    }
    surfaces
}

/// A stretch of wall under a single roof plane.
struct EaveSide {
    a: [f64; 2],
    b: [f64; 2],
    outward: [f64; 2],
    gradient: [f64; 2],
    falls_outwards: bool,
}

impl EaveSide {
    fn new(plan: &RoofPlan, a: [f64; 2], b: [f64; 2]) -> Self {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
        // The interior is on the left, so outside is on the right.
        let outward = [(b[1] - a[1]) / length, (a[0] - b[0]) / length];
        let inside = [0, 1].map(|k| 0.5 * (a[k] + b[k]) - 0.01 * outward[k]);
        let gradient = plan.gradient(inside);
        let steepness = gradient[0].hypot(gradient[1]);
        let fall = -(gradient[0] * outward[0] + gradient[1] * outward[1]);
        Self {
            a,
            b,
            outward,
            gradient,
            falls_outwards: fall > OUTWARD_MIN * steepness && steepness > 0.0,
        }
    }

    /// Where a corner moves when the eaves stand out, given the side it is shared with.
    fn moved(&self, corner: [f64; 2], neighbour: &Self, overhang_m: f64) -> [f64; 2] {
        let (m, n) = (self.outward, neighbour.outward);
        let alignment = 1.0 + m[0] * n[0] + m[1] * n[1];
        // Very acute corners would grow a long spike; they stay unmitred.
        let shift = if neighbour.falls_outwards && alignment > 0.3 {
            [(m[0] + n[0]) / alignment, (m[1] + n[1]) / alignment]
        } else {
            m
        };
        [0, 1].map(|k| corner[k] + overhang_m * shift[k])
    }

    fn slab(
        &self,
        plan: &RoofPlan,
        ground_m: f64,
        overhang_m: f64,
        before: &Self,
        after: &Self,
    ) -> Vec<Surface> {
        let top = |at: [f64; 2], wall: [f64; 2]| {
            let fall = self.gradient[0] * (at[0] - wall[0]) + self.gradient[1] * (at[1] - wall[1]);
            let [x, y] = plan.rect.world_from_uv(at);
            [x, y, ground_m + plan.height_m(wall) + fall]
        };
        let under = |p: [f64; 3]| [p[0], p[1], p[2] - EAVE_THICKNESS_M];
        let (a, b) = (top(self.a, self.a), top(self.b, self.b));
        let a_out = top(self.moved(self.a, before, overhang_m), self.a);
        let b_out = top(self.moved(self.b, after, overhang_m), self.b);
        let mut rings = vec![
            vec![a, a_out, b_out, b],
            vec![under(a_out), under(b_out), b_out, a_out],
            vec![under(b), under(b_out), under(a_out), under(a)],
        ];
        if !before.falls_outwards {
            rings.push(vec![under(a), under(a_out), a_out, a]);
        }
        if !after.falls_outwards {
            rings.push(vec![under(b_out), under(b), b, b_out]);
        }
        rings
            .into_iter()
            .map(|ring| Surface {
                kind: SurfaceKind::Eave,
                rings: vec![ring],
            })
            .collect()
    }
}

/// The raised ridges: bars of kind [`SurfaceKind::Ridge`], 0.25 m wide and 0.3 m high, with ends
/// that curl up slightly. Seven faces a ridge; none for flat roofs or ridges under a metre.
pub fn ridge_details(polygon: &Polygon<f64>, ground_m: f64, params: &RoofParams) -> Vec<Surface> {
    let plan = RoofPlan::new(polygon, params);
    let Some(plan) = plan.filter(|plan| plan.rise_m() > 0.0 && ground_m.is_finite()) else {
        return Vec::new();
    };
    let mut surfaces = Vec::new();
    for ridge in plan.ridges() {
        for (from, to) in inside_spans(&plan, &ridge) {
            if to - from >= RIDGE_LENGTH_MIN_M {
                surfaces.extend(ridge_bar(&plan, ground_m, ridge.v, from, to));
            }
        }
    }
    surfaces
}

/// The parts of a ridge line over the footprint, as spans of u.
fn inside_spans(plan: &RoofPlan, ridge: &RidgeLine) -> Vec<(f64, f64)> {
    let mut crossings = Vec::new();
    for ring in &plan.edges {
        let corners: Vec<[f64; 2]> = ring.concat();
        for (a, b) in edges(&corners) {
            if (a[1] > ridge.v) != (b[1] > ridge.v) {
                crossings.push(a[0] + (ridge.v - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
            }
        }
    }
    crossings.sort_by(f64::total_cmp);
    let pairs = crossings.chunks_exact(2);
    pairs
        .map(|pair| (pair[0].max(ridge.u_from), pair[1].min(ridge.u_to)))
        .collect()
}

fn ridge_bar(plan: &RoofPlan, ground_m: f64, v: f64, from: f64, to: f64) -> Vec<Surface> {
    let sits_m = ground_m + plan.height_m([0.5 * (from + to), v]);
    let curl_m = CURL_LENGTH_M.min(0.25 * (to - from));
    let top_m = sits_m + RIDGE_HEIGHT_M;
    let profile = [
        (from, top_m + CURL_RISE_M),
        (from + curl_m, top_m),
        (to - curl_m, top_m),
        (to, top_m + CURL_RISE_M),
    ];
    let at = |u: f64, side: f64, z: f64| {
        let [x, y] = plan.rect.world_from_uv([u, v + side * RIDGE_HALF_WIDTH_M]);
        [x, y, z]
    };
    let base_m = sits_m - RIDGE_SUNK_M;
    let mut rings = Vec::with_capacity(7);
    // The side towards −v, seen from there, runs with u; the other one against it.
    let mut near = vec![at(from, -1.0, base_m), at(to, -1.0, base_m)];
    near.extend(profile.iter().rev().map(|(u, z)| at(*u, -1.0, *z)));
    let mut far = vec![at(to, 1.0, base_m), at(from, 1.0, base_m)];
    far.extend(profile.iter().map(|(u, z)| at(*u, 1.0, *z)));
    rings.extend([near, far]);
    for pair in profile.windows(2) {
        let ((u0, z0), (u1, z1)) = (pair[0], pair[1]);
        rings.push(vec![
            at(u0, -1.0, z0),
            at(u1, -1.0, z1),
            at(u1, 1.0, z1),
            at(u0, 1.0, z0),
        ]);
    }
    let end_m = top_m + CURL_RISE_M;
    rings.push(vec![
        at(to, -1.0, base_m),
        at(to, 1.0, base_m),
        at(to, 1.0, end_m),
        at(to, -1.0, end_m),
    ]);
    rings.push(vec![
        at(from, 1.0, base_m),
        at(from, -1.0, base_m),
        at(from, -1.0, end_m),
        at(from, 1.0, end_m),
    ]);
    rings
        .into_iter()
        .map(|ring| Surface {
            kind: SurfaceKind::Ridge,
            rings: vec![ring],
        })
        .collect()
}
