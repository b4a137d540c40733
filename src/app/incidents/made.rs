//! Orders of the command line as they go to the engine. What was written is sealed here; a code for a
//! reporter is made here, and its digest alone leaves.

use std::path::Path;

use anyhow::{Context, bail};

use crate::app::engine::random_hex;
use crate::base::{IncidentId, ResponderId};
use crate::model::dispatch::{Ask, ShutText};
use crate::model::{Actor, Ground, ResponderKind};

use super::asked::{Act, Opening, Order};
use super::{Opened, digest, files};

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

    /// Orders that make nothing beside them: who sees to it, who was sent, what it came to.
    fn plain(&self, opened: &Opened) -> anyhow::Result<Ask> {
        let ground = &opened.ground;
        let shut = |text: &str| seal(opened, text);
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
            Self::Merge { because, into } => {
                let (into, why) = (*into, shut(&because.reason)?);
                Ask::Merge { into, why }
            }
            Self::Meeting {
                saying,
                departments,
                decided,
            } => {
                let words = shut(&saying.text)?;
                match decided {
                    true => Ask::DecideMeeting { words },
                    false => Ask::CallMeeting {
                        departments: departments.clone(),
                        words,
                    },
                }
            }
            other => return other.told(opened),
        })
    }

    /// Orders that are little more than what is said with them.
    fn told(&self, opened: &Opened) -> anyhow::Result<Ask> {
        let shut = |text: &str| seal(opened, text);
        let may = |text: &Option<String>| text.as_deref().map(shut).transpose();
        Ok(match self {
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
            Self::Comment(one) => Ask::Comment {
                words: shut(&one.text)?,
            },
            Self::Call(call) => Ask::Call {
                step: call.step,
                outcome: call.outcome,
                words: may(&call.text)?,
                skip: may(&call.skip)?,
            },
            _ => bail!("this order is made in another way"),
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
        let teams = teams.filter(|one| one.kind == ResponderKind::Team);
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
