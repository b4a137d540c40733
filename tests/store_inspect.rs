//! `pingjiang inspect` and `pingjiang doctor` as programs and people call them.

use std::path::{Path, PathBuf};
use std::process::Output;

use geo_types::polygon;
use pingjiang::base::{
    BuildingId, DwellingId, ImportId, ResidentId, Sealed, SealedList, Timestamp, Warnings,
};
use pingjiang::model::*;
use pingjiang::store::{CityFile, Vault};
use serde_json::Value;

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

fn source(key: &str) -> Source {
    Source {
        dataset: "test".into(),
        key: key.into(),
        import: ImportId::from_source("test", "1"),
    }
}

fn building(number: u32) -> Building {
    let x = 581_000.0 + f64::from(number) * 20.0;
    Building {
        id: BuildingId::from_source("test", &number.to_string()),
        source: source(&number.to_string()),
        name: None,
        address: None,
        footprint: polygon![(x: x, y: 3_465_000.), (x: x + 10., y: 3_465_000.), (x: x + 10., y: 3_465_008.)],
        ground_m: 3.0,
        height_m: 6.0,
        height_origin: HeightOrigin::Measured,
        storeys: 2,
        structure: Structure::Unknown,
        year: None,
        usage: Usage::Residential,
        protection: Protection::None,
        roof: RoofStyle::Derived,
        party_walls: vec![],
        area: None,
        models: match number {
            0 => vec![LodModel {
                lod: "1.2".into(),
                surfaces: vec![],
                details: vec![],
            }],
            _ => vec![],
        },
        repairs: vec![],
        attributes: Default::default(),
    }
}

fn resident(number: u32) -> Resident {
    Resident {
        id: ResidentId::from_source("test", &number.to_string()),
        source: source(&number.to_string()),
        household: None,
        dwelling: (number % 4 != 3).then(|| DwellingId::from_source("test", "d")),
        name: Sealed::new("王小明"),
        // The published example of GB 11643; the same one twice or more is a fault of its own.
        identity_no: Sealed::new("11010519491231002X"),
        birth_date: Sealed::new("1949-12-31"),
        phone: None,
        labels: SealedList::default(),
        address: Sealed::new("平江路 77 号"),
        verified_on: "2026-01-01".into(),
        traits: None,
        contacts: None,
        further: None,
    }
}

/// Three buildings, one dwelling and eight residents, of whom two live nowhere.
fn city(folder: &Path) -> PathBuf {
    city_of(folder, 8)
}

/// The same with so many residents, of whom every fourth lives nowhere.
fn city_of(folder: &Path, residents: u32) -> PathBuf {
    let path = folder.join("city.gpkg");
    let mut put: Vec<Entity> = (0..3).map(|number| building(number).into()).collect();
    put.push(Entity::from(Dwelling {
        id: DwellingId::from_source("test", "d"),
        source: source("d"),
        building: building(0).id,
        floor: 1,
        door: Sealed::new("101"),
        usage: Usage::Residential,
        area_m2: 50.0,
        address: None,
    }));
    put.extend((0..residents).map(|number| Entity::from(resident(number))));
    let mut warnings = Warnings::default();
    warnings.note("feature 3", "no geometry");
    let time: Timestamp = "2026-05-01T08:00:00+08:00".parse().unwrap();
    let record = ImportRecord {
        id: ImportId::from_source("test", "1"),
        action: "generate".into(),
        file: "test.geojson".into(),
        sha256: "cd".repeat(32),
        time,
        crs: "EPSG:4326".into(),
        attribution: Some("© 测绘院".into()),
        warnings,
    };
    let info = CityInfo {
        name_zh: "平江".into(),
        name_en: "Pingjiang".into(),
        crs: "EPSG:4549".into(),
        vertical_datum: "1985".into(),
        utc_offset_minutes: 480,
        synthetic: true,
    };
    let edit = GroundEdit {
        records: vec![record],
        put,
        remove: vec![],
    };
    let vault = Vault::create_beside(&path).unwrap();
    CityFile::create_with(&path, &info, Some(&vault), &edit).unwrap();
    path
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{fault}: {output:?}"))
}

#[test]
fn the_document_counts_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = city(folder.path());
    let output = pingjiang(&["inspect", path.to_str().unwrap(), "--json"]);
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    let found = json(&output);
    assert_eq!(found["crs"], "EPSG:4549");
    assert_eq!(
        found["extent"].to_string(),
        "[581000.0,3465000.0,581050.0,3465008.0]"
    );
    assert_eq!(found["lods"].to_string(), r#"{"1.2":1,"none":2}"#);
    for (name, count) in [
        ("buildings", 3),
        ("dwellings", 1),
        ("households", 0),
        ("residents", 8),
        ("vehicles", 0),
        ("devices", 0),
        ("cameras", 0),
        ("grids", 0),
        ("facilities", 0),
        ("responders", 0),
        ("roads", 0),
        ("water_areas", 0),
        ("plants", 0),
        ("places", 0),
        ("ground_areas", 0),
        ("objects", 0),
        ("areas", 0),
        ("materials", 0),
        ("textures", 0),
        ("ground_version", 1),
    ] {
        assert_eq!(found[name].as_u64(), Some(count), "{name}");
    }
    assert!(
        found["links"]["residents_with_dwelling"].is_null(),
        "of eight two would follow"
    );
    assert_eq!(found["synthetic"], true);
    let quality = &found["quality"];
    assert_eq!(quality["as_of"], "2026-05-01");
    assert_eq!(quality["residents_with_fault"], 1.0);
    assert_eq!(quality["resident_faults"]["duplicate"], 8);
    assert_eq!(quality["resident_faults"]["stale"], 0);
    assert!(
        quality["resident_faults"]["unmatched_address"].is_null(),
        "two are too few to tell"
    );
    assert_eq!(quality["height_origin"]["measured"], 3);
    let import = &found["imports"][0];
    assert_eq!(import["file"], "test.geojson");
    assert_eq!(import["sha256"], "cd".repeat(32));
    assert_eq!(import["time"], "2026-05-01T08:00:00+08:00");
    assert_eq!(import["crs"], "EPSG:4326");
    assert_eq!(import["attribution"], "© 测绘院");
    assert_eq!(import["warnings"][0]["reason"], "no geometry");
    assert_eq!(found["content_hash"].as_str().map(str::len), Some(64));
    assert!(
        !String::from_utf8_lossy(&output.stdout).contains("王"),
        "a name is shown"
    );
}

#[test]
fn of_few_people_it_tells_no_number() {
    for (residents, told, linked) in [
        (0, Some(0), None),
        (3, None, None),
        (4, None, None),
        (5, Some(5), None),
        (40, Some(40), Some(0.75)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = city_of(folder.path(), residents);
        let path = path.to_str().unwrap();
        let found = json(&pingjiang(&["inspect", path, "--json"]));
        assert_eq!(found["residents"].as_u64(), told, "{residents}");
        let share = found["links"]["residents_with_dwelling"].as_f64();
        assert_eq!(share, linked, "{residents}");
        assert_eq!(found["dwellings"], 1);
        let page = pingjiang(&["inspect", path]);
        let page = String::from_utf8(page.stdout).unwrap();
        let line = page
            .lines()
            .find(|line| line.trim().starts_with("Residents  "));
        let number = told.map_or("·".to_owned(), |count| count.to_string());
        let is_told = line.is_some_and(|line| line.ends_with(&format!(" {number}")));
        assert_eq!(is_told, residents > 0, "{residents}: {page}");
    }
}

#[test]
fn without_the_key_it_says_what_it_cannot_tell() {
    let folder = tempfile::tempdir().unwrap();
    let path = city(folder.path());
    let key = path.with_extension("key");
    let elsewhere = folder.path().join("kept.key");
    std::fs::rename(&key, &elsewhere).unwrap();
    let path = path.to_str().unwrap();
    let found = json(&pingjiang(&["inspect", path, "--json"]));
    assert!(found["content_hash"].is_null());
    assert!(
        found["content_hash_note"]
            .as_str()
            .unwrap()
            .contains("--key-file")
    );
    assert_eq!(found["residents"], 8);
    assert!(found["quality"]["residents_with_fault"].is_null());
    let named = [
        "inspect",
        path,
        "--json",
        "--key-file",
        elsewhere.to_str().unwrap(),
    ];
    assert!(json(&pingjiang(&named))["content_hash"].is_string());
}

#[test]
fn the_page_reads_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let path = city(folder.path());
    let path = path.to_str().unwrap();
    for (language, words) in [
        ("en", ["Buildings", "Residents", "no geometry", "synthetic"]),
        ("zh", ["建筑", "人口", "no geometry", "虚构数据"]),
    ] {
        let output = pingjiang(&["inspect", path, "--lang", language]);
        let text = String::from_utf8(output.stdout).unwrap();
        for word in words {
            assert!(text.contains(word), "{word} is missing:\n{text}");
        }
        assert!(text.contains("© 测绘院"), "{text}");
    }
}

/// A city of four heights in a square.
fn terrain_alone(folder: &Path) -> String {
    let heights = folder.join("hill.xyz");
    let text = "580000 3464000 1.5\n580010 3464000 2\n580000 3464010 3\n580010 3464010 12.25\n";
    std::fs::write(&heights, text).unwrap();
    let city = folder.join("hill.gpkg").to_str().unwrap().to_owned();
    let heights = heights.to_str().unwrap();
    let output = pingjiang(&["import", heights, "--crs", "EPSG:4549", "--into", &city]);
    assert!(output.status.success(), "{output:?}");
    city
}

#[test]
fn terrain_is_counted_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let city = terrain_alone(folder.path());
    let found = json(&pingjiang(&["inspect", &city, "--json"]));
    let extent = "[580000.0,3464000.0,580010.0,3464010.0]";
    assert_eq!(found["extent"].to_string(), extent);
    let terrain = &found["terrain"];
    assert_eq!(
        [&terrain["nets"], &terrain["triangles"]],
        [&1.into(), &Value::from(2)]
    );
    assert_eq!(terrain["extent"].to_string(), extent);
    assert_eq!(terrain["heights_m"].to_string(), "[1.5,12.25]");
    for (language, words) in [
        ("en", ["Terrain nets", "triangles", "1.50 – 12.25 m"]),
        ("zh", ["地形网", "三角形", "E 580000.0 – 580010.0"]),
    ] {
        let output = pingjiang(&["inspect", &city, "--lang", language]);
        let text = String::from_utf8(output.stdout).unwrap();
        for word in words {
            assert!(text.contains(word), "{word} is missing:\n{text}");
        }
    }
}

#[test]
fn the_chinese_page_has_no_english_words_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let city = terrain_alone(folder.path());
    let page = |arguments: &[&str]| {
        let output = pingjiang(&[&["inspect", &city, "--lang", "zh"], arguments].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = page(&[]);
    for word in ["1985 国家高程基准", "  导入  hill.xyz"] {
        assert!(text.contains(word), "{word} is missing:\n{text}");
    }
    assert!(
        !text.contains("national") && !text.contains("import"),
        "{text}"
    );
    let copy = folder.path().join("hill.xyz");
    std::fs::write(
        &copy,
        "580000 3464000 1.5\n580010 3464000 2\n580000 3464010 3\n",
    )
    .unwrap();
    let again = [
        "import",
        copy.to_str().unwrap(),
        "--crs",
        "EPSG:4549",
        "--into",
        &city,
    ];
    let output = pingjiang(&again);
    assert!(output.status.success(), "{output:?}");
    let text = page(&["--compare", "1..2"]);
    assert!(
        text.contains("地形") && !text.contains("terrain "),
        "{text}"
    );
}

#[test]
fn what_cannot_be_inspected_is_named() {
    let output = pingjiang(&["inspect", "nowhere.gpkg", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("nowhere.gpkg") && message.contains("generate"),
        "{message}"
    );
}

#[test]
fn the_doctor_looks_at_the_machine_and_the_city() {
    let folder = tempfile::tempdir().unwrap();
    let path = city(folder.path());
    let output = pingjiang(&["doctor", path.to_str().unwrap(), "--json"]);
    let found = json(&output);
    assert_eq!(output.status.success(), found["fit"] == true, "{output:?}");
    let topics: Vec<_> = found["findings"].as_array().unwrap().iter().collect();
    let state = |topic: &str| {
        let one = topics.iter().find(|one| one["topic"] == topic);
        one.map(|one| one["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(state("city").as_deref(), Some("ok"));
    assert_eq!(state("city key").as_deref(), Some("ok"));
    assert_eq!(state("archive").as_deref(), Some("ok"));
    assert_eq!(state("MQTT broker").as_deref(), Some("note"));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "the doctor leaves nothing behind: {left:?}");
}
