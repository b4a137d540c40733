//! What may be told of how good the records of people are. A share tells how many have a fault and
//! how many have not, so both are kept back as counts of people are: from the whole downwards
//! through the areas, as statistics do, that nothing follows from two levels or from a count beside
//! a share. Never judges a record.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{AreaId, Rights};
use crate::model::query::{CellKey, Parts, Suppressed};

use super::{PopulationCounts, PopulationMeasure, PopulationQuality};

/// What may be told of an area: how many records, and shares of them from 0 to 1, `None` where a
/// share would tell of too few people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PopulationShares {
    /// Records.
    pub residents: Suppressed,
    /// Linked to a home that is there.
    pub linked: Option<f64>,
    /// Confirmed within three years.
    pub confirmed: Option<f64>,
    /// Without any fault.
    pub sound: Option<f64>,
    /// Not confirmed for long.
    pub stale: Option<f64>,
    /// Contradicting themselves.
    pub contradictory: Option<f64>,
    /// Standing there twice.
    pub duplicate: Option<f64>,
    /// Told otherwise by another register.
    pub conflicting: Option<f64>,
}

impl PopulationShares {
    fn of(residents: Suppressed, shares: [Option<f64>; PopulationMeasure::ALL.len()]) -> Self {
        let [
            linked,
            confirmed,
            sound,
            stale,
            contradictory,
            duplicate,
            conflicting,
        ] = shares;
        Self {
            residents,
            linked,
            confirmed,
            sound,
            stale,
            contradictory,
            duplicate,
            conflicting,
        }
    }

    /// The share of one measure.
    #[must_use]
    pub const fn share(&self, measure: PopulationMeasure) -> Option<f64> {
        match measure {
            PopulationMeasure::Linked => self.linked,
            PopulationMeasure::Confirmed => self.confirmed,
            PopulationMeasure::Sound => self.sound,
            PopulationMeasure::Stale => self.stale,
            PopulationMeasure::Contradictory => self.contradictory,
            PopulationMeasure::Duplicate => self.duplicate,
            PopulationMeasure::Conflicting => self.conflicting,
        }
    }
}

/// What may be told of a city.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldQuality {
    /// By area, in the order of ids; `None` stands for those whose area is not known.
    pub areas: BTreeMap<Option<AreaId>, PopulationShares>,
    /// Over all.
    pub total: PopulationShares,
}

/// Counts of people by part, as they may be told.
struct ToldCounts {
    parts: BTreeMap<CellKey, Suppressed>,
    total: Suppressed,
}

impl ToldCounts {
    fn is_told(&self, cell: CellKey) -> bool {
        self.parts.get(&cell) != Some(&Suppressed::KeptBack)
    }

    fn is_total_told(&self) -> bool {
        self.total != Suppressed::KeptBack
    }
}

impl PopulationQuality {
    /// What may be told to somebody with these rights. A share is kept back where few have the fault
    /// or few are without it, and where that would follow from other parts, wholes and levels.
    #[must_use]
    pub fn told(&self, rights: &dyn Rights) -> ToldQuality {
        let residents = self.counted(rights, |of| of.residents);
        let shares = PopulationMeasure::ALL.map(|measure| {
            let with = self.counted(rights, |of| measure.count(of));
            let without = self.counted(rights, |of| of.residents - measure.count(of));
            (measure, [with, without])
        });
        let line =
            |of: &PopulationCounts, told: Suppressed, is_told: &dyn Fn(&ToldCounts) -> bool| {
                let share = |(measure, both): &(PopulationMeasure, [ToldCounts; 2])| {
                    let may = told != Suppressed::KeptBack && both.iter().all(is_told);
                    let share = may.then(|| of.share(measure.count(of))).flatten()?;
                    Some((share * 1e4).round() / 1e4)
                };
                PopulationShares::of(told, shares.each_ref().map(share))
            };
        let areas = self.areas.iter().map(|(area, of)| {
            let cell = area.map_or(CellKey::Nowhere, CellKey::Area);
            let told = residents.parts.get(&cell).copied();
            let told = told.unwrap_or(Suppressed::KeptBack);
            (*area, line(of, told, &|counts| counts.is_told(cell)))
        });
        ToldQuality {
            areas: areas.collect(),
            total: line(&self.total, residents.total, &ToldCounts::is_total_told),
        }
    }

    /// Counts something of the residents by part.
    fn counted(
        &self,
        rights: &dyn Rights,
        count: impl Fn(&PopulationCounts) -> usize,
    ) -> ToldCounts {
        let mut parts = Parts::default();
        for (area, smallest) in &self.smallest {
            let (cell, count) = (smallest.cell(), count(&smallest.counts));
            parts.add(cell, count);
            parts.add_around(&smallest.way, count);
            if rights.suppress_below(area.map(|area| area.bits())) > 0 {
                parts.stand(cell, smallest.asked(), &[]);
            }
        }
        let (parts, total) = parts.told(rights.suppress_below(None));
        ToldCounts { parts, total }
    }
}
