//! Numbers of one column: what is one, what is a mark for nothing, and what stays the same for too
//! long. Pure; used by `series` alone. A number is set aside only where a rule says so, and counted.

use super::told::{SentinelRule, Stuck};
use crate::base::Timestamp;

/// Words for what was not measured.
const WORDS: &[&str] = &[
    "nan",
    "null",
    "none",
    "nil",
    "na",
    "n/a",
    "#n/a",
    "#n/d",
    "-",
    "--",
    "---",
    "—",
    "/",
    "\\n",
    "missing",
    "invalid",
    "bad",
    "inf",
    "+inf",
    "-inf",
    "infinity",
    "-infinity",
    "-nan",
    "+nan",
    "1.#qnan",
    "-1.#ind",
    "无",
    "缺测",
    "缺失",
    "无数据",
    "空",
];
/// Numbers that loggers write for nothing.
const CODES: &[f64] = &[
    99.9,
    99.99,
    999.0,
    999.9,
    999.99,
    9999.0,
    9999.9,
    99999.0,
    999_999.0,
    6999.0,
    7999.0,
    32767.0,
    32768.0,
    65535.0,
    1e20,
    1e30,
    9.969_209_968_386_869e36,
];
/// So often a value stands at the end of the range where a sensor tells no more.
const ENDS_LEAST: usize = 3;
/// Nearer than so many of its steps nothing is far from a series.
const STEPS_APART: f64 = 10.0;
/// Fewer values in a row are never called stuck.
const STUCK_LEAST: usize = 5;
/// A run that chance would bring once in so many series like this is stuck.
const STUCK_ONCE_IN: f64 = 1_000.0;
/// A series that repeats more of its values than this says nothing by repeating one.
const REPEATS_MOST: f64 = 0.5;
/// So many stretches are listed.
pub(super) const LISTED_MOST: usize = 100;

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Empty,
    Mark,
    Number { value: f64, has_comma: bool },
    Other,
}

/// What a cell is; a comma is taken for a point where commas do not part the cells.
pub(super) fn cell(text: &str, commas_are_points: bool) -> Cell {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.is_empty() {
        return Cell::Empty;
    }
    if WORDS.contains(&text.to_lowercase().as_str()) {
        return Cell::Mark;
    }
    let text = text.replace('−', "-");
    let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
    if let Some(value) = number(&text) {
        return Cell::Number {
            value,
            has_comma: false,
        };
    }
    let has_comma = commas_are_points && text.matches(',').count() == 1 && !text.contains('.');
    match number(&text.replace(',', ".")).filter(|_| has_comma) {
        Some(value) => Cell::Number { value, has_comma },
        None => Cell::Other,
    }
}

/// Whether a cell is a number, however it writes its fraction.
pub(super) fn is_number(text: &str) -> bool {
    matches!(cell(text, true), Cell::Number { .. })
}

/// Which numbers of a column are marks: codes, and values at the end of the range, that lie further from
/// all others than these lie from each other.
pub(super) fn sentinels(values: &[f64]) -> Vec<(f64, SentinelRule)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut found = Vec::new();
    let mut rest = sorted.as_slice();
    // From either end inwards: a code may hide another.
    while let Some((value, is_low)) = outermost(rest) {
        let count = rest.iter().filter(|one| **one == value).count();
        let others = match is_low {
            true => &rest[count..],
            false => &rest[..rest.len() - count],
        };
        let is_code = CODES.iter().any(|code| value.abs() == *code);
        let is_end = count >= ENDS_LEAST && count * 2 < rest.len() && has_twice(values, value);
        if others.is_empty() || !(is_code || is_end) {
            break;
        }
        let rule = match is_code {
            true => SentinelRule::Code,
            false => SentinelRule::EndOfRange,
        };
        found.push((value, rule));
        rest = others;
    }
    found
}

/// The end of a sorted list that lies far from all others, and whether it is the lower one.
fn outermost(sorted: &[f64]) -> Option<(f64, bool)> {
    let (low, high) = (*sorted.first()?, *sorted.last()?);
    let above = &sorted[sorted.partition_point(|one| *one <= low)..];
    let below = &sorted[..sorted.partition_point(|one| *one < high)];
    let (gap_low, gap_high) = (above.first()? - low, high - below.last()?);
    let low_is = (gap_low > reach(above)).then_some((low, true));
    let high_is = (gap_high > reach(below)).then_some((high, false));
    match gap_low > gap_high {
        true => low_is.or(high_is),
        false => high_is.or(low_is),
    }
}

/// How far from the values of a sorted list one must lie to be none of them: as far as they spread, but
/// for the twentieth at either end, and ten of the steps in which they are told.
fn reach(sorted: &[f64]) -> f64 {
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    let steps = sorted
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|step| *step > 0.0);
    let step = steps.fold(f64::INFINITY, f64::min);
    // Values that are all alike tell nothing of their steps: a tenth of their size stands for it.
    let step = if step.is_finite() {
        step
    } else {
        sorted[0].abs() / 10.0
    };
    (at(0.95) - at(0.05)).max(STEPS_APART * step)
}

/// Whether a value stands twice in a row.
fn has_twice(values: &[f64], value: f64) -> bool {
    values
        .windows(2)
        .any(|pair| pair[0] == value && pair[1] == value)
}

/// Stretches that stay the same for longer than by chance, by how often this series repeats a value
/// elsewhere. A gauge that mostly tells nought may do so for as long as it likes.
pub(super) fn stuck(values: &[(Timestamp, f64)]) -> Vec<Stuck> {
    let runs: Vec<&[(Timestamp, f64)]> = values.chunk_by(|one, next| one.1 == next.1).collect();
    let same = values.len() - runs.len().min(values.len());
    let noughts = values.iter().filter(|one| one.1 == 0.0).count();
    let is_gauge = noughts * 2 > values.len();
    let mut found = Vec::new();
    for run in runs {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        if run.len() < STUCK_LEAST || run.len() == values.len() || (is_gauge && first.1 == 0.0) {
            continue;
        }
        let elsewhere = values.len() - run.len();
        let repeats = (same - (run.len() - 1)) as f64 + 1.0;
        let share = (repeats / (elsewhere as f64 + 2.0)).min(1.0);
        // What repeats its values anyway, slow and coarsely told, cannot be told from what is stuck.
        if share > REPEATS_MOST {
            continue;
        }
        let expected = share.powf((run.len() - 1) as f64) * values.len() as f64;
        if expected * STUCK_ONCE_IN < 1.0 && found.len() < LISTED_MOST {
            found.push(Stuck {
                from: first.0,
                to: last.0,
                count: run.len(),
                value: first.1,
            });
        }
    }
    found
}
