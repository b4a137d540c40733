//! The queue of what waits for somebody: most urgent first, form and word and place and time, the
//! clock that runs, and a count of the rest. Used by [`super::compose`]. Never hides a row without
//! counting it.

use crate::portrayal::alarms::{Sign, sign};
use crate::portrayal::overlay::Rect;
use crate::portrayal::words::{Key, Words};

use super::pen::{Inner, Pen};
use super::{ClockLine, Hit, Item, QueueRow, legend, say};

/// Most rows; what a person takes in at one look is 7 ± 2.
const ROWS_MAX: usize = 7;

/// The queue's island, at most `h_max` tall.
pub(super) fn queue(pen: &mut Pen, at: [f32; 2], w: f32, h_max: f32) -> Rect {
    let em = pen.em;
    let facts = pen.input.facts;
    pen.island(at, w, |pen, inner| {
        if facts.waiting.all == 0 {
            return calm(pen, inner);
        }
        let mut y = header(pen, inner);
        y = flooded(pen, Inner { y, ..inner });
        let end = at[1] + h_max - em * 0.72;
        let mut shown = 0;
        for row in facts.queue.iter().take(ROWS_MAX) {
            let lead = shown == 0;
            // The last row that fits leaves room for the count of what follows it.
            let is_last = shown + 1 == facts.waiting.all;
            let count_h = if is_last { 0.0 } else { em * 1.9 };
            if shown > 0 && y + row_height(em, lead) + count_h > end {
                break;
            }
            draw_row(pen, Inner { y, ..inner }, row, lead);
            y += row_height(em, lead);
            shown += 1;
        }
        let rest = facts.waiting.all - shown;
        if rest == 0 {
            y
        } else {
            more(pen, Inner { y, ..inner }, shown, rest)
        }
    })
}

fn calm(pen: &mut Pen, inner: Inner) -> f32 {
    let h = pen.em * 2.2;
    let text = pen.input.words.get(Key::AlarmsNone);
    pen.text(inner.x, inner.y + h / 2.0, &text, pen.quiet(1.25), inner.w);
    inner.y + h
}

fn header(pen: &mut Pen, inner: Inner) -> f32 {
    let (em, facts, words) = (pen.em, pen.input.facts, pen.input.words);
    let total = say::number(facts.waiting.all);
    let mid = inner.y + em * 1.35;
    let used = pen.text(inner.x, mid, &total, pen.bold(2.6), inner.w);
    let (x, room) = (inner.x + used + em * 0.7, inner.w - used - em * 0.7);
    let alarms = [("alarms", say::number(facts.alarms_total()))];
    let open = words.format(Key::QueueOpen, &alarms);
    pen.text(x, mid - em * 0.72, &open, pen.sans(1.0), room);
    let waiting = facts.waiting;
    let (text, ty) = match undone(words, waiting.unseen, waiting.overdue) {
        Some(text) => (text, pen.bold(1.0)),
        None => (words.get(Key::QueueAllSeen), pen.quiet(1.0)),
    };
    pen.text(x, mid + em * 0.68, &text, ty, room);
    inner.y + em * 3.1
}

/// How many nobody took notice of, and how many are late; `None` where there are none.
fn undone(words: &Words, unseen: usize, overdue: usize) -> Option<String> {
    let parts = [(Key::QueueUnseen, unseen), (Key::QueueOverdue, overdue)];
    let parts = parts.into_iter().filter(|(_, count)| *count > 0);
    let parts = parts.map(|(key, count)| words.format(key, &[("n", say::number(count))]));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// While more alarms come than anybody can take in: since when, and how many.
fn flooded(pen: &mut Pen, inner: Inner) -> f32 {
    let (em, facts, words, look) = (pen.em, pen.input.facts, pen.input.words, pen.look());
    let flood = facts
        .flood
        .and_then(|flood| Some((flood.count, flood.since?)));
    let Some((count, since)) = flood else {
        return inner.y;
    };
    let time = say::time_of(since, facts.now, facts.utc_offset_minutes);
    let args = [("n", say::number(count)), ("time", time)];
    let text = words.format(Key::AlarmFlood, &args);
    let ty = pen.typed(1.0, pen.bold(1.0).face, look.on_caution);
    let room = inner.w - em * 1.2;
    let lines = pen.wrapped(&text, ty, room);
    let rect = Rect {
        x: inner.x,
        y: inner.y,
        w: inner.w,
        h: em * (0.5 + 1.3 * lines.len() as f32),
    };
    pen.fill(rect, em * 0.3, look.caution, None);
    for (at, line) in lines.iter().enumerate() {
        let mid = rect.y + em * (0.9 + 1.3 * at as f32);
        pen.text(rect.x + em * 0.6, mid, line, ty, room);
    }
    rect.y + rect.h + em * 0.4
}

fn row_height(em: f32, lead: bool) -> f32 {
    em * if lead { 6.0 } else { 5.05 }
}

fn draw_row(pen: &mut Pen, inner: Inner, row: &QueueRow, lead: bool) {
    let em = pen.em;
    let whole = Rect {
        x: inner.x - em * 0.4,
        y: inner.y,
        w: inner.w + em * 0.8,
        h: row_height(em, lead),
    };
    pen.hits.push((whole, Hit::Waiting(row.item)));
    pen.rule(inner.x, inner.w, inner.y);
    if pen
        .input
        .facts
        .focus
        .is_some_and(|it| it.is_the_same(row.item))
    {
        let selection = pen.look().selection;
        pen.fill(whole, em * 0.3, selection.alpha(0x18), Some(selection));
    }
    let size = em * if lead { 2.7 } else { 2.2 };
    let middle = [
        inner.x + em * 1.3,
        inner.y + em * if lead { 1.95 } else { 1.6 },
    ];
    sign(
        &mut pen.shapes,
        pen.input.look,
        pen.input.measure,
        &Sign {
            at: middle,
            size,
            grade: row.grade,
            glyph: Some(row.glyph),
            hollow: !row.active,
        },
    );
    row_text(pen, inner, row, lead);
}

/// What it is, whole: if need be smaller, or with the time since when beside the place below. Gives the
/// middle of the place's line.
fn what_and_where(
    pen: &mut Pen,
    [x, right]: [f32; 2],
    mid: f32,
    row: &QueueRow,
    [big, place_step]: [f32; 2],
) -> f32 {
    let (em, facts, words) = (pen.em, pen.input.facts, pen.input.words);
    let since = say::span(words, facts.now - row.since);
    let since_w = pen.width(&since, pen.quiet(1.0)).min(em * 6.5) + em * 0.6;
    let what = |pen: &Pen, step: f32| match row.is_unseen {
        true => pen.bold(step),
        false => pen.sans(step),
    };
    let place = |pen: &Pen, step: f32| match row.is_unseen {
        true => pen.sans(step),
        false => pen.quiet(step),
    };
    let (whole, room) = (headline(row, words), right - x);
    let fitting = |pen: &Pen, room: f32| {
        let mut steps = [big, big.min(1.25), 1.0].into_iter();
        steps.find(|step| pen.width(&whole, what(pen, *step)) <= room)
    };
    let beside = fitting(pen, room - since_w);
    let mut steps = [place_step, 1.0].into_iter();
    let narrow = steps.find(|step| pen.width(&row.place, place(pen, *step)) <= room - since_w);
    let below = narrow.filter(|_| beside.is_none());
    let (what_room, place_room) = match below {
        Some(_) => (room, room - since_w),
        None => (room - since_w, room),
    };
    let step = beside.or_else(|| fitting(pen, what_room)).unwrap_or(1.0);
    let place_mid = mid + em * (big * 0.62 + place_step * 0.68);
    let since_mid = if below.is_some() { place_mid } else { mid };
    pen.text_right(right, since_mid, &since, pen.quiet(1.0), em * 6.5);
    pen.text(x, mid, &whole, what(pen, step), what_room);
    let place_ty = place(pen, below.unwrap_or(place_step));
    pen.text(x, place_mid, &row.place, place_ty, place_room);
    place_mid
}

/// What, where, and what is to be done and was done about it, in three lines beside the sign.
fn row_text(pen: &mut Pen, inner: Inner, row: &QueueRow, lead: bool) {
    let (em, words) = (pen.em, pen.input.words);
    let (big, place_step) = if lead { (1.6, 1.25) } else { (1.25, 1.0) };
    let (x, right) = (inner.x + em * 3.1, inner.x + inner.w);
    let mid = inner.y + em * (0.35 + big * 0.65);
    let mut mid = what_and_where(pen, [x, right], mid, row, [big, place_step]);

    mid += em * (place_step * 0.62 + 0.75);
    let mut room = right - x;
    if pen.has_buttons() && row.is_unseen {
        let label = words.get(match row.item {
            Item::Call(_) => Key::IncidentAnswer,
            Item::Incident(..) | Item::Alarm(_) => Key::AlarmAcknowledge,
        });
        let w = pen.width(&label, pen.sans(1.0)) + em * 1.4;
        let button = Rect {
            x: right - w,
            y: mid - em * 0.72,
            w,
            h: em * 1.5,
        };
        pen.button(button, &label, Hit::TakeUp(row.item));
        room -= w + em * 0.5;
    }
    let used = match &row.clock {
        Some(clock) => clock_chip(pen, [x, mid], clock, room) + em * 0.5,
        None => 0.0,
    };
    pen.text(x + used, mid, &row.state, pen.quiet(1.0), room - used);
}

/// Grade, what it is, and how many alarms if several.
fn headline(row: &QueueRow, words: &Words) -> String {
    let title = format!("{} {}", words.name("grade", row.grade.as_str()), row.title);
    match usize::try_from(row.alarms) {
        Ok(count) if count > 1 => format!("{title} ×{}", say::number(count)),
        _ => title,
    }
}

/// A clock; one that is past is seen from afar. Gives its width.
fn clock_chip(pen: &mut Pen, [x, mid]: [f32; 2], clock: &ClockLine, room: f32) -> f32 {
    if !clock.is_over {
        return pen.text(x, mid, &clock.text, pen.sans(1.0), room);
    }
    let (em, look) = (pen.em, pen.look());
    let ty = pen.typed(1.0, pen.bold(1.0).face, look.on_caution);
    let w = (pen.width(&clock.text, ty) + em * 0.8).min(room);
    let chip = Rect {
        x,
        y: mid - em * 0.68,
        w,
        h: em * 1.36,
    };
    pen.fill(chip, em * 0.3, look.caution, None);
    pen.text(x + em * 0.4, mid, &clock.text, ty, w - em * 0.8);
    w
}

/// The count of what is not shown, and how much of it is still to be done.
fn more(pen: &mut Pen, inner: Inner, shown: usize, rest: usize) -> f32 {
    let (em, facts, words) = (pen.em, pen.input.facts, pen.input.words);
    let told = &facts.queue[..shown];
    let unseen = told.iter().filter(|row| row.is_unseen).count();
    let overdue = |row: &&QueueRow| row.clock.as_ref().is_some_and(|clock| clock.is_over);
    let overdue = told.iter().filter(overdue).count();
    let waiting = facts.waiting;
    let more = words.format(Key::QueueMore, &[("n", say::number(rest))]);
    let undone = undone(
        words,
        waiting.unseen.saturating_sub(unseen),
        waiting.overdue.saturating_sub(overdue),
    );
    let text = match undone {
        Some(undone) => format!("{more} · {undone}"),
        None => more,
    };
    pen.rule(inner.x, inner.w, inner.y);
    pen.text(inner.x, inner.y + em * 1.15, &text, pen.sans(1.0), inner.w);
    inner.y + em * 1.9
}

/// The most urgent row in one line with the count of all, for a picture without room for a queue.
pub(super) fn strip(pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
    let (facts, words) = (pen.input.facts, pen.input.words);
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let mid = inner.y + em * 0.75;
        let Some(row) = facts.queue.first() else {
            // Two versions are compared without live data: that nothing is open is not known.
            let text = match &facts.comparison {
                Some(_) => legend::title(facts, words),
                None => words.get(Key::AlarmsNone),
            };
            pen.text(inner.x, mid, &text, pen.quiet(1.0), inner.w);
            return inner.y + em * 1.5;
        };
        pen.hits.push((
            Rect {
                x: at[0],
                y: at[1],
                w,
                h: em * 2.3,
            },
            Hit::Waiting(row.item),
        ));
        let middle = [inner.x + em * 0.7, mid];
        sign(
            &mut pen.shapes,
            pen.input.look,
            pen.input.measure,
            &Sign {
                at: middle,
                size: em * 1.6,
                grade: row.grade,
                glyph: None,
                hollow: !row.active,
            },
        );
        let right = inner.x + inner.w;
        let total = say::number(facts.waiting.all);
        let used = pen.text_right(right, mid, &total, pen.bold(1.25), em * 5.0);
        let x = inner.x + em * 2.0;
        let text = format!("{} {}", headline(row, words), row.place);
        pen.text(x, mid, &text, pen.bold(1.0), right - x - used - em * 0.6);
        inner.y + em * 1.5
    })
}
