//! The list of runs that wrote the city: one row for each file that a run read, and which of them
//! an undo took back. Never reads or writes a record of the ground.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use crate::base::Timestamp;
use crate::model::ImportRecord;

use super::{WriteSummary, meta, upgrade};

/// What a run wrote out of one file, or out of one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// The version of the ground that the run made; files that were read together share it.
    pub version: u64,
    /// Where it came from.
    pub record: ImportRecord,
    /// The version that the run took back, when it was an undo.
    pub undoes: Option<u64>,
    /// The version of the undo that took it back, unless that was undone in its turn.
    pub undone_by: Option<u64>,
    /// How many records were added, updated or removed.
    pub touched: u64,
}

/// The table.
pub(super) const TABLE: &str = "pingjiang_import";

fn has_column(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    upgrade::has_column(connection, TABLE, name)
}

/// In a city of format 1 a run had one row, whose number was the version.
fn is_by_run(connection: &Connection) -> rusqlite::Result<bool> {
    has_column(connection, "ground_version").map(|is_by_file| !is_by_file)
}

/// Brings the list of an older city up to the present. The caller holds the transaction.
pub(super) fn upgrade(connection: &Connection) -> rusqlite::Result<()> {
    if !has_column(connection, "attribution")? {
        connection.execute_batch("ALTER TABLE pingjiang_import ADD COLUMN attribution TEXT;")?;
    }
    if is_by_run(connection)? {
        connection.execute_batch(
            "ALTER TABLE pingjiang_import ADD COLUMN ground_version INTEGER NOT NULL DEFAULT 0;
             ALTER TABLE pingjiang_import ADD COLUMN undoes INTEGER;
             UPDATE pingjiang_import SET ground_version = fid;",
        )?;
    }
    Ok(())
}

/// What stands for the columns that an older city's list lacks.
pub(super) fn older(
    connection: &Connection,
) -> rusqlite::Result<&'static [(&'static str, &'static str)]> {
    Ok(match is_by_run(connection)? {
        true => &[("ground_version", "fid")],
        false => &[],
    })
}

/// Adds what a run wrote out of one file.
pub(super) fn add(
    connection: &Connection,
    record: &ImportRecord,
    summary: &WriteSummary,
    undoes: Option<u64>,
) -> rusqlite::Result<()> {
    let warnings = serde_json::to_string(&record.warnings)
        .map_err(|fault| rusqlite::Error::ToSqlConversionFailure(fault.into()))?;
    connection.execute(
        "INSERT INTO pingjiang_import (id, action, file, sha256, time, time_ms, crs, added, updated,
           removed, unchanged, warning_count, warnings, ground_version, undoes,
           attribution)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            record.id.to_string(),
            record.action,
            record.file,
            record.sha256,
            meta::date_time(record.time),
            record.time.millis(),
            record.crs,
            summary.added.cast_signed(),
            summary.updated.cast_signed(),
            summary.removed.cast_signed(),
            summary.unchanged.cast_signed(),
            record.warnings.count().cast_signed(),
            warnings,
            summary.version.cast_signed(),
            undoes.map(u64::cast_signed),
            record.attribution,
        ],
    )?;
    Ok(())
}

/// The whole list, oldest first.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<HistoryEntry>> {
    let own = if is_by_run(connection)? {
        "fid, NULL"
    } else {
        "ground_version, undoes"
    };
    let attribution = match has_column(connection, "attribution")? {
        true => "attribution",
        false => "NULL",
    };
    let mut statement = connection.prepare(&format!(
        "SELECT {own}, added + updated + removed, id, action, file, sha256, time_ms, crs, warnings,
           {attribution}
         FROM pingjiang_import ORDER BY fid"
    ))?;
    let rows = statement.query_map([], written)?;
    let mut list: Vec<HistoryEntry> = rows.collect::<Result<_, _>>()?;
    tell_undone(&mut list);
    Ok(list)
}

fn written(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let wrong = |place, fault: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(place, rusqlite::types::Type::Text, fault)
    };
    let id: String = row.get(3)?;
    let warnings: String = row.get(9)?;
    let record = ImportRecord {
        id: id.parse().map_err(|fault| wrong(3, Box::new(fault)))?,
        action: row.get(4)?,
        file: row.get(5)?,
        sha256: row.get(6)?,
        time: Timestamp::from_millis(row.get(7)?),
        crs: row.get(8)?,
        attribution: row.get(10)?,
        warnings: serde_json::from_str(&warnings).map_err(|fault| wrong(9, fault.into()))?,
    };
    Ok(HistoryEntry {
        version: row.get::<_, i64>(0)?.cast_unsigned(),
        undoes: row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
        undone_by: None,
        touched: row.get::<_, i64>(2)?.cast_unsigned(),
        record,
    })
}

/// Brings the list back to how it stood after `version`.
pub(super) fn forget_after(list: &mut Vec<HistoryEntry>, version: u64) {
    list.retain(|one| one.version <= version);
    tell_undone(list);
}

/// From the newest to the oldest: an undo that stands takes back an earlier run, which may be an
/// undo itself.
fn tell_undone(list: &mut [HistoryEntry]) {
    let mut undone = BTreeMap::new();
    for one in list.iter_mut().rev() {
        one.undone_by = undone.get(&one.version).copied();
        if let (Some(earlier), None) = (one.undoes, one.undone_by) {
            undone.insert(earlier, one.version);
        }
    }
}

/// Whom every picture must name, each once, in the order of the runs: what those demand that
/// stand. A run that found all of its file there already stands and falls with the run that
/// brought it.
pub(super) fn attributions(list: &[HistoryEntry]) -> Vec<String> {
    let brought = |one: &HistoryEntry| {
        let same = list
            .iter()
            .filter(|other| other.record.id == one.record.id && other.touched > 0);
        let mut standing = same.map(|other| other.undone_by.is_none()).peekable();
        standing.peek().is_none() || standing.any(|stands| stands)
    };
    let mut names: Vec<String> = Vec::new();
    for one in list {
        let stands = one.undone_by.is_none() && (one.touched > 0 || brought(one));
        let name = one.record.attribution.as_ref().filter(|_| stands);
        names.extend(name.filter(|name| !names.contains(name)).cloned());
    }
    names
}
