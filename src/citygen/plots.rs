//! The forms of a plot of the old city: halls behind each other with light wells, one long row,
//! a compound round courts, an open yard. Used by `houses`. Never looks beyond its plot.

use crate::model::{GroundAreaKind, Protection, RoofStyle, Structure, Usage};

use super::canvas::{Canvas, Draft, Homes};
use super::rect::{Corner, Dm, Strip, counter_clockwise, dm};
use super::seed::Stream;
use super::spec::HouseSpec;

/// The form of a plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlotForm {
    Halls,
    Row,
    Compound,
    Yard,
}

/// One plot of a row, from `s0` to `s1` along the front.
pub(super) struct Plot<'a> {
    pub(super) houses: &'a HouseSpec,
    pub(super) strip: Strip,
    pub(super) s0: Dm,
    pub(super) s1: Dm,
    pub(super) form: PlotForm,
    pub(super) shops: bool,
    pub(super) at_water: bool,
    pub(super) lot: String,
    pub(super) community: Option<usize>,
}

/// What the houses of one plot have in common.
struct Manner {
    storeys: u16,
    storey_m: f64,
    year: u16,
    structure: Structure,
    roof: RoofStyle,
    protection: Protection,
}

impl Plot<'_> {
    /// Builds on the plot.
    pub(super) fn build(&self, canvas: &mut Canvas, stream: &mut Stream) {
        let manner = self.manner(stream);
        // Ridges run along the longer side, and they should run along the front.
        let fits = self.s1 - self.s0 > self.strip.depth() + 8;
        match self.form {
            PlotForm::Compound if fits => self.compound(canvas, stream, &manner),
            PlotForm::Compound | PlotForm::Halls => self.halls(canvas, stream, &manner),
            PlotForm::Row => self.row(canvas, stream, &manner),
            PlotForm::Yard => self.yard(canvas, stream),
        }
    }

    fn manner(&self, stream: &mut Stream) -> Manner {
        let mut storeys = 1 + stream.weighted(&self.houses.storeys) as u16;
        if self.shops && storeys == 1 && stream.chance(0.8) {
            storeys = 2;
        }
        let old = storeys < 3 && stream.chance(self.houses.old_share);
        let protected = old && stream.chance(self.houses.controlled_share);
        Manner {
            storeys,
            storey_m: stream.between(3.0, 3.5),
            year: if old {
                stream.whole(1875, 1948) as u16
            } else {
                stream.whole(1956, 1994) as u16
            },
            structure: if old {
                Structure::TimberBrick
            } else {
                Structure::Masonry
            },
            roof: if storeys == 3 && stream.chance(0.5) {
                RoofStyle::Flat
            } else {
                RoofStyle::Gable
            },
            protection: if protected {
                Protection::Controlled
            } else {
                Protection::None
            },
        }
    }

    /// A house of this plot; neighbours' eaves differ by up to 0.4 m.
    fn house(&self, stream: &mut Stream, manner: &Manner, rings: Vec<Vec<Corner>>) -> Draft {
        Draft {
            rings,
            storeys: manner.storeys,
            eaves_m: f64::from(manner.storeys) * manner.storey_m + stream.between(-0.4, 0.4),
            roof: manner.roof,
            structure: manner.structure,
            year: manner.year,
            usage: Usage::Residential,
            protection: manner.protection,
            lot: self.lot.clone(),
            homes: Homes::House,
            community: self.community,
            ..Draft::shed(Vec::new())
        }
    }

    fn lesser(&self, ring: Vec<Corner>) -> Draft {
        Draft {
            lot: self.lot.clone(),
            community: self.community,
            ..Draft::shed(ring)
        }
    }

    fn front_of(&self, mut house: Draft) -> Draft {
        if self.shops {
            house.usage = Usage::Commercial;
        }
        house
    }

    fn setback(&self, stream: &mut Stream) -> Dm {
        // At the water the wall is the quay.
        if self.at_water { 0 } else { stream.whole(0, 4) }
    }

    /// Halls behind each other, light wells between them, side wings in some of the wells.
    fn halls(&self, canvas: &mut Canvas, stream: &mut Stream, manner: &Manner) {
        let depth = self.strip.depth();
        let hall_dm = self.houses.hall_m.map(dm);
        let well_dm = self.houses.well_m.map(dm);
        let mut t = self.setback(stream);
        let mut first = true;
        while depth - t >= hall_dm[0].min(LEAST_HALL) {
            let mut back = t + stream.whole(hall_dm[0], hall_dm[1]).min(depth - t);
            if depth - back < 8 {
                // A slit behind the last hall would be neither yard nor wall.
                back = depth;
            }
            let ring =
                self.strip
                    .ring(&[[self.s0, t], [self.s1, t], [self.s1, back], [self.s0, back]]);
            let house = self.house(stream, manner, vec![ring]);
            canvas
                .drafts
                .push(if first { self.front_of(house) } else { house });
            first = false;
            let well = stream.whole(well_dm[0], well_dm[1]).min(depth - back);
            self.wing(canvas, stream, back, back + well);
            t = back + well;
        }
        if depth - t >= 25 {
            self.rear(canvas, stream, t);
        }
    }

    /// A side wing that closes a light well on one side.
    fn wing(&self, canvas: &mut Canvas, stream: &mut Stream, from: Dm, to: Dm) {
        if to - from < 22 || !stream.chance(0.3) {
            return;
        }
        let width = stream.whole(32, 52).min((self.s1 - self.s0) / 2);
        let (a, b) = self.at_one_side(stream, width);
        let ring = self.strip.ring(&[[a, from], [b, from], [b, to], [a, to]]);
        let mut wing = self.lesser(ring);
        wing.eaves_m = stream.between(2.7, 3.3);
        wing.usage = Usage::Residential;
        canvas.drafts.push(wing);
    }

    fn at_one_side(&self, stream: &mut Stream, width: Dm) -> (Dm, Dm) {
        if stream.chance(0.5) {
            (self.s0, self.s0 + width)
        } else {
            (self.s1 - width, self.s1)
        }
    }

    /// What stands behind the last hall: a shed or a tree.
    fn rear(&self, canvas: &mut Canvas, stream: &mut Stream, from: Dm) {
        let depth = self.strip.depth();
        let (deep, wide) = (stream.whole(34, 60).min(depth - from), stream.whole(36, 68));
        let wide = wide.min(self.s1 - self.s0);
        let (a, b) = self.at_one_side(stream, wide);
        if deep >= 25 && stream.chance(0.3) {
            let back = depth - deep;
            let ring = self
                .strip
                .ring(&[[a, back], [b, back], [b, depth], [a, depth]]);
            let mut shed = self.lesser(ring);
            shed.eaves_m = stream.between(2.3, 2.9);
            canvas.drafts.push(shed);
        } else if depth - from > 35 {
            let at = [(self.s0 + self.s1) / 2, (from + depth) / 2];
            canvas.tree(self.strip.at(at), stream.between(4.0, 8.0));
        }
    }

    /// One long house of several bays with yards behind it.
    fn row(&self, canvas: &mut Canvas, stream: &mut Stream, manner: &Manner) {
        let front = self.setback(stream);
        let depth = self.strip.depth();
        let mut back = front + stream.whole(66, 86);
        if depth - back < 20 {
            back = depth;
        }
        let ring = self.strip.ring(&[
            [self.s0, front],
            [self.s1, front],
            [self.s1, back],
            [self.s0, back],
        ]);
        let house = self.house(stream, manner, vec![ring]);
        canvas.drafts.push(self.front_of(house));
        let behind = depth - back;
        if behind >= 100 && stream.chance(0.75) {
            // A second row across the yard, lower and shorter.
            let wide = (self.s1 - self.s0) * stream.whole(70, 100) / 100;
            let deep = stream.whole(56, 72);
            let (a, b) = self.at_one_side(stream, wide);
            let ring =
                self.strip
                    .ring(&[[a, depth - deep], [b, depth - deep], [b, depth], [a, depth]]);
            let mut second = self.house(stream, manner, vec![ring]);
            second.storeys = 1;
            second.eaves_m = manner.storey_m;
            second.roof = RoofStyle::Gable;
            canvas.drafts.push(second);
            self.yard_trees(canvas, stream, back, depth - deep);
        } else if behind >= 25 {
            self.rear(canvas, stream, back);
            self.yard_trees(canvas, stream, back, depth);
        }
    }

    fn yard_trees(&self, canvas: &mut Canvas, stream: &mut Stream, from: Dm, to: Dm) {
        if to - from > 40 && stream.chance(0.5) {
            let s = stream.whole(self.s0 + 15, self.s1 - 15);
            canvas.tree(
                self.strip.at([s, (from + to) / 2]),
                stream.between(4.5, 9.0),
            );
        }
    }

    /// A house round one or two courts: front hall, wings, back hall under one outline.
    fn compound(&self, canvas: &mut Canvas, stream: &mut Stream, manner: &Manner) {
        let front = self.setback(stream);
        let back = self.strip.depth() - [0, stream.whole(8, 16)][stream.index(2)];
        // Three bands of one depth, so that the ridges of a roof in bands stand over the halls.
        let band = (back - front) / 3;
        let outer = [
            [self.s0, front],
            [self.s1, front],
            [self.s1, back],
            [self.s0, back],
        ];
        let mut rings = vec![self.strip.ring(&outer)];
        let wide = self.s1 - self.s0;
        let courts = if wide > 290 { 2 } else { 1 };
        let wing = stream.whole(30, 46);
        let between = stream.whole(36, 56);
        let court = (wide - 2 * wing - (courts - 1) * between) / courts;
        for index in 0..courts {
            let a = self.s0 + wing + index * (court + between);
            let hole = [
                [a, front + band],
                [a + court, front + band],
                [a + court, back - band],
                [a, back - band],
            ];
            let ring = self.strip.ring(&hole);
            canvas.open.push(super::canvas::Open {
                ring: ring.clone(),
                kind: GroundAreaKind::Courtyard,
                name: None,
            });
            if stream.chance(0.45) {
                let middle = [a + court / 2, (front + back) / 2];
                canvas.tree(self.strip.at(middle), stream.between(4.0, 7.0));
            }
            let mut hole = counter_clockwise(ring);
            hole.reverse();
            rings.push(hole);
        }
        let house = self.house(stream, manner, rings);
        canvas.drafts.push(self.front_of(house));
    }

    /// An open yard with a tree or two and a shed.
    fn yard(&self, canvas: &mut Canvas, stream: &mut Stream) {
        let depth = self.strip.depth();
        let yard = self.strip.rect(self.s0 + 4, 10, self.s1 - 4, depth - 70);
        if yard.depth() > 20 && yard.width() > 20 {
            canvas.open(yard, GroundAreaKind::Green, None);
            let s = (self.s0 + self.s1) / 2;
            canvas.tree(self.strip.at([s, depth / 3]), stream.between(6.0, 11.0));
        }
        self.rear(canvas, stream, depth - 60);
    }
}

/// A hall shallower than this is a shed.
const LEAST_HALL: Dm = 58;
