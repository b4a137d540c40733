//! Who belongs where: building → dwellings → households → residents, and what hangs on a building.
//! Built once for a ground, looked up in both directions without walking it. Used by queries,
//! labels and quality. Never opens a personal value.

use crate::base::{
    AreaId, BuildingId, DeviceId, DwellingId, EventId, FacilityId, HouseholdId, ResidentId,
    VehicleId,
};

use super::{Ground, Resident};

/// From one record to many: pairs in the order of the first, sixteen bytes each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<K, V>(Vec<(K, V)>);

impl<K: Ord + Copy, V: Ord + Copy> Link<K, V> {
    fn of(pairs: impl Iterator<Item = (K, V)>) -> Self {
        let mut pairs: Vec<_> = pairs.collect();
        pairs.sort_unstable();
        pairs.shrink_to_fit();
        Self(pairs)
    }

    /// What belongs to `key`, in the order of ids.
    pub fn get(&self, key: K) -> impl ExactSizeIterator<Item = V> + '_ {
        let first = self.0.partition_point(|(one, _)| *one < key);
        let rest = self.0[first..].iter();
        let count = rest.take_while(|(one, _)| *one == key).count();
        self.0[first..first + count].iter().map(|(_, value)| *value)
    }
}

/// Who belongs where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Homes in a building.
    pub dwellings: Link<BuildingId, DwellingId>,
    /// Households in a dwelling.
    pub households: Link<DwellingId, HouseholdId>,
    /// Residents of a household.
    pub members: Link<HouseholdId, ResidentId>,
    /// Residents of a dwelling: those linked to it, by their own record or their household's.
    pub residents: Link<DwellingId, ResidentId>,
    /// Vehicles of a household.
    pub vehicles: Link<HouseholdId, VehicleId>,
    /// Devices on or in a building.
    pub devices: Link<BuildingId, DeviceId>,
    /// Facilities in a building.
    pub facilities: Link<BuildingId, FacilityId>,
    /// Events about a building.
    pub events: Link<BuildingId, EventId>,
    /// Buildings that stand in an area; the smallest area only.
    pub buildings: Link<AreaId, BuildingId>,
}

impl Links {
    /// The links of a ground.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let dwellings = ground.dwellings.values();
        let households = ground.households.values();
        let residents = ground.residents.values();
        let vehicles = ground.vehicles.values();
        let devices = ground.devices.values();
        let facilities = ground.facilities.values();
        let events = ground.events.values();
        let buildings = ground.buildings.values();
        Self {
            dwellings: Link::of(dwellings.map(|one| (one.building, one.id))),
            households: Link::of(households.filter_map(|one| Some((one.dwelling?, one.id)))),
            members: Link::of(
                residents
                    .clone()
                    .filter_map(|one| Some((one.household?, one.id))),
            ),
            residents: Link::of(residents.filter_map(|one| Some((home_of(ground, one)?, one.id)))),
            vehicles: Link::of(vehicles.filter_map(|one| Some((one.household?, one.id)))),
            devices: Link::of(devices.filter_map(|one| Some((one.building?, one.id)))),
            facilities: Link::of(facilities.filter_map(|one| Some((one.building?, one.id)))),
            events: Link::of(events.filter_map(|one| Some((one.building?, one.id)))),
            buildings: Link::of(buildings.filter_map(|one| Some((one.area?, one.id)))),
        }
    }

    /// Everybody who lives in a building, home by home.
    pub fn people_in(
        &self,
        building: BuildingId,
    ) -> impl Iterator<Item = (DwellingId, ResidentId)> + '_ {
        let homes = self.dwellings.get(building);
        homes.flat_map(|home| self.residents.get(home).map(move |one| (home, one)))
    }

    /// Whether nobody else is registered in the home of this person, whatever household they are of,
    /// and nobody else in the household: who shares a home under a number of the own is not alone.
    /// Somebody without household and home is not known to live alone.
    #[must_use]
    pub fn lives_alone(&self, ground: &Ground, resident: &Resident) -> bool {
        let (household, home) = (resident.household, home_of(ground, resident));
        let is_alone_in_household = household.is_none_or(|id| self.members.get(id).len() == 1);
        let is_alone_at_home = home.is_none_or(|id| self.residents.get(id).len() == 1);
        (household.is_some() || home.is_some()) && is_alone_in_household && is_alone_at_home
    }
}

/// The home of a resident: the one of the own record, otherwise the household's.
#[must_use]
pub fn home_of(ground: &Ground, resident: &Resident) -> Option<DwellingId> {
    let household = || ground.households.get(&resident.household?)?.dwelling;
    resident.dwelling.or_else(household)
}

/// The building in which a dwelling is, when it is there.
#[must_use]
pub fn building_of(ground: &Ground, dwelling: DwellingId) -> Option<BuildingId> {
    let building = ground.dwellings.get(&dwelling)?.building;
    ground.buildings.contains_key(&building).then_some(building)
}

/// The smallest area in which a resident lives, as far as the links tell.
#[must_use]
pub fn area_of_resident(ground: &Ground, resident: &Resident) -> Option<AreaId> {
    let building = building_of(ground, home_of(ground, resident)?)?;
    ground.buildings.get(&building)?.area
}

/// An area and all in which it lies, the smallest first; a chain that bites its tail ends.
#[must_use]
pub fn area_chain(ground: &Ground, area: AreaId) -> Vec<AreaId> {
    let mut chain = vec![area];
    let mut last = area;
    while let Some(parent) = ground.areas.get(&last).and_then(|one| one.parent) {
        if chain.contains(&parent) {
            break;
        }
        chain.push(parent);
        last = parent;
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample;
    use crate::model::sample::people::{household, move_in, resident};

    #[test]
    fn people_are_found_by_building_and_alone_is_alone() {
        let mut ground = sample::city(0);
        let houses: Vec<_> = ground.buildings.keys().copied().collect();
        let alone = move_in(&mut ground, houses[0], "a", 1);
        let pair = move_in(&mut ground, houses[0], "b", 2);
        let links = Links::of(&ground);
        assert_eq!(links.people_in(houses[0]).count(), 3);
        assert_eq!(links.people_in(houses[1]).count(), 0);
        let is_alone = |id| links.lives_alone(&ground, &ground.residents[&id]);
        assert!(is_alone(alone[0]) && !is_alone(pair[0]));
    }

    #[test]
    fn who_shares_a_home_with_another_household_is_not_alone() {
        let mut ground = sample::city(0);
        let house = *ground.buildings.keys().next().unwrap();
        let one = move_in(&mut ground, house, "a", 1)[0];
        let home = ground.residents[&one].dwelling;
        let own = household("b", home);
        let other = resident("b", Some(own.id), home);
        ground.households.insert(own.id, own);
        ground.residents.insert(other.id, other.clone());
        let is_alone = |ground: &Ground, id| {
            let one: &Resident = &ground.residents[&id];
            Links::of(ground).lives_alone(ground, one)
        };
        assert!(!is_alone(&ground, one) && !is_alone(&ground, other.id));
        ground.residents.remove(&one);
        assert!(is_alone(&ground, other.id));
    }

    #[test]
    fn a_resident_without_own_link_lives_where_the_household_does() {
        let mut ground = sample::city(0);
        let house = *ground.buildings.keys().next().unwrap();
        let id = move_in(&mut ground, house, "a", 1)[0];
        ground.residents.get_mut(&id).unwrap().dwelling = None;
        let links = Links::of(&ground);
        assert_eq!(links.people_in(house).count(), 1);
        let mut stray = resident("stray", None, None);
        stray.household = Some(household("nobody", None).id);
        assert_eq!(home_of(&ground, &stray), None);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends() {
        let mut ground = sample::city(0);
        let [a, b] = ["a", "b"].map(|key| AreaId::from_source("sample", key));
        for (id, parent) in [(a, b), (b, a)] {
            let area = sample::people::area(id, parent);
            ground.areas.insert(id, area);
        }
        assert_eq!(area_chain(&ground, a), [a, b]);
    }
}
