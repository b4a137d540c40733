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

/// Whether a count is small: none is no small count, but where it tells of everybody there.
#[must_use]
pub fn is_small(count: usize, below: usize) -> bool {
    count > 0 && count < below
}

/// What the counts that are kept back must leave open at the top, beside what somebody may know of
/// them: by so many could one of them be larger. With none each would be the largest small count.
const ROOM: usize = 2;

/// How far a count must be from being told.
#[derive(Debug, Clone, Copy)]
struct Guard {
    /// Counts below this are small.
    below: usize,
    /// Of which sorts none is a small count too.
    is_none_few: [bool; SORTS],
    /// Whether somebody may know one of the parts exactly, as who works there does: then the others
    /// that are kept back must not be few either. Where not, somebody may know a part of a part.
    are_parts_known: bool,
}

/// How many sorts of people are kept back together: where one of them is small the others of that part
/// would let it be guessed, so they are kept back with it.
pub(super) const SORTS: usize = 3;

/// Counts of a part, sort by sort.
type Counts = [usize; SORTS];

/// What the parts that are kept back hold of one sort; those that say themselves that they hold none
/// of it do not count.
#[derive(Debug, Clone, Copy, Default)]
struct Hidden {
    number: usize,
    sum: usize,
    /// The most of it that one person may know exactly.
    known: usize,
    /// By how many they could be more, as small counts: one that is not small leaves it open.
    room: usize,
    /// The most of that room that goes with a part which one person may know exactly.
    known_room: usize,
}

impl Hidden {
    fn add(&mut self, other: Self) {
        self.number += other.number;
        self.sum += other.sum;
        self.known = self.known.max(other.known);
        self.room += other.room;
        self.known_room = self.known_room.max(other.known_room);
    }
}

impl Guard {
    /// Whether a count is small.
    fn is_small(self, sort: usize, count: usize) -> bool {
        is_small(count, self.below) || self.is_none_few[sort] && count == 0 && self.below > 0
    }

    /// What one part holds of a sort where it is kept back, so many of them known to somebody.
    fn hidden(self, sort: usize, count: usize, known: usize) -> Hidden {
        if count == 0 && !self.is_none_few[sort] {
            return Hidden::default();
        }
        let room = match self.is_small(sort, count) {
            true => self.below - 1 - count,
            false => self.below.max(ROOM),
        };
        Hidden {
            number: 1,
            sum: count,
            known,
            room,
            known_room: if self.are_parts_known { room } else { 0 },
        }
    }

    /// Whether parts hide each other: `least` of them or more, not few, and not as many as small
    /// counts can be, also beside what somebody may know of them.
    fn hides(self, of: Hidden, least: usize) -> bool {
        of.number >= least
            && of.sum - of.known >= self.below
            && of.room - of.known_room >= ROOM.min(self.below)
    }

    /// Which parts of a whole are kept back: those that must be, and the next larger until they hide
    /// each other, for what they hold together follows from the whole. Of a whole that is kept back
    /// itself at least one part is, or the whole would follow. Beside it whether they hide each
    /// other: where all of them together do not, the whole may not be told.
    fn kept_back(
        self,
        (parts, known): (&[Counts], &[Counts]),
        must: &[bool],
        is_whole_kept_back: bool,
    ) -> (Vec<bool>, bool) {
        let mut kept_back = must.to_vec();
        if !is_whole_kept_back && !kept_back.contains(&true) {
            return (kept_back, true);
        }
        let least = if is_whole_kept_back { 1 } else { 2 };
        let (mut hidden, mut all) = ([Hidden::default(); SORTS], [Hidden::default(); SORTS]);
        let add = |to: &mut [Hidden; SORTS], at: usize| {
            for (sort, to) in to.iter_mut().enumerate() {
                to.add(self.hidden(sort, parts[at][sort], known[at][sort]));
            }
        };
        for (at, must) in must.iter().enumerate() {
            add(&mut all, at);
            if *must {
                add(&mut hidden, at);
            }
        }
        let size = |at: &usize| (parts[*at].iter().sum::<usize>(), *at);
        let mut others: Vec<usize> = (0..parts.len()).filter(|at| !kept_back[*at]).collect();
        others.sort_by_key(size);
        loop {
            let lacks: [bool; SORTS] = std::array::from_fn(|sort| {
                let is_there = match is_whole_kept_back {
                    true => all[sort].number > 0,
                    false => hidden[sort].number > 0,
                };
                is_there && !self.hides(hidden[sort], least)
            });
            if !lacks.contains(&true) {
                return (kept_back, true);
            }
            let helps = |at: &usize| {
                lacks
                    .iter()
                    .zip(parts[*at])
                    .any(|(lacks, count)| *lacks && count > 0)
            };
            let Some(place) = others.iter().position(helps) else {
                return (kept_back, false);
            };
            let next = others.remove(place);
            kept_back[next] = true;
            add(&mut hidden, next);
        }
    }
}

/// Parts within parts, and how many of each sort each holds; all sorts of a part are kept back, or
/// none. What is kept back of one division is kept back of
/// every finer and coarser one so that no count follows from two of them, also for somebody who
/// knows one part exactly.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Nested<K> {
    counts: Counts,
    parts: BTreeMap<K, Nested<K>>,
    /// A count of it is small, or its parts cannot hide each other.
    must_be_kept_back: bool,
    pub is_kept_back: bool,
}

impl<K> Default for Nested<K> {
    fn default() -> Self {
        Self {
            counts: [0; SORTS],
            parts: BTreeMap::new(),
            must_be_kept_back: false,
            is_kept_back: false,
        }
    }
}

impl<K: Ord + Copy> Nested<K> {
    /// Counts so many records of a sort in every part on the way, the largest first.
    pub fn add(&mut self, sort: usize, path: &[K], count: usize) {
        self.counts[sort] += count;
        if let Some((first, rest)) = path.split_first() {
            self.parts.entry(*first).or_default().add(sort, rest, count);
        }
    }

    /// Decides, from the whole downwards, what is kept back. `is_first_known` where somebody may
    /// know one of the largest parts exactly; of all smaller ones that is taken for granted.
    /// `is_none_few` tells of which sorts none is a small count too.
    pub fn keep_back(&mut self, below: usize, is_first_known: bool, is_none_few: [bool; SORTS]) {
        let guard = |are_parts_known| Guard {
            below,
            is_none_few,
            are_parts_known,
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
        let (counts, known) = (self.counts(), self.known(here));
        let (_, hide_each_other) = here.kept_back((&counts, &known), &self.must(), false);
        let mut counts = self.counts.iter().enumerate();
        let is_any_small = counts.any(|(sort, count)| here.is_small(sort, *count));
        self.must_be_kept_back = is_any_small || !hide_each_other;
    }

    fn divide(&mut self, here: Guard, below_here: Guard) {
        let (counts, known) = (self.counts(), self.known(here));
        let (hidden, _) = here.kept_back((&counts, &known), &self.must(), self.is_kept_back);
        for (part, is_kept_back) in self.parts.values_mut().zip(hidden) {
            part.is_kept_back = is_kept_back;
            part.divide(below_here, below_here);
        }
    }

    fn counts(&self) -> Vec<Counts> {
        self.parts.values().map(|one| one.counts).collect()
    }

    /// The most of each part that one person may know exactly, sort by sort.
    fn known(&self, guard: Guard) -> Vec<Counts> {
        let most = |part: &Self| {
            let parts = part.parts.values().map(|one| one.counts);
            parts.fold([0; SORTS], |most: Counts, counts| {
                std::array::from_fn(|sort| most[sort].max(counts[sort]))
            })
        };
        let parts = self.parts.values();
        match guard.are_parts_known {
            true => self.counts(),
            false => parts.map(most).collect(),
        }
    }

    fn must(&self) -> Vec<bool> {
        let parts = self.parts.values();
        parts.map(|one| one.must_be_kept_back).collect()
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
mod tests;
