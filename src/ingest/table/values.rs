//! Values of binary formats as JSON.

use serde_json::Value;

/// Longer ones are only told by their size.
const BINARY_MAX_BYTES: usize = 4_096;

/// A number, or nothing where it is none.
pub(in super::super) fn number(value: f64) -> Value {
    serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Bytes as hexadecimal digits.
pub(in super::super) fn binary(bytes: &[u8]) -> Value {
    if bytes.len() > BINARY_MAX_BYTES {
        return Value::String(format!("({} bytes)", bytes.len()));
    }
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    Value::String(digits.concat())
}
