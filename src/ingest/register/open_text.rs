//! Texts of things that everybody may see: names and keys of devices and cameras, titles of events and
//! of responders. What in them belongs to somebody is sealed with the thing or not taken, and told with
//! its row and column. Used by [`super::things`]. Never repeats what it found.

use super::at_home;
use super::field::Field;
use super::record::Record;
use super::run::Tools;
use crate::base::{BuildingId, DeviceId, holds_mobile_number, holds_personal_number, holds_room};
use crate::registry::address::{Address, Part};

/// The name of a device, where it is not somebody's.
pub(super) fn device_name(
    record: &Record,
    id: DeviceId,
    building: Option<BuildingId>,
    tools: &Tools,
) -> Option<String> {
    if tools.at_home.is_locked() {
        // What was found to be somebody's name stays away.
        tools
            .ground
            .devices
            .get(&id)
            .map_or(Some(()), |known| known.name.is_some().then_some(()))?;
    }
    nobodys_name(record, building, tools)
}

/// The name of a thing that stands in a building, as everybody may see it; `None` where it holds the
/// name of somebody who lives there.
pub(super) fn nobodys_name(
    record: &Record,
    building: Option<BuildingId>,
    tools: &Tools,
) -> Option<String> {
    let text = record.text(Field::Name)?;
    if tools.at_home.tells(&text, building) {
        record.fault(
            Field::Name,
            "it holds the name of somebody who lives in that building, and everybody may see it: \
             not taken",
        );
        return None;
    }
    Some(without_door(text, tools))
}

/// A name that everybody may see: of an address that tells a door, only the house.
pub(super) fn without_door(text: String, tools: &Tools) -> String {
    let address = tools.linker.parse(&text);
    if !address.has(Part::Room) && !address.has(Part::Unit) {
        return text;
    }
    let house = Address {
        district: None,
        unit: None,
        floor: None,
        room: None,
        ..address
    };
    house.to_text()
}

/// Whether the key of a device tells who lives where. Serial numbers may be long.
pub(super) fn tells_of_somebody(key: &str, building: Option<BuildingId>, tools: &Tools) -> bool {
    holds_room(key) || holds_mobile_number(key) || tools.at_home.tells(key, building)
}

/// Whether the title of an event holds a room, a plate or a number of a person.
pub(super) fn holds_what_is_somebodys(record: &Record, title: &str) -> bool {
    let is_told = holds_room(title) || holds_personal_number(title);
    if is_told {
        record.fault(
            Field::Title,
            "it holds a room, a plate, or a telephone or identity number: sealed with its place, as \
             an event about a home",
        );
    }
    is_told
}

/// Whether the title of an event holds the name of who reported it, or of who lives there.
pub(super) fn is_called_after_somebody(
    record: &Record,
    title: &str,
    building: Option<BuildingId>,
    tools: &Tools,
) -> bool {
    let reporter = record.text(Field::Reporter);
    let is_named =
        tools.at_home.tells(title, building) || at_home::tells_reporter(title, reporter.as_deref());
    if is_named {
        record.fault(
            Field::Title,
            "it holds the name of who reported it, or of somebody who lives in that building: \
             sealed with its place, as an event about a home",
        );
    }
    is_named
}

/// A text about a responder that everybody may see; none where it holds their name, which is masked, or
/// a number.
pub(super) fn without_somebody(
    record: &Record,
    field: Field,
    name: Option<&str>,
) -> Option<String> {
    let text = record.text(field)?;
    if !holds_personal_number(&text) && !at_home::tells_reporter(&text, name) {
        return Some(text);
    }
    record.fault(
        field,
        "it holds the responder's name or a telephone number, and everybody may see it: not taken",
    );
    None
}
