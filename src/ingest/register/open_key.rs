//! Keys of records, which everybody may see in the city file: what in them tells of somebody's door,
//! name or number. A dwelling, an event or a responder with such a key stands under a fingerprint of it;
//! of others [`super::things`] refuses the row, because messages and rules call a device by its key.
//! Never keeps or shows a key that tells.

use super::at_home;
use super::kind::RegisterKind;
use super::rooms::Rooms;
use super::run::Tools;
use crate::base::{BuildingId, half_width, holds_mobile_number, holds_plate, holds_room};
use crate::ingest::personal_numbers::holds_identity;
use crate::model::Source;
use crate::registry::address::{Address, Part};

/// The highest floor, and the most rooms on one, that a bare number of a room tells.
const FLOORS: u32 = 40;
const ROOMS: u32 = 20;

/// Under which key a record stands.
pub(super) struct KeptKey {
    /// What its id is made of.
    pub(super) of_id: String,
    /// What stands in its source.
    pub(super) shown: String,
}

impl KeptKey {
    /// Of a record that tells no key of its own.
    pub(super) fn of_print(print: String) -> Self {
        Self {
            of_id: print.clone(),
            shown: print,
        }
    }
}

/// Whether keys of a register are kept as fingerprints where they tell of somebody.
pub(super) fn may_be_hidden(kind: RegisterKind) -> bool {
    matches!(
        kind,
        RegisterKind::Dwellings | RegisterKind::Events | RegisterKind::Responders
    )
}

/// The fingerprint that stands for a key.
pub(super) fn print(key: &str, tools: &Tools) -> String {
    tools.fingerprint("key", key)
}

/// How a key is kept that `tells` or not. The same key is the same record whatever was decided of it
/// before: one that stands in the clear since an older import keeps its id, and what is hidden stays so.
pub(super) fn kept<'a>(
    key: String,
    tells: bool,
    known: impl Fn(&str) -> Option<&'a Source>,
    tools: &Tools,
) -> KeptKey {
    let print = print(&key, tools);
    match known(&key) {
        Some(source) => KeptKey {
            shown: match tells || source.key == print {
                true => print,
                false => key.clone(),
            },
            of_id: key,
        },
        None if tells || known(&print).is_some() => KeptKey::of_print(print),
        None => KeptKey {
            of_id: key.clone(),
            shown: key,
        },
    }
}

/// Whether the key of a dwelling tells more than a number of its own: which door it is.
pub(super) fn tells_dwelling(key: &str, address: &Address) -> bool {
    let key = plain(key);
    let is_number = key.chars().all(|one| one.is_ascii_alphanumeric());
    let room = address.room_number().filter(|room| room.len() > 2);
    let ends_so = |room: &String| key.ends_with(room.as_str());
    !is_number || room.as_ref().is_some_and(ends_so) || holds_somebodys_number(&key)
}

/// Whether the key of an event or a responder is no mere number: words, a door, somebody's number or
/// name.
pub(super) fn tells_record(key: &str, name: Option<&str>, address: &Address) -> bool {
    let key = plain(key);
    let is_sign = |one: char| one.is_ascii_alphanumeric() || "-_/.:#".contains(one);
    !key.chars().all(is_sign)
        || holds_somebodys_number(&key)
        || at_home::tells_reporter(&key, name)
        || tells_door(&key, address)
}

/// Whether the key of a device, a camera or a facility tells who lives where. Serial numbers may be
/// long.
pub(super) fn tells_of_somebody(
    key: &str,
    (building, rooms): (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> bool {
    let plain = plain(key);
    let house = building.and_then(|id| tools.linker.known_building(id)?.address.as_deref());
    let house = house.map(|text| tools.linker.parse(text));
    holds_room(&plain)
        || holds_somebodys_number(&plain)
        || tools.at_home.tells(key, building)
        || tools.at_home.holds_phone(&plain)
        || rooms.tells(&plain)
        || tells_door(&plain, rooms.address())
        || house.is_some_and(|house| tells_door(&plain, &house))
        || names_place(&plain) && tools.linker.parse(&plain).has(Part::Room) && holds_door(&plain)
}

fn plain(key: &str) -> String {
    key.trim().chars().map(half_width).collect()
}

fn holds_somebodys_number(key: &str) -> bool {
    holds_mobile_number(key) || holds_plate(key) || holds_identity(key)
}

/// The bare figures of a key, and whether a dash alone joins each to the one before it.
fn figures(key: &str) -> Vec<(&str, bool)> {
    let mut found = Vec::new();
    let mut end = None;
    for part in key.split(|one: char| !one.is_ascii_digit()) {
        if part.is_empty() {
            continue;
        }
        let at = part.as_ptr() as usize - key.as_ptr() as usize;
        let is_joined = end.is_some_and(|end: usize| &key[end..at] == "-");
        found.push((part, is_joined));
        end = Some(at + part.len());
    }
    found
}

/// Whether a figure is the number of a room: its floor and which one there, 101 or 1203.
pub(super) fn is_room(figure: &str) -> bool {
    let number: Option<u32> = figure.parse().ok();
    let fits = |number: u32| {
        (1..=FLOORS).contains(&(number / 100)) && (1..=ROOMS).contains(&(number % 100))
    };
    matches!(figure.len(), 3 | 4) && number.is_some_and(fits)
}

/// Whether a key tells the door of an address: its room, or a room behind its building, number or unit.
fn tells_door(key: &str, address: &Address) -> bool {
    let room = address.room_number().filter(|room| room.len() > 2);
    let mut parts = key.split(|one: char| !one.is_ascii_alphanumeric());
    if room.is_some_and(|room| parts.any(|part| part == room)) {
        return true;
    }
    let number = address.number.map(|number| number.to_text());
    let house = [&address.building, &number, &address.unit].map(Option::as_deref);
    let figures = figures(key);
    figures.windows(2).any(|pair| {
        let [(before, _), (room, is_joined)] = pair else {
            return false;
        };
        *is_joined && is_room(room) && house.contains(&Some(*before))
    })
}

/// Whether a room is told behind another figure.
fn holds_door(key: &str) -> bool {
    let figures = figures(key);
    figures.iter().skip(1).any(|(figure, _)| is_room(figure))
}

/// Whether a key has letters of a name of a place.
fn names_place(key: &str) -> bool {
    key.chars()
        .any(|one| !one.is_ascii() && one.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::registry::address::CityNames;

    fn address(text: &str) -> Address {
        Address::parse(text, &CityNames::default())
    }

    #[test]
    fn a_key_of_a_dwelling_that_is_more_than_a_number_tells() {
        let home = address("桃源新村3幢1单元601室");
        for key in [
            "桃源新村3-601",
            "3-601",
            "B0012-7",
            "601",
            "D601",
            "３－６０１",
            "13900000005",
        ] {
            assert!(tells_dwelling(key, &home), "{key}");
        }
        for key in ["D1", "17", "B0012345", "60", "6011"] {
            assert!(!tells_dwelling(key, &home), "{key}");
        }
    }

    #[test]
    fn a_key_of_an_event_with_a_door_a_name_or_a_number_tells() {
        let home = address("桃源新村3幢1单元601室");
        let name = Some("Duan Mu");
        for key in [
            "E-端木清扬-13900000005",
            "E-13900000005",
            "测A12345",
            "3-601",
            "E-601-2",
            "E-3-702",
            "duan mu 7",
            "11010519491231002X",
        ] {
            assert!(tells_record(key, name, &home), "{key}");
        }
        for key in [
            "E-2026-001",
            "20261129000123",
            "GD/2026/11#7",
            "E-4-702",
            "E-3-2026",
        ] {
            assert!(!tells_record(key, name, &home), "{key}");
        }
    }

    #[test]
    fn a_figure_is_a_room_where_floor_and_count_fit() {
        for (figure, room) in [
            ("101", true),
            ("1203", true),
            ("099", false),
            ("2026", false),
            ("12", false),
        ] {
            assert_eq!(is_room(figure), room, "{figure}");
        }
    }

    proptest! {
        /// Whatever stands around it, the door of the row is found, and no text is too strange.
        #[test]
        fn the_room_of_the_row_is_found(before in "[A-Z]{0,3}", room in 101_u32..2000, text in "\\PC*") {
            let home = address(&format!("桃源新村3幢{room}室"));
            let key = format!("{before}-{room}");
            prop_assert!(tells_record(&key, None, &home) && tells_dwelling(&key, &home));
            let _ = tells_record(&text, Some(&text), &home);
            let _ = tells_dwelling(&text, &home);
        }
    }
}
