//! Lines of one name put behind each other, with the chainage along them. Used by corridors.
//! Never changes a line but its direction.

use std::collections::BTreeMap;

use crate::space::{self, Segment};

use super::Side;

/// Ends so near to each other go on; metres. Junctions leave that much between kerbs.
const JOIN_M: f64 = 2.0;

/// Lines behind each other.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) points: Vec<[f64; 2]>,
    /// Half the greatest width.
    pub(super) half_m: f64,
    /// Chainage of each place.
    along_m: Vec<f64>,
}

/// The place of a chain that is nearest to something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nearest {
    pub(super) off_m: f64,
    pub(super) chainage_m: f64,
    pub(super) side: Side,
}

impl Chain {
    /// `None` for a line without length or with a place that is none.
    pub(super) fn new(points: Vec<[f64; 2]>, half_m: f64) -> Option<Self> {
        let mut along_m = vec![0.0];
        let mut sum = 0.0;
        for pair in points.windows(2) {
            sum += space::distance(pair[0], pair[1]);
            along_m.push(sum);
        }
        (sum > 0.0 && sum.is_finite()).then_some(Self {
            points,
            half_m,
            along_m,
        })
    }

    pub(super) fn length_m(&self) -> f64 {
        self.end_m() - self.along_m[0]
    }

    fn end_m(&self) -> f64 {
        self.along_m[self.along_m.len() - 1]
    }

    fn ends(&self) -> [[f64; 2]; 2] {
        [self.points[0], self.points[self.points.len() - 1]]
    }

    fn begin_at(&mut self, chainage_m: f64) {
        let by = chainage_m - self.along_m[0];
        self.along_m.iter_mut().for_each(|along| *along += by);
    }

    /// The place nearest to a wall, or to a place when the wall has no length.
    pub(super) fn nearest(&self, wall: Segment) -> Nearest {
        let mut best = Nearest {
            off_m: f64::INFINITY,
            chainage_m: 0.0,
            side: Side::On,
        };
        for (number, pair) in self.points.windows(2).enumerate() {
            let piece = [pair[0], pair[1]];
            let shares = space::nearest_shares(piece, wall);
            let at = space::at_share(piece, shares[0]);
            let there = space::at_share(wall, shares[1]);
            let off_m = space::distance(at, there);
            if off_m < best.off_m {
                let [from_m, to_m] = [self.along_m[number], self.along_m[number + 1]];
                best = Nearest {
                    off_m,
                    chainage_m: from_m + shares[0] * (to_m - from_m),
                    side: side_of(piece, there),
                };
            }
        }
        best
    }
}

fn side_of([a, b]: Segment, at: [f64; 2]) -> Side {
    let turn = (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0]);
    if turn > 0.0 { Side::Left } else { Side::Right }
}

/// The lines, those whose ends meet behind each other, with their chainage from a common
/// beginning.
pub(super) fn chained(lines: impl Iterator<Item = (Vec<[f64; 2]>, f64)>) -> Vec<Chain> {
    let lines: Vec<Chain> = lines
        .filter_map(|(line, half_m)| Chain::new(line, half_m))
        .collect();
    let next = meeting_ends(&lines);
    let mut is_used = vec![false; lines.len()];
    let mut chains = Vec::new();
    // Chains with an end first, then rings, which have none.
    let open = (0..2 * lines.len()).filter(|end| !next.contains_key(end));
    let all: Vec<usize> = open.chain((0..lines.len()).map(|line| 2 * line)).collect();
    for begin in all {
        if !is_used[begin / 2] {
            chains.extend(follow(&lines, &next, begin, &mut is_used));
        }
    }
    in_order(chains)
}

/// Which end of a line (twice its number, one more for its last place) goes on at which other.
fn meeting_ends(lines: &[Chain]) -> BTreeMap<usize, usize> {
    let place = |end: usize| lines[end / 2].ends()[end % 2];
    // By east first, so that only neighbours are compared.
    let mut ends: Vec<usize> = (0..2 * lines.len()).collect();
    ends.sort_by(|a, b| place(*a)[0].total_cmp(&place(*b)[0]));
    let mut pairs = Vec::new();
    for (number, a) in ends.iter().enumerate() {
        for b in &ends[number + 1..] {
            if place(*b)[0] - place(*a)[0] > JOIN_M {
                break;
            }
            let apart_m = space::distance(place(*a), place(*b));
            if a / 2 != b / 2 && apart_m <= JOIN_M {
                pairs.push((apart_m, *a.min(b), *a.max(b)));
            }
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut next = BTreeMap::new();
    for (_, a, b) in pairs {
        if !next.contains_key(&a) && !next.contains_key(&b) {
            next.insert(a, b);
            next.insert(b, a);
        }
    }
    next
}

/// The chain that begins at an end.
fn follow(
    lines: &[Chain],
    next: &BTreeMap<usize, usize>,
    begin: usize,
    is_used: &mut [bool],
) -> Option<Chain> {
    let (mut points, mut half_m, mut end) = (Vec::new(), 0.0_f64, begin);
    while !is_used[end / 2] {
        is_used[end / 2] = true;
        let line = &lines[end / 2];
        half_m = half_m.max(line.half_m);
        match end % 2 {
            0 => points.extend(line.points.iter().copied()),
            _ => points.extend(line.points.iter().rev().copied()),
        }
        // On from the other end of this line.
        match next.get(&(end ^ 1)) {
            Some(there) => end = *there,
            None => break,
        }
    }
    Chain::new(points, half_m)
}

/// Turned so that they begin in the west or south, and with chainages that go on.
fn in_order(mut chains: Vec<Chain>) -> Vec<Chain> {
    let longest = chains
        .iter()
        .max_by(|a, b| a.length_m().total_cmp(&b.length_m()));
    let Some([a, b]) = longest.map(Chain::ends) else {
        return chains;
    };
    let axis = usize::from((b[1] - a[1]).abs() > (b[0] - a[0]).abs());
    for chain in &mut chains {
        let [first, last] = chain.ends();
        if first[axis] > last[axis] {
            chain.points.reverse();
            let points = std::mem::take(&mut chain.points);
            if let Some(turned) = Chain::new(points, chain.half_m) {
                *chain = turned;
            }
        }
    }
    chains.sort_by(|a, b| a.points[0][axis].total_cmp(&b.points[0][axis]));
    let mut placed: Vec<Chain> = Vec::new();
    for mut chain in chains {
        let begin = chain.points[0];
        let beside = placed
            .iter()
            .map(|one| (one.nearest([begin; 2]), one.end_m()));
        if let Some((near, end_m)) = beside.min_by(|a, b| a.0.off_m.total_cmp(&b.0.off_m)) {
            let gap_m = if near.chainage_m < end_m {
                0.0
            } else {
                near.off_m
            };
            chain.begin_at(near.chainage_m + gap_m);
        }
        placed.push(chain);
    }
    placed
}
