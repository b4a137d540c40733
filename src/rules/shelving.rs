//! Alarms put aside: shelved for a time or until they have ended, or taken out of service. What is
//! put aside is judged, raised and kept as ever; it only stands last in the lists, with its reason.
//! Used by `command` for what people order and by [`super::step`] for what comes back by itself.
//!
//! After ISA-18.2 and IEC 62682: by a person, for a time that is capped, with a reason, on record,
//! listed. An alarm of the worst grade that nobody took notice of cannot be shelved: it would leave
//! the head of the list unseen.

use crate::base::{AlarmId, Millis, Timestamp};
use crate::model::{
    Actor, Change, Condition, Grade, OutOfService, Refusal, Shelf, Twin, Unshelving,
};

/// Shortest: a shelf that ends at once would only be noise in the log.
const SHELVED_MIN_MS: Millis = 60_000;
const HOUR_MS: Millis = 3_600_000;

/// An order to shelve.
pub(super) struct Order<'a> {
    pub condition: &'a Condition,
    pub by: &'a Actor,
    pub reason: &'a str,
    pub for_ms: Millis,
    pub once: bool,
    /// Longest time that the city's table allows.
    pub at_most_ms: Millis,
}

pub(super) fn shelve(
    twin: &Twin,
    order: Order<'_>,
    now: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    let condition = order.condition;
    is_there(twin, condition)?;
    if !(SHELVED_MIN_MS..=order.at_most_ms).contains(&order.for_ms) {
        let most_h = (order.at_most_ms / HOUR_MS) as u32;
        return Err(Refusal::NotThatLong { most_h });
    }
    if let Some(shelf) = shelf(twin, condition) {
        let by = shelf.by.clone();
        return Err(Refusal::AlreadyShelved { by });
    }
    let mut alarms = twin.live().alarms.values();
    let unseen = alarms.find(|alarm| {
        condition.is_of(alarm) && alarm.grade == Grade::Red && alarm.acknowledged.is_none()
    });
    if let Some(alarm) = unseen {
        return Err(Refusal::NotAcknowledged { alarm: alarm.id });
    }
    let shelf = Shelf {
        by: order.by.clone(),
        at: now,
        reason: order.reason.to_owned(),
        until: now.plus(order.for_ms),
        once: order.once,
    };
    let condition = condition.clone();
    Ok(vec![Change::Shelved { condition, shelf }])
}

pub(super) fn unshelve(
    twin: &Twin,
    condition: &Condition,
    by: &Actor,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    shelf(twin, condition).ok_or(Refusal::NotShelved)?;
    let why = Unshelving::Asked(by.clone());
    let condition = condition.clone();
    Ok(vec![Change::Unshelved { condition, why, at }])
}

pub(super) fn take_out(
    twin: &Twin,
    condition: &Condition,
    by: &Actor,
    reason: &str,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    is_there(twin, condition)?;
    if let Some(mark) = mark(twin, condition) {
        let by = mark.by.clone();
        return Err(Refusal::AlreadyOutOfService { by });
    }
    let mark = OutOfService {
        by: by.clone(),
        at,
        reason: reason.to_owned(),
    };
    let condition = condition.clone();
    Ok(vec![Change::TakenOutOfService { condition, mark }])
}

pub(super) fn put_in(
    twin: &Twin,
    condition: &Condition,
    by: &Actor,
    at: Timestamp,
) -> Result<Vec<Change>, Refusal> {
    mark(twin, condition).ok_or(Refusal::InService)?;
    let (condition, by) = (condition.clone(), by.clone());
    Ok(vec![Change::PutInService { condition, by, at }])
}

/// What comes back by itself: what was shelved for a time that is over, and what was shelved once
/// and whose alarm ends by one of `changes`.
pub(super) fn bring_back(twin: &Twin, now: Timestamp, changes: &mut Vec<Change>) {
    let live = twin.live();
    // It may have been raised in the same step.
    let raised = |id: AlarmId| {
        changes.iter().find_map(|change| match change {
            Change::AlarmRaised { alarm } if alarm.id == id => Some(alarm),
            _ => None,
        })
    };
    let has_ended = |condition: &Condition| {
        changes.iter().any(|change| match change {
            Change::AlarmReturned { alarm, .. } => {
                let alarm = live.alarms.get(alarm).or_else(|| raised(*alarm));
                alarm.is_some_and(|alarm| condition.is_of(alarm))
            }
            _ => false,
        })
    };
    let back = live.standings.iter().filter_map(|(condition, standing)| {
        let shelf = standing.shelf.as_ref()?;
        let why = if shelf.until <= now {
            Some(Unshelving::Time)
        } else {
            (shelf.once && has_ended(condition)).then_some(Unshelving::Return)
        };
        why.map(|why| Change::Unshelved {
            condition: condition.clone(),
            why,
            at: now,
        })
    });
    let back: Vec<Change> = back.collect();
    changes.extend(back);
}

/// A device that was taken away from the ground may still be put back in service, but nothing more
/// is ordered about it.
fn is_there(twin: &Twin, condition: &Condition) -> Result<(), Refusal> {
    let device = condition.device;
    match twin.ground().devices.contains_key(&device) {
        true => Ok(()),
        false => Err(Refusal::NoSuchDevice { device }),
    }
}

fn shelf<'a>(twin: &'a Twin, condition: &Condition) -> Option<&'a Shelf> {
    let standing = twin.live().standings.get(condition);
    standing.and_then(|one| one.shelf.as_ref())
}

fn mark<'a>(twin: &'a Twin, condition: &Condition) -> Option<&'a OutOfService> {
    let standing = twin.live().standings.get(condition);
    standing.and_then(|one| one.out_of_service.as_ref())
}
