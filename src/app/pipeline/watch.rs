//! The monitor beside the rules: every reading of a sensor of tilt, settlement or a crack goes into the
//! state of its series at once, and what is said of the sensor is told when something sudden was seen,
//! when a day of it is over, and when somebody looked at the house. Never alarms: rules do, by what is
//! told here (`when.assessed`).

use std::collections::{BTreeMap, BTreeSet};

use crate::app::monitored::Bank;
use crate::base::{DeviceId, Timestamp};
use crate::model::dispatch::{Act, Incident};
use crate::model::{Change, Judgement, Reading, SuddenKind, Twin};
use crate::monitor::{Seen, SeriesMonitor};

/// How often it is looked whether somebody looked.
const LOOK_MS: i64 = 1_000;

/// The states of all sensors that are followed.
#[derive(Debug)]
pub(super) struct Watch {
    bank: Bank,
}

impl Watch {
    /// Goes on with these states; up to when somebody looked is in the twin.
    pub(super) fn new(mut bank: Bank, twin: &Twin) -> Self {
        for (device, judgement) in &twin.live().judged {
            if let Some(until) = judgement.looked {
                bank.looked_at(*device, until);
            }
        }
        Self { bank }
    }

    pub(super) fn bank(&self) -> &Bank {
        &self.bank
    }

    /// What is said of all that told anything, where the twin does not know it yet; `before` is what would
    /// have been said of them.
    pub(super) fn news(&self, twin: &Twin, before: &BTreeMap<DeviceId, Judgement>) -> Vec<Change> {
        let told = self.bank.states();
        told.filter_map(|(device, _)| self.told(twin, device, before.get(&device)))
            .collect()
    }

    /// Takes readings, and answers with what is said anew.
    pub(super) fn judge(
        &mut self,
        twin: &Twin,
        readings: &[Reading],
        now: Timestamp,
    ) -> Vec<Change> {
        let mut due = BTreeSet::new();
        self.bank.known_until(now);
        let mut in_order: Vec<&Reading> = readings.iter().collect();
        in_order.sort_by_key(|reading| reading.at);
        for reading in in_order {
            let Some(seen) = self.bank.take(reading) else {
                continue;
            };
            if seen != Seen::Level || self.is_of_another_day(twin, reading) {
                due.insert(reading.device);
            }
        }
        if twin.live().at.millis().div_euclid(LOOK_MS) != now.millis().div_euclid(LOOK_MS) {
            due.extend(self.looked(twin));
            due.extend(self.silent(twin));
        }
        let told = due.into_iter();
        told.filter_map(|device| self.told(twin, device, None))
            .collect()
    }

    /// Whether the last judgement of a device is of an earlier day, or there is none.
    fn is_of_another_day(&self, twin: &Twin, reading: &Reading) -> bool {
        let last = twin.live().judged.get(&reading.device);
        last.is_none_or(|last| self.bank.day_of(last.at) < self.bank.day_of(reading.at))
    }

    /// Devices at whose houses somebody looked since something sudden was told of them: what was done
    /// about an incident of theirs was verified.
    fn looked(&mut self, twin: &Twin) -> Vec<DeviceId> {
        let mut looked = Vec::new();
        for (device, judgement) in &twin.live().judged {
            if !matches!(
                judgement.sudden,
                Some(SuddenKind::Moved | SuddenKind::MountedAnew)
            ) {
                continue;
            }
            let incidents = twin.live().dispatch.incidents.values();
            let of_it = incidents.filter(|one| is_of(one, *device));
            let verified = of_it.filter_map(verified_at).max();
            if let Some(at) = verified.filter(|at| Some(*at) > self.bank.looked(*device)) {
                self.bank.looked_at(*device, at);
                looked.push(*device);
            }
        }
        looked
    }

    /// Devices of which it is said what they told long ago.
    fn silent(&self, twin: &Twin) -> Vec<DeviceId> {
        let judged = &twin.live().judged;
        let is_told = |device: &DeviceId| {
            let last = judged.get(device);
            last.is_some_and(|last| last.grade.is_some() && last.sudden != Some(SuddenKind::Moved))
        };
        self.bank.silent().filter(is_told).collect()
    }

    fn told(&self, twin: &Twin, device: DeviceId, before: Option<&Judgement>) -> Option<Change> {
        let at = self.bank.state(device).and_then(SeriesMonitor::last)?;
        let assessment = self.bank.assess(device)?;
        let last = twin.live().judged.get(&device);
        let judgement = assessment.judgement(at, self.bank.looked(device));
        let judgement = judgement.following(last.or(before));
        let is_told = last.is_none_or(|last| {
            judgement.is_news_after(last) || self.bank.day_of(last.at) < self.bank.day_of(at)
        });
        is_told.then_some(Change::Judged { device, judgement })
    }
}

fn is_of(incident: &Incident, device: DeviceId) -> bool {
    incident
        .members
        .iter()
        .any(|member| member.device == device)
}

/// When what was done about an incident was verified last, if nothing was begun again since.
fn verified_at(incident: &Incident) -> Option<Timestamp> {
    let steps = incident.history.iter().rev();
    let mut telling = steps.filter(|done| {
        matches!(
            done.act,
            Act::Verified { .. } | Act::SentBack { .. } | Act::Reopened { .. }
        )
    });
    let last = telling.next()?;
    matches!(last.act, Act::Verified { .. }).then_some(last.at)
}
