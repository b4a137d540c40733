//! The rows in which incidents are listed: never more than asked for, the most urgent first, and
//! nothing left out: what has no row of its own is in the last one, with its worst grade and its
//! counts. Used by lists and the wall. Never hides an incident.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::base::{AlarmId, IncidentId, Timestamp};
use crate::model::{Alarm, Grade, Live};

use super::{Clock, Incident, Risk, rank};

/// Rows of a list that one person can take in.
pub const ROWS_MAX: usize = 10;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its incidents, the most urgent first; never empty.
    pub incidents: Vec<IncidentId>,
    /// The worst grade among them.
    pub grade: Grade,
    /// Alarms in them.
    pub alarms: u64,
    /// Incidents among them of which nobody took notice.
    pub unacknowledged: usize,
    /// Incidents among them with a deadline that has passed.
    pub overdue: usize,
    /// When the first of them was opened.
    pub opened_at: Timestamp,
}

impl Row {
    fn of(incidents: &[&Incident]) -> Option<Self> {
        let count = |is: fn(&Incident) -> bool| incidents.iter().filter(|one| is(one)).count();
        Some(Self {
            grade: incidents.iter().map(|one| one.grade).min()?,
            opened_at: incidents.iter().map(|one| one.opened_at).min()?,
            alarms: incidents.iter().map(|one| one.alarm_count()).sum(),
            unacknowledged: count(|one| one.acknowledged.is_none()),
            overdue: count(|one| one.clocks.iter().any(|clock| clock.is_passed)),
            incidents: incidents.iter().map(|one| one.id).collect(),
        })
    }
}

/// What waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Waiting<'a> {
    /// An open incident, with all its alarms.
    Incident(&'a Incident),
    /// An open alarm that is in no open incident: of an archive from before there were any, or of
    /// an incident that was closed before it.
    Alarm(&'a Alarm),
}

impl Waiting<'_> {
    /// Whether nobody took notice of it, or of a part of it.
    #[must_use]
    pub fn is_unseen(&self, live: &Live) -> bool {
        match self {
            Self::Incident(one) => {
                one.acknowledged.is_none() || one.unseen_alarms(live).next().is_some()
            }
            Self::Alarm(one) => one.acknowledged.is_none(),
        }
    }

    /// The clock that runs out first. On hold, and while all that is open was put aside, none runs.
    #[must_use]
    pub fn clock(&self, live: &Live) -> Option<&Clock> {
        match self {
            Self::Incident(one) if one.hold.is_none() && !one.is_aside(live) => one.next_clock(),
            Self::Incident(_) | Self::Alarm(_) => None,
        }
    }
}

/// Everything that waits for somebody, the most urgent first, in the order of [`rows`]: no open alarm
/// is left out.
#[must_use]
pub fn waiting(live: &Live) -> Vec<Waiting<'_>> {
    let open = live.dispatch.open();
    let members: BTreeSet<AlarmId> = open
        .flat_map(|one| one.members.iter().map(|member| member.alarm))
        .collect();
    let alone = live
        .alarms
        .values()
        .filter(|one| !members.contains(&one.id));
    let incidents = live.dispatch.open().map(Waiting::Incident);
    let mut all: Vec<Waiting<'_>> = incidents.chain(alone.map(Waiting::Alarm)).collect();
    all.sort_by_cached_key(|one| urgency(one, live));
    all
}

/// Sorts what waits: what was put aside or is on hold last, then by rank, what nobody took notice of
/// first, then the oldest.
fn urgency(one: &Waiting<'_>, live: &Live) -> (bool, Reverse<u32>, bool, Timestamp, u64) {
    match one {
        // An incident on hold that has grown worse is taken up by itself, so what is last here was
        // seen.
        Waiting::Incident(one) => (
            one.is_aside(live) || one.hold.is_some(),
            Reverse(one.rank()),
            one.acknowledged.is_some(),
            one.opened_at,
            one.id.bits(),
        ),
        Waiting::Alarm(one) => (
            live.aside(one).is_some(),
            Reverse(rank(one.grade, Risk::Few)),
            one.acknowledged.is_some(),
            one.raised_at,
            one.id.bits(),
        ),
    }
}

/// The open incidents in at most `most` rows, at least one: what was put aside or is on hold last,
/// then by rank, those that nobody took notice of first, then the oldest.
#[must_use]
pub fn rows(live: &Live, most: usize) -> Vec<Row> {
    let mut all: Vec<&Incident> = live.dispatch.open().collect();
    all.sort_by_cached_key(|one| urgency(&Waiting::Incident(one), live));
    let most = most.max(1);
    let own = match all.len() > most {
        true => most - 1,
        false => all.len(),
    };
    let (own, rest) = all.split_at(own);
    let own = own.iter().filter_map(|one| Row::of(&[one]));
    own.chain(Row::of(rest)).collect()
}
