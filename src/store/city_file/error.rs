//! Why a city file cannot serve: what is wrong, where, and what to do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::base::SealError;
use crate::store::{VaultError, sqlite};

use super::cell::CellFault;

/// Why a city file cannot be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum CityFileError {
    /// There is no such file.
    #[error(
        "there is no city file; make one with `pingjiang generate` or `pingjiang import`: {path:?}"
    )]
    Missing {
        /// The file asked for.
        path: PathBuf,
    },
    /// The name is taken.
    #[error("the file is there already and is not written over; name another one: {path:?}")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("this is not a GeoPackage ({reason}): {path:?}")]
    NotGeoPackage {
        /// What it looks like.
        reason: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A GeoPackage of somebody else.
    #[error(
        "this GeoPackage is no city; to make one of its layers: `pingjiang import FILE.gpkg --into CITY.gpkg`, with --layer NAME for one of them: {path:?}"
    )]
    NotACity {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version of this program.
    #[error(
        "the city has format {format}, this program knows up to {known}; take a newer pingjiang: {path:?}"
    )]
    NewerFormat {
        /// The file's format.
        format: u64,
        /// The newest format known.
        known: u64,
        /// The file.
        path: PathBuf,
    },
    /// The end of the file is missing.
    #[error(
        "the file is cut short ({is_bytes} bytes of {should_bytes}); copy it again or restore a backup: {path:?}"
    )]
    Truncated {
        /// Bytes that are there.
        is_bytes: u64,
        /// Bytes the file says it has.
        should_bytes: u64,
        /// The file.
        path: PathBuf,
    },
    /// The file contradicts itself.
    #[error("the city file is damaged ({reason}); restore a backup: {path:?}")]
    Damaged {
        /// What was found.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// Another program is writing.
    #[error(
        "another program writes the city and keeps it to itself for so long (an import, a decision, a change of the key); nothing was done here: try again when it is through: {path:?}"
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Another program reads and does not let go.
    #[error(
        "another program has been reading the city for a minute and does not let go; nothing was written: close it and try again: {path:?}"
    )]
    BeingRead {
        /// The file.
        path: PathBuf,
    },
    /// No room.
    #[error("the disk is full, nothing was written; make room on the disk of {path:?}")]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be changed.
    #[error(
        "the city cannot be written: it was opened for reading, or the file or its folder is write-protected: {path:?}"
    )]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A program died while writing, and the folder cannot be written to put that right.
    #[error(
        "a program stopped while it wrote the city; open it once from a folder that can be written: {path:?}"
    )]
    Unfinished {
        /// The file.
        path: PathBuf,
    },
    /// Personal values are to be written without a key.
    #[error(
        "personal values cannot be written without the city's key; name it with --key-file: {path:?}"
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key belongs to another city.
    #[error(
        "the key is not this city's; name the right one with --key-file, or none to open it with personal values locked: {path:?}"
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// The city has a new key already, and the old one lies in its place.
    #[error(
        "a change of the city's key was interrupted: complete it with pingjiang key rotate CITY.gpkg, and ask again: {path:?}"
    )]
    KeyHalfChanged {
        /// The file.
        path: PathBuf,
    },
    /// The coordinate system cannot be used.
    #[error("the city's coordinate system: {reason}: {path:?}")]
    Crs {
        /// What is wrong with it.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// One record cannot be written or read.
    #[error("{record}, column {column}: {fault}: {path:?}")]
    Record {
        /// The record's id.
        record: String,
        /// The column.
        column: &'static str,
        /// What is wrong.
        fault: CellFault,
        /// The file.
        path: PathBuf,
    },
    /// Sealed values do not open.
    #[error(
        "{count} sealed values do not open, the first because: {fault}; what a former key sealed, `pingjiang key rotate` seals anew where that key (CITY.key.until-…) lies beside the present one, and what was changed is in a backup: {values}: {path:?}"
    )]
    Unopened {
        /// How many.
        count: usize,
        /// The records and columns, as many as can be read.
        values: String,
        /// Why the first does not.
        fault: SealError,
        /// The file.
        path: PathBuf,
    },
    /// An import cannot be undone.
    #[error("import {import} cannot be undone: {reason}: {path:?}")]
    NoUndo {
        /// The import's id.
        import: String,
        /// Why.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// A version is asked for that no run has made.
    #[error("the city has no version {version}; its newest is {newest}: {path:?}")]
    NoVersion {
        /// What was asked for.
        version: u64,
        /// The newest there is.
        newest: u64,
        /// The file.
        path: PathBuf,
    },
    /// The city or its key changed between the reading of what a write is made of and the write.
    #[error(
        "another program wrote the city or changed its key in the meantime, nothing was written; try again: {path:?}"
    )]
    Overtaken {
        /// The file.
        path: PathBuf,
    },
    /// The key of a new city cannot be put beside it.
    #[error(transparent)]
    Key(#[from] VaultError),
    /// Anything else that SQLite or the system reports.
    #[error("{doing}: {reason}: {path:?}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        reason: String,
        /// The file.
        path: PathBuf,
    },
}

/// Names a fault of SQLite by what it means for the city.
pub(super) fn from_sql(path: &Path, doing: &'static str, fault: &rusqlite::Error) -> CityFileError {
    let path = path.to_owned();
    match fault.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CityFileError::Busy { path },
        Some(ErrorCode::DiskFull) => CityFileError::DiskFull { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => CityFileError::ReadOnly { path },
        _ if sqlite::is_damage(fault) => CityFileError::Damaged {
            reason: sqlite::reason(fault),
            path,
        },
        _ => CityFileError::Failed {
            doing,
            reason: fault.to_string(),
            path,
        },
    }
}

/// As [`from_sql`], for `map_err`.
pub(super) fn sql<'a>(
    path: &'a Path,
    doing: &'static str,
) -> impl Fn(rusqlite::Error) -> CityFileError + 'a {
    move |fault| from_sql(path, doing, &fault)
}
