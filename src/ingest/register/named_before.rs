//! What was imported before the people of a building were known: events and devices of the city whose
//! title or name everybody may see, and which hold the name of somebody of whom a register of people
//! tells now. Used by `build`, by the rule that their own import goes by. Never shows a name.

use std::collections::HashSet;

use super::at_home::NamesAtHome;
use crate::base::{BuildingId, counted};
use crate::model::{Device, Entity, EntityRef, Event, Ground, OfHome};

/// So many records are named; the rest is counted.
const NAMED_MAX: usize = 20;

/// Events that are public matter and stand in a building.
fn events(ground: &Ground) -> impl Iterator<Item = (&Event, &str, BuildingId)> {
    let events = ground.events.values();
    let public = events.filter(|one| one.home == OfHome::No && !one.is_about_a_home());
    public.filter_map(|one| Some((one, one.title.as_deref()?, one.building?)))
}

/// Devices that are called something and stand in a building.
fn devices(ground: &Ground) -> impl Iterator<Item = (&Device, &str, BuildingId)> {
    let devices = ground.devices.values();
    devices.filter_map(|one| Some((one, one.name.as_deref()?, one.building?)))
}

/// The buildings whose people matter.
pub(super) fn buildings(ground: &Ground) -> HashSet<BuildingId> {
    let of_events = events(ground).map(|(_, _, building)| building);
    of_events
        .chain(devices(ground).map(|(_, _, building)| building))
        .collect()
}

/// The records as they must stand now: the event is about a home, the device has no name. Those that
/// `is_again`, because this run brings them, were looked at by their own register.
pub(super) fn look_again(
    ground: &Ground,
    names: &NamesAtHome,
    is_again: impl Fn(&Entity) -> bool,
) -> Vec<Entity> {
    let told = |text: &str, building| names.tells(text, Some(building));
    let events = events(ground).filter(|(_, title, building)| told(title, *building));
    let events = events.map(|(one, ..)| {
        let mut one = one.clone();
        one.home = OfHome::Yes;
        Entity::from(one)
    });
    let devices = devices(ground).filter(|(_, name, building)| told(name, *building));
    let devices = devices.map(|(one, ..)| {
        let mut one = one.clone();
        one.name = None;
        Entity::from(one)
    });
    events.chain(devices).filter(|one| !is_again(one)).collect()
}

/// What is told of them: how many, and which.
pub(super) fn notes(found: &[Entity]) -> Vec<String> {
    let is_event = |one: &&Entity| matches!(one, Entity::Event(_));
    let (events, devices): (Vec<_>, Vec<_>) = found.iter().partition(is_event);
    let mut notes = Vec::new();
    if !events.is_empty() {
        notes.push(format!(
            "{} in the title the name of somebody who lives in that building: about a home from now \
             on, with title and place sealed ({})",
            counted(events.len(), "event of before holds", "events of before hold"),
            ids(&events)
        ));
    }
    if !devices.is_empty() {
        notes.push(format!(
            "{} the name of somebody who lives in that building, and everybody may see it: taken \
             away ({})",
            counted(
                devices.len(),
                "name of a device of before holds",
                "names of devices of before hold"
            ),
            ids(&devices)
        ));
    }
    notes
}

fn ids(found: &[&Entity]) -> String {
    let keys = found.iter().map(|one| one.key());
    let mut ids: Vec<String> = keys.map(EntityRef::id_text).take(NAMED_MAX).collect();
    if found.len() > NAMED_MAX {
        ids.push(format!("and {} more", found.len() - NAMED_MAX));
    }
    ids.join(", ")
}
