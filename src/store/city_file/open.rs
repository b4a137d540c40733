//! Making and opening city files: what is checked before a single record is read.
//!
//! The journal is a rollback journal (`DELETE`), not a write-ahead log: a city is written seldom
//! and in large transactions, and must be one file that can be copied, mailed and read from a
//! folder that cannot be written. The log of what runs has other needs and other settings.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::base::why_unwritten;
use crate::model::{CityInfo, GroundEdit};
use crate::store::files::Draft;
use crate::store::sqlite::{self, BUSY_TIMEOUT, ReadFault};
use crate::store::vault::{NewKey, Vault, key_path, next_key_path};

use super::cell::Codec;
use super::error::{CityFileError, from_sql, sql};
use super::meta::{self, Meta};
use super::{CityFile, WriteSummary, schema, srs, tables};

const OPENING: &str = "opening the city";
const MAKING: &str = "making the city";

/// How the names of our own tables begin.
const OURS: &str = "pingjiang_";

impl CityFile {
    /// Makes a city without records and opens it for writing. The file appears complete or not at
    /// all, and never over another.
    ///
    /// # Errors
    /// When the name is taken, the coordinate system is unusable or the file cannot be written.
    pub fn create(
        path: &Path,
        info: &CityInfo,
        vault: Option<&Vault>,
    ) -> Result<Self, CityFileError> {
        Self::make(path, info, vault, None, |_| Ok(()))?;
        Self::open_for_writing(path, vault.cloned())
    }

    /// Makes a city with its first records: as [`CityFile::create`] and [`CityFile::write`], but the
    /// file appears with its records or not at all, and faster.
    ///
    /// # Errors
    /// As [`CityFile::create`] and [`CityFile::write`].
    pub fn create_with(
        path: &Path,
        info: &CityInfo,
        vault: Option<&Vault>,
        edit: &GroundEdit,
    ) -> Result<(Self, WriteSummary), CityFileError> {
        let summary = Self::make(path, info, vault, None, |city| city.write(edit))?;
        Ok((Self::open_for_writing(path, vault.cloned())?, summary))
    }

    /// As [`CityFile::create_with`], with the key beside the city. A key that has no file yet gets
    /// it when the city is complete, just before the city appears: so of two programs that make a
    /// city at once one is refused, and the city that stands fits the key that stands.
    ///
    /// # Errors
    /// As [`CityFile::create_with`], and when the key cannot be written or another program's key
    /// has taken its place.
    pub fn create_with_key(
        path: &Path,
        info: &CityInfo,
        key: &NewKey,
        edit: &GroundEdit,
    ) -> Result<WriteSummary, CityFileError> {
        let vault = Some(key.vault());
        Self::make(path, info, vault, Some(key), |city| city.write(edit))
    }

    fn make<T>(
        path: &Path,
        info: &CityInfo,
        vault: Option<&Vault>,
        key: Option<&NewKey>,
        fill: impl FnOnce(&mut Self) -> Result<T, CityFileError>,
    ) -> Result<T, CityFileError> {
        let exists = || CityFileError::Exists { path: path.into() };
        if path.exists() {
            return Err(exists());
        }
        let draft =
            Draft::begin(path, |options| options).map_err(|fault| system(path, MAKING, &fault))?;
        let filled =
            Self::make_draft(&draft, path, info, vault).and_then(|mut city| fill(&mut city))?;
        if path.exists() {
            return Err(exists());
        }
        key.map_or(Ok(()), NewKey::put)?;
        match draft.put(path, false) {
            Ok(()) => Ok(filled),
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                key.into_iter().for_each(NewKey::take_back);
                Err(exists())
            }
            Err(fault) => Err(system(path, MAKING, &fault)),
        }
    }

    /// A new city under a name of its own; `path` is the name that messages tell.
    pub(super) fn make_draft(
        draft: &Draft,
        path: &Path,
        info: &CityInfo,
        vault: Option<&Vault>,
    ) -> Result<Self, CityFileError> {
        let srs = srs::row_of(&info.crs).map_err(|reason| CityFileError::Crs {
            reason,
            path: path.into(),
        })?;
        let failed = sql(path, MAKING);
        let mut connection = Connection::open(draft.path()).map_err(&failed)?;
        // A draft that dies is thrown away: it needs no journal, and is synced when it is whole.
        set_up(&connection, "MEMORY", "OFF").map_err(&failed)?;
        let transaction = connection.transaction().map_err(&failed)?;
        schema::make(&transaction, &srs).map_err(&failed)?;
        meta::write_info(&transaction, info, srs.srs_id).map_err(&failed)?;
        if let Some(vault) = vault {
            meta::write_key_check(&transaction, vault).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
        Self::from_connection(connection, path, vault.cloned(), false)
    }

    /// Opens a city for reading. It works in a folder that cannot be written, and beside a program
    /// that writes.
    ///
    /// # Errors
    /// When there is no such file, it is no city, it is damaged, or the key is another city's.
    pub fn open(path: &Path, vault: Option<Vault>) -> Result<Self, CityFileError> {
        check_header(path)?;
        let connection = sqlite::connect_for_reading(path).map_err(|fault| match fault {
            ReadFault::Unfinished => CityFileError::Unfinished { path: path.into() },
            ReadFault::Sql(fault) => from_sql(path, OPENING, &fault),
        })?;
        Self::from_connection(connection, path, vault, true)
    }

    /// Opens a city for reading and writing.
    ///
    /// # Errors
    /// As [`CityFile::open`], and when the file cannot be written.
    pub fn open_for_writing(path: &Path, vault: Option<Vault>) -> Result<Self, CityFileError> {
        check_header(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(sql(path, OPENING))?;
        let read_only = connection.is_readonly("main").map_err(sql(path, OPENING))?;
        if read_only {
            return Err(CityFileError::ReadOnly { path: path.into() });
        }
        set_up(&connection, "DELETE", "FULL").map_err(sql(path, OPENING))?;
        Self::from_connection(connection, path, vault, false)
    }

    fn from_connection(
        connection: Connection,
        path: &Path,
        vault: Option<Vault>,
        read_only: bool,
    ) -> Result<Self, CityFileError> {
        let failed = sql(path, OPENING);
        let path = path.to_owned();
        connection.set_prepared_statement_cache_capacity(64);
        let damaged = |reason| CityFileError::Damaged {
            reason,
            path: path.clone(),
        };
        let lacks = |table: &str| damaged(format!("its table {table} is missing"));
        let names = tables::names(&connection).map_err(&failed)?;
        if !names.contains(meta::TABLE) {
            return Err(match names.iter().any(|name| name.starts_with(OURS)) {
                true => lacks(meta::TABLE),
                false => CityFileError::NotACity { path },
            });
        }
        let meta = Meta::read(&connection).map_err(&failed)?;
        let format = meta.format().map_err(damaged)?;
        if format > meta::FORMAT {
            let known = meta::FORMAT;
            return Err(CityFileError::NewerFormat {
                format,
                known,
                path,
            });
        }
        if let Some(table) = tables::missing(&names, format, !read_only) {
            return Err(lacks(&table));
        }
        if vault.as_ref().is_some_and(|vault| !meta.key_fits(vault)) {
            return Err(match is_half_changed(&meta, &path) {
                true => CityFileError::KeyHalfChanged { path },
                false => CityFileError::WrongKey { path },
            });
        }
        let (vault, no_prints) = with_prints(&meta, vault, read_only).map_err(damaged)?;
        meta.ground_version().map_err(damaged)?;
        let srs_id = meta.srs_id().map_err(damaged)?;
        let info = meta.info().map_err(damaged)?;
        if let Err(reason) = srs::row_of(&info.crs) {
            return Err(CityFileError::Crs { reason, path });
        }
        Ok(Self {
            info,
            key_check: meta.key_check().map(str::to_owned),
            codec: Codec::new(vault, srs_id),
            no_prints,
            connection,
            path,
            read_only,
        })
    }
}

/// The vault with the key of fingerprints, or why there are none. Who only reads does without; a
/// register that is written without the right ones would have everybody twice.
fn with_prints(
    meta: &Meta,
    vault: Option<Vault>,
    read_only: bool,
) -> Result<(Option<Vault>, Option<String>), String> {
    let Some(vault) = vault else {
        return Ok((None, None));
    };
    match meta.hash_key(&vault) {
        Ok(Some(kept)) => Ok((Some(vault.with_hash_key(kept)), None)),
        Ok(None) => Ok((Some(vault), None)),
        Err(reason) if read_only => Ok((Some(vault), Some(reason))),
        Err(reason) => Err(reason),
    }
}

pub(super) fn system(path: &Path, doing: &'static str, fault: &io::Error) -> CityFileError {
    let path = path.to_owned();
    match fault.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            CityFileError::DiskFull { path }
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            CityFileError::ReadOnly { path }
        }
        _ => CityFileError::Failed {
            doing,
            reason: why_unwritten(fault),
            path,
        },
    }
}

fn set_up(connection: &Connection, journal: &str, synchronous: &str) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    // Another program may have left the file in WAL mode; while it has it open, that is left so.
    match connection.pragma_update(None, "journal_mode", journal) {
        Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
        other => other,
    }
}

/// Looks at the first bytes: SQLite would make a new database of an empty file, and would notice
/// a missing end only when it gets there.
/// Whether the key that lies beside the city for when its key is changed opens it already.
fn is_half_changed(meta: &Meta, path: &Path) -> bool {
    let next = Vault::open(&next_key_path(&key_path(path)));
    next.is_ok_and(|next| meta.key_fits(&next))
}

fn check_header(path: &Path) -> Result<(), CityFileError> {
    let path: PathBuf = path.into();
    let not = |reason| CityFileError::NotGeoPackage {
        reason,
        path: path.clone(),
    };
    // Asked before it is opened: a pipe that nobody writes into would be waited for.
    let about = match std::fs::metadata(&path) {
        Ok(about) => about,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            return Err(CityFileError::Missing { path });
        }
        Err(fault) => return Err(system(&path, OPENING, &fault)),
    };
    if about.is_dir() {
        return Err(not("it is a folder"));
    }
    if !about.is_file() {
        return Err(not("it is a device, a pipe or a socket"));
    }
    let mut file = File::open(&path).map_err(|fault| system(&path, OPENING, &fault))?;
    let mut head = [0; 100];
    match file.read_exact(&mut head) {
        Ok(()) => {}
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => {
            return Err(not(if about.len() == 0 {
                "it is empty"
            } else {
                "it is too short"
            }));
        }
        Err(fault) => return Err(system(&path, OPENING, &fault)),
    }
    if !head.starts_with(b"SQLite format 3\0") {
        return Err(not("it is not even an SQLite file"));
    }
    let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    if word(68) != schema::APPLICATION_ID {
        return Err(not("it is an SQLite file without GeoPackage's mark"));
    }
    let page_bytes = match u64::from(u16::from_be_bytes([head[16], head[17]])) {
        1 => 65_536,
        size => size,
    };
    let should_bytes = page_bytes * u64::from(word(28));
    // With a journal beside it the file may be between two states: SQLite puts that right.
    let settled = word(24) == word(92) && !sqlite::has_journal(&path);
    if settled && about.len() < should_bytes {
        return Err(CityFileError::Truncated {
            is_bytes: about.len(),
            should_bytes,
            path,
        });
    }
    Ok(())
}
