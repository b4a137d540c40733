//! What the closed loop has to know of a city besides its live state: the table of dispatch, in which
//! area a device lies, how many people live where. Made by `app` when an engine starts. Never changes
//! itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{AreaId, BuildingId, DeviceId, DwellingId, Millis};
use crate::model::dispatch::{DispatchTable, Incident, IncidentType, Risk};
use crate::model::links::area_chain;
use crate::model::query::AreaIndex;
use crate::model::{AreaLevel, Device, EngineTable, Ground, KindTable};

/// People of a home: how many, and what they weigh together. Worked out by the caller, who may open
/// labels.
pub type Crowd = BTreeMap<DwellingId, [u32; 2]>;

/// What the closed loop knows of a city.
#[derive(Debug, Clone)]
pub struct Desk {
    table: DispatchTable,
    kinds: Arc<KindTable>,
    areas: BTreeMap<DeviceId, AreaId>,
    of_home: Crowd,
    of_building: BTreeMap<BuildingId, [u32; 2]>,
    shelve_max_ms: Millis,
}

impl Desk {
    /// Of a city, by a table.
    #[must_use]
    pub fn new(table: DispatchTable, kinds: Arc<KindTable>, ground: &Ground, crowd: Crowd) -> Self {
        let index = AreaIndex::of(ground);
        let area_of = |device: &Device| {
            let house = device.building.and_then(|id| ground.buildings.get(&id));
            let [x, y, _] = device.position;
            house
                .and_then(|house| house.area)
                .or_else(|| index.at(ground, [x, y]))
        };
        let devices = ground.devices.values();
        let areas = devices.filter_map(|one| Some((one.id, area_of(one)?)));
        let areas = areas.collect();
        let mut of_building = BTreeMap::<BuildingId, [u32; 2]>::new();
        for (home, people) in &crowd {
            if let Some(home) = ground.dwellings.get(home) {
                add(of_building.entry(home.building).or_default(), *people);
            }
        }
        Self {
            table,
            kinds,
            areas,
            of_home: crowd,
            of_building,
            shelve_max_ms: EngineTable::default().shelve_max_ms(),
        }
    }

    /// With another longest time for which alarms are shelved.
    #[must_use]
    pub fn shelving_at_most(self, shelve_max_ms: Millis) -> Self {
        Self {
            shelve_max_ms,
            ..self
        }
    }

    /// Longest time for which alarms are shelved.
    #[must_use]
    pub const fn shelve_max_ms(&self) -> Millis {
        self.shelve_max_ms
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &DispatchTable {
        &self.table
    }

    /// The type of incident that an alarm of a device opens.
    pub(super) fn type_of(&self, device: Option<&Device>) -> &IncidentType {
        let kind = device.and_then(|one| self.kinds.get(&one.kind));
        self.table.of_kind(kind)
    }

    /// The smallest area in which a device lies.
    pub(super) fn area(&self, device: DeviceId) -> Option<AreaId> {
        self.areas.get(&device).copied()
    }

    /// The area of a level in which a device lies.
    pub(super) fn area_of(
        &self,
        ground: &Ground,
        device: DeviceId,
        level: AreaLevel,
    ) -> Option<AreaId> {
        let chain = area_chain(ground, self.area(device)?);
        let is_it = |id: &AreaId| ground.areas.get(id).is_some_and(|one| one.level == level);
        chain.into_iter().find(is_it)
    }

    /// How many people are at risk: those of the homes that devices of its alarms stand in, or of
    /// the whole building where a device stands in none.
    pub(super) fn risk(&self, ground: &Ground, incident: &Incident) -> Risk {
        let mut buildings: BTreeSet<BuildingId> = BTreeSet::new();
        if incident.first.is_none() {
            buildings.extend(incident.opening.spot.building);
        }
        let mut homes: BTreeSet<DwellingId> = BTreeSet::new();
        for member in &incident.members {
            match ground.devices.get(&member.device).map(|one| one.dwelling) {
                Some(Some(home)) => drop(homes.insert(home)),
                _ => buildings.extend(member.building),
            }
        }
        let mut sum = [0_u32; 2];
        for home in homes {
            let building = ground.dwellings.get(&home).map(|one| one.building);
            if !building.is_some_and(|one| buildings.contains(&one)) {
                add(
                    &mut sum,
                    self.of_home.get(&home).copied().unwrap_or_default(),
                );
            }
        }
        for building in buildings {
            add(
                &mut sum,
                self.of_building.get(&building).copied().unwrap_or_default(),
            );
        }
        let (table, [heads, weight]) = (self.table.risk(), sum);
        match heads >= table.least {
            true if weight >= table.many => Risk::Many,
            true if weight >= table.some => Risk::Some,
            _ => Risk::Few,
        }
    }
}

fn add(sum: &mut [u32; 2], more: [u32; 2]) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum = sum.saturating_add(more);
    }
}
