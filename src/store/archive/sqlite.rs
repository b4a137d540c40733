//! The archive in a folder beside the city: `log.sqlite` and the writer's lock.
//!
//! The log is in WAL mode with full syncing: it is appended to every second while others read, and
//! a batch that was acknowledged must survive a power cut.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior};

use crate::base::{Timestamp, why_unwritten};
use crate::model::ports::ArchiveError;
use crate::model::{Batch, Change, Live};
use crate::store::files::beside;
use crate::store::sqlite::{self, BUSY_TIMEOUT, ReadFault};
use crate::store::whole_copy::{self, CopyFault};

use super::blob;
use super::lock::{self, Lock};
use super::reading::{self, RawSince};
use super::table::{self, APPLICATION_ID, FORMAT};
use super::wal;

/// An archive in SQLite.
pub struct SqliteArchive {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    /// `None` when it was opened for reading.
    lock: Option<Lock>,
    pub(super) raw_since: RawSince,
    /// The text of the last snapshot: its room is used again. It is the largest there is, and made anew
    /// every few minutes amid what stays it would leave holes in the memory.
    pub(super) text: Vec<u8>,
}

impl fmt::Debug for SqliteArchive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteArchive({:?})", self.folder)
    }
}

impl SqliteArchive {
    /// Where the archive of a city lies: `CITY.archive/` for `CITY.gpkg`.
    #[must_use]
    pub fn folder_of(city: &Path) -> PathBuf {
        city.with_extension("archive")
    }

    /// How the sealed files end that lie in [`SqliteArchive::files_of`].
    pub const FILE_ENDING: &'static str = "sealed";

    /// Where files that belong to what is in the log lie.
    #[must_use]
    pub fn files_of(city: &Path) -> PathBuf {
        Self::folder_of(city).join("files")
    }

    /// Whether anything was ever archived there.
    #[must_use]
    pub fn exists(folder: &Path) -> bool {
        log_path(folder).exists()
    }

    /// Who writes the archive in `folder` at present, as far as is known.
    #[must_use]
    pub fn holder(folder: &Path) -> Option<String> {
        lock::holder_of(folder)
    }

    /// Opens the archive for appending, and makes it when there is none.
    ///
    /// # Errors
    /// [`ArchiveError::Held`] when another program writes it, and when it is damaged or the folder
    /// cannot be written.
    pub fn open(folder: &Path) -> Result<Self, ArchiveError> {
        let lock = Self::take_lock(folder)?;
        let lost = wal::lost_commits(&beside(&log_path(folder), "-wal"));
        if lost.is_ok_and(|lost| lost > 0) {
            return Err(ArchiveError::Damaged {
                reason: "commits of the write-ahead log cannot be read".to_owned(),
                place: folder.display().to_string(),
            });
        }
        Self::open_locked(folder, lock).map_err(|(fault, _)| fault)
    }

    pub(super) fn take_lock(folder: &Path) -> Result<Lock, ArchiveError> {
        let failed = |reason: io::Error| ArchiveError::Failed {
            doing: "making the archive's folder",
            reason: why_unwritten(&reason),
            place: folder.display().to_string(),
        };
        fs::create_dir_all(folder).map_err(failed)?;
        Lock::take(folder)
    }

    /// Opens an archive that is ours; gives the lock back when it cannot be opened.
    pub(super) fn open_locked(folder: &Path, lock: Lock) -> Result<Self, (ArchiveError, Lock)> {
        // A new log is made and filled in one go: one that is empty was cut short.
        if fs::metadata(log_path(folder)).is_ok_and(|about| about.len() == 0) {
            let cut = ArchiveError::Damaged {
                reason: "log.sqlite is empty".to_owned(),
                place: folder.display().to_string(),
            };
            return Err((cut, lock));
        }
        let connected = || {
            let mut connection = Connection::open(log_path(folder))?;
            set_up(&mut connection)?;
            Ok(connection)
        };
        let connection = match connected() {
            Ok(connection) => connection,
            Err(fault) => return Err((named(folder, "opening the archive", &fault), lock)),
        };
        let mut archive = Self {
            connection,
            folder: folder.into(),
            lock: Some(lock),
            raw_since: RawSince::new(),
            text: Vec::new(),
        };
        let begun = archive.check_format().and_then(|()| {
            reading::raw_since(&archive.connection)
                .map_err(|fault| archive.named("opening the archive", &fault))
        });
        match begun {
            Ok(raw_since) => {
                archive.raw_since = raw_since;
                Ok(archive)
            }
            Err(fault) => Err((fault, archive.into_lock())),
        }
    }

    /// Closes the archive and keeps its lock.
    ///
    /// # Panics
    /// Never: only an archive that was opened for appending gets here, and it has one.
    pub(super) fn into_lock(mut self) -> Lock {
        self.lock.take().expect("opened for appending")
    }

    /// Opens the archive for reading, also while another program appends.
    ///
    /// # Errors
    /// When there is none, it is damaged or cannot be read.
    pub fn open_read_only(folder: &Path) -> Result<Self, ArchiveError> {
        let failed = |reason: &str| ArchiveError::Failed {
            doing: "opening the archive",
            reason: reason.to_owned(),
            place: folder.display().to_string(),
        };
        if !Self::exists(folder) {
            return Err(failed("nothing was archived there yet"));
        }
        let connection =
            sqlite::connect_for_reading(&log_path(folder)).map_err(|fault| match fault {
                ReadFault::Unfinished => failed(
                    "a program stopped while it wrote; open it once from a folder that can be written",
                ),
                ReadFault::Sql(fault) => named(folder, "opening the archive", &fault),
            })?;
        let marks = table::marks(&connection)
            .map_err(|fault| named(folder, "opening the archive", &fault))?;
        if marks == [APPLICATION_ID, 1] {
            // Whoever comes first brings it up to date, unless it cannot be written.
            drop(connection);
            drop(Self::open(folder)?);
            return Self::open_read_only(folder);
        }
        let archive = Self {
            connection,
            folder: folder.into(),
            lock: None,
            raw_since: RawSince::new(),
            text: Vec::new(),
        };
        archive.check_format()?;
        Ok(archive)
    }

    /// The number of the last batch; 0 when there is none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn last_batch(&self) -> Result<u64, ArchiveError> {
        table::last_number(&self.connection).map_err(|fault| self.named("reading", &fault))
    }

    /// The time of the last batch; `None` when there is none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn last_at(&self) -> Result<Option<Timestamp>, ArchiveError> {
        table::last_at(&self.connection).map_err(|fault| self.named("reading", &fault))
    }

    /// Copies the archive as it is now into another folder, also while somebody appends; gives back
    /// where the log lies there.
    ///
    /// # Errors
    /// When there is one already, and when this cannot be read or that not be written.
    pub fn copy_whole(&self, to: &Path) -> Result<PathBuf, ArchiveError> {
        const DOING: &str = "copying the archive";
        let log = log_path(to);
        match whole_copy::copy(&self.connection, &log) {
            Ok(()) => Ok(log),
            Err(CopyFault::Sql(fault)) => Err(self.named(DOING, &fault)),
            Err(CopyFault::System(fault)) => Err(self.refused(DOING, why_unwritten(&fault))),
        }
    }

    /// Looks at every page and every checksum of the log.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] with what is wrong.
    pub fn check_whole(&self) -> Result<(), ArchiveError> {
        whole_copy::is_sound(&self.connection).map_err(|reason| self.damaged(reason))?;
        match table::wrong_sum(&self.connection) {
            Ok(None) => Ok(()),
            Ok(Some(reason)) => Err(self.damaged(reason)),
            Err(fault) => Err(self.named("checking the archive", &fault)),
        }
    }

    /// For tests that look behind the contract.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn check_format(&self) -> Result<(), ArchiveError> {
        const DOING: &str = "opening the archive";
        let [id, format] =
            table::marks(&self.connection).map_err(|fault| self.named(DOING, &fault))?;
        if id != APPLICATION_ID {
            return Err(self.damaged("log.sqlite is not an archive's log".to_owned()));
        }
        match format {
            FORMAT => Ok(()),
            newer if newer > FORMAT => Err(self.refused(
                DOING,
                format!("it has format {newer}; take a newer pingjiang"),
            )),
            unknown => Err(self.damaged(format!("there is no format {unknown}"))),
        }
    }

    fn place(&self) -> String {
        self.folder.display().to_string()
    }

    pub(super) fn named(&self, doing: &'static str, fault: &rusqlite::Error) -> ArchiveError {
        named(&self.folder, doing, fault)
    }

    pub(super) fn damaged(&self, reason: String) -> ArchiveError {
        ArchiveError::Damaged {
            reason,
            place: self.place(),
        }
    }

    pub(super) fn refused(&self, doing: &'static str, reason: String) -> ArchiveError {
        ArchiveError::Failed {
            doing,
            reason,
            place: self.place(),
        }
    }

    pub(super) fn check_writable(&self, doing: &'static str) -> Result<(), ArchiveError> {
        if self.lock.is_none() {
            return Err(self.refused(doing, "it was opened for reading".to_owned()));
        }
        Ok(())
    }

    /// Changes as text that is known to come back: JSON has no NaN, and a log that cannot be read
    /// is worse than a batch that is refused.
    pub(super) fn changes_text(&self, batch: &Batch) -> Result<String, ArchiveError> {
        let text = serde_json::to_string(&batch.changes);
        let kept = text.and_then(|text| {
            serde_json::from_str::<Vec<Change>>(&text)?;
            Ok(text)
        });
        kept.map_err(|fault| {
            let reason = format!(
                "batch {} has a change that JSON cannot hold ({fault})",
                batch.number
            );
            self.refused("appending", reason)
        })
    }

    pub(super) fn live_from(&self, batch: u64, packed: &[u8]) -> Result<Live, ArchiveError> {
        let live = blob::unpacked(packed).and_then(|text| {
            serde_json::from_str::<Live>(&text).map_err(|fault| fault.to_string())
        });
        let live =
            live.map_err(|fault| self.damaged(format!("snapshot after batch {batch}: {fault}")))?;
        if live.batch != batch {
            let reason = format!("snapshot after batch {batch} says {}", live.batch);
            return Err(self.damaged(reason));
        }
        Ok(live)
    }

    /// The batches after `from` up to `to`, and whether readings of any are forgotten.
    pub(super) fn read_batches(
        &self,
        from: u64,
        to: i64,
    ) -> Result<(Vec<Batch>, bool), ArchiveError> {
        let (mut batches, mut thinned, mut fault) = (Vec::new(), false, None);
        let mut take = |head: table::Head| {
            let number = from + batches.len() as u64 + 1;
            thinned |= head.readings.is_none() && head.count > 0;
            let whole = match head.batch.number == number {
                true => head.whole(),
                false => Err(format!("batch {number} is missing")),
            };
            match whole {
                Ok(batch) => batches.push(batch),
                Err(reason) => fault = Some(reason),
            }
            fault.is_none()
        };
        table::each_head(&self.connection, from.cast_signed(), to, &mut take)
            .map_err(|fault| self.named("reading batches", &fault))?;
        match fault {
            Some(reason) => Err(self.damaged(reason)),
            None => Ok((batches, thinned)),
        }
    }
}

pub(super) fn log_path(folder: &Path) -> PathBuf {
    folder.join("log.sqlite")
}

fn set_up(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    table::make(&transaction)?;
    transaction.commit()
}

pub(super) fn named(folder: &Path, doing: &'static str, fault: &rusqlite::Error) -> ArchiveError {
    let place = folder.display().to_string();
    let reason = sqlite::reason(fault);
    if sqlite::is_damage(fault) {
        return ArchiveError::Damaged { reason, place };
    }
    ArchiveError::Failed {
        doing,
        reason,
        place,
    }
}
