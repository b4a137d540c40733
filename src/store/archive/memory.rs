//! An archive that lives as long as its program: for tests and for looking without keeping.

use std::collections::BTreeMap;

use crate::base::Timestamp;
use crate::model::ports::{Archive, ArchiveError, Recovered, SnapshotMark};
use crate::model::{Batch, Change, Live, Reveal};

use super::check_order;

/// The log in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryArchive {
    batches: Vec<Batch>,
    snapshots: BTreeMap<u64, Live>,
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
}
