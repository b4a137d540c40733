//! A database with one field changed behind its owner's back. An input names the field by its
//! first byte, the type of the new value by its second, and brings the value itself.

use rusqlite::Connection;
use rusqlite::types::Value;

/// A column of a table in one of its rows.
pub struct Field {
    table: String,
    name: String,
    /// Which row, as a condition in SQL that holds whatever the field is changed to.
    row: String,
}

/// Who changes fields.
pub struct Tamper {
    connection: Connection,
    fields: Vec<Field>,
}

/// A changed field; it is put back when this goes, also after a panic.
pub struct Changed<'a> {
    connection: &'a Connection,
    field: &'a Field,
    before: Value,
}

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;
const TYPES: u8 = 5;

impl Field {
    /// A field by its table, its column and the condition that finds its row.
    pub fn new(table: &str, name: &str, row: &str) -> Self {
        Self {
            table: table.to_owned(),
            name: name.to_owned(),
            row: row.to_owned(),
        }
    }

    /// The fields in the first row of a table, but for the row's own number, by which it is put
    /// back.
    fn of_first_row(connection: &Connection, table: &str) -> Vec<Self> {
        let first = format!("SELECT min(rowid) FROM \"{table}\"");
        let first = connection.query_row(&first, [], |row| row.get::<_, i64>(0));
        let row = format!("rowid = {}", first.expect("the table has a row"));
        let select = format!(
            "SELECT name FROM pragma_table_info('{table}') WHERE NOT (pk = 1 AND type = 'INTEGER')"
        );
        let mut select = connection.prepare(&select).expect("the table is known");
        let names = select.query_map([], |row| row.get::<_, String>(0));
        names
            .expect("columns")
            .map(|name| Self::new(table, &name.expect("a name"), &row))
            .collect()
    }
}

impl Tamper {
    /// Opens a database; the fields in the first row of each of `tables` may be changed, and then
    /// `more`.
    pub fn open(path: &std::path::Path, tables: &[&str], more: Vec<Field>) -> Self {
        let connection = Connection::open(path).expect("the database opens");
        // Nothing here has to survive a power cut.
        let unsynced = connection.pragma_update(None, "synchronous", "OFF");
        unsynced.expect("the database takes a setting");
        let first = tables
            .iter()
            .flat_map(|table| Field::of_first_row(&connection, table));
        let fields: Vec<Field> = first.chain(more).collect();
        assert!(!fields.is_empty() && fields.len() < 256);
        Self { connection, fields }
    }

    /// One input for each field: what stands there.
    pub fn seeds(&self) -> Vec<Vec<u8>> {
        let numbered = (0_u8..).zip(&self.fields);
        let seed = |(number, field): (u8, &Field)| {
            let (kind, bytes) = match self.value(field) {
                Value::Null => (NULL, Vec::new()),
                Value::Integer(number) => (INTEGER, number.to_le_bytes().to_vec()),
                Value::Real(number) => (REAL, number.to_le_bytes().to_vec()),
                Value::Text(text) => (TEXT, text.into_bytes()),
                Value::Blob(bytes) => (BLOB, bytes),
            };
            [vec![number, kind], bytes].concat()
        };
        numbered.map(seed).collect()
    }

    /// Changes the field that the input names; `None` when it names none, or the database itself
    /// does not take the value.
    pub fn change(&self, bytes: &[u8]) -> Option<Changed<'_>> {
        let [field, kind, rest @ ..] = bytes else {
            return None;
        };
        let field = &self.fields[usize::from(*field) % self.fields.len()];
        let eight = || rest.first_chunk::<8>().copied();
        let value = match kind % TYPES {
            NULL => Value::Null,
            INTEGER => Value::Integer(i64::from_le_bytes(eight()?)),
            REAL => Value::Real(f64::from_le_bytes(eight()?)),
            TEXT => Value::Text(String::from_utf8_lossy(rest).into_owned()),
            _ => Value::Blob(rest.to_vec()),
        };
        let before = self.value(field);
        put(&self.connection, field, &value).ok()?;
        Some(Changed {
            connection: &self.connection,
            field,
            before,
        })
    }

    fn value(&self, field: &Field) -> Value {
        let Field { table, name, row } = field;
        let select = format!("SELECT \"{name}\" FROM \"{table}\" WHERE {row}");
        let value = self.connection.query_row(&select, [], |row| row.get(0));
        value.expect("the field is there")
    }
}

impl Changed<'_> {
    /// Table and column.
    pub fn place(&self) -> (&str, &str) {
        (&self.field.table, &self.field.name)
    }
}

impl Drop for Changed<'_> {
    fn drop(&mut self) {
        let restored = put(self.connection, self.field, &self.before);
        assert_eq!(restored, Ok(1), "what was there cannot be put back");
    }
}

/// How many rows have the value now.
fn put(connection: &Connection, field: &Field, value: &Value) -> rusqlite::Result<usize> {
    let Field { table, name, row } = field;
    let update = format!("UPDATE \"{table}\" SET \"{name}\" = ?1 WHERE {row}");
    connection.prepare_cached(&update)?.execute([value])
}
