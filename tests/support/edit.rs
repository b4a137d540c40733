//! An edit for a city file, as one run of an import would make it.

use pingjiang::base::{ImportId, Timestamp, Warnings};
use pingjiang::model::{Entity, GroundEdit, ImportRecord};

/// Puts records as the run with this number, out of a file of this name.
pub fn edit(number: u64, file: &str, put: Vec<Entity>) -> GroundEdit {
    GroundEdit {
        records: vec![ImportRecord {
            id: ImportId::from_bits(number),
            action: "import".into(),
            file: file.into(),
            sha256: String::new(),
            time: Timestamp::from_millis(0),
            crs: String::new(),
            attribution: None,
            warnings: Warnings::default(),
        }],
        put,
        remove: Vec::new(),
    }
}
