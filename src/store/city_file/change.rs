//! Before-images: what a record looked like before a run changed or removed it, as JSON text in the
//! change table. Values stand there as they stood in their row, so sealed values stay sealed.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use serde_json::{Value as Json, json};

use crate::model::EntityRef;

use super::faces::FaceTable;
use super::load::{select, select_faces};

/// What a run did to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Update,
    Remove,
}

impl Op {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Update => "update",
            Self::Remove => "remove",
        }
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits.
pub(super) fn bytes_of_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some((digit(high)? * 16 + digit(low)?) as u8),
            _ => None,
        })
        .collect()
}

/// The stored record with its faces, as JSON text; `None` when it is not there.
pub(super) fn image(connection: &Connection, key: EntityRef) -> rusqlite::Result<Option<String>> {
    let bits = key.bits.cast_signed();
    let columns = select(connection, key.kind)?;
    let mut row = connection.prepare_cached(&format!("{columns} WHERE fid = ?1"))?;
    let Some(row) = rows_as_json(&mut row, bits)?.pop() else {
        return Ok(None);
    };
    let mut image = json!({ "row": row });
    if let Some(table) = FaceTable::of(key.kind) {
        let columns = select_faces(connection, table)?;
        let faces = format!("{columns} WHERE {} = ?1 ORDER BY fid", key.kind.as_str());
        let mut faces = connection.prepare_cached(&faces)?;
        image["faces"] = Json::Array(rows_as_json(&mut faces, bits)?);
    }
    Ok(Some(image.to_string()))
}

fn rows_as_json(statement: &mut Statement<'_>, bits: i64) -> rusqlite::Result<Vec<Json>> {
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement.query_map([bits], |row| {
        let mut object = serde_json::Map::new();
        for (place, name) in names.iter().enumerate() {
            object.insert(name.clone(), to_json(row.get_ref(place)?));
        }
        Ok(Json::Object(object))
    })?;
    rows.collect()
}

fn to_json(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Null => Json::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(blob) => json!({ "hex": hex(blob) }),
    }
}
