//! Orders that move an incident on: sent, there, told the outcome, verified, closed; opened again, put
//! together and split.

use std::collections::BTreeSet;

use crate::base::{AlarmId, IncidentId, ResponderId, plain_id};
use crate::model::dispatch::{
    Act, Ask, Cause, Incident, Member, Opening, Origin, Refused, ShutText, Spot, Stage,
};
use crate::model::{Actor, Grade};

use super::{Draft, calls};

type Done = Result<(), Refused>;

pub(super) fn carry_out(draft: &mut Draft<'_>, one: &Incident, by: &Actor, ask: &Ask) -> Done {
    match ask {
        Ask::Dispatch { teams } => dispatch(draft, one, by, teams),
        Ask::Arrive { team } => arrive(draft, one, by, *team),
        Ask::FeedBack { team, words } => feed_back(draft, one, by, (*team, words)),
        Ask::Verify { words } => {
            may_verify(one, by)?;
            let words = words.clone();
            draft.did(one.id, by, Act::Verified { words });
            Ok(())
        }
        Ask::SendBack { why } => {
            may_verify(one, by)?;
            let why = why.clone();
            draft.did(one.id, by, Act::SentBack { why });
            Ok(())
        }
        Ask::Close { cause, words } => close(draft, one, by, (*cause, words.as_ref())),
        Ask::Reopen { why } => {
            if one.is_open() {
                return Err(Refused::IsOpen);
            }
            let why = why.clone();
            draft.did(one.id, by, Act::Reopened { why });
            Ok(())
        }
        Ask::Merge { into, why } => merge(draft, one, by, (*into, why)),
        Ask::Split { into, alarms, why } => split(draft, one, by, (*into, alarms, why)),
        // The others are carried out by who calls this.
        _ => Ok(()),
    }
}

/// Two names of one person: as they are typed, with capitals and full-width signs.
pub(super) fn is_same(one: &Actor, other: &Actor) -> bool {
    plain_id(&one.0) == plain_id(&other.0)
}

fn dispatch(draft: &mut Draft<'_>, one: &Incident, by: &Actor, teams: &[ResponderId]) -> Done {
    if one.acknowledged.is_none() {
        return Err(Refused::NotAcknowledged);
    }
    if one.stage > Stage::FeedBack {
        return Err(wrong(one, Stage::FeedBack));
    }
    if teams.is_empty() {
        return Err(Refused::NoTeam);
    }
    let mut named = BTreeSet::new();
    for team in teams.iter().copied() {
        if !named.insert(team) || !draft.ground().responders.contains_key(&team) {
            return Err(Refused::NoSuchTeam { team });
        }
        if one.teams_out().any(|out| out == team) {
            return Err(Refused::SentAlready { team });
        }
    }
    let teams = teams.to_vec();
    draft.did(one.id, by, Act::Dispatched { teams });
    Ok(())
}

fn arrive(draft: &mut Draft<'_>, one: &Incident, by: &Actor, team: ResponderId) -> Done {
    let work = one
        .teams
        .get(&team)
        .filter(|work| work.fed_back_at.is_none());
    let work = work.ok_or(Refused::NotSent { team })?;
    if work.arrived_at.is_some() {
        return Err(Refused::ArrivedAlready { team });
    }
    draft.did(one.id, by, Act::Arrived { team });
    Ok(())
}

fn feed_back(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (team, words): (Option<ResponderId>, &ShutText),
) -> Done {
    if one.acknowledged.is_none() {
        return Err(Refused::NotAcknowledged);
    }
    match team {
        Some(team) => {
            let work = one
                .teams
                .get(&team)
                .filter(|work| work.fed_back_at.is_none());
            let work = work.ok_or(Refused::NotSent { team })?;
            if work.arrived_at.is_none() {
                return Err(Refused::NotArrived { team });
            }
        }
        None => {
            let teams = one.teams_out().count();
            if teams > 0 {
                return Err(Refused::TeamsOut { teams });
            }
            if one.owner.is_none() {
                return Err(Refused::HasNoOwner);
            }
            if one.stage > Stage::Track {
                return Err(wrong(one, Stage::Track));
            }
        }
    }
    let is_last = one.teams_out().all(|out| Some(out) == team);
    if one.opening.is_call && is_last {
        calls::is_helped(one)?;
    }
    let words = words.clone();
    draft.did(one.id, by, Act::FedBack { team, words });
    Ok(())
}

fn may_verify(one: &Incident, by: &Actor) -> Done {
    if one.stage != Stage::FeedBack {
        return Err(wrong(one, Stage::FeedBack));
    }
    match one.handlers.iter().find(|handler| is_same(handler, by)) {
        Some(_) => Err(Refused::VerifierHandled { by: by.clone() }),
        None => Ok(()),
    }
}

/// The full way ends with a verification. What nobody was sent for may be closed without it, when it
/// is of a lower grade and its cause says that nothing was done.
fn close(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (cause, words): (Cause, Option<&ShutText>),
) -> Done {
    if one.stage != Stage::Verify {
        let is_short = one.stage == Stage::Warn
            && one.acknowledged.is_some()
            && one.teams.is_empty()
            && one.grade >= Grade::Yellow
            && !one.opening.is_call
            && cause != Cause::Handled;
        if !is_short {
            return Err(Refused::NeedsFullWay);
        }
    }
    if one
        .meeting
        .as_ref()
        .is_some_and(|it| it.decided_at.is_none())
    {
        return Err(Refused::MeetingOpen);
    }
    let alarms = one.open_alarms(draft.live()).count();
    if alarms > 0 {
        return Err(Refused::AlarmsOpen { alarms });
    }
    let words = words.cloned();
    draft.did(one.id, by, Act::Closed { cause, words });
    Ok(())
}

fn merge(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (into, why): (IncidentId, &ShutText),
) -> Done {
    let target = draft.incident(into);
    let target = target
        .ok_or(Refused::NoSuchIncident { incident: into })?
        .clone();
    if into == one.id {
        return Err(Refused::DoNotMix);
    }
    if !target.is_open() {
        return Err(Refused::IsClosed);
    }
    if let Some(hold) = &target.hold {
        let by = hold.by.clone();
        return Err(Refused::IsOnHold { by });
    }
    for side in [one, &target] {
        if !side.is_worked_on() {
            return Err(wrong(side, Stage::Track));
        }
    }
    let mixes = one.opening.exercise != target.opening.exercise;
    if mixes || one.opening.is_call || target.opening.is_call {
        return Err(Refused::DoNotMix);
    }
    if one
        .meeting
        .as_ref()
        .is_some_and(|it| it.decided_at.is_none())
    {
        return Err(Refused::MeetingOpen);
    }
    let why = why.clone();
    draft.did(one.id, by, Act::Merged { into, why });
    let is_news =
        one.grade < target.grade || one.acknowledged.is_none() && target.acknowledged.is_some();
    if is_news {
        let grade = one.grade.min(target.grade);
        draft.did(into, by, Act::Raised { grade });
    }
    Ok(())
}

fn split(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (into, alarms, why): (IncidentId, &[AlarmId], &ShutText),
) -> Done {
    if one.opening.is_call {
        return Err(Refused::DoNotMix);
    }
    if !one.is_worked_on() {
        return Err(wrong(one, Stage::Track));
    }
    if draft.incident(into).is_some() {
        return Err(Refused::IsThere { incident: into });
    }
    let mut named = BTreeSet::new();
    let mut moved: Vec<&Member> = Vec::new();
    for alarm in alarms.iter().copied() {
        let member = one.members.iter().find(|member| member.alarm == alarm);
        match member.filter(|_| named.insert(alarm)) {
            Some(member) => moved.push(member),
            None => return Err(Refused::NotItsAlarm { alarm }),
        }
    }
    moved.sort_by_key(|member| (member.raised_at, member.alarm));
    let first = moved.first().filter(|_| moved.len() < one.members.len());
    let first = first.ok_or(Refused::NothingToSplit)?;
    let grade = moved.iter().map(|member| member.grade).min();
    let opening = Opening {
        grade: grade.unwrap_or(one.grade),
        ..split_off(draft, one, first)
    };
    let opening = Box::new(opening);
    draft.did(into, by, Act::Opened { opening });
    let (alarms, why) = (alarms.to_vec(), why.clone());
    draft.did(one.id, by, Act::Split { into, alarms, why });
    Ok(())
}

/// How an incident begins whose first alarm belonged to `one`.
fn split_off(draft: &Draft<'_>, one: &Incident, first: &Member) -> Opening {
    let device = draft.ground().devices.get(&first.device);
    let kind = draft.desk.type_of(device);
    // One of the flood is handled as what its alarms are.
    let (kind, name) = match one.opening.spot.is_wide {
        true if !kind.call => (kind.id.clone(), Some(kind.names())),
        _ => (one.opening.kind.clone(), one.opening.name.clone()),
    };
    Opening {
        kind,
        name,
        origin: Origin::Split { incident: one.id },
        spot: Spot {
            device: Some(first.device),
            building: first.building,
            area: draft.desk.area(first.device),
            is_wide: false,
        },
        grade: first.grade,
        exercise: one.opening.exercise,
        is_call: false,
        rung: one.rung,
        group: one.opening.group,
        title: None,
        token_sha256: None,
    }
}

const fn wrong(one: &Incident, needs: Stage) -> Refused {
    Refused::WrongStage {
        stage: one.stage,
        needs,
    }
}
