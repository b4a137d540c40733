//! Ground as a net of triangles. Used by terrain, its readers and the drawing of it. Never knows
//! what stands on it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

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
}
