//! The parts of a city by which is counted, as they stand within larger ones: what may be told of a
//! part is decided from the whole downwards, alike for everything that is counted by areas. Used by
//! statistics and quality. Never decides who may know small counts.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::AreaId;
use crate::model::{AreaLevel, Ground};

use super::areas::AreaIndex;
use super::suppress::{Nested, SORTS, Suppressed};

/// One part of the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKey {
    /// An area.
    Area(AreaId),
    /// Column and row of a square, or of a hexagon (axial coordinates).
    Place(i64, i64),
    /// What lies in none, or cannot be placed.
    Nowhere,
}

/// The parts around a record, the largest first, and then its part.
pub type Way = Vec<CellKey>;

/// The parts around what lies in `area`, down to the finest: what may be told of a level depends on
/// those below it as well.
#[must_use]
pub fn way_of_area(ground: &Ground, areas: &AreaIndex, area: Option<AreaId>) -> Way {
    let at = |level| areas.of_level(ground, area?, level);
    let cells = AreaLevel::ALL.iter();
    let cells = cells.map(|one| at(*one).map_or(CellKey::Nowhere, CellKey::Area));
    cells.collect()
}

/// How many parts of a way of areas go down to a level.
#[must_use]
pub fn depth_of_level(level: AreaLevel) -> usize {
    let up_to = |one: &&AreaLevel| **one <= level;
    AreaLevel::ALL.iter().filter(up_to).count()
}

/// Counts by part, and where those parts stand of which somebody may not know small counts.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// All that are counted, by part.
    all: BTreeMap<CellKey, usize>,
    /// Where in `nested` a part stands; of what cannot be placed in several places. None of a part
    /// that may be told as it is.
    ways: BTreeMap<CellKey, BTreeSet<Way>>,
    /// Where the whole stands; nowhere when it may be told as it is.
    wholes: BTreeSet<Way>,
    /// All that are counted of whom small counts are not told to everybody.
    around: Around,
}

/// Of the whole city all of whom small counts are not told to everybody, by the parts in which they
/// are, sort by sort: what everybody is told is the same whoever asks, and of whatever sort.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Around {
    nested: Nested<CellKey>,
    /// Of which sorts none is a small count too.
    is_none_few: [bool; SORTS],
}

/// Those who are among some, as those who have a label, and those who are not: sorts that are told
/// together or not at all, for from how many live there follows of the one the other.
pub(super) const AMONG: usize = 0;
/// The others.
pub(super) const OTHERS: usize = 1;

impl Around {
    /// Of people who are among some and of the others, of whom `0` tells as much as a small count:
    /// that nobody there has a label, or everybody.
    #[must_use]
    pub(super) fn labelled() -> Self {
        let mut around = Self::default();
        around.is_none_few[AMONG] = true;
        around.is_none_few[OTHERS] = true;
        around
    }

    /// Counts so many of a sort.
    pub fn add(&mut self, sort: usize, way: &[CellKey], count: usize) {
        self.nested.add(sort, way, count);
    }

    /// Decides what is kept back.
    pub fn keep_back(&mut self, below: usize) {
        // Who works for the whole district may know small counts, or nobody's.
        let is_district = |cell: &CellKey| !matches!(cell, CellKey::Place(..));
        let is_first_known = !self.nested.first().all(is_district);
        self.nested
            .keep_back(below, is_first_known, self.is_none_few);
    }

    /// Whether a part is kept back; without a way the whole.
    pub(super) fn is_kept_back(&self, way: &[CellKey]) -> bool {
        self.nested.at(way).is_some_and(|part| part.is_kept_back)
    }
}

impl Parts {
    /// Counts so many in a part.
    pub fn add(&mut self, cell: CellKey, count: usize) {
        *self.all.entry(cell).or_default() += count;
    }

    /// Counts so many of whom small counts are not told to everybody: who is among those that are
    /// counted, and who of them that live there is not.
    pub fn add_around(&mut self, way: &[CellKey], [among, others]: [usize; 2]) {
        self.around.add(AMONG, way, among);
        self.around.add(OTHERS, way, others);
    }

    /// Says of a part, in which are some of whom the asker may not know small counts, where it
    /// stands, and where the whole that is asked for.
    pub fn stand(&mut self, cell: CellKey, way: &[CellKey], whole: &[CellKey]) {
        self.wholes.insert(whole.to_vec());
        self.ways.entry(cell).or_default().insert(way.to_vec());
    }

    /// How many are counted in each part.
    #[must_use]
    pub const fn counts(&self) -> &BTreeMap<CellKey, usize> {
        &self.all
    }

    /// The parts and the whole, as they may be told.
    #[must_use]
    pub fn told(mut self, below: usize) -> (BTreeMap<CellKey, Suppressed>, Suppressed) {
        self.around.keep_back(below);
        self.told_by(&self.around)
    }

    /// The same where others are kept back together with these.
    #[must_use]
    pub fn told_by(&self, around: &Around) -> (BTreeMap<CellKey, Suppressed>, Suppressed) {
        let is_kept_back = |ways: &BTreeSet<Way>| ways.iter().any(|way| around.is_kept_back(way));
        let cells = self.all.iter().map(|(cell, count)| {
            let is_kept_back = self.ways.get(cell).is_some_and(is_kept_back);
            (*cell, Suppressed::of(*count, is_kept_back))
        });
        let sum = self.all.values().sum();
        let total = Suppressed::of(sum, is_kept_back(&self.wholes));
        (cells.collect(), total)
    }
}
