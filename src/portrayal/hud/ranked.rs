//! The list of houses that are looked at first, beside a city that is shown as it leans: four orders to
//! choose from, and a row a house. Used by [`super::compose`]. What has no room is counted.

use crate::model::RankBy;
use crate::portrayal::deform::{RankedList, RankedRow};
use crate::portrayal::overlay::Rect;
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{Hit, say};

/// Most rows; what a person takes in at one look is 7 ± 2.
const ROWS_MAX: usize = 7;
/// From row to row, ems.
const PITCH_EM: f32 = 2.85;
/// The least that a list with one row and a count takes, ems.
pub(super) const LEAST_EM: f32 = 11.0;

/// The island of the list, at most `h_max` tall.
pub(super) fn ranked(pen: &mut Pen, at: [f32; 2], w: f32, h_max: f32, list: &RankedList) -> Rect {
    pen.island(at, w, |pen, inner| {
        let (em, words) = (pen.em, pen.input.words);
        let mut y = inner.y + em * 0.8;
        let title = words.get(Key::RankedTitle);
        pen.text(inner.x, y, &title, pen.bold(1.25), inner.w);
        y = tabs(
            pen,
            Inner {
                y: y + em * 1.1,
                ..inner
            },
            list,
        );
        let end = at[1] + h_max - em * 0.72;
        let total = list.total();
        if total == 0 {
            let text = words.get(Key::RankedEmpty);
            pen.text(inner.x, y + em * 0.9, &text, pen.quiet(1.0), inner.w);
            return y + em * 1.8;
        }
        let mut shown = 0;
        for row in list.rows.iter().take(ROWS_MAX) {
            let is_last = shown + 1 == total;
            let count_h = if is_last { 0.0 } else { em * 1.7 };
            if shown > 0 && y + em * PITCH_EM + count_h > end {
                break;
            }
            draw_row(pen, Inner { y, ..inner }, row);
            y += em * PITCH_EM;
            shown += 1;
        }
        if shown < total {
            let n = say::number(total - shown);
            let text = words.format(Key::RankedMore, &[("n", n)]);
            pen.rule(inner.x, inner.w, y);
            pen.text(inner.x, y + em * 0.95, &text, pen.quiet(1.0), inner.w);
            y += em * 1.7;
        }
        y
    })
}

/// The orders side by side, each with how many houses it is about; gives the lower end.
fn tabs(pen: &mut Pen, inner: Inner, list: &RankedList) -> f32 {
    let em = pen.em;
    let gap = em * 0.35;
    let count = RankBy::ALL.len() as f32;
    let labels = RankBy::ALL.iter().zip(list.counts).map(|(by, count)| {
        let name = pen.input.words.name("ranked_by", by.as_str());
        format!("{name} {}", say::number(count))
    });
    let labels: Vec<String> = labels.collect();
    let wanted: Vec<f32> = labels
        .iter()
        .map(|label| pen.width(label, pen.sans(1.0)) + em * 0.8)
        .collect();
    // Two rows where they do not fit beside each other.
    let is_wide = wanted.iter().sum::<f32>() + gap * (count - 1.0) <= inner.w;
    let columns = if is_wide { 4 } else { 2 };
    let spare = match is_wide {
        true => (inner.w - wanted.iter().sum::<f32>() - gap * (count - 1.0)) / count,
        false => 0.0,
    };
    let (mut x, mut y) = (inner.x, inner.y);
    for (index, (by, label)) in RankBy::ALL.into_iter().zip(&labels).enumerate() {
        if index > 0 && index % columns == 0 {
            (x, y) = (inner.x, y + em * 1.85);
        }
        let w = match is_wide {
            true => wanted[index] + spare,
            false => (inner.w - gap) / 2.0,
        };
        let rect = Rect {
            x,
            y,
            w,
            h: em * 1.6,
        };
        tab(pen, rect, label, by, by == list.by);
        x += w + gap;
    }
    y + em * 2.0
}

fn tab(pen: &mut Pen, rect: Rect, label: &str, by: RankBy, is_chosen: bool) {
    if pen.has_buttons() && !is_chosen {
        return pen.button(rect, label, Hit::Rank(by));
    }
    let look = pen.look();
    let (fill, border) = match is_chosen {
        true => (look.selection.alpha(0x28), look.selection),
        false => (look.button, look.rule),
    };
    pen.fill(rect, pen.em * 0.25, fill, Some(border));
    let ty = if is_chosen {
        pen.bold(1.0)
    } else {
        pen.quiet(1.0)
    };
    let middle = [rect.x + rect.w / 2.0, rect.y + rect.h / 2.0];
    pen.text_centered(middle[0], middle[1], label, ty, rect.w - pen.em * 0.4);
}

/// Form and colour of the grade, place and figure, and what else is known.
fn draw_row(pen: &mut Pen, inner: Inner, row: &RankedRow) {
    let em = pen.em;
    let whole = Rect {
        x: inner.x - em * 0.4,
        y: inner.y,
        w: inner.w + em * 0.8,
        h: em * PITCH_EM,
    };
    if pen.has_buttons() {
        pen.hits.push((whole, Hit::House(row.building)));
    }
    pen.rule(inner.x, inner.w, inner.y);
    let mid = inner.y + em * 0.88;
    if let Some((form, fill)) = row.grade.mark(pen.look()) {
        pen.mark([inner.x + em * 0.65, mid], em * 1.1, form, fill, 0.0);
    }
    let (x, right) = (inner.x + em * 1.7, inner.x + inner.w);
    let used = pen.text_right(right, mid, &row.figure, pen.bold(1.0), inner.w * 0.45);
    let room = right - x - used - em * 0.5;
    pen.text(x, mid, &row.place, pen.sans(1.0), room);
    let below = mid + em * 1.25;
    pen.text(x, below, &row.about, pen.quiet(1.0), right - x);
}
