//! FlatGeobuf files made here with the library's writer, whole and damaged.

use flatgeobuf::geozero::{ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor, error};
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use proptest::prelude::*;

use super::super::{Format, Input, RawCity, ReadError, ReadOptions, read_input};

fn read(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let options = ReadOptions {
        format: Some(Format::FlatGeobuf),
        ..ReadOptions::default()
    };
    read_input(
        &Input::alone("t.fgb".as_ref(), bytes),
        &options,
        &mut |_| Ok(()),
    )
}

/// A house of three corners.
struct Triangle {
    west: f64,
}

impl GeozeroGeometry for Triangle {
    fn process_geom<P: GeomProcessor>(&self, to: &mut P) -> error::Result<()> {
        let corners = [[0.0, 0.0], [10.0, 0.0], [10.0, 9.0], [0.0, 0.0]];
        to.polygon_begin(true, 1, 0)?;
        to.linestring_begin(false, corners.len(), 0)?;
        for (index, at) in corners.iter().enumerate() {
            to.xy(self.west + at[0], at[1], index)?;
        }
        to.linestring_end(false, 0)?;
        to.polygon_end(true, 0)
    }
}

/// Two houses with a name each; with an index or without.
fn houses(has_index: bool) -> Vec<u8> {
    let options = FgbWriterOptions {
        write_index: has_index,
        crs: FgbCrs {
            code: 4549,
            ..FgbCrs::default()
        },
        ..FgbWriterOptions::default()
    };
    let mut writer =
        FgbWriter::create_with_options("houses", GeometryType::Polygon, options).unwrap();
    writer.add_column("name", ColumnType::String, |_, _| {});
    writer.add_column("层数", ColumnType::Int, |_, _| {});
    for index in 0..2_u8 {
        let west = 558_000.0 + 20.0 * f64::from(index);
        writer
            .add_feature_geom(Triangle { west }, |feature| {
                let _ = feature.property(0, "name", &ColumnValue::String("甲"));
                let _ = feature.property(1, "层数", &ColumnValue::Int(3));
            })
            .unwrap();
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_was_written_is_read() {
    for has_index in [true, false] {
        let city = read(&houses(has_index)).unwrap();
        assert_eq!(city.crs.and_then(|crs| crs.epsg()), Some(4549));
        assert_eq!(city.features.len(), 2);
        assert_eq!(city.features[1].attributes["层数"], 3);
        assert_eq!(city.features[0].shape.polygons[0][0].len(), 3);
    }
}

#[test]
fn every_end_that_is_cut_is_told() {
    let whole = houses(true);
    for length in 1..whole.len() {
        let fault = read(&whole[..length]).err();
        let told = fault.unwrap_or_else(|| panic!("{length} of {} bytes were taken", whole.len()));
        assert!(told.to_string().contains("get"), "{length}: {told}");
    }
}

#[test]
fn claims_beyond_the_file_are_refused() {
    let mut bytes = houses(false);
    let header = u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
    let at = 12 + header;
    bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    let fault = read(&bytes).unwrap_err().to_string();
    assert!(
        fault.starts_with("the file ends within feature 1"),
        "{fault}"
    );
}

#[test]
fn damage_is_told_in_one_line_of_our_own() {
    let whole = houses(false);
    let header = u32::from_le_bytes(whole[8..12].try_into().unwrap()) as usize;
    for (from, what) in [(12, "its header"), (12 + header + 4, "feature 1")] {
        let mut bytes = whole.clone();
        bytes[from..from + 4].copy_from_slice(&(1_u32 << 30).to_le_bytes());
        assert_eq!(
            read(&bytes).unwrap_err().to_string(),
            format!("{what} is damaged (its parts do not fit into each other); get the file again")
        );
    }
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        has_index: bool,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let _ = read(&bytes);
        let _ = read(&[b"fgb\x03fgb\x00", &bytes[..]].concat());
        let mut whole = houses(has_index);
        for (at, byte) in changes {
            let at = at.index(whole.len());
            whole[at] = byte;
        }
        let _ = read(&whole);
    }
}
