//! Which pieces lie on the graphics card: those that the picture wants, as far as they fit into a
//! budget of bytes. What is not there yet, or does not fit, is stood in for by something coarser.
//! Used by `view`, which makes and uploads what is missing and lets go of what is told to go. A pure
//! account: never holds a triangle, never knows a graphics card.

use std::collections::BTreeMap;

use crate::portrayal::camera::Camera;

use super::Scene;
use super::tiles::{Chooser, Draw};

/// The account of what lies on the card. Never above its budget.
#[derive(Debug, Clone)]
pub struct Residency {
    budget_bytes: u64,
    used_bytes: u64,
    /// Counts pictures.
    now: u64,
    held: BTreeMap<u32, Held>,
    /// What pieces turned out to take that did not fit.
    refused: BTreeMap<u32, u64>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    bytes: u64,
    /// The last picture that wanted it.
    wanted_at: u64,
}

/// What a picture is drawn of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// What to draw of what is at hand.
    pub draws: Vec<Draw>,
    /// What would make the picture better and may fit, the most urgent first.
    pub missing: Vec<u32>,
}

impl Residency {
    /// An empty card with room for so many bytes.
    #[must_use]
    pub fn new(budget_bytes: u64) -> Self {
        Self {
            budget_bytes,
            used_bytes: 0,
            now: 0,
            held: BTreeMap::new(),
            refused: BTreeMap::new(),
        }
    }

    /// Bytes on the card.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.used_bytes
    }

    /// Begins a new picture: what earlier ones wanted may now go when room is needed.
    pub fn begin_picture(&mut self) {
        self.now += 1;
    }

    /// What to draw for an eye. Several eyes may look at one picture.
    pub fn select(&mut self, scene: &Scene, camera: &Camera) -> Selection {
        let mut chooser = Chooser::new(scene, camera, |piece| self.held.contains_key(&piece));
        chooser.choose();
        let mut sight = chooser.sight;
        for piece in &sight.wanted {
            if let Some(held) = self.held.get_mut(piece) {
                held.wanted_at = self.now;
            }
        }
        let mut missing = sight.missing();
        let room = self.budget_bytes - self.wanted_bytes();
        missing.retain(|piece| self.bytes_of(scene, *piece) <= room);
        Selection {
            draws: sight.draws(),
            missing,
        }
    }

    /// Puts a piece of this size on the card. Gives the pieces that must go for it, longest
    /// unwanted first; `None` when it does not fit beside what the picture wants.
    pub fn admit(&mut self, piece: u32, bytes: u64) -> Option<Vec<u32>> {
        if self.held.contains_key(&piece) {
            return Some(Vec::new());
        }
        if bytes > self.budget_bytes - self.wanted_bytes() {
            self.refused.insert(piece, bytes);
            return None;
        }
        let gone = self.make_room(bytes);
        self.used_bytes += bytes;
        let wanted_at = self.now;
        self.held.insert(piece, Held { bytes, wanted_at });
        Some(gone)
    }

    fn wanted_bytes(&self) -> u64 {
        let wanted = self.held.values().filter(|held| held.wanted_at == self.now);
        wanted.map(|held| held.bytes).sum()
    }

    /// What a piece takes as far as is known.
    fn bytes_of(&self, scene: &Scene, piece: u32) -> u64 {
        let guess = || scene.pieces[piece as usize].bytes();
        self.refused.get(&piece).copied().unwrap_or_else(guess)
    }

    fn make_room(&mut self, bytes: u64) -> Vec<u32> {
        let mut oldest: Vec<(u64, u32)> = Vec::new();
        if self.used_bytes + bytes > self.budget_bytes {
            let unwanted = self
                .held
                .iter()
                .filter(|(_, held)| held.wanted_at < self.now);
            oldest.extend(unwanted.map(|(piece, held)| (held.wanted_at, *piece)));
            oldest.sort_unstable();
        }
        let mut gone = Vec::new();
        for (_, piece) in oldest {
            if self.used_bytes + bytes <= self.budget_bytes {
                break;
            }
            if let Some(held) = self.held.remove(&piece) {
                self.used_bytes -= held.bytes;
                gone.push(piece);
            }
        }
        gone
    }
}

#[cfg(test)]
mod tests;
