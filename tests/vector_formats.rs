//! Every borrowed vector file through its reader, held against GDAL: counts, attributes, types of
//! geometry, areas; or the message with which it is refused.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use pingjiang::ingest::{Folder, Input, RawCity, RawFeature, ReadOptions, read_input};
use serde_json::{Map, Value};

/// All features of a file, handed over in parts as a city takes them.
fn read_with(path: &Path, options: &ReadOptions) -> Result<RawCity, String> {
    let bytes = std::fs::read(path).unwrap();
    let folder = Folder::of(path);
    let input = Input::in_folder(path, &bytes, &folder);
    let mut all = Vec::new();
    let mut take = |city: &mut RawCity| {
        all.append(&mut city.features);
        Ok(())
    };
    let mut city = read_input(&input, options, &mut take).map_err(|fault| fault.to_string())?;
    all.append(&mut city.features);
    city.features = all;
    Ok(city)
}

/// What came of a file in a few words: features and warnings by their reasons.
fn told(path: &Path) -> String {
    match read_with(path, &ReadOptions::default()) {
        Err(fault) => format!("refused: {fault}"),
        Ok(city) => {
            let crs = match (&city.crs, &city.crs_fault) {
                (Some(crs), _) => crs.name(),
                (None, Some(fault)) => format!("({fault})"),
                (None, None) => "no CRS".to_owned(),
            };
            let warnings: Vec<String> = city
                .warnings
                .list()
                .iter()
                .map(|warning| format!("{} × {}", warning.count, warning.reason))
                .collect();
            format!("{} in {crs}; {}", city.features.len(), warnings.join("; "))
        }
    }
}

#[test]
fn probe() {
    for folder in ["vector", "vector/flatgeobuf", "vector/shapefile"] {
        let Some(folder) = support::borrowed(folder) else { return };
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if [".fgb", ".gpkg", ".shp", ".geojson"].iter().any(|end| name.ends_with(end)) {
                println!("{name}: {}", told(&path));
                if let Ok(city) = read_with(&path, &ReadOptions::default()) { println!("    {:?}", city.notes); }
            }
        }
    }
}
