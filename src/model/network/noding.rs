//! Where lines meet: ends on lines, corners on corners, crossings, and gaps in front of ends.
//! Used by `Network::of`. Never joins what crosses at different levels, as far as that can be told.
//!
//! - Whatever lies within [`SNAP_M`] of each other is the same place.
//! - An end that lies on another line joins it, whatever either is: so a bridge is joined where it
//!   ends, and where something ends on it.
//! - Lines that cross, or touch with corners that are no ends, are joined unless one of them is a
//!   bridge; two bridges are joined at a corner that both have.
//! - An end that meets nothing, but lies on the carriageway of another road or at most
//!   [`GAP_M`] beside it, is joined to its centre line by a straight piece: sources end lanes at
//!   the kerb, and leave gaps. Not to the middle of a bridge.

use crate::space::{self, Bounds2};

use super::Made;
use super::index::{Piece, Pieces};
use super::lines::Line;

/// Places so near to each other are one; metres. Sources write decimetres at worst.
pub(super) const SNAP_M: f64 = 0.1;
/// An end joins a road whose kerb is so near; metres. Thinner than most walls with a gate, wider
/// than what digitising leaves open.
pub(super) const GAP_M: f64 = 0.5;
/// No carriageway is taken as wider to either side of its line, so that a wrong width joins
/// nothing from far away; metres.
pub(super) const HALF_WIDTH_MAX_M: f64 = 15.0;
/// A line meets itself only where it has gone so far since; metres.
const ROUND_M: f64 = 1.0;

/// A place on a line at which it is cut.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut {
    pub(super) line: u32,
    pub(super) along_m: f64,
    pub(super) at: [f64; 2],
}

/// The lines with all their cuts, and which of these are the same place.
pub(super) struct Noding {
    pub(super) lines: Vec<Line>,
    pub(super) cuts: Vec<Cut>,
    parents: Vec<u32>,
}

impl Noding {
    /// Finds where the lines meet.
    pub(super) fn of(lines: Vec<Line>, made: &mut Made) -> Self {
        let mut noding = Self {
            lines,
            cuts: Vec::new(),
            parents: Vec::new(),
        };
        for line in 0..noding.lines.len() {
            noding.add_ends(line as u32);
        }
        let numbered = (0..).zip(&noding.lines);
        let pieces: Vec<Piece> = numbered
            .flat_map(|(owner, line)| line.pieces(owner))
            .collect();
        let index = Pieces::new(pieces.clone());
        for piece in &pieces {
            let window = Bounds2::from_points(piece.ends).grown(SNAP_M);
            for other in index.within(&window) {
                // Each pair once.
                if (piece.owner, piece.number) < (other.owner, other.number) {
                    noding.meet(piece, other, made);
                }
            }
        }
        noding.join_along_lines();
        noding.bridge_gaps(&index, made);
        noding.join_along_lines();
        noding
    }

    /// The name of the place of a cut: equal for cuts that are one place.
    pub(super) fn place(&mut self, cut: usize) -> usize {
        let mut at = cut;
        while self.parents[at] as usize != at {
            self.parents[at] = self.parents[self.parents[at] as usize];
            at = self.parents[at] as usize;
        }
        at
    }

    /// Cuts in order of lines, along each.
    pub(super) fn in_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.cuts.len() as u32).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&self.cuts[*a as usize], &self.cuts[*b as usize]);
            (a.line, a.along_m)
                .partial_cmp(&(b.line, b.along_m))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        order
    }

    fn cut(&mut self, line: u32, along_m: f64, at: [f64; 2]) -> usize {
        let number = self.cuts.len();
        self.cuts.push(Cut { line, along_m, at });
        self.parents.push(number as u32);
        number
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.place(a), self.place(b));
        // The lower number stays, so that ends give nodes their places.
        self.parents[a.max(b)] = a.min(b) as u32;
    }

    fn add_ends(&mut self, line: u32) {
        let one = &self.lines[line as usize];
        let (first, last) = (one.points[0], one.points[one.points.len() - 1]);
        let length_m = one.length_m();
        self.cut(line, 0.0, first);
        self.cut(line, length_m, last);
    }

    /// Cuts two pieces where they touch or cross.
    fn meet(&mut self, a: &Piece, b: &Piece, made: &mut Made) {
        let is_same = a.owner == b.owner;
        if is_same && b.number - a.number == 1 {
            return;
        }
        let mut has_touched = false;
        for (one, other) in [(a, b), (b, a)] {
            for end in 0..2 {
                let share = space::nearest_share(other.ends, one.ends[end]);
                let at = space::at_share(other.ends, share);
                if space::distance(at, one.ends[end]) <= SNAP_M {
                    has_touched = true;
                    self.touch((one, end as f64), (other, share));
                }
            }
        }
        if has_touched {
            return;
        }
        if let Some([t, u]) = space::crossing(a.ends, b.ends) {
            let at_levels = [a, b].map(|piece| self.lines[piece.owner as usize].is_bridge());
            if at_levels != [false, false] {
                made.passed_over += 1;
                return;
            }
            self.joint((a, t), (b, u));
        }
    }

    /// A corner of one line lies on another.
    fn touch(&mut self, corner: (&Piece, f64), on: (&Piece, f64)) {
        let is_free = self.is_end(corner) || self.is_end(on);
        let [is_bridge, on_bridge] =
            [corner.0, on.0].map(|piece| self.lines[piece.owner as usize].is_bridge());
        let length_m = space::distance(on.0.ends[0], on.0.ends[1]);
        let is_corner = (on.1.min(1.0 - on.1)) * length_m <= SNAP_M;
        let may_join = match (is_bridge, on_bridge) {
            (false, false) => true,
            (true, true) => is_free || is_corner,
            _ => is_free,
        };
        if may_join {
            self.joint(corner, on);
        }
    }

    fn is_end(&self, (piece, share): (&Piece, f64)) -> bool {
        let line = &self.lines[piece.owner as usize];
        let along_m = line.along(piece.number as usize, share);
        along_m <= SNAP_M || line.length_m() - along_m <= SNAP_M
    }

    fn joint(&mut self, a: (&Piece, f64), b: (&Piece, f64)) {
        let along = |(piece, share): (&Piece, f64)| {
            self.lines[piece.owner as usize].along(piece.number as usize, share)
        };
        let (a_m, b_m) = (along(a), along(b));
        if a.0.owner == b.0.owner && (a_m - b_m).abs() <= ROUND_M {
            return;
        }
        let one = self.cut(a.0.owner, a_m, space::at_share(a.0.ends, a.1));
        let other = self.cut(b.0.owner, b_m, space::at_share(b.0.ends, b.1));
        self.join(one, other);
    }

    /// Cuts of one line that lie within the tolerance are one place.
    fn join_along_lines(&mut self) {
        let order = self.in_order();
        for pair in order.windows(2) {
            let [a, b] = [pair[0] as usize, pair[1] as usize];
            let (one, other) = (self.cuts[a], self.cuts[b]);
            if one.line == other.line && other.along_m - one.along_m <= SNAP_M {
                self.join(a, b);
            }
        }
    }

    /// Joins ends that meet nothing to the road whose carriageway they lie on.
    fn bridge_gaps(&mut self, index: &Pieces, made: &mut Made) {
        let count = self.lines.len();
        let widest_m = self.lines.iter().map(reach_m).fold(0.0, f64::max);
        let mut members = vec![0_u32; self.cuts.len()];
        for cut in 0..self.cuts.len() {
            let place = self.place(cut);
            if self.is_elsewhere(cut, place) {
                members[place] += 1;
            }
        }
        for end in 0..2 * count {
            if self.place(end) != end || members[end] > 0 {
                continue;
            }
            if let Some((piece, share)) = self.gap_target(index, end, widest_m) {
                let target = self.target_cut(&piece, share);
                if target < 2 * count {
                    // Two ends that face each other need one piece between them.
                    members[target] += 1;
                }
                self.bridge_gap(end, target, made);
            }
        }
    }

    /// The cut at a place of a line: that of its end where it is one.
    fn target_cut(&mut self, piece: &Piece, share: f64) -> usize {
        let line = &self.lines[piece.owner as usize];
        let along_m = line.along(piece.number as usize, share);
        // The first cuts of all are the two ends of each line.
        let first = 2 * piece.owner as usize;
        if along_m <= SNAP_M {
            first
        } else if line.length_m() - along_m <= SNAP_M {
            first + 1
        } else {
            self.cut(piece.owner, along_m, space::at_share(piece.ends, share))
        }
    }

    /// Whether a cut says that something else than the line's own end is at a place.
    fn is_elsewhere(&self, cut: usize, place: usize) -> bool {
        let (one, of) = (&self.cuts[cut], &self.cuts[place]);
        one.line != of.line || (one.along_m - of.along_m).abs() > ROUND_M
    }

    /// The nearest road that an end lies on or beside.
    fn gap_target(&self, index: &Pieces, end: usize, widest_m: f64) -> Option<(Piece, f64)> {
        let Cut { line, at, .. } = self.cuts[end];
        let window = Bounds2::from_points([at]).grown(widest_m);
        let near = index.within(&window).filter(|piece| piece.owner != line);
        let fitting = near.filter_map(|piece| {
            let share = space::nearest_share(piece.ends, at);
            let away_m = space::distance(space::at_share(piece.ends, share), at);
            let other = &self.lines[piece.owner as usize];
            let may_join = !other.is_bridge() || self.is_end((piece, share));
            (may_join && away_m <= reach_m(other)).then_some((away_m, *piece, share))
        });
        let nearest = fitting.min_by(|a, b| {
            let names = (a.1.owner, a.1.number).cmp(&(b.1.owner, b.1.number));
            a.0.total_cmp(&b.0).then(names)
        });
        nearest.map(|(_, piece, share)| (piece, share))
    }

    fn bridge_gap(&mut self, end: usize, target: usize, made: &mut Made) {
        let (from, to) = (self.cuts[end], self.cuts[target]);
        let line = self.lines.len() as u32;
        let of = &self.lines[from.line as usize];
        let gap = Line::new(of.road, of.kind, of.width_m, vec![from.at, to.at]);
        made.gaps += 1;
        made.gap_m += gap.length_m();
        self.lines.push(gap);
        let first = self.cuts.len();
        self.add_ends(line);
        self.join(end, first);
        self.join(target, first + 1);
    }
}

/// How far from its centre line a road takes ends in.
fn reach_m(line: &Line) -> f64 {
    (0.5 * line.width_m).min(HALF_WIDTH_MAX_M) + GAP_M
}
