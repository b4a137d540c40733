//! The REST API under `/api/v1` (`docs/api.md`): signing in, the twin, devices, alarms, commands,
//! and following what happens.
//!
//! A function of its doors, as the connect protocol's router is. Every answer about people is masked:
//! what is told here is for everybody who may sign in. Never writes the twin: commands go through
//! [`Orders`].

mod alarms;
mod ask;
mod commands;
mod devices;
mod events;
mod feeds;
mod figures;
mod health;
mod page;
mod past;
mod register;
mod reports;
mod sign;
mod twin;

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};

use tokio::sync::Semaphore;

use crate::model::ports::{FeedDoor, Orders, PastAlarms, ReportDoor};

use super::gate::Gate;
use super::hub::Hub;
use super::problem::Problem;
use super::vitals::Vitals;

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
    /// Where messages of devices go.
    pub feed: Arc<dyn FeedDoor>,
    /// Where reports are placed and sealed.
    pub reports: Arc<dyn ReportDoor>,
    /// Where figures of past alarms come from.
    pub past: Arc<dyn PastAlarms>,
    /// How the engine itself does.
    pub vitals: Arc<Vitals>,
}

/// The doors, and what requests share.
#[derive(Clone)]
struct Shared {
    doors: ApiDoors,
    feeds: Arc<feeds::Feeds>,
    /// Turns of placing reports in the city.
    placing: Arc<Semaphore>,
    /// Turns of working out figures.
    figures: Arc<Semaphore>,
}

impl std::ops::Deref for Shared {
    type Target = ApiDoors;
    fn deref(&self) -> &ApiDoors {
        &self.doors
    }
}

/// The document of the API (OpenAPI 3.1).
const DOCUMENT: &str = include_str!("../../../assets/openapi.json");

/// Every path that the document describes.
fn paths() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/api/v1/login", post(sign::login)),
        ("/api/v1/logout", post(sign::logout)),
        ("/api/v1/me", get(sign::me)),
        ("/api/v1/hello", get(twin::hello)),
        ("/api/v1/twin", get(twin::twin)),
        ("/api/v1/devices", get(devices::list)),
        ("/api/v1/devices/{id}", get(devices::one)),
        ("/api/v1/alarms", get(alarms::list)),
        ("/api/v1/alarms/figures", get(past::figures)),
        ("/api/v1/alarms/{id}", get(alarms::one)),
        ("/api/v1/events", get(events::follow).post(reports::take)),
        ("/api/v1/events/socket", get(events::listen)),
        ("/api/v1/feeds/{name}", post(feeds::send)),
        ("/api/v1/commands", post(commands::give)),
        ("/api/v1/openapi.json", get(document)),
        ("/metrics", get(health::metrics)),
        ("/healthz", get(health::healthz)),
    ]
}

/// Every path below `/api/v1`, and beside it `/metrics` and `/healthz`.
pub fn api(doors: ApiDoors) -> Router {
    let paths = paths().into_iter();
    let router = paths.fold(Router::new(), |router, (path, of)| router.route(path, of));
    router
        .route("/api/{*rest}", any(nowhere))
        .method_not_allowed_fallback(other_method)
        .with_state(Shared {
            doors,
            feeds: Arc::default(),
            placing: Arc::new(Semaphore::new(1)),
            figures: Arc::new(Semaphore::new(1)),
        })
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_document_describes_every_path_and_no_other() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let told: BTreeSet<&str> = document["paths"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let there: BTreeSet<&str> = paths().iter().map(|(path, _)| *path).collect();
        assert_eq!(told, there);
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut all = vec![&document];
        let mut found = 0;
        while let Some(value) = all.pop() {
            match value {
                Value::Object(members) => {
                    if let Some(Value::String(to)) = members.get("$ref") {
                        let place = to.strip_prefix('#').unwrap();
                        assert!(document.pointer(place).is_some(), "{to}");
                        found += 1;
                    }
                    all.extend(members.values());
                }
                Value::Array(list) => all.extend(list),
                _ => {}
            }
        }
        assert!(found > 50, "{found}");
    }
}
