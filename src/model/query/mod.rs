//! Questions to a city: what is near, within, along; how many; what is called so.
//!
//! [`CityIndex`] is one index over everything that has a place, built once for a ground; people are
//! found through the buildings they live in. Every answer is exact: the index only saves looking at
//! what is far away. Personal fields, and labels as a filter, need [`Rights`](crate::base::Rights).
//! Used by `app::query`, later the API and the wall. Pure; never shows a sealed value past the rights.
//!
//! Start reading at [`CityIndex::of`] and [`CityIndex::near`].

mod along;
mod areas;
mod fields;
mod filter;
mod found;
mod homes;
mod index;
mod parts;
mod region;
mod spatial;
mod stats;
mod suppress;
#[cfg(test)]
mod tests;

pub use areas::AreaIndex;
pub use fields::{FieldValue, field, known_fields};
pub use filter::{Condition, Filter, FilterError, KindChoice, Op};
pub use found::Found;
pub use homes::{may_know_home, may_know_home_of, may_know_place, tells_a_home};
pub use index::CityIndex;
pub use parts::{Around, CellKey, Parts, Way, depth_of_level, way_of_area};
pub use region::{Region, RegionError};
pub use stats::{Cell, Division, NESTED_SIDES_M, Stats};
pub use suppress::{Suppressed, is_small};
