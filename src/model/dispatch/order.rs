//! What people may order about an incident, and why an order is refused. Carried out by
//! `rules::dispatch`; never decides.

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, AreaId, BuildingId, EventId, IncidentId, ResponderId};
use crate::model::{Actor, Grade};

use super::{Attachment, CallOutcome, CallStep, Cause, Reported, ShutText, Stage};

/// An order about one incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The incident; of one that is to be opened, the id that whoever orders it has made for it, so
    /// that an order that is delivered twice opens one.
    pub incident: IncidentId,
    /// Who.
    pub by: Actor,
    /// What is asked.
    pub ask: Ask,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each variant says it; its fields are named after what they are"
)]
pub enum Ask {
    /// Open it by hand.
    Open {
        kind: String,
        grade: Option<Grade>,
        building: Option<BuildingId>,
        area: Option<AreaId>,
        title: ShutText,
        token_sha256: Option<String>,
    },
    /// Open it for an event of the registers.
    OpenFor {
        event: EventId,
        token_sha256: Option<String>,
    },
    /// Open it for something that was reported or ordered while the engine runs.
    Report { report: Box<Reported> },
    /// Take notice of it and of its alarms; refused when it has become worse than `seen`.
    Acknowledge { seen: Option<Grade> },
    /// Say who sees to it.
    Assign { owner: Actor },
    /// Give it to somebody else.
    HandOver { to: Actor, why: ShutText },
    /// Send teams.
    Dispatch { teams: Vec<ResponderId> },
    /// A team is there.
    Arrive { team: ResponderId },
    /// A team, or without one whoever sees to it, tells the outcome.
    FeedBack {
        team: Option<ResponderId>,
        words: ShutText,
    },
    /// Do nothing for the moment.
    Hold { why: ShutText },
    /// Take it up again.
    Resume { words: Option<ShutText> },
    /// Say that it was done.
    Verify { words: Option<ShutText> },
    /// Say that it was not done: it begins again.
    SendBack { why: ShutText },
    /// Close it.
    Close {
        cause: Cause,
        words: Option<ShutText>,
    },
    /// Open it again.
    Reopen { why: ShutText },
    /// Let another one take it up.
    Merge { into: IncidentId, why: ShutText },
    /// Make an incident of some of its alarms, under the id that whoever orders it has made.
    Split {
        into: IncidentId,
        alarms: Vec<AlarmId>,
        why: ShutText,
    },
    /// Write something.
    Comment { words: ShutText },
    /// Add a file, whose bytes were stored before.
    Attach { file: Attachment },
    /// Call departments together.
    CallMeeting {
        departments: Vec<String>,
        words: ShutText,
    },
    /// Tell what they decided.
    DecideMeeting { words: ShutText },
    /// Take a step of a call; steps between that were not taken are left out for the reason `skip`.
    Call {
        step: CallStep,
        outcome: CallOutcome,
        words: Option<ShutText>,
        skip: Option<ShutText>,
    },
    /// Let a reporter follow it by the token with this digest.
    Token { sha256: String },
}

impl Ask {
    /// The other incident that it is about.
    #[must_use]
    pub fn other(&self) -> Option<IncidentId> {
        match self {
            Self::Merge { into, .. } | Self::Split { into, .. } => Some(*into),
            _ => None,
        }
    }
}

impl Order {
    /// Whether a refusal only says that an earlier delivery of the same order had arrived after all.
    #[must_use]
    pub fn is_echoed_by(&self, refused: &Refused) -> bool {
        match (&self.ask, refused) {
            (
                Ask::Open { .. } | Ask::OpenFor { .. } | Ask::Report { .. },
                Refused::IsThere { incident },
            ) => *incident == self.incident,
            (Ask::Split { into, .. }, Refused::IsThere { incident }) => incident == into,
            (Ask::Acknowledge { .. }, Refused::Acknowledged { by })
            | (Ask::Hold { .. }, Refused::IsOnHold { by }) => *by == self.by,
            (Ask::Assign { owner: to } | Ask::HandOver { to, .. }, Refused::HasOwner { owner }) => {
                to == owner
            }
            (Ask::Dispatch { teams }, Refused::SentAlready { team }) => teams.first() == Some(team),
            (Ask::Arrive { team }, Refused::ArrivedAlready { team: there }) => team == there,
            (Ask::Merge { into, .. }, Refused::IsMerged { into: taken }) => into == taken,
            (Ask::Call { step, .. }, Refused::StepTaken { step: taken }) => step == taken,
            (Ask::Resume { .. }, Refused::NotOnHold)
            | (Ask::Close { .. }, Refused::IsClosed)
            | (Ask::Reopen { .. }, Refused::IsOpen) => true,
            _ => false,
        }
    }
}

/// Why an order was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each variant says it; its fields are named after what they are"
)]
pub enum Refused {
    #[error("there is no incident {incident}; `incidents CITY` lists them")]
    NoSuchIncident { incident: IncidentId },
    #[error("incident {incident} is there already")]
    IsThere { incident: IncidentId },
    #[error("there is no type of incident {kind:?}; the table of dispatch has them")]
    NoSuchType { kind: String },
    #[error("only a button opens a call")]
    OpensByButton,
    #[error("there is no such building, area or event in this city")]
    NoSuchPlace,
    #[error("it is closed; reopen it first")]
    IsClosed,
    #[error("it is not closed")]
    IsOpen,
    #[error("incident {into} took it up; go on there")]
    IsMerged { into: IncidentId },
    #[error("{} took notice already", .by.0)]
    Acknowledged { by: Actor },
    #[error("it has become {} since you looked; look again", .grade.as_str())]
    HasWorsened { grade: Grade },
    #[error("nobody took notice of it yet: acknowledge it first")]
    NotAcknowledged,
    #[error("{} sees to it; hand it over instead", .owner.0)]
    HasOwner { owner: Actor },
    #[error("nobody sees to it yet: assign it first")]
    HasNoOwner,
    #[error(
        "name at least one responder, each once, that the registers know: {team} is none or stands twice"
    )]
    NoSuchTeam { team: ResponderId },
    #[error("name at least one team")]
    NoTeam,
    #[error("{team} was sent already and has not told the outcome")]
    SentAlready { team: ResponderId },
    #[error("{team} was not sent, or has told the outcome")]
    NotSent { team: ResponderId },
    #[error("{team} is there already")]
    ArrivedAlready { team: ResponderId },
    #[error("{team} has not arrived yet")]
    NotArrived { team: ResponderId },
    #[error("{teams} of those who were sent have not told the outcome: each tells its own")]
    TeamsOut { teams: usize },
    #[error("{} put it on hold; take it up again first", .by.0)]
    IsOnHold { by: Actor },
    #[error("it is not on hold")]
    NotOnHold,
    #[error("it has come to {}, and that needs {}", .stage.as_str(), .needs.as_str())]
    WrongStage { stage: Stage, needs: Stage },
    #[error("{} handled it; somebody else has to verify it", .by.0)]
    VerifierHandled { by: Actor },
    #[error("its alarms have to end, and be acknowledged and reset, first; still open: {alarms}")]
    AlarmsOpen { alarms: usize },
    #[error(
        "it needs the full way: feed back, verify, close; without it only yellow and blue ones are closed, for another cause than handled"
    )]
    NeedsFullWay,
    #[error("a joint meeting was called and has not decided")]
    MeetingOpen,
    #[error("no joint meeting waits for a decision")]
    NoMeeting,
    #[error("name 1 to {most} departments, each one visible line of at most 80 characters")]
    NoDepartments { most: usize },
    #[error("that is no call")]
    IsNoCall,
    #[error("that is a call: take the step answer instead")]
    IsACall,
    #[error("the next step is {}; to leave it out give a reason", .next.as_str())]
    StepBefore { next: CallStep },
    #[error("the step {} was taken", .step.as_str())]
    StepTaken { step: CallStep },
    #[error("the step {} does not come to {}", .step.as_str(), .outcome.as_str())]
    NoSuchOutcome {
        step: CallStep,
        outcome: CallOutcome,
    },
    #[error("nobody knows how the person is: answer and confirm first")]
    NotConfirmed,
    #[error("the person may need help, and nobody was reached or sent yet")]
    NobodyHelps,
    #[error("a drill and the real thing, or a call and another incident, are not put together")]
    DoNotMix,
    #[error("{alarm} is none of its alarms, or stands twice")]
    NotItsAlarm { alarm: AlarmId },
    #[error("name some of its alarms, not all: at least one stays")]
    NothingToSplit,
    #[error("its history is full; open another one and merge this into it")]
    IsFull,
    #[error("a digest is 64 hexadecimal digits")]
    NoDigest,
    #[error("a file is image/jpeg, image/png or application/pdf and has 1 to {most} bytes")]
    NoSuchFile { most: u64 },
    #[error("who does it must be given: one visible line of at most 80 characters")]
    Nobody,
}
