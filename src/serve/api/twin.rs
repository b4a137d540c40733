//! How the city stands as a whole.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;

use super::Shared;
use super::ask::Reader;
use crate::base::Timestamp;
use crate::model::{DeviceHealth, EntityKind, FeedStatus, FloodState, Grade, Live};
use crate::serve::problem::Problem;

pub(super) async fn hello(State(doors): State<Shared>, _: Reader) -> Response {
    Json(doors.hub.hello()).into_response()
}

/// Devices of a kind.
#[derive(Debug, Default, Serialize)]
struct OfKind {
    zh: String,
    en: String,
    count: u64,
    health: BTreeMap<DeviceHealth, u64>,
}

#[derive(Debug, Default, Serialize)]
struct Alarms {
    open: usize,
    unacknowledged: usize,
    aside: usize,
    suppressed: usize,
    by_grade: BTreeMap<Grade, usize>,
    raised: u64,
    flood_since: Option<Timestamp>,
    in_last_10_min: usize,
}

#[derive(Debug, Serialize)]
struct Whole {
    batch: u64,
    at: Timestamp,
    ground_version: u64,
    /// Records of the base map and of things; people are not counted here.
    records: BTreeMap<&'static str, usize>,
    devices_by_kind: BTreeMap<String, OfKind>,
    alarms: Alarms,
    incidents_open: usize,
    feed: FeedStatus,
}

/// Records that are told of to everybody who signs in.
const RECORDS: [EntityKind; 7] = [
    EntityKind::Building,
    EntityKind::Area,
    EntityKind::Road,
    EntityKind::Device,
    EntityKind::Camera,
    EntityKind::Facility,
    EntityKind::Responder,
];

pub(super) async fn twin(State(doors): State<Shared>, _: Reader) -> Result<Response, Problem> {
    let register = &doors.register;
    let ground = &register.ground;
    let records = RECORDS.map(|kind| (kind.as_str(), ground.count(kind)));
    let whole = doors.hub.look(|twin| {
        let live = twin.live();
        let mut kinds: BTreeMap<String, OfKind> = BTreeMap::new();
        for device in ground.devices.values() {
            let of = kinds.entry(device.kind.to_string()).or_default();
            of.count += 1;
            let health = live.devices.get(&device.id).map(|state| state.health);
            *of.health.entry(health.unwrap_or_default()).or_default() += 1;
        }
        Whole {
            batch: live.batch,
            at: live.at,
            ground_version: ground.version,
            records: records.into(),
            devices_by_kind: kinds,
            alarms: alarms(live),
            incidents_open: live.dispatch.open().count(),
            feed: live.feed.clone(),
        }
    });
    let mut whole = whole;
    for (id, of) in &mut whole.devices_by_kind {
        let kind = register
            .kinds
            .all()
            .iter()
            .find(|kind| kind.id.as_str() == id);
        let names = kind.map_or([id, id], |kind| [&kind.zh, &kind.en]);
        [of.zh, of.en] = names.map(Clone::clone);
    }
    Ok(Json(whole).into_response())
}

fn alarms(live: &Live) -> Alarms {
    let mut alarms = Alarms {
        open: live.alarms.len(),
        raised: live.alarms_raised,
        ..Alarms::default()
    };
    for alarm in live.alarms.values() {
        *alarms.by_grade.entry(alarm.grade).or_default() += 1;
        alarms.unacknowledged += usize::from(alarm.acknowledged.is_none());
        alarms.aside += usize::from(live.aside(alarm).is_some());
        alarms.suppressed += usize::from(alarm.suppressed.is_some());
    }
    let FloodState { count, since } = live.flood.at(live.at);
    (alarms.in_last_10_min, alarms.flood_since) = (count, since);
    alarms
}
