//! Charts of sensors of tilt, settlement and cracks for a card or a report: readings of the archive beside
//! the city until a moment, judged as `assess` judges them. Used by `shot` and by the desk behind a wall.
//! Never writes, never draws, never fills a gap.

mod made;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::base::{BuildingId, DeviceId, Timestamp};
use crate::model::ports::Archive;
use crate::model::{EntityKind, EntityRef, Ground, Reading};
use crate::monitor::Sample;
use crate::portrayal::chart::{CardCharts, Chart};
use crate::store::SqliteArchive;

use super::archive_beside::archive_beside;
use super::monitored::{Bank, Sensors};
use super::tables;
use made::{Maker, Raw};

/// Of what charts are wanted.
pub(super) struct ChartsAsked<'a> {
    /// The city file: archive and tables lie beside it.
    pub city: &'a Path,
    pub ground: &'a Ground,
    /// A sensor, or a building for all of its sensors.
    pub what: EntityRef,
    /// As was known then; at the end of the archive for `None`.
    pub at: Option<Timestamp>,
    /// Up to when somebody looked at what was sudden, sensor by sensor.
    pub looked: &'a [(DeviceId, Timestamp)],
}

/// The charts of a sensor or of all sensors of a building, the worst first.
///
/// # Errors
/// When archive or tables cannot be read, or a kind measures in an unknown unit.
pub(super) fn charts(asked: &ChartsAsked) -> anyhow::Result<CardCharts> {
    let (kinds, table) = (tables::kinds(asked.city)?, tables::monitor(asked.city)?);
    let sensors = Sensors::of(asked.ground, &kinds, &table)?;
    let devices = devices_of(&sensors, asked.what);
    if devices.is_empty() {
        return Ok(CardCharts::None);
    }
    if !SqliteArchive::exists(&SqliteArchive::folder_of(asked.city)) {
        return Ok(CardCharts::NoHistory);
    }
    let mut archive = archive_beside(asked.city)?;
    let Some(end) = archive.last_at()? else {
        return Ok(CardCharts::NoHistory);
    };
    let until = asked.at.unwrap_or(end);
    let mut bank = Bank::new(sensors, table, asked.ground);
    for device in bank.sensors().with_references(&devices) {
        bank.catch_up(device, &mut archive, until)?;
    }
    for (device, looked) in asked.looked {
        bank.looked_at(*device, *looked);
    }
    let maker = Maker {
        bank: &bank,
        ground: asked.ground,
        kinds: &kinds,
        at: until,
    };
    let mut charts = Vec::new();
    for device in devices {
        let raw = raw_of(&bank, &mut archive, device, until)?;
        charts.extend(maker.chart(device, raw));
    }
    Chart::sort(&mut charts);
    Ok(CardCharts::Told(charts))
}

/// The sensors that are followed of what is asked about.
fn devices_of(sensors: &Sensors, what: EntityRef) -> Vec<DeviceId> {
    match what.kind {
        EntityKind::Device => {
            let id = DeviceId::from_bits(what.bits);
            sensors.get(id).map(|_| id).into_iter().collect()
        }
        EntityKind::Building => {
            let building = Some(BuildingId::from_bits(what.bits));
            let here = sensors.all().filter(|(_, one)| one.building == building);
            here.map(|(id, _)| id).collect()
        }
        _ => Vec::new(),
    }
}

/// Readings of the days that a chart shows, along the way of the level.
fn raw_of(
    bank: &Bank,
    archive: &mut SqliteArchive,
    device: DeviceId,
    until: Timestamp,
) -> anyhow::Result<Option<Raw>> {
    let Some(mut raw) = Raw::begin(bank, device) else {
        return Ok(None);
    };
    archive.each_reading(
        device,
        raw.from(),
        until.plus(1),
        &mut |reading: &Reading| {
            raw.take(&Sample {
                at: reading.at,
                first: reading.value,
                second: reading.second,
                temperature_c: reading.temperature_c,
            });
        },
    )?;
    Ok(Some(raw))
}
