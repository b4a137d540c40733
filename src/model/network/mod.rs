//! The lane network: junctions and the pieces of road between them, by which people, carts and
//! fire engines get about. Used by questions about incidents, by entrances and by pictures of how
//! far one gets. Never takes a straight line for a way: what does not hang together is said.
//!
//! [`Network::of`] makes it from the centre lines of a [`Ground`]'s roads; [`Network::attach`]
//! brings a place onto it; [`Network::route`], [`Network::distances`] and [`Network::reach`] ask
//! for ways; [`EngineReach`] tells where a fire engine must stop. Positions are those of the
//! ground, `[east, north]` in metres of the city's projected CRS. Ways are measured on the map:
//! a bridge or a flight of steps is as long as it looks from above.

mod access;
mod assemble;
mod field;
mod fronts;
mod index;
mod lines;
mod noding;
mod parts;
mod route;
mod search;
mod spot;
mod traveller;

use std::sync::Arc;

use crate::base::RoadId;

use super::{Ground, RoadKind};
use index::{Piece, Pieces};

pub use access::{Access, EngineReach, NoAccess, Obstacle, Stopped, Target};
pub use field::{DistanceField, Ranked, ReachPiece};
pub use fronts::Front;
pub use parts::{NoRoute, Part, Parts};
pub use route::{Leg, NamedLength, Route};
pub use spot::Spot;
pub use traveller::{Hindrance, Traveller, TravellerTable};

/// What became of the roads.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Made {
    /// Roads with a line that the network holds.
    pub roads: usize,
    /// The lengths of their lines together.
    pub length_m: f64,
    /// Left out: rails, which carry nobody.
    pub rails: usize,
    /// Left out: roads known by their surfaces only.
    pub surfaces_only: usize,
    /// Left out: lines without length or with a place that is none, roads without any shape.
    pub broken: usize,
    /// Gaps between an end and the road beside it that were bridged.
    pub gaps: usize,
    /// The lengths of these together.
    pub gap_m: f64,
    /// Crossings at different levels, which are no junctions; those at corners are not counted.
    pub passed_over: usize,
}

/// A road that edges belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadName {
    /// Which.
    pub id: RoadId,
    /// Its name, when it has one.
    pub name: Option<Arc<str>>,
}

/// A piece of road between two junctions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// The junctions at its beginning and at its end; the same one for a loop.
    pub ends: [u32; 2],
    /// Along its line.
    pub length_m: f64,
    /// Narrowest width; 0 where the base map knows none.
    pub width_m: f64,
    /// Kind of road.
    pub kind: RoadKind,
    /// Place in the list of roads.
    road: u32,
    /// Where its line begins among the points; it ends where the next one's begins.
    points: u32,
}

impl Edge {
    /// Whether it is a bridge.
    #[must_use]
    pub fn is_bridge(&self) -> bool {
        self.kind == RoadKind::Bridge
    }

    /// Whether it is a flight of steps. A bridge with steps is a bridge: a road has one kind.
    #[must_use]
    pub fn is_steps(&self) -> bool {
        self.kind == RoadKind::Steps
    }

    /// The junction at the other end.
    fn other(&self, node: u32) -> u32 {
        if self.ends[0] == node {
            self.ends[1]
        } else {
            self.ends[0]
        }
    }
}

/// Junctions and edges, as compressed rows: the edges at a junction lie side by side.
#[derive(Debug, Clone)]
pub struct Network {
    nodes: Vec<[f64; 2]>,
    /// Where each junction's edges begin in `arcs`; one more than there are junctions.
    first_arc: Vec<u32>,
    /// Edges by junction; each stands twice.
    arcs: Vec<u32>,
    edges: Vec<Edge>,
    points: Vec<[f64; 2]>,
    roads: Vec<RoadName>,
    index: Pieces,
    widest_m: f64,
    made: Made,
}

impl Network {
    /// The network of all roads that have a centre line.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let mut made = Made::default();
        let (lines, roads) = lines::lines_of(ground, &mut made);
        let noding = noding::Noding::of(lines, &mut made);
        assemble::assemble(noding, roads, made)
    }

    /// What became of the roads.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// Where the junctions are.
    #[must_use]
    pub fn nodes(&self) -> &[[f64; 2]] {
        &self.nodes
    }

    /// The edges.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges at a junction; a loop stands twice. None at a number that is no junction's.
    #[must_use]
    pub fn edges_at(&self, node: u32) -> &[u32] {
        let at = |node: usize| self.first_arc.get(node).map(|first| *first as usize);
        let (from, to) = (at(node as usize), at(node as usize + 1));
        match (from, to) {
            (Some(from), Some(to)) => &self.arcs[from..to],
            _ => &[],
        }
    }

    /// The road that an edge belongs to.
    #[must_use]
    pub fn road(&self, edge: &Edge) -> &RoadName {
        &self.roads[edge.road as usize]
    }

    /// The line of an edge, from its first junction to its second; nothing for a number that is
    /// no edge's.
    #[must_use]
    pub fn line(&self, edge: u32) -> &[[f64; 2]] {
        let Some(from) = self.edges.get(edge as usize) else {
            return &[];
        };
        let from = from.points as usize;
        let next = self.edges.get(edge as usize + 1);
        let to = next.map_or(self.points.len(), |next| next.points as usize);
        &self.points[from..to]
    }

    /// The straight pieces of an edge's line, for an index.
    fn pieces(&self, edge: u32) -> impl Iterator<Item = Piece> {
        let pairs = self.line(edge).windows(2).enumerate();
        pairs.map(move |(number, pair)| Piece {
            ends: [pair[0], pair[1]],
            owner: edge,
            number: number as u32,
        })
    }

    /// The length of all edges together.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.edges.iter().map(|edge| edge.length_m).sum()
    }

    /// The memory it takes, names and the index's inner nodes not counted; bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.nodes)
            + size_of_val(&*self.first_arc)
            + size_of_val(&*self.arcs)
            + size_of_val(&*self.edges)
            + size_of_val(&*self.points)
            + size_of_val(&*self.roads)
            + self.index.len() * size_of::<Piece>()
    }
}

#[cfg(test)]
mod tests;
