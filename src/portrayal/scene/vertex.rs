//! The vertex that everything solid is made of, the materials it can have, and the meshes that
//! are uploaded once. Used by `scene` to build and by `view` to draw.

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
    /// Of a building that only the later of two versions has.
    Added = 16,
    /// Of a building that only the earlier of two versions has.
    Removed = 17,
    /// Of a building that differs between two versions.
    Changed = 18,
    /// Of a building that two versions both have just so.
    Same = 19,
    /// Of ground in the first class of a layer, that which is best.
    ClassA = 20,
    /// The second class.
    ClassB = 21,
    /// The third class.
    ClassC = 22,
    /// The fourth class.
    ClassD = 23,
    /// The fifth class, hatched.
    ClassE = 24,
    /// The sixth class, hatched.
    ClassF = 25,
    /// Outlines of a layer.
    LayerEdge = 26,
    /// The sheet of settlement, through which the map is seen.
    Sheet = 27,
    /// A line of equal settlement.
    Contour = 28,
    /// Such a line that is counted by.
    ContourBold = 29,
    /// A line of equal heave, dashed.
    ContourDashed = 30,
}

/// How many materials the shader's palette holds: as many as `Frame` in `shaders/frame.wgsl`.
pub const MATERIALS: usize = 31;

/// How a material is shaded from nearby: each finish has a pixel shader of its own, so that no
/// pixel pays for patterns of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Finish {
    /// Old walls with small windows.
    Plaster = 0,
    /// Rows of tiles.
    Tile = 1,
    /// Rows of windows.
    Block = 2,
    /// No pattern.
    Plain = 3,
    /// Large level areas without a pattern; their haze is computed for each pixel.
    Level = 4,
    /// Stone slabs.
    Lane = 5,
    /// Courses of stone.
    Stone = 6,
    /// Ripples.
    Water = 7,
    /// Diagonal stripes: classes of a layer that need somebody.
    Hatched = 8,
    /// A sheet over the land, through which everything is seen.
    Sheet = 9,
    /// Lines on that sheet.
    Contour = 10,
}

/// How many finishes there are.
pub const FINISHES: usize = 11;

impl Finish {
    /// All finishes in the order in which they are drawn: what stands up hides the ground.
    pub const ALL: [Finish; FINISHES] = [
        Finish::Plaster,
        Finish::Tile,
        Finish::Block,
        Finish::Plain,
        Finish::Level,
        Finish::Lane,
        Finish::Stone,
        Finish::Water,
        Finish::Hatched,
        Finish::Sheet,
        Finish::Contour,
    ];
}

impl Material {
    /// The finish that draws it.
    #[must_use]
    pub fn finish(self) -> Finish {
        match self {
            Material::Plaster => Finish::Plaster,
            Material::Tile => Finish::Tile,
            Material::Block => Finish::Block,
            Material::Ground
            | Material::Paving
            | Material::Street
            | Material::Green
            | Material::ClassA
            | Material::ClassB
            | Material::ClassC
            | Material::ClassD
            | Material::LayerEdge => Finish::Level,
            Material::ClassE | Material::ClassF => Finish::Hatched,
            Material::Sheet => Finish::Sheet,
            Material::Contour | Material::ContourBold | Material::ContourDashed => Finish::Contour,
            Material::Lane => Finish::Lane,
            Material::Stone => Finish::Stone,
            Material::Water => Finish::Water,
            Material::Ridge
            | Material::FlatRoof
            | Material::Timber
            | Material::Leaves
            | Material::Other
            | Material::Glass
            | Material::Added
            | Material::Removed
            | Material::Changed
            | Material::Same => Finish::Plain,
        }
    }
}

/// A corner of a triangle: 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Vertex {
    /// Metres east, north, up of the chunk's origin.
    pub position: [f32; 3],
    /// Unit normal times 127, the last byte unused. In a coarse mesh: how much of the ground tiled
    /// roofs, flat roofs and walls cover, 127 for all of it.
    pub normal: [i8; 4],
    /// Material in the low 8 bits, building index in the others.
    pub tag: u32,
    /// Nearby: along and up the face in units of 2 cm; patterns such as windows and tile rows use
    /// it. Far away: light from the sun and openness to the sky, both baked, 65,535 for all of it. Of
    /// a sheet its place on the ramp, of a line on it along and across: see `scene::sheet`.
    pub along_up: [u16; 2],
}

/// The building index of what belongs to no building.
pub const NO_BUILDING: u32 = 0x00ff_ffff;

/// A run of triangles with one finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How it is shaded.
    pub finish: Finish,
    /// Drawn only from very near.
    pub detail: bool,
    /// First index.
    pub first: u32,
    /// One past the last index.
    pub end: u32,
}

/// A piece of the city that is uploaded once: triangles counter-clockwise seen from outside.
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
    /// Corners of triangles.
    pub indices: Vec<u32>,
    /// Runs in `indices`: bodies first, by finish, then details, by finish.
    pub parts: Vec<Part>,
}

impl Chunk {
    /// A chunk around these triangles. The flat attributes of a triangle are those of its first
    /// corner.
    pub(super) fn new(
        origin: [f64; 3],
        vertices: Vec<Vertex>,
        indices: Vec<u32>,
        parts: Vec<Part>,
    ) -> Self {
        let mut low = [f32::INFINITY; 3];
        let mut high = [f32::NEG_INFINITY; 3];
        for vertex in &vertices {
            for axis in 0..3 {
                low[axis] = low[axis].min(vertex.position[axis]);
                high[axis] = high[axis].max(vertex.position[axis]);
            }
        }
        let half: [f64; 3] = std::array::from_fn(|i| f64::from(high[i] - low[i]) / 2.0);
        Self {
            origin,
            center: std::array::from_fn(|i| origin[i] + f64::from(low[i] + high[i]) / 2.0),
            radius_m: (half[0] * half[0] + half[1] * half[1] + half[2] * half[2]).sqrt(),
            vertices,
            indices,
            parts,
        }
    }
}
