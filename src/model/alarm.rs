//! Alarms and what people may order about them, in the terms of ISA-18.2 and IEC 62682 (OPC UA
//! Part 9 names them alike): active and acknowledged are two memories; an alarm may be latched; what
//! a device or a rule warns of may be shelved for a time or taken out of service; what another thing
//! explains is suppressed by design. Decided in
//! `rules`, kept in the twin, shown by everybody. Never decides what is legal.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::{AlarmId, DeviceId, Timestamp};

use super::{Actor, Grade, Live};

/// Who acknowledged an alarm, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// An alarm. `active` and `acknowledged` are two separate memories (ISA-18.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Id, derived from device, rule and the reading that raised it.
    pub id: AlarmId,
    /// The device.
    pub device: DeviceId,
    /// The rule that raised it.
    pub rule: String,
    /// Grade.
    pub grade: Grade,
    /// Device time of the reading that raised it.
    pub raised_at: Timestamp,
    /// The value of that reading.
    pub value: f64,
    /// Whether the condition still holds.
    pub active: bool,
    /// When the condition ended.
    pub returned_at: Option<Timestamp>,
    /// Who took notice.
    pub acknowledged: Option<Acknowledgement>,
    /// Whether it belongs to a drill.
    pub exercise: bool,
    /// Whether it stays, once its condition ended and somebody took notice, until it is reset.
    #[serde(default, skip_serializing_if = "is_false")]
    pub latched: bool,
    /// Whether the table of rules has it suppressed by design, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppressed>,
}

/// Why an alarm is suppressed by design: an entry of the table of alarm rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppressed {
    /// Id of the entry.
    pub by: String,
    /// What it is called in Chinese.
    pub zh: String,
    /// What it is called in English.
    pub en: String,
    /// Since when.
    pub since: Timestamp,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Alarm {
    /// What can be shelved or taken out of service so that it concerns this alarm and the next ones
    /// of its rule and device.
    #[must_use]
    pub fn condition(&self) -> Condition {
        Condition {
            device: self.device,
            rule: Some(self.rule.clone()),
        }
    }

    /// Whether a person still has to do with it: it is active, nobody acknowledged it, or it is
    /// latched and was not reset.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.active || self.acknowledged.is_none() || self.latched
    }
}

/// What a device may warn of: under one rule, or under all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// The device.
    pub device: DeviceId,
    /// The rule; `None` for all of the device's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

impl Condition {
    /// All that a device may warn of.
    #[must_use]
    pub const fn of_device(device: DeviceId) -> Self {
        Self { device, rule: None }
    }

    /// Whether it holds for an alarm.
    #[must_use]
    pub fn is_of(&self, alarm: &Alarm) -> bool {
        let is_rule = self.rule.as_ref().is_none_or(|rule| *rule == alarm.rule);
        self.device == alarm.device && is_rule
    }
}

/// Alarms put aside by somebody for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, in the person's own words.
    pub reason: String,
    /// When they come back by themselves.
    pub until: Timestamp,
    /// Whether they come back earlier, once the alarm that is or gets active has ended
    /// (one-shot).
    pub once: bool,
}

/// Alarms taken out of service, for example while somebody works on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfService {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, in the person's own words.
    pub reason: String,
}

/// What was ordered about alarms beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// They are shelved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shelf: Option<Shelf>,
    /// They are out of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out_of_service: Option<OutOfService>,
}

impl Standing {
    /// Why alarms under it are put aside.
    #[must_use]
    pub fn aside(&self) -> Option<Aside<'_>> {
        let service = self.out_of_service.as_ref().map(Aside::OutOfService);
        service.or_else(|| self.shelf.as_ref().map(Aside::Shelved))
    }
}

/// Why an alarm is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside<'a> {
    /// Somebody shelved it.
    Shelved(&'a Shelf),
    /// Its device or rule is out of service.
    OutOfService(&'a OutOfService),
    /// It is suppressed by design.
    Suppressed(&'a Suppressed),
}

/// Standings by what they hold for; what is ordered nowhere is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings(BTreeMap<Condition, Standing>);

impl Standings {
    /// Whether nothing is ordered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is ordered about exactly this.
    #[must_use]
    pub fn get(&self, of: &Condition) -> Option<&Standing> {
        self.0.get(of)
    }

    /// All of them, by device.
    pub fn iter(&self) -> impl Iterator<Item = (&Condition, &Standing)> {
        self.0.iter()
    }

    /// Changes what is ordered; what has become nothing is forgotten.
    pub(super) fn change(&mut self, of: &Condition, change: impl FnOnce(&mut Standing)) {
        let standing = self.0.entry(of.clone()).or_default();
        change(standing);
        if *standing == Standing::default() {
            self.0.remove(of);
        }
    }
}

/// One entry of the written form.
#[derive(Serialize, Deserialize)]
struct Entry<C, S> {
    of: C,
    standing: S,
}

// A list, for the keys of a JSON map are texts.
impl Serialize for Standings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|(of, standing)| Entry { of, standing }))
    }
}

impl<'de> Deserialize<'de> for Standings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let entries = Vec::<Entry<Condition, Standing>>::deserialize(from)?;
        let entries = entries.into_iter().map(|one| (one.of, one.standing));
        Ok(Self(entries.collect()))
    }
}

impl Live {
    /// The open alarm of `device` under `rule` that is still active, if there is one.
    #[must_use]
    pub fn active_alarm(&self, device: DeviceId, rule: &str) -> Option<&Alarm> {
        self.alarms
            .values()
            .find(|alarm| alarm.active && alarm.device == device && alarm.rule == rule)
    }

    /// Why an alarm is put aside, if it is: what is put aside stands last in every list, with the
    /// reason, and is counted; it is never left out.
    #[must_use]
    pub fn aside<'a>(&'a self, alarm: &'a Alarm) -> Option<Aside<'a>> {
        let of_device = Condition::of_device(alarm.device);
        let one = self.standings.get(&alarm.condition());
        let all = self.standings.get(&of_device);
        let ordered = [one, all].into_iter().flatten().find_map(Standing::aside);
        ordered.or_else(|| alarm.suppressed.as_ref().map(Aside::Suppressed))
    }

    /// Open alarms, worst first: those that are not put aside, then by grade, unacknowledged
    /// before acknowledged, and the newest first. The order of the wall and of every list.
    #[must_use]
    pub fn queue(&self) -> Vec<&Alarm> {
        let mut list: Vec<_> = self.alarms.values().collect();
        list.sort_by_key(|alarm| {
            let raised = std::cmp::Reverse(alarm.raised_at);
            (
                self.aside(alarm).is_some(),
                alarm.grade,
                alarm.acknowledged.is_some(),
                !alarm.active,
                raised,
                alarm.id,
            )
        });
        list
    }
}
