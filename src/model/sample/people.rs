//! People for the sample city.

use crate::base::{AreaId, BuildingId, DwellingId, HouseholdId, ResidentId, Sealed, SealedList};
use crate::model::{AdminArea, AreaLevel, Dwelling, Ground, Household, Resident, Usage};

use super::city::source;

/// A household with a home, or none.
pub(crate) fn household(key: &str, dwelling: Option<DwellingId>) -> Household {
    Household {
        id: HouseholdId::from_source("sample", key),
        source: source(key),
        dwelling,
        address: Sealed::new("样街 1 号"),
    }
}

/// Somebody born on 1940-01-01, confirmed on 2026-01-01.
pub(crate) fn resident(
    key: &str,
    household: Option<HouseholdId>,
    dwelling: Option<DwellingId>,
) -> Resident {
    Resident {
        id: ResidentId::from_source("sample", key),
        source: source(key),
        household,
        dwelling,
        name: Sealed::new("王小明"),
        identity_no: Sealed::new(format!("identity of {key}")),
        birth_date: Sealed::new("1940-01-01"),
        phone: Some(Sealed::new("13912345678")),
        labels: SealedList::default(),
        address: Sealed::new("样街 1 号 302 室"),
        verified_on: "2026-01-01".to_owned(),
        traits: None,
        contacts: None,
        further: None,
    }
}

/// A new home in a building with a household of so many; their ids.
pub(crate) fn move_in(
    ground: &mut Ground,
    building: BuildingId,
    key: &str,
    count: usize,
) -> Vec<ResidentId> {
    let home = Dwelling {
        id: DwellingId::from_source("sample", key),
        source: source(key),
        building,
        floor: 1,
        door: Sealed::new("101室"),
        usage: Usage::Residential,
        area_m2: 50.0,
        address: None,
    };
    let hearth = household(key, Some(home.id));
    let people: Vec<_> = (0..count)
        .map(|at| resident(&format!("{key} {at}"), Some(hearth.id), Some(home.id)))
        .collect();
    let ids = people.iter().map(|one| one.id).collect();
    ground.dwellings.insert(home.id, home);
    ground.households.insert(hearth.id, hearth);
    ground
        .residents
        .extend(people.into_iter().map(|one| (one.id, one)));
    ids
}

/// A grid without an outline.
pub(crate) fn area(id: AreaId, parent: AreaId) -> AdminArea {
    AdminArea {
        id,
        source: source(&id.to_string()),
        level: AreaLevel::Grid,
        code: None,
        name: id.to_string(),
        parent: Some(parent),
        polygon: None,
    }
}
