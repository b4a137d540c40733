//! Splits a rectangle into parts of about the same size, along ways and water where these lie
//! right. Used for communities and for grids. Never makes a way.

use std::collections::BTreeMap;

use super::plan::{Corridor, Reach};
use super::rect::{Dm, Rect};
use super::skeleton::{extent, split, turned};
use super::spec::Runs;

/// A middle line of a way or of water.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    rect: Rect,
    runs: Runs,
}

/// The lines of ways and water.
pub(super) fn lines<'a>(
    ways: impl Iterator<Item = &'a Corridor>,
    water: impl Iterator<Item = &'a Reach>,
) -> Vec<Line> {
    let ways = ways.map(|way| Line {
        rect: way.rect,
        runs: way.runs,
    });
    let water = water.map(|reach| {
        let long = reach.rect.width() > reach.rect.depth();
        Line {
            rect: reach.rect,
            runs: if long { Runs::Ew } else { Runs::Ns },
        }
    });
    ways.chain(water).collect()
}

/// How a split may follow lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// How far from the even split a line may lie, as a share of the side that is split.
    pub(super) near: f64,
    /// How much of the split's length the line must follow.
    pub(super) follows: f64,
}

/// The parts, and every split as the rectangle that it parted, its direction and its place.
#[derive(Debug, Default)]
pub(super) struct Split {
    pub(super) parts: Vec<Rect>,
    pub(super) borders: Vec<(Rect, Runs, Dm)>,
}

impl Split {
    /// Splits `rect` into so many parts.
    pub(super) fn of(lines: &[Line], rect: Rect, count: usize, manner: Manner) -> Self {
        let mut split = Self::default();
        split.divide(lines, rect, count, manner);
        split
    }

    fn divide(&mut self, lines: &[Line], rect: Rect, count: usize, manner: Manner) {
        if count <= 1 {
            self.parts.push(rect);
            return;
        }
        let first = count / 2;
        let share = first as f64 / count as f64;
        // The border runs across the longer side.
        let runs = if rect.width() > rect.depth() {
            Runs::Ns
        } else {
            Runs::Ew
        };
        let at = border(lines, &rect, runs, share, manner);
        self.borders.push((rect, runs, at));
        let (low, high) = split(&rect, turned(runs), at);
        self.divide(lines, low, first, manner);
        self.divide(lines, high, count - first, manner);
    }
}

/// Where a border of this direction lies that leaves this share before it.
fn border(lines: &[Line], rect: &Rect, runs: Runs, share: f64, manner: Manner) -> Dm {
    let (low, high) = extent(rect, turned(runs));
    let wanted = low + (f64::from(high - low) * share) as Dm;
    let near = (f64::from(high - low) * manner.near) as Dm;
    let along = extent(rect, runs);
    let mut followed = BTreeMap::<Dm, Dm>::new();
    for line in lines {
        if line.runs == runs && line.rect.overlaps(rect) {
            let (a, b) = extent(&line.rect, turned(runs));
            let (from, to) = extent(&line.rect, runs);
            let length = to.min(along.1) - from.max(along.0);
            *followed.entry((a + b) / 2).or_default() += length;
        }
    }
    let enough = f64::from(along.1 - along.0) * manner.follows;
    followed
        .into_iter()
        .filter(|(at, length)| (at - wanted).abs() <= near && f64::from(*length) >= enough)
        .map(|(at, _)| at)
        .min_by_key(|at| ((at - wanted).abs(), *at))
        .unwrap_or(wanted)
}
