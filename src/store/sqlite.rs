//! Opening SQLite files for reading wherever they lie. Used by the city file and the archive.
//! Never writes.

use std::{fs, path::Path, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::files;

/// How long one waits for another program's transaction.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a file cannot be opened for reading.
pub(super) enum ReadFault {
    /// A program died in the middle of a write, and only somebody who may write here can tidy up.
    Unfinished,
    /// What SQLite reports.
    Sql(rusqlite::Error),
}

/// A connection for reading; it works in a folder that cannot be written, too.
pub(super) fn connect_for_reading(path: &Path) -> Result<Connection, ReadFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let usable = |connection: Connection| {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    };
    let open = || Connection::open_with_flags(path, flags).and_then(usable);
    let fault = match open() {
        Ok(connection) => return Ok(connection),
        Err(fault) => fault,
    };
    if !matches!(
        fault.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
    ) {
        return Err(ReadFault::Sql(fault));
    }
    // SQLite wanted to make a file beside this one and could not. Where a journal waits, half a
    // write lies in the file. Whoever may write here takes it back by opening the file once.
    if has_journal(path) {
        let write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let is_tidy = Connection::open_with_flags(path, write).and_then(usable);
        return is_tidy
            .and_then(|_| open())
            .map_err(|_| ReadFault::Unfinished);
    }
    // Nothing waits, so the file is complete as it is; it only was left in WAL mode.
    let uri = format!("file:{}?immutable=1", escaped(path));
    Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
        .and_then(usable)
        .map_err(ReadFault::Sql)
}

/// Whether a transaction may be waiting in a file beside this one.
pub(super) fn has_journal(path: &Path) -> bool {
    ["-journal", "-wal"]
        .iter()
        .any(|side| fs::metadata(files::beside(path, side)).is_ok_and(|about| about.len() > 0))
}

/// Whether a fault means that what is stored contradicts itself.
pub(super) fn is_damage(fault: &rusqlite::Error) -> bool {
    use rusqlite::Error;
    let corrupt = matches!(
        fault.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    );
    corrupt
        || matches!(
            fault,
            Error::InvalidColumnType(..)
                | Error::FromSqlConversionFailure(..)
                | Error::IntegralValueOutOfRange(..)
                | Error::Utf8Error(..)
                // Our own SQL is sound: what it names is not there.
                | Error::SqlInputError { .. }
        )
}

/// What SQLite says, without the statement that it says it of.
pub(super) fn reason(fault: &rusqlite::Error) -> String {
    match fault {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// A path as part of a URI.
fn escaped(path: &Path) -> String {
    let mut text = String::new();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                text.push(char::from(*byte));
            }
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}
