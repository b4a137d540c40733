//! GeoPackages made here, whole and damaged.

use proptest::prelude::*;
use rusqlite::{Connection, MAIN_DB};

use super::super::{Format, Input, RawCity, ReadError, ReadOptions, read_input};

fn read(bytes: &[u8], layer: Option<&str>) -> Result<RawCity, ReadError> {
    let options = ReadOptions {
        format: Some(Format::GeoPackage),
        layer: layer.map(str::to_owned),
        ..ReadOptions::default()
    };
    read_input(
        &Input::alone("t.gpkg".as_ref(), bytes),
        &options,
        &mut |_| Ok(()),
    )
}

const TABLES: &str = "
    CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER PRIMARY KEY, organization TEXT,
        organization_coordsys_id INTEGER, definition TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES (4549, 'EPSG', 4549, ''), (4326, 'EPSG', 4326, '');
    CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);";

/// A table of one triangle, as a layer.
fn layer(name: &str, srs_id: u32) -> String {
    let corners = [
        [558_000.0, 3_467_000.0],
        [558_010.0, 3_467_000.0],
        [558_000.0, 3_467_010.0_f64],
    ];
    let mut blob = b"GP\0\x01\0\0\0\0\x01\x03\0\0\0\x01\0\0\0\x04\0\0\0".to_vec();
    for number in corners.iter().chain(corners.first()).flatten() {
        blob.extend(number.to_le_bytes());
    }
    let hex: String = blob.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "CREATE TABLE \"{name}\" (fid INTEGER PRIMARY KEY, geom BLOB, 层数 INTEGER, old BOOLEAN);
         INSERT INTO \"{name}\" VALUES (7, x'{hex}', 3, 1);
         INSERT INTO gpkg_contents VALUES ('{name}', 'features');
         INSERT INTO gpkg_geometry_columns VALUES ('{name}', 'geom', {srs_id});"
    )
}

fn bytes_of(mut connection: Connection) -> Vec<u8> {
    connection.serialize(MAIN_DB).unwrap().to_vec()
}

fn package(statements: &[&str]) -> Vec<u8> {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&[TABLES, &statements.concat()].concat())
        .unwrap();
    bytes_of(connection)
}

#[test]
fn rows_become_features() {
    let city = read(
        &package(&[&layer("houses \"old\"".replace('"', "").as_str(), 4549)]),
        None,
    )
    .unwrap();
    assert_eq!(city.crs.and_then(|crs| crs.epsg()), Some(4549));
    let one = &city.features[0];
    assert_eq!(one.key, "houses old.7");
    assert_eq!(
        (&one.attributes["层数"], &one.attributes["old"]),
        (&3.into(), &true.into())
    );
    assert_eq!(one.attributes.len(), 2);
}

#[test]
fn layers_in_different_systems_are_not_mixed() {
    let bytes = package(&[&layer("a", 4549), &layer("b", 4326)]);
    let fault = read(&bytes, None).unwrap_err().to_string();
    assert!(
        fault.contains("a (srs_id 4549), b (srs_id 4326); import them"),
        "{fault}"
    );
    assert_eq!(read(&bytes, Some("b")).unwrap().features[0].key, "b.7");
    // One without a row does not count.
    let bytes = package(&[&layer("a", 4549), &layer("b", 4326), "DELETE FROM b;"]);
    assert_eq!(read(&bytes, None).unwrap().features.len(), 1);
}

#[test]
fn foreign_code_does_not_run() {
    let view = "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                SELECT i AS fid, NULL AS geom FROM n;
                INSERT INTO gpkg_contents VALUES ('v', 'features');
                INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 4549);";
    let city = read(&package(&[&layer("a", 4549), view]), None).unwrap();
    assert_eq!(city.features.len(), 1);
    assert!(
        city.notes
            .iter()
            .any(|note| note.contains("\"v\" is a view")),
        "{:?}",
        city.notes
    );
}

#[test]
fn what_is_no_geopackage_is_refused() {
    for (table, reason) in [
        ("t", "no table gpkg_contents"),
        ("pingjiang_meta", "a city of this program already"),
    ] {
        let plain = Connection::open_in_memory().unwrap();
        let statement = format!("CREATE TABLE {table} (a);");
        plain.execute_batch(&statement).unwrap();
        let fault = read(&bytes_of(plain), None).unwrap_err().to_string();
        assert!(fault.contains(reason), "{fault}");
    }
    let fault = read(b"SQLite format 3\0", None).unwrap_err().to_string();
    assert!(fault.contains("cut off"), "{fault}");
    let whole = package(&[&layer("a", 4549)]);
    for pages in [1, 2, 5] {
        let fault = read(&whole[..pages * 4096 - 9], None)
            .unwrap_err()
            .to_string();
        assert!(fault.contains("again"), "{fault}");
    }
}

#[test]
fn geometry_that_cannot_be_read_is_skipped() {
    for (blob, reason) in [
        ("x'00'", "its geometry does not begin"),
        ("'text'", "its geometry is no binary value"),
        ("x'47500021'", "its geometry is of an extension"),
        (
            "x'4750000f0000000001'",
            "its geometry has an unknown kind of box",
        ),
        ("x'47500003'", "its geometry is cut off"),
        (
            "x'47500001000000000108000000'",
            "its geometry cannot be read",
        ),
        ("NULL", "no geometry"),
    ] {
        let change = format!("UPDATE a SET geom = {blob};");
        let city = read(&package(&[&layer("a", 4549), &change]), None).unwrap();
        let told = &city.warnings.list()[0];
        assert!(told.reason.starts_with(reason), "{blob}: {told:?}");
        assert_eq!(told.places, ["feature 1 (id a.7)"]);
    }
}

proptest! {
    #[test]
    fn never_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let _ = read(&bytes, None);
        let mut whole = package(&[&layer("a", 4549)]);
        for (at, byte) in changes {
            let at = at.index(whole.len());
            whole[at] = byte;
        }
        let _ = read(&whole, None);
        let geometry: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let change = format!("UPDATE a SET geom = x'475000010000000001{geometry}';");
        let _ = read(&package(&[&layer("a", 4549), &change]), None);
    }
}
