//! From bytes to text and JSON: byte-order marks, encodings, and errors that say line and column.

use serde::de::DeserializeSeed;

use crate::base::in_plain_words;

use super::error::ReadError;

/// The text of a file without its byte-order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let (hint, remedy) = other_than_text(bytes);
        ReadError::NotUtf8 {
            at: fault.valid_up_to(),
            hint,
            remedy,
        }
    })?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(text)
}

/// What bytes look like that are not UTF-8, and what to do about it. Archives and pictures were
/// refused before (`foreign`).
fn other_than_text(bytes: &[u8]) -> (&'static str, &'static str) {
    const CONVERT: &str = "convert it to GeoJSON or CityJSON first (GDAL: ogr2ogr -f GeoJSON \
                           OUT.geojson IN)";
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => (" (it looks like UTF-16)", "save it as UTF-8"),
        [b'S', b'Q', b'L', b'i', ..] => (" (it looks like a GeoPackage or SQLite file)", CONVERT),
        _ if bytes.iter().take(1024).any(|byte| *byte == 0) => {
            (" (it looks like a binary format)", CONVERT)
        }
        _ => ("", "save it as UTF-8"),
    }
}

/// What to do about a text that ends too early.
const CUT_OFF: &str = "the file is cut off: get it again";

/// Whether a text ends before what it holds does.
pub(super) fn is_cut_off(fault: &ReadError) -> bool {
    matches!(fault, ReadError::Syntax { remedy, .. } if *remedy == CUT_OFF)
}

/// Reads one JSON value with a visitor that takes it apart as it comes.
pub(super) fn parse<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    seed: S,
) -> Result<S::Value, ReadError> {
    let mut from = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut from).map_err(syntax)?;
    from.end().map_err(syntax)?;
    Ok(value)
}

/// Lists and objects within each other that the parser follows.
const NESTING_MAX: usize = 128;

/// A parser's fault with its place.
pub(super) fn syntax(fault: serde_json::Error) -> ReadError {
    let text = fault.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    let is_deep = reason.contains("recursion limit");
    ReadError::Syntax {
        line: fault.line().max(1),
        column: fault.column().max(1),
        remedy: match fault.classify() {
            _ if is_deep => "no map needs that: get the file again, or flatten it",
            serde_json::error::Category::Eof => CUT_OFF,
            serde_json::error::Category::Data => "this part has the wrong type: mend the file",
            _ => "the file is not JSON here (NaN and Infinity are not JSON): mend it",
        },
        reason: match is_deep {
            true => format!("it is nested deeper than {NESTING_MAX} lists and objects"),
            false => in_plain_words(reason),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nested_too_deep_says_how_deep() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(syntax);
        assert!(read(&nested(NESTING_MAX - 1)).is_ok());
        let told = read(&nested(NESTING_MAX + 1)).unwrap_err().to_string();
        assert!(
            told.contains("nested deeper than 128") && !told.contains("not JSON"),
            "{told}"
        );
    }
}
