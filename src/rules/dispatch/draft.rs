//! What is decided about incidents in one tick or for one order: the changes, and the incidents as
//! they are after them, so that each decision sees those before it. Never changes the twin.

use std::collections::BTreeSet;

use crate::base::{IncidentId, Timestamp};
use crate::model::dispatch::{Act, Board, Incident, IncidentChange};
use crate::model::{Actor, Change, Ground, Live, Twin};

use super::{Desk, clocks};

pub(super) struct Draft<'a> {
    twin: &'a Twin,
    pub desk: &'a Desk,
    pub now: Timestamp,
    /// Incidents that were touched, as they are now.
    touched: Board,
    changes: Vec<Change>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(twin: &'a Twin, desk: &'a Desk, now: Timestamp) -> Self {
        Self {
            twin,
            desk,
            now,
            touched: Board::default(),
            changes: Vec::new(),
        }
    }

    pub(super) fn live(&self) -> &'a Live {
        self.twin.live()
    }

    pub(super) fn ground(&self) -> &'a Ground {
        self.twin.ground()
    }

    /// An incident as it is after what was decided so far.
    pub(super) fn incident(&self, id: IncidentId) -> Option<&Incident> {
        let touched = self.touched.incidents.get(&id);
        touched.or_else(|| self.live().dispatch.incidents.get(&id))
    }

    /// All incidents, as they are after what was decided so far.
    pub(super) fn ids(&self) -> BTreeSet<IncidentId> {
        let known = self.live().dispatch.incidents.keys();
        known
            .chain(self.touched.incidents.keys())
            .copied()
            .collect()
    }

    /// Something else that follows.
    pub(super) fn also(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Puts on record what somebody does.
    pub(super) fn did(&mut self, incident: IncidentId, by: &Actor, act: Act) {
        let other = match &act {
            Act::Merged { into, .. } | Act::Split { into, .. } => Some(*into),
            _ => None,
        };
        for id in other.into_iter().chain([incident]) {
            let known = self.live().dispatch.incidents.get(&id);
            if let Some(known) = known.filter(|_| !self.touched.incidents.contains_key(&id)) {
                self.touched.incidents.insert(id, known.clone());
            }
        }
        let change = IncidentChange {
            incident,
            by: by.clone(),
            at: self.now,
            act,
        };
        self.touched.take(&change, &self.live().alarms);
        self.changes.push(Change::Incident { step: change });
    }

    /// Puts on record what the engine does by itself.
    pub(super) fn does(&mut self, incident: IncidentId, act: Act) {
        self.did(incident, &Actor::engine(), act);
    }

    /// The changes, with the clocks and the risk of every incident that was touched.
    pub(super) fn finish(mut self) -> Vec<Change> {
        let touched: Vec<_> = self.touched.incidents.keys().copied().collect();
        for id in touched {
            let Some(one) = self.incident(id) else {
                continue;
            };
            let risk = self.desk.risk(self.ground(), one);
            let clocks = clocks::of(self.desk, one, self.now);
            let (weighs, runs) = (risk != one.risk, clocks != one.clocks);
            if weighs && one.is_open() {
                self.does(id, Act::Weighed { risk });
            }
            if runs {
                self.does(id, Act::Clocked { clocks });
            }
        }
        self.changes
    }
}
