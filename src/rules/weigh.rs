//! One rule and one device: from how readings stand to the condition to alarms raised and returned,
//! over readings in a row, delays and hours. Used by `judge` for readings and by `look` as time
//! passes. Whichever of both comes first, the alarm and its times are the same.

use std::collections::BTreeMap;

use crate::base::{AlarmId, DeviceId, Timestamp};
use crate::model::alarm_rule::{AlarmRule, Level, RuleState, THRESHOLD, When};
use crate::model::{Alarm, Change, Reading, RuleMemory};

use super::measure::{Seen, level};

/// One rule of a device, with what it remembers and its active alarm.
pub(super) struct Weighed<'a> {
    pub rule: &'a AlarmRule,
    pub state: RuleState,
    pub alarm: Option<AlarmId>,
}

/// What all rules of a device need to know.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub device: DeviceId,
    pub offset_minutes: i32,
    pub exercise: bool,
}

impl<'a> Weighed<'a> {
    /// Takes its state out of the memory of the device.
    pub(super) fn take_out(
        rule: &'a AlarmRule,
        memory: &mut RuleMemory,
        alarm: Option<AlarmId>,
    ) -> Self {
        let state = match rule.id == THRESHOLD {
            true => RuleState {
                count: std::mem::take(&mut memory.over_count),
                since: memory.over_since.take(),
                ..RuleState::default()
            },
            false => memory.of.remove(&rule.id).unwrap_or_default(),
        };
        Self { rule, state, alarm }
    }

    /// Puts its state back; nothing remembered leaves no trace.
    pub(super) fn put_back(self, memory: &mut RuleMemory) {
        if self.rule.id == THRESHOLD {
            memory.over_count = self.state.count;
            memory.over_since = self.state.since;
        } else if self.state != RuleState::default() {
            memory.of.insert(self.rule.id.clone(), self.state);
        }
    }

    /// Weighs a believed reading.
    pub(super) fn take(&mut self, seen: &Seen, facts: Facts) -> Option<Change> {
        let at = seen.reading.at;
        let level = level(&self.rule.when, seen, &mut self.state);
        if !self.rule.holds_at(at, facts.offset_minutes) {
            self.forget_run();
            return self.end(at);
        }
        if !seen.in_a_row {
            self.forget_run();
        }
        match (self.alarm, level) {
            (_, Level::Unknown) => None,
            (Some(_), Level::Back) => {
                let since = *self.state.back_since.get_or_insert(at);
                let due = since.plus(self.rule.off_delay_s * 1_000);
                (at >= due).then(|| self.end(due)).flatten()
            }
            (Some(_), _) => {
                self.state.back_since = None;
                None
            }
            (None, Level::Beyond) => {
                let due = self.count(at, facts)?;
                (at >= due).then(|| self.raise(due, seen.reading, facts))
            }
            (None, _) => {
                self.forget_run();
                None
            }
        }
    }

    /// Weighs a reading that came after a newer one. Where one is enough for an alarm it is raised, and
    /// has returned with the newer one, which is known not to call for any; while the alarm is active
    /// it is told of already.
    pub(super) fn take_late(
        &self,
        seen: &Seen,
        open: &BTreeMap<AlarmId, Alarm>,
        facts: Facts,
    ) -> Vec<Change> {
        let rule = self.rule;
        let is_threshold = matches!(rule.when, When::Threshold(_));
        let is_enough = is_threshold && rule.readings == 1 && rule.on_delay_s == 0;
        let at = seen.reading.at;
        let counts = self.alarm.is_none() && rule.holds_at(at, facts.offset_minutes);
        let is_beyond = || level(&rule.when, seen, &mut RuleState::default()) == Level::Beyond;
        if !(is_enough && counts && is_beyond()) {
            return Vec::new();
        }
        let alarm = raised(rule, at, seen.reading, facts);
        if open.contains_key(&alarm.id) {
            return Vec::new();
        }
        let returned = Change::AlarmReturned {
            alarm: alarm.id,
            at: seen.after.last.at,
        };
        vec![Change::AlarmRaised { alarm }, returned]
    }

    /// Counts a reading that shows the condition; when the alarm is due by what is known.
    fn count(&mut self, at: Timestamp, facts: Facts) -> Option<Timestamp> {
        if let When::Absence(_) = self.rule.when {
            return self.absent(at, facts);
        }
        let had = i64::from(self.state.count) >= self.rule.readings;
        let since = *self.state.since.get_or_insert(at);
        if !had {
            self.state.count += 1;
        }
        let due = since.plus(self.rule.on_delay_s * 1_000);
        let has = i64::from(self.state.count) >= self.rule.readings;
        has.then_some(if had { due } else { due.max(at) })
    }

    /// When nothing will have been used for too long; not before the hours began that last at `at`,
    /// so that each of them raises an alarm of its own.
    fn absent(&self, at: Timestamp, facts: Facts) -> Option<Timestamp> {
        let When::Absence(absence) = &self.rule.when else {
            return None;
        };
        let due = self.state.quiet_since?.plus(absence.for_s * 1_000);
        let began = self.rule.held_since(at, facts.offset_minutes);
        Some(began.map_or(due, |began| due.max(began)))
    }

    /// Looks again without a reading. `until` is how far what the device told last can be trusted
    /// to last, `None` while it is at fault; `last` is its last reading.
    pub(super) fn look(
        &mut self,
        until: Option<Timestamp>,
        now: Timestamp,
        last: &Reading,
        facts: Facts,
    ) -> Option<Change> {
        if self.alarm.is_some() {
            if !self.rule.holds_at(now, facts.offset_minutes) {
                return self.end(now);
            }
            let due = self.state.back_since?.plus(self.rule.off_delay_s * 1_000);
            return (until? >= due).then(|| self.end(due)).flatten();
        }
        let until = until?;
        if !self.rule.holds_at(until, facts.offset_minutes) {
            return None;
        }
        let due = match self.rule.when {
            When::Absence(_) => self.absent(until, facts)?,
            _ if i64::from(self.state.count) < self.rule.readings => return None,
            _ => self.state.since?.plus(self.rule.on_delay_s * 1_000),
        };
        (until >= due).then(|| self.raise(due, last, facts))
    }

    fn raise(&mut self, at: Timestamp, reading: &Reading, facts: Facts) -> Change {
        self.forget_run();
        let alarm = raised(self.rule, at, reading, facts);
        self.alarm = Some(alarm.id);
        Change::AlarmRaised { alarm }
    }

    fn end(&mut self, at: Timestamp) -> Option<Change> {
        self.state.back_since = None;
        let alarm = self.alarm.take()?;
        Some(Change::AlarmReturned { alarm, at })
    }

    fn forget_run(&mut self) {
        self.state.count = 0;
        self.state.since = None;
        self.state.back_since = None;
    }
}

/// A new alarm. Its id follows from device, rule and time, so that what is told twice is one alarm.
pub(super) fn raised(rule: &AlarmRule, at: Timestamp, reading: &Reading, facts: Facts) -> Alarm {
    let key = format!("{}:{}", facts.device, at.millis());
    Alarm {
        id: AlarmId::from_source(&rule.id, &key),
        device: facts.device,
        rule: rule.id.clone(),
        grade: rule.grade,
        raised_at: at,
        value: reading.value,
        active: true,
        returned_at: None,
        acknowledged: None,
        exercise: facts.exercise,
        latched: rule.latched,
        suppressed: None,
    }
}
