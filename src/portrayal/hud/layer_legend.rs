//! The legend of a layer: what is shown, its classes with their figures, the day, where the figures
//! come from. Never tells a figure that the layer does not hold.

use crate::model::query::Suppressed;
use crate::portrayal::layer::{Basis, Extent, LayerClass, LayerFacts, LayerKind, Meaning};
use crate::portrayal::overlay::{Rect, Rgba};
use crate::portrayal::words::{Key, Words};

use super::pen::Pen;
use super::say;
use super::sheet_legend::{sheet_ramp, sheet_remarks, sheet_signs, sheet_width};

/// A share in per cent, with one decimal.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// What a layer is called.
pub(super) fn title(kind: LayerKind, words: &Words) -> String {
    match kind {
        LayerKind::Quality { measure, by } => {
            let measure = words.name("layer-measure", measure.as_str());
            let by = words.name("layer-level", by.as_str());
            words.format(Key::LayerQuality, &[("measure", measure), ("by", by)])
        }
        LayerKind::Coverage => words.get(Key::LayerCoverage),
        LayerKind::Settlement { .. } => words.get(Key::LayerSettlement),
    }
}

fn text_of(class: &LayerClass, words: &Words) -> String {
    let meaning = match class.meaning {
        Meaning::Band(low, high) => format!("{low}–{high} %"),
        Meaning::Untold => words.get(Key::LayerUntold),
        Meaning::Seen { cameras, or_more } => {
            let key = match (or_more, cameras) {
                (true, _) => Key::LayerSeenMore,
                (false, 1) => Key::LayerSeenOne,
                (false, _) => Key::LayerSeen,
            };
            words.format(key, &[("n", cameras.to_string())])
        }
        Meaning::Turning => words.get(Key::LayerTurning),
        Meaning::BlindRoad => words.get(Key::LayerBlindRoad),
        Meaning::BlindOpen => words.get(Key::LayerBlindOpen),
    };
    let extent = match class.extent {
        Extent::Areas(count) => words.format(Key::LayerAreas, &[("n", say::number(count))]),
        Extent::Ground(share) => percent(share),
    };
    format!("{meaning} · {extent}")
}

fn told(count: Suppressed, words: &Words) -> String {
    match count {
        Suppressed::Told(count) => say::number(count),
        Suppressed::AtLeast(least) => words.format(Key::CardAtLeast, &[("n", say::number(least))]),
        Suppressed::KeptBack => words.get(Key::LayerKeptBack),
    }
}

/// The lines under the classes.
fn remarks(pen: &Pen, facts: &LayerFacts) -> Vec<String> {
    let words = pen.input.words;
    let mut lines = Vec::new();
    match &facts.basis {
        Basis::Residents {
            count,
            share,
            unplaced,
        } => {
            let share = share.map_or_else(|| words.get(Key::LayerKeptBack), percent);
            let args = [("share", share), ("n", told(*count, words))];
            lines.push(words.format(Key::LayerOverAll, &args));
            if *unplaced != Suppressed::Told(0) {
                let args = [("n", told(*unplaced, words))];
                lines.push(words.format(Key::LayerUnplaced, &args));
            }
        }
        Basis::Cameras {
            count,
            cell_m,
            seen,
        } => {
            let [roads, open, facades] = seen.map(percent);
            let args = [("roads", roads), ("open", open), ("facades", facades)];
            lines.push(words.format(Key::LayerSeenShares, &args));
            let args = [("n", say::number(*count)), ("m", format!("{cell_m}"))];
            lines.push(words.format(Key::LayerCameras, &args));
        }
        Basis::Settlement(settled) => return sheet_remarks(pen, settled),
    }
    lines.push(words.format(Key::LayerAsOf, &[("date", facts.as_of.clone())]));
    lines
}

/// The island of a layer's legend.
pub(super) fn layer_legend(pen: &mut Pen, at: [f32; 2], w: f32, facts: &LayerFacts) -> Rect {
    let words = pen.input.words;
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mut y = inner.y + em * 0.8;
        for line in pen.wrapped(&title(facts.kind, words), pen.bold(1.25), inner.w) {
            pen.text(inner.x, y, &line, pen.bold(1.25), inner.w);
            y += em * 1.5;
        }
        if let Basis::Settlement(settled) = &facts.basis {
            y = sheet_signs(pen, inner, y, settled);
        }
        let pitch = em * 1.6;
        let colors = facts.kind.colors(pen.look());
        for class in &facts.classes {
            let color = colors[usize::from(class.class).min(colors.len() - 1)];
            swatch(pen, [inner.x, y + em * 0.1], color, class.meaning);
            let text = text_of(class, words);
            pen.text(
                inner.x + em * 2.4,
                y + em * 0.1,
                &text,
                pen.sans(1.0),
                inner.w - em * 2.4,
            );
            y += pitch;
        }
        y -= em * 0.35;
        for remark in remarks(pen, facts) {
            for line in pen.wrapped(&remark, pen.quiet(1.0), inner.w) {
                pen.text(inner.x, y + em * 0.3, &line, pen.quiet(1.0), inner.w);
                y += em * 1.35;
            }
        }
        y - em * 0.4
    })
}

/// Title and signs of a sheet alone, where there is no room for more; of another layer all of it.
pub(super) fn brief_layer_legend(pen: &mut Pen, at: [f32; 2], w: f32, facts: &LayerFacts) -> Rect {
    let Basis::Settlement(settled) = &facts.basis else {
        return layer_legend(pen, at, w, facts);
    };
    pen.island(at, w, |pen, inner| {
        let (em, words) = (pen.em, pen.input.words);
        let mut y = inner.y + em * 0.8;
        let title = title(facts.kind, words);
        pen.text(inner.x, y, &title, pen.bold(1.25), inner.w);
        y = sheet_signs(pen, inner, y + em * 1.6, settled);
        let screening = words.get(Key::SheetScreening);
        pen.text(inner.x, y, &screening, pen.quiet(1.0), inner.w);
        y + em * 0.7
    })
}

/// Title and ramp of a sheet alone, below another legend that leaves no room for more.
pub(super) fn ramp_legend(pen: &mut Pen, at: [f32; 2], w: f32, facts: &LayerFacts) -> Rect {
    let Basis::Settlement(settled) = &facts.basis else {
        return layer_legend(pen, at, w, facts);
    };
    pen.island(at, w, |pen, inner| {
        let (em, title) = (pen.em, title(facts.kind, pen.input.words));
        let mut y = inner.y + em * 0.6;
        for line in pen.wrapped(&title, pen.bold(1.0), inner.w) {
            pen.text(inner.x, y, &line, pen.bold(1.0), inner.w);
            y += em * 1.3;
        }
        sheet_ramp(pen, inner, y + em * 0.1, settled) - em * 0.8
    })
}

/// The width that the legend of a layer wants where it stands alone.
pub(super) fn layer_legend_width(pen: &Pen, facts: &LayerFacts) -> f32 {
    let words = pen.input.words;
    let title = pen.width(&title(facts.kind, words), pen.bold(1.25)) + pen.em * 1.9;
    if let Basis::Settlement(settled) = &facts.basis {
        return sheet_width(pen, settled).max(title).min(pen.em * 26.0);
    }
    let texts = facts.classes.iter().map(|class| text_of(class, words));
    let widths = texts.map(|text| pen.width(&text, pen.sans(1.0)));
    let rows = widths.fold(0.0, f32::max) + pen.em * 2.4;
    (rows + pen.em * 1.9)
        .max(title)
        .clamp(pen.em * 16.0, pen.em * 24.0)
}

/// A piece of the class, its left middle at a place; hatched where its ground is.
fn swatch(pen: &mut Pen, at: [f32; 2], color: Rgba, meaning: Meaning) {
    let em = pen.em;
    let (w, h) = (em * 1.7, em * 1.1);
    let rect = Rect {
        x: at[0],
        y: at[1] - h / 2.0,
        w,
        h,
    };
    let rule = pen.look().text_secondary;
    pen.fill(rect, 0.0, color, Some(rule));
    if !meaning.is_hatched() {
        return;
    }
    let stripe = pen.look().ground;
    let steps = 4;
    for step in 1..=steps {
        // From the lower left to the upper right, cut at the edges of the swatch.
        let off = (w + h) * step as f32 / (steps + 1) as f32;
        let from = [rect.x + (off - h).max(0.0), rect.y + off.min(h)];
        let to = [rect.x + off.min(w), rect.y + (off - w).max(0.0)];
        pen.line(from, to, em * 0.16, stripe);
    }
}
