//! From a scene's nodes to faces: transforms, meshes, triangles in lists, strips and fans.
//! Every triangle becomes a face with its material. Never goes round in a circle: a node that is
//! met twice is refused.

use std::collections::HashSet;

use gltf::mesh::Mode;
use gltf::{Document, Node, Primitive, Semantic};

use super::super::error::ReadError;
use super::accessor::{self, Rows};
use super::{kind_by_normal, looks, unusable};
use crate::base::{MaterialId, TextureId};
use crate::model::{FaceDetail, FaceTexture, LodModel};
use crate::space::{Surface, SurfaceKind, face_normal};

/// Most faces of a file.
const FACES_MAX: usize = 1_000_000;
/// Most levels of nodes under each other.
const DEPTH_MAX: usize = 256;

type Matrix = [[f64; 4]; 4];

const SAME: Matrix = [
    [1.0, 0.0, 0.0, 0.0],
    [0.0, 1.0, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
];

/// Triangles in the file's axes, with what each of them wears.
#[derive(Default)]
pub(super) struct Faces {
    corners: Vec<[[f64; 3]; 3]>,
    details: Vec<FaceDetail>,
}

impl Faces {
    pub(super) fn is_empty(&self) -> bool {
        self.corners.is_empty()
    }

    /// The faces as a model, with every corner moved; those without area are left out.
    pub(super) fn into_model(
        self,
        lod: &str,
        is_building: bool,
        place: impl Fn([f64; 3]) -> [f64; 3],
    ) -> LodModel {
        let mut model = LodModel {
            lod: lod.to_owned(),
            surfaces: Vec::with_capacity(self.corners.len()),
            details: Vec::new(),
        };
        let has_details = self.details.iter().any(|detail| !detail.is_empty());
        for (corners, detail) in self.corners.into_iter().zip(self.details) {
            let ring = corners.map(&place).to_vec();
            let Some(normal) = face_normal(&ring) else {
                continue;
            };
            model.surfaces.push(Surface {
                kind: if is_building {
                    kind_by_normal(normal[2])
                } else {
                    SurfaceKind::Unknown
                },
                rings: vec![ring],
            });
            if has_details {
                model.details.push(detail);
            }
        }
        model
    }
}

/// A walk over a document.
pub(super) struct Walk<'a> {
    document: &'a Document,
    buffers: &'a [Vec<u8>],
    met: HashSet<usize>,
    faces: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(document: &'a Document, buffers: &'a [Vec<u8>]) -> Self {
        Self {
            document,
            buffers,
            met: HashSet::new(),
            faces: 0,
        }
    }

    /// The nodes of the scene that is shown; without a scene all that no other node has.
    pub(super) fn roots(&self) -> Vec<usize> {
        let scene = self.document.default_scene();
        if let Some(scene) = scene.or_else(|| self.document.scenes().next()) {
            return scene.nodes().map(|node| node.index()).collect();
        }
        let nodes = self.document.nodes();
        let children: HashSet<usize> = nodes
            .flat_map(|node| {
                node.children()
                    .map(|child| child.index())
                    .collect::<Vec<_>>()
            })
            .collect();
        let nodes = self.document.nodes().map(|node| node.index());
        nodes.filter(|index| !children.contains(index)).collect()
    }

    /// Adds the faces of a node and of all below it.
    pub(super) fn node(&mut self, root: usize, faces: &mut Faces) -> Result<(), ReadError> {
        let Some(root) = self.document.nodes().nth(root) else {
            return Ok(());
        };
        let mut open = vec![(root, SAME, 0)];
        while let Some((node, above, depth)) = open.pop() {
            if !self.met.insert(node.index()) || depth > DEPTH_MAX {
                return Err(unusable(
                    format!(
                        "nodes[{}] is below itself, or below two nodes",
                        node.index()
                    ),
                    "a scene must be a tree: write it anew",
                ));
            }
            let matrix = times(&above, &matrix_of(&node));
            if let Some(mesh) = node.mesh() {
                for primitive in mesh.primitives() {
                    let place =
                        format!("meshes[{}].primitives[{}]", mesh.index(), primitive.index());
                    self.primitive(&primitive, &place, &matrix, faces)?;
                }
            }
            open.extend(node.children().map(|child| (child, matrix, depth + 1)));
        }
        Ok(())
    }

    fn primitive(
        &mut self,
        primitive: &Primitive,
        place: &str,
        matrix: &Matrix,
        faces: &mut Faces,
    ) -> Result<(), ReadError> {
        let Some(positions) = primitive.get(&Semantic::Positions) else {
            return Ok(());
        };
        let positions = accessor::rows(&positions, self.buffers)?;
        let indices = match primitive.indices() {
            Some(indices) => {
                let numbers = accessor::rows(&indices, self.buffers)?.numbers;
                numbers.into_iter().map(|index| index as usize).collect()
            }
            None => (0..positions.count()).collect(),
        };
        let triangles = triangles(primitive.mode(), indices);
        self.faces = self.faces.saturating_add(triangles.len());
        if self.faces > FACES_MAX {
            return Err(unusable(
                format!("{place}: the file has more than {FACES_MAX} faces"),
                "simplify the model, or split it",
            ));
        }
        let wears = Wears::of(primitive, self.buffers)?;
        let is_mirrored = determinant(matrix) < 0.0;
        for triangle in triangles {
            let triangle = if is_mirrored {
                let [a, b, c] = triangle;
                [a, c, b]
            } else {
                triangle
            };
            let mut corners = [[0.0; 3]; 3];
            for (corner, index) in corners.iter_mut().zip(triangle) {
                let at = positions.row(index).and_then(|row| row.get(..3));
                let Some([x, y, z]) = at else {
                    return Err(unusable(
                        format!("{place}: there is no corner {index}"),
                        "the file is damaged: write it anew",
                    ));
                };
                *corner = moved(matrix, [*x, *y, *z]);
            }
            if !corners.iter().flatten().all(|v| v.is_finite()) {
                return Err(unusable(
                    format!("{place}: a position is not a finite number"),
                    "the file is damaged: write it anew",
                ));
            }
            faces.corners.push(corners);
            faces.details.push(wears.detail(triangle));
        }
        Ok(())
    }
}

/// What all triangles of a primitive wear.
struct Wears {
    material: Option<usize>,
    texture: Option<(usize, Rows)>,
}

impl Wears {
    fn of(primitive: &Primitive, buffers: &[Vec<u8>]) -> Result<Self, ReadError> {
        let material = primitive.material();
        let base = material.pbr_metallic_roughness().base_color_texture();
        let mut texture = None;
        if let Some(base) = base {
            let at = primitive.get(&Semantic::TexCoords(base.tex_coord()));
            if let Some(at) = at {
                texture = Some((base.texture().index(), accessor::rows(&at, buffers)?));
            }
        }
        Ok(Self {
            material: material.index(),
            texture,
        })
    }

    fn detail(&self, triangle: [usize; 3]) -> FaceDetail {
        let mut detail = FaceDetail::default();
        let theme = || looks::THEME.to_owned();
        if let Some(material) = self.material {
            let id = MaterialId::from_bits(material as u64);
            detail.materials.insert(theme(), id);
        }
        if let Some((texture, at)) = &self.texture {
            let uv = triangle.map(|index| match at.row(index) {
                // glTF counts from the upper left corner, CityGML from the lower left one.
                Some([u, v, ..]) if u.is_finite() && v.is_finite() => Some([*u, 1.0 - *v]),
                _ => None,
            });
            if let [Some(a), Some(b), Some(c)] = uv {
                let texture = TextureId::from_bits(*texture as u64);
                let uv = vec![vec![a, b, c]];
                detail.textures.insert(theme(), FaceTexture { texture, uv });
            }
        }
        detail
    }
}

/// The triangles of a primitive; points and lines have none.
fn triangles(mode: Mode, indices: Vec<usize>) -> Vec<[usize; 3]> {
    match mode {
        Mode::Triangles => indices.as_chunks::<3>().0.to_vec(),
        Mode::TriangleStrip => {
            let windows = indices.windows(3).enumerate();
            windows
                .map(|(number, corners)| match number % 2 {
                    0 => [corners[0], corners[1], corners[2]],
                    _ => [corners[1], corners[0], corners[2]],
                })
                .collect()
        }
        Mode::TriangleFan => {
            let Some((middle, around)) = indices.split_first() else {
                return Vec::new();
            };
            let pairs = around.windows(2);
            pairs.map(|pair| [*middle, pair[0], pair[1]]).collect()
        }
        _ => Vec::new(),
    }
}

fn matrix_of(node: &Node) -> Matrix {
    let columns = node.transform().matrix();
    columns.map(|column| column.map(f64::from))
}

/// `a` after `b`; both column by column.
fn times(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|column| {
        std::array::from_fn(|row| (0..4).map(|k| a[k][row] * b[column][k]).sum())
    })
}

fn moved(matrix: &Matrix, at: [f64; 3]) -> [f64; 3] {
    std::array::from_fn(|row| {
        let turned: f64 = (0..3).map(|k| matrix[k][row] * at[k]).sum();
        turned + matrix[3][row]
    })
}

fn determinant(m: &Matrix) -> f64 {
    m[0][0] * (m[1][1] * m[2][2] - m[2][1] * m[1][2])
        - m[1][0] * (m[0][1] * m[2][2] - m[2][1] * m[0][2])
        + m[2][0] * (m[0][1] * m[1][2] - m[1][1] * m[0][2])
}
