//! What an answer tells, as plain data. Personal values are [`Shown`]: opened or masked for the
//! asker. Lengths are metres, times seconds.

use serde::Serialize;

use crate::base::{
    AreaId, BuildingId, CameraId, Closed, DeviceId, DwellingId, EventId, ResidentId, Shown,
    Timestamp,
};
use crate::model::query::Suppressed;
use crate::model::{
    AreaLevel, CameraOwner, EventKind, EventStatus, Grade, HeightOrigin, KindId, Protection,
    ServiceGroup, Structure, Usage,
};

/// One answer for somebody who must act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Incident {
    /// The record that was asked about; `None` for a place.
    pub about: Option<String>,
    /// Where.
    pub place: PlaceFacts,
    /// The building, where it is in one.
    pub building: Option<BuildingFacts>,
    /// Homes, those that are touched first.
    pub homes: Vec<HomeFacts>,
    /// People in the homes, as far as everybody may know.
    pub people: PeopleFacts,
    /// Buildings behind a common wall.
    pub neighbours: Vec<NeighbourFacts>,
    /// Cameras that see the entrance, or the place; the best first.
    pub cameras: Vec<CameraFacts>,
    /// Who can come and what is at hand, the nearest of each sort by foot.
    pub helpers: Vec<HelperFacts>,
    /// Hydrants, the nearest by foot first.
    pub hydrants: Vec<HelperFacts>,
    /// How fire engines get there, one entry a sort of engine.
    pub engines: Vec<EngineFacts>,
    /// Devices in the building or around the place, those with an alarm first.
    pub devices: Vec<DeviceFacts>,
    /// Open events about the building or around the place.
    pub events: Vec<EventFacts>,
}

/// Where it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceFacts {
    /// East and north in the city's CRS.
    pub at: [f64; 2],
    /// Height of the record, where it has one and that would not tell whose home it is in.
    pub height_m: Option<f64>,
    /// Whether which home the device is in is sealed while the city's key is away: told is its building
    /// only.
    pub home_is_sealed: bool,
    /// The areas, the smallest first.
    pub areas: Vec<AreaFacts>,
    /// The road in front, where it has a name.
    pub road: Option<String>,
    /// How far the nearest road is.
    pub road_m: Option<f64>,
}

/// An area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaFacts {
    /// Which.
    pub id: AreaId,
    /// Its level.
    pub level: AreaLevel,
    /// Its name.
    pub name: String,
}

/// A building.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BuildingFacts {
    /// Which.
    pub id: BuildingId,
    /// Name.
    pub name: Option<String>,
    /// Address without door.
    pub address: Option<String>,
    /// What carries it.
    pub structure: Structure,
    /// Storeys above ground.
    pub storeys: u16,
    /// Height of the roof above ground.
    pub height_m: f64,
    /// How that is known.
    pub height_origin: HeightOrigin,
    /// Year of construction.
    pub year: Option<u16>,
    /// What it is used for.
    pub usage: Usage,
    /// Whether it is protected.
    pub protection: Protection,
    /// Homes in it.
    pub dwellings: usize,
    /// The door that is taken for its entrance: where its outline comes nearest to a road.
    pub entrance: Option<[f64; 2]>,
}

/// A home.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HomeFacts {
    /// Which.
    pub id: DwellingId,
    /// Whether the question is about this home.
    #[serde(rename = "touched")]
    pub is_touched: bool,
    /// Storey.
    pub floor: i16,
    /// Unit and door.
    pub door: Shown,
    /// Who lives there; `None` where the asker may not know.
    pub people: Option<Vec<PersonFacts>>,
}

/// A label of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelFacts {
    /// The label.
    pub id: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
    /// Whether an alarm must tell it first.
    pub needs_help: bool,
}

/// Somebody who lives there, for those who may know.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonFacts {
    /// Which record.
    pub id: ResidentId,
    /// Name.
    pub name: Shown,
    /// Age in years.
    pub age: Option<u16>,
    /// Labels, those who need help first.
    pub labels: Vec<LabelFacts>,
    /// Telephone number.
    pub phone: Option<Shown>,
    /// Whom to call; empty where there is nobody, or the asker may not know.
    pub contacts: Vec<ContactFacts>,
}

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContactFacts {
    /// Name.
    pub name: String,
    /// What they are to the resident.
    pub relation: String,
    /// Telephone number.
    pub phone: String,
}

/// How many people there are, small counts kept back from those who may not know them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PeopleFacts {
    /// Residents of the building.
    pub residents: Suppressed,
    /// Residents who need help, by a label that says so.
    pub need_help: Suppressed,
    /// Residents by label, those labels that anybody there has.
    pub labels: Vec<(LabelFacts, Suppressed)>,
    /// Whether personal values are locked: the counts by label are not known then.
    pub locked: bool,
    /// Why neither names nor labels of those who live here open; `None` where they do, or where
    /// nobody lives.
    pub closed: Option<Closed>,
}

/// A building behind a common wall.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeighbourFacts {
    /// Which.
    pub id: BuildingId,
    /// Address without door.
    pub address: Option<String>,
    /// What carries it.
    pub structure: Structure,
    /// Storeys.
    pub storeys: u16,
    /// Homes in it.
    pub dwellings: usize,
    /// Residents.
    pub residents: Suppressed,
}

/// A camera that sees the place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CameraFacts {
    /// Which.
    pub id: CameraId,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub owner: CameraOwner,
    /// Its 20-digit id.
    pub gb28181_id: String,
    /// How far away.
    pub distance_m: f64,
    /// How large things are in its picture.
    pub pixels_per_m: f64,
    /// Whether it must be turned first.
    #[serde(rename = "by_turning")]
    pub must_turn: bool,
    /// The address of its stream, where it has one.
    pub stream: Option<Shown>,
}

/// Somebody who can come, or something at hand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HelperFacts {
    /// The written id.
    pub id: String,
    /// The sort, such as `grid_worker` or `aed`.
    pub sort: String,
    /// Post or name.
    pub title: String,
    /// The person's name, when it is a person.
    pub name: Option<Shown>,
    /// Telephone number.
    pub phone: Option<Shown>,
    /// What it is for and when.
    pub duty: Option<String>,
    /// Along the lane network and from it to the place.
    pub walk_m: f64,
    /// How long that takes on foot.
    pub walk_s: f64,
}

/// What keeps an engine from coming nearer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObstacleFacts {
    /// The road.
    pub road: Option<String>,
    /// Its kind.
    pub kind: &'static str,
    /// Its width; 0 where nobody knows it.
    pub width_m: f64,
    /// `kind`, `too_narrow` or `cut_off`.
    pub why: &'static str,
    /// The width that the engine needs, set by configuration.
    pub needs_m: Option<f64>,
}

/// How an engine of a sort gets there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EngineFacts {
    /// The sort of engine: id of `assets/travellers.toml`.
    pub engine: String,
    /// Its names.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Where it must stop; `None` when it does not get near at all.
    pub stop: Option<[f64; 2]>,
    /// The road it stops on.
    pub stop_road: Option<String>,
    /// Width of that road.
    pub stop_width_m: Option<f64>,
    /// What keeps it from coming nearer; `None` when it stands right in front.
    pub obstacle: Option<ObstacleFacts>,
    /// From the stop along the lanes to the nearest wall.
    pub hose_m: Option<f64>,
    /// Narrowest width on that way.
    pub narrowest_m: Option<f64>,
    /// The line of it.
    pub hose: Vec<[f64; 2]>,
    /// Why it does not get near at all.
    pub no_access: Option<String>,
}

/// A device and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeviceFacts {
    /// Which.
    pub id: DeviceId,
    /// Kind.
    pub kind: KindId,
    /// Where it is mounted, in words.
    pub name: Option<String>,
    /// Its last value, in `unit`.
    pub value: Option<f64>,
    /// Unit of the value; empty for yes or no.
    pub unit: String,
    /// When that was measured, by the device's clock.
    pub at: Option<Timestamp>,
    /// What is known of the device itself.
    pub health: &'static str,
    /// The grade of its worst open alarm.
    pub alarm: Option<Grade>,
    /// Since when.
    pub alarm_since: Option<Timestamp>,
    /// Whether somebody took notice.
    #[serde(rename = "acknowledged")]
    pub is_acknowledged: bool,
}

/// An open event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventFacts {
    /// Which.
    pub id: EventId,
    /// How it came about.
    pub kind: EventKind,
    /// Service group.
    pub group: ServiceGroup,
    /// What it is about.
    pub title: String,
    /// How far it has come.
    pub status: EventStatus,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// By when it should be done.
    pub due_at: Option<Timestamp>,
    /// Who reported it, and how to reach them.
    pub reporter: Option<Shown>,
    /// The report in full.
    pub text: Option<Shown>,
}
