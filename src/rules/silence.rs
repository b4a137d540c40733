//! Devices that stopped reporting. Looked for on every tick over every device ever heard.

use std::collections::BTreeMap;

use crate::base::{DeviceId, Timestamp};
use crate::model::{Change, DeviceHealth, DeviceState, KindTable, Twin};

use super::{MISSED_REPORTS, interval_ms};

/// Nobody is silent so soon: an interval is a second at least. Passes over most devices cheaply.
const SHORTEST_MS: i64 = MISSED_REPORTS * 1_000;

/// Notes the devices that missed three reports. `heard` holds the newer state of those that
/// have readings in this step. Time in which the engine itself did not listen does not count.
pub(super) fn find(
    twin: &Twin,
    kinds: &KindTable,
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
        let Some(kind) = kinds.get(&device.kind) else {
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
