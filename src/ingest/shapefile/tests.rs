//! Shapefiles made here with the library's writer and by hand, whole and damaged.

use std::io::Cursor;
use std::path::Path;

use ::shapefile::{Point, Polygon, PolygonRing, ShapeWriter};
use proptest::prelude::*;

use super::super::{Folder, Format, Input, RawCity, ReadError, ReadOptions, read_input};

fn options() -> ReadOptions {
    ReadOptions {
        format: Some(Format::Shapefile),
        ..ReadOptions::default()
    }
}

/// Shapes alone.
fn read(bytes: &[u8]) -> Result<RawCity, ReadError> {
    read_input(
        &Input::alone("t.shp".as_ref(), bytes),
        &options(),
        &mut |_| Ok(()),
    )
}

/// Shapes with what lies beside them.
fn read_with(shapes: &[u8], beside: &[(&str, &[u8])]) -> Result<RawCity, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    for (ending, bytes) in beside {
        std::fs::write(folder.path().join(format!("t.{ending}")), bytes).unwrap();
    }
    let path = folder.path().join("t.shp");
    read_input(
        &Input::in_folder(&path, shapes, &Folder::of(&path)),
        &options(),
        &mut |_| Ok(()),
    )
}

/// Two triangles and their index.
fn triangles() -> (Vec<u8>, Vec<u8>) {
    let (mut shapes, mut index) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
    {
        let mut writer = ShapeWriter::with_shx(&mut shapes, &mut index);
        for x in [0.0, 20.0] {
            let corners = [[0.0, 0.0], [0.0, 9.0], [9.0, 9.0]];
            let ring = corners.map(|at| Point::new(x + at[0], at[1])).to_vec();
            writer
                .write_shape(&Polygon::new(PolygonRing::Outer(ring)))
                .unwrap();
        }
    }
    (shapes.into_inner(), index.into_inner())
}

/// A table of one column `N` of two numbers.
fn table(rows: &[&[u8; 3]]) -> Vec<u8> {
    let mut bytes = vec![3, 125, 1, 1];
    bytes.extend((rows.len() as u32).to_le_bytes());
    bytes.extend([65, 0, 3, 0]);
    bytes.resize(32, 0);
    bytes.extend(b"N\0\0\0\0\0\0\0\0\0\0N\0\0\0\0\x02\0");
    bytes.resize(64, 0);
    bytes.push(13);
    bytes.extend(rows.iter().flat_map(|row| row.iter()));
    bytes
}

#[test]
fn shapes_and_rows_belong_together() {
    let (shapes, _) = triangles();
    let city = read_with(&shapes, &[("dbf", &table(&[b" 12", b" 34"]))]).unwrap();
    let values: Vec<_> = city
        .features
        .iter()
        .map(|one| one.attributes["N"].clone())
        .collect();
    assert_eq!(values, [12, 34]);
    let city = read_with(&shapes, &[("dbf", &table(&[b"*12", b" **"]))]).unwrap();
    assert_eq!(city.features.len(), 1);
    assert!(city.features[0].attributes.is_empty());
    let city = read_with(&shapes, &[("dbf", &table(&[b" 12"]))]).unwrap();
    assert!(
        city.warnings.list()[0]
            .reason
            .contains("no row in the .dbf")
    );
    let city = read_with(&shapes, &[("dbf", &table(&[b" 12", b" 34", b" 56"]))]).unwrap();
    assert!(
        city.warnings.list()[0]
            .reason
            .starts_with("1 row of the .dbf has no shape")
    );
    let fault = read_with(&shapes, &[("dbf", b"x")])
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains("the .dbf beside it is damaged: its header is cut off"),
        "{fault}"
    );
}

#[test]
fn an_index_leads_to_shapes_that_are_not_in_a_row() {
    let (shapes, index) = triangles();
    let first = &shapes[100..100 + (shapes.len() - 100) / 2];
    let second = &shapes[100 + first.len()..];
    let swapped = [&shapes[..100], b"rubbish!", second, first].concat();
    let mut turned = index.clone();
    let word = |bytes: usize| ((bytes / 2) as i32).to_be_bytes();
    turned[100..104].copy_from_slice(&word(108 + second.len()));
    turned[108..112].copy_from_slice(&word(108));
    let whole = read_with(&shapes, &[("shx", &index)]).unwrap();
    let found = read_with(&swapped, &[("shx", &turned)]).unwrap();
    assert_eq!(found.features, whole.features);
    // One that leads nowhere is told; one that is none is passed over.
    turned[100..104].copy_from_slice(&i32::MAX.to_be_bytes());
    let fault = read_with(&shapes, &[("shx", &turned)])
        .unwrap_err()
        .to_string();
    assert!(fault.starts_with("record 1 reaches beyond"), "{fault}");
    assert_eq!(
        read_with(&shapes, &[("shx", b"x")]).unwrap().features.len(),
        2
    );
}

#[test]
fn a_projection_that_cannot_be_read_is_told_later() {
    let (shapes, _) = triangles();
    let city = read_with(&shapes, &[("prj", b"PROJCS[")]).unwrap();
    assert!(city.crs.is_none() && city.crs_fault.is_some());
    let city = read_with(&shapes, &[("prj", b" ")]).unwrap();
    assert!(city.crs.is_none() && city.crs_fault.is_none());
}

#[test]
fn claims_beyond_the_record_are_skipped() {
    let (mut shapes, _) = triangles();
    shapes[100 + 8 + 40..100 + 8 + 44].copy_from_slice(&i32::MAX.to_le_bytes());
    let city = read(&shapes).unwrap();
    assert_eq!(city.features.len(), 1);
    let told = &city.warnings.list()[0].reason;
    assert!(
        told.starts_with("its shape claims 1 parts and 2147483647 points"),
        "{told}"
    );
    assert!(
        read(&shapes[..200])
            .unwrap_err()
            .to_string()
            .contains("cut off")
    );
    assert!(read(Path::new("x").as_os_str().as_encoded_bytes()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        kind in 0_u8..32,
    ) {
        let (mut shapes, mut index) = triangles();
        let _ = read(&bytes);
        let mut typed = shapes.clone();
        typed[108] = kind;
        let _ = read(&[&shapes[..100], &bytes[..]].concat());
        let mut dbf = table(&[b" 12", b" 34"]);
        for (at, byte) in changes {
            for file in [&mut shapes, &mut index, &mut dbf, &mut typed] {
                let at = at.index(file.len());
                file[at] = byte;
            }
        }
        let _ = read(&typed);
        let beside = [("shx", &index[..]), ("dbf", &dbf[..]), ("prj", &bytes[..]), ("cpg", &bytes[..])];
        let _ = read_with(&shapes, &beside);
        let _ = read_with(&shapes, &[("dbf", &bytes[..])]);
    }
}
