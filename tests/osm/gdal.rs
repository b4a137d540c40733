//! Buildings as GDAL's driver has them. It draws outlines that are cut by an extract's edge without
//! the corners that are missing; here such an outline is told and left out.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::elements::Elements;
use super::read;
use super::support::borrowed;

/// Area of each building in square degrees by its key.
fn gdal(path: &Path) -> BTreeMap<String, f64> {
    let sql = "SELECT osm_id, osm_way_id, ST_Area(geometry) AS area FROM multipolygons \
               WHERE building IS NOT NULL AND building <> 'no'";
    let out = Command::new("ogr2ogr")
        .args(["-f", "CSV", "/vsistdout/"])
        .arg(path)
        .args(["-dialect", "SQLITE", "-sql", sql])
        .output()
        .expect("ogr2ogr is installed");
    let text = String::from_utf8(out.stdout).unwrap().replace('"', "");
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let key = match cells[0] {
            "" => format!("way/{}", cells[1]),
            relation => format!("relation/{relation}"),
        };
        // Too few of its corners are left for an area.
        (key, cells[2].parse().unwrap_or(0.0))
    };
    text.lines().skip(1).map(row).collect()
}

fn ring_area(ring: &[[f64; 3]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let origin = ring[0];
    let cross = ring.iter().zip(next).map(|(a, b)| {
        (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1])
    });
    0.5 * cross.sum::<f64>().abs()
}

fn area(rings: &[Vec<[f64; 3]>]) -> f64 {
    ring_area(&rings[0]) - rings[1..].iter().map(|it| ring_area(it)).sum::<f64>()
}

/// As here; parts of buildings that stand alone are no buildings for GDAL.
fn ours(path: &Path) -> (BTreeMap<String, f64>, String) {
    let city = read(path);
    let buildings = city.features.iter().filter(|one| {
        let word = one.attributes.get("building");
        word.is_some_and(|word| word != "no") && !one.shape.polygons.is_empty()
    });
    let areas = buildings.map(|one| {
        let area = one.shape.polygons.iter().map(|it| area(it)).sum();
        (one.key.clone(), area)
    });
    let warnings = city.warnings.list().iter();
    let told = warnings.map(|one| format!("{}: {}", one.reason, one.count));
    (areas.collect(), told.collect::<Vec<_>>().join("\n"))
}

fn check(name: &str, at_least: usize) {
    let Some(path) = borrowed(name) else {
        return;
    };
    let (there, (here, warnings)) = (gdal(&path), ours(&path));
    let elements = Elements::of(&path);
    println!(
        "{name}: GDAL {}, here {}\n{warnings}",
        there.len(),
        here.len()
    );
    assert!(here.len() >= at_least, "{name}: {}", here.len());
    for (key, area) in &here {
        let other = there.get(key);
        let other = other.unwrap_or_else(|| panic!("{name}: {key} is not in GDAL's list"));
        let is_equal = (area / other - 1.0).abs() < 1e-6;
        assert!(
            is_equal || elements.is_cut(key),
            "{name}: {key} {area} {other}"
        );
    }
    for key in there.keys().filter(|key| !here.contains_key(*key)) {
        let why = "GDAL alone has it, though all of its nodes are in the file";
        assert!(elements.is_cut(key), "{name}: {key}: {why}");
    }
}

#[test]
fn buildings_of_helsinki() {
    check("vector/Helsinki.osm.pbf", 440);
}

#[test]
fn buildings_of_a_countryside() {
    check("vector/test.osm.pbf", 2_000);
}
