//! What a sensor measures and how it hangs: from the number that a device tells to a value of its series.
//! Used by whoever feeds `monitor`. Never guesses a unit: one that is not known is refused.

use super::gross::{GrossLimits, Seen};
use super::kept::{Measured, Sample};
use super::series::{SeriesMonitor, Taking};
use super::table::MonitorTable;
use super::unit::{AnyUnit, LengthUnit, Mounting, TiltUnit};
use crate::model::Quantity;

/// How a sensor is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gauge {
    /// Two axes of tilt.
    Tilt(Mounting),
    /// One length: settlement, or the width of a crack.
    Length {
        /// Which of both.
        quantity: Quantity,
        /// What its number means.
        unit: LengthUnit,
        /// What it shows at its epoch, in its unit.
        zero: f64,
        /// What is multiplied by after the zero was taken off.
        scale: f64,
    },
}

impl Gauge {
    /// How a device is read whose kind has this quantity and unit, and which goes by these names in the
    /// table; `None` for a quantity that is not followed.
    ///
    /// # Errors
    /// In words, when the unit is none of that quantity.
    pub fn of(
        table: &MonitorTable,
        quantity: &str,
        unit: &str,
        names: &[&str],
    ) -> Result<Option<Self>, String> {
        let Some(quantity) = Quantity::of_name(quantity) else {
            return Ok(None);
        };
        if quantity == Quantity::Tilt {
            let unit = TiltUnit::from_symbol(unit)
                .ok_or_else(|| format!("{unit:?} is no unit of tilt; °, mrad, mm/m, ‰ or % are"))?;
            return Ok(Some(Self::Tilt(table.mounting(names, unit))));
        }
        let unit = LengthUnit::from_symbol(unit)
            .ok_or_else(|| format!("{unit:?} is no unit of length; µm, mm, cm or m are"))?;
        // Of an entry for a length only zero and scale count.
        let own = table.mounting(names, TiltUnit::Permille);
        Ok(Some(Self::Length {
            quantity,
            unit,
            zero: own.zero[0],
            scale: own.scale[0],
        }))
    }

    /// What it measures.
    #[must_use]
    pub const fn quantity(&self) -> Quantity {
        match self {
            Self::Tilt(_) => Quantity::Tilt,
            Self::Length { quantity, .. } => *quantity,
        }
    }

    /// The unit of its numbers.
    #[must_use]
    pub const fn unit(&self) -> AnyUnit {
        match self {
            Self::Tilt(mounting) => AnyUnit::Tilt(mounting.unit),
            Self::Length { unit, .. } => AnyUnit::Length(*unit),
        }
    }

    /// Whether a direction can be told of it.
    #[must_use]
    pub const fn has_bearing(&self) -> bool {
        matches!(self, Self::Tilt(mounting) if mounting.bearing_deg.is_some())
    }

    /// A reading as its series takes it.
    #[must_use]
    pub fn measured(&self, sample: &Sample) -> Measured {
        let value = match self {
            Self::Tilt(mounting) => mounting.lean_permille(sample.first, sample.second),
            Self::Length {
                unit, zero, scale, ..
            } => [(sample.first - zero) * scale * unit.mm_each(), 0.0],
        };
        let is_told = sample.first.is_finite() && sample.second.is_none_or(f64::is_finite);
        Measured {
            at: sample.at,
            value: match value.iter().any(|part| part.is_nan()) {
                _ if !is_told => [f64::NAN; 2],
                // An angle beyond the upright has no tangent, and is a number all the same.
                true => [f64::INFINITY; 2],
                false => value,
            },
            temperature_c: sample.temperature_c,
        }
    }

    /// Takes a reading into the state of its sensor. Answers as [`SeriesMonitor::take`] does.
    pub fn take(
        &self,
        monitor: &mut SeriesMonitor,
        sample: &Sample,
        gross: &GrossLimits,
        utc_offset_minutes: i32,
    ) -> Option<Seen> {
        let taking = Taking {
            gross,
            mounting: match self {
                Self::Tilt(mounting) => Some(mounting),
                Self::Length { .. } => None,
            },
            most: self.quantity().most(),
            utc_offset_minutes,
        };
        monitor.take(&self.measured(sample), &taking)
    }
}
