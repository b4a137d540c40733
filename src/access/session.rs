//! One person in one role with a purpose: what is opened for them, and the note of it.
//! Never shows a value: who asks gets a clearance, or none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Clearance, Closed, PersonalField, Purpose, Rights, Subject};
use crate::model::{AreaNameError, Ground};

use super::role::{Export, Role, RoleArea, RoleTable};

/// Who asks, in which role and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The role.
    pub role: String,
    /// The areas that the person works for: codes, names or ids.
    pub areas: Vec<String>,
    /// The purpose; without one everything stays masked.
    pub purpose: Option<String>,
    /// What exactly for, in the person's own words.
    pub note: String,
}

/// Why there is no session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// There is no such role.
    #[error(transparent)]
    Role(#[from] super::NoSuchRole),
    /// The role does not work for this purpose.
    #[error("role {role} opens nothing for {purpose:?}; its purposes are: {known}")]
    Purpose {
        /// The role.
        role: String,
        /// What was asked for.
        purpose: String,
        /// The role's purposes.
        known: String,
    },
    /// The role sees people in its own areas only, and none was named.
    #[error("role {role} sees people in its own areas only; name them with --area CODE")]
    NoArea {
        /// The role.
        role: String,
    },
    /// An area that is named is none.
    #[error(transparent)]
    Area(#[from] AreaNameError),
}

/// One person in one role with a purpose.
#[derive(Debug)]
pub struct Session {
    role: Role,
    purpose: Option<String>,
    note: String,
    /// The areas in which people are seen, with all that lie in them; `None` for everywhere.
    areas: Option<BTreeSet<u64>>,
    /// Counts of people below this are not told to those without `small_counts`.
    suppress_below: usize,
    clearance: Clearance,
    opened: RefCell<BTreeMap<String, BTreeSet<PersonalField>>>,
}

impl Session {
    /// Begins a session in a city.
    ///
    /// # Errors
    /// When there is no such role, purpose or area, or the role needs areas and none is named.
    pub fn begin(table: &RoleTable, who: &Visitor, ground: &Ground) -> Result<Self, SessionError> {
        let role = table.role(&who.role)?.clone();
        let named = |text: &String| table.purpose(text).map(|one| one.id.clone());
        let purpose = who.purpose.as_ref().and_then(named);
        let purpose = purpose.filter(|one| role.purposes.contains(one));
        if let (Some(asked), None) = (&who.purpose, &purpose) {
            return Err(SessionError::Purpose {
                purpose: asked.clone(),
                known: table.purposes_of(&role),
                role: role.id,
            });
        }
        let areas = match role.area {
            RoleArea::All => None,
            RoleArea::Own if who.areas.is_empty() && who.purpose.is_some() => {
                return Err(SessionError::NoArea { role: role.id });
            }
            RoleArea::Own => Some(areas_of(ground, &who.areas)?),
        };
        let service = purpose.clone().unwrap_or_default();
        Ok(Self {
            suppress_below: table.suppress_below(),
            role,
            purpose,
            note: who.note.clone(),
            areas,
            clearance: Clearance::issue(Purpose::Service(service)),
            opened: RefCell::default(),
        })
    }

    /// The role.
    #[must_use]
    pub fn role(&self) -> &Role {
        &self.role
    }

    /// What the person is here for; empty without a purpose.
    #[must_use]
    pub fn purpose(&self) -> &str {
        self.purpose.as_deref().unwrap_or_default()
    }

    /// What exactly for.
    #[must_use]
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Whether this person may take such a list away, for the purpose told.
    #[must_use]
    pub fn may_export(&self, list: Export) -> bool {
        self.purpose.is_some() && self.role.exports.contains(&list)
    }

    /// Whether this person may decide what holds where registers differ, for the purpose told.
    #[must_use]
    pub fn may_decide(&self) -> bool {
        self.purpose.is_some() && self.role.decides
    }

    /// Whether the person works in this area; in one that is not known only who works everywhere.
    #[must_use]
    pub fn works_in(&self, area: Option<u64>) -> bool {
        match (&self.areas, area) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(area)) => own.contains(&area),
        }
    }

    /// The areas that the person works for, with all that lie in them, by the bits of their ids;
    /// `None` for everywhere.
    #[must_use]
    pub fn own_areas(&self) -> Option<&BTreeSet<u64>> {
        self.areas.as_ref()
    }

    /// What was opened so far, by record, for the log.
    #[must_use]
    pub fn opened(&self) -> BTreeMap<String, BTreeSet<PersonalField>> {
        self.opened.borrow().clone()
    }
}

impl Rights for Session {
    fn reveal(&self, field: PersonalField, of: &Subject<'_>) -> Option<&Clearance> {
        if !self.may_see(field, of.area) {
            return None;
        }
        let mut opened = self.opened.borrow_mut();
        opened.entry(of.id.id_text()).or_default().insert(field);
        Some(&self.clearance)
    }

    fn may_see(&self, field: PersonalField, area: Option<u64>) -> bool {
        self.closed(field, area).is_none()
    }

    fn closed(&self, field: PersonalField, area: Option<u64>) -> Option<Closed> {
        if !self.role.opens.contains(&field) {
            return Some(Closed::Role);
        }
        if self.purpose.is_none() {
            return Some(Closed::NoPurpose);
        }
        match (self.works_in(area), area) {
            (true, _) => None,
            (false, Some(_)) => Some(Closed::Elsewhere),
            (false, None) => Some(Closed::Nowhere),
        }
    }

    fn suppress_below(&self, area: Option<u64>) -> usize {
        match self.role.small_counts && self.works_in(area) {
            true => 0,
            false => self.suppress_below,
        }
    }
}

/// The named areas and everything that lies in them, by the bits of their ids.
///
/// # Errors
/// When a name is no area's, or that of several.
pub fn areas_of(ground: &Ground, names: &[String]) -> Result<BTreeSet<u64>, AreaNameError> {
    let mut own = BTreeSet::new();
    for asked in names {
        own.insert(ground.area_named(asked)?.bits());
    }
    // Downwards, level by level; a chain that bites its tail ends when nothing new comes.
    loop {
        let before = own.len();
        for area in ground.areas.values() {
            if area
                .parent
                .is_some_and(|parent| own.contains(&parent.bits()))
            {
                own.insert(area.id.bits());
            }
        }
        if own.len() == before {
            return Ok(own);
        }
    }
}

#[cfg(test)]
mod tests;
