//! Cameras, facilities, responders and events out of their registers. A row without a
//! position takes that of the building its address means; without either it is not taken.

use super::camera_address::house_name;
use super::cell::half_width;
use super::direction::looks;
use super::field::Field;
use super::homes::source;
use super::open_key::{self, KeptKey, tells_of_somebody};
use super::open_stream::{holds_stream, tells_secret};
use super::open_text::{
    camera_name, facility_name, facility_phone, holds_what_is_somebodys, is_called_after_somebody,
    without_somebody,
};
use super::record::Record;
use super::rooms::Rooms;
use super::run::{Made, Miss, Tools};
use super::told_address::told_address;
use super::words;
use crate::base::{
    BuildingId, CameraId, EventId, FacilityId, ResponderId, SERVICE_DIGITS, Sealed,
    TELEPHONE_DIGITS, Timestamp,
};
use crate::model::{
    Camera, CameraOwner, Event, EventKind, EventStatus, Facility, FacilityKind, OfHome, Responder,
    ResponderKind, ServiceGroup,
};
use crate::registry::address::{Address, Part};
use crate::registry::match_address::Outcome;

/// A thing whose position lies farther from the house of its address than this has one of both wrong.
const FAR_M: f64 = 200.0;
/// What a camera has where its register does not say.
const CAMERA_RANGE_M: f64 = 30.0;
const CAMERA_PITCH_DEG: f64 = -15.0;
const CAMERA_HEIGHT_M: f64 = 4.0;

/// Where a row is.
pub(super) struct Whereabouts {
    pub(super) at: [f64; 2],
    pub(super) building: Option<BuildingId>,
    /// Why the address led to no building; the position may have.
    pub(super) miss: Option<Miss>,
}

pub(super) fn whereabouts(record: &Record, tools: &Tools) -> Result<Whereabouts, Miss> {
    let address = told_address(record, tools.linker);
    let found = match address.as_str() {
        "" => Outcome::Unmatched(None),
        text => tools.linker.building(&tools.linker.parse(text)),
    };
    let position = tools.position(record);
    let by_address = found.linked();
    if let (Some(at), Some(id)) = (position, by_address)
        && tools
            .linker
            .distance_m(id, at)
            .is_some_and(|metres| metres > FAR_M)
    {
        let field = match record.tells(Field::Lon) {
            true => Field::Lon,
            false => Field::East,
        };
        record.fault(
            field,
            "the position lies more than 200 m from the building of its address: taken at the position and \
             linked by the address; look which of them is right",
        );
    }
    let building = by_address.or_else(|| tools.linker.building_at(position?));
    let at = position.or_else(|| tools.middle_of(by_address?));
    let Some(at) = at else {
        return Err(if address.is_empty() {
            Miss::unusable("it has neither a position nor an address")
        } else {
            Miss::of(&found, |id| id.to_string())
        });
    };
    let is_missed = !address.is_empty() && building.is_none();
    Ok(Whereabouts {
        at,
        building,
        miss: is_missed.then(|| Miss::of(&found, |id| id.to_string())),
    })
}

/// Where an event is whose address names a lane and nothing of a house: lamps and puddles have no
/// number.
fn on_lane(record: &Record, tools: &Tools) -> Option<Whereabouts> {
    let address = tools.linker.parse(&told_address(record, tools.linker));
    let at = tools.linker.middle_of_lane(&address)?;
    record.fault(
        Field::Address,
        "it names a lane and no number: placed in the middle of the lane",
    );
    Some(Whereabouts {
        at,
        building: None,
        miss: None,
    })
}

/// A word of a field as what it means; what no list knows is noted.
fn meaning<T>(record: &Record, field: Field, known: impl Fn(&str) -> Option<T>) -> Option<T> {
    let meaning = known(&record.text(field)?);
    if meaning.is_none() {
        record.fault(
            field,
            "the word is not known: name what it means under [values] in a mapping file",
        );
    }
    meaning
}

/// Digits of an id of GB/T 28181.
const GB_DIGITS: usize = 20;

/// The id of GB/T 28181 of a camera. What is none may be anything, and everybody may see it.
pub(super) fn gb_id(record: &Record) -> Option<String> {
    let told = half_width(&record.text(Field::GbId)?);
    let is_id = told.len() == GB_DIGITS && told.bytes().all(|byte| byte.is_ascii_digit());
    if !is_id {
        record.fault(
            Field::GbId,
            "an id of GB/T 28181 has 20 digits, and this has not: counts as not given; look it up in the \
             platform of the cameras and store it as text",
        );
    }
    is_id.then_some(told)
}

/// A camera.
pub(super) fn camera(record: &Record, dataset: &str, tools: &Tools) -> Result<Made<Camera>, Miss> {
    let gb28181_id = gb_id(record).unwrap_or_default();
    let key = record
        .text(Field::Key)
        .or_else(|| (!gb28181_id.is_empty()).then(|| gb28181_id.clone()));
    let Some(key) = key else {
        return Err(Miss::unusable(
            "it has neither a key nor an id of GB/T 28181 with its 20 digits",
        ));
    };
    let place = whereabouts(record, tools)?;
    let number = |field, range| record.number(field, range);
    let kind = meaning(record, Field::Kind, words::camera);
    let (heading_deg, fov_deg) = looks(record, kind);
    let address = told_address(record, tools.linker);
    let parsed = tools.linker.parse(&address);
    // A camera hangs outside: other rooms of the building are none of its own.
    let rooms = Rooms::new(&parsed, None, tools.linker);
    let at = (place.building, &rooms);
    let is_secret = holds_stream(&key) || tells_secret(&key);
    if is_secret || tells_of_somebody(&key, at, tools) {
        return Err(Miss::unusable(
            "its key holds the address of a stream or a password, a door, a telephone or identity number or the \
             name of somebody who lives there, and everybody may see it: give the camera a number of its own",
        ));
    }
    let (name, stream) = camera_name(record, at, tools);
    let name = name.or_else(|| house_name(record, address, at, tools));
    let [east, north, ground_m] = tools.standing(record, place.at);
    let is_told = record.tells(Field::Above) || record.tells(Field::Height);
    let height_m = if is_told {
        ground_m
    } else {
        ground_m + CAMERA_HEIGHT_M
    };
    Ok(Made {
        entity: Camera {
            id: CameraId::from_source(dataset, &key),
            source: source(dataset, &key),
            name: name.unwrap_or_else(|| key.clone()),
            position: [east, north, height_m],
            heading_deg,
            pitch_deg: number(Field::Pitch, -90.0..=90.0).unwrap_or(CAMERA_PITCH_DEG),
            fov_deg,
            range_m: number(Field::Range, 1.0..=5_000.0).unwrap_or(CAMERA_RANGE_M),
            owner: meaning(record, Field::Owner, words::owner).unwrap_or(CameraOwner::Community),
            gb28181_id,
            kind,
            stream: record.text(Field::Stream).or(stream).map(Sealed::new),
        },
        miss: place.miss,
    })
}

/// A facility.
pub(super) fn facility(
    record: &Record,
    dataset: &str,
    tools: &Tools,
) -> Result<Made<Facility>, Miss> {
    let place = whereabouts(record, tools)?;
    let Some(name) = facility_name(record, place.building, tools) else {
        return Err(Miss::unusable("it has no name"));
    };
    let told = record.text(Field::Kind).unwrap_or_else(|| name.clone());
    let kind = words::facility(&told).unwrap_or_else(|| {
        record.fault(
            Field::Kind,
            "no kind of facility is called so: taken as another one",
        );
        FacilityKind::Other
    });
    let own_key = record.text(Field::Key);
    let address = tools.linker.parse(&told_address(record, tools.linker));
    let at = (place.building, &Rooms::new(&address, None, tools.linker));
    if own_key
        .as_deref()
        .is_some_and(|key| tells_of_somebody(key, at, tools))
    {
        return Err(Miss::unusable(
            "its key holds a door, a telephone or identity number or the name of somebody who lives \
             there, and everybody may see it: give the facility a number of its own",
        ));
    }
    let key = own_key.unwrap_or_else(|| format!("{name}@{:.1},{:.1}", place.at[0], place.at[1]));
    let mut entity = Facility {
        id: FacilityId::from_source(dataset, &key),
        source: source(dataset, &key),
        kind,
        name,
        position: tools.standing(record, place.at),
        building: place.building,
        phone: facility_phone(record, tools),
    };
    keep_shut(&mut entity, tools);
    Ok(Made {
        entity,
        miss: place.miss,
    })
}

/// Without the city's key nobody can look: what was found to be somebody's stays masked, or away.
fn keep_shut(facility: &mut Facility, tools: &Tools) {
    let known = tools.ground.facilities.get(&facility.id);
    let Some(known) = known.filter(|_| tools.at_home.is_locked()) else {
        return;
    };
    if known.name.contains('*') {
        facility.name.clone_from(&known.name);
    }
    facility.phone = facility.phone.take().filter(|_| known.phone.is_some());
}

/// A responder.
pub(super) fn responder(
    record: &Record,
    dataset: &str,
    tools: &Tools,
) -> Result<Made<Responder>, Miss> {
    let name = record.text(Field::Name);
    let open = |field| without_somebody(record, field, name.as_deref(), tools);
    let (title, duty) = (open(Field::Title), open(Field::Duty));
    let area = record.text(Field::Area);
    let place = whereabouts(record, tools)?;
    let told = record
        .text(Field::Kind)
        .or_else(|| record.text(Field::Title));
    let kind = told
        .and_then(|text| words::responder(&text))
        .unwrap_or_else(|| {
            record.fault(
                Field::Kind,
                "no kind of responder is called so: taken as a grid worker",
            );
            ResponderKind::GridWorker
        });
    let area_id = area.as_deref().and_then(|name| {
        let id = tools.linker.area(name);
        if id.is_none() {
            record.fault(Field::Area, "the city has no area of this name, or several");
        }
        id
    });
    let told = [&title, &name, &area].map(|text| text.as_deref().unwrap_or_default());
    let key = responder_key(record, (told.join("\n"), name.as_deref()), dataset, tools);
    // What stands in the column of areas is one where the city has it; otherwise it may name somebody.
    let known_area = area.clone().filter(|_| area_id.is_some());
    let shown = title.or(known_area).or_else(|| duty.clone());
    // Whose own name stands in their title is called by what they are, and who has none.
    let is_left_out = record.text(Field::Title).is_some() || area.is_some();
    let by_kind = || is_left_out.then(|| words::responder_title(kind).to_owned());
    let Some(shown) = shown.or_else(by_kind) else {
        return Err(Miss::unusable("it has no title"));
    };
    Ok(Made {
        entity: Responder {
            id: ResponderId::from_source(dataset, &key.of_id),
            source: source(dataset, &key.shown),
            kind,
            title: shown,
            name: name.map(Sealed::new),
            area: area_id,
            position: tools.standing(record, place.at),
            duty,
            phone: record.phone(Field::Phone, SERVICE_DIGITS).map(Sealed::new),
        },
        miss: place.miss,
    })
}

/// An event.
pub(super) fn event(record: &Record, dataset: &str, tools: &Tools) -> Result<Made<Event>, Miss> {
    // Exports of hotlines tell what it is about by its sort alone.
    let sort = || record.text(Field::Kind);
    let Some(title) = record.text(Field::Title).or_else(sort) else {
        return Err(Miss::unusable("it has no title"));
    };
    let Some(reported_at) = timestamp(record, Field::ReportedAt, tools) else {
        return Err(Miss::unusable("it does not tell when it was reported"));
    };
    let place = whereabouts(record, tools).or_else(|miss| on_lane(record, tools).ok_or(miss))?;
    let address = told_address(record, tools.linker);
    let parsed = tools.linker.parse(&address);
    let dwelling = tools.linker.dwelling(&parsed).linked();
    let rooms = Rooms::new(&parsed, place.building, tools.linker);
    let word = |field| record.text(field);
    // A door that no dwelling has is somebody's all the same.
    let is_home = dwelling.is_some()
        || parsed.has(Part::Room)
        || holds_what_is_somebodys(record, &title, &rooms, tools)
        || is_called_after_somebody(record, &title, place.building, tools);
    let told = format!("{title}\n{}\n{address}", reported_at.millis());
    let key = event_key(record, (told, &parsed), dataset, tools);
    let reporter = match (
        word(Field::Reporter),
        record.phone(Field::Phone, TELEPHONE_DIGITS),
    ) {
        (Some(name), Some(phone)) => Some(format!("{name} {phone}")),
        (one, other) => one.or(other),
    };
    let group = match word(Field::Group) {
        Some(told) => meaning(record, Field::Group, |_| words::group(&told)),
        None => words::group(&title),
    };
    let building = place
        .building
        .and_then(|id| tools.linker.known_building(id));
    Ok(Made {
        entity: Event {
            id: EventId::from_source(dataset, &key.of_id),
            source: source(dataset, &key.shown),
            kind: meaning(record, Field::Kind, words::event).unwrap_or(EventKind::Report),
            group: group.unwrap_or(ServiceGroup::GovernmentAffairs),
            title: Some(title),
            position: Some(tools.standing(record, place.at)),
            building: place.building,
            dwelling: dwelling.filter(|id| tools.building_of(*id) == place.building),
            area: building.and_then(|one| one.area),
            reported_at,
            due_at: timestamp(record, Field::DueAt, tools),
            status: meaning(record, Field::Status, words::status).unwrap_or(EventStatus::Open),
            reporter: reporter.map(Sealed::new),
            text: word(Field::Text).map(Sealed::new),
            home: match is_home {
                true => OfHome::Yes,
                false => OfHome::No,
            },
        },
        miss: place.miss,
    })
}

/// Under which key a responder stands: their own, or what is told of them.
fn responder_key(
    record: &Record,
    (told, name): (String, Option<&str>),
    dataset: &str,
    tools: &Tools,
) -> KeptKey {
    let Some(key) = record.text(Field::Key) else {
        return KeptKey::of_print(tools.fingerprint("responder", &told));
    };
    let address = tools.linker.parse(&told_address(record, tools.linker));
    let tells = open_key::tells_record(&key, name, &address) || tools.at_home.holds_phone(&key);
    let of_id = |key: &str| ResponderId::from_source(dataset, key);
    let known = |key: &str| Some(&tools.ground.responders.get(&of_id(key))?.source);
    open_key::kept(key, tells, known, tools)
}

/// Under which key an event stands: its own, or what is told of it.
fn event_key(
    record: &Record,
    (told, address): (String, &Address),
    dataset: &str,
    tools: &Tools,
) -> KeptKey {
    let Some(key) = record.text(Field::Key) else {
        return KeptKey::of_print(tools.fingerprint("event", &told));
    };
    let reporter = record.text(Field::Reporter);
    let tells = open_key::tells_record(&key, reporter.as_deref(), address)
        || tools.at_home.holds_phone(&key);
    let of_id = |key: &str| EventId::from_source(dataset, key);
    let known = |key: &str| Some(&tools.ground.events.get(&of_id(key))?.source);
    open_key::kept(key, tells, known, tools)
}

/// A time of the city's clock.
fn timestamp(record: &Record, field: Field, tools: &Tools) -> Option<Timestamp> {
    let local = record.time(field)?;
    let offset =
        jiff::tz::Offset::from_seconds(tools.utc_offset_minutes.saturating_mul(60)).ok()?;
    let point = offset.to_timestamp(local).ok()?;
    Some(Timestamp::from_millis(point.as_millisecond()))
}
