//! The order in which entries are packed: neighbours in the plane become neighbours in memory.
//!
//! The set is cut in halves across its longer side until a block is left, each cut at a multiple
//! of what a subtree holds (White and Jain 1996, "VAMSplit"). Cutting by rank and not by place
//! takes any distribution: one entry far away does no harm. Never compares ids: the order among
//! equals follows from the input.

use crate::space::Bounds2;

use super::block::FAN;

/// An entry while it is sorted: where it is, and its place in the input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub at: [f64; 2],
    pub id: u32,
}

/// Brings the items into packed order.
pub(super) fn pack(items: &mut [Item]) {
    if items.len() <= FAN {
        return;
    }
    let mut subtree = FAN;
    while subtree * FAN < items.len() {
        subtree *= FAN;
    }
    cut(items, subtree);
}

/// Cuts until each part fills one subtree, then goes on with smaller ones.
fn cut(items: &mut [Item], subtree: usize) {
    let parts = items.len().div_ceil(subtree);
    if parts < 2 {
        if items.len() > FAN {
            cut(items, subtree / FAN);
        }
        return;
    }
    let middle = parts / 2 * subtree;
    let [width, height] = Bounds2::from_points(items.iter().map(|item| item.at)).size();
    let axis = usize::from(height > width);
    items.select_nth_unstable_by(middle, |a, b| a.at[axis].total_cmp(&b.at[axis]));
    let (low, high) = items.split_at_mut(middle);
    cut(low, subtree);
    cut(high, subtree);
}
