//! Devices: where they are, how they are, and what they told last.

use std::ops::Bound;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::ask::{Asked, Reader};
use super::page::Paging;
use super::register::{Area, Register};
use crate::base::{AlarmId, BuildingId, DeviceId, Timestamp};
use crate::model::{Device, DeviceHealth, DeviceState, Live};
use crate::serve::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    kind: Option<String>,
    area: Option<String>,
    state: Option<DeviceHealth>,
    /// The cursor: `next` of the page before.
    after: Option<String>,
    limit: Option<usize>,
}

/// What a device told last.
#[derive(Debug, Serialize)]
struct Last {
    value: f64,
    second: Option<f64>,
    temperature_c: Option<f64>,
    /// Device time.
    at: Timestamp,
    arrived_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: DeviceId,
    kind: &'a str,
    kind_zh: String,
    kind_en: String,
    place_zh: String,
    place_en: String,
    /// East, north, height in metres, in the city's CRS.
    position: [f64; 3],
    building: Option<BuildingId>,
    area: Option<Area<'a>>,
    /// Key of the register that brought it, and the name of that register.
    key: &'a str,
    dataset: &'a str,
    unit: Option<&'a str>,
    state: DeviceHealth,
    state_since: Option<Timestamp>,
    last: Option<Last>,
    /// When anything was last heard of it.
    heard_at: Option<Timestamp>,
    readings: u64,
    /// Open alarms.
    alarms: Vec<AlarmId>,
}

#[derive(Serialize)]
struct Page<'a> {
    batch: u64,
    at: Timestamp,
    devices: Vec<Row<'a>>,
    /// The cursor of the next page; none on the last.
    next: Option<DeviceId>,
}

pub(super) async fn list(
    State(doors): State<Shared>,
    _: Reader,
    Asked(question): Asked<Question>,
) -> Result<Response, Problem> {
    let register = &doors.register;
    let area = register.area_asked(question.area.as_deref())?;
    register.kind_asked(question.kind.as_deref())?;
    let read = |text: &str| text.parse::<DeviceId>().ok();
    let paging = Paging::asked(question.after.as_deref(), question.limit, read)?;
    let from = paging.after().map_or(Bound::Unbounded, Bound::Excluded);
    let there = register.ground.devices.range((from, Bound::Unbounded));
    let is_kind = |device: &Device| {
        let kind = question.kind.as_deref();
        kind.is_none_or(|kind| device.kind.as_str() == kind)
    };
    let page = doors.hub.look(|twin| {
        let live = twin.live();
        let is_state = |id: &DeviceId| {
            let health = live.devices.get(id).map(|state| state.health);
            let health = health.unwrap_or_default();
            question.state.is_none_or(|asked| asked == health)
        };
        let fitting = there
            .map(|(_, device)| device)
            .filter(|device| is_kind(device) && is_state(&device.id))
            .filter(|device| register.is_in(device.id, area));
        let (found, next) = paging.of(fitting, |device| device.id);
        let seen = found.into_iter().map(|device| {
            let state = live.devices.get(&device.id).cloned();
            (device, state, alarms_of(live, device.id))
        });
        (live.batch, live.at, seen.collect::<Vec<_>>(), next)
    });
    let (batch, at, found, next) = page;
    let rows = found.into_iter();
    let rows = rows.map(|(device, state, alarms)| row(register, device, state, alarms));
    Ok(Json(Page {
        batch,
        at,
        devices: rows.collect(),
        next,
    })
    .into_response())
}

pub(super) async fn one(
    State(doors): State<Shared>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let missing = |said: String| {
        Problem::missing(format!(
            "{said}; /api/v1/devices lists those that there are"
        ))
    };
    let id: DeviceId = id
        .parse()
        .map_err(|fault: crate::base::IdError| missing(fault.to_string()))?;
    let device = doors.register.ground.devices.get(&id);
    let device = device.ok_or_else(|| missing(format!("there is no device {id}")))?;
    let (state, alarms) = doors.hub.look(|twin| {
        let live = twin.live();
        (live.devices.get(&id).cloned(), alarms_of(live, id))
    });
    Ok(Json(row(&doors.register, device, state, alarms)).into_response())
}

fn alarms_of(live: &Live, device: DeviceId) -> Vec<AlarmId> {
    let alarms = live.alarms.values().filter(|alarm| alarm.device == device);
    alarms.map(|alarm| alarm.id).collect()
}

fn row<'a>(
    register: &'a Register,
    device: &'a Device,
    state: Option<DeviceState>,
    alarms: Vec<AlarmId>,
) -> Row<'a> {
    let [[kind_zh, place_zh], [kind_en, place_en]] = register.words(device.id);
    Row {
        id: device.id,
        kind: device.kind.as_str(),
        kind_zh,
        kind_en,
        place_zh,
        place_en,
        position: device.position,
        building: device.building,
        area: register.area(device.id),
        key: &device.source.key,
        dataset: &device.source.dataset,
        unit: register.unit(device.id),
        state: state.as_ref().map(|it| it.health).unwrap_or_default(),
        state_since: state.as_ref().map(|it| it.health_since),
        heard_at: state.as_ref().map(|it| it.heard),
        readings: state.as_ref().map_or(0, |it| it.count),
        last: state.map(|it| Last {
            value: it.last.value,
            second: it.last.second,
            temperature_c: it.last.temperature_c,
            at: it.last.at,
            arrived_at: it.last.arrived,
        }),
        alarms,
    }
}
