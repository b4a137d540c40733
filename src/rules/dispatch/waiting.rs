//! Alarms of one tick that are in no incident yet, by the house they are in: whoever folds one looks here
//! for those that belong to it. Used by `fold`. Never decides what belongs together.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{AlarmId, BuildingId, Timestamp};
use crate::model::Alarm;

use super::Draft;

/// By when it was raised, and by its id.
pub(super) type Turn = (Timestamp, AlarmId);

/// Alarms of a tick that are in no incident yet, and those of them at each house.
pub(super) struct Waiting<'a> {
    alarms: BTreeMap<Turn, &'a Alarm>,
    at_house: BTreeMap<BuildingId, BTreeSet<Turn>>,
}

impl<'a> Waiting<'a> {
    pub(super) fn of(draft: &Draft<'_>, alarms: &[&'a Alarm]) -> Self {
        let mut at_house = BTreeMap::<BuildingId, BTreeSet<Turn>>::new();
        for alarm in alarms {
            if let Some(house) = house_of(draft, alarm) {
                let turn = (alarm.raised_at, alarm.id);
                at_house.entry(house).or_default().insert(turn);
            }
        }
        let turns = alarms.iter().map(|one| ((one.raised_at, one.id), *one));
        Self {
            alarms: turns.collect(),
            at_house,
        }
    }

    /// The one whose turn this is, if it is left.
    pub(super) fn alarm(&self, turn: &Turn) -> Option<&'a Alarm> {
        self.alarms.get(turn).copied()
    }

    /// Takes one out; `false` when it was taken before.
    pub(super) fn take(&mut self, alarm: &Alarm) -> bool {
        self.alarms.remove(&(alarm.raised_at, alarm.id)).is_some()
    }

    /// Those in the house of an alarm and behind its walls.
    pub(super) fn beside(&self, draft: &Draft<'_>, alarm: &Alarm) -> BTreeSet<Turn> {
        let house = house_of(draft, alarm);
        let record = house.and_then(|id| draft.ground().buildings.get(&id));
        let walls = record.map_or(&[][..], |house| house.party_walls.as_slice());
        let turns = house.iter().chain(walls);
        let turns = turns.filter_map(|id| self.at_house.get(id)).flatten();
        let left = turns.filter(|turn| self.alarms.contains_key(*turn));
        left.copied().collect()
    }
}

fn house_of(draft: &Draft<'_>, alarm: &Alarm) -> Option<BuildingId> {
    draft.ground().devices.get(&alarm.device)?.building
}
