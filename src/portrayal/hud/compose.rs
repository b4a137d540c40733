//! Where the panels stand: islands with air, and which of them go when the picture is small.

use crate::portrayal::overlay::Rect;

use super::banners::banners;
use super::card::card;
use super::charts;
use super::legend::{legend, legend_width};
use super::line::{bottom_line, small_line, small_stamps, stamp_line};
use super::map_key::MapKey;
use super::pen::Pen;
use super::queue::{queue, strip};
use super::ranked::ranked;
use super::side::side;
use super::situation::{counts, health, side_width};
use super::top::title;
use super::{HudInput, HudLayout, HudMode};

/// Width of the queue's side.
const LEFT_EM: f32 = 22.0;
/// Air between the picture's edge and the islands.
pub(super) const MARGIN_EM: f32 = 1.2;
/// Air between islands.
pub(super) const GAP_EM: f32 = 0.7;

/// A frame that shrinks while islands take their place at its sides.
pub(super) struct Frame {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Frame {
    pub fn of(pen: &Pen, margin_em: f32) -> Self {
        let margin = pen.em * margin_em;
        let [w, h] = pen.input.size_px;
        Self {
            left: margin,
            top: margin,
            right: w - margin,
            bottom: h - margin,
        }
    }

    pub fn w(&self) -> f32 {
        self.right - self.left
    }

    fn h(&self) -> f32 {
        self.bottom - self.top
    }
}

/// Lays out the panels.
pub(super) fn compose(input: &HudInput) -> HudLayout {
    let [w, h] = input.size_px;
    let mut pen = Pen::new(input);
    let (wide, high) = (w / pen.em, h / pen.em);
    let map_rect = match input.mode {
        // Not even a word fits.
        _ if !(wide >= 6.0 && high >= 4.0) => Rect {
            x: 0.0,
            y: 0.0,
            w,
            h,
        },
        HudMode::Plate if input.facts.is_page && wide >= 30.0 && high >= 22.0 => {
            charts::page(&mut pen)
        }
        HudMode::None => bare(&mut pen),
        HudMode::Plate if wide >= 34.0 && high >= 22.0 => plate(&mut pen),
        HudMode::Wall if wide >= 44.0 && high >= 60.0 && high > wide => tall(&mut pen),
        HudMode::Wall if wide >= 46.0 && high >= 30.0 => wall(&mut pen),
        _ => small(&mut pen),
    };
    HudLayout {
        shapes: pen.shapes,
        hits: pen.hits,
        map_rect,
        panels: pen.panels,
        card_room: pen.card_room,
    }
}

/// Draws an island whose lower end is given, not its upper.
pub(super) fn from_below(pen: &mut Pen, bottom: f32, draw: impl FnOnce(&mut Pen) -> Rect) -> Rect {
    let before = pen.moment();
    let rect = draw(pen);
    let by = bottom - rect.h - rect.y;
    pen.lower(before, by);
    Rect {
        y: rect.y + by,
        ..rect
    }
}

fn rect(frame: &Frame, gap: f32) -> Rect {
    let (x, y) = (frame.left + gap, frame.top + gap);
    Rect {
        x,
        y,
        w: (frame.right - gap - x).max(0.0),
        h: (frame.bottom - gap - y).max(0.0),
    }
}

/// Landscape: queue left, situation right, line below.
fn wall(pen: &mut Pen) -> Rect {
    let (em, gap) = (pen.em, pen.em * GAP_EM);
    let mut frame = Frame::of(pen, MARGIN_EM);
    frame.top = banners(pen, [frame.left, frame.top], frame.w(), 1.25);
    let line = from_below(pen, frame.bottom, |pen| {
        bottom_line(pen, [frame.left, 0.0], frame.w())
    });
    frame.bottom = line.y - gap;

    let left_w = em * LEFT_EM;
    let head = title(pen, [frame.left, frame.top], left_w);
    let y = head.y + head.h + gap;
    queue(pen, [frame.left, y], left_w, frame.bottom - y);

    let right_w = side_width(pen);
    let map_w = frame.w() - left_w - right_w - 2.0 * gap;
    if map_w >= frame.w() * 0.4 {
        frame.right -= right_w;
        side(pen, [frame.right, frame.top], right_w, frame.bottom);
        frame.right -= gap;
    } else {
        selected_below(pen, &mut frame, left_w + gap);
        map_key_below(pen, &mut frame, left_w + gap);
    }
    frame.left += left_w + gap;
    rect(&frame, 0.0)
}

/// Where there is no right side, the card stands at the lower right of the map.
fn selected_below(pen: &mut Pen, frame: &mut Frame, left_w: f32) {
    let Some(selected) = &pen.input.facts.card else {
        return;
    };
    let w = (frame.w() - left_w).min(pen.em * 22.0);
    if w < pen.em * 12.0 {
        return;
    }
    let x = frame.right - w;
    let h_max = frame.h() * 0.5;
    let shown = from_below(pen, frame.bottom, |pen| {
        card(pen, [x, 0.0], w, h_max, selected)
    });
    frame.bottom = shown.y - pen.em * GAP_EM;
}

/// Where there is no right side, what explains the map's colours stands at the lower right of the map,
/// above the card.
fn map_key_below(pen: &mut Pen, frame: &mut Frame, left_w: f32) {
    let Some(key) = MapKey::of(pen.input.facts) else {
        return;
    };
    let w = key.width(pen).min(frame.w() - left_w);
    if let Some(shown) = key_from_below(pen, key, frame, (w, frame.top)) {
        frame.bottom = shown.y - pen.em * GAP_EM;
    }
}

/// What explains the map's colours at the lower right of a frame, so wide and no higher than `top`:
/// whole, or as much as has room; `None` where nothing of it has.
fn key_from_below(pen: &mut Pen, key: MapKey, frame: &Frame, (w, top): (f32, f32)) -> Option<Rect> {
    let (before, x) = (pen.moment(), frame.right - w);
    let whole = from_below(pen, frame.bottom, |pen| key.draw(pen, [x, 0.0], w));
    if whole.y >= top {
        return Some(whole);
    }
    pen.forget(before);
    let brief = from_below(pen, frame.bottom, |pen| key.draw_brief(pen, [x, 0.0], w));
    if brief.y >= top {
        return Some(brief);
    }
    pen.forget(before);
    None
}

/// Portrait: title and queue above, situation in two columns below.
fn tall(pen: &mut Pen) -> Rect {
    let gap = pen.em * GAP_EM;
    let mut frame = Frame::of(pen, MARGIN_EM);
    frame.top = banners(pen, [frame.left, frame.top], frame.w(), 1.25);
    let line = from_below(pen, frame.bottom, |pen| {
        bottom_line(pen, [frame.left, 0.0], frame.w())
    });
    frame.bottom = line.y - gap;

    let head = title(pen, [frame.left, frame.top], frame.w());
    frame.top = head.y + head.h + gap;
    let h_max = frame.h() * 0.34;
    let open = queue(pen, [frame.left, frame.top], frame.w(), h_max);
    frame.top = open.y + open.h + gap;

    let room = frame.h() * 0.48;
    frame.bottom -= situation_block(pen, &frame, room) + gap;
    rect(&frame, 0.0)
}

/// The situation in two columns at the lower end of the frame; gives its height.
fn situation_block(pen: &mut Pen, frame: &Frame, room: f32) -> f32 {
    let gap = pen.em * GAP_EM;
    let left_w = (frame.w() - gap - side_width(pen)).max(pen.em * 15.0);
    let right = [frame.left + left_w + gap, 0.0];
    let before = pen.moment();
    let facts = pen.input.facts;
    let right_w = frame.right - right[0];
    let table = match &facts.ranked {
        Some(list) => ranked(pen, right, right_w, room, list),
        None => health(pen, right, right_w, room),
    };
    let used = match (&facts.card, MapKey::of(facts)) {
        (Some(selected), _) => card(pen, [frame.left, 0.0], left_w, room, selected),
        (None, Some(key)) => fitting_key(pen, key, [frame.left, 0.0], (left_w, room)),
        (None, None) => counts(pen, [frame.left, 0.0], left_w),
    };
    let mut h = table.h.max(used.h);
    let before_legend = pen.moment();
    let key = legend(pen, [frame.left, used.h + gap], left_w, false);
    if key.y + key.h > room {
        pen.forget(before_legend);
    } else {
        h = h.max(key.y + key.h);
    }
    pen.lower(before, frame.bottom - h);
    h
}

/// What explains the map's colours, whole where it is no higher than its room, brief otherwise.
fn fitting_key(pen: &mut Pen, key: MapKey, at: [f32; 2], (w, room): (f32, f32)) -> Rect {
    let before = pen.moment();
    let whole = key.draw(pen, at, w);
    if whole.h <= room {
        return whole;
    }
    pen.forget(before);
    key.draw_brief(pen, at, w)
}

/// A report's picture: title above, legend and line below, nothing to click.
fn plate(pen: &mut Pen) -> Rect {
    let gap = pen.em * GAP_EM;
    let mut frame = Frame::of(pen, MARGIN_EM);
    frame.top = banners(pen, [frame.left, frame.top], frame.w(), 1.25);
    let line = from_below(pen, frame.bottom, |pen| {
        bottom_line(pen, [frame.left, 0.0], frame.w())
    });
    frame.bottom = line.y - gap;
    let head_w = (pen.em * LEFT_EM).min(frame.w());
    let head = title(pen, [frame.left, frame.top], head_w);
    frame.top = head.y + head.h + gap;
    if let Some(selected) = &pen.input.facts.card {
        card(pen, [frame.left, frame.top], head_w, frame.h(), selected);
        frame.left += head_w + gap;
    }
    if let Some(key) = MapKey::of(pen.input.facts) {
        let w = key.width(pen).min(frame.w());
        // Beside the title it may be as high as that.
        let is_beside = frame.right - w >= head.x + head.w + gap;
        let top = if is_beside { head.y } else { frame.top };
        let fitting = key_from_below(pen, key, &frame, (w, top));
        // Colours that nobody explains would be worse than paper that is covered; grades alone are
        // narrow enough for what is left beside the title.
        let shown = fitting.unwrap_or_else(|| {
            let w = w.min(frame.right - head.x - head.w - gap).max(pen.em * 8.0);
            let x = frame.right - w;
            from_below(pen, frame.bottom, |pen| key.draw_brief(pen, [x, 0.0], w))
        });
        frame.right = shown.x - gap;
        return rect(&frame, 0.0);
    }
    let w = legend_width(pen);
    let is_roomy = frame.h() > pen.em * 26.0 && frame.w() > w * 2.5;
    // What became of things is told by colours alone: nobody can guess them.
    if is_roomy || pen.input.facts.comparison.is_some() {
        let before = pen.moment();
        let x = frame.right - w;
        let shown = from_below(pen, frame.bottom, |pen| legend(pen, [x, 0.0], w, true));
        if shown.y < frame.top || x < frame.left {
            pen.forget(before);
        } else {
            frame.right = x - gap;
        }
    }
    rect(&frame, 0.0)
}

/// A thumbnail keeps the worst alarm, stamps and time; a smaller one alarm or stamps alone.
fn small(pen: &mut Pen) -> Rect {
    pen.pad_em = 0.5;
    let mut frame = Frame::of(pen, 0.4);
    frame.top = banners(pen, [frame.left, frame.top], frame.w(), 1.0);
    let worst = strip(pen, [frame.left, frame.top], frame.w());
    frame.top = worst.y + worst.h + pen.em * 0.3;
    for draw in [small_line, small_stamps] {
        let before = pen.moment();
        let Some(line) = draw(pen, [frame.left, 0.0], frame.w()) else {
            break;
        };
        if line.h <= frame.h() {
            pen.lower(before, frame.bottom - line.h);
            frame.bottom -= line.h + pen.em * 0.3;
            break;
        }
        pen.forget(before);
    }
    rect(&frame, 0.0)
}

/// The city alone, with its stamps.
fn bare(pen: &mut Pen) -> Rect {
    let frame = Frame::of(pen, 0.5);
    let before = pen.moment();
    let [w, h] = pen.input.size_px;
    let mut map = Rect {
        x: 0.0,
        y: 0.0,
        w,
        h,
    };
    if let Some(stamps) = stamp_line(pen, [frame.left, 0.0], frame.w()) {
        let y = frame.bottom - stamps.h;
        pen.lower(before, y);
        map.h = y;
    }
    map
}
