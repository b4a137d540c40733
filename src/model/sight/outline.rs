//! Edges of footprints: which way they face, what is nearest on them, and their pieces.
//! Used for lenses on walls, entrances and façades. Never knows what stands beside.

use geo_types::Polygon;

use crate::space::{at_share, distance, nearest_share, polygon_contains};

/// A straight piece of an outline, seen from above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub from: [f64; 2],
    pub to: [f64; 2],
    /// Unit vector away from what the outline holds.
    pub outward: [f64; 2],
}

impl Edge {
    pub fn length_m(&self) -> f64 {
        distance(self.from, self.to)
    }

    /// The middle, moved outwards.
    pub fn middle(&self, out_m: f64) -> [f64; 2] {
        [0, 1].map(|k| 0.5 * (self.from[k] + self.to[k]) + out_m * self.outward[k])
    }

    /// Equal pieces of at most this length.
    pub fn pieces(self, most_m: f64) -> impl Iterator<Item = Self> {
        let count = (self.length_m() / most_m).ceil().clamp(1.0, 10_000.0);
        (0..count as u32).map(move |number| {
            let at = |number: f64| at_share([self.from, self.to], number / count);
            Self {
                from: at(f64::from(number)),
                to: at(f64::from(number) + 1.0),
                ..self
            }
        })
    }
}

/// The place on an edge that is nearest to another.
pub(super) struct OnEdge {
    pub at: [f64; 2],
    pub distance_m: f64,
    /// Unit vector across the edge, to either side.
    pub normal: [f64; 2],
}

/// Edges of all rings that have a length.
fn lines(polygon: &Polygon<f64>) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let pairs = rings.flat_map(|ring| ring.0.windows(2));
    pairs
        .map(|pair| ([pair[0].x, pair[0].y], [pair[1].x, pair[1].y]))
        .filter(|(a, b)| distance(*a, *b) > 0.0)
}

/// The edges of all rings, facing outwards.
pub(super) fn edges(polygon: &Polygon<f64>) -> impl Iterator<Item = Edge> + '_ {
    lines(polygon).map(|(from, to)| {
        let edge = Edge {
            from,
            to,
            outward: across(from, to),
        };
        // Rings of foreign data run either way round.
        if polygon_contains(polygon, edge.middle(0.02)) {
            let outward = edge.outward.map(|v| -v);
            Edge { outward, ..edge }
        } else {
            edge
        }
    })
}

/// The nearest place on every edge.
pub(super) fn on_edges(polygon: &Polygon<f64>, at: [f64; 2]) -> impl Iterator<Item = OnEdge> + '_ {
    lines(polygon).map(move |(from, to)| {
        let nearest = at_share([from, to], nearest_share([from, to], at));
        OnEdge {
            at: nearest,
            distance_m: distance(nearest, at),
            normal: across(from, to),
        }
    })
}

/// A unit vector to the right of the line.
fn across(from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
    let length_m = distance(from, to);
    [(to[1] - from[1]) / length_m, (from[0] - to[0]) / length_m]
}
