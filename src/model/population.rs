//! How good the records of people are, by area: linked to a home, confirmed, stale, contradictory.
//! Used by `query quality`, reports and the map layer; what of it may be told is decided in `told`,
//! once for all of them. Pure; never mends a record.

mod told;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::base::{AreaId, Clearance, ResidentId};

use super::query::{Around, CellKey, CityIndex, Way, depth_of_level, way_of_area};
use super::{AreaLevel, EntityKind, EntityRef, RecordFault, ResidentFaults, resident_faults};
pub use told::{PopulationShares, ToldQuality, told_among};

/// Counts of residents of an area.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PopulationCounts {
    /// Records.
    pub residents: usize,
    /// Linked to a home that is there.
    pub linked: usize,
    /// Confirmed within three years.
    pub confirmed: usize,
    /// Without any fault.
    pub sound: usize,
    /// Records by fault, a record under each of its own.
    pub faults: BTreeMap<RecordFault, usize>,
}

impl PopulationCounts {
    fn take(&mut self, is_linked: bool, faults: &[RecordFault]) {
        self.residents += 1;
        self.linked += usize::from(is_linked);
        self.confirmed += usize::from(!faults.contains(&RecordFault::Stale));
        self.sound += usize::from(faults.is_empty());
        for fault in faults {
            *self.faults.entry(*fault).or_default() += 1;
        }
    }

    /// A share of the residents; `None` without any.
    #[must_use]
    pub fn share(&self, count: usize) -> Option<f64> {
        (self.residents > 0).then(|| count as f64 / self.residents as f64)
    }
}

/// What is asked of records of people, answered as a share of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PopulationMeasure {
    /// Linked to a home that is there.
    Linked,
    /// Confirmed within three years.
    Confirmed,
    /// Without any fault.
    #[default]
    Sound,
    /// Not confirmed for long.
    Stale,
    /// Contradicting itself.
    Contradictory,
    /// Standing there twice.
    Duplicate,
    /// Told otherwise by another register.
    Conflicting,
}

impl PopulationMeasure {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 7] = [
        Self::Linked,
        Self::Confirmed,
        Self::Sound,
        Self::Stale,
        Self::Contradictory,
        Self::Duplicate,
        Self::Conflicting,
    ];

    /// The name on the command line and in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linked => "linked",
            Self::Confirmed => "confirmed",
            Self::Sound => "sound",
            Self::Stale => "stale",
            Self::Contradictory => "contradictory",
            Self::Duplicate => "duplicate",
            Self::Conflicting => "conflicting",
        }
    }

    /// Whether a large share is good news.
    #[must_use]
    pub const fn is_merit(self) -> bool {
        matches!(self, Self::Linked | Self::Confirmed | Self::Sound)
    }

    fn count(self, of: &PopulationCounts) -> usize {
        let fault = |fault| of.faults.get(&fault).copied().unwrap_or(0);
        match self {
            Self::Linked => of.linked,
            Self::Confirmed => of.confirmed,
            Self::Sound => of.sound,
            Self::Stale => fault(RecordFault::Stale),
            Self::Contradictory => fault(RecordFault::Contradictory),
            Self::Duplicate => fault(RecordFault::Duplicate),
            Self::Conflicting => fault(RecordFault::Conflicting),
        }
    }
}

/// How good the records of people are.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationQuality {
    /// By area of the level that was asked for; `None` holds those whose area is not known, for
    /// they are linked to no home.
    pub areas: BTreeMap<Option<AreaId>, PopulationCounts>,
    /// Over all.
    pub total: PopulationCounts,
    /// The faults, record by record.
    pub faults: ResidentFaults,
    /// By the smallest area: what may be told depends on where somebody lives, not only on the
    /// level that was asked for.
    smallest: BTreeMap<Option<AreaId>, Smallest>,
    /// Residents beside households and vehicles: how many records there are is told where statistics
    /// tell it.
    people: Around,
}

/// The area in which a resident is counted.
fn area_of(city: &CityIndex, id: ResidentId) -> Option<AreaId> {
    city.area_of(EntityRef {
        kind: EntityKind::Resident,
        bits: id.bits(),
    })
}

/// Residents of one of the smallest areas.
#[derive(Debug, Clone, PartialEq)]
struct Smallest {
    /// The areas around them.
    way: Way,
    /// How many of those go down to the level that was asked for.
    depth: usize,
    counts: PopulationCounts,
}

impl Smallest {
    /// The part in which they are counted.
    fn cell(&self) -> CellKey {
        self.asked().last().copied().unwrap_or(CellKey::Nowhere)
    }

    /// The areas around them down to the level that was asked for.
    fn asked(&self) -> &[CellKey] {
        &self.way[..self.depth]
    }

    fn area(&self) -> Option<AreaId> {
        match self.cell() {
            CellKey::Area(area) => Some(area),
            CellKey::Place(..) | CellKey::Nowhere => None,
        }
    }
}

impl PopulationQuality {
    /// Judges every record on a day (`YYYY-MM-DD`); `None` while personal values are locked.
    #[must_use]
    pub fn of(
        city: &CityIndex,
        level: AreaLevel,
        today: &str,
        clearance: &Clearance,
    ) -> Option<Self> {
        let ground = city.ground();
        let faults = resident_faults(ground, today, clearance)?;
        let mut quality = Self {
            areas: BTreeMap::new(),
            total: PopulationCounts::default(),
            faults,
            smallest: BTreeMap::new(),
            people: city.people_by_area(),
        };
        for (id, resident) in &ground.residents {
            let area = area_of(city, *id);
            let is_linked = resident
                .dwelling
                .is_some_and(|home| ground.dwellings.contains_key(&home));
            let faults = quality.faults_of(*id).to_vec();
            let smallest = quality.smallest.entry(area).or_insert_with(|| Smallest {
                way: way_of_area(ground, city.areas(), area),
                depth: depth_of_level(level),
                counts: PopulationCounts::default(),
            });
            smallest.counts.take(is_linked, &faults);
            let counts = quality.areas.entry(smallest.area()).or_default();
            counts.take(is_linked, &faults);
            quality.total.take(is_linked, &faults);
        }
        Some(quality)
    }

    /// What is wrong with one record.
    #[must_use]
    pub fn faults_of(&self, id: ResidentId) -> &[RecordFault] {
        self.faults.get(&id).map_or(&[], Vec::as_slice)
    }
}
