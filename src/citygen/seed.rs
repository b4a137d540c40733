//! Random numbers from a seed: one named stream a subject, so that a change to one subject does
//! not reshuffle the others. Used by everything in `citygen`. Never asks the system for entropy.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};

/// The source of all streams of one city.
#[derive(Debug, Clone)]
pub(super) struct Seed {
    area: String,
    number: u64,
}

impl Seed {
    /// The seed `number` for the area `area`.
    pub(super) fn new(area: &str, number: u64) -> Self {
        Self {
            area: area.to_owned(),
            number,
        }
    }

    /// The stream of a subject, always from its beginning.
    pub(super) fn stream(&self, subject: &str) -> Stream {
        let text = format!("{}\n{}\n{subject}", self.area, self.number);
        Stream(ChaCha8Rng::from_seed(Sha256::digest(text).into()))
    }

    /// The stream of one of many like subjects.
    pub(super) fn stream_of(&self, subject: &str, index: usize) -> Stream {
        self.stream(&format!("{subject}/{index}"))
    }
}

/// A stream of random numbers.
#[derive(Debug)]
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    /// From 0 up to but without 1, with 53 random bits.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From `low` up to `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) fn whole(&mut self, low: i32, high: i32) -> i32 {
        let span = i64::from(high) - i64::from(low) + 1;
        if span <= 1 {
            return low;
        }
        (i64::from(low) + (self.unit() * span as f64) as i64) as i32
    }

    /// An index below `count`; 0 when there is none.
    pub(super) fn index(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// True in this share of cases.
    pub(super) fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// An index drawn with these weights.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Shuffles in place (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let draw = |area, number, subject| Seed::new(area, number).stream(subject).unit();
        assert_eq!(draw("a", 1, "lanes"), draw("a", 1, "lanes"));
        assert_ne!(draw("a", 1, "lanes"), draw("a", 2, "lanes"));
        assert_ne!(draw("a", 1, "lanes"), draw("a", 1, "people"));
        assert_ne!(draw("a", 1, "lanes"), draw("b", 1, "lanes"));
    }

    #[test]
    fn ranges_hold() {
        let mut stream = Seed::new("a", 1).stream("x");
        let drawn: Vec<_> = (0..1_000).map(|_| stream.whole(-2, 2)).collect();
        assert!((-2..=2).all(|wanted| drawn.contains(&wanted)));
        assert!(drawn.iter().all(|one| (-2..=2).contains(one)));
        assert_eq!(stream.whole(5, 5), 5);
        assert_eq!(stream.index(0), 0);
        assert_eq!(stream.weighted(&[0.0, 1.0, 0.0]), 1);
    }
}
