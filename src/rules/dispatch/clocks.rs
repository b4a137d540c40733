//! Deadlines and the ladder. Each step of an incident has its time, counted from the step before, and
//! the whole has one, counted from the opening. Past a deadline the incident goes up a rung at once,
//! and a further one after every `escalate_s` of its type. On hold, and while all that is open in it
//! was put aside, nothing passes.

use crate::base::{Millis, Timestamp};
use crate::model::dispatch::{Act, Clock, Deadline, Incident, Stage};

use super::{Desk, Draft};

const DAY_MS: Millis = 86_400_000;

/// What has to be done next.
fn next(one: &Incident) -> Option<Deadline> {
    match one.stage {
        Stage::Close => None,
        _ if one.acknowledged.is_none() => Some(Deadline::Acknowledge),
        Stage::Warn => Some(Deadline::Dispatch),
        Stage::Dispatch => Some(Deadline::Arrive),
        Stage::Track => Some(Deadline::FeedBack),
        Stage::FeedBack => Some(Deadline::Verify),
        Stage::Verify => None,
    }
}

/// The clocks that have to run in an incident from now on. One that runs already goes on.
pub(super) fn of(desk: &Desk, one: &Incident, now: Timestamp) -> Vec<Clock> {
    if !one.is_open() {
        return Vec::new();
    }
    let kind = desk.table().get(&one.opening.kind);
    let clock = |deadline: Deadline| {
        let runs = one.clocks.iter().find(|clock| clock.deadline == deadline);
        runs.copied().unwrap_or(Clock {
            deadline,
            since: now,
            due: now.plus(kind.within_ms(deadline)),
            is_passed: false,
        })
    };
    let deadlines = next(one).into_iter().chain([Deadline::Close]);
    deadlines.map(clock).collect()
}

/// The clocks of an incident that is taken up again: they stood still.
pub(super) fn resumed(one: &Incident, now: Timestamp) -> Vec<Clock> {
    let still_ms = one.hold.as_ref().map_or(0, |hold| (now - hold.at).max(0));
    let later = |clock: &Clock| Clock {
        due: match clock.is_passed {
            true => clock.due,
            false => clock.due.plus(still_ms),
        },
        ..*clock
    };
    one.clocks.iter().map(later).collect()
}

/// Tells deadlines that have passed, and goes up the ladder.
pub(super) fn run(draft: &mut Draft<'_>) {
    let (now, live) = (draft.now, draft.live());
    for id in draft.ids() {
        let Some(one) = draft.incident(id) else {
            continue;
        };
        if !one.is_open() || one.hold.is_some() || one.clocks.iter().all(|it| it.due > now) {
            continue;
        }
        if one.is_aside(live) {
            continue;
        }
        let passes = |clock: &&Clock| !clock.is_passed && clock.due <= now;
        let passed: Vec<Deadline> = one
            .clocks
            .iter()
            .filter(passes)
            .map(|it| it.deadline)
            .collect();
        let table = draft.desk.table();
        let wait_ms = table.get(&one.opening.kind).escalate_s * 1_000;
        let waited =
            one.clocks.iter().any(|clock| clock.is_passed) && now - one.rung_since >= wait_ms;
        let goes_up = !passed.is_empty() || waited;
        let above = table
            .above(one.rung)
            .filter(|_| goes_up)
            .map(|rung| rung.level);
        for deadline in passed {
            draft.does(id, Act::Overdue { deadline });
        }
        if let Some(to) = above {
            draft.does(id, Act::Escalated { to });
        }
    }
}

/// Lets go of what has been closed for long: it stands in the log.
pub(super) fn file(draft: &mut Draft<'_>) {
    let (now, live) = (draft.now, draft.live());
    let keep_ms = draft.desk.table().fold().keep_days * DAY_MS;
    let closed = live.dispatch.incidents.values().filter(|one| {
        let is_old = |(at, _): (Timestamp, _)| at.plus(keep_ms) <= now;
        one.closed.is_some_and(is_old) && one.open_alarms(live).next().is_none()
    });
    for id in closed.map(|one| one.id).collect::<Vec<_>>() {
        draft.does(id, Act::Filed);
    }
}
