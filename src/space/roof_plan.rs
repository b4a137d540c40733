//! Where a roof breaks: facets, creases and heights over a footprint.
//! Used by `roof` and `roof_details` only. Never emits a face itself.
//!
//! Everything is in the coordinates of the footprint's least rectangle: u along its long side, v
//! across, from the centre. In them a roof is a function of height with few straight creases, so
//! one plan serves any outline, courtyards included.

use geo::BooleanOps;
use geo_types::Polygon;

use super::polygon::{OrientedRect, oriented_rectangle};
use super::ring::{self, Ring, edges, signed_area};
use super::roof::{RoofParams, RoofShape};

/// More bands than a city block needs; a bound on nonsense input.
const BANDS_MAX: f64 = 64.0;
/// Corners this close are one corner; metres. Boolean operations work on a grid about as fine.
const SNAP_M: f64 = 1e-4;
/// Scraps of roof smaller than this come from rounding; square metres.
const SCRAP_M2: f64 = 1e-5;

/// A footprint's roof before it has a height above sea level.
pub(super) struct RoofPlan {
    pub(super) rect: OrientedRect,
    /// The rings edge by edge: each edge its start and the points where it crosses a crease. The
    /// outer ring first, interior always on the left.
    pub(super) edges: Vec<Vec<Ring>>,
    /// Convex counter-clockwise regions over which the roof is plane.
    facets: Vec<Ring>,
    shape: RoofShape,
    bands: f64,
    pitch: f64,
    eave_m: f64,
}

/// A horizontal ridge in plan coordinates.
pub(super) struct RidgeLine {
    pub(super) v: f64,
    pub(super) u_from: f64,
    pub(super) u_to: f64,
}

impl RoofPlan {
    /// `None` for a footprint without area or parameters that are no numbers.
    pub(super) fn new(polygon: &Polygon<f64>, params: &RoofParams) -> Option<Self> {
        let rect = oriented_rectangle(polygon);
        let numbers = [
            params.eave_m,
            params.pitch,
            rect.half_u,
            rect.half_v,
            rect.center[0],
            rect.center[1],
        ];
        if numbers.iter().any(|v| !v.is_finite()) || rect.half_v <= 0.0 || params.eave_m <= 0.0 {
            return None;
        }
        let across_m = 2.0 * rect.half_v;
        let bands = match params.shape {
            RoofShape::MultiGable if params.max_span_m > 0.0 => {
                // A hair of slack: a house of exactly two spans has two bands, not three.
                (across_m / params.max_span_m - 1e-6)
                    .ceil()
                    .clamp(1.0, BANDS_MAX)
            }
            _ => 1.0,
        };
        let mut plan = Self {
            rect,
            edges: Vec::new(),
            facets: Vec::new(),
            shape: params.shape,
            bands,
            pitch: params.pitch.max(0.0),
            eave_m: params.eave_m,
        };
        plan.facets = plan.plane_facets();
        let creases = plan.creases();
        for ring in ring::oriented_rings(polygon) {
            let flat: Vec<[f64; 2]> = ring.iter().map(|p| rect.uv_from_world(*p)).collect();
            let cut = edges(&flat)
                .map(|edge| cut_by_creases(edge, &creases))
                .collect();
            plan.edges.push(cut);
        }
        (!plan.edges.is_empty()).then_some(plan)
    }

    fn band_m(&self) -> f64 {
        2.0 * self.rect.half_v / self.bands
    }

    /// How far the ridge stands above the eaves, metres.
    pub(super) fn rise_m(&self) -> f64 {
        match self.shape {
            RoofShape::Flat => 0.0,
            _ => self.pitch * 0.5 * self.band_m(),
        }
    }

    /// Height of the roof above the ground, metres.
    pub(super) fn height_m(&self, uv: [f64; 2]) -> f64 {
        let (half_u, half_v) = (self.rect.half_u, self.rect.half_v);
        let inward_m = match self.shape {
            RoofShape::Flat => 0.0,
            RoofShape::Gable | RoofShape::MultiGable => {
                let (ridge_v, _) = self.nearest_ridge(uv[1]);
                0.5 * self.band_m() - (uv[1] - ridge_v).abs()
            }
            RoofShape::Hip => (half_v - uv[1].abs()).min(half_u - uv[0].abs()),
        };
        self.eave_m + self.pitch * inward_m.max(0.0)
    }

    /// Uphill direction times steepness at a point that is on no crease.
    pub(super) fn gradient(&self, uv: [f64; 2]) -> [f64; 2] {
        let towards_zero = |x: f64| if x > 0.0 { -self.pitch } else { self.pitch };
        match self.shape {
            RoofShape::Flat => [0.0, 0.0],
            RoofShape::Gable | RoofShape::MultiGable => {
                let (ridge_v, _) = self.nearest_ridge(uv[1]);
                [0.0, towards_zero(uv[1] - ridge_v)]
            }
            RoofShape::Hip => {
                if self.rect.half_v - uv[1].abs() <= self.rect.half_u - uv[0].abs() {
                    [0.0, towards_zero(uv[1])]
                } else {
                    [towards_zero(uv[0]), 0.0]
                }
            }
        }
    }

    /// The ridge over the band a point lies in, and the band's number.
    fn nearest_ridge(&self, v: f64) -> (f64, f64) {
        let band = ((v + self.rect.half_v) / self.band_m())
            .floor()
            .clamp(0.0, self.bands - 1.0);
        ((band + 0.5) * self.band_m() - self.rect.half_v, band)
    }

    /// Every horizontal ridge over the least rectangle, not yet cut to the footprint.
    pub(super) fn ridges(&self) -> Vec<RidgeLine> {
        let reach = match self.shape {
            RoofShape::Flat => return Vec::new(),
            RoofShape::Hip => self.rect.half_u - self.rect.half_v,
            _ => self.rect.half_u + 1.0,
        };
        let ridge = |band: usize| RidgeLine {
            v: (band as f64 + 0.5) * self.band_m() - self.rect.half_v,
            u_from: -reach,
            u_to: reach,
        };
        (0..self.bands as usize).map(ridge).collect()
    }

    /// The lines along which two facets meet.
    fn creases(&self) -> Vec<([f64; 2], [f64; 2])> {
        let (half_u, half_v) = (self.rect.half_u, self.rect.half_v);
        let far_u = half_u + 1.0;
        match self.shape {
            RoofShape::Flat => Vec::new(),
            RoofShape::Gable | RoofShape::MultiGable => {
                let half_bands = 2 * self.bands as usize;
                let line = |k: usize| {
                    let v = 0.5 * self.band_m() * k as f64 - half_v;
                    ([-far_u, v], [far_u, v])
                };
                (1..half_bands).map(line).collect()
            }
            RoofShape::Hip => {
                let apex = half_u - half_v;
                let mut lines = vec![([-apex, 0.0], [apex, 0.0])];
                for (su, sv) in [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)] {
                    lines.push(([su * apex, 0.0], [su * (half_u + 1.0), sv * (half_v + 1.0)]));
                }
                lines
            }
        }
    }

    /// Facets reach a metre beyond the rectangle, so that rounding leaves no gap at its border.
    fn plane_facets(&self) -> Vec<Ring> {
        let (u, v) = (self.rect.half_u + 1.0, self.rect.half_v + 1.0);
        match self.shape {
            RoofShape::Flat => vec![vec![[-u, -v], [u, -v], [u, v], [-u, v]]],
            RoofShape::Gable | RoofShape::MultiGable => {
                let half_bands = 2 * self.bands as usize;
                let border = |k: usize| match k {
                    0 => -v,
                    k if k == half_bands => v,
                    k => 0.5 * self.band_m() * k as f64 - self.rect.half_v,
                };
                let strip = |k: usize| {
                    let (low, high) = (border(k), border(k + 1));
                    vec![[-u, low], [u, low], [u, high], [-u, high]]
                };
                (0..half_bands).map(strip).collect()
            }
            RoofShape::Hip => {
                let apex = self.rect.half_u - self.rect.half_v;
                let (west, east) = ([-apex, 0.0], [apex, 0.0]);
                vec![
                    vec![[-u, -v], [u, -v], east, west],
                    vec![[u, v], [-u, v], west, east],
                    vec![[u, -v], [u, v], east],
                    vec![[-u, v], [-u, -v], west],
                ]
            }
        }
    }

    /// The footprint cut into pieces over which the roof is plane, each as rings.
    pub(super) fn pieces(&self) -> Vec<Vec<Ring>> {
        let rings: Vec<Ring> = self.edges.iter().map(|ring| ring.concat()).collect();
        if self.facets.len() == 1 {
            return vec![rings];
        }
        let convex = rings.len() == 1 && ring::is_convex(&rings[0]);
        let mut pieces = Vec::new();
        for facet in &self.facets {
            if convex {
                let piece = clipped_to(&rings[0], facet);
                if signed_area(&piece) > SCRAP_M2 {
                    pieces.push(vec![piece]);
                }
            } else {
                pieces.extend(general_pieces(&rings, facet));
            }
        }
        pieces
    }
}

/// An edge's start and the points where it crosses creases, in order.
fn cut_by_creases((a, b): ([f64; 2], [f64; 2]), creases: &[([f64; 2], [f64; 2])]) -> Vec<[f64; 2]> {
    let length_m = (b[0] - a[0]).hypot(b[1] - a[1]);
    let mut shares: Vec<f64> = Vec::new();
    for (p, q) in creases {
        let (ex, ey) = (q[0] - p[0], q[1] - p[1]);
        let crease_m = ex.hypot(ey);
        let side = |r: [f64; 2]| (ex * (r[1] - p[1]) - ey * (r[0] - p[0])) / crease_m;
        let (sa, sb) = (side(a), side(b));
        // An end that lies on the crease is a corner there already.
        if sa.abs() < SNAP_M || sb.abs() < SNAP_M || (sa > 0.0) == (sb > 0.0) {
            continue;
        }
        let share = sa / (sa - sb);
        let at = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        let along = ((at[0] - p[0]) * ex + (at[1] - p[1]) * ey) / (crease_m * crease_m);
        let clear_of_ends = share * length_m > SNAP_M && (1.0 - share) * length_m > SNAP_M;
        if (0.0..=1.0).contains(&along) && clear_of_ends {
            shares.push(share);
        }
    }
    shares.sort_by(f64::total_cmp);
    shares.dedup_by(|b, a| (*b - *a) * length_m < SNAP_M);
    let at = |share: &f64| [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
    std::iter::once(a).chain(shares.iter().map(at)).collect()
}

/// A convex ring cut to a convex region (Sutherland and Hodgman 1974). The ring has corners
/// wherever it crosses a crease, so no new corner is computed on it and neighbours match exactly.
fn clipped_to(ring: &[[f64; 2]], facet: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut piece = ring.to_vec();
    for (p, q) in edges(facet) {
        let (ex, ey) = (q[0] - p[0], q[1] - p[1]);
        let length = ex.hypot(ey);
        if length < SNAP_M {
            // A pyramid's ridge has no length and bounds nothing.
            continue;
        }
        let side = |r: [f64; 2]| (ex * (r[1] - p[1]) - ey * (r[0] - p[0])) / length;
        let mut kept = Vec::with_capacity(piece.len() + 1);
        for (a, b) in edges(&piece) {
            let (sa, sb) = (side(a), side(b));
            if sa >= -SNAP_M {
                kept.push(a);
            }
            if sa.abs() >= SNAP_M && sb.abs() >= SNAP_M && (sa > 0.0) != (sb > 0.0) {
                let share = sa / (sa - sb);
                kept.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
            }
        }
        piece = kept;
    }
    piece
}

/// Any polygon cut to a convex region, with corners snapped to those that are known exactly.
fn general_pieces(rings: &[Ring], facet: &[[f64; 2]]) -> Vec<Vec<Ring>> {
    let region = ring::polygon_from_rings(&[facet.to_vec()]);
    let parts = ring::polygon_from_rings(rings).intersection(&region);
    let snapped = |at: &[f64; 2]| {
        let known = rings.iter().flatten().chain(facet);
        let close = |k: &&[f64; 2]| (k[0] - at[0]).abs() < SNAP_M && (k[1] - at[1]).abs() < SNAP_M;
        known.into_iter().find(close).copied().unwrap_or(*at)
    };
    let mut pieces = Vec::new();
    for part in &parts.0 {
        let mut piece: Vec<Ring> = Vec::new();
        for ring in ring::oriented_rings(part) {
            let mut corners: Vec<[f64; 2]> = ring.iter().map(snapped).collect();
            corners.dedup();
            if corners.len() >= 3 && signed_area(&corners).abs() > SCRAP_M2 {
                piece.push(corners);
            } else if piece.is_empty() {
                break;
            }
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}
