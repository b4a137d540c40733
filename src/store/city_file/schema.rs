//! The tables of a city file in SQL: GeoPackage's own, one for every kind, and ours.
//! Never reads or writes a record. The text is documented in `docs/city-file.md`.

use std::fmt::Write;

use rusqlite::{Connection, params};

use crate::model::EntityKind;

use super::faces;
use super::record::{self, Column};
use super::srs::{self, SrsRow};
use super::tiles;

/// `GPKG`.
pub(super) const APPLICATION_ID: u32 = 0x4750_4B47;
const USER_VERSION: u32 = 10_300;

/// GeoPackage's time before anything was written.
const NEVER: &str = "1970-01-01T00:00:00.000Z";

const GEOPACKAGE: &str = "
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
";

const OURS: &str = "
CREATE TABLE pingjiang_meta (
  fid INTEGER PRIMARY KEY NOT NULL, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL);
CREATE TABLE pingjiang_import (
  fid INTEGER PRIMARY KEY NOT NULL, id TEXT NOT NULL, action TEXT NOT NULL, file TEXT NOT NULL,
  sha256 TEXT NOT NULL, time DATETIME NOT NULL, time_ms INTEGER NOT NULL, crs TEXT NOT NULL,
  added INTEGER NOT NULL, updated INTEGER NOT NULL, removed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL, warning_count INTEGER NOT NULL, warnings TEXT NOT NULL,
  ground_version INTEGER NOT NULL DEFAULT 0, undoes INTEGER, attribution TEXT);
CREATE TABLE pingjiang_change (
  fid INTEGER PRIMARY KEY NOT NULL, ground_version INTEGER NOT NULL, op TEXT NOT NULL,
  kind TEXT NOT NULL, entity INTEGER NOT NULL, image TEXT);
";

const OUR_TABLES: [(&str, &str); 4] = [
    ("pingjiang_meta", "About the city as a whole"),
    (
        "pingjiang_import",
        "What each run wrote the city from: one row a file",
    ),
    (
        "pingjiang_change",
        "What each run added, updated and removed, with the record before it",
    ),
    ("pingjiang_tile", tiles::ABOUT),
];

/// Makes all tables, empty. The caller holds the transaction.
pub(super) fn make(connection: &Connection, srs: &SrsRow) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", USER_VERSION)?;
    connection.execute_batch(GEOPACKAGE)?;
    connection.execute_batch(OURS)?;
    connection.execute_batch(tiles::CREATE)?;
    for row in srs::standard_rows().iter().chain([srs]) {
        connection.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?2, ?4, ?5)",
            params![
                row.name,
                row.srs_id,
                row.organization,
                row.definition,
                row.description
            ],
        )?;
    }
    for kind in EntityKind::ALL {
        make_kind(connection, *kind, srs.srs_id)?;
    }
    for table in faces::ALL {
        connection.execute_batch(&table.create())?;
        register(connection, table.name, table.about)?;
        register_geometry(connection, table.name, "POLYGON", table.with_z, srs.srs_id)?;
    }
    for (table, about) in OUR_TABLES {
        register(connection, table, about)?;
    }
    Ok(())
}

/// Makes one kind's table. The caller holds the transaction.
pub(super) fn make_kind(
    connection: &Connection,
    kind: EntityKind,
    srs_id: i32,
) -> rusqlite::Result<()> {
    let (table, columns) = (kind.as_str(), record::columns(kind));
    connection.execute_batch(&create_kind(table, columns))?;
    let shape = columns.iter().find_map(|column| column.shape);
    register(connection, table, record::about(kind))?;
    if let Some(shape) = shape {
        register_geometry(connection, table, shape.name, shape.with_z, srs_id)?;
        connection.execute_batch(&create_rtree(table))?;
        connection.execute_batch(&create_triggers(table))?;
    }
    Ok(())
}

fn create_kind(table: &str, columns: &[Column]) -> String {
    let mut sql = format!(
        "CREATE TABLE \"{table}\" (\n  fid INTEGER PRIMARY KEY NOT NULL,\n  id TEXT NOT NULL,\n  \
         dataset TEXT NOT NULL,\n  source_key TEXT NOT NULL,\n  import_id TEXT NOT NULL"
    );
    for column in columns {
        let null = if column.nullable { "" } else { " NOT NULL" };
        // Writing to a text cannot fail.
        let _ = write!(sql, ",\n  {} {}{null}", column.name, column.sql);
    }
    sql.push_str(");");
    sql
}

/// Lists a table as one without geometry; [`register_geometry`] makes it a feature table.
pub(super) fn register(
    connection: &Connection,
    table: &str,
    about: &str,
) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_contents
           (table_name, data_type, identifier, description, last_change)
         VALUES (?1, 'attributes', ?1, ?2, ?3)",
        params![table, about, NEVER],
    )
}

fn register_geometry(
    connection: &Connection,
    table: &str,
    shape: &str,
    with_z: bool,
    srs_id: i32,
) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE gpkg_contents SET data_type = 'features', srs_id = ?2 WHERE table_name = ?1",
        params![table, srs_id],
    )?;
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, ?4, 0)",
        params![table, shape, srs_id, with_z],
    )?;
    Ok(())
}

fn create_rtree(table: &str) -> String {
    format!(
        "CREATE VIRTUAL TABLE rtree_{table}_geom USING rtree(id, minx, maxx, miny, maxy);
         INSERT INTO gpkg_extensions VALUES ('{table}', 'geom', 'gpkg_rtree_index',
           'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');"
    )
}

/// The triggers of the R-tree extension (GeoPackage 1.3, annex F.3). They are for other programs:
/// they call functions that we do not have, so a write of ours drops and makes them again.
pub(super) fn create_triggers(table: &str) -> String {
    let rtree = format!("rtree_{table}_geom");
    let put = format!(
        "INSERT OR REPLACE INTO {rtree} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), \
         ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    );
    let full = "(NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))";
    let empty = "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))";
    let drop_old = format!("DELETE FROM {rtree} WHERE id = OLD.fid;");
    let trigger = |name: &str, event: &str, when: &str, then: &str| {
        format!(
            "CREATE TRIGGER {rtree}_{name} AFTER {event} ON \"{table}\" WHEN {when}\n\
             BEGIN\n  {then}\nEND;\n"
        )
    };
    let same = "OLD.fid = NEW.fid AND";
    let other = "OLD.fid != NEW.fid AND";
    [
        trigger("insert", "INSERT", full, &put),
        trigger("update1", "UPDATE OF geom", &format!("{same} {full}"), &put),
        trigger(
            "update2",
            "UPDATE OF geom",
            &format!("{same} {empty}"),
            &drop_old,
        ),
        trigger(
            "update3",
            "UPDATE",
            &format!("{other} {full}"),
            &format!("{drop_old} {put}"),
        ),
        trigger(
            "update4",
            "UPDATE",
            &format!("{other} {empty}"),
            &format!("DELETE FROM {rtree} WHERE id IN (OLD.fid, NEW.fid);"),
        ),
        trigger("delete", "DELETE", "OLD.geom NOTNULL", &drop_old),
    ]
    .concat()
}

/// Takes the triggers of a table away until the end of a write.
pub(super) fn drop_triggers(table: &str) -> String {
    [
        "insert", "update1", "update2", "update3", "update4", "delete",
    ]
    .map(|name| format!("DROP TRIGGER IF EXISTS rtree_{table}_geom_{name};"))
    .concat()
}
