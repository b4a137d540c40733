//! The one pass in which the city is drawn.

use bevy::camera::Viewport;
use bevy::ecs::prelude::*;
use bevy::render::camera::ExtractedCamera;
use bevy::render::render_resource::{IndexFormat, PipelineCache, RenderPassDescriptor, StoreOp};
use bevy::render::renderer::{RenderContext, ViewQuery};
use bevy::render::view::{ViewDepthTexture, ViewTarget};

use super::buffers::CityBuffers;
use super::pipelines::CityPipelines;
use super::{Counts, FrameCounts, FrameInput};

pub(super) fn draw(
    view: ViewQuery<(&ExtractedCamera, &ViewTarget, &ViewDepthTexture)>,
    input: Option<Res<FrameInput>>,
    buffers: Res<CityBuffers>,
    pipelines: Option<Res<CityPipelines>>,
    cache: Res<PipelineCache>,
    counts: Res<FrameCounts>,
    mut context: RenderContext,
) {
    let (Some(input), Some(pipelines)) = (input, pipelines) else {
        return;
    };
    let (Some(statics), Some(bind_group)) = (&buffers.statics, &buffers.bind_group) else {
        return;
    };
    let ready = [pipelines.city, pipelines.glyph, pipelines.overlay];
    let [Some(city), Some(glyph), Some(overlay)] = ready.map(|id| cache.get_render_pipeline(id))
    else {
        return;
    };
    let (camera, target, depth) = view.into_inner();
    let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("city"),
        color_attachments: &[Some(target.get_color_attachment())],
        depth_stencil_attachment: Some(depth.get_attachment(StoreOp::Discard)),
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    if let Some(viewport) = Viewport::from_viewport_and_override(camera.viewport.as_ref(), None) {
        pass.set_camera_viewport(&viewport);
    }
    let mut seen = Counts::default();
    pass.set_render_pipeline(city);
    pass.set_bind_group(0, bind_group, &[]);
    pass.set_vertex_buffer(0, statics.vertices.slice(..));
    if let Some(origins) = buffers.origins() {
        pass.set_vertex_buffer(1, origins.slice(..));
        pass.set_index_buffer(statics.indices.slice(..), IndexFormat::Uint32);
        for (instance, chunk) in (0..).zip(&input.chunks) {
            let Some(range) = statics.chunks.get(chunk.index as usize) else {
                continue;
            };
            let end = if chunk.detail {
                range.end_index
            } else {
                range.detail_from
            };
            if end > range.first_index {
                pass.draw_indexed(
                    range.first_index..end,
                    range.base_vertex,
                    instance..instance + 1,
                );
                seen.draw_calls += 1;
                seen.triangles += u64::from(end - range.first_index) / 3;
            }
        }
    }
    if input.glyphs > 0 {
        pass.set_render_pipeline(glyph);
        pass.set_bind_group(0, bind_group, &[]);
        pass.draw(0..4, 0..input.glyphs);
        seen.draw_calls += 1;
        seen.triangles += u64::from(input.glyphs) * 2;
    }
    let items = input.items.content.len() as u32;
    if let (Some(buffer), true) = (buffers.items(), items > 0) {
        pass.set_render_pipeline(overlay);
        pass.set_bind_group(0, bind_group, &[]);
        pass.set_vertex_buffer(0, buffer.slice(..));
        pass.draw(0..4, 0..items);
        seen.draw_calls += 1;
        seen.triangles += u64::from(items) * 2;
    }
    if let Ok(mut counts) = counts.0.lock() {
        seen.frames = counts.frames + 1;
        *counts = seen;
    }
}
