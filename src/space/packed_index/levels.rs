//! The tree over the lowest blocks: boxes of boxes, level by level, without pointers: the children
//! of box `n` are the boxes of block `n` one level lower. Never knows what lies below level 0.

use crate::space::Bounds2;

use super::block::{BoxBlock, FAN, FAN_BITS, Mask, each, filled, mask};
use super::region::Region;

/// Sixteen to the eighth is 2³²: no tree is higher.
const MOST_LEVELS: usize = 8;

/// Boxes of all levels.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    blocks: Vec<BoxBlock>,
    /// How many boxes each level has, and where its blocks begin; the lowest level first.
    levels: [(usize, usize); MOST_LEVELS],
    height: usize,
    bounds: Bounds2,
}

/// What a walk has come to.
pub(super) enum Found {
    /// A box of level 0 that meets the region.
    Box(usize),
    /// These boxes of level 0, which all lie in the region.
    All(std::ops::Range<usize>),
}

impl Levels {
    /// The tree over these boxes of level 0, in packed order.
    pub fn over(mut boxes: Vec<Bounds2>) -> Self {
        let mut tree = Self {
            blocks: Vec::with_capacity(boxes.len() / FAN + boxes.len() / (FAN * FAN) + 8),
            levels: [(0, 0); MOST_LEVELS],
            height: 0,
            bounds: union(&boxes),
        };
        while !boxes.is_empty() && tree.height < MOST_LEVELS {
            tree.levels[tree.height] = (boxes.len(), tree.blocks.len());
            tree.height += 1;
            tree.blocks.extend(boxes.chunks(FAN).map(BoxBlock::of));
            if boxes.len() <= FAN {
                break;
            }
            boxes = boxes.chunks(FAN).map(union).collect();
        }
        tree.blocks.shrink_to_fit();
        tree
    }

    /// The box around everything; empty of nothing.
    pub fn bounds(&self) -> Bounds2 {
        self.bounds
    }

    /// Memory on the heap.
    pub fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<BoxBlock>()
    }

    /// A box of level 0.
    pub fn lowest(&self, number: usize) -> Bounds2 {
        self.blocks[number / FAN].get(number % FAN)
    }

    /// Hands on everything of level 0 that meets the region.
    #[inline(always)]
    pub fn visit(&self, region: &impl Region, act: &mut impl FnMut(Found)) {
        if self.height > 0 {
            self.visit_block(self.height - 1, 0, region, act);
        }
    }

    fn visit_block(
        &self,
        level: usize,
        block: usize,
        region: &impl Region,
        act: &mut impl FnMut(Found),
    ) {
        let (count, begin) = self.levels[level];
        let boxes = &self.blocks[begin + block];
        let met = region.meets(boxes) & filled(count, block);
        let held = region.holds(boxes);
        each(met, |k| {
            let child = block * FAN + k;
            if held & (1 << k) != 0 {
                let first = child << (FAN_BITS * level);
                let end = ((child + 1) << (FAN_BITS * level)).min(self.levels[0].0);
                act(Found::All(first..end));
            } else if level == 0 {
                act(Found::Box(child));
            } else {
                self.visit_block(level - 1, child, region, act);
            }
        });
    }

    /// Hands on the boxes of level 0, nearer subtrees first, each with the square of its distance
    /// and leaving out what is farther than `act` last answered (the square of a distance).
    pub fn nearest(&self, at: [f64; 2], mut bound2: f64, mut act: impl FnMut(usize, f64) -> f64) {
        if self.height > 0 {
            self.nearest_in(self.height - 1, 0, at, &mut bound2, &mut act);
        }
    }

    fn nearest_in(
        &self,
        level: usize,
        block: usize,
        at: [f64; 2],
        bound2: &mut f64,
        act: &mut impl FnMut(usize, f64) -> f64,
    ) {
        let (count, begin) = self.levels[level];
        let distance2 = self.blocks[begin + block].nearest2(at);
        let mut left = filled(count, block) & mask(|k| distance2[k] <= *bound2);
        // Few are looked into, so each time the nearest is picked: cheaper than sorting all.
        while let Some(k) = nearest_of(&distance2, left) {
            left &= !(1 << k);
            if distance2[k] > *bound2 {
                return;
            }
            let child = block * FAN + k;
            if level == 0 {
                *bound2 = act(child, distance2[k]);
            } else {
                self.nearest_in(level - 1, child, at, bound2, act);
            }
        }
    }
}

/// The place of the least number among those whose bit is set.
#[inline(always)]
fn nearest_of(distance2: &[f64; FAN], left: Mask) -> Option<usize> {
    let mut best = None;
    let mut least = f64::INFINITY;
    each(left, |k| {
        if best.is_none() || distance2[k] < least {
            (best, least) = (Some(k), distance2[k]);
        }
    });
    best
}

fn union(boxes: &[Bounds2]) -> Bounds2 {
    let all = boxes.iter();
    all.fold(Bounds2::empty(), |all, one| all.union(one))
}
