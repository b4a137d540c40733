//! What a question covers, compared with whole blocks. Each region tells which boxes it meets and
//! which it holds altogether: what it holds need not be looked into. Never walks a tree.

use crate::space::Bounds2;

use super::block::{BoxBlock, Mask, PointBlock, mask};

/// A part of the plane.
pub(super) trait Region {
    /// The boxes with which it shares a point.
    fn meets(&self, block: &BoxBlock) -> Mask;
    /// Boxes that it holds with all their points; it may leave some out.
    fn holds(&self, block: &BoxBlock) -> Mask;
    /// The points that it holds.
    fn points(&self, block: &PointBlock) -> Mask;
}

impl Region for Bounds2 {
    #[inline(always)]
    fn meets(&self, block: &BoxBlock) -> Mask {
        mask(|k| {
            (block.min_x[k] <= self.max[0])
                & (block.max_x[k] >= self.min[0])
                & (block.min_y[k] <= self.max[1])
                & (block.max_y[k] >= self.min[1])
        })
    }

    #[inline(always)]
    fn holds(&self, block: &BoxBlock) -> Mask {
        mask(|k| {
            (block.min_x[k] >= self.min[0])
                & (block.max_x[k] <= self.max[0])
                & (block.min_y[k] >= self.min[1])
                & (block.max_y[k] <= self.max[1])
        })
    }

    #[inline(always)]
    fn points(&self, block: &PointBlock) -> Mask {
        mask(|k| {
            (block.x[k] >= self.min[0])
                & (block.x[k] <= self.max[0])
                & (block.y[k] >= self.min[1])
                & (block.y[k] <= self.max[1])
        })
    }
}

/// One place.
pub(super) struct Spot(pub [f64; 2]);

impl Region for Spot {
    #[inline(always)]
    fn meets(&self, block: &BoxBlock) -> Mask {
        let [x, y] = self.0;
        mask(|k| {
            (block.min_x[k] <= x)
                & (block.max_x[k] >= x)
                & (block.min_y[k] <= y)
                & (block.max_y[k] >= y)
        })
    }

    #[inline(always)]
    fn holds(&self, _: &BoxBlock) -> Mask {
        0
    }

    #[inline(always)]
    fn points(&self, block: &PointBlock) -> Mask {
        mask(|k| (block.x[k] == self.0[0]) & (block.y[k] == self.0[1]))
    }
}

/// All places up to a distance, border included.
pub(super) struct Disc {
    pub at: [f64; 2],
    /// The square of the distance.
    pub radius2: f64,
}

impl Disc {
    /// `None` when it holds nothing: a radius below 0 or not a number, a centre that is not finite.
    pub fn new(at: [f64; 2], radius_m: f64) -> Option<Self> {
        let valid = radius_m >= 0.0 && at.iter().all(|v| v.is_finite());
        valid.then_some(Self {
            at,
            radius2: radius_m * radius_m,
        })
    }
}

impl Region for Disc {
    #[inline(always)]
    fn meets(&self, block: &BoxBlock) -> Mask {
        let distance2 = block.nearest2(self.at);
        mask(|k| distance2[k] <= self.radius2)
    }

    #[inline(always)]
    fn holds(&self, block: &BoxBlock) -> Mask {
        let distance2 = block.farthest2(self.at);
        mask(|k| distance2[k] <= self.radius2)
    }

    #[inline(always)]
    fn points(&self, block: &PointBlock) -> Mask {
        let distance2 = block.distance2(self.at);
        mask(|k| distance2[k] <= self.radius2)
    }
}

/// A straight way from a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub from: [f64; 2],
    pub step: [f64; 2],
    /// How many steps long.
    pub most: f64,
}

impl Way {
    /// After how many steps it enters a box; `None` when it passes by.
    #[inline(always)]
    pub fn enters(&self, one: &Bounds2) -> Option<f64> {
        let (mut enter, mut leave) = (0.0_f64, self.most);
        for k in 0..2 {
            let (from, step) = (self.from[k], self.step[k]);
            if step == 0.0 {
                if from < one.min[k] || from > one.max[k] {
                    return None;
                }
                continue;
            }
            let (a, b) = ((one.min[k] - from) / step, (one.max[k] - from) / step);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        // A hair of slack: rounding must not lose a wall that lies on its box.
        (enter <= leave + 1e-9).then_some(enter)
    }
}

impl Region for Way {
    #[inline(always)]
    fn meets(&self, block: &BoxBlock) -> Mask {
        mask(|k| self.enters(&block.get(k)).is_some())
    }

    #[inline(always)]
    fn holds(&self, _: &BoxBlock) -> Mask {
        0
    }

    fn points(&self, _: &PointBlock) -> Mask {
        0
    }
}
