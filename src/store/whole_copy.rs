//! Whole copies of SQLite files, made while others write, and whether such a file is sound.
//! Used by the city file and the archive for backups. Never changes what it copies.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

use super::sqlite;

/// Why there is no copy.
pub(super) enum CopyFault {
    /// What SQLite reports.
    Sql(rusqlite::Error),
    /// What the system reports.
    System(std::io::Error),
}

/// Copies what the connection sees into a new file, as of one moment, and brings it to the disk.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<(), CopyFault> {
    let place = to.to_string_lossy();
    connection
        .execute("VACUUM INTO ?1", [place.as_ref()])
        .map_err(CopyFault::Sql)?;
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(CopyFault::System)
}

/// Looks at every page and every index of a file; what is wrong with it.
pub(super) fn is_sound(connection: &Connection) -> Result<(), String> {
    let asked = || -> rusqlite::Result<Vec<String>> {
        let mut select = connection.prepare("PRAGMA integrity_check(3)")?;
        let rows = select.query_map([], |row| row.get(0))?;
        rows.collect()
    };
    match asked() {
        Ok(lines) if lines == ["ok"] => Ok(()),
        Ok(lines) => Err(lines.join("; ").replace('\n', " ")),
        Err(fault) => Err(sqlite::reason(&fault)),
    }
}
