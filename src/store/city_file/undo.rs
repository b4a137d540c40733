//! Undoing an import: an edit made from the change table, written like any other.

use rusqlite::OptionalExtension;
use rusqlite::types::Value;
use serde_json::Value as Json;

use crate::base::ImportId;
use crate::model::{Entity, EntityKind, EntityRef, GroundEdit, ImportRecord};

use super::change::bytes_of_hex;
use super::error::sql;
use super::faces::{FaceTable, Faces};
use super::load::Loader;
use super::{CityFile, CityFileError, WriteSummary, record};

const UNDOING: &str = "undoing an import";

/// A line of the change table.
struct Line {
    op: String,
    key: EntityRef,
    image: Option<String>,
}

impl CityFile {
    /// Takes back what the newest run of `import` did: what it added is removed, what it changed or
    /// removed is as before. This is a run of its own, told by `record`, under a new version.
    ///
    /// # Errors
    /// When there is no such import, a later run touched one of its records, or the city cannot be
    /// written; the city is unchanged then.
    pub fn undo(
        &mut self,
        import: ImportId,
        record: ImportRecord,
    ) -> Result<WriteSummary, CityFileError> {
        let version = self.newest_run(import)?;
        if let Some(later) = self.later_run(version)? {
            let reason = format!("a later run, version {later}, changed the same records");
            return Err(self.no_undo(import, reason));
        }
        let mut edit = GroundEdit {
            record,
            put: Vec::new(),
            remove: Vec::new(),
        };
        for line in self.lines(version)? {
            match line.image {
                None if line.op == "add" => edit.remove.push(line.key),
                Some(image) => {
                    let before = self.read_image(line.key, &image)?;
                    edit.put.push(before);
                }
                None => {
                    let reason = "the change table lacks what was there before".to_owned();
                    return Err(self.no_undo(import, reason));
                }
            }
        }
        self.write(&edit)
    }

    fn no_undo(&self, import: ImportId, reason: String) -> CityFileError {
        CityFileError::NoUndo {
            import: import.to_string(),
            reason,
            path: self.path.clone(),
        }
    }

    fn newest_run(&self, import: ImportId) -> Result<i64, CityFileError> {
        let select = "SELECT max(fid) FROM pingjiang_import WHERE id = ?1";
        let version: Option<i64> = self
            .connection
            .query_row(select, [import.to_string()], |row| row.get(0))
            .map_err(sql(&self.path, UNDOING))?;
        version.ok_or_else(|| self.no_undo(import, "there is no such import".to_owned()))
    }

    /// A later run that touched a record which `version` touched too.
    fn later_run(&self, version: i64) -> Result<Option<i64>, CityFileError> {
        let select = "SELECT later.ground_version FROM pingjiang_change AS later
             WHERE later.ground_version > ?1 AND (later.kind, later.entity) IN
               (SELECT kind, entity FROM pingjiang_change WHERE ground_version = ?1) LIMIT 1";
        self.connection
            .query_row(select, [version], |row| row.get(0))
            .optional()
            .map_err(sql(&self.path, UNDOING))
    }

    fn lines(&self, version: i64) -> Result<Vec<Line>, CityFileError> {
        let failed = sql(&self.path, UNDOING);
        let select =
            "SELECT op, kind, entity, image FROM pingjiang_change WHERE ground_version = ?1";
        let mut select = self.connection.prepare(select).map_err(&failed)?;
        let mut rows = select.query([version]).map_err(&failed)?;
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

    fn read_image(&self, key: EntityRef, text: &str) -> Result<Entity, CityFileError> {
        let image = Image::read(key.kind, text).ok_or_else(|| CityFileError::Damaged {
            reason: format!(
                "the change table's image of {} cannot be read",
                record::id_text(key.kind, key.bits)
            ),
            path: self.path.clone(),
        })?;
        let loader = Loader {
            connection: &self.connection,
            codec: &self.codec,
            path: &self.path,
        };
        let faulty = |fault| loader.record_fault(key, fault);
        let mut entity = record::take_entity(key.kind, &image.row, &self.codec).map_err(faulty)?;
        for face in &image.faces {
            entity.add(face).map_err(faulty)?;
        }
        Ok(entity)
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
        let row = values(&image["row"], &mut columns)?;
        let mut faces = Vec::new();
        if let Some(table) = FaceTable::of(kind) {
            let columns = table.columns();
            for face in image["faces"].as_array()? {
                faces.push(values(face, &mut columns.split(", "))?);
            }
        }
        Some(Self { row, faces })
    }
}

fn values(row: &Json, columns: &mut dyn Iterator<Item = &str>) -> Option<Vec<Value>> {
    columns.map(|name| value(row.get(name)?)).collect()
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
