//! Models made here: where they land, what they wear, and what is refused.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read_gltf;
use crate::base::ImportId;
use crate::ingest::{
    Input, Origin, Placement, RawCity, RawKind, ReadOptions, Spot2, Target, convert,
};
use crate::model::Entity;
use crate::space::{Crs, Datum, SurfaceKind};

/// Three corners of a triangle in the plane x, y, then the indices 0 1 2 as bytes.
const TRIANGLE: &str = "AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAAAAECAA==";

fn triangle() -> Value {
    json!({
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
             "min": [0, 0, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5121, "count": 3, "type": "SCALAR"}
        ],
        "bufferViews": [
            {"buffer": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 3}
        ],
        "buffers": [{"byteLength": 40,
            "uri": format!("data:application/octet-stream;base64,{TRIANGLE}")}]
    })
}

fn at_origin() -> ReadOptions {
    ReadOptions {
        placement: Some(Placement::at(Spot2::Projected([100.0, 200.0]))),
        ..ReadOptions::default()
    }
}

fn read(document: &Value, options: &ReadOptions) -> Result<RawCity, String> {
    let text = document.to_string();
    let input = Input::alone(Path::new("a.gltf"), text.as_bytes());
    read_gltf(&input, options, &mut |_| Ok(())).map_err(|fault| fault.to_string())
}

/// The corners of the first face, to the millimetre.
fn corners(city: &RawCity) -> Vec<[f64; 3]> {
    let ring = &city.features[0].shape.models[0].surfaces[0].rings[0];
    let rounded = |v: f64| (v * 1e3).round() / 1e3;
    ring.iter().map(|at| at.map(|v| rounded(v) + 0.0)).collect()
}

fn check(document: &Value, options: &ReadOptions, expected: [[f64; 3]; 3]) {
    let city = read(document, options).unwrap_or_else(|fault| panic!("{document}: {fault}"));
    assert_eq!(corners(&city), expected, "{document}");
}

#[test]
fn a_triangle_stands_where_it_is_put() {
    // Up in the model is up in the city.
    check(
        &triangle(),
        &at_origin(),
        [[100., 200., 0.], [101., 200., 0.], [100., 200., 1.]],
    );
    let mut options = at_origin();
    let placement = options.placement.as_mut().unwrap();
    (placement.heading_deg, placement.scale) = (90.0, 3.0);
    placement.height_m = Some(5.0);
    // What pointed east points south after a quarter turn clockwise.
    check(
        &triangle(),
        &options,
        [[100., 200., 5.], [100., 197., 5.], [100., 200., 8.]],
    );
}

#[test]
fn nodes_move_turn_and_mirror() {
    let mut moved = triangle();
    moved["nodes"] = json!([
        {"children": [1], "translation": [10, 0, -4]},
        {"mesh": 0, "scale": [2, 2, 2]}
    ]);
    check(
        &moved,
        &at_origin(),
        [[110., 204., 0.], [112., 204., 0.], [110., 204., 2.]],
    );
    let mut mirrored = triangle();
    mirrored["nodes"][0]["scale"] = json!([-1, 1, 1]);
    // Corners change places, so that the face keeps its side.
    check(
        &mirrored,
        &at_origin(),
        [[100., 200., 0.], [100., 200., 1.], [99., 200., 0.]],
    );
}

#[test]
fn strips_fans_and_lists_without_indices() {
    for (mode, faces) in [(4, 1), (5, 2), (6, 1), (1, 0), (0, 0)] {
        let mut document = triangle();
        document["meshes"][0]["primitives"][0] =
            json!({"attributes": {"POSITION": 0}, "mode": mode});
        // Four corners: three from the sparse part, the fourth is 0 0 0 like the first.
        document["accessors"] = json!([{"componentType": 5126, "count": 4, "type": "VEC3",
            "min": [0, 0, 0], "max": [1, 1, 1],
            "sparse": {"count": 3,
                "indices": {"bufferView": 1, "componentType": 5121},
                "values": {"bufferView": 0}}}]);
        if mode == 4 {
            document["accessors"][0]["count"] = json!(3);
        }
        let found = read(&document, &at_origin());
        let count = found.map_or(0, |city| city.features[0].shape.models[0].surfaces.len());
        assert_eq!(count, faces, "mode {mode}");
    }
}

#[test]
fn looks_are_kept() {
    let mut document = triangle();
    document["materials"] = json!([{"name": "brick", "pbrMetallicRoughness": {
        "baseColorFactor": [0.5, 0.25, 0.125, 0.5], "baseColorTexture": {"index": 0}}}]);
    document["textures"] = json!([{"source": 0}]);
    document["images"] = json!([{"uri": "brick.png"}]);
    let primitive = &mut document["meshes"][0]["primitives"][0];
    primitive["material"] = json!(0);
    primitive["attributes"]["TEXCOORD_0"] = json!(2);
    let uv = json!({"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC2"});
    document["accessors"].as_array_mut().unwrap().push(uv);
    let city = read(&document, &at_origin()).unwrap();
    // Shares of light in the file, shares of sRGB here.
    let seen = city.materials[0].diffuse.unwrap().0;
    for (share, expected) in seen.into_iter().zip([0.735_36, 0.537_10, 0.388_57]) {
        assert!((share - expected).abs() < 1e-5, "{seen:?}");
    }
    assert_eq!(city.materials[0].transparency, Some(0.5));
    assert_eq!(city.textures[0].image, "brick.png");
    let detail = &city.features[0].shape.models[0].details[0];
    assert_eq!(detail.textures["gltf"].uv, [[[0., 1.], [0., 0.], [0., 1.]]]);
    assert_eq!(city.warnings.count(), 1, "the picture is missing");
}

#[test]
fn proposed_buildings_and_landmarks() {
    let mut options = at_origin();
    options.placement.as_mut().unwrap().as_building = true;
    let city = read(&triangle(), &options).unwrap();
    let feature = &city.features[0];
    assert_eq!(feature.kind, RawKind::Building);
    assert_eq!(feature.attributes["pingjiang:status"], "proposed");
    assert_eq!(feature.attributes["pingjiang:ground"], "unknown");
    let kind = feature.shape.models[0].surfaces[0].kind;
    assert_eq!(kind, SurfaceKind::WallSurface);
    let landmark = read(&triangle(), &at_origin()).unwrap();
    let target = Target {
        crs: Crs::from_epsg(4549).unwrap(),
        extent: None,
    };
    let origin = Origin {
        dataset: "arch".into(),
        import: ImportId::from_bits(1),
        crs: None,
        datum: Datum::Wgs84,
    };
    let converted = convert(landmark, &target, &origin).unwrap();
    assert_eq!(converted.source_crs.name(), "EPSG:4549");
    let [Entity::Object(object)] = &converted.entities[..] else {
        panic!("{:?}", converted.entities);
    };
    assert_eq!(
        (object.kind.as_str(), object.name.as_deref()),
        ("Landmark", Some("a"))
    );
}

#[test]
fn a_city_of_our_own_tells_its_place() {
    let mut document = triangle();
    document["asset"]["extras"] = json!({"crs": "EPSG:4549", "origin": [500_000, 3_400_000, 2]});
    document["nodes"][0]["extras"] =
        json!({"type": "building", "key": "b1", "name": "Hall", "storeys": 2, "id": "x"});
    let city = read(&document, &ReadOptions::default()).unwrap();
    assert_eq!(city.crs.as_ref().and_then(Crs::epsg), Some(4549));
    let feature = &city.features[0];
    assert_eq!(
        (feature.key.as_str(), &feature.kind),
        ("b1", &RawKind::Building)
    );
    assert_eq!(corners(&city)[2], [500_000., 3_400_000., 3.]);
    assert!(feature.attributes.contains_key("storeys") && !feature.attributes.contains_key("id"));
}

/// A change to the sound document, and what is said of it.
fn check_refused(change: impl Fn(&mut Value), reason: &str) {
    let mut document = triangle();
    change(&mut document);
    let fault = read(&document, &at_origin()).expect_err(reason);
    assert!(fault.contains(reason), "{fault}\n  not {reason}");
}

#[test]
fn a_model_of_nothing_holds_nothing() {
    let empty = json!({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{}]});
    for options in [ReadOptions::default(), at_origin()] {
        let told = read(&empty, &options).unwrap_err();
        assert!(told.starts_with("it holds nothing"), "{told}");
    }
    // A scene without nodes beside one with some is as the standard has it.
    let mut two = triangle();
    two["scenes"] = json!([{"nodes": [0]}, {"name": "nothing"}]);
    assert!(read(&two, &at_origin()).is_ok());
}

#[test]
fn faults_name_their_place() {
    let fault = read(&triangle(), &ReadOptions::default()).unwrap_err();
    assert!(
        fault.contains("--at") && fault.contains("--at-lonlat"),
        "{fault}"
    );
    check_refused(
        |d| d["nodes"][0]["children"] = json!([0]),
        "nodes[0] is below itself",
    );
    check_refused(
        |d| d["accessors"][0]["count"] = json!(1_000_000_000_000_u64),
        "accessors[0]",
    );
    check_refused(
        |d| d["accessors"][0]["byteOffset"] = json!(4),
        "accessors[0]",
    );
    check_refused(
        |d| d["bufferViews"][1]["byteOffset"] = json!(39),
        "accessors[1]",
    );
    check_refused(
        |d| d["bufferViews"][0]["byteStride"] = json!(200),
        "accessors[0]",
    );
    check_refused(
        |d| d["buffers"][0]["byteLength"] = json!(1_u64 << 40),
        "claims",
    );
    check_refused(|d| d["buffers"][0]["uri"] = json!("far.bin"), "far.bin");
    check_refused(|d| d["buffers"][0]["uri"] = json!("../up.bin"), "up.bin");
    check_refused(|d| d["asset"]["version"] = json!("1.0"), "1.0");
    check_refused(|d| d["scenes"][0]["nodes"] = json!([]), "no face");
    check_refused(|d| d["nodes"][0]["mesh"] = json!(7), "no sound glTF");
    for image in [json!({"name": "lost"}), json!({"bufferView": 0})] {
        let change = |d: &mut Value| {
            d["images"] = json!([image]);
            d["textures"] = json!([{"source": 0}]);
        };
        check_refused(change, "images[0]");
    }
    check_refused(
        |d| {
            let values = json!({"bufferView": 0});
            let indices = json!({"bufferView": 1, "componentType": 5121, "byteOffset": 2});
            d["accessors"][0]["sparse"] = json!({"count": 1, "indices": indices, "values": values});
            d["accessors"][0]["count"] = json!(2);
        },
        "sparse",
    );
    for extension in ["KHR_draco_mesh_compression", "EXT_meshopt_compression"] {
        check_refused(|d| d["extensionsRequired"] = json!([extension]), extension);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for mark in [&b""[..], b"glTF\x02\0\0\0", b"glTF\x02\0\0\0\xff\0\0\0\x10\0\0\0JSON{\"asset\":{"] {
            let marked = [mark, &bytes].concat();
            let input = Input::alone(Path::new("a.glb"), &marked);
            let _ = read_gltf(&input, &at_origin(), &mut |_| Ok(()));
        }
    }

    /// Any number in any place of a sound document.
    #[test]
    fn no_number_panics(place in 0..40usize, number in prop_oneof![
        Just(json!(0)), Just(json!(u64::MAX)), Just(json!(-1)), Just(json!(1e300)),
        (0..70u64).prop_map(|n| json!(n)), Just(json!(5126)), Just(json!(5123)),
    ]) {
        fn numbers<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
            match value {
                Value::Number(_) => found.push(value),
                Value::Array(list) => list.iter_mut().for_each(|one| numbers(one, found)),
                Value::Object(map) => map.values_mut().for_each(|one| numbers(one, found)),
                _ => {}
            }
        }
        let mut document = triangle();
        let mut found = Vec::new();
        numbers(&mut document, &mut found);
        let count = found.len();
        *found[place % count] = number;
        let _ = read(&document, &at_origin());
    }
}
