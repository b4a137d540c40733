//! The parts of the monitor one by one: against scipy, and by series whose truth is known.

mod change_point;
mod courses;
mod forecast;
mod gross;
mod parts;
mod proof;
mod rates;
mod thermal;
mod truth;
