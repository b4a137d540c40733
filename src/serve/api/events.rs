//! What happens, as it happens: server-sent events (WHATWG HTML) with the number of the batch as id.
//! Who falls behind is told to start over and holds nobody up. Never tells who opened personal values
//! but to roles that read the audit.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Shared;
use super::ask::{Asked, From, Reader};
use crate::model::{Batch, Change};
use crate::serve::batches;
use crate::serve::problem::Problem;
use crate::serve::protocol::Event;

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

/// An event as it is sent.
fn sent(event: &Event, audits: bool) -> String {
    match event {
        Event::Heartbeat { .. } => ": alive\n\n".to_owned(),
        Event::Reset { live, .. } => framed("reset", live.batch, event),
        Event::Batch { batch } => {
            let told = told(batch, audits);
            framed("batch", batch.number, &Event::Batch { batch: told })
        }
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
