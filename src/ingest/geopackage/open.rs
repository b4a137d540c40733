//! Opening a foreign GeoPackage: for reading only, with nothing of its own code trusted.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::super::Input;
use super::super::error::ReadError;
use super::damaged;

/// No file of SQLite is smaller than its header.
const HEADER_BYTES: usize = 100;
/// Where the header tells the way of writing; in memory there is only one.
const WRITE_VERSIONS: std::ops::Range<usize> = 18..20;

/// A connection to the file, checked to be a foreign GeoPackage.
pub(super) fn open(input: &Input) -> Result<Connection, ReadError> {
    is_whole(input.bytes)?;
    let connection = match input.on_disk() {
        Some(path) => of_disk(path)?,
        None => of_bytes(input.bytes)?,
    };
    let broken = |fault: rusqlite::Error| damaged(&fault);
    harden(&connection).map_err(broken)?;
    let has = |name: &str| {
        let query = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = ?1)";
        connection.query_row(query, [name], |row| row.get::<_, bool>(0))
    };
    if has("pingjiang_meta").map_err(broken)? {
        return Err(ReadError::Unusable {
            reason: "it is a city of this program already, not a foreign file".to_owned(),
            remedy: "name it with --into to import into it; to take it or a part of it into \
                     another city, export that as CityJSON (.city.json) and import the export"
                .to_owned(),
        });
    }
    if !has("gpkg_contents").map_err(broken)? {
        return Err(ReadError::Unusable {
            reason: "it is an SQLite file, but no GeoPackage: it has no table gpkg_contents"
                .to_owned(),
            remedy: "convert it (GDAL: ogr2ogr -f GPKG OUT.gpkg IN)".to_owned(),
        });
    }
    Ok(connection)
}

/// As it lies, whatever its folder allows: no lock and no file beside it is made.
fn of_disk(path: &Path) -> Result<Connection, ReadError> {
    let mut log = OsString::from(path);
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|about| about.len() > 0) {
        return Err(ReadError::Unusable {
            reason: "another program has it open, and part of it is still in the file beside it \
                     (-wal)"
                .to_owned(),
            remedy: "close that program, or save a copy from it".to_owned(),
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let uri = format!("file:{}?immutable=1", escaped(path));
    Connection::open_with_flags(uri, flags).map_err(|fault| damaged(&fault))
}

fn escaped(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let each = bytes.iter().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
            char::from(*byte).to_string()
        }
        other => format!("%{other:02X}"),
    });
    each.collect()
}

fn cut_off(reason: String) -> ReadError {
    ReadError::Unusable {
        reason,
        remedy: "the file is cut off: get it again".to_owned(),
    }
}

/// Whether all pages are there that the header counts: SQLite takes what is missing of the last
/// for zeros, and positions of zero for good ones.
fn is_whole(bytes: &[u8]) -> Result<(), ReadError> {
    let found = bytes.len();
    let word = |at: usize| -> Option<usize> {
        let word = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(word) as usize)
    };
    if found < HEADER_BYTES {
        return Err(cut_off(format!("its {found} bytes are no SQLite file")));
    }
    // The count is kept up only by programs that also copy the counter of changes.
    let count = word(28).filter(|_| word(24) == word(92));
    let page_bytes = bytes.get(16..18).and_then(|word| word.try_into().ok());
    let page_bytes = match page_bytes.map(u16::from_be_bytes) {
        Some(1) => 65_536,
        Some(size) => usize::from(size),
        None => 0,
    };
    let claimed = count.and_then(|count| count.checked_mul(page_bytes));
    match claimed {
        Some(claimed) if claimed > found => Err(cut_off(format!(
            "the header counts {claimed} bytes, and it has {found}"
        ))),
        _ => Ok(()),
    }
}

fn of_bytes(bytes: &[u8]) -> Result<Connection, ReadError> {
    let cut_off = || cut_off(format!("its {} bytes are no SQLite file", bytes.len()));
    let front = bytes.get(..WRITE_VERSIONS.start).ok_or_else(cut_off)?;
    let behind = bytes.get(WRITE_VERSIONS.end..).ok_or_else(cut_off)?;
    let content = front.chain(&[1, 1][..]).chain(behind);
    let broken = |fault: rusqlite::Error| damaged(&fault);
    let mut connection = Connection::open_in_memory().map_err(broken)?;
    connection
        .deserialize_read_exact(MAIN_DB, content, bytes.len(), true)
        .map_err(broken)?;
    Ok(connection)
}

/// What a foreign schema could do is switched off.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "cell_size_check", true)
}
