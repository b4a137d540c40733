//! The hash of a city's content: the same entities give the same hash, whatever file they are
//! in and in whatever order they came. Personal values count as plain text, so a city that was
//! sealed again with another key is still the same city.

use std::borrow::Cow;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::base::{Clearance, ImportId, Sealed};

use super::{
    Camera, Device, DeviceHome, Dwelling, Entity, Event, Ground, Household, OfHome, Resident,
    Responder, Source, Vehicle,
};

/// Lower-case hexadecimal digits of `bytes`.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 over all entities in the order of kinds and ids; `None` while a value is locked.
#[must_use]
pub fn content_hash(ground: &Ground, clearance: &Clearance) -> Option<String> {
    let mut digests = DigestList::default();
    ground.for_each(|entity| digests.add(entity_digest(entity, clearance)));
    digests.hash()
}

/// Makes the hash of [`content_hash`] of the digests of all entities, for a caller who can reckon
/// several at once.
#[derive(Default)]
pub struct DigestList {
    hash: Sha256,
    is_locked: bool,
}

impl DigestList {
    /// The digest of the next entity in the order of kinds and ids.
    pub fn add(&mut self, digest: Option<[u8; 32]>) {
        match digest {
            Some(digest) => self.hash.update(digest),
            None => self.is_locked = true,
        }
    }

    /// The hash; `None` when a digest was missing.
    #[must_use]
    pub fn hash(self) -> Option<String> {
        (!self.is_locked).then(|| hex(&self.hash.finalize()))
    }
}

/// SHA-256 over one entity; `None` while one of its values is locked. The run that wrote it
/// does not count, so an unchanged record that is imported again keeps its digest.
#[must_use]
pub fn entity_digest(mut entity: Entity, clearance: &Clearance) -> Option<[u8; 32]> {
    entity.set_import(ImportId::from_bits(0));
    let text = serde_json::to_vec(&plain(&entity, clearance)?).ok()?;
    Some(Sha256::digest([entity.key().kind.as_str().as_bytes(), b"\n", &text].concat()).into())
}

fn plain(entity: &Entity, clearance: &Clearance) -> Option<Value> {
    match entity {
        Entity::Area(one) => value(one),
        Entity::Building(one) => value(one),
        Entity::Road(one) => value(one),
        Entity::Water(one) => value(one),
        Entity::GroundArea(one) => value(one),
        Entity::Plant(one) => value(one),
        Entity::Place(one) => value(one),
        Entity::Object(one) => value(one),
        Entity::Terrain(one) => value(one),
        Entity::Material(one) => value(one),
        Entity::Texture(one) => value(one),
        Entity::Facility(one) => value(one),
        Entity::Device(one) => device(one),
        Entity::Camera(one) => camera(one, clearance),
        Entity::Dwelling(one) => dwelling(one, clearance),
        Entity::Household(one) => household(one, clearance),
        Entity::Resident(one) => resident(one, clearance),
        Entity::Vehicle(one) => vehicle(one, clearance),
        Entity::Responder(one) => responder(one, clearance),
        Entity::Event(one) => event(one, clearance),
    }
}

/// What the first formats of the city file did not have; a record without any of it keeps the hash
/// that it always had.
fn with_later(mut first: Value, later: &[(&str, Option<Value>)]) -> Option<Value> {
    let told = later.iter().filter(|(_, value)| value.is_some());
    let told: serde_json::Map<String, Value> = told
        .filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?)))
        .collect();
    if !told.is_empty() {
        first.as_array_mut()?.push(Value::Object(told));
    }
    Some(first)
}

fn device(one: &Device) -> Option<Value> {
    match one.home {
        DeviceHome::Known => value(one),
        // What it says of itself, wherever everybody sees it.
        DeviceHome::At(position) => value(&Device {
            position,
            ..one.clone()
        }),
        DeviceHome::Shut(..) => None,
    }
}

fn camera(one: &Camera, clearance: &Clearance) -> Option<Value> {
    let open_part = value(one)?;
    match open_maybe(one.stream.as_ref(), clearance)? {
        Some(stream) => Some(json!([open_part, stream])),
        None => Some(open_part),
    }
}

fn dwelling(one: &Dwelling, clearance: &Clearance) -> Option<Value> {
    let first = json!([
        one.id,
        source(&one.source),
        one.building,
        one.floor,
        open(&one.door, clearance)?,
        one.usage,
        one.area_m2
    ]);
    let address = one.address.as_deref().map(Value::from);
    with_later(first, &[("address", address)])
}

fn household(one: &Household, clearance: &Clearance) -> Option<Value> {
    Some(json!([
        one.id,
        source(&one.source),
        one.dwelling,
        open(&one.address, clearance)?
    ]))
}

fn resident(one: &Resident, clearance: &Clearance) -> Option<Value> {
    let later = |field: &Option<Sealed>| {
        let opened = open_maybe(field.as_ref(), clearance)?;
        Some(opened.map(Value::from))
    };
    let first = json!([
        one.id,
        source(&one.source),
        one.household,
        one.dwelling,
        open(&one.name, clearance)?,
        open(&one.identity_no, clearance)?,
        open(&one.birth_date, clearance)?,
        open_maybe(one.phone.as_ref(), clearance)?,
        one.labels.open(clearance)?,
        open(&one.address, clearance)?,
        one.verified_on
    ]);
    let later = [
        ("traits", later(&one.traits)?),
        ("contacts", later(&one.contacts)?),
        ("further", later(&one.further)?),
    ];
    with_later(first, &later)
}

fn vehicle(one: &Vehicle, clearance: &Clearance) -> Option<Value> {
    Some(json!([
        one.id,
        source(&one.source),
        one.kind,
        open(&one.plate, clearance)?,
        one.household,
        one.position
    ]))
}

fn responder(one: &Responder, clearance: &Clearance) -> Option<Value> {
    let first = json!([
        one.id,
        source(&one.source),
        one.kind,
        one.title,
        open_maybe(one.name.as_ref(), clearance)?,
        one.area,
        one.position
    ]);
    let duty = one.duty.as_deref().map(Value::from);
    let phone = open_maybe(one.phone.as_ref(), clearance)?.map(Value::from);
    with_later(first, &[("duty", duty), ("phone", phone)])
}

fn event(one: &Event, clearance: &Clearance) -> Option<Value> {
    if matches!(one.home, OfHome::Shut(_)) {
        return None;
    }
    let first = json!([
        one.id,
        source(&one.source),
        one.kind,
        one.group,
        one.title,
        one.position,
        one.building,
        one.dwelling,
        one.area,
        one.reported_at,
        one.due_at,
        one.status,
        open_maybe(one.reporter.as_ref(), clearance)?,
        open_maybe(one.text.as_ref(), clearance)?
    ]);
    // With a dwelling it is told already.
    let is_home = (one.is_about_a_home() && one.dwelling.is_none()).then_some(true.into());
    with_later(first, &[("home", is_home)])
}

fn open(sealed: &Sealed, clearance: &Clearance) -> Option<String> {
    sealed.open(clearance).map(Cow::into_owned)
}

/// `None` while locked; `Some(None)` where there is nothing to open.
fn open_maybe(sealed: Option<&Sealed>, clearance: &Clearance) -> Option<Option<String>> {
    match sealed {
        Some(sealed) => open(sealed, clearance).map(Some),
        None => Some(None),
    }
}

fn value(one: &impl serde::Serialize) -> Option<Value> {
    serde_json::to_value(one).ok()
}

fn source(source: &Source) -> Value {
    json!([source.dataset, source.key])
}
