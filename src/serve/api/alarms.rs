//! Open alarms, the worst first.

use std::cmp::Reverse;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::ask::{Asked, Reader};
use super::page::Paging;
use super::register::{Area, Register};
use crate::base::{AlarmId, AreaId, IncidentId, Timestamp};
use crate::model::{Alarm, Aside, Grade, Live, OutOfService, Shelf, Suppressed};
use crate::serve::problem::Problem;

/// States that may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Active,
    Returned,
    Acknowledged,
    Unacknowledged,
    Latched,
    Shelved,
    OutOfService,
    Suppressed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    grade: Option<Grade>,
    state: Option<Standing>,
    kind: Option<String>,
    area: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Why it is put aside.
#[derive(Debug, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
enum PutAside {
    Shelved(Shelf),
    OutOfService(OutOfService),
    Suppressed(Suppressed),
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    alarm: Alarm,
    kind: Option<&'a str>,
    title_zh: String,
    title_en: String,
    place_zh: String,
    place_en: String,
    area: Option<Area<'a>>,
    unit: Option<&'a str>,
    /// Why it stands last in every list, if it does.
    aside: Option<PutAside>,
    incident: Option<IncidentId>,
}

#[derive(Serialize)]
struct Page<'a> {
    batch: u64,
    at: Timestamp,
    /// Open alarms that fit the question, on this page and others.
    count: usize,
    alarms: Vec<Row<'a>>,
    next: Option<String>,
}

/// What the order of alarms is made of: nothing in it changes while an alarm is open, so that pages
/// neither repeat nor leave out one.
type Place = (Grade, Reverse<Timestamp>, AlarmId);

fn place(alarm: &Alarm) -> Place {
    (alarm.grade, Reverse(alarm.raised_at), alarm.id)
}

fn cursor((grade, Reverse(raised), id): Place) -> String {
    format!("{}_{}_{id}", grade.as_str(), raised.millis())
}

fn place_of(cursor: &str) -> Option<Place> {
    let mut parts = cursor.splitn(3, '_');
    let grade = parts.next()?;
    let grade = *Grade::ALL.iter().find(|one| one.as_str() == grade)?;
    let raised = Timestamp::from_millis(parts.next()?.parse().ok()?);
    Some((grade, Reverse(raised), parts.next()?.parse().ok()?))
}

/// An alarm as it was when it was looked at.
struct Seen {
    alarm: Alarm,
    aside: Option<PutAside>,
    incident: Option<IncidentId>,
    names: Option<[String; 2]>,
}

fn seen(live: &Live, alarm: &Alarm) -> Seen {
    let rules = live.alarm_rules.as_ref();
    Seen {
        aside: live.aside(alarm).map(|aside| match aside {
            Aside::Shelved(shelf) => PutAside::Shelved(shelf.clone()),
            Aside::OutOfService(mark) => PutAside::OutOfService(mark.clone()),
            Aside::Suppressed(mark) => PutAside::Suppressed(mark.clone()),
        }),
        incident: live.dispatch.of_alarm(alarm.id).map(|one| one.id),
        names: rules.and_then(|rules| rules.names.get(&alarm.rule).cloned()),
        alarm: alarm.clone(),
    }
}

fn is_asked(
    register: &Register,
    question: &Question,
    area: Option<AreaId>,
    alarm: &Alarm,
    live: &Live,
) -> bool {
    let is_state = question.state.is_none_or(|state| match state {
        Standing::Active => alarm.active,
        Standing::Returned => !alarm.active,
        Standing::Acknowledged => alarm.acknowledged.is_some(),
        Standing::Unacknowledged => alarm.acknowledged.is_none(),
        Standing::Latched => alarm.latched,
        Standing::Shelved => matches!(live.aside(alarm), Some(Aside::Shelved(_))),
        Standing::OutOfService => matches!(live.aside(alarm), Some(Aside::OutOfService(_))),
        Standing::Suppressed => alarm.suppressed.is_some(),
    });
    let kind = register.ground.devices.get(&alarm.device);
    let kind = kind.map(|device| device.kind.as_str());
    is_state
        && question.grade.is_none_or(|grade| grade == alarm.grade)
        && (question.kind.as_deref()).is_none_or(|asked| kind == Some(asked))
        && register.is_in(alarm.device, area)
}

pub(super) async fn list(
    State(doors): State<Shared>,
    _: Reader,
    Asked(question): Asked<Question>,
) -> Result<Response, Problem> {
    let register = &doors.register;
    let area = register.area_asked(question.area.as_deref())?;
    register.kind_asked(question.kind.as_deref())?;
    let paging = Paging::asked(question.after.as_deref(), question.limit, place_of)?;
    let (batch, at, count, found, next) = doors.hub.look(|twin| {
        let live = twin.live();
        let alarms = live.alarms.values();
        let alarms = alarms.filter(|alarm| is_asked(register, &question, area, alarm, live));
        let mut found: Vec<_> = alarms.collect();
        let count = found.len();
        found.sort_by_key(|alarm| place(alarm));
        let (page, next) = paging.of(found, |alarm| place(alarm));
        let page = page.into_iter().map(|alarm| seen(live, alarm));
        (live.batch, live.at, count, page.collect::<Vec<_>>(), next)
    });
    let rows = found.into_iter().map(|one| row(register, one));
    Ok(Json(Page {
        batch,
        at,
        count,
        alarms: rows.collect(),
        next: next.map(cursor),
    })
    .into_response())
}

pub(super) async fn one(
    State(doors): State<Shared>,
    _: Reader,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let missing = |said: String| {
        Problem::missing(format!("{said}; /api/v1/alarms lists those that are open"))
    };
    let id: AlarmId = id
        .parse()
        .map_err(|fault: crate::base::IdError| missing(fault.to_string()))?;
    let found = doors.hub.look(|twin| {
        let live = twin.live();
        live.alarms.get(&id).map(|alarm| seen(live, alarm))
    });
    let found = found.ok_or_else(|| missing(format!("there is no open alarm {id}")))?;
    Ok(Json(row(&doors.register, found)).into_response())
}

fn row(register: &Register, seen: Seen) -> Row<'_> {
    let device = seen.alarm.device;
    let [[kind_zh, place_zh], [kind_en, place_en]] = register.words(device);
    let [title_zh, title_en] = seen.names.unwrap_or([kind_zh, kind_en]);
    let kind = register.ground.devices.get(&device);
    Row {
        kind: kind.map(|device| device.kind.as_str()),
        title_zh,
        title_en,
        place_zh,
        place_en,
        area: register.area(device),
        unit: register.unit(device),
        aside: seen.aside,
        incident: seen.incident,
        alarm: seen.alarm,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_the_place_that_it_was_made_of() {
        let id = AlarmId::from_source("a", "b");
        for grade in Grade::ALL {
            let place = (*grade, Reverse(Timestamp::from_millis(-5)), id);
            assert_eq!(place_of(&cursor(place)), Some(place));
        }
        for wrong in [
            "",
            "red",
            "red_x_alm-1",
            "pink_5_alm-0123456789abcdef",
            "red_5_",
        ] {
            assert_eq!(place_of(wrong), None, "{wrong}");
        }
    }
}
