//! The pass in which the city is drawn, straight into the picture, or, while the eye rests, once
//! into a still that is then put under the flat layer.
//!
//! Bevy's own passes (opaque, transparent, tone mapping, upscaling) would each touch every pixel
//! once more, which a machine without a graphics card pays for; so the city's camera runs a
//! schedule of its own, [`City3d`], that holds this pass and nothing else.

use bevy::camera::{ClearColorConfig, Viewport};
use bevy::color::LinearRgba;
use bevy::ecs::prelude::*;
use bevy::ecs::schedule::ScheduleLabel;
use bevy::ecs::system::SystemParam;
use bevy::render::camera::ExtractedCamera;
use bevy::render::render_phase::TrackedRenderPass;
use bevy::render::render_resource::{
    BindGroup, CachedRenderPipelineId, IndexFormat, LoadOp, Operations, PipelineCache,
    RenderPassColorAttachment, RenderPassDepthStencilAttachment, RenderPassDescriptor, StoreOp,
    TextureView,
};
use bevy::render::renderer::{RenderContext, ViewQuery};
use bevy::render::view::{ViewDepthTexture, ViewTarget};

use crate::portrayal::scene::{Draw, Finish, Pass};

use super::buffers::{CityBuffers, STILL_OFFSET};
use super::geometry::{Geometry, PieceRange};
use super::items::ItemKind;
use super::pipelines::{CityPipelines, PipelineSet, UPRIGHT};
use super::still::{Still, Stills};
use super::{Counts, FrameCounts, FrameInput, StillInput};

/// The schedule that draws the city for one camera.
#[derive(ScheduleLabel, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct City3d;

/// The ground, most of which is hidden, comes after what stands up.
const LEVEL: [Finish; 5] = [
    Finish::Hatched,
    Finish::Level,
    Finish::Lane,
    Finish::Stone,
    Finish::Water,
];

/// What the pass takes from the render world.
#[derive(SystemParam)]
pub(super) struct Shared<'w> {
    input: Option<Res<'w, FrameInput>>,
    buffers: Res<'w, CityBuffers>,
    pipelines: Option<Res<'w, CityPipelines>>,
    cache: Res<'w, PipelineCache>,
    counts: Res<'w, FrameCounts>,
    stills: Res<'w, Stills>,
}

pub(super) fn draw(
    view: ViewQuery<(&ExtractedCamera, &ViewTarget, &ViewDepthTexture)>,
    shared: Shared,
    mut context: RenderContext,
) {
    let Shared {
        input,
        buffers,
        pipelines,
        cache,
        counts,
        stills,
    } = shared;
    let (Some(input), Some(pipelines)) = (input, pipelines) else {
        return;
    };
    let Some(bind_group) = &buffers.bind_group else {
        return;
    };
    let (camera, target, depth) = view.into_inner();
    let ready = |format| pipelines.ready(format, &cache);
    let set = target.out_texture_view_format().and_then(ready);
    let clear = clear_color(camera);
    let color = target.out_texture_color_attachment(Some(clear));
    let (Some(set), Some(color)) = (set, color) else {
        return;
    };
    let parts = Parts {
        cache: &cache,
        bind_group,
        buffers: &buffers,
        geometry: &buffers.geometry,
        set,
        is_graded: input.graded,
    };
    let still = input.still.as_ref().zip(stills.0.as_ref());
    let made = still
        .filter(|(wanted, still)| still.is_due(wanted.version))
        .map(|(wanted, still)| make_still(&mut context, parts, &input, wanted, still, clear));
    let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("city"),
        color_attachments: &[Some(color)],
        depth_stencil_attachment: Some(depth.get_attachment(StoreOp::Discard)),
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    if let Some(viewport) = Viewport::from_viewport_and_override(camera.viewport.as_ref(), None) {
        pass.set_camera_viewport(&viewport);
    }
    let mut painter = Painter::new(pass, parts, 0);
    if let Some((_, still)) = still {
        painter.still(still);
    } else {
        painter.city(&input.draws, 0);
        painter.glyphs(&input);
    }
    painter.items(&input);
    counts.add_frame(made.unwrap_or_default(), painter.seen);
}

/// Draws the city into its still; gives what that cost.
fn make_still(
    context: &mut RenderContext,
    parts: Parts,
    input: &FrameInput,
    wanted: &StillInput,
    still: &Still,
    clear: LinearRgba,
) -> Counts {
    let pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("still"),
        color_attachments: &[Some(cleared(&still.color, clear))],
        depth_stencil_attachment: Some(cleared_depth(&still.depth)),
        timestamp_writes: None,
        occlusion_query_set: None,
        multiview_mask: None,
    });
    let mut painter = Painter::new(pass, parts, STILL_OFFSET);
    // Their origins lie behind those of the frame.
    painter.city(&wanted.draws, input.draws.len() as u32);
    painter.glyphs(input);
    painter.seen
}

fn clear_color(camera: &ExtractedCamera) -> LinearRgba {
    match camera.clear_color {
        ClearColorConfig::Custom(color) => LinearRgba::from(color),
        _ => LinearRgba::BLACK,
    }
}

fn cleared(view: &TextureView, color: LinearRgba) -> RenderPassColorAttachment<'_> {
    RenderPassColorAttachment {
        view,
        depth_slice: None,
        resolve_target: None,
        ops: Operations {
            load: LoadOp::Clear(color.into()),
            store: StoreOp::Store,
        },
    }
}

/// Depth is reversed: 0 is infinitely far.
fn cleared_depth(view: &TextureView) -> RenderPassDepthStencilAttachment<'_> {
    RenderPassDepthStencilAttachment {
        view,
        depth_ops: Some(Operations {
            load: LoadOp::Clear(0.0),
            store: StoreOp::Discard,
        }),
        stencil_ops: None,
    }
}

/// What all passes of a frame draw with.
#[derive(Clone, Copy)]
struct Parts<'p> {
    cache: &'p PipelineCache,
    bind_group: &'p BindGroup,
    buffers: &'p CityBuffers,
    geometry: &'p Geometry,
    set: &'p PipelineSet,
    is_graded: bool,
}

/// A pass with what is bound in it, counting what it draws.
struct Painter<'p> {
    pass: TrackedRenderPass<'p>,
    parts: Parts<'p>,
    uniform_offset: u32,
    bound: Option<CachedRenderPipelineId>,
    seen: Counts,
}

impl<'p> Painter<'p> {
    fn new(pass: TrackedRenderPass<'p>, parts: Parts<'p>, uniform_offset: u32) -> Self {
        Self {
            pass,
            parts,
            uniform_offset,
            bound: None,
            seen: Counts::default(),
        }
    }

    fn bind(&mut self, id: CachedRenderPipelineId) {
        let offset = self.uniform_offset;
        self.bind_with(id, self.parts.bind_group, &[offset]);
    }

    fn bind_with(&mut self, id: CachedRenderPipelineId, group: &'p BindGroup, offsets: &[u32]) {
        if self.bound == Some(id) {
            return;
        }
        if let Some(pipeline) = self.parts.cache.get_render_pipeline(id) {
            self.pass.set_render_pipeline(pipeline);
            self.pass.set_bind_group(0, group, offsets);
            self.bound = Some(id);
        }
    }

    /// The finished picture of the city.
    fn still(&mut self, still: &'p Still) {
        self.bind_with(self.parts.set.still, &still.bind_group, &[]);
        self.pass.draw(0..3, 0..1);
        self.count(1);
    }

    /// All pieces; the origin of the first is in place `first` of the buffer.
    fn city(&mut self, draws: &[Draw], first: u32) {
        let Parts {
            buffers,
            set,
            is_graded,
            ..
        } = self.parts;
        let Some(origins) = buffers.origins() else {
            return;
        };
        self.pass.set_vertex_buffer(1, origins.slice(..));
        for finish in UPRIGHT {
            self.finish(finish, draws, first);
        }
        for (pass, id) in [
            (Pass::Plain, set.finish(Finish::Plain, is_graded)),
            (Pass::Far, set.far),
            (Pass::Coarse, set.skin),
        ] {
            self.whole(pass, id, draws, first);
        }
        for finish in LEVEL {
            self.finish(finish, draws, first);
        }
        let level = set.finish(Finish::Level, is_graded);
        self.whole(Pass::PlainGround, level, draws, first);
        for (finish, id) in set.laid() {
            self.finish_by(id, finish, draws, first);
        }
    }

    /// The parts with one finish of all pieces that are drawn by finish.
    fn finish(&mut self, finish: Finish, draws: &[Draw], first: u32) {
        let Parts { set, is_graded, .. } = self.parts;
        self.finish_by(set.finish(finish, is_graded), finish, draws, first);
    }

    /// The same, drawn by a given pipeline.
    fn finish_by(
        &mut self,
        id: CachedRenderPipelineId,
        finish: Finish,
        draws: &[Draw],
        first: u32,
    ) {
        let geometry = self.parts.geometry;
        for (instance, draw) in (first..).zip(draws) {
            let detailed = match draw.pass {
                Pass::Detailed => true,
                Pass::Patterned | Pass::Ground => false,
                _ => continue,
            };
            let Some(piece) = geometry.piece(draw.piece) else {
                continue;
            };
            for part in &piece.parts {
                if part.finish == finish && (detailed || !part.detail) {
                    self.bind(id);
                    self.range(piece, part.first, part.end, instance);
                }
            }
        }
    }

    /// The bodies of all pieces that are drawn in one go.
    fn whole(&mut self, pass: Pass, id: CachedRenderPipelineId, draws: &[Draw], first: u32) {
        let geometry = self.parts.geometry;
        for (instance, draw) in (first..).zip(draws).filter(|(_, draw)| draw.pass == pass) {
            if let Some(piece) = geometry.piece(draw.piece) {
                self.bind(id);
                self.range(piece, 0, piece.body_end, instance);
            }
        }
    }

    fn range(&mut self, piece: &PieceRange, first: u32, end: u32, instance: u32) {
        let slab = self.parts.geometry.slab(piece.slab);
        if let Some(slab) = slab.filter(|_| end > first) {
            // The pass forgets what is bound already.
            self.pass.set_vertex_buffer(0, slab.vertices.slice(..));
            self.pass
                .set_index_buffer(slab.indices.slice(..), IndexFormat::Uint32);
            let indices = piece.first_index + first..piece.first_index + end;
            self.pass
                .draw_indexed(indices, piece.base_vertex, instance..instance + 1);
            self.count(u64::from(end - first) / 3);
        }
    }

    fn count(&mut self, triangles: u64) {
        self.seen.draw_calls += 1;
        self.seen.triangles += triangles;
    }

    fn glyphs(&mut self, input: &FrameInput) {
        let order = &input.glyph_order.content;
        let (dots, all) = (order.dots as u32, order.indices.len() as u32);
        for (id, range) in [
            (self.parts.set.dot, 0..dots),
            (self.parts.set.glyph, dots..all),
        ] {
            if !range.is_empty() {
                self.bind(id);
                self.pass.draw(range.start * 3..range.end * 3, 0..1);
                self.count(u64::from(range.end - range.start));
            }
        }
    }

    fn items(&mut self, input: &FrameInput) {
        let set = self.parts.set;
        let mut first = 0;
        for (kind, end) in &input.items.content.runs {
            self.bind(match kind {
                ItemKind::Text => set.text,
                ItemKind::Solid => set.solid,
                ItemKind::Form => set.form,
            });
            self.pass.draw(first * 6..end * 6, 0..1);
            self.count(u64::from(end - first) * 2);
            first = *end;
        }
    }
}
