//! The tables of an area's description that tell of people, events, things and names.
//! Used by `spec`. Never checks a value: `spec_check` does.

use serde::Deserialize;

use crate::model::{EventKind, ServiceGroup};

use super::spec_tables::tables;

tables! {
    /// Population.
    PeopleSpec {
        /// Households, exactly.
        households: usize,
        /// Residents, exactly.
        residents: usize,
        /// Dwellings for each household.
        dwellings_per_household: f64,
        /// Shares of households of 1, 2, … persons.
        household_sizes: Vec<f64>,
        /// Share of one-person households that are over 60.
        elderly_single_share: f64,
        /// Share of two-person households that are over 60.
        elderly_couple_share: f64,
        /// Share of residents linked to a dwelling.
        link_rate: f64,
        /// First six digits of identity numbers.
        identity_area: String,
        /// First digits of telephone numbers.
        phone_prefix: String,
        /// First characters of number plates.
        plate_prefix: String,
    }
    /// Shares of resident records with a planted fault, beside the unlinked ones.
    FaultSpec {
        /// Not confirmed for more than three years.
        stale: f64,
        /// Contradicts itself or its household.
        contradictory: f64,
        /// Carries another record's identity number; both count.
        duplicate: f64,
    }
    /// A label.
    LabelSpec {
        /// Id.
        id: String,
        /// Name in Chinese.
        name: String,
        /// Least age.
        from_age: i32,
        /// Only of those who live alone.
        #[serde(default)]
        alone: bool,
        /// Share of those who qualify.
        share: f64,
        /// The trait that merits it by the rules of labels; empty when age and household do.
        #[serde(default)]
        trait_name: String,
        /// Its values, each as often as the others.
        #[serde(default)]
        trait_values: Vec<String>,
    }
    /// What residents report, order or bring to the contact day.
    EventSpec {
        /// What it is about; names nobody.
        title: String,
        /// How it came about.
        kind: EventKind,
        /// The service group.
        group: ServiceGroup,
        /// How often, against the others.
        share: f64,
        /// Whether it concerns one home, and not a public place.
        #[serde(default)]
        home: bool,
    }
    /// Cameras, vehicles, hydrants, teams.
    ThingSpec {
        /// Cameras.
        cameras: usize,
        /// First eight digits of camera ids.
        gb28181_centre: String,
        /// Cars.
        cars: usize,
        /// Electric bicycles.
        ebikes: usize,
        /// Carts.
        carts: usize,
        /// Distance between hydrants.
        hydrants_apart_m: f64,
        /// Shares of cameras of the police, of city management and of communities.
        camera_owners: [f64; 3],
        /// Events of the last weeks.
        #[serde(default)]
        events: usize,
        /// Names of the dispatch centre's teams.
        teams: Vec<String>,
    }
    /// Synthetic names.
    NameSpec {
        /// Lanes, Chinese and English, for the longest first; made of the three lists below when
        /// there are none.
        #[serde(default)]
        lanes: Vec<[String; 2]>,
        /// Bridges; made of the lists below when there are none.
        #[serde(default)]
        bridges: Vec<String>,
        /// First syllables, Chinese and English.
        #[serde(default)]
        first: Vec<[String; 2]>,
        /// Second syllables.
        #[serde(default)]
        second: Vec<[String; 2]>,
        /// Ends of names of lanes.
        #[serde(default)]
        lane_tails: Vec<[String; 2]>,
        /// End of the name of a street that is made between two communities.
        #[serde(default)]
        street_tail: [String; 2],
        /// End of the name of a bridge.
        #[serde(default)]
        bridge_tail: [String; 2],
        /// Family names, one character each.
        family: String,
        /// Given names of the old, one character each.
        given_old: String,
        /// Given names of the young.
        given_new: String,
    }
}
