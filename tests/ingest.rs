//! Real files through the importer: exact counts, levels of detail, positions as PROJ has them.
//! Data are borrowed; without them a test is skipped, on the CI machine it fails.

mod support;

use std::path::Path;
use std::process::Command;

use pingjiang::base::ImportId;
use pingjiang::ingest::{self, Converted, Format, Origin, ReadError, ReadOptions, Target};
use pingjiang::model::{Building, Entity, HeightOrigin};
use pingjiang::space::{Crs, Datum, SurfaceKind, area_m2};
use support::borrowed;

const FOOTPRINTS: &str = "suzhou/suzhou_oldcity_osm_buildings_8242.geojson";

fn origin(crs: Option<u32>) -> Origin {
    Origin {
        dataset: "test".into(),
        import: ImportId::from_bits(1),
        crs: crs.map(|code| Crs::from_epsg(code).unwrap()),
        datum: Datum::Wgs84,
    }
}

/// A file in the CRS of a new city made of it, converted while it is read.
fn import(path: &Path, crs: Option<u32>) -> Result<(Crs, Converted), ReadError> {
    let file = ingest::import_file(path, &ReadOptions::default(), None, &origin(crs));
    let file = file.map_err(|error| error.fault)?;
    Ok((file.crs, file.converted))
}

/// The same with all of the file in memory.
fn import_whole(path: &Path, crs: Option<u32>) -> Result<(Crs, Converted), ReadError> {
    let file = ingest::read_file(path, &ReadOptions::default()).map_err(|error| error.fault)?;
    let mut origin = origin(crs);
    origin.import = ImportId::from_source(&origin.dataset, &file.sha256);
    let target = Target {
        crs: ingest::choose_crs(&file.raw, origin.crs.as_ref())?,
        extent: None,
    };
    let converted = ingest::convert(file.raw, &target, &origin)?;
    Ok((target.crs, converted))
}

fn buildings(converted: &Converted) -> impl Iterator<Item = &Building> {
    converted.entities.iter().filter_map(|entity| match entity {
        Entity::Building(building) => Some(&**building),
        _ => None,
    })
}

/// Checks kinds and counts of a file in one line.
fn check(file: &str, crs: Option<u32>, expected_crs: &str, expected: &str) -> Option<Converted> {
    let (crs, converted) = import(&borrowed(file)?, crs).unwrap();
    assert_eq!(crs.name(), expected_crs, "{file}");
    let counts = converted.counts();
    let found: Vec<String> = counts
        .iter()
        .map(|(kind, count)| format!("{} {count}", kind.as_str()))
        .collect();
    assert_eq!(
        found.join(", "),
        expected,
        "{file}: {:#?}",
        converted.warnings
    );
    Some(converted)
}

fn lods(converted: &Converted) -> String {
    let mut lods = std::collections::BTreeMap::new();
    for model in buildings(converted).flat_map(|building| &building.models) {
        *lods.entry(model.lod.as_str()).or_insert(0) += 1;
    }
    format!("{lods:?}")
}

#[test]
fn the_old_city_footprints() {
    let Some(mut file) = check(FOOTPRINTS, None, "EPSG:4549", "building 8242") else {
        return;
    };
    assert_eq!(file.height_origins[&HeightOrigin::Measured], 24);
    assert_eq!(file.height_origins[&HeightOrigin::Default], 8218);
    assert_eq!(
        buildings(&file)
            .filter(|building| building.name.is_some())
            .count(),
        303
    );
    let pagoda = buildings(&file)
        .find(|one| one.name.as_deref() == Some("北寺塔"))
        .unwrap();
    assert_eq!(
        (pagoda.height_m, pagoda.height_origin),
        (76.0, HeightOrigin::Measured)
    );
    let corner = pagoda.footprint.exterior().0[0];
    if let Some([e, n]) = cs2cs("EPSG:4326", "EPSG:4549", [120.6154995, 31.3244012]) {
        let near = pagoda.footprint.exterior().0.iter();
        let off = near
            .map(|c| (c.x - e).hypot(c.y - n))
            .fold(f64::INFINITY, f64::min);
        assert!(off < 1e-3, "{corner:?} against {e} {n}");
    }
    let all = ingest::join(std::slice::from_mut(&mut file));
    let walls = all.iter().filter(|entity| match entity {
        Entity::Building(building) => !building.party_walls.is_empty(),
        _ => false,
    });
    assert_eq!(walls.count(), PARTY_WALLED);
    assert!(symmetric_walls(&all));
}

/// Buildings with at least one neighbour behind a shared wall.
const PARTY_WALLED: usize = 1676;

fn symmetric_walls(entities: &[Entity]) -> bool {
    let walls: std::collections::BTreeSet<_> = entities
        .iter()
        .filter_map(|entity| match entity {
            Entity::Building(building) => Some(building),
            _ => None,
        })
        .flat_map(|building| {
            building
                .party_walls
                .iter()
                .map(|other| (building.id, *other))
        })
        .collect();
    walls
        .iter()
        .all(|(a, b)| a != b && walls.contains(&(*b, *a)))
}

/// PROJ's own answer, east and north; `None` without the program.
fn cs2cs(from: &str, to: &str, at: [f64; 2]) -> Option<[f64; 2]> {
    let line = format!("echo {} {} | cs2cs -f %.6f {from} {to}", at[1], at[0]);
    let out = Command::new("sh").args(["-c", &line]).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let numbers: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    // PROJ answers in the registry's order, north first.
    Some([*numbers.get(1)?, *numbers.first()?])
}

#[test]
fn delft_has_every_kind() {
    let file = "citymodels/cityjson/delft_v20_570obj_lod1.city.json";
    let expected = "building 160, road 143, water 3, ground_area 207, object 57";
    let Some(delft) = check(file, None, "EPSG:28992", expected) else {
        return;
    };
    assert_eq!(lods(&delft), r#"{"1": 160}"#);
    assert!(buildings(&delft).all(|one| one.height_origin == HeightOrigin::Measured));
}

#[test]
fn zurich_joins_its_parts() {
    let file = "citymodels/cityjson/zurich_v11_49b_lod2.city.json";
    let Some(zurich) = check(file, None, "EPSG:2056", "building 49") else {
        return;
    };
    assert_eq!(lods(&zurich), r#"{"2": 49}"#);
    let parts: u64 = buildings(&zurich)
        .map(|one| one.attributes["parts"].as_u64().unwrap())
        .sum();
    assert_eq!(parts, 161);
    for building in buildings(&zurich) {
        let kinds: Vec<_> = building.models[0]
            .surfaces
            .iter()
            .map(|face| face.kind)
            .collect();
        for kind in [SurfaceKind::RoofSurface, SurfaceKind::WallSurface] {
            assert!(kinds.contains(&kind), "{}: {kind:?}", building.source.key);
        }
    }
    let uneven = buildings(&zurich)
        .filter(|one| !one.repairs.is_empty())
        .count();
    assert!(uneven <= 10, "{uneven} footprints were assumed");
}

#[test]
fn the_3dbag_keeps_three_levels() {
    let file = "citymodels/cityjson/3dbag_v20_10b_multilod.city.json";
    let Some(bag) = check(file, Some(7415), "EPSG:28992", "building 10") else {
        return;
    };
    assert_eq!(lods(&bag), r#"{"1.2": 10, "1.3": 10, "2.2": 10}"#);
    let house = buildings(&bag)
        .find(|one| one.source.key == "6751773")
        .unwrap();
    assert_eq!(house.year, Some(1965));
    assert!(house.repairs.is_empty() && area_m2(&house.footprint) > 10.0);
    let Some(path) = borrowed(file) else { return };
    let fault = import(&path, None).unwrap_err();
    assert!(fault.to_string().contains("--crs EPSG"), "{fault}");
}

#[test]
fn a_hundred_solids_of_citygml4j() {
    let file = "citymodels/cityjson/citygml4j_lod2_buildings.city.json";
    let Some(solids) = check(file, None, "EPSG:3068", "building 100") else {
        return;
    };
    assert_eq!(lods(&solids), r#"{"2": 100}"#);
    let one = buildings(&solids).find(|one| one.name.as_deref() == Some("Testcase-0-0_LoD2"));
    let one = one.unwrap();
    assert_eq!((one.height_m, one.storeys, one.year), (11.0, 5, Some(1929)));
}

#[test]
fn sequences() {
    let seq = |name: &str| format!("citymodels/cityjsonseq/{name}");
    let first = check(
        &seq("3dbag_901_v11_52b.city.jsonl"),
        None,
        "EPSG:28992",
        "building 52",
    );
    if first.is_none() {
        return;
    }
    let invalid = check(
        &seq("3dbag_5870_v11_55b_extension.city.jsonl"),
        None,
        "EPSG:28992",
        "building 54, object 1",
    );
    let warnings = invalid.unwrap().warnings;
    assert!(
        warnings
            .list()
            .iter()
            .any(|one| one.reason.contains("BuildingZ")),
        "{warnings:?}"
    );
    let a = check(&seq("3dbag_b2.city.json"), None, "EPSG:28992", "building 2").unwrap();
    let b = check(
        &seq("3dbag_b2.city.jsonl"),
        None,
        "EPSG:28992",
        "building 2",
    )
    .unwrap();
    assert_eq!(b.format, Format::CityJsonSeq);
    let names = |file: &Converted| {
        let mut names: Vec<String> = buildings(file).map(|one| one.source.key.clone()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&a), names(&b));
}

#[test]
fn another_continent_is_refused() {
    let Some(path) = borrowed(FOOTPRINTS) else {
        return;
    };
    let file = ingest::read_file(&path, &ReadOptions::default()).unwrap();
    let delft = pingjiang::space::Bounds2::from_points([[84_000.0, 446_000.0]]);
    let target = Target {
        crs: Crs::from_epsg(28992).unwrap(),
        extent: Some(delft),
    };
    let fault = ingest::convert(file.raw, &target, &origin(None))
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains("feature 1 ") && fault.contains("--crs"),
        "{fault}"
    );
}

#[test]
fn everything_borrowed_is_run_through() {
    let mut seen = 0;
    for folder in [
        "conformance/cjval",
        "conformance/cityjson-corpus",
        "citymodels",
        "gusu",
        "vector",
    ] {
        let Some(folder) = borrowed(folder) else {
            return;
        };
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                seen += 1;
                for crs in [None, Some(28992)] {
                    // Where both fail they may find another fault first.
                    let (parts, whole) = (import(&path, crs), import_whole(&path, crs));
                    assert_eq!(parts.ok(), whole.ok(), "{path:?}");
                }
            }
        }
    }
    assert!(seen > 250, "{seen} files");
}

/// More features than a reader hands on at once, of which the later ones name materials that the
/// first part knows nothing of.
#[test]
fn a_file_of_several_parts_is_as_if_it_were_read_whole() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ingest/two.city.jsonl");
    let text = std::fs::read_to_string(fixture).unwrap();
    let mut lines = text.lines();
    let (head, house) = (lines.next().unwrap(), lines.next().unwrap());
    let mut out = head.to_owned();
    let count = ingest::PART_FEATURES + 20;
    for number in 0..count {
        let mut feature: serde_json::Value = serde_json::from_str(house).unwrap();
        let body = feature["CityObjects"]["a"].take();
        feature["CityObjects"] = serde_json::json!({ number.to_string(): body });
        feature["id"] = number.to_string().into();
        let name = format!("material of {}", number / 1_000);
        feature["appearance"] = serde_json::json!({ "materials": [{ "name": name }] });
        let geometry = &mut feature["CityObjects"][number.to_string()]["geometry"][0];
        geometry["material"] = serde_json::json!({ "day": { "value": 0 } });
        out += &format!("\n{feature}");
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.city.jsonl");
    std::fs::write(&path, out).unwrap();
    let parts = import(&path, None).unwrap();
    assert_eq!(parts, import_whole(&path, None).unwrap());
    let (_, converted) = parts;
    let materials = (count - 1) / 1_000 + 1;
    assert_eq!(converted.entities.len(), count + materials);
    let last = buildings(&converted).last().unwrap();
    let Entity::Material(material) = &converted.entities[materials - 1] else {
        panic!("materials come first")
    };
    assert_eq!(material.name, format!("material of {}", materials - 1));
    assert_eq!(last.models[0].details[0].materials["day"], material.id);
}
