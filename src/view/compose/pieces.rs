//! Brings the pieces that a picture wants to the graphics card, within a budget of bytes and, while
//! the picture moves, of work. Never decides which they are: that is `portrayal::scene::Residency`.

use crate::model::Ground;
use crate::portrayal::camera::Camera;
use crate::portrayal::scene::{Draw, Residency, Scene};
use crate::view::gpu::{GeometryQueue, Move};

/// The pieces of one city on one card.
pub(super) struct Pieces {
    residency: Residency,
    queue: GeometryQueue,
    frame: u64,
    /// Records that one frame may make geometry of; `None`: all that are wanted.
    per_frame: Option<usize>,
    left: usize,
    version: u64,
}

impl Pieces {
    pub fn new(budget_bytes: u64) -> Self {
        Self {
            residency: Residency::new(budget_bytes),
            queue: GeometryQueue::default(),
            frame: 0,
            per_frame: None,
            left: usize::MAX,
            version: 0,
        }
    }

    pub fn queue(&self) -> GeometryQueue {
        self.queue.clone()
    }

    pub fn bytes(&self) -> u64 {
        self.residency.used_bytes()
    }

    /// Changes with what is on the card.
    pub fn version(&self) -> u64 {
        self.version
    }

    pub fn hurry(&mut self, records_per_frame: usize) {
        self.per_frame = Some(records_per_frame);
    }

    /// Begins a frame.
    pub fn begin(&mut self, frame: u64) {
        self.frame = frame;
        self.left = self.per_frame.unwrap_or(usize::MAX);
        self.residency.begin_picture();
    }

    /// What to draw for an eye, after what could be brought was brought.
    pub fn draws(&mut self, scene: &Scene, ground: &Ground, camera: &Camera) -> Vec<Draw> {
        loop {
            let selection = self.residency.select(scene, camera);
            let mut changed = false;
            for piece in selection.missing {
                let records = scene.pieces[piece as usize].records();
                if records > 0 && self.left == 0 {
                    break;
                }
                self.left = self.left.saturating_sub(records);
                changed |= self.bring(scene, ground, piece);
            }
            if !changed {
                return selection.draws;
            }
        }
    }

    fn bring(&mut self, scene: &Scene, ground: &Ground, piece: u32) -> bool {
        let chunk = scene.make(ground, piece);
        let Some(gone) = self.residency.admit(piece, chunk.bytes()) else {
            return false;
        };
        for other in gone {
            self.queue.push(self.frame, Move::Drop(other));
        }
        self.queue.push(self.frame, Move::Put(piece, chunk));
        self.version += 1;
        true
    }
}
