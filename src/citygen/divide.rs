//! Divides the ground between streets and water into blocks by lanes, round the sites.
//! Used by `plan`. Never cuts a site.

use super::plan::{Block, Corridor, Plan, Way};
use super::rect::{Dm, Rect, dm};
use super::seed::Stream;
use super::spec::{BlockSpec, Runs};

/// Ground narrower than this is left to what it lies beside.
pub(super) const LEAST_REST: Dm = 130;

/// Divides cells into blocks by lanes.
pub(super) struct Divider<'a> {
    pub(super) spec: &'a BlockSpec,
    pub(super) sites: &'a [Rect],
    pub(super) stream: Stream,
    pub(super) plan: &'a mut Plan,
}

impl Divider<'_> {
    /// Divides a cell; `sites` are those that may lie in it.
    pub(super) fn divide(&mut self, cell: Rect, sites: &[usize]) {
        let held = sites.iter().copied();
        let inside: Vec<usize> = held.filter(|at| cell.holds(&self.sites[*at])).collect();
        let cut = match inside.first() {
            Some(_) => self.cut_beside_a_site(&cell, &inside),
            None => self.cut_of_a_large_cell(&cell),
        };
        match cut {
            Some((runs, low, high)) => self.cut(cell, runs, low, high, &inside),
            None => self.plan.blocks.push(Block {
                rect: cell,
                community: self.plan.community_at(cell.center()),
                site: inside.first().copied(),
            }),
        }
    }

    fn cut(&mut self, cell: Rect, runs: Runs, low: Dm, high: Dm, sites: &[usize]) {
        let slice = |a: Dm, b: Dm| match runs {
            Runs::Ew => Rect::new(cell.u0, a, cell.u1, b),
            Runs::Ns => Rect::new(a, cell.v0, b, cell.v1),
        };
        let (c0, c1) = match runs {
            Runs::Ew => (cell.v0, cell.v1),
            Runs::Ns => (cell.u0, cell.u1),
        };
        self.plan.corridors.push(Corridor {
            rect: slice(low, high),
            runs,
            kind: Way::Lane,
            name: Default::default(),
            crosses: false,
        });
        self.divide(slice(c0, low), sites);
        self.divide(slice(high, c1), sites);
    }

    fn lane_width(&mut self) -> Dm {
        let [low, high] = self.spec.lane_m.map(dm);
        self.stream.whole(low, high)
    }

    /// The lane along the side of a site that leaves most ground beyond it.
    fn cut_beside_a_site(&mut self, cell: &Rect, inside: &[usize]) -> Option<(Runs, Dm, Dm)> {
        let width = self.lane_width();
        let mut best = None;
        for site in inside.iter().map(|at| &self.sites[*at]) {
            let cuts = [
                (
                    Runs::Ns,
                    site.u0 - width,
                    site.u0,
                    site.u0 - width - cell.u0,
                ),
                (
                    Runs::Ns,
                    site.u1,
                    site.u1 + width,
                    cell.u1 - site.u1 - width,
                ),
                (
                    Runs::Ew,
                    site.v0 - width,
                    site.v0,
                    site.v0 - width - cell.v0,
                ),
                (
                    Runs::Ew,
                    site.v1,
                    site.v1 + width,
                    cell.v1 - site.v1 - width,
                ),
            ];
            for (runs, low, high, beyond) in cuts {
                let lane = match runs {
                    Runs::Ew => Rect::new(cell.u0, low, cell.u1, high),
                    Runs::Ns => Rect::new(low, cell.v0, high, cell.v1),
                };
                let clear = inside.iter().all(|at| !lane.overlaps(&self.sites[*at]));
                let better = best.is_none_or(|(_, _, _, most)| beyond > most);
                if clear && better && beyond >= LEAST_REST {
                    best = Some((runs, low, high, beyond));
                }
            }
        }
        best.map(|(runs, low, high, _)| (runs, low, high))
    }

    /// The next lane through a cell that is larger than a block.
    fn cut_of_a_large_cell(&mut self, cell: &Rect) -> Option<(Runs, Dm, Dm)> {
        let front = self.spec.front_m.map(dm);
        let depth = self.spec.depth_m.map(dm);
        let excess = |size: Dm, range: [Dm; 2]| f64::from(size) / f64::from(range[1]);
        let (over_u, over_v) = (excess(cell.width(), front), excess(cell.depth(), depth));
        if over_u.max(over_v) <= 1.0 {
            return None;
        }
        let (runs, size, range) = if over_u > over_v {
            (Runs::Ns, cell.width(), front)
        } else {
            (Runs::Ew, cell.depth(), depth)
        };
        let width = self.lane_width();
        let typical = f64::from(range[0] + range[1]) / 2.0;
        let parts = ((f64::from(size) / typical).round() as Dm).max(2);
        let before = if self.stream.chance(0.5) {
            parts / 2
        } else {
            parts - parts / 2
        };
        let jitter = self.stream.between(-0.09, 0.09) / f64::from(parts);
        let share = f64::from(before) / f64::from(parts) + jitter;
        let at = (f64::from(size) * share) as Dm - width / 2;
        let low = at + if runs == Runs::Ns { cell.u0 } else { cell.v0 };
        Some((runs, low, low + width))
    }
}
