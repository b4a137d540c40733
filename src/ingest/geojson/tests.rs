//! Every geometry type and every fault of GeoJSON, as texts of our own.

use crate::base::ImportId;
use crate::model::Entity;
use crate::space::{Crs, Datum};

use super::super::{Converted, Origin, ReadError, Target, convert, test_frame};
use super::read_geojson;

const HOUSE: &str =
    "[[[120.6,31.3],[120.6002,31.3],[120.6002,31.3001],[120.6,31.3001],[120.6,31.3]]]";

fn import(text: &str, datum: Datum) -> Result<Converted, ReadError> {
    test_frame::import(read_geojson(text.as_bytes())?, datum)
}

fn check(text: &str, expected: &str) {
    test_frame::check(text, import(text, Datum::Wgs84), expected);
}

fn collection(features: &[String]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

fn feature(geometry: &str, rest: &str) -> String {
    format!(r#"{{"type":"Feature","geometry":{geometry}{rest}}}"#)
}

fn one(kind: &str, coordinates: &str, properties: &str) -> String {
    let geometry = format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#);
    collection(&[feature(
        &geometry,
        &format!(r#","id":"x","properties":{properties}"#),
    )])
}

#[test]
fn every_type_of_polygons() {
    check(&one("Polygon", HOUSE, "{}"), "building x");
    check(
        &one(
            "MultiPolygon",
            &format!("[{HOUSE}]"),
            r#"{"building":"yes"}"#,
        ),
        "building x",
    );
    let far = HOUSE.replace("120.6", "120.7");
    check(
        &one("MultiPolygon", &format!("[{HOUSE},{far}]"), "{}"),
        "building x/1; building x/2",
    );
    check(
        &one("Polygon", HOUSE, r#"{"leisure":"park"}"#),
        "ground_area x",
    );
    check(
        &one(
            "Polygon",
            HOUSE,
            r#"{"boundary":"administrative","name":"a","admin_level":"8"}"#,
        ),
        "area x",
    );
}

#[test]
fn every_type_of_lines_and_points() {
    let line = "[[120.6,31.3],[120.601,31.3]]";
    check(
        &one("LineString", line, r#"{"highway":"residential"}"#),
        "road x",
    );
    check(
        &one(
            "MultiLineString",
            &format!("[{line},{line}]"),
            r#"{"highway":"path"}"#,
        ),
        "road x/1; road x/2",
    );
    check(
        &one("LineString", line, r#"{"waterway":"canal","width":"8 m"}"#),
        "water x",
    );
    check(
        &one("Point", "[120.6,31.3]", r#"{"natural":"tree"}"#),
        "plant x",
    );
    check(
        &one(
            "MultiPoint",
            "[[120.6,31.3],[120.601,31.3]]",
            r#"{"natural":"tree"}"#,
        ),
        "plant x/1; plant x/2",
    );
    check(
        &one(
            "Point",
            "[120.6,31.3,4.5,9]",
            r#"{"name":"阊门","place":"locality"}"#,
        ),
        "place x",
    );
}

#[test]
fn closed_lines_collections_and_bare_geometries() {
    let pond = "[[120.6,31.3],[120.601,31.3],[120.601,31.301],[120.6,31.3]]";
    check(
        &one("LineString", pond, r#"{"natural":"water"}"#),
        "water x",
    );
    check(
        &one("LineString", pond, r#"{"building":"yes"}"#),
        "building x",
    );
    let members = format!(
        r#"{{"type":"GeometryCollection","geometries":[{{"type":"Polygon","coordinates":{HOUSE}}}]}}"#
    );
    check(
        &collection(&[feature(&members, r#","id":7,"properties":null"#)]),
        "building 7",
    );
    check(&members, "building ");
    check(
        &feature(
            &format!(r#"{{"type":"Polygon","coordinates":{HOUSE}}}"#),
            r#","id":3,"properties":{}"#,
        ),
        "building 3",
    );
    check(&collection(&[]), "");
    let unlocated = r#"{"type":"Feature","id":1,"geometry":null,"properties":{"name":"金阊街道","level":"street"}}"#;
    check(&collection(&[unlocated.to_owned()]), "area 1");
}

#[test]
fn bad_features_are_skipped_and_named() {
    let good = feature(
        &format!(r#"{{"type":"Polygon","coordinates":{HOUSE}}}"#),
        r#","id":"good","properties":{}"#,
    );
    let with = |bad: &str, reason: &str| {
        check(
            &collection(&[bad.to_owned(), good.clone()]),
            &format!("building good; ! {reason}"),
        );
    };
    with("7", "feature 1: not an object: skipped");
    with("{}", "feature 1: its type is not \"Feature\": skipped");
    with(
        r#"{"type":"Feature","id":5}"#,
        "feature 1 (id 5): no geometry member: skipped",
    );
    let geometry = |geometry: &str| feature(geometry, r#","id":"b","properties":{}"#);
    with(
        &geometry(r#"{"type":"Blob","coordinates":[]}"#),
        "feature 1 (id b): \"Blob\" is not a geometry type",
    );
    with(
        &geometry(r#"{"type":"Polygon"}"#),
        "feature 1 (id b): its geometry has no coordinates",
    );
    with(
        &geometry(r#"{"type":"Polygon","coordinates":"x"}"#),
        "feature 1 (id b): a text where a list",
    );
    with(
        &geometry(r#"{"type":"Polygon","coordinates":[[[0,0],[1,null],[1,1],[0,0]]]}"#),
        "feature 1 (id b): null where a coordinate",
    );
    with(
        &geometry(r#"{"type":"Polygon","coordinates":[[[0],[1,0],[1,1]]]}"#),
        "feature 1 (id b): a position of 1 numbers",
    );
    with(
        &geometry(r#"{"type":"Polygon","coordinates":[[[120.6,31.3],[120.7,31.3],[120.6,31.3]]]}"#),
        "feature 1 (id b): a ring of 2",
    );
    let flat = "[[[120.6,31.3],[120.6001,31.3],[120.6002,31.3],[120.6,31.3]]]";
    with(
        &geometry(&format!(r#"{{"type":"Polygon","coordinates":{flat}}}"#)),
        "feature 1 (id b): fewer than three different corners",
    );
    with(&geometry("null"), "feature 1 (id b): no geometry: skipped");
    let properties = feature(
        &format!(r#"{{"type":"Polygon","coordinates":{HOUSE}}}"#),
        r#","properties":[1]"#,
    );
    with(&properties, "feature 1: its properties are not an object");
    let lamp = feature(
        r#"{"type":"Point","coordinates":[1,2]}"#,
        r#","id":4,"properties":{"highway":"street_lamp"}"#,
    );
    with(&lamp, "feature 1 (id 4): highway=street_lamp has no place");
}

#[test]
fn stray_features_are_skipped_and_a_stray_file_refused() {
    let house = |id: usize, coordinates: &str| {
        feature(
            &format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#),
            &format!(r#","id":{id},"properties":{{}}"#),
        )
    };
    let swapped = "[[[31.3,120.6],[31.3,120.6002],[31.3001,120.6002],[31.3,120.6]]]";
    let abroad = HOUSE.replace("120.6", "4.3");
    let mixed = collection(&[
        house(1, HOUSE),
        house(2, swapped),
        house(3, HOUSE),
        house(4, &abroad),
        house(5, HOUSE),
    ]);
    check(
        &mixed,
        "building 1; building 3; building 5; ! feature 2 (id 2): longitude 31.3°, latitude 120.6° is not on Earth (is the order longitude, latitude?): skipped; ! feature 4 (id 4): it lies",
    );
    check(
        &collection(&[house(1, swapped), house(2, swapped)]),
        "the coordinates do not fit EPSG:4326: feature 1 (id 1): longitude 31.3°",
    );
    let metres = "[[[558000,3467000],[558010,3467000],[558010,3467010],[558000,3467000]]]";
    check(
        &collection(&[house(1, metres)]),
        "the coordinates do not fit EPSG:4326: feature 1 (id 1)",
    );
}

#[test]
fn ids_used_twice() {
    let house = |coordinates: &str| {
        feature(
            &format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#),
            r#","id":1,"properties":{}"#,
        )
    };
    let other = HOUSE.replace("120.6", "120.61");
    let text = collection(&[house(HOUSE), house(&other), house(HOUSE), house(&other)]);
    check(
        &text,
        "building 1; building 1#2; building 1#4; ! feature 2 (id 1), feature 4 (id 1): its id is used twice: kept under a numbered key; ! feature 3 (id 1): the same feature again: skipped",
    );
}

#[test]
fn broken_files_say_where() {
    check("", "the file is empty");
    check(" \r\n", "the file is empty");
    check(
        r#"{"type":"FeatureCollection","features":[{"#,
        "line 1, column 41: EOF",
    );
    check("{\r\n\"type\": NaN}", "line 2, column 9: expected value");
    check(
        r#"{"type":"FeatureCollection","features":7}"#,
        "line 1, column 40: a list of features is expected, not the number 7",
    );
    check(
        r#"{"type":"FeatureCollection"}"#,
        "a FeatureCollection without \"features\"",
    );
    check(
        "[]",
        "line 1, column 1: a GeoJSON object is expected, not a list",
    );
    check(
        r#"{"type":"CityJSON"}"#,
        "the type is \"CityJSON\", which is not GeoJSON's",
    );
    check(&"[".repeat(100_000), "line 1, column");
    let deep = format!(
        r#"{{"type":"Feature","geometry":{}1{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    check(&deep, "line 1, column 15");
    assert!(matches!(
        read_geojson(b"\xff\xfe{\0"),
        Err(ReadError::NotUtf8 { at: 0, .. })
    ));
}

#[test]
fn marks_and_line_ends_do_not_matter() {
    let text = one("Polygon", HOUSE, "{}").replace(',', ",\r\n");
    check(&format!("\u{feff}{text}"), "building x");
}

#[test]
fn the_old_crs_member_counts() {
    let house =
        "[[[558000,3467000],[558010,3467000],[558010,3467010],[558000,3467010],[558000,3467000]]]";
    let crs = |name: &str| {
        let text = one("Polygon", house, "{}");
        text.replacen(
            '{',
            &format!(r#"{{"crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#),
            1,
        )
    };
    check(&crs("urn:ogc:def:crs:EPSG::4549"), "building x");
    check(
        &crs("urn:ogc:def:crs:EPSG::9999"),
        "its CRS cannot be used: EPSG:9999",
    );
}

#[test]
fn chinese_offsets_are_taken_off() {
    let text = one("Point", "[120.6195,31.3223]", r#"{"name":"a","place":"x"}"#);
    let position = |datum| match &import(&text, datum).unwrap().entities[0] {
        Entity::Place(place) => place.position,
        other => panic!("{other:?}"),
    };
    let (plain, shifted) = (position(Datum::Wgs84), position(Datum::Gcj02));
    let off_m = (plain[0] - shifted[0]).hypot(plain[1] - shifted[1]);
    assert!((off_m - 464.0).abs() < 10.0, "{off_m}");
    let projected = Origin {
        dataset: "t".into(),
        import: ImportId::from_bits(1),
        crs: Some(Crs::from_epsg(28992).unwrap()),
        datum: Datum::Gcj02,
    };
    let target = Target {
        crs: Crs::from_epsg(4549).unwrap(),
        extent: None,
    };
    let fault = convert(read_geojson(text.as_bytes()).unwrap(), &target, &projected).unwrap_err();
    assert!(fault.to_string().contains("--datum gcj02"), "{fault}");
}

#[test]
fn neighbours_share_a_wall() {
    let house = |id: usize, from: f64, to: f64| {
        let ring =
            format!("[[[{from},31.3],[{to},31.3],[{to},31.3001],[{from},31.3001],[{from},31.3]]]");
        feature(
            &format!(r#"{{"type":"Polygon","coordinates":{ring}}}"#),
            &format!(r#","id":{id},"properties":{{}}"#),
        )
    };
    let text = collection(&[
        house(1, 120.6, 120.6001),
        house(2, 120.6001, 120.6002),
        house(3, 120.60021, 120.6003),
    ]);
    let mut file = import(&text, Datum::Wgs84).unwrap();
    let walls: Vec<usize> = super::super::join(std::slice::from_mut(&mut file))
        .iter()
        .map(|entity| match entity {
            Entity::Building(building) => building.party_walls.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(walls, [1, 1, 0]);
}

#[test]
fn sequences_are_read_like_collections() {
    let house = |id: usize| {
        let geometry = format!(r#"{{"type":"Polygon","coordinates":{HOUSE}}}"#);
        feature(&geometry, &format!(r#","id":{id},"properties":{{}}"#))
    };
    let (one, two) = (house(1), house(2));
    for text in [
        format!("{one}\n\n{two}\n"),
        format!("\u{1e}{one}\n\u{1e}{two}\n"),
    ] {
        check(&text, "building 1; building 2");
        assert_eq!(
            read_geojson(text.as_bytes()).unwrap().crs,
            Crs::from_epsg(4326).ok()
        );
    }
    check(
        &format!("{one}\n[1]\n"),
        "building 1; ! feature 2: not an object",
    );
    let cut = read_geojson(format!("{one}\n{}", &two[..30]).as_bytes());
    let cut = cut.unwrap_err().to_string();
    assert!(
        cut.contains("line 2, column 30") && cut.contains("cut off"),
        "{cut}"
    );
}
