//! What can happen to an incident, as the log keeps it, decided in `rules::dispatch`. What
//! each does to an incident is in `take`. Never decides.

use serde::{Deserialize, Serialize};

use crate::base::{
    AlarmId, AreaId, BuildingId, DeviceId, EventId, IncidentId, ResponderId, Timestamp,
};
use crate::model::ground::named;
use crate::model::{Actor, AreaLevel, EventKind, Grade, ServiceGroup};

use super::{Attachment, CallOutcome, CallStep, Cause, Clock, Deadline, Risk, ShutText};

named! {
    /// Why an alarm belongs to an incident.
    Relation {
        /// It opened it.
        #[default]
        First = "first",
        /// It lies in the same building.
        Building = "building",
        /// It is of the same kind, above or below another one in the same building.
        Riser = "riser",
        /// It lies in a house that shares a wall.
        PartyWall = "party_wall",
        /// It came in a flood and lies in the same area.
        Area = "area",
        /// Of the same button or device.
        Device = "device",
        /// Somebody put it there.
        Person = "person",
    }
}

/// An alarm of an incident: what is needed of it after it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The alarm.
    pub alarm: AlarmId,
    /// Its device.
    pub device: DeviceId,
    /// Its rule.
    pub rule: String,
    /// Its grade.
    pub grade: Grade,
    /// When it was raised, by device time.
    pub raised_at: Timestamp,
    /// The building of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// Why it is here.
    pub relation: Relation,
}

/// How an incident came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// Alarms.
    Alarms,
    /// Somebody opened it.
    Person,
    /// An event of the registers: a report, an order, a matter of the contact day.
    Event {
        /// Which.
        event: EventId,
    },
    /// Somebody reported or ordered something while the engine ran.
    Reported {
        /// How it came about.
        kind: EventKind,
        /// When it was reported.
        reported_at: Timestamp,
        /// By when it should be done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Timestamp>,
    },
    /// It was split off.
    Split {
        /// Of which.
        incident: IncidentId,
    },
}

/// Where an incident is. Of what happens in a home that is told to few, the area alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The device that told of it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<DeviceId>,
    /// The building.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// The smallest area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// Whether the whole area is meant, or the whole city where there is none: the incident of a
    /// flood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_wide: bool,
}

/// How an incident begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Its type: an id of the table.
    pub kind: String,
    /// What the table called that type in Chinese and in English when the incident was opened; a wall
    /// that follows the engine has no table of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<[String; 2]>,
    /// How it came about.
    pub origin: Origin,
    /// Where.
    #[serde(default)]
    pub spot: Spot,
    /// Grade.
    pub grade: Grade,
    /// Whether it is a drill.
    pub exercise: bool,
    /// Whether it is a call, whose steps are forced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_call: bool,
    /// The rung of the ladder on which it begins.
    pub rung: AreaLevel,
    /// The service group, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<ServiceGroup>,
    /// What it is about, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<ShutText>,
    /// Digest of the token by which a reporter follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_sha256: Option<String>,
}

/// One thing that happened to one incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IncidentChange {
    /// The incident.
    pub incident: IncidentId,
    /// Who did it: a person, or the engine.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// What was done, as the incident's own history keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: Act,
}

/// What can happen to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each variant says it; its fields are named after what they are"
)]
pub enum Act {
    /// It was opened.
    Opened { opening: Box<Opening> },
    /// An alarm became part of it.
    Joined { member: Member },
    /// It has grown worse, so that it counts as not yet noticed.
    Raised { grade: Grade },
    /// More or fewer people are at risk.
    Weighed { risk: Risk },
    /// Its clocks run anew.
    Clocked { clocks: Vec<Clock> },
    /// A deadline has passed.
    Overdue { deadline: Deadline },
    /// It went up the ladder.
    Escalated { to: AreaLevel },
    /// Somebody took notice.
    Acknowledged,
    /// Somebody sees to it from now on.
    Assigned { owner: Actor },
    /// Somebody else does.
    HandedOver {
        from: Actor,
        to: Actor,
        why: ShutText,
    },
    /// Teams were sent.
    Dispatched { teams: Vec<ResponderId> },
    /// A team is there.
    Arrived { team: ResponderId },
    /// A team, or without one whoever sees to it, told the outcome.
    FedBack {
        team: Option<ResponderId>,
        words: ShutText,
    },
    /// Nothing is done at the moment.
    Held { why: ShutText },
    /// It is taken up again.
    Resumed { words: Option<ShutText> },
    /// Somebody else found it done.
    Verified { words: Option<ShutText> },
    /// Somebody else found it not done: it begins again.
    SentBack { why: ShutText },
    /// It is over.
    Closed {
        cause: Cause,
        words: Option<ShutText>,
    },
    /// It was not over.
    Reopened { why: ShutText },
    /// Another incident took it up, with its alarms.
    Merged { into: IncidentId, why: ShutText },
    /// Alarms of it became an incident of their own.
    Split {
        into: IncidentId,
        alarms: Vec<AlarmId>,
        why: ShutText,
    },
    /// Somebody wrote something.
    Commented { words: ShutText },
    /// Somebody added a file.
    Attached { file: Attachment },
    /// Departments are to meet about it.
    MeetingCalled {
        departments: Vec<String>,
        words: ShutText,
    },
    /// They decided.
    MeetingDecided { words: ShutText },
    /// A step of a call was taken, or left out with a reason.
    CallTaken {
        step: CallStep,
        outcome: CallOutcome,
        words: Option<ShutText>,
    },
    /// A reporter may follow it by another token.
    Tokened { sha256: String },
    /// It was over long enough and stands in the log alone.
    Filed,
}

impl Act {
    /// Its name in the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Joined { .. } => "joined",
            Self::Raised { .. } => "raised",
            Self::Weighed { .. } => "weighed",
            Self::Clocked { .. } => "clocked",
            Self::Overdue { .. } => "overdue",
            Self::Escalated { .. } => "escalated",
            Self::Acknowledged => "acknowledged",
            Self::Assigned { .. } => "assigned",
            Self::HandedOver { .. } => "handed_over",
            Self::Dispatched { .. } => "dispatched",
            Self::Arrived { .. } => "arrived",
            Self::FedBack { .. } => "fed_back",
            Self::Held { .. } => "held",
            Self::Resumed { .. } => "resumed",
            Self::Verified { .. } => "verified",
            Self::SentBack { .. } => "sent_back",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Merged { .. } => "merged",
            Self::Split { .. } => "split",
            Self::Commented { .. } => "commented",
            Self::Attached { .. } => "attached",
            Self::MeetingCalled { .. } => "meeting_called",
            Self::MeetingDecided { .. } => "meeting_decided",
            Self::CallTaken { .. } => "call_taken",
            Self::Tokened { .. } => "tokened",
            Self::Filed => "filed",
        }
    }

    /// Every name, for words.
    pub const NAMES: [&'static str; 28] = [
        "opened",
        "joined",
        "raised",
        "weighed",
        "clocked",
        "overdue",
        "escalated",
        "acknowledged",
        "assigned",
        "handed_over",
        "dispatched",
        "arrived",
        "fed_back",
        "held",
        "resumed",
        "verified",
        "sent_back",
        "closed",
        "reopened",
        "merged",
        "split",
        "commented",
        "attached",
        "meeting_called",
        "meeting_decided",
        "call_taken",
        "tokened",
        "filed",
    ];

    /// What somebody wrote with it.
    #[must_use]
    pub fn words(&self) -> Option<&ShutText> {
        match self {
            Self::Opened { opening } => opening.title.as_ref(),
            Self::HandedOver { why, .. }
            | Self::Held { why }
            | Self::SentBack { why }
            | Self::Reopened { why }
            | Self::Merged { why, .. }
            | Self::Split { why, .. } => Some(why),
            Self::FedBack { words, .. }
            | Self::Commented { words }
            | Self::MeetingCalled { words, .. }
            | Self::MeetingDecided { words } => Some(words),
            Self::Resumed { words }
            | Self::Verified { words }
            | Self::Closed { words, .. }
            | Self::CallTaken { words, .. } => words.as_ref(),
            Self::Attached { file } => Some(&file.name),
            _ => None,
        }
    }

    /// Whether it stands in the history: alarms have a list of their own, and clocks are shown.
    pub(super) fn is_told(&self) -> bool {
        !matches!(
            self,
            Self::Joined { .. } | Self::Weighed { .. } | Self::Clocked { .. }
        )
    }
}
