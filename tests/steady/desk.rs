//! A desk that handles whatever comes up, the full way, by orders over the connect protocol: it takes
//! notice, one sees to it and tells the outcome, another verifies and closes.

use serde_json::{Value, json};

use super::running::Engine;

/// Words as they come from a program that sealed them; nobody opens them here.
const WORDS: &str = "504a02000102030405060708090a0b0c0d0e0f";

/// Who works at it.
const DUTY: &str = "Wang";
const OTHER: &str = "Zhao";
/// How many orders are under way at once, about incidents and about alarms.
const SIDE_BY_SIDE: usize = 16;

/// What there is at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub struct Held {
    /// Incidents that are open, and those that are closed and can still be reopened.
    pub open: u64,
    pub closed: u64,
    /// Alarms that are listed.
    pub alarms: u64,
    /// Incidents and alarms since the archive began.
    pub opened: u64,
    pub raised: u64,
}

/// Looks at everything once, and moves all of it on as far as it goes; what there was before.
pub fn round(engine: &Engine) -> Held {
    let state = engine.get(&engine.token, "/v1/state");
    let list = |value: &Value| {
        let all = value.as_object().cloned().unwrap_or_default();
        all.into_iter().collect::<Vec<_>>()
    };
    let incidents = list(&state["dispatch"]["incidents"]);
    let (open, closed): (Vec<_>, Vec<_>) = incidents
        .into_iter()
        .partition(|(_, one)| one["closed"].is_null());
    let alarms = list(&state["alarms"]);
    // Each order is answered when it is on the disk: several people work side by side.
    let (open_in, alarms_in) = (part(&open), part(&alarms));
    std::thread::scope(|scope| {
        for part in open.chunks(open_in) {
            scope.spawn(move || part.iter().for_each(|(id, one)| handle(engine, id, one)));
        }
        for part in alarms.chunks(alarms_in) {
            scope.spawn(move || part.iter().for_each(|(id, _)| notice(engine, id)));
        }
    });
    let number = |value: &Value| value.as_u64().unwrap_or_default();
    Held {
        open: open.len() as u64,
        closed: closed.len() as u64,
        alarms: alarms.len() as u64,
        opened: number(&state["dispatch"]["opened"]),
        raised: number(&state["alarms_raised"]),
    }
}

/// How many each of those who work side by side sees to.
fn part<T>(all: &[T]) -> usize {
    all.len().div_ceil(SIDE_BY_SIDE).max(1)
}

/// Takes notice of an alarm.
fn notice(engine: &Engine, alarm: &str) {
    for ask in ["acknowledge", "reset"] {
        order(engine, &json!({"command": ask, "alarm": alarm, "by": DUTY}));
    }
}

/// Every step of the way in its order; the engine refuses those that are taken or not due.
fn handle(engine: &Engine, id: &str, one: &Value) {
    let is_call = one["opening"]["is_call"] == true;
    let step = |step: &str, outcome: &str| json!({"ask": "call", "step": step, "outcome": outcome, "words": null, "skip": null});
    let mut asks = match is_call {
        true => vec![step("answer", "reached"), step("confirm", "fine")],
        false => vec![json!({"ask": "acknowledge", "seen": null})],
    };
    asks.push(json!({"ask": "assign", "owner": DUTY}));
    asks.push(json!({"ask": "feed_back", "team": null, "words": WORDS}));
    for ask in asks {
        incident(engine, id, DUTY, &ask);
    }
    incident(engine, id, OTHER, &json!({"ask": "verify", "words": null}));
    let close = json!({"ask": "close", "cause": "handled", "words": null});
    incident(engine, id, OTHER, &close);
}

fn incident(engine: &Engine, id: &str, by: &str, ask: &Value) {
    let order_of = json!({"incident": id, "by": by, "ask": ask});
    order(engine, &json!({"command": "incident", "order": order_of}));
}

/// Gives an order; 409 is a refusal by what stands.
fn order(engine: &Engine, command: &Value) {
    let (status, answer) = engine.ask(&engine.token, "POST", "/v1/commands", Some(command));
    assert!(matches!(status, 200 | 409), "{command}: {status} {answer}");
}
