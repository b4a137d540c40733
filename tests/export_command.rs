//! `pingjiang export` as people run it: a file appears whole or not at all, nothing is written
//! over by a slip, and a copy of the city holds nobody.

use std::path::Path;
use std::process::{Command, Output};

use pingjiang::model::EntityKind;
use pingjiang::store::CityFile;
use serde_json::Value;

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

fn export(city: &Path, to: &Path, rest: &[&str]) -> Output {
    let [city, to] = [city, to].map(|path| path.to_str().unwrap());
    pingjiang(&[&["export", city, "--to", to], rest].concat())
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Holds a refusal: exit code and words of the message.
fn check(output: &Output, code: i32, words: &[&str]) {
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{message}");
    for word in words {
        assert!(message.contains(word), "{word}: {message}");
    }
    assert!(!message.contains("panicked"), "{message}");
}

fn community(folder: &Path) -> std::path::PathBuf {
    let city = folder.join("平江 city.gpkg");
    let out = city.to_str().unwrap();
    let made = pingjiang(&["generate", "--area", "zjl", "--seed", "1", "--out", out]);
    assert!(made.status.success(), "{made:?}");
    city
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn whoever_stops_reading_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("zjl.gpkg");
    let city = city.to_str().unwrap();
    let made = pingjiang(&["generate", "--area", "zjl", "--seed", "1", "--out", city]);
    assert!(made.status.success(), "{made:?}");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .args(["inspect", city])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{out:?}");
    assert!(
        out.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
}

#[test]
fn out_and_in_again_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let city = community(folder.path());
    let file = folder.path().join("out.city.json");
    let told = report(&export(&city, &file, &["--json"]));
    assert_eq!(told["format"], "cityjson");
    let load = |path: &Path| CityFile::open(path, None).unwrap().load_ground().unwrap();
    let buildings = load(&city).buildings.len();
    assert!(buildings > 500);
    assert_eq!(told["written"]["building"], buildings);
    assert_eq!(told["bytes"], std::fs::metadata(&file).unwrap().len());
    let left = told["left_out"].as_array().unwrap();
    let residents = left.iter().find(|one| one["what"] == "resident").unwrap();
    assert_eq!(residents["count"], 4451);
    let again = folder.path().join("again.gpkg");
    let [from, into] = [&file, &again].map(|path| path.to_str().unwrap());
    let imported = pingjiang(&["import", from, "--into", into]);
    assert!(imported.status.success(), "{imported:?}");
    let (first, second) = (load(&city), load(&again));
    assert!(first.buildings.keys().eq(second.buildings.keys()));
    assert!(first.places.keys().eq(second.places.keys()));
}

/// A house of which one wall wears a picture and the roof a colour.
const HOUSE: &str = r#"{"type":"CityJSON","version":"2.0",
    "transform":{"scale":[0.001,0.001,0.001],"translate":[85000.0,447000.0,0.0]},
    "metadata":{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/28992"},
    "CityObjects":{"house":{"type":"Building","geometry":[{"type":"Solid","lod":"2",
        "boundaries":[[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]],
        "semantics":{"surfaces":[{"type":"GroundSurface"},{"type":"RoofSurface","tiles":"red"}],
            "values":[[0,1,null,null,null,null]]},
        "material":{"day":{"values":[[null,0,null,null,null,null]]}},
        "texture":{"day":{"values":[[[[null]],[[null]],[[0,0,1,2,3]],[[null]],[[null]],[[null]]]]}}}]}},
    "appearance":{"materials":[{"name":"tiles","diffuseColor":[0.7,0.25,0.1]}],
        "textures":[{"type":"PNG","image":"walls/a b.png"}],
        "vertices-texture":[[0,0],[1,0],[1,1],[0,1]]},
    "vertices":[[0,0,0],[10000,0,0],[10000,8000,0],[0,8000,0],
        [0,0,6001],[10000,0,6001],[10000,8000,6001],[0,8000,6001]]}"#;

#[test]
fn looks_go_out_and_come_back_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("house.city.json"), HOUSE).unwrap();
    let import = |file: &str, city: &str| {
        let (file, city) = (at(file), at(city));
        let done = pingjiang(&[
            "import",
            file.to_str().unwrap(),
            "--into",
            city.to_str().unwrap(),
        ]);
        assert!(done.status.success(), "{done:?}");
        report(&pingjiang(&["inspect", city.to_str().unwrap(), "--json"]))["content_hash"].clone()
    };
    let first = import("house.city.json", "a.gpkg");
    assert!(first.is_string());
    for name in ["out.city.json", "out.city.jsonl"] {
        let told = report(&export(&at("a.gpkg"), &at(name), &["--json"]));
        assert_eq!(told["left_out"], Value::Array(Vec::new()), "{told}");
        assert_eq!(import(name, &format!("{name}.gpkg")), first, "{name}");
    }
    let left = |told: &Value| told["left_out"].to_string();
    let told = report(&export(&at("a.gpkg"), &at("bare.glb"), &["--json"]));
    assert!(left(&told).contains("beside the file"), "{told}");
    assert_eq!(told["written"]["material"], 1, "{told}");
    std::fs::create_dir(at("walls")).unwrap();
    let picture = b"\x89PNG\r\n\x1a\n and what else a picture holds";
    std::fs::write(at("walls/a b.png"), picture).unwrap();
    let told = report(&export(&at("a.gpkg"), &at("b.glb"), &["--json"]));
    assert_eq!(
        (&told["written"]["texture"], left(&told).as_str()),
        (&1.into(), "[]")
    );
    let bytes = std::fs::read(at("b.glb")).unwrap();
    assert!(bytes.windows(picture.len()).any(|part| part == picture));
    report(&export(&at("a.gpkg"), &at("b.gltf"), &["--json"]));
    let text = std::fs::read_to_string(at("b.gltf")).unwrap();
    assert!(text.contains(r#""uri":"walls/a%20b.png""#), "{text}");
}

#[test]
fn nothing_is_written_over_by_a_slip() {
    let folder = tempfile::tempdir().unwrap();
    let city = community(folder.path());
    let before = std::fs::read(&city).unwrap();
    let file = folder.path().join("a.geojson");
    std::fs::write(&file, "mine").unwrap();
    check(&export(&city, &file, &[]), 1, &["--force", "a.geojson"]);
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    check(&export(&city, &city, &["--force"]), 1, &["over itself"]);
    check(
        &export(&city, &folder.path().join("a.shp"), &[]),
        1,
        &["--as", "a.shp"],
    );
    check(
        &export(&city, &folder.path().join("no/a.glb"), &[]),
        1,
        &["folder"],
    );
    check(
        &export(&city, folder.path(), &["--as", "glb"]),
        1,
        &["folder"],
    );
    let other = folder.path().join("a.city.json");
    check(
        &export(&city, &other, &["--crs", "EPSG:4326"]),
        1,
        &["--crs", "a.city.json"],
    );
    check(
        &export(&city, &other, &["--layers", "resident"]),
        2,
        &["building"],
    );
    check(&export(&city, &other, &["--bbox", "1,2,3"]), 2, &["west"]);
    check(&export(&city, &other, &["--lod", "9"]), 2, &["3.3"]);
    check(
        &export(&city, &folder.path().join("b.gpkg"), &["--lod", "1"]),
        1,
        &["whole"],
    );
    let missing = folder.path().join("none.gpkg");
    check(
        &export(&missing, &other, &[]),
        1,
        &["no city file", "none.gpkg"],
    );
    assert_eq!(
        names(folder.path()),
        [
            "a.geojson",
            "平江 city.gpkg",
            "平江 city.key",
            "平江 city.monitor.toml"
        ]
    );
    assert!(export(&city, &file, &["--force"]).status.success());
    assert!(std::fs::read(&file).unwrap().starts_with(b"{"));
    assert_eq!(
        std::fs::read(&city).unwrap(),
        before,
        "the city is only read"
    );
}

#[test]
fn what_is_no_ordinary_file_stays_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let city = community(folder.path());
    let key = std::fs::read(at("平江 city.key")).unwrap();
    let refused = |to: &Path, words: &[&str]| {
        for rest in [
            &["--as", "geojson", "--force"][..],
            &["--as", "geopackage", "--force"],
        ] {
            check(&export(&city, to, rest), 1, words);
        }
    };
    refused(&at("平江 city.key"), &["city's key", "name another"]);
    std::fs::write(at("other.key"), &key).unwrap();
    refused(&at("other.key"), &["city's key", "cannot be made again"]);
    std::fs::create_dir(at("平江 city.archive")).unwrap();
    std::fs::write(at("平江 city.archive/log.sqlite"), "log").unwrap();
    refused(&at("平江 city.archive/log.sqlite"), &["archive"]);
    refused(&at("平江 city.archive"), &["archive"]);
    refused(&at("平江 city.gpkg-wal"), &["side files"]);
    refused(Path::new("-"), &["standard output"]);
    check(&export(&city, Path::new("-"), &[]), 1, &["standard output"]);
    assert_eq!(std::fs::read(at("平江 city.key")).unwrap(), key);
    assert_eq!(std::fs::read(at("other.key")).unwrap(), key);
    assert_eq!(
        std::fs::read(at("平江 city.archive/log.sqlite")).unwrap(),
        b"log"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::{FileTypeExt, symlink};
        std::fs::write(at("theirs.geojson"), "theirs").unwrap();
        symlink("theirs.geojson", at("link.geojson")).unwrap();
        symlink("nothing.geojson", at("dangling.geojson")).unwrap();
        refused(&at("link.geojson"), &["link to theirs.geojson", "name"]);
        refused(&at("dangling.geojson"), &["link to nothing.geojson"]);
        assert!(at("link.geojson").is_symlink());
        assert_eq!(std::fs::read(at("theirs.geojson")).unwrap(), b"theirs");
        let socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        refused(&at("socket"), &["socket", "name another"]);
        drop(socket);
        let made = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
        assert!(made.success());
        refused(&at("pipe"), &["pipe", "name another"]);
        let about = std::fs::symlink_metadata(at("pipe")).unwrap();
        assert!(about.file_type().is_fifo());
        let pipe = at("pipe");
        let inspected = pingjiang(&["inspect", pipe.to_str().unwrap()]);
        check(&inspected, 1, &["not a GeoPackage", "pipe"]);
    }
}

#[test]
fn a_copy_holds_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let city = community(folder.path());
    let copy = folder.path().join("copy.gpkg");
    report(&export(&city, &copy, &["--json"]));
    let load = |path: &Path| CityFile::open(path, None).unwrap().load_ground().unwrap();
    let (first, second) = (load(&city), load(&copy));
    for kind in EntityKind::ALL {
        let is_personal = matches!(
            kind,
            EntityKind::Dwelling
                | EntityKind::Household
                | EntityKind::Resident
                | EntityKind::Vehicle
                | EntityKind::Responder
                | EntityKind::Event
        );
        let expected = if is_personal { 0 } else { first.count(*kind) };
        assert_eq!(second.count(*kind), expected, "{}", kind.as_str());
    }
    assert_eq!(first.buildings, second.buildings);
    assert!(second.devices.values().all(|one| one.dwelling.is_none()));
    // Not even in pages that were freed.
    let bytes = std::fs::read(&copy).unwrap();
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds(
        &first.buildings.values().next().unwrap().id.to_string()
    ));
    for resident in first.residents.values().step_by(900) {
        assert!(!holds(&resident.id.to_string()), "{}", resident.id);
    }
    let inspected = pingjiang(&["inspect", copy.to_str().unwrap(), "--json"]);
    assert!(inspected.status.success(), "{inspected:?}");
    match Command::new("ogrinfo")
        .args(["-ro", "-al", "-so"])
        .arg(&copy)
        .output()
    {
        Ok(output) => assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        ),
        Err(fault) => {
            assert!(std::env::var_os("CI").is_none(), "ogrinfo: {fault}");
            eprintln!("skipped: ogrinfo cannot be run ({fault}); install gdal-bin");
        }
    }
}
