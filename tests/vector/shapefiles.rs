//! What lies beside shapes: encodings, missing files, deleted rows.

use pingjiang::ingest::ReadOptions;

use crate::fixtures::{self, Beside};
use crate::read_with;
use crate::support::borrowed;

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
            .any(|note| note.starts_with("1 shape whose row")),
        "{:?}",
        city.notes
    );
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
