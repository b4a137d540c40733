//! Which counts may be told: small counts of people are kept back, and with them as many more as it
//! takes that none of them follows from those that are told. Used by statistics and quality. Never
//! counts anything itself.

use std::collections::BTreeMap;

use serde::Serialize;

/// A count that may have been kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppressed {
    /// The count.
    Told(usize),
    /// It is small, or would tell a small one.
    KeptBack,
}

impl Suppressed {
    /// The count, where it may be told.
    #[must_use]
    pub fn of(count: usize, is_kept_back: bool) -> Self {
        match is_kept_back {
            true => Self::KeptBack,
            false => Self::Told(count),
        }
    }
}

impl Serialize for Suppressed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Told(count) => count.serialize(to),
            Self::KeptBack => to.serialize_none(),
        }
    }
}

/// Whether a count is small: nobody is no small count.
#[must_use]
pub fn is_small(count: usize, below: usize) -> bool {
    count > 0 && count < below
}

/// Which parts of a whole are kept back: the small ones, and the next larger until they hold at
/// least `below` together and are two or more, for what they hold together follows from the whole.
/// Of a whole that is kept back itself at least one part is, or the whole would follow.
fn kept_back(counts: &[usize], below: usize, is_whole_kept_back: bool) -> Vec<bool> {
    let mut hidden: Vec<bool> = counts.iter().map(|one| is_small(*one, below)).collect();
    let small = counts.iter().filter(|one| is_small(**one, below));
    let (mut number, mut sum) = (small.clone().count(), small.sum::<usize>());
    if number == 0 && !is_whole_kept_back {
        return hidden;
    }
    let least = if is_whole_kept_back { 1 } else { 2 };
    let mut others: Vec<(usize, usize)> = (0..counts.len())
        .filter(|at| counts[*at] > 0 && !hidden[*at])
        .map(|at| (counts[at], at))
        .collect();
    others.sort_unstable();
    for (count, at) in others {
        if number >= least && sum >= below {
            break;
        }
        hidden[at] = true;
        number += 1;
        sum += count;
    }
    hidden
}

/// Parts of one whole and the whole. Where all parts together are too few, the whole is kept back.
#[must_use]
pub fn suppress(counts: &[usize], below: usize) -> (Vec<Suppressed>, Suppressed) {
    let sum: usize = counts.iter().sum();
    let is_kept_back = is_small(sum, below);
    let hidden = kept_back(counts, below, is_kept_back);
    let told = counts.iter().zip(hidden);
    let told = told.map(|(count, hidden)| Suppressed::of(*count, hidden));
    (told.collect(), Suppressed::of(sum, is_kept_back))
}

/// Parts within parts, and how many each holds. What is kept back of one division is kept back of
/// every finer and coarser one so that no count follows from two of them.
#[derive(Debug, Clone)]
pub(super) struct Nested<K> {
    count: usize,
    parts: BTreeMap<K, Nested<K>>,
    pub is_kept_back: bool,
}

impl<K> Default for Nested<K> {
    fn default() -> Self {
        Self {
            count: 0,
            parts: BTreeMap::new(),
            is_kept_back: false,
        }
    }
}

impl<K: Ord + Copy> Nested<K> {
    /// Counts so many records in every part on the way, the largest first.
    pub fn add(&mut self, path: &[K], count: usize) {
        self.count += count;
        if let Some((first, rest)) = path.split_first() {
            self.parts.entry(*first).or_default().add(rest, count);
        }
    }

    /// Decides, from the whole downwards, what is kept back.
    pub fn keep_back(&mut self, below: usize) {
        self.is_kept_back = is_small(self.count, below);
        self.divide(below);
    }

    fn divide(&mut self, below: usize) {
        let counts: Vec<usize> = self.parts.values().map(|one| one.count).collect();
        let hidden = kept_back(&counts, below, self.is_kept_back);
        for (part, is_kept_back) in self.parts.values_mut().zip(hidden) {
            part.is_kept_back = is_kept_back;
            part.divide(below);
        }
    }

    /// The part at the end of a way, when anything was counted there.
    pub fn at(&self, path: &[K]) -> Option<&Self> {
        match path.split_first() {
            None => Some(self),
            Some((first, rest)) => self.parts.get(first)?.at(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Suppressed::{KeptBack, Told};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_small_count_does_not_follow_from_the_total() {
        assert_eq!(
            suppress(&[9, 3, 7], 5),
            (vec![Told(9), KeptBack, KeptBack], Told(19))
        );
        assert_eq!(
            suppress(&[2, 3, 7], 5),
            (vec![KeptBack, KeptBack, Told(7)], Told(12))
        );
        // Two that hold two together are as small as one.
        assert_eq!(
            suppress(&[1, 1, 7, 9], 5),
            (vec![KeptBack, KeptBack, KeptBack, Told(9)], Told(18))
        );
        assert_eq!(suppress(&[3], 5), (vec![KeptBack], KeptBack));
        assert_eq!(suppress(&[3, 0], 5), (vec![KeptBack, Told(0)], KeptBack));
        assert_eq!(suppress(&[3, 9], 0), (vec![Told(3), Told(9)], Told(12)));
        assert_eq!(suppress(&[], 5), (vec![], Told(0)));
    }

    /// The leaves below a part, as their counts and whether they are kept back.
    fn leaves(of: &Nested<u8>) -> Vec<(usize, bool)> {
        match of.parts.is_empty() {
            true => vec![(of.count, of.is_kept_back)],
            false => of.parts.values().flat_map(leaves).collect(),
        }
    }

    fn check(of: &Nested<u8>, below: usize) {
        assert!(of.is_kept_back || !is_small(of.count, below));
        for all in [
            leaves(of),
            of.parts
                .values()
                .map(|one| (one.count, one.is_kept_back))
                .collect(),
        ] {
            let hidden: Vec<usize> = all.iter().filter(|one| one.1).map(|one| one.0).collect();
            if of.parts.is_empty() {
                continue;
            }
            if of.is_kept_back {
                assert!(!hidden.is_empty(), "the whole follows from its parts");
            } else if !hidden.is_empty() {
                let sum: usize = hidden.iter().sum();
                assert!(hidden.len() > 1 && sum >= below, "{hidden:?} of {all:?}");
            }
        }
        for part in of.parts.values() {
            check(part, below);
        }
    }

    proptest! {
        /// Parts of three levels, each told on its own: what is kept back of one never follows from
        /// the others.
        #[test]
        fn no_count_follows_from_a_finer_or_coarser_division(
            paths in prop::collection::vec([0..3_u8, 0..3_u8, 0..4_u8], 0..120)
        ) {
            let mut all = Nested::default();
            for path in &paths {
                all.add(path, 1);
            }
            all.keep_back(5);
            check(&all, 5);
        }
    }
}
