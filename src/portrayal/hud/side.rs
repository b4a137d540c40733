//! The right side of a wall from top to bottom: card, what explains the map, houses by rank, counts, health,
//! legend. What does not fit goes, the legend first; the card pushes out what is least needed.

use crate::portrayal::chart::CardCharts;
use crate::portrayal::overlay::Rect;

use super::card::{FIXED_EM, card};
use super::charts;
use super::compose::GAP_EM;
use super::legend::legend;
use super::map_key::MapKey;
use super::pen::Pen;
use super::ranked::{self, ranked};
use super::situation::{counts, health};

/// Where the side stands, and how far down it goes.
struct Side {
    x: f32,
    y: f32,
    w: f32,
    bottom: f32,
    gap: f32,
}

/// What explains the map's colours, as large as it is drawn beside a card.
struct Key<'a> {
    key: MapKey<'a>,
    is_brief: bool,
    /// Its height with the air below.
    height: f32,
}

/// Lays the side out.
pub(super) fn side(pen: &mut Pen, [x, y]: [f32; 2], w: f32, bottom: f32) {
    let mut side = Side {
        x,
        y,
        w,
        bottom,
        gap: pen.em * GAP_EM,
    };
    let key = side.key(pen);
    let mut lower = bottom;
    if pen.input.facts.card.is_some() {
        lower = side.card(pen, key.as_ref());
    }
    if let Some(key) = &key {
        // Colours on the map that nobody explains would be worse than a count less.
        side.keep(pen, bottom, |pen, at, w| key.draw(pen, at, w));
    }
    if let Some(list) = &pen.input.facts.ranked
        && bottom - side.y > pen.em * ranked::LEAST_EM
    {
        let left = bottom - side.y;
        side.keep(pen, bottom, |pen, at, w| ranked(pen, at, w, left, list));
    }
    let least_health = pen.em * 8.0 + side.gap;
    side.keep(pen, lower - least_health, counts);
    let left = lower - side.y;
    side.keep(pen, lower, |pen, at, w| health(pen, at, w, left));
    side.keep(pen, bottom, |pen, at, w| legend(pen, at, w, false));
}

impl Key<'_> {
    fn draw(&self, pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
        match self.is_brief {
            true => self.key.draw_brief(pen, at, w),
            false => self.key.draw(pen, at, w),
        }
    }
}

impl Side {
    /// Draws an island below the others; forgets it where it reaches too far down.
    fn keep(
        &mut self,
        pen: &mut Pen,
        lower: f32,
        draw: impl FnOnce(&mut Pen, [f32; 2], f32) -> Rect,
    ) {
        let before = pen.moment();
        let shown = draw(pen, [self.x, self.y], self.w);
        if shown.y + shown.h > lower + 0.5 {
            pen.forget(before);
        } else {
            self.y = shown.y + shown.h + self.gap;
        }
    }

    /// What explains the map's colours keeps its room; beside a chart grades alone do.
    fn key<'a>(&self, pen: &mut Pen<'a>) -> Option<Key<'a>> {
        let key = MapKey::of(pen.input.facts)?;
        let has_card = pen.input.facts.card.is_some();
        let wanted_em = Some(charts::wanted_em(pen)).filter(|em| has_card && *em > 0.0);
        let wanted = wanted_em.map_or(0.0, |em| pen.em * (em + FIXED_EM));
        let mut made = Key {
            key,
            is_brief: false,
            height: 0.0,
        };
        made.height = self.height_of(pen, |pen, at, w| made.draw(pen, at, w)) + self.gap;
        made.is_brief = self.bottom - self.y - made.height < wanted;
        if made.is_brief {
            made.height = self.height_of(pen, |pen, at, w| made.draw(pen, at, w)) + self.gap;
        }
        Some(made)
    }

    /// How tall something would be that is not drawn.
    fn height_of(&self, pen: &mut Pen, draw: impl FnOnce(&mut Pen, [f32; 2], f32) -> Rect) -> f32 {
        let before = pen.moment();
        let height = draw(pen, [self.x, self.y], self.w).h;
        pen.forget(before);
        height
    }

    /// The card; gives how far down what comes below it may reach. Beside charts the legend keeps its room.
    fn card(&mut self, pen: &mut Pen, key: Option<&Key>) -> f32 {
        let facts = pen.input.facts;
        let Some(selected) = &facts.card else {
            return self.bottom;
        };
        let has_charts = facts.charts != CardCharts::None;
        let mut lower = self.bottom;
        if has_charts && key.is_none() {
            lower -= self.height_of(pen, |pen, at, w| legend(pen, at, w, false)) + self.gap;
        }
        // What was opened for somebody, and how a house moves, is what they need most now.
        let is_opened = facts.signed_in.is_some();
        let share = if is_opened || has_charts { 0.75 } else { 0.5 };
        let key_h = key.map_or(0.0, |key| key.height);
        let h_max = ((self.bottom - self.y) * share).min(lower - self.y - key_h);
        let shown = card(pen, [self.x, self.y], self.w, h_max, selected);
        self.y = shown.y + shown.h + self.gap;
        lower
    }
}
