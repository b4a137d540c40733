//! A copy of a city for others: consistent, whole, and without anything of a person.
//! Used by `app::export`. Never touches the city it copies.

use std::{fs::File, io, path::Path};

use rusqlite::Connection;

use crate::model::EntityKind;
use crate::store::files;

use super::error::{CityFileError, sql};
use super::open::system;
use super::{CityFile, record, schema};

/// What is written about people and their things.
const PERSONAL: &[EntityKind] = &[
    EntityKind::Dwelling,
    EntityKind::Household,
    EntityKind::Resident,
    EntityKind::Vehicle,
    EntityKind::Responder,
];

const COPYING: &str = "copying the city";

impl CityFile {
    /// Writes the city as it is now to another file, without dwellings, households, residents,
    /// vehicles and responders, without what the history kept of them, and without the mark of the
    /// key, for nothing is left that it would open. Gives back what was left out. The file appears
    /// complete or not at all, and only over another when `replace` says so.
    ///
    /// # Errors
    /// When the name is taken, or a file cannot be read or written.
    pub fn copy_without_people(
        &self,
        to: &Path,
        replace: bool,
    ) -> Result<Vec<(EntityKind, usize)>, CityFileError> {
        if to.exists() && !replace {
            return Err(CityFileError::Exists { path: to.into() });
        }
        let draft = files::draft_path(to);
        files::discard(&draft);
        let stripped = self
            .draft_without_people(&draft, to)
            .inspect_err(|_| files::discard(&draft))?;
        let in_place = File::open(&draft)
            .and_then(|file| file.sync_all())
            .and_then(|()| files::put(&draft, to, replace));
        match in_place {
            Ok(()) => Ok(stripped),
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                Err(CityFileError::Exists { path: to.into() })
            }
            Err(fault) => Err(system(to, COPYING, &fault)),
        }
    }

    fn draft_without_people(
        &self,
        draft: &Path,
        to: &Path,
    ) -> Result<Vec<(EntityKind, usize)>, CityFileError> {
        let failed = sql(to, COPYING);
        // SQLite would only say that it cannot; the system says why.
        File::create_new(draft).map_err(|fault| system(to, COPYING, &fault))?;
        // `VACUUM INTO` is one read transaction: a writer beside us changes nothing in it.
        self.connection
            .execute("VACUUM INTO ?1", [draft.to_string_lossy().as_ref()])
            .map_err(&failed)?;
        let mut connection = Connection::open(draft).map_err(&failed)?;
        connection
            .pragma_update(None, "journal_mode", "MEMORY")
            .map_err(&failed)?;
        let transaction = connection.transaction().map_err(&failed)?;
        let stripped = strip(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        // What was deleted still lies in free pages until the file is written anew.
        connection.execute_batch("VACUUM").map_err(&failed)?;
        // As in every city: one file, no write-ahead log beside it.
        connection
            .pragma_update(None, "journal_mode", "DELETE")
            .map_err(&failed)?;
        Ok(stripped)
    }
}

fn strip(connection: &Connection) -> rusqlite::Result<Vec<(EntityKind, usize)>> {
    let mut stripped = Vec::new();
    for kind in PERSONAL {
        let table = kind.as_str();
        let has_shape = record::columns(*kind).iter().any(|one| one.shape.is_some());
        if has_shape {
            connection.execute_batch(&schema::drop_triggers(table))?;
        }
        let count = connection.execute(&format!("DELETE FROM \"{table}\""), [])?;
        if has_shape {
            connection.execute_batch(&format!("DELETE FROM rtree_{table}_geom;"))?;
            connection.execute_batch(&schema::create_triggers(table))?;
        }
        connection.execute(
            "UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL
             WHERE table_name = ?1",
            [table],
        )?;
        connection.execute("DELETE FROM pingjiang_change WHERE kind = ?1", [table])?;
        stripped.push((*kind, count));
    }
    // A link must not point at what is gone; and it would tell which devices stand in one home.
    let device = EntityKind::Device.as_str();
    connection.execute("DELETE FROM pingjiang_change WHERE kind = ?1", [device])?;
    connection.execute_batch(&schema::drop_triggers(device))?;
    connection.execute("UPDATE device SET dwelling = NULL", [])?;
    connection.execute_batch(&schema::create_triggers(device))?;
    connection.execute("DELETE FROM pingjiang_meta WHERE key = 'key_check'", [])?;
    Ok(stripped)
}
