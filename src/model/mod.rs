//! The city's nouns, what can happen to them, and the one place where it happens.
//!
//! [`Ground`] is the base map and the registries at a version; [`Live`] is what runs on it;
//! [`Twin`] is both, and [`Twin::apply`] is the only writer. Used by every floor above.
//! Never reads a file, a clock or a socket: those live behind the ports in [`ports`].

mod alarm;
mod alarm_figures;
pub mod alarm_rule;
mod appearance;
mod area_name;
mod attributes;
mod change;
mod command;
mod compare;
mod corridor;
mod device_kind;
pub mod dispatch;
mod edit;
mod engine_table;
mod entity;
mod entity_bounds;
mod entrance;
mod event;
mod fault;
mod flat_shape;
mod flood;
mod fold;
mod ground;
mod hash;
pub mod identity;
pub mod incident;
mod judgement;
mod labels;
mod lean_error;
pub mod limits;
pub mod links;
mod live;
mod lod;
pub mod network;
pub mod passport;
mod people;
mod person;
mod population;
pub mod ports;
mod quality;
mod quantity;
pub mod query;
mod rank;
mod reading;
mod recorded_lean;
mod rollup;
#[cfg(test)]
pub(crate) mod sample;
pub mod search;
pub mod sight;
mod status;
mod terrain;
mod things;
mod twin;
mod undone;

pub use alarm::{
    Acknowledgement, Alarm, Aside, Condition, OutOfService, Shelf, Standing, Standings, Suppressed,
};
pub use alarm_figures::{AlarmCount, AlarmFigures, Often, Spans};
pub use appearance::{FaceDetail, FaceTexture, Material, Rgb, Rgba, Texture};
pub use area_name::AreaNameError;
pub use attributes::Attributes;
pub use change::{Actor, Batch, Change, Reveal, Unshelving};
pub use command::{Command, Refusal, Subject};
pub use compare::{Comparison, Difference, KindDifference, changed_fields, union};
pub use corridor::{Along, Beside, Corridor, Side};
pub use device_kind::{BLIND_MS, DeviceKind, KindId, KindTable, RawReadings};
pub use edit::{GroundEdit, ImportRecord};
pub use engine_table::EngineTable;
pub use entity::{Entity, EntityKind, EntityRef, EntityView};
pub use entrance::{Entrance, entrance_of};
pub use event::{Event, EventKind, EventStatus, OfHome, ServiceGroup};
pub use fault::{RecordFault, ResidentFaults, faults_of, resident_faults};
pub use flood::{FLOOD_ABOVE, FLOOD_BELOW, FLOOD_WINDOW_MS, FloodDetector, FloodState};
pub use ground::{
    AdminArea, AreaLevel, Building, CityObject, GroundArea, GroundAreaKind, HeightOrigin, LodModel,
    Place, PlaceKind, Plant, Protection, Road, RoadKind, RoofStyle, Source, Structure, Usage,
    Water, WaterKind,
};
pub use hash::{DigestList, content_hash, entity_digest};
pub use judgement::{JudgedLean, Judgement, MonitorGrade, NEWLY_WORSE_MS, SuddenKind, Worse};
pub use labels::{LabelRule, LabelRules, Labels, LabelsOfDay, When};
pub use lean_error::LeanError;
pub use links::{Link, Links};
pub use live::{
    DeviceHealth, DeviceState, FeedConnection, FeedStatus, Grade, Live, LogDamage, LostBatches,
    RuleMemory,
};
pub use lod::{choose_lod, lod_rank};
pub use people::{Dwelling, Household, Resident, Vehicle, VehicleKind};
pub use person::{
    Contact, Decision, Further, FurtherRecord, PersonError, Traits, meaning, read_sealed, to_sealed,
};
pub use population::{
    PopulationCounts, PopulationMeasure, PopulationQuality, PopulationShares, ToldQuality,
    told_among,
};
pub use quality::{Bin, Histogram, MapQuality, NO_FACES, Pair, lods_of};
pub use quantity::Quantity;
pub use rank::{Rank, RankBy};
pub use reading::Reading;
pub use recorded_lean::{
    LEAN_RECORDED_DEG, LEAN_RECORDED_SOURCES, LEAN_RECORDED_TOWARDS_DEG, LeanOnRecord, RecordedLean,
};
pub use rollup::{Roller, Rollup, Spread, Step, days_of};
pub use status::{PROPOSED, STATUS_ATTRIBUTE};
pub use terrain::Terrain;
pub use things::{
    Camera, CameraKind, CameraOwner, Device, DeviceHome, Facility, FacilityKind, Responder,
    ResponderKind, far_from, open_place,
};
pub use twin::{ApplyError, CityInfo, Ground, Twin};
