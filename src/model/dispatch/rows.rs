//! The rows in which incidents are listed: never more than asked for, the most urgent first, and
//! nothing left out: what has no row of its own is in the last one, with its worst grade and its
//! counts. Used by lists and the wall. Never hides an incident.

use crate::base::{IncidentId, Timestamp};
use crate::model::{Grade, Live};

use super::Incident;

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

/// The open incidents in at most `most` rows, at least one. Order: what was put aside or is on hold
/// last, then by rank, those that nobody took notice of first, then the oldest.
#[must_use]
pub fn rows(live: &Live, most: usize) -> Vec<Row> {
    let mut all: Vec<&Incident> = live.dispatch.open().collect();
    // An incident on hold that has grown worse is taken up by itself, so what is last here was seen.
    all.sort_by_cached_key(|one| {
        (
            one.is_aside(live) || one.hold.is_some(),
            std::cmp::Reverse(one.rank()),
            one.acknowledged.is_some(),
            one.opened_at,
            one.id,
        )
    });
    let most = most.max(1);
    let own = match all.len() > most {
        true => most - 1,
        false => all.len(),
    };
    let (own, rest) = all.split_at(own);
    let own = own.iter().filter_map(|one| Row::of(&[one]));
    own.chain(Row::of(rest)).collect()
}
