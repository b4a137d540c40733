//! The hand-made city of `src/model/sample` as a file, for tests of engines.

use std::path::Path;

use pingjiang::base::{ImportId, Timestamp, Warnings};
use pingjiang::model::{Entity, Ground, GroundEdit, ImportRecord};
use pingjiang::store::CityFile;

/// Writes the city's houses and devices to a file.
pub fn write(path: &Path, ground: &Ground) {
    let record = ImportRecord {
        id: ImportId::from_source("sample", "1"),
        action: "generate".to_owned(),
        file: "sample".to_owned(),
        sha256: String::new(),
        time: Timestamp::default(),
        crs: ground.info.crs.clone(),
        attribution: None,
        warnings: Warnings::default(),
    };
    let houses = ground.buildings.values().cloned().map(Entity::from);
    let devices = ground.devices.values().cloned().map(Entity::from);
    let edit = GroundEdit {
        records: vec![record],
        put: houses.chain(devices).collect(),
        remove: Vec::new(),
    };
    CityFile::create_with(path, &ground.info, None, &edit).unwrap();
}
