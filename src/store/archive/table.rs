//! The archive's tables and their rows. Never opens a file and never begins a transaction.
//!
//! A reading has its row in `reading`, by device and device time, so that a device's history lies
//! together. The same reading delivered again gets a row in `again` only: the history does not
//! double, and the batch that brought it is still recovered exactly. A different value for the
//! same device and time is another reading, with the next `variant`. The columns of values have no
//! declared type: SQLite would keep a REAL -0.0 as 0.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::base::{DeviceId, Timestamp};
use crate::model::ports::SnapshotMark;
use crate::model::{Batch, Reading};

/// `PJAR`.
pub(super) const APPLICATION_ID: u32 = 0x504A_4152;
/// The format of the tables.
pub(super) const FORMAT: u32 = 1;

pub(super) const CREATE: &str = "
CREATE TABLE batch (
  number INTEGER PRIMARY KEY NOT NULL, ground_version INTEGER NOT NULL, at INTEGER NOT NULL,
  readings INTEGER NOT NULL, changes TEXT NOT NULL);
CREATE INDEX batch_at ON batch (at);
CREATE TABLE reading (
  device INTEGER NOT NULL, at INTEGER NOT NULL, variant INTEGER NOT NULL,
  value, second, temperature_c,
  arrived INTEGER NOT NULL, batch INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (device, at, variant)) WITHOUT ROWID;
CREATE INDEX reading_of_batch ON reading (batch);
CREATE TABLE again (
  batch INTEGER NOT NULL, place INTEGER NOT NULL, device INTEGER NOT NULL, at INTEGER NOT NULL,
  variant INTEGER NOT NULL, arrived INTEGER NOT NULL,
  PRIMARY KEY (batch, place)) WITHOUT ROWID;
CREATE TABLE snapshot (batch INTEGER PRIMARY KEY NOT NULL, live TEXT NOT NULL);
";

/// The number of the last batch.
pub(super) fn last_number(connection: &Connection) -> rusqlite::Result<u64> {
    let select = "SELECT coalesce(max(number), 0) FROM batch";
    connection.query_row(select, [], |row| {
        row.get::<_, i64>(0).map(i64::cast_unsigned)
    })
}

/// Writes one batch.
pub(super) fn write_batch(
    connection: &Connection,
    batch: &Batch,
    changes: &str,
) -> rusqlite::Result<()> {
    let number = batch.number.cast_signed();
    connection
        .prepare_cached("INSERT INTO batch VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![
            number,
            batch.ground_version.cast_signed(),
            batch.at.millis(),
            batch.readings.len() as i64,
            changes
        ])?;
    for (place, reading) in batch.readings.iter().enumerate() {
        write_reading(connection, reading, number, place as i64)?;
    }
    Ok(())
}

fn write_reading(
    connection: &Connection,
    reading: &Reading,
    batch: i64,
    place: i64,
) -> rusqlite::Result<()> {
    let (device, at) = (reading.device.bits().cast_signed(), reading.at.millis());
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO reading VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let values = [Some(reading.value), reading.second, reading.temperature_c];
    // Hardly ever more than one turn: a reading is new, or it is there just so.
    for variant in 0.. {
        let written = insert.execute(params![
            device,
            at,
            variant,
            reading.value,
            reading.second,
            reading.temperature_c,
            reading.arrived.millis(),
            batch,
            place
        ])?;
        if written == 1 {
            return Ok(());
        }
        let known = connection
            .prepare_cached(
                "SELECT value, second, temperature_c FROM reading
                 WHERE device = ?1 AND at = ?2 AND variant = ?3",
            )?
            .query_row([device, at, variant], |row| {
                Ok([row.get(0)?, row.get(1)?, row.get(2)?])
            })?;
        if bits(known) == bits(values) {
            connection
                .prepare_cached("INSERT INTO again VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
                .execute(params![
                    batch,
                    place,
                    device,
                    at,
                    variant,
                    reading.arrived.millis()
                ])?;
            return Ok(());
        }
    }
    Ok(())
}

/// Numbers to be compared to the last bit; NaN is kept as NULL.
fn bits(values: [Option<f64>; 3]) -> [Option<u64>; 3] {
    values.map(|value| value.filter(|value| !value.is_nan()).map(f64::to_bits))
}

/// A batch without its readings, how many it should have, and its changes as text.
pub(super) struct Head {
    pub batch: Batch,
    pub readings: usize,
    pub changes: String,
}

/// The batches after `from` up to `to`, in order.
pub(super) fn heads(connection: &Connection, from: i64, to: i64) -> rusqlite::Result<Vec<Head>> {
    let mut select = connection.prepare(
        "SELECT number, ground_version, at, readings, changes FROM batch
         WHERE number > ?1 AND number <= ?2 ORDER BY number",
    )?;
    let rows = select.query_map([from, to], |row| {
        Ok(Head {
            batch: Batch {
                number: row.get::<_, i64>(0)?.cast_unsigned(),
                ground_version: row.get::<_, i64>(1)?.cast_unsigned(),
                at: Timestamp::from_millis(row.get(2)?),
                readings: Vec::new(),
                changes: Vec::new(),
                uncommitted: false,
            },
            readings: usize::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
            changes: row.get(4)?,
        })
    })?;
    rows.collect()
}

/// The readings of one batch in their order.
pub(super) fn readings(connection: &Connection, batch: u64) -> rusqlite::Result<Vec<Reading>> {
    let mut select = connection.prepare_cached(
        "SELECT device, at, arrived, value, second, temperature_c, place
           FROM reading WHERE batch = ?1
         UNION ALL
         SELECT again.device, again.at, again.arrived, value, second, temperature_c, again.place
           FROM again JOIN reading USING (device, at, variant) WHERE again.batch = ?1
         ORDER BY 7",
    )?;
    let rows = select.query_map([batch.cast_signed()], reading)?;
    rows.collect()
}

fn reading(row: &Row<'_>) -> rusqlite::Result<Reading> {
    Ok(Reading {
        device: DeviceId::from_bits(row.get::<_, i64>(0)?.cast_unsigned()),
        at: Timestamp::from_millis(row.get(1)?),
        arrived: Timestamp::from_millis(row.get(2)?),
        // SQLite has no NaN and keeps it as NULL.
        value: row.get::<_, Option<f64>>(3)?.unwrap_or(f64::NAN),
        second: row.get(4)?,
        temperature_c: row.get(5)?,
    })
}

/// Keeps a snapshot.
pub(super) fn write_snapshot(
    connection: &Connection,
    batch: u64,
    live: &str,
) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT OR REPLACE INTO snapshot VALUES (?1, ?2)",
        params![batch.cast_signed(), live],
    )
}

/// The newest snapshot at or before a batch, with its own batch and as text.
pub(super) fn snapshot(
    connection: &Connection,
    to: i64,
) -> rusqlite::Result<Option<(u64, String)>> {
    let select = "SELECT batch, live FROM snapshot WHERE batch <= ?1 ORDER BY batch DESC LIMIT 1";
    connection
        .query_row(select, [to], |row| {
            Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
        })
        .optional()
}

/// Where snapshots stand, oldest first. Their batches tell the time: a snapshot's own text is long.
pub(super) fn snapshots(connection: &Connection) -> rusqlite::Result<Vec<SnapshotMark>> {
    let mut select = connection.prepare_cached(
        "SELECT number, at FROM batch WHERE number IN (SELECT batch FROM snapshot)
         ORDER BY number",
    )?;
    let rows = select.query_map([], |row| {
        Ok(SnapshotMark {
            batch: row.get::<_, i64>(0)?.cast_unsigned(),
            at: Timestamp::from_millis(row.get(1)?),
        })
    })?;
    rows.collect()
}

/// Removes one snapshot, if it is there.
pub(super) fn drop_snapshot(connection: &Connection, batch: u64) -> rusqlite::Result<usize> {
    connection
        .prepare_cached("DELETE FROM snapshot WHERE batch = ?1")?
        .execute([batch.cast_signed()])
}

/// Numbers and changes of the batches that may tell of something opened.
pub(super) fn with_reveals(connection: &Connection) -> rusqlite::Result<Vec<(u64, String)>> {
    let mut select = connection.prepare(
        "SELECT number, changes FROM batch WHERE instr(changes, '\"revealed\"') ORDER BY number",
    )?;
    let rows = select.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get(1)?))
    })?;
    rows.collect()
}

/// Calls `take` with number, time and changes of every batch in a span of time in which anything
/// changed, in their order, until it says `false`.
pub(super) fn each_batch_with_changes(
    connection: &Connection,
    from: Timestamp,
    to: Timestamp,
    mut take: impl FnMut(u64, Timestamp, &str) -> bool,
) -> rusqlite::Result<()> {
    let mut select = connection.prepare(
        "SELECT number, at, changes FROM batch
         WHERE at BETWEEN ?1 AND ?2 AND changes <> '[]' ORDER BY number",
    )?;
    let mut rows = select.query([from.millis(), to.millis()])?;
    while let Some(row) = rows.next()? {
        let number = row.get::<_, i64>(0)?.cast_unsigned();
        let at = Timestamp::from_millis(row.get(1)?);
        let text = row.get_ref(2)?.as_str()?;
        if !take(number, at, text) {
            break;
        }
    }
    Ok(())
}

/// The number of the last batch at or before a time.
pub(super) fn batch_at(connection: &Connection, at: Timestamp) -> rusqlite::Result<u64> {
    let select = "SELECT coalesce(max(number), 0) FROM batch WHERE at <= ?1";
    connection.query_row(select, [at.millis()], |row| {
        row.get::<_, i64>(0).map(i64::cast_unsigned)
    })
}
