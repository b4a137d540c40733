//! Changing a city's key: every sealed value is opened with the old one and sealed with the new
//! one, in its record, in the change table's images and in what the city says of itself, in one
//! transaction. Never writes a value in clear.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use serde_json::Value as Json;

use crate::base::{SealError, Sealer};
use crate::model::EntityKind;
use crate::store::Vault;

use super::cell::{Codec, reseal};
use super::change::{bytes_of_hex, hex};
use super::error::{CityFileError, sql};
use super::meta::Meta;
use super::statements::KindSql;
use super::{CityFile, meta, record, remains, upgrade};

const ROTATING: &str = "changing the key";

impl CityFile {
    /// Seals everything anew with another key and goes on with it; how many values that were.
    /// Fingerprints stay as they are, so everybody is found as before. What the old key opens is
    /// cleared out of unused parts of the file ([`CityFile::has_remains`] tells where that was not
    /// possible); copies and backups of the city keep the old key.
    ///
    /// # Errors
    /// When the city is read-only or locked, a value cannot be opened, or the file cannot be
    /// written; the city is unchanged then.
    pub fn rotate_key(&mut self, new: &Vault) -> Result<u64, CityFileError> {
        let path = self.path.clone();
        if self.read_only {
            return Err(CityFileError::ReadOnly { path });
        }
        let Some(old) = self.codec.vault().cloned() else {
            return Err(CityFileError::NoKey { path });
        };
        let failed = sql(&path, ROTATING);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        // Another program may have changed the key while this one waited.
        let meta = Meta::read(&transaction).map_err(&failed)?;
        if !meta.is_of_the_key_of(self.key_check.as_deref(), Some(&old)) {
            return Err(CityFileError::Overtaken { path: path.clone() });
        }
        upgrade::to_present(&transaction, &self.codec).map_err(&failed)?;
        let new = new.clone().with_hash_key(*old.hash_key());
        let rotation = Rotation {
            connection: &transaction,
            old: &old,
            new: &new,
        };
        let (values, key_check) = rotation.run().map_err(|fault| match fault {
            Fault::Sql(fault) => failed(fault),
            Fault::Seal(fault) => CityFileError::Damaged {
                reason: format!("a sealed value cannot be opened ({fault})"),
                path: path.clone(),
            },
        })?;
        remains::note(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        remains::clear(&self.connection);
        self.codec = Codec::new(Some(new), self.codec.srs_id);
        self.key_check = Some(key_check);
        Ok(values)
    }
}

enum Fault {
    Sql(rusqlite::Error),
    Seal(SealError),
}

impl From<rusqlite::Error> for Fault {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Sql(fault)
    }
}

impl From<SealError> for Fault {
    fn from(fault: SealError) -> Self {
        Self::Seal(fault)
    }
}

struct Rotation<'a> {
    connection: &'a Connection,
    old: &'a Vault,
    new: &'a Vault,
}

impl Rotation<'_> {
    /// How many values have the new key, and the check of it.
    fn run(&self) -> Result<(u64, String), Fault> {
        let mut values = 0;
        for kind in EntityKind::ALL {
            let sealed = record::sealed_columns(*kind);
            if !sealed.is_empty() {
                // The triggers of the spatial index call functions that only other programs have.
                let sql = KindSql::of(*kind);
                self.connection.execute_batch(&sql.drop_triggers)?;
                values += self.records(*kind, &sealed)?;
                self.connection.execute_batch(&sql.create_triggers)?;
                values += self.images(*kind, &sealed)?;
            }
        }
        let kept = self.new.seal(self.old.hash_key())?;
        meta::set(self.connection, "hash_key", &hex(&kept))?;
        let check = meta::write_key_check(self.connection, self.new)?;
        let check = check.ok_or(SealError::Damaged("the system gives no random numbers"))?;
        Ok((values, check))
    }

    fn records(&self, kind: EntityKind, sealed: &[&str]) -> Result<u64, Fault> {
        let table = kind.as_str();
        let columns = sealed.join(", ");
        let places = (0..sealed.len()).map(|at| format!("{} = ?{}", sealed[at], at + 2));
        let places = places.collect::<Vec<_>>().join(", ");
        let mut update = self
            .connection
            .prepare(&format!("UPDATE \"{table}\" SET {places} WHERE fid = ?1"))?;
        let fids = self.fids(table)?;
        let mut values = 0;
        // Row by row and by key: nothing is changed in a table while it is being walked.
        let mut select = self
            .connection
            .prepare(&format!("SELECT {columns} FROM \"{table}\" WHERE fid = ?1"))?;
        for fid in fids {
            let cells: Vec<Option<Vec<u8>>> = select.query_row([fid], |row| {
                let cells = (0..sealed.len()).map(|at| match row.get_ref(at)? {
                    ValueRef::Blob(blob) => Ok(Some(blob.to_vec())),
                    _ => Ok(None),
                });
                cells.collect()
            })?;
            let mut row: Vec<rusqlite::types::Value> = vec![fid.into()];
            for cell in cells {
                row.push(match cell {
                    Some(blob) => {
                        values += 1;
                        reseal(&blob, self.old, self.new)?.into()
                    }
                    None => rusqlite::types::Value::Null,
                });
            }
            update.execute(params_from_iter(row))?;
        }
        Ok(values)
    }

    fn fids(&self, table: &str) -> rusqlite::Result<Vec<i64>> {
        let mut select = self
            .connection
            .prepare(&format!("SELECT fid FROM \"{table}\" ORDER BY fid"))?;
        select.query_map([], |row| row.get(0))?.collect()
    }

    /// The before-images of a kind.
    fn images(&self, kind: EntityKind, sealed: &[&str]) -> Result<u64, Fault> {
        let select = "SELECT fid FROM pingjiang_change WHERE kind = ?1 AND image IS NOT NULL";
        let mut select = self.connection.prepare(select)?;
        let fids = select.query_map([kind.as_str()], |row| row.get(0))?;
        let fids: Vec<i64> = fids.collect::<Result<_, _>>()?;
        let mut values = 0;
        for fid in fids {
            let select = "SELECT image FROM pingjiang_change WHERE fid = ?1";
            let text: String = self.connection.query_row(select, [fid], |row| row.get(0))?;
            let image = serde_json::from_str::<Json>(&text);
            let mut image = image.map_err(|_| SealError::Damaged("an image is not JSON"))?;
            for column in sealed {
                let cell = &mut image["row"][*column];
                let blob = cell["hex"].as_str().and_then(bytes_of_hex);
                if let Some(blob) = blob {
                    cell["hex"] = hex(&reseal(&blob, self.old, self.new)?).into();
                    values += 1;
                }
            }
            let update = "UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1";
            self.connection
                .prepare_cached(update)?
                .execute(params![fid, image.to_string()])?;
        }
        Ok(values)
    }
}
