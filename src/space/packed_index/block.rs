//! Sixteen boxes or points side by side, coordinate by coordinate, so that one comparison with
//! all of them is a short loop without branches. Never knows what lies in a tree above or below.

use crate::space::Bounds2;

/// Entries of a block.
pub(super) const FAN: usize = 16;
/// Two to this power is [`FAN`].
pub(super) const FAN_BITS: usize = 4;

/// One bit for each entry of a block.
pub(super) type Mask = u32;

/// The mask of those for which `holds`.
#[inline(always)]
pub(super) fn mask(holds: impl Fn(usize) -> bool) -> Mask {
    (0..FAN).fold(0, |mask, k| mask | (Mask::from(holds(k)) << k))
}

/// The places of the bits that are set, from low to high.
#[inline(always)]
pub(super) fn each(mut mask: Mask, mut act: impl FnMut(usize)) {
    while mask != 0 {
        act(mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// The mask of the entries of a block that are filled, when `entries` in all are spread over
/// blocks.
#[inline(always)]
pub(super) fn filled(entries: usize, block: usize) -> Mask {
    let left = entries - block * FAN;
    if left >= FAN { 0xFFFF } else { (1 << left) - 1 }
}

/// Sixteen boxes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BoxBlock {
    pub min_x: [f64; FAN],
    pub min_y: [f64; FAN],
    pub max_x: [f64; FAN],
    pub max_y: [f64; FAN],
}

impl BoxBlock {
    /// The first sixteen of the boxes, at most.
    pub fn of(boxes: &[Bounds2]) -> Self {
        let mut block = Self::default();
        for (k, one) in boxes.iter().take(FAN).enumerate() {
            block.min_x[k] = one.min[0];
            block.min_y[k] = one.min[1];
            block.max_x[k] = one.max[0];
            block.max_y[k] = one.max[1];
        }
        block
    }

    /// One of the boxes.
    #[inline(always)]
    pub fn get(&self, k: usize) -> Bounds2 {
        Bounds2 {
            min: [self.min_x[k], self.min_y[k]],
            max: [self.max_x[k], self.max_y[k]],
        }
    }

    /// The squares of the distances from a place to every box, 0 inside. Rounding keeps their
    /// order: no point of a box is nearer than the box.
    #[inline(always)]
    pub fn nearest2(&self, at: [f64; 2]) -> [f64; FAN] {
        std::array::from_fn(|k| {
            let dx = outside(self.min_x[k] - at[0], at[0] - self.max_x[k]);
            let dy = outside(self.min_y[k] - at[1], at[1] - self.max_y[k]);
            dx * dx + dy * dy
        })
    }

    /// The squares of the distances from a place to the farthest corner of every box.
    #[inline(always)]
    pub fn farthest2(&self, at: [f64; 2]) -> [f64; FAN] {
        std::array::from_fn(|k| {
            let dx = larger(at[0] - self.min_x[k], self.max_x[k] - at[0]);
            let dy = larger(at[1] - self.min_y[k], self.max_y[k] - at[1]);
            dx * dx + dy * dy
        })
    }
}

/// Sixteen points.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PointBlock {
    pub x: [f64; FAN],
    pub y: [f64; FAN],
}

impl PointBlock {
    /// The squares of the distances from a place.
    #[inline(always)]
    pub fn distance2(&self, at: [f64; 2]) -> [f64; FAN] {
        std::array::from_fn(|k| {
            let (dx, dy) = (self.x[k] - at[0], self.y[k] - at[1]);
            dx * dx + dy * dy
        })
    }
}

/// The larger of two numbers; one instruction where `f64::max` asks for NaN too.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[inline(always)]
fn outside(below: f64, above: f64) -> f64 {
    larger(larger(below, above), 0.0)
}
