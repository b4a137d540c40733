//! The vertex that everything solid is made of, and the materials it can have.

use bytemuck::{Pod, Zeroable};

/// What a face is made of. The number goes to the shader; the colour comes from `look`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Material {
    /// Bare ground.
    Ground = 0,
    /// Courtyards, plazas, yards.
    Paving = 1,
    /// Streets for cars.
    Street = 2,
    /// Lanes and paths of stone slabs.
    Lane = 3,
    /// Quays, embankments, bridges.
    Stone = 4,
    /// Water.
    Water = 5,
    /// Lawn and gardens.
    Green = 6,
    /// White plaster of old houses.
    Plaster = 7,
    /// Tiled roof.
    Tile = 8,
    /// Ridges and eaves: the dark lines of a tiled roof.
    Ridge = 9,
    /// Walls of newer blocks.
    Block = 10,
    /// Flat roofs.
    FlatRoof = 11,
    /// Timber fronts and columns.
    Timber = 12,
    /// Crowns of trees.
    Leaves = 13,
    /// Any other object of a source.
    Other = 14,
    /// Glass and openings.
    Glass = 15,
}

/// How many materials the shader's palette holds.
pub const MATERIALS: usize = 16;

/// A corner of a triangle: 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Vertex {
    /// Metres east, north, up of the chunk's origin.
    pub position: [f32; 3],
    /// Unit normal times 127; the last byte is the ambient light that reaches the corner, 0–127.
    pub normal: [i8; 4],
    /// Material in the low 8 bits, building index in the others.
    pub tag: u32,
    /// Along and up the face in units of 2 cm; patterns such as windows and tile rows use it.
    pub along_up: [u16; 2],
}

/// The building index of what belongs to no building.
pub const NO_BUILDING: u32 = 0x00ff_ffff;

/// Part of a city that is uploaded once and drawn with two calls at most.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chunk {
    /// Local position that `Vertex::position` counts from.
    pub origin: [f64; 3],
    /// Middle of a sphere around everything in it, local.
    pub center: [f64; 3],
    /// Radius of that sphere.
    pub radius_m: f64,
    /// Corners.
    pub vertices: Vec<Vertex>,
    /// Corners of triangles; those from `detail_from` on are drawn from nearby only.
    pub indices: Vec<u32>,
    /// Where the details begin in `indices`.
    pub detail_from: usize,
}

impl Chunk {
    /// Moves the triangles out; what is left still knows its place and size.
    #[must_use]
    pub fn take_geometry(&mut self) -> Chunk {
        Chunk {
            vertices: std::mem::take(&mut self.vertices),
            indices: std::mem::take(&mut self.indices),
            ..*self
        }
    }
}
