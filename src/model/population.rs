//! How good the records of people are, by area: linked to a home, confirmed, stale, contradictory.
//! Used by `query quality`, reports and the map layer. Pure; never mends a record.

use std::collections::BTreeMap;

use crate::base::{AreaId, Clearance, ResidentId};

use super::links::area_of_resident;
use super::query::AreaIndex;
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

    /// What is wrong with one record.
    #[must_use]
    pub fn faults_of(&self, id: ResidentId) -> &[RecordFault] {
        self.faults.get(&id).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
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
}
