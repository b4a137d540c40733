//! The legend: every sign on the map with its word.

use crate::model::{Difference, Grade};
use crate::portrayal::alarms::{Sign, ring, sign};
use crate::portrayal::overlay::{Form, Rect, Rgba};
use crate::portrayal::words::{Key, Words};

use super::pen::Pen;
use super::{Compared, HudFacts, say};

#[derive(Debug, Clone, Copy)]
enum Figure {
    Grade(Grade),
    Unacknowledged,
    Returned,
    Device,
    Silent,
    Camera,
    Heritage,
    Difference(Difference),
    /// A place in `Compared::others`.
    Other(usize),
    Proposed,
}

/// What stands first in a picture of two versions.
const COMPARED: [Figure; 4] = [
    Figure::Difference(Difference::Added),
    Figure::Difference(Difference::Removed),
    Figure::Difference(Difference::Changed),
    Figure::Difference(Difference::Same),
];

const ORDER: [Figure; 10] = [
    Figure::Grade(Grade::Red),
    Figure::Unacknowledged,
    Figure::Grade(Grade::Orange),
    Figure::Returned,
    Figure::Grade(Grade::Yellow),
    Figure::Device,
    Figure::Grade(Grade::Blue),
    Figure::Silent,
    Figure::Camera,
    Figure::Heritage,
];

/// The signs of a picture, in order. A picture of two versions has no live data, so no alarm and
/// no device is explained: their red and orange would be read as removed and changed.
fn figures(facts: &HudFacts) -> Vec<Figure> {
    if let Some(compared) = &facts.comparison {
        let others = (0..compared.others.len()).map(Figure::Other);
        return COMPARED.into_iter().chain(others).collect();
    }
    // A sign that few cities show is there where it is needed.
    let proposed = (facts.counts.proposed > 0).then_some(Figure::Proposed);
    ORDER.into_iter().chain(proposed).collect()
}

/// What the picture is explained as; of two versions, which they are.
pub(super) fn title(facts: &HudFacts, words: &Words) -> String {
    let Some(Compared { from, to, .. }) = &facts.comparison else {
        return words.get(Key::Legend);
    };
    let versions = [("from", from.to_string()), ("to", to.to_string())];
    words.format(Key::LegendVersions, &versions)
}

/// The island of the legend; with `counted` the grades carry the number of open alarms.
pub(super) fn legend(pen: &mut Pen, at: [f32; 2], w: f32, counted: bool) -> Rect {
    let (facts, words) = (pen.input.facts, pen.input.words);
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let (title, figures) = (title(facts, words), figures(facts));
        pen.text(inner.x, inner.y + em * 0.8, &title, pen.bold(1.25), inner.w);
        let top = inner.y + em * 1.85;
        let pitch = em * 1.7;
        // The first column is as wide as its words; the second has the rest.
        let texts = figures.iter();
        let texts: Vec<_> = texts
            .map(|figure| text_of(facts, words, *figure, counted))
            .collect();
        let firsts = texts
            .iter()
            .step_by(2)
            .map(|text| pen.width(text, pen.sans(1.0)));
        let first_w = (firsts.fold(0.0, f32::max) + em * 3.2).min(inner.w * 0.5);
        for (index, (figure, text)) in figures.iter().zip(&texts).enumerate() {
            let (x, w) = match index % 2 {
                0 => (inner.x, first_w),
                _ => (inner.x + first_w, inner.w - first_w),
            };
            let mid = top + pitch * ((index / 2) as f32 + 0.5);
            draw(pen, *figure, [x + em * 0.75, mid]);
            pen.text(x + em * 2.0, mid, text, pen.sans(1.0), w - em * 2.0);
        }
        top + pitch * figures.len().div_ceil(2) as f32
    })
}

/// The width that the legend wants where it stands alone.
pub(super) fn legend_width(pen: &Pen) -> f32 {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let texts = figures(facts);
    let texts = texts
        .iter()
        .map(|figure| text_of(facts, words, *figure, true));
    let widths = texts.map(|text| pen.width(&text, pen.sans(1.0)));
    let column = widths.fold(0.0, f32::max) + pen.em * 2.5;
    let title = pen.width(&title(facts, words), pen.bold(1.25));
    ((column * 2.0).max(title) + pen.em * 1.8).clamp(pen.em * 14.0, pen.em * 22.5)
}

fn text_of(facts: &HudFacts, words: &Words, figure: Figure, counted: bool) -> String {
    let key = match figure {
        Figure::Grade(grade) => {
            let name = words.name("grade", grade.as_str());
            let at = Grade::ALL.iter().position(|other| *other == grade);
            let open = at.map_or(0, |at| facts.by_grade[at]);
            return if counted {
                format!("{name} {}", say::number(open))
            } else {
                name
            };
        }
        Figure::Unacknowledged => Key::LegendUnacknowledged,
        Figure::Returned => Key::LegendReturned,
        Figure::Device => Key::LegendDevice,
        Figure::Silent => Key::LegendSilent,
        Figure::Camera => Key::LegendCamera,
        Figure::Heritage => Key::LegendHeritage,
        Figure::Difference(difference) => return difference_text(facts, words, difference),
        Figure::Other(place) => return other_text(facts, words, place),
        Figure::Proposed => Key::LegendProposed,
    };
    words.get(key)
}

fn difference_text(facts: &HudFacts, words: &Words, difference: Difference) -> String {
    let Some(compared) = &facts.comparison else {
        return String::new();
    };
    let (key, count) = match difference {
        Difference::Added => (Key::LegendAdded, compared.added),
        Difference::Removed => (Key::LegendRemoved, compared.removed),
        Difference::Changed => (Key::LegendChanged, compared.changed),
        Difference::Same => (Key::LegendSame, compared.same),
    };
    words.format(key, &[("n", say::number(count))])
}

/// A kind beside buildings with what was added, removed and changed of it: `Roads +3 −1 ±2`.
fn other_text(facts: &HudFacts, words: &Words, place: usize) -> String {
    let compared = facts.comparison.as_ref();
    let Some((kind, counts)) = compared.and_then(|compared| compared.others.get(place)) else {
        return String::new();
    };
    let mut text = words.name("records", kind.as_str());
    for (sign, count) in ['+', '−', '±'].iter().zip(counts) {
        if *count > 0 {
            text.push_str(&format!(" {sign}{}", say::number(*count)));
        }
    }
    text
}

fn draw(pen: &mut Pen, figure: Figure, at: [f32; 2]) {
    let (em, look) = (pen.em, pen.look());
    let signed = |pen: &mut Pen, grade, size, hollow| {
        let glyph = None;
        let one = Sign {
            at,
            size,
            grade,
            glyph,
            hollow,
        };
        sign(&mut pen.shapes, look, pen.input.measure, &one);
    };
    match figure {
        Figure::Grade(grade) => signed(pen, grade, em * 1.25, false),
        Figure::Returned => signed(pen, Grade::Orange, em * 1.25, true),
        Figure::Unacknowledged => {
            ring(&mut pen.shapes, at, em * 0.8, look.grades[0], None);
            signed(pen, Grade::Red, em * 0.8, false);
        }
        Figure::Device => pen.mark(at, em * 0.8, Form::Disc, look.device, 0.0),
        Figure::Silent => pen.mark(at, em, Form::Hatched, look.silent, 0.0),
        Figure::Camera => pen.mark(at, em * 1.1, Form::Wedge, look.camera, 0.6),
        Figure::Heritage => house(pen, at, look.wall_lit, look.heritage),
        Figure::Difference(difference) => {
            let color = match difference {
                Difference::Added => look.added,
                Difference::Removed => look.removed,
                Difference::Changed => look.changed,
                Difference::Same => look.same,
            };
            house(pen, at, color, look.rule);
        }
        // Its words tell the kind, its signs what became of it: each colour is explained above.
        Figure::Other(_) => {}
        Figure::Proposed => house(pen, at, look.timber, look.rule),
    }
}

fn house(pen: &mut Pen, at: [f32; 2], fill: Rgba, edge: Rgba) {
    let em = pen.em;
    let rect = Rect {
        x: at[0] - em * 0.5,
        y: at[1] - em * 0.4,
        w: em,
        h: em * 0.8,
    };
    pen.fill(rect, 0.0, fill, Some(edge));
}
