//! A demo city and its simulated days, from a seed.

pub mod days;
