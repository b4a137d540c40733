//! How good the records of people are, by area: linked to a home, confirmed, stale, contradictory.
//! Used by `query quality`, reports and the map layer; what of it may be told is decided here, once
//! for all of them. Pure; never mends a record.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::{AreaId, Clearance, ResidentId, Rights};

use super::links::area_of_resident;
use super::query::{AreaIndex, Suppressed, suppress_others};
use super::{AreaLevel, Ground, RecordFault, ResidentFaults, resident_faults};

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
}

impl PopulationQuality {
    /// Judges every record on a day (`YYYY-MM-DD`); `None` while personal values are locked.
    #[must_use]
    pub fn of(
        ground: &Ground,
        areas: &AreaIndex,
        level: AreaLevel,
        today: &str,
        clearance: &Clearance,
    ) -> Option<Self> {
        let faults = resident_faults(ground, today, clearance)?;
        let mut quality = Self {
            areas: BTreeMap::new(),
            total: PopulationCounts::default(),
            faults,
        };
        for (id, resident) in &ground.residents {
            let smallest = area_of_resident(ground, resident);
            let area = smallest.and_then(|area| areas.of_level(ground, area, level));
            let is_linked = resident
                .dwelling
                .is_some_and(|home| ground.dwellings.contains_key(&home));
            let faults = quality.faults_of(*id).to_vec();
            let counts = quality.areas.entry(area).or_default();
            counts.take(is_linked, &faults);
            quality.total.take(is_linked, &faults);
        }
        Some(quality)
    }

    /// What may be told to somebody with these rights. A share is kept back where few have the fault
    /// or few are without it, and where that would follow from the others and the total.
    #[must_use]
    pub fn told(&self, rights: &dyn Rights) -> ToldQuality {
        let below = rights.suppress_below(None);
        let areas = self.areas.keys();
        let is_open: Vec<bool> = areas
            .map(|area| rights.suppress_below(area.map(|area| area.bits())) == 0)
            .collect();
        let suppress = |counts: &[usize]| suppress_others(counts, &is_open, below);
        let counts: Vec<&PopulationCounts> = self.areas.values().collect();
        let residents: Vec<usize> = counts.iter().map(|one| one.residents).collect();
        let (told, total) = suppress(&residents);
        let mut shares = vec![[None; PopulationMeasure::ALL.len()]; counts.len()];
        let mut of_all = [None; PopulationMeasure::ALL.len()];
        for (place, measure) in PopulationMeasure::ALL.into_iter().enumerate() {
            let with: Vec<usize> = counts.iter().map(|one| measure.count(one)).collect();
            let without = residents.iter().zip(&with).map(|(all, with)| all - with);
            let without: Vec<usize> = without.collect();
            let (with_told, with_total) = suppress(&with);
            let (without_told, without_total) = suppress(&without);
            let is_told = |of: [Suppressed; 3]| !of.contains(&Suppressed::KeptBack);
            let share = |of: &PopulationCounts| {
                let share = of.share(measure.count(of))?;
                Some((share * 1e4).round() / 1e4)
            };
            for (at, of) in counts.iter().enumerate() {
                if is_told([told[at], with_told[at], without_told[at]]) {
                    shares[at][place] = share(of);
                }
            }
            if is_told([total, with_total, without_total]) {
                of_all[place] = share(&self.total);
            }
        }
        let told = told.into_iter().zip(shares);
        let told = told.map(|(residents, shares)| PopulationShares::of(residents, shares));
        ToldQuality {
            areas: self.areas.keys().copied().zip(told).collect(),
            total: PopulationShares::of(total, of_all),
        }
    }

    /// What is wrong with one record.
    #[must_use]
    pub fn faults_of(&self, id: ResidentId) -> &[RecordFault] {
        self.faults.get(&id).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use crate::base::Everybody;
    use crate::model::LabelsOfDay;
    use std::sync::Arc;

    use super::*;
    use crate::base::Sealed;
    use crate::model::query::CityIndex;
    use crate::model::sample;
    use crate::model::sample::people::{area, move_in};
    use crate::model::{FurtherRecord, to_sealed};

    #[test]
    fn records_are_judged_and_counted_by_area() {
        let mut ground = sample::city(0);
        let house = *ground.buildings.keys().next().unwrap();
        let grid = AreaId::from_source("sample", "grid");
        let mut record = area(grid, grid);
        record.parent = None;
        ground.areas.insert(grid, record);
        ground.buildings.get_mut(&house).unwrap().area = Some(grid);
        let ids = move_in(&mut ground, house, "a", 4);
        let mut change = |at: usize, with: &dyn Fn(&mut crate::model::Resident)| {
            let one = ground.residents.get_mut(&ids[at]).unwrap();
            one.identity_no = Sealed::new("00000019400101001X");
            with(one);
        };
        let real = |number: &'static str| {
            move |one: &mut crate::model::Resident| {
                one.identity_no = Sealed::new(number);
            }
        };
        change(0, &real("110105194001010015"));
        change(1, &|one| one.verified_on = "2020-01-01".to_owned());
        change(2, &|one| {
            one.further = to_sealed(&vec![FurtherRecord {
                dataset: "migrant".to_owned(),
                key: "7".to_owned(),
                verified_on: String::new(),
                values: [("name".to_owned(), "王晓明".to_owned())].into(),
            }]);
        });
        change(3, &|one| (one.dwelling, one.household) = (None, None));
        let city = CityIndex::of(Arc::new(ground), LabelsOfDay::none());
        let clearance = crate::base::clearance_for_tests();
        let (ground, level) = (city.ground(), AreaLevel::Grid);
        let quality =
            PopulationQuality::of(ground, city.areas(), level, "2026-05-01", &clearance).unwrap();
        assert_eq!(quality.total.residents, 4);
        assert_eq!((quality.total.linked, quality.total.confirmed), (3, 3));
        assert_eq!(quality.areas[&Some(grid)].residents, 3);
        assert_eq!(quality.areas[&None].residents, 1);
        let has = |at: usize, fault| quality.faults_of(ids[at]).contains(&fault);
        assert!(has(1, RecordFault::Stale) && has(2, RecordFault::Conflicting));
        assert!(has(3, RecordFault::UnmatchedAddress) && has(3, RecordFault::Duplicate));
        assert_eq!(quality.total.faults[&RecordFault::Duplicate], 3);
        assert_eq!(quality.total.share(quality.total.linked), Some(0.75));
    }

    /// A city whose areas hold so many residents, so many of them linked.
    fn counted(areas: &[(usize, usize)]) -> PopulationQuality {
        let mut total = PopulationCounts::default();
        let mut by_area = BTreeMap::new();
        for (place, (residents, linked)) in areas.iter().enumerate() {
            let id = AreaId::from_bits(place as u64);
            let mut counts = PopulationCounts::default();
            for one in 0..*residents {
                counts.take(one < *linked, &[]);
                total.take(one < *linked, &[]);
            }
            by_area.insert(Some(id), counts);
        }
        PopulationQuality {
            areas: by_area,
            total,
            faults: ResidentFaults::default(),
        }
    }

    #[test]
    fn a_share_of_few_people_is_not_told_nor_follows_from_the_others() {
        let linked = |areas: &[(usize, usize)], below| {
            let told = counted(areas).told(&Everybody {
                suppress_below: below,
            });
            let areas = told.areas.values().map(|one| one.linked).collect();
            let areas: Vec<Option<f64>> = areas;
            (areas, told.total.linked)
        };
        let all = linked(&[(10, 5), (20, 10)], 5);
        assert_eq!(all, (vec![Some(0.5), Some(0.5)], Some(0.5)));
        // Two of ten are not linked: the next one is kept back with it.
        let few = linked(&[(10, 8), (20, 10), (40, 10)], 5);
        assert_eq!(few, (vec![None, None, Some(0.25)], Some(0.4)));
        // Where there is no other, the total is.
        assert_eq!(linked(&[(10, 8)], 5), (vec![None], None));
        assert_eq!(linked(&[(10, 8)], 0), (vec![Some(0.8)], Some(0.8)));
        let told = counted(&[(3, 3), (9, 9), (30, 30)]).told(&Everybody { suppress_below: 5 });
        let residents: Vec<_> = told.areas.values().map(|one| one.residents).collect();
        let kept = Suppressed::KeptBack;
        assert_eq!(residents, [kept, kept, Suppressed::Told(30)]);
    }
}
