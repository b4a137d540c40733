//! glTF models of others: every borrowed prop comes in as a landmark and as a proposed building,
//! with its picture, its size and its place as the file says.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use pingjiang::ingest::{self, Placement, RawKind, ReadOptions, Spot2};
use pingjiang::space::{Bounds3, is_closed};
use pingjiang::store::CityFile;
use serde_json::Value;

fn props() -> Vec<PathBuf> {
    let Some(folder) = support::borrowed("props_kaykit") else {
        return Vec::new();
    };
    let files = std::fs::read_dir(folder).unwrap().flatten();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "gltf"));
    files.sort();
    assert!(files.len() > 30, "{files:?}");
    files
}

fn options(as_building: bool) -> ReadOptions {
    ReadOptions {
        placement: Some(Placement {
            as_building,
            height_m: Some(3.0),
            ..Placement::at(Spot2::Projected([1_000.0, 2_000.0]))
        }),
        ..ReadOptions::default()
    }
}

/// What the accessors of a file say of its extent and of its triangles.
fn said(path: &Path) -> (Bounds3, u64) {
    let text = std::fs::read_to_string(path).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut bounds = Bounds3::empty();
    let mut triangles = 0;
    let nodes = document["nodes"].as_array().unwrap();
    for node in nodes {
        assert!(node.get("rotation").is_none() && node.get("scale").is_none());
        let Some(mesh) = node["mesh"].as_u64() else {
            continue;
        };
        let moved = |axis: usize| node["translation"][axis].as_f64().unwrap_or(0.0);
        let primitives = document["meshes"][mesh as usize]["primitives"]
            .as_array()
            .unwrap();
        for primitive in primitives {
            let accessor = |key: &Value| &document["accessors"][key.as_u64().unwrap() as usize];
            let positions = accessor(&primitive["attributes"]["POSITION"]);
            triangles += accessor(&primitive["indices"])["count"].as_u64().unwrap() / 3;
            for end in ["min", "max"] {
                let at = |axis: usize| positions[end][axis].as_f64().unwrap() + moved(axis);
                bounds.include([1_000.0 + at(0), 2_000.0 - at(2), 3.0 + at(1)]);
            }
        }
    }
    (bounds, triangles)
}

#[test]
fn every_prop_comes_in_whole() {
    for path in props() {
        for as_building in [false, true] {
            let file = ingest::read_file(&path, &options(as_building));
            let raw = file.unwrap_or_else(|fault| panic!("{fault}")).raw;
            let [feature] = &raw.features[..] else {
                panic!("{}: {} features", path.display(), raw.features.len());
            };
            assert_eq!(feature.kind == RawKind::Building, as_building);
            assert_eq!(
                raw.warnings.count(),
                0,
                "{}: {:?}",
                path.display(),
                raw.warnings
            );
            let model = &feature.shape.models[0];
            assert_eq!(model.details.len(), model.surfaces.len());
            assert!(
                model
                    .details
                    .iter()
                    .all(|one| one.textures.contains_key("gltf"))
            );
            assert_eq!(raw.textures[0].image, "citybits_texture.png");
            let (bounds, triangles) = said(&path);
            let found = Bounds3::from_points(feature.shape.positions());
            for axis in 0..3 {
                assert!(
                    (found.min[axis] - bounds.min[axis]).abs() < 1e-4,
                    "{}",
                    path.display()
                );
                assert!(
                    (found.max[axis] - bounds.max[axis]).abs() < 1e-4,
                    "{}",
                    path.display()
                );
            }
            // Only triangles without area are left out.
            let left = triangles - model.surfaces.len() as u64;
            assert!(
                left * 20 <= triangles,
                "{}: {left} of {triangles}",
                path.display()
            );
        }
    }
}

#[test]
fn faces_look_outwards() {
    let Some(path) = support::borrowed("props_kaykit/box_A.gltf") else {
        return;
    };
    let raw = ingest::read_file(&path, &options(false)).unwrap().raw;
    let surfaces = &raw.features[0].shape.models[0].surfaces;
    let volume: f64 = surfaces
        .iter()
        .map(|face| {
            let [a, b, c] = [0, 1, 2].map(|k| {
                let at = face.rings[0][k];
                [at[0] - 1_000.0, at[1] - 2_000.0, at[2] - 3.0]
            });
            a[0] * (b[1] * c[2] - b[2] * c[1])
                + a[1] * (b[2] * c[0] - b[0] * c[2])
                + a[2] * (b[0] * c[1] - b[1] * c[0])
        })
        .sum();
    assert!(volume > 0.0, "{volume} {}", is_closed(surfaces));
}

#[test]
fn the_command_places_a_proposed_building_and_says_what_is_missing() {
    let Some(path) = support::borrowed("props_kaykit/building_A.gltf") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("city.gpkg");
    let run = |arguments: &[&str]| {
        let files = [path.to_str().unwrap(), "--into", city.to_str().unwrap()];
        Command::new(env!("CARGO_BIN_EXE_pingjiang"))
            .args([&["import"], &files[..], arguments].concat())
            .output()
            .unwrap()
    };
    let out = run(&[]);
    let message = String::from_utf8_lossy(&out.stderr);
    assert!(
        !out.status.success() && message.contains("--at-lonlat"),
        "{message}"
    );
    let out = run(&[
        "--at-lonlat",
        "120.6201,31.3101",
        "--heading",
        "-30",
        "--scale",
        "4",
        "--as-building",
        "--name",
        "Hall",
    ]);
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let ground = CityFile::open(&city, None).unwrap().load_ground().unwrap();
    assert_eq!(ground.info.crs, "EPSG:4549");
    let building = ground.buildings.values().next().unwrap();
    assert_eq!(building.name.as_deref(), Some("Hall"));
    assert_eq!(building.attributes["pingjiang:status"], "proposed");
    assert!(
        building.height_m > 4.0 && building.ground_m.abs() < 1.0,
        "{}",
        building.height_m
    );
    let faces = &building.models[0].surfaces;
    assert!(faces.len() > 100, "{}", faces.len());
}
