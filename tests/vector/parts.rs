//! Large files leave in parts, and whoever takes them may end it.

use std::path::Path;

use pingjiang::ingest::{Folder, Input, PART_FEATURES, RawCity, ReadOptions, read_input};

use crate::fixtures::{houses, ogr2ogr, write};
use crate::mapped;

#[test]
fn large_files_leave_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let count = 2 * PART_FEATURES + 100;
    let source = write(folder.path(), "many.geojson", &houses(count, ""));
    // The CRS stands behind the features.
    let text = std::fs::read_to_string(&source).unwrap();
    assert!(text.find("\"crs\"").unwrap() > text.find("\"features\"").unwrap());
    let mut files = vec![source.clone()];
    for (driver, name) in [
        ("FlatGeobuf", "many.fgb"),
        ("GPKG", "many.gpkg"),
        ("ESRI Shapefile", "many.shp"),
    ] {
        files.push(ogr2ogr(&source, &folder.path().join(name), &["-f", driver]));
    }
    let csv = folder.path().join("many.csv");
    files.push(ogr2ogr(
        &source,
        &csv,
        &["-f", "CSV", "-lco", "GEOMETRY=AS_WKT"],
    ));
    for path in files {
        let options = mapped("crs = \"EPSG:4549\"\nkind = \"building\"", None);
        let bytes = std::fs::read(&path).unwrap();
        let beside = Folder::of(&path);
        let input = Input::in_folder(&path, &bytes, &beside);
        let mut parts = Vec::new();
        let mut take = |city: &mut RawCity| {
            assert_eq!(city.crs.as_ref().and_then(|crs| crs.epsg()), Some(4549));
            parts.push(std::mem::take(&mut city.features).len());
            Ok(())
        };
        let city = read_input(&input, &options, &mut take).unwrap();
        assert_eq!(parts, [PART_FEATURES, PART_FEATURES], "{}", path.display());
        assert_eq!(city.features.len(), 100, "{}", path.display());
        assert!(city.warnings.is_empty(), "{:?}", city.warnings);
    }
}

#[test]
fn an_error_of_the_taker_ends_the_reading() {
    let text = houses(PART_FEATURES + 1, "");
    let input = Input::alone(Path::new("a.geojson"), text.as_bytes());
    let fault = pingjiang::ingest::ReadError::System("the disk is full".to_owned());
    let found = read_input(&input, &ReadOptions::default(), &mut |_| Err(fault.clone()));
    assert_eq!(found.unwrap_err(), fault);
}
