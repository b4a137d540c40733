//! Places on the network. Used by everything that asks for a way. Never moves a place further
//! than to the nearest edge that a traveller may use.

use crate::space;

use super::{Network, Traveller};

/// A place on an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// The edge.
    pub edge: u32,
    /// How far along it.
    pub along_m: f64,
    /// Where it is.
    pub at: [f64; 2],
    /// How far the place it stands for is from the network, in a straight line.
    pub off_m: f64,
}

impl Network {
    /// The place on the network, where this traveller may be, that is nearest to a point.
    ///
    /// `None` when there is no such edge at all or the point is not finite. A spot far off says so
    /// in `off_m`: whether that still counts is the caller's to decide.
    #[must_use]
    pub fn attach(&self, point: [f64; 2], traveller: &Traveller) -> Option<Spot> {
        self.attach_where(point, |edge| self.may_use(edge, traveller))
    }

    /// The place on the edges that are accepted that is nearest to a point.
    pub(super) fn attach_where(
        &self,
        point: [f64; 2],
        accept: impl Fn(u32) -> bool,
    ) -> Option<Spot> {
        let piece = self
            .index
            .by_distance(point)
            .find(|piece| accept(piece.owner))?;
        let share = space::nearest_share(piece.ends, point);
        Some(self.spot_on(piece.owner, piece.number, share, point))
    }

    /// The spot at a share of a piece of an edge's line.
    pub(in crate::model) fn spot_on(
        &self,
        edge: u32,
        piece: u32,
        share: f64,
        of: [f64; 2],
    ) -> Spot {
        let line = self.line(edge);
        let (piece, mut along_m) = (piece as usize, 0.0);
        for pair in line[..=piece].windows(2) {
            along_m += space::distance(pair[0], pair[1]);
        }
        let at = space::at_share([line[piece], line[piece + 1]], share);
        along_m += space::distance(line[piece], at);
        Spot {
            edge,
            along_m: along_m.min(self.edges[edge as usize].length_m),
            at,
            off_m: space::distance(at, of),
        }
    }

    /// Whether a traveller may use an edge.
    #[must_use]
    pub fn may_use(&self, edge: u32, traveller: &Traveller) -> bool {
        let edge = self.edges.get(edge as usize);
        edge.is_some_and(|edge| traveller.hindrance(edge.kind, edge.width_m).is_none())
    }

    /// The line of an edge between two places along it, in that order: backwards when `from_m`
    /// is the larger.
    #[must_use]
    pub fn line_between(&self, edge: u32, from_m: f64, to_m: f64) -> Vec<[f64; 2]> {
        if to_m < from_m {
            let mut line = self.line_between(edge, to_m, from_m);
            line.reverse();
            return line;
        }
        let line = self.line(edge);
        let mut cut = Vec::new();
        let mut along_m = 0.0;
        for pair in line.windows(2) {
            let length_m = space::distance(pair[0], pair[1]);
            let share = |m: f64| match length_m > 0.0 {
                true => ((m - along_m) / length_m).clamp(0.0, 1.0),
                false => 0.0,
            };
            if along_m + length_m >= from_m && along_m <= to_m {
                let piece = [pair[0], pair[1]];
                let ends = [from_m, to_m].map(|m| space::at_share(piece, share(m)));
                for end in ends {
                    if cut.last() != Some(&end) {
                        cut.push(end);
                    }
                }
            }
            along_m += length_m;
        }
        cut
    }
}
