//! Which parts of the network hang together for a traveller, and why there is no way between two
//! places. Used by routes and quality checks. Never joins parts.

use std::fmt;

use crate::base::RoadId;
use crate::space::{self, Bounds2};

use super::index::{Piece, Pieces};
use super::{Hindrance, Network, Spot, Traveller};

/// A part that hangs together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Part {
    /// Its edges.
    pub edges: usize,
    /// Their lengths together.
    pub length_m: f64,
}

/// The parts for one traveller, the longest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The parts.
    pub parts: Vec<Part>,
    of_edge: Vec<Option<u32>>,
}

impl Parts {
    /// The parts of a network.
    #[must_use]
    pub fn of(network: &Network, traveller: &Traveller) -> Self {
        let mut of_edge = vec![None; network.edges.len()];
        let mut found: Vec<Part> = Vec::new();
        let mut open = Vec::new();
        for begin in 0..network.edges.len() as u32 {
            if of_edge[begin as usize].is_some() || !network.may_use(begin, traveller) {
                continue;
            }
            let number = found.len() as u32;
            let mut part = Part::default();
            of_edge[begin as usize] = Some(number);
            open.push(begin);
            while let Some(at) = open.pop() {
                let edge = &network.edges[at as usize];
                part.edges += 1;
                part.length_m += edge.length_m;
                for next in edge.ends.iter().flat_map(|node| network.edges_at(*node)) {
                    if of_edge[*next as usize].is_none() && network.may_use(*next, traveller) {
                        of_edge[*next as usize] = Some(number);
                        open.push(*next);
                    }
                }
            }
            found.push(part);
        }
        Self::sorted(found, of_edge)
    }

    fn sorted(found: Vec<Part>, mut of_edge: Vec<Option<u32>>) -> Self {
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by(|a, b| found[*b].length_m.total_cmp(&found[*a].length_m));
        let mut rank = vec![0; found.len()];
        for (at, part) in (0..).zip(&order) {
            rank[*part] = at;
        }
        for part in of_edge.iter_mut().flatten() {
            *part = rank[*part as usize];
        }
        Self {
            parts: order.into_iter().map(|part| found[part]).collect(),
            of_edge,
        }
    }

    /// The part of an edge, from 0, the longest; `None` where the traveller may not go.
    #[must_use]
    pub fn of_edge(&self, edge: u32) -> Option<usize> {
        let part = self.of_edge.get(edge as usize)?.as_ref()?;
        Some(*part as usize)
    }

    /// The share of the length that the longest part holds; 0 of nothing.
    #[must_use]
    pub fn longest_share(&self) -> f64 {
        let all_m: f64 = self.parts.iter().map(|part| part.length_m).sum();
        match self.parts.first() {
            Some(longest) if all_m > 0.0 => longest.length_m / all_m,
            _ => 0.0,
        }
    }
}

/// Why there is no way.
#[derive(Debug, Clone, PartialEq)]
pub enum NoRoute {
    /// The spot is none of this network.
    NoSuchSpot,
    /// A spot lies where the traveller may not be.
    Hindered {
        /// The road.
        road: RoadId,
        /// Its width.
        width_m: f64,
        /// What keeps the traveller from it.
        by: Hindrance,
    },
    /// The two places lie in parts that do not hang together.
    Apart {
        /// The part of the beginning.
        from: Part,
        /// The part of the end.
        to: Part,
        /// The narrowest gap between the two, in a straight line from a corner or end of one to
        /// the line of the other.
        gap_m: f64,
        /// Where that is.
        gap: [[f64; 2]; 2],
    },
}

impl fmt::Display for NoRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchSpot => f.write_str("the place is not on this network: attach it anew"),
            Self::Hindered { road, width_m, by } => match by {
                Hindrance::Kind(kind) => {
                    write!(
                        f,
                        "road {road} is {}, which is no way for this traveller",
                        kind.as_str()
                    )
                }
                Hindrance::TooNarrow { needs_m } => {
                    write!(f, "road {road} is {width_m} m wide, {needs_m} m are needed")
                }
            },
            Self::Apart {
                from,
                to,
                gap_m,
                gap: [a, _],
            } => write!(
                f,
                "the map has no way between a part of {:.0} m and one of {:.0} m; \
                 they are {gap_m:.1} m apart at {:.1} {:.1}: see whether a road is missing there",
                from.length_m, to.length_m, a[0], a[1]
            ),
        }
    }
}

impl std::error::Error for NoRoute {}

impl NoRoute {
    pub(super) fn apart(network: &Network, from: &Spot, to: &Spot, traveller: &Traveller) -> Self {
        let parts = Parts::of(network, traveller);
        let (Some(a), Some(b)) = (parts.of_edge(from.edge), parts.of_edge(to.edge)) else {
            return Self::NoSuchSpot;
        };
        let gap = nearest_places(network, &parts, [a, b]);
        Self::Apart {
            from: parts.parts[a],
            to: parts.parts[b],
            gap_m: space::distance(gap[0], gap[1]),
            gap,
        }
    }
}

impl Network {
    /// Refuses a spot where a traveller may not be.
    pub(super) fn check(&self, spot: &Spot, traveller: &Traveller) -> Result<(), NoRoute> {
        let edge = self.edges.get(spot.edge as usize);
        let edge = edge.filter(|edge| (0.0..=edge.length_m).contains(&spot.along_m));
        let edge = edge.ok_or(NoRoute::NoSuchSpot)?;
        match traveller.hindrance(edge.kind, edge.width_m) {
            None => Ok(()),
            Some(by) => Err(NoRoute::Hindered {
                road: self.road(edge).id,
                width_m: edge.width_m,
                by,
            }),
        }
    }
}

/// The places of two parts that are nearest to each other, those of the first part first.
fn nearest_places(network: &Network, parts: &Parts, which: [usize; 2]) -> [[f64; 2]; 2] {
    let pieces = which.map(|part| pieces_of(network, parts, part));
    let is_swapped = pieces[0].len() > pieces[1].len();
    let [small, large] = match (pieces, is_swapped) {
        ([a, b], false) => [a, b],
        ([a, b], true) => [b, a],
    };
    let mut best = [[f64::NEG_INFINITY; 2], [f64::INFINITY; 2]];
    let indices = [Pieces::new(large.clone()), Pieces::new(small.clone())];
    let around = Bounds2::from_points(small.iter().flat_map(|piece| piece.ends));
    for (at, corners) in [small, large].into_iter().enumerate() {
        // Corners further away than the best so far cannot be nearer.
        let best_m = space::distance(best[0], best[1]);
        let window = if at == 0 {
            around
        } else {
            around.grown(best_m)
        };
        let corners = corners.iter().flat_map(|piece| piece.ends);
        for corner in corners.filter(|corner| window.contains(*corner)) {
            let Some(piece) = indices[at].by_distance(corner).next() else {
                continue;
            };
            let there = space::at_share(piece.ends, space::nearest_share(piece.ends, corner));
            if space::distance(corner, there) < space::distance(best[0], best[1]) {
                best = if at == 0 {
                    [corner, there]
                } else {
                    [there, corner]
                };
            }
        }
    }
    if is_swapped { [best[1], best[0]] } else { best }
}

fn pieces_of(network: &Network, parts: &Parts, part: usize) -> Vec<Piece> {
    let edges = 0..network.edges.len() as u32;
    let edges = edges.filter(|edge| parts.of_edge(*edge) == Some(part));
    edges.flat_map(|edge| network.pieces(edge)).collect()
}
