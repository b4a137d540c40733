//! Boxes by place, for what has an extent: buildings, roads, areas, what a camera reaches.

use crate::space::{Bounds2, Ray3};

use super::levels::{Found, Levels};
use super::near::{Near, Nearest};
use super::order::{Item, pack};
use super::region::{Disc, Region, Spot, Way};

/// Boxes in packed order under a tree of boxes. About 39 bytes a box.
#[derive(Debug, Clone)]
pub struct BoxIndex {
    ids: Vec<u32>,
    tree: Levels,
}

impl BoxIndex {
    /// Indexes the boxes; the id of each is its place in the input. Empty boxes and boxes with a
    /// coordinate that is not finite are left out. O(n log n).
    pub fn new(boxes: impl IntoIterator<Item = Bounds2>) -> Self {
        let mut kept: Vec<Bounds2> = Vec::new();
        let mut items: Vec<Item> = Vec::new();
        let mut ids: Vec<u32> = Vec::new();
        for (id, one) in (0..=u32::MAX).zip(boxes) {
            let finite = one.min.iter().chain(&one.max).all(|v| v.is_finite());
            if finite && !one.is_empty() {
                items.push(Item {
                    // Halves first: the sum of two large numbers may be infinite.
                    at: [0, 1].map(|a| 0.5 * one.min[a] + 0.5 * one.max[a]),
                    id: kept.len() as u32,
                });
                kept.push(one);
                ids.push(id);
            }
        }
        pack(&mut items);
        let packed = items.iter().map(|item| kept[item.id as usize]);
        Self {
            tree: Levels::over(packed.collect()),
            ids: items.iter().map(|item| ids[item.id as usize]).collect(),
        }
    }

    /// How many boxes are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when nothing is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The smallest box around all boxes; empty when there is none.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        self.tree.bounds()
    }

    /// Memory on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.ids.capacity() * size_of::<u32>() + self.tree.bytes()
    }

    /// The ids of the boxes that share at least a point with the box, in no order; none for an
    /// empty box or one with a corner that is no number.
    #[must_use]
    pub fn meeting_box(&self, bounds: &Bounds2) -> Vec<u32> {
        let mut out = Vec::new();
        if !bounds.is_empty() {
            self.collect(bounds, &mut out);
        }
        out
    }

    /// The ids of the boxes that hold the place, border included, in no order.
    #[must_use]
    pub fn at_point(&self, at: [f64; 2]) -> Vec<u32> {
        let mut out = Vec::new();
        self.each_at_point(at, |id| out.push(id));
        out
    }

    /// Calls `act` for each of [`BoxIndex::at_point`]; allocates nothing.
    pub fn each_at_point(&self, at: [f64; 2], mut act: impl FnMut(u32)) {
        self.tree.visit(&Spot(at), &mut |found| {
            if let Found::Box(entry) = found {
                act(self.ids[entry]);
            }
        });
    }

    /// The ids of the boxes at most so far away, in no order; those that hold the place are at
    /// distance 0. All for an infinite radius, none for a negative one or a place or radius that
    /// is no number.
    #[must_use]
    pub fn within_radius(&self, at: [f64; 2], radius_m: f64) -> Vec<u32> {
        let mut out = Vec::new();
        if let Some(disc) = Disc::new(at, radius_m) {
            self.collect(&disc, &mut out);
        }
        out
    }

    fn collect(&self, region: &impl Region, out: &mut Vec<u32>) {
        self.tree.visit(region, &mut |found| match found {
            Found::All(entries) => out.extend_from_slice(&self.ids[entries]),
            Found::Box(entry) => out.push(self.ids[entry]),
        });
    }

    /// Calls `act` for each box that the ray, seen from above, meets within `max_m`, in no order,
    /// with the distance at which it enters it (0 when it starts inside); allocates nothing. Boxes
    /// missed by less than a billionth of a metre may be among them.
    pub fn each_along(&self, ray: &Ray3, max_m: f64, mut act: impl FnMut(u32, f64)) {
        let way = Way {
            from: [ray.origin[0], ray.origin[1]],
            step: [ray.direction[0], ray.direction[1]],
            most: max_m,
        };
        let finite = way.from.iter().chain(&way.step).all(|v| v.is_finite());
        if !(finite && max_m >= 0.0) {
            return;
        }
        self.tree.visit(&way, &mut |found| {
            if let Found::Box(entry) = found
                && let Some(enters_m) = way.enters(&self.tree.lowest(entry))
            {
                act(self.ids[entry], enters_m);
            }
        });
    }

    /// The `k` nearest boxes whose id passes, in the order of distance, then id; fewer when there
    /// are no more, none for a place that is not finite. `passes` is called at most once for an id,
    /// in no order.
    #[must_use]
    pub fn nearest(
        &self,
        at: [f64; 2],
        k: usize,
        mut passes: impl FnMut(u32) -> bool,
    ) -> Vec<Near> {
        self.search(at, k, |best, near| {
            if best.takes(near) && passes(near.id) {
                best.take(near);
            }
        })
    }

    /// As [`BoxIndex::nearest`], by the distance to what is in the box: `distance_m` tells it for
    /// an id, or `None` when the entry does not count. It must not be less than the distance to the
    /// box.
    #[must_use]
    pub fn nearest_by(
        &self,
        at: [f64; 2],
        k: usize,
        mut distance_m: impl FnMut(u32) -> Option<f64>,
    ) -> Vec<Near> {
        self.search(at, k, |best, Near { id, .. }| {
            if let Some(distance_m) = distance_m(id) {
                let near = Near { id, distance_m };
                if best.takes(near) {
                    best.take(near);
                }
            }
        })
    }

    fn search(
        &self,
        at: [f64; 2],
        k: usize,
        mut offer: impl FnMut(&mut Nearest, Near),
    ) -> Vec<Near> {
        let mut best = Nearest::new(k, self.len());
        if k == 0 || !at.iter().all(|v| v.is_finite()) {
            return Vec::new();
        }
        self.tree.nearest(at, best.bound2(), |entry, d2| {
            let near = Near {
                id: self.ids[entry],
                distance_m: d2.sqrt(),
            };
            offer(&mut best, near);
            best.bound2()
        });
        best.into_sorted()
    }
}
