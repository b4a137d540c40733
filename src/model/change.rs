//! Everything that can happen to a running city, and the batches in which it happens.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, DeviceId, IncidentId, Millis, PersonalField, Timestamp};

use super::alarm_rule::{RulesInForce, RulesRefused};
use super::dispatch::{Act, IncidentChange, Order, Refused};
use super::{
    Alarm, Condition, DeviceHealth, FeedStatus, LogDamage, OutOfService, Reading, RuleMemory,
    Shelf, Suppressed,
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

/// What a person or program asks the engine to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Take notice of an alarm.
    Acknowledge {
        /// The alarm.
        alarm: AlarmId,
        /// Who.
        by: Actor,
    },
    /// Let go of a latched alarm whose condition has ended.
    Reset {
        /// The alarm.
        alarm: AlarmId,
        /// Who.
        by: Actor,
    },
    /// Put alarms aside for a time.
    Shelve {
        /// Which.
        condition: Condition,
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
        /// For how long at most, milliseconds.
        for_ms: Millis,
        /// Only until the alarm that is or gets active has ended.
        #[serde(default)]
        once: bool,
    },
    /// Bring shelved alarms back.
    Unshelve {
        /// Which.
        condition: Condition,
        /// Who.
        by: Actor,
    },
    /// Take alarms out of service.
    TakeOutOfService {
        /// Which.
        condition: Condition,
        /// Who.
        by: Actor,
        /// Why.
        reason: String,
    },
    /// Put alarms back in service.
    PutInService {
        /// Which.
        condition: Condition,
        /// Who.
        by: Actor,
    },
    /// Put on record that personal values are about to be opened.
    Reveal {
        /// Who, what, why, when.
        reveal: Reveal,
    },
    /// An order about an incident of the closed loop.
    Incident {
        /// About which, and what.
        order: Order,
    },
}

/// What a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// One alarm.
    Alarm(AlarmId),
    /// What a device may warn of.
    Device(DeviceId),
    /// One incident.
    Incident(IncidentId),
}

impl Command {
    /// What it is about: of several commands about the same thing each must see the outcome of the
    /// one before.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> + use<> {
        let (one, other) = match self {
            Self::Acknowledge { alarm, .. } | Self::Reset { alarm, .. } => {
                (Some(Subject::Alarm(*alarm)), None)
            }
            Self::Shelve { condition, .. }
            | Self::Unshelve { condition, .. }
            | Self::TakeOutOfService { condition, .. }
            | Self::PutInService { condition, .. } => {
                (Some(Subject::Device(condition.device)), None)
            }
            Self::Reveal { .. } => (None, None),
            Self::Incident { order } => (
                Some(Subject::Incident(order.incident)),
                order.ask.other().map(Subject::Incident),
            ),
        };
        one.into_iter().chain(other)
    }
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

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// There is no such open alarm.
    #[error("there is no open alarm {alarm}")]
    NoSuchAlarm {
        /// The alarm asked for.
        alarm: AlarmId,
    },
    /// Somebody else was faster.
    #[error("alarm {alarm} was acknowledged by {} already", .by.0)]
    AlreadyAcknowledged {
        /// The alarm.
        alarm: AlarmId,
        /// Who was faster.
        by: Actor,
    },
    /// It is not latched: it goes by itself.
    #[error(
        "alarm {alarm} is not latched: it goes once its condition has ended and somebody took notice"
    )]
    NotLatched {
        /// The alarm.
        alarm: AlarmId,
    },
    /// Its condition still holds.
    #[error("the condition of alarm {alarm} still holds; it can be reset once it has ended")]
    StillActive {
        /// The alarm.
        alarm: AlarmId,
    },
    /// Nobody took notice of it yet.
    #[error("nobody took notice of alarm {alarm} yet: acknowledge it first")]
    NotAcknowledged {
        /// The alarm.
        alarm: AlarmId,
    },
    /// There is no such device.
    #[error("there is no device {device} in this city")]
    NoSuchDevice {
        /// The device asked for.
        device: DeviceId,
    },
    /// It is shelved already.
    #[error("{} shelved that already", .by.0)]
    AlreadyShelved {
        /// Who.
        by: Actor,
    },
    /// It is not shelved.
    #[error("that is not shelved")]
    NotShelved,
    /// It is out of service already.
    #[error("{} took that out of service already", .by.0)]
    AlreadyOutOfService {
        /// Who.
        by: Actor,
    },
    /// It is in service.
    #[error("that is in service")]
    InService,
    /// No reason was given, or none that can be read.
    #[error("a reason must be given: one visible line of at most {most} characters")]
    NoReason {
        /// Most characters.
        most: usize,
    },
    /// Nobody can be named.
    #[error("who does it must be given: one visible line of at most {most} characters")]
    Nobody {
        /// Most characters.
        most: usize,
    },
    /// It is about an incident.
    #[error(transparent)]
    Incident {
        /// Why.
        #[from]
        refused: Refused,
    },
    /// Too long, or no time at all.
    #[error("alarms are shelved for one minute at least and {most_h} hours at most")]
    NotThatLong {
        /// Most hours.
        most_h: u32,
    },
}
