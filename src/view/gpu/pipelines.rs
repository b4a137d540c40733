//! The three pipelines and what they bind.

use bevy::core_pipeline::core_3d::CORE_3D_DEPTH_FORMAT;
use bevy::ecs::prelude::*;
use bevy::mesh::VertexBufferLayout;
use bevy::render::render_resource::binding_types::{
    sampler, storage_buffer_read_only_sized, texture_2d, uniform_buffer_sized,
};
use bevy::render::render_resource::{
    BindGroupLayoutDescriptor, BindGroupLayoutEntries, BlendState, CachedRenderPipelineId,
    ColorTargetState, ColorWrites, CompareFunction, DepthStencilState, FragmentState,
    MultisampleState, PipelineCache, PrimitiveState, PrimitiveTopology, RenderPipelineDescriptor,
    SamplerBindingType, ShaderStages, TextureFormat, TextureSampleType, VertexAttribute,
    VertexFormat, VertexState, VertexStepMode,
};

use super::{CITY_SHADER, FrameUniform, GLYPH_SHADER, OVERLAY_SHADER};

/// The picture's format; Bevy's default for a camera without HDR.
pub(super) const TARGET_FORMAT: TextureFormat = TextureFormat::Rgba8UnormSrgb;

/// The pipelines, queued at start.
#[derive(Resource)]
pub(super) struct CityPipelines {
    pub layout: BindGroupLayoutDescriptor,
    pub city: CachedRenderPipelineId,
    pub glyph: CachedRenderPipelineId,
    pub overlay: CachedRenderPipelineId,
}

pub(super) fn create(mut commands: Commands, cache: Res<PipelineCache>) {
    let layout = layout();
    let queue = |descriptor| cache.queue_render_pipeline(descriptor);
    let pipelines = CityPipelines {
        city: queue(city(layout.clone())),
        glyph: queue(glyph(layout.clone())),
        overlay: queue(overlay(layout.clone())),
        layout,
    };
    commands.insert_resource(pipelines);
}

fn layout() -> BindGroupLayoutDescriptor {
    let uniform = std::num::NonZero::new(size_of::<FrameUniform>() as u64);
    let words = || storage_buffer_read_only_sized(false, None);
    BindGroupLayoutDescriptor::new(
        "city",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::VERTEX_FRAGMENT,
            (
                uniform_buffer_sized(false, uniform),
                words(),
                words(),
                words(),
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
            ),
        ),
    )
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

fn city(layout: BindGroupLayoutDescriptor) -> RenderPipelineDescriptor {
    let corner = [
        VertexFormat::Float32x3,
        VertexFormat::Snorm8x4,
        VertexFormat::Uint32,
        VertexFormat::Uint16x2,
    ];
    RenderPipelineDescriptor {
        label: Some("city".into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: CITY_SHADER,
            entry_point: Some("vertex".into()),
            buffers: vec![
                buffer(VertexStepMode::Vertex, &corner, 0),
                buffer(VertexStepMode::Instance, &[VertexFormat::Float32x4], 4),
            ],
            ..Default::default()
        },
        depth_stencil: Some(depth(true, CompareFunction::GreaterEqual)),
        fragment: Some(fragment(CITY_SHADER, None)),
        multisample: MultisampleState::default(),
        ..Default::default()
    }
}

fn glyph(layout: BindGroupLayoutDescriptor) -> RenderPipelineDescriptor {
    RenderPipelineDescriptor {
        label: Some("glyphs".into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: GLYPH_SHADER,
            entry_point: Some("vertex".into()),
            ..Default::default()
        },
        primitive: strip(),
        depth_stencil: Some(depth(false, CompareFunction::GreaterEqual)),
        fragment: Some(fragment(GLYPH_SHADER, Some(BlendState::ALPHA_BLENDING))),
        ..Default::default()
    }
}

fn overlay(layout: BindGroupLayoutDescriptor) -> RenderPipelineDescriptor {
    let item = [
        VertexFormat::Float32x4,
        VertexFormat::Float32x4,
        VertexFormat::Unorm16x4,
        VertexFormat::Unorm16x4,
        VertexFormat::Float32x4,
    ];
    RenderPipelineDescriptor {
        label: Some("overlay".into()),
        layout: vec![layout],
        vertex: VertexState {
            shader: OVERLAY_SHADER,
            entry_point: Some("vertex".into()),
            buffers: vec![buffer(VertexStepMode::Instance, &item, 0)],
            ..Default::default()
        },
        primitive: strip(),
        depth_stencil: Some(depth(false, CompareFunction::Always)),
        fragment: Some(fragment(OVERLAY_SHADER, Some(BlendState::ALPHA_BLENDING))),
        ..Default::default()
    }
}

fn strip() -> PrimitiveState {
    PrimitiveState {
        topology: PrimitiveTopology::TriangleStrip,
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
    blend: Option<BlendState>,
) -> FragmentState {
    FragmentState {
        shader,
        entry_point: Some("fragment".into()),
        targets: vec![Some(ColorTargetState {
            format: TARGET_FORMAT,
            blend,
            write_mask: ColorWrites::ALL,
        })],
        ..Default::default()
    }
}
