//! Fills a block with rows of narrow plots behind their fronts.
//! Used by `generate`; the forms of a single plot are in `plots`. Never builds on a site.

use std::collections::BTreeMap;

use crate::model::GroundAreaKind;

use super::canvas::Canvas;
use super::plan::{Beside, Block, Corridor, Plan, Way};
use super::plots::{Plot, PlotForm};
use super::rect::{Dm, Rect, Strip, dm};
use super::seed::Stream;
use super::spec::{BlockSpec, HouseSpec, Runs, Side};

/// Shallower ground carries no house.
const LEAST_DEPTH: Dm = 62;
/// From this depth a block has two rows, back to back.
const TWO_ROWS: Dm = 330;
/// The least front of a plot.
const LEAST_FRONT: Dm = 55;

/// Hands out house numbers along every way of a street (sub-district): even on one side, odd on the other.
#[derive(Debug, Default)]
pub(super) struct Numbers(BTreeMap<(usize, String, bool), u32>);

impl Numbers {
    fn next(&mut self, street: usize, way: &str, even: bool) -> u32 {
        let last = self.0.entry((street, way.to_owned(), even)).or_default();
        *last += 1;
        *last * 2 - u32::from(!even)
    }
}

/// Fills blocks.
pub(super) struct Builder<'a> {
    pub(super) blocks: &'a BlockSpec,
    pub(super) houses: &'a HouseSpec,
    pub(super) plan: &'a Plan,
    pub(super) numbers: &'a mut Numbers,
    pub(super) canvas: &'a mut Canvas,
    pub(super) stream: Stream,
    /// The community that the block belongs to.
    pub(super) community: Option<usize>,
}

impl Builder<'_> {
    /// Fills a block that is no site.
    pub(super) fn fill(&mut self, block: &Block) {
        let mut rect = block.rect;
        let short = rect.width().min(rect.depth());
        if short < LEAST_DEPTH {
            self.canvas.open(rect, GroundAreaKind::Green, None);
            self.plant_row(&rect);
            return;
        }
        if rect.width() >= 420 {
            for side in [Side::West, Side::East] {
                if self.is_street(&rect, side) {
                    let strip = self.take_side(&mut rect, side);
                    self.row(strip, &block.rect);
                }
            }
        }
        for strip in self.rows_of(rect) {
            self.row(strip, &block.rect);
        }
    }

    fn is_street(&self, rect: &Rect, side: Side) -> bool {
        match self.plan.beside(rect, side) {
            Beside::Way(at) => self.plan.corridors[at].kind == Way::Street,
            _ => false,
        }
    }

    /// A strip of shops along a street that runs past the gable ends of the rows.
    fn take_side(&mut self, rect: &mut Rect, side: Side) -> Strip {
        let depth = self.stream.whole(92, 112);
        let whole = *rect;
        let taken = match side {
            Side::West => {
                rect.u0 += depth;
                Rect::new(whole.u0, whole.v0, rect.u0, whole.v1)
            }
            _ => {
                rect.u1 -= depth;
                Rect::new(rect.u1, whole.v0, whole.u1, whole.v1)
            }
        };
        Strip {
            rect: taken,
            front: side,
        }
    }

    fn rows_of(&mut self, rect: Rect) -> Vec<Strip> {
        if rect.depth() < TWO_ROWS {
            let ways = [Side::South, Side::North, Side::West, Side::East];
            let has_way = |side: &Side| matches!(self.plan.beside(&rect, *side), Beside::Way(_));
            // Rows across the block only where it is narrow and no lane runs along it.
            let fits =
                |side: &Side| matches!(side, Side::South | Side::North) || rect.width() < TWO_ROWS;
            let front = ways.into_iter().find(|side| has_way(side) && fits(side));
            let front = front.unwrap_or(Side::South);
            return vec![Strip { rect, front }];
        }
        let middle = rect.center()[1] + self.stream.whole(-14, 14);
        let south = Rect::new(rect.u0, rect.v0, rect.u1, middle);
        let north = Rect::new(rect.u0, middle, rect.u1, rect.v1);
        vec![
            Strip {
                rect: south,
                front: Side::South,
            },
            Strip {
                rect: north,
                front: Side::North,
            },
        ]
    }

    /// Fills one row from its left end to its right.
    fn row(&mut self, strip: Strip, block: &Rect) {
        let beside = self.plan.beside(block, strip.front);
        let way = match beside {
            Beside::Way(at) => Some(at),
            _ => self.way_behind(block),
        };
        let name = way.map_or(String::new(), |at| self.plan.corridors[at].name[0].clone());
        let shops = way.is_some_and(|at| self.plan.corridors[at].kind == Way::Street)
            && matches!(beside, Beside::Way(_));
        let even = matches!(strip.front, Side::South | Side::East);
        let street = self
            .community
            .map_or(0, |at| self.plan.communities[at].street);
        let mut dead_end_at = self.dead_end_at(&strip);
        let (length, mut s) = (strip.length(), 0);
        let mut last = None;
        while s < length {
            if dead_end_at.is_some_and(|at| s >= at) && length - s > 200 {
                s = self.dead_end(&strip, s, &name);
                dead_end_at = None;
            }
            let form = self.form(&strip, last);
            last = Some(form);
            let mut front = self.front(form, strip.depth()).min(length - s);
            let rest = length - s - front;
            if rest < LEAST_FRONT {
                front += rest;
            }
            let number = self.numbers.next(street, &name, even);
            Plot {
                houses: self.houses,
                strip,
                s0: s,
                s1: s + front,
                form,
                shops,
                at_water: matches!(beside, Beside::Water(_)),
                lot: format!("{name} {number}号"),
                community: self.community,
            }
            .build(self.canvas, &mut self.stream);
            s += front;
        }
    }

    fn way_behind(&self, block: &Rect) -> Option<usize> {
        [Side::South, Side::North, Side::West, Side::East]
            .into_iter()
            .find_map(|side| match self.plan.beside(block, side) {
                Beside::Way(at) => Some(at),
                _ => None,
            })
    }

    fn form(&mut self, strip: &Strip, last: Option<PlotForm>) -> PlotForm {
        let weights = &self.houses.weights;
        let deep = if strip.depth() >= 150 { 1.0 } else { 0.0 };
        // Two open yards side by side would be a gap in the row.
        let yard = if last == Some(PlotForm::Yard) {
            0.0
        } else {
            weights.yard
        };
        // A shallow strip holds one house behind the front: mostly a long one.
        let halls = weights.halls * (0.3 + 0.7 * deep);
        let drawn = [halls, weights.row, weights.compound * deep, yard];
        [
            PlotForm::Halls,
            PlotForm::Row,
            PlotForm::Compound,
            PlotForm::Yard,
        ][self.stream.weighted(&drawn)]
    }

    fn front(&mut self, form: PlotForm, depth: Dm) -> Dm {
        let [low, high] = self.houses.parcel_m.map(dm);
        let parcel = self.stream.whole(low, high);
        match form {
            PlotForm::Halls | PlotForm::Yard => parcel,
            PlotForm::Row => parcel + self.stream.whole(80, 250),
            PlotForm::Compound => (parcel + self.stream.whole(150, 330)).max(depth + 12),
        }
    }

    fn dead_end_at(&mut self, strip: &Strip) -> Option<Dm> {
        let wanted = self.stream.chance(self.blocks.dead_end_share);
        let place = self.stream.between(0.3, 0.7);
        let long = strip.length() > 450 && strip.depth() > 150;
        (wanted && long).then_some((f64::from(strip.length()) * place) as Dm)
    }

    /// A blind alley between two plots; gives the place where the next plot begins.
    fn dead_end(&mut self, strip: &Strip, s: Dm, name: &str) -> Dm {
        let [low, high] = self.blocks.dead_end_m.map(dm);
        let width = self.stream.whole(low, high);
        let depth = strip.depth() - self.stream.whole(0, 50);
        let along_v = matches!(strip.front, Side::North | Side::South);
        self.canvas.dead_ends.push(Corridor {
            rect: strip.rect(s, 0, s + width, depth),
            runs: if along_v { Runs::Ns } else { Runs::Ew },
            kind: Way::DeadEnd,
            name: [format!("{name}支弄"), String::new()],
            crosses: false,
        });
        s + width
    }

    fn plant_row(&mut self, rect: &Rect) {
        let along_u = rect.width() > rect.depth();
        let [cu, cv] = rect.center();
        let (low, high) = if along_u {
            (rect.u0, rect.u1)
        } else {
            (rect.v0, rect.v1)
        };
        let mut at = low + 40;
        while at < high - 30 {
            let place = if along_u { [at, cv] } else { [cu, at] };
            self.canvas.tree(place, self.stream.between(6.0, 10.0));
            at += self.stream.whole(70, 120);
        }
    }
}
