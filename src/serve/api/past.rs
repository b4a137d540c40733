//! Figures of past alarms, worked out one at a time: each reads much of the log.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;

use super::Shared;
use super::ask::{Asked, Reader};
use crate::base::Timestamp;
use crate::model::ports::{FiguresAsked, NoFigures};
use crate::serve::problem::Problem;

/// Operator positions that may share alarms.
const POSITIONS_MAX: u16 = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    month: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
    area: Option<String>,
    positions: Option<u16>,
}

pub(super) async fn figures(
    State(doors): State<Shared>,
    _: Reader,
    Asked(question): Asked<Question>,
) -> Result<Response, Problem> {
    doors.register.area_asked(question.area.as_deref())?;
    let positions = question.positions.unwrap_or(1);
    if !(1..=POSITIONS_MAX).contains(&positions) {
        let told = format!("positions lies between 1 and {POSITIONS_MAX}");
        return Err(Problem::bad(told));
    }
    let has_times = question.from.is_some() || question.to.is_some();
    if question.month.is_some() && has_times {
        return Err(Problem::bad(
            "month stands for from and to: leave these out",
        ));
    }
    let asked = FiguresAsked {
        month: question.month,
        from: question.from.map(Timestamp::from_millis),
        to: question.to.map(Timestamp::from_millis),
        area: question.area,
        positions,
    };
    let turn = doors.figures.clone().acquire_owned().await;
    let turn = turn.map_err(|_| Problem::stopping())?;
    let past = doors.past.clone();
    let work = tokio::task::spawn_blocking(move || {
        let figures = past.figures(&asked);
        drop(turn);
        figures
    });
    match work.await.map_err(|_| Problem::stopping())? {
        Ok(figures) => Ok(Json(figures).into_response()),
        Err(NoFigures::NotKept) => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "this engine keeps no archive beside its city, so that nothing is known of past alarms",
        )),
        Err(NoFigures::Nothing(why)) => Err(Problem::missing(why)),
    }
}
