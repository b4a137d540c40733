//! What sensors of tilt, settlement and cracks of a city are judged at a moment by the readings of the
//! archive beside it, as `assess` judges them. Used by pictures of leaning houses. Never writes, never
//! makes up what was not measured.

use std::collections::BTreeMap;
use std::path::Path;

use crate::base::{DeviceId, Timestamp};
use crate::model::{Ground, Judgement, KindTable};
use crate::monitor::SeriesMonitor;
use crate::portrayal::deform::{Deformation, deformations};
use crate::store::SqliteArchive;

use super::archive_beside::archive_beside;
use super::monitored::{Bank, Sensors};
use super::tables;

/// Deformations of all buildings with such a sensor at a moment, at the end of the archive for `None`.
///
/// # Errors
/// When archive or tables cannot be read, or a kind measures in an unknown unit.
pub(super) fn deformations_at(
    city: &Path,
    ground: &Ground,
    at: Option<Timestamp>,
) -> anyhow::Result<Vec<Deformation>> {
    let kinds = tables::kinds(city)?;
    let (judged, until) = judged(city, ground, &kinds, at)?;
    Ok(deformations(ground, &kinds, &judged, until))
}

/// What is judged of each sensor, and of when that is.
fn judged(
    city: &Path,
    ground: &Ground,
    kinds: &KindTable,
    at: Option<Timestamp>,
) -> anyhow::Result<(BTreeMap<DeviceId, Judgement>, Timestamp)> {
    let table = tables::monitor(city)?;
    let sensors = Sensors::of(ground, kinds, &table)?;
    let mut bank = Bank::new(sensors, table, ground);
    let has_archive = SqliteArchive::exists(&SqliteArchive::folder_of(city));
    let mut archive = has_archive.then(|| archive_beside(city)).transpose()?;
    let end = archive.as_ref().map(SqliteArchive::last_at).transpose()?;
    let until = at.or(end.flatten());
    let Some((archive, until)) = archive.as_mut().zip(until) else {
        return Ok((BTreeMap::new(), Timestamp::default()));
    };
    let devices: Vec<DeviceId> = bank.sensors().all().map(|(id, _)| id).collect();
    for device in &devices {
        bank.catch_up(*device, archive, until)?;
    }
    let judged = devices.into_iter().filter_map(|device| {
        let last = bank.state(device).and_then(SeriesMonitor::last)?;
        Some((device, bank.assess(device)?.judgement(last, None)))
    });
    Ok((judged.collect(), until))
}
