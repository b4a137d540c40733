//! Alarms suppressed by design: what is raised while an entry of the table explains it is marked, and
//! stands aside until that is over. Then it appears as new where it is still active, and goes where it is
//! not. Looked for when alarms were raised or returned, and once a second; never looks at readings.
//!
//! An alarm that explains others is one that people see: neither suppressed, nor shelved, nor out of
//! service. The table has none that another alarm suppresses, so none hide each other.

use std::collections::BTreeSet;

use crate::base::{AlarmId, Timestamp};
use crate::model::alarm_rule::{Mother, Suppression, While, Within};
use crate::model::{Alarm, Change, Device, Ground, Suppressed, Twin};

use super::Plan;

/// Marks alarms of `changes` that are raised while an entry holds for them.
pub(super) fn mark(twin: &Twin, plan: &Plan, now: Timestamp, changes: &mut [Change]) {
    let is_news = |change: &Change| matches!(change, Change::AlarmRaised { .. });
    if plan.suppressions().is_empty() || !changes.iter().any(is_news) {
        return;
    }
    let judge = Judge { twin, plan, now };
    mark_by(changes, now, |alarm| judge.by_time(alarm));
    let mothers = judge.mothers(changes);
    mark_by(changes, now, |alarm| judge.by_alarm(alarm, &mothers));
}

fn mark_by<'a>(
    changes: &mut [Change],
    now: Timestamp,
    holds: impl Fn(&Alarm) -> Option<&'a Suppression>,
) {
    for change in changes {
        if let Change::AlarmRaised { alarm } = change
            && alarm.suppressed.is_none()
            && let Some(one) = holds(alarm)
        {
            alarm.suppressed = Some(mark_of(one, now));
        }
    }
}

fn mark_of(one: &Suppression, since: Timestamp) -> Suppressed {
    Suppressed {
        by: one.id.clone(),
        zh: one.zh.clone(),
        en: one.en.clone(),
        since,
    }
}

/// Tells of alarms that were suppressed and are no longer, or now for another reason.
pub(super) fn look(
    twin: &Twin,
    plan: &Plan,
    is_due: bool,
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let is_news = |change: &Change| {
        matches!(
            change,
            Change::AlarmRaised { .. } | Change::AlarmReturned { .. }
        )
    };
    if !(is_due || changes.iter().any(is_news)) {
        return;
    }
    let live = twin.live();
    let marked = live.alarms.values();
    let mut marked = marked
        .filter_map(|alarm| Some((alarm, alarm.suppressed.as_ref()?)))
        .peekable();
    if marked.peek().is_none() {
        return;
    }
    let judge = Judge { twin, plan, now };
    let mothers = judge.mothers(changes);
    let mut told = Vec::new();
    for (alarm, mark) in marked {
        let holds = judge.by_time(alarm);
        let alarm_id = alarm.id;
        match holds.or_else(|| judge.by_alarm(alarm, &mothers)) {
            Some(one) if one.id == mark.by => {}
            Some(one) => told.push(Change::AlarmSuppressed {
                alarm: alarm_id,
                mark: mark_of(one, now),
            }),
            None => told.push(Change::SuppressionEnded {
                alarm: alarm_id,
                at: now,
            }),
        }
    }
    changes.extend(told);
}

struct Judge<'a> {
    twin: &'a Twin,
    plan: &'a Plan,
    now: Timestamp,
}

/// Active alarms that people see, with their devices: what may explain others.
type Mothers<'a> = Vec<(Alarm, &'a Device)>;

impl<'a> Judge<'a> {
    fn ground(&self) -> &'a Ground {
        self.twin.ground()
    }

    /// The first entry that is meant for an alarm and of which `holds` is so.
    fn first(
        &self,
        alarm: &Alarm,
        holds: impl Fn(&Suppression, &Device) -> bool,
    ) -> Option<&'a Suppression> {
        let device = self.ground().devices.get(&alarm.device)?;
        let kind = self.plan.kinds().get(&device.kind)?;
        let mut ready = self.plan.suppressions().iter();
        let found = ready.find(|one| {
            one.is_of(device.id)
                && one.entry.covers(&alarm.rule, kind, alarm.grade)
                && holds(&one.entry, device)
        });
        found.map(|one| &one.entry)
    }

    fn by_time(&self, alarm: &Alarm) -> Option<&'a Suppression> {
        let offset = self.plan.offset_minutes();
        self.first(alarm, |entry, _| entry.is_time(self.now, offset))
    }

    fn by_alarm(&self, alarm: &Alarm, mothers: &Mothers<'_>) -> Option<&'a Suppression> {
        self.first(alarm, |entry, device| match &entry.during {
            While::Alarm(mother) => mothers.iter().any(|(other, at)| {
                other.id != alarm.id
                    && is_meant(mother, other, at)
                    && is_near(self.ground(), mother.within, device, at)
            }),
            While::Schedule(_) | While::Planned(_) => false,
        })
    }

    /// As it is once the changes of this step are applied.
    fn mothers(&self, changes: &[Change]) -> Mothers<'a> {
        let live = self.twin.live();
        let returned: BTreeSet<AlarmId> = changes
            .iter()
            .filter_map(|change| match change {
                Change::AlarmReturned { alarm, .. } => Some(*alarm),
                _ => None,
            })
            .collect();
        let raised = changes.iter().filter_map(|change| match change {
            Change::AlarmRaised { alarm } => Some(alarm),
            _ => None,
        });
        let known = live.alarms.values().filter(|alarm| alarm.active);
        let seen = known.chain(raised).filter(|alarm| {
            !returned.contains(&alarm.id) && live.aside(alarm).is_none() && self.may_be(alarm)
        });
        seen.filter_map(|alarm| {
            let device = self.ground().devices.get(&alarm.device)?;
            Some((alarm.clone(), device))
        })
        .collect()
    }

    /// Whether an entry waits for alarms of this rule.
    fn may_be(&self, alarm: &Alarm) -> bool {
        let ready = self.plan.suppressions().iter();
        ready
            .map(|one| &one.entry.during)
            .any(|during| match during {
                While::Alarm(mother) => mother.of.contains(&alarm.rule),
                While::Schedule(_) | While::Planned(_) => false,
            })
    }
}

fn is_meant(mother: &Mother, alarm: &Alarm, device: &Device) -> bool {
    mother.of.contains(&alarm.rule) && mother.kinds.contains(&device.kind)
}

/// Whether two devices lie as near each other as asked.
fn is_near(ground: &Ground, within: Within, one: &Device, other: &Device) -> bool {
    let is_one_house = one.building.is_some() && one.building == other.building;
    let ([x, y, _], [u, v, _]) = (one.position, other.position);
    let apart = (u - x).hypot(v - y);
    match within {
        Within::Building => is_one_house,
        Within::Riser(metres) => is_one_house && apart <= metres,
        Within::Metres(metres) => apart <= metres,
        Within::PartyWall => {
            let house = one.building.and_then(|id| ground.buildings.get(&id));
            let shares = |id| house.is_some_and(|house| house.party_walls.contains(&id));
            is_one_house || other.building.is_some_and(shares)
        }
    }
}
