//! The houses of a city by their addresses, and which of them an address means. The import of
//! registers and questions by words ask here alike, so both know the same addresses. Built once over
//! a ground. Never keeps a door, and never takes one of several that fit as well.

use crate::base::{BuildingId, Clearance};
use crate::model::{AreaLevel, Building, Dwelling, Ground};

use super::address::regions::place_of;
use super::address::{Address, CityNames, Part};
use super::match_address::{AddressIndex, Candidate, MatchRules, Outcome};

/// Names of a city, the areas that all of its addresses lie in, and its houses.
#[derive(Debug)]
pub struct Houses {
    names: CityNames,
    home: Address,
    index: AddressIndex<BuildingId>,
}

impl Houses {
    /// The houses of a city, by their addresses and by names that are some.
    #[must_use]
    pub fn of(ground: &Ground) -> Self {
        let (names, home) = (CityNames::of(ground), home(ground));
        // What is told behind a house says nothing of which one it is.
        let parse = |text: &str| Address {
            annex: None,
            within: Vec::new(),
            ..Address::parse(text, &names).or_areas_of(&home)
        };
        let read = |text: fn(&Building) -> Option<&String>| {
            let houses = ground.buildings.values();
            houses.filter_map(move |one| Some((one.id, parse(text(one)?))))
        };
        let by_address = read(|one| one.address.as_ref());
        let by_name = read(|one| one.name.as_ref())
            .filter(|(_, address)| address.has(Part::Building) || address.has(Part::Number));
        let index = AddressIndex::build(by_address.chain(by_name));
        Self { names, home, index }
    }

    /// Names of the city.
    #[must_use]
    pub fn names(&self) -> &CityNames {
        &self.names
    }

    /// Whether the city has a way, an estate or a house that is called so.
    #[must_use]
    pub fn knows_place(&self, name: &str) -> bool {
        self.names.knows(name) || self.index.has_name(name)
    }

    /// An address in parts, with the city's own areas.
    #[must_use]
    pub fn parse(&self, text: &str) -> Address {
        Address::parse(text, &self.names).or_areas_of(&self.home)
    }

    /// The house that an address means, whatever its door.
    #[must_use]
    pub fn find(&self, address: &Address, rules: &MatchRules) -> Outcome<BuildingId> {
        let found = self.index.find(&address.house(), rules);
        match (&found, address.with_unit()) {
            (Outcome::Unmatched(_), Some(other)) => {
                // Of a house that has buildings one must be told.
                let told = self.index.find(&other.house(), rules);
                let is_whole = |one: &Candidate<BuildingId>| {
                    one.reasons.iter().all(|one| one.part != Part::Building)
                };
                match told {
                    Outcome::Linked(one) if is_whole(&one) => Outcome::Linked(one),
                    _ => found,
                }
            }
            _ => found,
        }
    }

    /// The address of a dwelling with its door: its own, otherwise that of its house. `None` where
    /// neither has one, or the door is locked.
    #[must_use]
    pub fn address_of(
        &self,
        home: &Dwelling,
        house: Option<&Building>,
        clearance: &Clearance,
    ) -> Option<Address> {
        let base = home.address.as_ref().or(house?.address.as_ref())?;
        let door = home.door.open(clearance)?;
        Some(self.parse(&with_door(base, &door)))
    }
}

/// The most signs of a room; more are those of another number.
const ROOM_SIGNS: usize = 8;

/// An address with unit and door behind it.
fn with_door(base: &str, door: &str) -> String {
    let is_bare = door.chars().all(|one| one.is_ascii_alphanumeric());
    let mark = if is_bare && (1..=ROOM_SIGNS).contains(&door.len()) {
        "室"
    } else {
        ""
    };
    format!("{base} {door}{mark}")
}

/// The areas that every address of the city lies in: province and city by the codes of its areas, and its
/// district where it has one alone.
fn home(ground: &Ground) -> Address {
    let codes = ground.areas.values().filter_map(|one| one.code.as_deref());
    let (province, city) = place_of(codes);
    let mut districts = ground
        .areas
        .values()
        .filter(|one| one.level == AreaLevel::District);
    let district = districts.next().map(|one| one.name.clone());
    Address {
        province,
        city,
        district: district.filter(|_| districts.next().is_none()),
        ..Address::default()
    }
}
