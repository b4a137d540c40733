//! What is drawn within the axes of what was measured: readings, days, trend, forecast, and where nothing
//! was read. Never joins days across a gap; what lies beyond the axes is marked at their edge.

use crate::model::Quantity;
use crate::portrayal::overlay::{Form, Rect};

use super::axis::{Axis, time_ticks, value_ticks};
use super::range::{time_range, value_range};
use super::sheet::Sheet;
use super::{AheadPoint, Chart, DayPoint, TrendEnd, ramp};

/// Least distance between ticks of values, ems.
const TICK_EM: f32 = 2.8;
/// Air between labels of time, ems.
const TIME_AIR_EM: f32 = 1.0;
/// Opacities of the bands of 95, 80 and 50 %, which lie on each other.
pub(super) const BAND_ALPHA: [u8; 3] = [0x40, 0x48, 0x60];
/// Opacity of raw readings: they stand behind everything else.
pub(super) const RAW_ALPHA: u8 = 0xA0;

/// The place within the axes.
#[derive(Clone, Copy)]
pub(super) struct Plot {
    pub area: Rect,
    pub x: Axis,
    pub y: Axis,
}

impl Plot {
    /// Of a chart in a place; settlement grows downwards.
    pub fn new(chart: &Chart, area: Rect) -> Self {
        let (top, bottom) = (area.y, area.y + area.h);
        let is_down = chart.measured == Quantity::Settlement;
        Self {
            area,
            x: Axis {
                ends: time_range(chart),
                px: [area.x, area.x + area.w],
            },
            y: Axis {
                ends: value_range(chart),
                px: if is_down {
                    [top, bottom]
                } else {
                    [bottom, top]
                },
            },
        }
    }

    fn at(&self, day: f64, value: f64) -> [f32; 2] {
        [self.x.px(day), self.y.px(self.y.clamp(value))]
    }

    fn day_px(&self) -> f32 {
        self.x.px(self.x.ends[0] + 1.0) - self.area.x
    }

    pub fn bottom(&self) -> f32 {
        self.area.y + self.area.h
    }
}

/// Width of the labels of the axis of values, pixels.
pub(super) fn label_width(sheet: &Sheet, height: f32) -> f32 {
    let (ticks, decimals) = ticks(sheet, value_range(sheet.input.chart), height);
    let widths = ticks
        .iter()
        .map(|value| sheet.width(&format!("{value:.decimals$}"), sheet.quiet()));
    widths.fold(0.0, f32::max)
}

fn ticks(sheet: &Sheet, ends: [f64; 2], height: f32) -> (Vec<f64>, usize) {
    let share = f64::from(TICK_EM * sheet.input.em / height.max(1.0));
    value_ticks(ends, (ends[1] - ends[0]) * share)
}

/// Grid, labels and frame.
pub(super) fn axes(sheet: &mut Sheet, plot: &Plot) {
    let (em, rule) = (sheet.input.em, sheet.input.look.rule);
    let (area, hair) = (plot.area, (em * 0.05).max(1.0));
    let (values, decimals) = ticks(sheet, plot.y.ends, area.h);
    for value in values {
        let y = plot.y.px(value);
        sheet.line([area.x, y], [area.x + area.w, y], hair, rule);
        let (label, ink) = (format!("{value:.decimals$}"), sheet.quiet());
        let x = area.x - em * 0.4 - sheet.width(&label, ink);
        sheet.text([x, y], &label, ink, f32::INFINITY);
    }
    let ink = sheet.quiet();
    let widest = sheet.width("2026-00", ink).max(sheet.width("00-00", ink));
    let short = sheet.width("00-00", ink);
    // Dates within a month are shorter than months.
    let apart = |label_w: f32| f64::from((label_w + em * TIME_AIR_EM) / plot.day_px());
    let fine = time_ticks(plot.x.ends, apart(short));
    let is_fine = fine.iter().all(|(_, label)| label.len() <= 5);
    let times = if is_fine {
        fine
    } else {
        time_ticks(plot.x.ends, apart(widest))
    };
    for (day, label) in times {
        let x = plot.x.px(day);
        let y = plot.bottom();
        sheet.line(
            [x, y],
            [x, y + em * 0.3],
            hair,
            sheet.input.look.text_secondary,
        );
        let left = x - sheet.width(&label, ink) / 2.0;
        sheet.text([left, y + em * 0.9], &label, ink, f32::INFINITY);
    }
    let (y, edge) = (plot.bottom(), sheet.input.look.text_secondary);
    sheet.line([area.x, y], [area.x + area.w, y], hair, edge);
    sheet.line([area.x, area.y], [area.x, y], hair, edge);
}

/// Stretches without readings, along the foot of the plot, up to the moment that is shown.
pub(super) fn gaps(sheet: &mut Sheet, plot: &Plot) {
    for [from, to] in gap_days(sheet.input.chart) {
        let [from, to] = [from, to].map(|day| plot.x.px(plot.x.clamp(day)));
        let em = sheet.input.em;
        let y = plot.bottom() - em * 0.2;
        let dash = [em * 0.22, em * 0.22];
        let color = sheet.input.look.text_secondary;
        sheet.dashed([[from, y], [to, y]], em * 0.3, color, dash);
    }
}

/// Stretches of two hours or more without readings, in days.
pub(super) fn gap_days(chart: &Chart) -> Vec<[f64; 2]> {
    let least = if chart.raw_is_hourly {
        2.0 / 24.0
    } else {
        0.99
    };
    let mut ends: Vec<[f64; 2]> = (chart.raw.iter().zip(chart.raw.iter().skip(1)))
        .map(|(one, next)| [one.to_day, next.from_day])
        .collect();
    ends.extend(
        chart
            .raw
            .last()
            .map(|last| [last.to_day, chart.day_of(chart.at)]),
    );
    ends.retain(|[from, to]| to - from >= least);
    ends
}

/// Raw readings, from the least to the greatest of each stretch.
pub(super) fn raw(sheet: &mut Sheet, plot: &Plot) {
    let chart = sheet.input.chart;
    let color = ramp(chart.measured, sheet.input.look)[1].alpha(RAW_ALPHA);
    for span in &chart.raw {
        let (left, right) = (plot.x.px(span.from_day), plot.x.px(span.to_day));
        let x = f32::midpoint(left, right);
        let (low, high) = (plot.y.clamp(span.low), plot.y.clamp(span.high));
        let is_inside = plot.y.holds(span.low) || plot.y.holds(span.high) || low != high;
        if is_inside {
            let mut ends = [plot.y.px(low), plot.y.px(high)];
            ends.sort_by(f32::total_cmp);
            let lacks = (1.5 - (ends[1] - ends[0])).max(0.0) / 2.0;
            let width = ((right - left) * 0.7).max(1.0);
            sheet.line([x, ends[0] - lacks], [x, ends[1] + lacks], width, color);
        }
        beyond(sheet, plot, x, [span.low, span.high]);
    }
}

/// Marks at the edges where a stretch reaches beyond them.
fn beyond(sheet: &mut Sheet, plot: &Plot, x: f32, [low, high]: [f64; 2]) {
    let (size, color) = (sheet.input.em * 0.5, sheet.input.look.text_secondary);
    let ends = [
        (plot.y.ends[1], high > plot.y.ends[1]),
        (plot.y.ends[0], low < plot.y.ends[0]),
    ];
    for (end, _) in ends.into_iter().filter(|(_, is_beyond)| *is_beyond) {
        let y = plot.y.px(end);
        let is_top = y < plot.area.y + plot.area.h / 2.0;
        let turn = if is_top { 0.0 } else { std::f32::consts::PI };
        let inside = if is_top { size * 0.5 } else { -size * 0.5 };
        sheet.mark([x, y + inside], size, Form::Triangle, color, turn);
    }
}

/// Whether any reading lies beyond the axis.
pub(super) fn has_beyond(chart: &Chart) -> bool {
    let [low, high] = value_range(chart);
    let mut spans = chart.raw.iter();
    spans.any(|span| span.high > high || span.low < low)
}

/// What is foreseen for a moment between two days that are told: bands and middle.
fn between(points: &[AheadPoint], day: f64) -> Option<([[f64; 2]; 3], f64)> {
    let place = |one: &AheadPoint| f64::from(one.number) + 0.5;
    let pair = points.windows(2).find(|pair| day <= place(&pair[1]))?;
    let [from, to] = [&pair[0], &pair[1]];
    let share = ((day - place(from)) / (place(to) - place(from))).max(0.0);
    let mix = |a: f64, b: f64| a + (b - a) * share;
    let band = |band: usize| [0, 1].map(|end| mix(from.bands[band][end], to.bands[band][end]));
    Some(([0, 1, 2].map(band), mix(from.middle, to.middle)))
}

/// Bands of the forecast, in columns, and its middle.
pub(super) fn ahead(sheet: &mut Sheet, plot: &Plot) {
    let points = &sheet.input.chart.ahead;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return;
    };
    let em = sheet.input.em;
    let ramp = ramp(sheet.input.chart.measured, sheet.input.look);
    let [begin, end] = [first, last].map(|one| plot.x.px(f64::from(one.number) + 0.5));
    // On whole pixels, so that no column shows through between two others.
    let column = (em * 0.16).round().max(1.0);
    let mut left = begin.ceil();
    while left + column <= end {
        let x = left + column / 2.0;
        let share = f64::from((x - plot.area.x) / plot.area.w);
        let day = plot.x.ends[0] + share * (plot.x.ends[1] - plot.x.ends[0]);
        if let Some((bands, _)) = between(points, day) {
            for (band, alpha) in bands.iter().rev().zip(BAND_ALPHA) {
                let [low, high] = band.map(|value| [x, plot.y.px(plot.y.clamp(value))]);
                sheet.line(low, high, column, ramp[2].alpha(alpha));
            }
        }
        left += column;
    }
    for pair in points.windows(2) {
        if let Some(ends) = middle(plot, [&pair[0], &pair[1]]) {
            sheet.dashed(ends, (em * 0.1).max(1.0), ramp[4], [em * 0.3, em * 0.25]);
        }
    }
}

/// The middle of what is foreseen between two days, as far as it lies within the axes.
fn middle(plot: &Plot, ends: [&AheadPoint; 2]) -> Option<[[f32; 2]; 2]> {
    let [from, to] = ends.map(|one| (f64::from(one.number) + 0.5, one.middle));
    let share = |value: f64| (plot.y.clamp(value) - from.1) / (to.1 - from.1);
    let cut = |end: (f64, f64)| {
        if plot.y.holds(end.1) {
            return plot.at(end.0, end.1);
        }
        plot.at(from.0 + share(end.1) * (to.0 - from.0), end.1)
    };
    let is_outside = plot.y.clamp(from.1) == plot.y.clamp(to.1) && !plot.y.holds(from.1);
    (!is_outside).then(|| [cut(from), cut(to)])
}

/// Pixels along days, trend and the middle of what is foreseen, close enough that no text fits between.
pub(super) fn curve(sheet: &Sheet, plot: &Plot) -> Vec<[f32; 2]> {
    let chart = sheet.input.chart;
    let days = chart.days.windows(2).map(|pair| {
        [&pair[0], &pair[1]].map(|day| plot.at(f64::from(day.number) + 0.5, day.value))
    });
    let pieces = chart.trend.iter().flat_map(|trend| &trend.pieces);
    let trend = pieces.map(|piece| {
        [&piece[0], &piece[1]].map(|end| plot.at(f64::from(end.number) + 0.5, end.value))
    });
    let ahead = chart.ahead.windows(2);
    let ahead = ahead.filter_map(|pair| middle(plot, [&pair[0], &pair[1]]));
    let lines = days.chain(trend).chain(ahead);
    let step = sheet.input.em * 0.4;
    lines
        .flat_map(|[from, to]| {
            let way = [to[0] - from[0], to[1] - from[1]];
            let steps = (way[0].hypot(way[1]) / step).ceil().clamp(1.0, 500.0) as u16;
            (0..=steps).map(move |at| {
                let share = f32::from(at) / f32::from(steps);
                [0, 1].map(|axis| from[axis] + share * way[axis])
            })
        })
        .collect()
}

/// Days, joined where they follow each other.
pub(super) fn days(sheet: &mut Sheet, plot: &Plot) {
    let (em, ink) = (sheet.input.em, sheet.input.look.text);
    let size = (plot.day_px() * 0.7).clamp(em * 0.2, em * 0.42);
    let place = |day: &DayPoint| plot.at(f64::from(day.number) + 0.5, day.value);
    for pair in sheet.input.chart.days.windows(2) {
        if pair[1].number - pair[0].number == 1 {
            sheet.line(place(&pair[0]), place(&pair[1]), (em * 0.06).max(1.0), ink);
        }
    }
    for day in &sheet.input.chart.days {
        sheet.mark(place(day), size, Form::Disc, ink, 0.0);
    }
}

/// The trend, and the steepest and flattest that its interval allows.
pub(super) fn trend(sheet: &mut Sheet, plot: &Plot) {
    let chart = sheet.input.chart;
    let (em, ink) = (sheet.input.em, ramp(chart.measured, sheet.input.look)[4]);
    for [from, to] in chart.trend.iter().flat_map(|trend| &trend.pieces) {
        let at = |end: &TrendEnd, value: f64| plot.at(f64::from(end.number) + 0.5, value);
        for sign in [1.0, -1.0] {
            let low = at(from, from.value - sign * from.half);
            let high = at(to, to.value + sign * to.half);
            sheet.dashed([low, high], (em * 0.07).max(1.0), ink, [em * 0.4, em * 0.3]);
        }
        sheet.line(at(from, from.value), at(to, to.value), em * 0.17, ink);
    }
}

/// Where the data end, when the picture goes on behind it.
pub(super) fn end_of_data(sheet: &mut Sheet, plot: &Plot) {
    let chart = sheet.input.chart;
    let Some(day) = chart.newest.map(|newest| chart.day_of(newest)) else {
        return;
    };
    if plot.x.holds(day) {
        let (em, x) = (sheet.input.em, plot.x.px(day));
        let ink = sheet.input.look.text_secondary;
        sheet.line(
            [x, plot.area.y],
            [x, plot.bottom()],
            (em * 0.07).max(1.0),
            ink,
        );
    }
}
