//! Triangles on the graphics card: pieces come and go in a few large buffers, so that drawing
//! seldom changes buffers. Used by `buffers` and `pass`. Never decides which pieces: that is
//! `portrayal::scene::Residency`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use bevy::ecs::prelude::Resource;
use bevy::render::extract_resource::ExtractResource;
use bevy::render::render_resource::{Buffer, BufferDescriptor, BufferUsages};
use bevy::render::renderer::{RenderDevice, RenderQueue};

use crate::portrayal::scene::{Chunk, Part, Vertex};

use super::spans::Spans;

/// Corners that one pair of buffers holds: 12 MB. A larger piece gets a pair of its own.
const SLAB_VERTICES: u32 = 524_288;
/// Corners of triangles that one pair of buffers holds: 6 MB.
const SLAB_INDICES: u32 = 1_572_864;

/// A change of what lies on the card.
pub enum Move {
    /// This piece comes.
    Put(u32, Chunk),
    /// This piece goes.
    Drop(u32),
}

/// Changes on their way to the card, each with the frame from which on it holds: a frame that is
/// still being drawn keeps what it is drawn of.
#[derive(Resource, Clone, Default, ExtractResource)]
pub struct GeometryQueue(Arc<Mutex<VecDeque<(u64, Move)>>>);

impl GeometryQueue {
    /// Adds a change that holds from a frame on.
    pub fn push(&self, frame: u64, change: Move) {
        // Only a panic while changing the queue could poison it, and then nothing is drawn any more.
        if let Ok(mut queue) = self.0.lock() {
            queue.push_back((frame, change));
        }
    }

    /// The next change that holds in this frame.
    fn next(&self, frame: u64) -> Option<Move> {
        let mut queue = self.0.lock().ok()?;
        let is_due = queue.front().is_some_and(|(from, _)| *from <= frame);
        is_due.then(|| queue.pop_front().map(|(_, change)| change))?
    }
}

/// Where a piece's triangles are.
#[derive(Debug, Clone)]
pub(super) struct PieceRange {
    pub slab: u32,
    pub first_index: u32,
    pub base_vertex: i32,
    /// Runs, counted from `first_index`.
    pub parts: Vec<Part>,
    /// Where the bodies end and the details begin.
    pub body_end: u32,
    vertices: u32,
    indices: u32,
}

/// A pair of buffers.
pub(super) struct Slab {
    pub vertices: Buffer,
    pub indices: Buffer,
    free_vertices: Spans,
    free_indices: Spans,
}

/// All pieces on the card.
#[derive(Default)]
pub(super) struct Geometry {
    pieces: BTreeMap<u32, PieceRange>,
    slabs: BTreeMap<u32, Slab>,
}

impl Geometry {
    pub fn piece(&self, piece: u32) -> Option<&PieceRange> {
        self.pieces.get(&piece)
    }

    pub fn slab(&self, slab: u32) -> Option<&Slab> {
        self.slabs.get(&slab)
    }

    /// Takes all changes up to this frame.
    pub fn follow(
        &mut self,
        changes: &GeometryQueue,
        frame: u64,
        device: &RenderDevice,
        queue: &RenderQueue,
    ) {
        while let Some(change) = changes.next(frame) {
            match change {
                Move::Drop(piece) => self.drop_piece(piece),
                Move::Put(piece, chunk) => {
                    self.drop_piece(piece);
                    self.put(piece, &chunk, device, queue);
                }
            }
        }
    }

    fn drop_piece(&mut self, piece: u32) {
        let Some(range) = self.pieces.remove(&piece) else {
            return;
        };
        let Some(slab) = self.slabs.get_mut(&range.slab) else {
            return;
        };
        slab.free_vertices
            .give(range.base_vertex.cast_unsigned(), range.vertices);
        slab.free_indices.give(range.first_index, range.indices);
        if slab.free_vertices.is_empty() && slab.free_indices.is_empty() {
            self.slabs.remove(&range.slab);
        }
    }

    fn put(&mut self, piece: u32, chunk: &Chunk, device: &RenderDevice, queue: &RenderQueue) {
        let (vertices, indices) = (chunk.vertices.len() as u32, chunk.indices.len() as u32);
        if indices == 0 {
            return;
        }
        let (number, base, first) = self.room_for(vertices, indices, device);
        let Some(slab) = self.slabs.get(&number) else {
            return;
        };
        let write = |buffer: &Buffer, place: u32, size: usize, bytes: &[u8]| {
            queue.write_buffer(buffer, u64::from(place) * size as u64, bytes);
        };
        let corners = bytemuck::cast_slice(&chunk.vertices);
        write(&slab.vertices, base, size_of::<Vertex>(), corners);
        let triangles = bytemuck::cast_slice(&chunk.indices);
        write(&slab.indices, first, size_of::<u32>(), triangles);
        let bodies = chunk.parts.iter().filter(|part| !part.detail);
        let range = PieceRange {
            slab: number,
            first_index: first,
            base_vertex: base.cast_signed(),
            parts: chunk.parts.clone(),
            body_end: bodies.map(|part| part.end).max().unwrap_or(0),
            vertices,
            indices,
        };
        self.pieces.insert(piece, range);
    }

    /// Room for a piece: its slab, its first corner, its first triangle corner.
    fn room_for(&mut self, vertices: u32, indices: u32, device: &RenderDevice) -> (u32, u32, u32) {
        for (number, slab) in &mut self.slabs {
            let Some(base) = slab.free_vertices.take(vertices) else {
                continue;
            };
            match slab.free_indices.take(indices) {
                Some(first) => return (*number, base, first),
                None => slab.free_vertices.give(base, vertices),
            }
        }
        let mut slab = Slab::new(
            SLAB_VERTICES.max(vertices),
            SLAB_INDICES.max(indices),
            device,
        );
        // A new slab has room for the piece that it was made for.
        let base = slab.free_vertices.take(vertices).unwrap_or_default();
        let first = slab.free_indices.take(indices).unwrap_or_default();
        let number = self.slabs.keys().next_back().map_or(0, |last| last + 1);
        self.slabs.insert(number, slab);
        (number, base, first)
    }
}

impl Slab {
    fn new(vertices: u32, indices: u32, device: &RenderDevice) -> Self {
        let buffer = |label, count: u32, size: usize, usage| {
            device.create_buffer(&BufferDescriptor {
                label: Some(label),
                size: u64::from(count) * size as u64,
                usage: usage | BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        Self {
            vertices: buffer(
                "city corners",
                vertices,
                size_of::<Vertex>(),
                BufferUsages::VERTEX,
            ),
            indices: buffer(
                "city triangles",
                indices,
                size_of::<u32>(),
                BufferUsages::INDEX,
            ),
            free_vertices: Spans::new(vertices),
            free_indices: Spans::new(indices),
        }
    }
}
