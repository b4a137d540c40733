//! Dwellings, households, residents and vehicles. Everything personal is [`Sealed`].

use crate::base::{BuildingId, DwellingId, HouseholdId, ResidentId, Sealed, SealedList, VehicleId};

use super::ground::{Source, Usage, named};

/// A dwelling: one home or unit in a building.
#[derive(Debug, Clone, PartialEq)]
pub struct Dwelling {
    /// Stable id.
    pub id: DwellingId,
    /// Origin of the record.
    pub source: Source,
    /// The building it is in.
    pub building: BuildingId,
    /// Storey, 1 is the ground floor.
    pub floor: i16,
    /// Unit and door number, for example `302室` or `2单元302室`.
    pub door: Sealed,
    /// Use.
    pub usage: Usage,
    /// Floor area.
    pub area_m2: f64,
    /// Address without unit and door, where it is not the building's: a house may have several
    /// numbers.
    pub address: Option<String>,
}

/// A household.
#[derive(Debug, Clone, PartialEq)]
pub struct Household {
    /// Stable id.
    pub id: HouseholdId,
    /// Origin of the record.
    pub source: Source,
    /// Its home, when it is linked.
    pub dwelling: Option<DwellingId>,
    /// The address as it was given.
    pub address: Sealed,
}

/// A resident.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident {
    /// Stable id.
    pub id: ResidentId,
    /// Origin of the record.
    pub source: Source,
    /// Household.
    pub household: Option<HouseholdId>,
    /// The dwelling the record is linked to.
    pub dwelling: Option<DwellingId>,
    /// Name.
    pub name: Sealed,
    /// Identity number, 18 characters.
    pub identity_no: Sealed,
    /// Date of birth as recorded apart from the identity number, `YYYY-MM-DD`.
    pub birth_date: Sealed,
    /// Telephone number.
    pub phone: Option<Sealed>,
    /// Sensitive labels such as `elderly_alone`.
    pub labels: SealedList,
    /// The address as it was given, to be matched with a dwelling.
    pub address: Sealed,
    /// Day on which somebody last confirmed the record, `YYYY-MM-DD`.
    pub verified_on: String,
    /// What rules for labels look at beside age and household: [`Traits`] as JSON.
    ///
    /// [`Traits`]: super::Traits
    pub traits: Option<Sealed>,
    /// Whom to call in an emergency: a list of [`Contact`] as JSON.
    ///
    /// [`Contact`]: super::Contact
    pub contacts: Option<Sealed>,
    /// What further registers say of the same person, and what was decided where they differ:
    /// [`Further`] as JSON.
    ///
    /// [`Further`]: super::Further
    pub further: Option<Sealed>,
}

named! {
    /// Kinds of vehicle.
    VehicleKind {
        /// Passenger car.
        #[default]
        Car = "car",
        /// Electric bicycle.
        Ebike = "ebike",
        /// Delivery or service cart.
        Cart = "cart",
    }
}

/// A vehicle.
#[derive(Debug, Clone, PartialEq)]
pub struct Vehicle {
    /// Stable id.
    pub id: VehicleId,
    /// Origin of the record.
    pub source: Source,
    /// Kind.
    pub kind: VehicleKind,
    /// Number plate.
    pub plate: Sealed,
    /// The household it belongs to.
    pub household: Option<HouseholdId>,
    /// Where it usually stands.
    pub position: [f64; 3],
}
