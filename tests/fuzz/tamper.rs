//! A database with one field changed behind its owner's back. An input names the column by its
//! first byte, the type of the new value by its second, and brings the value itself.

use rusqlite::Connection;
use rusqlite::types::Value;

/// A column of a table.
pub struct Column {
    table: String,
    name: String,
}

/// Who changes fields.
pub struct Tamper {
    connection: Connection,
    columns: Vec<Column>,
}

/// A changed field; it is put back when this goes, also after a panic.
pub struct Changed<'a> {
    connection: &'a Connection,
    column: &'a Column,
    row: i64,
    before: Value,
}

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;
const TYPES: u8 = 5;

impl Tamper {
    /// Opens a database; `tables` are those whose columns may be changed.
    pub fn open(path: &std::path::Path, tables: &[&str]) -> Self {
        let connection = Connection::open(path).expect("the database opens");
        // Nothing here has to survive a power cut.
        let unsynced = connection.pragma_update(None, "synchronous", "OFF");
        unsynced.expect("the database takes a setting");
        let columns = tables.iter().flat_map(|table| columns(&connection, table));
        let columns: Vec<Column> = columns.collect();
        assert!(!columns.is_empty() && columns.len() < 256);
        Self {
            connection,
            columns,
        }
    }

    /// One input for each column: what stands there in the first row.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let numbered = (0_u8..).zip(&self.columns);
        let seed = |(number, column): (u8, &Column)| {
            let (_, value) = self.first(column)?;
            let (kind, bytes) = match value {
                Value::Null => (NULL, Vec::new()),
                Value::Integer(number) => (INTEGER, number.to_le_bytes().to_vec()),
                Value::Real(number) => (REAL, number.to_le_bytes().to_vec()),
                Value::Text(text) => (TEXT, text.into_bytes()),
                Value::Blob(bytes) => (BLOB, bytes),
            };
            Some([vec![number, kind], bytes].concat())
        };
        numbered.filter_map(seed).collect()
    }

    /// Changes the field that the input names; `None` when it names none, or the database itself
    /// does not take the value.
    pub fn change(&self, bytes: &[u8]) -> Option<Changed<'_>> {
        let [column, kind, rest @ ..] = bytes else {
            return None;
        };
        let column = &self.columns[usize::from(*column) % self.columns.len()];
        let eight = || rest.first_chunk::<8>().copied();
        let value = match kind % TYPES {
            NULL => Value::Null,
            INTEGER => Value::Integer(i64::from_le_bytes(eight()?)),
            REAL => Value::Real(f64::from_le_bytes(eight()?)),
            TEXT => Value::Text(String::from_utf8_lossy(rest).into_owned()),
            _ => Value::Blob(rest.to_vec()),
        };
        let (row, before) = self.first(column)?;
        put(&self.connection, column, row, &value).ok()?;
        Some(Changed {
            connection: &self.connection,
            column,
            row,
            before,
        })
    }

    /// The first row's number and what it holds.
    fn first(&self, column: &Column) -> Option<(i64, Value)> {
        let Column { table, name } = column;
        let select = format!("SELECT rowid, \"{name}\" FROM \"{table}\" ORDER BY rowid LIMIT 1");
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        self.connection.query_row(&select, [], row).ok()
    }
}

impl Changed<'_> {
    /// Table and column.
    pub fn place(&self) -> (&str, &str) {
        (&self.column.table, &self.column.name)
    }
}

impl Drop for Changed<'_> {
    fn drop(&mut self) {
        let restored = put(self.connection, self.column, self.row, &self.before);
        restored.expect("what was there can be put back");
    }
}

fn put(
    connection: &Connection,
    column: &Column,
    row: i64,
    value: &Value,
) -> rusqlite::Result<usize> {
    let Column { table, name } = column;
    let update = format!("UPDATE \"{table}\" SET \"{name}\" = ?1 WHERE rowid = ?2");
    connection.prepare_cached(&update)?.execute((value, row))
}

/// Columns but for the row's own number, by which it is put back.
fn columns(connection: &Connection, table: &str) -> Vec<Column> {
    let select = format!("SELECT name FROM pragma_table_info('{table}')");
    let mut select = connection.prepare(&select).expect("the table is known");
    let rows = select.query_map([], |row| row.get::<_, String>(0));
    let names = rows.expect("columns").map(|name| name.expect("a name"));
    names
        .filter(|name| name != "fid" && name != "number")
        .map(|name| Column {
            table: table.to_owned(),
            name,
        })
        .collect()
}
