//! Rings as polygons, keys, and kinds by layers' names.

use serde_json::json;

use super::super::raw::RawShape;
use super::super::{Format, ReadError, ReadOptions};
use super::{Row, Sink, add_ring, content_key, polygons_of_rings};

fn square(x: f64, y: f64, side: f64, clockwise: bool) -> Vec<[f64; 3]> {
    let mut ring = vec![
        [x, y, 0.0],
        [x + side, y, 0.0],
        [x + side, y + side, 0.0],
        [x, y + side, 0.0],
    ];
    if clockwise {
        ring.reverse();
    }
    ring
}

fn sizes(rings: Vec<Vec<[f64; 3]>>) -> Vec<usize> {
    polygons_of_rings(rings).iter().map(Vec::len).collect()
}

#[test]
fn holes_find_the_smallest_ring_around_them() {
    let outer = square(0.0, 0.0, 100.0, true);
    let hole = square(10.0, 10.0, 50.0, false);
    let island = square(20.0, 20.0, 30.0, true);
    let hole_of_island = square(25.0, 25.0, 10.0, false);
    let rings = vec![hole_of_island, hole, outer.clone(), island];
    assert_eq!(sizes(rings), [2, 2]);
    // A hole may touch its outer ring.
    assert_eq!(
        sizes(vec![outer.clone(), square(0.0, 0.0, 10.0, false)]),
        [2]
    );
    // What is in nothing is a polygon itself.
    assert_eq!(sizes(vec![outer, square(200.0, 0.0, 10.0, false)]), [1, 1]);
    assert_eq!(
        sizes(vec![
            square(0.0, 0.0, 9.0, false),
            square(20.0, 0.0, 9.0, false)
        ]),
        [1, 1]
    );
    assert_eq!(sizes(Vec::new()), [0; 0]);
}

#[test]
fn rings_are_opened_and_checked() {
    let mut polygon = Vec::new();
    let mut ring = square(0.0, 0.0, 1.0, true);
    ring.push(ring[0]);
    add_ring(&mut polygon, ring.clone()).unwrap();
    assert_eq!(polygon[0].len(), 4);
    ring[1][1] = f64::NAN;
    let fault = add_ring(&mut polygon, ring).unwrap_err();
    assert_eq!(fault, "a coordinate is not a finite number");
    let fault = add_ring(&mut polygon, Vec::new()).unwrap_err();
    assert_eq!(fault, "a ring of 0 different positions");
}

/// Kinds and notes of rows with one square each.
fn told(rows: &[(&str, serde_json::Value, Option<&str>)]) -> (Vec<String>, Vec<String>) {
    let options = ReadOptions::default();
    let mut take = |_: &mut super::RawCity| -> Result<(), ReadError> { Ok(()) };
    let mut sink = Sink::new(Format::Csv, &options, &mut take);
    for (key, attributes, layer) in rows {
        sink.next();
        let row = Row {
            key: (*key).to_owned(),
            attributes: attributes.as_object().unwrap().clone(),
            shape: RawShape {
                polygons: vec![vec![square(0.0, 0.0, 9.0, true)]],
                ..RawShape::default()
            },
            layer: *layer,
        };
        sink.put(row).unwrap();
    }
    let city = sink.finish();
    let features = city.features.iter();
    let features = features
        .map(|one| format!("{} {:?}", one.key, one.kind))
        .collect();
    (features, city.notes)
}

#[test]
fn a_layers_name_tells_what_says_nothing_itself() {
    let rows = [
        ("a", json!({}), Some("city_parks")),
        (
            "b",
            json!({"building": "yes", "层数": 3}),
            Some("city_parks"),
        ),
        ("c", json!({}), Some("parkour")),
        ("d", json!({}), Some("现状建筑")),
    ];
    let (features, notes) = told(&rows);
    assert_eq!(
        features,
        ["a Ground(Green)", "b Building", "c Building", "d Building"]
    );
    let all = notes.join("\n");
    assert!(
        all.contains("storeys from \"层数\" (guessed, 1 of 3 buildings)"),
        "{all}"
    );
    assert!(
        all.contains("1 feature without a tag was taken for what the layer's name \"city_parks\""),
        "{all}"
    );
    assert!(
        all.contains("1 polygon without a tag that says what it is was taken"),
        "{all}"
    );
}

#[test]
fn numbers_that_cannot_be_used_are_told() {
    let rows = [
        ("a", json!({"building": "yes", "height": "abc"}), None),
        (
            "b",
            json!({"building": "yes", "height": -4, "层数": "6层"}),
            None,
        ),
        ("c", json!({"building": "yes", "height": {}}), None),
        (
            "d",
            json!({"building": "yes", "height": "12,5", "year": 1936}),
            None,
        ),
        (
            "e",
            json!({"building": "yes", "height": "tall", "高度": 9}),
            None,
        ),
        (
            "f",
            json!({"building": "yes", "height": null, "year": " "}),
            None,
        ),
        (
            "g",
            json!({"building": "yes", "height": "abc", "year": "old"}),
            None,
        ),
    ];
    let (_, notes) = told(&rows);
    let of = |fact: &str| {
        let start = format!("{fact}: ");
        notes.iter().find(|note| note.starts_with(&start)).cloned()
    };
    let height = r#"height: 4 values cannot be used ("abc", -4, {}): counted as not given"#;
    assert_eq!(of("height").as_deref(), Some(height), "{notes:?}");
    let year = r#"year: 1 value cannot be used ("old"): counted as not given"#;
    assert_eq!(of("year").as_deref(), Some(year), "{notes:?}");
    assert_eq!(of("storeys"), None);
}

#[test]
fn keys_come_once() {
    let rows = [
        ("k", json!({"n": 1}), None),
        ("k", json!({"n": 2}), None),
        ("k", json!({"n": 1}), None),
        ("k#3", json!({}), None),
        ("k", json!({"n": 4}), None),
    ];
    let keys: Vec<String> = told(&rows).0;
    assert_eq!(
        keys,
        ["k Building", "k#2 Building", "k#3 Building", "k#4 Building"]
    );
}

#[test]
fn keys_out_of_content_follow_it() {
    let shape = |x: f64| RawShape {
        points: vec![[x, 0.0, 0.0]],
        ..RawShape::default()
    };
    let attributes = json!({"a": 1}).as_object().unwrap().clone();
    let key = content_key(&attributes, &shape(1.0));
    assert_eq!(key.len(), 16);
    assert_eq!(key, content_key(&attributes, &shape(1.0)));
    assert_ne!(key, content_key(&attributes, &shape(2.0)));
    assert_ne!(key, content_key(&Default::default(), &shape(1.0)));
}
