//! `pingjiang import` as people run it: a city appears whole or not at all, a second run of the
//! same file changes nothing, and what was imported can be taken back.

use std::path::{Path, PathBuf};
use std::process::Output;

use pingjiang::store::CityFile;
use serde_json::Value;

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

const BASE_MAP: &str = "maps/gusu/base_map.geojson";
const KINDS: &str = "tests/data/ingest/every_kind.geojson";

fn import(city: &Path, arguments: &[&str]) -> Output {
    let into = ["--into", city.to_str().unwrap()];
    pingjiang(&[&["import"], arguments, &into].concat())
}

/// The JSON document of an import that must succeed.
fn report(city: &Path, arguments: &[&str]) -> Value {
    let out = import(city, &[arguments, &["--json"]].concat());
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    serde_json::from_slice(&out.stdout).unwrap()
}

/// What an import that must fail says, with its exit code.
fn refusal(city: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let out = import(city, arguments);
    assert!(!out.status.success(), "{out:?}");
    let message = String::from_utf8(out.stderr).unwrap();
    assert!(!message.contains("panicked"), "{message}");
    (out.status.code(), message)
}

fn inspect(city: &Path) -> Value {
    let out = pingjiang(&["inspect", city.to_str().unwrap(), "--json"]);
    serde_json::from_slice(&out.stdout).unwrap()
}

fn content(city: &Path) -> String {
    inspect(city)["content_hash"].as_str().unwrap().to_owned()
}

/// The id of the first file of an import's report.
fn id_of(report: &Value) -> String {
    report["files"][0]["id"].as_str().unwrap().to_owned()
}

fn city_in(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("old.gpkg")
}

#[test]
fn a_city_of_two_files() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let first = report(&city, &[KINDS, BASE_MAP, "--name", "姑苏"]);
    assert_eq!(
        (&first["created"], &first["crs"]),
        (&true.into(), &"EPSG:4549".into())
    );
    assert_eq!(first["files"][0]["counts"]["building"]["added"], 4);
    assert_eq!(first["files"][1]["counts"]["place"]["added"], 25);
    assert!(
        city.with_extension("key").exists(),
        "a key for later registries"
    );
    let ground = CityFile::open(&city, None).unwrap().load_ground().unwrap();
    assert_eq!((ground.version, ground.info.name_zh.as_str()), (1, "姑苏"));
    assert_eq!(
        (ground.info.utc_offset_minutes, ground.info.synthetic),
        (480, false)
    );
    let moat = ground
        .water
        .values()
        .find(|one| one.name.as_deref() == Some("外城河"))
        .unwrap();
    assert_eq!(
        moat.polygon.interiors().len(),
        1,
        "the old city lies inside the moat"
    );
    let gate = ground
        .places
        .values()
        .find(|one| one.name == "阊门")
        .unwrap();
    assert_eq!(gate.name_en.as_deref(), Some("Chang Gate"));
    let again = report(&city, &[KINDS, BASE_MAP]);
    assert_eq!(again["created"], false);
    assert_eq!(
        (&again["written"]["added"], &again["written"]["updated"]),
        (&0.into(), &0.into())
    );
    assert_eq!(again["written"]["unchanged"], first["written"]["added"]);
}

#[test]
fn a_dry_run_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = report(&city_in(&folder), &[KINDS, "--dry-run"]);
    assert_eq!(
        (&out["dry_run"], &out["written"]),
        (&true.into(), &Value::Null)
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn one_bad_file_stops_all() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let bad = folder.path().join("bad.geojson");
    std::fs::write(&bad, r#"{"type":"FeatureCollection","features":[{"#).unwrap();
    let out = import(&city, &[KINDS, bad.to_str().unwrap()]);
    let message = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1));
    assert!(
        message.contains("line 1, column 41") && message.contains("bad.geojson"),
        "{message}"
    );
    assert!(!city.exists() && !city.with_extension("key").exists());
}

#[test]
fn nothing_usable_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let lamps = folder.path().join("lamps.geojson");
    let text = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"highway":"street_lamp"}}"#;
    std::fs::write(&lamps, text).unwrap();
    let out = import(&city, &[lamps.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stdout).contains("highway=street_lamp"));
    assert!(!city.exists());
}

#[test]
fn another_continent_does_not_fit_an_existing_city() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    report(&city, &[KINDS]);
    let before = std::fs::read(&city).unwrap();
    let out = import(&city, &["tests/data/ingest/two.city.jsonl"]);
    let message = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(1));
    assert!(
        message.contains("CityObjects.a") && message.contains("--crs"),
        "{message}"
    );
    assert_eq!(std::fs::read(&city).unwrap(), before);
}

#[test]
fn every_file_has_its_own_entry() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let report = report(&city, &[KINDS, BASE_MAP]);
    let found = inspect(&city);
    let imports = found["imports"].as_array().unwrap();
    let told: Vec<_> = imports.iter().map(|one| &one["file"]).collect();
    assert_eq!(told, ["every_kind.geojson", "base_map.geojson"]);
    for (import, file) in imports.iter().zip(report["files"].as_array().unwrap()) {
        assert_eq!(import["sha256"].as_str().map(str::len), Some(64));
        for name in ["id", "sha256", "crs"] {
            assert_eq!(import[name], file[name], "{name}");
        }
        assert_eq!(
            (&import["ground_version"], &import["undone_by"]),
            (&1.into(), &Value::Null)
        );
    }
    let ground = CityFile::open(&city, None).unwrap().load_ground().unwrap();
    let of_building = ground.buildings.values().next().unwrap().source.import;
    let moat = ground
        .water
        .values()
        .find(|one| one.source.dataset == "base_map");
    assert_eq!(of_building.to_string(), imports[0]["id"].as_str().unwrap());
    assert_eq!(
        moat.unwrap().source.import.to_string(),
        imports[1]["id"].as_str().unwrap()
    );
}

#[test]
fn an_import_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    report(&city, &[KINDS]);
    let before = content(&city);
    let id = id_of(&report(&city, &[BASE_MAP]));
    let with = content(&city);
    assert_ne!(before, with);

    let bytes = std::fs::read(&city).unwrap();
    let planned = report(&city, &["--undo", &id, "--dry-run"]);
    assert_eq!(
        (&planned["written"], &planned["counts"]["place"]["removed"]),
        (&Value::Null, &25.into())
    );
    assert_eq!(std::fs::read(&city).unwrap(), bytes, "a dry run only looks");

    let undone = report(&city, &["--undo", &id]);
    assert_eq!(undone["undone"], 2);
    assert_eq!(undone["files"][0]["file"], "base_map.geojson");
    assert_eq!(undone["written"]["removed"], 34);
    assert_eq!(content(&city), before);
    let imports = &inspect(&city)["imports"];
    assert_eq!(
        (&imports[1]["undone_by"], &imports[2]["action"]),
        (&3.into(), &"undo".into())
    );

    let (code, message) = refusal(&city, &["--undo", &id]);
    let back = imports[2]["id"].as_str().unwrap();
    assert_eq!(code, Some(1));
    for part in ["version 3 has undone it already", "old.gpkg", &id, back] {
        assert!(message.contains(part), "{message}");
    }
    report(&city, &["--undo", back]);
    assert_eq!(content(&city), with);
}

/// A copy of a file of the tests with another text in one place.
fn changed(folder: &tempfile::TempDir, file: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{file}");
    let copy = folder.path().join(Path::new(file).file_name().unwrap());
    std::fs::write(&copy, text.replacen(from, to, 1)).unwrap();
    copy.to_str().unwrap().to_owned()
}

#[test]
fn whom_to_name_is_kept_with_the_import() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let demand =
        r#""attribution": "(c) OpenStreetMap contributors", "license": "ODbL 1.0", "features""#;
    let file = changed(&folder, KINDS, r#""features""#, demand);
    let osm = "© OpenStreetMap contributors, ODbL 1.0";
    let stated = ["--attribution", "(c) 测绘院"];
    let told = report(&city, &[&[file.as_str()][..], &stated].concat());
    assert_eq!(told["files"][0]["attribution"], osm);
    let notes = told["files"][0]["notes"].as_array().unwrap();
    let said = format!("--attribution is not used: the file itself says {osm:?}");
    assert!(notes.contains(&said.as_str().into()), "{said} in {notes:?}");
    let other = changed(&folder, BASE_MAP, r#""attribution""#, r#""said""#);
    let other = changed(&folder, &other, r#""license""#, r#""terms""#);
    let id = id_of(&report(&city, &[&[other.as_str()][..], &stated].concat()));
    assert_eq!(inspect(&city)["imports"][1]["attribution"], "© 测绘院");
    let named = || {
        CityFile::open(&city, None)
            .unwrap()
            .load_ground()
            .unwrap()
            .attributions
    };
    assert_eq!(named(), [osm, "© 测绘院"]);
    report(&city, &["--undo", &id]);
    assert_eq!(named(), [osm]);
    assert!(inspect(&city)["imports"][2]["attribution"].is_null());
    let (code, message) = refusal(&city, &[&file, "--attribution", " \u{7}"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("write whom to name"), "{message}");
}

#[test]
fn a_city_model_is_named_after_its_title_unless_something_better_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let metadata =
        r#""metadata": {"title": "3DBAG", "pointOfContact": {"contactName": "3DBAG Team"},"#;
    for file in ["old.city.json", "two.city.jsonl"] {
        let file = format!("tests/data/ingest/{file}");
        let file = changed(&folder, &file, r#""metadata": {"#, metadata);
        let named = |more: &[&str]| {
            let told = report(&city_in(&folder), &[&[&file, "--dry-run"], more].concat());
            told["files"][0]["attribution"].as_str().unwrap().to_owned()
        };
        assert_eq!(named(&[]), "3DBAG, 3DBAG Team");
        let demand = "© 3DBAG by tudelft3d and 3DGI, CC BY 4.0";
        assert_eq!(named(&["--attribution", demand]), demand);
    }
}

#[test]
fn what_a_later_import_changed_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let first = id_of(&report(&city, &[KINDS]));
    let other = folder.path().join("every_kind.geojson");
    let text = std::fs::read_to_string(KINDS).unwrap();
    let raised = text.replace("\"building:levels\": \"3\"", "\"building:levels\": \"4\"");
    assert_ne!(text, raised);
    std::fs::write(&other, raised).unwrap();
    let before = content(&city);
    let later = report(&city, &[other.to_str().unwrap()]);
    assert_eq!(later["written"]["updated"], 2);
    let later = id_of(&later);
    for more in [&[][..], &["--dry-run"]] {
        let (code, message) = refusal(&city, &[&["--undo", &first][..], more].concat());
        assert_eq!(code, Some(1));
        for part in ["version 2", &later, "2 of its records", "undo that first"] {
            assert!(message.contains(part), "{message}");
        }
    }
    report(&city, &["--undo", &later]);
    assert_eq!(content(&city), before);
    report(&city, &["--undo", &first]);
    assert_eq!(inspect(&city)["buildings"], 0);
}

#[test]
fn undo_is_asked_for_properly() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let unknown = "imp-0123456789abcdef";
    let (code, message) = refusal(&city, &["--undo", unknown]);
    assert!(
        code == Some(1) && message.contains("no city file"),
        "{message}"
    );
    report(&city, &[KINDS]);
    let (code, message) = refusal(&city, &["--undo", unknown]);
    assert!(
        code == Some(1) && message.contains(unknown) && message.contains("inspect"),
        "{message}"
    );
    for (arguments, part) in [
        (&["--undo", "2"][..], "pingjiang inspect"),
        (&["--undo", unknown, KINDS], "cannot be used with"),
        (
            &["--undo", unknown, "--crs", "EPSG:4549"],
            "cannot be used with",
        ),
        (&[], "--undo"),
    ] {
        let (code, message) = refusal(&city, arguments);
        assert!(code == Some(2) && message.contains(part), "{message}");
    }
}

#[test]
fn what_cannot_be_read_or_written_is_named_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let city = city_in(&folder);
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let none = r#"{"type":"FeatureCollection","features":[]}"#;
    let bare = r#"{"type":"Feature","geometry":null,"properties":{"building":"yes"}}"#;
    let here = folder.path().to_str().unwrap().to_owned();
    for (path, part) in [
        (file("empty.geojson", b""), "is empty"),
        (
            file("none.geojson", none.as_bytes()),
            "none.geojson holds nothing",
        ),
        (
            file("bare.geojson", bare.as_bytes()),
            "bare.geojson: feature 1",
        ),
        (file("a.zip", b"PK\x03\x04\xff"), "unpack it"),
        (file("a.shp", b"\0\0\x27\x0a\xff"), "get it again"),
        (file("a.csv", b"id,lon,lat"), "a.csv holds nothing"),
        (here.clone(), "is a folder"),
        (format!("{here}/missing.json"), "no such file"),
    ] {
        let (code, message) = refusal(&city, &[&path]);
        assert!(
            code == Some(1) && message.contains(part) && message.contains(&path),
            "{message}"
        );
        assert!(!city.exists() && !city.with_extension("key").exists());
    }
    let nowhere = folder.path().join("nowhere/old.gpkg");
    for more in [&[KINDS][..], &[KINDS, "--dry-run"]] {
        let (_, message) = refusal(&nowhere, more);
        assert!(message.contains("make it first"), "{message}");
    }
    let (_, message) = refusal(Path::new(&file("a.json", b"{}")), &[KINDS]);
    assert!(message.contains("not a GeoPackage"), "{message}");
}
