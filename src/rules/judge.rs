//! One device: is it at fault, and if not, what do its rules say of it (`weigh`)?
//!
//! A fault is a matter of the device's health and never an alarm for people. While a device is at
//! fault its readings neither raise nor end an alarm; an active one stays active and visible.
//!
//! A step beyond the kind's `jump` needs confirmation by a return: a lone spike is at fault for
//! one reading, a sensor that was remounted stays at fault until its values come back to what
//! was believed before. After a gap in the reports nothing can be said about a step, so there the
//! threshold decides: better a needless alarm than a flood that nobody is told of.

use std::collections::BTreeMap;

use crate::base::{AlarmId, Millis, Timestamp};
use crate::model::{
    Alarm, Change, Device, DeviceHealth, DeviceKind, DeviceState, Live, Reading, RuleMemory,
};

use super::measure::{Seen, axes};
use super::weigh::{Facts, Weighed};
use super::{Active, MISSED_REPORTS, Plan, interval_ms};

/// Equal readings needed, besides the time, before a value counts as stuck: two equal readings
/// with a long silence between them prove nothing.
const STUCK_READINGS: u32 = 6;
/// A reading that stands for itself and comes later than this is history, and nobody's to see to.
const LATE_MAX_MS: Millis = 24 * 3_600_000;

/// One device under judgement, with the state that the twin will have after the readings so far.
pub(super) struct Judge<'a> {
    device: &'a Device,
    kind: &'a DeviceKind,
    open: &'a BTreeMap<AlarmId, Alarm>,
    gap_max_ms: i64,
    facts: Facts,
    state: Option<DeviceState>,
    remembered: RuleMemory,
    memory: RuleMemory,
    rules: Vec<Weighed<'a>>,
}

impl<'a> Judge<'a> {
    /// Starts from what the twin knows; `active` are the alarms that are active.
    pub(super) fn new(
        live: &'a Live,
        plan: &'a Plan,
        device: &'a Device,
        kind: &'a DeviceKind,
        active: &Active,
    ) -> Self {
        let remembered = live.rules.get(&device.id).cloned().unwrap_or_default();
        let mut memory = remembered.clone();
        let rules = plan.rules(device.id, &kind.id).into_iter();
        let rules = rules.map(|rule| {
            let alarm = active.get(&(device.id, rule.id.as_str())).copied();
            Weighed::take_out(rule, &mut memory, alarm)
        });
        let rules = rules.collect();
        // What is left is of rules that were withdrawn.
        memory.of.clear();
        (memory.over_count, memory.over_since) = (0, None);
        Self {
            device,
            kind,
            open: &live.alarms,
            gap_max_ms: MISSED_REPORTS * interval_ms(device, kind.interval_s),
            facts: Facts {
                device: device.id,
                offset_minutes: plan.offset_minutes(),
                exercise: live.feed.exercise,
            },
            state: live.devices.get(&device.id).cloned(),
            remembered,
            memory,
            rules,
        }
    }

    /// Judges one reading; readings come in the order of device time.
    pub(super) fn take(&mut self, reading: &Reading, now: Timestamp, changes: &mut Vec<Change>) {
        if !reading.is_finite() {
            return self.take_unusable(reading, now, changes);
        }
        let before = self.state.clone();
        match &mut self.state {
            Some(state) => {
                if !state.take(reading) {
                    return self.take_late(reading, now, changes);
                }
            }
            None => self.state = Some(DeviceState::first(reading)),
        }
        let base = self.base(before.as_ref(), reading);
        let health = self.health(base, reading);
        self.memory.trusted = match health {
            DeviceHealth::Jump | DeviceHealth::OutOfRange if self.kind.jump.is_some() => base,
            _ => None,
        };
        self.judge(health, now, changes);
        if health == DeviceHealth::Fine {
            let in_a_row = before
                .as_ref()
                .is_some_and(|it| reading.at - it.last.at <= self.gap_max_ms);
            self.weigh(reading, before.as_ref(), in_a_row, changes);
        }
    }

    /// A reading that comes after a newer one, or with the same device time. Of a series it changes
    /// nothing; one that stands for itself warns all the same. Whoever hands readings in lets go of
    /// those that were judged before.
    fn take_late(&self, reading: &Reading, now: Timestamp, changes: &mut Vec<Change>) {
        let Some(after) = &self.state else { return };
        let counts = self.kind.stands_alone(reading.value) && self.can_be(reading);
        if !counts || now - reading.at > LATE_MAX_MS {
            return;
        }
        let seen = Seen {
            reading,
            before: None,
            after,
            in_a_row: false,
            is_about_zero: self.kind.is_about_zero(),
        };
        for weighed in &self.rules {
            changes.extend(weighed.take_late(&seen, self.open, self.facts));
        }
    }

    /// Notes what the rules have to remember, and gives back the device's state.
    pub(super) fn finish(mut self, changes: &mut Vec<Change>) -> Option<DeviceState> {
        for weighed in self.rules {
            weighed.put_back(&mut self.memory);
        }
        if self.memory != self.remembered {
            changes.push(Change::Memory {
                device: self.device.id,
                memory: self.memory,
            });
        }
        self.state
    }

    /// A reading that is no number never reaches the twin, so its being heard is told as a
    /// change of health: at once when it is news, then once an interval.
    fn take_unusable(&mut self, reading: &Reading, now: Timestamp, changes: &mut Vec<Change>) {
        let Some(state) = &self.state else { return };
        if reading.at <= state.last.at {
            return;
        }
        if self.kind.jump.is_some() && state.health == DeviceHealth::Fine {
            self.memory.trusted.get_or_insert(axes(&state.last));
        }
        let interval_ms = self.gap_max_ms / MISSED_REPORTS;
        if state.health != DeviceHealth::OutOfRange || now - state.heard >= interval_ms {
            self.tell(DeviceHealth::OutOfRange, now, changes);
        }
    }

    /// The values against which a step is measured; `None` when nothing is known or the last
    /// believed reading is too old.
    fn base(&self, before: Option<&DeviceState>, reading: &Reading) -> Option<[f64; 2]> {
        self.memory.trusted.or_else(|| {
            let before = before?;
            let doubted = matches!(before.health, DeviceHealth::Jump | DeviceHealth::OutOfRange);
            let near = reading.at - before.last.at <= self.gap_max_ms;
            (!doubted && near && self.can_be(&before.last)).then(|| axes(&before.last))
        })
    }

    fn can_be(&self, reading: &Reading) -> bool {
        let possible = |value: f64| (self.kind.min..=self.kind.max).contains(&value);
        possible(reading.value) && reading.second.is_none_or(possible)
    }

    fn health(&self, base: Option<[f64; 2]>, reading: &Reading) -> DeviceHealth {
        let kind = self.kind;
        if !self.can_be(reading) {
            return DeviceHealth::OutOfRange;
        }
        if let (Some(jump), Some([first, second])) = (kind.jump, base) {
            let [now_first, now_second] = axes(reading);
            if (now_first - first).hypot(now_second - second) > jump {
                return DeviceHealth::Jump;
            }
        }
        let stuck_ms = i64::from(kind.stuck_s) * 1_000;
        let same = self.state.as_ref().is_some_and(|state| {
            state.same_count >= STUCK_READINGS && reading.at - state.same_since >= stuck_ms
        });
        if stuck_ms > 0 && same {
            DeviceHealth::Stuck
        } else {
            DeviceHealth::Fine
        }
    }

    fn judge(&mut self, health: DeviceHealth, now: Timestamp, changes: &mut Vec<Change>) {
        if self
            .state
            .as_ref()
            .is_some_and(|state| state.health != health)
        {
            self.tell(health, now, changes);
        }
    }

    fn tell(&mut self, health: DeviceHealth, now: Timestamp, changes: &mut Vec<Change>) {
        if let Some(state) = &mut self.state {
            state.judge(health, now);
        }
        changes.push(Change::Health {
            device: self.device.id,
            health,
            at: now,
        });
    }

    /// The rules, for a believed reading.
    fn weigh(
        &mut self,
        reading: &Reading,
        before: Option<&DeviceState>,
        in_a_row: bool,
        changes: &mut Vec<Change>,
    ) {
        let Some(after) = &self.state else { return };
        let seen = Seen {
            reading,
            before,
            after,
            in_a_row,
            is_about_zero: self.kind.is_about_zero(),
        };
        for weighed in &mut self.rules {
            changes.extend(weighed.take(&seen, self.facts));
        }
    }
}
