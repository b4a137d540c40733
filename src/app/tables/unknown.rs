//! Kinds of device that a city has and no table knows: how many there are, and what is told of them.
//! Used by every command that opens a city with its tables. Never judges a device.

use std::collections::BTreeMap;
use std::path::Path;

use super::What;
use crate::base::counted;
use crate::model::{KindId, KindTable};
use crate::store::{CityFile, CityFileError};

/// Kinds of device that a city has and no table knows, with the number of devices.
///
/// # Errors
/// When the city cannot be read.
pub fn unknown_kinds(
    file: &CityFile,
    kinds: &KindTable,
) -> Result<BTreeMap<KindId, usize>, CityFileError> {
    let mut counts = file.device_kinds()?;
    counts.retain(|kind, _| kinds.get(kind).is_none());
    Ok(counts)
}

/// What is told of kinds that no table knows, with the remedy and none of their words, which registers
/// wrote; `None` where there are none.
#[must_use]
pub fn unknown_note(city: &Path, unknown: &BTreeMap<KindId, usize>) -> Option<String> {
    let total: usize = unknown.values().sum();
    (total > 0).then(|| {
        format!(
            "{} of a kind that no table knows ({}, which `tables --json` lists): shown with ?, never judged; \
             describe the kind in {} (docs/tables.md)",
            counted(total, "device", "devices"),
            counted(unknown.len(), "kind", "kinds"),
            What::Kinds.path(city).display(),
        )
    })
}
