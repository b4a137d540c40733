//! Rows of a `.dbf` as JSON. Written here because shape n belongs to row n: rows that are deleted
//! must keep their place, one value that cannot be read must not cost its row, and the text is in
//! any encoding, none of which the library that comes with the shapes can do.

use encoding_rs::UTF_8;
use serde_json::Value;

use super::super::raw::Attributes;
use super::encoding::Encoding;

/// The header before the fields.
const HEADER_BYTES: usize = 32;
/// One field of the header.
const FIELD_BYTES: usize = 32;
/// What ends the fields.
const FIELDS_END: u8 = 0x0d;
/// What marks a row as deleted.
const DELETED: u8 = b'*';
/// Rows that are looked at to guess the encoding.
const GUESS_ROWS: usize = 2_000;
/// Integers up to here are whole as 64-bit floats as well.
const DIGITS_MAX: usize = 18;

/// A table.
pub(super) struct Dbf<'a> {
    rows: &'a [u8],
    row_bytes: usize,
    count: usize,
    fields: Vec<Field>,
    language: u8,
    encoding: Encoding,
}

/// A column.
pub(super) struct Field {
    pub(super) name: String,
    name_bytes: Vec<u8>,
    kind: u8,
    start: usize,
    end: usize,
}

/// What stands at the place of a row.
pub(super) enum Row {
    /// A row.
    Here(Values),
    /// A row that was deleted.
    Deleted,
    /// Nothing.
    Missing,
}

/// A row's values.
pub(super) struct Values {
    pub(super) attributes: Attributes,
    /// Values that cannot be read.
    pub(super) unreadable: usize,
}

fn little(bytes: &[u8], at: usize) -> Result<usize, String> {
    let word = bytes.get(at..at + 2).and_then(|word| word.try_into().ok());
    let word = word.ok_or("its header is cut off")?;
    Ok(usize::from(u16::from_le_bytes(word)))
}

impl<'a> Dbf<'a> {
    /// A table out of its bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, String> {
        let count = bytes.get(4..8).and_then(|word| word.try_into().ok());
        let claimed = u32::from_le_bytes(count.ok_or("its header is cut off")?) as usize;
        let (header_bytes, row_bytes) = (little(bytes, 8)?, little(bytes, 10)?);
        let header = bytes.get(..header_bytes).ok_or("its header is cut off")?;
        let language = header.get(29).copied().ok_or("its header is cut off")?;
        let mut fields = Vec::new();
        let mut start = 1;
        let described = header.get(HEADER_BYTES..).unwrap_or_default();
        for field in described.chunks_exact(FIELD_BYTES) {
            if field.first() == Some(&FIELDS_END) {
                break;
            }
            let field = Field::new(field, start)?;
            start = field.end;
            fields.push(field);
        }
        if start > row_bytes {
            return Err(format!(
                "its fields have {start} bytes and its rows {row_bytes}"
            ));
        }
        let rows = bytes.get(header_bytes..).unwrap_or_default();
        Ok(Self {
            count: claimed.min(rows.len() / row_bytes.max(1)),
            rows,
            row_bytes,
            fields,
            language,
            encoding: Encoding::UTF_8,
        })
    }

    /// The same with the encoding of its texts and names.
    pub(super) fn with_encoding(mut self, encoding: Encoding) -> Self {
        for field in &mut self.fields {
            field.name = encoding.decode(&field.name_bytes);
        }
        self.encoding = encoding;
        self
    }

    /// The code page that the table names.
    pub(super) fn language_byte(&self) -> u8 {
        self.language
    }

    /// Rows, the deleted ones included.
    pub(super) fn row_count(&self) -> usize {
        self.count
    }

    /// The columns.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter()
    }

    /// Names and texts, for a guess at their encoding.
    pub(super) fn text_bytes(&self) -> impl Iterator<Item = &[u8]> {
        let names = self.fields.iter().map(|field| field.name_bytes.as_slice());
        let texts = self.fields.iter().filter(|field| field.kind == b'C');
        let rows = self.rows.chunks_exact(self.row_bytes.max(1));
        let rows = rows.take(self.count.min(GUESS_ROWS));
        let cells = rows.flat_map(move |row| {
            texts
                .clone()
                .filter_map(move |field| Some(whole(row.get(field.start..field.end)?)))
        });
        names.chain(cells)
    }

    /// The row of a shape.
    pub(super) fn row(&self, index: usize) -> Row {
        let start = index.checked_mul(self.row_bytes);
        let row = start
            .filter(|_| index < self.count)
            .and_then(|start| self.rows.get(start..start + self.row_bytes));
        let Some(row) = row else {
            return Row::Missing;
        };
        if row.first() == Some(&DELETED) {
            return Row::Deleted;
        }
        let mut values = Values {
            attributes: Attributes::new(),
            unreadable: 0,
        };
        for field in &self.fields {
            let cell = row.get(field.start..field.end).unwrap_or_default();
            match field.value(cell, &self.encoding) {
                Ok(Value::Null) => {}
                Ok(value) => {
                    values.attributes.insert(field.name.clone(), value);
                }
                Err(()) => values.unreadable += 1,
            }
        }
        Row::Here(values)
    }
}

/// A text cell may end within a letter of several bytes where it was cut to fit.
fn whole(cell: &[u8]) -> &[u8] {
    let cell = trimmed(cell);
    match std::str::from_utf8(cell) {
        Err(fault) if fault.error_len().is_none() => {
            cell.get(..fault.valid_up_to()).unwrap_or_default()
        }
        _ => cell,
    }
}

fn trimmed(cell: &[u8]) -> &[u8] {
    let end = cell.iter().position(|byte| *byte == 0);
    cell.get(..end.unwrap_or(cell.len()))
        .unwrap_or_default()
        .trim_ascii()
}

impl Field {
    fn new(described: &[u8], start: usize) -> Result<Self, String> {
        let cut_off = || "a field is cut off".to_owned();
        let name_bytes = trimmed(described.get(..11).ok_or_else(cut_off)?).to_vec();
        let kind = *described.get(11).ok_or_else(cut_off)?;
        let size = usize::from(*described.get(16).ok_or_else(cut_off)?);
        // Texts longer than 255 bytes keep the rest of their size where others have decimals.
        let more = match kind {
            b'C' => usize::from(*described.get(17).ok_or_else(cut_off)?) << 8,
            _ => 0,
        };
        let (name, _) = UTF_8.decode_without_bom_handling(&name_bytes);
        Ok(Self {
            name: name.into_owned(),
            name_bytes,
            kind,
            start,
            end: start + size + more,
        })
    }

    /// The value of a cell; blank ones are nothing.
    fn value(&self, cell: &[u8], encoding: &Encoding) -> Result<Value, ()> {
        match self.kind {
            b'C' => {
                let text = encoding.decode(cell);
                Ok(if text.is_empty() {
                    Value::Null
                } else {
                    Value::String(text)
                })
            }
            b'N' | b'F' => numeric(trimmed(cell)),
            b'L' => match cell.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Ok(true.into()),
                Some(b'F' | b'f' | b'N' | b'n') => Ok(false.into()),
                _ => Ok(Value::Null),
            },
            b'D' => date(trimmed(cell)),
            b'I' | b'+' if cell.len() == 4 => Ok(cell
                .try_into()
                .map(i32::from_le_bytes)
                .map_err(|_| ())?
                .into()),
            b'B' | b'O' if cell.len() == 8 => {
                let number = cell.try_into().map(f64::from_le_bytes).map_err(|_| ())?;
                Ok(super::super::table::number(number))
            }
            // Memos, pictures and moments are kept in other files or forms.
            _ => Ok(Value::Null),
        }
    }
}

fn numeric(cell: &[u8]) -> Result<Value, ()> {
    let text = std::str::from_utf8(cell).map_err(|_| ())?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let digits = text.trim_start_matches(['-', '+']);
    if digits.len() <= DIGITS_MAX && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<i64>().map(Value::from).map_err(|_| ());
    }
    // A number that was too wide is written as stars.
    let number: f64 = text.replace(',', ".").parse().map_err(|_| ())?;
    match super::super::table::number(number) {
        Value::Null => Err(()),
        number => Ok(number),
    }
}

/// `20260131` as `2026-01-31`.
fn date(cell: &[u8]) -> Result<Value, ()> {
    let text = std::str::from_utf8(cell).map_err(|_| ())?;
    if text.trim_matches('0').is_empty() {
        return Ok(Value::Null);
    }
    let is_date = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.get(..4).zip(text.get(4..6)).zip(text.get(6..));
    match parts.filter(|_| is_date) {
        Some(((year, month), day)) => Ok(Value::String(format!("{year}-{month}-{day}"))),
        None => Err(()),
    }
}
