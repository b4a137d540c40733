//! The bottom line: clock, age of the data, feed, stamps, scale, north, and whom to name.

use crate::portrayal::overlay::{Form, Rect, Rgba};
use crate::portrayal::words::Key;

use super::credits::{Credits, Place, credits, credits_width};
use super::pen::{Inner, Pen, Type};
use super::stamps::{short_stamps, stamps};
use super::{Hit, HudMode, LinkState, say};

/// One thing on the line.
pub(super) enum Item {
    Text(String, Type),
    /// Old data: text on a ground of its own.
    Caution(String),
    /// A stamp in a frame; a strong one is inverted.
    Stamp(String, bool),
}

fn width(pen: &Pen, item: &Item) -> f32 {
    match item {
        Item::Text(text, ty) => pen.steady_width(text, *ty),
        Item::Caution(text) | Item::Stamp(text, _) => {
            pen.steady_width(text, pen.bold(1.0)) + pen.em * 1.2
        }
    }
}

fn draw(pen: &mut Pen, item: &Item, x: f32, mid: f32, w: f32) {
    let (em, look) = (pen.em, pen.look());
    let chip = |pen: &mut Pen, text: &str, fill: Rgba, ink: Rgba, border| {
        let rect = Rect {
            x,
            y: mid - em * 0.82,
            w,
            h: em * 1.64,
        };
        pen.fill(rect, em * 0.2, fill, border);
        let ty = pen.typed(1.0, pen.bold(1.0).face, ink);
        pen.text(x + em * 0.6, mid, text, ty, w - em * 1.2);
    };
    match item {
        Item::Text(text, ty) => {
            pen.text(x, mid, text, *ty, w);
        }
        Item::Caution(text) => chip(pen, text, look.caution, look.on_caution, None),
        Item::Stamp(text, true) => {
            let ink = Rgba([look.panel.0[0], look.panel.0[1], look.panel.0[2], 0xFF]);
            chip(pen, text, look.text, ink, None);
        }
        Item::Stamp(text, false) => {
            chip(
                pen,
                text,
                look.panel.alpha(0),
                look.text,
                Some(look.text_secondary),
            );
        }
    }
}

/// Who is signed in: role, areas, purpose.
fn signed_in(pen: &Pen) -> Option<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let who = facts.signed_in.as_ref()?;
    let named = |[zh, en]: &[String; 2]| words.lang().pick(zh, en).to_owned();
    let areas = match who.areas.as_slice() {
        [] => words.get(Key::SignedInEverywhere),
        some => some.join(", "),
    };
    let purpose = match &who.purpose {
        _ if who.key_is_away => words.get(Key::SignedInKeyAway),
        Some(purpose) => named(purpose),
        None => words.get(Key::SignedInMasked),
    };
    let args = [
        ("role", named(&who.role)),
        ("areas", areas),
        ("purpose", purpose),
    ];
    Some(Item::Text(
        words.format(Key::SignedIn, &args),
        pen.bold(1.0),
    ))
}

/// Clock and date; a picture of one moment has the data's time instead, and one of two versions
/// has no live data at all.
fn times(pen: &Pen) -> Vec<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let mut items = Vec::new();
    if facts.comparison.is_some() {
        return items;
    }
    if pen.input.mode != HudMode::Plate {
        let local = |format| facts.now.local(facts.utc_offset_minutes, format);
        let date = format!(
            "{} {}",
            local("%Y-%m-%d"),
            words.name("weekday", &local("%w"))
        );
        items.push(Item::Text(local("%H:%M:%S"), pen.bold(1.6)));
        items.push(Item::Text(date, pen.quiet(1.0)));
    }
    items.push(data_time(pen));
    items
}

/// Whether what is shown may no longer be so.
fn is_stale(pen: &Pen) -> bool {
    let facts = pen.input.facts;
    match facts.link {
        LinkState::None => false,
        LinkState::Lost { .. } => true,
        LinkState::Alive => {
            let most = facts.stale_after_ms.unwrap_or(say::STALE_MS);
            facts.data_age().is_some_and(|age| age > most)
        }
    }
}

/// Clock and age alone; of a picture of one moment the data's time.
fn short_times(pen: &Pen) -> Vec<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    if facts.comparison.is_some() {
        return Vec::new();
    }
    if facts.link == LinkState::None {
        return vec![data_time(pen)];
    }
    let clock = facts.now.local(facts.utc_offset_minutes, "%H:%M:%S");
    let age = facts.data_age().map(|age| {
        let text = words.format(Key::DataAge, &[("age", say::ago(words, age))]);
        if is_stale(pen) {
            Item::Caution(text)
        } else {
            Item::Text(text, pen.sans(1.0))
        }
    });
    let none = || Item::Text(words.get(Key::DataNone), pen.quiet(1.0));
    vec![Item::Text(clock, pen.bold(1.0)), age.unwrap_or_else(none)]
}

fn data_time(pen: &Pen) -> Item {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let is_still = facts.link == LinkState::None;
    let at = if is_still {
        facts.newest()
    } else {
        facts.data_at
    };
    let Some(at) = at else {
        return Item::Text(words.get(Key::DataNone), pen.quiet(1.0));
    };
    let age = (facts.now - at).max(0);
    let time = if is_still {
        at.local(facts.utc_offset_minutes, "%Y-%m-%d %H:%M:%S")
    } else {
        say::time_of(at, facts.now, facts.utc_offset_minutes)
    };
    let text = words.format(Key::DataTime, &[("time", time)]);
    if is_still {
        return Item::Text(text, pen.sans(1.0));
    }
    let text = format!("{text} · {}", say::ago(words, age));
    if is_stale(pen) {
        Item::Caution(text)
    } else {
        Item::Text(text, pen.sans(1.0))
    }
}

fn feed(pen: &Pen) -> Item {
    let (facts, words) = (pen.input.facts, pen.input.words);
    if facts.feed.name.is_empty() {
        return Item::Text(words.get(Key::FeedNone), pen.quiet(1.0));
    }
    let name = words.format(Key::Feed, &[("name", facts.feed.name.clone())]);
    if let Some(connection) = facts.feed.connection.as_ref()
        && !connection.connected
    {
        let since = say::time_of(connection.since, facts.now, facts.utc_offset_minutes);
        let cut_off = words.format(Key::FeedCutOff, &[("time", since)]);
        return Item::Caution(format!("{name} · {cut_off}"));
    }
    if facts.feed.dropped == 0 {
        return Item::Text(name, pen.quiet(1.0));
    }
    let dropped = ("n", say::number(facts.feed.dropped as usize));
    Item::Caution(format!(
        "{name} · {}",
        words.format(Key::FeedDropped, &[dropped])
    ))
}

/// Where the picture's things come from; `None` where there is nothing to name.
fn sources(pen: &Pen) -> Option<Item> {
    let (facts, words) = (pen.input.facts, pen.input.words);
    let text = if facts.synthetic {
        let city = words.lang().pick(&facts.city_name_zh, &facts.city_name_en);
        words.format(Key::SourceSynthetic, &[("city", city.to_owned())])
    } else if facts.sources.is_empty() {
        return None;
    } else {
        words.format(Key::Sources, &[("names", facts.sources.join(", "))])
    };
    Some(Item::Text(text, pen.quiet(1.0)))
}

/// The bottom line across `w`, drawn from `at` downwards.
pub(super) fn bottom_line(pen: &mut Pen, at: [f32; 2], w: f32) -> Rect {
    pen.island(at, w, |pen, inner| {
        let mut items = times(pen);
        items.extend(stamps(pen));
        items.extend(signed_in(pen));
        let is_credited = !pen.input.facts.attributions.is_empty();
        match pen.input.mode {
            // The names that must be there say more than those of the data sets.
            HudMode::Plate if is_credited => {}
            HudMode::Plate => items.extend(sources(pen)),
            _ if pen.input.facts.comparison.is_some() => {}
            _ => items.push(feed(pen)),
        }
        // What has no ground has no scale and no north.
        let used = match pen.input.facts.is_page {
            true => 0.0,
            false => instruments(pen, inner),
        };
        let end = flow(pen, inner, &items, used, pen.em * 2.1);
        credits(pen, inner, end, Credits::Whole)
    })
}

/// The line of a thumbnail: time, age, one stamp, names; no date, no instruments.
pub(super) fn small_line(pen: &mut Pen, at: [f32; 2], w: f32) -> Option<Rect> {
    let mut items = short_times(pen);
    items.extend(short_stamps(pen));
    Some(small_island(pen, at, w, &items))
}

/// The stamps and names of a thumbnail alone; `None` when there are none.
pub(super) fn small_stamps(pen: &mut Pen, at: [f32; 2], w: f32) -> Option<Rect> {
    let items = short_stamps(pen);
    let is_needed = !items.is_empty() || !pen.input.facts.attributions.is_empty();
    is_needed.then(|| small_island(pen, at, w, &items))
}

fn small_island(pen: &mut Pen, at: [f32; 2], w: f32, items: &[Item]) -> Rect {
    pen.island(at, w, |pen, inner| {
        let end = flow(pen, inner, items, 0.0, pen.em * 1.75);
        credits(pen, inner, end, Credits::Squeezed)
    })
}

/// The stamps and names alone; `None` when there are none.
pub(super) fn stamp_line(pen: &mut Pen, at: [f32; 2], w: f32) -> Option<Rect> {
    let items = stamps(pen);
    let gap = pen.em * 1.2;
    let stamps_w: f32 = items.iter().map(|item| width(pen, item) + gap).sum();
    let wanted = stamps_w + credits_width(pen) + pen.em;
    (stamps_w + credits_width(pen) > 0.0).then(|| {
        pen.island(at, w.min(wanted), |pen, inner| {
            let end = flow(pen, inner, &items, 0.0, pen.em * 1.9);
            credits(pen, inner, end, Credits::Whole)
        })
    })
}

/// Sets items in rows from the left; the first row leaves `reserved` free at its right end.
/// Tells where they end; with nothing in it no row is taken.
fn flow(pen: &mut Pen, inner: Inner, items: &[Item], reserved: f32, row_h: f32) -> Place {
    let gap = pen.em * 1.2;
    let (mut x, mut row) = (inner.x, 0);
    let end = |row| inner.x + inner.w - if row == 0 { reserved } else { 0.0 };
    for item in items {
        let wanted = width(pen, item);
        if x > inner.x && x + wanted > end(row) {
            row += 1;
            x = inner.x;
        }
        let w = wanted.min(end(row) - x);
        if w < pen.em * 2.0 {
            continue;
        }
        draw(pen, item, x, inner.y + row_h * (row as f32 + 0.5), w);
        x += w + gap;
    }
    let is_taken = !items.is_empty() || reserved > 0.0;
    let rows = if is_taken { row + 1 } else { 0 };
    Place {
        x,
        end: if is_taken { end(row) } else { x },
        mid: inner.y + row_h * (row as f32 + 0.5),
        bottom: inner.y + row_h * rows as f32,
    }
}

/// The largest round length (1, 2 or 5 times a power of ten) not above `length_m`.
fn round_length_m(length_m: f64) -> f64 {
    let power = 10_f64.powf(length_m.log10().floor());
    let digit = [5.0, 2.0, 1.0]
        .into_iter()
        .find(|digit| digit * power <= length_m);
    digit.unwrap_or(1.0) * power
}

/// Scale bar and north arrow at the right end of the first row; gives the width they take.
fn instruments(pen: &mut Pen, inner: Inner) -> f32 {
    let (em, facts) = (pen.em, pen.input.facts);
    let mid = inner.y + em * 1.05;
    let letter = pen.input.words.get(Key::North);
    let letter_w = pen.width(&letter, pen.bold(1.0));
    let mut x = inner.x + inner.w - letter_w;
    pen.text(x, mid, &letter, pen.bold(1.0), letter_w);
    x -= em * 1.1;
    let (text, quiet) = (pen.look().text, pen.look().text_secondary);
    let turn = -(facts.heading_deg.to_radians() as f32);
    pen.mark(
        [x, mid],
        em * 1.7,
        Form::Arrow,
        text,
        if turn.is_finite() { turn } else { 0.0 },
    );
    x -= em * 1.1;
    if pen.has_buttons() {
        let target = Rect {
            x,
            y: mid - em,
            w: inner.x + inner.w - x,
            h: em * 2.0,
        };
        pen.hits.push((target, Hit::North));
    }
    let scale = facts
        .scale_m_per_px
        .filter(|scale| scale.is_finite() && *scale > 0.0);
    if let Some(scale) = scale {
        let length_m = round_length_m(scale * f64::from(em) * 7.0);
        let label = length_label(length_m);
        x -= em * 0.6;
        x -= pen.text_right(x, mid, &label, pen.sans(1.0), em * 5.0) + em * 0.5;
        let bar_px = (length_m / scale) as f32;
        scale_bar(pen, [x - bar_px, mid], bar_px, quiet);
        x -= bar_px;
    }
    inner.x + inner.w - x + em * 1.2
}

fn scale_bar(pen: &mut Pen, at: [f32; 2], w: f32, color: Rgba) {
    let (h, width) = (pen.em * 0.3, (pen.em * 0.09).max(1.0));
    let [x, y] = at;
    pen.line([x, y], [x + w, y], width, color);
    for tick in [x, x + w / 2.0, x + w] {
        pen.line([tick, y - h], [tick, y + h], width, color);
    }
}

fn length_label(length_m: f64) -> String {
    if length_m >= 1_000.0 {
        format!("{} km", length_m / 1_000.0)
    } else if length_m >= 1.0 {
        format!("{length_m} m")
    } else {
        format!("{:.0} cm", length_m * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_round() {
        let lengths = [0.3, 1.0, 4.9, 73.0, 199.9, 6_200.0].map(round_length_m);
        let labels = lengths.map(length_label);
        assert_eq!(labels, ["20 cm", "1 m", "2 m", "50 m", "100 m", "5 km"]);
    }
}
