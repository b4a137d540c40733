//! Everything that can happen to a running city, and the batches in which it happens.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, DeviceId, PersonalField, Timestamp};

use super::alarm_rule::{RulesInForce, RulesRefused};
use super::command::Subject;
use super::dispatch::{Act, IncidentChange};
use super::{
    Alarm, Condition, DeviceHealth, FeedStatus, Judgement, LogDamage, OutOfService, Reading,
    RuleMemory, Shelf, Suppressed,
};

/// Who did something: an account's name, or a part of the engine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Actor(pub String);

impl Actor {
    /// The engine itself, where it does what its tables say without anybody's order.
    #[must_use]
    pub fn engine() -> Self {
        Self("engine".to_owned())
    }

    /// Whether it is the engine itself.
    #[must_use]
    pub fn is_engine(&self) -> bool {
        self.0 == "engine"
    }
}

/// Somebody opened personal values, or took a list of people away: what the audit keeps. It names
/// records and kinds of value, never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveal {
    /// Who.
    pub by: Actor,
    /// In which role.
    pub role: String,
    /// Which kinds of value, by the written id of the record.
    pub what: BTreeMap<String, BTreeSet<PersonalField>>,
    /// What for: a purpose of the table of roles.
    pub purpose: String,
    /// What exactly for, in the person's own words.
    pub note: String,
    /// When.
    pub at: Timestamp,
    /// What was taken away, for example `notify`; nothing when it was only looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<String>,
    /// What was decided of them, for example `phone`; nothing when nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<String>,
}

/// Something that happened, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The feed changed its state.
    Feed {
        /// The new state.
        status: FeedStatus,
    },
    /// A device's health changed, or an unusable reading was heard of a faulty one again.
    Health {
        /// The device.
        device: DeviceId,
        /// Its health now.
        health: DeviceHealth,
        /// When it was noticed.
        at: Timestamp,
    },
    /// A rule remembers something else about a device.
    Memory {
        /// The device.
        device: DeviceId,
        /// What is remembered now; the default value forgets.
        memory: RuleMemory,
    },
    /// An alarm was raised.
    AlarmRaised {
        /// The alarm.
        alarm: Alarm,
    },
    /// The condition of an alarm ended.
    AlarmReturned {
        /// The alarm.
        alarm: AlarmId,
        /// Device time of the reading that ended it.
        at: Timestamp,
    },
    /// Somebody took notice of an alarm.
    AlarmAcknowledged {
        /// The alarm.
        alarm: AlarmId,
        /// Who.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// A latched alarm was let go.
    AlarmReset {
        /// The alarm.
        alarm: AlarmId,
        /// Who.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// An alarm that is suppressed by design is so for another reason.
    AlarmSuppressed {
        /// The alarm.
        alarm: AlarmId,
        /// Why now.
        mark: Suppressed,
    },
    /// What suppressed an alarm by design is over. It is as new where its condition holds or it is
    /// latched, and goes where it is not.
    SuppressionEnded {
        /// The alarm.
        alarm: AlarmId,
        /// When.
        at: Timestamp,
    },
    /// Somebody shelved alarms.
    Shelved {
        /// Which.
        condition: Condition,
        /// Until when, who and why.
        shelf: Shelf,
    },
    /// Shelved alarms came back.
    Unshelved {
        /// Which.
        condition: Condition,
        /// What brought them back.
        why: Unshelving,
        /// When.
        at: Timestamp,
    },
    /// Somebody took alarms out of service.
    TakenOutOfService {
        /// Which.
        condition: Condition,
        /// Who and why.
        mark: OutOfService,
    },
    /// Somebody put alarms back in service.
    PutInService {
        /// Which.
        condition: Condition,
        /// Who.
        by: Actor,
        /// When.
        at: Timestamp,
    },
    /// The monitor says something else of a sensor, or its figures of another day.
    Judged {
        /// The sensor.
        device: DeviceId,
        /// What it says.
        judgement: Judgement,
    },
    /// Another table of alarm rules is in force.
    RulesReplaced {
        /// Which.
        rules: RulesInForce,
    },
    /// A changed table of alarm rules cannot be used; the rules stay as they are.
    RulesRefused {
        /// Which, and why.
        refused: RulesRefused,
    },
    /// The log was found damaged when the engine opened it, and was mended as far as could be.
    LogDamaged {
        /// What was found and what is lost.
        damage: LogDamage,
    },
    /// Somebody opened personal values. The twin only counts such changes.
    Revealed {
        /// Who, what, why, when.
        reveal: Reveal,
    },
    /// Something happened to an incident of the closed loop.
    Incident {
        /// To which, and what.
        step: IncidentChange,
    },
}

impl Change {
    /// What it changes, of what commands may be about.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> + use<> {
        let (one, other) = match self {
            Self::AlarmAcknowledged { alarm, .. } | Self::AlarmReset { alarm, .. } => {
                (Some(Subject::Alarm(*alarm)), None)
            }
            Self::Incident { step } => {
                let other = match &step.act {
                    Act::Merged { into, .. } | Act::Split { into, .. } => Some(*into),
                    _ => None,
                };
                let own = Subject::Incident(step.incident);
                (Some(own), other.map(Subject::Incident))
            }
            _ => (None, None),
        };
        one.into_iter().chain(other)
    }

    /// Whether it tells of an alarm, or of what was ordered about alarms.
    #[must_use]
    pub const fn is_of_alarms(&self) -> bool {
        matches!(
            self,
            Self::AlarmRaised { .. }
                | Self::AlarmReturned { .. }
                | Self::AlarmAcknowledged { .. }
                | Self::AlarmReset { .. }
                | Self::AlarmSuppressed { .. }
                | Self::SuppressionEnded { .. }
                | Self::Shelved { .. }
                | Self::Unshelved { .. }
                | Self::TakenOutOfService { .. }
                | Self::PutInService { .. }
        )
    }
}

/// What brings shelved alarms back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "who", rename_all = "snake_case")]
pub enum Unshelving {
    /// Somebody asked for it.
    Asked(Actor),
    /// The time that was set is over.
    Time,
    /// The alarm for which they were shelved once has ended.
    Return,
}

/// What the pipeline did in one tick: the unit of the log and of publishing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// One more than the batch before it; the first is 1.
    pub number: u64,
    /// The version of the ground it stands on.
    pub ground_version: u64,
    /// The engine's time of the tick.
    pub at: Timestamp,
    /// Readings, oldest first within a device.
    pub readings: Vec<Reading>,
    /// Changes in the order in which they happened.
    pub changes: Vec<Change>,
    /// Whether the archive could not be written yet. Such a batch is shown all the same.
    #[serde(default)]
    pub uncommitted: bool,
}

impl Batch {
    /// Whether it only tells of what was looked at: then it says nothing of how fresh the city's
    /// data are.
    #[must_use]
    pub fn is_audit_only(&self) -> bool {
        let is_reveal = |change: &Change| matches!(change, Change::Revealed { .. });
        !self.changes.is_empty() && self.readings.is_empty() && self.changes.iter().all(is_reveal)
    }
}
