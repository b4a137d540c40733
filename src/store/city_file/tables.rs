//! Which tables a city must have: one that lost a table is damaged, and must not pass for a city in
//! which there is nothing. Never reads a record.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::model::EntityKind;

use super::{faces, record};

/// What every city has beside the tables of its records.
const COMMON: [&str; 6] = [
    "gpkg_spatial_ref_sys",
    "gpkg_contents",
    "gpkg_geometry_columns",
    "gpkg_extensions",
    "pingjiang_import",
    "pingjiang_change",
];

/// The format that brought a kind's table.
fn since(kind: EntityKind) -> u64 {
    match kind {
        EntityKind::Event => 4,
        EntityKind::Terrain | EntityKind::Material | EntityKind::Texture => 3,
        _ => 1,
    }
}

/// The table of a kind's spatial index; `None` of a kind without geometry.
pub(super) fn rtree(kind: EntityKind) -> Option<String> {
    let has_shape = record::columns(kind).iter().any(|one| one.shape.is_some());
    has_shape.then(|| format!("rtree_{}_geom", kind.as_str()))
}

/// The names of all tables that the file has.
pub(super) fn names(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut select = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    select.query_map([], |row| row.get(0))?.collect()
}

/// The first table that a city of this format lacks. The spatial index is only needed by those
/// who write.
pub(super) fn missing(names: &BTreeSet<String>, format: u64, is_written: bool) -> Option<String> {
    let kinds = EntityKind::ALL
        .iter()
        .filter(|kind| since(**kind) <= format);
    let records = kinds.clone().map(|kind| kind.as_str().to_owned());
    let indexes = kinds.filter(|_| is_written).filter_map(|kind| rtree(*kind));
    let faces = faces::ALL.iter().map(|table| table.name.to_owned());
    let mut all = COMMON.map(str::to_owned).into_iter().chain(records);
    let mut rest = faces.chain(indexes);
    let is_missing = |name: &String| !names.contains(name);
    all.find(is_missing).or_else(|| rest.find(is_missing))
}
