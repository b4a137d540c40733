//! The k nearest so far. Used by all indexes, so that they answer in the same order.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// An entry and how far away it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The entry's place in the input, or the id under which it was put.
    pub id: u32,
    /// The distance, metres; 0 inside a box.
    pub distance_m: f64,
}

/// In the order of distance, then id.
#[derive(Debug)]
struct Ranked(Near);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.0, &other.0);
        a.distance_m.total_cmp(&b.distance_m).then(a.id.cmp(&b.id))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

/// The nearest of what is offered.
pub(super) struct Nearest {
    most: usize,
    heap: BinaryHeap<Ranked>,
    bound2: f64,
    farthest: Near,
}

impl Nearest {
    /// Keeps `most` of `among` entries.
    pub fn new(most: usize, among: usize) -> Self {
        let most = most.min(among);
        Self {
            most,
            heap: BinaryHeap::with_capacity(most),
            bound2: f64::INFINITY,
            farthest: Near {
                id: u32::MAX,
                distance_m: f64::INFINITY,
            },
        }
    }

    /// What is farther than this (the square of a distance) cannot come in any more.
    #[inline(always)]
    pub fn bound2(&self) -> f64 {
        self.bound2
    }

    /// The farthest that was taken, once as many were taken as were asked for.
    pub fn farthest_m(&self) -> Option<f64> {
        (self.heap.len() == self.most).then_some(self.farthest.distance_m)
    }

    /// Would it come in? Asked before a filter, so that the filter is called only when it counts.
    #[inline(always)]
    pub fn takes(&self, near: Near) -> bool {
        let Near { id, distance_m } = self.farthest;
        near.distance_m < distance_m || (near.distance_m == distance_m && near.id <= id)
    }

    /// Takes one in that [`Nearest::takes`].
    pub fn take(&mut self, near: Near) {
        if self.heap.len() < self.most {
            self.heap.push(Ranked(near));
        } else if let Some(mut worst) = self.heap.peek_mut() {
            *worst = Ranked(near);
        }
        if self.heap.len() == self.most
            && let Some(Ranked(worst)) = self.heap.peek()
        {
            self.farthest = *worst;
            // Squares that differ in the last digits may have the same root, and then the lower
            // id comes first: the bound must let these in.
            self.bound2 = worst.distance_m * worst.distance_m * (1.0 + 8.0 * f64::EPSILON)
                + f64::MIN_POSITIVE;
        }
    }

    /// In the order of distance, then id.
    pub fn into_sorted(self) -> Vec<Near> {
        let ranked = self.heap.into_sorted_vec();
        ranked.into_iter().map(|ranked| ranked.0).collect()
    }
}
