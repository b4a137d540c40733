//! Tables of features, and the mapping that says which attribute is what.

use std::path::Path;

use pingjiang::ingest::{
    self, Folder, Format, Input, Mapping, PART_FEATURES, RawCity, ReadError, ReadOptions,
    SeriesOptions,
};

use crate::bodies::Seen;
use crate::imports;

/// FlatGeobuf.
pub fn flatgeobuf(bytes: &[u8]) -> Seen {
    read_as(Format::FlatGeobuf, bytes)
}

/// GeoPackages of other programs.
pub fn geopackage(bytes: &[u8]) -> Seen {
    read_as(Format::GeoPackage, bytes)
}

/// Tables of text.
pub fn csv(bytes: &[u8]) -> Seen {
    read_as(Format::Csv, bytes)
}

/// A table of times and numbers: refused with advice, or series in order whose numbers are finite, and
/// no cell of a column is gone uncounted; the same at another offset, but for its times.
pub fn series(bytes: &[u8]) -> Seen {
    let read = |offset_minutes| {
        ingest::read_series(
            bytes,
            Path::new("sensor.fuzz"),
            &SeriesOptions { offset_minutes },
        )
    };
    let series = match read(480) {
        Ok(series) => series,
        Err(fault) => return Seen::message(&fault.to_string()),
    };
    let told = &series.told;
    let rows = told.rows - told.not_a_time.count - told.doubled;
    let mut by_name = std::collections::BTreeMap::<&str, Vec<usize>>::new();
    for column in &series.columns {
        assert!(column.values.is_sorted_by(|one, next| one.0 < next.0));
        assert!(column.values.iter().all(|(_, value)| value.is_finite()));
        let marks: usize = column.told.sentinels.iter().map(|mark| mark.count).sum();
        let cells =
            column.values.len() + marks + column.told.empty + column.told.not_a_number.count;
        by_name.entry(&column.name).or_default().push(cells);
    }
    // Several columns may bear one name: each has all rows.
    for cells in by_name.values() {
        assert_eq!(cells.iter().sum::<usize>() % rows.max(1), 0, "{told:?}");
    }
    let elsewhere = read(-300).expect("it was read at another offset");
    assert_eq!(elsewhere.told.rows, told.rows);
    Seen::of((
        told.time_form as u8,
        series.columns.len().min(9),
        told.cells_apart_by,
    ))
}

/// Shapes with their table beside them: the length of the shapes, the shapes, the table.
pub fn shapefile(bytes: &[u8]) -> Seen {
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return Seen::REFUSED;
    };
    let length = (u32::from_le_bytes(*length) as usize).min(rest.len());
    let (shapes, table) = rest.split_at(length);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("t.dbf"), table).expect("it can be written");
    let path = folder.path().join("t.shp");
    let beside = Folder::of(&path);
    let input = Input::in_folder(&path, shapes, &beside);
    imports::check(whole(&input, Format::Shapefile), Format::Shapefile, bytes)
}

fn read_as(format: Format, bytes: &[u8]) -> Seen {
    let input = Input::alone(Path::new("houses.fuzz"), bytes);
    imports::check(whole(&input, format), format, bytes)
}

/// The file as one, out of parts that are none too large and all know the same head.
fn whole(input: &Input, format: Format) -> Result<RawCity, ReadError> {
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    let mut all = Vec::new();
    let mut heads = Vec::new();
    let mut take = |city: &mut RawCity| {
        assert!(city.features.len() <= PART_FEATURES);
        heads.push((city.format, city.crs.clone()));
        all.append(&mut city.features);
        Ok(())
    };
    let mut city = ingest::read_input(input, &options, &mut take)?;
    let head = (city.format, city.crs.clone());
    assert!(heads.iter().all(|of_part| *of_part == head));
    all.append(&mut city.features);
    city.features = all;
    Ok(city)
}

/// Mappings: strict, a fault names its line, and what is taken shows any feature in numbers that
/// are some.
pub fn mapping(bytes: &[u8]) -> Seen {
    let text = String::from_utf8_lossy(bytes);
    let mapping = match Mapping::parse(&text) {
        Ok(mapping) => mapping,
        Err(fault) => {
            let lines = text.split('\n').count();
            assert!((1..=lines).contains(&fault.line), "{fault}");
            return Seen::message(&fault.to_string());
        }
    };
    let again = Mapping::parse(&text);
    assert_eq!(again.as_ref(), Ok(&mapping), "the same text means the same");
    let house = r#"{"type":"Feature","id":1,"properties":{"H":12,"楼高":"3 m","层":4,"JG":"甲","YT":"乙","N":"n","Y":1936,"BSM":"b"},
        "geometry":{"type":"Polygon","coordinates":[[[558000,3467000],[558012,3467000],[558012,3467009],[558000,3467000]]]}}"#;
    let options = ReadOptions {
        mapping,
        format: Some(Format::GeoJson),
        ..ReadOptions::default()
    };
    let input = Input::alone(Path::new("house.geojson"), house.as_bytes());
    let read = ingest::read_input(&input, &options, &mut |_| Ok(()));
    if let Ok(city) = &read {
        let kept = city.features.iter().all(|one| one.attributes["H"] == 12);
        assert!(kept, "a mapping changes nothing of what is kept");
    }
    imports::check(read, Format::GeoJson, b"")
}
