//! Changing a city's key: every sealed value is opened with the old one and sealed with the new
//! one, in its record, in the change table's images and in what the city says of itself, in one
//! transaction. Never writes a value in clear.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use serde_json::{Value as Json, json};

use crate::base::{SealError, Sealer};
use crate::model::{EntityKind, EntityRef};
use crate::store::Vault;

use super::cell::{Codec, Form, NOT_SEALED};
use super::change::hex;
use super::check::{IMAGE, KeyRing, NO_JSON, Unopened, blob_of_image};
use super::error::{CityFileError, sql};
use super::meta::Meta;
use super::statements::KindSql;
use super::{CityFile, device_before, device_older, meta, record, remains, upgrade};

const ROTATING: &str = "changing the key";

/// What a change of the key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// How many values have the new key.
    pub values: u64,
    /// How many of them a former key had sealed, not the one that was changed.
    pub of_former: u64,
}

impl CityFile {
    /// Seals everything anew with another key and goes on with it. Fingerprints stay as they are,
    /// so everybody is found as before. What the old key opens is cleared out of unused parts of the
    /// file ([`CityFile::has_remains`] tells where that was not possible); copies and backups of the
    /// city keep the old key. `former` keys open what the old one does not: values that came to
    /// stand there by a program that had such a key still.
    ///
    /// # Errors
    /// When the city is read-only or locked, its key was changed since it was opened, values cannot
    /// be opened, or the file cannot be written; the city is unchanged then.
    pub fn rotate_key(&mut self, new: &Vault, former: &[Vault]) -> Result<Rotated, CityFileError> {
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
        let keys = KeyRing::new(&old, former);
        let mut rotation = Rotation {
            connection: &transaction,
            keys: &keys,
            new: &new,
            unopened: Unopened::default(),
        };
        let values = rotation.run().map_err(&failed)?;
        rotation.unopened.into_result(&path)?;
        // What a former key had sealed in an older format could not be opened before.
        let codec = Codec::new(Some(new.clone()), self.codec.srs_id);
        device_older::seal_all(&transaction, &codec).map_err(&failed)?;
        device_before::seal_all(&transaction, &codec).map_err(&failed)?;
        let no_chance = || CityFileError::Failed {
            doing: ROTATING,
            reason: "the system gives no random numbers".to_owned(),
            path: path.clone(),
        };
        let kept = new.seal(old.hash_key()).map_err(|_| no_chance())?;
        meta::set(&transaction, "hash_key", &hex(&kept)).map_err(&failed)?;
        let key_check = meta::write_key_check(&transaction, &new).map_err(&failed)?;
        let key_check = key_check.ok_or_else(no_chance)?;
        remains::note(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        remains::clear(&self.connection);
        let of_former = keys.opened_by_former();
        self.codec = codec;
        self.key_check = Some(key_check);
        Ok(Rotated { values, of_former })
    }
}

struct Rotation<'a> {
    connection: &'a Connection,
    keys: &'a KeyRing<'a>,
    new: &'a Vault,
    unopened: Unopened,
}

impl Rotation<'_> {
    /// How many values have the new key.
    fn run(&mut self) -> rusqlite::Result<u64> {
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
        Ok(values)
    }

    fn records(
        &mut self,
        kind: EntityKind,
        sealed: &[(&'static str, Form)],
    ) -> rusqlite::Result<u64> {
        let connection = self.connection;
        let table = kind.as_str();
        let names: Vec<&str> = sealed.iter().map(|(name, _)| *name).collect();
        let places = (2..)
            .zip(&names)
            .map(|(at, name)| format!("{name} = ?{at}"));
        let places = places.collect::<Vec<_>>().join(", ");
        let update = format!("UPDATE \"{table}\" SET {places} WHERE fid = ?1");
        let mut update = connection.prepare(&update)?;
        let select = format!(
            "SELECT {} FROM \"{table}\" WHERE fid = ?1",
            names.join(", ")
        );
        let mut select = connection.prepare(&select)?;
        let mut values = 0;
        // Row by row and by key: nothing is changed in a table while it is being walked.
        for fid in self.fids(table)? {
            let cells = select.query_row([fid], |row| {
                let cells = (0..sealed.len()).map(|at| match row.get_ref(at)? {
                    ValueRef::Null => Ok(Ok(None)),
                    ValueRef::Blob(blob) => Ok(Ok(Some(blob.to_vec()))),
                    _ => Ok(Err(NOT_SEALED)),
                });
                cells.collect::<rusqlite::Result<Vec<_>>>()
            })?;
            let bits = fid.cast_unsigned();
            let mut row: Vec<Value> = vec![fid.into()];
            for ((column, form), cell) in sealed.iter().zip(cells) {
                let cell = self.anew(*form, cell).unwrap_or_else(|fault| {
                    self.unopened
                        .add(EntityRef { kind, bits }, column, None, fault);
                    None
                });
                values += u64::from(cell.is_some());
                row.push(cell.map_or(Value::Null, Value::Blob));
            }
            // Where one value does not open, nothing of all this stays.
            if self.unopened.is_empty() {
                update.execute(params_from_iter(row))?;
            }
        }
        Ok(values)
    }

    fn anew(
        &self,
        form: Form,
        cell: Result<Option<Vec<u8>>, SealError>,
    ) -> Result<Option<Vec<u8>>, SealError> {
        form.reseal(cell?.as_deref(), self.keys, self.new)
    }

    fn fids(&self, table: &str) -> rusqlite::Result<Vec<i64>> {
        let mut select = self
            .connection
            .prepare(&format!("SELECT fid FROM \"{table}\" ORDER BY fid"))?;
        select.query_map([], |row| row.get(0))?.collect()
    }

    /// The before-images of a kind.
    fn images(
        &mut self,
        kind: EntityKind,
        sealed: &[(&'static str, Form)],
    ) -> rusqlite::Result<u64> {
        let connection = self.connection;
        let select = "SELECT fid FROM pingjiang_change WHERE kind = ?1 AND image IS NOT NULL";
        let mut select = connection.prepare(select)?;
        let fids = select.query_map([kind.as_str()], |row| row.get(0))?;
        let fids: Vec<i64> = fids.collect::<Result<_, _>>()?;
        let select = "SELECT entity, ground_version, image FROM pingjiang_change WHERE fid = ?1";
        let mut select = connection.prepare(select)?;
        let mut update =
            connection.prepare("UPDATE pingjiang_change SET image = ?2 WHERE fid = ?1")?;
        let mut values = 0;
        for fid in fids {
            let (bits, version, text): (i64, i64, String) =
                select.query_row([fid], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let bits = bits.cast_unsigned();
            let (key, version) = (EntityRef { kind, bits }, Some(version));
            let Ok(mut image) = serde_json::from_str::<Json>(&text) else {
                self.unopened.add(key, IMAGE, version, NO_JSON);
                continue;
            };
            for (column, form) in sealed {
                let blob = blob_of_image(&image["row"][*column]);
                match self.anew(*form, blob) {
                    Ok(Some(blob)) => {
                        image["row"][*column] = json!({ "hex": hex(&blob) });
                        values += 1;
                    }
                    Ok(None) => {}
                    Err(fault) => self.unopened.add(key, column, version, fault),
                }
            }
            if self.unopened.is_empty() {
                update.execute(params![fid, image.to_string()])?;
            }
        }
        Ok(values)
    }
}
