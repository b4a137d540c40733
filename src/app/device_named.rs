//! A device by what a person calls it: its id, or its name in the registers. Used by commands about
//! single devices. Never guesses between two.

use anyhow::bail;

use crate::base::DeviceId;
use crate::model::Ground;

/// The device of an id, known or not, or the one of this name.
///
/// # Errors
/// When no device or several have the name.
pub(super) fn device_named(ground: &Ground, told: &str) -> anyhow::Result<DeviceId> {
    if let Ok(id) = told.parse() {
        return Ok(id);
    }
    let devices = ground.devices.values();
    let named: Vec<_> = devices
        .filter(|device| device.name.as_deref() == Some(told))
        .collect();
    match named[..] {
        [one] => Ok(one.id),
        [] => bail!(
            "the city has no device {told:?}; name one by its id (dev-…), as query and inspect list them"
        ),
        _ => bail!(
            "{} devices are called {told:?}; name one by its id (dev-…)",
            named.len()
        ),
    }
}
