//! The words of the command line for incidents, and no more: what they come to is in `made`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::base::{AlarmId, BuildingId, EventId, IncidentId};
use crate::model::Grade;
use crate::model::dispatch::{CallOutcome, CallStep, Cause};

#[derive(Debug, Subcommand)]
pub(super) enum Asked {
    /// List them, the most urgent first.
    List(ListAsked),
    /// Everything about one.
    Show(One),
    /// Take a file of one out again.
    File(FileAsked),
    /// How far one has come, by the code that its reporter was given.
    Progress(Code),
    #[command(flatten)]
    Order(Box<Order>),
}

#[derive(Debug, Args)]
pub(super) struct ListAsked {
    /// A row for each, instead of ten rows for all.
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The incident, as the list names it.
    #[arg(value_name = "INCIDENT")]
    pub incident: IncidentId,
}

#[derive(Debug, Args)]
pub(super) struct Code {
    /// The code.
    #[arg(value_name = "CODE")]
    pub code: String,
}

#[derive(Debug, Args)]
pub(super) struct FileAsked {
    /// The incident.
    #[arg(value_name = "INCIDENT")]
    pub incident: IncidentId,
    /// The file's digest, or its first eight digits or more.
    #[arg(value_name = "SHA256")]
    pub sha256: String,
    /// Where to put it; never over another file.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// An incident and who acts.
#[derive(Debug, Args)]
pub(super) struct Act {
    /// The incident, as the list names it.
    #[arg(value_name = "INCIDENT")]
    pub incident: IncidentId,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    pub by: String,
}

#[derive(Debug, Args)]
pub(super) struct Because {
    #[command(flatten)]
    pub act: Act,
    /// Why; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Saying {
    #[command(flatten)]
    pub act: Act,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    pub text: String,
}

#[derive(Debug, Args)]
pub(super) struct MaySay {
    #[command(flatten)]
    pub act: Act,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Opening {
    /// Its type: an id of the table of dispatch. For an event the table knows it.
    #[arg(
        long = "type",
        value_name = "TYPE",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    pub kind: Option<String>,
    /// The event of the registers that it is for.
    #[arg(long, value_name = "EVENT")]
    pub event: Option<EventId>,
    /// What it is about; it is kept, sealed.
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    pub title: Option<String>,
    /// The building.
    #[arg(long, value_name = "BUILDING", conflicts_with = "event")]
    pub building: Option<BuildingId>,
    /// The area, by code, name or id.
    #[arg(long = "in", value_name = "AREA", conflicts_with = "event")]
    pub area: Option<String>,
    /// red, orange, yellow or blue; otherwise that of the type.
    #[arg(long, value_name = "GRADE", value_parser = grade, conflicts_with = "event")]
    pub grade: Option<Grade>,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    pub by: String,
}

#[derive(Debug, Args)]
pub(super) struct Calling {
    #[command(flatten)]
    pub act: Act,
    /// answer, confirm, contact, community_worker, ambulance or police.
    #[arg(value_name = "STEP", value_parser = call_step)]
    pub step: CallStep,
    /// reached, not_reached, fine, needs_help, no_answer or false_press.
    #[arg(value_name = "OUTCOME", value_parser = call_outcome)]
    pub outcome: CallOutcome,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Why the steps before it are left out; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    pub skip: Option<String>,
}

/// What is ordered.
#[derive(Debug, Subcommand)]
pub(super) enum Order {
    /// Open one by hand, or for an event of the registers.
    Open(Opening),
    /// Take notice of it and of its alarms.
    Ack {
        #[command(flatten)]
        act: Act,
        /// The grade that you saw: refused when it has become worse.
        #[arg(long, value_name = "GRADE", value_parser = grade)]
        seen: Option<Grade>,
    },
    /// Say who sees to it.
    Assign {
        #[command(flatten)]
        act: Act,
        /// Who.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Give it to somebody else.
    Handover {
        #[command(flatten)]
        because: Because,
        /// To whom.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Send teams.
    Dispatch {
        #[command(flatten)]
        act: Act,
        /// A responder of the registers, by id or title; may be given several times.
        #[arg(long = "team", value_name = "TEAM", required = true)]
        teams: Vec<String>,
    },
    /// A team is there.
    Arrive {
        #[command(flatten)]
        act: Act,
        /// Which.
        #[arg(long, value_name = "TEAM")]
        team: String,
    },
    /// A team, or without one whoever sees to it, tells the outcome.
    Feedback {
        #[command(flatten)]
        saying: Saying,
        /// Which team.
        #[arg(long, value_name = "TEAM")]
        team: Option<String>,
    },
    /// Do nothing for the moment; the clocks stand still.
    Hold(Because),
    /// Take it up again.
    Resume(MaySay),
    /// Say that it was done; never by somebody who handled it.
    Verify(MaySay),
    /// Say that it was not done: it begins again.
    Sendback(Because),
    /// Close it.
    Close {
        #[command(flatten)]
        say: MaySay,
        /// handled, false_alarm, ended_by_itself, duplicate, test or not_ours.
        #[arg(long, value_name = "CAUSE", value_parser = cause)]
        cause: Cause,
    },
    /// Open it again.
    Reopen(Because),
    /// Let another one take it up, with its alarms.
    Merge {
        #[command(flatten)]
        because: Because,
        /// Which.
        #[arg(long, value_name = "INCIDENT")]
        into: IncidentId,
    },
    /// Make an incident of some of its alarms.
    Split {
        #[command(flatten)]
        because: Because,
        /// An alarm; may be given several times.
        #[arg(long = "alarm", value_name = "ALARM", required = true)]
        alarms: Vec<AlarmId>,
    },
    /// Write something.
    Comment(Saying),
    /// Add a picture or a PDF.
    Attach {
        #[command(flatten)]
        act: Act,
        /// The file: JPEG, PNG or PDF of at most 20 MB.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Call departments together, or with --decided tell what they decided.
    Meeting {
        #[command(flatten)]
        saying: Saying,
        /// A department; may be given several times.
        #[arg(
            long = "department",
            value_name = "NAME",
            required_unless_present = "decided"
        )]
        departments: Vec<String>,
        /// They have met; the text tells what they decided.
        #[arg(long, conflicts_with = "departments")]
        decided: bool,
    },
    /// Take a step of a help-button call.
    Call(Calling),
    /// Make a code by which its reporter sees how far it has come.
    Code(Act),
}

fn named<T>(text: &str, found: Option<T>, all: Vec<&str>) -> Result<T, String> {
    found.ok_or_else(|| format!("{text:?} is none of {}", all.join(", ")))
}

fn grade(text: &str) -> Result<Grade, String> {
    let all = Grade::ALL.iter().map(|one| one.as_str()).collect();
    named(text, Grade::from_name(text), all)
}

fn cause(text: &str) -> Result<Cause, String> {
    let all = Cause::ALL.iter().map(|one| one.as_str()).collect();
    named(text, Cause::from_name(text), all)
}

fn call_step(text: &str) -> Result<CallStep, String> {
    let all = CallStep::ALL.iter().map(|one| one.as_str()).collect();
    named(text, CallStep::from_name(text), all)
}

fn call_outcome(text: &str) -> Result<CallOutcome, String> {
    let all = CallOutcome::ALL.iter().map(|one| one.as_str()).collect();
    named(text, CallOutcome::from_name(text), all)
}
