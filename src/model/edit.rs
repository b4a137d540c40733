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

impl ImportRecord {
    /// What ran over what, as everybody may know it. Cities of before say of a decision who made it:
    /// that is for who reads the audit, where it stands too.
    #[must_use]
    pub fn told(&self) -> String {
        const CHOICES: [&str; 3] = [": from ", ": as it was", ": as known otherwise"];
        let may_name = ["decide", "undo"].contains(&self.action.as_str());
        let is_decision = CHOICES.iter().any(|choice| self.file.contains(choice));
        let named = self.file.split_once(", by ");
        let parts =
            named.and_then(|(what, rest)| Some((what, rest.rfind(" (").map(|at| &rest[at..])?)));
        match parts {
            Some((what, role)) if may_name && is_decision => format!("{what}{role}"),
            _ => self.file.clone(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_who_decided() {
        let told = |action: &str, file: &str| {
            let record = ImportRecord {
                id: ImportId::from_bits(1),
                action: action.to_owned(),
                file: file.to_owned(),
                sha256: String::new(),
                time: Timestamp::from_millis(0),
                crs: String::new(),
                attribution: None,
                warnings: Warnings::default(),
            };
            record.told()
        };
        let before = "phone: from police, by Li (Na) (clerk) for registry";
        let after = "phone: from police (clerk) for registry";
        assert_eq!(told("decide", before), after);
        assert_eq!(told("undo", before), after);
        assert_eq!(told("decide", after), after);
        assert_eq!(told("import", "a, by b (c).csv"), "a, by b (c).csv");
        assert_eq!(told("undo", "a, by b (c).csv"), "a, by b (c).csv");
    }
}
