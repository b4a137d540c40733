//! Where the marks of alarms stand: worst first, beside their anchors, out of each other's way.
//! A mark that finds no room joins the nearest one, which counts it.

use crate::model::Grade;
use crate::portrayal::overlay::Rect;

use super::MarkInput;

/// A mark on the screen and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// The worst alarm of those it stands for.
    pub mark: MarkInput,
    /// Middle of the mark.
    pub at: [f32; 2],
    /// What it covers.
    pub rect: Rect,
    /// Direction of the anchor when that is off the map.
    pub outward: Option<[f32; 2]>,
    /// How many alarms it stands for.
    pub count: usize,
    /// The worst grade among those nobody acknowledged.
    pub waiting: Option<Grade>,
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
pub(super) fn arrange(marks: &[MarkInput], map: Rect, size: f32) -> Vec<Place> {
    let mut order: Vec<&MarkInput> = marks.iter().collect();
    // Stable: equal ones stay in the order of the queue.
    order.sort_by_key(|mark| (mark.grade, mark.acknowledged));
    let mut places: Vec<Place> = Vec::new();
    for mark in order {
        let waiting = (!mark.acknowledged).then_some(mark.grade);
        let (free, outward, wished) = find(mark, &places, map, size);
        match free {
            Some(at) => places.push(Place {
                mark: *mark,
                at,
                rect: around(at, size * room(mark)),
                outward,
                count: 1,
                waiting,
            }),
            None => join(&mut places, wished, waiting),
        }
    }
    places
}

fn join(places: &mut [Place], wished: [f32; 2], waiting: Option<Grade>) {
    let distance = |place: &Place| {
        let [x, y] = place.at;
        (x - wished[0]).powi(2) + (y - wished[1]).powi(2)
    };
    let nearest = places
        .iter_mut()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    if let Some(host) = nearest {
        host.count += 1;
        // Smaller is worse.
        host.waiting = [host.waiting, waiting].into_iter().flatten().min();
    }
}

/// A free place, the direction of an anchor off the map, and where the mark would like to be.
/// The first mark always finds a place.
fn find(
    mark: &MarkInput,
    places: &[Place],
    map: Rect,
    size: f32,
) -> (Option<[f32; 2]>, Option<[f32; 2]>, [f32; 2]) {
    let inset = size * 0.75;
    let inner = Rect {
        x: map.x + inset,
        y: map.y + inset,
        w: (map.w - 2.0 * inset).max(0.0),
        h: (map.h - 2.0 * inset).max(0.0),
    };
    let is_free = |at: &[f32; 2]| {
        let rect = around(*at, size * room(mark));
        !places.iter().any(|place| place.rect.intersects(&rect))
    };
    if mark.on_screen && map.contains(mark.anchor) {
        let [x, y] = mark.anchor;
        let free = OFFSETS
            .iter()
            .map(|[dx, dy]| [x + dx * size, y + dy * size])
            .find(|at| within(&inner, *at) && is_free(at));
        let wished = clamp(&inner, [x, y - size * 1.4]);
        return (free.or(places.is_empty().then_some(wished)), None, wished);
    }
    let outward = direction(&map, mark.anchor);
    // Beyond the edge stands the arrow.
    let edge = Rect {
        x: inner.x + size * 0.4,
        y: inner.y + size * 0.4,
        w: (inner.w - size * 0.8).max(0.0),
        h: (inner.h - size * 0.8).max(0.0),
    };
    let wished = on_edge(&edge, outward);
    let along = [-outward[1], outward[0]];
    let free = [0.0_f32, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0]
        .into_iter()
        .map(|step| {
            let step = step * size * room(mark) * 1.05;
            clamp(
                &edge,
                [wished[0] + along[0] * step, wished[1] + along[1] * step],
            )
        })
        .find(is_free);
    (
        free.or(places.is_empty().then_some(wished)),
        Some(outward),
        wished,
    )
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
