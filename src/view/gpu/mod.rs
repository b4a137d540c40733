//! The city's own render pass: own shaders, few draw calls, no Bevy materials.
//!
//! The main world hands over one [`FrameInput`] a frame; what holds for the whole city goes once, as
//! a [`SceneUpload`]; pieces of geometry come and go through a [`GeometryQueue`]. Everything is drawn in one pass, straight into the picture. Never decides what is drawn or how it looks: that is `portrayal`.

mod buffers;
mod geometry;
mod items;
mod pass;
mod pipelines;
mod spans;
mod still;

use std::sync::{Arc, Mutex};

use bevy::asset::{Assets, Handle, uuid_handle};
use bevy::ecs::prelude::*;
use bevy::prelude::{App, Plugin};
use bevy::render::extract_resource::{ExtractResource, ExtractResourcePlugin};
use bevy::render::{Render, RenderApp, RenderStartup, RenderSystems};
use bevy::shader::Shader;

use crate::portrayal::scene::{Draw, GlyphOrder, Shade};

pub use geometry::{GeometryQueue, Move};
pub use items::{FrameUniform, Item, ItemKind, Items};
pub use pass::City3d;

pub(super) const CITY_SHADER: Handle<Shader> = uuid_handle!("6a2f0b8e-4a2d-4b52-9a30-6b1d0f6f5a01");
pub(super) const GLYPH_SHADER: Handle<Shader> =
    uuid_handle!("6a2f0b8e-4a2d-4b52-9a30-6b1d0f6f5a02");
pub(super) const OVERLAY_SHADER: Handle<Shader> =
    uuid_handle!("6a2f0b8e-4a2d-4b52-9a30-6b1d0f6f5a03");

pub(super) const STILL_SHADER: Handle<Shader> =
    uuid_handle!("6a2f0b8e-4a2d-4b52-9a30-6b1d0f6f5a04");

/// The sources as they are compiled: name, handle, text.
pub(super) fn shaders() -> [(&'static str, Handle<Shader>, String); 4] {
    let frame = include_str!("../../../shaders/frame.wgsl");
    let with_frame = |text: &str| format!("{frame}\n{text}");
    [
        (
            "city.wgsl",
            CITY_SHADER,
            with_frame(concat!(
                include_str!("../../../shaders/city.wgsl"),
                "\n",
                include_str!("../../../shaders/sheet.wgsl")
            )),
        ),
        (
            "glyph.wgsl",
            GLYPH_SHADER,
            with_frame(include_str!("../../../shaders/glyph.wgsl")),
        ),
        (
            "overlay.wgsl",
            OVERLAY_SHADER,
            with_frame(include_str!("../../../shaders/overlay.wgsl")),
        ),
        (
            "still.wgsl",
            STILL_SHADER,
            include_str!("../../../shaders/still.wgsl").to_owned(),
        ),
    ]
}

/// What holds for the whole city on its way to the graphics card; taken once, then gone from memory.
#[derive(Resource, Clone, ExtractResource)]
pub struct SceneUpload(pub Arc<Mutex<Option<SceneData>>>);

/// What is uploaded once.
pub struct SceneData {
    /// Baked light.
    pub shade: Shade,
    /// Glyphs, for the size of their buffers.
    pub glyphs: usize,
    /// Buildings, for the size of the state buffer.
    pub buildings: usize,
}

/// A buffer's content with a number that changes whenever the content does.
#[derive(Clone)]
pub struct Versioned<T> {
    /// Changes with the content.
    pub version: u64,
    /// The content.
    pub content: Arc<T>,
}

/// The texture that text is cut from: one byte a texel.
#[derive(Clone, Default)]
pub struct AtlasImage {
    /// Side of the square.
    pub side: u32,
    /// Coverage.
    pub bytes: Vec<u8>,
}

/// All that one frame needs beyond the geometry.
#[derive(Resource, Clone, ExtractResource)]
pub struct FrameInput {
    /// Its number: the geometry is that of this frame.
    pub frame: u64,
    /// The uniform.
    pub uniform: FrameUniform,
    /// Pieces in view.
    pub draws: Vec<Draw>,
    /// State word of each building.
    pub building_words: Versioned<Vec<u32>>,
    /// How each building leans and sinks; empty where none is shown so.
    pub building_moves: Versioned<Vec<[f32; 4]>>,
    /// Local place of each glyph, and where a camera looks.
    pub glyph_places: Versioned<Vec<[f32; 4]>>,
    /// State word of each glyph.
    pub glyph_words: Versioned<Vec<u32>>,
    /// The glyphs that are drawn.
    pub glyph_order: Versioned<GlyphOrder>,
    /// The flat layer.
    pub items: Versioned<Items>,
    /// Text.
    pub atlas: Versioned<AtlasImage>,
    /// Whether walls and roofs are hatched by grade of deformation.
    pub graded: bool,
    /// While the eye rests: the city as a picture that is drawn once and then copied.
    pub still: Option<StillInput>,
}

/// A picture of the city that is drawn once.
#[derive(Clone)]
pub struct StillInput {
    /// Version of what is seen of the city.
    pub version: u64,
    /// How many times as wide and high as the picture it is.
    pub factor: u32,
    /// The uniform at that size.
    pub uniform: FrameUniform,
    /// Pieces in view at that size.
    pub draws: Vec<Draw>,
}

/// What the last frame cost, for benches and the health line.
#[derive(Resource, Clone, Default)]
pub struct FrameCounts(pub Arc<Mutex<Counts>>);

impl FrameCounts {
    /// Counts a frame that was drawn in two passes.
    fn add_frame(&self, first: Counts, second: Counts) {
        // Only a panic while counting could poison the lock, and then nobody asks any more.
        if let Ok(mut counts) = self.0.lock() {
            *counts = Counts {
                frames: counts.frames + 1,
                draw_calls: first.draw_calls + second.draw_calls,
                triangles: first.triangles + second.triangles,
            };
        }
    }
}

/// Numbers of one frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Draw calls.
    pub draw_calls: u32,
    /// Triangles.
    pub triangles: u64,
    /// Frames drawn since the start.
    pub frames: u64,
}

/// Adds the render pass.
pub struct CityPassPlugin;

impl Plugin for CityPassPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            ExtractResourcePlugin::<FrameInput>::default(),
            ExtractResourcePlugin::<SceneUpload>::default(),
            ExtractResourcePlugin::<GeometryQueue>::default(),
        ));
        let mut assets = app.world_mut().resource_mut::<Assets<Shader>>();
        for (name, handle, text) in shaders() {
            // A fixed handle cannot be refused: nobody else owns its number.
            let _ = assets.insert(handle.id(), Shader::from_wgsl(text, name));
        }
        let counts = FrameCounts::default();
        app.insert_resource(counts.clone());
        let Some(render_app) = app.get_sub_app_mut(RenderApp) else {
            return;
        };
        render_app
            .insert_resource(counts)
            .init_resource::<buffers::CityBuffers>()
            .init_resource::<still::Stills>()
            .add_systems(RenderStartup, pipelines::create)
            .add_systems(
                Render,
                (pipelines::specialize, buffers::prepare, still::prepare)
                    .in_set(RenderSystems::PrepareResources),
            )
            .add_schedule(Schedule::new(City3d))
            .add_systems(City3d, pass::draw);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shaders_are_valid_without_a_gpu() {
        for (name, _, text) in shaders() {
            let module = naga::front::wgsl::parse_str(&text)
                .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(&text)));
            naga::valid::Validator::new(
                naga::valid::ValidationFlags::all(),
                naga::valid::Capabilities::empty(),
            )
            .validate(&module)
            .unwrap_or_else(|error| panic!("{name}: {}", error.emit_to_string(&text)));
        }
    }

    #[test]
    fn the_uniform_is_laid_out_as_the_shader_reads_it() {
        let (_, _, text) = &shaders()[0];
        let module = naga::front::wgsl::parse_str(text).unwrap();
        let of_frame = |(_, one): &(naga::Handle<naga::Type>, &naga::Type)| {
            one.name.as_deref() == Some("Frame")
        };
        let (_, frame) = module.types.iter().find(of_frame).unwrap();
        let naga::TypeInner::Struct { span, .. } = frame.inner else {
            panic!("not a struct")
        };
        assert_eq!(span as usize, size_of::<FrameUniform>());
        assert_eq!(size_of::<Item>(), 64);
    }
}
