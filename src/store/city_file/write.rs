//! Writing an edit: one transaction that leaves records, change table, provenance, R-trees and
//! layer extents in step, or nothing written at all.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{Transaction, TransactionBehavior, params, params_from_iter};

use crate::model::{Entity, EntityKind, EntityRef, GroundEdit, ImportRecord};
use crate::store::sqlite::BUSY_TIMEOUT;

use super::cell::{CellFault, Codec};
use super::change::{self, Op};
use super::error::{CityFileError, sql};
use super::extent::{self, Layer};
use super::faces;
use super::geometry::{self, Envelope};
use super::load::Loader;
use super::meta::Meta;
use super::record::{self, Fault};
use super::statements::KindSql;
use super::tally::{Tally, WriteSummary};
use super::{CityFile, device_before, history, home, meta, remains, upgrade};

const WRITING: &str = "writing the city";
/// How long a finished write waits for those who read.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(60);

impl CityFile {
    /// Writes an edit in one transaction under a new version of the ground. Records that are there
    /// already and differ in nothing but the run that wrote them are left alone; a record that
    /// stands in `put` twice counts as its last; one that stands in `put` and `remove` is put.
    ///
    /// # Errors
    /// When the city is read-only or being written, the disk is full, or a record cannot be kept;
    /// the city is unchanged then.
    pub fn write(&mut self, edit: &GroundEdit) -> Result<WriteSummary, CityFileError> {
        self.commit(edit, Basis::default())
    }

    /// As [`CityFile::write`], of an edit that was made for this version of the ground.
    ///
    /// # Errors
    /// As there, and when the city has another version by now.
    pub fn write_on(
        &mut self,
        version: u64,
        edit: &GroundEdit,
    ) -> Result<WriteSummary, CityFileError> {
        self.commit(edit, Basis::on(version))
    }

    pub(super) fn commit(
        &mut self,
        edit: &GroundEdit,
        basis: Basis,
    ) -> Result<WriteSummary, CityFileError> {
        let version = self.ground_version()?;
        let written = self.in_transaction(basis, |writer| {
            writer.write(&edit.put, &edit.remove)?;
            Ok::<_, CityFileError>(Some(edit.records.clone()))
        })?;
        Ok(written.unwrap_or(WriteSummary {
            version,
            ..WriteSummary::default()
        }))
    }

    /// Writes in parts that need not stand in memory together, in one transaction under one new
    /// version of the ground, each part as [`CityFile::write`] writes an edit. `version` is the one
    /// that the parts are made for. `work` hands them over and answers with the provenance of all, or
    /// with nothing: then nothing is written.
    ///
    /// # Errors
    /// As [`CityFile::write_on`], and those of `work`; the city is unchanged then.
    pub fn write_in_parts<E: From<CityFileError>>(
        &mut self,
        version: u64,
        work: impl FnOnce(&mut Parts<'_>) -> Result<Option<Vec<ImportRecord>>, E>,
    ) -> Result<Option<WriteSummary>, E> {
        self.in_transaction(Basis::on(version), |writer| {
            work(&mut Parts(&mut |put, remove| writer.write(put, remove)))
        })
    }

    fn in_transaction<E: From<CityFileError>>(
        &mut self,
        basis: Basis,
        work: impl FnOnce(&mut Writer<'_>) -> Result<Option<Vec<ImportRecord>>, E>,
    ) -> Result<Option<WriteSummary>, E> {
        let path = self.path.clone();
        if self.read_only {
            return Err(CityFileError::ReadOnly { path }.into());
        }
        let failed = sql(&path, WRITING);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let known = self.key_check.as_deref();
        let (before, mut key_check) = standing(&transaction, known, &self.codec, basis)
            .map_err(&failed)?
            .ok_or_else(|| CityFileError::Overtaken { path: path.clone() })?;
        upgrade::to_present(&transaction, &self.codec).map_err(&failed)?;
        let version = before + 1;
        let mut writer = Writer {
            loader: Loader {
                connection: &transaction,
                codec: &self.codec,
                path: &path,
                seen_only: false,
                without: &[],
            },
            tally: Tally::new(version),
            layers: BTreeMap::new(),
            has_become_a_homes: false,
            devices_become_a_homes: BTreeSet::new(),
        };
        // Nothing is committed where there is nothing to tell of: dropping it takes all back.
        let Some(records) = work(&mut writer)? else {
            return Ok(None);
        };
        writer.seal_what_was().map_err(&failed)?;
        let at = records.first().map(|one| one.time).unwrap_or_default();
        extent::set_all(&transaction, &writer.layers, at).map_err(&failed)?;
        let total = writer.tally.total;
        for (record, part) in records.iter().zip(writer.tally.parts(&records)) {
            history::add(&transaction, record, &part, basis.undoes).map_err(&failed)?;
        }
        meta::set(&transaction, "ground_version", &version.to_string()).map_err(&failed)?;
        if let (Some(vault), None) = (self.codec.vault(), &key_check) {
            key_check = meta::write_key_check(&transaction, vault).map_err(&failed)?;
        }
        let committed = commit(transaction, &failed);
        let _ = self.connection.busy_timeout(BUSY_TIMEOUT);
        committed?;
        self.key_check = key_check;
        remains::clear(&self.connection);
        Ok(Some(WriteSummary {
            remains: self.has_remains(),
            ..total
        }))
    }
}

/// The version of the ground and the key check that a write goes on from; `None` where the city is
/// not what the write was made for. Another program may have changed the key, which raises no
/// version: what was sealed with the old one, or is passed on locked, must not come to stand beside
/// what the new one opens.
fn standing(
    transaction: &Transaction<'_>,
    known: Option<&str>,
    codec: &Codec,
    basis: Basis,
) -> rusqlite::Result<Option<(u64, Option<String>)>> {
    let before = meta::ground_version(transaction)?;
    let meta = Meta::read(transaction)?;
    let is_as_planned = basis.planned_on.is_none_or(|version| version == before);
    let is_ours = is_as_planned && meta.is_of_the_key_of(known, codec.vault());
    Ok(is_ours.then(|| (before, meta.key_check().map(str::to_owned))))
}

/// Who still reads is waited for: the work of an hour is not thrown away for a question.
fn commit(
    transaction: Transaction<'_>,
    failed: &dyn Fn(rusqlite::Error) -> CityFileError,
) -> Result<(), CityFileError> {
    transaction.busy_timeout(COMMIT_TIMEOUT).map_err(failed)?;
    transaction.commit().map_err(|fault| match failed(fault) {
        CityFileError::Busy { path } => CityFileError::BeingRead { path },
        other => other,
    })
}

/// What a write goes by.
#[derive(Clone, Copy, Default)]
pub(super) struct Basis {
    /// The version of the ground that it was made for, where that matters.
    pub planned_on: Option<u64>,
    /// The version that it takes back.
    pub undoes: Option<u64>,
}

impl Basis {
    fn on(version: u64) -> Self {
        Self {
            planned_on: Some(version),
            undoes: None,
        }
    }
}

/// Takes the parts of a write that is under way.
pub struct Parts<'a>(&'a mut WritePart<'a>);

type WritePart<'a> = dyn FnMut(&[Entity], &[EntityRef]) -> Result<(), CityFileError> + 'a;

impl Parts<'_> {
    /// Writes a part.
    ///
    /// # Errors
    /// When the disk is full or a record cannot be kept; nothing of the write stays then.
    pub fn put(&mut self, put: &[Entity], remove: &[EntityRef]) -> Result<(), CityFileError> {
        (self.0)(put, remove)
    }
}

/// Writes records through one transaction.
struct Writer<'a> {
    loader: Loader<'a>,
    tally: Tally,
    /// What happened to the extent of each layer.
    layers: BTreeMap<&'static str, Layer>,
    /// Whether an event is about a home that was not there, or was public matter, before.
    has_become_a_homes: bool,
    /// Devices that are in a home and were not there, or in none, before.
    devices_become_a_homes: BTreeSet<i64>,
}

/// A fault on the way of one record into its tables.
enum RowFault {
    Record(Fault),
    Sql(rusqlite::Error),
}

impl From<Fault> for RowFault {
    fn from(fault: Fault) -> Self {
        Self::Record(fault)
    }
}

impl From<rusqlite::Error> for RowFault {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Sql(fault)
    }
}

impl Writer<'_> {
    /// Seals what stood in the open of records before they were of a home.
    fn seal_what_was(&self) -> rusqlite::Result<()> {
        let Loader {
            connection, codec, ..
        } = self.loader;
        if self.has_become_a_homes {
            home::seal_all(connection, codec)?;
        }
        device_before::seal(connection, codec, &self.devices_become_a_homes)
    }

    fn write(&mut self, put: &[Entity], remove: &[EntityRef]) -> Result<(), CityFileError> {
        // In the order of kinds and ids: rows are appended to their tables, not scattered.
        let put: BTreeMap<EntityRef, &Entity> = put.iter().map(|one| (one.key(), one)).collect();
        let gone: BTreeSet<EntityRef> = remove
            .iter()
            .filter(|key| !put.contains_key(key))
            .copied()
            .collect();
        for kind in EntityKind::ALL {
            let all = of_kind(*kind);
            let put: Vec<_> = put.range(all.clone()).map(|(_, one)| *one).collect();
            let gone: Vec<_> = gone.range(all).copied().collect();
            if put.is_empty() && gone.is_empty() {
                continue;
            }
            let sql = KindSql::of(*kind);
            self.run(&sql.drop_triggers)?;
            for key in gone {
                self.remove(&sql, key)
                    .map_err(|fault| self.named(key, fault))?;
            }
            self.put_all(&sql, &put)?;
            self.run(&sql.create_triggers)?;
        }
        Ok(())
    }

    fn run(&self, batch: &str) -> Result<(), CityFileError> {
        self.loader
            .connection
            .execute_batch(batch)
            .map_err(sql(self.loader.path, WRITING))
    }

    fn named(&self, key: EntityRef, fault: RowFault) -> CityFileError {
        match fault {
            RowFault::Record(fault) if fault.fault == CellFault::NoKey => CityFileError::NoKey {
                path: self.loader.path.to_owned(),
            },
            RowFault::Record(fault) => self.loader.record_fault(key, fault),
            RowFault::Sql(fault) => sql(self.loader.path, WRITING)(fault),
        }
    }

    fn put_all(&mut self, sql: &KindSql, put: &[&Entity]) -> Result<(), CityFileError> {
        let any = format!("SELECT EXISTS (SELECT 1 FROM \"{}\")", sql.kind.as_str());
        let any: bool = self
            .loader
            .connection
            .query_row(&any, [], |row| row.get(0))
            .map_err(super::error::sql(self.loader.path, WRITING))?;
        for entity in put {
            let settled = self.settled(entity)?;
            let entity = settled.as_ref().unwrap_or(entity);
            let (key, import) = (entity.key(), entity.source().import);
            let before = if any { self.loader.entity(key)? } else { None };
            // Also one that was public, removed, and comes back.
            if is_of_a_home(entity) && !before.as_ref().is_some_and(is_of_a_home) {
                match key.kind {
                    EntityKind::Device => {
                        self.devices_become_a_homes.insert(key.bits.cast_signed());
                    }
                    _ => self.has_become_a_homes = true,
                }
            }
            if let Some(mut before) = before {
                before.set_import(import);
                if before == *entity {
                    self.tally.count(Some(import), |sum| &mut sum.unchanged);
                    continue;
                }
                self.take_out(sql, key, Op::Update)
                    .map_err(|fault| self.named(key, fault.into()))?;
                self.tally.count(Some(import), |sum| &mut sum.updated);
            } else {
                self.log(Op::Add, key, None)
                    .map_err(|fault| self.named(key, fault.into()))?;
                self.tally.count(Some(import), |sum| &mut sum.added);
            }
            self.insert(sql, entity)
                .map_err(|fault| self.named(key, fault))?;
        }
        Ok(())
    }

    /// A device of a home that comes with its own place alone, with that of everybody; `None` of what
    /// is written as it comes.
    fn settled(&self, entity: &Entity) -> Result<Option<Entity>, CityFileError> {
        match entity {
            Entity::Device(device) if device.dwelling.is_some() => {
                let mut device = (**device).clone();
                self.loader.settle(&mut device)?;
                Ok(Some(device.into()))
            }
            _ => Ok(None),
        }
    }

    fn insert(&mut self, sql: &KindSql, entity: &Entity) -> Result<(), RowFault> {
        let Loader {
            connection, codec, ..
        } = self.loader;
        let row = record::put(entity, codec)?;
        let envelope = sql.shape_place.and_then(|place| envelope_of(&row[place]));
        connection
            .prepare_cached(&sql.insert)?
            .execute(params_from_iter(row))?;
        let bits = entity.key().bits.cast_signed();
        if let Some(envelope) = envelope {
            let [west, east, south, north] = envelope;
            connection
                .prepare_cached(&sql.rtree_insert)?
                .execute(params![bits, west, east, south, north])?;
            self.layers
                .entry(sql.kind.as_str())
                .or_default()
                .grow(envelope);
        }
        let Some(faces) = &sql.faces else {
            return Ok(());
        };
        let layer = self.layers.entry(faces.table.name).or_default();
        let mut insert = connection.prepare_cached(&faces.insert)?;
        faces::rows(entity, codec, |row| {
            if let Some(envelope) = row.last().and_then(envelope_of) {
                layer.grow(envelope);
            }
            insert.execute(params_from_iter(row))?;
            Ok(())
        })
    }

    fn remove(&mut self, sql: &KindSql, key: EntityRef) -> Result<(), RowFault> {
        if self.take_out(sql, key, Op::Remove)? {
            self.tally.count(None, |sum| &mut sum.removed);
        }
        Ok(())
    }

    /// Takes a record out of its tables after keeping what it was; `false` when it is not there.
    fn take_out(&mut self, sql: &KindSql, key: EntityRef, op: Op) -> rusqlite::Result<bool> {
        let connection = self.loader.connection;
        let Some(image) = change::image(connection, key)? else {
            return Ok(false);
        };
        self.log(op, key, Some(&image))?;
        let bits = [key.bits.cast_signed()];
        connection.prepare_cached(&sql.delete)?.execute(bits)?;
        if sql.shape_place.is_some() {
            connection
                .prepare_cached(&sql.rtree_delete)?
                .execute(bits)?;
            self.layers.entry(sql.kind.as_str()).or_default().shrunk = true;
        }
        if let Some(faces) = &sql.faces {
            let gone = connection.prepare_cached(&faces.delete)?.execute(bits)?;
            self.layers.entry(faces.table.name).or_default().shrunk |= gone > 0;
        }
        Ok(true)
    }

    fn log(&self, op: Op, key: EntityRef, image: Option<&str>) -> rusqlite::Result<()> {
        let mut insert = self.loader.connection.prepare_cached(
            "INSERT INTO pingjiang_change (ground_version, op, kind, entity, image)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        insert.execute(params![
            self.tally.total.version.cast_signed(),
            op.as_str(),
            key.kind.as_str(),
            key.bits.cast_signed(),
            image
        ])?;
        Ok(())
    }
}

fn of_kind(kind: EntityKind) -> std::ops::RangeInclusive<EntityRef> {
    EntityRef { kind, bits: 0 }..=EntityRef {
        kind,
        bits: u64::MAX,
    }
}

fn is_of_a_home(entity: &Entity) -> bool {
    match entity {
        Entity::Event(event) => event.is_about_a_home(),
        Entity::Device(device) => device.is_in_a_home(),
        _ => false,
    }
}

fn envelope_of(cell: &ToSqlOutput<'_>) -> Option<Envelope> {
    match cell {
        ToSqlOutput::Owned(Value::Blob(blob)) => geometry::envelope(blob),
        _ => None,
    }
}
