//! What a request asks, taken apart: who asks, query, body; every fault of it as a problem. Used by
//! every path of the API. Never decides what may be answered.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, FromRef, FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::Shared;
use crate::serve::gate::Caller;
use crate::serve::listener::Peer;
use crate::serve::problem::Problem;

/// Where a request comes from. Only a call within this process has no other end.
pub(super) fn address(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<Peer>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| {
        peer.0.0.ip().to_canonical()
    })
}

/// The other end of the connection.
pub(super) struct From(pub(super) IpAddr);

impl<S: Sync> FromRequestParts<S> for From {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(address(parts)))
    }
}

/// Somebody who has signed in, or shows a token.
pub(super) struct Signed(pub(super) Caller);

impl<S: Sync> FromRequestParts<S> for Signed
where
    Shared: FromRef<S>,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let doors = Shared::from_ref(state);
        let is_local = address(parts).is_loopback();
        doors.gate.caller(&parts.headers, is_local).map(Self)
    }
}

/// Somebody who may read.
pub(super) struct Reader(pub(super) Caller);

impl<S: Sync> FromRequestParts<S> for Reader
where
    Shared: FromRef<S>,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Signed(caller) = Signed::from_request_parts(parts, state).await?;
        match caller.reads {
            true => Ok(Self(caller)),
            false => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "this token is not for reading; one with the scope read is",
            )),
        }
    }
}

/// The query of a request, strictly.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(fault) => Err(Problem::bad(fault.body_text())),
        }
    }
}

/// The bytes of a body of at most `limit` bytes.
pub(super) async fn bytes(body: Body, limit: usize) -> Result<Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body was cut off, or has more than {limit} bytes; send it in parts"),
        )
    })
}

/// The media type of a body, without its parameters, in lower case.
pub(super) fn media(headers: &HeaderMap) -> String {
    let told = headers.get(header::CONTENT_TYPE);
    let told = told
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let plain = told.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// A body of JSON of the shape `T`.
pub(super) async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<T, Problem> {
    if media(headers) != "application/json" {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send JSON, with Content-Type: application/json",
        ));
    }
    let bytes = bytes(body, limit).await?;
    serde_json::from_slice(&bytes).map_err(|fault| not_it(&fault))
}

/// JSON that is none, or of another shape.
pub(super) fn not_it(fault: &serde_json::Error) -> Problem {
    let status = match fault.is_data() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, format!("the body is not what is wanted: {fault}"))
}
