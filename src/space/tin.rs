//! Ground as a net of triangles. Used by terrain, its readers and the drawing of it. Never knows
//! what stands on it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::bounds::Bounds2;

/// A net of triangles over the ground.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tin {
    /// Corners `[x, y, z]` in metres.
    pub vertices: Vec<[f64; 3]>,
    /// Corners of each triangle as places in `vertices`, counter-clockwise seen from above.
    pub triangles: Vec<[u32; 3]>,
}

impl Tin {
    /// The net of these triangles. Corners at exactly the same position are one, in the order in
    /// which they come first, so equal lists give equal nets.
    #[must_use]
    pub fn from_triangles(triangles: &[[[f64; 3]; 3]]) -> Self {
        let mut places: HashMap<[u64; 3], u32> = HashMap::new();
        let mut vertices = Vec::new();
        let mut place = |at: [f64; 3]| {
            *places.entry(at.map(f64::to_bits)).or_insert_with(|| {
                vertices.push(at);
                (vertices.len() - 1) as u32
            })
        };
        let triangles = triangles.iter().map(|corners| corners.map(&mut place));
        let triangles = triangles.collect();
        Self {
            vertices,
            triangles,
        }
    }

    /// The corners of each triangle; those that point at no vertex are passed over.
    pub fn corners(&self) -> impl Iterator<Item = [[f64; 3]; 3]> + '_ {
        self.triangles.iter().filter_map(|triangle| {
            let [a, b, c] = triangle.map(|place| self.vertices.get(place as usize).copied());
            Some([a?, b?, c?])
        })
    }

    /// What it covers.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        Bounds2::from_points(self.vertices.iter().map(|at| [at[0], at[1]]))
    }

    /// Height of the net at a place, metres; `None` outside it. Looks at every triangle: for many
    /// places take a [`super::TinIndex`].
    #[must_use]
    pub fn height_at(&self, at: [f64; 2]) -> Option<f64> {
        let heights = self.corners().filter_map(|corners| height_on(&corners, at));
        heights.reduce(f64::max)
    }
}

/// Height of a triangle at a place, edges included; `None` outside it or of one without area.
pub(super) fn height_on(corners: &[[f64; 3]; 3], at: [f64; 2]) -> Option<f64> {
    let [a, b, c] = corners.map(|p| [p[0] - at[0], p[1] - at[1], p[2]]);
    let cross = |p: [f64; 3], q: [f64; 3]| p[0] * q[1] - p[1] * q[0];
    let weights = [cross(b, c), cross(c, a), cross(a, b)];
    let area = weights.iter().sum::<f64>();
    if !(area.abs() > 1e-12) {
        return None;
    }
    let shares = weights.map(|weight| weight / area);
    // A hair of slack: a place on the edge between two triangles must not fall through.
    let is_inside = shares.iter().all(|share| *share >= -1e-9);
    is_inside.then(|| shares[0] * a[2] + shares[1] * b[2] + shares[2] * c[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at: [f64; 2], expected: Option<f64>) {
        let net = Tin::from_triangles(&[
            [[0., 0., 0.], [4., 0., 4.], [0., 4., 8.]],
            [[4., 0., 4.], [4., 4., 12.], [0., 4., 8.]],
        ]);
        let found = net.height_at(at);
        let is_near = match (found, expected) {
            (Some(a), Some(b)) => f64::abs(a - b) < 1e-9,
            (a, b) => a == b,
        };
        assert!(is_near, "{at:?}: {found:?}, not {expected:?}");
    }

    #[test]
    fn heights_are_those_of_the_plane() {
        check([0.0, 0.0], Some(0.0));
        check([2.0, 2.0], Some(6.0));
        check([1.0, 1.0], Some(3.0));
        check([3.5, 3.0], Some(9.5));
        check([4.0, 2.0], Some(8.0));
        check([4.1, 2.0], None);
        check([f64::NAN, 2.0], None);
    }

    #[test]
    fn a_triangle_without_area_or_vertex_has_no_height() {
        let net = Tin {
            vertices: vec![[0., 0., 1.], [1., 1., 1.], [2., 2., 1.]],
            triangles: vec![[0, 1, 2], [0, 1, 9]],
        };
        assert_eq!(net.height_at([1.0, 1.0]), None);
        assert_eq!(net.corners().count(), 1);
    }
}
