//! The REST API under `/api/v1` (`docs/api.md`): signing in, the twin, devices, alarms, commands.
//!
//! A function of its doors, as the connect protocol's router is. Every answer about people is masked:
//! what is told here is for everybody who may sign in. Never writes the twin: commands go through
//! [`Orders`].

mod alarms;
mod ask;
mod commands;
mod devices;
mod events;
mod register;
mod sign;
mod twin;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::model::ports::Orders;

use super::gate::Gate;
use super::hub::Hub;
use super::problem::Problem;

pub use register::Register;

/// What the API leads to.
#[derive(Clone)]
pub struct ApiDoors {
    /// State and batches.
    pub hub: Arc<Hub>,
    /// Where commands go.
    pub orders: Arc<dyn Orders>,
    /// Who may pass.
    pub gate: Arc<Gate>,
    /// What the city has and where.
    pub register: Arc<Register>,
}

/// Every path below `/api/v1`.
pub fn api(doors: ApiDoors) -> Router {
    Router::new()
        .route("/api/v1/login", post(sign::login))
        .route("/api/v1/logout", post(sign::logout))
        .route("/api/v1/me", get(sign::me))
        .route("/api/v1/hello", get(twin::hello))
        .route("/api/v1/twin", get(twin::twin))
        .route("/api/v1/devices", get(devices::list))
        .route("/api/v1/devices/{id}", get(devices::one))
        .route("/api/v1/alarms", get(alarms::list))
        .route("/api/v1/alarms/{id}", get(alarms::one))
        .route("/api/v1/events", get(events::follow))
        .route("/api/v1/commands", post(commands::give))
        .route("/api/{*rest}", get(nowhere).post(nowhere))
        .method_not_allowed_fallback(other_method)
        .with_state(doors)
}

async fn nowhere() -> Response {
    Problem::missing("no such path; docs/api.md lists them").into_response()
}

async fn other_method() -> Response {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path knows other methods; Allow names them",
    )
    .into_response()
}
