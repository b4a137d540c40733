//! What each reading and each change does to the live state: the fold of [`super::Twin::apply`], its
//! only caller. Never decides anything.

use crate::base::{AlarmId, Timestamp};

use super::{Acknowledgement, Alarm, Change, DeviceState, Live, Reading, Standing};

pub(super) fn take_reading(live: &mut Live, reading: &Reading) {
    match live.devices.get_mut(&reading.device) {
        Some(state) => {
            state.take(reading);
        }
        None => {
            live.devices
                .insert(reading.device, DeviceState::first(reading));
        }
    }
}

/// Takes a change of a batch of this time.
pub(super) fn take_change(live: &mut Live, change: &Change, at: Timestamp) {
    match change {
        Change::Feed { status } => live.feed = status.clone(),
        Change::Health { device, health, at } => {
            if let Some(state) = live.devices.get_mut(device) {
                state.judge(*health, *at);
            }
        }
        Change::Memory { device, memory } if *memory == Default::default() => {
            live.rules.remove(device);
        }
        Change::Memory { device, memory } => {
            live.rules.insert(*device, memory.clone());
        }
        Change::Judged { device, judgement } => {
            live.judged.insert(*device, judgement.clone());
        }
        Change::RulesReplaced { rules } => {
            live.alarm_rules = Some(rules.clone());
            live.rules_refused = None;
        }
        Change::RulesRefused { refused } => live.rules_refused = Some(refused.clone()),
        Change::LogDamaged { damage } => live.log_damage = Some(damage.clone()),
        Change::Revealed { .. } => live.reveals = live.reveals.saturating_add(1),
        Change::Incident { step } => live.dispatch.take(step, &live.alarms),
        Change::AlarmRaised { .. }
        | Change::AlarmReturned { .. }
        | Change::AlarmAcknowledged { .. }
        | Change::AlarmReset { .. }
        | Change::AlarmSuppressed { .. }
        | Change::SuppressionEnded { .. } => take_alarm(live, change, at),
        Change::Shelved { .. }
        | Change::Unshelved { .. }
        | Change::TakenOutOfService { .. }
        | Change::PutInService { .. } => take_order(live, change),
    }
}

/// What happens to one alarm.
fn take_alarm(live: &mut Live, change: &Change, at: Timestamp) {
    match change {
        Change::AlarmRaised { alarm } => raise(live, alarm, at),
        Change::AlarmSuppressed { alarm, mark } => {
            if let Some(known) = live.alarms.get_mut(alarm) {
                known.suppressed = Some(mark.clone());
            }
        }
        Change::SuppressionEnded { alarm, .. } => end_suppression(live, *alarm, at),
        Change::AlarmReturned { alarm, at } => {
            if let Some(known) = live.alarms.get_mut(alarm) {
                known.active = false;
                known.returned_at = Some(*at);
            }
            live.alarms.retain(|_, alarm| alarm.is_open());
        }
        Change::AlarmAcknowledged { alarm, by, at } => {
            if let Some(known) = live.alarms.get_mut(alarm) {
                known.acknowledged = Some(Acknowledgement {
                    by: by.clone(),
                    at: *at,
                });
            }
            live.alarms.retain(|_, alarm| alarm.is_open());
        }
        Change::AlarmReset { alarm, .. } => {
            if let Some(known) = live.alarms.get_mut(alarm) {
                known.latched = false;
            }
            live.alarms.retain(|_, alarm| alarm.is_open());
        }
        _ => {}
    }
}

/// An id names one raising: the same one told twice is still one alarm.
fn raise(live: &mut Live, alarm: &Alarm, at: Timestamp) {
    if live.alarms.insert(alarm.id, alarm.clone()).is_some() {
        return;
    }
    live.alarms_raised = live.alarms_raised.saturating_add(1);
    if alarm.suppressed.is_none() {
        live.flood.take(at);
    }
}

/// What still holds is as new: nobody has had to do with it. What does not was explained, and goes.
fn end_suppression(live: &mut Live, alarm: AlarmId, at: Timestamp) {
    let Some(known) = live.alarms.get_mut(&alarm) else {
        return;
    };
    if known.suppressed.take().is_none() {
        return;
    }
    if known.active || known.latched {
        known.acknowledged = None;
        live.flood.take(at);
    } else {
        live.alarms.remove(&alarm);
    }
}

/// What was ordered about alarms beforehand.
fn take_order(live: &mut Live, change: &Change) {
    match change {
        Change::Shelved { condition, shelf } => {
            let shelf = Some(shelf.clone());
            live.standings.change(condition, |one| one.shelf = shelf);
        }
        Change::Unshelved { condition, .. } => {
            live.standings.change(condition, |one| one.shelf = None);
        }
        Change::TakenOutOfService { condition, mark } => {
            let mark = Some(mark.clone());
            let change = |one: &mut Standing| one.out_of_service = mark;
            live.standings.change(condition, change);
        }
        Change::PutInService { condition, .. } => {
            let change = |one: &mut Standing| one.out_of_service = None;
            live.standings.change(condition, change);
        }
        _ => {}
    }
}
