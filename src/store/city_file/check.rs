//! Whether every sealed value of a city can be opened. Values are opened when somebody asks for
//! them, so a city opens with one that was changed at rest: whoever misses a value finds here which
//! record it is. Never shows a value.

use rusqlite::types::ValueRef;

use crate::base::SealError;
use crate::model::{EntityKind, EntityRef};

use super::cell::{CellFault, unseal};
use super::error::{CityFileError, sql};
use super::{CityFile, record, upgrade};

const CHECKING: &str = "opening every sealed value";

impl CityFile {
    /// Opens every sealed value once; nothing of a locked city.
    ///
    /// # Errors
    /// [`CityFileError::Record`] names the first that cannot be opened, or the file cannot be read.
    pub fn check_sealed(&self) -> Result<(), CityFileError> {
        for kind in EntityKind::ALL {
            let all = record::sealed_columns(*kind);
            let failed = sql(&self.path, CHECKING);
            let has = |name: &&&str| {
                upgrade::has_column(&self.connection, kind.as_str(), name).unwrap_or_default()
            };
            let there: Vec<&str> = all.iter().filter(has).copied().collect();
            if there.is_empty() {
                continue;
            }
            let select = format!(
                "SELECT fid, {} FROM \"{}\"",
                there.join(", "),
                kind.as_str()
            );
            let mut statement = self.connection.prepare(&select).map_err(&failed)?;
            let mut rows = statement.query([]).map_err(&failed)?;
            while let Some(row) = rows.next().map_err(&failed)? {
                for (place, column) in (1..).zip(&there) {
                    let cell = row.get_ref(place).map_err(&failed)?;
                    if let Err(fault) = self.opens(cell) {
                        let bits = row.get::<_, i64>(0).map_err(&failed)?.cast_unsigned();
                        return Err(CityFileError::Record {
                            record: EntityRef { kind: *kind, bits }.id_text(),
                            column,
                            fault: CellFault::Seal(fault),
                            path: self.path.clone(),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    fn opens(&self, cell: ValueRef<'_>) -> Result<(), SealError> {
        match (cell, self.codec.vault()) {
            (ValueRef::Blob(blob), Some(vault)) => unseal(blob, vault, |_| Ok(())),
            _ => Ok(()),
        }
    }
}
