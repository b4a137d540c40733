//! Points by place, for what does not move: devices, cameras, facilities, dwellings.

use crate::space::Bounds2;

use super::block::{FAN, PointBlock, each, filled, mask};
use super::levels::{Found, Levels};
use super::near::{Near, Nearest};
use super::order::{Item, pack};
use super::region::{Disc, Region};

/// Points in packed order under a tree of boxes. About 23 bytes a point.
#[derive(Debug, Clone)]
pub struct PointIndex {
    blocks: Vec<PointBlock>,
    ids: Vec<u32>,
    tree: Levels,
}

impl PointIndex {
    /// Indexes the points `[x, y]`; the id of each is its place in the input. Points with a
    /// coordinate that is not finite are left out. O(n log n).
    pub fn new(points: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let numbered = (0..=u32::MAX).zip(points);
        let finite = numbered.filter(|(_, at)| at[0].is_finite() && at[1].is_finite());
        let mut items: Vec<Item> = finite.map(|(id, at)| Item { at, id }).collect();
        pack(&mut items);
        let blocks = items.chunks(FAN).map(|chunk| {
            let mut block = PointBlock::default();
            for (k, item) in chunk.iter().enumerate() {
                block.x[k] = item.at[0];
                block.y[k] = item.at[1];
            }
            block
        });
        let boxes = items
            .chunks(FAN)
            .map(|chunk| Bounds2::from_points(chunk.iter().map(|item| item.at)));
        Self {
            blocks: blocks.collect(),
            tree: Levels::over(boxes.collect()),
            ids: items.iter().map(|item| item.id).collect(),
        }
    }

    /// How many points are indexed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// True when nothing is indexed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The smallest box around all points; empty when there is none.
    #[must_use]
    pub fn bounds(&self) -> Bounds2 {
        self.tree.bounds()
    }

    /// Memory on the heap.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<PointBlock>()
            + self.ids.capacity() * size_of::<u32>()
            + self.tree.bytes()
    }

    /// The ids of the points in the box, border included, in no order; none for an empty box or
    /// one with a corner that is no number.
    #[must_use]
    pub fn within_box(&self, bounds: &Bounds2) -> Vec<u32> {
        let mut out = Vec::with_capacity(FAN);
        self.collect(bounds, &mut out);
        out
    }

    /// The ids of the points at most so far away, in no order; all for an infinite radius, none
    /// for a negative one or a place or radius that is no number.
    #[must_use]
    pub fn within_radius(&self, at: [f64; 2], radius_m: f64) -> Vec<u32> {
        let mut out = Vec::with_capacity(FAN);
        if let Some(disc) = Disc::new(at, radius_m) {
            self.collect(&disc, &mut out);
        }
        out
    }

    fn collect(&self, region: &impl Region, out: &mut Vec<u32>) {
        self.tree.visit(region, &mut |found| match found {
            Found::All(blocks) => {
                let end = (blocks.end * FAN).min(self.ids.len());
                out.extend_from_slice(&self.ids[blocks.start * FAN..end]);
            }
            Found::Box(block) => {
                let inside = region.points(&self.blocks[block]) & filled(self.ids.len(), block);
                let ids = &self.ids[block * FAN..];
                each(inside, |k| out.push(ids[k]));
            }
        });
    }

    /// The `k` nearest points whose id passes, in the order of distance, then id; fewer when there
    /// are no more, none for a place that is not finite. `passes` is called at most once for an id,
    /// in no order.
    #[must_use]
    pub fn nearest(
        &self,
        at: [f64; 2],
        k: usize,
        mut passes: impl FnMut(u32) -> bool,
    ) -> Vec<Near> {
        let mut best = Nearest::new(k, self.len());
        if k == 0 || !at.iter().all(|v| v.is_finite()) {
            return Vec::new();
        }
        self.tree.nearest(at, best.bound2(), |block, _| {
            let distance2 = self.blocks[block].distance2(at);
            let ids = &self.ids[block * FAN..];
            let near = mask(|k| distance2[k] <= best.bound2()) & filled(self.ids.len(), block);
            each(near, |k| {
                let near = Near {
                    id: ids[k],
                    distance_m: distance2[k].sqrt(),
                };
                if best.takes(near) && passes(near.id) {
                    best.take(near);
                }
            });
            best.bound2()
        });
        best.into_sorted()
    }
}
