//! An index over straight pieces of line, with the number of whatever each belongs to. Used by
//! building the network, by attaching places to it and by entrances; the only place here that
//! names an index. Never holds anything but finite numbers.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::space::{self, Bounds2, Segment};

/// A straight piece of a line or an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) ends: Segment,
    /// The line or edge that it is a piece of.
    pub(super) owner: u32,
    /// Which of its pieces, from 0.
    pub(super) number: u32,
}

impl RTreeObject for Piece {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.ends[0], self.ends[1])
    }
}

impl PointDistance for Piece {
    fn distance_2(&self, at: &[f64; 2]) -> f64 {
        space::distance_to(self.ends, *at).powi(2)
    }
}

/// The pieces.
#[derive(Debug, Clone)]
pub(super) struct Pieces(RTree<Piece>);

impl Pieces {
    pub(super) fn new(pieces: Vec<Piece>) -> Self {
        Self(RTree::bulk_load(pieces))
    }

    /// The pieces whose boxes meet this one.
    pub(super) fn within(&self, bounds: &Bounds2) -> impl Iterator<Item = &Piece> {
        let window = AABB::from_corners(bounds.min, bounds.max);
        self.0.locate_in_envelope_intersecting(window)
    }

    /// The pieces from the nearest on; none when the place is not finite.
    pub(super) fn by_distance(&self, at: [f64; 2]) -> impl Iterator<Item = &Piece> {
        let is_place = at.iter().all(|value| value.is_finite());
        let near = is_place.then(|| self.0.nearest_neighbor_iter(at));
        near.into_iter().flatten()
    }

    pub(super) fn len(&self) -> usize {
        self.0.size()
    }
}
