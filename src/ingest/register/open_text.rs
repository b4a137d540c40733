//! Texts of things that everybody may see: names and keys of devices, cameras and facilities, titles of
//! events and of responders. What in them belongs to somebody is sealed with the thing, masked or not
//! taken, and told with its row and column. Used by [`super::things`]. Never repeats what it found.

use super::at_home;
use super::cell::Fault;
use super::field::Field;
use super::open_name::{without_door, without_stream};
use super::record::Record;
use super::run::Tools;
use crate::base::{
    BuildingId, DeviceId, holds_mobile_number, holds_personal_number, holds_plate, holds_room,
};

/// What is told of a name or a title that holds somebody's name.
const NAME_DROPPED: Fault = "it holds the name of somebody who lives there, and everybody may see \
     it: not taken; a public name stays that the mapping lists under public_names";
const NAME_MASKED: Fault = "it holds the name of somebody who lives there, and everybody may see it: \
     taken with that name masked; a public name (of a shop, of somebody in history) stays as it is \
     where the mapping lists it under public_names";
const TITLE_SEALED: Fault = "it holds the name of who reported it, or of somebody who lives there: \
     sealed with its place, as an event about a home";

/// Whether a note says that somebody's name was found: such rows are listed for a person to decide.
pub(super) fn is_of_a_name(fault: Fault) -> bool {
    [NAME_DROPPED, NAME_MASKED, TITLE_SEALED].contains(&fault)
}

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
    let text = record.text(Field::Name)?;
    let text = match without_stream(&text) {
        Some((rest, _)) => {
            record.fault(
                Field::Name,
                "it holds an address on a network, and everybody may see a name: that is left out",
            );
            rest
        }
        None => text,
    };
    nobodys_name(record, text, building, tools)
}

/// The name of a camera, where it is not somebody's, and the address of a stream that stood in it.
pub(super) fn camera_name(
    record: &Record,
    building: Option<BuildingId>,
    tools: &Tools,
) -> (Option<String>, Option<String>) {
    let Some(text) = record.text(Field::Name) else {
        return (None, None);
    };
    let (text, stream) = match without_stream(&text) {
        Some((rest, stream)) => {
            record.fault(
                Field::Name,
                match record.text(Field::Stream) {
                    None => {
                        "it holds the address of a stream, which belongs into a column of its own \
                         (视频流地址, stream): taken out of the name and sealed as the stream"
                    }
                    Some(_) => {
                        "it holds the address of a stream, which belongs into a column of its own \
                         (视频流地址, stream), and the row has one there: left out of the name"
                    }
                },
            );
            (rest, Some(stream))
        }
        None => (text, None),
    };
    (nobodys_name(record, text, building, tools), stream)
}

/// The name of a thing that stands in a building, as everybody may see it; `None` where it holds the
/// name of somebody who lives there, a number of somebody's, or nothing but a door.
fn nobodys_name(
    record: &Record,
    text: String,
    building: Option<BuildingId>,
    tools: &Tools,
) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if tools.at_home.tells(&text, building) && !record.is_public_name(&text) {
        record.fault(Field::Name, NAME_DROPPED);
        return None;
    }
    if holds_mobile_number(&text) || holds_plate(&text) {
        record.fault(
            Field::Name,
            "it holds a mobile telephone number or a plate, and everybody may see it: not taken",
        );
        return None;
    }
    match without_door(&text, tools.linker) {
        None => Some(text),
        Some(rest) if rest.is_empty() => {
            record.fault(
                Field::Name,
                "it is nothing but a door (unit, room), and everybody may see it: not taken",
            );
            None
        }
        Some(rest) => {
            record.fault(
                Field::Name,
                "it tells a door (unit, room), and everybody may see it: taken without the door",
            );
            Some(rest)
        }
    }
}

/// The name of a facility, which has one: that of somebody who lives there is masked in it.
pub(super) fn facility_name(
    record: &Record,
    building: Option<BuildingId>,
    tools: &Tools,
) -> Option<String> {
    let text = record.text(Field::Name)?;
    if record.is_public_name(&text) {
        return Some(text);
    }
    let masked = tools.at_home.masked(&text, building);
    if masked.is_some() {
        record.fault(Field::Name, NAME_MASKED);
    }
    Some(masked.unwrap_or(text))
}

/// The house of an address that stands for the name of a camera.
pub(super) fn house_name(record: &Record, address: String, tools: &Tools) -> Option<String> {
    if address.is_empty() {
        return None;
    }
    let Some(house) = without_door(&address, tools.linker) else {
        return Some(address);
    };
    record.fault(
        Field::Address,
        "the camera has no name and is called by its address: taken without the door",
    );
    Some(house).filter(|house| !house.is_empty())
}

/// Whether the key of a camera holds the address of a stream.
pub(super) fn holds_stream(text: &str) -> bool {
    without_stream(text).is_some()
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
        record.fault(Field::Title, TITLE_SEALED);
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
        "it holds the responder's name or a telephone number, and everybody may see it: not taken; a \
         responder without another title is called by what they are",
    );
    None
}
