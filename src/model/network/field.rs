//! How far it is from a place to everywhere nearby: the nearest of many, and how far one gets.
//! Used by questions about responders and facilities, and by pictures. Never ranks what cannot be
//! reached.

use super::search::{self, Search, Step};
use super::{Network, Spot, Traveller};

/// Distances from a place, up to a limit.
///
/// The limit, like the ranking, goes by level metres: a metre of steps counts as many as its
/// slower pace is worth (`slowness`), so the first in the ranking is the first to arrive.
#[derive(Debug, Clone)]
pub struct DistanceField<'a> {
    network: &'a Network,
    traveller: &'a Traveller,
    from: Vec<(Spot, f64)>,
    most_m: f64,
    pub(super) steps: Vec<Step>,
}

/// A way to one of many places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Which of the places that were asked for.
    pub index: usize,
    /// Along the network.
    pub length_m: f64,
    /// From the place itself to the network and from the network to where it begins, in straight
    /// lines.
    pub off_m: f64,
    /// How long it takes, `off_m` at the speed on level ground.
    pub seconds: f64,
}

/// A stretch of an edge that can be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachPiece {
    /// The edge.
    pub edge: u32,
    /// Where on it the stretch begins.
    pub from_m: f64,
    /// Where on it the stretch ends.
    pub to_m: f64,
    /// Its line.
    pub line: Vec<[f64; 2]>,
}

impl Network {
    /// Distances from a spot to wherever a traveller gets within `max_m` level metres; infinity
    /// for no limit. All is out of reach when the spot lies where the traveller may not be.
    #[must_use]
    pub fn distances<'a>(
        &'a self,
        from: &Spot,
        traveller: &'a Traveller,
        max_m: f64,
    ) -> DistanceField<'a> {
        self.distances_from([(*from, 0.0)], traveller, max_m)
    }

    /// The same from several spots at once, each with the metres that it begins with.
    pub(super) fn distances_from<'a>(
        &'a self,
        from: impl IntoIterator<Item = (Spot, f64)>,
        traveller: &'a Traveller,
        max_m: f64,
    ) -> DistanceField<'a> {
        let search = Search::new(self, traveller, max_m, None);
        let from: Vec<_> = from.into_iter().collect();
        let steps = search.run(from.iter().copied());
        DistanceField {
            network: self,
            traveller,
            from,
            most_m: max_m,
            steps,
        }
    }

    /// Where a traveller gets within `max_m` level metres, as stretches of edges.
    #[must_use]
    pub fn reach(&self, from: &Spot, traveller: &Traveller, max_m: f64) -> Vec<ReachPiece> {
        self.distances(from, traveller, max_m).reach()
    }
}

impl DistanceField<'_> {
    /// Level metres to a spot and metres along the network; `None` beyond the limit.
    #[must_use]
    pub fn to(&self, spot: &Spot) -> Option<[f64; 2]> {
        let network = self.network;
        let arrival = search::arrival(network, self.traveller, &self.steps, spot);
        let by_node = arrival.map(|one| [one.effort_m, one.length_m]);
        let on_edge = self.from.iter().filter(|(from, _)| {
            from.edge == spot.edge && network.may_use(spot.edge, self.traveller)
        });
        let direct = on_edge.map(|(from, start_m)| {
            let effort_m = start_m + network.effort_between(from, spot, self.traveller);
            [effort_m, (from.along_m - spot.along_m).abs()]
        });
        let best = direct.chain(by_node).min_by(|a, b| a[0].total_cmp(&b[0]))?;
        (best[0] <= self.most_m).then_some(best)
    }

    /// The places that are reached, the nearest first, at most `most` of them. What lies off the
    /// network counts too, at either end.
    #[must_use]
    pub fn nearest(&self, places: &[Spot], most: usize) -> Vec<Ranked> {
        let off_from_m = self.from.first().map_or(0.0, |(spot, _)| spot.off_m);
        let reached = places.iter().enumerate().filter_map(|(index, spot)| {
            let [effort_m, length_m] = self.to(spot)?;
            let off_m = spot.off_m + off_from_m;
            let seconds = (effort_m + off_m) / self.traveller.speed_m_s;
            Some(Ranked {
                index,
                length_m,
                off_m,
                seconds,
            })
        });
        let mut ranked: Vec<Ranked> = reached.collect();
        ranked.sort_by(|a, b| a.seconds.total_cmp(&b.seconds).then(a.index.cmp(&b.index)));
        ranked.truncate(most);
        ranked
    }

    /// The stretches of edges that are reached, in the order of edges.
    #[must_use]
    pub fn reach(&self) -> Vec<ReachPiece> {
        let mut pieces = Vec::new();
        for (number, edge) in (0..).zip(&self.network.edges) {
            let efforts_m = edge.ends.map(|node| self.steps[node as usize].effort_m);
            let is_near = efforts_m.iter().any(|effort_m| effort_m.is_finite());
            let begins_here = || self.from.iter().any(|(spot, _)| spot.edge == number);
            if (is_near || begins_here()) && self.network.may_use(number, self.traveller) {
                self.reach_on(number, efforts_m, &mut pieces);
            }
        }
        pieces
    }

    /// The stretches of one edge that are reached, from its ends and from spots on it.
    fn reach_on(&self, number: u32, efforts_m: [f64; 2], pieces: &mut Vec<ReachPiece>) {
        let edge = &self.network.edges[number as usize];
        let slowness = self.traveller.slowness(edge.kind);
        let left_m = |effort_m: f64| (self.most_m - effort_m) / slowness;
        let [first_m, last_m] = efforts_m.map(left_m);
        let mut parts = vec![[0.0, first_m], [edge.length_m - last_m, edge.length_m]];
        for (spot, start_m) in self.from.iter().filter(|(spot, _)| spot.edge == number) {
            let around_m = left_m(*start_m);
            parts.push([spot.along_m - around_m, spot.along_m + around_m]);
        }
        for [from_m, to_m] in merged(parts, edge.length_m) {
            pieces.push(ReachPiece {
                edge: number,
                from_m,
                to_m,
                line: self.network.line_between(number, from_m, to_m),
            });
        }
    }
}

/// The parts cut to 0..=length, those of no length left out, those that touch made one.
fn merged(parts: Vec<[f64; 2]>, length_m: f64) -> Vec<[f64; 2]> {
    let cut = parts
        .into_iter()
        .map(|part| part.map(|m| m.clamp(0.0, length_m)));
    let mut cut: Vec<_> = cut.filter(|[from, to]| from < to).collect();
    cut.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut merged: Vec<[f64; 2]> = Vec::new();
    for part in cut {
        match merged.last_mut() {
            Some(last) if part[0] <= last[1] => last[1] = last[1].max(part[1]),
            _ => merged.push(part),
        }
    }
    merged
}
