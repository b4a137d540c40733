//! What follows as time passes without a reading: delays that are over, hours that end, nothing used
//! for too long, rules that were withdrawn. Looked for once a second, over devices for which a rule
//! remembers something or whose alarm is active.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{DeviceId, Timestamp};
use crate::model::alarm_rule::RuleState;
use crate::model::{Change, DeviceHealth, DeviceState, RuleMemory, Twin};

use super::weigh::{Facts, Weighed};
use super::{Active, MISSED_REPORTS, Plan, interval_ms};

/// Whether time alone can bring anything about.
fn waits(memory: &RuleMemory) -> bool {
    let one = |state: &RuleState| {
        state.since.is_some() || state.back_since.is_some() || state.quiet_since.is_some()
    };
    memory.of.values().any(one)
}

/// Notes what time alone brings about. Devices of `heard` were judged by their readings just now.
pub(super) fn find(
    twin: &Twin,
    plan: &Plan,
    active: &Active,
    heard: &BTreeMap<DeviceId, DeviceState>,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let memories = twin.live().rules.iter();
    let waiting = memories
        .filter(|(_, memory)| waits(memory))
        .map(|(id, _)| *id);
    let alarmed = active.keys().map(|(id, _)| *id);
    let devices: BTreeSet<DeviceId> = waiting.chain(alarmed).collect();
    for id in devices.into_iter().filter(|id| !heard.contains_key(id)) {
        look(twin, plan, active, id, now, changes);
    }
}

fn look(
    twin: &Twin,
    plan: &Plan,
    active: &Active,
    id: DeviceId,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let live = twin.live();
    let Some(device) = twin.ground().devices.get(&id) else {
        return;
    };
    // A device whose kind no table knows is not judged, so nothing of it ends either.
    let Some(kind) = plan.kinds().get(&device.kind) else {
        return;
    };
    let of_device = active
        .range((id, "")..)
        .take_while(|((one, _), _)| *one == id);
    let withdrawn = of_device.filter(|((_, rule), _)| !plan.knows(rule, id, &kind.id));
    changes.extend(withdrawn.map(|(_, alarm)| Change::AlarmReturned {
        alarm: *alarm,
        at: now,
    }));
    let Some(state) = live.devices.get(&id) else {
        return;
    };
    let gap_max_ms = MISSED_REPORTS * interval_ms(device, kind.interval_s);
    let is_fine = state.health == DeviceHealth::Fine;
    let until = is_fine.then(|| now.min(state.last.at.plus(gap_max_ms)));
    let facts = Facts {
        device: id,
        offset_minutes: plan.offset_minutes(),
        exercise: live.feed.exercise,
    };
    let remembered = live.rules.get(&id).cloned().unwrap_or_default();
    let mut memory = remembered.clone();
    for rule in plan.rules(id, &kind.id) {
        let alarm = active.get(&(id, rule.id.as_str())).copied();
        let mut weighed = Weighed::take_out(rule, &mut memory, alarm);
        changes.extend(weighed.look(until, now, &state.last, facts));
        weighed.put_back(&mut memory);
    }
    if memory != remembered {
        changes.push(Change::Memory { device: id, memory });
    }
}
