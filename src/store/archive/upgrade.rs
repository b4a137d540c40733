//! Archives of format 1: readings lay in the histories alone, each with its batch and place, those
//! delivered again in a table of their own, and snapshots as plain text. The caller holds the
//! transaction, so an archive is of one format or of the other.

use rusqlite::{Connection, ErrorCode, Row};

use crate::base::{DeviceId, Timestamp};
use crate::model::{Batch, Reading};

use super::{blob, table};

/// Makes the tables of format 2 of those of format 1.
pub(super) fn from_1(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DROP INDEX batch_at;
         ALTER TABLE batch RENAME TO batch_1;
         ALTER TABLE reading RENAME TO reading_1;
         ALTER TABLE snapshot RENAME TO snapshot_1;",
    )?;
    table::create(connection)?;
    batches(connection)?;
    snapshots(connection)?;
    connection.execute_batch(
        "INSERT INTO reading
           SELECT device, at, variant, value, second, temperature_c, arrived FROM reading_1;
         DROP TABLE batch_1; DROP TABLE reading_1; DROP TABLE again; DROP TABLE snapshot_1;",
    )
}

fn batches(connection: &Connection) -> rusqlite::Result<()> {
    let mut heads = connection.prepare(
        "SELECT number, ground_version, at, changes, readings FROM batch_1 ORDER BY number",
    )?;
    let mut select = connection.prepare(
        "SELECT device, at, arrived, value, second, temperature_c, place
           FROM reading_1 WHERE batch = ?1
         UNION ALL
         SELECT again.device, again.at, again.arrived, value, second, temperature_c, again.place
           FROM again JOIN reading_1 USING (device, at, variant) WHERE again.batch = ?1
         ORDER BY 7",
    )?;
    let mut rows = heads.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let batch = Batch {
            number: number.cast_unsigned(),
            ground_version: row.get::<_, i64>(1)?.cast_unsigned(),
            at: Timestamp::from_millis(row.get(2)?),
            readings: select
                .query_map([number], reading)?
                .collect::<Result<_, _>>()?,
            changes: Vec::new(),
            uncommitted: false,
        };
        if batch.readings.len() as i64 != row.get::<_, i64>(4)? {
            return Err(damaged(format!("batch {number} lacks readings")));
        }
        table::write_log(connection, &batch, &row.get::<_, String>(3)?)?;
    }
    Ok(())
}

fn snapshots(connection: &Connection) -> rusqlite::Result<()> {
    let mut select = connection.prepare("SELECT batch, live FROM snapshot_1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let batch = row.get::<_, i64>(0)?.cast_unsigned();
        let packed = blob::packed(row.get::<_, String>(1)?.as_bytes());
        let packed = packed.map_err(|fault| damaged(fault.to_string()))?;
        table::write_snapshot(connection, batch, &packed)?;
    }
    Ok(())
}

fn damaged(reason: String) -> rusqlite::Error {
    let mut code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    code.code = ErrorCode::DatabaseCorrupt;
    rusqlite::Error::SqliteFailure(code, Some(reason))
}

fn reading(row: &Row<'_>) -> rusqlite::Result<Reading> {
    Ok(Reading {
        device: DeviceId::from_bits(row.get::<_, i64>(0)?.cast_unsigned()),
        at: Timestamp::from_millis(row.get(1)?),
        arrived: Timestamp::from_millis(row.get(2)?),
        value: row.get::<_, Option<f64>>(3)?.unwrap_or(f64::NAN),
        second: row.get(4)?,
        temperature_c: row.get(5)?,
    })
}
