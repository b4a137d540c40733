//! Commands: who gives one is the account, not what the body says; what it may give is its role's, and
//! of a role of own areas for what lies in these alone. Never carries one out itself.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::sync::oneshot;

use super::Shared;
use super::ask::{Signed, json, not_it};
use super::register::Register;
use crate::access::Handle;
use crate::base::{AreaId, DeviceId};
use crate::model::dispatch::{Ask, Order};
use crate::model::{Command, Live};
use crate::serve::gate::Caller;
use crate::serve::problem::Problem;
use crate::serve::protocol::Done;

/// Bytes of a command: an order about an incident holds a few sealed texts.
const BODY_MAX: usize = 64 * 1_024;

pub(super) async fn give(
    State(doors): State<Shared>,
    Signed(caller): Signed,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let value: Value = json(&headers, body, BODY_MAX).await?;
    let command = by(value, &caller.name)?;
    check(&doors, &caller, &command)?;
    let (sender, answer) = oneshot::channel();
    doors.orders.order(
        command,
        Box::new(move |result| {
            // Nobody waits any more when the caller has hung up; the batch tells everybody.
            let _ = sender.send(result);
        }),
    );
    match answer.await {
        Ok(Ok(carried_out)) => Ok(Done::from(carried_out).into_response()),
        Ok(Err(refusal)) => {
            let told = serde_json::to_value(&refusal).unwrap_or_default();
            let problem = Problem::new(StatusCode::CONFLICT, refusal.to_string());
            Err(problem.with("refusal", told))
        }
        Err(_) => Err(Problem::stopping()),
    }
}

/// The command, given by this account whatever it says itself.
fn by(mut value: Value, name: &str) -> Result<Command, Problem> {
    let name = Value::String(name.to_owned());
    let is_incident = value.get("command").is_some_and(|one| one == "incident");
    let of = match is_incident {
        true => value.get_mut("order"),
        false => Some(&mut value),
    };
    if let Some(Value::Object(members)) = of {
        members.insert("by".to_owned(), name);
    }
    serde_json::from_value(value).map_err(|fault| not_it(&fault))
}

fn check(doors: &Shared, caller: &Caller, command: &Command) -> Result<(), Problem> {
    let forbidden = |detail: &str| Problem::new(StatusCode::FORBIDDEN, detail);
    let Some(handle) = Handle::of(command) else {
        return Err(forbidden(
            "this command is given by programs that hold the city's key alone",
        ));
    };
    if !caller.handles(handle) {
        return Err(forbidden(
            "the role of this account does not give this command, or the token lacks the scope \
             command; the table of roles says who does (handles, docs/roles.md)",
        ));
    }
    let Some(own) = &caller.areas else {
        return Ok(());
    };
    let places = doors
        .hub
        .look(|twin| places(&doors.register, twin.live(), command));
    match places.iter().any(|area| own.contains(&area.bits())) {
        true => Ok(()),
        false => Err(forbidden(
            "that does not lie in the areas that this account works for",
        )),
    }
}

/// The areas that a command is about. One about what is not there is about none.
fn places(register: &Register, live: &Live, command: &Command) -> BTreeSet<AreaId> {
    let of_device = |device: DeviceId| register.area_of(device).into_iter().collect();
    match command {
        Command::Acknowledge { alarm, .. } | Command::Reset { alarm, .. } => {
            let alarm = live.alarms.get(alarm);
            alarm.map(|one| of_device(one.device)).unwrap_or_default()
        }
        Command::Shelve { condition, .. }
        | Command::Unshelve { condition, .. }
        | Command::TakeOutOfService { condition, .. }
        | Command::PutInService { condition, .. } => of_device(condition.device),
        Command::Incident { order } => of_incident(register, live, order),
        Command::Reveal { .. } => BTreeSet::new(),
    }
}

fn of_incident(register: &Register, live: &Live, order: &Order) -> BTreeSet<AreaId> {
    let ground = &register.ground;
    let area = match &order.ask {
        Ask::Open { building, area, .. } => {
            area.or_else(|| register.area_of_building((*building)?))
        }
        Ask::Report { report } => {
            let of_house = || register.area_of_building(report.building?);
            report.area.or_else(of_house)
        }
        Ask::OpenFor { event, .. } => ground.events.get(event).and_then(|event| event.area),
        _ => {
            let incident = live.dispatch.incidents.get(&order.incident);
            let Some(incident) = incident else {
                return BTreeSet::new();
            };
            let members = incident.members.iter();
            let members = members.filter_map(|member| register.area_of(member.device));
            return members.chain(incident.opening.spot.area).collect();
        }
    };
    area.into_iter().collect()
}
