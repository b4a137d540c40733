//! Which records tell where somebody lives, and who may know it: people, households, their
//! vehicles, and events about a home. Asked by every question that lists or places records. Never
//! shows anything itself.

use crate::base::{DeviceId, EventId, PersonalField, Rights, VehicleId};
use crate::model::{Device, EntityKind, EntityRef, OfHome};

use super::index::CityIndex;

/// Kinds whose records are single people, or as good as that.
pub(super) const ONE_BY_ONE: [EntityKind; 2] = [EntityKind::Household, EntityKind::Resident];

/// What everybody may know of an event about a home, besides the area in which it lies.
const OPEN_OF_EVENTS: [&str; 2] = ["group", "status"];

/// Whether where a record is tells where somebody lives: of people, households and their vehicles,
/// and of events about a home.
#[must_use]
pub fn tells_a_home(city: &CityIndex, key: EntityRef) -> bool {
    let ground = city.ground();
    match key.kind {
        EntityKind::Vehicle => ground
            .vehicles
            .get(&VehicleId::from_bits(key.bits))
            .is_some_and(|one| one.household.is_some()),
        EntityKind::Event => ground
            .events
            .get(&EventId::from_bits(key.bits))
            .is_some_and(|one| one.is_about_a_home()),
        kind => ONE_BY_ONE.contains(&kind),
    }
}

/// Whether a record may be listed with its place: one that tells a home only where the rights open
/// name and door, and nobody while what tells it is sealed.
#[must_use]
pub fn may_know_home(city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
    if !tells_a_home(city, key) {
        return true;
    }
    !is_shut(city, key) && opens_homes(city, key, rights)
}

/// Whether it may be told in which home a record is: of a device to whom an event about that home is
/// told, and to nobody while it is sealed; of others as [`may_know_home`].
#[must_use]
pub fn may_know_home_of(city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
    match device(city, key) {
        Some(one) => !one.is_shut() && opens_homes(city, key, rights),
        None => may_know_home(city, key, rights),
    }
}

/// Whether the own place of a record may be told, and how high it hangs: of a device that is, or may
/// be, in a home that tells which one.
#[must_use]
pub fn may_know_place(city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
    let is_anywhere = device(city, key).is_some_and(|one| !one.may_be_in_a_home());
    is_anywhere || may_know_home_of(city, key, rights)
}

fn device(city: &CityIndex, key: EntityRef) -> Option<&Device> {
    let is_one = key.kind == EntityKind::Device;
    let id = is_one.then(|| DeviceId::from_bits(key.bits))?;
    city.ground().devices.get(&id)
}

/// Whether the rights open name and door where a record is.
fn opens_homes(city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
    let fields = [PersonalField::Name, PersonalField::Door];
    // Where an area does not matter it need not be found out.
    fields.iter().all(|field| rights.may_see(*field, None)) || {
        let area = city.area_of(key).map(|area| area.bits());
        fields.iter().all(|field| rights.may_see(*field, area))
    }
}

fn is_shut(city: &CityIndex, key: EntityRef) -> bool {
    let event = match key.kind {
        EntityKind::Event => city.ground().events.get(&EventId::from_bits(key.bits)),
        _ => None,
    };
    event.is_some_and(|one| matches!(one.home, OfHome::Shut(_)))
}

/// Whether a field of an event about a home is among those that everybody may know.
pub(super) fn is_open_of_events(name: &str) -> bool {
    OPEN_OF_EVENTS.contains(&name)
}

/// Whether a condition on this field of a record may be answered at all. Of an event about a home
/// what everybody may know is counted under conditions for those alone who may know small counts:
/// from counts under two of them one of a few homes would follow.
pub(super) fn is_told(city: &CityIndex, key: EntityRef, name: &str, rights: &dyn Rights) -> bool {
    let may_count = || {
        let area = city.area_of(key).map(|area| area.bits());
        rights.suppress_below(area) == 0
    };
    key.kind != EntityKind::Event
        || may_know_home(city, key, rights)
        || (is_open_of_events(name) && may_count())
}
