//! What a register still points at stays, though its own register no longer names it: dwellings of
//! households, people and devices; households of people and vehicles of other registers. It goes with
//! the next table once nothing points at it. Also what a plan needs of records that came in parts.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Brought;
use crate::base::{DwellingId, HouseholdId};
use crate::model::{Entity, EntityKind, EntityRef, Ground};
use crate::space::Bounds2;

/// What a plan needs of records that were made and handed on in parts, and do not stand in memory.
#[derive(Debug, Default)]
pub(in crate::app::import) struct InParts {
    /// Those of them that the city has already.
    again: HashSet<EntityRef>,
    /// Dwellings at which they point.
    homes: HashSet<DwellingId>,
    /// Households of the city at which they point.
    households: HashSet<HouseholdId>,
    /// How many there were.
    pub(in crate::app::import) count: usize,
    /// Whether rows told dwellings again that stand as another data set tells.
    pub(in crate::app::import) confirms: bool,
}

impl InParts {
    /// Notes a part.
    pub(in crate::app::import) fn take(&mut self, part: &[Entity], ground: &Ground) {
        self.count += part.len();
        let known = part.iter().map(Entity::key);
        self.again
            .extend(known.filter(|key| ground.view(*key).is_some()));
        self.homes.extend(part.iter().filter_map(home));
        let households = part.iter().filter_map(household);
        self.households
            .extend(households.filter(|id| ground.households.contains_key(id)));
    }

    /// Notes dwellings that rows told again, which stand as another data set tells.
    pub(in crate::app::import) fn uses(&mut self, homes: impl IntoIterator<Item = DwellingId>) {
        for home in homes {
            self.homes.insert(home);
            self.confirms = true;
        }
    }

    /// Whether the city has this record, and it came again.
    pub(super) fn has_again(&self, key: &EntityRef) -> bool {
        self.again.contains(key)
    }
}

/// The dwelling at which a record points.
fn home(entity: &Entity) -> Option<DwellingId> {
    match entity {
        Entity::Household(one) => one.dwelling,
        Entity::Resident(one) => one.dwelling,
        Entity::Device(one) => one.dwelling,
        _ => None,
    }
}

/// The household at which a record points.
fn household(entity: &Entity) -> Option<HouseholdId> {
    match entity {
        Entity::Resident(one) => one.household,
        Entity::Vehicle(one) => one.household,
        _ => None,
    }
}

/// Takes what is still pointed at out of what goes; answers how much that is.
pub(super) fn keep(
    ground: &Ground,
    brought: &Brought,
    new: &HashMap<EntityRef, Bounds2>,
    gone: &mut Vec<Entity>,
) -> usize {
    let households = households_in_use(ground, brought, new, gone);
    let dwellings = dwellings_in_use(ground, brought);
    let before = gone.len();
    gone.retain(|entity| match entity {
        Entity::Dwelling(one) => !dwellings.contains(&one.id),
        Entity::Household(one) => !households.contains(&one.id),
        _ => true,
    });
    before - gone.len()
}

/// Dwellings at which a household, a resident or a device points.
fn dwellings_in_use(ground: &Ground, brought: &Brought) -> BTreeSet<DwellingId> {
    let households = ground.households.values().filter_map(|one| one.dwelling);
    let residents = ground.residents.values().filter_map(|one| one.dwelling);
    let devices = ground.devices.values().filter_map(|one| one.dwelling);
    households
        .chain(residents)
        .chain(devices)
        .chain(brought.entities.iter().filter_map(home))
        .chain(brought.parts.homes.iter().copied())
        .collect()
}

/// Households at which people and vehicles point that stay or come.
fn households_in_use(
    ground: &Ground,
    brought: &Brought,
    new: &HashMap<EntityRef, Bounds2>,
    gone: &[Entity],
) -> HashSet<HouseholdId> {
    if !gone.iter().any(|one| matches!(one, Entity::Household(_))) {
        return HashSet::new();
    }
    let going: HashSet<EntityRef> = gone.iter().map(Entity::key).collect();
    let stays = |kind: EntityKind, bits: u64| {
        let key = EntityRef { kind, bits };
        // What comes again tells anew at which household it points.
        !going.contains(&key) && !new.contains_key(&key) && !brought.parts.has_again(&key)
    };
    let residents = ground.residents.values();
    let residents = residents.filter(|one| stays(EntityKind::Resident, one.id.bits()));
    let vehicles = ground.vehicles.values();
    let vehicles = vehicles.filter(|one| stays(EntityKind::Vehicle, one.id.bits()));
    residents
        .filter_map(|one| one.household)
        .chain(vehicles.filter_map(|one| one.household))
        .chain(brought.entities.iter().filter_map(household))
        .chain(brought.parts.households.iter().copied())
        .collect()
}
