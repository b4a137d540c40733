//! Devices out of their registers: kind, name, place. Used by [`super::build`]. Never shows what it left out.

use super::device_place::link;
use super::field::Field;
use super::homes::source;
use super::open_key::tells_of_somebody;
use super::open_text::{HIDDEN_KIND, device_name, open_kind};
use super::record::Record;
use super::rooms::Rooms;
use super::run::{Made, Miss, Tools};
use super::things::whereabouts;
use super::told_address::told_address;
use super::words;
use crate::base::{BuildingId, DeviceId};
use crate::model::{Device, DeviceHome, KindId};

/// Seconds between two reports of a device.
const INTERVALS_S: std::ops::RangeInclusive<f64> = 1.0..=31_536_000.0;
/// A device.
pub(super) fn device(record: &Record, dataset: &str, tools: &Tools) -> Result<Made<Device>, Miss> {
    let Some(key) = record.text(Field::Key) else {
        return Err(Miss::unusable("it has no key"));
    };
    let place = whereabouts(record, tools)?;
    let address = tools.linker.parse(&told_address(record, tools.linker));
    let rooms = Rooms::new(&address, place.building, tools.linker);
    if tells_of_somebody(&key, (place.building, &rooms), tools) {
        return Err(Miss::unusable(
            "its key holds a door, a telephone or identity number or the name of somebody who lives \
             there, and everybody may see it: give the device a number of its own",
        ));
    }
    let id = DeviceId::from_source(dataset, &key);
    let Some(kind) = kind_of(record, id, (place.building, &rooms), tools) else {
        return Err(Miss::unusable("it tells no kind"));
    };
    let mut device = Device {
        id,
        source: source(dataset, &key),
        kind,
        position: tools.standing(record, place.at),
        building: place.building,
        dwelling: None,
        interval_s: record
            .number(Field::Interval, INTERVALS_S)
            .map(|seconds| seconds as u32),
        name: device_name(record, id, (place.building, &rooms), tools),
        home: DeviceHome::Known,
    };
    let miss = link(&mut device, &address, record, tools);
    Ok(Made {
        entity: device,
        miss: place.miss.or(miss),
    })
}

/// The kind of a device. One that no table knows is kept as it is written, without what is somebody's: the
/// device stands on the map until the city's table tells what it measures.
fn kind_of(
    record: &Record,
    id: DeviceId,
    at: (Option<BuildingId>, &Rooms),
    tools: &Tools,
) -> Option<KindId> {
    let text = record.text(Field::Kind)?;
    if let Some(known) = words::device(&text, tools.kinds) {
        return Some(known);
    }
    let Some(told) = words::unknown_device(&text) else {
        record.fault(Field::Kind, "it is no name of a kind of device");
        return None;
    };
    // Without the city's key nobody can look: what was found to be somebody's stays away.
    let known = tools
        .ground
        .devices
        .get(&id)
        .filter(|_| tools.at_home.is_locked());
    if let Some(known) = known.filter(|known| known.kind.as_str() == HIDDEN_KIND) {
        return Some(known.kind.clone());
    }
    let kind = open_kind(record, told, at, tools);
    if kind.as_str() == HIDDEN_KIND {
        return Some(kind);
    }
    // What is left of 101室烟感 a table may know.
    Some(words::device(kind.as_str(), tools.kinds).unwrap_or_else(|| {
        record.fault(
            Field::Kind,
            "no table knows this kind of device: taken, shown with ? and never judged; translate the word \
             under [values.kind] in a mapping file, or describe the kind in CITY.kinds.toml \
             (docs/tables.md), and import again",
        );
        kind
    }))
}
