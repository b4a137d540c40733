//! What people ask for: each command is carried out as changes or refused with a reason.

use crate::base::{AlarmId, Timestamp, is_unseen};
use crate::model::{Actor, Alarm, Change, Command, Refusal, Twin};

use super::dispatch::{self, Desk};
use super::shelving;

/// Most characters of a reason.
const REASON_MAX: usize = 200;
/// Most characters of who does something.
const ACTOR_MAX: usize = 80;

/// The changes that carry out `command`.
///
/// # Errors
/// A typed refusal, when the command is not legal in the present state.
pub fn command(
    twin: &Twin,
    desk: &Desk,
    command: &Command,
    now: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    match command {
        Command::Acknowledge { alarm, by } => acknowledge(twin, *alarm, by, now),
        Command::Reset { alarm, by } => reset(twin, *alarm, by, now),
        Command::Shelve {
            condition,
            by,
            reason,
            for_ms,
            once,
        } => {
            let order = shelving::Order {
                condition,
                by: named(by)?,
                reason: given(reason)?,
                for_ms: *for_ms,
                once: *once,
                at_most_ms: desk.shelve_max_ms(),
            };
            shelving::shelve(twin, order, now)
        }
        Command::Unshelve { condition, by } => shelving::unshelve(twin, condition, named(by)?, now),
        Command::TakeOutOfService {
            condition,
            by,
            reason,
        } => shelving::take_out(twin, condition, named(by)?, given(reason)?, now),
        Command::PutInService { condition, by } => {
            shelving::put_in(twin, condition, named(by)?, now)
        }
        Command::Incident { order } => Ok(dispatch::command(twin, desk, order, now)?),
        Command::Reveal { reveal } => Ok(vec![Change::Revealed {
            reveal: reveal.clone(),
        }]),
    }
}

fn known(twin: &Twin, alarm: AlarmId) -> Result<&Alarm, Refusal> {
    let known = twin.live().alarms.get(&alarm);
    known.ok_or(Refusal::NoSuchAlarm { alarm })
}

fn acknowledge(
    twin: &Twin,
    alarm: AlarmId,
    by: &Actor,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    if let Some(earlier) = &known(twin, alarm)?.acknowledged {
        let by = earlier.by.clone();
        return Err(Refusal::AlreadyAcknowledged { alarm, by });
    }
    let by = by.clone();
    Ok(vec![Change::AlarmAcknowledged { alarm, by, at }])
}

/// Only what has ended and was taken notice of is let go: a reset must not hide anything.
fn reset(twin: &Twin, alarm: AlarmId, by: &Actor, at: Timestamp) -> Result<Vec<Change>, Refusal> {
    let one = known(twin, alarm)?;
    if !one.latched {
        return Err(Refusal::NotLatched { alarm });
    }
    if one.active {
        return Err(Refusal::StillActive { alarm });
    }
    if one.acknowledged.is_none() {
        return Err(Refusal::NotAcknowledged { alarm });
    }
    let by = named(by)?.clone();
    Ok(vec![Change::AlarmReset { alarm, by, at }])
}

/// A visible line of at most so many characters, without blanks around it.
pub(super) fn line(text: &str, most: usize) -> Option<&str> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= most;
    (fits && !text.chars().any(is_unseen)).then_some(text)
}

fn given(reason: &str) -> Result<&str, Refusal> {
    line(reason, REASON_MAX).ok_or(Refusal::NoReason { most: REASON_MAX })
}

fn named(by: &Actor) -> Result<&Actor, Refusal> {
    match line(&by.0, ACTOR_MAX) {
        Some(_) => Ok(by),
        None => Err(Refusal::Nobody { most: ACTOR_MAX }),
    }
}
