//! JSON of any shape, by paths of the table.

use serde_json::Value;

use super::fields::{Field, Fields, observe};
use super::path::Path;
use super::{Context, Readings, Refusal};

/// Every reading of a document.
pub(super) fn decode(text: &str, context: &Context) -> Result<Readings, Refusal> {
    let document: Value = serde_json::from_str(text).map_err(|_| Refusal::Malformed)?;
    let found = match &context.feed.paths.readings {
        Some(path) => path.all(&document, &document),
        None => vec![&document],
    };
    // A list stands for its elements, whether or not the path says so.
    let elements = found.into_iter().flat_map(|value| match value {
        Value::Array(list) => list.iter().collect(),
        other => vec![other],
    });
    let readings: Readings = elements
        .map(|reading| observe(&fields(&document, reading, context), context))
        .collect();
    match readings.is_empty() {
        true => Err(Refusal::NoValue),
        false => Ok(readings),
    }
}

fn fields<'a>(document: &'a Value, reading: &'a Value, context: &Context) -> Fields<'a> {
    let paths = &context.feed.paths;
    let found = |path: &Option<Path>| path.as_ref()?.first(document, reading);
    let field = |path: &Option<Path>| found(path).and_then(field_of);
    Fields {
        device: found(&paths.device).and_then(name_of),
        time: field(&paths.time),
        value: field(&paths.value),
        second: field(&paths.second),
        temperature: field(&paths.temperature),
        battery: field(&paths.battery),
        online: field(&paths.online),
        unit: found(&paths.unit).and_then(Value::as_str),
    }
}

/// What stands there as a value; a list or an object is none, and told as a text that is none.
fn field_of(value: &Value) -> Option<Field<'_>> {
    match value {
        Value::Null => None,
        Value::Bool(is) => Some(Field::Number(f64::from(u8::from(*is)))),
        Value::Number(number) => Some(Field::Number(number.as_f64().unwrap_or(f64::NAN))),
        Value::String(text) => Some(Field::Text(text)),
        Value::Array(_) | Value::Object(_) => Some(Field::Text("[]")),
    }
}

/// A name: a text, or a whole number as it is written.
fn name_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}
