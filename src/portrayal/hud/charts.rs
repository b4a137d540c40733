//! Charts on a card, and a page of charts alone: the worst large where it has room, the others in a line
//! each, and what is left over counted. Never lets a chart push out what a card says.

use crate::portrayal::chart::{
    CardCharts, Chart, ChartInput, EMPTY_EM, SPARK_EM, WANTED_EM, chart, has_room, sparkline,
};
use crate::portrayal::overlay::Rect;
use crate::portrayal::words::Key;

use super::banners::banners;
use super::compose::{Frame, GAP_EM, MARGIN_EM, from_below};
use super::line::bottom_line;
use super::pen::{Inner, Pen};
use super::say;

/// Most sparklines that keep their room beside a large chart.
const SPARKS_KEPT: usize = 3;
/// And on a page.
const SPARKS_ON_PAGE: usize = 9;
/// In so much height a chart has its legend and a plot to read values from, ems.
const READ_EM: f32 = 19.0;
/// Height of a line of text, ems.
const LINE_EM: f32 = 1.4;
/// Air above charts, ems.
const AIR_EM: f32 = 0.4;

/// The charts that are told.
fn told<'a>(pen: &Pen<'a>) -> &'a [Chart] {
    match &pen.input.facts.charts {
        CardCharts::Told(charts) => charts,
        _ => &[],
    }
}

/// Whether charts say in so much height that they are a screening.
pub(super) fn say_screening(pen: &Pen, height: f32) -> bool {
    !told(pen).is_empty() && height >= pen.em * (AIR_EM + LINE_EM + SPARK_EM)
}

/// Whether the worst of the charts on a card is drawn large in so much room.
pub(super) fn has_large(pen: &Pen, w: f32, height: f32) -> bool {
    large(pen, told(pen), w, height - pen.em * AIR_EM).is_some()
}

/// The height in which a card shows charts as they should be read, ems; nought without any.
pub(super) fn wanted_em(pen: &Pen) -> f32 {
    let charts = told(pen);
    let others = charts.len().saturating_sub(1).min(SPARKS_KEPT) as f32;
    match charts.first() {
        None => 0.0,
        Some(first) if first.is_empty() => EMPTY_EM + others * SPARK_EM,
        Some(_) => READ_EM + others * SPARK_EM,
    }
}

/// The height of the large chart beside the lines of the others, of which some may go; `None` where it has
/// no room.
fn large(pen: &Pen, charts: &[Chart], w: f32, height: f32) -> Option<f32> {
    let first = charts.first()?;
    let is_page = pen.input.facts.is_page;
    let (kept, wanted) = match is_page {
        true => (SPARKS_ON_PAGE, f32::INFINITY),
        // A sensor that tells nothing says so in little room.
        false if first.is_empty() => (SPARKS_KEPT, pen.em * EMPTY_EM),
        false => (SPARKS_KEPT, pen.em * WANTED_EM),
    };
    let others = (charts.len() - 1).min(kept);
    // One line is left for how many there are.
    let fewer = (others.min(1)..=others).rev();
    let mut heights = fewer.map(|lines| {
        let lines_em = lines as f32 * SPARK_EM + if lines > 0 { AIR_EM } else { 0.0 };
        (height - pen.em * lines_em).min(wanted)
    });
    heights.find(|height| has_room(first, [w, *height], pen.em))
}

/// Charts from `y` down to `lower` at most; gives their lower end.
pub(super) fn on_card(pen: &mut Pen, inner: Inner, y: f32, lower: f32) -> f32 {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let remark = match &facts.charts {
        CardCharts::None => return y,
        CardCharts::Told(charts) => return all(pen, inner, charts, [y, lower]),
        CardCharts::Asked => words.get(Key::ChartAsked),
        CardCharts::NoHistory => words.get(Key::ChartNoHistory),
        CardCharts::Failed(reason) => words.format(Key::ChartFailed, &[("reason", reason.clone())]),
    };
    let pitch = pen.em * LINE_EM;
    let mut y = y;
    for line in pen.wrapped(&remark, pen.quiet(1.0), inner.w) {
        if y + pitch > lower {
            break;
        }
        pen.text(inner.x, y + pitch / 2.0, &line, pen.quiet(1.0), inner.w);
        y += pitch;
    }
    y
}

/// All charts: the first large where it has room, the others as sparklines.
fn all(pen: &mut Pen, inner: Inner, charts: &[Chart], [y, lower]: [f32; 2]) -> f32 {
    let em = pen.em;
    let mut y = y + em * AIR_EM;
    let is_titled = charts.len() > 1 || pen.input.facts.is_page;
    let height = large(pen, charts, inner.w, lower - y);
    let mut rest = charts;
    match (charts.split_first(), height) {
        (Some((first, more)), Some(height)) => {
            let rect = Rect {
                x: inner.x,
                y,
                w: inner.w,
                h: height,
            };
            let shapes = chart(&input(pen, first, rect, is_titled));
            pen.shapes.extend(shapes);
            y += height + em * AIR_EM;
            rest = more;
        }
        (Some(_), None) if y + em * (SPARK_EM + LINE_EM) <= lower + 0.5 => {
            // What a chart says of itself.
            let (text, mid) = (
                pen.input.words.get(Key::DeformScreening),
                em * LINE_EM / 2.0,
            );
            pen.text(inner.x, y + mid, &text, pen.quiet(1.0), inner.w);
            y += em * LINE_EM;
        }
        _ => return y - em * AIR_EM,
    }
    sparks(pen, inner, rest, [y, lower], is_titled)
}

/// Sparklines as far as there is room; the others are counted.
fn sparks(
    pen: &mut Pen,
    inner: Inner,
    charts: &[Chart],
    [mut y, lower]: [f32; 2],
    is_titled: bool,
) -> f32 {
    let h = pen.em * SPARK_EM;
    let fits = ((lower - y + 0.5) / h).max(0.0) as usize;
    let fits = match pen.input.facts.is_page {
        true => fits,
        // What else a card says has its room, too.
        false => fits.min(SPARKS_KEPT + 1),
    };
    // The count of what is left over takes the last line.
    let shown = match charts.len() > fits {
        true => fits.saturating_sub(1),
        false => charts.len(),
    };
    for one in &charts[..shown] {
        let (x, w) = (inner.x, inner.w);
        let shapes = sparkline(&input(pen, one, Rect { x, y, w, h }, is_titled));
        pen.shapes.extend(shapes);
        y += h;
    }
    let more = charts.len() - shown;
    if more > 0 && fits > 0 {
        let args = [("n", say::number(more))];
        let text = pen.input.words.format(Key::ChartMore, &args);
        pen.text(inner.x, y + h / 2.0, &text, pen.quiet(1.0), inner.w);
        y += h;
    }
    y
}

fn input<'a>(pen: &Pen<'a>, chart: &'a Chart, rect: Rect, is_titled: bool) -> ChartInput<'a> {
    ChartInput {
        chart,
        rect,
        em: pen.em,
        now: pen.input.facts.now,
        is_titled,
        look: pen.input.look,
        words: pen.input.words,
        measure: pen.input.measure,
    }
}

/// A page of charts for a report: where it is, the charts, and the line with sources, times and stamps.
pub(super) fn page(pen: &mut Pen) -> Rect {
    let facts = pen.input.facts;
    let [w, h] = pen.input.size_px;
    let whole = Rect {
        x: 0.0,
        y: 0.0,
        w,
        h,
    };
    let (paper, gap) = (pen.look().panel.alpha(0xFF), pen.em * GAP_EM);
    pen.fill(whole, 0.0, paper, None);
    pen.panels.push(whole);
    let mut frame = Frame::of(pen, MARGIN_EM);
    frame.top = banners(pen, [frame.left, frame.top], frame.w(), 1.25);
    let line = from_below(pen, frame.bottom, |pen| {
        bottom_line(pen, [frame.left, 0.0], frame.w())
    });
    frame.bottom = line.y - gap;
    let inner = Inner {
        x: frame.left,
        y: frame.top,
        w: frame.w(),
    };
    let mid = frame.top + pen.em * 0.9;
    pen.text(inner.x, mid, &whereabouts(pen), pen.bold(1.25), inner.w);
    let top = frame.top + pen.em * 2.0;
    match &facts.charts {
        CardCharts::Told(charts) => {
            all(pen, inner, charts, [top, frame.bottom]);
        }
        _ => {
            on_card(pen, inner, top, frame.bottom);
        }
    }
    Rect {
        x: 0.0,
        y: 0.0,
        w: 0.0,
        h: 0.0,
    }
}

/// City and place of what is shown.
fn whereabouts(pen: &Pen) -> String {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let pick = |[zh, en]: &[String; 2]| words.lang().pick(zh, en).to_owned();
    let city = words.lang().pick(&facts.city_name_zh, &facts.city_name_en);
    let first = match &facts.charts {
        CardCharts::Told(charts) => charts.first(),
        _ => None,
    };
    let mut parts = vec![city.to_owned()];
    parts.extend(first.map(|chart| pick(&chart.places)));
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
}
