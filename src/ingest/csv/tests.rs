//! Tables as texts of our own.

use proptest::prelude::*;

use crate::model::Entity;
use crate::space::Datum;

use super::super::{Converted, Input, Mapping, ReadError, ReadOptions, read_input, test_frame};

fn import(bytes: &[u8], name: &str, mapping: &str) -> Result<Converted, ReadError> {
    let options = ReadOptions {
        format: Some(super::Format::Csv),
        mapping: Mapping::parse(mapping).unwrap(),
        ..ReadOptions::default()
    };
    let input = Input::alone(name.as_ref(), bytes);
    test_frame::import(read_input(&input, &options, &mut |_| Ok(()))?, Datum::Wgs84)
}

fn check(text: &str, mapping: &str, expected: &str) {
    test_frame::check(text, import(text.as_bytes(), "t.csv", mapping), expected);
}

#[test]
fn coordinates_by_every_name_and_delimiter() {
    let place = "kind = \"place\"";
    check("id,name,lon,lat\n1,甲,120.6,31.3\n", place, "place 1");
    check(
        "\u{feff}id;名称;经度;纬度\r\n1;甲;120,6;31,3\r\n",
        place,
        "place 1",
    );
    check(
        "id\tname\tx\ty\tz\n1\t\"甲\t乙\"\t120.6\t31.3\t4\n",
        place,
        "place 1",
    );
    check(
        "id,name,LNG,LAT\n1,甲,120.6°,31.3\n\n2,乙,120.7,31.3\n",
        place,
        "place 1; place 2",
    );
    check("id,name,wkt\n1,甲,POINT(120.6 31.3)\n", place, "place 1");
    let metres = "crs = \"EPSG:4549\"\nkind = \"place\"\nx = \"e\"\ny = \"n\"";
    check("id,name,e,n\n1,甲,558000,3467000\n", metres, "place 1");
    check(
        "id,name,x,y\n1,甲,558000,3467000\n",
        place,
        "the file does not name its CRS; state it with --crs",
    );
}

/// Where the only place of a table lies, and what is noted; with the stated datum, if any.
fn place_of(text: &str, datum: Option<Datum>) -> ([f64; 2], String) {
    let options = ReadOptions {
        format: Some(super::Format::Csv),
        mapping: Mapping::parse("kind = \"place\"").unwrap(),
        datum,
        ..ReadOptions::default()
    };
    let input = Input::alone("t.csv".as_ref(), text.as_bytes());
    let raw = read_input(&input, &options, &mut |_| Ok(())).unwrap();
    let found = test_frame::import(raw, datum.unwrap_or_default()).unwrap();
    let Entity::Place(place) = &found.entities[0] else {
        panic!("{text}");
    };
    let [x, y, _] = place.position;
    ([x, y], found.notes.join("; "))
}

#[test]
fn columns_named_by_a_datum_are_taken_in_it() {
    let row = |names: &str| format!("id,name,{names}\n1,甲,120.6,31.3\n");
    let off_m = |names: &str, datum| {
        let (at, notes) = place_of(&row(names), datum);
        let (true_at, _) = place_of(&row("lon,lat"), None);
        ((at[0] - true_at[0]).hypot(at[1] - true_at[1]), notes)
    };
    for names in [
        "lon_wgs84,lat_wgs84",
        "WGS84_LNG,WGS84_LAT",
        "x_wgs84,y_wgs84",
    ] {
        let (metres, notes) = off_m(names, None);
        assert!(
            metres < 0.001 && !notes.contains("--datum"),
            "{names}: {notes}"
        );
    }
    for (names, expected_m, word) in [
        ("lon_gcj02,lat_gcj02", 464.0, "taken as gcj02"),
        ("lng_bd09,lat_bd09", 1_104.0, "taken as bd09"),
    ] {
        let (metres, notes) = off_m(names, None);
        assert!((metres - expected_m).abs() < 30.0, "{names}: {metres}");
        assert!(notes.contains(word), "{notes}");
    }
    // What is stated goes first, over the names.
    let (metres, notes) = off_m("lon_gcj02,lat_gcj02", Some(Datum::Wgs84));
    assert!(metres < 0.001 && !notes.contains("--datum"), "{notes}");
    // Of several pairs the true one, or the one of the stated datum.
    let both = "id,name,lon,lat,lon_gcj02,lat_gcj02,lon_wgs84,lat_wgs84\n1,甲,1,2,3,4,120.6,31.3\n";
    let (_, notes) = place_of(both, None);
    assert!(notes.contains("x from \"lon_wgs84\""), "{notes}");
    let other = "id,name,lon_wgs84,lat_wgs84,lon_gcj02,lat_gcj02\n1,甲,1,2,120.6,31.3\n";
    let (_, notes) = place_of(other, Some(Datum::Gcj02));
    assert!(notes.contains("x from \"lon_gcj02\""), "{notes}");
    // Columns of two datums are no pair, and surveys have metres under such names too.
    check(
        &row("lon_wgs84,lat_gcj02"),
        "",
        "none of its columns looks like coordinates",
    );
    let survey = "id,name,x_cgcs2000,y_cgcs2000\n1,甲,558000,3467000\n";
    check(survey, "crs = \"EPSG:4549\"\nkind = \"place\"", "place 1");
}

#[test]
fn what_a_row_is_must_be_said() {
    let tree = "id,kind,lon,lat\n1,tree,120.6,31.3\n2,树,120.6,31.3\n";
    check(tree, "", "plant 1; plant 2");
    check("id,natural,lon,lat\n1,tree,120.6,31.3\n", "", "plant 1");
    let house = "id,geometry\n1,\"POLYGON((120.6 31.3,120.61 31.3,120.61 31.31,120.6 31.3))\"\n";
    check(house, "", "building 1");
    check(
        "id,name,lon,lat\n1,甲,120.6,31.3\n",
        "",
        "nothing says what its rows are: no column \"kind\" or 类型, no tag, and not its name; write  kind = \"place\"",
    );
    let trees = import(b"id,lon,lat\n1,120.6,31.3\n", "street_trees.csv", "").unwrap();
    assert_eq!(trees.entities.len(), 1);
}

#[test]
fn bad_rows_are_named_by_their_line() {
    let text = "id,kind,lon,lat\n1,tree,120.6,31.3\n2,tree,120.6\n3,tree,east,31.3\n\
                4,tree,120.6,31.3,\n5,tree,120.6,31.3,x\n\"6\n6\",tree,120.6,31.3\n";
    check(
        text,
        "",
        "plant 1; plant 4; plant 6\n6; ! line 3: 3 fields where the header has 4: skipped; \
         ! line 4: no number in \"lon\": skipped; ! line 6: 5 fields",
    );
}

#[test]
fn files_without_a_use_are_refused_with_advice() {
    check("", "", "the file is empty");
    check(
        "a,b\n1,2\n",
        "",
        "none of its columns looks like coordinates: a, b; name them",
    );
    check(
        "a,b\n1,2\n",
        "x = \"a\"\ny = \"c\"",
        "the mapping's line 2 names \"c\", which the file does not have; its attributes are a, b",
    );
}

#[test]
fn texts_as_chinese_programs_save_them() {
    let text = "编号,类型,名称,经度,纬度\n7,地名,平江路,120.6,31.3\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, is_guessed) in [(gbk.to_vec(), true), (utf16, false)] {
        let converted = import(&bytes, "t.csv", "").unwrap();
        assert_eq!(converted.entities[0].source().key, "7");
        let told = converted.notes.iter().any(|note| note.contains("GB18030"));
        assert_eq!(told, is_guessed, "{:?}", converted.notes);
    }
}

proptest! {
    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0..60_usize) {
        let _ = import(&bytes, "t.csv", "");
        let text = "id,kind,wkt,lon,lat\n1,tree,\"POINT Z (1 2 3)\",120.6,31.3\n".as_bytes();
        let cut = cut.min(text.len());
        let _ = import(&[&text[..cut], &bytes, &text[cut..]].concat(), "t.csv", "");
    }
}
