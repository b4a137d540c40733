//! A small city and what may happen in it, for tests of every floor above.

mod city;
pub(crate) mod people;

use std::sync::Arc;

use crate::base::{DeviceId, Timestamp};

use super::{Batch, Reading, Twin};
pub(crate) use city::{MORNING, city, device_id};

/// A twin on that city in which nothing has happened yet.
pub(crate) fn twin(per_kind: u32) -> Twin {
    Twin::new(Arc::new(city(per_kind)))
}

/// A reading `seconds` after [`MORNING`], arriving at once.
pub(crate) fn reading(device: DeviceId, seconds: i64, value: f64) -> Reading {
    let at = MORNING.plus(seconds * 1_000);
    Reading {
        device,
        at,
        arrived: at,
        value,
        second: None,
        temperature_c: None,
    }
}

/// The batch after the last one of `twin`, still empty.
pub(crate) fn next_batch(twin: &Twin, at: Timestamp) -> Batch {
    Batch {
        number: twin.live().batch + 1,
        ground_version: twin.ground().version,
        at,
        readings: Vec::new(),
        changes: Vec::new(),
        uncommitted: false,
    }
}
