//! An archive that lives as long as its program: for tests and for looking without keeping.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::{
    Archive, ArchiveError, Detail, Recovered, SnapshotMark, Thinned, Thinning,
};
use crate::model::{Batch, Change, Live, Reading, Reveal, Rollup, Step};

use super::check_order;
use super::history::{self, Histories};

/// The log in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryArchive {
    batches: Vec<Batch>,
    snapshots: BTreeMap<u64, Live>,
    /// Batches of which the readings are forgotten, and how many those batches are.
    thinned_batches: usize,
    had_readings: Vec<bool>,
    histories: BTreeMap<DeviceId, History>,
}

/// What a device measured.
#[derive(Debug, Clone, Default)]
struct History {
    /// In the order of arrival where values of one time differ.
    readings: BTreeMap<Timestamp, Vec<Reading>>,
    rollups: BTreeMap<(Step, Timestamp), Rollup>,
    detail: Detail,
}

impl History {
    fn take(&mut self, reading: &Reading) {
        if self
            .detail
            .raw_since
            .is_some_and(|since| reading.at < since)
        {
            self.detail.too_late += 1;
            return;
        }
        // Nearly always one: not room for four of each.
        let same = self.readings.entry(reading.at);
        let same = same.or_insert_with(|| Vec::with_capacity(1));
        let values = |one: &Reading| {
            let all = [Some(one.value), one.second, one.temperature_c];
            all.map(|value| value.filter(|value| !value.is_nan()).map(f64::to_bits))
        };
        if same.iter().all(|known| values(known) != values(reading)) {
            same.push(*reading);
        }
    }
}

impl MemoryArchive {
    /// An empty archive.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn last(&self) -> u64 {
        self.batches.last().map_or(0, |batch| batch.number)
    }
}

impl Archive for MemoryArchive {
    fn append(&mut self, batches: &[Batch]) -> Result<(), ArchiveError> {
        check_order(self.last(), batches)?;
        self.batches.extend(batches.iter().map(|batch| Batch {
            uncommitted: false,
            ..batch.clone()
        }));
        for batch in batches {
            self.had_readings.push(!batch.readings.is_empty());
            for reading in &batch.readings {
                let history = self.histories.entry(reading.device).or_default();
                history.take(reading);
            }
        }
        Ok(())
    }

    fn keep_snapshot(&mut self, live: &Live) -> Result<(), ArchiveError> {
        if live.batch > self.last() {
            return Err(ArchiveError::Gap {
                last: self.last(),
                given: live.batch,
            });
        }
        self.snapshots.insert(live.batch, live.clone());
        Ok(())
    }

    fn snapshots(&mut self) -> Result<Vec<SnapshotMark>, ArchiveError> {
        let mark = |(batch, live): (&u64, &Live)| SnapshotMark {
            batch: *batch,
            at: live.at,
        };
        Ok(self.snapshots.iter().map(mark).collect())
    }

    fn drop_snapshots(&mut self, batches: &[u64]) -> Result<(), ArchiveError> {
        for batch in batches {
            self.snapshots.remove(batch);
        }
        Ok(())
    }

    fn recover(&mut self, at_batch: Option<u64>) -> Result<Recovered, ArchiveError> {
        let to = at_batch.unwrap_or(u64::MAX);
        let snapshot = self.snapshots.range(..=to).next_back();
        let from = snapshot.map_or(0, |(number, _)| *number);
        Ok(Recovered {
            snapshot: snapshot.map(|(_, live)| live.clone()),
            batches: self
                .batches
                .iter()
                .filter(|batch| batch.number > from && batch.number <= to)
                .cloned()
                .collect(),
            thinned: self
                .batches
                .iter()
                .zip(&self.had_readings)
                .take(self.thinned_batches)
                .any(|(batch, had)| *had && batch.number > from && batch.number <= to),
        })
    }

    fn each_change(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(Timestamp, &Change),
    ) -> Result<(), ArchiveError> {
        let within = self
            .batches
            .iter()
            .filter(|one| (from..=to).contains(&one.at));
        for batch in within {
            batch
                .changes
                .iter()
                .for_each(|change| take(batch.at, change));
        }
        Ok(())
    }

    fn reveals(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<Reveal>, ArchiveError> {
        let changes = self.batches.iter().flat_map(|batch| &batch.changes);
        Ok(super::reveals_among(changes.cloned(), from, to))
    }

    fn batch_at(&mut self, at: Timestamp) -> Result<u64, ArchiveError> {
        let found = self.batches.iter().rev().find(|batch| batch.at <= at);
        Ok(found.map_or(0, |batch| batch.number))
    }
    fn each_reading(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), ArchiveError> {
        let Ok(()) = self.each(device, from, to, take);
        Ok(())
    }

    fn rollups(
        &mut self,
        device: DeviceId,
        by: (Step, i32),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, ArchiveError> {
        let Ok(rollups) = history::rollups(self, device, by, from, to);
        Ok(rollups)
    }

    fn detail(&mut self, device: DeviceId) -> Result<Detail, ArchiveError> {
        let Ok(detail) = Histories::detail(self, device);
        Ok(detail)
    }

    fn thin_readings(&mut self, thinning: &Thinning<'_>) -> Result<Thinned, ArchiveError> {
        let Ok(thinned) = history::thin(self, thinning);
        Ok(thinned)
    }

    fn thin_batches(
        &mut self,
        before: Timestamp,
        batches_max: usize,
    ) -> Result<usize, ArchiveError> {
        let rest = self.batches[self.thinned_batches..].iter_mut();
        let old = rest.take(batches_max).take_while(|batch| batch.at < before);
        let count = old.map(|batch| batch.readings = Vec::new()).count();
        self.thinned_batches += count;
        Ok(count)
    }
}

impl Histories for MemoryArchive {
    type Fault = Infallible;

    fn detail(&mut self, device: DeviceId) -> Result<Detail, Infallible> {
        let history = self.histories.get(&device);
        Ok(history.map(|history| history.detail).unwrap_or_default())
    }

    fn first(&mut self, device: DeviceId) -> Result<Option<Timestamp>, Infallible> {
        let history = self.histories.get(&device);
        Ok(history.and_then(|history| history.readings.keys().next().copied()))
    }

    fn each(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> Result<(), Infallible> {
        if let Some(history) = self.histories.get(&device)
            && from < to
        {
            history
                .readings
                .range(from..to)
                .flat_map(|(_, same)| same)
                .for_each(take);
        }
        Ok(())
    }

    fn rolled(
        &mut self,
        (device, step): (DeviceId, Step),
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Rollup>, Infallible> {
        let Some(history) = self.histories.get(&device).filter(|_| from < to) else {
            return Ok(Vec::new());
        };
        let found = history.rollups.range((step, from)..(step, to));
        Ok(found.map(|(_, rollup)| *rollup).collect())
    }

    fn keep(&mut self, (device, step): (DeviceId, Step), all: &[Rollup]) -> Result<(), Infallible> {
        let history = self.histories.entry(device).or_default();
        let keyed = all.iter().map(|rollup| ((step, rollup.at), *rollup));
        history.rollups.extend(keyed);
        Ok(())
    }

    fn forget(&mut self, device: DeviceId, before: Timestamp) -> Result<usize, Infallible> {
        let history = self.histories.entry(device).or_default();
        let kept = history.readings.split_off(&before);
        let gone = std::mem::replace(&mut history.readings, kept);
        history.detail.raw_since = Some(before);
        Ok(gone.values().map(Vec::len).sum())
    }
}
