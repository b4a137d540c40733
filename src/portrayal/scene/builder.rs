//! Collects faces into chunks: fan-free triangulation, flat normals, texture coordinates.
//! What stands up and the ground are kept apart, because far away the first is drawn simplified.

use std::collections::BTreeMap;

use crate::space::{Surface, face_normal, triangulate_surface};

use super::grid::{Cell, Lattice};
use super::vertex::{Chunk, FINISHES, Finish, Material, NO_BUILDING, Part, Vertex};

/// One chunk under construction.
#[derive(Default)]
struct Draft {
    vertices: Vec<Vertex>,
    bodies: [Vec<u32>; FINISHES],
    details: [Vec<u32>; FINISHES],
}

impl Draft {
    fn finish(self, origin: [f64; 3]) -> Chunk {
        let mut indices = Vec::new();
        let mut parts = Vec::new();
        for (detail, lists) in [(false, self.bodies), (true, self.details)] {
            for (finish, list) in Finish::ALL.into_iter().zip(lists) {
                if list.is_empty() {
                    continue;
                }
                let first = indices.len() as u32;
                indices.extend(list);
                let end = indices.len() as u32;
                parts.push(Part {
                    finish,
                    detail,
                    first,
                    end,
                });
            }
        }
        Chunk::new(origin, self.vertices, indices, parts)
    }
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

/// Collects triangles by squares.
pub(super) struct Builder {
    /// The material that colours what is added, whatever it is made of.
    pub shown_as: Option<Material>,
    lattice: Lattice,
    drafts: BTreeMap<Cell, Draft>,
    scratch: Vec<[[f64; 3]; 3]>,
}

impl Builder {
    pub fn new(lattice: Lattice) -> Self {
        Self {
            shown_as: None,
            lattice,
            drafts: BTreeMap::new(),
            scratch: Vec::new(),
        }
    }

    /// The cell of a local position: everything of one object goes into one cell.
    pub fn cell_of(&self, at: [f64; 2]) -> Cell {
        self.lattice.cell_of(at)
    }

    /// Adds a face given in local coordinates.
    pub fn surface(&mut self, cell: Cell, surface: &Surface, paint: Paint) {
        let mut triangles = std::mem::take(&mut self.scratch);
        triangles.clear();
        triangulate_surface(surface, &mut triangles);
        if let (Some(normal), false) = (surface.normal(), triangles.is_empty()) {
            self.flat(cell, &triangles, normal, paint);
        }
        self.scratch = triangles;
    }

    /// Adds a face that is seen from either side.
    pub fn surface_two_sided(&mut self, cell: Cell, surface: &Surface, paint: Paint) {
        self.surface(cell, surface, paint);
        let turned = Surface {
            kind: surface.kind,
            rings: surface
                .rings
                .iter()
                .map(|ring| ring.iter().rev().copied().collect())
                .collect(),
        };
        self.surface(cell, &turned, paint);
    }

    /// Adds triangles that share one normal, turned so that they are seen from where it points;
    /// corners that coincide are shared.
    pub fn flat(
        &mut self,
        cell: Cell,
        triangles: &[[[f64; 3]; 3]],
        normal: [f64; 3],
        paint: Paint,
    ) {
        let frame = FaceFrame::new(normal, paint.foot_m, triangles);
        let corners = triangles.iter().flat_map(|one| facing(one, normal));
        self.put(cell, paint, corners.map(|at| (at, frame)));
    }

    /// Adds a triangle of land, seen from above; each corner has the normal of the land there, so
    /// that its light runs on into its neighbours.
    pub fn graded(
        &mut self,
        cell: Cell,
        corners: [[f64; 3]; 3],
        normal_at: impl Fn([f64; 3]) -> [f64; 3],
        paint: Paint,
    ) {
        let Some(normal) = face_normal(&corners) else {
            return;
        };
        let up = if normal[2] < 0.0 {
            normal.map(|v| -v)
        } else {
            normal
        };
        let frame = FaceFrame::new(up, paint.foot_m, &[corners]);
        let bent = |at| FaceFrame {
            normal: bytes(normal_at(at)),
            ..frame
        };
        self.put(cell, paint, facing(&corners, up).map(|at| (at, bent(at))));
    }

    /// Adds a triangle of a sheet over the land, seen from above, that carries numbers of its own.
    pub fn carrying(
        &mut self,
        cell: Cell,
        corners: [[f64; 3]; 3],
        along_up: impl Fn([f64; 3]) -> [u16; 2],
        material: Material,
    ) {
        const UP: [f64; 3] = [0.0, 0.0, 1.0];
        let origin = origin_of(self.lattice, cell);
        let draft = self.drafts.entry(cell).or_default();
        for corner in facing(&corners, UP) {
            draft.bodies[material.finish() as usize].push(draft.vertices.len() as u32);
            draft.vertices.push(Vertex {
                position: std::array::from_fn(|i| (corner[i] - origin[i]) as f32),
                normal: bytes(UP),
                tag: material as u32 | (NO_BUILDING << 8),
                along_up: along_up(corner),
            });
        }
    }

    /// Adds the corners of triangles.
    fn put(
        &mut self,
        cell: Cell,
        paint: Paint,
        corners: impl IntoIterator<Item = ([f64; 3], FaceFrame)>,
    ) {
        let origin = origin_of(self.lattice, cell);
        let material = self.shown_as.unwrap_or(paint.material);
        let draft = self.drafts.entry(cell).or_default();
        let first = draft.vertices.len();
        for (corner, frame) in corners {
            let vertex = frame.vertex(corner, origin, Paint { material, ..paint });
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
            let lists = if paint.detail {
                &mut draft.details
            } else {
                &mut draft.bodies
            };
            lists[paint.material.finish() as usize].push(index as u32);
        }
    }

    /// The finished chunks with their cells, in the order of cells.
    pub fn finish(self) -> Vec<(Cell, Chunk)> {
        let cells: Vec<_> = self.drafts.keys().copied().collect();
        let origins: Vec<_> = cells
            .iter()
            .map(|cell| origin_of(self.lattice, *cell))
            .collect();
        let drafts = self.drafts.into_values().zip(origins);
        let chunks = drafts.map(|(draft, origin)| draft.finish(origin));
        cells.into_iter().zip(chunks).collect()
    }
}

/// The local position that corners in a cell count from.
pub(super) fn origin_of(lattice: Lattice, cell: Cell) -> [f64; 3] {
    let [x, y] = lattice.middle_of(cell);
    [x, y, 0.0]
}

/// The triangle, counter-clockwise seen from where `normal` points.
pub(super) fn facing(triangle: &[[f64; 3]; 3], normal: [f64; 3]) -> [[f64; 3]; 3] {
    let [a, b, c] = *triangle;
    let u: [f64; 3] = std::array::from_fn(|i| b[i] - a[i]);
    let v: [f64; 3] = std::array::from_fn(|i| c[i] - a[i]);
    let across = [
        u[1] * v[2] - u[2] * v[1],
        u[2] * v[0] - u[0] * v[2],
        u[0] * v[1] - u[1] * v[0],
    ];
    let towards: f64 = across.iter().zip(normal).map(|(a, n)| a * n).sum();
    if towards < 0.0 { [a, c, b] } else { [a, b, c] }
}

/// A unit normal as a corner carries it.
fn bytes(normal: [f64; 3]) -> [i8; 4] {
    let byte = |v: f64| (v * 127.0).round().clamp(-127.0, 127.0) as i8;
    [byte(normal[0]), byte(normal[1]), byte(normal[2]), 127]
}

/// The two directions on a face along which patterns run.
#[derive(Clone, Copy)]
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
        Self {
            normal: bytes(normal),
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
