//! Rows of the histories of devices: readings by device and device time, and rollups of those that
//! are gone. Never begins a transaction.
//!
//! The same reading delivered again gets no second row. A different value for the same device and
//! time is another reading, with the next `variant`. The columns of values have no declared type:
//! SQLite would keep a REAL -0.0 as 0.

use std::collections::BTreeMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::Detail;
use crate::model::{Reading, Rollup, Spread, Step};

use super::history::Histories;

pub(super) const CREATE: &str = "
CREATE TABLE reading (
  device INTEGER NOT NULL, at INTEGER NOT NULL, variant INTEGER NOT NULL,
  value, second, temperature_c, arrived INTEGER NOT NULL,
  PRIMARY KEY (device, at, variant)) WITHOUT ROWID;
CREATE TABLE rollup (
  device INTEGER NOT NULL, step INTEGER NOT NULL, at INTEGER NOT NULL,
  count INTEGER NOT NULL, mean, min, max,
  second_count INTEGER, second_mean, second_min, second_max,
  PRIMARY KEY (device, step, at)) WITHOUT ROWID;
CREATE TABLE thinned (
  device INTEGER PRIMARY KEY NOT NULL, raw_since INTEGER NOT NULL, too_late INTEGER NOT NULL);
";

/// From when on raw readings are kept, of devices of which some are gone.
pub(super) type RawSince = BTreeMap<DeviceId, Timestamp>;

pub(super) fn raw_since(connection: &Connection) -> rusqlite::Result<RawSince> {
    let mut select = connection.prepare("SELECT device, raw_since FROM thinned")?;
    let rows = select.query_map([], |row| {
        let device = DeviceId::from_bits(row.get::<_, i64>(0)?.cast_unsigned());
        Ok((device, Timestamp::from_millis(row.get(1)?)))
    })?;
    rows.collect()
}

/// Writes readings, each once.
pub(super) struct Writer<'a> {
    connection: &'a Connection,
    insert: CachedStatement<'a>,
    raw_since: &'a RawSince,
}

impl<'a> Writer<'a> {
    pub fn new(connection: &'a Connection, raw_since: &'a RawSince) -> rusqlite::Result<Self> {
        let insert = "INSERT OR IGNORE INTO reading VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        Ok(Self {
            connection,
            insert: connection.prepare_cached(insert)?,
            raw_since,
        })
    }

    pub fn write(&mut self, reading: &Reading) -> rusqlite::Result<()> {
        let (device, at) = (reading.device.bits().cast_signed(), reading.at.millis());
        let raw_since = self.raw_since.get(&reading.device);
        if raw_since.is_some_and(|since| reading.at < *since) {
            let count = "UPDATE thinned SET too_late = too_late + 1 WHERE device = ?1";
            self.connection.prepare_cached(count)?.execute([device])?;
            return Ok(());
        }
        let values = [Some(reading.value), reading.second, reading.temperature_c];
        // Hardly ever more than one turn: a reading is new, or it is there just so.
        for variant in 0_i64.. {
            let written = self.insert.execute(params![
                device,
                at,
                variant,
                reading.value,
                reading.second,
                reading.temperature_c,
                reading.arrived.millis(),
            ])?;
            if written == 1 || bits(self.known(device, at, variant)?) == bits(values) {
                break;
            }
        }
        Ok(())
    }

    fn known(&self, device: i64, at: i64, variant: i64) -> rusqlite::Result<[Option<f64>; 3]> {
        let select = "SELECT value, second, temperature_c FROM reading
                      WHERE device = ?1 AND at = ?2 AND variant = ?3";
        let mut select = self.connection.prepare_cached(select)?;
        select.query_row([device, at, variant], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?])
        })
    }
}

/// Numbers to be compared to the last bit; NaN is kept as NULL.
fn bits(values: [Option<f64>; 3]) -> [Option<u64>; 3] {
    values.map(|value| value.filter(|value| !value.is_nan()).map(f64::to_bits))
}

/// The histories in the tables of a connection.
pub(super) struct Rows<'a>(pub &'a Connection);

impl Histories for Rows<'_> {
    type Fault = rusqlite::Error;

    fn detail(&mut self, device: DeviceId) -> rusqlite::Result<Detail> {
        let select = "SELECT raw_since, too_late FROM thinned WHERE device = ?1";
        let mut select = self.0.prepare_cached(select)?;
        let found = select.query_row([device.bits().cast_signed()], |row| {
            Ok(Detail {
                raw_since: Some(Timestamp::from_millis(row.get(0)?)),
                too_late: row.get::<_, i64>(1)?.cast_unsigned(),
            })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    fn first(&mut self, device: DeviceId) -> rusqlite::Result<Option<Timestamp>> {
        let select = "SELECT min(at) FROM reading WHERE device = ?1";
        let mut select = self.0.prepare_cached(select)?;
        let first = select.query_row([device.bits().cast_signed()], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
        Ok(first.map(Timestamp::from_millis))
    }

    fn each(
        &mut self,
        device: DeviceId,
        from: Timestamp,
        to: Timestamp,
        take: &mut dyn FnMut(&Reading),
    ) -> rusqlite::Result<()> {
        let mut select = self.0.prepare_cached(
            "SELECT at, arrived, value, second, temperature_c FROM reading
             WHERE device = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, variant",
        )?;
        let asked = [device.bits().cast_signed(), from.millis(), to.millis()];
        let mut rows = select.query(asked)?;
        while let Some(row) = rows.next()? {
            take(&reading(device, row)?);
        }
        Ok(())
    }

    fn rolled(
        &mut self,
        (device, step): (DeviceId, Step),
        from: Timestamp,
        to: Timestamp,
    ) -> rusqlite::Result<Vec<Rollup>> {
        let mut select = self.0.prepare_cached(
            "SELECT at, count, mean, min, max, second_count, second_mean, second_min, second_max
             FROM rollup WHERE device = ?1 AND step = ?2 AND at >= ?3 AND at < ?4 ORDER BY at",
        )?;
        let device = device.bits().cast_signed();
        let rows = select.query_map([device, step.millis(), from.millis(), to.millis()], rollup)?;
        rows.collect()
    }

    fn keep(&mut self, (device, step): (DeviceId, Step), all: &[Rollup]) -> rusqlite::Result<()> {
        let mut insert = self.0.prepare_cached(
            "INSERT OR REPLACE INTO rollup
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        for Rollup { at, value, second } in all {
            insert.execute(params![
                device.bits().cast_signed(),
                step.millis(),
                at.millis(),
                value.count.cast_signed(),
                value.mean,
                value.min,
                value.max,
                second.map(|second| second.count.cast_signed()),
                second.map(|second| second.mean),
                second.map(|second| second.min),
                second.map(|second| second.max),
            ])?;
        }
        Ok(())
    }

    fn forget(&mut self, device: DeviceId, before: Timestamp) -> rusqlite::Result<usize> {
        let key = device.bits().cast_signed();
        let mut delete = self
            .0
            .prepare_cached("DELETE FROM reading WHERE device = ?1 AND at < ?2")?;
        let gone = delete.execute([key, before.millis()])?;
        self.0
            .prepare_cached(
                "INSERT INTO thinned VALUES (?1, ?2, 0)
                 ON CONFLICT (device) DO UPDATE SET raw_since = excluded.raw_since",
            )?
            .execute([key, before.millis()])?;
        Ok(gone)
    }
}

pub(super) fn reading(device: DeviceId, row: &Row<'_>) -> rusqlite::Result<Reading> {
    Ok(Reading {
        device,
        at: Timestamp::from_millis(row.get(0)?),
        arrived: Timestamp::from_millis(row.get(1)?),
        // SQLite has no NaN and keeps it as NULL.
        value: row.get::<_, Option<f64>>(2)?.unwrap_or(f64::NAN),
        second: row.get(3)?,
        temperature_c: row.get(4)?,
    })
}

pub(super) fn rollup(row: &Row<'_>) -> rusqlite::Result<Rollup> {
    let spread = |first: usize, count: i64| -> rusqlite::Result<Spread> {
        Ok(Spread {
            count: count.cast_unsigned(),
            mean: row.get(first + 1)?,
            min: row.get(first + 2)?,
            max: row.get(first + 3)?,
        })
    };
    let second: Option<i64> = row.get(5)?;
    Ok(Rollup {
        at: Timestamp::from_millis(row.get(0)?),
        value: spread(1, row.get(1)?)?,
        second: second.map(|count| spread(5, count)).transpose()?,
    })
}
