//! What may be told of how good the records of people are. A share tells how many have a fault and
//! how many have not, so both are kept back as counts of people are: from the whole downwards
//! through the areas, as statistics do, that nothing follows from two levels or from a count beside
//! a share. Never judges a record.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{AreaId, ResidentId, Rights};
use crate::model::Ground;
use crate::model::links::area_of_resident;
use crate::model::query::{
    AreaIndex, CellKey, Parts, Suppressed, Way, depth_of_level, way_of_area,
};

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

/// People of one of the smallest areas: how many are among some, and how many are not.
pub(super) struct Among {
    pub area: Option<AreaId>,
    /// The areas around them.
    pub way: Way,
    pub counts: [usize; 2],
}

/// How many residents, of the city or of one area, are among some, as it may be told: kept back where
/// few are or few are not, and where either would follow from other areas and levels.
#[must_use]
pub fn told_among(
    (ground, areas): (&Ground, &AreaIndex),
    within: Option<AreaId>,
    is_among: &dyn Fn(ResidentId) -> bool,
    rights: &dyn Rights,
) -> Suppressed {
    let mut by_area = BTreeMap::<Option<AreaId>, [usize; 2]>::new();
    for (id, resident) in &ground.residents {
        let counts = by_area.entry(area_of_resident(ground, resident));
        counts.or_default()[usize::from(!is_among(*id))] += 1;
    }
    let all: Vec<Among> = by_area
        .into_iter()
        .map(|(area, counts)| Among {
            area,
            way: way_of_area(ground, areas, area),
            counts,
        })
        .collect();
    let level = within.and_then(|area| ground.areas.get(&area));
    let mut asked = level.map_or_else(Way::new, |_| way_of_area(ground, areas, within));
    asked.truncate(level.map_or(0, |area| depth_of_level(area.level)));
    told_within(&all, &asked, rights)
}

/// The same of people who were counted by area; `asked` leads to the area.
pub(super) fn told_within(all: &[Among], asked: &[CellKey], rights: &dyn Rights) -> Suppressed {
    let cell = asked.last().copied().unwrap_or(CellKey::Nowhere);
    let told = [0, 1].map(|at| {
        let mut parts = Parts::default();
        for one in all {
            let count = one.counts[at];
            parts.add_around(&one.way, count);
            if one.way.starts_with(asked) {
                parts.add(cell, count);
                if rights.suppress_below(one.area.map(AreaId::bits)) > 0 {
                    parts.stand(cell, asked, asked);
                }
            }
        }
        parts.told(rights.suppress_below(None)).1
    });
    match told {
        [_, Suppressed::KeptBack] => Suppressed::KeptBack,
        [among, _] => among,
    }
}
