//! What readings are held against: limits with their grades, and what was sudden. Each by colour, form and
//! name. A limit outside the axes is told at the edge beyond which it lies. Never moves a line to where it
//! would look better.

use crate::portrayal::deform::DeformGrade;
use crate::portrayal::overlay::{Form, Rect, Rgba};

use super::plot::{Plot, curve};
use super::sheet::Sheet;
use super::{ChartEvent, EventKind, say};

/// How the line of a grade is dashed: the worse, the closer.
fn dashes(grade: DeformGrade) -> [f32; 2] {
    match grade {
        DeformGrade::Red => [1.0, 0.0],
        DeformGrade::Orange => [1.0, 0.25],
        DeformGrade::Yellow => [0.6, 0.4],
        _ => [0.25, 0.45],
    }
}

/// Limits within the axes, each with form, name and value; those outside in a line at the edge.
pub(super) fn limits(sheet: &mut Sheet, plot: &Plot) {
    let chart = sheet.input.chart;
    let Some(limit) = &chart.limit else {
        return;
    };
    for is_above in [true, false] {
        outside(sheet, plot, &limit.tiers, is_above);
    }
    let (em, area) = (sheet.input.em, plot.area);
    let curve = curve(sheet, plot);
    // The worst first: where there is no room for all names, it keeps its own.
    for (grade, value) in limit.tiers.iter().rev() {
        if !plot.y.holds(*value) {
            continue;
        }
        let Some((form, color)) = grade.mark(sheet.input.look) else {
            continue;
        };
        let y = plot.y.px(*value);
        let ends = [[area.x, y], [area.x + area.w, y]];
        let dash = dashes(*grade).map(|part| part * em);
        sheet.dashed(ends, (em * 0.09).max(1.0), color, dash);
        // Over what is foreseen, which lies behind everything.
        sheet.mark([area.x + area.w - em * 0.75, y], em * 0.9, form, color, 0.0);
        name_limit(sheet, plot, &curve, (y, tier(sheet, *grade, *value)));
    }
}

/// The name of a limit at its mark, or at the other end of its line: never over what was measured.
fn name_limit(sheet: &mut Sheet, plot: &Plot, curve: &[[f32; 2]], (y, text): (f32, String)) {
    let (em, area) = (sheet.input.em, plot.area);
    let mut ink = sheet.plain();
    ink.has_halo = true;
    let w = sheet.width(&text, ink);
    if w > area.w - em * 2.0 {
        return;
    }
    for x in [area.x + area.w - em * 1.4 - w, area.x + em * 0.5] {
        for mid in [y - em * 0.62, y + em * 0.66] {
            let rect = Rect {
                x,
                y: mid - em * 0.5,
                w,
                h: em,
            };
            let is_within = rect.y >= area.y && rect.y + em <= plot.bottom() - em * 0.4;
            if is_within
                && is_clear(curve, &rect, em * 0.25)
                && sheet.text([x, mid], &text, ink, f32::INFINITY) > 0.0
            {
                return;
            }
        }
    }
}

/// Whether what was measured, and where it goes, keeps clear of a place.
fn is_clear(curve: &[[f32; 2]], rect: &Rect, air: f32) -> bool {
    let wide = Rect {
        x: rect.x - air,
        y: rect.y - air,
        w: rect.w + 2.0 * air,
        h: rect.h + 2.0 * air,
    };
    !curve.iter().any(|at| wide.contains(*at))
}

fn tier(sheet: &Sheet, grade: DeformGrade, value: f64) -> String {
    let name = sheet.input.words.name("deform_grade", grade.as_str());
    format!("{name} {}", sheet.input.chart.measured.figure(value))
}

/// "↑ yellow 7.00 · orange 8.50 · red 10.00 ‰", at the edge beyond which they lie.
fn outside(sheet: &mut Sheet, plot: &Plot, tiers: &[(DeformGrade, f64)], is_above: bool) {
    let [low, high] = plot.y.ends;
    let is_out = |value: f64| if is_above { value > high } else { value < low };
    let out = tiers.iter().filter(|(_, value)| is_out(*value));
    let out: Vec<String> = out
        .map(|(grade, value)| tier(sheet, *grade, *value))
        .collect();
    if out.is_empty() {
        return;
    }
    let (em, area) = (sheet.input.em, plot.area);
    let edge = plot.y.px(if is_above { high } else { low });
    let is_top = edge < area.y + area.h / 2.0;
    let (arrow, mid) = match is_top {
        true => ("↑", area.y + em * 0.6),
        false => ("↓", plot.bottom() - em * 0.9),
    };
    let unit = sheet.input.chart.measured.unit();
    let text = format!("{arrow} {} {unit}", out.join(" · "));
    let mut ink = sheet.quiet();
    ink.has_halo = true;
    let room = area.w - em;
    let w = sheet.width(&text, ink).min(room);
    let curve = curve(sheet, plot);
    let ends = [area.x + area.w - w, area.x + em * 0.5];
    let is_free = |x: &f32| {
        let y = mid - em * 0.5;
        is_clear(&curve, &Rect { x: *x, y, w, h: em }, 0.0)
    };
    // They are told at any rate.
    let x = ends.into_iter().find(is_free).unwrap_or(ends[0]);
    sheet.text([x, mid], &text, ink, room);
}

/// Form and colour of something sudden: what is open is strong.
fn event_mark(sheet: &Sheet, event: &ChartEvent) -> (Form, Rgba) {
    let look = sheet.input.look;
    let form = match event.kind {
        EventKind::Moved => Form::Hexagon,
        EventKind::MountedAnew => Form::Ring,
        EventKind::Unconfirmed => Form::Hatched,
        EventKind::AxesSwapped => Form::Diamond,
        EventKind::OtherUnit => Form::Square,
    };
    let color = match (event.is_open, event.kind) {
        (false, _) => look.text_secondary,
        (true, EventKind::Moved) => look.grades[0],
        (true, _) => look.text,
    };
    (form, color)
}

/// What was sudden: a line through the plot, its mark and name in the row above.
pub(super) fn events(sheet: &mut Sheet, plot: &Plot) {
    let chart = sheet.input.chart;
    let (em, area) = (sheet.input.em, plot.area);
    // The newest first: where there is no room for all names, it keeps its own.
    for event in chart.events.iter().rev() {
        let day = chart.day_of(event.at);
        if !plot.x.holds(day) {
            continue;
        }
        let (form, color) = event_mark(sheet, event);
        let x = plot.x.px(day);
        let y = area.y - em * 0.7;
        let ends = [[x, area.y - em * 0.2], [x, plot.bottom()]];
        sheet.dashed(ends, (em * 0.08).max(1.0), color, [em * 0.3, em * 0.2]);
        sheet.mark([x, y], em * 0.9, form, color, 0.0);
        let mark = Rect {
            x: x - em * 0.45,
            y: y - em * 0.5,
            w: em * 0.9,
            h: em,
        };
        sheet.take(mark);
        name_event(sheet, event, [x, y]);
    }
}

/// The name of something sudden beside its mark, with its time where that has room, too.
fn name_event(sheet: &mut Sheet, event: &ChartEvent, [x, y]: [f32; 2]) {
    let (chart, em, ink) = (sheet.input.chart, sheet.input.em, sheet.plain());
    let name = say::event(event, chart, sheet.input.words);
    let time = event.at.local(chart.utc_offset_minutes, "%m-%d %H:%M");
    for text in [format!("{name} · {time}"), name] {
        let width = sheet.width(&text, ink);
        for left in [x + em * 0.7, x - em * 0.7 - width] {
            if sheet.text([left, y], &text, ink, f32::INFINITY) > 0.0 {
                return;
            }
        }
    }
}
