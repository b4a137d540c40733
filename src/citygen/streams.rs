//! Water that does not follow the lines of the plan: rivers drawn as lines. What lies in their way
//! gives way, and streets are carried over them. Used by `plan` and `generate`.
//! Never moves a house: what a river meets is not built.

use geo_types::Polygon;

use super::canvas::Canvas;
use super::frame::Frame;
use super::plan::{Corridor, Way};
use super::rect::{Corner, Dm, Rect, bounding};
use super::skeleton::{extent, split};
use super::spec::{Runs, StreamSpec};

/// Ways are tried for water in steps of a metre.
const STEP: Dm = 10;
/// How far a deck lies on the bank at each end, and from the middle of its way to the bank.
const BEARING: Dm = 10;
/// Shorter rests of a way are left out.
const LEAST_WAY: Dm = 40;

/// A river on the plan.
#[derive(Debug, Clone)]
pub(super) struct Stream {
    pub(super) name: String,
    /// The middle line.
    line: Vec<[f64; 2]>,
    half: f64,
    /// With the way along its bank.
    bank: f64,
    pub(super) way: [String; 2],
}

impl Stream {
    /// The river of a description.
    pub(super) fn of(spec: &StreamSpec) -> Self {
        Self {
            name: spec.name.clone(),
            line: spec.line_m.iter().map(|at| at.map(|c| c * 10.0)).collect(),
            half: spec.width_m * 5.0,
            bank: spec.bank_m * 10.0,
            way: [spec.way_name.clone(), spec.way_name_en.clone()],
        }
    }

    /// Whether the water, or its banks, may touch a box; at the corners of the box it is careful.
    pub(super) fn meets(&self, rect: &Rect, with_banks: bool) -> bool {
        let reach = self.half + if with_banks { self.bank } else { 0.0 };
        let low = [f64::from(rect.u0) - reach, f64::from(rect.v0) - reach];
        let high = [f64::from(rect.u1) + reach, f64::from(rect.v1) + reach];
        let pairs = self.line.windows(2);
        pairs
            .into_iter()
            .any(|pair| passes(pair[0], pair[1], low, high))
    }

    /// The outline of the water.
    pub(super) fn polygon(&self, frame: &Frame) -> Polygon<f64> {
        let mut ring = self.offset(self.half);
        ring.extend(self.offset(-self.half).into_iter().rev());
        ring.extend(ring.first().copied());
        Polygon::new(frame.line(&ring), Vec::new())
    }

    /// Middle line and outline of the way along the left bank, and its width in metres.
    pub(super) fn bank_way(
        &self,
        frame: &Frame,
    ) -> (geo_types::LineString<f64>, Polygon<f64>, f64) {
        let (near, far) = (self.half + 2.0, self.half + self.bank - 8.0);
        let middle = frame.line(&self.offset((near + far) / 2.0));
        let mut ring = self.offset(near);
        ring.extend(self.offset(far).into_iter().rev());
        ring.extend(ring.first().copied());
        let outline = Polygon::new(frame.line(&ring), Vec::new());
        (middle, outline, (far - near) / 10.0)
    }

    /// The middle line moved to its left.
    fn offset(&self, by: f64) -> Vec<Corner> {
        let direction = |a: [f64; 2], b: [f64; 2]| {
            let run = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
            [(b[0] - a[0]) / run, (b[1] - a[1]) / run]
        };
        let last = self.line.len() - 1;
        let corner = |at: usize| {
            let before = direction(self.line[at.max(1) - 1], self.line[at.max(1)]);
            let after = direction(self.line[at.min(last - 1)], self.line[at.min(last - 1) + 1]);
            let middle = [before[0] + after[0], before[1] + after[1]];
            let length = middle[0].hypot(middle[1]).max(1e-9);
            let [east, north] = middle.map(|c| c / length);
            // In a bend the corner lies further out.
            let out = by / (before[0] * east + before[1] * north).max(0.3);
            [
                (self.line[at][0] - north * out).round() as Dm,
                (self.line[at][1] + east * out).round() as Dm,
            ]
        };
        (0..=last).map(corner).collect()
    }
}

/// Whether a line from `a` to `b` passes through a box (Liang and Barsky).
fn passes(a: [f64; 2], b: [f64; 2], low: [f64; 2], high: [f64; 2]) -> bool {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let run = b[axis] - a[axis];
        if run.abs() < 1e-9 {
            if a[axis] < low[axis] || a[axis] > high[axis] {
                return false;
            }
            continue;
        }
        let (s, t) = ((low[axis] - a[axis]) / run, (high[axis] - a[axis]) / run);
        from = from.max(s.min(t));
        to = to.min(s.max(t));
    }
    from <= to
}

/// Cuts the ways where rivers cross them; gives the ways that are left and the decks of the
/// streets.
pub(super) fn cut_ways(
    streams: &[Stream],
    ways: Vec<Corridor>,
) -> (Vec<Corridor>, Vec<(Rect, Runs)>) {
    let (mut kept, mut decks) = (Vec::with_capacity(ways.len()), Vec::new());
    for way in ways {
        if streams.iter().any(|stream| stream.meets(&way.rect, false)) {
            cut_way(streams, &way, &mut kept, &mut decks);
        } else {
            kept.push(way);
        }
    }
    (kept, decks)
}

fn cut_way(
    streams: &[Stream],
    way: &Corridor,
    kept: &mut Vec<Corridor>,
    decks: &mut Vec<(Rect, Runs)>,
) {
    let (low, high) = extent(&way.rect, way.runs);
    let piece = |a: Dm, b: Dm| split(&split(&way.rect, way.runs, a).1, way.runs, b).0;
    let wet = |at: Dm| {
        let step = piece(at, (at + STEP).min(high));
        streams.iter().any(|stream| stream.meets(&step, false))
    };
    let mut at = low;
    while at < high {
        let (from, is_wet) = (at, wet(at));
        while at < high && wet(at) == is_wet {
            at += STEP;
        }
        let to = at.min(high);
        if is_wet && way.kind == Way::Street {
            decks.push((piece(from - BEARING, to + BEARING), way.runs));
        } else if !is_wet && to - from >= LEAST_WAY {
            kept.push(Corridor {
                rect: piece(from, to),
                ..way.clone()
            });
        }
    }
}

/// Takes out what was drawn in a river's way.
pub(super) fn clear(streams: &[Stream], canvas: &mut Canvas) {
    if streams.is_empty() {
        return;
    }
    let dry = |rect: &Rect| !streams.iter().any(|stream| stream.meets(rect, true));
    canvas.drafts.retain(|one| dry(&bounding(&one.rings)));
    canvas
        .open
        .retain(|one| dry(&bounding(std::slice::from_ref(&one.ring))));
    canvas
        .ponds
        .retain(|(ring, _)| dry(&bounding(std::slice::from_ref(ring))));
    canvas.dead_ends.retain(|one| dry(&one.rect));
    canvas.paths.retain(dry);
}

/// Takes out trees that would stand in a river.
pub(super) fn clear_trees(streams: &[Stream], canvas: &mut Canvas) {
    let wet = |at: Corner| {
        let point = Rect::new(at[0], at[1], at[0], at[1]);
        streams.iter().any(|stream| stream.meets(&point, true))
    };
    canvas.trees.retain(|tree| !wet(tree.at));
}

/// The rivers of the description.
pub(super) fn all(specs: &[StreamSpec]) -> Vec<Stream> {
    specs.iter().map(Stream::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn river() -> Stream {
        Stream::of(&StreamSpec {
            name: "r".into(),
            name_en: "r".into(),
            width_m: 10.0,
            bank_m: 5.0,
            way_name: "w".into(),
            way_name_en: "w".into(),
            line_m: vec![[0.0, 0.0], [100.0, 100.0]],
        })
    }

    #[test]
    fn a_street_is_carried_over_and_a_lane_ends() {
        let way = |kind| Corridor {
            rect: Rect::new(0, 480, 1_000, 520),
            runs: Runs::Ew,
            kind,
            name: Default::default(),
            crosses: false,
        };
        let (kept, decks) = cut_ways(&[river()], vec![way(Way::Street), way(Way::Lane)]);
        assert_eq!((kept.len(), decks.len()), (4, 1));
        let (deck, _) = decks[0];
        assert_eq!(deck.u0, kept[0].rect.u1 - BEARING);
        assert_eq!(deck.u1, kept[1].rect.u0 + BEARING);
        assert!((150..300).contains(&deck.width()), "{deck:?}");
    }

    #[test]
    fn what_lies_in_the_way_is_told() {
        let house = |u, v| Rect::new(u, v, u + 100, v + 100);
        assert!(river().meets(&house(450, 450), false));
        assert!(!river().meets(&house(600, 100), true));
        assert!(!river().meets(&house(2_000, 2_000), true));
    }
}
