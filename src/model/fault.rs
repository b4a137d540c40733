//! Faults that a quality report finds in population records unaided: nothing here knows which
//! faults a generator planted.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::base::{Clearance, ResidentId};

use super::identity::IdentityNo;
use super::{Further, Ground, Resident, meaning, read_sealed};

/// What can be wrong with a resident's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordFault {
    /// Nobody confirmed it for more than three years.
    Stale,
    /// The date of birth contradicts the identity number, or the check digit is wrong, or the
    /// record stands in another dwelling than its household.
    Contradictory,
    /// The address matches no dwelling.
    UnmatchedAddress,
    /// Another record carries the same identity number.
    Duplicate,
    /// Another register says something else of the same person, and nobody has decided yet.
    Conflicting,
}

impl RecordFault {
    /// Every fault.
    pub const ALL: [Self; 5] = [
        Self::Stale,
        Self::Contradictory,
        Self::UnmatchedAddress,
        Self::Duplicate,
        Self::Conflicting,
    ];

    /// The name in documents.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::Contradictory => "contradictory",
            Self::UnmatchedAddress => "unmatched_address",
            Self::Duplicate => "duplicate",
            Self::Conflicting => "conflicting",
        }
    }
}

/// The residents with at least one fault.
pub type ResidentFaults = BTreeMap<ResidentId, Vec<RecordFault>>;

/// Days without confirmation after which a record is stale.
const STALE_DAYS: i64 = 3 * 365;

/// Finds the faults of every resident's record as of `today` (`YYYY-MM-DD`); `None` while
/// personal values are locked. Method: rules over the record itself, its household and the
/// other records; an unreadable date counts as contradictory.
#[must_use]
pub fn resident_faults(
    ground: &Ground,
    today: &str,
    clearance: &Clearance,
) -> Option<ResidentFaults> {
    let judge = Judge::new(ground, today, clearance);
    let mut faults = ResidentFaults::new();
    let mut identities = Vec::with_capacity(ground.residents.len());
    for (id, resident) in &ground.residents {
        let (identity, found) = judge.alone(resident)?;
        if !found.is_empty() {
            faults.insert(*id, found);
        }
        identities.push(identity);
    }
    let mut times = HashMap::<&str, u32>::with_capacity(identities.len());
    for identity in &identities {
        *times.entry(identity).or_default() += 1;
    }
    for (id, identity) in ground.residents.keys().zip(&identities) {
        let is_twice = times.get(&**identity).is_some_and(|times| *times > 1);
        if is_twice && is_number(identity) {
            let found = faults.entry(*id).or_default();
            found.push(RecordFault::Duplicate);
            found.sort_unstable();
        }
    }
    Some(faults)
}

/// The faults of one record, as [`resident_faults`] finds them.
#[must_use]
pub fn faults_of(
    ground: &Ground,
    resident: &Resident,
    today: &str,
    clearance: &Clearance,
) -> Option<Vec<RecordFault>> {
    let (identity, mut found) = Judge::new(ground, today, clearance).alone(resident)?;
    let mut others = ground
        .residents
        .values()
        .filter(|one| one.id != resident.id);
    let is_same = |one: &Resident| one.identity_no.open(clearance).as_ref() == Some(&identity);
    if is_number(&identity) && others.any(is_same) {
        found.push(RecordFault::Duplicate);
        found.sort_unstable();
    }
    Some(found)
}

struct Judge<'a> {
    ground: &'a Ground,
    today: Option<Date>,
    clearance: &'a Clearance,
}

impl<'a> Judge<'a> {
    fn new(ground: &'a Ground, today: &str, clearance: &'a Clearance) -> Self {
        Self {
            ground,
            today: today.parse().ok(),
            clearance,
        }
    }

    /// The identity number of a record, and what is wrong with it whatever other records say.
    fn alone<'b>(&self, resident: &'b Resident) -> Option<(Cow<'b, str>, Vec<RecordFault>)> {
        let identity = resident.identity_no.open(self.clearance)?;
        let birth = resident.birth_date.open(self.clearance)?;
        let mut found = Vec::new();
        let age_days = self
            .today
            .and_then(|today| days_between(&resident.verified_on, today));
        if age_days.is_some_and(|days| days > STALE_DAYS) {
            found.push(RecordFault::Stale);
        }
        let home = resident
            .household
            .and_then(|home| self.ground.households.get(&home)?.dwelling);
        let moved = matches!((home, resident.dwelling), (Some(a), Some(b)) if a != b);
        // Who has no number contradicts none.
        let agrees = identity.is_empty() || identity_agrees(&identity, &birth);
        if moved || age_days.is_none() || !agrees {
            found.push(RecordFault::Contradictory);
        }
        if resident.dwelling.is_none() {
            found.push(RecordFault::UnmatchedAddress);
        }
        if is_contested(resident, self.clearance) {
            found.push(RecordFault::Conflicting);
        }
        Some((identity, found))
    }
}

/// Whether registers differ on name, date of birth or telephone number and nobody has decided; what
/// cannot be read counts as contested.
fn is_contested(resident: &Resident, clearance: &Clearance) -> bool {
    let further = resident.further.as_ref();
    let Ok(further) = read_sealed::<Further>(further, clearance) else {
        return true;
    };
    if further.is_empty() {
        return false;
    }
    let phone = resident.phone.as_ref();
    let own = [
        ("name", resident.name.open(clearance)),
        ("birth_date", resident.birth_date.open(clearance)),
        ("phone", phone.and_then(|phone| phone.open(clearance))),
    ];
    own.iter().any(|(field, own)| {
        let decision = further.decision(field);
        let stood = decision.and_then(|one| one.stood.as_ref());
        let told = further
            .records
            .iter()
            .filter_map(|one| one.values.get(*field));
        stood.into_iter().chain(told).any(|told| match decision {
            Some(decision) => !decision.has_weighed(told, &|value| meaning(field, value)),
            None => own
                .as_ref()
                .is_some_and(|own| meaning(field, told) != meaning(field, own)),
        })
    })
}

fn days_between(from: &str, to: Date) -> Option<i64> {
    let from: Date = from.parse().ok()?;
    from.until(to).ok().map(|span| i64::from(span.get_days()))
}

/// Whether it is a number that two should not have: many have none, or the same words in its place.
fn is_number(identity: &str) -> bool {
    IdentityNo::new(identity).is_some_and(|one| one.is_number())
}

/// Whether an identity number has no fault and holds the date of birth.
fn identity_agrees(identity: &str, birth_date: &str) -> bool {
    let birth = birth_date.parse::<Date>().ok();
    IdentityNo::new(identity)
        .is_some_and(|one| one.fault().is_none() && birth.is_some() && one.birth_date() == birth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_numbers() {
        // The published example of GB 11643.
        assert!(identity_agrees("11010519491231002X", "1949-12-31"));
        assert!(
            !identity_agrees("110105194912310021", "1949-12-31"),
            "wrong check digit"
        );
        assert!(
            !identity_agrees("11010519491231002X", "1949-12-30"),
            "other day"
        );
        assert!(!identity_agrees("甲乙丙丁戊己", "1949-12-31"), "not ASCII");
    }

    #[test]
    fn days() {
        let today = Date::constant(2026, 1, 1);
        assert_eq!(days_between("2023-01-01", today), Some(1096));
        assert_eq!(days_between("soon", today), None);
    }
}
