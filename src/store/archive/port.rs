//! The archive in SQLite behind its port: each call one transaction, or one view of the log.
//! Opening it, and what its errors name, is in [`super::sqlite`].

use rusqlite::TransactionBehavior;

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::{
    Archive, ArchiveError, Detail, Recovered, SnapshotMark, Thinned, Thinning,
};
use crate::model::{Batch, Change, Live, Reading, Reveal, Rollup, Step};

use super::history::{self, Histories};
use super::reading::{RawSince, Rows};
use super::sqlite::named;
use super::{SqliteArchive, blob, check_order, table};

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
        self.text.clear();
        let written = serde_json::to_writer(&mut self.text, live);
        let readable = written.and_then(|()| serde_json::from_slice::<Live>(&self.text));
        readable.map_err(|fault| self.refused(DOING, fault.to_string()))?;
        let packed = blob::packed(&self.text);
        let packed = packed.map_err(|fault| self.refused(DOING, fault.to_string()))?;
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
