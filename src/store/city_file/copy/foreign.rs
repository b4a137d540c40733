//! What other programs keep in a city's file: told when it stays behind. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

/// The columns of a table in their order; none where there is no such table.
pub(super) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut select = connection.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    select.query_map([table], |row| row.get(0))?.collect()
}

/// What `city` holds and `ours`, a city just as we make it, has no place for: tables and views by
/// name, and columns of our tables as `table.column`, each with how many rows say something there.
/// Side tables of indexes and what SQLite keeps for itself are no content.
pub(super) fn of(
    city: &Connection,
    ours: &Connection,
) -> rusqlite::Result<BTreeMap<String, usize>> {
    let known: BTreeSet<String> = tables(ours)?.into_iter().collect();
    let mut found = BTreeMap::new();
    for table in tables(city)? {
        if !known.contains(&table) {
            // A table that needs an extension which we do not have cannot be counted.
            let rows = count(city, &table, "1").unwrap_or(1);
            found.insert(table, rows);
            continue;
        }
        let own = columns(ours, &table)?;
        for column in columns(city, &table)? {
            if !own.contains(&column) {
                let rows = count(city, &table, &quoted(&column))?;
                found.insert(format!("{table}.{column}"), rows);
            }
        }
    }
    found.retain(|_, rows| *rows > 0);
    Ok(found)
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let select = "SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')
           AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND NOT (type = 'virtual' AND name LIKE 'rtree\\_%' ESCAPE '\\')";
    let mut select = connection.prepare(select)?;
    select.query_map([], |row| row.get(0))?.collect()
}

/// In how many rows `what` is not NULL.
pub(super) fn count(connection: &Connection, table: &str, what: &str) -> rusqlite::Result<usize> {
    let select = format!("SELECT count({what}) FROM {}", quoted(table));
    let count: i64 = connection.query_row(&select, [], |row| row.get(0))?;
    // A count is never negative.
    Ok(usize::try_from(count).unwrap_or_default())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
