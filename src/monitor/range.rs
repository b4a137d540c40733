//! What a device can measure: a value beyond that is a fault of the device, and no house. Used by whoever
//! feeds `monitor` with readings of devices whose kind is known. Never looks at a series.

use serde::{Deserialize, Serialize};

use super::gauge::Gauge;
use super::kept::Sample;
use super::unit::AnyUnit;
use crate::model::Quantity;

/// What a device can measure, in the unit of its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DeviceRange {
    /// Lowest value.
    pub from: f64,
    /// Highest value.
    pub to: f64,
    /// The unit of both.
    pub unit: AnyUnit,
}

impl DeviceRange {
    /// That of a kind whose numbers lie in a range and are of a unit, as its device is read, whose own unit
    /// may be another; `None` for a kind of an unknown unit.
    #[must_use]
    pub fn of(gauge: &Gauge, [from, to]: [f64; 2], unit: &str) -> Option<Self> {
        let of_kind = AnyUnit::from_symbol(unit, gauge.quantity() == Quantity::Tilt)?;
        let own = gauge.unit();
        let each = of_kind.each() / own.each();
        Some(Self {
            from: from * each,
            to: to * each,
            unit: own,
        })
    }

    /// Whether a device can have measured this. What is no number is left to others.
    #[must_use]
    pub fn holds(&self, sample: &Sample) -> bool {
        let is_beyond = |value: f64| value < self.from || value > self.to;
        !(is_beyond(sample.first) || sample.second.is_some_and(is_beyond))
    }
}
