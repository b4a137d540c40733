//! The twin of a city at a moment of the archive beside it. Used by commands that look at what runs
//! without an engine. Never writes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::base::Timestamp;
use crate::model::ports::Archive;
use crate::model::{Ground, Live, Twin};
use crate::store::SqliteArchive;

/// The twin at a moment (at the end of the archive for `None`); `None` where no archive lies beside
/// the city.
///
/// # Errors
/// When the archive cannot be read, or belongs to another city.
pub(super) fn twin_at(
    ground: &Arc<Ground>,
    city: &Path,
    at: Option<Timestamp>,
) -> anyhow::Result<Option<Twin>> {
    let folder = SqliteArchive::folder_of(city);
    if !SqliteArchive::exists(&folder) {
        return Ok(None);
    }
    let mut archive = SqliteArchive::open_read_only(&folder)?;
    let number = at.map(|at| archive.batch_at(at)).transpose()?;
    let recovered = archive.recover(number)?;
    let snapshot = recovered.snapshot.unwrap_or_else(Live::default);
    let mut twin = Twin::at_snapshot(Arc::clone(ground), snapshot);
    for batch in &recovered.batches {
        twin.apply(batch)
            .context("the archive does not fit the city file")?;
    }
    Ok(Some(twin))
}
