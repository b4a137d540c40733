//! Reports, orders of the service groups and matters of the contact day: single or in batches, packed or
//! not, taken as a whole or not at all, answered once the incidents that they opened are committed. A
//! report that is sent again opens nothing more. Never tells anything of a report but its own id.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout_at;

use super::Shared;
use super::ask::{Asked, Signed, bytes, media};
use super::feeds::{self, BODY_MAX};
use crate::access::{Handle, sha256_hex};
use crate::base::IncidentId;
use crate::model::dispatch::Refused;
use crate::model::ports::{NotReported, ReportAsked, ReportMade, RowFault};
use crate::model::{Actor, Command, Refusal};
use crate::serve::gate::Caller;
use crate::serve::hub::Hub;
use crate::serve::problem::Problem;

/// Reports of one request.
const ROWS_MAX: usize = 500;
/// Requests of one token in a minute, a tenth of them at once.
const PER_MINUTE: u32 = 600;
/// How long a commit is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// No parameter is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// What a report became.
#[derive(Serialize)]
struct Taken {
    /// The sender's id of it.
    id: String,
    incident: IncidentId,
    /// For the reporter; none where it was given anew since.
    code: Option<String>,
    /// Whether this request opened the incident.
    is_new: bool,
}

#[derive(Serialize)]
struct Answer {
    /// The batch with which all of it is committed.
    batch: u64,
    taken: Vec<Taken>,
}

pub(super) async fn take(
    State(doors): State<Shared>,
    Signed(caller): Signed,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    if !(caller.reports || caller.handles(Handle::Incident)) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "this takes a token with the scope report (`pingjiang user token`), or a role that gives \
             orders about incidents",
        ));
    }
    feeds::take_turn(&doors, &caller, "events", PER_MINUTE)?;
    let turn = doors.feeds.turns.acquire().await;
    let _turn = turn.map_err(|_| Problem::stopping())?;
    let body = feeds::unpacked(&headers, bytes(body, BODY_MAX).await?)?;
    let media = media(&headers);
    let head = format!("events\n{media}\n");
    let key = feeds::key(&headers, &caller)?;
    let request = match feeds::begin(&doors, key, [head.as_bytes(), &body])? {
        feeds::Begun::Now(turn) => turn,
        feeds::Begun::Before(answer) => return Ok(answer),
    };
    let made = make(&doors, &caller, rows(&media, &body)?).await?;
    check_areas(&caller, &made)?;
    let answer = carry_out(&doors, made).await?;
    let answer = serde_json::to_string(&answer).unwrap_or_default();
    request.end(&answer);
    Ok(feeds::json(StatusCode::OK, answer))
}

/// The reports of a body, each of the right shape.
fn rows(media: &str, body: &[u8]) -> Result<Vec<ReportAsked>, Problem> {
    let not_json = |fault: serde_json::Error| Problem::bad(format!("the body is no JSON: {fault}"));
    let rows: Vec<Value> = match media {
        "application/json" => match serde_json::from_slice(body).map_err(not_json)? {
            Value::Array(rows) => rows,
            one => vec![one],
        },
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
            let lines = body.split(|byte| *byte == b'\n');
            let lines = lines.filter(|line| !line.trim_ascii().is_empty());
            let rows = lines.map(serde_json::from_slice);
            rows.collect::<Result<_, _>>().map_err(not_json)?
        }
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send JSON, with Content-Type: application/json, or one report a line, with \
                 application/x-ndjson",
            ));
        }
    };
    if !(1..=ROWS_MAX).contains(&rows.len()) {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("a request holds 1 to {ROWS_MAX} reports; send them in parts"),
        ));
    }
    let (mut asked, mut faults) = (Vec::with_capacity(rows.len()), Vec::new());
    for (row, value) in rows.into_iter().enumerate() {
        match serde_json::from_value(value) {
            Ok(one) => asked.push(one),
            Err(fault) => faults.push(RowFault {
                row: row + 1,
                detail: without_values(&fault),
            }),
        }
    }
    match faults.is_empty() {
        true => Ok(asked),
        false => Err(faulty(&faults)),
    }
}

/// What is wrong with the shape of a report; what stands in it may be about somebody.
fn without_values(fault: &serde_json::Error) -> String {
    let text = fault.to_string();
    match text.starts_with("invalid type") || text.starts_with("invalid value") {
        true => "a field is of another type than docs/api.md says".to_owned(),
        false if text.starts_with("unknown variant") => {
            "kind or group is none of those that docs/api.md names".to_owned()
        }
        false => text,
    }
}

fn faulty(faults: &[RowFault]) -> Problem {
    let rows = faults.iter();
    let rows: Vec<Value> = rows
        .map(|one| json!({"row": one.row, "detail": one.detail}))
        .collect();
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "nothing was taken: rows tells which reports are at fault, and how to mend them",
    )
    .with("rows", Value::Array(rows))
}

async fn make(
    doors: &Shared,
    caller: &Caller,
    asked: Vec<ReportAsked>,
) -> Result<Vec<ReportMade>, Problem> {
    // Each looks through the addresses of the city.
    let turn = doors.placing.clone().acquire_owned().await;
    let turn = turn.map_err(|_| Problem::stopping())?;
    let (desk, name) = (doors.reports.clone(), caller.name.clone());
    let work = tokio::task::spawn_blocking(move || {
        let made = desk.make(&Actor(name.clone()), &name, &asked);
        drop(turn);
        made
    });
    let made = work.await.map_err(|_| Problem::stopping())?;
    made.map_err(|fault| match fault {
        NotReported::Faulty(faults) => faulty(&faults),
        NotReported::Locked => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the city's key is not at hand, and a report is kept sealed alone: start the engine with it \
             (--key-file)",
        )
        .after(60),
        NotReported::Failed(why) => {
            tracing::error!("reports could not be placed: {why}");
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the city's tables cannot be read; the log of the engine says why",
            )
            .after(60)
        }
    })
}

/// A role of own areas reports what lies in these alone.
fn check_areas(caller: &Caller, made: &[ReportMade]) -> Result<(), Problem> {
    let Some(own) = &caller.areas else {
        return Ok(());
    };
    let is_own = |one: &ReportMade| one.area.is_some_and(|area| own.contains(&area.bits()));
    match made.iter().all(is_own) {
        true => Ok(()),
        false => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "nothing was taken: some of it does not lie in the areas that this account works for",
        )),
    }
}

/// Opens the incidents, and waits until all of them are in the archive.
async fn carry_out(doors: &Shared, made: Vec<ReportMade>) -> Result<Answer, Problem> {
    let mut waiting = Vec::with_capacity(made.len());
    for one in made {
        let (sender, answer) = oneshot::channel();
        let order = one.order.clone();
        doors.orders.order(
            Command::Incident { order },
            Box::new(move |result| {
                // Nobody waits any more when the sender has hung up; the report is taken all the same.
                let _ = sender.send(result);
            }),
        );
        waiting.push((one, answer));
    }
    let (mut batch, mut taken) = (0, Vec::with_capacity(waiting.len()));
    for (one, answer) in waiting {
        let is_new = match answer.await.map_err(|_| Problem::stopping())? {
            Ok(done) => {
                batch = batch.max(done.batch);
                true
            }
            Err(Refusal::Incident {
                refused: Refused::IsThere { .. },
            }) => false,
            Err(refusal) => {
                let told = serde_json::to_value(&refusal).unwrap_or_default();
                let problem = Problem::new(StatusCode::CONFLICT, refusal.to_string());
                return Err(problem.with("refusal", told));
            }
        };
        taken.push((one, is_new));
    }
    let batch = committed(&doors.hub, batch).await?;
    let taken = taken.into_iter().map(|(one, is_new)| {
        let incident = one.order.incident;
        let is_its = |known: &crate::model::dispatch::Incident| {
            known.token_sha256.as_deref() == Some(sha256_hex(one.code.as_bytes()).as_str())
        };
        let holds = doors.hub.look(|twin| {
            let known = twin.live().dispatch.incidents.get(&incident);
            known.is_some_and(is_its)
        });
        Taken {
            id: one.id,
            incident,
            code: Some(one.code).filter(|_| holds),
            is_new,
        }
    });
    Ok(Answer {
        batch,
        taken: taken.collect(),
    })
}

/// Waits until the batch, and what was before, is in the archive; the last batch by then.
async fn committed(hub: &Hub, batch: u64) -> Result<u64, Problem> {
    let until = tokio::time::Instant::from_std(Instant::now() + PATIENCE);
    let mut news = hub.news();
    loop {
        news.borrow_and_update();
        if let Some(last) = hub.committed().filter(|last| *last >= batch) {
            return Ok(last);
        }
        let changed = timeout_at(until, news.changed()).await;
        if !matches!(changed, Ok(Ok(()))) {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the archive did not take it in time: keep it and send it again, nothing is doubled",
            )
            .after(5));
        }
    }
}
