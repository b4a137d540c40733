//! What can happen to an incident, as the log keeps it, and what each does to it. Decided in
//! `rules::dispatch`; [`Incident::take`] only writes down, so a replay gives the same incident.

use serde::{Deserialize, Serialize};

use crate::base::{
    AlarmId, AreaId, BuildingId, DeviceId, EventId, IncidentId, ResponderId, Timestamp,
};
use crate::model::ground::named;
use crate::model::{Acknowledgement, Actor, AreaLevel, Grade, ServiceGroup};

use super::{
    Attachment, CallDone, CallOutcome, CallStep, Cause, Clock, Deadline, Hold, Incident, Meeting,
    Risk, ShutText, Stage, TeamWork,
};

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
    fn is_told(&self) -> bool {
        !matches!(
            self,
            Self::Joined { .. } | Self::Weighed { .. } | Self::Clocked { .. }
        )
    }
}

impl Incident {
    /// An incident as it begins.
    #[must_use]
    pub fn opened(id: IncidentId, opening: &Opening, by: &Actor, at: Timestamp) -> Self {
        Self {
            id,
            opened_at: at,
            grade: opening.grade,
            risk: Risk::Few,
            stage: Stage::Warn,
            acknowledged: None,
            owner: None,
            handlers: Default::default(),
            rung: opening.rung,
            rung_since: at,
            hold: None,
            clocks: Vec::new(),
            first: None,
            members: Vec::new(),
            earlier: 0,
            last_at: at,
            buildings: opening.spot.building.into_iter().collect(),
            teams: Default::default(),
            call: Vec::new(),
            meeting: None,
            token_sha256: opening.token_sha256.clone(),
            closed: None,
            merged_into: None,
            history: vec![Done {
                by: by.clone(),
                at,
                act: Act::Opened {
                    opening: Box::new(opening.clone()),
                },
            }],
            opening: opening.clone(),
        }
    }

    /// Writes down what happened to it alone; what takes two incidents is a matter of the board.
    pub fn take(&mut self, by: &Actor, at: Timestamp, act: &Act) {
        if act.is_told() {
            let (by, act) = (by.clone(), act.clone());
            self.history.push(Done { by, at, act });
        }
        match act {
            Act::Joined { member } => self.join(member),
            Act::Raised { grade } => {
                self.grade = self.grade.min(*grade);
                self.acknowledged = None;
                self.hold = None;
            }
            Act::Weighed { risk } => self.risk = *risk,
            Act::Clocked { clocks } => self.clocks.clone_from(clocks),
            Act::Overdue { deadline } => {
                let of = self
                    .clocks
                    .iter_mut()
                    .filter(|one| one.deadline == *deadline);
                of.for_each(|clock| clock.is_passed = true);
            }
            Act::Escalated { to } => (self.rung, self.rung_since) = (*to, at),
            Act::Acknowledged => {
                let by = by.clone();
                self.acknowledged = Some(Acknowledgement { by, at });
            }
            Act::Assigned { owner: to } | Act::HandedOver { to, .. } => {
                self.owner = Some(to.clone());
                self.handlers.insert(to.clone());
            }
            Act::Held { why } => {
                let (by, why) = (by.clone(), why.clone());
                self.hold = Some(Hold { by, at, why });
            }
            Act::Resumed { .. } => self.hold = None,
            Act::CallTaken { step, outcome, .. } => self.call.push(CallDone {
                step: *step,
                outcome: *outcome,
                by: by.clone(),
                at,
            }),
            Act::Tokened { sha256 } => self.token_sha256 = Some(sha256.clone()),
            Act::MeetingCalled { departments, .. } => {
                self.meeting = Some(Meeting {
                    by: by.clone(),
                    at,
                    departments: departments.clone(),
                    decided_at: None,
                });
            }
            Act::MeetingDecided { .. } => {
                if let Some(meeting) = &mut self.meeting {
                    meeting.decided_at = Some(at);
                }
            }
            _ => self.go(by, at, act),
        }
    }

    /// What changes how far it has come.
    fn go(&mut self, by: &Actor, at: Timestamp, act: &Act) {
        match act {
            Act::Dispatched { teams } => {
                let work = TeamWork {
                    sent_at: at,
                    ..TeamWork::default()
                };
                self.teams
                    .extend(teams.iter().map(|team| (*team, work.clone())));
                self.stage = match self.stage {
                    Stage::Track => Stage::Track,
                    _ => Stage::Dispatch,
                };
            }
            Act::Arrived { team } => {
                if let Some(work) = self.teams.get_mut(team) {
                    work.arrived_at = Some(at);
                }
                self.handlers.insert(by.clone());
                self.stage = Stage::Track;
            }
            Act::FedBack { team, .. } => {
                if let Some(work) = team.and_then(|team| self.teams.get_mut(&team)) {
                    work.fed_back_at = Some(at);
                }
                self.handlers.insert(by.clone());
                if self.teams_out().next().is_none() {
                    self.stage = Stage::FeedBack;
                }
            }
            Act::Verified { .. } => self.stage = Stage::Verify,
            Act::SentBack { .. } => self.begin_again(),
            Act::Closed { cause, .. } => {
                self.stage = Stage::Close;
                self.closed = Some((at, *cause));
                self.clocks.clear();
            }
            Act::Reopened { .. } => {
                self.begin_again();
                self.closed = None;
                self.acknowledged = None;
            }
            _ => {}
        }
    }

    fn begin_again(&mut self) {
        self.stage = Stage::Warn;
        self.teams.clear();
    }

    /// Takes an alarm up.
    pub(super) fn join(&mut self, member: &Member) {
        self.last_at = self.last_at.max(member.raised_at);
        if self.members.is_empty() && self.earlier == 0 {
            self.last_at = member.raised_at;
        }
        self.first.get_or_insert_with(|| member.clone());
        self.buildings.extend(member.building);
        self.members.push(member.clone());
    }
}
