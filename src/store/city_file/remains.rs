//! What unused parts of the file still hold after something was sealed anew: the text that stood
//! there in clear, or what a former key opens. SQLite writes over what it gives free at best within a
//! page, and what lay in a page before it was moved stays; only building the file anew (`VACUUM`)
//! clears it all. Used after writes that seal. Never touches a record.

use rusqlite::Connection;

use super::{CityFile, meta};

/// Stands in the meta table until the file has been built anew.
const KEY: &str = "remains";

impl CityFile {
    /// Whether unused parts of the file may still hold what was sealed since: the file could not be
    /// built anew, because somebody reads it or the disk has no room for it twice. The next write
    /// tries again.
    #[must_use]
    pub fn has_remains(&self) -> bool {
        is_noted(&self.connection).unwrap_or(true)
    }
}

/// Notes that there are remains. The caller holds the transaction that makes them.
pub(super) fn note(connection: &Connection) -> rusqlite::Result<()> {
    meta::set(connection, KEY, "1")
}

/// Builds the file anew where there are remains. What was committed stands whether or not that can
/// be done; where it cannot, the note stays.
pub(super) fn clear(connection: &Connection) {
    if is_noted(connection).unwrap_or(false) {
        let _ = connection
            .execute_batch("VACUUM")
            .and_then(|()| meta::forget(connection, KEY));
    }
}

fn is_noted(connection: &Connection) -> rusqlite::Result<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM pingjiang_meta WHERE key = ?1)";
    connection
        .prepare_cached(select)?
        .query_row([KEY], |row| row.get(0))
}
