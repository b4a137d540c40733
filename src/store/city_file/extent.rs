//! Extents of layers: what other programs zoom to. They grow with what came, and are measured again
//! when something went. Used by [`super::write`] and by what takes places away. Never reads a record.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::base::Timestamp;

use super::geometry::{self, Envelope};
use super::meta;

/// What a write did to one layer's extent.
#[derive(Default)]
pub(super) struct Layer {
    pub grown: Option<Envelope>,
    pub shrunk: bool,
}

impl Layer {
    pub fn grow(&mut self, [west, east, south, north]: Envelope) {
        let [w, e, s, n] = self.grown.unwrap_or([west, east, south, north]);
        self.grown = Some([w.min(west), e.max(east), s.min(south), n.max(north)]);
    }
}

/// Writes the extents of the layers that a write touched, and when that was.
pub(super) fn set_all(
    connection: &Connection,
    layers: &BTreeMap<&'static str, Layer>,
    at: Timestamp,
) -> rusqlite::Result<()> {
    for (table, layer) in layers {
        if layer.shrunk {
            measure(connection, table)?;
            continue;
        }
        let mut extent = Layer {
            grown: layer.grown,
            shrunk: false,
        };
        if let Some(known) = stored(connection, table)? {
            extent.grow(known);
        }
        set(connection, table, extent.grown)?;
    }
    // Of every table: which of them a run touched is told by the change table.
    connection.execute(
        "UPDATE gpkg_contents SET last_change = ?1",
        [meta::date_time(at)],
    )?;
    Ok(())
}

/// Writes the extent of all that a layer holds now.
pub(super) fn measure(connection: &Connection, table: &str) -> rusqlite::Result<()> {
    let mut extent = Layer::default();
    let mut geometries = connection.prepare(&format!("SELECT geom FROM \"{table}\""))?;
    let mut rows = geometries.query([])?;
    while let Some(row) = rows.next()? {
        let blob = row.get_ref(0)?.as_blob_or_null().unwrap_or_default();
        if let Some(envelope) = blob.and_then(geometry::envelope) {
            extent.grow(envelope);
        }
    }
    set(connection, table, extent.grown)
}

fn set(connection: &Connection, table: &str, extent: Option<Envelope>) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?2, max_x = ?3, min_y = ?4, max_y = ?5
         WHERE table_name = ?1",
        params![
            table,
            extent.map(|e| e[0]),
            extent.map(|e| e[1]),
            extent.map(|e| e[2]),
            extent.map(|e| e[3])
        ],
    )?;
    Ok(())
}

fn stored(connection: &Connection, table: &str) -> rusqlite::Result<Option<Envelope>> {
    let select = "SELECT min_x, max_x, min_y, max_y FROM gpkg_contents WHERE table_name = ?1";
    connection.query_row(select, [table], |row| {
        let number = |place| row.get::<_, Option<f64>>(place);
        let sides = (number(0)?, number(1)?, number(2)?, number(3)?);
        Ok(match sides {
            (Some(west), Some(east), Some(south), Some(north)) => Some([west, east, south, north]),
            _ => None,
        })
    })
}
