//! `pingjiang import` as people run it: a city appears whole or not at all, and a second run of
//! the same file changes nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pingjiang::store::CityFile;
use serde_json::Value;

const BASE_MAP: &str = "maps/gusu/base_map.geojson";
const KINDS: &str = "tests/data/ingest/every_kind.geojson";

fn import(city: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pingjiang"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("PINGJIANG_KEY")
        .arg("import")
        .args(arguments)
        .arg("--into")
        .arg(city)
        .output()
        .unwrap()
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
