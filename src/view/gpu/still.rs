//! The city as a finished picture. While the eye rests and nothing changes, a wall draws the same
//! city again and again under marks that pulse; so it is drawn once, at twice the size where there
//! is room, and then only copied. That smooths the edges and spares a processor more than
//! half of its work (docs/measures.md). Never used for a picture that is drawn once.

use std::sync::atomic::{AtomicU64, Ordering};

use bevy::core_pipeline::core_3d::CORE_3D_DEPTH_FORMAT;
use bevy::ecs::prelude::*;
use bevy::render::camera::ExtractedCamera;
use bevy::render::render_resource::{
    AddressMode, BindGroup, BindGroupEntries, Extent3d, FilterMode, PipelineCache,
    SamplerDescriptor, TextureDescriptor, TextureDimension, TextureFormat, TextureUsages,
    TextureView, TextureViewDescriptor,
};
use bevy::render::renderer::RenderDevice;
use bevy::render::view::ViewTarget;

use super::FrameInput;
use super::pipelines::CityPipelines;

/// The still of the one camera, when there is one.
#[derive(Resource, Default)]
pub(super) struct Stills(pub Option<Still>);

/// A finished picture and what it shows.
pub(super) struct Still {
    /// Width and height of the picture, and the factor on both.
    size: [u32; 3],
    format: TextureFormat,
    pub color: TextureView,
    pub depth: TextureView,
    pub bind_group: BindGroup,
    /// The version of the city that is in it; 0 for none.
    shows: AtomicU64,
}

impl Still {
    fn new(
        device: &RenderDevice,
        cache: &PipelineCache,
        pipelines: &CityPipelines,
        size: [u32; 3],
        format: TextureFormat,
    ) -> Self {
        let [width, height, factor] = size;
        let texture = |label, format, usage| {
            let texture = device.create_texture(&TextureDescriptor {
                label: Some(label),
                size: Extent3d {
                    width: width * factor,
                    height: height * factor,
                    depth_or_array_layers: 1,
                },
                mip_level_count: 1,
                sample_count: 1,
                dimension: TextureDimension::D2,
                format,
                usage,
                view_formats: &[],
            });
            texture.create_view(&TextureViewDescriptor::default())
        };
        let color = texture(
            "still",
            format,
            TextureUsages::RENDER_ATTACHMENT | TextureUsages::TEXTURE_BINDING,
        );
        let depth = texture(
            "still depth",
            CORE_3D_DEPTH_FORMAT,
            TextureUsages::RENDER_ATTACHMENT,
        );
        let sampler = device.create_sampler(&SamplerDescriptor {
            label: Some("still"),
            mag_filter: FilterMode::Linear,
            min_filter: FilterMode::Linear,
            address_mode_u: AddressMode::ClampToEdge,
            address_mode_v: AddressMode::ClampToEdge,
            ..Default::default()
        });
        let bind_group = device.create_bind_group(
            "still",
            &cache.get_bind_group_layout(&pipelines.still_layout),
            &BindGroupEntries::sequential((&color, &sampler)),
        );
        Self {
            size,
            format,
            color,
            depth,
            bind_group,
            shows: AtomicU64::new(0),
        }
    }

    /// Whether it shows another version than this one. It is taken to show it from now on.
    pub fn is_due(&self, version: u64) -> bool {
        self.shows.swap(version, Ordering::Relaxed) != version
    }
}

/// Makes the still fit to the picture, and lets it go with the eye's next move.
pub(super) fn prepare(
    mut stills: ResMut<Stills>,
    input: Option<Res<FrameInput>>,
    pipelines: Option<Res<CityPipelines>>,
    cache: Res<PipelineCache>,
    device: Res<RenderDevice>,
    views: Query<(&ExtractedCamera, &ViewTarget)>,
) {
    let wanted = input.as_ref().and_then(|input| input.still.as_ref());
    let view = wanted.and_then(|wanted| Some((wanted.factor, views.iter().next()?)));
    let target = view.and_then(|(factor, (camera, target))| {
        let size = camera.physical_target_size?;
        Some(([size.x, size.y, factor], target.out_texture_view_format()?))
    });
    let (Some((size, format)), Some(pipelines)) = (target, pipelines) else {
        // The textures stay for the next rest, but what they show is not current any more.
        if let Some(still) = &stills.0 {
            still.shows.store(0, Ordering::Relaxed);
        }
        return;
    };
    let known = stills.0.as_ref();
    if known.is_none_or(|still| (still.size, still.format) != (size, format)) {
        stills.0 = Some(Still::new(&device, &cache, &pipelines, size, format));
    }
}
