//! Every geometry type, hierarchy and fault of CityJSON, as texts of our own.

use std::path::Path;

use crate::model::{Building, Entity};
use crate::space::{Crs, Datum, area_m2};

use super::super::{Converted, Input, ReadError, ReadOptions};
use super::super::{choose_crs, read, read_input, test_frame};

/// A box of 10 × 8 × 6 m: bottom, top, four walls.
pub(super) const SHELL: &str =
    "[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]";
pub(super) const VERTICES: &str =
    "[[0,0,0],[10,0,0],[10,8,0],[0,8,0],[0,0,6],[10,0,6],[10,8,6],[0,8,6]]";
const KINDS: &str =
    r#""surfaces":[{"type":"GroundSurface"},{"type":"RoofSurface"},{"type":"WallSurface"}]"#;

pub(super) fn document(objects: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"CityJSON","version":"2.0","transform":{{"scale":[1,1,1],"translate":[85000,446000,-1]}},
        "metadata":{{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/7415"}},
        "CityObjects":{{{objects}}},"vertices":{VERTICES}{rest}}}"#
    )
}

pub(super) fn object(key: &str, kind: &str, geometry: &str, rest: &str) -> String {
    format!(r#""{key}":{{"type":"{kind}","geometry":[{geometry}]{rest}}}"#)
}

pub(super) fn solid() -> String {
    format!(
        r#"{{"type":"Solid","lod":"2","boundaries":[{SHELL}],"semantics":{{{KINDS},"values":[[0,1,2,2,2,null]]}}}}"#
    )
}

pub(super) fn import(text: &str) -> Result<Converted, ReadError> {
    let raw = read(text.as_bytes(), Path::new("t.city.json"), None)?;
    test_frame::import(raw, Datum::Wgs84)
}

pub(super) fn only_building(text: &str) -> Building {
    let converted = import(text).unwrap();
    match &converted.entities[..] {
        [Entity::Building(building)] => (**building).clone(),
        other => panic!("{other:?} {:?}", converted.warnings),
    }
}

pub(super) fn check(text: &str, expected: &str) {
    test_frame::check(text, import(text), expected);
}

/// The same, with the sound part of a document that breaks the standard.
pub(super) fn check_sound_part(text: &str, expected: &str) {
    let options = ReadOptions {
        skip_invalid: true,
        ..ReadOptions::default()
    };
    let input = Input::alone(Path::new("t.city.json"), text.as_bytes());
    let raw = read_input(&input, &options, &mut |_| Ok(()));
    let imported = raw.and_then(|raw| test_frame::import(raw, Datum::Wgs84));
    test_frame::check(text, imported, expected);
}

#[test]
fn every_geometry_with_faces_gives_the_same_house() {
    let values = "[0,1,2,2,2,null]";
    for (kind, boundaries, values) in [
        ("MultiSurface", SHELL.to_owned(), values.to_owned()),
        ("CompositeSurface", SHELL.to_owned(), values.to_owned()),
        ("Solid", format!("[{SHELL}]"), format!("[{values}]")),
        (
            "MultiSolid",
            format!("[[{SHELL}]]"),
            format!("[[{values}]]"),
        ),
        (
            "CompositeSolid",
            format!("[[{SHELL}]]"),
            format!("[[{values}]]"),
        ),
    ] {
        let geometry = format!(
            r#"{{"type":"{kind}","lod":"2","boundaries":{boundaries},"semantics":{{{KINDS},"values":{values}}}}}"#
        );
        let text = document(&object("a", "Building", &geometry, ""), "");
        if kind == "MultiSolid" {
            check(
                &text,
                "it breaks CityJSON 2.0: CityObjects.a.geometry[0].type: Building cannot",
            );
            continue;
        }
        let house = only_building(&text);
        let faces = house.models[0].surfaces.iter();
        let kinds: Vec<&str> = faces.map(|face| face.kind.as_str()).collect();
        let expected = "GroundSurface RoofSurface WallSurface WallSurface WallSurface Unknown";
        assert_eq!(kinds.join(" "), expected, "{kind}");
        assert_eq!(
            (house.models[0].lod.as_str(), house.ground_m, house.height_m),
            ("2", -1.0, 6.0)
        );
        assert!((area_m2(&house.footprint) - 80.0).abs() < 1e-6, "{kind}");
        assert!(house.repairs.is_empty(), "{kind}: {:?}", house.repairs);
    }
}

#[test]
fn a_house_without_semantics_has_a_footprint_too() {
    let bare = format!(r#"{{"type":"Solid","lod":"1.2","boundaries":[{SHELL}]}}"#);
    let house = only_building(&document(&object("a", "Building", &bare, ""), ""));
    assert!((area_m2(&house.footprint) - 80.0).abs() < 1e-6 && house.repairs.is_empty());
    let walls =
        r#"{"type":"MultiSurface","lod":"2","boundaries":[[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]]]}"#;
    let walls = only_building(&document(&object("a", "Building", walls, ""), ""));
    assert!(
        walls.repairs[0].contains("convex hull"),
        "{:?}",
        walls.repairs
    );
}

#[test]
fn points_and_lines_of_objects_are_kept() {
    let geometry = r#"{"type":"MultiPoint","lod":"0","boundaries":[0,1]},{"type":"MultiLineString","lod":"0","boundaries":[[0,1,2]]}"#;
    let converted = import(&document(&object("a", "CityFurniture", geometry, ""), "")).unwrap();
    let [Entity::Object(lamp)] = &converted.entities[..] else {
        panic!("{converted:?}")
    };
    assert_eq!(lamp.attributes["geometry:points"][0][1][0], 85_010.0);
    assert_eq!(lamp.attributes["geometry:lines"][0][2][1], 446_008.0);
}

#[test]
fn templates_are_unfolded_within_bounds() {
    let templates = r#","geometry-templates":{"templates":[{"type":"MultiSurface","lod":"2","boundaries":[[[0,1,2]]]}],
        "vertices-templates":[[0,0,0],[1,0,0],[0,0,2]]}"#;
    let instance = |matrix: &str| {
        format!(
            r#"{{"type":"GeometryInstance","template":0,"boundaries":[1],"transformationMatrix":{matrix}}}"#
        )
    };
    let double = "[2,0,0,0, 0,2,0,0, 0,0,2,0, 0,0,0,1]";
    let tree = object("t", "SolitaryVegetationObject", &instance(double), "");
    let converted = import(&document(&tree, templates)).unwrap();
    let [Entity::Plant(plant)] = &converted.entities[..] else {
        panic!("{converted:?}")
    };
    assert_eq!(
        (plant.position, plant.height_m),
        ([85_011.0, 446_000.0, -1.0], 4.0)
    );
    let wrong = object("t", "SolitaryVegetationObject", &instance("[1,2]"), "");
    check_sound_part(
        &document(&wrong, templates),
        "! CityObjects.t, geometry 0: an instance without a matrix of 16 numbers: geometry skipped; ! CityObjects.t: no usable geometry",
    );
    let missing = object(
        "t",
        "CityFurniture",
        &instance(double).replace("\"template\":0", "\"template\":9"),
        "",
    );
    check_sound_part(
        &document(&missing, templates),
        "! CityObjects.t, geometry 0: template 9 does not exist",
    );
    // A template of 30,000 corners used 100 times in a file of half a megabyte.
    let big = format!("[[[{}]]]", vec!["0,1,2"; 10_000].join(","));
    let bomb = vec![instance(double); 100].join(",");
    let bomb = document(
        &object("t", "CityFurniture", &bomb, ""),
        &templates.replace("[[[0,1,2]]]", &big),
    );
    let warnings = import(&bomb).unwrap().warnings;
    assert!(warnings.list()[0].reason.contains("unfold"), "{warnings:?}");
}

#[test]
fn families_join() {
    let family = [
        object(
            "b",
            "Building",
            "",
            r#","children":["p","q","u"],"parents":["g"],"attributes":{"yearOfConstruction":1920}"#,
        ),
        object("p", "BuildingPart", &solid(), r#","parents":["b"]"#),
        object("q", "BuildingInstallation", &solid(), r#","parents":["b"]"#),
        object(
            "u",
            "BuildingUnit",
            "",
            r#","parents":["b"],"attributes":{"floor":3}"#,
        ),
        object("g", "CityObjectGroup", "", r#","children":["b"]"#),
    ];
    let text = document(&family.join(","), "");
    check(&text, "building b; dwelling u; object g");
    let converted = import(&text).unwrap();
    let [
        Entity::Building(building),
        Entity::Dwelling(dwelling),
        Entity::Object(group),
    ] = &converted.entities[..]
    else {
        panic!("{converted:?}")
    };
    assert_eq!(group.attributes["members"], serde_json::json!(["b"]));
    assert_eq!(
        (
            building.attributes["parts"].as_u64(),
            building.models[0].surfaces.len()
        ),
        // Both bodies stand in the same place: each face is kept once.
        (Some(1), 6)
    );
    assert_eq!((dwelling.building, dwelling.floor), (building.id, 3));
    let circle = [
        object("a", "BuildingPart", &solid(), r#","parents":["b"]"#),
        object("b", "BuildingPart", &solid(), r#","parents":["a"]"#),
        object("c", "Building", &solid(), r#","parents":["nobody"]"#),
    ];
    check_sound_part(
        &document(&circle.join(","), ""),
        "building c; ! CityObjects.c: its parent is missing: taken for itself; ! CityObjects.a, CityObjects.b: its parents go round in a circle",
    );
}

#[test]
fn every_type_finds_its_kind() {
    let kinds = [
        ("Road", "road"),
        ("Railway", "road"),
        ("TransportSquare", "road"),
        ("Waterway", "road"),
        ("WaterBody", "water"),
        ("PlantCover", "ground_area"),
        ("LandUse", "ground_area"),
        ("SolitaryVegetationObject", "plant"),
        ("TINRelief", "terrain"),
        ("Bridge", "object"),
        ("Tunnel", "object"),
        ("CityFurniture", "object"),
        ("GenericCityObject", "object"),
        ("OtherConstruction", "object"),
        ("+Noise", "object"),
        ("Building", "building"),
    ];
    for (kind, expected) in kinds {
        check_sound_part(
            &document(&object("a", kind, &solid(), ""), ""),
            &format!("{expected} a"),
        );
    }
    check_sound_part(
        &document(&object("a", "BuildingZ", &solid(), ""), ""),
        "! CityObjects.a: \"BuildingZ\" is not a type of CityJSON",
    );
}

#[test]
fn bad_objects_are_skipped_and_named() {
    let good = object("good", "Building", &solid(), "");
    let with = |bad: &str, reason: &str| {
        check_sound_part(
            &document(&format!("{bad},{good}"), ""),
            &format!("building good; ! {reason}"),
        );
    };
    with(r#""x":7"#, "CityObjects.x: not an object: skipped");
    with(r#""x":{}"#, "CityObjects.x: it has no type: skipped");
    with(
        &object("x", "Building", "", ""),
        "CityObjects.x: no usable geometry: skipped",
    );
    with(
        r#""x":{"type":"Building","geometry":5}"#,
        "CityObjects.x, geometry 0: geometry is not a list",
    );
    let broken = |from: &str, to: &str| object("x", "Building", &solid().replace(from, to), "");
    with(
        &broken("[0,3,2,1]", "[0,3,2,99]"),
        "CityObjects.x, geometry 0: vertex 99 does not exist, there are 8: geometry skipped",
    );
    with(
        &broken("[0,3,2,1]", "[0,3,2,-1]"),
        "CityObjects.x, geometry 0: its boundaries hold something",
    );
    with(
        &broken("[0,3,2,1]", "[0,3,2,1e30]"),
        "CityObjects.x, geometry 0: its boundaries hold something",
    );
    with(
        &broken("[0,3,2,1]", "[0,3]"),
        "CityObjects.x, geometry 0: a ring of 2 vertices",
    );
    with(
        &broken("[[[[0,3,2,1]]", "[[[0,3,2,1]"),
        "CityObjects.x, geometry 0: its boundaries",
    );
    with(
        &broken("\"Solid\"", "\"Sphere\""),
        "CityObjects.x, geometry 0: \"Sphere\" is not a geometry type",
    );
    with(
        &good,
        "CityObjects.good: its id is used twice: the first is kept",
    );
}

#[test]
fn frames_that_cannot_be_used() {
    let good = document(&object("a", "Building", &solid(), ""), "");
    check(
        &good.replace("\"2.0\"", "\"0.9\""),
        "version: \"0.9\" is older",
    );
    check_sound_part(&good.replace("\"2.0\"", "1.1"), "building a");
    check(
        &good.replace("EPSG/0/7415", "EPSG/0/9999"),
        "its CRS cannot be used: EPSG:9999",
    );
    check(
        &good.replace("\"referenceSystem\"", "\"other\""),
        "the file does not name its CRS; state it with --crs",
    );
    check_sound_part(
        &good.replace("[1,1,1]", "\"x\""),
        "transform.scale is not three numbers",
    );
    check(
        &good.replace("\"vertices\"", "\"v\""),
        "it breaks CityJSON 2.0 in 25 places:\n  vertices: it is missing",
    );
    check_sound_part(
        &good.replace("[1,1,1]", "[1e308,1e308,1]"),
        "! CityObjects.a, geometry 0: vertex",
    );
    check_sound_part(
        &good.replace("[10,8,6]", "[10,null,6]"),
        "! CityObjects.a, geometry 0: vertex 6 is not three finite numbers",
    );
    check(&good[..good.len() - 9], "line 3, column");
    // 1.0 may do without a transform and writes a URN.
    let plain = good.replace("\"2.0\"", "\"1.0\"").replace(
        "https://www.opengis.net/def/crs/EPSG/0/7415",
        "urn:ogc:def:crs:EPSG::28992",
    );
    let plain = plain.replace("\"lod\":\"2\"", "\"lod\":2");
    check(&plain.replace("\"transform\"", "\"other\""), "building a");
}

#[test]
fn sequences_skip_bad_lines() {
    let head = document("", "").replace('\n', " ").replace(VERTICES, "[]");
    let house = |key: &str| {
        format!(
            r#"{{"type":"CityJSONFeature","id":"{key}","CityObjects":{{{}}},"vertices":{VERTICES}}}"#,
            object(key, "Building", &solid(), "")
        )
    };
    let lines = [
        head.as_str(),
        &house("a"),
        "{",
        "",
        &house("b"),
        r#"{"type":"Feature"}"#,
        &house("a"),
    ];
    let expected = "building a; building b; ! line 3: column 1: EOF while parsing an object: skipped; \
        ! line 6: its type is \"Feature\", not \"CityJSONFeature\": skipped; \
        ! line 7, CityObjects.a: its id is used twice: skipped";
    check(&lines.join("\n"), expected);
    check(&format!("\u{feff}{}", lines.join("\r\n")), expected);
    check(&format!("{{\n{}", lines.join("\n")), "line 2, column 1");
    let broken = lines.join("\n").replacen("\"scale\"", "\"s\"", 1);
    check(
        &broken,
        "line 1: it breaks CityJSON 2.0 in 2 places:\n  transform.scale: it is missing",
    );
    let alone = house("a").replace(",", ",\n");
    check(
        &alone,
        "line 1, type: a CityJSONFeature without the metadata line",
    );
}

#[test]
fn a_target_is_the_horizontal_part() {
    let raw = read(document("", "").as_bytes(), Path::new("t"), None).unwrap();
    assert_eq!(choose_crs(&raw, None), Ok(Crs::from_epsg(28992).unwrap()));
}
