//! The title and the buttons under it, and the card of what is selected.

use crate::portrayal::card::{Card, CardRoom};
use crate::portrayal::look::Theme;
use crate::portrayal::overlay::{Face, Rect};
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{Hit, LayerOffer, charts};

/// Most saved views with a button of their own.
const VIEWS_MAX: usize = 9;

/// The title's island: product, city, buttons.
pub(super) fn title(pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
    let (facts, words) = (pen.input.facts, pen.input.words);
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mid = inner.y + em * 1.15;
        let free = if pen.has_buttons() {
            switches(pen, inner, mid)
        } else {
            inner.w
        };
        let name = words.get(Key::Product);
        let large = pen.typed(2.0, Face::Serif, pen.look().text);
        let used = pen.text(inner.x, mid, &name, large, free);
        let second = words.get(Key::ProductSecond);
        let ty = pen.typed(1.25, Face::Serif, pen.look().text_secondary);
        let room = free - used - em * 0.6;
        // Cut in half the second name says nothing: it stands whole or not at all.
        if pen.width(&second, ty) <= room {
            pen.text(inner.x + used + em * 0.6, mid + em * 0.2, &second, ty, room);
        }
        let city = words.lang().pick(&facts.city_name_zh, &facts.city_name_en);
        pen.text(inner.x, inner.y + em * 3.0, city, pen.sans(1.0), inner.w);
        let y = inner.y + em * 3.8;
        let has_row = !facts.views.is_empty() || facts.layers != LayerOffer::None;
        if pen.has_buttons() && has_row {
            views(pen, inner, y)
        } else {
            y
        }
    })
}

/// Theme and language at the right; gives the width that is left.
fn switches(pen: &mut Pen, inner: Inner, mid: f32) -> f32 {
    let (em, words) = (pen.em, pen.input.words);
    let theme = match pen.look().theme.other() {
        Theme::Ink => Key::ThemeInk,
        Theme::Night => Key::ThemeNight,
    };
    let mut x = inner.x + inner.w;
    for (key, hit) in [(Key::OtherLang, Hit::Lang), (theme, Hit::Theme)] {
        let label = words.get(key);
        let w = pen.width(&label, pen.sans(1.0)) + em * 1.0;
        x -= w;
        let rect = Rect {
            x,
            y: mid - em * 0.8,
            w,
            h: em * 1.6,
        };
        pen.button(rect, &label, hit);
        x -= em * 0.5;
    }
    x - inner.x
}

fn views(pen: &mut Pen, inner: Inner, y: f32) -> f32 {
    let em = pen.em;
    let count = pen.input.facts.views.len().min(VIEWS_MAX);
    let (w, gap) = (em * 1.7, em * 0.4);
    let used = layer_button(pen, inner, y);
    let left = Inner {
        w: inner.w - used,
        ..inner
    };
    let room = left.w - deform_button(pen, left, y);
    let shown = count.min(((room + gap) / (w + gap)).max(0.0) as usize);
    for index in 0..shown {
        let rect = Rect {
            x: inner.x + (w + gap) * index as f32,
            y: y + em * 0.2,
            w,
            h: em * 1.6,
        };
        pen.button(rect, &(index + 1).to_string(), Hit::SavedView(index));
    }
    y + em * 1.8
}

/// The button that steps through the layers, with its key, at the right; gives the width it takes.
fn layer_button(pen: &mut Pen, inner: Inner, y: f32) -> f32 {
    let (em, words) = (pen.em, pen.input.words);
    let key = match &pen.input.facts.layers {
        LayerOffer::None => return 0.0,
        LayerOffer::Making => Key::LayerMaking,
        LayerOffer::Ready | LayerOffer::Refused { .. } => Key::Layer,
    };
    // As wide with and without the dots, so that nothing jumps.
    let widest = pen.width(&words.get(Key::LayerMaking), pen.sans(1.0));
    let w = widest + em * 1.0;
    let rect = Rect {
        x: inner.x + inner.w - w,
        y: y + em * 0.2,
        w,
        h: em * 1.6,
    };
    pen.button(rect, &words.get(key), Hit::Layer);
    w + em * 0.6
}

/// The button that shows buildings as they lean, with its key, at the right; gives the width it takes.
fn deform_button(pen: &mut Pen, inner: Inner, y: f32) -> f32 {
    let (em, facts, words) = (pen.em, pen.input.facts, pen.input.words);
    if !facts.can_deform {
        return 0.0;
    }
    let keys = [Key::Deform, Key::DeformOff];
    // As wide in both states, so that nothing jumps.
    let widths = keys.map(|key| pen.width(&words.get(key), pen.sans(1.0)));
    let w = widths[0].max(widths[1]) + em * 1.0;
    let rect = Rect {
        x: inner.x + inner.w - w,
        y: y + em * 0.2,
        w,
        h: em * 1.6,
    };
    let label = words.get(keys[usize::from(facts.deformed.is_some())]);
    pen.button(rect, &label, Hit::Deform);
    w + em * 0.6
}

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

/// The island of a card, at most `h_max` tall.
pub(super) fn card(pen: &mut Pen, at: [f32; 2], w: f32, h_max: f32, card: &Card) -> Rect {
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mid = inner.y + em * 0.9;
        let room = inner.w - close_button(pen, inner, mid);
        pen.text(inner.x, mid, &card.title, pen.bold(1.25), room);
        let mut y = inner.y + em * 2.1;
        let note_h = if card.note.is_some() { em * 1.6 } else { 0.0 };
        let pitch = em * 1.5;
        let lower = at[1] + h_max - em * 0.72;
        let kept = charts::kept(pen);
        let mut left = ((lower - note_h - kept - y) / pitch).max(0.0);
        let widest = |(label, _): &(String, String)| pen.width(label, pen.quiet(1.0));
        let label_w = card
            .lines
            .iter()
            .map(widest)
            .fold(0.0, f32::max)
            .min(inner.w * CardRoom::LABEL_SHARE);
        pen.card_room = CardRoom {
            lang: pen.input.words.lang(),
            lines: left,
            width_em: inner.w / em,
            label_em: label_w / em,
        };
        let x = inner.x + label_w + em * CardRoom::GAP_EM;
        for (label, value) in &card.lines {
            // What has no label has the whole width.
            let x = if label.is_empty() { inner.x } else { x };
            let value_w = inner.x + inner.w - x;
            let lines = pen.wrapped(value, pen.sans(1.0), value_w);
            let height = CardRoom::height_of(lines.len());
            left -= height;
            if left < 0.0 {
                break;
            }
            pen.text(inner.x, y + pitch * 0.5, label, pen.quiet(1.0), label_w);
            for (at, line) in lines.iter().enumerate() {
                let down = 0.5 + at as f32 * CardRoom::WITHIN;
                pen.text(x, y + pitch * down, line, pen.sans(1.0), value_w);
            }
            y += pitch * height;
        }
        if let Some(note) = &card.note {
            pen.text(inner.x, y + em * 0.9, note, pen.quiet(1.0), inner.w);
            y += note_h;
        }
        charts::on_card(pen, inner, y, lower)
    })
}
