//! The whole chart: title and grade, level and growth, plot, legend, limit, age and what it is. What there
//! is no room for goes, the legend before the plot gets flat; grade, level, age and "screening" never do.

use crate::portrayal::deform::DeformGrade;
use crate::portrayal::overlay::{Rect, Shape};
use crate::portrayal::words::Key;

use super::plot::{self, Plot, label_width};
use super::sheet::{Ink, Sheet};
use super::{Chart, ChartInput, legend, marks, say};

/// Less height tells nothing, ems: a sparkline does better.
const LEAST_EM: f32 = 12.5;
/// Where nothing is drawn but the reason for that, this much does, ems.
pub const EMPTY_EM: f32 = 8.0;
/// With so much height everything has room, ems.
pub const WANTED_EM: f32 = 26.0;
/// Less width has no room for axes, ems.
const LEAST_WIDTH_EM: f32 = 16.0;
/// From line to line, ems.
pub(super) const PITCH_EM: f32 = 1.35;
/// Height of the plot before anything else is put beside it, ems.
const PLOT_EM: f32 = 6.0;

/// Whether a chart can be laid out in so much width and height.
#[must_use]
pub fn has_room(chart: &Chart, [w, h]: [f32; 2], em: f32) -> bool {
    let least = if chart.is_empty() { EMPTY_EM } else { LEAST_EM };
    w >= LEAST_WIDTH_EM * em && h >= least * em - 0.5
}

/// Lays a chart out; empty where there is no room for one.
#[must_use]
pub fn chart(input: &ChartInput) -> Vec<Shape> {
    let rect = input.rect;
    if !has_room(input.chart, [rect.w, rect.h], input.em) {
        return Vec::new();
    }
    let mut sheet = Sheet::new(input);
    let parts = Parts::of(&sheet);
    let top = head(&mut sheet, &parts);
    let bottom = foot(&mut sheet, &parts);
    if input.chart.is_empty() {
        empty(&mut sheet, [top, bottom]);
        return sheet.shapes;
    }
    let area = area(&sheet, [top, bottom]);
    let plot = Plot::new(input.chart, area);
    plot::axes(&mut sheet, &plot);
    plot::gaps(&mut sheet, &plot);
    plot::ahead(&mut sheet, &plot);
    plot::raw(&mut sheet, &plot);
    plot::end_of_data(&mut sheet, &plot);
    plot::days(&mut sheet, &plot);
    plot::trend(&mut sheet, &plot);
    marks::limits(&mut sheet, &plot);
    marks::events(&mut sheet, &plot);
    sheet.shapes
}

/// The texts around the plot that have room.
struct Parts {
    /// Level and growth, in one line or two.
    figures: Vec<String>,
    /// Whether the name of the axis has a line of its own.
    has_quantity: bool,
    legend: Vec<legend::Row>,
    /// What cannot be told, the limit.
    notes: Vec<String>,
    /// Age, and that it is a screening.
    feet: Vec<String>,
}

impl Parts {
    fn of(sheet: &Sheet) -> Self {
        let (input, chart, words) = (sheet.input, sheet.input.chart, sheet.input.words);
        let figures = (say::level(chart, words).into_iter()).chain(say::growth(chart, words));
        let figures = figures.chain(say::share(chart, words));
        let mut feet = say::newest(&input);
        feet.push(words.get(Key::DeformScreening));
        let mut parts = Self {
            figures: lines(sheet, figures.collect(), sheet.plain()),
            has_quantity: false,
            legend: Vec::new(),
            notes: Vec::new(),
            feet: lines(sheet, feet, sheet.plain()),
        };
        if !chart.is_empty() {
            parts.fill(sheet);
        }
        parts
    }

    /// Takes what still has room beside the plot, the most needed first.
    fn fill(&mut self, sheet: &Sheet) {
        let (chart, words) = (sheet.input.chart, sheet.input.words);
        let fixed = 1 + self.figures.len() + self.feet.len();
        let fixed = fixed as f32 * PITCH_EM + PLOT_EM + 2.4;
        let mut left = sheet.input.rect.h / sheet.input.em - fixed;
        let mut takes = |rows: usize| {
            let height = rows as f32 * PITCH_EM;
            let has_room = left >= height;
            left -= if has_room { height } else { 0.0 };
            has_room
        };
        let set = sheet.set(sheet.quiet());
        let wrapped = |note: &str| set.wrapped(note, sheet.input.rect.w);
        let mut untold = say::untold(chart, words).map(wrapped).peekable();
        // Why there is no grade comes before what explains the rest.
        if chart.grade == DeformGrade::CannotTell
            && let Some(first) = untold.next_if(|first| takes(first.len()))
        {
            self.notes.extend(first);
        }
        let mut rows = legend::rows(sheet);
        while !rows.is_empty() && !takes(rows.len()) {
            rows.pop();
        }
        self.legend = rows;
        for note in say::limit(chart, words).iter().map(|note| wrapped(note)) {
            if takes(note.len()) {
                self.notes.extend(note);
            }
        }
        for note in untold {
            if takes(note.len()) {
                self.notes.extend(note);
            }
        }
        self.has_quantity = sheet.input.is_titled && takes(1);
    }
}

/// Parts joined into as few lines as they fit into.
fn lines(sheet: &Sheet, parts: Vec<String>, ink: Ink) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let joined = lines.last().map(|line| format!("{line} · {part}"));
        let joined = joined.filter(|line| sheet.width(line, ink) <= sheet.input.rect.w);
        match joined.zip(lines.last_mut()) {
            Some((joined, line)) => *line = joined,
            None => lines.push(part),
        }
    }
    lines
}

/// Title or name of the axis with the grade at the right, figures; gives the lower end.
fn head(sheet: &mut Sheet, parts: &Parts) -> f32 {
    let (input, em, rect) = (sheet.input, sheet.input.em, sheet.input.rect);
    let (chart, words) = (input.chart, input.words);
    let mut mid = rect.y + em * 0.7;
    let name = words.name("deform_grade", chart.grade.as_str());
    let mut right = rect.x + rect.w - sheet.width(&name, sheet.bold());
    sheet.text([right, mid], &name, sheet.bold(), f32::INFINITY);
    if let Some((form, color)) = chart.grade.mark(input.look) {
        right -= em * 0.75;
        sheet.mark([right, mid], em * 1.05, form, color, 0.0);
        right -= em * 0.6;
    }
    let room = right - em * 0.6 - rect.x;
    let (quiet, bold) = (sheet.quiet(), sheet.bold());
    let quantity = say::quantity(chart.measured, words);
    if input.is_titled {
        sheet.text([rect.x, mid], say::title(chart, words), bold, room);
    } else {
        sheet.text([rect.x, mid], &quantity, quiet, room);
    }
    for text in &parts.figures {
        mid += em * PITCH_EM;
        sheet.text([rect.x, mid], text, sheet.plain(), rect.w);
    }
    if parts.has_quantity {
        mid += em * PITCH_EM;
        sheet.text([rect.x, mid], &quantity, quiet, rect.w);
    }
    mid + em * 0.65
}

/// Legend, notes, age and what it is, from below; gives the upper end.
fn foot(sheet: &mut Sheet, parts: &Parts) -> f32 {
    let (em, rect) = (sheet.input.em, sheet.input.rect);
    let mut mid = rect.y + rect.h - em * 0.6;
    let quiet = sheet.quiet();
    let plain = sheet.plain();
    for text in parts.feet.iter().rev() {
        sheet.text([rect.x, mid], text, plain, rect.w);
        mid -= em * PITCH_EM;
    }
    for text in parts.notes.iter().rev() {
        sheet.text([rect.x, mid], text, quiet, rect.w);
        mid -= em * PITCH_EM;
    }
    for row in parts.legend.iter().rev() {
        legend::draw(sheet, row, mid);
        mid -= em * PITCH_EM;
    }
    mid + em * 0.6
}

/// Where the plot has room between head and foot.
fn area(sheet: &Sheet, [top, bottom]: [f32; 2]) -> Rect {
    let (em, rect, chart) = (sheet.input.em, sheet.input.rect, sheet.input.chart);
    let above = if chart.events.is_empty() { 0.5 } else { 1.5 };
    let y = top + em * above;
    let h = (bottom - em * 1.5 - y).max(em);
    let x = rect.x + label_width(sheet, h) + em * 0.5;
    Rect {
        x,
        y,
        w: (rect.x + rect.w - em * 0.4 - x).max(em),
        h,
    }
}

/// Why there is nothing to draw.
fn empty(sheet: &mut Sheet, [top, bottom]: [f32; 2]) {
    let (input, em) = (sheet.input, sheet.input.em);
    let rect = input.rect;
    let (rule, hair) = (input.look.rule, (em * 0.06).max(1.0));
    let corners = [
        [rect.x, top + em * 0.3],
        [rect.x + rect.w, top + em * 0.3],
        [rect.x + rect.w, bottom - em * 0.5],
        [rect.x, bottom - em * 0.5],
    ];
    for side in 0..4 {
        let dash = [em * 0.4, em * 0.3];
        sheet.dashed([corners[side], corners[(side + 1) % 4]], hair, rule, dash);
    }
    let nothing = input.words.get(Key::DeformNoReadings);
    let mut reasons: Vec<&str> = say::untold(input.chart, input.words).collect();
    if reasons.is_empty() {
        reasons.push(&nothing);
    }
    let set = sheet.set(sheet.plain());
    let lines = reasons.iter();
    let lines = lines.flat_map(|reason| set.wrapped(reason, rect.w - em * 2.0));
    let mut mid = top + em * 1.4;
    for line in lines.collect::<Vec<_>>() {
        if mid + em > bottom - em * 0.5 {
            break;
        }
        sheet.text([rect.x + em, mid], &line, sheet.plain(), rect.w - em * 2.0);
        mid += em * PITCH_EM;
    }
}
