//! Registers as people import them: dwellings, people of two registers, devices and cameras; again,
//! renewed, decided, without the key, and with what is wrong. Nothing personal may show.

use std::path::PathBuf;
use std::process::Output;

use pingjiang::access;
use pingjiang::model::{Further, FurtherRecord, Ground, Resident, read_sealed};
use pingjiang::store::{CityFile, Vault};

mod deciding;
mod linking;
mod merging;
mod refusals;

#[path = "../support/command.rs"]
mod command;

use command::pingjiang;

/// What none of the outputs may hold: names, numbers, telephones, doors, plates.
const PERSONAL: &[&str] = &[
    "测试", "00000019", "00000020", "1390000", "101室", "102室", "测A", "301室", "厨房", "rtsp://",
];

fn data(name: &str) -> String {
    format!("{}/tests/data/registers/{name}", env!("CARGO_MANIFEST_DIR"))
}

struct City(tempfile::TempDir);

impl City {
    /// A city of four houses in two lanes and an estate.
    fn new() -> Self {
        let city = Self(tempfile::tempdir().unwrap());
        city.import(&[&data("basemap.geojson")]);
        city
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let into = self.path();
        let into = ["--into", into.to_str().unwrap()];
        let output = pingjiang(&[&["import"], arguments, &into].concat());
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        for value in PERSONAL {
            assert!(!told.contains(value), "{value} is told: {told}");
        }
        output
    }

    /// What an import that succeeds tells.
    fn import(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    /// What an import that fails tells.
    fn refusal(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            !output.status.success(),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
        text(&output.stderr)
    }

    fn ground(&self) -> Ground {
        let vault = Vault::find(&self.path(), None).unwrap().vault();
        CityFile::open(&self.path(), vault)
            .unwrap()
            .load_ground()
            .unwrap()
    }

    /// The resident of this name.
    fn resident(&self, name: &str) -> Resident {
        let clearance = access::for_keeping();
        let ground = self.ground();
        let mut all = ground.residents.values();
        all.find(|one| one.name.open(&clearance).as_deref() == Some(name))
            .unwrap_or_else(|| panic!("{name}"))
            .clone()
    }

    fn further(&self, name: &str) -> Vec<FurtherRecord> {
        let further = self.resident(name).further;
        let further: Further = read_sealed(further.as_ref(), &access::for_keeping()).unwrap();
        further.records
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn check_told(told: &str, parts: &[&str]) {
    for part in parts {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
}
