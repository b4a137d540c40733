//! Where ways cross water: small slab bridges at the lanes, wider ones at streets, and the mouths
//! where one canal passes under the quay of another. Used by `generate`.
//! Never bridges water that no way reaches.

use super::heads::Heads;
use super::plan::{Beside, Corridor, Plan, Way};
use super::rect::{Corner, Dm, Rect, dm};
use super::seed::{Seed, Stream};
use super::spec::{AreaSpec, BandKind, Runs, Side};

/// How far a deck lies on the bank at each end.
const BEARING: Dm = 8;

/// A bridge on the plan.
#[derive(Debug, Clone)]
pub(super) struct Bridge {
    pub(super) deck: Rect,
    pub(super) runs: Runs,
    pub(super) name: String,
}

impl Bridge {
    /// Width between the parapets.
    pub(super) fn width(&self) -> Dm {
        match self.runs {
            Runs::Ew => self.deck.depth(),
            Runs::Ns => self.deck.width(),
        }
    }

    /// The middle line.
    pub(super) fn line(&self) -> [Corner; 2] {
        let [u, v] = self.deck.center();
        match self.runs {
            Runs::Ew => [[self.deck.u0, v], [self.deck.u1, v]],
            Runs::Ns => [[u, self.deck.v0], [u, self.deck.v1]],
        }
    }
}

/// The pieces of water with the mouths between them, each with its band; and all bridges.
pub(super) fn water_and_bridges(
    spec: &AreaSpec,
    plan: &Plan,
    seed: &Seed,
) -> (Vec<(Rect, usize)>, Vec<Bridge>) {
    let stream = &mut seed.stream("bridges");
    let mut water: Vec<(Rect, usize)> = Vec::new();
    let mut decks = plan.decks.clone();
    for reach in &plan.reaches {
        let mut rect = reach.rect;
        for side in [Side::West, Side::East, Side::South, Side::North] {
            if let Some((longer, deck, runs)) = mouth(plan, &reach.rect, &rect, side) {
                rect = longer;
                decks.push((deck, runs));
            }
        }
        water.push((rect, reach.band));
    }
    for reach in &plan.reaches {
        let band = &spec.band[reach.band];
        let along_u = reach.rect.width() > reach.rect.depth();
        // Without a quay the bank in the north or west is as good as the other.
        let bank = match band.quay {
            Some(quay) => opposite(quay),
            None if along_u => Side::North,
            None => Side::West,
        };
        // The moat is crossed at the city gates only.
        let carried = |way: &Corridor| match (band.kind, band.quay) {
            (BandKind::Moat, _) => way.crosses,
            (_, Some(_)) => true,
            // Without a quay a lane would lead to the back of a house.
            (_, None) => way.kind == Way::Street,
        };
        decks.extend(lane_bridges(
            spec,
            plan,
            &reach.rect,
            bank,
            &carried,
            stream,
        ));
    }
    let names = &spec.names.bridges;
    // A list of its own, so that bridges take no name from the lanes.
    let mut heads = Heads::of_street(spec, seed, usize::MAX);
    let mut name = |index: usize| match names.len() {
        0 => heads
            .with_tail(&spec.names.bridge_tail)
            .map_or(String::new(), |[zh, _]| zh),
        count => names[index % count].clone(),
    };
    let bridges = decks.into_iter().enumerate();
    let bridges = bridges.map(|(index, (deck, runs))| Bridge {
        deck,
        runs,
        name: name(index),
    });
    (water, bridges.collect())
}

pub(super) fn opposite(side: Side) -> Side {
    match side {
        Side::North => Side::South,
        Side::South => Side::North,
        Side::East => Side::West,
        Side::West => Side::East,
    }
}

/// Where a reach ends at a quay with other water behind it, it passes under: the longer reach
/// and the deck that carries the quay.
fn mouth(plan: &Plan, reach: &Rect, so_far: &Rect, side: Side) -> Option<(Rect, Rect, Runs)> {
    let Beside::Way(at) = plan.beside(reach, side) else {
        return None;
    };
    let quay = &plan.corridors[at];
    let beyond = plan
        .reaches
        .iter()
        .any(|other| quay.rect.touch(side, &other.rect) > 0);
    let across = match side {
        Side::East | Side::West => quay.runs == Runs::Ns,
        Side::North | Side::South => quay.runs == Runs::Ew,
    };
    if quay.kind != Way::Quay || !beyond || !across {
        return None;
    }
    let q = &quay.rect;
    Some(match side {
        Side::East => (
            Rect {
                u1: q.u1,
                ..*so_far
            },
            over_v(reach, q),
            Runs::Ns,
        ),
        Side::West => (
            Rect {
                u0: q.u0,
                ..*so_far
            },
            over_v(reach, q),
            Runs::Ns,
        ),
        Side::North => (
            Rect {
                v1: q.v1,
                ..*so_far
            },
            over_u(reach, q),
            Runs::Ew,
        ),
        Side::South => (
            Rect {
                v0: q.v0,
                ..*so_far
            },
            over_u(reach, q),
            Runs::Ew,
        ),
    })
}

fn over_v(reach: &Rect, quay: &Rect) -> Rect {
    Rect::new(quay.u0, reach.v0 - BEARING, quay.u1, reach.v1 + BEARING)
}

fn over_u(reach: &Rect, quay: &Rect) -> Rect {
    Rect::new(reach.u0 - BEARING, quay.v0, reach.u1 + BEARING, quay.v1)
}

/// Bridges where ways come to the bank that has no quay; streets always, lanes at a distance.
fn lane_bridges(
    spec: &AreaSpec,
    plan: &Plan,
    reach: &Rect,
    bank: Side,
    carried: &dyn Fn(&Corridor) -> bool,
    stream: &mut Stream,
) -> Vec<(Rect, Runs)> {
    let along_u = matches!(bank, Side::North | Side::South);
    let runs = if along_u { Runs::Ns } else { Runs::Ew };
    let middle = |way: &Corridor| way.rect.center()[usize::from(!along_u)];
    let mut ways: Vec<&Corridor> = plan
        .corridors
        .iter()
        .filter(|way| way.runs == runs && reach.touch(bank, &way.rect) > 0 && carried(way))
        .collect();
    // Streets first: a lane beside a street needs no bridge of its own.
    ways.sort_by_key(|way| (way.kind != Way::Street, middle(way)));
    let apart = dm(spec.blocks.bridge_apart_m);
    let mut taken: Vec<Dm> = Vec::new();
    let mut decks = Vec::new();
    for way in ways {
        let at = middle(way);
        let street = way.kind == Way::Street || way.crosses;
        if !street && taken.iter().any(|other| (other - at).abs() < apart) {
            continue;
        }
        taken.push(at);
        let [low, high] = spec.blocks.bridge_m.map(dm);
        let width = if street {
            way.width()
        } else {
            let lane = way.width();
            stream.whole(low, high).min(lane)
        };
        let half = width / 2;
        decks.push(if along_u {
            let deck = Rect::new(
                at - half,
                reach.v0 - BEARING,
                at - half + width,
                reach.v1 + BEARING,
            );
            (deck, runs)
        } else {
            let deck = Rect::new(
                reach.u0 - BEARING,
                at - half,
                reach.u1 + BEARING,
                at - half + width,
            );
            (deck, runs)
        });
    }
    decks
}
