//! What no city has: bounds that every number keeps, wherever it comes from. Used by passports and
//! the city file. Never mends a value: who meets one beyond says so.

use super::Building;

/// No length in a city is larger; metres.
pub const LENGTH_MAX_M: f64 = 1_000.0;
/// No height of ground or water is further from zero; metres.
pub const LEVEL_MAX_M: f64 = 12_000.0;
/// No building has more storeys.
pub const STOREYS_MAX: u16 = 300;

/// A number that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impossible {
    /// The field.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// Refuses what is no length, or a shorter one than `min_m`; metres.
///
/// # Errors
/// With the bounds.
pub fn length(field: &'static str, metres: f64, min_m: f64) -> Result<(), Impossible> {
    let reason = || format!("{metres} is not between {min_m} and {LENGTH_MAX_M} m");
    within(field, metres >= min_m && metres <= LENGTH_MAX_M, reason)
}

/// Refuses what is no height of ground or water; metres.
///
/// # Errors
/// With the number.
pub fn level(field: &'static str, metres: f64) -> Result<(), Impossible> {
    let reason = || format!("{metres} m is no height");
    within(field, metres.abs() <= LEVEL_MAX_M, reason)
}

/// Refuses a building whose numbers cannot be.
///
/// # Errors
/// With the first field that cannot be.
pub fn building(one: &Building) -> Result<(), Impossible> {
    level("ground_m", one.ground_m)?;
    length("height_m", one.height_m, 0.0)
}

fn within(
    field: &'static str,
    is_within: bool,
    reason: impl FnOnce() -> String,
) -> Result<(), Impossible> {
    match is_within {
        true => Ok(()),
        false => Err(Impossible {
            field,
            reason: reason(),
        }),
    }
}
