//! CityGML: the shared files against other readers of XML, against each other and against the
//! same data in CityJSON; and documents that no reader should trust.
//! Data are borrowed; without them a test is skipped, on the CI machine it fails.

#[path = "../support/mod.rs"]
mod support;

mod hostile;
mod oracle;
mod pairs;

use std::path::Path;

use pingjiang::base::ImportId;
use pingjiang::ingest::{self, Converted, Origin, RawCity, ReadOptions, Target};
use pingjiang::model::{Building, Entity};
use pingjiang::space::Datum;

/// Where the CityGML files lie.
const FOLDER: &str = "citymodels/citygml";

/// A file as its reader gives it.
fn read(path: &Path) -> RawCity {
    let file = ingest::read_file(path, &ReadOptions::default());
    file.unwrap_or_else(|fault| panic!("{fault}")).raw
}

/// A file as entities in the CRS of a new city made of it.
fn import(path: &Path) -> Converted {
    let raw = read(path);
    let origin = Origin {
        dataset: "test".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let crs = ingest::choose_crs(&raw, None).unwrap();
    let target = Target { crs, extent: None };
    ingest::convert(raw, &target, &origin).unwrap()
}

fn buildings(converted: &Converted) -> Vec<&Building> {
    let buildings = converted.entities.iter().filter_map(|entity| match entity {
        Entity::Building(building) => Some(&**building),
        _ => None,
    });
    buildings.collect()
}
