//! The banners on top: contact is lost, the archive does not take what comes or was damaged, or there
//! is no city to draw.

use crate::base::Timestamp;
use crate::model::dispatch::Refused;
use crate::model::{LogDamage, Refusal};
use crate::portrayal::look::Look;
use crate::portrayal::overlay::{Rect, Rgba};
use crate::portrayal::words::{Key, Words};

use super::pen::Pen;
use super::{Hit, LayerOffer, LinkState, OrderAnswer, say};

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
    if let Some(undone) = facts.undone {
        let args = [
            ("n", undone.orders.to_string()),
            ("time", time(undone.found_at)),
        ];
        list.push((
            words.format(Key::OrdersUndone, &args),
            look.danger,
            look.on_danger,
        ));
    }
    if let Some(damage) = &facts.log_damage {
        list.push((
            log_damage(damage, &time, words),
            look.caution,
            look.on_caution,
        ));
    }
    if let Some(reason) = &facts.rules_refused {
        let text = words.format(Key::RulesRefused, &[("reason", reason.clone())]);
        list.push((text, look.caution, look.on_caution));
    }
    if let LayerOffer::Refused { reason } = &facts.layers {
        let text = words.format(Key::LayerRefused, &[("reason", reason.clone())]);
        list.push((text, look.caution, look.on_caution));
    }
    if let Some(answer) = &facts.answer {
        list.push((order_answer(answer, words), look.caution, look.on_caution));
    }
    if facts.is_bare {
        list.push((words.get(Key::NothingToDraw), look.caution, look.on_caution));
    }
    list
}

/// Why an order was not carried out.
fn order_answer(answer: &OrderAnswer, words: &Words) -> String {
    let refusal = match answer {
        OrderAnswer::Undelivered => return words.get(Key::OrderUndelivered),
        OrderAnswer::Refused(refusal) => refusal,
    };
    match refusal {
        Refusal::AlreadyAcknowledged { by, .. }
        | Refusal::Incident {
            refused: Refused::Acknowledged { by },
        } => words.format(Key::OrderTaken, &[("by", by.0.clone())]),
        Refusal::Incident {
            refused: Refused::HasWorsened { grade },
        } => {
            let grade = words.name("grade", grade.as_str());
            words.format(Key::OrderWorse, &[("grade", grade)])
        }
        other => words.format(Key::OrderRefused, &[("reason", other.to_string())]),
    }
}

/// What is lost of the log, and from when on it is whole again.
fn log_damage(damage: &LogDamage, time: &dyn Fn(Timestamp) -> String, words: &Words) -> String {
    let found = ("time", time(damage.found_at));
    let batches = damage.lost.iter();
    let batches: u64 = batches.map(|lost| lost.last - lost.first + 1).sum();
    match (damage.known_up_to, damage.lost.first(), damage.lost.last()) {
        (None, ..) => words.format(Key::LogLost, &[found]),
        (Some(_), Some(first), Some(last)) => {
            let span = [
                found,
                ("from", first.from.map_or("–".to_owned(), time)),
                ("to", time(last.to)),
                ("n", batches.to_string()),
            ];
            words.format(Key::LogHasHoles, &span)
        }
        (Some(at), ..) => words.format(Key::LogDamaged, &[found, ("to", time(at))]),
    }
}
