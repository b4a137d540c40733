//! Messages of devices by HTTP: single or in batches, packed or not, answered only once what they
//! brought is committed. A request that is sent again with its key gets its first answer.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::Shared;
use super::ask::{Asked, Signed, bytes, media};
use crate::access::sha256_hex;
use crate::model::ports::{Delivered, NotDelivered};
use crate::serve::gate::Caller;
use crate::serve::idempotency::{Answers, Known, Turn};
use crate::serve::problem::Problem;
use crate::serve::rate::Rates;

/// Bytes of a body as it is sent.
pub(super) const BODY_MAX: usize = 8 << 20;
/// Bytes of a body once it is unpacked.
const UNPACKED_MAX: usize = 16 << 20;
/// How long a commit is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// Requests that are worked on at once: each may hold a body.
const AT_ONCE: usize = 32;
/// Longest key of a request.
const KEY_MAX: usize = 200;

/// What requests of feeds share.
pub(super) struct Feeds {
    rates: Mutex<Rates>,
    answers: Answers,
    pub(super) turns: Semaphore,
}

impl Default for Feeds {
    fn default() -> Self {
        Self {
            rates: Mutex::default(),
            answers: Answers::default(),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The device, where neither the body nor a topic names it.
    device: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    /// Readings taken.
    taken: u64,
    /// Words on connections taken.
    presences: u64,
    /// What could not be used, by reason.
    refused: BTreeMap<String, u64>,
}

pub(super) async fn send(
    State(doors): State<Shared>,
    Signed(caller): Signed,
    Path(feed): Path<String>,
    Asked(question): Asked<Question>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check(&doors, &caller, &feed)?;
    let turn = doors.feeds.turns.acquire().await;
    let _turn = turn.map_err(|_| Problem::stopping())?;
    let body = unpacked(&headers, bytes(body, BODY_MAX).await?)?;
    let media = media(&headers);
    let key = key(&headers, &caller)?;
    let device = question.device.as_deref().unwrap_or_default();
    let head = format!("{feed}\n{media}\n{device}\n");
    let request = match begin(&doors, key, [head.as_bytes(), &body])? {
        Begun::Now(turn) => turn,
        Begun::Before(answer) => return Ok(answer),
    };
    let delivered = carry_out(&doors, feed, media, question.device, body).await?;
    let is_nothing = delivered.readings + delivered.presences == 0;
    let answer = Answer {
        taken: delivered.readings,
        presences: delivered.presences,
        refused: delivered.refused,
    };
    if is_nothing {
        let refused = serde_json::to_value(&answer.refused).unwrap_or_default();
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "nothing in the body could be used; refused counts by reason, docs/feeds.md explains",
        )
        .with("refused", refused));
    }
    let answer = serde_json::to_string(&answer).unwrap_or_default();
    request.end(&answer);
    Ok(json(StatusCode::OK, answer))
}

/// A request with a key or without.
pub(super) enum Begun<'a> {
    /// It is to be carried out.
    Now(Turn<'a>),
    /// It was: its answer.
    Before(Response),
}

/// Begins a request of this content.
pub(super) fn begin<'a>(
    doors: &'a Shared,
    key: Option<String>,
    content: [&[u8]; 2],
) -> Result<Begun<'a>, Problem> {
    let answers = &doors.feeds.answers;
    let digest = || sha256_hex(&content.concat());
    let known = key.as_ref().map(|key| answers.begin(key, &digest()));
    match known {
        None | Some(Known::New) => Ok(Begun::Now(Turn::of(answers, key))),
        Some(Known::Answered(answer)) => Ok(Begun::Before(json(StatusCode::OK, answer))),
        Some(Known::Running) => {
            let told = "the first request with this Idempotency-Key is still worked on";
            Err(Problem::new(StatusCode::CONFLICT, told).after(1))
        }
        Some(Known::Other) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "this Idempotency-Key was used for another body; give each request its own",
        )),
    }
}

pub(super) fn json(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn check(doors: &Shared, caller: &Caller, feed: &str) -> Result<(), Problem> {
    if !caller.feeds.contains(feed) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "this takes a token with the scope feed:NAME of this feed (`pingjiang user token`)",
        ));
    }
    let Some(per_minute) = doors.feed.per_minute(feed) else {
        // Told with the names that there are, once the body is here.
        return Ok(());
    };
    take_turn(doors, caller, feed, per_minute)
}

/// Counts a request of somebody who may send so many in a minute.
pub(super) fn take_turn(
    doors: &Shared,
    caller: &Caller,
    what: &str,
    per_minute: u32,
) -> Result<(), Problem> {
    let sender = format!("{} {what}", caller.key);
    let mut rates = doors
        .feeds
        .rates
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    rates
        .take(&sender, per_minute, Instant::now())
        .map_err(|wait| {
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                format!("more than {per_minute} requests in a minute; send more in each"),
            )
            .after(wait.as_secs() + 1)
        })
}

/// The key under which an answer is kept.
pub(super) fn key(headers: &HeaderMap, caller: &Caller) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text) if (1..=KEY_MAX).contains(&text.len()) => {
            Ok(Some(format!("{} {text}", caller.key)))
        }
        _ => Err(Problem::bad(format!(
            "an Idempotency-Key has 1 to {KEY_MAX} visible ASCII characters"
        ))),
    }
}

/// The body as it was before it was packed.
pub(super) fn unpacked(headers: &HeaderMap, body: Bytes) -> Result<Bytes, Problem> {
    let packing = headers.get(header::CONTENT_ENCODING);
    let packing = packing.map_or("identity", |value| value.to_str().unwrap_or("?"));
    match packing.trim().to_ascii_lowercase().as_str() {
        "identity" => return Ok(body),
        "gzip" | "x-gzip" => {}
        _ => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Content-Encoding is gzip, or left out",
            ));
        }
    }
    let mut plain = Vec::new();
    let unpacker = flate2::read::MultiGzDecoder::new(body.as_ref());
    let limit = UNPACKED_MAX as u64 + 1;
    unpacker
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|_| Problem::bad("the body is not gzip, or was cut off"))?;
    match plain.len() > UNPACKED_MAX {
        true => Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("unpacked the body has more than {UNPACKED_MAX} bytes; send it in parts"),
        )),
        false => Ok(plain.into()),
    }
}

/// Hands the body in, and waits until what it brought is committed.
async fn carry_out(
    doors: &Shared,
    name: String,
    media: String,
    device: Option<String>,
    body: Bytes,
) -> Result<Delivered, Problem> {
    let feed = doors.feed.clone();
    let work = tokio::task::spawn_blocking(move || {
        let delivered = feed.deliver(&name, &media, device.as_deref(), &body)?;
        let brought = delivered.readings + delivered.presences > 0;
        let is_kept = !brought || feed.is_committed(delivered.mark, PATIENCE);
        Ok((delivered, is_kept))
    });
    let done = work.await.map_err(|_| Problem::stopping())?;
    match done {
        Ok((delivered, true)) => Ok(delivered),
        Ok((_, false)) => Err(Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the archive did not take it in time: keep it and send it again, nothing is doubled",
        )
        .after(5)),
        Err(NotDelivered::NoSuchFeed { known }) => {
            let known = known.join(", ");
            Err(Problem::missing(format!(
                "there is no feed of this name; the table of feeds has: {known}"
            )))
        }
        Err(NotDelivered::OtherMedia { known }) => {
            let known = known.join(", ");
            Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("this feed takes {known}; say which by Content-Type"),
            ))
        }
        Err(NotDelivered::Full) => {
            let told = "more readings wait than can be held; send it again, nothing is doubled";
            Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, told).after(1))
        }
    }
}
