//! Faces whose rings cross, cut where they cross.
//! Used by `surface_clean`. Never touches a face whose rings only touch: outlines that lead to a
//! hole and back along one line are valid in many sources.

use geo::BooleanOps;
use geo::algorithm::bool_ops::FillRule;
use geo_types::{MultiPolygon, Polygon};

use super::ring::{self, Ring, edges};
use super::surface::{Surface, face_normal};

/// Rings that reach across each other by less than this only touch; metres.
const DEPTH_M: f64 = 0.001;
/// How often parts are cut again.
const ROUNDS_MAX: usize = 4;
/// More crossings are no slip of a source: cutting there would make a face for each.
const CROSSINGS_MAX: usize = 1_000;
/// So many pairs of edges are tried for each edge; a fair outline of a hundred thousand corners
/// needs fewer, and a hostile one does not get more.
const PAIRS_PER_EDGE_MAX: usize = 200;
/// Up to this many corners every pair of edges is tried; beyond, edges are sorted first.
const PAIRWISE_MAX: usize = 64;

type Segment = ([f64; 2], [f64; 2]);

/// What becomes of a face.
pub(super) enum Cut {
    /// Nothing crosses.
    Simple,
    /// It crosses itself, and these simple faces are what it covers.
    Parts(Vec<Surface>),
    /// It crosses itself too often to be cut, or has too many edges over each other to tell.
    Tangled,
}

/// The simple faces that a face with crossing rings becomes.
pub(super) fn uncrossed(surface: &Surface) -> Cut {
    let mut parts = match cut(surface) {
        Cut::Parts(parts) => parts,
        other => return other,
    };
    // Rounding leaves crossings in narrow parts at times: they are cut again, or go.
    for round in 0..ROUNDS_MAX {
        let is_last = round + 1 == ROUNDS_MAX;
        let mut any = false;
        let again = parts.into_iter().flat_map(|part| match cut(&part) {
            Cut::Simple => vec![part],
            Cut::Parts(smaller) if !is_last => {
                any = true;
                smaller
            }
            _ => Vec::new(),
        });
        parts = again.collect();
        if !any {
            break;
        }
    }
    Cut::Parts(parts)
}

/// The face cut where it crosses itself, once.
fn cut(surface: &Surface) -> Cut {
    if surface.rings.len() == 1 && surface.rings[0].len() <= 3 {
        return Cut::Simple;
    }
    let seen = surface
        .normal()
        .and_then(|normal| View::of(surface, normal));
    let Some(seen) = seen else {
        return Cut::Simple;
    };
    let rings: Vec<Ring> = surface.rings.iter().map(|ring| seen.flat(ring)).collect();
    match crossings(&rings) {
        Some(0) => return Cut::Simple,
        Some(_) => {}
        None => return Cut::Tangled,
    }
    let nothing = MultiPolygon::new(Vec::new());
    let filled = |ring: &Ring| {
        let one = ring::polygon_from_rings(std::slice::from_ref(ring));
        one.union_with_fill_rule(&nothing, FillRule::NonZero)
    };
    let Some((outer, holes)) = rings.split_first() else {
        return Cut::Simple;
    };
    let area = holes
        .iter()
        .map(filled)
        .fold(filled(outer), |left, hole| left.difference(&hole));
    let parts = area.0.iter().filter_map(|part| seen.lifted(part, surface));
    Cut::Parts(parts.collect())
}

/// A face seen along the axis its normal is closest to, its outside towards the viewer.
struct View {
    axes: [usize; 3],
    normal: [f64; 3],
    origin: [f64; 3],
}

impl View {
    fn of(surface: &Surface, normal: [f64; 3]) -> Option<Self> {
        let size = normal.map(f64::abs);
        let axis = (0..3).max_by(|a, b| size[*a].total_cmp(&size[*b]))?;
        let (mut i, mut j) = ((axis + 1) % 3, (axis + 2) % 3);
        if normal[axis] < 0.0 {
            std::mem::swap(&mut i, &mut j);
        }
        let origin = *surface.rings.first()?.first()?;
        Some(Self {
            axes: [i, j, axis],
            normal,
            origin,
        })
    }

    fn flat(&self, ring: &[[f64; 3]]) -> Ring {
        let [i, j, _] = self.axes;
        let flatten = |p: &[f64; 3]| [p[i] - self.origin[i], p[j] - self.origin[j]];
        ring.iter().map(flatten).collect()
    }

    /// A part of the face, with its old corners where they were and new ones in the plane; `None`
    /// of a part without area.
    fn lifted(&self, part: &Polygon<f64>, from: &Surface) -> Option<Surface> {
        let [i, j, axis] = self.axes;
        let lift = |p: &[f64; 2]| {
            let (x, y) = (p[0] + self.origin[i], p[1] + self.origin[j]);
            let is_old = |q: &&[f64; 3]| (q[i] - x).abs() < 1e-6 && (q[j] - y).abs() < 1e-6;
            if let Some(old) = from.rings.iter().flatten().find(is_old) {
                return *old;
            }
            let mut at = [0.0; 3];
            (at[i], at[j]) = (x, y);
            let slope = self.normal[i] * p[0] + self.normal[j] * p[1];
            at[axis] = self.origin[axis] - slope / self.normal[axis];
            at
        };
        let mut rings = Vec::new();
        for flat in ring::oriented_rings(part) {
            let around_m: f64 = edges(&flat)
                .map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1]))
                .sum();
            let is_narrow = 2.0 * ring::signed_area(&flat).abs() < DEPTH_M * around_m;
            if is_narrow && rings.is_empty() {
                return None;
            } else if is_narrow {
                continue;
            }
            let mut ring: Vec<[f64; 3]> = flat.iter().map(lift).collect();
            let near = |a: &[f64; 3], b: &[f64; 3]| (0..3).all(|k| (a[k] - b[k]).abs() < DEPTH_M);
            ring.dedup_by(|b, a| near(a, b));
            while ring.len() > 1 && near(&ring[0], &ring[ring.len() - 1]) {
                ring.pop();
            }
            match (rings.is_empty(), face_normal(&ring)) {
                (_, Some(_)) => rings.push(ring),
                (true, None) => return None,
                (false, None) => {}
            }
        }
        (!rings.is_empty()).then_some(Surface {
            kind: from.kind,
            rings,
        })
    }
}

/// How often edges cross; `None` when that is too often, or too much work to tell.
fn crossings(rings: &[Ring]) -> Option<usize> {
    let all: Vec<Segment> = rings.iter().flat_map(|ring| edges(ring)).collect();
    let n = all.len();
    // Sorted from west to east, an edge can only cross those that begin before it ends.
    let mut order: Vec<usize> = (0..n).collect();
    let west = |i: usize| all[i].0[0].min(all[i].1[0]);
    let east = |i: usize| all[i].0[0].max(all[i].1[0]);
    if n > PAIRWISE_MAX {
        order.sort_by(|a, b| west(*a).total_cmp(&west(*b)));
    }
    let (mut found, mut tries) = (0, 0);
    for (at, i) in order.iter().enumerate() {
        for j in &order[at + 1..] {
            if n > PAIRWISE_MAX && west(*j) > east(*i) {
                break;
            }
            tries += 1;
            found += usize::from(cross(all[*i], all[*j]));
            if found > CROSSINGS_MAX || tries > n * PAIRS_PER_EDGE_MAX {
                return None;
            }
        }
    }
    Some(found)
}

/// True when two segments cross, each reaching clearly to both sides of the other.
fn cross((a, b): Segment, (c, d): Segment) -> bool {
    for k in 0..2 {
        if a[k].max(b[k]) <= c[k].min(d[k]) || c[k].max(d[k]) <= a[k].min(b[k]) {
            return false;
        }
    }
    let splits = |p: [f64; 2], q: [f64; 2], r: [f64; 2], s: [f64; 2]| {
        let (u, v) = (q[0] - p[0], q[1] - p[1]);
        let length = u.hypot(v);
        let off = |t: [f64; 2]| (u * (t[1] - p[1]) - v * (t[0] - p[0])) / length;
        let (r, s) = (off(r), off(s));
        r.abs() > DEPTH_M && s.abs() > DEPTH_M && (r > 0.0) != (s > 0.0)
    };
    splits(a, b, c, d) && splits(c, d, a, b)
}
