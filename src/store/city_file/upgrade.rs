//! Cities of older formats: brought up to the present by the first write, and readable before it.
//! Changes no record but by sealing it.
//!
//! Format 2 gave every file of an import a row of its own; format 3 brought terrain, materials,
//! textures and the details of faces; format 4 brought events and the later columns of
//! registers; format 5 seals what tells the home of an event, format 6 the dwelling of a device,
//! format 7 its own place there, format 8 also in dwellings that no register tells of.

use rusqlite::Connection;

use crate::model::EntityKind;

use super::cell::Codec;
use super::{device_before, device_older, faces, history, home, meta, record, schema};

/// Whether a table has a column; `false` too where there is no such table.
pub(super) fn has_column(
    connection: &Connection,
    table: &str,
    column: &str,
) -> rusqlite::Result<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2)";
    let mut select = connection.prepare_cached(select)?;
    select.query_row([table, column], |row| row.get(0))
}

/// Adds the tables and columns that an older city lacks, and seals what it had in clear. The caller holds the transaction.
pub(super) fn to_present(connection: &Connection, codec: &Codec) -> rusqlite::Result<()> {
    history::upgrade(connection)?;
    for kind in EntityKind::ALL {
        if !has_column(connection, kind.as_str(), "fid")? {
            schema::make_kind(connection, *kind, codec.srs_id)?;
        }
        let (table, later) = (kind.as_str(), record::later(*kind));
        for column in later {
            if !has_column(connection, table, column.name)? {
                let (name, sql) = (column.name, column.sql);
                connection
                    .execute_batch(&format!("ALTER TABLE \"{table}\" ADD COLUMN {name} {sql};"))?;
            }
        }
    }
    for table in &faces::ALL {
        if !has_column(connection, table.name, faces::DETAILS)? {
            let (name, column) = (table.name, faces::DETAILS);
            connection.execute_batch(&format!("ALTER TABLE {name} ADD COLUMN {column} TEXT;"))?;
        }
    }
    home::seal_all(connection, codec)?;
    device_older::seal_all(connection, codec)?;
    let former = meta::stored_format(connection)?;
    if former < meta::FORMAT {
        device_before::seal_all(connection, codec)?;
    }
    // Without the key nobody can tell which images are of a home: a later write seals them.
    let present = match codec.vault() {
        Some(_) => meta::FORMAT,
        None => former.max(meta::FORMAT_WITHOUT_KEY),
    };
    meta::set(connection, "format", &present.to_string())
}
