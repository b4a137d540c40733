//! Alarm rules: decides when to warn, which devices are at fault, and what may happen to a
//! warning next.
//!
//! Used by `app::pipeline`, once a tick, and by nobody on replay: what it decided is in the log.
//! Its memory is part of the twin, so a restart goes on exactly. Never reads a clock, a file or
//! a random number: time and facts come in as arguments.
//! Start reading at [`step`]; one device is judged in `judge`, one rule of it in `weigh`. Which rules
//! there are is a [`Plan`].

mod assessed;
mod command;
mod connection;
pub mod dispatch;
mod judge;
mod look;
mod measure;
mod plan;
mod shelving;
mod silence;
mod suppress;
mod together;
mod weigh;

pub use command::command;
pub use connection::connections;
pub use plan::{Homes, Plan};

use std::collections::BTreeMap;

use crate::base::{AlarmId, DeviceId, Timestamp};
use crate::model::{Change, Device, Reading, Twin};

use judge::Judge;

/// Reports missed in a row before a device counts as silent; the longest gap, too, over which a
/// step or a run of readings can still be judged.
const MISSED_REPORTS: i64 = 3;

/// Active alarms by device and rule.
type Active<'a> = BTreeMap<(DeviceId, &'a str), AlarmId>;

/// The reporting interval of a device in milliseconds.
fn interval_ms(device: &Device, kind_interval_s: u32) -> i64 {
    i64::from(device.interval_s.unwrap_or(kind_interval_s).max(1)) * 1_000
}

/// What follows from `readings` and from the time that has passed: alarms raised and returned,
/// changes of health, and what the rules have to remember of it.
///
/// Readings may come in any order, late or more than once; those of one device are judged in the
/// order of device time. Readings of devices that the ground does not know are passed over.
/// Silence, and what time alone brings about, is looked for once a second, however often the engine
/// ticks.
#[must_use]
pub fn step(twin: &Twin, plan: &Plan, readings: &[Reading], now: Timestamp) -> Vec<Change> {
    let mut by_device = BTreeMap::<DeviceId, Vec<&Reading>>::new();
    for reading in readings {
        by_device.entry(reading.device).or_default().push(reading);
    }
    let live = twin.live();
    let is_due = silence::is_due(live.at, now);
    let mut active = Active::new();
    if is_due || !by_device.is_empty() {
        let alarms = live.alarms.values().filter(|alarm| alarm.active);
        active.extend(alarms.map(|alarm| ((alarm.device, alarm.rule.as_str()), alarm.id)));
    }

    let mut changes = Vec::new();
    let mut heard = BTreeMap::new();
    for (id, mut readings) in by_device {
        let Some(device) = twin.ground().devices.get(&id) else {
            continue;
        };
        let Some(kind) = plan.kinds().get(&device.kind) else {
            continue;
        };
        // Stable: of two readings with one device time the first to arrive counts.
        readings.sort_by_key(|reading| reading.at);
        let mut judge = Judge::new(live, plan, device, kind, &active);
        for reading in readings {
            judge.take(reading, now, &mut changes);
        }
        heard.extend(judge.finish(&mut changes).map(|state| (id, state)));
    }
    if is_due {
        silence::find(twin, plan, &heard, now, &mut changes);
        look::find(twin, plan, &active, &heard, now, &mut changes);
        assessed::find(twin, plan, &active, now, &mut changes);
    }
    suppress::mark(twin, plan, now, &mut changes);
    together::find(twin, plan, is_due, now, &mut changes);
    suppress::mark(twin, plan, now, &mut changes);
    suppress::look(twin, plan, is_due, now, &mut changes);
    shelving::bring_back(twin, now, &mut changes);
    changes
}

#[cfg(test)]
mod tests;
