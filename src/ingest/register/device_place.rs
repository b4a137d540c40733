//! Where a device of a register is for everybody: one of a home at a place of its building, for how
//! high it hangs, and where, tells which home that is. Used by [`super::things`]. Never tells a place
//! in a fault.

use super::field::Field;
use super::record::Record;
use super::run::{Miss, Tools};
use crate::model::{Device, DeviceHome, open_place};
use crate::registry::address::{Address, Part};

/// What is said of a row whose place is not taken.
const LEFT_OUT: &str = "where it hangs in the building is left out: without the city's key nobody can \
     tell whether that is in a home; import it again with the key";

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
    if device.dwelling.is_some() {
        if let Some(open) = open_of(device, tools) {
            device.hide_at(open);
        }
    } else if tools.hash.is_none() {
        match known.filter(|known| known.is_shut()) {
            Some(known) => stay_shut(device, known, record, tools),
            None if address.has(Part::Room) => leave_out(device, record, tools),
            None => {}
        }
    }
    miss
}

/// What is sealed stays as it is, and with it a place in a building, which may be that of a home.
fn stay_shut(device: &mut Device, known: &Device, record: &Record, tools: &Tools) {
    let told = device.position;
    device.home = known.home.clone();
    if let DeviceHome::Shut(_, Some(own)) = &mut device.home {
        // A city of an older format has it in clear beside what is sealed.
        *own = told;
        if let Some(open) = open_of(device, tools) {
            device.position = open;
        }
    } else if device.building != known.building {
        leave_out(device, record, tools);
    } else if device.building.is_some() && told != known.position {
        device.position = known.position;
        record.fault(Field::Address, LEFT_OUT);
    }
}

fn leave_out(device: &mut Device, record: &Record, tools: &Tools) {
    if let Some(open) = open_of(device, tools) {
        device.position = open;
        record.fault(Field::Address, LEFT_OUT);
    }
}

fn open_of(device: &Device, tools: &Tools) -> Option<[f64; 3]> {
    let building = tools.linker.known_building(device.building?)?;
    open_place(&building.footprint, building.ground_m, device.id)
}
