//! Which readings stand for themselves. Used by every feed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::DeviceId;
use crate::model::{Ground, KindTable, Reading};

use super::Urgency;

/// Knows the kind of every device.
pub(super) struct Urgencies {
    place_of: HashMap<DeviceId, usize>,
    kinds: Arc<KindTable>,
}

impl Urgencies {
    pub(super) fn new(ground: &Ground, kinds: &Arc<KindTable>) -> Self {
        let devices = ground.devices.values();
        let places = devices.filter_map(|it| Some((it.id, kinds.position(&it.kind)?)));
        Self {
            place_of: places.collect(),
            kinds: kinds.clone(),
        }
    }

    /// Where one reading is enough for an alarm, a newer one must not take its place.
    pub(super) fn of(&self, reading: &Reading) -> Urgency {
        let place = self.place_of.get(&reading.device);
        match place.is_some_and(|place| self.kinds.all()[*place].stands_alone(reading.value)) {
            true => Urgency::Event,
            false => Urgency::Telemetry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample::{city, device_id, reading};

    #[test]
    fn a_press_is_an_event() {
        let urgencies = Urgencies::new(&city(1), &Arc::new(KindTable::standard()));
        let check = |kind, value, expected| {
            let made = reading(device_id(kind, 0), 0, value);
            assert_eq!(urgencies.of(&made), expected, "{kind} {value}");
        };
        check("help_button", 1.0, Urgency::Event);
        check("help_button", 0.0, Urgency::Telemetry);
        check("smoke", 30.0, Urgency::Telemetry);
    }
}
