//! GeoPackages of other programs: tables of features with geometry as well-known binary.
//! From disk SQLite reads the file itself, otherwise the bytes. Only real tables are asked, and
//! nothing of the file's own code is run. Never writes, not even beside the file, and never takes
//! a city of our own for a foreign file.

mod geometry;
mod layers;
mod open;
#[cfg(test)]
mod tests;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row as SqlRow};
use serde_json::Value;

use super::error::ReadError;
use super::kind_words;
use super::raw::{Attributes, RawCity};
use super::table::{self, Row, Sink, binary, number};
use super::{Format, Input, ReadOptions, Take};
use layers::{Column, Layer};

/// Reads it.
///
/// # Errors
/// When it is no GeoPackage, a city of our own, damaged, or holds layers in different systems of
/// coordinates; or the first error of `take`.
pub fn read_geopackage(
    input: &Input,
    options: &ReadOptions,
    take: Take,
) -> Result<RawCity, ReadError> {
    let connection = open::open(input)?;
    let layers = layers::chosen(&connection, options.layer.as_deref())?;
    let mut sink = Sink::new(Format::GeoPackage, options, take);
    for layer in &layers.left_out {
        sink.city.notes.push(format!(
            "the layer {layer:?} is a view and was left out: save it as a table to have it"
        ));
    }
    match layers.crs {
        Ok(crs) => sink.city.crs = crs,
        Err(fault) => sink.city.crs_fault = Some(fault),
    }
    let columns = layers.list.iter().flat_map(|layer| &layer.columns);
    let names: Vec<String> = columns
        .filter(|column| column.is_attribute)
        .map(|column| column.name.clone())
        .collect();
    if !layers.list.is_empty() {
        sink.check_names(&names)?;
    }
    let tells = |layer: &&Layer| kind_words::layer_tells(&layer.name);
    let some_tell = options.layer.is_none() && layers.list.iter().any(|layer| tells(&layer));
    for layer in &layers.list {
        sink.bare_areas_are_buildings = !some_tell || tells(&layer);
        read_layer(&connection, layer, options, &mut sink)?;
    }
    Ok(sink.finish())
}

fn damaged(fault: &rusqlite::Error) -> ReadError {
    ReadError::Unusable {
        reason: format!("the GeoPackage is damaged ({fault})"),
        remedy: "get the file again, or repair it (sqlite3 FILE .recover)".to_owned(),
    }
}

/// Hands the features of one layer on.
fn read_layer(
    connection: &Connection,
    layer: &Layer,
    options: &ReadOptions,
    sink: &mut Sink,
) -> Result<(), ReadError> {
    let broken = |fault: rusqlite::Error| damaged(&fault);
    let mut statement = connection.prepare(&layer.query()).map_err(broken)?;
    let mut rows = statement.query([]).map_err(broken)?;
    while let Some(row) = rows.next().map_err(broken)? {
        sink.next();
        let (attributes, own_id) = attributes_of(row, layer, sink).map_err(broken)?;
        let stated = table::stated_key(&attributes, &options.mapping);
        let own_key = || Some(format!("{}.{}", layer.name, own_id.as_deref()?));
        let stated = stated.or_else(own_key);
        let blob = row.get_ref(layer.geometry_index).map_err(broken)?;
        let shape = match geometry::shape_of(blob) {
            Ok(shape) => shape,
            Err(reason) => {
                sink.skip(stated.as_deref(), &reason);
                continue;
            }
        };
        let key = stated.unwrap_or_else(|| table::content_key(&attributes, &shape));
        sink.put(Row {
            key,
            attributes,
            shape,
            layer: Some(&layer.name),
        })?;
    }
    Ok(())
}

/// The attributes of a row, and the value of its primary key.
fn attributes_of(
    row: &SqlRow,
    layer: &Layer,
    sink: &mut Sink,
) -> rusqlite::Result<(Attributes, Option<String>)> {
    let mut attributes = Attributes::new();
    let mut own_id = None;
    for (index, column) in layer.columns.iter().enumerate() {
        if index == layer.geometry_index {
            continue;
        }
        let value = json(row.get_ref(index)?, column, sink);
        if column.is_key {
            own_id = table::id_of(&value);
        } else if !value.is_null() {
            attributes.insert(column.name.clone(), value);
        }
    }
    Ok((attributes, own_id))
}

fn json(value: ValueRef, column: &Column, sink: &mut Sink) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(truth) if column.is_truth => (truth != 0).into(),
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => number(real),
        ValueRef::Blob(bytes) => binary(bytes),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => {
                let reason = format!("{}: not UTF-8; what is none was replaced", column.name);
                let place = sink.place(None);
                sink.note(place, reason);
                Value::String(String::from_utf8_lossy(bytes).into_owned())
            }
        },
    }
}
