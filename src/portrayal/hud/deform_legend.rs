//! The legend of a deformed view: grades with their colour, hatch, form and count, the signs over the
//! roofs, what is not measured, and that it is a screening. Never leaves a grade out because none has it.

use crate::portrayal::deform::{DeformFacts, DeformGrade, HatchKind, hatch_of};
use crate::portrayal::overlay::{Form, Rect};
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{Hit, say};

/// Where the words of a row begin: behind sample and mark, ems.
const TEXT_EM: f32 = 3.9;
/// From row to row, ems.
const PITCH_EM: f32 = 1.6;
/// Width and height of a sample, ems.
const SAMPLE_EM: [f32; 2] = [2.2, 1.15];

fn title(pen: &Pen, facts: &DeformFacts) -> String {
    let args = [("factor", facts.factor.to_string())];
    pen.input.words.format(Key::DeformTitle, &args)
}

/// The title in so much room: in fewer words before the factor would be cut off.
fn fitting_title(pen: &Pen, facts: &DeformFacts, room: f32) -> String {
    let whole = title(pen, facts);
    if pen.width(&whole, pen.bold(1.25)) <= room {
        return whole;
    }
    let args = [("factor", facts.factor.to_string())];
    pen.input.words.format(Key::DeformTitleShort, &args)
}

/// How many buildings, behind what they are.
fn counted(pen: &Pen, name: String, count: usize) -> String {
    let args = [("name", name), ("n", say::number(count))];
    pen.input.words.format(Key::DeformCount, &args)
}

fn grade_text(pen: &Pen, facts: &DeformFacts, grade: DeformGrade) -> String {
    let name = pen.input.words.name("deform_grade", grade.as_str());
    counted(pen, name, facts.counts[usize::from(grade.class())])
}

/// The signs over the roofs that are explained.
#[derive(Clone, Copy)]
enum Sign {
    Arrow,
    Ring,
}

fn signs(pen: &Pen, facts: &DeformFacts) -> Vec<(Sign, String)> {
    let words = pen.input.words;
    let factor = [("factor", facts.factor.to_string())];
    let measured: usize = facts.counts.iter().sum();
    let mut signs = Vec::new();
    if measured > facts.somewhere {
        signs.push((Sign::Arrow, words.format(Key::DeformArrow, &factor)));
    }
    if facts.somewhere > 0 {
        let name = words.get(Key::DeformRing);
        signs.push((Sign::Ring, counted(pen, name, facts.somewhere)));
    }
    signs
}

/// The lines under the signs.
fn remarks(pen: &Pen, facts: &DeformFacts) -> Vec<String> {
    let words = pen.input.words;
    let mut lines = Vec::new();
    if let Some(since) = facts.since {
        let time = since.local(pen.input.facts.utc_offset_minutes, "%Y-%m-%d %H:%M");
        lines.push(words.format(Key::DeformSince, &[("time", time)]));
    }
    if facts.sunk > 0 {
        lines.push(counted(pen, words.get(Key::DeformSunk), facts.sunk));
    }
    let [recorded, disagree] = facts.recorded;
    if recorded > 0 {
        lines.push(counted(pen, words.get(Key::DeformRecorded), recorded));
    }
    if disagree > 0 {
        lines.push(counted(pen, words.get(Key::DeformDisagree), disagree));
    }
    let args = [("n", say::number(facts.unmeasured))];
    lines.push(words.format(Key::DeformUnmeasured, &args));
    lines.push(words.get(Key::DeformScreening));
    lines.push(match facts.measured_at {
        Some(at) => {
            let time = at.local(pen.input.facts.utc_offset_minutes, "%Y-%m-%d %H:%M");
            words.format(Key::DeformAsOf, &[("time", time)])
        }
        None => words.get(Key::DeformNoReadings),
    });
    lines
}

/// The island of the legend.
pub(super) fn deform_legend(pen: &mut Pen, at: [f32; 2], w: f32, facts: &DeformFacts) -> Rect {
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mut y = grades(pen, inner, facts);
        for (sign, text) in signs(pen, facts) {
            draw_sign(pen, [inner.x + em * 0.3, y], sign);
            let (x, ink) = (em * TEXT_EM, pen.sans(1.0));
            for line in pen.wrapped(&text, ink, inner.w - x) {
                row(pen, inner, y, &line);
                y += em * PITCH_EM;
            }
        }
        y += em * 0.1;
        for remark in remarks(pen, facts) {
            for line in pen.wrapped(&remark, pen.quiet(1.0), inner.w) {
                pen.text(inner.x, y, &line, pen.quiet(1.0), inner.w);
                y += em * 1.35;
            }
        }
        y - em * 0.7
    })
}

/// Grades alone, where there is no room for more: the stamp says the rest.
pub(super) fn brief_legend(pen: &mut Pen, at: [f32; 2], w: f32, facts: &DeformFacts) -> Rect {
    pen.island(at, w, |pen, inner| grades(pen, inner, facts) - pen.em * 0.7)
}

/// Title and a row for each grade; gives the middle of the row that would come next.
fn grades(pen: &mut Pen, inner: Inner, facts: &DeformFacts) -> f32 {
    let em = pen.em;
    let mut y = inner.y + em * 0.8;
    let room = inner.w - factor_buttons(pen, inner, y);
    let title = fitting_title(pen, facts, room);
    pen.text(inner.x, y, &title, pen.bold(1.25), room);
    y += em * 1.75;
    for grade in DeformGrade::ALL {
        sample(pen, [inner.x, y], grade);
        if let Some((form, fill)) = grade.mark(pen.look()) {
            pen.mark([inner.x + em * 3.05, y], em * 1.05, form, fill, 0.0);
        }
        let text = grade_text(pen, facts, grade);
        row(pen, inner, y, &text);
        y += em * PITCH_EM;
    }
    y
}

/// Smaller and larger, at the right; gives the width they take.
fn factor_buttons(pen: &mut Pen, inner: Inner, mid: f32) -> f32 {
    if !pen.has_buttons() {
        return 0.0;
    }
    let em = pen.em;
    let (side, gap) = (em * 1.6, em * 0.3);
    let mut x = inner.x + inner.w - side;
    for (label, is_up) in [("+", true), ("−", false)] {
        let rect = Rect {
            x,
            y: mid - side / 2.0,
            w: side,
            h: side,
        };
        pen.button(rect, label, Hit::Exaggerate(is_up));
        x -= side + gap;
    }
    2.0 * (side + gap)
}

fn row(pen: &mut Pen, inner: Inner, mid: f32, text: &str) {
    let x = pen.em * TEXT_EM;
    pen.text(inner.x + x, mid, text, pen.sans(1.0), inner.w - x);
}

/// The width that the legend wants where it stands alone.
pub(super) fn deform_legend_width(pen: &Pen, facts: &DeformFacts) -> f32 {
    let grades = DeformGrade::ALL.into_iter();
    let grades = grades.map(|grade| grade_text(pen, facts, grade));
    let signs = signs(pen, facts).into_iter().map(|(_, text)| text);
    let widths = grades.chain(signs);
    let widths = widths.map(|text| pen.width(&text, pen.sans(1.0)));
    let rows = widths.fold(0.0, f32::max) + pen.em * TEXT_EM;
    let title = pen.width(&title(pen, facts), pen.bold(1.25));
    (rows.max(title) + pen.em * 1.9).clamp(pen.em * 17.0, pen.em * 26.0)
}

/// A piece of wall of a grade, its left middle at a place.
fn sample(pen: &mut Pen, at: [f32; 2], grade: DeformGrade) {
    let [w, h] = SAMPLE_EM.map(|side| side * pen.em);
    let rect = Rect {
        x: at[0],
        y: at[1] - h / 2.0,
        w,
        h,
    };
    let class = usize::from(grade.class());
    let (look, rule) = (pen.look(), pen.look().text_secondary);
    pen.fill(rect, 0.0, DeformGrade::colors(look)[class], Some(rule));
    let (hatch, ink) = (hatch_of(grade), look.tilt_hatch[class]);
    let scale = pen.em / 13.0;
    let (period, width) = (hatch.period_px * scale, hatch.width_px * scale);
    let lines = |pen: &mut Pen, mirrored: bool| {
        let steps = ((w + h) / (period * std::f32::consts::SQRT_2)) as usize;
        for step in 0..=steps {
            let off = (step as f32 + 0.5) * period * std::f32::consts::SQRT_2;
            if off >= w + h {
                continue;
            }
            // From the lower left to the upper right, cut at the edges.
            let ends = [
                [(off - h).max(0.0), off.min(h)],
                [off.min(w), (off - w).max(0.0)],
            ];
            let [from, to] = ends.map(|[x, y]| {
                let x = if mirrored { w - x } else { x };
                [rect.x + x, rect.y + y]
            });
            pen.line(from, to, width, ink);
        }
    };
    match hatch.kind {
        HatchKind::None => {}
        HatchKind::Lines => lines(pen, false),
        HatchKind::Crossed => {
            lines(pen, false);
            lines(pen, true);
        }
        HatchKind::Dots => dots(pen, rect, (period, width)),
    }
}

/// Dots on a grid that stands on its corner, as the shader sets them.
fn dots(pen: &mut Pen, rect: Rect, (period, width): (f32, f32)) {
    let ink = pen.look().tilt_hatch[usize::from(DeformGrade::CannotTell.class())];
    let (half, step) = (width / 2.0, period * std::f32::consts::FRAC_1_SQRT_2);
    let rows = (rect.h / step) as usize;
    let columns = (rect.w / step) as usize;
    for row in 0..=rows {
        for column in (row % 2..=columns).step_by(2) {
            let at = [
                rect.x + (column as f32 + 0.5) * step,
                rect.y + (row as f32 + 0.5) * step,
            ];
            let inside = at[0] + half <= rect.x + rect.w && at[1] + half <= rect.y + rect.h;
            if inside {
                pen.mark(at, width, Form::Disc, ink, 0.0);
            }
        }
    }
}

/// A sign as it stands over roofs, its left end at a place.
fn draw_sign(pen: &mut Pen, at: [f32; 2], sign: Sign) {
    let (em, ink) = (pen.em, pen.look().text);
    let [x, y] = at;
    match sign {
        Sign::Arrow => {
            let tip = x + em * 2.2;
            pen.line([x, y], [tip - em * 0.6, y], em * 0.17, ink);
            pen.mark([x, y], em * 0.37, Form::Disc, ink, 0.0);
            let turn = std::f32::consts::FRAC_PI_2;
            pen.mark([tip - em * 0.3, y], em * 0.85, Form::Triangle, ink, turn);
            ellipse(pen, [tip, y], [em * 0.75, em * 0.45]);
        }
        Sign::Ring => ellipse(pen, [x + em * 1.2, y], [em * 0.85, em * 0.5]),
    }
}

fn ellipse(pen: &mut Pen, middle: [f32; 2], half: [f32; 2]) {
    const CORNERS: usize = 28;
    let (width, ink) = (pen.em * 0.1, pen.look().text);
    let corner = |index: usize| {
        let (sin, cos) = (std::f32::consts::TAU * index as f32 / CORNERS as f32).sin_cos();
        [middle[0] + half[0] * cos, middle[1] + half[1] * sin]
    };
    for index in 0..CORNERS {
        pen.line(corner(index), corner(index + 1), width, ink);
    }
}
