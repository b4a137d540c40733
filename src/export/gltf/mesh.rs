//! One record's faces as triangles in glTF's axes, sorted by material.

use std::collections::{BTreeMap, HashMap};

use crate::model::Entity;
use crate::space::{Surface, triangulate_surface};

use super::super::palette::Paint;

/// Corners with normals, and the triangles and lines that use them.
#[derive(Debug, Default)]
pub(super) struct Mesh {
    pub(super) positions: Vec<[f32; 3]>,
    pub(super) normals: Vec<[f32; 3]>,
    /// Corner numbers, three a triangle.
    pub(super) triangles: BTreeMap<Paint, Vec<u32>>,
    /// Corners of line pieces, two each; they have no normals.
    pub(super) lines: Vec<[f32; 3]>,
    numbers: HashMap<[u32; 6], u32>,
}

impl Mesh {
    /// The mesh of a record's faces and lines, relative to `anchor`.
    pub(super) fn of(
        entity: &Entity,
        faces: &[Surface],
        lines: &[Vec<[f64; 3]>],
        anchor: [f64; 3],
    ) -> Self {
        let mut mesh = Self::default();
        let mut triangles = Vec::new();
        for face in faces {
            let near = Surface {
                kind: face.kind,
                rings: face
                    .rings
                    .iter()
                    .map(|ring| ring.iter().map(|at| minus(*at, anchor)).collect())
                    .collect(),
            };
            let Some(normal) = near.normal() else {
                continue;
            };
            triangles.clear();
            triangulate_surface(&near, &mut triangles);
            let paint = Paint::of(entity, &near);
            for corners in &triangles {
                mesh.triangle(paint, *corners, turned(normal));
            }
        }
        for line in lines {
            for pair in line.windows(2) {
                let ends = pair.iter().map(|at| turned(minus(*at, anchor)));
                mesh.lines.extend(ends);
            }
        }
        mesh.numbers = HashMap::new();
        mesh
    }

    pub(super) fn is_empty(&self) -> bool {
        self.triangles.is_empty() && self.lines.is_empty()
    }

    fn triangle(&mut self, paint: Paint, corners: [[f64; 3]; 3], normal: [f32; 3]) {
        let numbers = corners.map(|at| self.number(turned(at), normal));
        let [a, b, c] = numbers;
        // What is no triangle at 32 bits is left to its neighbours.
        if a != b && b != c && c != a {
            self.triangles.entry(paint).or_default().extend(numbers);
        }
    }

    fn number(&mut self, at: [f32; 3], normal: [f32; 3]) -> u32 {
        let [x, y, z] = at.map(f32::to_bits);
        let [u, v, w] = normal.map(f32::to_bits);
        let next = self.positions.len() as u32;
        let number = *self.numbers.entry([x, y, z, u, v, w]).or_insert(next);
        if number == next {
            self.positions.push(at);
            self.normals.push(normal);
        }
        number
    }
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// From east, north, up to glTF's axes: x east, y up, z south.
pub(super) fn turned(at: [f64; 3]) -> [f32; 3] {
    // Without the sum there would be a minus zero.
    [at[0], at[2], 0.0 - at[1]].map(|v| v as f32)
}
