//! Rings out of ways that lie in any order and direction. Used by `relations`. Never invents a
//! piece: what does not close is given back as open.

use std::collections::{HashMap, HashSet};

use super::element::At;

/// A node on its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Corner {
    pub(super) node: i64,
    pub(super) at: At,
}

/// A way as part of a ring.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) way: i64,
    pub(super) corners: Vec<Corner>,
}

/// A ring; the first corner is not repeated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ring {
    pub(super) corners: Vec<Corner>,
    /// One of its ways, for messages.
    pub(super) way: i64,
    /// Whether it was cut off a line that touches itself, so that its role is in doubt.
    pub(super) is_cut: bool,
}

/// What pieces came to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rings {
    pub(super) closed: Vec<Ring>,
    /// A way of each line that does not close.
    pub(super) open: Vec<i64>,
}

/// Joins pieces to rings. A way that comes twice counts once.
pub(super) fn join(pieces: Vec<Piece>) -> Rings {
    let mut seen = HashSet::new();
    let pieces: Vec<Piece> = pieces
        .into_iter()
        .filter(|piece| piece.corners.len() >= 2 && seen.insert(piece.way))
        .collect();
    let mut ends = Ends::of(&pieces);
    let mut rings = Rings::default();
    for index in 0..pieces.len() {
        if let Some(strand) = ends.strand(&pieces, index) {
            split(strand, pieces[index].way, &mut rings);
        }
    }
    rings
}

/// Which pieces end at a node, and which are joined already.
struct Ends {
    at: HashMap<i64, Vec<usize>>,
    is_used: Vec<bool>,
}

fn ends_of(piece: &Piece) -> Option<(Corner, Corner)> {
    Some((*piece.corners.first()?, *piece.corners.last()?))
}

impl Ends {
    fn of(pieces: &[Piece]) -> Self {
        let mut at: HashMap<i64, Vec<usize>> = HashMap::new();
        for (index, piece) in pieces.iter().enumerate() {
            if let Some((first, last)) = ends_of(piece)
                && first.node != last.node
            {
                at.entry(first.node).or_default().push(index);
                at.entry(last.node).or_default().push(index);
            }
        }
        Self {
            at,
            is_used: vec![false; pieces.len()],
        }
    }

    /// A piece at this node that is not joined yet.
    fn next(&mut self, node: i64) -> Option<usize> {
        let here = self.at.get_mut(&node)?;
        while let Some(index) = here.pop() {
            if let Some(is_used) = self.is_used.get_mut(index)
                && !*is_used
            {
                *is_used = true;
                return Some(index);
            }
        }
        None
    }

    /// The line that begins with this piece, as long as it can be made or until it closes.
    fn strand(&mut self, pieces: &[Piece], index: usize) -> Option<Vec<Corner>> {
        if std::mem::replace(self.is_used.get_mut(index)?, true) {
            return None;
        }
        let mut strand = pieces.get(index)?.corners.clone();
        let mut is_turned = false;
        loop {
            let (first, last) = (strand.first()?.node, strand.last()?.node);
            if first == last && strand.len() > 2 {
                return Some(strand);
            }
            match self.next(last) {
                Some(index) => {
                    let more = &pieces.get(index)?.corners;
                    if more.first()?.node == last {
                        strand.extend(more.iter().skip(1));
                    } else {
                        strand.extend(more.iter().rev().skip(1));
                    }
                }
                None if is_turned => return Some(strand),
                None => {
                    strand.reverse();
                    is_turned = true;
                }
            }
        }
    }
}

/// Cuts a line into rings where it comes back to a node it has passed.
fn split(strand: Vec<Corner>, way: i64, rings: &mut Rings) {
    let mut path: Vec<Corner> = Vec::with_capacity(strand.len());
    let mut places: HashMap<i64, usize> = HashMap::new();
    let before = rings.closed.len();
    for corner in strand {
        let Some(&place) = places.get(&corner.node) else {
            places.insert(corner.node, path.len());
            path.push(corner);
            continue;
        };
        let corners: Vec<Corner> = path.drain(place + 1..).collect();
        for cut in &corners {
            places.remove(&cut.node);
        }
        // There and back again, or a node twice in a row, is no ring.
        if corners.len() >= 2 {
            let corners = std::iter::once(corner).chain(corners).collect();
            rings.closed.push(Ring {
                corners,
                way,
                is_cut: false,
            });
        }
    }
    let is_cut = rings.closed.len() > before + 1;
    for ring in rings.closed.iter_mut().skip(before) {
        ring.is_cut = is_cut;
    }
    if path.len() > 1 || rings.closed.len() == before {
        rings.open.push(way);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ways: &[&[i64]], rings: &[&[i64]], open: &[i64]) {
        let pieces = ways.iter().enumerate().map(|(index, nodes)| Piece {
            way: index as i64 + 1,
            corners: nodes
                .iter()
                .map(|&node| Corner { node, at: [0, 0] })
                .collect(),
        });
        let found = join(pieces.collect());
        let closed: Vec<Vec<i64>> = found
            .closed
            .iter()
            .map(|ring| ring.corners.iter().map(|corner| corner.node).collect())
            .collect();
        assert_eq!(closed, rings, "{ways:?}");
        assert_eq!(found.open, open, "{ways:?}");
    }

    #[test]
    fn in_any_order_and_direction() {
        check(&[&[1, 2, 3, 1]], &[&[1, 2, 3]], &[]);
        // Five ways, two of them reversed.
        check(
            &[&[1, 2], &[4, 5], &[3, 2], &[1, 5], &[3, 4]],
            &[&[1, 2, 3, 4, 5]],
            &[],
        );
        check(
            &[&[1, 2, 3, 1], &[4, 5, 6, 4]],
            &[&[1, 2, 3], &[4, 5, 6]],
            &[],
        );
    }

    #[test]
    fn what_does_not_close_is_open() {
        check(&[&[1, 2, 3], &[3, 4]], &[], &[1]);
        check(&[&[1, 2, 1]], &[], &[1]);
        check(&[&[1, 2], &[1, 2]], &[], &[1]);
        // A ring on a stalk.
        check(&[&[9, 1, 2, 3, 1]], &[&[1, 3, 2]], &[1]);
    }

    #[test]
    fn what_touches_itself_is_two_rings() {
        check(&[&[1, 2, 3, 1, 4, 5, 1]], &[&[1, 2, 3], &[1, 4, 5]], &[]);
        let two = join(vec![Piece {
            way: 1,
            corners: [1, 2, 3, 4, 5, 3, 1]
                .map(|node| Corner { node, at: [0, 0] })
                .to_vec(),
        }]);
        assert!(two.closed.iter().all(|ring| ring.is_cut));
        assert_eq!(two.closed.len(), 2);
    }
}
