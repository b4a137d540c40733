//! From messages to readings: what cannot be used is counted, what is known already is let go.

use crate::base::Timestamp;
use crate::feed::payload::AHEAD_MS;
use crate::model::{KindTable, Reading, Twin};

/// The usable readings of a tick.
pub(super) struct Decoded {
    /// In the order of devices, and of device time within each.
    pub(super) readings: Vec<Reading>,
    /// Readings of unknown devices or from the future.
    pub(super) refused: u64,
}

/// Sorts out what arrived. A message is identified by device, device time and value, so one that
/// is delivered again right away is recognised here; older ones change nothing further on, but for
/// those that stand for themselves: of these `knows` tells whether they were taken before.
pub(super) fn decode(
    twin: &Twin,
    kinds: &KindTable,
    mut readings: Vec<Reading>,
    now: Timestamp,
    knows: &mut dyn FnMut(&Reading) -> bool,
) -> Decoded {
    let ground = twin.ground();
    let before = readings.len();
    readings.retain(|it| it.at <= now.plus(AHEAD_MS) && ground.devices.contains_key(&it.device));
    let refused = (before - readings.len()) as u64;
    readings.sort_by_key(|it| (it.device, it.at));
    let live = twin.live();
    let stands_alone = |it: &Reading| {
        let kind = ground.devices.get(&it.device).map(|device| &device.kind);
        let kind = kind.and_then(|kind| kinds.get(kind));
        kind.is_some_and(|kind| kind.stands_alone(it.value))
    };
    let mut fresh: Vec<Reading> = Vec::with_capacity(readings.len());
    for reading in readings {
        let of_this_time = fresh.iter().rev();
        let mut of_this_time =
            of_this_time.take_while(|one| (one.device, one.at) == (reading.device, reading.at));
        if of_this_time.any(|one| same_message(one, &reading)) {
            continue;
        }
        let last = live.devices.get(&reading.device).map(|state| &state.last);
        let is_known = last.is_some_and(|last| {
            let is_late = reading.at <= last.at;
            same_message(last, &reading) || is_late && stands_alone(&reading) && knows(&reading)
        });
        if !is_known {
            fresh.push(reading);
        }
    }
    Decoded {
        readings: fresh,
        refused,
    }
}

pub(super) fn same_message(a: &Reading, b: &Reading) -> bool {
    (a.device, a.at, a.value, a.second) == (b.device, b.at, b.value, b.second)
}
