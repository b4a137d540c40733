//! Reading a city: whole kinds in one pass over their table, or one record.
//! Never writes.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use rusqlite::{Connection, OptionalExtension};

use crate::model::{
    Building, CityInfo, Device, Entity, EntityKind, EntityRef, Ground, Plant, STATUS_ATTRIBUTE,
};
use crate::store::sqlite;

use super::cell::Codec;
use super::error::{CityFileError, sql};
use super::faces::{self, FaceTable, Faces};
use super::record::{self, COMMON, Cells, Fault, Load, Record};
use super::{device_older, history, meta, upgrade};

const READING: &str = "reading the city";

/// Reads through one connection.
#[derive(Clone, Copy)]
pub(super) struct Loader<'a> {
    pub connection: &'a Connection,
    pub codec: &'a Codec,
    pub path: &'a Path,
    /// Whether what cannot be seen of a building stays in the file.
    pub seen_only: bool,
    /// Kinds that somebody else reads.
    pub without: &'a [EntityKind],
}

impl Loader<'_> {
    /// The whole ground. The caller holds the transaction.
    pub fn ground(&self, info: &CityInfo) -> Result<Ground, CityFileError> {
        let mut ground = Ground::new(info.clone());
        ground.version = meta::ground_version(self.connection).map_err(sql(self.path, READING))?;
        let history = history::read(self.connection).map_err(sql(self.path, READING))?;
        ground.attributions = history::attributions(&history);
        self.registries(&mut ground)?;
        for table in &faces::ALL {
            match table.parent {
                EntityKind::Building => self.faces(table, &mut ground.buildings)?,
                EntityKind::Object => self.faces(table, &mut ground.objects)?,
                EntityKind::Road => self.faces(table, &mut ground.roads)?,
                _ => {}
            }
        }
        for device in ground.devices.values_mut() {
            self.settle(device)?;
        }
        ground.info.synthetic |= ground.has_synthetic_map();
        Ok(ground)
    }

    /// A second connection that reads the same state as this one, so that two cores can read;
    /// `None` where another program could write between the two, or the file cannot be opened twice.
    fn second(&self) -> Option<Connection> {
        // Our transaction has read, so it holds its lock on the file until it ends: with a rollback
        // journal nobody can write as long.
        let ask = |row: &rusqlite::Row| row.get::<_, String>(0);
        let journal = self
            .connection
            .query_row("PRAGMA journal_mode", [], ask)
            .ok()?;
        let path = self.connection.path().filter(|path| !path.is_empty())?;
        let is_kept = journal.eq_ignore_ascii_case("delete");
        is_kept
            .then(|| sqlite::connect_for_reading(Path::new(path)).ok())
            .flatten()
    }

    /// Fills every registry; people and their homes, which are most of a large city, on a second
    /// core where that can be.
    fn registries(&self, ground: &mut Ground) -> Result<(), CityFileError> {
        let Some(second) = self.second() else {
            return record::load_all(self, ground);
        };
        let (codec, path) = (self.codec, self.path);
        let beside = move || {
            let loader = Loader {
                connection: &second,
                codec,
                path,
                seen_only: false,
                without: &[],
            };
            let people = (loader.load()?, loader.load()?, loader.load()?);
            Ok::<_, CityFileError>(people)
        };
        let people = thread::scope(|scope| {
            let beside = scope.spawn(beside);
            let without = &[
                EntityKind::Resident,
                EntityKind::Household,
                EntityKind::Dwelling,
            ];
            let rest = Self { without, ..*self };
            record::load_all(&rest, ground)?;
            beside.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        (ground.residents, ground.households, ground.dwellings) = people?;
        Ok(())
    }

    /// What tiles are baked from. The caller holds the transaction.
    pub fn seen(&self, mut each: impl FnMut(Entity)) -> Result<(), CityFileError> {
        let mut with_faces = BTreeMap::new();
        self.each(|one: Building| {
            if one.models.is_empty() {
                each(one.into());
            } else {
                with_faces.insert(one.id, one);
            }
        })?;
        if let Some(table) = FaceTable::of(EntityKind::Building) {
            self.faces(table, &mut with_faces)?;
        }
        with_faces.into_values().for_each(|one| each(one.into()));
        self.each(|one: Plant| each(one.into()))
    }

    /// One record with its faces.
    pub fn entity(&self, key: EntityRef) -> Result<Option<Entity>, CityFileError> {
        let bits = key.bits.cast_signed();
        let failed = sql(self.path, READING);
        let select = select(self.connection, key.kind).map_err(&failed)?;
        let select = format!("{select} WHERE fid = ?1");
        let mut statement = self.connection.prepare_cached(&select).map_err(&failed)?;
        let found = statement
            .query_row([bits], |row| {
                Ok(record::take_entity(key.kind, row, self.codec))
            })
            .optional()
            .map_err(&failed)?;
        let Some(entity) = found else { return Ok(None) };
        let mut entity = entity.map_err(|fault| self.record_fault(key, fault))?;
        if let Entity::Device(device) = &mut entity {
            self.settle(device)?;
        }
        if let Some(table) = FaceTable::of(key.kind) {
            let columns = select_faces(self.connection, table).map_err(&failed)?;
            let select = format!("{columns} WHERE {} = ?1 ORDER BY fid", key.kind.as_str());
            let mut statement = self.connection.prepare_cached(&select).map_err(&failed)?;
            let mut rows = statement.query([bits]).map_err(&failed)?;
            while let Some(row) = rows.next().map_err(&failed)? {
                entity
                    .add(row)
                    .map_err(|fault| self.record_fault(key, fault))?;
            }
        }
        Ok(Some(entity))
    }

    /// Puts a device of a home, as an older format or an import has it, where everybody may see it.
    pub fn settle(&self, device: &mut Device) -> Result<(), CityFileError> {
        device_older::settle(self.connection, device).map_err(sql(self.path, READING))
    }

    /// Gives every record its faces, in one pass over their table.
    fn faces<R: Record + Faces>(
        &self,
        table: &FaceTable,
        records: &mut BTreeMap<R::Id, R>,
    ) -> Result<(), CityFileError> {
        let failed = sql(self.path, READING);
        let columns = select_faces(self.connection, table).map_err(&failed)?;
        let select = format!("{columns} ORDER BY fid");
        let mut statement = self.connection.prepare(&select).map_err(&failed)?;
        let mut rows = statement.query([]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let bits = row.get::<_, i64>(0).map_err(&failed)?.cast_unsigned();
            let Some(one) = records.get_mut(&R::id_of(bits)) else {
                continue;
            };
            let key = EntityRef {
                kind: R::KIND,
                bits,
            };
            one.add(row)
                .map_err(|fault| self.record_fault(key, fault))?;
        }
        Ok(())
    }

    /// Names the record that cannot be read or written.
    pub fn record_fault(&self, key: EntityRef, fault: Fault) -> CityFileError {
        record_fault(key, fault, self.path)
    }
}

impl Loader<'_> {
    /// Hands over the records of one kind, in the order of the file; none of a kind that has no
    /// table.
    fn each<R: Record>(&self, mut each: impl FnMut(R)) -> Result<(), CityFileError> {
        self.each_row::<R>(|row| {
            each(record::<R>(row, self.codec, self.path)?);
            Ok(())
        })
    }

    /// Hands over the rows of one kind, in the order of the file.
    fn each_row<R: Record>(
        &self,
        mut each: impl FnMut(&rusqlite::Row) -> Result<(), CityFileError>,
    ) -> Result<(), CityFileError> {
        let failed = sql(self.path, READING);
        if !upgrade::has_column(self.connection, R::KIND.as_str(), "fid").map_err(&failed)? {
            return Ok(());
        }
        let mut columns = select(self.connection, R::KIND).map_err(&failed)?;
        if self.seen_only {
            columns = without_unseen(&columns);
        }
        let select = format!("{columns} ORDER BY fid");
        let mut statement = self.connection.prepare(&select).map_err(&failed)?;
        let mut rows = statement.query([]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            each(row)?;
        }
        Ok(())
    }
}

/// The record of a row, or the name of the one that cannot be read.
fn record<R: Record>(row: &impl Cells, codec: &Codec, path: &Path) -> Result<R, CityFileError> {
    R::take(row, codec).map_err(|fault| {
        let bits = row.at(0).and_then(super::cell::integer).unwrap_or_default();
        let key = EntityRef {
            kind: R::KIND,
            bits: bits.cast_unsigned(),
        };
        record_fault(key, fault, path)
    })
}

fn record_fault(key: EntityRef, fault: Fault, path: &Path) -> CityFileError {
    CityFileError::Record {
        record: key.id_text(),
        column: fault.column,
        fault: fault.fault,
        path: path.to_owned(),
    }
}

impl Load for Loader<'_> {
    type Fault = CityFileError;

    fn load<R: Record>(&self) -> Result<BTreeMap<R::Id, R>, CityFileError> {
        let mut records = Vec::new();
        if self.without.contains(&R::KIND) {
            return Ok(BTreeMap::new());
        }
        self.each(|one: R| records.push((one.id(), one)))?;
        Ok(records.into_iter().collect())
    }
}

/// `SELECT` of a kind's columns in the order of its row; a city of an older format says nothing of
/// columns that came later.
pub(super) fn select(connection: &Connection, kind: EntityKind) -> rusqlite::Result<String> {
    let table = kind.as_str();
    let mut columns: Vec<String> = COMMON.map(str::to_owned).to_vec();
    for column in record::columns(kind) {
        let name = column.name;
        let is_there =
            !record::is_later(kind, name) || upgrade::has_column(connection, table, name)?;
        columns.push(if is_there {
            name.to_owned()
        } else {
            format!("NULL AS {name}")
        });
    }
    Ok(format!("SELECT {} FROM \"{table}\"", columns.join(", ")))
}

/// A `SELECT` that gives nothing for the columns which take most room and are never seen; of
/// attributes one is, that the thing is only proposed.
fn without_unseen(select: &str) -> String {
    let attributes = format!(
        "CASE WHEN instr(attributes, '\"{STATUS_ATTRIBUTE}\"') THEN attributes ELSE '{{}}' END"
    );
    let empty = [
        ("dataset", "''"),
        ("source_key", "''"),
        ("address", "NULL"),
        ("party_walls", "'[]'"),
        ("repairs", "'[]'"),
        ("attributes", attributes.as_str()),
    ];
    empty
        .iter()
        .fold(select.to_owned(), |text, (column, value)| {
            text.replace(&format!(", {column}"), &format!(", {value} AS {column}"))
        })
}

/// `SELECT` of a face table's columns behind `fid`; a city of an older format says nothing of
/// details.
pub(super) fn select_faces(connection: &Connection, table: &FaceTable) -> rusqlite::Result<String> {
    let mut columns = table.columns();
    if !upgrade::has_column(connection, table.name, faces::DETAILS)? {
        columns = columns.replace(faces::DETAILS, &format!("NULL AS {}", faces::DETAILS));
    }
    Ok(format!("SELECT {columns} FROM {}", table.name))
}
