//! All incidents that are open, and those closed a short while ago: part of the live state. Written
//! by the fold of the twin alone; never decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, IncidentId, Timestamp};
use crate::model::Alarm;

use super::{Act, Cause, Incident, IncidentChange, MEMBERS_MAX, Member, Relation, Stage};

/// The incidents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Board {
    /// By id.
    pub incidents: BTreeMap<IncidentId, Incident>,
    /// Incidents that were opened since the archive began.
    pub opened: u64,
}

impl Board {
    /// Whether there never was any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Incidents in which somebody has to do something.
    pub fn open(&self) -> impl Iterator<Item = &Incident> {
        self.incidents.values().filter(|one| one.is_open())
    }

    /// The incident that an alarm belongs to; each belongs to one.
    #[must_use]
    pub fn of_alarm(&self, alarm: AlarmId) -> Option<&Incident> {
        let has = |one: &&Incident| one.members.iter().any(|member| member.alarm == alarm);
        self.incidents.values().find(has)
    }

    /// The incident whose reporter holds the token with this digest.
    #[must_use]
    pub fn of_token(&self, sha256: &str) -> Option<&Incident> {
        let is_its = |one: &&Incident| one.token_sha256.as_deref() == Some(sha256);
        self.incidents.values().find(is_its)
    }

    /// Writes down what happened; `alarms` are those that are open now.
    pub fn take(&mut self, change: &IncidentChange, alarms: &BTreeMap<AlarmId, Alarm>) {
        let IncidentChange {
            incident,
            by,
            at,
            act,
        } = change;
        if let Act::Opened { opening } = act {
            let one = Incident::opened(*incident, opening, by, *at);
            if self.incidents.insert(*incident, one).is_none() {
                self.opened = self.opened.saturating_add(1);
            }
            return;
        }
        if let Act::Filed = act {
            self.incidents.remove(incident);
            return;
        }
        let Some(one) = self.incidents.get_mut(incident) else {
            return;
        };
        one.take(by, *at, act);
        one.thin(alarms);
        match act {
            Act::Merged { into, .. } => self.merge(*incident, *into, *at),
            Act::Split { into, alarms, .. } => self.split(*incident, *into, alarms),
            _ => {}
        }
    }

    fn merge(&mut self, from: IncidentId, into: IncidentId, at: Timestamp) {
        if from == into || !self.incidents.contains_key(&into) {
            return;
        }
        let Some(source) = self.incidents.get_mut(&from) else {
            return;
        };
        source.stage = Stage::Close;
        source.closed = Some((at, Cause::Duplicate));
        source.merged_into = Some(into);
        source.clocks.clear();
        source.hold = None;
        let members = std::mem::take(&mut source.members);
        let (earlier, teams) = (source.earlier, std::mem::take(&mut source.teams));
        let (buildings, handlers) = (source.buildings.clone(), source.handlers.clone());
        let stage = Stage::Track.min(match teams.is_empty() {
            true => Stage::Warn,
            false => Stage::Dispatch,
        });
        source.earlier = 0;
        let Some(target) = self.incidents.get_mut(&into) else {
            return;
        };
        for member in members {
            target.join(&Member {
                relation: Relation::Person,
                ..member
            });
        }
        target.earlier += earlier;
        target.buildings.extend(buildings);
        target.handlers.extend(handlers);
        for (team, work) in teams {
            target.teams.entry(team).or_insert(work);
        }
        target.stage = target.stage.max(stage);
    }

    fn split(&mut self, from: IncidentId, into: IncidentId, alarms: &[AlarmId]) {
        let alarms: BTreeSet<AlarmId> = alarms.iter().copied().collect();
        let Some(source) = self.incidents.get_mut(&from) else {
            return;
        };
        let members = std::mem::take(&mut source.members);
        let is_moved = |one: &Member| alarms.contains(&one.alarm);
        let (moved, left): (Vec<_>, Vec<_>) = members.into_iter().partition(is_moved);
        source.members = left;
        let Some(target) = self.incidents.get_mut(&into) else {
            return;
        };
        for member in moved {
            target.join(&Member {
                relation: Relation::Person,
                ..member
            });
        }
    }
}

impl Incident {
    /// Keeps the list of alarms short: the oldest that have ended are counted only.
    fn thin(&mut self, alarms: &BTreeMap<AlarmId, Alarm>) {
        let Some(mut surplus) = self.members.len().checked_sub(MEMBERS_MAX) else {
            return;
        };
        let before = self.members.len();
        self.members.retain(|one| {
            let goes = surplus > 0 && !alarms.contains_key(&one.alarm);
            surplus -= usize::from(goes);
            !goes
        });
        self.earlier += (before - self.members.len()) as u64;
    }
}
