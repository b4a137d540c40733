//! What devices measure, as feeds hand it in and batches keep it. Never judges a value.

use serde::{Deserialize, Serialize};

use crate::base::{DeviceId, Timestamp};

/// One reading of one device.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The device.
    pub device: DeviceId,
    /// Device time.
    pub at: Timestamp,
    /// Time of arrival.
    pub arrived: Timestamp,
    /// The value in the unit of the device's kind. Of a two-axis tilt sensor the first axis.
    /// Finite in every batch: a reading that is no number becomes a change of health alone.
    pub value: f64,
    /// Second axis, when the device has one.
    pub second: Option<f64>,
    /// Temperature of the device, when it tells.
    pub temperature_c: Option<f64>,
}

impl Reading {
    /// Whether every value in it is a number.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.value.is_finite()
            && self.second.is_none_or(f64::is_finite)
            && self.temperature_c.is_none_or(f64::is_finite)
    }
}
