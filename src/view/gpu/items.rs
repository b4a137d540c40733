//! The layouts that Rust and the shaders share, byte for byte.

use bytemuck::{Pod, Zeroable};

use crate::portrayal::scene::MATERIALS;

/// The uniform of `shaders/frame.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FrameUniform {
    /// Clip from position relative to the eye.
    pub clip_from_relative: [[f32; 4]; 4],
    /// Eye, local; w: range.
    pub eye: [f32; 4],
    /// To the sun; w: height scale of the shade raster.
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
    /// Materials in the sun.
    pub lit: [[f32; 4]; MATERIALS],
    /// Materials in the shade.
    pub shaded: [[f32; 4]; MATERIALS],
}

/// One instance of `shaders/overlay.wgsl`: 64 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Item {
    /// Middle and half size, pixels.
    pub place: [f32; 4],
    /// Rectangle in the atlas, texels.
    pub uv: [f32; 4],
    /// Linear colour with straight alpha; 16 bits a channel, because linear bytes would band.
    pub fill: [u16; 4],
    /// Border, like `fill`.
    pub border: [u16; 4],
    /// Form, radius or line width, turn, border width.
    pub style: [f32; 4],
}
