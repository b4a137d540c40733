//! The legend: every sign on the map with its word.

use crate::model::Grade;
use crate::portrayal::alarms::{Sign, ring, sign};
use crate::portrayal::overlay::{Form, Rect};
use crate::portrayal::words::{Key, Words};

use super::pen::Pen;
use super::{HudFacts, say};

#[derive(Debug, Clone, Copy)]
enum Figure {
    Grade(Grade),
    Unacknowledged,
    Returned,
    Device,
    Silent,
    Camera,
    Heritage,
    Proposed,
}

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

/// What the legend explains: a sign that no city shows but some is there where it is needed.
fn figures(facts: &HudFacts) -> Vec<Figure> {
    let proposed = (facts.counts.proposed > 0).then_some(Figure::Proposed);
    ORDER.into_iter().chain(proposed).collect()
}

/// The island of the legend; with `counted` the grades carry the number of open alarms.
pub(super) fn legend(pen: &mut Pen, at: [f32; 2], w: f32, counted: bool) -> Rect {
    let (facts, words) = (pen.input.facts, pen.input.words);
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let title = words.get(Key::Legend);
        pen.text(inner.x, inner.y + em * 0.8, &title, pen.bold(1.25), inner.w);
        let top = inner.y + em * 1.85;
        let pitch = em * 1.7;
        // The first column is as wide as its words; the second has the rest.
        let order = figures(facts);
        let texts: Vec<String> = order
            .iter()
            .map(|figure| text_of(facts, words, *figure, counted))
            .collect();
        let firsts = texts
            .iter()
            .step_by(2)
            .map(|text| pen.width(text, pen.sans(1.0)));
        let first_w = (firsts.fold(0.0, f32::max) + em * 3.2).min(inner.w * 0.5);
        for (index, (figure, text)) in order.iter().zip(&texts).enumerate() {
            let (x, w) = match index % 2 {
                0 => (inner.x, first_w),
                _ => (inner.x + first_w, inner.w - first_w),
            };
            let mid = top + pitch * ((index / 2) as f32 + 0.5);
            draw(pen, *figure, [x + em * 0.75, mid]);
            pen.text(x + em * 2.0, mid, text, pen.sans(1.0), w - em * 2.0);
        }
        top + pitch * order.len().div_ceil(2) as f32
    })
}

/// The width that the legend wants where it stands alone.
pub(super) fn legend_width(pen: &Pen) -> f32 {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let order = figures(facts);
    let texts = order
        .iter()
        .map(|figure| text_of(facts, words, *figure, true));
    let widths = texts.map(|text| pen.width(&text, pen.sans(1.0)));
    let column = widths.fold(0.0, f32::max) + pen.em * 2.5;
    (column * 2.0 + pen.em * 1.8).clamp(pen.em * 14.0, pen.em * 22.5)
}

fn text_of(facts: &HudFacts, words: &Words, figure: Figure, counted: bool) -> String {
    let key = match figure {
        Figure::Grade(grade) => {
            let name = words.name("grade", grade.as_str());
            let at = Grade::ALL.iter().position(|other| *other == grade);
            let open = at.map_or(0, |at| facts.by_grade[at].open);
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
        Figure::Proposed => Key::LegendProposed,
    };
    words.get(key)
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
        Figure::Heritage => {
            let rect = Rect {
                x: at[0] - em * 0.5,
                y: at[1] - em * 0.4,
                w: em,
                h: em * 0.8,
            };
            pen.fill(rect, 0.0, look.wall_lit, Some(look.heritage));
        }
        Figure::Proposed => {
            let rect = Rect {
                x: at[0] - em * 0.5,
                y: at[1] - em * 0.4,
                w: em,
                h: em * 0.8,
            };
            pen.fill(rect, 0.0, look.timber, None);
        }
    }
}
