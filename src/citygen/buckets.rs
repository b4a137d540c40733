//! Things by the squares of the plan that they touch, so that what lies near is found quickly.
//! Used where there are too many things to look at each. Never says what is nearest.

use std::collections::HashMap;

use super::rect::{Corner, Dm, Rect};

/// Indices of things by square.
#[derive(Debug)]
pub(super) struct Buckets {
    side: Dm,
    squares: HashMap<[Dm; 2], Vec<usize>>,
}

impl Buckets {
    /// Empty squares of this side.
    pub(super) fn new(side: Dm) -> Self {
        Self {
            side: side.max(1),
            squares: HashMap::new(),
        }
    }

    /// Puts a thing into every square that its box touches.
    pub(super) fn put(&mut self, what: usize, rect: &Rect) {
        for square in self.touched(rect) {
            self.squares.entry(square).or_default().push(what);
        }
    }

    /// Things in the square of a place.
    pub(super) fn at(&self, place: Corner) -> &[usize] {
        let square = place.map(|c| c.div_euclid(self.side));
        self.squares.get(&square).map_or(&[], Vec::as_slice)
    }

    /// Things in the squares that a box touches; one may come several times.
    pub(super) fn near<'a>(&'a self, rect: &Rect) -> impl Iterator<Item = usize> + 'a {
        let touched = self.touched(rect);
        touched
            .into_iter()
            .filter_map(|square| self.squares.get(&square))
            .flatten()
            .copied()
    }

    fn touched(&self, rect: &Rect) -> Vec<[Dm; 2]> {
        let [u0, v0, u1, v1] =
            [rect.u0, rect.v0, rect.u1, rect.v1].map(|c| c.div_euclid(self.side));
        (u0..=u1)
            .flat_map(|u| (v0..=v1).map(move |v| [u, v]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_near_is_found() {
        let mut buckets = Buckets::new(100);
        buckets.put(1, &Rect::new(-150, 20, 150, 30));
        buckets.put(2, &Rect::new(900, 900, 910, 910));
        assert_eq!(buckets.at([-120, 99]), &[1]);
        assert_eq!(buckets.at([905, 905]), &[2]);
        assert!(buckets.at([500, 500]).is_empty());
        let near: Vec<usize> = buckets.near(&Rect::new(850, 850, 1_050, 950)).collect();
        assert_eq!(near, [2]);
    }
}
