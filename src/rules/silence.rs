//! Devices that stopped reporting. Looked for over every device ever heard, and therefore once a
//! second, not on every tick.

use std::collections::BTreeMap;

use crate::base::{DeviceId, Timestamp};
use crate::model::{Change, DeviceHealth, DeviceState, Twin};

use super::{MISSED_REPORTS, Plan, interval_ms};

/// Nobody is silent so soon: an interval is a second at least. Passes over most devices cheaply.
const SHORTEST_MS: i64 = MISSED_REPORTS * 1_000;

/// How often silence is looked for: the shortest interval, so no device is told late by more.
const LOOK_MS: i64 = 1_000;

/// Whether it is time to look: the first tick of a second looks. `last` is the time of the last
/// batch, which is in the twin, so a restart and a second engine look at the same moments. While
/// nothing at all happens there are no batches, and every tick looks: then there is time for it.
pub(super) fn is_due(last: Timestamp, now: Timestamp) -> bool {
    let second = |at: Timestamp| at.millis().div_euclid(LOOK_MS);
    second(last) != second(now)
}

/// Notes the devices that missed three reports. `heard` holds the newer state of those that
/// have readings in this step. Time in which the engine itself did not listen does not count.
pub(super) fn find(
    twin: &Twin,
    plan: &Plan,
    heard: &BTreeMap<DeviceId, DeviceState>,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let live = twin.live();
    // Both maps are in the order of ids, so one walk over both finds every device's record.
    let mut records = twin.ground().devices.iter().peekable();
    for (id, state) in &live.devices {
        let state = heard.get(id).unwrap_or(state);
        let quiet_ms = now - state.heard.max(live.feed.since);
        if state.health == DeviceHealth::Silent || quiet_ms <= SHORTEST_MS {
            continue;
        }
        while records.next_if(|(other, _)| *other < id).is_some() {}
        let Some((_, device)) = records.next_if(|(other, _)| *other == id) else {
            continue;
        };
        let Some(kind) = plan.kinds().get(&device.kind) else {
            continue;
        };
        if quiet_ms > MISSED_REPORTS * interval_ms(device, kind.interval_s) {
            changes.push(Change::Health {
                device: *id,
                health: DeviceHealth::Silent,
                at: now,
            });
        }
    }
}
