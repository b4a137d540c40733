//! Which counts may be told: small counts of people are kept back, and with them as many more as it
//! takes that none of them follows from those that are told. Used by statistics and quality. Never
//! counts anything itself.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::SerializeMap;

/// A count that may have been kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppressed {
    /// The count.
    Told(usize),
    /// So many or more: the highest of a few steps that the count reaches.
    AtLeast(usize),
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

    /// The count of one house, or of a label there, as it may be told where small counts are not:
    /// in steps, for from exact ones of some houses that of another would follow beside a square,
    /// and from two labels of a house that of the rest.
    #[must_use]
    pub fn in_steps(count: usize, below: usize) -> Self {
        const STEPS: [usize; 8] = [5, 10, 20, 50, 100, 200, 500, 1000];
        if count == 0 {
            return Self::Told(0);
        }
        let steps = STEPS.into_iter().chain([below]);
        let reached = steps.filter(|step| (below..=count).contains(step)).max();
        reached.map_or(Self::KeptBack, Self::AtLeast)
    }
}

impl Serialize for Suppressed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Told(count) => count.serialize(to),
            Self::AtLeast(least) => {
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry("at_least", least)?;
                map.end()
            }
            Self::KeptBack => to.serialize_none(),
        }
    }
}

/// Whether a count is small: nobody is no small count.
#[must_use]
pub fn is_small(count: usize, below: usize) -> bool {
    count > 0 && count < below
}

/// How far a count must be from being told.
#[derive(Debug, Clone, Copy)]
struct Guard {
    /// Counts below this are small.
    below: usize,
    /// Whether somebody may know one of the parts exactly, as who works there does: then the others
    /// that are kept back must not be few either.
    against_insiders: bool,
}

impl Guard {
    /// Whether parts with these counts (none of them 0) hide each other: `least` of them or more,
    /// and not few, with or without the largest.
    fn hides(self, number: usize, sum: usize, largest: usize, least: usize) -> bool {
        let rest = sum - largest;
        number >= least && sum >= self.below && (!self.against_insiders || rest >= self.below)
    }

    /// Whether parts can hide each other at all.
    fn can_hide(self, counts: &[usize]) -> bool {
        let number = counts.iter().filter(|one| **one > 0).count();
        let largest = counts.iter().copied().max().unwrap_or(0);
        self.hides(number, counts.iter().sum(), largest, 2)
    }

    /// Which parts of a whole are kept back: those that must be, and the next larger until they hide
    /// each other, for what they hold together follows from the whole. Of a whole that is kept back
    /// itself at least one part is, or the whole would follow.
    fn kept_back(self, counts: &[usize], must: &[bool], is_whole_kept_back: bool) -> Vec<bool> {
        let mut hidden = must.to_vec();
        if !is_whole_kept_back && !hidden.contains(&true) {
            return hidden;
        }
        let of_hidden = counts.iter().zip(must).filter(|(_, must)| **must);
        let (mut number, mut sum, mut largest) = (0, 0, 0);
        let mut hide = |count: usize| {
            (number, sum, largest) = (number + 1, sum + count, count.max(largest));
            (number, sum, largest)
        };
        let mut state = (0, 0, 0);
        for (count, _) in of_hidden {
            state = hide(*count);
        }
        let least = if is_whole_kept_back { 1 } else { 2 };
        let mut others: Vec<(usize, usize)> = (0..counts.len())
            .filter(|at| counts[*at] > 0 && !hidden[*at])
            .map(|at| (counts[at], at))
            .collect();
        others.sort_unstable();
        for (count, at) in others {
            let (number, sum, largest) = state;
            if self.hides(number, sum, largest, least) {
                break;
            }
            hidden[at] = true;
            state = hide(count);
        }
        hidden
    }
}

/// Parts of one whole and the whole. Where all parts together are too few, the whole is kept back.
#[must_use]
pub fn suppress(counts: &[usize], below: usize) -> (Vec<Suppressed>, Suppressed) {
    let mut whole = Nested::default();
    for (place, count) in counts.iter().enumerate() {
        whole.add(&[place], *count);
    }
    whole.keep_back(below, true);
    let told = counts.iter().enumerate().map(|(place, count)| {
        let is_kept_back = whole.at(&[place]).is_some_and(|part| part.is_kept_back);
        Suppressed::of(*count, is_kept_back)
    });
    let total = Suppressed::of(counts.iter().sum(), whole.is_kept_back);
    (told.collect(), total)
}

/// Parts within parts, and how many each holds. What is kept back of one division is kept back of
/// every finer and coarser one so that no count follows from two of them, also for somebody who
/// knows one part exactly.
#[derive(Debug, Clone)]
pub(super) struct Nested<K> {
    count: usize,
    parts: BTreeMap<K, Nested<K>>,
    /// It is small, or its parts cannot hide each other.
    must_be_kept_back: bool,
    pub is_kept_back: bool,
}

impl<K> Default for Nested<K> {
    fn default() -> Self {
        Self {
            count: 0,
            parts: BTreeMap::new(),
            must_be_kept_back: false,
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

    /// Decides, from the whole downwards, what is kept back. `is_first_known` where somebody may
    /// know one of the largest parts exactly; of all smaller ones that is taken for granted.
    pub fn keep_back(&mut self, below: usize, is_first_known: bool) {
        let guard = |against_insiders| Guard {
            below,
            against_insiders,
        };
        self.weigh(guard(is_first_known), guard(true));
        self.is_kept_back = self.must_be_kept_back;
        self.divide(guard(is_first_known), guard(true));
    }

    /// The largest parts.
    pub fn first(&self) -> impl Iterator<Item = &K> {
        self.parts.keys()
    }

    /// Finds, from the smallest parts upwards, what must be kept back by itself.
    fn weigh(&mut self, here: Guard, below_here: Guard) {
        for part in self.parts.values_mut() {
            part.weigh(below_here, below_here);
        }
        let is_in_need = self.parts.values().any(|part| part.must_be_kept_back);
        self.must_be_kept_back =
            is_small(self.count, here.below) || (is_in_need && !here.can_hide(&self.counts()));
    }

    fn divide(&mut self, here: Guard, below_here: Guard) {
        let must: Vec<bool> = self
            .parts
            .values()
            .map(|one| one.must_be_kept_back)
            .collect();
        let hidden = here.kept_back(&self.counts(), &must, self.is_kept_back);
        for (part, is_kept_back) in self.parts.values_mut().zip(hidden) {
            part.is_kept_back = is_kept_back;
            part.divide(below_here, below_here);
        }
    }

    fn counts(&self) -> Vec<usize> {
        self.parts.values().map(|one| one.count).collect()
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
            suppress(&[9, 3, 7, 12], 5),
            (vec![KeptBack, KeptBack, KeptBack, Told(12)], Told(31))
        );
        assert_eq!(
            suppress(&[2, 3, 7], 5),
            (vec![KeptBack, KeptBack, KeptBack], Told(12))
        );
        // Two that hold two together are as small as one.
        assert_eq!(
            suppress(&[1, 1, 7, 9, 20], 5),
            (
                vec![KeptBack, KeptBack, KeptBack, KeptBack, Told(20)],
                Told(38)
            )
        );
        assert_eq!(suppress(&[3], 5), (vec![KeptBack], KeptBack));
        assert_eq!(suppress(&[3, 0], 5), (vec![KeptBack, Told(0)], KeptBack));
        assert_eq!(suppress(&[3, 9], 0), (vec![Told(3), Told(9)], Told(12)));
        assert_eq!(suppress(&[], 5), (vec![], Told(0)));
        // Who works in the larger part knows it, and would know the smaller one.
        assert_eq!(
            suppress(&[3, 4003], 5),
            (vec![KeptBack, KeptBack], KeptBack)
        );
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

    #[test]
    fn counts_of_a_house_are_told_in_steps() {
        use super::Suppressed::AtLeast;
        let told = |counts: &[usize], below| {
            let told = counts.iter().map(|one| Suppressed::in_steps(*one, below));
            told.collect::<Vec<_>>()
        };
        assert_eq!(
            told(&[0, 1, 4, 5, 9, 26, 4000], 5),
            [
                Told(0),
                KeptBack,
                KeptBack,
                AtLeast(5),
                AtLeast(5),
                AtLeast(20),
                AtLeast(1000)
            ]
        );
        assert_eq!(
            told(&[7, 8, 9, 10], 8),
            [KeptBack, AtLeast(8), AtLeast(8), AtLeast(10)]
        );
    }

    fn hidden_in(of: &Nested<u8>) -> usize {
        let leaves = leaves(of);
        leaves.iter().filter(|one| one.1).map(|one| one.0).sum()
    }

    fn each<'a>(of: &'a Nested<u8>, all: &mut Vec<&'a Nested<u8>>) {
        all.push(of);
        of.parts.values().for_each(|part| each(part, all));
    }

    /// Who knows one part exactly learns of no other that is kept back, nor of few together.
    fn check_insiders(of: &Nested<u8>, below: usize) {
        let mut all = Vec::new();
        each(of, &mut all);
        for whole in all.iter().filter(|one| !one.is_kept_back) {
            let mut known = Vec::new();
            each(whole, &mut known);
            for part in known {
                let rest = hidden_in(whole) - hidden_in(part);
                assert!(
                    !is_small(rest, below),
                    "{rest} besides {part:?} of {whole:?}"
                );
            }
        }
    }

    proptest! {
        /// Parts of three levels, each told on its own: what is kept back of one never follows from
        /// the others.
        #[test]
        fn no_count_follows_from_a_finer_or_coarser_division(
            paths in prop::collection::vec([0..3_u8, 0..3_u8, 0..4_u8], 0..120),
            is_first_known: bool,
        ) {
            let mut all = Nested::default();
            for path in &paths {
                all.add(path, 1);
            }
            all.keep_back(5, is_first_known);
            check(&all, 5);
            if is_first_known {
                check_insiders(&all, 5);
            }
        }
    }
}
