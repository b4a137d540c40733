//! `/healthz`, for everybody, which tells nothing of the city; and `/metrics`, for this machine or for
//! who may read.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Shared;
use super::ask::From;
use super::figures::Page;
use crate::model::FeedConnection;
use crate::serve::problem::Problem;
use crate::serve::vitals::Signs;

/// Without a tick for so long the engine hangs: one is due four times a second.
const OVERDUE: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Health {
    healthy: bool,
    /// What is wrong, in words.
    reasons: Vec<String>,
}

pub(super) async fn healthz(State(doors): State<Shared>) -> Response {
    let signs = doors.vitals.signs();
    let connection = doors.hub.look(|twin| twin.live().feed.connection.clone());
    let reasons = reasons(&signs, connection.as_ref());
    let status = match reasons.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let health = Health {
        healthy: reasons.is_empty(),
        reasons,
    };
    (status, axum::Json(health)).into_response()
}

fn reasons(signs: &Signs, connection: Option<&FeedConnection>) -> Vec<String> {
    let mut reasons = Vec::new();
    if signs.waiting > 0 {
        reasons.push(format!(
            "the archive cannot be written: {} batches wait; see to its disk",
            signs.waiting
        ));
    }
    if let Some(connection) = connection.filter(|one| !one.connected) {
        reasons.push(format!(
            "the feed is cut off since {}; see to the broker",
            connection.since
        ));
    }
    if signs.since_tick > OVERDUE {
        reasons.push(format!(
            "no tick for {} s: the engine hangs, or the machine is overloaded",
            signs.since_tick.as_secs()
        ));
    }
    reasons
}

pub(super) async fn metrics(
    State(doors): State<Shared>,
    From(address): From,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !address.is_loopback() && !doors.gate.caller(&headers, false)?.reads {
        let told = "from another machine this takes a token with the scope read";
        return Err(Problem::new(StatusCode::FORBIDDEN, told));
    }
    let mut page = Page::default();
    page.engine(&doors.vitals.signs());
    doors.hub.look(|twin| page.city(twin.live()));
    page.http(doors.feed.refused(), doors.hub.followers());
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], page.text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Timestamp;
    use crate::serve::vitals::Vitals;

    #[test]
    fn ill_health_is_told_with_its_reason() {
        let vitals = Vitals::default();
        vitals.ticked(Duration::from_millis(3), 0);
        assert_eq!(reasons(&vitals.signs(), None), [""; 0]);
        let mut connection = FeedConnection {
            connected: true,
            ..FeedConnection::default()
        };
        assert_eq!(reasons(&vitals.signs(), Some(&connection)), [""; 0]);
        connection.connected = false;
        connection.since = Timestamp::from_millis(0);
        vitals.ticked(Duration::from_millis(3), 2);
        let mut signs = vitals.signs();
        signs.since_tick = Duration::from_secs(11);
        let told = reasons(&signs, Some(&connection));
        assert!(told[0].contains("2 batches wait"), "{told:?}");
        assert!(told[1].contains("since 1970-01-01T00:00:00Z"), "{told:?}");
        assert!(told[2].contains("11 s"), "{told:?}");
    }
}
