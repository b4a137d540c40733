//! The layouts that Rust and the shaders share, byte for byte.

use bytemuck::{Pod, Zeroable};

use crate::portrayal::deform::DEFORM_GRADES;
use crate::portrayal::layer::SHEET_COLORS;
use crate::portrayal::scene::MATERIALS;

/// The uniform of `shaders/frame.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FrameUniform {
    /// Clip from position relative to the eye.
    pub clip_from_relative: [[f32; 4]; 4],
    /// Eye, local; w: range.
    pub eye: [f32; 4],
    /// To the sun; w: height scale of the shade raster; without one, below 0, how many times steeper
    /// slopes are lit.
    pub sun: [f32; 4],
    /// Corner of the shade raster and one over its size.
    pub shade_area: [f32; 4],
    /// Lowest and highest corner of the land.
    pub land: [f32; 4],
    /// Width, height, pixels per tangent unit, scale of marks.
    pub picture: [f32; 4],
    /// Linear colour; w: reach.
    pub haze: [f32; 4],
    /// Linear colour of the selection.
    pub selection: [f32; 4],
    /// Linear colour of heritage edges.
    pub heritage: [f32; 4],
    /// Grades, silent, device, camera, glass.
    pub marks: [[f32; 4]; 8],
    /// Colours of the hatches of grades of deformation.
    pub hatch_inks: [[f32; 4]; DEFORM_GRADES],
    /// Kind, period and width of those hatches.
    pub hatches: [[f32; 4]; DEFORM_GRADES],
    /// The ramp of settlement, from most heave over none to most settlement.
    pub ramp: [[f32; 4]; SHEET_COLORS],
    /// Materials in the sun.
    pub lit: [[f32; 4]; MATERIALS],
    /// Materials in the shade.
    pub shaded: [[f32; 4]; MATERIALS],
}

/// Which shaders of `shaders/overlay.wgsl` draw an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ItemKind {
    /// Letters from the atlas.
    Text = 0,
    /// A plain rectangle on whole pixels.
    Solid = 1,
    /// Marks, lines, rounded corners.
    Form = 2,
}

/// Items in paint order, with the runs of one kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Items {
    /// The items.
    pub all: Vec<Item>,
    /// Kind of each run and where it ends.
    pub runs: Vec<(ItemKind, u32)>,
}

impl Items {
    /// Adds an item on top.
    pub fn push(&mut self, kind: ItemKind, item: Item) {
        self.all.push(item);
        self.close_run(kind);
    }

    /// Adds all of `other` on top.
    pub fn extend(&mut self, other: &Items) {
        let base = self.all.len() as u32;
        self.all.extend_from_slice(&other.all);
        for (kind, end) in &other.runs {
            match self.runs.last_mut() {
                Some((last, open)) if last == kind => *open = base + end,
                _ => self.runs.push((*kind, base + end)),
            }
        }
    }

    fn close_run(&mut self, kind: ItemKind) {
        let end = self.all.len() as u32;
        match self.runs.last_mut() {
            Some((last, open)) if *last == kind => *open = end,
            _ => self.runs.push((kind, end)),
        }
    }
}

/// One instance of `shaders/overlay.wgsl`: 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Item {
    /// Middle and half size, pixels.
    pub place: [f32; 4],
    /// Text: rectangle in the atlas, texels. Panel: the part that is painted, from the middle.
    pub uv: [f32; 4],
    /// Linear colour with straight alpha; 16 bits a channel, because linear bytes would band.
    pub fill: [u16; 4],
    /// Border, like `fill`.
    pub border: [u16; 4],
    /// Form, radius or line width, turn, border width.
    pub style: [f32; 4],
}
