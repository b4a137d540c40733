//! What may be told of how good the records of people are. A share tells how many have a fault and
//! how many have not, so both are kept back as counts of people are: from the whole downwards
//! through the areas, as statistics do, that nothing follows from two levels or from a count beside
//! a share. Never judges a record.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{AreaId, ResidentId, Rights};
use crate::model::query::{
    CellKey, CityIndex, Parts, Suppressed, Way, depth_of_level, way_of_area,
};

use super::{PopulationCounts, PopulationMeasure, PopulationQuality, area_of};

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
        let residents = self.residents(rights);
        let shares = PopulationMeasure::ALL.map(|measure| {
            let told = self.counted(rights, |of| measure.count(of));
            (measure, told)
        });
        let line =
            |of: &PopulationCounts, told: Suppressed, is_told: &dyn Fn(&ToldCounts) -> bool| {
                let share = |(measure, counts): &(PopulationMeasure, ToldCounts)| {
                    let may = told != Suppressed::KeptBack && is_told(counts);
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

    /// How many records there are, part by part: kept back where statistics keep them back, which
    /// tell residents beside their households and vehicles or not at all.
    fn residents(&self, rights: &dyn Rights) -> ToldCounts {
        let mut people = self.people.clone();
        people.keep_back(rights.suppress_below(None));
        let parts = self.parts(rights, |of| [of.residents, 0]);
        let (parts, total) = parts.told_by(&people);
        ToldCounts { parts, total }
    }

    /// Counts something of the residents by part, beside those who are not counted.
    fn counted(
        &self,
        rights: &dyn Rights,
        count: impl Fn(&PopulationCounts) -> usize,
    ) -> ToldCounts {
        let parts = self.parts(rights, |of| [count(of), of.residents - count(of)]);
        let (parts, total) = parts.told(rights.suppress_below(None));
        ToldCounts { parts, total }
    }

    fn parts(
        &self,
        rights: &dyn Rights,
        counts: impl Fn(&PopulationCounts) -> [usize; 2],
    ) -> Parts {
        let mut parts = Parts::default();
        for (area, smallest) in &self.smallest {
            let (cell, counts) = (smallest.cell(), counts(&smallest.counts));
            parts.add(cell, counts[0]);
            parts.add_around(&smallest.way, counts);
            if rights.suppress_below(area.map(|area| area.bits())) > 0 {
                parts.stand(cell, smallest.asked(), &[]);
            }
        }
        parts
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
    city: &CityIndex,
    within: Option<AreaId>,
    is_among: &dyn Fn(ResidentId) -> bool,
    rights: &dyn Rights,
) -> Suppressed {
    let (ground, areas) = (city.ground(), city.areas());
    let mut by_area = BTreeMap::<Option<AreaId>, [usize; 2]>::new();
    for id in ground.residents.keys() {
        let counts = by_area.entry(area_of(city, *id));
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
    let mut parts = Parts::default();
    for one in all {
        parts.add_around(&one.way, one.counts);
        if one.way.starts_with(asked) {
            parts.add(cell, one.counts[0]);
            if rights.suppress_below(one.area.map(AreaId::bits)) > 0 {
                parts.stand(cell, asked, asked);
            }
        }
    }
    parts.told(rights.suppress_below(None)).1
}
