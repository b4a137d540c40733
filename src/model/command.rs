//! What a person or program asks of the engine, what that is about, and why it is refused. Used by
//! `rules`, which answers, and by everybody who asks. Never carries anything out.

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, DeviceId, IncidentId, Millis};

use super::Condition;
use super::change::{Actor, Reveal};
use super::dispatch::{Order, Refused};

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
