//! The router: a function of its doors, so tests call it without a socket.

use std::io::Read;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;

use crate::model::Command;
use crate::model::ports::{CityBytes, Orders};

use super::batches;
use super::hub::Hub;
use super::listener::Peer;
use super::protocol::{Done, Trouble};

/// Bytes of the city file read at a time.
const CHUNK: usize = 64 * 1024;

/// What the router leads to.
#[derive(Clone)]
pub struct Doors {
    /// State and batches.
    pub hub: Arc<Hub>,
    /// Where commands go.
    pub orders: Arc<dyn Orders>,
    /// The city file.
    pub city: Arc<dyn CityBytes>,
    /// The text of the city's own kinds of device, where it brings any.
    pub own_kinds: Option<Arc<str>>,
    /// Who shows this token may ask for more than hello.
    pub token: Arc<str>,
}

/// Every path of the protocol.
pub fn router(doors: Doors) -> Router {
    let guarded = Router::new()
        .route("/v1/city.gpkg", get(city))
        .route("/v1/kinds.toml", get(kinds))
        .route("/v1/state", get(state))
        .route("/v1/batches", get(follow))
        .route("/v1/commands", post(command))
        .route_layer(middleware::from_fn_with_state(doors.clone(), guard));
    Router::new()
        .route("/v1/hello", get(hello))
        .merge(guarded)
        .fallback(nowhere)
        .with_state(doors)
}

async fn guard(State(doors): State<Doors>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<Peer>>();
    if peer.is_some_and(|peer| !peer.0.0.ip().to_canonical().is_loopback()) {
        return trouble(
            StatusCode::FORBIDDEN,
            "the connect protocol is for programs on the engine's own machine; others use /api/v1 \
             (docs/api.md)",
        );
    }
    if holds_token(request.headers(), &doors.token) {
        return next.run(request).await;
    }
    let told = trouble(
        StatusCode::UNAUTHORIZED,
        "this needs the engine's token as a bearer token",
    );
    ([(header::WWW_AUTHENTICATE, "Bearer")], told).into_response()
}

fn holds_token(headers: &HeaderMap, token: &str) -> bool {
    let shown = headers
        .get(header::AUTHORIZATION)
        .map(|value| value.as_bytes());
    let Some(shown) = shown.and_then(|value| value.strip_prefix(b"Bearer ")) else {
        return false;
    };
    // The time taken tells nothing about where the two differ.
    let differing = shown
        .iter()
        .zip(token.as_bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    shown.len() == token.len() && differing == 0
}

fn trouble(status: StatusCode, error: impl Into<String>) -> Response {
    (
        status,
        Json(Trouble {
            error: error.into(),
        }),
    )
        .into_response()
}

async fn nowhere() -> Response {
    trouble(
        StatusCode::NOT_FOUND,
        "no such path; see docs/connect-protocol.md and docs/api.md",
    )
}

async fn hello(State(doors): State<Doors>) -> Response {
    Json(doors.hub.hello()).into_response()
}

async fn state(State(doors): State<Doors>) -> Response {
    Json(doors.hub.live()).into_response()
}

async fn kinds(State(doors): State<Doors>) -> Response {
    match doors.own_kinds {
        Some(text) => (
            [(header::CONTENT_TYPE, "application/toml")],
            text.to_string(),
        )
            .into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

#[derive(Deserialize)]
struct From {
    after: Option<u64>,
    run: Option<String>,
}

async fn follow(State(doors): State<Doors>, Query(from): Query<From>) -> Response {
    let body = batches::stream(doors.hub, from.after, from.run);
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

async fn command(State(doors): State<Doors>, body: Bytes) -> Response {
    let command: Command = match serde_json::from_slice(&body) {
        Ok(command) => command,
        Err(error) => {
            let text = format!("this is no command: {error}");
            return trouble(StatusCode::BAD_REQUEST, text);
        }
    };
    let (sender, answer) = oneshot::channel();
    doors.orders.order(
        command,
        Box::new(move |result| {
            // Nobody waits any more when the caller has hung up; the batch tells everybody.
            let _ = sender.send(result);
        }),
    );
    match answer.await {
        Ok(Ok(carried_out)) => Done::from(carried_out).into_response(),
        Ok(Err(refusal)) => (StatusCode::CONFLICT, Json(refusal)).into_response(),
        Err(_) => trouble(StatusCode::SERVICE_UNAVAILABLE, "the engine is stopping"),
    }
}

async fn city(State(doors): State<Doors>) -> Response {
    let (sender, receiver) = mpsc::channel(4);
    let (opened, is_open) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut file = match doors.city.open() {
            Ok(file) => file,
            Err(error) => return drop(opened.send(Err(error))),
        };
        if opened.send(Ok(())).is_err() {
            return;
        }
        pump(&mut file, &sender);
    });
    match is_open.await {
        Ok(Ok(())) => {
            let body = Body::from_stream(ReceiverStream::new(receiver));
            let kind = [(header::CONTENT_TYPE, "application/geopackage+sqlite3")];
            (kind, body).into_response()
        }
        Ok(Err(error)) => {
            let text = format!("the city file cannot be read: {error}");
            trouble(StatusCode::INTERNAL_SERVER_ERROR, text)
        }
        Err(_) => trouble(StatusCode::SERVICE_UNAVAILABLE, "the engine is stopping"),
    }
}

/// Sends a file in pieces; a reading error breaks the body off, so nobody takes it for whole.
fn pump(file: &mut dyn Read, sender: &mpsc::Sender<std::io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; CHUNK];
        let piece = match file.read(&mut chunk) {
            Ok(0) => return,
            Ok(length) => {
                chunk.truncate(length);
                Ok(chunk)
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let broken = piece.is_err();
        if sender.blocking_send(piece).is_err() || broken {
            return;
        }
    }
}
