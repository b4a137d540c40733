//! The title and the buttons under it.

use crate::portrayal::look::Theme;
use crate::portrayal::overlay::{Face, Rect};
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{Hit, LayerOffer};

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
