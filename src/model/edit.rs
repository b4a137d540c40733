//! What a generator or an import hands to the city file: records to write, in one transaction.

use serde::{Deserialize, Serialize};

use crate::base::{ImportId, Timestamp, Warnings};

use super::{Entity, EntityRef};

/// The provenance of one run that wrote the city file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Id of the run.
    pub id: ImportId,
    /// What ran: `generate`, `import`, `edit`.
    pub action: String,
    /// Name of the file read, or the seed and area of a generated city.
    pub file: String,
    /// SHA-256 of the file; empty when none was read.
    pub sha256: String,
    /// When it ran.
    pub time: Timestamp,
    /// CRS of the file.
    pub crs: String,
    /// What was wrong with it.
    pub warnings: Warnings,
}

/// Records to write and to remove under one new version of the ground.
#[derive(Debug, Clone, PartialEq)]
pub struct GroundEdit {
    /// Provenance.
    pub record: ImportRecord,
    /// Records to add or replace.
    pub put: Vec<Entity>,
    /// Records to remove.
    pub remove: Vec<EntityRef>,
}
