//! The words of the command line for incidents, and the orders that they make. What is written is
//! sealed here.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use crate::app::engine::random_hex;
use crate::base::{AlarmId, BuildingId, EventId, IncidentId, ResponderId};
use crate::model::dispatch::{Ask, CallOutcome, CallStep, Cause, ShutText};
use crate::model::{Actor, Grade, Ground};

use super::{Opened, digest, files};

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
    incident: IncidentId,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    by: String,
}

#[derive(Debug, Args)]
pub(super) struct Because {
    #[command(flatten)]
    act: Act,
    /// Why; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Saying {
    #[command(flatten)]
    act: Act,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    text: String,
}

#[derive(Debug, Args)]
pub(super) struct MaySay {
    #[command(flatten)]
    act: Act,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
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
    kind: Option<String>,
    /// The event of the registers that it is for.
    #[arg(long, value_name = "EVENT")]
    event: Option<EventId>,
    /// What it is about; it is kept, sealed.
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "event",
        conflicts_with = "event"
    )]
    title: Option<String>,
    /// The building.
    #[arg(long, value_name = "BUILDING", conflicts_with = "event")]
    building: Option<BuildingId>,
    /// The area, by code, name or id.
    #[arg(long = "in", value_name = "AREA", conflicts_with = "event")]
    area: Option<String>,
    /// red, orange, yellow or blue; otherwise that of the type.
    #[arg(long, value_name = "GRADE", value_parser = grade, conflicts_with = "event")]
    grade: Option<Grade>,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    by: String,
}

#[derive(Debug, Args)]
pub(super) struct Calling {
    #[command(flatten)]
    act: Act,
    /// answer, confirm, contact, community_worker, ambulance or police.
    #[arg(value_name = "STEP", value_parser = call_step)]
    step: CallStep,
    /// reached, not_reached, fine, needs_help, no_answer or false_press.
    #[arg(value_name = "OUTCOME", value_parser = call_outcome)]
    outcome: CallOutcome,
    /// What there is to say; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// Why the steps before it are left out; it is kept, sealed.
    #[arg(long, value_name = "TEXT")]
    skip: Option<String>,
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

/// What goes to the engine.
pub(super) struct Made {
    pub incident: IncidentId,
    pub by: String,
    pub ask: Ask,
    /// The incident that comes about.
    pub other: Option<IncidentId>,
    /// The code for the reporter; the log keeps its digest alone.
    pub code: Option<String>,
}

impl Order {
    /// The order as it goes to the engine.
    pub(super) fn make(&self, opened: &Opened, city: &Path) -> anyhow::Result<Made> {
        let (mut other, mut code) = (None, None);
        let ask = match self {
            Self::Open(opening) => return opening.make(opened),
            Self::Split { because, alarms } => {
                let into = IncidentId::from_source("hand", &random_hex()?);
                other = Some(into);
                let (alarms, why) = (alarms.clone(), seal(opened, &because.reason)?);
                Ask::Split { into, alarms, why }
            }
            Self::Code(_) => {
                let made = random_hex()?;
                let sha256 = digest(made.as_bytes());
                code = Some(made);
                Ask::Token { sha256 }
            }
            Self::Attach { file, .. } => Ask::Attach {
                file: files::store(city, file, opened.ring()?)?,
            },
            order => order.plain(opened)?,
        };
        let act = self.act().context("an order names its incident")?;
        Ok(Made {
            incident: act.incident,
            by: act.by.clone(),
            ask,
            other,
            code,
        })
    }

    fn act(&self) -> Option<&Act> {
        Some(match self {
            Self::Ack { act, .. }
            | Self::Assign { act, .. }
            | Self::Dispatch { act, .. }
            | Self::Arrive { act, .. }
            | Self::Attach { act, .. }
            | Self::Code(act) => act,
            Self::Handover { because, .. }
            | Self::Merge { because, .. }
            | Self::Split { because, .. }
            | Self::Hold(because)
            | Self::Sendback(because)
            | Self::Reopen(because) => &because.act,
            Self::Feedback { saying, .. }
            | Self::Meeting { saying, .. }
            | Self::Comment(saying) => &saying.act,
            Self::Close { say, .. } | Self::Resume(say) | Self::Verify(say) => &say.act,
            Self::Call(call) => &call.act,
            Self::Open(_) => return None,
        })
    }

    /// Orders that make nothing beside them.
    fn plain(&self, opened: &Opened) -> anyhow::Result<Ask> {
        let ground = &opened.ground;
        let shut = |text: &str| seal(opened, text);
        let may = |text: &Option<String>| text.as_deref().map(shut).transpose();
        Ok(match self {
            Self::Ack { seen, .. } => Ask::Acknowledge { seen: *seen },
            Self::Assign { to, .. } => Ask::Assign {
                owner: Actor(to.clone()),
            },
            Self::Handover { because, to } => {
                let (to, why) = (Actor(to.clone()), shut(&because.reason)?);
                Ask::HandOver { to, why }
            }
            Self::Dispatch { teams, .. } => {
                let teams = teams.iter().map(|one| team(ground, one));
                Ask::Dispatch {
                    teams: teams.collect::<Result<_, _>>()?,
                }
            }
            Self::Arrive { team: one, .. } => Ask::Arrive {
                team: team(ground, one)?,
            },
            Self::Feedback { saying, team: one } => Ask::FeedBack {
                team: one.as_deref().map(|one| team(ground, one)).transpose()?,
                words: shut(&saying.text)?,
            },
            Self::Hold(one) => Ask::Hold {
                why: shut(&one.reason)?,
            },
            Self::Resume(one) => Ask::Resume {
                words: may(&one.text)?,
            },
            Self::Verify(one) => Ask::Verify {
                words: may(&one.text)?,
            },
            Self::Sendback(one) => Ask::SendBack {
                why: shut(&one.reason)?,
            },
            Self::Close { say, cause } => {
                let (cause, words) = (*cause, may(&say.text)?);
                Ask::Close { cause, words }
            }
            Self::Reopen(one) => Ask::Reopen {
                why: shut(&one.reason)?,
            },
            Self::Merge { because, into } => {
                let (into, why) = (*into, shut(&because.reason)?);
                Ask::Merge { into, why }
            }
            Self::Comment(one) => Ask::Comment {
                words: shut(&one.text)?,
            },
            Self::Meeting {
                saying,
                decided: true,
                ..
            } => Ask::DecideMeeting {
                words: shut(&saying.text)?,
            },
            Self::Meeting {
                saying,
                departments,
                ..
            } => Ask::CallMeeting {
                departments: departments.clone(),
                words: shut(&saying.text)?,
            },
            Self::Call(call) => Ask::Call {
                step: call.step,
                outcome: call.outcome,
                words: may(&call.text)?,
                skip: may(&call.skip)?,
            },
            Self::Open(_) | Self::Split { .. } | Self::Attach { .. } | Self::Code(_) => {
                bail!("this order is made in another way")
            }
        })
    }
}

impl Opening {
    fn make(&self, opened: &Opened) -> anyhow::Result<Made> {
        let code = random_hex()?;
        let token_sha256 = Some(digest(code.as_bytes()));
        let ask = match (self.event, &self.kind, &self.title) {
            (Some(event), _, _) => Ask::OpenFor {
                event,
                token_sha256,
            },
            (None, Some(kind), Some(title)) => {
                let area = self.area.as_deref();
                let area = area
                    .map(|name| opened.ground.area_named(name))
                    .transpose()?;
                Ask::Open {
                    kind: kind.clone(),
                    grade: self.grade,
                    building: self.building,
                    area,
                    title: seal(opened, title)?,
                    token_sha256,
                }
            }
            _ => bail!("name --type and --title, or --event"),
        };
        Ok(Made {
            incident: IncidentId::from_source("hand", &random_hex()?),
            by: self.by.clone(),
            ask,
            other: None,
            code: Some(code),
        })
    }
}

fn seal(opened: &Opened, text: &str) -> anyhow::Result<ShutText> {
    Ok(ShutText::seal(text, opened.ring()?)?)
}

/// A responder, by id or by a title that only one has.
fn team(ground: &Ground, asked: &str) -> anyhow::Result<ResponderId> {
    if let Ok(id) = asked.parse() {
        return Ok(id);
    }
    let asked = asked.trim();
    let mut found = ground.responders.values().filter(|one| one.title == asked);
    let one = found.next().with_context(|| {
        let teams = ground.responders.values();
        let teams = teams.filter(|one| one.kind == crate::model::ResponderKind::Team);
        let titles: Vec<_> = teams.map(|one| one.title.as_str()).collect();
        format!(
            "no responder is called {asked:?}; the teams are: {}",
            titles.join(", ")
        )
    })?;
    match found.next() {
        None => Ok(one.id),
        Some(_) => bail!("several responders are called {asked:?}; name one by its id (rsp-…)"),
    }
}
