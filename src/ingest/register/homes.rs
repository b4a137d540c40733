//! Dwellings, households and vehicles out of their registers.

use std::collections::HashSet;

use super::field::Field;
use super::household_numbers::{household_key, household_of_vehicle};
use super::no_number;
use super::open_house::{note_words, open_house};
use super::open_key::{self, KeptKey};
use super::record::Record;
use super::run::{Made, Miss, Tools};
use super::told_address::told_address;
use super::words;
use crate::base::{DwellingId, ImportId, Sealed, VehicleId};
use crate::ingest::words as base_words;
use crate::model::{
    Dwelling, EntityKind, EntityRef, Household, Source, Usage, Vehicle, VehicleKind,
};
use crate::registry::address::{Address, Level};
use crate::registry::match_address::Outcome;

/// Floor area that a dwelling may have, square metres.
const AREA_M2: std::ops::RangeInclusive<f64> = 1.0..=100_000.0;
/// Floors that a dwelling may be on.
pub(super) const FLOORS: std::ops::RangeInclusive<f64> = -10.0..=200.0;

pub(super) fn source(dataset: &str, key: &str) -> Source {
    Source {
        dataset: dataset.to_owned(),
        key: key.to_owned(),
        import: ImportId::from_bits(0),
    }
}

/// A dwelling: its building by address, otherwise by position.
pub(super) fn dwelling(
    record: &Record,
    dataset: &str,
    tools: &Tools,
) -> Result<Made<Dwelling>, Miss> {
    let address = tools.linker.parse(&told_address(record, tools.linker));
    let by_address = tools.linker.building(&address);
    let by_position = || {
        tools
            .position(record)
            .and_then(|at| tools.linker.building_at(at))
    };
    let Some(building) = by_address.linked().or_else(by_position) else {
        return Err(Miss::of(&by_address, |id| id.to_string()));
    };
    if !address.also.is_empty() {
        return Err(Miss::contradictory(&address, vec![building.to_string()]));
    }
    let house = tools.linker.known_building(building);
    let known = house.and_then(|one| one.address.as_deref());
    let has_buildings = known.is_some_and(|text| tools.linker.parse(text).building.is_some());
    let address = match address.with_unit() {
        Some(other) if known.is_some() && !has_buildings => other,
        _ => address,
    };
    let open = open_house(&address, tools.linker);
    if !open.words.is_empty() {
        note_words(record, tools.linker);
    }
    let (door, base) = (door_of(&address, &open.words), open.house);
    let is_building = house.is_some_and(|one| {
        let known = one.address.as_deref().map(|text| tools.linker.parse(text));
        known.is_some_and(|known| tells_house(&known) == tells_house(&base))
    });
    let key = key_of(record, &address, dataset, tools);
    let told = record
        .number(Field::Floor, FLOORS)
        .map(|floor| floor as i16);
    let storey = house.map_or(1, |one| one.storeys);
    Ok(Made::new(Dwelling {
        id: DwellingId::from_source(dataset, &key.of_id),
        source: source(dataset, &key.shown),
        building,
        floor: told
            .or(address.floor)
            .or_else(|| floor_of(&address, storey))
            .unwrap_or(1),
        door: Sealed::new(door),
        usage: record
            .text(Field::Usage)
            .map_or(Usage::Residential, |text| base_words::usage(&text)),
        area_m2: record.number(Field::AreaM2, AREA_M2).unwrap_or(0.0),
        address: (!is_building && (base.road.is_some() || base.estate.is_some()))
            .then(|| base.to_text()),
    }))
}

/// Under which key a dwelling stands: its own, or what tells it.
fn key_of(record: &Record, address: &Address, dataset: &str, tools: &Tools) -> KeptKey {
    let Some(key) = record.text(Field::Key) else {
        // As dwellings were told apart when their words stood in the open.
        let words = address.within.concat();
        let told = format!("{}{words}|{}", house_of(address), door_of(address, &[]));
        return KeptKey::of_print(tools.fingerprint("dwelling", &told));
    };
    let tells = open_key::tells_dwelling(&key, address);
    let of_id = |key: &str| DwellingId::from_source(dataset, key);
    let known = |key: &str| Some(&tools.ground.dwellings.get(&of_id(key))?.source);
    open_key::kept(key, tells, known, tools)
}

/// All that an address tells of its house, without the areas that all addresses of the city share. Not for
/// everybody.
fn house_of(address: &Address) -> String {
    let house = Address {
        province: None,
        city: None,
        district: None,
        ..address.house()
    };
    house.to_text()
}

/// What tells one house from another.
fn tells_house(address: &Address) -> impl PartialEq {
    (
        address.road.clone(),
        address.estate.clone(),
        address.lane,
        address.number,
        address.building.clone(),
    )
}

/// Unit and room as a dwelling tells them, and words that tell the door.
fn door_of(address: &Address, words: &[String]) -> String {
    let unit = address.unit.as_ref().map(|unit| format!("{unit}单元"));
    let mark = if address.annex.is_some() { "" } else { "室" };
    let room = address.door().map(|room| format!("{room}{mark}"));
    let door = format!("{}{}", unit.unwrap_or_default(), room.unwrap_or_default());
    let told = std::iter::once(door.as_str()).filter(|door| !door.is_empty());
    let told: Vec<&str> = told.chain(words.iter().map(String::as_str)).collect();
    told.join(" ")
}

/// The floor that a door tells: 302 is on the third, where the house has so many, and 302车库 on the ground.
fn floor_of(address: &Address, storeys: u16) -> Option<i16> {
    match address.level() {
        Some(Level::Ground) => return Some(1),
        Some(Level::Below) => return Some(-1),
        Some(Level::Top) => return i16::try_from(storeys.max(1)).ok(),
        Some(Level::OfRoom) | None => {}
    }
    let digits: String = address
        .room_number()?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let floor = digits.parse::<i32>().ok()? / 100;
    let fits = (1..=i32::from(storeys.max(1))).contains(&floor);
    fits.then_some(floor as i16)
}

/// A household; its number is a fingerprint.
pub(super) fn household(
    record: &Record,
    dataset: &str,
    tools: &Tools,
) -> Result<Made<Household>, Miss> {
    let key = household_key(record, tools);
    let key = key.ok_or_else(|| Miss::unusable("it has no number"))?;
    let address = told_address(record, tools.linker);
    let found = tools.linker.dwelling(&tools.linker.parse(&address));
    let miss = miss_of(&found, &address);
    let entity = Household {
        id: tools.household_id(&key),
        source: source(dataset, &key),
        dwelling: found.linked(),
        address: Sealed::new(address),
    };
    Ok(Made { entity, miss })
}

/// Why an address leads to no dwelling; `None` where it does.
pub(super) fn miss_of(found: &Outcome<DwellingId>, address: &str) -> Option<Miss> {
    match found {
        Outcome::Linked(_) => None,
        _ if address.trim().is_empty() => Some(Miss::without_address()),
        other => Some(Miss::of(other, |id| id.to_string())),
    }
}

/// A vehicle: where it stands by its position, its household's home, or its address.
pub(super) fn vehicle(
    record: &Record,
    dataset: &str,
    tools: &Tools,
) -> Result<Made<Vehicle>, Miss> {
    if record.text(Field::Plate).is_none() {
        return Err(Miss::unusable("it has no plate"));
    }
    let plate = no_number::plate(record);
    let told = household_of_vehicle(record, tools);
    let household = told.filter(|id| tools.has_household(*id));
    if told.is_some() && household.is_none() {
        record.fault(
            Field::Household,
            "no household has this number: the vehicle is linked to none",
        );
    }
    let address = told_address(record, tools.linker);
    let found = tools.linker.building(&tools.linker.parse(&address));
    let at = tools
        .position(record)
        .or_else(|| tools.middle_of_household(household?))
        .or_else(|| tools.middle_of(found.linked()?));
    let Some(at) = at else {
        let nowhere = match (told, household) {
            _ if !address.is_empty() => return Err(Miss::of(&found, |id| id.to_string())),
            (Some(_), None) => "no household has this number, and it has no position or address",
            (_, Some(_)) => "its household has no home, and it has no position or address",
            (None, None) => "it has neither a household nor a position nor an address",
        };
        return Err(Miss::unusable(nowhere));
    };
    let key = match &plate {
        Some(plate) => tools.fingerprint("plate", plate),
        None => key_without_plate(record, &address, tools),
    };
    let kind = record.text(Field::Kind).and_then(|text| {
        let kind = words::vehicle(&text);
        if kind.is_none() {
            record.fault(
                Field::Kind,
                "no kind of vehicle is called so: taken as a car",
            );
        }
        kind
    });
    Ok(Made::new(Vehicle {
        id: VehicleId::from_source(dataset, &key),
        source: source(dataset, &key),
        kind: kind.unwrap_or(VehicleKind::Car),
        plate: Sealed::new(plate.unwrap_or_default()),
        household,
        position: tools.standing(record, at),
    }))
}

/// Under which key a vehicle stands that has no number: its register's own, or what is told of it.
fn key_without_plate(record: &Record, address: &str, tools: &Tools) -> String {
    if let Some(key) = record.text(Field::Key) {
        return tools.fingerprint("vehicle key", &key);
    }
    let told = [Field::Kind, Field::Household].map(|field| record.text(field));
    let at = [Field::Lon, Field::Lat, Field::East, Field::North]
        .map(|field| record.number(field, f64::MIN..=f64::MAX).map(f64::to_bits));
    tools.fingerprint("vehicle", &format!("{told:?}\n{at:?}\n{address}"))
}

/// A vehicle under a key that no other has, where nothing tells it from others: neither a number nor a
/// key.
pub(super) fn apart(
    mut made: Made<Vehicle>,
    record: &Record,
    taken: &HashSet<EntityRef>,
) -> Made<Vehicle> {
    if no_number::plate(record).is_some() || record.text(Field::Key).is_some() {
        return made;
    }
    let one = &mut made.entity;
    let (key, mut number) = (one.source.key.clone(), 2);
    let is_taken = |id: VehicleId| {
        taken.contains(&EntityRef {
            kind: EntityKind::Vehicle,
            bits: id.bits(),
        })
    };
    while is_taken(one.id) {
        one.source.key = format!("{key}#{number}");
        one.id = VehicleId::from_source(&one.source.dataset, &one.source.key);
        number += 1;
    }
    made
}
