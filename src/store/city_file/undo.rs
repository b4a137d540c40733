//! Undoing an import: an edit made from the change table, written like any other.
//! A run is undone as a whole, with all the files it read: they were written as one city, with the
//! walls that their buildings share.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use serde::Serialize;
use serde_json::Value as Json;

use crate::base::{ImportId, Timestamp, Warnings};
use crate::model::{Entity, EntityKind, EntityRef, GroundEdit, ImportRecord};

use super::change::bytes_of_hex;
use super::error::sql;
use super::faces::{self, FaceTable, Faces};
use super::history::HistoryEntry;
use super::load::Loader;
use super::write::Basis;
use super::{CityFile, CityFileError, WriteSummary, record};

const UNDOING: &str = "undoing an import";

/// What undoing an import does: made by [`CityFile::plan_undo`], done by [`CityFile::undo`].
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// The version that is taken back.
    pub version: u64,
    /// What that run read.
    pub records: Vec<ImportRecord>,
    /// How many records it touches, by kind.
    pub counts: BTreeMap<EntityKind, UndoCounts>,
    /// The version of the city that this was planned on.
    pub(super) planned_on: u64,
    put: Vec<Entity>,
    remove: Vec<EntityRef>,
}

/// How many records an undo touches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct UndoCounts {
    /// Put back: the run had removed them.
    pub added: u64,
    /// Put as they were: the run had changed them.
    pub updated: u64,
    /// Removed: the run had added them.
    pub removed: u64,
}

/// A line of the change table.
pub(super) struct Line {
    pub op: String,
    pub key: EntityRef,
    pub image: Option<String>,
}

const OF_RUN: &str =
    "SELECT op, kind, entity, image FROM pingjiang_change WHERE ground_version = ?1";

impl CityFile {
    /// Works out how to take back the newest run that wrote something out of `import` and still
    /// stands. Nothing is written.
    ///
    /// # Errors
    /// When there is no such import, it was undone already, it changed nothing, or a later run
    /// changed one of its records.
    pub fn plan_undo(&self, import: ImportId) -> Result<Undo, CityFileError> {
        let _reading = self
            .connection
            .unchecked_transaction()
            .map_err(sql(&self.path, UNDOING))?;
        let history = self.history()?;
        let version =
            run_to_undo(&history, import).map_err(|reason| self.no_undo(import, reason))?;
        if let Some(reason) = self.built_upon(version, &history)? {
            return Err(self.no_undo(import, reason));
        }
        let of_run = history.into_iter().filter(|one| one.version == version);
        let mut plan = Undo {
            version,
            records: of_run.map(|one| one.record).collect(),
            counts: BTreeMap::new(),
            planned_on: self.ground_version()?,
            put: Vec::new(),
            remove: Vec::new(),
        };
        for line in self.changes(OF_RUN, version)? {
            let counts = plan.counts.entry(line.key.kind).or_default();
            match line.image {
                None if line.op == "add" => {
                    plan.remove.push(line.key);
                    counts.removed += 1;
                }
                Some(image) => {
                    plan.put.push(self.read_image(line.key, &image)?);
                    match line.op.as_str() {
                        "remove" => counts.added += 1,
                        _ => counts.updated += 1,
                    }
                }
                None => return Err(self.without_image(line.key)),
            }
        }
        Ok(plan)
    }

    /// Takes a run back: what it added is removed, what it changed or removed is as before. This is
    /// a run of its own, under a new version, and can be undone like any other.
    ///
    /// # Errors
    /// When the city was written since the plan was made, or cannot be written; it is unchanged
    /// then.
    pub fn undo(&mut self, plan: Undo, time: Timestamp) -> Result<WriteSummary, CityFileError> {
        let files: Vec<&str> = plan.records.iter().map(|one| one.file.as_str()).collect();
        let key = format!("{} of {}", plan.version, plan.planned_on);
        let record = ImportRecord {
            id: ImportId::from_source("undo", &key),
            action: "undo".to_owned(),
            file: files.join(", "),
            sha256: String::new(),
            time,
            crs: String::new(),
            attribution: None,
            warnings: Warnings::default(),
        };
        let edit = GroundEdit {
            records: vec![record],
            put: plan.put,
            remove: plan.remove,
        };
        self.commit(
            &edit,
            Basis {
                planned_on: Some(plan.planned_on),
                undoes: Some(plan.version),
            },
        )
    }

    fn no_undo(&self, import: ImportId, reason: String) -> CityFileError {
        CityFileError::NoUndo {
            import: import.to_string(),
            reason,
            path: self.path.clone(),
        }
    }

    /// Which later run changed records that `version` changed too, and what to do about it. Runs
    /// that were undone since, and their undoing, left nothing behind.
    fn built_upon(
        &self,
        version: u64,
        history: &[HistoryEntry],
    ) -> Result<Option<String>, CityFileError> {
        let failed = sql(&self.path, UNDOING);
        let select = "SELECT later.ground_version, count(*) FROM pingjiang_change AS later
             WHERE later.ground_version > ?1 AND (later.kind, later.entity) IN
               (SELECT kind, entity FROM pingjiang_change WHERE ground_version = ?1)
             GROUP BY 1 ORDER BY 1 DESC";
        let mut select = self.connection.prepare(select).map_err(&failed)?;
        let mut rows = select.query([version.cast_signed()]).map_err(&failed)?;
        while let Some(row) = rows.next().map_err(&failed)? {
            let later = row.get::<_, i64>(0).map_err(&failed)?.cast_unsigned();
            let count: i64 = row.get(1).map_err(&failed)?;
            let run = history.iter().find(|one| one.version == later);
            let is_settled = run.is_some_and(|run| {
                run.undone_by.is_some() || run.undoes.is_some_and(|undone| undone > version)
            });
            if is_settled {
                continue;
            }
            let name = run.map_or_else(String::new, |run| {
                let ImportRecord {
                    id, action, file, ..
                } = &run.record;
                format!(" ({action} {file:?}, {id})")
            });
            return Ok(Some(format!(
                "version {later}{name} changed {count} of its records later; undo that first"
            )));
        }
        Ok(None)
    }

    /// Lines of the change table; `select` gives operation, kind, record and image for a version.
    pub(super) fn changes(&self, select: &str, version: u64) -> Result<Vec<Line>, CityFileError> {
        let failed = sql(&self.path, "reading the change table");
        let mut select = self.connection.prepare(select).map_err(&failed)?;
        let mut rows = select.query([version.cast_signed()]).map_err(&failed)?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next().map_err(&failed)? {
            let kind: String = row.get(1).map_err(&failed)?;
            let kind = EntityKind::from_name(&kind).ok_or_else(|| CityFileError::Damaged {
                reason: format!("the change table has a kind {kind:?}"),
                path: self.path.clone(),
            })?;
            let bits: i64 = row.get(2).map_err(&failed)?;
            lines.push(Line {
                op: row.get(0).map_err(&failed)?,
                key: EntityRef {
                    kind,
                    bits: bits.cast_unsigned(),
                },
                image: row.get(3).map_err(&failed)?,
            });
        }
        Ok(lines)
    }

    /// The change table does not tell what a record was.
    pub(super) fn without_image(&self, key: EntityRef) -> CityFileError {
        let what = key.id_text();
        CityFileError::Damaged {
            reason: format!("the change table lacks what {what} was before"),
            path: self.path.clone(),
        }
    }

    pub(super) fn read_image(&self, key: EntityRef, text: &str) -> Result<Entity, CityFileError> {
        let image = Image::read(key.kind, text).ok_or_else(|| CityFileError::Damaged {
            reason: format!(
                "the change table's image of {} cannot be read",
                key.id_text()
            ),
            path: self.path.clone(),
        })?;
        let loader = Loader {
            connection: &self.connection,
            codec: &self.codec,
            path: &self.path,
            seen_only: false,
            without: &[],
        };
        let faulty = |fault| loader.record_fault(key, fault);
        let mut entity = record::take_entity(key.kind, &image.row, &self.codec).map_err(faulty)?;
        if entity.key() != key {
            return Err(CityFileError::Damaged {
                reason: format!(
                    "the change table's image of {} is of another record",
                    key.id_text()
                ),
                path: self.path.clone(),
            });
        }
        if let Entity::Device(device) = &mut entity {
            loader.settle(device)?;
        }
        for face in &image.faces {
            entity.add(face).map_err(faulty)?;
        }
        Ok(entity)
    }
}

/// The version to take back: the newest that wrote something out of `import` and still stands.
/// Otherwise why there is none.
fn run_to_undo(history: &[HistoryEntry], import: ImportId) -> Result<u64, String> {
    let runs = || history.iter().rev().filter(|one| one.record.id == import);
    if let Some(run) = runs().find(|one| one.touched > 0 && one.undone_by.is_none()) {
        return Ok(run.version);
    }
    match (runs().next(), runs().find_map(|one| one.undone_by)) {
        (_, Some(by)) => {
            let undo = history.iter().find(|one| one.version == by);
            let id = undo.map_or_else(String::new, |undo| format!(", or undo {}", undo.record.id));
            Err(format!(
                "version {by} has undone it already; to have it back import its file again{id}"
            ))
        }
        (Some(run), None) => Err(format!(
            "version {} took nothing from it that was not there already, so there is nothing to \
             take back",
            run.version
        )),
        (None, None) => {
            Err("the city has no such import (pingjiang inspect lists them)".to_owned())
        }
    }
}

/// A record's row and its faces' rows, as the change table keeps them.
struct Image {
    /// In the order of the common and the kind's own columns.
    row: Vec<Value>,
    /// In the order of the face table's columns.
    faces: Vec<Vec<Value>>,
}

impl Image {
    fn read(kind: EntityKind, text: &str) -> Option<Self> {
        let image: Json = serde_json::from_str(text).ok()?;
        let own = record::columns(kind).iter().map(|column| column.name);
        let mut columns = record::COMMON.into_iter().chain(own);
        let row = values(&image["row"], &mut columns, &|name| {
            record::is_later(kind, name)
        })?;
        let mut faces = Vec::new();
        if let Some(table) = FaceTable::of(kind) {
            let columns = table.columns();
            for face in image["faces"].as_array()? {
                faces.push(values(face, &mut columns.split(", "), &|name| {
                    name == faces::DETAILS
                })?);
            }
        }
        Some(Self { row, faces })
    }
}

/// The values of a row in the order of columns. What a run of an older format kept lacks the columns
/// that came later.
fn values(
    row: &Json,
    columns: &mut dyn Iterator<Item = &str>,
    is_later: &dyn Fn(&str) -> bool,
) -> Option<Vec<Value>> {
    let or_none = |name: &str| match row.get(name) {
        None if is_later(name) => Some(&Json::Null),
        found => found,
    };
    columns.map(|name| value(or_none(name)?)).collect()
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Real(number.as_f64()?),
        },
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(blob) => Value::Blob(bytes_of_hex(blob.get("hex")?.as_str()?)?),
        Json::Bool(_) | Json::Array(_) => return None,
    })
}
