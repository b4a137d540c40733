//! The legend of a chart: a sample and a word for each thing that is drawn, and only for these. Never
//! explains what is not there.

use crate::portrayal::overlay::Form;
use crate::portrayal::words::Key;

use super::plot::{BAND_ALPHA, RAW_ALPHA, gap_days, has_beyond};
use super::ramp;
use super::range::is_cut;
use super::sheet::Sheet;

/// Width of a sample with its air, ems.
const SAMPLE_EM: f32 = 2.1;
/// Air between entries, ems.
const GAP_EM: f32 = 0.8;

/// What is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Raw,
    Days,
    Trend,
    Ahead,
    Gap,
    Beyond,
}

/// Entries that share a line, with the pixels at which they begin.
pub(super) type Row = Vec<(f32, Entry)>;

/// A sample and its word.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    sign: Sign,
    text: String,
}

fn entries(sheet: &Sheet) -> Vec<Entry> {
    let (chart, words) = (sheet.input.chart, sheet.input.words);
    let mut entries = Vec::new();
    let mut add = |is_drawn: bool, sign: Sign, text: String| {
        if is_drawn {
            entries.push(Entry { sign, text });
        }
    };
    let raw = match chart.raw_is_hourly {
        true => Key::ChartRawHour,
        false => Key::ChartRawDay,
    };
    add(!chart.raw.is_empty(), Sign::Raw, words.get(raw));
    let days = match chart.is_compensated {
        true => Key::ChartDays,
        false => Key::ChartDaysPlain,
    };
    add(!chart.days.is_empty(), Sign::Days, words.get(days));
    let span = chart.trend.as_ref().map_or(0, |trend| trend.span_days);
    let trend = words.format(Key::ChartTrend, &[("n", span.to_string())]);
    add(chart.trend.is_some(), Sign::Trend, trend);
    let ahead = match is_cut(chart) {
        true => Key::ChartAheadCut,
        false => Key::ChartAhead,
    };
    add(!chart.ahead.is_empty(), Sign::Ahead, words.get(ahead));
    add(
        !gap_days(chart).is_empty(),
        Sign::Gap,
        words.get(Key::ChartGap),
    );
    add(has_beyond(chart), Sign::Beyond, words.get(Key::ChartBeyond));
    entries
}

/// The entries in as many rows as they need.
pub(super) fn rows(sheet: &Sheet) -> Vec<Row> {
    let (em, rect, quiet) = (sheet.input.em, sheet.input.rect, sheet.quiet());
    let mut rows: Vec<Row> = Vec::new();
    let mut x = f32::INFINITY;
    for entry in entries(sheet) {
        let wanted = em * SAMPLE_EM + sheet.width(&entry.text, quiet);
        if x + wanted > rect.x + rect.w {
            rows.push(Row::new());
            x = rect.x;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, entry));
        }
        x += wanted + em * GAP_EM;
    }
    rows
}

/// Draws a row around its middle.
pub(super) fn draw(sheet: &mut Sheet, row: &Row, mid: f32) {
    let (em, rect, quiet) = (sheet.input.em, sheet.input.rect, sheet.quiet());
    for (x, entry) in row {
        sample(sheet, [*x, mid], entry.sign);
        let left = x + em * SAMPLE_EM;
        let room = rect.x + rect.w - left;
        sheet.text([left, mid], &entry.text, quiet, room);
    }
}

/// A sample, its left middle at a place.
fn sample(sheet: &mut Sheet, [x, mid]: [f32; 2], sign: Sign) {
    let (em, look) = (sheet.input.em, sheet.input.look);
    let ramp = ramp(sheet.input.chart.measured, look);
    let end = x + em * 1.8;
    let middle = x + em * 0.9;
    match sign {
        Sign::Raw => {
            for (step, half) in [0.35, 0.5, 0.4].into_iter().enumerate() {
                let x = x + em * (0.4 + 0.5 * step as f32);
                sheet.line(
                    [x, mid - em * half],
                    [x, mid + em * half],
                    em * 0.35,
                    ramp[1].alpha(RAW_ALPHA),
                );
            }
        }
        Sign::Days => {
            sheet.line([x, mid], [end, mid], (em * 0.06).max(1.0), look.text);
            sheet.mark([middle, mid], em * 0.42, Form::Disc, look.text, 0.0);
        }
        Sign::Trend => {
            sheet.line([x, mid], [end, mid], em * 0.17, ramp[4]);
            for sign in [1.0, -1.0] {
                let ends = [[x, mid + sign * em * 0.4], [end, mid - sign * em * 0.4]];
                sheet.dashed(ends, (em * 0.07).max(1.0), ramp[4], [em * 0.4, em * 0.3]);
            }
        }
        Sign::Ahead => {
            for (half, alpha) in [0.55, 0.36, 0.17].into_iter().zip(BAND_ALPHA) {
                let color = ramp[2].alpha(alpha);
                sheet.line(
                    [middle, mid - em * half],
                    [middle, mid + em * half],
                    em * 1.8,
                    color,
                );
            }
        }
        Sign::Gap => {
            let dash = [em * 0.22, em * 0.22];
            sheet.dashed([[x, mid], [end, mid]], em * 0.3, look.text_secondary, dash);
        }
        Sign::Beyond => {
            sheet.mark(
                [middle, mid],
                em * 0.6,
                Form::Triangle,
                look.text_secondary,
                0.0,
            );
        }
    }
}
