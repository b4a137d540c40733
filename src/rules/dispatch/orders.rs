//! Orders about incidents: what is legal when, and what it comes to. Opening, notice, ownership and
//! words are here; what moves an incident on is in `moves`, calls are in `calls`.

use crate::base::IncidentId;
use crate::model::dispatch::{
    Act, Ask, Attachment, Incident, Opening, Order, Origin, Refused, Reported, ShutText, Spot,
    Stage,
};
use crate::model::{Actor, Change, Grade};
use crate::rules::command::line;

use super::{Draft, calls, clocks, moves};

/// Most bytes of a file that is attached.
const FILE_BYTES_MAX: u64 = 20_000_000;
/// What may be attached.
const MEDIA: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];
/// Most entries of a history to which more is written.
const HISTORY_MAX: usize = 1_000;
/// Most departments of a meeting.
const DEPARTMENTS_MAX: usize = 20;
/// Most characters of who does something, and of a department.
const NAME_CHARS_MAX: usize = 80;

type Done = Result<(), Refused>;

pub(super) fn carry_out(draft: &mut Draft<'_>, order: &Order) -> Done {
    let (id, by) = (order.incident, &order.by);
    if line(&by.0, NAME_CHARS_MAX).is_none() {
        return Err(Refused::Nobody);
    }
    if let Ask::Open { .. } | Ask::OpenFor { .. } | Ask::Report { .. } = &order.ask {
        return open(draft, order);
    }
    let one = draft.incident(id);
    let one = one.ok_or(Refused::NoSuchIncident { incident: id })?.clone();
    may(&one, &order.ask)?;
    match &order.ask {
        Ask::Acknowledge { seen } => acknowledge(draft, &one, by, *seen),
        Ask::Assign { owner } => assign(draft, &one, by, owner),
        Ask::HandOver { to, why } => hand_over(draft, &one, by, (to, why)),
        Ask::Hold { why } => hold(draft, &one, by, why),
        Ask::Resume { words } => resume(draft, &one, by, words.as_ref()),
        Ask::Comment { words } => {
            let words = words.clone();
            draft.did(id, by, Act::Commented { words });
            Ok(())
        }
        Ask::Attach { file } => attach(draft, id, by, file),
        Ask::CallMeeting { departments, words } => {
            call_meeting(draft, &one, by, (departments, words))
        }
        Ask::DecideMeeting { words } => decide_meeting(draft, &one, by, words),
        Ask::Token { sha256 } => {
            let sha256 = digest(sha256)?;
            draft.did(id, by, Act::Tokened { sha256 });
            Ok(())
        }
        Ask::Call {
            step,
            outcome,
            words,
            skip,
        } => calls::take(draft, &one, by, (*step, *outcome), (words, skip)),
        ask => moves::carry_out(draft, &one, by, ask),
    }
}

/// What holds for all orders: closed is closed, on hold nothing moves, a history has an end.
fn may(one: &Incident, ask: &Ask) -> Done {
    let writes = matches!(
        ask,
        Ask::Comment { .. } | Ask::Attach { .. } | Ask::Token { .. }
    );
    if writes && one.history.len() >= HISTORY_MAX {
        return Err(Refused::IsFull);
    }
    if let (Some(into), false) = (one.merged_into, writes) {
        return Err(Refused::IsMerged { into });
    }
    if !one.is_open() && !writes && !matches!(ask, Ask::Reopen { .. }) {
        return Err(Refused::IsClosed);
    }
    let moves = matches!(
        ask,
        Ask::Dispatch { .. }
            | Ask::Arrive { .. }
            | Ask::FeedBack { .. }
            | Ask::Verify { .. }
            | Ask::SendBack { .. }
            | Ask::Close { .. }
            | Ask::Merge { .. }
            | Ask::Call { .. }
    );
    match &one.hold {
        Some(hold) if moves => Err(Refused::IsOnHold {
            by: hold.by.clone(),
        }),
        _ => Ok(()),
    }
}

fn open(draft: &mut Draft<'_>, order: &Order) -> Done {
    let incident = order.incident;
    if draft.incident(incident).is_some() {
        return Err(Refused::IsThere { incident });
    }
    let mut opening = match &order.ask {
        Ask::Open { .. } => opening_by_hand(draft, &order.ask)?,
        Ask::Report { report } => opening_of_report(draft, report)?,
        _ => opening_for_event(draft, &order.ask)?,
    };
    if let Some(token) = &opening.token_sha256 {
        opening.token_sha256 = Some(digest(token)?);
    }
    let opening = Box::new(opening);
    draft.did(incident, &order.by, Act::Opened { opening });
    if let Ask::Report { report } = &order.ask
        && let Some(words) = report.words.clone()
    {
        draft.did(incident, &order.by, Act::Commented { words });
    }
    Ok(())
}

fn opening_of_report(draft: &Draft<'_>, report: &Reported) -> Result<Opening, Refused> {
    let ground = draft.ground();
    let house = report.building.map(|id| ground.buildings.get(&id));
    let is_known = report.area.is_none_or(|id| ground.areas.contains_key(&id));
    if matches!(house, Some(None)) || !is_known {
        return Err(Refused::NoSuchPlace);
    }
    let kind = draft.desk.table().of_event(report.kind, report.group);
    Ok(Opening {
        kind: kind.id.clone(),
        name: Some(kind.names()),
        origin: Origin::Reported {
            kind: report.kind,
            reported_at: report.reported_at,
            due_at: report.due_at,
        },
        spot: Spot {
            device: None,
            building: report.building,
            area: report.area.or_else(|| house.flatten()?.area),
            is_wide: false,
        },
        grade: kind.grade,
        exercise: draft.live().feed.exercise,
        is_call: false,
        rung: kind.first_rung,
        group: Some(report.group),
        title: Some(report.title.clone()),
        token_sha256: report.token_sha256.clone(),
    })
}

fn opening_by_hand(draft: &Draft<'_>, ask: &Ask) -> Result<Opening, Refused> {
    let Ask::Open {
        kind,
        grade,
        building,
        area,
        title,
        token_sha256,
    } = ask
    else {
        return Err(Refused::NoSuchPlace);
    };
    let found = draft.desk.table().find(kind);
    let found = found.ok_or_else(|| Refused::NoSuchType { kind: kind.clone() })?;
    if found.call {
        return Err(Refused::OpensByButton);
    }
    let ground = draft.ground();
    let house = match building {
        Some(id) => Some(ground.buildings.get(id).ok_or(Refused::NoSuchPlace)?),
        None => None,
    };
    if area.is_some_and(|id| !ground.areas.contains_key(&id)) {
        return Err(Refused::NoSuchPlace);
    }
    Ok(Opening {
        kind: found.id.clone(),
        name: Some(found.names()),
        origin: Origin::Person,
        spot: Spot {
            device: None,
            building: *building,
            area: area.or_else(|| house.and_then(|house| house.area)),
            is_wide: false,
        },
        grade: grade.unwrap_or(found.grade),
        exercise: draft.live().feed.exercise,
        is_call: false,
        rung: found.first_rung,
        group: None,
        title: Some(title.clone()),
        token_sha256: token_sha256.clone(),
    })
}

/// Of an event about a home the place is not told: it is opened to few, and an incident is seen by
/// all.
fn opening_for_event(draft: &Draft<'_>, ask: &Ask) -> Result<Opening, Refused> {
    let Ask::OpenFor {
        event: id,
        token_sha256,
    } = ask
    else {
        return Err(Refused::NoSuchPlace);
    };
    let event = draft.ground().events.get(id).ok_or(Refused::NoSuchPlace)?;
    let origin = Origin::Event { event: *id };
    let mut open = draft.live().dispatch.open();
    if let Some(one) = open.find(|one| one.opening.origin == origin) {
        return Err(Refused::IsThere { incident: one.id });
    }
    let kind = draft.desk.table().of_event(event.kind, event.group);
    let building = event.building.filter(|_| !event.is_about_a_home());
    let house = event
        .building
        .and_then(|id| draft.ground().buildings.get(&id));
    Ok(Opening {
        kind: kind.id.clone(),
        name: Some(kind.names()),
        origin,
        spot: Spot {
            device: None,
            building,
            area: event.area.or_else(|| house.and_then(|house| house.area)),
            is_wide: false,
        },
        grade: kind.grade,
        exercise: draft.live().feed.exercise,
        is_call: false,
        rung: kind.first_rung,
        group: Some(event.group),
        title: None,
        token_sha256: token_sha256.clone(),
    })
}

fn acknowledge(draft: &mut Draft<'_>, one: &Incident, by: &Actor, seen: Option<Grade>) -> Done {
    if one.opening.is_call {
        return Err(Refused::IsACall);
    }
    if seen.is_some_and(|seen| one.grade < seen) {
        return Err(Refused::HasWorsened { grade: one.grade });
    }
    let unseen = one.unseen_alarms(draft.live()).next().is_some();
    if let Some(earlier) = one.acknowledged.as_ref().filter(|_| !unseen) {
        let by = earlier.by.clone();
        return Err(Refused::Acknowledged { by });
    }
    take_notice(draft, one, by);
    Ok(())
}

/// Of the incident, and of its alarms that are known now.
pub(super) fn take_notice(draft: &mut Draft<'_>, one: &Incident, by: &Actor) {
    let at = draft.now;
    for alarm in one.unseen_alarms(draft.live()) {
        let by = by.clone();
        draft.also(Change::AlarmAcknowledged { alarm, by, at });
    }
    if one.acknowledged.is_none() {
        draft.did(one.id, by, Act::Acknowledged);
    }
}

fn assign(draft: &mut Draft<'_>, one: &Incident, by: &Actor, owner: &Actor) -> Done {
    if let Some(owner) = &one.owner {
        let owner = owner.clone();
        return Err(Refused::HasOwner { owner });
    }
    let owner = person(owner)?;
    draft.did(one.id, by, Act::Assigned { owner });
    Ok(())
}

fn hand_over(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (to, why): (&Actor, &ShutText),
) -> Done {
    let from = one.owner.clone().ok_or(Refused::HasNoOwner)?;
    let to = person(to)?;
    if moves::is_same(&from, &to) {
        return Err(Refused::HasOwner { owner: from });
    }
    let why = why.clone();
    draft.did(one.id, by, Act::HandedOver { from, to, why });
    Ok(())
}

fn hold(draft: &mut Draft<'_>, one: &Incident, by: &Actor, why: &ShutText) -> Done {
    if let Some(hold) = &one.hold {
        let by = hold.by.clone();
        return Err(Refused::IsOnHold { by });
    }
    // A call waits for nobody.
    if one.opening.is_call && one.stage < Stage::FeedBack {
        return Err(Refused::NobodyHelps);
    }
    if one.acknowledged.is_none() {
        return Err(Refused::NotAcknowledged);
    }
    let why = why.clone();
    draft.did(one.id, by, Act::Held { why });
    Ok(())
}

fn resume(draft: &mut Draft<'_>, one: &Incident, by: &Actor, words: Option<&ShutText>) -> Done {
    if one.hold.is_none() {
        return Err(Refused::NotOnHold);
    }
    let clocks = clocks::resumed(one, draft.now);
    let words = words.cloned();
    draft.did(one.id, by, Act::Resumed { words });
    draft.does(one.id, Act::Clocked { clocks });
    Ok(())
}

fn attach(draft: &mut Draft<'_>, id: IncidentId, by: &Actor, file: &Attachment) -> Done {
    let is_known = MEDIA.contains(&file.media.as_str());
    if !is_known || !(1..=FILE_BYTES_MAX).contains(&file.bytes) {
        return Err(Refused::NoSuchFile {
            most: FILE_BYTES_MAX,
        });
    }
    let file = Attachment {
        sha256: digest(&file.sha256)?,
        ..file.clone()
    };
    draft.did(id, by, Act::Attached { file });
    Ok(())
}

fn call_meeting(
    draft: &mut Draft<'_>,
    one: &Incident,
    by: &Actor,
    (departments, words): (&[String], &ShutText),
) -> Done {
    if one
        .meeting
        .as_ref()
        .is_some_and(|it| it.decided_at.is_none())
    {
        return Err(Refused::MeetingOpen);
    }
    let named = departments.iter().map(|one| line(one, NAME_CHARS_MAX));
    let named: Option<Vec<&str>> = named.collect();
    let named = named.filter(|all| (1..=DEPARTMENTS_MAX).contains(&all.len()));
    let named = named.ok_or(Refused::NoDepartments {
        most: DEPARTMENTS_MAX,
    })?;
    let act = Act::MeetingCalled {
        departments: named.into_iter().map(str::to_owned).collect(),
        words: words.clone(),
    };
    draft.did(one.id, by, act);
    Ok(())
}

fn decide_meeting(draft: &mut Draft<'_>, one: &Incident, by: &Actor, words: &ShutText) -> Done {
    let waits = one
        .meeting
        .as_ref()
        .is_some_and(|it| it.decided_at.is_none());
    if !waits {
        return Err(Refused::NoMeeting);
    }
    let words = words.clone();
    draft.did(one.id, by, Act::MeetingDecided { words });
    Ok(())
}

fn person(name: &Actor) -> Result<Actor, Refused> {
    let name = line(&name.0, NAME_CHARS_MAX).ok_or(Refused::Nobody)?;
    Ok(Actor(name.to_owned()))
}

fn digest(text: &str) -> Result<String, Refused> {
    let is_one = text.len() == 64 && text.bytes().all(|one| one.is_ascii_hexdigit());
    match is_one {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(Refused::NoDigest),
    }
}
