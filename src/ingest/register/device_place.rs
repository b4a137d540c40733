//! Where a device of a register is for everybody: one of a home at a place of its building, for how
//! high it hangs, and where, tells which home that is. A room is somebody's also where no dwelling has
//! it, and so is a floor of a house in which people live. Used by [`super::things`]. Never tells a
//! place in a fault.

use super::field::Field;
use super::record::Record;
use super::run::{Miss, Tools};
use crate::base::BuildingId;
use crate::model::{Device, DeviceHome, Usage, far_from, open_place};
use crate::registry::address::{Address, Part};

/// What is said of a row whose place is not taken.
const LEFT_OUT: &str = "where it hangs in the building is left out: without the city's key nobody can \
     tell whether that is in a home; import it again with the key";

/// What is said of a row that names a floor of a house with homes, and no room.
const OF_A_FLOOR: &str = "it names a floor of a house in which people live: taken as a device in a \
     home, whose own place is not for everybody";

/// The floors that a device may be on.
const FLOORS: std::ops::RangeInclusive<f64> = -10.0..=200.0;

/// Links a device with the dwelling of its address, and puts it where everybody may know it to be.
/// It comes with the place that its row tells. Gives back what a person has to decide where its room
/// is found nowhere.
pub(super) fn link(
    device: &mut Device,
    address: &Address,
    record: &Record,
    tools: &Tools,
) -> Option<Miss> {
    let known = tools.ground.devices.get(&device.id);
    let is_theirs = |id: &_| tools.building_of(*id) == device.building;
    let mut miss = None;
    let dwelling = match tools.hash {
        Some(_) => {
            let found = tools.linker.dwelling(address);
            if address.has(Part::Room) && found.linked().is_none() {
                miss = Some(Miss::of(&found, |id| id.to_string()));
            }
            found.linked()
        }
        // Doors are locked without the city's key: what is linked stays so.
        None => known.and_then(|known| known.dwelling),
    };
    device.dwelling = dwelling.filter(is_theirs);
    let is_home = device.dwelling.is_some() || names_home(device, address, record, tools);
    let is_open = tools.hash.is_some() || device.dwelling.is_some();
    match known.filter(|known| known.is_shut()) {
        _ if is_open && is_home => device.hide_at(open_of(device, tools)),
        _ if is_open => {}
        Some(known) => stay_shut(device, known, is_home, (record, tools)),
        None if is_home => leave_out(device, record, tools),
        None => {}
    }
    miss
}

/// Whether an address means a home, although no dwelling may be known there: it names a room, or a floor
/// of a house in which people live.
fn names_home(device: &Device, address: &Address, record: &Record, tools: &Tools) -> bool {
    if address.has(Part::Room) {
        return true;
    }
    let told = record.number(Field::Floor, FLOORS);
    let floor = told.map(|floor| floor as i16).or(address.floor);
    // Below the ground there are cellars and garages.
    let is_above = floor.is_some_and(|floor| floor > 0);
    let is_floor = is_above && device.building.is_some_and(|id| has_homes(id, tools));
    if is_floor {
        let field = match told {
            Some(_) => Field::Floor,
            None => Field::Address,
        };
        record.fault(field, OF_A_FLOOR);
    }
    is_floor
}

/// Whether people live in a building, as far as the city or this run tells.
fn has_homes(id: BuildingId, tools: &Tools) -> bool {
    let building = tools.linker.known_building(id);
    building.is_some_and(|one| one.usage == Usage::Residential) || tools.linker.has_dwellings(id)
}

/// What is sealed stays as it is, and with it a place in a building, which may be that of a home.
fn stay_shut(
    device: &mut Device,
    known: &Device,
    is_home: bool,
    (record, tools): (&Record, &Tools),
) {
    let told = device.position;
    device.home = known.home.clone();
    if let DeviceHome::Shut(_, Some(own)) = &mut device.home {
        // A city of an older format has it in clear beside what is sealed.
        *own = told;
        if is_home || device.building.is_some() {
            device.position = open_of(device, tools);
        }
    } else if device.building != known.building {
        if is_home || device.building.is_some() {
            leave_out(device, record, tools);
        }
    } else if (is_home || device.building.is_some()) && told != known.position {
        device.position = known.position;
        record.fault(Field::Address, LEFT_OUT);
    }
}

fn leave_out(device: &mut Device, record: &Record, tools: &Tools) {
    device.position = open_of(device, tools);
    record.fault(Field::Address, LEFT_OUT);
}

/// A place of its building; of a device in none that anybody knows, one from which nobody finds it.
fn open_of(device: &Device, tools: &Tools) -> [f64; 3] {
    let building = device
        .building
        .and_then(|id| tools.linker.known_building(id));
    let place = building.and_then(|one| open_place(&one.footprint, one.ground_m, device.id));
    place.unwrap_or(far_from(device.position))
}
