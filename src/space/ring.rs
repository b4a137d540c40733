//! Open rings: lists of corners `[x, y]` without the repeated closing point.
//! The common ground of the polygon, roof and ray code in here. Never leaves this module, and
//! never checks validity: callers pass what `clean_polygon` let through.

use geo_types::{Coord, LineString, Polygon};

/// Corners in order; the last is joined to the first.
pub(super) type Ring = Vec<[f64; 2]>;

/// Twice-computed differences lose digits at projected sizes, so areas are summed relative to the
/// first corner. Positive for counter-clockwise.
pub(super) fn signed_area(ring: &[[f64; 2]]) -> f64 {
    let Some(origin) = ring.first() else {
        return 0.0;
    };
    let mut twice = 0.0;
    for (a, b) in edges(ring) {
        twice += (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1]);
    }
    0.5 * twice
}

/// Consecutive pairs of corners, the closing edge last.
pub(super) fn edges(ring: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (*a, *b))
}

/// The corners of a closed line string.
pub(super) fn ring_from_line_string(line: &LineString<f64>) -> Vec<[f64; 2]> {
    let mut ring: Vec<[f64; 2]> = line.0.iter().map(|c| [c.x, c.y]).collect();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    ring
}

/// The rings of a polygon, outer first and counter-clockwise, holes clockwise; rings of fewer than
/// three corners are left out.
pub(super) fn oriented_rings(polygon: &Polygon<f64>) -> Vec<Ring> {
    let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let mut rings = Vec::with_capacity(1 + polygon.interiors().len());
    for (index, line) in lines.enumerate() {
        let mut ring = ring_from_line_string(line);
        if ring.len() < 3 {
            if index == 0 {
                return Vec::new();
            }
            continue;
        }
        if (signed_area(&ring) > 0.0) != (index == 0) {
            ring.reverse();
        }
        rings.push(ring);
    }
    rings
}

/// The polygon with these rings, the first of them outer.
pub(super) fn polygon_from_rings(rings: &[Ring]) -> Polygon<f64> {
    let mut lines = rings.iter().map(|ring| line_string_from_ring(ring));
    let outer = lines.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(outer, lines.collect())
}

fn line_string_from_ring(ring: &[[f64; 2]]) -> LineString<f64> {
    let closed = ring.iter().chain(ring.first());
    LineString(closed.map(|p| Coord { x: p[0], y: p[1] }).collect())
}

/// Even–odd test over all edges of a polygon; points on the border fall on either side.
pub(super) fn contains<'a>(
    rings: impl IntoIterator<Item = &'a LineString<f64>>,
    at: [f64; 2],
) -> bool {
    let mut inside = false;
    for ring in rings {
        for pair in ring.0.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if (a.y > at[1]) != (b.y > at[1]) {
                let x = a.x + (at[1] - a.y) / (b.y - a.y) * (b.x - a.x);
                inside ^= at[0] < x;
            }
        }
    }
    inside
}

/// True when every corner turns left or goes straight on: a convex counter-clockwise ring.
pub(super) fn is_convex(ring: &[[f64; 2]]) -> bool {
    let n = ring.len();
    let mut total_turn = 0.0;
    for i in 0..n {
        let (a, b, c) = (ring[i], ring[(i + 1) % n], ring[(i + 2) % n]);
        let (u, v) = ([b[0] - a[0], b[1] - a[1]], [c[0] - b[0], c[1] - b[1]]);
        let cross = u[0] * v[1] - u[1] * v[0];
        let dot = u[0] * v[0] + u[1] * v[1];
        // A millionth of the edges' product forgives rounding, not a dent.
        if cross < -1e-9 * (dot.abs() + cross.abs()) {
            return false;
        }
        total_turn += cross.atan2(dot);
    }
    // A star turns left everywhere too, but goes round twice.
    total_turn < 1.5 * std::f64::consts::TAU
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_survive_projected_sizes() {
        let at = [558_574.0, 3_467_120.7];
        let ring =
            [[0.0, 0.0], [0.1, 0.0], [0.1, 0.1], [0.0, 0.1]].map(|p| [p[0] + at[0], p[1] + at[1]]);
        assert!((signed_area(&ring) - 0.01).abs() < 1e-9);
    }

    #[test]
    fn convexity() {
        assert!(is_convex(&[[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]));
        assert!(!is_convex(&[
            [0.0, 0.0],
            [2.0, 0.0],
            [0.5, 0.4],
            [0.0, 1.0]
        ]));
        assert!(!is_convex(&[[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]]));
    }
}
