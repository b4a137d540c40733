//! From messages to readings: what cannot be used is counted, what is known already is let go.

use crate::base::Timestamp;
use crate::feed::payload::AHEAD_MS;
use crate::model::{Reading, Twin};

/// The usable readings of a tick.
pub(super) struct Decoded {
    /// In the order of devices, and of device time within each.
    pub(super) readings: Vec<Reading>,
    /// Readings of unknown devices or from the future.
    pub(super) refused: u64,
}

/// Sorts out what arrived. A message is identified by device, device time and value, so one that
/// is delivered again right away is recognised here; older ones change nothing further on.
pub(super) fn decode(twin: &Twin, mut readings: Vec<Reading>, now: Timestamp) -> Decoded {
    let ground = twin.ground();
    let before = readings.len();
    readings.retain(|it| it.at <= now.plus(AHEAD_MS) && ground.devices.contains_key(&it.device));
    let refused = (before - readings.len()) as u64;
    let live = twin.live();
    readings.retain(|it| {
        let last = live.devices.get(&it.device).map(|state| &state.last);
        last.is_none_or(|last| !same_message(last, it))
    });
    readings.sort_by_key(|it| (it.device, it.at));
    readings.dedup_by(|a, b| same_message(a, b));
    Decoded { readings, refused }
}

fn same_message(a: &Reading, b: &Reading) -> bool {
    (a.device, a.at, a.value, a.second) == (b.device, b.at, b.value, b.second)
}
