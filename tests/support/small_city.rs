//! A small city for tests of registers and tables: made by the program, in a folder of its own.

use std::path::PathBuf;

use pingjiang::model::Ground;
use pingjiang::store::{CityFile, Vault};

use crate::command::pingjiang;

/// Four houses in two lanes and an estate.
pub struct City(pub tempfile::TempDir);

impl City {
    pub fn new() -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        let (map, path) = (data("registers/basemap.geojson"), city.path());
        let made = pingjiang(&["import", &map, "--into", path.to_str().unwrap()]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        city
    }

    pub fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    /// Writes a file beside the city; its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn ground(&self) -> Ground {
        let vault = Vault::find(&self.path(), None).unwrap().vault();
        let file = CityFile::open(&self.path(), vault).unwrap();
        file.load_ground().unwrap()
    }
}

/// The path of a file of test data.
pub fn data(name: &str) -> String {
    format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn check_told(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
}
