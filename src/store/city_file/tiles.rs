//! Baked tiles kept beside the records they were baked from, so that a large city opens at once.
//! Bytes to this module: what is in them, and whether they still fit the records, is for those to
//! judge who bake. Never part of a city's content: a city without tiles is the same city.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::error::{CityFileError, sql};
use super::{CityFile, schema, upgrade};

/// The table.
pub(super) const TABLE: &str = "pingjiang_tile";

/// Its columns.
pub(super) const CREATE: &str = "
CREATE TABLE pingjiang_tile (
  fid INTEGER PRIMARY KEY NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
  recipe TEXT NOT NULL, fingerprint BLOB NOT NULL, content BLOB NOT NULL);
CREATE INDEX pingjiang_tile_place ON pingjiang_tile (tile_column, tile_row);
";

/// What it is, for the list of contents.
pub(super) const ABOUT: &str =
    "Baked light and far houses, tile by tile; may be emptied at any time";

/// A tile as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTile {
    /// Column and row, counted from the origin of the city's CRS.
    pub at: [i64; 2],
    /// How it was baked.
    pub recipe: String,
    /// What it was baked from.
    pub fingerprint: Vec<u8>,
    /// What was baked; empty where only the others were asked for.
    pub content: Vec<u8>,
}

impl CityFile {
    /// All tiles that are kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tiles(&self) -> Result<Vec<KeptTile>, CityFileError> {
        self.read_tiles("content")
    }

    /// All tiles that are kept, without what was baked.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tile_marks(&self) -> Result<Vec<KeptTile>, CityFileError> {
        self.read_tiles("x''")
    }

    fn read_tiles(&self, content: &str) -> Result<Vec<KeptTile>, CityFileError> {
        let failed = sql(self.path(), "reading the city's tiles");
        if !upgrade::has_column(&self.connection, TABLE, "content").map_err(&failed)? {
            return Ok(Vec::new());
        }
        let select = format!(
            "SELECT tile_column, tile_row, recipe, fingerprint, {content} FROM {TABLE} ORDER BY fid"
        );
        let mut select = self.connection.prepare(&select).map_err(&failed)?;
        let rows = select.query_map([], tile_of).map_err(&failed)?;
        // A row that another program spoilt is one that is not kept.
        let sound = rows.filter(|row| {
            !matches!(
                row,
                Err(rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::FromSqlConversionFailure(..))
            )
        });
        sound.collect::<rusqlite::Result<_>>().map_err(&failed)
    }

    /// Keeps tiles in the place of what was kept there before, and forgets those that are not
    /// `wanted`. The records and their version stay as they are.
    ///
    /// # Errors
    /// When the city is read-only or being written, or the disk is full; nothing is changed then.
    pub fn keep_tiles(
        &mut self,
        fresh: &[KeptTile],
        wanted: &BTreeSet<[i64; 2]>,
    ) -> Result<(), CityFileError> {
        let path = self.path.clone();
        if self.read_only {
            return Err(CityFileError::ReadOnly { path });
        }
        let known = self.tile_marks()?;
        let gone = known.iter().map(|one| one.at);
        let gone: Vec<_> = gone.filter(|at| !wanted.contains(at)).collect();
        if fresh.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let failed = sql(&path, "keeping the city's tiles");
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        put(&transaction, fresh, &gone).map_err(&failed)?;
        transaction.commit().map_err(&failed)
    }
}

fn put(connection: &Connection, fresh: &[KeptTile], gone: &[[i64; 2]]) -> rusqlite::Result<()> {
    if !upgrade::has_column(connection, TABLE, "content")? {
        connection.execute_batch(CREATE)?;
        schema::register(connection, TABLE, ABOUT)?;
    }
    let delete = format!("DELETE FROM {TABLE} WHERE tile_column = ?1 AND tile_row = ?2");
    let mut delete = connection.prepare(&delete)?;
    for [column, row] in gone {
        delete.execute([column, row])?;
    }
    let insert = format!(
        "INSERT INTO {TABLE} (tile_column, tile_row, recipe, fingerprint, content)
         VALUES (?1, ?2, ?3, ?4, ?5)"
    );
    let mut insert = connection.prepare(&insert)?;
    for tile in fresh {
        delete.execute(tile.at)?;
        insert.execute(params![
            tile.at[0],
            tile.at[1],
            tile.recipe,
            tile.fingerprint,
            tile.content
        ])?;
    }
    Ok(())
}

fn tile_of(row: &Row) -> rusqlite::Result<KeptTile> {
    Ok(KeptTile {
        at: [row.get(0)?, row.get(1)?],
        recipe: row.get(2)?,
        fingerprint: row.get(3)?,
        content: row.get(4)?,
    })
}
