//! The banners on top: contact is lost, the archive does not take what comes, or there is no city
//! to draw.

use crate::portrayal::look::Look;
use crate::portrayal::overlay::{Rect, Rgba};
use crate::portrayal::words::Key;

use super::pen::Pen;
use super::{Hit, LayerOffer, LinkState, say};

/// What must be said before anything else. Gives the lower end.
pub(super) fn banners(pen: &mut Pen, at: [f32; 2], w: f32, step: f32) -> f32 {
    let mut y = at[1];
    for (text, fill, ink) in warnings(pen, pen.look()) {
        let rect = Rect {
            x: at[0],
            y,
            w,
            h: pen.em * step * 1.9,
        };
        pen.fill(rect, pen.em * 0.4, fill, None);
        pen.hits.push((rect, Hit::Panel));
        pen.panels.push(rect);
        let ty = pen.typed(step, pen.bold(1.0).face, ink);
        let middle = [rect.x + w / 2.0, y + rect.h / 2.0];
        pen.text_centered(middle[0], middle[1], &text, ty, w - pen.em * 1.6);
        y += rect.h + pen.em * 0.6;
    }
    y
}

fn warnings(pen: &Pen, look: &Look) -> Vec<(String, Rgba, Rgba)> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let mut list = Vec::new();
    let time = |at| say::time_of(at, facts.now, facts.utc_offset_minutes);
    if let LinkState::Lost { since } = facts.link {
        let text = match (facts.data_at, facts.data_age()) {
            (Some(at), Some(age)) => {
                let args = [("time", time(at)), ("age", say::ago(words, age))];
                words.format(Key::LinkLost, &args)
            }
            _ => words.format(Key::LinkLostNoData, &[("time", time(since))]),
        };
        list.push((text, look.danger, look.on_danger));
    }
    if facts.uncommitted {
        list.push((words.get(Key::Uncommitted), look.caution, look.on_caution));
    }
    if let Some(reason) = &facts.rules_refused {
        let text = words.format(Key::RulesRefused, &[("reason", reason.clone())]);
        list.push((text, look.caution, look.on_caution));
    }
    if let LayerOffer::Refused { reason } = &facts.layers {
        let text = words.format(Key::LayerRefused, &[("reason", reason.clone())]);
        list.push((text, look.caution, look.on_caution));
    }
    if facts.is_bare {
        list.push((words.get(Key::NothingToDraw), look.caution, look.on_caution));
    }
    list
}
