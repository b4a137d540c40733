//! Collects faces into chunks: fan-free triangulation, flat normals, texture coordinates.

use std::collections::BTreeMap;

use crate::space::{Surface, triangulate_surface};

use super::vertex::{Chunk, Material, NO_BUILDING, Vertex};

/// One chunk under construction.
#[derive(Default)]
struct Draft {
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
    detail: Vec<u32>,
}

/// What a face is, for the builder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub material: Material,
    /// Index of the building, or [`NO_BUILDING`].
    pub building: u32,
    /// Local height from which `up` counts on walls.
    pub foot_m: f64,
    /// Drawn from nearby only.
    pub detail: bool,
}

impl Paint {
    /// Paint for what belongs to no building.
    pub fn plain(material: Material) -> Self {
        Self {
            material,
            building: NO_BUILDING,
            foot_m: 0.0,
            detail: false,
        }
    }
}

/// Collects triangles by square cells of `cell_m`.
pub(super) struct Builder {
    cell_m: f64,
    drafts: BTreeMap<(i32, i32), Draft>,
    scratch: Vec<[[f64; 3]; 3]>,
}

impl Builder {
    pub fn new(cell_m: f64) -> Self {
        Self {
            cell_m,
            drafts: BTreeMap::new(),
            scratch: Vec::new(),
        }
    }

    /// The cell of a local position: everything of one object goes into one cell.
    pub fn cell_of(&self, at: [f64; 2]) -> (i32, i32) {
        let index = |v: f64| (v / self.cell_m).floor().clamp(-30_000.0, 30_000.0) as i32;
        (index(at[0]), index(at[1]))
    }

    fn origin_of(&self, cell: (i32, i32)) -> [f64; 3] {
        let middle = |index: i32| (f64::from(index) + 0.5) * self.cell_m;
        [middle(cell.0), middle(cell.1), 0.0]
    }

    /// Adds a face given in local coordinates.
    pub fn surface(&mut self, cell: (i32, i32), surface: &Surface, paint: Paint) {
        let mut triangles = std::mem::take(&mut self.scratch);
        triangles.clear();
        triangulate_surface(surface, &mut triangles);
        if let (Some(normal), false) = (surface.normal(), triangles.is_empty()) {
            self.flat(cell, &triangles, normal, paint);
        }
        self.scratch = triangles;
    }

    /// Adds triangles that share one normal; corners that coincide are shared.
    pub fn flat(
        &mut self,
        cell: (i32, i32),
        triangles: &[[[f64; 3]; 3]],
        normal: [f64; 3],
        paint: Paint,
    ) {
        let origin = self.origin_of(cell);
        let frame = FaceFrame::new(normal, paint.foot_m, triangles);
        let draft = self.drafts.entry(cell).or_default();
        let first = draft.vertices.len();
        for corner in triangles.iter().flatten() {
            let vertex = frame.vertex(*corner, origin, paint);
            // A face has few corners: looking back over them is faster than hashing.
            let known = draft.vertices[first..]
                .iter()
                .rposition(|known| *known == vertex);
            let index = known.map_or_else(
                || {
                    draft.vertices.push(vertex);
                    draft.vertices.len() - 1
                },
                |at| first + at,
            );
            let list = if paint.detail {
                &mut draft.detail
            } else {
                &mut draft.indices
            };
            list.push(index as u32);
        }
    }

    /// The finished chunks in the order of cells.
    pub fn finish(self) -> Vec<Chunk> {
        let origin_of: Vec<_> = self
            .drafts
            .keys()
            .map(|cell| self.origin_of(*cell))
            .collect();
        let with_origin = self.drafts.into_values().zip(origin_of);
        with_origin
            .map(|(draft, origin)| finish_chunk(draft, origin))
            .collect()
    }
}

fn finish_chunk(draft: Draft, origin: [f64; 3]) -> Chunk {
    let mut low = [f32::INFINITY; 3];
    let mut high = [f32::NEG_INFINITY; 3];
    for vertex in &draft.vertices {
        for axis in 0..3 {
            low[axis] = low[axis].min(vertex.position[axis]);
            high[axis] = high[axis].max(vertex.position[axis]);
        }
    }
    let half: [f64; 3] = std::array::from_fn(|i| f64::from(high[i] - low[i]) / 2.0);
    let detail_from = draft.indices.len();
    let mut indices = draft.indices;
    indices.extend(draft.detail);
    Chunk {
        origin,
        center: std::array::from_fn(|i| origin[i] + f64::from(low[i] + high[i]) / 2.0),
        radius_m: (half[0] * half[0] + half[1] * half[1] + half[2] * half[2]).sqrt(),
        vertices: draft.vertices,
        indices,
        detail_from,
    }
}

/// The two directions on a face along which patterns run.
struct FaceFrame {
    normal: [i8; 4],
    /// Horizontal direction along the face.
    along: [f64; 2],
    upright: bool,
    foot_m: f64,
    /// Where `along` begins: at the face's own edge, so that it never wraps within a wall.
    along_from_m: f64,
    /// Length up the face for each metre of height, on sloping faces.
    slope_factor: f64,
}

impl FaceFrame {
    fn new(normal: [f64; 3], foot_m: f64, triangles: &[[[f64; 3]; 3]]) -> Self {
        let flat = normal[0].hypot(normal[1]);
        let along = if flat > 1e-6 {
            [-normal[1] / flat, normal[0] / flat]
        } else {
            [1.0, 0.0]
        };
        let along_from_m = triangles
            .iter()
            .flatten()
            .map(|corner| corner[0] * along[0] + corner[1] * along[1])
            .fold(f64::INFINITY, f64::min);
        let byte = |v: f64| (v * 127.0).round().clamp(-127.0, 127.0) as i8;
        Self {
            normal: [byte(normal[0]), byte(normal[1]), byte(normal[2]), 127],
            along,
            upright: normal[2].abs() < 0.3,
            foot_m,
            along_from_m,
            slope_factor: 1.0 / flat.max(0.05),
        }
    }

    fn vertex(&self, corner: [f64; 3], origin: [f64; 3], paint: Paint) -> Vertex {
        let along_m = corner[0] * self.along[0] + corner[1] * self.along[1] - self.along_from_m;
        let height_m = corner[2] - self.foot_m;
        let up_m = if self.upright {
            height_m
        } else {
            height_m * self.slope_factor
        };
        // Units of 2 cm: 1,310 m, longer than any wall that carries a pattern.
        let units = |v: f64| (v / 0.02).round().clamp(0.0, 65_535.0) as u16;
        Vertex {
            position: std::array::from_fn(|i| (corner[i] - origin[i]) as f32),
            normal: self.normal,
            tag: paint.material as u32 | (paint.building << 8),
            along_up: [units(along_m), units(up_m)],
        }
    }
}
