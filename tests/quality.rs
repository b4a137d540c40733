//! The quality report over the real footprints of Suzhou's old city, beside an independent check:
//! every pair by the boolean operations of `geo`, which the report does not use. Data are
//! borrowed; without them the test is skipped.

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use geo::{Area, BooleanOps};
use pingjiang::base::BuildingId;
use pingjiang::model::{Building, MapQuality};
use pingjiang::space::Bounds2;
use pingjiang::store::CityFile;
use serde_json::Value;

const FILE: &str = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";

/// Shared ground of all pairs, by a sweep along the east.
fn shared(buildings: &[&Building]) -> BTreeMap<(BuildingId, BuildingId), f64> {
    let mut boxes: Vec<(Bounds2, &Building)> = buildings
        .iter()
        .map(|one| (Bounds2::from_polygon(&one.footprint), *one))
        .collect();
    boxes.sort_by(|a, b| a.0.min[0].total_cmp(&b.0.min[0]));
    let mut found = BTreeMap::new();
    for (at, (bounds, one)) in boxes.iter().enumerate() {
        let behind = boxes[at + 1..].iter();
        let near = behind.take_while(|(other, _)| other.min[0] <= bounds.max[0]);
        for (_, other) in near.filter(|(other, _)| other.intersects(bounds)) {
            let shared_m2 = one.footprint.intersection(&other.footprint).unsigned_area();
            let key = (one.id.min(other.id), one.id.max(other.id));
            found.insert(key, shared_m2);
        }
    }
    found
}

fn import(folder: &tempfile::TempDir, file: &str) -> (std::path::PathBuf, Value) {
    let city = folder.path().join("city.gpkg");
    let out = Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .env_remove("PINGJIANG_KEY")
        .args(["import", file, "--json", "--into"])
        .arg(&city)
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    (city, serde_json::from_slice(&out.stdout).unwrap())
}

#[test]
fn the_old_city_as_another_method_has_it() {
    let Some(file) = support::borrowed(FILE) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (city, told) = import(&folder, file.to_str().unwrap());
    let ground = CityFile::open(&city, None).unwrap().load_ground().unwrap();
    let buildings: Vec<_> = ground.buildings.values().collect();
    let quality = MapQuality::of(buildings.iter().copied(), std::iter::empty());
    let area = |id| ground.buildings[&id].footprint.unsigned_area();
    let (mut duplicates, mut overlaps) = (Vec::new(), Vec::new());
    for ((first, second), shared_m2) in shared(&buildings) {
        let (a, b) = (area(first), area(second));
        if shared_m2 <= 1.0 {
            continue;
        }
        if shared_m2 / (a + b - shared_m2) > 0.9 {
            duplicates.push((first, second));
        } else if shared_m2 / a.min(b) > 0.05 {
            overlaps.push((first, second));
        }
    }
    let ids = |pairs: &[pingjiang::model::Pair]| -> Vec<_> {
        pairs.iter().map(|pair| (pair.first, pair.second)).collect()
    };
    eprintln!("{} twice, {} overlapping", duplicates.len(), overlaps.len());
    assert!(!overlaps.is_empty(), "a map of this size has some");
    assert_eq!(ids(&quality.duplicates), duplicates);
    assert_eq!(ids(&quality.overlaps), overlaps);
    assert_eq!(told["quality"]["overlaps"], overlaps.len());
    assert_eq!(told["quality"]["duplicates"], duplicates.len());
    assert_eq!(quality.areas_m2.total(), buildings.len());
    assert_eq!(quality.heights_m.total(), buildings.len());
}
