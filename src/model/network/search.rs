//! The one search behind routes, distances and reach: Dijkstra's, with a goal A*. Used by these.
//! Never goes where a traveller may not.
//!
//! What is kept small is effort: metres, those on steps weighed with how much slower they are
//! taken. Ways of least effort are ways of least time, and effort is never less than the straight
//! distance, which is what A* needs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{Network, Spot, Traveller};
use crate::model::RoadKind;
use crate::space;

/// Nothing came before: the search began here.
pub(super) const BEGIN: u32 = u32::MAX;

/// How a junction was reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    /// Infinite where it was not.
    pub(super) effort_m: f64,
    pub(super) length_m: f64,
    /// The edge by which.
    pub(super) edge: u32,
    /// The junction before it, or [`BEGIN`].
    pub(super) before: u32,
}

const NOT_REACHED: Step = Step {
    effort_m: f64::INFINITY,
    length_m: f64::INFINITY,
    edge: BEGIN,
    before: BEGIN,
};

#[derive(PartialEq)]
struct Open {
    guess_m: f64,
    effort_m: f64,
    node: u32,
}

impl Eq for Open {}

impl Ord for Open {
    /// The heap gives the largest first, so the nearest is the largest; ties by number, so that
    /// equal ways are chosen the same way every time.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_guess = other.guess_m.total_cmp(&self.guess_m);
        by_guess.then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How a traveller gets along on the roads of a kind.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// `None` where it may not go at all.
    least_width_m: Option<f64>,
    slowness: f64,
}

/// What a search needs to know.
pub(super) struct Search<'a> {
    network: &'a Network,
    traveller: &'a Traveller,
    /// By kind of road: asked of every edge, so looked up once.
    paces: Vec<Pace>,
    /// Effort beyond which nothing is looked for.
    most_m: f64,
    /// Where to, if the search is for one place.
    goal: Option<Spot>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        network: &'a Network,
        traveller: &'a Traveller,
        most_m: f64,
        goal: Option<Spot>,
    ) -> Self {
        let pace = |kind: &RoadKind| Pace {
            least_width_m: traveller.least_width_on(*kind),
            slowness: traveller.slowness(*kind),
        };
        Self {
            network,
            traveller,
            paces: RoadKind::ALL.iter().map(pace).collect(),
            most_m,
            goal,
        }
    }

    /// Searches from spots, each with the effort that it begins with. Spots on edges that the
    /// traveller may not use are passed over.
    pub(super) fn run(&self, from: impl IntoIterator<Item = (Spot, f64)>) -> Vec<Step> {
        let mut steps = vec![NOT_REACHED; self.network.nodes.len()];
        let mut open = BinaryHeap::new();
        for (spot, start_m) in from {
            self.begin(&spot, start_m, &mut steps, &mut open);
        }
        let mut best_m = f64::INFINITY;
        while let Some(Open {
            guess_m,
            effort_m,
            node,
        }) = open.pop()
        {
            if guess_m >= best_m {
                break;
            }
            if effort_m > steps[node as usize].effort_m {
                continue;
            }
            if let Some(goal) = &self.goal {
                best_m = best_m.min(effort_m + self.to_goal(node, goal));
            }
            for edge in self.network.edges_at(node) {
                self.go_on(node, *edge, &mut steps, &mut open);
            }
        }
        steps
    }

    fn begin(&self, spot: &Spot, start_m: f64, steps: &mut [Step], open: &mut BinaryHeap<Open>) {
        if !self.network.may_use(spot.edge, self.traveller) || !start_m.is_finite() {
            return;
        }
        let edge = &self.network.edges[spot.edge as usize];
        let slowness = self.traveller.slowness(edge.kind);
        let parts = [spot.along_m, edge.length_m - spot.along_m];
        for (node, length_m) in edge.ends.into_iter().zip(parts) {
            let step = Step {
                effort_m: start_m + slowness * length_m,
                length_m,
                edge: spot.edge,
                before: BEGIN,
            };
            self.offer(node, step, steps, open);
        }
    }

    fn go_on(&self, node: u32, number: u32, steps: &mut [Step], open: &mut BinaryHeap<Open>) {
        let edge = &self.network.edges[number as usize];
        let pace = self.paces[edge.kind as usize];
        if pace
            .least_width_m
            .is_none_or(|needs_m| edge.width_m < needs_m)
        {
            return;
        }
        let so_far = steps[node as usize];
        let step = Step {
            effort_m: so_far.effort_m + pace.slowness * edge.length_m,
            length_m: so_far.length_m + edge.length_m,
            edge: number,
            before: node,
        };
        self.offer(edge.other(node), step, steps, open);
    }

    fn offer(&self, node: u32, step: Step, steps: &mut [Step], open: &mut BinaryHeap<Open>) {
        let at = &mut steps[node as usize];
        if step.effort_m < at.effort_m && step.effort_m <= self.most_m {
            *at = step;
            let ahead_m = match &self.goal {
                Some(goal) => space::distance(self.network.nodes[node as usize], goal.at),
                None => 0.0,
            };
            open.push(Open {
                guess_m: step.effort_m + ahead_m,
                effort_m: step.effort_m,
                node,
            });
        }
    }

    /// Effort from a junction along the goal's edge; infinite at other junctions.
    fn to_goal(&self, node: u32, goal: &Spot) -> f64 {
        let edge = &self.network.edges[goal.edge as usize];
        let slowness = self.traveller.slowness(edge.kind);
        let ways = edge
            .ends
            .into_iter()
            .zip([goal.along_m, edge.length_m - goal.along_m]);
        let ways = ways.filter(|(end, _)| *end == node);
        ways.map(|(_, m)| slowness * m)
            .fold(f64::INFINITY, f64::min)
    }
}

/// The last part of the way to a spot: by which of its edge's ends, and the steps so far.
pub(super) struct Arrival {
    pub(super) effort_m: f64,
    pub(super) length_m: f64,
    /// The end of the spot's edge, 0 or 1.
    pub(super) end: usize,
}

/// The best way to a spot by way of a junction; `None` when none was reached.
pub(super) fn arrival(
    network: &Network,
    traveller: &Traveller,
    steps: &[Step],
    spot: &Spot,
) -> Option<Arrival> {
    if !network.may_use(spot.edge, traveller) {
        return None;
    }
    let edge = &network.edges[spot.edge as usize];
    let slowness = traveller.slowness(edge.kind);
    let parts = [spot.along_m, edge.length_m - spot.along_m];
    let ways = (0..2).map(|end| {
        let step = &steps[edge.ends[end] as usize];
        Arrival {
            effort_m: step.effort_m + slowness * parts[end],
            length_m: step.length_m + parts[end],
            end,
        }
    });
    let best = ways.min_by(|a, b| a.effort_m.total_cmp(&b.effort_m))?;
    best.effort_m.is_finite().then_some(best)
}
