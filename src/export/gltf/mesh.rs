//! One record's faces and nets as triangles in glTF's axes, sorted by what they wear.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Entity, FaceDetail, FaceTexture};
use crate::space::{Surface, Tin, triangulate_surface};

use super::super::palette::Paint;
use super::coats::{Coat, Coats};

/// Corners with normals, and the triangles and lines that use them.
#[derive(Debug, Default)]
pub(super) struct Mesh {
    /// Corners of what wears a colour.
    pub(super) plain: Corners,
    /// Corners of what wears a picture.
    pub(super) pictured: Corners,
    /// Numbers of plain or pictured corners, three a triangle.
    pub(super) triangles: BTreeMap<Coat, Vec<u32>>,
    /// Corners of line pieces, two each; they have no normals.
    pub(super) lines: Vec<[f32; 3]>,
}

/// Corners, each once.
#[derive(Debug, Default)]
pub(super) struct Corners {
    pub(super) positions: Vec<[f32; 3]>,
    pub(super) normals: Vec<[f32; 3]>,
    /// Places in a picture, from its upper left corner.
    pub(super) places: Vec<[f32; 2]>,
    numbers: HashMap<[u32; 8], u32>,
}

/// A corner on its way.
#[derive(Clone, Copy)]
struct Corner {
    at: [f32; 3],
    normal: [f32; 3],
    place: [f32; 2],
}

impl Corners {
    fn number(&mut self, corner: Corner) -> u32 {
        let Corner { at, normal, place } = corner;
        let mut key = [0; 8];
        let parts = at.iter().chain(&normal).chain(&place);
        for (slot, part) in key.iter_mut().zip(parts) {
            *slot = part.to_bits();
        }
        let next = self.positions.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.positions.push(at);
            self.normals.push(normal);
            self.places.push(place);
        }
        number
    }
}

/// The shape of a record before it is turned into triangles.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) faces: Vec<Surface>,
    /// What is said of the faces; empty when nothing is.
    pub(super) details: Vec<FaceDetail>,
    pub(super) nets: Vec<Tin>,
    pub(super) lines: Vec<Vec<[f64; 3]>>,
}

impl Mesh {
    /// The mesh of a record's shape, relative to `anchor`.
    pub(super) fn of(entity: &Entity, shape: &Shape, anchor: [f64; 3], coats: &Coats<'_>) -> Self {
        let mut mesh = Self::default();
        for (index, face) in shape.faces.iter().enumerate() {
            mesh.face(entity, face, shape.details.get(index), anchor, coats);
        }
        for net in &shape.nets {
            mesh.net(net, anchor);
        }
        for line in &shape.lines {
            for pair in line.windows(2) {
                let ends = pair.iter().map(|at| turned(minus(*at, anchor)));
                mesh.lines.extend(ends);
            }
        }
        for corners in [&mut mesh.plain, &mut mesh.pictured] {
            corners.numbers = HashMap::new();
        }
        mesh
    }

    pub(super) fn is_empty(&self) -> bool {
        self.triangles.is_empty() && self.lines.is_empty()
    }

    fn face(
        &mut self,
        entity: &Entity,
        face: &Surface,
        detail: Option<&FaceDetail>,
        anchor: [f64; 3],
        coats: &Coats<'_>,
    ) {
        let rings = face.rings.iter();
        let near = Surface {
            kind: face.kind,
            rings: rings
                .map(|ring| ring.iter().map(|at| minus(*at, anchor)).collect())
                .collect(),
        };
        let Some(normal) = near.normal() else {
            return;
        };
        let normal = turned(normal);
        let mut triangles = Vec::new();
        triangulate_surface(&near, &mut triangles);
        if let Some(picture) = coats.picture(face, detail)
            && let Some(placed) = placed(&near, picture, &triangles)
        {
            let coat = Coat::Texture(picture.texture);
            for (corners, places) in triangles.iter().zip(placed) {
                let corner = |index: usize| Corner {
                    at: turned(corners[index]),
                    normal,
                    place: places[index],
                };
                self.triangle(coat, [0, 1, 2].map(corner));
            }
            return;
        }
        let coat = coats.colour(detail, Paint::of(entity, &near));
        for corners in triangles {
            let corner = |at| Corner {
                at: turned(at),
                normal,
                place: [0.0; 2],
            };
            self.triangle(coat, corners.map(corner));
        }
    }

    /// A net is smooth: each corner has the mean of its triangles' normals, large ones counting
    /// more.
    fn net(&mut self, net: &Tin, anchor: [f64; 3]) {
        let near: Vec<[f64; 3]> = net.vertices.iter().map(|at| minus(*at, anchor)).collect();
        let mut normals = vec![[0.0_f64; 3]; near.len()];
        let corners_of = |triangle: &[u32; 3]| {
            let [a, b, c] = triangle.map(|place| near.get(place as usize).copied());
            Some([a?, b?, c?])
        };
        for triangle in &net.triangles {
            let Some([a, b, c]) = corners_of(triangle) else {
                continue;
            };
            let (u, v) = (minus(b, a), minus(c, a));
            let across = [0, 1, 2].map(|axis| {
                let (next, last) = ((axis + 1) % 3, (axis + 2) % 3);
                u[next] * v[last] - u[last] * v[next]
            });
            for place in triangle {
                if let Some(sum) = normals.get_mut(*place as usize) {
                    *sum = [0, 1, 2].map(|axis| sum[axis] + across[axis]);
                }
            }
        }
        for triangle in &net.triangles {
            let Some(corners) = corners_of(triangle) else {
                continue;
            };
            let corner = |index: usize| Corner {
                at: turned(corners[index]),
                normal: turned(unit(normals[triangle[index] as usize])),
                place: [0.0; 2],
            };
            self.triangle(Coat::Paint(Paint::Ground), [0, 1, 2].map(corner));
        }
    }

    fn triangle(&mut self, coat: Coat, corners: [Corner; 3]) {
        let list = match coat {
            Coat::Texture(_) => &mut self.pictured,
            Coat::Paint(_) | Coat::Material(_) => &mut self.plain,
        };
        // What is no triangle at 32 bits is left to its neighbours.
        let [a, b, c] = corners.map(|corner| corner.at);
        if a != b && b != c && c != a {
            let numbers = corners.map(|corner| list.number(corner));
            self.triangles.entry(coat).or_default().extend(numbers);
        }
    }
}

/// Where the corners of a face's triangles lie in its picture; `None` when one of them is no
/// corner of the face.
fn placed(
    face: &Surface,
    picture: &FaceTexture,
    triangles: &[[[f64; 3]; 3]],
) -> Option<Vec<[[f32; 2]; 3]>> {
    let corners = face.rings.iter().flatten();
    let places = picture.uv.iter().flatten();
    let of_corner: HashMap<[u64; 3], [f32; 2]> = corners
        .zip(places)
        // The city counts from the lower left corner, glTF from the upper left.
        .map(|(at, [u, v])| (at.map(f64::to_bits), [*u as f32, (1.0 - v) as f32]))
        .collect();
    let place = |at: &[f64; 3]| of_corner.get(&at.map(f64::to_bits)).copied();
    let each = triangles
        .iter()
        .map(|[a, b, c]| Some([place(a)?, place(b)?, place(c)?]));
    each.collect()
}

/// A vector of length one; upwards when it has no direction.
fn unit(v: [f64; 3]) -> [f64; 3] {
    let length = v.iter().map(|part| part * part).sum::<f64>().sqrt();
    if length.is_normal() {
        v.map(|part| part / length)
    } else {
        [0.0, 0.0, 1.0]
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
