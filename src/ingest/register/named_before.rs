//! What was imported before the people of a building were known, and base maps: things whose title or
//! name everybody may see, and which hold the name of somebody of whom a register of people tells. Used
//! by `build`, by the rule that their own import goes by, and by imports of base maps. Never shows a
//! name.

use std::collections::{BTreeMap, HashSet};

use super::at_home::NamesAtHome;
use super::link::Linker;
use crate::base::{BuildingId, Clearance, counted};
use crate::model::{Building, Device, Entity, EntityRef, Event, Ground, OfHome, Protection};

/// So many records are named; the rest is counted.
const NAMED_MAX: usize = 20;

/// Events that are public matter.
fn events(ground: &Ground) -> impl Iterator<Item = (&Event, &str)> {
    let events = ground.events.values();
    let public = events.filter(|one| one.home == OfHome::No && !one.is_about_a_home());
    public.filter_map(|one| Some((one, one.title.as_deref()?)))
}

/// Devices that are called something.
fn devices(ground: &Ground) -> impl Iterator<Item = (&Device, &str)> {
    let devices = ground.devices.values();
    devices.filter_map(|one| Some((one, one.name.as_deref()?)))
}

/// Buildings that are called something. What is protected is called after somebody in history.
fn called(ground: &Ground) -> impl Iterator<Item = &Building> {
    let buildings = ground.buildings.values();
    buildings.filter(|one| one.name.is_some() && one.protection == Protection::None)
}

/// The building in which a camera hangs.
fn behind(position: [f64; 3], linker: &Linker) -> Option<BuildingId> {
    linker.building_at([position[0], position[1]])
}

/// The buildings whose people matter.
pub(super) fn buildings(ground: &Ground, linker: &Linker) -> HashSet<BuildingId> {
    let of_events = events(ground).filter_map(|(one, _)| one.building);
    let of_devices = devices(ground).filter_map(|(one, _)| one.building);
    let of_facilities = ground.facilities.values().filter_map(|one| one.building);
    let of_cameras = ground.cameras.values();
    let of_cameras = of_cameras.filter_map(|one| behind(one.position, linker));
    let found = of_events.chain(of_devices).chain(of_facilities);
    let found = found.chain(of_cameras);
    found.chain(called(ground).map(|one| one.id)).collect()
}

/// The records as they must stand now: the event is about a home, the device has no name, of facilities,
/// cameras, buildings and places the name is masked. Those that `is_again`, because this run brings
/// them, were looked at by their own register.
pub(super) fn look_again(
    ground: &Ground,
    names: &NamesAtHome,
    linker: &Linker,
    is_again: impl Fn(&Entity) -> bool,
) -> Vec<Entity> {
    let events = events(ground).filter(|(one, title)| names.tells(title, one.building));
    let events = events.map(|(one, _)| {
        let mut one = one.clone();
        one.home = OfHome::Yes;
        Entity::from(one)
    });
    let devices = devices(ground).filter(|(one, name)| names.tells(name, one.building));
    let devices = devices.map(|(one, _)| {
        let mut one = one.clone();
        one.name = None;
        Entity::from(one)
    });
    let facilities = ground.facilities.values().filter_map(|one| {
        let name = names.masked(&one.name, one.building)?;
        let mut one = one.clone();
        // Where the register gives no key it is made of the name.
        one.source.key = one.source.key.replace(one.name.as_str(), &name);
        one.name = name;
        Some(Entity::from(one))
    });
    let cameras = ground.cameras.values().filter_map(|one| {
        let name = names.masked(&one.name, behind(one.position, linker))?;
        let mut one = one.clone();
        one.name = name;
        Some(Entity::from(one))
    });
    let base_map = called(ground).filter_map(|one| {
        let mut entity = Entity::from(one.clone());
        mask_base_map(&mut entity, names).then_some(entity)
    });
    let places = ground.places.values().filter_map(|one| {
        let mut entity = Entity::from(one.clone());
        mask_base_map(&mut entity, names).then_some(entity)
    });
    let found = events.chain(devices).chain(facilities).chain(cameras);
    let found = found.chain(base_map).chain(places);
    found.filter(|one| !is_again(one)).collect()
}

/// Masks what a thing of a base map is called, where that is somebody; whether it was.
fn mask_base_map(entity: &mut Entity, names: &NamesAtHome) -> bool {
    let masked = |name: &Option<String>, building| names.masked(name.as_deref()?, building);
    match entity {
        Entity::Building(one) if one.protection == Protection::None => {
            let name = masked(&one.name, Some(one.id));
            let is_found = name.is_some();
            one.name = name.or(one.name.take());
            is_found
        }
        Entity::Place(one) => {
            let name = names.masked(&one.name, None);
            let is_found = name.is_some();
            one.name = name.unwrap_or(std::mem::take(&mut one.name));
            is_found
        }
        _ => false,
    }
}

/// Masks names of people in what a base map brings into a city that has people already; what a person
/// should know of it. Names of ways and areas stay: ways are called after somebody in history, and by
/// its area a role knows where it works.
pub fn mask_people_in_base_map(
    ground: &Ground,
    entities: &mut [Entity],
    clearance: &Clearance,
) -> Vec<String> {
    let is_called = |one: &Entity| match one {
        Entity::Building(one) => one.name.is_some(),
        Entity::Place(_) => true,
        _ => false,
    };
    if ground.residents.is_empty() || !entities.iter().any(is_called) {
        return Vec::new();
    }
    let names = NamesAtHome::of(ground, None, clearance);
    if names.is_locked() {
        return vec![
            "the city's personal values are locked, so nobody looked whether a name here is that of \
             somebody who lives there: import again with the city's key (--key-file)"
                .to_owned(),
        ];
    }
    let masked = entities.iter_mut().filter_map(|one| {
        let key = one.key();
        mask_base_map(one, &names).then_some(key)
    });
    let masked: Vec<EntityRef> = masked.collect();
    match masked.as_slice() {
        [] => Vec::new(),
        masked => vec![format!(
            "{} the name of somebody who lives there, and everybody may see it: masked ({})",
            counted(
                masked.len(),
                "name of a building or place holds",
                "names of buildings or places hold"
            ),
            ids(masked)
        )],
    }
}

/// What is told of them: how many, and which.
pub(super) fn notes(found: &[Entity]) -> Vec<String> {
    let mut by_kind = BTreeMap::<_, Vec<EntityRef>>::new();
    for one in found {
        let key = one.key();
        by_kind.entry(key.kind).or_default().push(key);
    }
    let note = |(_, keys): (_, &Vec<EntityRef>)| {
        let (count, ids) = (keys.len(), ids(keys));
        match keys.first().map(|key| key.kind.as_str()) {
            Some("event") => format!(
                "{} in the title the name of somebody who lives in that building: about a home from \
                 now on, with title and place sealed ({ids})",
                counted(count, "event of before holds", "events of before hold"),
            ),
            Some("device") => format!(
                "{} the name of somebody who lives in that building, and everybody may see it: taken \
                 away ({ids})",
                counted(
                    count,
                    "name of a device of before holds",
                    "names of devices of before hold"
                ),
            ),
            kind => {
                let kind = kind.unwrap_or("record");
                let [one, several] = [
                    format!("name of a {kind} of before holds"),
                    format!("names of {kind} records of before hold"),
                ];
                format!(
                    "{} the name of somebody who lives there, and everybody may see it: masked \
                     ({ids}); a public name stays that the mapping of its register lists under \
                     public_names",
                    counted(count, &one, &several),
                )
            }
        }
    };
    by_kind.iter().map(note).collect()
}

fn ids(found: &[EntityRef]) -> String {
    let mut ids: Vec<String> = found
        .iter()
        .map(|key| key.id_text())
        .take(NAMED_MAX)
        .collect();
    if found.len() > NAMED_MAX {
        ids.push(format!("and {} more", found.len() - NAMED_MAX));
    }
    ids.join(", ")
}
