//! The archive beside a city, for commands that look into the past of its devices and alarms. Opens it
//! for reading alone.

use std::path::Path;

use anyhow::bail;

use crate::store::SqliteArchive;

/// The archive beside a city, to be read.
///
/// # Errors
/// When nothing ran the city yet, or the archive cannot be opened.
pub(in crate::app) fn archive_beside(city: &Path) -> anyhow::Result<SqliteArchive> {
    let folder = SqliteArchive::folder_of(city);
    if !SqliteArchive::exists(&folder) {
        bail!(
            "nothing ran this city yet: there is no archive beside {}",
            city.display()
        );
    }
    Ok(SqliteArchive::open_read_only(&folder)?)
}
