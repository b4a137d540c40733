//! What tags of areas, lines and points decide.

use super::*;
use serde_json::json;

fn shape(form: Form) -> RawShape {
    let mut shape = RawShape::default();
    let line = vec![[0.0; 3], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0]];
    match form {
        Form::Nothing => {}
        Form::Point => shape.points.push([0.0; 3]),
        Form::Line => shape.lines.push(line),
        Form::Area => shape.polygons.push(vec![line]),
    }
    shape
}

fn check(form: Form, attributes: Value, expected: &str) {
    let found = match classify(attributes.as_object().unwrap(), &shape(form)) {
        Verdict::Known(kind) => format!("{kind:?}"),
        other => format!("{other:?}"),
    };
    assert!(found.starts_with(expected), "{attributes}: {found}");
}

#[test]
fn tags_of_an_area_decide() {
    let check = |attributes, expected| check(Form::Area, attributes, expected);
    check(json!({"building": "yes"}), "Building");
    check(
        json!({"id": 3, "name": "北寺塔", "height": 76}),
        "UntaggedArea",
    );
    check(
        json!({"building": "no", "landuse": "grass"}),
        "Ground(Green)",
    );
    check(json!({"building:part": "yes"}), "Other(\"building:part=yes");
    check(json!({"natural": "water"}), "Water { kind: Pond");
    check(
        json!({"adcode": 320508, "level": "district"}),
        "Area(District)",
    );
}

#[test]
fn tags_of_a_line_decide() {
    let check = |attributes, expected| check(Form::Line, attributes, expected);
    check(json!({"waterway": "canal"}), "Water { kind: Canal");
    check(
        json!({"highway": "residential", "name": "悬桥巷"}),
        "Road { kind: Lane",
    );
    check(
        json!({"highway": "primary", "bridge": "yes"}),
        "Road { kind: Bridge, width_m: 12",
    );
    check(json!({"kind": "canal+road"}), "Water { kind: Canal");
    check(
        json!({"highway": "construction"}),
        "Other(\"highway=construction",
    );
    check(
        json!({"highway": "trunk", "tunnel": "yes"}),
        "Other(\"highway=trunk",
    );
    check(
        json!({"highway": "service", "tunnel": "building_passage"}),
        "Road { kind: Lane",
    );
    check(
        json!({"waterway": "stream", "tunnel": "culvert"}),
        "Other(\"waterway=stream",
    );
    check(json!({}), "Other(\"a line");
}

#[test]
fn tags_of_a_point_or_of_nothing_decide() {
    let point = |attributes, expected| check(Form::Point, attributes, expected);
    point(json!({"natural": "tree"}), "Plant");
    point(
        json!({"name": "阊门", "historic": "city_gate"}),
        "Place(Gate)",
    );
    point(json!({"name": "阊门", "kind": "gate"}), "Place(Gate)");
    let named = |key: &str, value: &str| json!({"name": "n", key: value});
    point(named("place", "suburb"), "Place(Quarter)");
    point(named("tourism", "hotel"), "Place(Place)");
    point(named("tourism", "artwork"), "Place(Detail)");
    point(named("historic", "memorial"), "Place(Detail)");
    point(named("kind", "detail"), "Place(Detail)");
    point(
        json!({"highway": "street_lamp"}),
        "Other(\"highway=street_lamp",
    );
    check(
        Form::Nothing,
        json!({"admin_level": "8", "name": "金阊街道"}),
        "Area(Street)",
    );
}
