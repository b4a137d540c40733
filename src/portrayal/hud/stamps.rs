//! The stamps that no picture may go without: drill, simulated, replayed, made up, and by how much
//! deformation is drawn larger than it is. Used by the bottom line. Never left out to save room.

use crate::base::Timestamp;
use crate::portrayal::deform::DeformFacts;
use crate::portrayal::layer::{Basis, LayerFacts};
use crate::portrayal::words::Key;

use super::HudMode;
use super::layer_legend::title;
use super::line::Item;
use super::pen::Pen;
use super::say;

/// Stamps that no picture may go without.
pub(super) fn stamps(pen: &Pen) -> Vec<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let mut items = Vec::new();
    if facts.feed.exercise {
        items.push(Item::Stamp(words.get(Key::StampExercise), true));
    }
    if facts.feed.simulated {
        items.push(Item::Stamp(words.get(Key::StampSimulated), false));
    }
    if facts.feed.replayed {
        items.push(Item::Stamp(words.get(Key::StampReplayed), true));
    }
    if facts.synthetic {
        items.push(Item::Stamp(words.get(Key::StampSynthetic), false));
    }
    let deformed = facts.deformed.map(|deformed| deformed_text(pen, &deformed));
    items.extend(deformed.map(|text| Item::Stamp(text, true)));
    // Where there is no legend a layer is named at least.
    let bare = facts
        .layer
        .as_ref()
        .filter(|_| pen.input.mode == HudMode::None);
    items.extend(bare.map(|layer| Item::Stamp(layer_text(pen, layer), false)));
    items
}

/// The name of a layer; of a sheet of settlement also what it is, of when, and its interval.
fn layer_text(pen: &Pen, layer: &LayerFacts) -> String {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let name = title(layer.kind, words);
    let Basis::Settlement(settled) = &layer.basis else {
        return name;
    };
    let time = |at: Timestamp| at.local(facts.utc_offset_minutes, "%Y-%m-%d %H:%M");
    match (&settled.told, settled.measured_at) {
        (Ok(told), Some(at)) => {
            let mm = told.every.figure(told.every.mm());
            words.format(Key::StampSheet, &[("mm", mm), ("time", time(at))])
        }
        (Ok(_), None) => name,
        (Err(why), _) => {
            let args = [("n", say::number(settled.points)), ("why", why.text(words))];
            format!("{name} · {}", words.format(Key::SheetNone, &args))
        }
    }
}

/// "deformation ×100 · screening, not appraisal · readings of …": the factor, what it is, and of when.
fn deformed_text(pen: &Pen, deformed: &DeformFacts) -> String {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let told = |at: Timestamp| at.local(facts.utc_offset_minutes, "%Y-%m-%d %H:%M");
    let mut factor = deformed.factor.to_string();
    if let Some(since) = deformed.since {
        factor += &format!(
            " · {}",
            words.format(Key::StampSince, &[("time", told(since))])
        );
    }
    let factor = ("factor", factor);
    match deformed.measured_at {
        Some(at) => words.format(Key::StampDeformed, &[factor, ("time", told(at))]),
        None => words.format(Key::StampDeformedEmpty, &[factor]),
    }
}

/// The same in few words: one strong stamp, one plain.
pub(super) fn short_stamps(pen: &Pen) -> Vec<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let said = |is_so: bool, key| is_so.then(|| words.get(key));
    let layer = facts.layer.as_ref();
    let has_sheet = layer.is_some_and(|one| matches!(one.basis, Basis::Settlement(_)));
    let strong = [
        said(facts.feed.exercise, Key::StampExerciseShort),
        said(facts.feed.replayed, Key::StampReplayedShort),
        facts.deformed.map(|deformed| {
            let args = [("factor", deformed.factor.to_string())];
            words.format(Key::StampDeformedShort, &args)
        }),
    ];
    let plain = [
        said(facts.feed.simulated, Key::StampSimulatedShort),
        said(facts.synthetic, Key::StampSyntheticShort),
        said(has_sheet, Key::StampSheetShort),
    ];
    let joined = |parts: &[Option<String>]| {
        let parts: Vec<_> = parts.iter().flatten().cloned().collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    };
    let strong = joined(&strong).map(|text| Item::Stamp(text, true));
    strong
        .into_iter()
        .chain(joined(&plain).map(|text| Item::Stamp(text, false)))
        .collect()
}
