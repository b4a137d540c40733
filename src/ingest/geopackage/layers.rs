//! The layers of a GeoPackage: which tables hold features, their columns, and their system of
//! coordinates.

use rusqlite::{Connection, OptionalExtension};

use crate::space::{Crs, CrsError};

use super::super::error::ReadError;
use super::damaged;

/// A table of features.
pub(super) struct Layer {
    pub(super) name: String,
    srs_id: i64,
    pub(super) columns: Vec<Column>,
    /// Place of the geometry among the columns.
    pub(super) geometry_index: usize,
}

/// A column of it.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) is_key: bool,
    /// Declared as true or false.
    pub(super) is_truth: bool,
    /// Neither key nor geometry.
    pub(super) is_attribute: bool,
}

/// The layers to read.
pub(super) struct Chosen {
    pub(super) list: Vec<Layer>,
    /// Layers that are views.
    pub(super) left_out: Vec<String>,
    /// The system of coordinates that all share.
    pub(super) crs: Result<Option<Crs>, CrsError>,
}

impl Layer {
    /// The query for all its rows, with the columns in their order.
    pub(super) fn query(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| quoted(&column.name))
            .collect();
        format!("SELECT {} FROM {}", columns.join(", "), quoted(&self.name))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The layer of this name, or all.
pub(super) fn chosen(connection: &Connection, name: Option<&str>) -> Result<Chosen, ReadError> {
    let broken = |fault: rusqlite::Error| damaged(&fault);
    let (mut list, left_out) = all(connection).map_err(broken)?;
    if let Some(name) = name {
        let known = names(&list);
        list.retain(|layer| layer.name == name);
        if list.is_empty() {
            return Err(ReadError::Unusable {
                reason: format!("it has no layer {name:?}"),
                remedy: format!("its layers of features are {known}"),
            });
        }
    } else if list.len() > 1 {
        let mut filled = Vec::new();
        for layer in list {
            if has_rows(connection, &layer).map_err(broken)? {
                filled.push(layer);
            }
        }
        list = filled;
    }
    let first = list.first().map(|layer| layer.srs_id);
    if list.iter().any(|layer| Some(layer.srs_id) != first) {
        let each: Vec<String> = list
            .iter()
            .map(|layer| format!("{} (srs_id {})", layer.name, layer.srs_id))
            .collect();
        return Err(ReadError::Unusable {
            reason: format!(
                "its layers are in different systems of coordinates: {}",
                each.join(", ")
            ),
            remedy: "import them one after the other, each with --layer NAME".to_owned(),
        });
    }
    let crs = match first {
        Some(srs_id) => crs_of(connection, srs_id).map_err(broken)?,
        None => Ok(None),
    };
    Ok(Chosen {
        list,
        left_out,
        crs,
    })
}

fn names(layers: &[Layer]) -> String {
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    names.join(", ")
}

/// Every table of features, and the names of those that are views.
fn all(connection: &Connection) -> rusqlite::Result<(Vec<Layer>, Vec<String>)> {
    let mut statement = connection.prepare(
        "SELECT c.table_name, g.column_name, g.srs_id \
         FROM gpkg_contents AS c JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name \
         WHERE c.data_type = 'features' ORDER BY c.rowid",
    )?;
    let named = statement.query_map([], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
        ))
    })?;
    let named: Vec<(String, String, i64)> = named.collect::<rusqlite::Result<_>>()?;
    let (mut layers, mut left_out) = (Vec::new(), Vec::new());
    for (name, geometry, srs_id) in named {
        // Views and virtual tables have no page of their own: they would run foreign code.
        let query =
            "SELECT rootpage FROM sqlite_schema WHERE name = ?1 AND type IN ('table', 'view')";
        let page: Option<i64> = connection
            .query_row(query, [&name], |row| row.get(0))
            .optional()?;
        match page {
            Some(1..) => {}
            Some(_) => {
                left_out.push(name);
                continue;
            }
            None => continue,
        }
        let columns = columns_of(connection, &name, &geometry)?;
        let is_geometry = |column: &Column| column.name.eq_ignore_ascii_case(&geometry);
        if let Some(geometry_index) = columns.iter().position(is_geometry) {
            layers.push(Layer {
                name,
                srs_id,
                columns,
                geometry_index,
            });
        }
    }
    Ok((layers, left_out))
}

/// The stored columns; computed ones would run foreign code.
fn columns_of(
    connection: &Connection,
    table: &str,
    geometry: &str,
) -> rusqlite::Result<Vec<Column>> {
    let query = "SELECT name, type, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0";
    let mut statement = connection.prepare(query)?;
    let columns = statement.query_map([table], |row| {
        let name: String = row.get(0)?;
        let declared: String = row.get::<_, Option<String>>(1)?.unwrap_or_default();
        let is_key = row.get::<_, i64>(2)? > 0;
        Ok(Column {
            is_key,
            is_truth: declared.eq_ignore_ascii_case("BOOLEAN"),
            is_attribute: !is_key && !name.eq_ignore_ascii_case(geometry),
            name,
        })
    })?;
    columns.collect()
}

fn has_rows(connection: &Connection, layer: &Layer) -> rusqlite::Result<bool> {
    let query = format!("SELECT EXISTS (SELECT 1 FROM {})", quoted(&layer.name));
    connection.query_row(&query, [], |row| row.get(0))
}

/// By its code, or by its definition where the code is not built in. Ids 0 and −1 mean that
/// nothing is known.
fn crs_of(connection: &Connection, srs_id: i64) -> rusqlite::Result<Result<Option<Crs>, CrsError>> {
    if srs_id <= 0 {
        return Ok(Ok(None));
    }
    let query = "SELECT organization, organization_coordsys_id, definition \
                 FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let found = connection.query_row(query, [srs_id], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, String>(2)?,
        ))
    });
    let Some((organization, code, definition)) = found.optional()? else {
        return Ok(u32::try_from(srs_id).map_or(Ok(None), |code| Crs::from_epsg(code).map(Some)));
    };
    let code = u32::try_from(code).ok();
    let by_code = code
        .filter(|_| organization.eq_ignore_ascii_case("EPSG"))
        .map(Crs::from_epsg);
    Ok(match by_code {
        Some(Ok(crs)) => Ok(Some(crs)),
        Some(Err(fault)) => Crs::from_wkt(&definition).map(Some).map_err(|_| fault),
        None => Crs::from_wkt(&definition).map(Some),
    })
}
