//! Many triangles for rays: terrain between a camera and what it looks at.
//! Exact: a ray is held against every triangle whose box it meets. Never knows whose they are.

use super::bounds::Bounds2;
use super::packed_index::BoxIndex;
use super::ray::{Ray3, ray_triangle};

/// Triangles by place. About 111 bytes each.
#[derive(Debug, Clone)]
pub struct TriangleIndex {
    corners: Vec<[[f64; 3]; 3]>,
    boxes: BoxIndex,
}

impl TriangleIndex {
    /// Indexes triangles given by their corners; those with a coordinate that is no finite number
    /// are never met.
    #[must_use]
    pub fn new(mut corners: Vec<[[f64; 3]; 3]>) -> Self {
        corners.retain(|triangle| triangle.iter().flatten().all(|v| v.is_finite()));
        let flat = |triangle: &[[f64; 3]; 3]| {
            Bounds2::from_points(triangle.iter().map(|at| [at[0], at[1]]))
        };
        Self {
            boxes: BoxIndex::new(corners.iter().map(flat)),
            corners,
        }
    }

    /// True when there is no triangle.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    /// The distance at which the ray meets a triangle first, from either side; `None` when it meets
    /// none within `max_m`.
    #[must_use]
    pub fn first_hit(&self, ray: &Ray3, max_m: f64) -> Option<f64> {
        let mut first: Option<f64> = None;
        self.boxes.each_along(ray, max_m, |place, enters_m| {
            let limit_m = first.unwrap_or(max_m);
            if enters_m <= limit_m
                && let Some(hit_m) = ray_triangle(ray, &self.corners[place as usize])
                && hit_m <= limit_m
            {
                first = Some(hit_m);
            }
        });
        first
    }

    /// Height of the highest triangle at a place, metres; `None` where there is none.
    #[must_use]
    pub fn height_at(&self, at: [f64; 2]) -> Option<f64> {
        let mut highest: Option<f64> = None;
        self.boxes.each_at_point(at, |place| {
            let height_m = super::tin::height_on(&self.corners[place as usize], at);
            highest = highest.into_iter().chain(height_m).reduce(f64::max);
        });
        highest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::Tin;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rays_and_places_find_what_all_triangles_give(
            corners in prop::collection::vec(
                prop::array::uniform3(prop::array::uniform3(-50.0..50.0f64)), 0..60),
            from in prop::array::uniform3(-60.0..60.0f64),
            to in prop::array::uniform3(-60.0..60.0f64),
            max_m in 0.0..150.0f64,
        ) {
            let index = TriangleIndex::new(corners.clone());
            let (ray, _) = Ray3::towards(from, to).unwrap();
            let hits = corners.iter().filter_map(|one| ray_triangle(&ray, one));
            let slow = hits.filter(|hit_m| *hit_m <= max_m).reduce(f64::min);
            prop_assert_eq!(index.first_hit(&ray, max_m), slow);
            let at = [from[0], from[1]];
            let net = Tin::from_triangles(&corners);
            prop_assert_eq!(index.height_at(at), net.height_at(at));
        }
    }

    #[test]
    fn nothing_is_met_in_nothing() {
        let index = TriangleIndex::new(vec![[[f64::NAN; 3]; 3]]);
        let (ray, _) = Ray3::towards([0.0; 3], [1.0; 3]).unwrap();
        assert!(index.is_empty());
        assert_eq!(index.first_hit(&ray, f64::INFINITY), None);
        assert_eq!(index.height_at([0.0; 2]), None);
    }
}
