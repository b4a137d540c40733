//! What happens, as it happens: server-sent events (WHATWG HTML) with the number of the batch as id, or
//! the same as messages of a WebSocket (RFC 6455). Who falls behind is told to start over and holds nobody up. Never tells who opened personal values
//! but to roles that read the audit.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::time::timeout;

use super::Shared;
use super::ask::{Asked, From, Reader};
use crate::model::{Batch, Change};
use crate::serve::batches;
use crate::serve::problem::Problem;
use crate::serve::protocol::Event;
use crate::serve::socket::{self, Followed, TakenOver};

/// Longest time for a connection to be handed over once the answer has gone.
const HANDING_OVER: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    after: Option<u64>,
    run: Option<String>,
}

pub(super) async fn follow(
    State(doors): State<Shared>,
    From(address): From,
    Reader(caller): Reader,
    Asked(question): Asked<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").map(|value| {
        let number = value.to_str().ok().and_then(|text| text.parse().ok());
        number.ok_or_else(|| Problem::bad("Last-Event-ID is the number of a batch"))
    });
    // A browser that comes back asks by the address that it began with.
    let after = last.transpose()?.or(question.after);
    is_there_room(&doors)?;
    let audits = caller.audits();
    let gate = doors.gate.clone();
    let may_go_on = move || gate.caller(&headers, address.is_loopback()).is_ok();
    let encode = move |event: &Event| sent(event, audits);
    let body = batches::stream_as(doors.hub.clone(), after, question.run, encode, may_go_on);
    let kind = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((kind, body).into_response())
}

/// The same over a WebSocket.
pub(super) async fn listen(
    State(doors): State<Shared>,
    From(address): From,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    socket::show_token(&mut parts.headers);
    let Reader(caller) = Reader::from_request_parts(&mut parts, &doors).await?;
    let Asked(question) = Asked::<Question>::from_request_parts(&mut parts, &doors).await?;
    let TakenOver { answer, connection } = socket::take_over(&mut parts)?;
    is_there_room(&doors)?;
    let audits = caller.audits();
    let (gate, headers) = (doors.gate.clone(), parts.headers);
    let followed = Followed {
        hub: doors.hub.clone(),
        after: question.after,
        run: question.run,
        encode: move |event: &Event| open_to(event, audits).line(),
        may_go_on: move || gate.caller(&headers, address.is_loopback()).is_ok(),
    };
    tokio::spawn(async move {
        // It comes to nothing when the client has hung up meanwhile.
        if let Ok(Ok(connection)) = timeout(HANDING_OVER, connection).await {
            socket::tell(TokioIo::new(connection), followed).await;
        }
    });
    Ok(answer)
}

fn is_there_room(doors: &Shared) -> Result<(), Problem> {
    match batches::has_room(&doors.hub) {
        true => Ok(()),
        false => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many follow already; close what nobody looks at, and try again",
        )
        .after(5)),
    }
}

/// An event as it is sent.
fn sent(event: &Event, audits: bool) -> String {
    match event {
        Event::Heartbeat { .. } => ": alive\n\n".to_owned(),
        Event::Reset { live, .. } => framed("reset", live.batch, event),
        Event::Batch { batch } => framed("batch", batch.number, &open_to(event, audits)),
    }
}

/// An event as this follower may see it.
fn open_to(event: &Event, audits: bool) -> Cow<'_, Event> {
    match event {
        Event::Batch { batch } => Cow::Owned(Event::Batch {
            batch: told(batch, audits),
        }),
        other => Cow::Borrowed(other),
    }
}

fn framed(name: &str, number: u64, event: &Event) -> String {
    // JSON in one line: a line break within it would end the event.
    format!("id: {number}\nevent: {name}\ndata: {}\n", event.line())
}

/// The batch without what only the audit tells.
fn told(batch: &Arc<Batch>, audits: bool) -> Arc<Batch> {
    let is_open = |change: &Change| !matches!(change, Change::Revealed { .. });
    if audits || batch.changes.iter().all(is_open) {
        return batch.clone();
    }
    let mut told = Batch::clone(batch);
    told.changes.retain(is_open);
    Arc::new(told)
}
