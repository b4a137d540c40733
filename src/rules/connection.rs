//! What is said of a device's connection: by its last will, or by its gateway.

use std::collections::BTreeSet;

use crate::base::{DeviceId, Timestamp};
use crate::model::{Change, DeviceHealth, Reading, Twin};

/// What follows from words on connections, each `(device, is it connected)`. A device that is cut off
/// is silent at once, without waiting for three missed reports; one that is connected again is fine
/// until it is judged by what it says. A device with readings in the same step is judged by these, and
/// of one that never reported nothing is known, connected or not.
#[must_use]
pub fn connections(
    twin: &Twin,
    words: impl IntoIterator<Item = (DeviceId, bool)>,
    readings: &[Reading],
    now: Timestamp,
) -> Vec<Change> {
    let live = twin.live();
    // A broker that comes back tells of all devices at once.
    let heard: BTreeSet<DeviceId> = readings.iter().map(|reading| reading.device).collect();
    let follows = words.into_iter().filter_map(|(device, online)| {
        let is_silent = live.devices.get(&device)?.health == DeviceHealth::Silent;
        let is_heard = heard.contains(&device);
        let health = match (online, is_silent) {
            (true, true) if !is_heard => DeviceHealth::Fine,
            (false, false) => DeviceHealth::Silent,
            // Its readings have made it fine in this step.
            (false, true) if is_heard => DeviceHealth::Silent,
            _ => return None,
        };
        Some(Change::Health {
            device,
            health,
            at: now,
        })
    });
    follows.collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::Batch;
    use crate::model::sample::{MORNING, city, device_id, reading};

    #[test]
    fn a_device_that_is_cut_off_is_silent_at_once_and_fine_when_it_is_back() {
        let mut twin = Twin::new(Arc::new(city(2)));
        let [heard, unheard] = [0, 1].map(|number| device_id("smoke", number));
        let mut run = |readings: Vec<Reading>, words: &[(DeviceId, bool)]| {
            let at = twin.live().at.max(MORNING).plus(1_000);
            let changes = connections(&twin, words.iter().copied(), &readings, at);
            let batch = Batch {
                number: twin.live().batch + 1,
                ground_version: 1,
                at,
                readings,
                changes,
                uncommitted: false,
            };
            twin.apply(&batch).unwrap();
            twin.live().devices.get(&heard).map(|state| state.health)
        };
        assert_eq!(run(vec![], &[(heard, false), (unheard, false)]), None);
        let fine = Some(DeviceHealth::Fine);
        let silent = Some(DeviceHealth::Silent);
        assert_eq!(run(vec![reading(heard, 1, 1.0)], &[]), fine);
        assert_eq!(run(vec![], &[(heard, true)]), fine, "nothing new");
        assert_eq!(run(vec![], &[(heard, false)]), silent);
        assert_eq!(run(vec![], &[(heard, false)]), silent, "told again");
        assert_eq!(run(vec![], &[(heard, true)]), fine);
        assert_eq!(run(vec![reading(heard, 2, 1.0)], &[(heard, false)]), silent);
        assert_eq!(twin.live().devices.len(), 1, "the other never reported");
    }
}
