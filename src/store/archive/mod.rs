//! The archive: the append-only log of batches, the snapshots that make any past moment quick to
//! reach, and what each device measured. Implements [`crate::model::ports::Archive`] in memory and in
//! SQLite. Used by `app`. Never removes a change, nor a reading before its rollups are kept, and never
//! folds a twin: the twin does that itself from what
//! [`recover`](crate::model::ports::Archive::recover) gives.

mod blob;
mod history;
mod lock;
mod memory;
mod mend;
mod port;
mod reading;
mod salvage;
mod sqlite;
mod table;
#[cfg(test)]
mod tests;
mod upgrade;
mod wal;

pub use memory::MemoryArchive;
pub use sqlite::SqliteArchive;

use crate::base::Timestamp;
use crate::model::ports::ArchiveError;
use crate::model::{Batch, Change, Reveal};

/// The reveals among changes that lie within a time.
fn reveals_among(
    changes: impl Iterator<Item = Change>,
    from: Timestamp,
    to: Timestamp,
) -> Vec<Reveal> {
    let reveals = changes.filter_map(|change| match change {
        Change::Revealed { reveal } => Some(reveal),
        _ => None,
    });
    reveals
        .filter(|reveal| (from..=to).contains(&reveal.at))
        .collect()
}

/// Whether `batches` follow batch `last` without a gap.
fn check_order(last: u64, batches: &[Batch]) -> Result<(), ArchiveError> {
    let mut last = last;
    for batch in batches {
        if batch.number != last + 1 {
            return Err(ArchiveError::Gap {
                last,
                given: batch.number,
            });
        }
        last = batch.number;
    }
    Ok(())
}
