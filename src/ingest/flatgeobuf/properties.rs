//! Attributes of a FlatGeobuf feature: every type of column as JSON.

use flatgeobuf::{Column, ColumnType, Feature};
use serde_json::Value;

use super::super::raw::Attributes;
use super::super::table::{binary, number};

/// A column that features refer to by its place.
pub(super) struct Field {
    pub(super) name: String,
    kind: ColumnType,
}

/// The columns of a header or a feature.
pub(super) fn columns<'a>(list: Option<impl IntoIterator<Item = Column<'a>>>) -> Vec<Field> {
    let list = list.into_iter().flatten();
    list.map(|column| Field {
        name: column.name().to_owned(),
        kind: column.type_(),
    })
    .collect()
}

/// The attributes of a feature, by the header's columns or by its own.
pub(super) fn of(feature: &Feature, of_all: &[Field]) -> Result<Attributes, String> {
    let own = columns(feature.columns());
    let fields = if own.is_empty() { of_all } else { &own };
    let mut attributes = Attributes::new();
    let mut rest = feature.properties().map_or(&[][..], |list| list.bytes());
    // Some writers leave a byte behind the last value.
    while rest.len() >= 2 {
        let index = usize::from(u16::from_le_bytes(fixed(&mut rest)?));
        let field = fields
            .get(index)
            .ok_or_else(|| format!("an attribute of column {index}, which there is not"))?;
        let value =
            value(field.kind, &mut rest).map_err(|fault| format!("{}: {fault}", field.name))?;
        if !value.is_null() {
            attributes.insert(field.name.clone(), value);
        }
    }
    Ok(attributes)
}

fn value(kind: ColumnType, rest: &mut &[u8]) -> Result<Value, String> {
    Ok(match kind {
        ColumnType::Byte => i8::from_le_bytes(fixed(rest)?).into(),
        ColumnType::UByte => u8::from_le_bytes(fixed(rest)?).into(),
        ColumnType::Bool => (u8::from_le_bytes(fixed(rest)?) != 0).into(),
        ColumnType::Short => i16::from_le_bytes(fixed(rest)?).into(),
        ColumnType::UShort => u16::from_le_bytes(fixed(rest)?).into(),
        ColumnType::Int => i32::from_le_bytes(fixed(rest)?).into(),
        ColumnType::UInt => u32::from_le_bytes(fixed(rest)?).into(),
        ColumnType::Long => i64::from_le_bytes(fixed(rest)?).into(),
        ColumnType::ULong => u64::from_le_bytes(fixed(rest)?).into(),
        ColumnType::Float => short_number(f32::from_le_bytes(fixed(rest)?)),
        ColumnType::Double => number(f64::from_le_bytes(fixed(rest)?)),
        ColumnType::String | ColumnType::DateTime => Value::String(text(rest)?.to_owned()),
        ColumnType::Json => {
            let text = text(rest)?;
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        ColumnType::Binary => binary(sized(rest)?),
        ColumnType(other) => return Err(format!("values of the unknown type {other}")),
    })
}

/// The number that the short one was written from, not its nearest long one.
fn short_number(short: f32) -> Value {
    short.to_string().parse().map_or(Value::Null, number)
}

fn fixed<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], String> {
    let (value, behind) = rest
        .split_first_chunk::<N>()
        .ok_or("its attributes are cut off")?;
    *rest = behind;
    Ok(*value)
}

fn sized<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], String> {
    let size = u32::from_le_bytes(fixed(rest)?) as usize;
    let (value, behind) = rest
        .split_at_checked(size)
        .ok_or("its attributes are cut off")?;
    *rest = behind;
    Ok(value)
}

fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, String> {
    std::str::from_utf8(sized(rest)?).map_err(|_| "its text is not UTF-8".to_owned())
}
