//! What a generator or an import hands to the city file: records to write, in one transaction.

use serde::{Deserialize, Serialize};

use crate::base::{ImportId, Timestamp, Warnings};

use super::{Entity, EntityRef};

/// The provenance of what one run wrote: of one file that it read, or of one generated city. A run
/// that reads several files has one each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Its id; the records that came out of it name it as their source's import.
    pub id: ImportId,
    /// What ran: `generate`, `import`, `undo`.
    pub action: String,
    /// Name of the file read, the seed and area of a generated city, or what an undo took back.
    pub file: String,
    /// SHA-256 of the file; empty when none was read.
    pub sha256: String,
    /// When it ran.
    pub time: Timestamp,
    /// CRS of the file.
    pub crs: String,
    /// Whom every picture of its data must name.
    pub attribution: Option<String>,
    /// What was wrong with it.
    pub warnings: Warnings,
}

/// Records to write and to remove under one new version of the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundEdit {
    /// Provenance, one for each file read. What was not written by any of them counts as the
    /// first's.
    pub records: Vec<ImportRecord>,
    /// Records to add or replace.
    pub put: Vec<Entity>,
    /// Records to remove.
    pub remove: Vec<EntityRef>,
}
