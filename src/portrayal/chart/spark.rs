//! A sensor in one line: what it is called, how its days went, its level with age, its grade. A sensor that
//! tells nothing says why instead. Never shows a level without its age unless there is no room for that
//! and it is of today.

use crate::portrayal::overlay::{Form, Rect, Shape};

use super::plot::Plot;
use super::sheet::Sheet;
use super::{ChartInput, DAY_MS, say};

/// Height of a sparkline, ems.
pub const SPARK_EM: f32 = 1.6;
/// Largest share of the width for what it is called.
const TITLE_SHARE: f32 = 0.34;
/// Less width draws no line, ems.
const LINE_EM: f32 = 3.0;

/// Lays a sparkline out in the middle of a rectangle.
#[must_use]
pub fn sparkline(input: &ChartInput) -> Vec<Shape> {
    let (em, rect, chart) = (input.em, input.rect, input.chart);
    let mut sheet = Sheet::new(input);
    let mid = rect.y + rect.h / 2.0;
    let mut left = rect.x;
    let mut right = rect.x + rect.w;
    if let Some((form, color)) = chart.grade.mark(input.look) {
        sheet.mark([right - em * 0.55, mid], em, form, color, 0.0);
    }
    right -= em * 1.3;
    if input.is_titled {
        let room = rect.w * TITLE_SHARE;
        let (title, ink) = (say::title(chart, input.words), sheet.quiet());
        left += sheet.text([left, mid], title, ink, room) + em * 0.6;
    }
    let Some(told) = told(input, &sheet, right - left) else {
        let reason = say::untold(chart, input.words).next();
        let nothing = say::newest(input).join(" · ");
        let ink = sheet.quiet();
        sheet.text([left, mid], reason.unwrap_or(&nothing), ink, right - left);
        return sheet.shapes;
    };
    let ink = sheet.plain();
    right -= sheet.width(&told, ink);
    sheet.text([right, mid], &told, ink, f32::INFINITY);
    let area = Rect {
        x: left,
        y: rect.y + em * 0.2,
        w: right - em * 0.6 - left,
        h: rect.h - em * 0.4,
    };
    if area.w >= em * LINE_EM && !chart.days.is_empty() {
        line(&mut sheet, area);
    }
    sheet.shapes
}

/// Level and age; the age alone where both have no room and the level is old.
fn told(input: &ChartInput, sheet: &Sheet, room: f32) -> Option<String> {
    let chart = input.chart;
    let level = chart.measured.told(chart.level?);
    let newest = chart.newest?;
    let age = say::age(newest, input);
    let both = format!("{level} · {age}");
    if sheet.width(&both, sheet.plain()) <= room {
        return Some(both);
    }
    let is_old = input.now - newest > DAY_MS;
    let short = if is_old { age } else { level };
    Some(sheet.set(sheet.plain()).fit(&short, room))
}

/// The days, with the limit that is nearest above them.
fn line(sheet: &mut Sheet, area: Rect) {
    let (input, em) = (sheet.input, sheet.input.em);
    let chart = input.chart;
    let mut plot = Plot::new(chart, area);
    // Of what was measured alone: there is no room for what comes.
    plot.x.ends[1] = chart.day_of(chart.at).max(plot.x.ends[0] + 1.0);
    let tiers = chart.limit.iter().flat_map(|limit| &limit.tiers);
    let nearest = tiers.rev().find(|(_, value)| plot.y.holds(*value));
    if let Some((grade, value)) = nearest
        && let Some((_, color)) = grade.mark(input.look)
    {
        let y = plot.y.px(*value);
        let ends = [[area.x, y], [area.x + area.w, y]];
        sheet.dashed(ends, (em * 0.07).max(1.0), color, [em * 0.3, em * 0.25]);
    }
    let ink = input.look.text;
    let place = |number: i32, value: f64| {
        let day = plot.x.clamp(f64::from(number) + 0.5);
        [plot.x.px(day), plot.y.px(plot.y.clamp(value))]
    };
    for pair in chart.days.windows(2) {
        if pair[1].number - pair[0].number == 1 {
            let [from, to] = [pair[0], pair[1]].map(|day| place(day.number, day.value));
            sheet.line(from, to, (em * 0.09).max(1.0), ink);
        }
    }
    if let Some(last) = chart.days.last() {
        let at = place(last.number, last.value);
        sheet.mark(at, em * 0.35, Form::Disc, ink, 0.0);
    }
}
