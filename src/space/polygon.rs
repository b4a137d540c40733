//! Plain questions about footprints: area, best rectangle, inset, triangles.
//! Used by generator, import and roofs. Expects polygons that `clean_polygon` let through and
//! never repairs anything itself.

use geo::algorithm::buffer::{Buffer, BufferStyle, LineJoin};
use geo::{ConvexHull, Simplify, TriangulateEarcut};
use geo_types::Polygon;

use super::ring::{self, Ring, signed_area};

/// The area in square metres, holes taken off.
pub fn area_m2(polygon: &Polygon<f64>) -> f64 {
    let outer = signed_area(&ring::ring_from_line_string(polygon.exterior())).abs();
    let holes = polygon.interiors().iter();
    outer
        - holes
            .map(|hole| signed_area(&ring::ring_from_line_string(hole)).abs())
            .sum::<f64>()
}

/// True when the point is inside the polygon and in none of its holes. On the border either
/// answer may come; neighbours that share an edge do not both claim a point.
pub fn polygon_contains(polygon: &Polygon<f64>, at: [f64; 2]) -> bool {
    ring::contains(
        std::iter::once(polygon.exterior()).chain(polygon.interiors()),
        at,
    )
}

/// A rectangle turned freely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrientedRect {
    /// The middle.
    pub center: [f64; 2],
    /// Unit vector along the long side; the short side is this turned left by 90°.
    pub axis_u: [f64; 2],
    /// Half the long side, metres.
    pub half_u: f64,
    /// Half the short side, metres.
    pub half_v: f64,
}

impl OrientedRect {
    /// Coordinates along and across the long side, from the centre, of a position.
    pub fn uv_from_world(&self, at: [f64; 2]) -> [f64; 2] {
        let d = [at[0] - self.center[0], at[1] - self.center[1]];
        [
            d[0] * self.axis_u[0] + d[1] * self.axis_u[1],
            d[1] * self.axis_u[0] - d[0] * self.axis_u[1],
        ]
    }

    /// The position with these coordinates along and across the long side.
    pub fn world_from_uv(&self, uv: [f64; 2]) -> [f64; 2] {
        [
            self.center[0] + uv[0] * self.axis_u[0] - uv[1] * self.axis_u[1],
            self.center[1] + uv[0] * self.axis_u[1] + uv[1] * self.axis_u[0],
        ]
    }
}

/// The rectangle of least area around a polygon.
///
/// One side of it lies along an edge of the convex hull (Freeman and Shapira 1975), so every hull
/// edge is tried. A polygon without extent gives a rectangle of size zero along the x axis.
pub fn oriented_rectangle(polygon: &Polygon<f64>) -> OrientedRect {
    let hull = ring::ring_from_line_string(polygon.convex_hull().exterior());
    let origin = hull.first().copied().unwrap_or([0.0; 2]);
    let mut best = OrientedRect {
        center: origin,
        axis_u: [1.0, 0.0],
        half_u: 0.0,
        half_v: 0.0,
    };
    let mut best_area = f64::INFINITY;
    for (a, b) in ring::edges(&hull) {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        if length <= 0.0 || !length.is_finite() {
            continue;
        }
        let axis = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
        let rect = rectangle_along(&hull, origin, axis);
        let area = rect.half_u * rect.half_v;
        if area < best_area {
            best_area = area;
            best = rect;
        }
    }
    best
}

fn rectangle_along(hull: &[[f64; 2]], origin: [f64; 2], axis: [f64; 2]) -> OrientedRect {
    let frame = OrientedRect {
        center: origin,
        axis_u: axis,
        half_u: 0.0,
        half_v: 0.0,
    };
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for corner in hull {
        let uv = frame.uv_from_world(*corner);
        for k in 0..2 {
            low[k] = low[k].min(uv[k]);
            high[k] = high[k].max(uv[k]);
        }
    }
    let center = frame.world_from_uv([0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])]);
    let half = [0.5 * (high[0] - low[0]), 0.5 * (high[1] - low[1])];
    if half[0] >= half[1] {
        OrientedRect {
            center,
            axis_u: axis,
            half_u: half[0],
            half_v: half[1],
        }
    } else {
        OrientedRect {
            center,
            axis_u: [-axis[1], axis[0]],
            half_u: half[1],
            half_v: half[0],
        }
    }
}

/// The polygon moved inwards by `distance_m` on all sides (outer ring and holes), corners mitred.
///
/// Where it falls apart the largest part is kept; `None` when nothing is left.
pub fn inset(polygon: &Polygon<f64>, distance_m: f64) -> Option<Polygon<f64>> {
    // Mitres longer than about three times the distance are cut off, as on any drawing.
    let style = BufferStyle::new(-distance_m.abs()).line_join(LineJoin::Miter(0.6));
    let parts = polygon.buffer_with_style(style);
    let largest = parts
        .0
        .into_iter()
        .max_by(|a, b| area_m2(a).total_cmp(&area_m2(b)))?;
    (area_m2(&largest) > 0.0).then_some(largest)
}

/// Counter-clockwise triangles that fill the polygon (ear cutting); none for a degenerate one.
pub fn triangulate_polygon(polygon: &Polygon<f64>) -> Vec<[[f64; 2]; 3]> {
    let rings = ring::oriented_rings(polygon);
    let mut triangles = Vec::new();
    triangulate_rings(&rings, |corners| triangles.push(corners.map(|i| i.at)));
    triangles
}

/// Rings without closing points, the outer one first and counter-clockwise, holes clockwise, and
/// counter-clockwise triangles that fill them, by corner counted through all rings.
pub fn triangulated_rings(polygon: &Polygon<f64>) -> (Vec<Vec<[f64; 2]>>, Vec<[usize; 3]>) {
    let rings = ring::oriented_rings(polygon);
    let mut triangles = Vec::new();
    triangulate_rings(&rings, |corners| triangles.push(corners.map(|i| i.index)));
    (rings, triangles)
}

/// The outline with fewer corners (Douglas and Peucker 1973), without holes smaller than
/// `hole_min_m2`. An outline that would vanish is given back as it is.
pub fn simplified(polygon: &Polygon<f64>, tolerance_m: f64, hole_min_m2: f64) -> Polygon<f64> {
    let simple = polygon.simplify(tolerance_m);
    let simple = if simple.exterior().0.len() < 4 {
        polygon.clone()
    } else {
        simple
    };
    let (outer, mut holes) = simple.into_inner();
    holes.retain(|hole| {
        signed_area(&ring::ring_from_line_string(hole)).abs() >= hole_min_m2 && hole.0.len() > 3
    });
    Polygon::new(outer, holes)
}

/// A corner of a triangle: where it is and which corner of the rings, counted through, it was.
#[derive(Clone, Copy)]
pub(super) struct Corner {
    pub(super) at: [f64; 2],
    pub(super) index: usize,
}

/// Calls `emit` with counter-clockwise triangles over rings of which the first is outer.
pub(super) fn triangulate_rings(rings: &[Ring], mut emit: impl FnMut([Corner; 3])) {
    let Some(outer) = rings.first().filter(|ring| ring.len() >= 3) else {
        return;
    };
    let mut emit_ccw = |mut corners: [Corner; 3]| {
        let twice_area = signed_area(&corners.map(|c| c.at));
        if twice_area < 0.0 {
            corners.swap(1, 2);
        }
        if twice_area != 0.0 {
            emit(corners);
        }
    };
    if rings.len() == 1 && outer.len() <= 4 && ring::is_convex(outer) {
        // Most house footprints and all their walls: a fan, without the general machinery.
        for last in 2..outer.len() {
            emit_ccw([0, last - 1, last].map(|index| Corner {
                at: outer[index],
                index,
            }));
        }
        return;
    }
    let raw = ring::polygon_from_rings(rings).earcut_triangles_raw();
    for three in raw.triangle_indices.chunks_exact(3) {
        emit_ccw([three[0], three[1], three[2]].map(|index| Corner {
            at: raw.vertices[index],
            index,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{coord, polygon};
    use proptest::prelude::*;

    fn turned_rectangle(angle: f64, long: f64, short: f64) -> Polygon<f64> {
        let (s, c) = angle.sin_cos();
        let corners = [[0.0, 0.0], [long, 0.0], [long, short], [0.0, short]];
        let ring = corners.map(
            |p| coord! { x: 500_000.0 + c * p[0] - s * p[1], y: 3_467_000.0 + s * p[0] + c * p[1] },
        );
        Polygon::new(ring.into_iter().collect(), vec![])
    }

    #[test]
    fn courtyard() {
        let ring_house = polygon!(
            exterior: [(x: 0., y: 0.), (x: 10., y: 0.), (x: 10., y: 10.), (x: 0., y: 10.)],
            interiors: [[(x: 4., y: 4.), (x: 4., y: 6.), (x: 6., y: 6.), (x: 6., y: 4.)]],
        );
        assert_eq!(area_m2(&ring_house), 96.0);
        assert!(
            polygon_contains(&ring_house, [1.0, 5.0]) && !polygon_contains(&ring_house, [5.0, 5.0])
        );
        let total: f64 = triangulate_polygon(&ring_house)
            .iter()
            .map(|t| signed_area(t))
            .sum();
        assert!((total - 96.0).abs() < 1e-9);
        let smaller = inset(&ring_house, 1.0).unwrap();
        assert!(
            (area_m2(&smaller) - (64.0 - 16.0)).abs() < 1e-3,
            "{}",
            area_m2(&smaller)
        );
        assert!(inset(&ring_house, 5.0).is_none());
    }

    proptest! {
        #[test]
        fn rectangle_is_found_again(angle in -3.0..3.0f64, long in 5.0..80.0f64, share in 0.1..0.95f64) {
            let rect = oriented_rectangle(&turned_rectangle(angle, long, long * share));
            prop_assert!((rect.half_u - 0.5 * long).abs() < 1e-6);
            prop_assert!((rect.half_v - 0.5 * long * share).abs() < 1e-6);
            let along = rect.axis_u[0] * angle.cos() + rect.axis_u[1] * angle.sin();
            prop_assert!(along.abs() > 1.0 - 1e-9);
            let at = rect.world_from_uv([3.0, -2.0]);
            let uv = rect.uv_from_world(at);
            prop_assert!((uv[0] - 3.0).abs() < 1e-6 && (uv[1] + 2.0).abs() < 1e-6);
        }
    }
}
