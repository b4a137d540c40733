//! Where the marks of alarms stand: worst first, beside their anchors, out of each other's way.
//! A mark that finds no room joins the nearest one, which counts it.

use crate::model::Grade;
use crate::portrayal::overlay::Rect;

use super::MarkInput;

/// A mark on the screen and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// The alarm it shows.
    pub mark: MarkInput,
    /// Middle of the mark.
    pub at: [f32; 2],
    /// Diameter.
    pub size: f32,
    /// What it covers.
    pub rect: Rect,
    /// Direction of the anchor when that is off the map.
    pub outward: Option<[f32; 2]>,
    /// How many alarms it stands for.
    pub count: usize,
    /// The worst grade among them.
    pub worst: Grade,
    /// The worst grade among those nobody acknowledged.
    pub waiting: Option<Grade>,
}

/// Where marks may stand.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    /// The whole picture.
    pub picture: Rect,
    /// Its largest part without panels: what lies elsewhere is pointed to from this one's edge.
    pub map: Rect,
    /// Panels.
    pub panels: &'a [Rect],
}

/// Size of a mark as a factor: what waits is larger, the worst of it largest.
pub(super) const fn scale(mark: &MarkInput) -> f32 {
    match (mark.acknowledged, mark.grade) {
        (true, _) => 0.88,
        (false, Grade::Red) => 1.15,
        (false, _) => 1.0,
    }
}

/// Room around a mark as a factor on its size; one that waits has a ring.
const fn room(mark: &MarkInput) -> f32 {
    if mark.acknowledged { 1.15 } else { 1.4 }
}

/// Where a mark may stand, seen from its anchor, in sizes: straight up first, then beside, then
/// farther away.
const OFFSETS: [[f32; 2]; 21] = [
    [0.0, -1.4],
    [1.1, -1.1],
    [-1.1, -1.1],
    [1.4, 0.1],
    [-1.4, 0.1],
    [0.0, -2.7],
    [1.3, -2.4],
    [-1.3, -2.4],
    [2.4, -1.3],
    [-2.4, -1.3],
    [0.9, 1.3],
    [-0.9, 1.3],
    [2.7, 0.0],
    [-2.7, 0.0],
    [2.6, -2.6],
    [-2.6, -2.6],
    [0.0, -4.0],
    [3.8, -1.2],
    [-3.8, -1.2],
    [2.2, 1.6],
    [-2.2, 1.6],
];

/// Places all marks; each alarm is in exactly one place's count.
pub(super) fn arrange(marks: &[MarkInput], ground: &Ground, base_size: f32) -> Vec<Place> {
    let mut order: Vec<&MarkInput> = marks.iter().collect();
    // What is red or waits takes its place before what somebody already has in hand. Stable:
    // equal ones stay in the order of the queue.
    let is_in_hand = |mark: &MarkInput| mark.acknowledged && mark.grade != Grade::Red;
    order.sort_by_key(|mark| (is_in_hand(mark), mark.grade, mark.acknowledged));
    let mut places: Vec<Place> = Vec::new();
    for mark in order {
        let size = base_size * scale(mark);
        let wish = wish(mark, ground, size);
        let is_free = |at: &[f32; 2]| {
            let rect = around(*at, size * room(mark));
            !places.iter().any(|place| place.rect.intersects(&rect))
                && !ground.panels.iter().any(|panel| panel.intersects(&rect))
        };
        let free = wish.candidates.iter().copied().find(is_free);
        // The first one shows whatever stands in its way.
        let free = free.or(places.is_empty().then_some(wish.first));
        match free {
            Some(at) => places.push(Place {
                mark: *mark,
                at,
                size,
                rect: around(at, size * room(mark)),
                outward: wish.outward,
                count: 1,
                worst: mark.grade,
                waiting: (!mark.acknowledged).then_some(mark.grade),
            }),
            None => join(&mut places, wish.first, mark),
        }
    }
    places
}

/// Counts a mark without room at the nearest one, if possible at one that is no less severe.
fn join(places: &mut [Place], wished: [f32; 2], mark: &MarkInput) {
    let rank = |place: &Place| {
        let [x, y] = place.at;
        let away = (x - wished[0]).hypot(y - wished[1]);
        (place.mark.grade > mark.grade, away)
    };
    let nearest = places.iter_mut().min_by(|a, b| {
        let ((a_milder, a_away), (b_milder, b_away)) = (rank(a), rank(b));
        a_milder.cmp(&b_milder).then(a_away.total_cmp(&b_away))
    });
    if let Some(host) = nearest {
        host.count += 1;
        // Smaller is worse.
        host.worst = host.worst.min(mark.grade);
        if !mark.acknowledged {
            host.waiting = Some(
                host.waiting
                    .map_or(mark.grade, |grade| grade.min(mark.grade)),
            );
        }
    }
}

/// Where a mark would like to be.
struct Wish {
    /// Its own place, when nothing stood in the way.
    first: [f32; 2],
    /// Places to try, the best first.
    candidates: Vec<[f32; 2]>,
    /// Direction of an anchor that cannot be seen.
    outward: Option<[f32; 2]>,
}

fn wish(mark: &MarkInput, ground: &Ground, size: f32) -> Wish {
    let is_seen = mark.on_screen
        && ground.picture.contains(mark.anchor)
        && !ground
            .panels
            .iter()
            .any(|panel| panel.contains(mark.anchor));
    if !is_seen {
        return wish_at_edge(mark, ground, size);
    }
    let inner = inset(&ground.picture, size * 0.75);
    let [x, y] = mark.anchor;
    let moved = OFFSETS
        .iter()
        .map(|[dx, dy]| [x + dx * size, y + dy * size]);
    Wish {
        first: clamp(&inner, [x, y - size * 1.4]),
        candidates: moved.filter(|at| within(&inner, *at)).collect(),
        outward: None,
    }
}

/// At the edge of the map, with room for the arrow beyond it.
fn wish_at_edge(mark: &MarkInput, ground: &Ground, size: f32) -> Wish {
    let outward = direction(&ground.map, mark.anchor);
    let edge = inset(&ground.map, size * 1.15);
    let first = on_edge(&edge, outward);
    let along = [-outward[1], outward[0]];
    let moved = [0.0_f32, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0].map(|step| {
        let step = step * size * room(mark) * 1.05;
        clamp(
            &edge,
            [first[0] + along[0] * step, first[1] + along[1] * step],
        )
    });
    Wish {
        first,
        candidates: moved.into(),
        outward: Some(outward),
    }
}

fn inset(rect: &Rect, by: f32) -> Rect {
    let by = [by.min(rect.w / 2.0), by.min(rect.h / 2.0)];
    Rect {
        x: rect.x + by[0],
        y: rect.y + by[1],
        w: rect.w - 2.0 * by[0],
        h: rect.h - 2.0 * by[1],
    }
}

fn around(at: [f32; 2], side: f32) -> Rect {
    Rect {
        x: at[0] - side / 2.0,
        y: at[1] - side / 2.0,
        w: side,
        h: side,
    }
}

fn within(rect: &Rect, at: [f32; 2]) -> bool {
    clamp(rect, at) == at
}

fn clamp(rect: &Rect, at: [f32; 2]) -> [f32; 2] {
    [
        at[0].max(rect.x).min(rect.x + rect.w),
        at[1].max(rect.y).min(rect.y + rect.h),
    ]
}

/// The unit vector from the middle of the map to the anchor; downwards when there is none.
fn direction(map: &Rect, anchor: [f32; 2]) -> [f32; 2] {
    let x = anchor[0] - (map.x + map.w / 2.0);
    let y = anchor[1] - (map.y + map.h / 2.0);
    let length = x.hypot(y);
    if length.is_finite() && length > 0.0 {
        [x / length, y / length]
    } else {
        [0.0, 1.0]
    }
}

/// Where the ray from the middle in this direction leaves the rectangle.
fn on_edge(rect: &Rect, direction: [f32; 2]) -> [f32; 2] {
    let middle = [rect.x + rect.w / 2.0, rect.y + rect.h / 2.0];
    let reach = |half: f32, step: f32| {
        if step == 0.0 {
            f32::INFINITY
        } else {
            half / step.abs()
        }
    };
    let t = reach(rect.w / 2.0, direction[0]).min(reach(rect.h / 2.0, direction[1]));
    clamp(
        rect,
        [middle[0] + direction[0] * t, middle[1] + direction[1] * t],
    )
}
