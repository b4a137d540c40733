//! Readers against anything: bytes without sense, valid files with parts broken, and JSON of any
//! shape where coordinates, boundaries and attributes belong. Nothing may panic; what is
//! imported is finite and has each id once.

use std::path::{Path, PathBuf};

use pingjiang::base::ImportId;
use pingjiang::ingest::{self, Format, Input, Origin, RawCity, ReadError, ReadOptions, Target};
use pingjiang::model::Entity;
use pingjiang::space::{Crs, Datum};
use proptest::prelude::*;
use serde_json::{Value, json};

type Reader = fn(&[u8]) -> Result<RawCity, ReadError>;

/// CityJSON, with what breaks the standard taken as far as it goes: the reader sees more of a
/// broken file than with a refusal.
fn cityjson(bytes: &[u8]) -> Result<RawCity, ReadError> {
    let name = Path::new("t.city.json");
    let _ = ingest::read(bytes, name, Some(Format::CityJson));
    let options = ReadOptions {
        format: Some(Format::CityJson),
        skip_invalid: true,
        ..ReadOptions::default()
    };
    ingest::read_input(&Input::alone(name, bytes), &options, &mut |_| Ok(()))
}

fn cityjson_seq(bytes: &[u8]) -> Result<RawCity, ReadError> {
    ingest::read(bytes, Path::new("t.city.jsonl"), Some(Format::CityJsonSeq))
}

const READERS: [(Reader, &[&str]); 3] = [
    (ingest::read_geojson, &["every_kind.geojson"]),
    (
        cityjson,
        &["every_type.city.json", "old.city.json", "looks.city.json"],
    ),
    (cityjson_seq, &["two.city.jsonl"]),
];

fn fixture(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/ingest")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// Reads and converts; gives back how many entities came of it.
fn run(reader: Reader, bytes: &[u8]) -> usize {
    let Ok(raw) = reader(bytes) else { return 0 };
    let stated = raw.crs.is_none().then(|| Crs::from_epsg(28992).unwrap());
    let Ok(crs) = ingest::choose_crs(&raw, stated.as_ref()) else {
        return 0;
    };
    let origin = Origin {
        dataset: "t".into(),
        import: ImportId::from_bits(1),
        crs: stated,
        datum: Datum::Wgs84,
    };
    let target = Target { crs, extent: None };
    let Ok(mut converted) = ingest::convert(raw, &target, &origin) else {
        return 0;
    };
    let entities = ingest::join(std::slice::from_mut(&mut converted));
    let keys: std::collections::HashSet<_> = entities.iter().map(Entity::key).collect();
    assert_eq!(keys.len(), entities.len(), "an id came twice");
    for entity in &entities {
        if let Entity::Building(one) = entity {
            let corners = one.footprint.exterior().0.iter();
            assert!(
                corners
                    .clone()
                    .all(|at| at.x.is_finite() && at.y.is_finite())
            );
            assert!(one.height_m.is_finite() && one.height_m > 0.0 && one.storeys > 0);
        }
    }
    entities.len()
}

fn run_all(bytes: &[u8]) {
    for (reader, _) in READERS {
        run(reader, bytes);
    }
    let _ = ingest::read(bytes, Path::new("x.json"), None);
}

#[test]
fn the_fixtures_themselves_are_valid() {
    let counts: Vec<usize> = READERS
        .iter()
        .flat_map(|(reader, names)| names.iter().map(|name| run(*reader, &fixture(name))))
        .collect();
    assert_eq!(counts, [14, 9, 1, 10, 2]);
    for (name, format) in [
        ("every_kind.geojson", Format::GeoJson),
        ("old.city.json", Format::CityJson),
        ("two.city.jsonl", Format::CityJsonSeq),
    ] {
        let text = String::from_utf8(fixture(name)).unwrap();
        assert_eq!(
            Format::detect(text.as_bytes(), Path::new("unnamed")),
            Ok(format)
        );
    }
}

#[test]
fn cut_off_at_any_byte() {
    for (reader, names) in READERS {
        for name in names {
            let bytes = fixture(name);
            for end in (0..bytes.len()).step_by(7) {
                run(reader, &bytes[..end]);
            }
        }
    }
}

/// Words that break a number, a text or a list where they are put.
const WORDS: [&str; 14] = [
    "NaN",
    "1e999",
    "-1",
    "1e300",
    "null",
    "{}",
    "[]",
    "\"x\"",
    "18446744073709551616",
    "0",
    "true",
    "[[[[[]]]]]",
    "4294967295",
    "1e-320",
];

fn mutated(bytes: &[u8], changes: &[(usize, usize, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, how, byte) in changes {
        let at = at % bytes.len().max(1);
        match how % 4 {
            0 => bytes[at] = *byte,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, *byte),
            _ => replace_number(&mut bytes, at, WORDS[usize::from(*byte) % WORDS.len()]),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// Replaces the next number, so that the file stays JSON.
fn replace_number(bytes: &mut Vec<u8>, from: usize, word: &str) {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(start) = bytes[from..].iter().position(is_digit).map(|at| at + from) else {
        return;
    };
    let part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let length = bytes[start..].iter().take_while(|byte| part(byte)).count();
    bytes.splice(start..start + length, word.bytes());
}

fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        (0..9i64).prop_map(|number| json!(number)),
        (-180.0..180.0f64).prop_map(|number| json!(number)),
    ];
    let leaf = prop_oneof![4 => number, 1 => Just(Value::Null), 1 => "[a-zß门 ]{0,6}".prop_map(Value::from)];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            4 => prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            1 => prop::collection::btree_map("type|lod|values|surfaces|building|height|name", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Rings of real coordinates that cross, touch and repeat.
fn any_ring() -> impl Strategy<Value = Value> {
    let step = (0..6i32, 0..6i32)
        .prop_map(|(x, y)| json!([120.6 + f64::from(x) * 1e-4, 31.3 + f64::from(y) * 1e-4]));
    prop::collection::vec(step, 0..12).prop_map(Value::from)
}

proptest! {

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        run_all(&bytes);
    }

    #[test]
    fn mutated_valid_files(
        which in 0..5usize,
        changes in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..12),
    ) {
        let all: Vec<(Reader, &str)> = READERS
            .iter()
            .flat_map(|(reader, names)| names.iter().map(|name| (*reader, *name)))
            .collect();
        let (reader, name) = all[which];
        run(reader, &mutated(&fixture(name), &changes));
    }

    #[test]
    fn geojson_of_any_shape(
        kind in "Point|MultiPoint|LineString|MultiLineString|Polygon|MultiPolygon|GeometryCollection",
        coordinates in any_json(),
        properties in any_json(),
        rings in prop::collection::vec(any_ring(), 0..4),
    ) {
        let feature = |kind: &str, coordinates: &Value, properties: &Value| json!({
            "type": "Feature", "properties": properties,
            "geometry": {"type": kind, "coordinates": coordinates, "geometries": coordinates},
        });
        let features = json!([
            feature(&kind, &coordinates, &properties),
            feature("Polygon", &json!(rings), &Value::Null),
            feature("MultiPolygon", &json!([rings]), &json!({"natural": "water"})),
            feature("MultiLineString", &json!(rings), &json!({"waterway": "canal"})),
        ]);
        let text = json!({"type": "FeatureCollection", "features": features}).to_string();
        run(ingest::read_geojson, text.as_bytes());
    }

    #[test]
    fn cityjson_of_any_shape(
        kind in "MultiPoint|MultiSurface|Solid|MultiSolid|GeometryInstance",
        object in "Building|Road|WaterBody|SolitaryVegetationObject|Bridge|LandUse",
        boundaries in any_json(),
        semantics in any_json(),
        vertices in prop::collection::vec(prop::array::uniform3(-9..9i32), 0..10),
        faces in prop::collection::vec(prop::collection::vec(0..10u32, 3..7), 1..8),
    ) {
        let sound: Vec<Value> = faces.iter().map(|ring| json!([ring])).collect();
        let text = json!({
            "type": "CityJSON", "version": "2.0",
            "transform": {"scale": [1, 1, 1], "translate": [85000, 446000, 0]},
            "CityObjects": {
                "a": {"type": object, "geometry": [
                    {"type": kind, "lod": semantics, "boundaries": boundaries, "semantics": semantics, "template": 0},
                    {"type": "MultiSurface", "lod": "1", "boundaries": sound},
                ]},
            },
            "vertices": vertices,
            "geometry-templates": semantics,
        });
        run(cityjson, text.to_string().as_bytes());
    }
}
