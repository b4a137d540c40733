//! What a document must be, and what is kept of it beyond shapes: looks, words, groups, reliefs,
//! levels. Texts of our own.

use std::path::Path;

use crate::model::Entity;

use super::super::{Format, Input, ReadOptions, read_input};
use super::tests::{SHELL, VERTICES, check, document, import, object, only_building, solid};

/// Holds the refusal of a changed document against what it should begin with.
fn refused(good: &str, from: &str, to: &str, expected: &str) {
    assert!(good.contains(from), "{from}");
    let expected = format!("it breaks CityJSON 2.0: {expected}");
    check(&good.replacen(from, to, 1), &expected);
}

#[test]
fn documents_that_break_the_standard_are_refused() {
    let good = document(&object("a", "Building", &solid(), ""), "");
    check(&good, "building a");
    let with = |from: &str, to: &str, expected: &str| refused(&good, from, to, expected);
    let at = "CityObjects.a.geometry[0]";
    with(
        "\"Building\"",
        "\"BuildingZ\"",
        "CityObjects.a.type: \"BuildingZ\" is not a type",
    );
    with(
        "\"Solid\"",
        "\"Sphere\"",
        &format!("{at}.type: \"Sphere\" is not a type of geometries"),
    );
    with(
        "\"lod\":\"2\"",
        "\"lod\":2",
        &format!("{at}.lod: 2.0 demands a text"),
    );
    with(
        "[0,3,2,1]",
        "[0,3,2,99]",
        &format!("{at}.boundaries[0][0][0][3]: vertex 99 does not"),
    );
    with(
        "[0,3,2,1]",
        "[0,3,2,1.5]",
        &format!("{at}.boundaries[0][0][0][3]: no number"),
    );
    with(
        "[[0,3,2,1]]",
        "7",
        &format!("{at}.boundaries[0][0]: not a list"),
    );
    with(
        "null]]",
        "9]]",
        &format!("{at}.semantics.values[0][5]: surface 9 does not exist"),
    );
    with(
        ",null]]",
        "]]",
        &format!("{at}.semantics.values[0]: 5 values for 6 parts"),
    );
    with(
        "\"RoofSurface\"",
        "\"Roof\"",
        &format!("{at}.semantics.surfaces[1].type: \"Roof\""),
    );
    with(
        "\"RoofSurface\"",
        "\"+Roof\"",
        &format!("{at}.semantics.surfaces[1].type: \"+Roof\" is a"),
    );
}

#[test]
fn documents_whose_frame_breaks_the_standard_are_refused() {
    let good = document(&object("a", "Building", &solid(), ""), "");
    let with = |from: &str, to: &str, expected: &str| refused(&good, from, to, expected);
    with("\"transform\"", "\"trans\"", "transform: it is missing");
    with("[85000,", "[85e300,", "transform.translate[0]: too large");
    with("[10,8,6]", "[10,8]", "vertices[6]: not a list of 3 numbers");
    with(
        "https://",
        "urn:",
        "metadata.referenceSystem: the standard demands",
    );
    with(
        "\"type\":\"Building\"",
        "\"type\":\"Building\",\"children\":[\"b\"]",
        "CityObjects.a.children[0]: there is no object",
    );
    with(
        "\"type\":\"Building\"",
        "\"type\":\"Building\",\"parents\":[\"a\"]",
        "CityObjects.a.parents: its parents go round",
    );
    with(
        "\"CityObjects\":{",
        "\"CityObjects\":{\"a\":{\"type\":\"Building\"},",
        "CityObjects.a: its key is given twice",
    );
    with(
        "\"vertices\":",
        "\"+x\":1,\"vertices\":",
        "+x: \"+x\" is a word of an extension",
    );
    let twelve = good.replace("[0,3,2,1]", &format!("[{}]", ["99"; 12].join(",")));
    let fault = import(&twelve).unwrap_err().to_string();
    assert!(fault.contains("in 12 places:\n  CityObjects.a") && fault.contains("and 2 more"));
    assert!(fault.contains("--skip-invalid"), "{fault}");
}

/// A house with materials, a texture and words of an extension on its faces.
fn house_with_looks() -> String {
    let looks = r#","appearance":{"default-theme-material":"day","materials":[{"name":"brick","diffuseColor":[0.5,0.25,0]},{"name":"slate"}],
        "textures":[{"type":"PNG","image":"wall.png"}],"vertices-texture":[[0,0],[1,0],[1,1],[0,1]]},
        "extensions":{"X":{"url":"https://example.org/x.json","version":"1.0"}}"#;
    let words = r#"{"surfaces":[{"type":"GroundSurface"},{"type":"+Thatch","age":7,"parent":0}],"values":[[0,1,null,null,null,null]]}"#;
    let geometry = format!(
        r#"{{"type":"Solid","lod":"2","boundaries":[{SHELL}],"semantics":{words},
        "material":{{"day":{{"values":[[0,1,null,null,null,null]]}},"night":{{"value":1}}}},
        "texture":{{"day":{{"values":[[[[null]],[[0,0,1,2,3]],[[null]],[[null]],[[null]],[[null]]]]}}}}}}"#
    );
    document(&object("a", "Building", &geometry, ""), looks)
}

#[test]
fn looks_and_words_of_faces_are_kept() {
    let text = house_with_looks();
    let converted = import(&text).unwrap();
    let [
        Entity::Material(brick),
        Entity::Material(slate),
        Entity::Texture(wall),
        Entity::Building(house),
    ] = &converted.entities[..]
    else {
        panic!("{converted:?}")
    };
    assert_eq!(
        (brick.source.key.as_str(), wall.image.as_str()),
        ("brick", "wall.png")
    );
    let details = &house.models[0].details;
    assert_eq!(details.len(), 6);
    assert_eq!(details[0].materials["day"], brick.id);
    assert!(
        details
            .iter()
            .all(|face| face.materials["night"] == slate.id)
    );
    assert_eq!(details[1].textures["day"].texture, wall.id);
    assert_eq!(details[1].textures["day"].uv[0][2], [1.0, 1.0]);
    assert_eq!(details[1].attributes["type"], "+Thatch");
    assert_eq!(
        (&details[1].attributes["age"], details[1].attributes.len()),
        (&7.into(), 2)
    );
    assert!(details[2].textures.is_empty() && details[2].attributes.is_empty());
    let warning = &converted.warnings.list()[0].reason;
    assert!(
        warning.starts_with("not beside the file: wall.png"),
        "{warning}"
    );
    assert!(
        converted
            .notes
            .iter()
            .any(|note| note.contains("day (materials)"))
    );
}

#[test]
fn looks_that_do_not_exist_are_refused() {
    let text = house_with_looks();
    let wrong = text.replace("[0,0,1,2,3]", "[1,0,1,2,9]");
    check(
        &wrong,
        "it breaks CityJSON 2.0 in 2 places:\n  CityObjects.a.geometry[0].texture.day.values[0][1][0][0]: texture 1 does",
    );
    check(
        &text.replace("\"value\":1", "\"value\":2"),
        "it breaks CityJSON 2.0: CityObjects.a.geometry[0].material.night.value: material 2 does",
    );
}

#[test]
fn an_attribute_that_many_faces_share_does_not_multiply() {
    let faces = vec!["[[0,1,2]]"; 20_000].join(",");
    let values = vec!["0"; 20_000].join(",");
    let long = "x".repeat(200_000);
    let geometry = format!(
        r#"{{"type":"MultiSurface","lod":"2","boundaries":[{faces}],"semantics":{{"surfaces":[{{"type":"RoofSurface","text":"{long}"}}],"values":[{values}]}}}}"#
    );
    let warnings = import(&document(&object("t", "CityFurniture", &geometry, ""), ""));
    let warnings = warnings.unwrap().warnings;
    assert!(warnings.list()[0].reason.contains("unfold"), "{warnings:?}");
}

#[test]
fn reliefs_become_nets() {
    let net =
        r#"{"type":"CompositeSurface","lod":"2","boundaries":[[[0,1,2]],[[0,3,2]],[[4,5,6,7]]]}"#;
    let converted = import(&document(&object("t", "TINRelief", net, ""), "")).unwrap();
    let [Entity::Terrain(terrain)] = &converted.entities[..] else {
        panic!("{converted:?}")
    };
    let tin = &terrain.tin;
    assert_eq!((tin.vertices.len(), tin.triangles.len()), (8, 4));
    for [a, b, c] in tin
        .triangles
        .iter()
        .map(|corners| corners.map(|one| tin.vertices[one as usize]))
    {
        let turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        assert!(turn > 0.0, "{a:?} {b:?} {c:?}");
    }
}

#[test]
fn a_relief_of_two_levels_keeps_the_finer() {
    let net = |lod: &str, boundaries: &str| {
        format!(r#"{{"type":"CompositeSurface","lod":"{lod}","boundaries":{boundaries}}}"#)
    };
    let nets = [net("1", "[[[0,1,2]]]"), net("2", "[[[0,1,2]],[[0,2,3]]]")].join(",");
    let converted = import(&document(&object("t", "TINRelief", &nets, ""), "")).unwrap();
    let [Entity::Terrain(terrain)] = &converted.entities[..] else {
        panic!("{converted:?}")
    };
    assert_eq!(terrain.tin.triangles.len(), 2);
    let is_told = |note: &String| note.starts_with("1 levels of detail of reliefs");
    assert!(converted.notes.iter().any(is_told), "{:?}", converted.notes);
}

#[test]
fn units_are_the_shape_of_a_building_that_has_none() {
    let unit = |key: &str| object(key, "BuildingUnit", &solid(), r#","parents":["b"]"#);
    let family = |own: &str| {
        let house = object("b", "Building", own, r#","children":["u","v"]"#);
        document(&[house, unit("u"), unit("v")].join(","), "")
    };
    for (own, told) in [("", 0), (solid().as_str(), 1)] {
        let converted = import(&family(own)).unwrap();
        let [
            Entity::Building(house),
            Entity::Dwelling(_),
            Entity::Dwelling(_),
        ] = &converted.entities[..]
        else {
            panic!("{converted:?}")
        };
        // Both units are the same body here, and its faces stand once.
        assert_eq!(house.models[0].surfaces.len(), 6);
        let is_told = |note: &&String| note.starts_with("the shapes of 2 building units");
        assert_eq!(converted.notes.iter().filter(is_told).count(), told);
    }
}

#[test]
fn levels_of_parts_join_and_nothing_stands_twice() {
    let at = |lod: &str| solid().replace("\"2\"", &format!("\"{lod}\""));
    let all = |lods: &[&str]| lods.iter().map(|lod| at(lod)).collect::<Vec<_>>().join(",");
    let family = [
        object(
            "b",
            "Building",
            &all(&["0.2", "1.2"]),
            r#","children":["p","q"]"#,
        ),
        object(
            "p",
            "BuildingPart",
            &all(&["1.2", "2.2"]),
            r#","parents":["b"],"attributes":{"a":1}"#,
        ),
        object(
            "q",
            "BuildingPart",
            &all(&["2.2", "2.2"]),
            r#","parents":["b"]"#,
        ),
    ];
    let text = document(&family.join(","), "");
    let input = Input::alone(Path::new("t.city.json"), text.as_bytes());
    let raw = read_input(&input, &ReadOptions::default(), &mut |_| Ok(())).unwrap();
    let models = raw.features[0].shape.models.iter();
    let models: Vec<_> = models
        .map(|one| (one.lod.as_str(), one.surfaces.len()))
        .collect();
    assert_eq!(models, [("0.2", 6), ("1.2", 12), ("2.2", 12)]);
    let house = only_building(&text);
    // All solids here are the same one: in the city its faces stand once.
    assert!(house.models.iter().all(|model| model.surfaces.len() == 6));
    assert_eq!(house.attributes["part_attributes"]["p"]["a"], 1);
}

#[test]
fn sequences_are_handed_on_in_parts() {
    let head = document("", "").replace('\n', " ").replace(VERTICES, "[]");
    let mut text = head;
    for number in 0..20_000 {
        let key = format!("h{number}");
        let face = r#"{"type":"MultiSurface","lod":"0","boundaries":[[[0,1,2]]]}"#;
        let house = object(&key, "Building", face, "");
        text.push_str(&format!(
            "\n{{\"type\":\"CityJSONFeature\",\"id\":\"{key}\",\"CityObjects\":{{{house}}},\"vertices\":[[0,0,0],[1,0,0],[0,1,0]]}}"
        ));
    }
    let input = Input::alone(Path::new("t.city.jsonl"), text.as_bytes());
    let options = ReadOptions {
        format: Some(Format::CityJsonSeq),
        ..ReadOptions::default()
    };
    let mut parts = Vec::new();
    let last = read_input(&input, &options, &mut |city| {
        assert!(city.crs.is_some());
        parts.push(std::mem::take(&mut city.features).len());
        Ok(())
    });
    parts.push(last.unwrap().features.len());
    assert_eq!(parts, [8_192, 8_192, 3_616]);
}
