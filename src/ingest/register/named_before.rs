//! What was imported before its people, or the homes of its building, were known: things whose title,
//! name, duty, telephone or attributes everybody may see, and which hold the name or the number of
//! somebody of whom a register of people tells, or the number of a room.
//! Used by `build`, by the rule that their own import goes by. Never shows what it found.

use std::collections::{BTreeMap, HashSet};

use super::at_home::NamesAtHome;
use super::base_map_people::{Masks, tells_words};
use super::link::{Coordinates, Linker};
use super::open_name::without_room;
use super::open_text::HIDDEN_KIND;
use super::rooms::Rooms;
use crate::base::{BuildingId, Clearance, counted};
use crate::ingest::ReadError;
use crate::model::{
    Building, CityObject, Device, Entity, EntityKind, EntityRef, EntityView, Event, Facility,
    Ground, KindId, OfHome, Responder,
};
use crate::registry::address::Address;
use crate::registry::match_address::MatchRules;

/// So many records are named; the rest is counted.
const NAMED_MAX: usize = 20;

/// Events that are public matter.
fn events(ground: &Ground) -> impl Iterator<Item = (&Event, &str)> {
    let events = ground.events.values();
    let public = events.filter(|one| one.home == OfHome::No && !one.is_about_a_home());
    public.filter_map(|one| Some((one, one.title.as_deref()?)))
}

/// The building in which a camera hangs.
fn behind(position: [f64; 3], linker: &Linker) -> Option<BuildingId> {
    linker.building_at([position[0], position[1]])
}

/// The buildings whose people matter.
pub(super) fn buildings(ground: &Ground, linker: &Linker) -> HashSet<BuildingId> {
    let of_events = events(ground).filter_map(|(one, _)| one.building);
    let of_devices = ground.devices.values().filter_map(|one| one.building);
    let of_facilities = ground.facilities.values().filter_map(|one| one.building);
    let of_cameras = ground.cameras.values();
    let of_cameras = of_cameras.filter_map(|one| behind(one.position, linker));
    let found = of_events.chain(of_devices).chain(of_facilities);
    let found = found.chain(of_cameras);
    let of_base_map = ground.buildings.values().filter(|one| tells_words(one));
    found.chain(of_base_map.map(|one| one.id)).collect()
}

/// A device without what its name and its kind tell of somebody; `None` where that is nothing.
fn device(one: &Device, names: &NamesAtHome, linker: &Linker) -> Option<Entity> {
    let name = one.name.as_deref();
    let name = name.and_then(|name| left_of(one, name, names, linker));
    let told = one.kind.as_str();
    let kind = match names.tells_anybody(told) {
        true => Some(String::new()),
        false => left_of(one, told, names, linker),
    };
    if name.is_none() && kind.is_none() {
        return None;
    }
    let mut one = one.clone();
    if let Some(left) = name {
        one.name = Some(left).filter(|left| !left.is_empty());
    }
    if let Some(left) = kind {
        one.kind = match left.as_str() {
            "" => KindId::new(HIDDEN_KIND),
            left => KindId::new(left),
        };
    }
    Some(Entity::from(one))
}

/// What is left of a text about a device; `None` where it tells of nobody. One that names a room of its own
/// was held against that by its register.
fn left_of(one: &Device, text: &str, names: &NamesAtHome, linker: &Linker) -> Option<String> {
    if names.tells(text, one.building) || names.holds_phone(text) {
        return Some(String::new());
    }
    let house = Address::default();
    let rooms = Rooms::new(&house, one.building, linker);
    match one.may_be_in_a_home() {
        true => None,
        false => without_room(text, &rooms),
    }
}

/// Whether the title of an event tells who or which home it is about.
fn tells_home(one: &Event, title: &str, names: &NamesAtHome, linker: &Linker) -> bool {
    let house = Address::default();
    names.tells(title, one.building)
        || names.tells_anybody(title)
        || names.holds_phone(title)
        || Rooms::new(&house, one.building, linker).tells_in_words(title)
}

/// The records as they must stand now: the event is about a home, the device has no name, of facilities,
/// cameras, buildings and places the name is masked, facilities lose a resident's number, and responders
/// who they look after. Those that `is_again`, because this run brings
/// them, were looked at by their own register.
pub(super) fn look_again(
    ground: &Ground,
    names: &NamesAtHome,
    linker: &Linker,
    is_again: impl Fn(&Entity) -> bool,
) -> Vec<Entity> {
    let events = events(ground).filter(|(one, title)| tells_home(one, title, names, linker));
    let events = events.map(|(one, _)| {
        let mut one = one.clone();
        one.home = OfHome::Yes;
        Entity::from(one)
    });
    let devices = ground.devices.values();
    let devices = devices.filter_map(|one| device(one, names, linker));
    let facilities = ground.facilities.values();
    let facilities = facilities.filter_map(|one| facility(one, names));
    let responders = ground.responders.values();
    let responders = responders.filter_map(|one| responder(one, names));
    let cameras = ground.cameras.values().filter_map(|one| {
        let name = without_people(&one.name, behind(one.position, linker), names)?;
        let mut one = one.clone();
        one.name = name;
        Some(Entity::from(one))
    });
    let buildings = ground.buildings.values();
    let buildings = buildings.filter_map(|one| masked(EntityView::Building(one), one, names));
    let places = ground.places.values();
    let places = places.filter_map(|one| masked(EntityView::Place(one), one, names));
    let objects = ground.objects.values();
    let objects = objects.filter_map(|one| masked(EntityView::Object(one), one, names));
    let base_map = buildings.chain(places).chain(objects);
    let found = events.chain(devices).chain(facilities).chain(cameras);
    let found = found.chain(responders).chain(base_map);
    found.filter(|one| !is_again(one)).collect()
}

/// What of a city everybody may see and must see no longer once these records of people stand: as where
/// a register brings them. `rules` are the city's for matching.
///
/// # Errors
/// When the city's system of coordinates is not known.
pub fn hidden_with(
    ground: &Ground,
    records: &[Entity],
    rules: MatchRules,
    clearance: &Clearance,
) -> Result<Vec<Entity>, ReadError> {
    let people = || {
        records.iter().filter_map(|one| match one {
            Entity::Resident(one) => Some(&**one),
            _ => None,
        })
    };
    if people().next().is_none() {
        return Ok(Vec::new());
    }
    let linker = Linker::new(ground, &Coordinates::none(), rules, clearance)?;
    let names = NamesAtHome::of_some(people(), ground, clearance);
    let again: HashSet<EntityRef> = records.iter().map(Entity::key).collect();
    let is_again = |one: &Entity| again.contains(&one.key());
    Ok(look_again(ground, &names, &linker, is_again))
}

/// A thing of a base map with people in it masked; `None` where there is nobody.
fn masked<T: Clone + Into<Entity>>(
    view: EntityView,
    one: &T,
    names: &NamesAtHome,
) -> Option<Entity> {
    let masks = Masks::of(view, names)?;
    let mut entity = one.clone().into();
    masks.put(&mut entity);
    Some(entity)
}

/// A name with names and numbers of people masked; `None` where there are none.
fn without_people(name: &str, building: Option<BuildingId>, names: &NamesAtHome) -> Option<String> {
    let masked = names.masked(name, building);
    let numbers = names.masked_phones(masked.as_deref().unwrap_or(name));
    numbers.or(masked)
}

/// A facility without what is somebody's; `None` where there is nothing.
fn facility(one: &Facility, names: &NamesAtHome) -> Option<Entity> {
    let name = without_people(&one.name, one.building, names);
    let is_somebodys =
        |phone: &String| names.holds_phone(phone) || names.tells(phone, one.building);
    let has_phone = one.phone.as_ref().is_some_and(is_somebodys);
    if name.is_none() && !has_phone {
        return None;
    }
    let mut one = one.clone();
    if let Some(name) = name {
        // Where the register gives no key it is made of the name.
        one.source.key = one.source.key.replace(one.name.as_str(), &name);
        one.name = name;
    }
    one.phone = one.phone.filter(|_| !has_phone);
    Some(Entity::from(one))
}

/// A responder of whom nothing open names anybody; `None` of one who is so.
fn responder(one: &Responder, names: &NamesAtHome) -> Option<Entity> {
    let title = names.masked_anybody(&one.title);
    let numbers = names.masked_phones(title.as_deref().unwrap_or(&one.title));
    let title = numbers.or(title);
    let is_named = |duty: &String| names.tells_anybody(duty) || names.holds_phone(duty);
    let has_duty = one.duty.as_ref().is_some_and(is_named);
    if title.is_none() && !has_duty {
        return None;
    }
    let mut one = one.clone();
    one.title = title.unwrap_or(one.title);
    one.duty = one.duty.filter(|_| !has_duty);
    Some(Entity::from(one))
}

/// What of a record somebody's name or number was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Name,
    Kind,
    Phone,
    Attributes,
}

/// In what of a record it was found, seen from the record of before.
fn found_in(ground: &Ground, now: &Entity) -> Vec<Found> {
    let mut all = Vec::new();
    let mut note = |is_found: bool, what| {
        if is_found {
            all.push(what);
        }
    };
    match now {
        Entity::Device(now) => {
            let before = ground.devices.get(&now.id);
            note(before.is_some_and(|one| one.name != now.name), Found::Name);
            note(before.is_some_and(|one| one.kind != now.kind), Found::Kind);
        }
        Entity::Facility(now) => {
            let before = ground.facilities.get(&now.id);
            note(before.is_some_and(|one| one.name != now.name), Found::Name);
            note(
                before.is_some_and(|one| one.phone != now.phone),
                Found::Phone,
            );
        }
        Entity::Building(now) => {
            let before = ground.buildings.get(&now.id);
            note(before.is_some_and(|one| one.name != now.name), Found::Name);
            let is_other =
                |one: &Building| one.attributes != now.attributes || one.address != now.address;
            note(before.is_some_and(is_other), Found::Attributes);
        }
        Entity::Object(now) => {
            let before = ground.objects.get(&now.id);
            note(before.is_some_and(|one| one.name != now.name), Found::Name);
            let is_other = |one: &CityObject| one.attributes != now.attributes;
            note(before.is_some_and(is_other), Found::Attributes);
        }
        _ => all.push(Found::Name),
    }
    all
}

/// What is told of them: how many, and which.
pub(super) fn notes(ground: &Ground, found: &[Entity]) -> Vec<String> {
    let mut by_kind = BTreeMap::<(EntityKind, Found), Vec<EntityRef>>::new();
    for one in found {
        let key = one.key();
        for what in found_in(ground, one) {
            by_kind.entry((key.kind, what)).or_default().push(key);
        }
    }
    let notes = by_kind.into_iter();
    notes.map(|(of, keys)| note(of, &keys)).collect()
}

fn note((kind, what): (EntityKind, Found), keys: &[EntityRef]) -> String {
    let (count, ids, kind) = (keys.len(), ids(keys), kind.as_str());
    match (kind, what) {
        ("event", _) => format!(
            "{} in the title the name of somebody whom a register tells of, or a room of the building: about \
             a home from now on, with title and place sealed ({ids})",
            counted(count, "event of before holds", "events of before hold"),
        ),
        (_, Found::Kind) => kind_note(count, &ids),
        ("device", _) => format!(
            "{} the name of somebody who lives in that building, or a room of it, and everybody may \
             see it: taken away ({ids})",
            counted(
                count,
                "name of a device of before holds",
                "names of devices of before hold"
            ),
        ),
        ("responder", _) => format!(
            "{} in title or duty the name of somebody whom a register tells of, and everybody may see \
             it: masked in the title, and the duty taken away ({ids})",
            counted(
                count,
                "responder of before holds",
                "responders of before hold"
            ),
        ),
        (_, Found::Phone) => format!(
            "{} the number of somebody whom a register tells of, and everybody may see it: taken away \
             ({ids}); it stays where the mapping of its register lists it under public_names",
            counted(
                count,
                "telephone of a facility of before is",
                "telephones of facilities of before are"
            ),
        ),
        (_, Found::Attributes) => format!(
            "{} in an attribute or the address the name or number of somebody whom a register tells \
             of, and everybody may see it: masked ({ids})",
            counted(
                count,
                &format!("{kind} of before holds"),
                &format!("{kind} records of before hold")
            ),
        ),
        (_, Found::Name) => {
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
}

/// What is told of devices whose kind told of somebody.
fn kind_note(count: usize, ids: &str) -> String {
    let kinds = counted(
        count,
        "kind of a device of before holds",
        "kinds of devices of before hold",
    );
    format!(
        "{kinds} the name or number of somebody, or a room, and everybody may see a kind: taken away, and \
         shown with ? ({ids}); write what the device is, and import its register again"
    )
}

/// So many ids of them as are named.
pub(super) fn ids(found: &[EntityRef]) -> String {
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
