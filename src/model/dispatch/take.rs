//! What each act does to an incident. Used by the board, which is part of the twin, and by
//! `rules::dispatch` to see what an order would come to. Only writes down, so a replay gives the same
//! incident; never decides.

use crate::base::{IncidentId, Timestamp};
use crate::model::{Acknowledgement, Actor};

use super::{Act, CallDone, Done, Hold, Incident, Meeting, Member, Opening, Risk, Stage, TeamWork};

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
