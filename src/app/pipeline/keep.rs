//! Keeping batches: straight into the archive, or in order in memory while that fails.

use anyhow::Context;

use crate::app::monitored::Bank;
use crate::base::{DeviceId, Millis, Timestamp};
use crate::model::ports::{Archive, ArchiveError};
use crate::model::{Batch, Live, Reading};

use super::retention::Retention;
use super::{Settings, decode, thin};

/// The archive with what it could not take yet.
pub(super) struct Keeper {
    archive: Box<dyn Archive>,
    waiting: Vec<Batch>,
    retry_ms: Millis,
    next_try: Timestamp,
    snapshot_batches: u64,
    last_snapshot: u64,
    retention: Retention,
}

impl Keeper {
    pub(super) fn new(
        archive: Box<dyn Archive>,
        settings: &Settings,
        last_snapshot: u64,
        retention: Retention,
    ) -> Self {
        Self {
            archive,
            waiting: Vec::new(),
            retry_ms: settings.retry_ms,
            next_try: Timestamp::default(),
            snapshot_batches: settings.snapshot_batches.max(1),
            last_snapshot,
            retention,
        }
    }

    /// Gives a bank what the archive holds of its sensors up to a moment; tells how many readings.
    pub(super) fn catch_up(&mut self, bank: &mut Bank, until: Timestamp) -> anyhow::Result<u64> {
        let devices: Vec<DeviceId> = bank.sensors().all().map(|(id, _)| id).collect();
        let mut count = 0;
        for device in devices {
            count += bank.catch_up(device, self.archive.as_mut(), until)?;
        }
        Ok(count)
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Appends a batch; `false` when it has to wait.
    pub(super) fn append(&mut self, batch: &Batch, now: Timestamp) -> bool {
        if self.waiting.is_empty() {
            match self.archive.append(std::slice::from_ref(batch)) {
                Ok(()) => return true,
                Err(error) => self.failed(&error, now),
            }
            self.waiting.push(batch.clone());
            return false;
        }
        self.waiting.push(batch.clone());
        self.retry(now);
        self.waiting.is_empty()
    }

    /// Tries again when it is time.
    pub(super) fn retry(&mut self, now: Timestamp) {
        if self.waiting.is_empty() || now < self.next_try {
            return;
        }
        match self.write_waiting() {
            Ok(count) => tracing::info!(batches = count, "the archive can be written again"),
            Err(error) => self.failed(&error, now),
        }
    }

    /// Whether a reading was taken before. Where that cannot be found out it counts as new: a call
    /// that is told twice is better than one that nobody hears of.
    pub(super) fn knows(&mut self, reading: &Reading) -> bool {
        let mut waiting = self.waiting.iter().flat_map(|batch| &batch.readings);
        let mut is_known = waiting.any(|one| decode::same_message(one, reading));
        if is_known {
            return true;
        }
        let take = &mut |one: &Reading| is_known |= decode::same_message(one, reading);
        let (from, to) = (reading.at, reading.at.plus(1));
        if let Err(error) = self.archive.each_reading(reading.device, from, to, take) {
            tracing::warn!("a late reading counts as new: {error}");
        }
        is_known
    }

    /// How far the source may forget, when `up_to` was the last thing taken from it.
    pub(super) fn committed_up_to(&self, up_to: u64) -> u64 {
        // Everything waits in order, so with anything waiting nothing new is safe.
        if self.waiting.is_empty() { up_to } else { 0 }
    }

    /// Keeps a snapshot every so many batches. Failing at that costs time on the next start, so
    /// it is told and no more.
    pub(super) fn snapshot_when_due(&mut self, live: &Live) {
        if live.batch - self.last_snapshot >= self.snapshot_batches {
            self.snapshot(live);
        }
    }

    /// Keeps a snapshot now, unless batches wait.
    pub(super) fn snapshot(&mut self, live: &Live) {
        if !self.waiting.is_empty() {
            return;
        }
        self.last_snapshot = live.batch;
        match self.archive.keep_snapshot(live) {
            Ok(()) => self.thin_snapshots(live.at),
            Err(error) => tracing::warn!(batch = live.batch, "no snapshot: {error}"),
        }
    }

    /// Forgets old snapshots that are not needed. Failing at that costs room and no more.
    fn thin_snapshots(&mut self, now: Timestamp) {
        let thinned = self.archive.snapshots().and_then(|kept| {
            let superfluous = thin::superfluous(&kept, now);
            match superfluous.is_empty() {
                true => Ok(()),
                false => self.archive.drop_snapshots(&superfluous),
            }
        });
        if let Err(error) = thinned {
            tracing::warn!("old snapshots stay: {error}");
        }
    }

    /// Does a little of what old readings want, while nothing waits.
    pub(super) fn tend(&mut self, now: Timestamp) {
        if self.waiting.is_empty() {
            self.retention.step(self.archive.as_mut(), now);
        }
    }

    pub(super) fn close(&mut self, live: &Live) -> anyhow::Result<()> {
        let count = self.waiting.len();
        self.write_waiting()
            .with_context(|| format!("{count} batches could not be written and are lost"))?;
        if live.batch > self.last_snapshot {
            self.archive.keep_snapshot(live)?;
            self.thin_snapshots(live.at);
        }
        Ok(())
    }

    fn write_waiting(&mut self) -> Result<usize, ArchiveError> {
        let mut result = match self.waiting.is_empty() {
            true => Ok(()),
            false => self.archive.append(&self.waiting),
        };
        if let Err(ArchiveError::Gap { last, given }) = result
            && last >= given
        {
            // An append that reported failure was written after all.
            self.waiting.retain(|batch| batch.number > last);
            result = match self.waiting.is_empty() {
                true => Ok(()),
                false => self.archive.append(&self.waiting),
            };
        }
        result.map(|()| std::mem::take(&mut self.waiting).len())
    }

    fn failed(&mut self, error: &ArchiveError, now: Timestamp) {
        self.next_try = now.plus(self.retry_ms);
        tracing::error!(
            waiting = self.waiting.len(),
            "the archive cannot be written, alarms are shown all the same: {error}"
        );
    }
}
