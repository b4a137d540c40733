//! What the legend of the sheet of settlement tells: the ramp with its numbers, the lines and marks, how
//! well the field holds, and that it is a screening; or why nothing is drawn. Used by `layer_legend`.

use crate::portrayal::layer::{ContourInterval, SettlementFacts, SheetFacts, figure, sheet_color};
use crate::portrayal::overlay::{Form, Rect};
use crate::portrayal::words::Key;

use super::layer_legend::percent;
use super::pen::{Inner, Pen};
use super::say;

/// Pieces that the ramp is painted of.
const PIECES: usize = 48;
/// Most numbers beside nought.
const NUMBERS: f64 = 4.0;
/// From row to row, ems.
const PITCH_EM: f32 = 1.6;
/// Where the words of a row begin, ems.
const TEXT_EM: f32 = 2.9;

/// The values at which numbers stand under the ramp, mm.
fn numbers(told: &SheetFacts) -> Vec<f64> {
    let steps = told.scale_mm / told.every.mm();
    let wide = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0].into_iter();
    let sides = if has_heave(told) { 2.0 } else { 1.0 };
    let step = wide
        .into_iter()
        .find(|wide| steps / wide <= NUMBERS / sides);
    let step_mm = told.every.mm() * step.unwrap_or(steps);
    let count = (told.scale_mm / step_mm + 1e-6).floor() as i32;
    let first = if has_heave(told) { -count } else { 0 };
    (first..=count)
        .map(|number| f64::from(number) * step_mm)
        .collect()
}

/// Whether anything rises, as far as the numbers on the map tell.
fn has_heave(told: &SheetFacts) -> bool {
    told.every.figure(told.low_mm).starts_with('−') || told.low_mm < -0.5 * told.every.mm()
}

/// What lines and marks are.
fn rows(pen: &Pen, facts: &SettlementFacts, told: &SheetFacts) -> Vec<(Sign, String)> {
    let words = pen.input.words;
    let bold = ContourInterval::from_mm(told.every.mm() * 5.0);
    let every = |interval: ContourInterval| interval.figure(interval.mm());
    let args = [
        ("mm", every(told.every)),
        ("bold", every(bold.unwrap_or(told.every))),
    ];
    let mut rows = vec![(Sign::Line, words.format(Key::SheetEvery, &args))];
    if has_heave(told) {
        rows.push((Sign::Dashed, words.get(Key::SheetHeave)));
    }
    let args = [("n", say::number(facts.points))];
    rows.push((Sign::Point, words.format(Key::SheetPoints, &args)));
    rows
}

/// The width that it wants where it stands alone: a row a line.
pub(super) fn sheet_width(pen: &Pen, facts: &SettlementFacts) -> f32 {
    let rows = (facts.told.iter()).flat_map(|told| rows(pen, facts, told));
    let widths = rows.map(|(_, text)| pen.width(&text, pen.sans(1.0)));
    let widest = widths.fold(0.0, f32::max) + pen.em * (TEXT_EM + 1.9);
    widest.clamp(pen.em * 20.0, pen.em * 26.0)
}

/// The ramp, with numbers under it, and what lines and marks are; gives the middle of the next row.
pub(super) fn sheet_signs(pen: &mut Pen, inner: Inner, y: f32, facts: &SettlementFacts) -> f32 {
    let Ok(told) = &facts.told else { return y };
    let mut y = ramp(pen, inner, y, told);
    let (em, x) = (pen.em, pen.em * TEXT_EM);
    for (sign, text) in rows(pen, facts, told) {
        draw_sign(pen, [inner.x, y], sign);
        for line in pen.wrapped(&text, pen.sans(1.0), inner.w - x) {
            pen.text(inner.x + x, y, &line, pen.sans(1.0), inner.w - x);
            y += em * PITCH_EM;
        }
    }
    y
}

/// The ramp alone; gives the middle of the next row.
pub(super) fn sheet_ramp(pen: &mut Pen, inner: Inner, y: f32, facts: &SettlementFacts) -> f32 {
    match &facts.told {
        Ok(told) => ramp(pen, inner, y, told),
        Err(_) => y,
    }
}

fn ramp(pen: &mut Pen, inner: Inner, y: f32, told: &SheetFacts) -> f32 {
    let (em, look) = (pen.em, pen.look());
    let from_mm = if has_heave(told) { -told.scale_mm } else { 0.0 };
    let across_mm = told.scale_mm - from_mm;
    // The outer numbers stand under the ends.
    let (left, w) = (inner.x + em * 0.9, inner.w - em * 1.8);
    let h = em * 1.1;
    let piece_w = w / PIECES as f32;
    for piece in 0..PIECES {
        let share = (piece as f64 + 0.5) / PIECES as f64;
        let value_mm = from_mm + share * across_mm;
        let rect = Rect {
            x: left + piece as f32 * piece_w,
            y: y - h / 2.0,
            // No seam between two pieces.
            w: piece_w + 0.5,
            h,
        };
        let color = sheet_color(look, value_mm / told.scale_mm);
        pen.fill(rect, 0.0, color, None);
    }
    let ink = look.text;
    for value_mm in numbers(told) {
        let x = left + ((value_mm - from_mm) / across_mm) as f32 * w;
        pen.line(
            [x, y - h / 2.0],
            [x, y + h * 0.75],
            (em * 0.1).max(1.0),
            ink,
        );
        let text = told.every.figure(value_mm);
        pen.text_centered(x, y + em * 1.5, &text, pen.sans(1.0), em * 4.0);
    }
    y + em * 3.0
}

/// A sign that is explained.
#[derive(Clone, Copy)]
enum Sign {
    Line,
    Dashed,
    Point,
}

fn draw_sign(pen: &mut Pen, [x, y]: [f32; 2], sign: Sign) {
    let (em, ink) = (pen.em, pen.look().text);
    let w = em * 2.2;
    let width = (em * 0.12).max(1.0);
    match sign {
        Sign::Line => pen.line([x, y], [x + w, y], width, ink),
        Sign::Dashed => {
            for dash in 0..4 {
                let from = x + w * dash as f32 / 4.0;
                pen.line([from, y], [from + w * 0.16, y], width, ink);
            }
        }
        Sign::Point => {
            let colors = [-0.6, 0.6].map(|share| sheet_color(pen.look(), share));
            let marks = [(Form::Triangle, 0.75), (Form::Disc, 0.55)];
            for (at, ((form, size), fill)) in marks.into_iter().zip(colors).enumerate() {
                let at = [x + em * (0.5 + 1.1 * at as f32), y];
                pen.mark(at, em * (size + 0.15), form, ink, 0.0);
                pen.mark(at, em * size, form, fill, 0.0);
            }
        }
    }
}

/// The lines under the signs.
pub(super) fn sheet_remarks(pen: &Pen, facts: &SettlementFacts) -> Vec<String> {
    let words = pen.input.words;
    let mut lines = match &facts.told {
        Ok(told) => told_remarks(pen, told),
        Err(why) => {
            let args = [("n", say::number(facts.points)), ("why", why.text(words))];
            vec![words.format(Key::SheetNone, &args)]
        }
    };
    lines.push(words.get(Key::SheetScreening));
    lines.push(match facts.measured_at {
        Some(at) => {
            let time = at.local(pen.input.facts.utc_offset_minutes, "%Y-%m-%d %H:%M");
            words.format(Key::DeformAsOf, &[("time", time)])
        }
        None => words.get(Key::DeformNoReadings),
    });
    lines
}

fn told_remarks(pen: &Pen, told: &SheetFacts) -> Vec<String> {
    let words = pen.input.words;
    let args = [
        ("low", figure(told.low_mm, 1)),
        ("high", figure(told.high_mm, 1)),
    ];
    let mut lines = vec![words.format(Key::SheetRange, &args)];
    let error = figure(told.most_error_mm, 2);
    let args = [
        ("share", percent(told.share_told)),
        ("mm", error),
        ("m", format!("{:.0}", told.reach_m)),
    ];
    lines.push(words.format(Key::SheetTold, &args));
    let rmse = figure(told.rmse_mm, 2);
    let args = [("mm", rmse), ("share", percent(told.share_within_95))];
    lines.push(words.format(Key::SheetCheck, &args));
    if !told.holds {
        lines.push(words.get(Key::SheetNotHolding));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(low_mm: f64, scale_mm: f64, every_mm: f64) -> SheetFacts {
        SheetFacts {
            low_mm,
            high_mm: scale_mm,
            scale_mm,
            every: ContourInterval::from_mm(every_mm).unwrap(),
            share_told: 0.5,
            most_error_mm: 1.0,
            reach_m: 60.0,
            rmse_mm: 1.0,
            share_within_95: 0.95,
            holds: true,
        }
    }

    #[test]
    fn numbers_under_the_ramp_are_few_and_stand_on_contours() {
        assert_eq!(numbers(&told(0.2, 14.0, 2.0)), [0.0, 4.0, 8.0, 12.0]);
        assert_eq!(numbers(&told(-3.0, 4.0, 2.0)), [-4.0, -2.0, 0.0, 2.0, 4.0]);
        let many = numbers(&told(0.0, 30.0, 0.1));
        assert!((2..=5).contains(&many.len()), "{many:?}");
        assert_eq!(numbers(&told(0.0, 0.1, 0.1)), [0.0, 0.1]);
    }
}
