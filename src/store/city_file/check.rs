//! Whether every sealed value of a city can be opened. Values are opened when somebody asks for
//! them, so a city opens with one that was changed at rest: whoever misses a value finds here which
//! record it is. Never shows a value.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use crate::base::{SealError, Sealer};
use crate::model::{EntityKind, EntityRef};
use crate::store::Vault;

use super::cell::{Form, NOT_SEALED};
use super::change::bytes_of_hex;
use super::error::{CityFileError, sql};
use super::{CityFile, record, upgrade};

const CHECKING: &str = "opening every sealed value";

/// So many values are named; the rest is counted.
const NAMED_MAX: usize = 20;

impl CityFile {
    /// Opens every sealed value once, also those of the change table; nothing of a locked city.
    ///
    /// # Errors
    /// [`CityFileError::Unopened`] names those that cannot be opened, or the file cannot be read.
    pub fn check_sealed(&self) -> Result<(), CityFileError> {
        self.check_sealed_with(&[])
    }

    /// As [`CityFile::check_sealed`]; former keys of the city open values as well.
    ///
    /// # Errors
    /// As there.
    pub fn check_sealed_with(&self, former: &[Vault]) -> Result<(), CityFileError> {
        let Some(vault) = self.codec.vault() else {
            return Ok(());
        };
        if let Some(reason) = &self.no_prints {
            return Err(CityFileError::Damaged {
                reason: reason.clone(),
                path: self.path.clone(),
            });
        }
        let keys = KeyRing::new(vault, former);
        let mut unopened = Unopened::default();
        for kind in EntityKind::ALL {
            let sealed = record::sealed_columns(*kind);
            if !sealed.is_empty() {
                let failed = sql(&self.path, CHECKING);
                self.check_rows(*kind, &sealed, &keys, &mut unopened)
                    .and_then(|()| self.check_images(*kind, &sealed, &keys, &mut unopened))
                    .map_err(failed)?;
            }
        }
        unopened.into_result(&self.path)
    }

    fn check_rows(
        &self,
        kind: EntityKind,
        sealed: &[(&'static str, Form)],
        keys: &dyn Sealer,
        unopened: &mut Unopened,
    ) -> rusqlite::Result<()> {
        let has = |column: &&(&str, Form)| {
            upgrade::has_column(&self.connection, kind.as_str(), column.0).unwrap_or_default()
        };
        let there: Vec<_> = sealed.iter().filter(has).collect();
        if there.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = there.iter().map(|(name, _)| *name).collect();
        let select = format!(
            "SELECT fid, {} FROM \"{}\"",
            names.join(", "),
            kind.as_str()
        );
        let mut statement = self.connection.prepare(&select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for (place, (column, form)) in (1..).zip(&there) {
                if let Err(fault) = form.check(row.get_ref(place)?, keys) {
                    let bits = row.get::<_, i64>(0)?.cast_unsigned();
                    unopened.add(EntityRef { kind, bits }, column, None, fault);
                }
            }
        }
        Ok(())
    }

    fn check_images(
        &self,
        kind: EntityKind,
        sealed: &[(&'static str, Form)],
        keys: &dyn Sealer,
        unopened: &mut Unopened,
    ) -> rusqlite::Result<()> {
        let select = "SELECT entity, ground_version, image FROM pingjiang_change
             WHERE kind = ?1 AND image IS NOT NULL";
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query([kind.as_str()])?;
        while let Some(row) = rows.next()? {
            let key = EntityRef {
                kind,
                bits: row.get::<_, i64>(0)?.cast_unsigned(),
            };
            let version = Some(row.get(1)?);
            let text = row.get_ref(2)?.as_str().unwrap_or_default();
            let Ok(image) = serde_json::from_str::<Json>(text) else {
                unopened.add(key, IMAGE, version, NO_JSON);
                continue;
            };
            for (column, form) in sealed {
                let cell = blob_of_image(&image["row"][*column]);
                let opened = cell.and_then(|blob| {
                    let cell = blob.as_deref().map_or(ValueRef::Null, ValueRef::Blob);
                    form.check(cell, keys)
                });
                if let Err(fault) = opened {
                    unopened.add(key, column, version, fault);
                }
            }
        }
        Ok(())
    }
}

/// What is named of an image that is not even JSON.
pub(super) const IMAGE: &str = "image";
/// Why such a one does not open.
pub(super) const NO_JSON: SealError = SealError::Damaged("an image is not JSON");

/// The blob of a sealed column as an image holds it.
pub(super) fn blob_of_image(cell: &Json) -> Result<Option<Vec<u8>>, SealError> {
    match cell {
        Json::Null => Ok(None),
        cell => {
            let blob = cell["hex"].as_str().and_then(bytes_of_hex);
            blob.map(Some).ok_or(NOT_SEALED)
        }
    }
}

/// The city's key, and those that it had before: for values that a former key sealed.
pub(super) struct KeyRing<'a> {
    now: &'a Vault,
    former: &'a [Vault],
    opened_by_former: AtomicU64,
}

impl<'a> KeyRing<'a> {
    pub fn new(now: &'a Vault, former: &'a [Vault]) -> Self {
        Self {
            now,
            former,
            opened_by_former: AtomicU64::new(0),
        }
    }

    /// How many values a former key opened.
    pub fn opened_by_former(&self) -> u64 {
        self.opened_by_former.load(Ordering::Relaxed)
    }
}

impl Sealer for KeyRing<'_> {
    fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.now.seal(plain)
    }

    fn unseal(&self, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        let opened = self.now.unseal(blob);
        if !matches!(opened, Err(SealError::WrongKey)) {
            return opened;
        }
        let former = self.former.iter().find_map(|one| one.unseal(blob).ok());
        let plain = former.ok_or(SealError::WrongKey)?;
        self.opened_by_former.fetch_add(1, Ordering::Relaxed);
        Ok(plain)
    }
}

/// The values that do not open, for a person to look for.
#[derive(Default)]
pub(super) struct Unopened {
    count: usize,
    named: Vec<String>,
    first: Option<SealError>,
}

impl Unopened {
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One more; with a version it is what the record was before that.
    pub fn add(&mut self, key: EntityRef, column: &str, version: Option<i64>, fault: SealError) {
        self.count += 1;
        self.first.get_or_insert(fault);
        if self.named.len() < NAMED_MAX {
            let before = version.map_or_else(String::new, |one| format!(" before version {one}"));
            self.named
                .push(format!("{} {column}{before}", key.id_text()));
        }
    }

    /// Names them all.
    pub fn into_result(self, path: &Path) -> Result<(), CityFileError> {
        let Some(fault) = self.first else {
            return Ok(());
        };
        let mut values = self.named.join(", ");
        if self.count > self.named.len() {
            values.push_str(&format!(" and {} more", self.count - self.named.len()));
        }
        Err(CityFileError::Unopened {
            count: self.count,
            values,
            fault,
            path: path.to_owned(),
        })
    }
}
