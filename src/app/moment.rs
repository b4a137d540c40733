//! The twin of a city at a moment of the archive beside it. Used by commands that look at what runs
//! without an engine. Never writes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::{Archive, ArchiveError, Recovered};
use crate::model::{Ground, Live, Reading, Step, Twin};
use crate::store::SqliteArchive;

/// The twin at a moment (at the end of the archive for `None`); `None` where no archive lies beside
/// the city. Where values are means it is said.
///
/// # Errors
/// When the archive cannot be read, or belongs to another city.
pub(super) fn twin_at(
    ground: &Arc<Ground>,
    city: &Path,
    at: Option<Timestamp>,
) -> anyhow::Result<Option<Twin>> {
    recovered(ground, city, at, true)
}

/// What the log alone knows of a moment: judgements, alarms, feed. Values of devices may be missing.
///
/// # Errors
/// As [`twin_at`].
pub(super) fn live_at(
    ground: &Arc<Ground>,
    city: &Path,
    at: Option<Timestamp>,
) -> anyhow::Result<Option<Live>> {
    let twin = recovered(ground, city, at, false)?;
    Ok(twin.map(|twin| twin.live().clone()))
}

fn recovered(
    ground: &Arc<Ground>,
    city: &Path,
    at: Option<Timestamp>,
    has_values: bool,
) -> anyhow::Result<Option<Twin>> {
    let folder = SqliteArchive::folder_of(city);
    if !SqliteArchive::exists(&folder) {
        return Ok(None);
    }
    let mut archive = SqliteArchive::open_read_only(&folder)?;
    let number = at.map(|at| archive.batch_at(at)).transpose()?;
    let mut recovered = archive.recover(number)?;
    if recovered.thinned && has_values {
        let means = fill_in(ground, &mut archive, &mut recovered)?;
        if means > 0 {
            // Once a run: a command may look at more than one moment.
            static TOLD: std::sync::Once = std::sync::Once::new();
            TOLD.call_once(|| {
                eprintln!(
                    "note: of that time single readings of {means} devices are no longer kept; \
                     their values are means of a minute"
                );
            });
        }
    }
    let snapshot = recovered.snapshot.unwrap_or_else(Live::default);
    let mut twin = Twin::at_snapshot(Arc::clone(ground), snapshot);
    for batch in &recovered.batches {
        twin.apply(batch)
            .context("the archive does not fit the city file")?;
    }
    Ok(Some(twin))
}

/// Gives the last batch what devices measured since the snapshot, where the batches do not know it
/// any more: the last reading that is kept, or the mean of the last minute. Tells of how many devices it
/// is such a mean: of some kinds every reading is kept for good.
fn fill_in(
    ground: &Ground,
    archive: &mut SqliteArchive,
    recovered: &mut Recovered,
) -> anyhow::Result<usize> {
    let from = recovered
        .snapshot
        .as_ref()
        .map_or(0, |live| live.at.millis());
    let Some(last) = recovered.batches.last_mut() else {
        return Ok(0);
    };
    let mut means = 0;
    let (from, to) = (Timestamp::from_millis(from), last.at.plus(1));
    for device in ground.devices.keys() {
        if let Some((reading, is_mean)) = newest(ground, archive, *device, (from, to))? {
            last.readings.push(reading);
            means += usize::from(is_mean);
        }
    }
    Ok(means)
}

fn newest(
    ground: &Ground,
    archive: &mut SqliteArchive,
    device: DeviceId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Option<(Reading, bool)>, ArchiveError> {
    let mut newest: Option<Reading> = None;
    archive.each_reading(device, from, to, &mut |reading| newest = Some(*reading))?;
    if let Some(reading) = newest {
        return Ok(Some((reading, false)));
    }
    let by = (Step::Minute, ground.info.utc_offset_minutes);
    let minutes = archive.rollups(device, by, from, to)?;
    let mean = minutes.last().map(|minute| Reading {
        device,
        at: minute.at,
        arrived: minute.at,
        value: minute.value.mean,
        second: minute.second.map(|second| second.mean),
        temperature_c: None,
    });
    Ok(mean.map(|reading| (reading, true)))
}
