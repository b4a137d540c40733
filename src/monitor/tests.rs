//! The parts of the monitor one by one: against scipy, and by series whose truth is known.

mod change_point;
mod courses;
mod faults;
mod field_bad;
mod field_drawn;
mod field_oracle;
mod field_truth;
mod forecast;
mod gross;
mod houses;
mod lengths;
mod parts;
mod proof;
mod rates;
mod thermal;
mod truth;
