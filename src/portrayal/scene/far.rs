//! Buildings from far away: a footprint with few corners, upright walls, a gable or a flat roof,
//! light and shadow baked in. A house costs ten corners here instead of a hundred.
//! Used by `scene` for tiles in which a pixel covers metres. Never drawn nearby.
//!
//! Colour and light of a triangle are those of its first corner, so the faces of a house share
//! their corners: each face begins at a corner that no other face begins at.

use geo_types::Polygon;

use crate::model::Plant;
use crate::space::{
    LocalFrame, OrientedRect, RoofShape, face_normal, simplified, triangulated_rings,
};

use super::buildings::Look;
use super::local::local_polygon;
use super::massing::Massing;
use super::shade::{Light, Shade};
use super::vertex::{Chunk, Finish, Material, NO_BUILDING, Part, Vertex};

/// Corners nearer than this to the line between their neighbours are left out.
const TOLERANCE_M: f64 = 1.5;
/// Courtyards smaller than this are roofed over.
const COURTYARD_MIN_M2: f64 = 60.0;
/// Share of its least rectangle that a footprint must fill to be drawn as that rectangle.
const RECTANGULAR: f64 = 0.72;
/// Steps of a position to the metre: 1.6 cm, which cannot be seen from afar and packs well.
pub(super) const STEPS_PER_M: f64 = 64.0;
/// Height of the eaves of a gabled house as a share of its height.
const EAVE_SHARE: f64 = 0.68;

/// One tile's far mesh under construction.
pub(super) struct FarMesh {
    origin: [f64; 3],
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
}

/// What all faces of one building share.
struct House<'a> {
    shade: &'a Shade,
    index: u32,
    foot_m: f64,
}

impl FarMesh {
    pub fn new(origin: [f64; 3]) -> Self {
        Self {
            origin,
            vertices: Vec::new(),
            indices: Vec::new(),
        }
    }

    /// Goes on with what was made before of houses.
    pub fn resume(origin: [f64; 3], vertices: Vec<Vertex>, indices: Vec<u32>) -> Self {
        Self {
            origin,
            vertices,
            indices,
        }
    }

    /// Adds a building; `index` is its place in the state buffer.
    pub fn add(&mut self, shade: &Shade, frame: &LocalFrame, massing: &Massing, index: u32) {
        let footprint = local_polygon(frame, &massing.footprint);
        let foot_m = massing.ground_m - frame.origin_h;
        let house = House {
            shade,
            index,
            foot_m,
        };
        let top_m = foot_m + massing.height_m.max(2.0);
        let rect = massing.local_rect(frame);
        let filled = massing.area_m2 / (4.0 * rect.half_u * rect.half_v).max(0.01);
        match massing.look {
            Look::Tiled(shape) if shape != RoofShape::Flat && filled > RECTANGULAR => {
                self.gabled(&house, &rect, top_m);
            }
            look => {
                let [wall, roof] = match look {
                    _ if massing.is_proposed => [Material::Timber; 2],
                    Look::Tiled(_) => [Material::Plaster, Material::Tile],
                    Look::Pagoda => [Material::Timber, Material::Tile],
                    Look::Given if massing.height_m <= 14.0 => [Material::Plaster, Material::Tile],
                    Look::Given | Look::Block => [Material::Block, Material::FlatRoof],
                };
                let outline = simplified(&footprint, TOLERANCE_M, COURTYARD_MIN_M2);
                self.prism(&house, &outline, top_m, [wall, roof]);
            }
        }
    }

    /// Adds a tree as a pyramid: five corners.
    pub fn add_tree(&mut self, shade: &Shade, plant: &Plant, foot: [f64; 3]) {
        let [x, y, foot_m] = foot;
        let house = House {
            shade,
            index: NO_BUILDING,
            foot_m,
        };
        let half = (plant.crown_m / 2.0).clamp(0.2, 15.0);
        let low_m = foot_m + plant.height_m * 0.2;
        let around = [[-half, -half], [half, -half], [half, half], [-half, half]];
        let corners = around.map(|[e, n]| [x + e, y + n, low_m]);
        let top = [x, y, foot_m + plant.height_m];
        let base = self.vertices.len() as u32;
        for side in 0..4 {
            let face = [corners[side], corners[(side + 1) % 4], top];
            self.push(&house, corners[side], &face, Material::Leaves);
            let next = (side as u32 + 1) % 4;
            self.indices
                .extend([base + side as u32, base + next, base + 4]);
        }
        self.push(&house, top, &corners, Material::Leaves);
    }

    /// Four walls, two of them with gables, and two slopes: ten corners.
    fn gabled(&mut self, house: &House, rect: &OrientedRect, top_m: f64) {
        let [u, v] = [rect.half_u, rect.half_v];
        let eave_m = house.foot_m + (top_m - house.foot_m) * EAVE_SHARE;
        let at = |uv: [f64; 2], z: f64| {
            let [x, y] = rect.world_from_uv(uv);
            [x, y, z]
        };
        let corners = [
            at([-u, -v], house.foot_m),
            at([u, -v], house.foot_m),
            at([u, v], house.foot_m),
            at([-u, v], house.foot_m),
            at([-u, -v], eave_m),
            at([u, v], eave_m),
            at([u, -v], eave_m),
            at([-u, v], eave_m),
            at([-u, 0.0], top_m),
            at([u, 0.0], top_m),
        ];
        // The face in place n begins at corner n.
        const FACES: [(&[usize], Material); 6] = [
            (&[0, 1, 6, 4], Material::Plaster),
            (&[1, 2, 5, 9, 6], Material::Plaster),
            (&[2, 3, 7, 5], Material::Plaster),
            (&[3, 0, 4, 8, 7], Material::Plaster),
            (&[4, 6, 9, 8], Material::Tile),
            (&[5, 7, 8, 9], Material::Tile),
        ];
        let base = self.vertices.len() as u32;
        for (index, corner) in corners.iter().enumerate() {
            let (face, material) = FACES[index.min(FACES.len() - 1)];
            let face: Vec<_> = face.iter().map(|at| corners[*at]).collect();
            self.push(house, *corner, &face, material);
        }
        for (face, _) in FACES {
            for pair in face[1..].windows(2) {
                let fan = [face[0], pair[0], pair[1]];
                self.indices.extend(fan.map(|at| base + at as u32));
            }
        }
    }

    /// Upright walls and a level roof over any footprint: two corners for each of its own.
    fn prism(
        &mut self,
        house: &House,
        footprint: &Polygon<f64>,
        top_m: f64,
        [wall, roof]: [Material; 2],
    ) {
        let (rings, triangles) = triangulated_rings(footprint);
        let count: usize = rings.iter().map(Vec::len).sum();
        let low = self.vertices.len() as u32;
        let high = low + count as u32;
        let mut begin = low;
        for ring in &rings {
            let length = ring.len() as u32;
            for (at, (p, q)) in (0..).zip(ring.iter().zip(ring.iter().cycle().skip(1))) {
                let lifted = |corner: &[f64; 2], z: f64| [corner[0], corner[1], z];
                let foot = lifted(p, house.foot_m);
                let face = [
                    foot,
                    lifted(q, house.foot_m),
                    lifted(q, top_m),
                    lifted(p, top_m),
                ];
                self.push(house, foot, &face, wall);
                let (a, b) = (begin + at, begin + (at + 1) % length);
                let up = |corner: u32| corner + count as u32;
                self.indices.extend([a, b, up(b), a, up(b), up(a)]);
            }
            begin += length;
        }
        let corners = rings.iter().flatten();
        let corners: Vec<_> = corners
            .map(|corner| [corner[0], corner[1], top_m])
            .collect();
        for corner in &corners {
            self.push(house, *corner, &corners, roof);
        }
        let roof = triangles.iter().flatten();
        self.indices.extend(roof.map(|index| high + *index as u32));
    }

    /// A corner whose colour and light are those of `face`.
    fn push(&mut self, house: &House, at: [f64; 3], face: &[[f64; 3]], material: Material) {
        let normal = face_normal(face).unwrap_or([0.0, 0.0, 1.0]);
        let count = face.len().max(1) as f64;
        let mut middle: [f64; 3] =
            std::array::from_fn(|i| face.iter().map(|corner| corner[i]).sum::<f64>() / count);
        middle[2] -= house.foot_m;
        let Light { sun, open } = house.shade.light_on(middle, normal);
        let byte = |v: f64| (v * 127.0).round().clamp(-127.0, 127.0) as i8;
        // 255 steps are more than an eye tells apart.
        let share = |v: f64| (v * 255.0).round().clamp(0.0, 255.0) as u16 * 257;
        let step = |v: f64| ((v * STEPS_PER_M).round() / STEPS_PER_M) as f32;
        self.vertices.push(Vertex {
            position: std::array::from_fn(|i| step(at[i] - self.origin[i])),
            normal: [byte(normal[0]), byte(normal[1]), byte(normal[2]), 127],
            tag: material as u32 | (house.index << 8),
            along_up: [share(sun), share(open)],
        });
    }

    /// What was made: corners and triangles.
    pub fn into_parts(self) -> (Vec<Vertex>, Vec<u32>) {
        (self.vertices, self.indices)
    }

    pub fn finish(self) -> Chunk {
        let part = Part {
            finish: Finish::Plain,
            detail: false,
            first: 0,
            end: self.indices.len() as u32,
        };
        Chunk::new(self.origin, self.vertices, self.indices, vec![part])
    }
}

#[cfg(test)]
mod tests;
