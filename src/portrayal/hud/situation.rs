//! How things stand: the registries' counts and the health of the devices by kind.

use crate::portrayal::overlay::{Rect, Rgba};
use crate::portrayal::words::Key;

use super::pen::{Inner, Pen};
use super::{KindHealth, say};

/// Columns of numbers: all, silent, faulty, in alarm.
const COLUMNS: [Key; 4] = [
    Key::HealthTotal,
    Key::HealthSilent,
    Key::HealthFaulty,
    Key::HealthAlarm,
];

/// The island of counts.
pub(super) fn counts(pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
    let facts = pen.input.facts;
    let counts = facts.counts;
    // Rounded down: "100 %" means all of them.
    let share = (counts.reporting * 100).checked_div(counts.devices);
    let share = share.map_or("–".to_owned(), |share| format!("{share} %"));
    let lines = [
        (Key::CountBuildings, say::number(counts.buildings)),
        (Key::CountHouseholds, say::number(counts.households)),
        (Key::CountResidents, say::number(counts.residents)),
        (Key::CountCameras, say::number(counts.cameras)),
        (Key::CountDevices, say::number(counts.devices)),
        (Key::CountReporting, share),
    ];
    pen.island(at, w, |pen, inner| {
        let gap = pen.em * 1.6;
        let column = (inner.w - gap) / 2.0;
        let pitch = pen.em * 1.75;
        for (index, (key, value)) in lines.iter().enumerate() {
            let x = inner.x + (column + gap) * (index % 2) as f32;
            let mid = inner.y + pitch * ((index / 2) as f32 + 0.5);
            let used = pen.text_right(x + column, mid, value, pen.bold(1.0), column);
            let label = pen.input.words.get(*key);
            let room = column - used - pen.em * 0.4;
            pen.text(x, mid, &label, pen.quiet(1.0), room);
        }
        inner.y + pitch * lines.len().div_ceil(2) as f32
    })
}

/// Widths of the health table; they follow the words of the language.
struct Table {
    name_w: f32,
    column_w: [f32; 4],
}

impl Table {
    fn of(pen: &Pen) -> Self {
        let facts = pen.input.facts;
        let quiet = pen.quiet(1.0);
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts
                .map(|text| pen.width(&text, quiet))
                .fold(0.0, f32::max)
        };
        let name_w = widest(&mut facts.health.iter().map(|kind| kind.name.clone()));
        let column_w = std::array::from_fn(|column| {
            let head = pen.width(&pen.input.words.get(COLUMNS[column]), quiet);
            let figures = |kind: &KindHealth| say::number(numbers(kind)[column]);
            head.max(widest(&mut facts.health.iter().map(figures))) + pen.em * 0.65
        });
        Self {
            name_w: name_w.clamp(pen.em * 4.0, pen.em * 7.2),
            column_w,
        }
    }

    fn width(&self, em: f32) -> f32 {
        em * 1.7 + self.name_w + self.column_w.iter().sum::<f32>()
    }
}

fn numbers(kind: &KindHealth) -> [usize; 4] {
    [kind.total, kind.silent, kind.faulty, kind.alarm]
}

/// The width that the islands of this side want.
pub(super) fn side_width(pen: &Pen) -> f32 {
    let wanted = Table::of(pen).width(pen.em) + pen.em * 1.8;
    wanted.clamp(pen.em * 17.0, pen.em * 22.5)
}

/// The island of device health, at most `h_max` tall.
pub(super) fn health(pen: &mut Pen, at: [f32; 2], w: f32, h_max: f32) -> Rect {
    let facts = pen.input.facts;
    pen.island(at, w, |pen, inner| {
        let em = pen.em;
        let words = pen.input.words;
        if facts.health.is_empty() {
            let text = words.get(Key::HealthNone);
            pen.text(inner.x, inner.y + em * 0.9, &text, pen.quiet(1.0), inner.w);
            return inner.y + em * 1.8;
        }
        let table = Table::of(pen);
        let pitch = em * 1.62;
        let mut y = head(pen, inner, &table);
        let room = ((at[1] + h_max - em * 0.72 - y) / pitch).max(1.0) as usize;
        let all = facts.health.len();
        let shown = if all <= room {
            all
        } else {
            room.saturating_sub(1)
        };
        for kind in &facts.health[..shown] {
            row(pen, Inner { y, ..inner }, &table, kind);
            y += pitch;
        }
        if shown < all {
            let text = words.format(Key::HealthMore, &[("n", (all - shown).to_string())]);
            pen.text(inner.x, y + pitch * 0.45, &text, pen.quiet(1.0), inner.w);
            y += pitch;
        }
        y
    })
}

/// Title and column heads; the heads stand beside the title where there is room for both.
fn head(pen: &mut Pen, inner: Inner, table: &Table) -> f32 {
    let em = pen.em;
    let words = pen.input.words;
    let title = words.get(Key::Health);
    let columns: f32 = table.column_w.iter().sum();
    let mut mid = inner.y + em * 0.8;
    pen.text(inner.x, mid, &title, pen.bold(1.25), inner.w);
    if pen.width(&title, pen.bold(1.25)) + em * 0.8 + columns > inner.w {
        mid += em * 1.7;
    }
    let mut x = inner.x + inner.w - columns;
    for (key, w) in COLUMNS.iter().zip(table.column_w) {
        x += w;
        pen.text_right(x, mid, &words.get(*key), pen.quiet(1.0), w);
    }
    mid + em * 0.95
}

fn row(pen: &mut Pen, inner: Inner, table: &Table, kind: &KindHealth) {
    let em = pen.em;
    let mid = inner.y + em * 0.62;
    let glyph = kind.glyph.to_string();
    pen.text_centered(inner.x + em * 0.5, mid, &glyph, pen.quiet(1.0), em * 1.2);
    let columns: f32 = table.column_w.iter().sum();
    let name_room = (inner.w - columns - em * 1.7).max(0.0);
    pen.text(
        inner.x + em * 1.6,
        mid,
        &kind.name,
        pen.sans(1.0),
        name_room,
    );
    let mut x = inner.x + inner.w - columns;
    for ((column, value), w) in numbers(kind).into_iter().enumerate().zip(table.column_w) {
        x += w;
        // All is well where nothing is: a zero stays quiet.
        let (text, ty) = match (column, value) {
            (0, _) => (say::number(value), pen.quiet(1.0)),
            (_, 0) => (
                "–".to_owned(),
                pen.typed(1.0, pen.quiet(1.0).face, pen.look().rule),
            ),
            _ => (say::number(value), pen.bold(1.0)),
        };
        pen.text_right(x, mid, &text, ty, w);
    }
    bar(
        pen,
        Inner {
            y: inner.y + em * 1.28,
            ..inner
        },
        kind,
    );
}

/// The bar under a row: fine, silent (hollow), faulty, in alarm; whatever is not nothing shows.
fn bar(pen: &mut Pen, inner: Inner, kind: &KindHealth) {
    let (look, h) = (pen.look(), (pen.em * 0.2).max(2.0));
    let alarm = kind
        .worst
        .map_or(look.text, |grade| look.grade(grade).color);
    let parts: [(usize, Rgba, bool); 4] = [
        (kind.alarm, alarm, false),
        (kind.faulty, look.faulty, false),
        (kind.silent, look.silent, true),
        (kind.fine, look.rule, false),
    ];
    let least = pen.em * 0.5;
    let gap = (pen.em * 0.1).max(1.0);
    let present = parts.iter().filter(|(count, ..)| *count > 0).count();
    let room = inner.w - gap * present.saturating_sub(1) as f32 - least * present as f32;
    let total = parts.iter().map(|(count, ..)| count).sum::<usize>().max(1) as f32;
    let mut x = inner.x;
    for (count, color, is_hollow) in parts.into_iter().filter(|(count, ..)| *count > 0) {
        let w = least + room.max(0.0) * count as f32 / total;
        let rect = Rect {
            x,
            y: inner.y,
            w,
            h,
        };
        if is_hollow {
            pen.fill(rect, 0.0, color.alpha(0x30), Some(color));
        } else {
            pen.fill(rect, 0.0, color, None);
        }
        x += w + gap;
    }
}
