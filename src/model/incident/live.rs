//! What runs there: devices with their last readings and alarms, and open events.

use crate::base::{DeviceId, EventId, PersonalField, Rights, Sealed, Subject};
use crate::model::query::{Filter, may_know_home};
use crate::model::{Alarm, DeviceHealth, EntityKind, EntityRef, Event};

use super::facts::{DeviceFacts, EventFacts};
use super::{AROUND_M, Moment, Preparation, Scene};

impl Preparation<'_> {
    /// Devices of the building, or around the place; those with an alarm first, the worst of them
    /// at the top.
    pub(super) fn devices(
        &self,
        scene: &Scene,
        moment: &Moment<'_>,
        rights: &dyn Rights,
    ) -> Vec<DeviceFacts> {
        let ids: Vec<DeviceId> = match scene.building {
            Some(building) => self.city.links().devices.get(building).collect(),
            None => self
                .around(scene, EntityKind::Device, rights)
                .map(DeviceId::from_bits)
                .collect(),
        };
        let mut facts: Vec<DeviceFacts> = ids
            .into_iter()
            .filter_map(|id| self.device(id, moment))
            .collect();
        facts.sort_by_key(|one| {
            let worst = one.alarm.is_none();
            (
                worst,
                one.alarm,
                one.is_acknowledged,
                one.kind.clone(),
                one.id,
            )
        });
        facts
    }

    fn device(&self, id: DeviceId, moment: &Moment<'_>) -> Option<DeviceFacts> {
        let one = self.city.ground().devices.get(&id)?;
        let state = moment.live.devices.get(&id);
        let alarms = moment
            .live
            .alarms
            .values()
            .filter(|alarm| alarm.device == id);
        let worst = alarms.min_by_key(|alarm: &&Alarm| (alarm.grade, alarm.id));
        let kind = moment.kinds.get(&one.kind);
        Some(DeviceFacts {
            id,
            kind: one.kind.clone(),
            name: one.name.clone(),
            value: state.map(|state| state.last.value),
            unit: kind.map_or_else(String::new, |kind| kind.unit.clone()),
            at: state.map(|state| state.last.at),
            health: state
                .map_or(DeviceHealth::Unseen, |state| state.health)
                .as_str(),
            alarm: worst.map(|alarm| alarm.grade),
            alarm_since: worst.map(|alarm| alarm.raised_at),
            is_acknowledged: worst.is_some_and(|alarm| alarm.acknowledged.is_some()),
        })
    }

    /// Open events about the building, or around the place; the oldest first. Those about a home are told
    /// only to who may know it: here they would say in which house it is.
    pub(super) fn events(&self, scene: &Scene, rights: &dyn Rights) -> Vec<EventFacts> {
        let ids: Vec<EventId> = match scene.building {
            Some(building) => self.city.links().events.get(building).collect(),
            None => self
                .around(scene, EntityKind::Event, rights)
                .map(EventId::from_bits)
                .collect(),
        };
        let events = ids
            .iter()
            .filter_map(|id| self.city.ground().events.get(id));
        let mut facts: Vec<EventFacts> = events
            .filter(|one| one.is_open() && may_know_home(self.city, key_of(one), rights))
            .map(|one| self.event(one, rights))
            .collect();
        facts.sort_by_key(|one| (one.reported_at, one.id));
        facts
    }

    fn event(&self, one: &Event, rights: &dyn Rights) -> EventFacts {
        let of = match one.area {
            Some(area) => Subject {
                id: &one.id,
                area: Some(area.bits()),
            },
            None => self.subject(EntityKind::Event, &one.id, one.id.bits()),
        };
        let show = |value: Option<&Sealed>| {
            value.map(|value| rights.show(PersonalField::Report, value, &of))
        };
        if one.is_about_a_home() {
            rights.reveal(PersonalField::Door, &of);
        }
        EventFacts {
            id: one.id,
            kind: one.kind,
            group: one.group,
            title: one.shown_title().to_owned(),
            status: one.status,
            reported_at: one.reported_at,
            due_at: one.due_at,
            reporter: show(one.reporter.as_ref()),
            text: show(one.text.as_ref()),
        }
    }

    fn around(
        &self,
        scene: &Scene,
        kind: EntityKind,
        rights: &dyn Rights,
    ) -> impl Iterator<Item = u64> {
        let filter = Filter::kind(kind);
        let found = self.city.near(scene.at, AROUND_M, &filter, rights);
        found
            .unwrap_or_default()
            .into_iter()
            .map(|one| one.key.bits)
    }
}

fn key_of(event: &Event) -> EntityRef {
    EntityRef {
        kind: EntityKind::Event,
        bits: event.id.bits(),
    }
}
