//! The pipelines and what they bind.

use std::collections::HashMap;

use bevy::core_pipeline::core_3d::CORE_3D_DEPTH_FORMAT;
use bevy::ecs::prelude::*;
use bevy::mesh::VertexBufferLayout;
use bevy::render::render_resource::binding_types::{
    sampler, storage_buffer_read_only_sized, texture_2d, uniform_buffer_sized,
};
use bevy::render::render_resource::{
    BindGroupLayoutDescriptor, BindGroupLayoutEntries, BlendState, CachedRenderPipelineId,
    ColorTargetState, ColorWrites, CompareFunction, DepthStencilState, Face, FragmentState,
    PipelineCache, PrimitiveState, RenderPipelineDescriptor, SamplerBindingType, ShaderStages,
    TextureFormat, TextureSampleType, VertexAttribute, VertexFormat, VertexState, VertexStepMode,
};

use bevy::render::view::ViewTarget;

use crate::portrayal::scene::{FINISHES, Finish};

use super::{CITY_SHADER, FrameUniform, GLYPH_SHADER, OVERLAY_SHADER, STILL_SHADER};

/// The pipelines for pictures of one format.
pub(super) struct PipelineSet {
    finishes: [CachedRenderPipelineId; FINISHES],
    /// What stands up, hatched by grade.
    graded: [CachedRenderPipelineId; UPRIGHT.len()],
    /// What is laid over the land, where something stands in front of it.
    hidden: [CachedRenderPipelineId; LAID.len()],
    pub far: CachedRenderPipelineId,
    pub skin: CachedRenderPipelineId,
    pub dot: CachedRenderPipelineId,
    pub glyph: CachedRenderPipelineId,
    pub text: CachedRenderPipelineId,
    pub solid: CachedRenderPipelineId,
    pub form: CachedRenderPipelineId,
    pub still: CachedRenderPipelineId,
}

impl PipelineSet {
    fn new(
        cache: &PipelineCache,
        layout: &BindGroupLayoutDescriptor,
        still_layout: &BindGroupLayoutDescriptor,
        format: TextureFormat,
    ) -> Self {
        let queue = |descriptor| cache.queue_render_pipeline(descriptor);
        let blend = Some(BlendState::ALPHA_BLENDING);
        let city = |vertex, fragment| queue(city(layout.clone(), format, vertex, fragment));
        let laid = |pixel, compare| queue(laid(layout.clone(), format, pixel, compare));
        let overlay = |vertex, fragment| queue(overlay(layout.clone(), format, vertex, fragment));
        Self {
            finishes: Finish::ALL.map(|finish| match LAID.contains(&finish) {
                true => laid(entry_point(finish), CompareFunction::GreaterEqual),
                false => city("vertex", entry_point(finish)),
            }),
            hidden: LAID.map(|finish| laid(hidden_entry_point(finish), CompareFunction::Less)),
            graded: UPRIGHT.map(|finish| city("vertex", graded_entry_point(finish))),
            far: city("far_vertex", "far_fragment"),
            skin: city("skin_vertex", "skin_fragment"),
            dot: queue(glyph(
                layout.clone(),
                format,
                ["dot_vertex", "dot_fragment"],
                None,
            )),
            glyph: queue(glyph(layout.clone(), format, ["vertex", "fragment"], blend)),
            text: overlay("text_vertex", "text_fragment"),
            solid: overlay("solid_vertex", "solid_fragment"),
            form: overlay("form_vertex", "form_fragment"),
            still: queue(still(still_layout.clone(), format)),
        }
    }

    /// The pipeline of a finish; of what stands up with the hatches of grades where these are shown.
    pub fn finish(&self, finish: Finish, is_graded: bool) -> CachedRenderPipelineId {
        let at = UPRIGHT.iter().position(|other| *other == finish);
        match at.filter(|_| is_graded) {
            Some(at) => self.graded[at],
            None => self.finishes[finish as usize],
        }
    }

    /// The pipelines of what is laid over the land, in the order in which they are drawn: each finish
    /// first where it is hidden, then where it is seen.
    pub fn laid(&self) -> impl Iterator<Item = (Finish, CachedRenderPipelineId)> {
        LAID.into_iter()
            .zip(self.hidden)
            .flat_map(|(finish, hidden)| {
                let seen = self.finishes[finish as usize];
                [(finish, hidden), (finish, seen)]
            })
    }

    pub fn all(&self) -> impl Iterator<Item = CachedRenderPipelineId> {
        let others = [
            self.far, self.skin, self.dot, self.glyph, self.text, self.solid, self.form, self.still,
        ];
        let finishes = self
            .finishes
            .into_iter()
            .chain(self.graded)
            .chain(self.hidden);
        finishes.chain(others)
    }
}

/// What stands up; what hides most comes first.
pub(super) const UPRIGHT: [Finish; 4] =
    [Finish::Plaster, Finish::Tile, Finish::Block, Finish::Plain];

/// What is laid over the land, through which everything is seen.
const LAID: [Finish; 2] = [Finish::Sheet, Finish::Contour];

/// The pixel shader of a finish of what is laid over the land, behind something.
fn hidden_entry_point(finish: Finish) -> &'static str {
    match finish {
        Finish::Sheet => "sheet_hidden",
        _ => "contour_hidden",
    }
}

/// The pixel shader of a finish of what stands up, hatched by grade.
fn graded_entry_point(finish: Finish) -> &'static str {
    match finish {
        Finish::Plaster => "plaster_graded",
        Finish::Tile => "tile_graded",
        Finish::Block => "block_graded",
        _ => "plain_graded",
    }
}

/// The pixel shader of a finish.
fn entry_point(finish: Finish) -> &'static str {
    match finish {
        Finish::Plaster => "plaster",
        Finish::Tile => "tile",
        Finish::Block => "block",
        Finish::Plain => "plain",
        Finish::Level => "level",
        Finish::Lane => "lane",
        Finish::Stone => "stone",
        Finish::Water => "water",
        Finish::Hatched => "hatched",
        Finish::Sheet => "sheet",
        Finish::Contour => "contour",
    }
}

/// The pipelines, made when a picture's format is seen first.
#[derive(Resource)]
pub(super) struct CityPipelines {
    pub layout: BindGroupLayoutDescriptor,
    pub still_layout: BindGroupLayoutDescriptor,
    pub by_format: HashMap<TextureFormat, PipelineSet>,
}

impl CityPipelines {
    /// The pipelines for this format, once all of them are compiled.
    pub fn ready(&self, format: TextureFormat, cache: &PipelineCache) -> Option<&PipelineSet> {
        let set = self.by_format.get(&format)?;
        let compiled = |id| cache.get_render_pipeline(id).is_some();
        set.all().all(compiled).then_some(set)
    }
}

/// Forgets all pipelines: at the start, and when the graphics device was lost and is there again.
pub(super) fn create(mut commands: Commands) {
    commands.insert_resource(CityPipelines {
        layout: layout(),
        still_layout: still_layout(),
        by_format: HashMap::new(),
    });
}

pub(super) fn specialize(
    mut pipelines: ResMut<CityPipelines>,
    cache: Res<PipelineCache>,
    targets: Query<&ViewTarget>,
) {
    for format in targets
        .iter()
        .filter_map(ViewTarget::out_texture_view_format)
    {
        let pipelines = &mut *pipelines;
        let (layout, still) = (&pipelines.layout, &pipelines.still_layout);
        pipelines
            .by_format
            .entry(format)
            .or_insert_with(|| PipelineSet::new(&cache, layout, still, format));
    }
}

fn layout() -> BindGroupLayoutDescriptor {
    let uniform = std::num::NonZero::new(size_of::<FrameUniform>() as u64);
    let words = || storage_buffer_read_only_sized(false, None);
    BindGroupLayoutDescriptor::new(
        "city",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::VERTEX_FRAGMENT,
            (
                // The frame's, and behind it that of the still.
                uniform_buffer_sized(true, uniform),
                words(),
                words(),
                words(),
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
                words(),
                words(),
                words(),
            ),
        ),
    )
}

fn still_layout() -> BindGroupLayoutDescriptor {
    BindGroupLayoutDescriptor::new(
        "still",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::FRAGMENT,
            (
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
            ),
        ),
    )
}

fn still(layout: BindGroupLayoutDescriptor, format: TextureFormat) -> RenderPipelineDescriptor {
    RenderPipelineDescriptor {
        label: Some("still".into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: STILL_SHADER,
            entry_point: Some("vertex".into()),
            ..Default::default()
        },
        depth_stencil: Some(depth(false, CompareFunction::Always)),
        fragment: Some(fragment(STILL_SHADER, "fragment", format, None)),
        ..Default::default()
    }
}

fn attributes(formats: &[VertexFormat], first: u32) -> (u64, Vec<VertexAttribute>) {
    let mut offset = 0;
    let list = formats
        .iter()
        .zip(first..)
        .map(|(format, shader_location)| {
            let attribute = VertexAttribute {
                format: *format,
                offset,
                shader_location,
            };
            offset += format.size();
            attribute
        });
    let list = list.collect();
    (offset, list)
}

fn buffer(step_mode: VertexStepMode, formats: &[VertexFormat], first: u32) -> VertexBufferLayout {
    let (array_stride, attributes) = attributes(formats, first);
    VertexBufferLayout {
        array_stride,
        step_mode,
        attributes,
    }
}

fn city(
    layout: BindGroupLayoutDescriptor,
    format: TextureFormat,
    vertex: &'static str,
    pixel: &'static str,
) -> RenderPipelineDescriptor {
    let corner = [
        VertexFormat::Float32x3,
        VertexFormat::Snorm8x4,
        VertexFormat::Uint32,
        VertexFormat::Uint16x2,
    ];
    RenderPipelineDescriptor {
        label: Some(pixel.into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: CITY_SHADER,
            entry_point: Some(vertex.into()),
            buffers: vec![
                buffer(VertexStepMode::Vertex, &corner, 0),
                buffer(VertexStepMode::Instance, &[VertexFormat::Float32x4], 4),
            ],
            ..Default::default()
        },
        primitive: PrimitiveState {
            cull_mode: Some(Face::Back),
            ..Default::default()
        },
        depth_stencil: Some(depth(true, CompareFunction::GreaterEqual)),
        fragment: Some(fragment(CITY_SHADER, pixel, format, None)),
        ..Default::default()
    }
}

/// What is laid over the land: mixed into what is there, and nothing is hidden by it.
fn laid(
    layout: BindGroupLayoutDescriptor,
    format: TextureFormat,
    pixel: &'static str,
    compare: CompareFunction,
) -> RenderPipelineDescriptor {
    let blend = Some(BlendState::ALPHA_BLENDING);
    RenderPipelineDescriptor {
        depth_stencil: Some(depth(false, compare)),
        fragment: Some(fragment(CITY_SHADER, pixel, format, blend)),
        ..city(layout, format, "laid_vertex", pixel)
    }
}

fn glyph(
    layout: BindGroupLayoutDescriptor,
    format: TextureFormat,
    [vertex, pixel]: [&'static str; 2],
    blend: Option<BlendState>,
) -> RenderPipelineDescriptor {
    RenderPipelineDescriptor {
        label: Some("glyphs".into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: GLYPH_SHADER,
            entry_point: Some(vertex.into()),
            ..Default::default()
        },
        depth_stencil: Some(depth(false, CompareFunction::GreaterEqual)),
        fragment: Some(fragment(GLYPH_SHADER, pixel, format, blend)),
        ..Default::default()
    }
}

fn overlay(
    layout: BindGroupLayoutDescriptor,
    format: TextureFormat,
    vertex: &'static str,
    pixel: &'static str,
) -> RenderPipelineDescriptor {
    let blend = Some(BlendState::ALPHA_BLENDING);
    RenderPipelineDescriptor {
        label: Some(pixel.into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: OVERLAY_SHADER,
            entry_point: Some(vertex.into()),
            ..Default::default()
        },
        depth_stencil: Some(depth(false, CompareFunction::Always)),
        fragment: Some(fragment(OVERLAY_SHADER, pixel, format, blend)),
        ..Default::default()
    }
}

fn depth(write: bool, compare: CompareFunction) -> DepthStencilState {
    DepthStencilState {
        format: CORE_3D_DEPTH_FORMAT,
        depth_write_enabled: Some(write),
        depth_compare: Some(compare),
        stencil: Default::default(),
        bias: Default::default(),
    }
}

fn fragment(
    shader: bevy::asset::Handle<bevy::shader::Shader>,
    entry_point: &'static str,
    format: TextureFormat,
    blend: Option<BlendState>,
) -> FragmentState {
    FragmentState {
        shader,
        entry_point: Some(entry_point.into()),
        targets: vec![Some(ColorTargetState {
            format,
            blend,
            write_mask: ColorWrites::ALL,
        })],
        ..Default::default()
    }
}
