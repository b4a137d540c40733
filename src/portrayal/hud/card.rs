//! The card of what is selected. What was sudden and what was opened for its reader stand first, then what
//! the monitor says with the chart of the worst sensor, then everything else as far as there is room.

use crate::portrayal::card::{Card, CardRoom};
use crate::portrayal::overlay::Rect;
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{Hit, charts};

/// From line to line, ems.
const PITCH_EM: f32 = 1.5;
/// Height of a note with its air, ems.
const NOTE_EM: f32 = 1.6;
/// Height of the title, and air below all, ems.
pub(super) const FIXED_EM: f32 = 2.1 + 0.72 + 0.72;

/// The button that closes a card, at the right; gives the width it takes.
fn close_button(pen: &mut Pen, inner: Inner, mid: f32) -> f32 {
    if !pen.has_buttons() {
        return 0.0;
    }
    let em = pen.em;
    let label = pen.input.words.get(Key::Close);
    let w = pen.width(&label, pen.sans(1.0)) + em;
    let rect = Rect {
        x: inner.x + inner.w - w,
        y: mid - em * 0.75,
        w,
        h: em * 1.5,
    };
    pen.button(rect, &label, Hit::CloseCard);
    w + em * 0.6
}

/// Whether a card has nothing to say but what its charts say themselves.
fn is_screening(pen: &Pen, note: &str) -> bool {
    note == pen.input.words.get(Key::CardScreening)
}

/// The island of a card, at most `h_max` tall.
pub(super) fn card(pen: &mut Pen, at: [f32; 2], w: f32, h_max: f32, card: &Card) -> Rect {
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mid = inner.y + em * 0.9;
        let room = inner.w - close_button(pen, inner, mid);
        pen.text(inner.x, mid, &card.title, pen.bold(1.25), room);
        let y = inner.y + em * 2.1;
        let end = at[1] + h_max - em * 0.72;
        // Charts that are drawn say themselves that they are a screening.
        let says_so = charts::say_screening(pen, end - y);
        let note = card.note.as_deref();
        let note = note.filter(|note| !(says_so && is_screening(pen, note)));
        let lower = end - note.map_or(0.0, |_| em * NOTE_EM);
        let mut rows = Rows::of(pen, inner, card, [y, lower]);
        pen.card_room = rows.room(pen);
        rows.draw(pen, &card.first);
        // A large chart has grade, level and rate over it.
        if !charts::has_large(pen, inner.w, lower - rows.y) {
            rows.draw(pen, &card.judged);
        }
        rows.y = charts::on_card(pen, inner, rows.y, lower);
        rows.draw(pen, &card.lines);
        if let Some(note) = note {
            pen.text(inner.x, rows.y + em * 0.9, note, pen.quiet(1.0), inner.w);
            rows.y += em * NOTE_EM;
        }
        rows.y
    })
}

/// Labels and values under each other.
struct Rows {
    inner: Inner,
    label_w: f32,
    /// Where the next one begins, and where none may reach.
    y: f32,
    lower: f32,
}

impl Rows {
    fn of(pen: &Pen, inner: Inner, card: &Card, [y, lower]: [f32; 2]) -> Self {
        let all = card.first.iter().chain(&card.judged).chain(&card.lines);
        let widths = all.map(|(label, _)| pen.width(label, pen.quiet(1.0)));
        let widest = widths.fold(0.0, f32::max);
        Self {
            inner,
            label_w: widest.min(inner.w * CardRoom::LABEL_SHARE),
            y,
            lower,
        }
    }

    /// Lines of one row that still have room.
    fn left(&self, pen: &Pen) -> f32 {
        ((self.lower - self.y) / (pen.em * PITCH_EM)).max(0.0)
    }

    fn room(&self, pen: &Pen) -> CardRoom {
        CardRoom {
            lang: pen.input.words.lang(),
            lines: self.left(pen),
            width_em: self.inner.w / pen.em,
            label_em: self.label_w / pen.em,
        }
    }

    /// As many as have room; the first that has none ends it.
    fn draw(&mut self, pen: &mut Pen, lines: &[(String, String)]) {
        let (inner, pitch) = (self.inner, pen.em * PITCH_EM);
        let beside = inner.x + self.label_w + pen.em * CardRoom::GAP_EM;
        for (label, value) in lines {
            // What has no label has the whole width.
            let x = if label.is_empty() { inner.x } else { beside };
            let value_w = inner.x + inner.w - x;
            let values = pen.wrapped(value, pen.sans(1.0), value_w);
            let height = CardRoom::height_of(values.len());
            if height > self.left(pen) + 1e-3 {
                // What stands below would be read as its value.
                self.lower = self.y;
                return;
            }
            let mid = self.y + pitch * 0.5;
            pen.text(inner.x, mid, label, pen.quiet(1.0), self.label_w);
            for (at, line) in values.iter().enumerate() {
                let down = 0.5 + at as f32 * CardRoom::WITHIN;
                pen.text(x, self.y + pitch * down, line, pen.sans(1.0), value_w);
            }
            self.y += pitch * height;
        }
    }
}
