//! What is in the shared files, by Python's ElementTree and by GDAL, beside what was read.

use std::collections::BTreeMap;
use std::process::Command;

use pingjiang::ingest::RawKind;
use pingjiang::model::Entity;
use pingjiang::space::Bounds3;

use super::support::borrowed;
use super::{FOLDER, import, read};

/// Counts of buildings, of polygons and triangles below each `lodN…` property or `tin` (by their
/// own level, wherever they hang), and the lowest and highest number of each axis of all positions
/// in them, as Python reads the file.
const COUNTS: &str = r#"
import sys, re, xml.etree.ElementTree as E
local = lambda e: e.tag.rsplit('}', 1)[-1]
root = E.parse(sys.argv[1]).getroot()
members = [o for m in root for o in m if local(m) == 'cityObjectMember']
print('buildings:', sum(local(o) == 'Building' for o in members))
faces, low, high = {}, [1e99] * 3, [-1e99] * 3
def walk(e, level):
    name = local(e)
    if re.match('lod[0-4].', name) and 'citygml' in e.tag: level = name[3]
    if name == 'tin': level = 'tin'
    if name in ('Polygon', 'Triangle') and level:
        faces[level] = faces.get(level, 0) + 1
        flat = ' '.join(p.text for p in e.iter() if local(p) in ('pos', 'posList')).split()
        for i, v in enumerate(flat):
            low[i % 3] = min(low[i % 3], float(v)); high[i % 3] = max(high[i % 3], float(v))
    for child in e: walk(child, level)
for o in members: walk(o, None)
for level in sorted(faces): print(f'faces {level}:', faces[level])
print('box:', *low, *high)
"#;

/// A file's counts by Python: words → numbers.
fn by_python(path: &std::path::Path) -> BTreeMap<String, Vec<f64>> {
    let output = Command::new("python3")
        .args(["-c", COUNTS])
        .arg(path)
        .output()
        .expect("python3 is installed");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| {
        let (words, numbers) = line.split_once(':').unwrap();
        let numbers = numbers.split_whitespace();
        let numbers = numbers.map(|word| word.parse().unwrap()).collect();
        (words.to_owned(), numbers)
    });
    lines.collect()
}

/// Features and faces of a file by its reader, in the same words.
fn by_us(path: &std::path::Path, north_first: bool) -> BTreeMap<String, Vec<f64>> {
    let raw = read(path);
    assert_eq!(
        raw.warnings.count(),
        missing_pictures(&raw),
        "{:?}",
        raw.warnings
    );
    let mut found: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut add =
        |key: String, count: usize| found.entry(key).or_insert(vec![0.0])[0] += count as f64;
    add("buildings".to_owned(), 0);
    let mut corners = Vec::new();
    for feature in &raw.features {
        if feature.kind == RawKind::Building {
            add("buildings".to_owned(), 1);
        }
        for model in &feature.shape.models {
            add(format!("faces {}", model.lod), model.surfaces.len());
        }
        for tin in &feature.shape.tins {
            add("faces tin".to_owned(), tin.triangles.len());
        }
        corners.extend(feature.shape.positions());
    }
    let turned = corners.into_iter().map(|at| match north_first {
        true => [at[1], at[0], at[2]],
        false => at,
    });
    let bounds = Bounds3::from_points(turned);
    found.insert("box".to_owned(), [bounds.min, bounds.max].concat());
    found
}

fn missing_pictures(raw: &pingjiang::ingest::RawCity) -> u64 {
    raw.textures.len() as u64
}

fn check(name: &str, north_first: bool, twice: &[(&str, f64)]) {
    let Some(path) = borrowed(&format!("{FOLDER}/{name}")) else {
        return;
    };
    let mut expected = by_python(&path);
    for (key, less) in twice {
        expected.get_mut(*key).expect("it is counted")[0] -= less;
    }
    assert_eq!(by_us(&path, north_first), expected, "{name}");
}

#[test]
fn every_polygon_of_every_file_is_read_once() {
    check("delft-citygml2.xml", false, &[]);
    check("lod2_buildings_v3.gml", false, &[]);
    check("plateau_64413325_bldg_6697_op_citygml2.gml", true, &[]);
    check("zurich-lod2-citygml1.xml", false, &[]);
    let tile =
        |version| format!("ogc_Urban-Planning-ADE_53394517_bldg_6697_2_op_CityGML{version}.gml");
    check(&tile(2), true, &[]);
    check(&tile(3), true, &[]);
    // The garage has its wall towards the house by reference: one polygon, a face of each.
    let garage = "ogc_CityGMLv3_Building_and_garage_LOD2-EPSG25832.gml";
    check(garage, false, &[("faces 2", -1.0)]);
}

/// GDAL names each building of a file by `gml_id`; so do we. It reads CityGML 1 and 2 only.
#[test]
fn gdal_finds_the_same_buildings() {
    for (name, count) in [
        ("delft-citygml2.xml", 3),
        ("plateau_64413325_bldg_6697_op_citygml2.gml", 25),
        ("zurich-lod2-citygml1.xml", 4),
    ] {
        let Some(path) = borrowed(&format!("{FOLDER}/{name}")) else {
            return;
        };
        // GDAL writes a `.gfs` beside what it reads: the copy may be written to.
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.gml");
        std::fs::copy(&path, &copy).unwrap();
        let output = Command::new("ogrinfo")
            .args(["-ro", "-al"])
            .arg(&copy)
            .output()
            .expect("gdal-bin is installed");
        let text = String::from_utf8_lossy(&output.stdout);
        let ids = text.lines().filter_map(|line| {
            let (field, id) = line.trim().split_once(" (String) = ")?;
            (field == "gml_id").then(|| id.to_owned())
        });
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        let raw = read(&path);
        let mut keys: Vec<String> = raw.features.iter().map(|one| one.key.clone()).collect();
        keys.sort();
        assert_eq!(keys.len(), count);
        assert_eq!(
            ids,
            keys,
            "{name}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Latitude first: PROJ puts the tile where the importer does.
#[test]
fn a_japanese_tile_lies_in_tokyo() {
    let name = "ogc_Urban-Planning-ADE_53394517_bldg_6697_2_op_CityGML2.gml";
    let Some(path) = borrowed(&format!("{FOLDER}/{name}")) else {
        return;
    };
    let converted = import(&path);
    let mut proj = Command::new("cs2cs")
        .args(["-f", "%.4f", "EPSG:6668", "EPSG:32654"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("proj-bin is installed");
    // The first corner of the roof edge, as the file has it.
    let corner = b"35.67894842882243 139.71765053158802 0\n";
    std::io::Write::write_all(&mut proj.stdin.take().unwrap(), corner).unwrap();
    let output = proj.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let building = converted.entities.iter().find_map(|entity| match entity {
        Entity::Building(building) => Some(building),
        _ => None,
    });
    let building = building.expect("a building");
    let corners = building.models[0]
        .surfaces
        .iter()
        .flat_map(|face| &face.rings)
        .flatten();
    let nearest_m = corners
        .map(|at| (at[0] - words[0]).hypot(at[1] - words[1]))
        .fold(f64::INFINITY, f64::min);
    assert!(nearest_m < 1e-3, "{nearest_m} m from {words:?}");
}
