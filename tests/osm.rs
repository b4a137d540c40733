//! OpenStreetMap's binary format against GDAL's driver, on borrowed files; without them a test is
//! skipped, on the CI machine it fails.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use pingjiang::ingest::{self, RawCity, ReadOptions};
use support::borrowed;

fn read(path: &Path) -> RawCity {
    ingest::read_file(path, &ReadOptions::default())
        .unwrap()
        .raw
}

/// Area of each feature in square degrees by its key, as GDAL has them.
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
        // An outline that its missing corners leave without an area has none.
        Some((key, cells[2].parse().ok()?))
    };
    text.lines().skip(1).filter_map(row).collect()
}

fn ring_area(ring: &[[f64; 3]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let origin = ring[0];
    let cross = ring.iter().zip(next).map(|(a, b)| {
        (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1])
    });
    0.5 * cross.sum::<f64>().abs()
}

#[test]
fn buildings_of_helsinki_are_those_of_gdal() {
    let Some(path) = borrowed("vector/Helsinki.osm.pbf") else {
        return;
    };
    let expected = gdal(&path);
    let city = read(&path);
    let found: BTreeMap<String, f64> = city
        .features
        .iter()
        .filter(|one| {
            one.attributes
                .get("building")
                .is_some_and(|word| word != "no")
        })
        .filter(|one| !one.shape.polygons.is_empty())
        .map(|one| {
            (
                one.key.clone(),
                one.shape.polygons.iter().map(|it| area(it)).sum(),
            )
        })
        .collect();
    let only_here: Vec<_> = found
        .keys()
        .filter(|key| !expected.contains_key(*key))
        .collect();
    let only_there: Vec<_> = expected
        .keys()
        .filter(|key| !found.contains_key(*key))
        .collect();
    println!(
        "GDAL {}, here {}: {only_here:?} {only_there:?}",
        expected.len(),
        found.len()
    );
    println!("{:#?}", city.notes);
    let both = || {
        expected
            .iter()
            .filter_map(|(key, there)| Some((key, there, found.get(key)?)))
    };
    for (key, there, here) in both() {
        if (here / there - 1.0).abs() > 1e-3 {
            println!("{key}: {there} in GDAL, {here} here");
        }
    }
    let here: f64 = both().map(|(_, _, here)| here).sum();
    let there: f64 = both().map(|(_, there, _)| there).sum();
    assert!((here / there - 1.0).abs() < 1e-3, "{here} {there}");
    // As measured; why GDAL's query leaves out these two is not known.
    assert!(only_here.len() <= 2, "{only_here:?}");
    // GDAL draws outlines cut by the extract's edge without the corners that are missing; that this
    // is the reason for each of these was not looked into one by one.
    let cut = city.warnings.list().iter();
    let cut =
        cut.filter(|one| one.reason.contains("not in the file") || one.reason.contains("whole"));
    let cut: u64 = cut.map(|one| one.count).sum();
    assert!(only_there.len() as u64 <= cut, "{only_there:?} {cut}");
    assert!(only_there.len() <= 38, "{only_there:?}");
}

fn area(rings: &[Vec<[f64; 3]>]) -> f64 {
    ring_area(&rings[0]) - rings[1..].iter().map(|it| ring_area(it)).sum::<f64>()
}

#[test]
fn tiny_files_of_every_encoding() {
    let Some(folder) = borrowed("vector/osmpbf_tiny") else {
        return;
    };
    let features = |name: &str| read(&folder.join(name)).features;
    let first = features("test.osm.pbf");
    assert_eq!(first, features("test_nozlib.osm.pbf"));
    assert_eq!(first, features("test_nozlib_nodense.osm.pbf"));
    assert_eq!(features("deleted_nodes.osh.pbf"), []);
    let deleted = read(&folder.join("deleted_nodes.osh.pbf")).notes.join(" ");
    assert!(deleted.contains("marked as deleted"), "{deleted}");
}

#[test]
fn a_cut_file_is_refused_or_read_to_a_border() {
    let Some(path) = borrowed("vector/osmpbf_tiny/test.osm.pbf") else {
        return;
    };
    let bytes = std::fs::read(&path).unwrap();
    let whole = ingest::read(&bytes, &path, Some(ingest::Format::OsmPbf)).unwrap();
    for end in 0..bytes.len() {
        let cut = ingest::read(&bytes[..end], &path, Some(ingest::Format::OsmPbf));
        if let Ok(cut) = cut {
            assert!(cut.features.len() <= whole.features.len());
        }
    }
}
