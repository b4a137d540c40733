//! An incident: one thing to be handled, from the warning to the close. Written by
//! [`Incident::take`] alone (in `act`); never decides what may happen to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::{AlarmId, AreaId, BuildingId, IncidentId, ResponderId, Timestamp};
use crate::model::ground::named;
use crate::model::{Acknowledgement, Actor, AreaLevel, Grade, Live};

use super::{Done, Member, Opening, ShutText};

/// Alarms that an incident lists; older ones that have ended are counted and stand in the log.
pub const MEMBERS_MAX: usize = 2_000;

named! {
    /// How far an incident has come: the step that it has reached.
    Stage {
        /// It is known (预警).
        #[default]
        Warn = "warn",
        /// Somebody is sent (派单).
        Dispatch = "dispatch",
        /// Somebody is there (跟踪).
        Track = "track",
        /// All who were sent have told the outcome (反馈).
        FeedBack = "feed_back",
        /// Somebody else found it done (核查).
        Verify = "verify",
        /// It is over (结案).
        Close = "close",
    }
}

named! {
    /// What has to be done in time.
    Deadline {
        /// Take notice; of a call, answer it.
        #[default]
        Acknowledge = "acknowledge",
        /// Send somebody; of a call, confirm how the person is.
        Dispatch = "dispatch",
        /// Be there.
        Arrive = "arrive",
        /// Tell the outcome.
        FeedBack = "feed_back",
        /// Have it verified.
        Verify = "verify",
        /// Close it; counted from the opening.
        Close = "close",
    }
}

named! {
    /// Why an incident is over.
    Cause {
        /// It was handled.
        #[default]
        Handled = "handled",
        /// There was nothing.
        FalseAlarm = "false_alarm",
        /// It ended before anybody was sent.
        EndedByItself = "ended_by_itself",
        /// Another incident is about the same.
        Duplicate = "duplicate",
        /// Somebody tried it out.
        Test = "test",
        /// Others have to handle it, and know.
        NotOurs = "not_ours",
    }
}

named! {
    /// How many people are at risk, roughly: never a count (docs/incidents.md, "Order").
    Risk {
        /// Few, nobody, or not known.
        #[default]
        Few = "few",
        /// Some.
        Some = "some",
        /// Many.
        Many = "many",
    }
}

named! {
    /// The steps of a help-button call, in their order.
    CallStep {
        /// Answer it.
        #[default]
        Answer = "answer",
        /// Find out how the person is.
        Confirm = "confirm",
        /// Call the emergency contact.
        Contact = "contact",
        /// Call the community worker.
        CommunityWorker = "community_worker",
        /// Call an ambulance (120).
        Ambulance = "ambulance",
        /// Call the police (110).
        Police = "police",
    }
}

named! {
    /// What a step of a call came to.
    CallOutcome {
        /// They were reached.
        #[default]
        Reached = "reached",
        /// They were not.
        NotReached = "not_reached",
        /// The person is well.
        Fine = "fine",
        /// The person needs help.
        NeedsHelp = "needs_help",
        /// Nobody answers at the button.
        NoAnswer = "no_answer",
        /// The button was pressed by mistake.
        FalsePress = "false_press",
        /// It was left out, with a reason.
        Skipped = "skipped",
    }
}

/// A clock that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// For what.
    pub deadline: Deadline,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub due: Timestamp,
    /// Whether that is past, and was told.
    #[serde(default)]
    pub is_passed: bool,
}

/// Why nothing is done at the moment. Clocks stand still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: ShutText,
}

/// What a team that was sent has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamWork {
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<Timestamp>,
    /// When it told the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fed_back_at: Option<Timestamp>,
}

/// A step of a call that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallDone {
    /// Which.
    pub step: CallStep,
    /// What it came to.
    pub outcome: CallOutcome,
    /// Who took it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// Departments that meet about what one of them cannot solve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Who called it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Which departments.
    pub departments: Vec<String>,
    /// When it decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

/// A file that belongs to an incident. Its bytes lie beside the archive under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Their number.
    pub bytes: u64,
    /// What they are, by their content: `image/jpeg`, `image/png` or `application/pdf`.
    pub media: String,
    /// The name that it came with.
    pub name: ShutText,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Id.
    pub id: IncidentId,
    /// How it began.
    pub opening: Opening,
    /// When.
    pub opened_at: Timestamp,
    /// The worst grade that it ever had.
    pub grade: Grade,
    /// How many people are at risk.
    #[serde(default)]
    pub risk: Risk,
    /// How far it has come.
    pub stage: Stage,
    /// Who took notice; nobody again when it has grown worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledgement>,
    /// Who sees to it that it gets done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Actor>,
    /// Everybody who handled it: none of them verifies it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub handlers: BTreeSet<Actor>,
    /// On which rung of the ladder it stands.
    pub rung: AreaLevel,
    /// Since when.
    pub rung_since: Timestamp,
    /// Why nothing is done at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold: Option<Hold>,
    /// The clocks that run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// The alarm that came first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Member>,
    /// Its alarms, in the order in which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Alarms before those, which have ended and are listed no more.
    #[serde(default)]
    pub earlier: u64,
    /// Raised time of the newest alarm.
    pub last_at: Timestamp,
    /// Buildings that its alarms lie in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub buildings: BTreeSet<BuildingId>,
    /// Who was sent since it was opened, opened again or sent back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<ResponderId, TeamWork>,
    /// Steps of a call.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call: Vec<CallDone>,
    /// The joint meeting, if one was called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// Digest of the token by which a reporter follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_sha256: Option<String>,
    /// When and why it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<(Timestamp, Cause)>,
    /// The incident that took it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<IncidentId>,
    /// Everything that was done but alarms that joined, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Done>,
}

impl Incident {
    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stage != Stage::Close
    }

    /// Whether work on it goes on, so that a further alarm belongs to it; what comes after the work
    /// was told to be done is a matter of its own.
    #[must_use]
    pub fn is_worked_on(&self) -> bool {
        self.stage <= Stage::Track
    }

    /// Alarms that it ever had.
    #[must_use]
    pub fn alarm_count(&self) -> u64 {
        self.earlier + self.members.len() as u64
    }

    /// Its alarms that are still open.
    pub fn open_alarms<'a>(&'a self, live: &'a Live) -> impl Iterator<Item = AlarmId> + 'a {
        let ids = self.members.iter().map(|one| one.alarm);
        ids.filter(|id| live.alarms.contains_key(id))
    }

    /// Its alarms that nobody took notice of.
    pub fn unseen_alarms<'a>(&'a self, live: &'a Live) -> impl Iterator<Item = AlarmId> + 'a {
        let is_unseen = |id: &AlarmId| live.alarms[id].acknowledged.is_none();
        self.open_alarms(live).filter(is_unseen)
    }

    /// Whether everything open in it was put aside by somebody: it stands last then.
    #[must_use]
    pub fn is_aside(&self, live: &Live) -> bool {
        let mut open = self.open_alarms(live).peekable();
        open.peek().is_some() && open.all(|id| live.aside(&live.alarms[&id]).is_some())
    }

    /// Teams that were sent and have not told the outcome.
    pub fn teams_out(&self) -> impl Iterator<Item = ResponderId> + '_ {
        let is_out = |(_, work): &(&ResponderId, &TeamWork)| work.fed_back_at.is_none();
        self.teams.iter().filter(is_out).map(|(id, _)| *id)
    }

    /// Its place in the order of work: see [`rank`].
    #[must_use]
    pub const fn rank(&self) -> u32 {
        rank(self.grade, self.risk)
    }

    /// The clock that runs out first.
    #[must_use]
    pub fn next_clock(&self) -> Option<&Clock> {
        self.clocks.iter().min_by_key(|clock| clock.due)
    }

    /// The area whose people handle it.
    #[must_use]
    pub fn area(&self) -> Option<AreaId> {
        self.opening.spot.area
    }
}

/// The place in the order of work: grade first, people at risk second. A red one is never below an
/// orange one.
#[must_use]
pub const fn rank(grade: Grade, risk: Risk) -> u32 {
    let grade = match grade {
        Grade::Red => 64,
        Grade::Orange => 16,
        Grade::Yellow => 4,
        Grade::Blue => 1,
    };
    let people = match risk {
        Risk::Few => 1,
        Risk::Some => 2,
        Risk::Many => 3,
    };
    grade * people
}
