//! Signing in and out, and who one is.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use serde::{Deserialize, Serialize};

use super::Shared;
use super::ask::{From, Signed, json};
use crate::access::Handle;
use crate::base::Timestamp;
use crate::serve::problem::Problem;

/// Bytes of a body with name and password.
const BODY_MAX: usize = 8 * 1_024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    name: String,
    password: String,
}

#[derive(Serialize)]
struct Welcome {
    token: String,
    expires_at: Timestamp,
    name: String,
    role: String,
}

pub(super) async fn login(
    State(doors): State<Shared>,
    From(address): From,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let login: Login = json(&headers, body, BODY_MAX).await?;
    let welcome = doors.gate.sign_in(&login.name, login.password, address);
    let welcome = welcome.await?;
    Ok(Json(Welcome {
        token: welcome.token,
        expires_at: welcome.until,
        name: welcome.name,
        role: welcome.role,
    })
    .into_response())
}

pub(super) async fn logout(
    State(doors): State<Shared>,
    From(address): From,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    doors.gate.sign_out(&headers, address)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Serialize)]
struct Me {
    name: String,
    role: Option<String>,
    /// Whether it works for its own areas only.
    own_areas_only: bool,
    /// Ids of the areas that it works for, with all that lie in them; none for everywhere.
    areas: Vec<String>,
    reads: bool,
    /// Commands that it may give.
    handles: Vec<Handle>,
    /// Feeds that it may send to.
    feeds: Vec<String>,
    expires_at: Option<Timestamp>,
}

pub(super) async fn me(Signed(caller): Signed) -> Response {
    let handles = match (&caller.role, caller.commands) {
        (Some(role), true) => role.handles.clone(),
        _ => Vec::new(),
    };
    let areas = caller.areas.iter().flatten();
    let areas = areas.map(|bits| crate::base::AreaId::from_bits(*bits).to_string());
    Json(Me {
        role: caller.role.map(|role| role.id),
        own_areas_only: caller.areas.is_some(),
        areas: areas.collect(),
        name: caller.name,
        reads: caller.reads,
        handles,
        feeds: caller.feeds.into_iter().collect(),
        expires_at: caller.until,
    })
    .into_response()
}
