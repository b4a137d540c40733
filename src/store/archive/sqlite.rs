//! The archive in a folder beside the city: `log.sqlite` and the writer's lock.
//!
//! The log is in WAL mode with full syncing: it is appended to every second while others read, and
//! a batch that was acknowledged must survive a power cut.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior};

use crate::base::{DeviceId, Timestamp, why_unwritten};
use crate::model::ports::{
    Archive, ArchiveError, Detail, Recovered, SnapshotMark, Thinned, Thinning,
};
use crate::model::{Batch, Change, Live, Reading, Reveal, Rollup, Step};
use crate::store::sqlite::{self, BUSY_TIMEOUT, ReadFault};

use super::history::{self, Histories};
use super::lock::{self, Lock};
use super::reading::{self, RawSince, Rows};
use super::table::{self, APPLICATION_ID, FORMAT};
use super::{blob, check_order};

/// An archive in SQLite.
pub struct SqliteArchive {
    connection: Connection,
    folder: PathBuf,
    /// `None` when it was opened for reading.
    lock: Option<Lock>,
    raw_since: RawSince,
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
        let failed = |reason: io::Error| ArchiveError::Failed {
            doing: "making the archive's folder",
            reason: why_unwritten(&reason),
            place: folder.display().to_string(),
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = Lock::take(folder)?;
        let named = |fault| named(folder, "opening the archive", &fault);
        let mut connection = Connection::open(log_path(folder)).map_err(named)?;
        set_up(&mut connection).map_err(named)?;
        let mut archive = Self {
            connection,
            folder: folder.into(),
            lock: Some(lock),
            raw_since: RawSince::new(),
        }
        .checked()?;
        archive.raw_since = reading::raw_since(&archive.connection).map_err(named)?;
        Ok(archive)
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
        Self {
            connection,
            folder: folder.into(),
            lock: None,
            raw_since: RawSince::new(),
        }
        .checked()
    }

    /// The number of the last batch; 0 when there is none.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn last_batch(&self) -> Result<u64, ArchiveError> {
        table::last_number(&self.connection).map_err(|fault| self.named("reading", &fault))
    }

    /// For tests that look behind the contract.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn checked(self) -> Result<Self, ArchiveError> {
        const DOING: &str = "opening the archive";
        let [id, format] =
            table::marks(&self.connection).map_err(|fault| self.named(DOING, &fault))?;
        if id != APPLICATION_ID {
            return Err(self.damaged("log.sqlite is not an archive's log".to_owned()));
        }
        match format {
            FORMAT => Ok(self),
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

    fn named(&self, doing: &'static str, fault: &rusqlite::Error) -> ArchiveError {
        named(&self.folder, doing, fault)
    }

    fn damaged(&self, reason: String) -> ArchiveError {
        ArchiveError::Damaged {
            reason,
            place: self.place(),
        }
    }

    fn refused(&self, doing: &'static str, reason: String) -> ArchiveError {
        ArchiveError::Failed {
            doing,
            reason,
            place: self.place(),
        }
    }

    fn check_writable(&self, doing: &'static str) -> Result<(), ArchiveError> {
        if self.lock.is_none() {
            return Err(self.refused(doing, "it was opened for reading".to_owned()));
        }
        Ok(())
    }

    /// Changes as text that is known to come back: JSON has no NaN, and a log that cannot be read
    /// is worse than a batch that is refused.
    fn changes_text(&self, batch: &Batch) -> Result<String, ArchiveError> {
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

    fn live_from(&self, batch: u64, packed: &[u8]) -> Result<Live, ArchiveError> {
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
    fn read_batches(&self, from: u64, to: i64) -> Result<(Vec<Batch>, bool), ArchiveError> {
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

impl Archive for SqliteArchive {
    fn append(&mut self, batches: &[Batch]) -> Result<(), ArchiveError> {
        self.check_writable("appending")?;
        let texts = batches
            .iter()
            .map(|batch| self.changes_text(batch))
            .collect::<Result<Vec<_>, _>>()?;
        let folder = self.folder.clone();
        let named = |fault| named(&folder, "appending", &fault);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(named)?;
        check_order(table::last_number(&transaction).map_err(named)?, batches)?;
        for (batch, text) in batches.iter().zip(&texts) {
            table::write_batch(&transaction, batch, text, &self.raw_since).map_err(named)?;
        }
        transaction.commit().map_err(named)
    }

    fn keep_snapshot(&mut self, live: &Live) -> Result<(), ArchiveError> {
        const DOING: &str = "keeping a snapshot";
        self.check_writable(DOING)?;
        let last = self.last_batch()?;
        if live.batch > last {
            return Err(ArchiveError::Gap {
                last,
                given: live.batch,
            });
        }
        let text = serde_json::to_string(live);
        let kept = text.and_then(|text| serde_json::from_str::<Live>(&text).map(|_| text));
        let text = kept.map_err(|fault| self.refused(DOING, fault.to_string()))?;
        let packed = blob::packed(&text).map_err(|fault| self.refused(DOING, fault.to_string()))?;
        table::write_snapshot(&self.connection, live.batch, &packed)
            .map_err(|fault| self.named(DOING, &fault))?;
        Ok(())
    }

    fn snapshots(&mut self) -> Result<Vec<SnapshotMark>, ArchiveError> {
        table::snapshots(&self.connection).map_err(|fault| self.named("reading snapshots", &fault))
    }

    fn drop_snapshots(&mut self, batches: &[u64]) -> Result<(), ArchiveError> {
        const DOING: &str = "forgetting old snapshots";
        self.check_writable(DOING)?;
        let folder = self.folder.clone();
        let named = |fault| named(&folder, DOING, &fault);
        let transaction = self.connection.transaction().map_err(named)?;
        for batch in batches {
            table::drop_snapshot(&transaction, *batch).map_err(named)?;
        }
        transaction.commit().map_err(named)
    }

    fn recover(&mut self, at_batch: Option<u64>) -> Result<Recovered, ArchiveError> {
        let to = at_batch.map_or(i64::MAX, |to| i64::try_from(to).unwrap_or(i64::MAX));
        let named = |fault| self.named("reading a snapshot", &fault);
        // One view of the log, whatever is appended meanwhile.
        let _reading = self.connection.unchecked_transaction().map_err(named)?;
        let snapshot = table::snapshot(&self.connection, to).map_err(named)?;
        let snapshot = snapshot
            .map(|(batch, packed)| self.live_from(batch, &packed))
            .transpose()?;
        let from = snapshot.as_ref().map_or(0, |live| live.batch);
        let (batches, thinned) = self.read_batches(from, to)?;
        Ok(Recovered {
            snapshot,
            batches,
            thinned,
        })
    }

    fn each_change(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(Timestamp, &Change),
    ) -> Result<(), ArchiveError> {
        let mut damage = None;
        let read =
            table::each_batch_with_changes(&self.connection, from, to, |number, at, text| {
                match serde_json::from_str::<Vec<Change>>(text) {
                    Ok(changes) => changes.iter().for_each(|change| take(at, change)),
                    Err(fault) => damage = Some(format!("changes of batch {number}: {fault}")),
                }
                damage.is_none()
            });
        read.map_err(|fault| self.named("reading changes", &fault))?;
        damage.map_or(Ok(()), |reason| Err(self.damaged(reason)))
    }

    fn reveals(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Reveal>, ArchiveError> {
        let named = |fault| self.named("reading what was opened", &fault);
        let mut all = Vec::new();
        for (number, text) in table::with_reveals(&self.connection).map_err(named)? {
            let changes: Vec<Change> = serde_json::from_str(&text)
                .map_err(|fault| self.damaged(format!("changes of batch {number}: {fault}")))?;
            all.extend(super::reveals_among(changes.into_iter(), from, to));
        }
        Ok(all)
    }

    fn batch_at(&mut self, at: Timestamp) -> Result<u64, ArchiveError> {
        table::batch_at(&self.connection, at).map_err(|fault| self.named("reading", &fault))
    }

    fn each_reading(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), ArchiveError> {
        Rows(&self.connection)
            .each(device, from, to, take)
            .map_err(|fault| self.named("reading readings", &fault))
    }

    fn rollups(
        &mut self,
        device: DeviceId,
        by: (Step, i32),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, ArchiveError> {
        let named = |fault| self.named("reading rollups", &fault);
        // One view, whatever is thinned meanwhile.
        let _reading = self.connection.unchecked_transaction().map_err(named)?;
        history::rollups(&mut Rows(&self.connection), device, by, from, to).map_err(named)
    }

    fn detail(&mut self, device: DeviceId) -> Result<Detail, ArchiveError> {
        Rows(&self.connection)
            .detail(device)
            .map_err(|fault| self.named("reading", &fault))
    }

    fn thin_readings(&mut self, thinning: &Thinning<'_>) -> Result<Thinned, ArchiveError> {
        const DOING: &str = "making rollups";
        self.check_writable(DOING)?;
        let folder = self.folder.clone();
        let named = |fault| named(&folder, DOING, &fault);
        let transaction = self.connection.transaction().map_err(named)?;
        let mut rows = Rows(&transaction);
        let thinned = history::thin(&mut rows, thinning).map_err(named)?;
        let mut moved = RawSince::new();
        let reached = thinning.devices.iter().take(thinned.devices + 1);
        for device in reached {
            let since = rows.detail(*device).map_err(named)?.raw_since;
            moved.extend(since.map(|since| (*device, since)));
        }
        transaction.commit().map_err(named)?;
        self.raw_since.extend(moved);
        Ok(thinned)
    }

    fn thin_batches(
        &mut self,
        before: Timestamp,
        batches_max: usize,
    ) -> Result<usize, ArchiveError> {
        const DOING: &str = "forgetting readings of old batches";
        self.check_writable(DOING)?;
        let folder = self.folder.clone();
        let named = |fault| named(&folder, DOING, &fault);
        let transaction = self.connection.transaction().map_err(named)?;
        let thinned = table::thin(&transaction, before, batches_max).map_err(named)?;
        transaction.commit().map_err(named)?;
        Ok(thinned)
    }
}

fn log_path(folder: &Path) -> PathBuf {
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

fn named(folder: &Path, doing: &'static str, fault: &rusqlite::Error) -> ArchiveError {
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
