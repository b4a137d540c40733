//! What lies on the graphics card, and keeping it up to date: a changed reading rewrites a few
//! words, never a mesh.

use std::num::NonZero;

use bevy::ecs::prelude::*;
use bevy::ecs::system::SystemParam;
use bevy::render::render_resource::{
    AddressMode, BindGroup, BindGroupEntries, Buffer, BufferBinding, BufferDescriptor,
    BufferUsages, Extent3d, FilterMode, Origin3d, PipelineCache, Sampler, SamplerDescriptor,
    TexelCopyBufferLayout, TexelCopyTextureInfo, Texture, TextureAspect, TextureDescriptor,
    TextureDimension, TextureFormat, TextureUsages, TextureViewDescriptor,
};
use bevy::render::renderer::{RenderDevice, RenderQueue};

use crate::portrayal::scene::Draw;

use super::geometry::Geometry;
use super::pipelines::CityPipelines;
use super::{
    AtlasImage, FrameInput, FrameUniform, GeometryQueue, SceneData, SceneUpload, Versioned,
};

/// Where the still's uniform lies behind the frame's: a multiple of what any card asks for.
pub(super) const STILL_OFFSET: u32 = (size_of::<FrameUniform>() as u32).next_multiple_of(256);

/// What holds for the whole city.
pub(super) struct StaticBuffers {
    shade: Texture,
    buildings: usize,
    glyphs: usize,
}

/// A buffer that grows when it must.
#[derive(Default)]
struct Growing {
    buffer: Option<Buffer>,
    version: Option<u64>,
}

impl Growing {
    /// Writes `bytes` unless this version is there already; tells whether the buffer is new.
    fn write(
        &mut self,
        device: &RenderDevice,
        queue: &RenderQueue,
        usage: BufferUsages,
        version: u64,
        bytes: &[u8],
    ) -> bool {
        if self.version == Some(version) && self.buffer.is_some() {
            return false;
        }
        self.version = Some(version);
        // No binding may be smaller than one item of the flat layer.
        let needed = bytes.len().max(64) as u64;
        let fits = self
            .buffer
            .as_ref()
            .is_some_and(|buffer| buffer.size() >= needed);
        if !fits {
            self.buffer = Some(device.create_buffer(&BufferDescriptor {
                label: Some("city state"),
                size: needed.next_power_of_two(),
                usage: usage | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }));
        }
        if let (Some(buffer), false) = (&self.buffer, bytes.is_empty()) {
            queue.write_buffer(buffer, 0, bytes);
        }
        !fits
    }
}

/// Everything the pass needs.
#[derive(Resource, Default)]
pub(super) struct CityBuffers {
    pub statics: Option<StaticBuffers>,
    pub geometry: Geometry,
    uniform: Growing,
    building_words: Growing,
    building_moves: Growing,
    glyph_words: Growing,
    glyph_places: Growing,
    glyph_order: Growing,
    origins: Growing,
    items: Growing,
    atlas: Option<(u32, Option<u64>, Texture)>,
    sampler: Option<Sampler>,
    pub bind_group: Option<BindGroup>,
    frame: u64,
}

impl CityBuffers {
    pub fn origins(&self) -> Option<&Buffer> {
        self.origins.buffer.as_ref()
    }
}

/// What comes from the main world.
#[derive(SystemParam)]
pub(super) struct Arrivals<'w> {
    upload: Option<Res<'w, SceneUpload>>,
    input: Option<Res<'w, FrameInput>>,
    changes: Option<Res<'w, GeometryQueue>>,
}

pub(super) fn prepare(
    mut buffers: ResMut<CityBuffers>,
    arrivals: Arrivals,
    pipelines: Option<Res<CityPipelines>>,
    cache: Res<PipelineCache>,
    device: Res<RenderDevice>,
    queue: Res<RenderQueue>,
) {
    let buffers = &mut *buffers;
    let Arrivals {
        upload,
        input,
        changes,
    } = arrivals;
    let data = upload.and_then(|upload| upload.0.lock().ok().and_then(|mut data| data.take()));
    if let Some(data) = data {
        buffers.statics = Some(upload_scene(&device, &queue, &data));
        buffers.bind_group = None;
    }
    let (Some(input), Some(pipelines)) = (input, pipelines) else {
        return;
    };
    if let Some(changes) = changes {
        let geometry = &mut buffers.geometry;
        geometry.follow(&changes, input.frame, &device, &queue);
    }
    if buffers.statics.is_none() {
        return;
    }
    let renewed = write_frame(buffers, &input, &device, &queue);
    if renewed || buffers.bind_group.is_none() {
        buffers.bind_group = bind(buffers, &pipelines, &cache, &device);
    }
}

/// Writes what changes from frame to frame; tells whether a binding was replaced.
fn write_frame(
    buffers: &mut CityBuffers,
    input: &FrameInput,
    device: &RenderDevice,
    queue: &RenderQueue,
) -> bool {
    buffers.frame += 1;
    let frame = buffers.frame;
    let uniform = uniforms(input);
    let mut renewed = buffers
        .uniform
        .write(device, queue, BufferUsages::UNIFORM, frame, &uniform);
    renewed |= write_state(buffers, input, device, queue);
    let origin = |draw: &Draw| [draw.origin[0], draw.origin[1], draw.origin[2], 0.0];
    let still = input.still.iter().flat_map(|still| &still.draws);
    let origins: Vec<[f32; 4]> = input.draws.iter().chain(still).map(origin).collect();
    let origins = bytemuck::cast_slice(&origins);
    buffers
        .origins
        .write(device, queue, BufferUsages::VERTEX, frame, origins);
    let order = &input.glyph_order;
    renewed |= buffers.glyph_order.write(
        device,
        queue,
        BufferUsages::STORAGE,
        order.version,
        bytemuck::cast_slice(&order.content.indices),
    );
    let items = bytemuck::cast_slice(&input.items.content.all);
    renewed |= buffers.items.write(
        device,
        queue,
        BufferUsages::STORAGE,
        input.items.version,
        items,
    );
    renewed | write_atlas(buffers, &input.atlas, device, queue)
}

/// Writes what is known of each building and glyph; tells whether a binding was replaced.
fn write_state(
    buffers: &mut CityBuffers,
    input: &FrameInput,
    device: &RenderDevice,
    queue: &RenderQueue,
) -> bool {
    let (buildings, glyphs) = buffers
        .statics
        .as_ref()
        .map_or((0, 0), |statics| (statics.buildings, statics.glyphs));
    let mut renewed = false;
    for (buffer, words, count) in [
        (
            &mut buffers.building_words,
            &input.building_words,
            buildings,
        ),
        (&mut buffers.glyph_words, &input.glyph_words, glyphs),
    ] {
        // Words of another scene would be read beyond their end.
        if words.content.len() >= count {
            let bytes = bytemuck::cast_slice(&words.content);
            renewed |= buffer.write(device, queue, BufferUsages::STORAGE, words.version, bytes);
        }
    }
    for (buffer, places, count) in [
        (&mut buffers.building_moves, &input.building_moves, 0),
        (&mut buffers.glyph_places, &input.glyph_places, glyphs),
    ] {
        if places.content.len() >= count {
            let bytes = bytemuck::cast_slice(&places.content);
            renewed |= buffer.write(device, queue, BufferUsages::STORAGE, places.version, bytes);
        }
    }
    renewed
}

/// The frame's uniform and, behind it, that of the still.
fn uniforms(input: &FrameInput) -> Vec<u8> {
    let bytes = bytemuck::bytes_of::<FrameUniform>;
    let mut both = bytes(&input.uniform).to_vec();
    both.resize(STILL_OFFSET as usize, 0);
    let still = input.still.as_ref().map(|still| &still.uniform);
    both.extend_from_slice(bytes(still.unwrap_or(&input.uniform)));
    both
}

fn write_atlas(
    buffers: &mut CityBuffers,
    atlas: &Versioned<AtlasImage>,
    device: &RenderDevice,
    queue: &RenderQueue,
) -> bool {
    let side = atlas.content.side.max(1);
    let known = buffers
        .atlas
        .as_ref()
        .is_some_and(|(known, _, _)| *known == side);
    if !known {
        let texture = texture(device, "text", side, side, TextureFormat::R8Unorm);
        buffers.atlas = Some((side, None, texture));
    }
    if let Some((_, version, texture)) = &mut buffers.atlas
        && *version != Some(atlas.version)
        && atlas.content.bytes.len() == (side * side) as usize
    {
        *version = Some(atlas.version);
        write_texture(queue, texture, side, side, 1, &atlas.content.bytes);
    }
    !known
}

fn upload_scene(device: &RenderDevice, queue: &RenderQueue, data: &SceneData) -> StaticBuffers {
    let (columns, rows) = (data.shade.columns, data.shade.rows);
    let shade = texture(device, "shade", columns, rows, TextureFormat::Rg8Unorm);
    write_texture(queue, &shade, columns, rows, 2, &data.shade.bytes);
    StaticBuffers {
        shade,
        buildings: data.buildings,
        glyphs: data.glyphs,
    }
}

fn texture(
    device: &RenderDevice,
    label: &'static str,
    width: u32,
    height: u32,
    format: TextureFormat,
) -> Texture {
    device.create_texture(&TextureDescriptor {
        label: Some(label),
        size: Extent3d {
            width,
            height,
            depth_or_array_layers: 1,
        },
        mip_level_count: 1,
        sample_count: 1,
        dimension: TextureDimension::D2,
        format,
        usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn write_texture(
    queue: &RenderQueue,
    texture: &Texture,
    width: u32,
    height: u32,
    bytes_per_texel: u32,
    bytes: &[u8],
) {
    queue.write_texture(
        TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: Origin3d::ZERO,
            aspect: TextureAspect::All,
        },
        bytes,
        TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(width * bytes_per_texel),
            rows_per_image: Some(height),
        },
        Extent3d {
            width,
            height,
            depth_or_array_layers: 1,
        },
    );
}

fn bind(
    buffers: &mut CityBuffers,
    pipelines: &CityPipelines,
    cache: &PipelineCache,
    device: &RenderDevice,
) -> Option<BindGroup> {
    let sampler = buffers.sampler.get_or_insert_with(|| {
        device.create_sampler(&SamplerDescriptor {
            label: Some("city"),
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            address_mode_u: AddressMode::ClampToEdge,
            address_mode_v: AddressMode::ClampToEdge,
            ..Default::default()
        })
    });
    let statics = buffers.statics.as_ref()?;
    let shade = statics.shade.create_view(&TextureViewDescriptor::default());
    let atlas = buffers
        .atlas
        .as_ref()?
        .2
        .create_view(&TextureViewDescriptor::default());
    Some(device.create_bind_group(
        "city",
        &cache.get_bind_group_layout(&pipelines.layout),
        &BindGroupEntries::sequential((
            BufferBinding {
                buffer: buffers.uniform.buffer.as_ref()?,
                offset: 0,
                size: NonZero::new(size_of::<FrameUniform>() as u64),
            },
            buffers.building_words.buffer.as_ref()?.as_entire_binding(),
            buffers.glyph_words.buffer.as_ref()?.as_entire_binding(),
            buffers.glyph_places.buffer.as_ref()?.as_entire_binding(),
            &shade,
            &*sampler,
            &atlas,
            &*sampler,
            buffers.glyph_order.buffer.as_ref()?.as_entire_binding(),
            buffers.items.buffer.as_ref()?.as_entire_binding(),
            buffers.building_moves.buffer.as_ref()?.as_entire_binding(),
        )),
    ))
}
