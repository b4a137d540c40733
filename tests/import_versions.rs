//! A newer file of the same data set, as people import it: shown first, updated by stable id,
//! removed what is gone, compared, and taken back.

use std::path::{Path, PathBuf};
use std::process::Output;

use pingjiang::store::CityFile;
use serde_json::{Value, json};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

struct City(tempfile::TempDir);

impl City {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    /// Writes houses as GeoJSON: each a key and a height.
    fn file(&self, name: &str, houses: &[(&str, f64)]) -> String {
        let feature = |(at, (key, height)): (usize, &(&str, f64))| {
            let (x, y) = (120.63 + at_of(key, at) * 1e-3, 31.31);
            let ring = json!([
                [x, y],
                [x + 1e-4, y],
                [x + 1e-4, y + 1e-4],
                [x, y + 1e-4],
                [x, y]
            ]);
            json!({"type": "Feature", "id": key,
                   "properties": {"building": "yes", "height": height},
                   "geometry": {"type": "Polygon", "coordinates": [ring]}})
        };
        let features: Vec<Value> = houses.iter().enumerate().map(feature).collect();
        self.write(
            name,
            &json!({"type": "FeatureCollection", "features": features}),
        )
    }

    fn write(&self, name: &str, content: &Value) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn import(&self, arguments: &[&str]) -> Output {
        let into = ["--into", self.path().to_str().unwrap()].map(str::to_owned);
        let into: Vec<&str> = into.iter().map(String::as_str).collect();
        pingjiang(&[&["import"], arguments, &into].concat())
    }

    fn report(&self, arguments: &[&str]) -> Value {
        let out = self.import(&[arguments, &["--json"]].concat());
        let fault = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{fault}");
        serde_json::from_slice(&out.stdout).unwrap()
    }

    fn refusal(&self, arguments: &[&str]) -> String {
        let before = std::fs::read(self.path()).unwrap();
        let out = self.import(arguments);
        assert_eq!(out.status.code(), Some(1), "{out:?}");
        assert_eq!(std::fs::read(self.path()).unwrap(), before);
        String::from_utf8(out.stderr).unwrap()
    }

    fn hash(&self) -> String {
        let out = pingjiang(&["inspect", self.path().to_str().unwrap(), "--json"]);
        let found: Value = serde_json::from_slice(&out.stdout).unwrap();
        found["content_hash"].as_str().unwrap().to_owned()
    }

    fn buildings(&self) -> usize {
        let file = CityFile::open(&self.path(), None).unwrap();
        file.load_ground().unwrap().buildings.len()
    }
}

/// The place of a house: by its key, so that it does not wander between versions.
fn at_of(key: &str, otherwise: usize) -> f64 {
    let number = key.trim_matches(|one: char| !one.is_ascii_digit()).parse();
    number.unwrap_or(otherwise as f64)
}

const FIRST: [(&str, f64); 4] = [("h1", 6.0), ("h2", 6.0), ("h3", 9.0), ("h4", 3.0)];
const SECOND: [(&str, f64); 4] = [("h1", 6.0), ("h2", 7.5), ("h3", 9.0), ("h5", 3.0)];

#[test]
fn a_newer_file_is_shown_written_and_taken_back() {
    let city = City::new();
    city.report(&[&city.file("old/map.geojson", &FIRST)]);
    let before = city.hash();
    let newer = city.file("new/map.geojson", &SECOND);
    let bytes = std::fs::read(city.path()).unwrap();
    let shown = city.report(&[&newer, "--dry-run"]);
    assert_eq!(
        std::fs::read(city.path()).unwrap(),
        bytes,
        "a dry run only looks"
    );
    let counts = &shown["files"][0]["counts"]["building"];
    for (name, count) in [
        ("added", 1),
        ("updated", 1),
        ("removed", 1),
        ("unchanged", 2),
    ] {
        assert_eq!(counts[name], count, "{name}: {counts}");
    }
    // The source's own attributes tell the height as well.
    assert_eq!(counts["changed_fields"]["height_m"], 1);
    assert_eq!(counts["updated_records"], json!(["h2"]));
    assert_eq!(counts["removed_records"], json!(["h4"]));
    assert_eq!(
        shown["version"]["data_sets"]["map"],
        json!({"before": 4, "again": 3, "removed": 1, "moved": 0, "told_by_others": 0})
    );
    let done = city.report(&[&newer]);
    let written = &done["written"];
    let told = ["added", "updated", "removed", "unchanged"].map(|name| written[name].as_u64());
    assert_eq!(told, [1, 1, 1, 2].map(Some));
    let after = city.hash();
    assert_ne!(after, before);
    let id = done["files"][0]["id"].as_str().unwrap();
    let undone = city.report(&["--undo", id]);
    assert_eq!(
        undone["counts"]["building"],
        json!({"added": 1, "updated": 1, "removed": 1})
    );
    assert_eq!(city.hash(), before);
    // The same file again: a version like any other.
    city.report(&[&newer]);
    assert_eq!(city.hash(), after);
    let text = city.import(&[&city.file("old/map.geojson", &FIRST), "--dry-run"]);
    let text = String::from_utf8(text.stdout).unwrap();
    for part in [
        "1 removed",
        "height_m 1",
        "removed      h5",
        "updated      h2",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn most_of_a_data_set_goes_only_when_told() {
    let city = City::new();
    let keys: Vec<String> = (0..30).map(|at| format!("h{at}")).collect();
    let houses: Vec<(&str, f64)> = keys.iter().map(|key| (key.as_str(), 6.0)).collect();
    city.report(&[&city.file("map.geojson", &houses)]);
    let part = city.file("part/map.geojson", &houses[..10]);
    for more in [&[][..], &["--dry-run"]] {
        let message = city.refusal(&[&[part.as_str()][..], more].concat());
        for word in [
            "20 of the 30",
            "\"map\"",
            "--keep-missing",
            "--replace-all",
            "city.gpkg",
        ] {
            assert!(message.contains(word), "{word}: {message}");
        }
    }
    // Another data set by the same name.
    let other = city.file("other/map.geojson", &[("x91", 6.0), ("x92", 6.0)]);
    assert!(city.refusal(&[&other]).contains("has 0 of them"));
    city.report(&[&other, "--source", "other"]);
    assert_eq!(city.buildings(), 32);
    // Two files of one command are one data set.
    let rest = city.file("rest/map.geojson", &houses[10..]);
    let both = city.report(&[&part, &rest]);
    assert_eq!(both["written"]["removed"], 0);
    let kept = city.report(&[&part, "--keep-missing"]);
    assert_eq!(
        (&kept["written"]["removed"], city.buildings()),
        (&json!(0), 32)
    );
    let replaced = city.report(&[&part, "--replace-all"]);
    assert_eq!(
        (&replaced["written"]["removed"], city.buildings()),
        (&json!(20), 12)
    );
    let out = city.import(&[&part, "--replace-all", "--keep-missing"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn things_numbered_alike_do_not_replace_each_other() {
    let city = City::new();
    let here = city.file("west/buildings.geojson", &FIRST);
    city.report(&[&here]);
    // Another quarter, ten kilometres on, by the same running numbers.
    let there = city.0.path().join("east/buildings.geojson");
    std::fs::create_dir_all(there.parent().unwrap()).unwrap();
    let text = std::fs::read_to_string(&here).unwrap();
    let moved = text.replace("120.6", "120.7");
    assert_ne!(moved, text);
    std::fs::write(&there, moved).unwrap();
    let there = there.to_str().unwrap();
    for more in [
        &[][..],
        &["--dry-run"],
        &["--keep-missing"],
        &["--replace-all"],
    ] {
        let message = city.refusal(&[&[there][..], more].concat());
        for word in [
            "4 of the 4",
            "\"buildings\"",
            "--source",
            "--moved",
            "city.gpkg",
        ] {
            assert!(message.contains(word), "{word}: {message}");
        }
    }
    let other = city.report(&[there, "--source", "east"]);
    assert_eq!(other["written"]["added"], 4);
    let told = city.report(&[there, "--moved"]);
    assert_eq!(told["version"]["data_sets"]["buildings"]["moved"], 4);
    assert_eq!(city.buildings(), 8);
}

#[test]
fn kinds_of_one_data_set_are_alike_and_a_faulty_feature_is_not_gone() {
    let city = City::new();
    let point = |id: &str, at: Value, properties: Value| {
        json!({"type": "Feature", "id": id, "properties": properties,
               "geometry": {"type": "Point", "coordinates": at}})
    };
    let trees = |all: &[Value]| {
        city.write(
            "map.geojson",
            &json!({"type": "FeatureCollection", "features": all}),
        )
    };
    let tree = json!({"natural": "tree"});
    let place = json!({"place": "quarter", "name": "平江"});
    let first = [
        point("a", json!([120.63, 31.31]), tree.clone()),
        point("b", json!([120.631, 31.31]), tree.clone()),
        point("c", json!([120.632, 31.31]), tree.clone()),
        point("p", json!([120.633, 31.31]), place),
    ];
    city.report(&[&trees(&first)]);
    let faulty = [
        first[0].clone(),
        point("b", json!(["east", "north"]), tree.clone()),
        point("c", json!([20.0, 31.31]), tree),
    ];
    let told = city.report(&[&trees(&faulty)]);
    assert_eq!(told["version"]["kept_faulty"], json!({"plant": 2}));
    assert_eq!(told["files"][0]["counts"]["place"]["removed"], 1);
    assert_eq!(told["written"]["removed"], 1);
}

#[test]
fn versions_are_compared() {
    let city = City::new();
    city.report(&[&city.file("old/map.geojson", &FIRST)]);
    city.report(&[&city.file("new/map.geojson", &SECOND)]);
    let path = city.path();
    let path = path.to_str().unwrap();
    let compare = |range: &str, more: &[&str]| {
        let out = pingjiang(&[&["inspect", path, "--compare", range], more].concat());
        let fault = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{fault}");
        String::from_utf8(out.stdout).unwrap()
    };
    for range in ["1..2", "1"] {
        let found: Value = serde_json::from_str(&compare(range, &["--json"])).unwrap();
        assert_eq!((&found["from"], &found["to"]), (&json!(1), &json!(2)));
        let buildings = &found["kinds"]["building"];
        let counts =
            ["added", "removed", "changed", "unchanged"].map(|name| buildings[name].as_u64());
        assert_eq!(counts, [1, 1, 1, 2].map(Some));
        assert_eq!(buildings["changed_fields"]["height_m"], 1);
        let label = |list: &str| found[list][0]["label"].as_str().map(str::to_owned);
        assert_eq!(label("added").as_deref(), Some("h5"));
        assert_eq!(label("removed").as_deref(), Some("h4"));
        assert_eq!(label("changed").as_deref(), Some("h2"));
    }
    let back: Value = serde_json::from_str(&compare("2..1", &["--json"])).unwrap();
    assert_eq!(back["added"][0]["label"], "h4");
    assert!(compare("1..2", &["--lang", "zh"]).contains("新增"));
    assert!(compare("1..2", &[]).contains("height_m"));
    assert!(compare("2..2", &[]).contains("no difference"));
    for (range, word) in [("1..9", "no version 9"), ("x", "1..2"), ("", "1..2")] {
        let out = pingjiang(&["inspect", path, "--compare", range]);
        assert!(!out.status.success());
        let message = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(message.contains(word), "{message}");
    }
    let none = pingjiang(&[
        "inspect",
        Path::new("nowhere.gpkg").to_str().unwrap(),
        "--compare",
        "1",
    ]);
    assert_eq!(none.status.code(), Some(1));
}

#[test]
fn a_faulty_line_of_a_sequence_is_not_gone() {
    let city = City::new();
    let file = city.0.path().join("two.city.jsonl");
    let name = file.to_str().unwrap().to_owned();
    let text = include_str!("data/ingest/two.city.jsonl");
    std::fs::write(&file, text).unwrap();
    city.report(&[&name]);
    // The second of two buildings names a vertex that it does not have; then it is not there.
    let (head, second) = text.trim_end().rsplit_once('\n').unwrap();
    let broken = second.replacen("[0, 3, 2, 1]", "[0, 3, 2, 99]", 1);
    assert_ne!(broken, second);
    std::fs::write(&file, format!("{head}\n{broken}\n")).unwrap();
    let told = city.report(&[&name]);
    assert_eq!(told["version"]["kept_faulty"], json!({"building": 1}));
    assert_eq!(city.buildings(), 2);
    std::fs::write(&file, format!("{head}\n")).unwrap();
    let told = city.report(&[&name]);
    assert_eq!(told["written"]["removed"], 1);
    assert_eq!(city.buildings(), 1);
}

#[test]
fn nothing_goes_for_a_file_that_ends_early_or_a_line_that_cannot_be_told() {
    let city = City::new();
    let file = city.0.path().join("two.city.jsonl");
    let name = file.to_str().unwrap().to_owned();
    let text = include_str!("data/ingest/two.city.jsonl").trim_end();
    std::fs::write(&file, text).unwrap();
    city.report(&[&name]);
    // A download that broke off in the last feature.
    let cut = &text[..text.len() - 40];
    std::fs::write(&file, cut).unwrap();
    assert!(city.refusal(&[&name]).contains("cut off: get it again"));
    // The same with an end of line, and when the sound part is asked for: no feature goes.
    for (text, more) in [
        (format!("{cut}\n"), None),
        (cut.to_owned(), Some("--skip-invalid")),
    ] {
        std::fs::write(&file, text).unwrap();
        let mut arguments = vec![name.as_str()];
        arguments.extend(more);
        let told = city.report(&arguments);
        assert_eq!(told["version"]["kept_in_doubt"], json!({"building": 1}));
        assert_eq!(told["version"]["faulty_without_key"], 1);
        assert_eq!(city.buildings(), 2);
    }
}

#[test]
fn a_row_that_cannot_be_read_is_not_gone() {
    let city = City::new();
    let file = city.0.path().join("places.csv");
    let name = file.to_str().unwrap().to_owned();
    let rows = [
        "id,kind,name,lon,lat",
        "1,gate,A,120.63,31.31",
        "2,gate,B,120.631,31.31",
    ];
    let write = |rows: &[&str]| std::fs::write(&file, rows.join("\n")).unwrap();
    write(&rows);
    city.report(&[&name]);
    write(&[rows[0], rows[1], "2,gate,B,120.631,north"]);
    let told = city.report(&[&name]);
    assert_eq!(told["version"]["kept_faulty"], json!({"place": 1}));
    write(&[rows[0], rows[1], "2,gate,B,of,120.631,31.31"]);
    let told = city.report(&[&name]);
    assert_eq!(told["version"]["kept_in_doubt"], json!({"place": 1}));
    let told = city.report(&[&name, "--replace-all"]);
    assert_eq!(told["written"]["removed"], 1);
}

#[test]
fn an_import_bakes_the_tiles_that_it_touches_and_no_others() {
    let city = City::new();
    let houses: Vec<(String, f64)> = (0..60).map(|i| (format!("h{i}"), 6.0)).collect();
    let mut row: Vec<(&str, f64)> = houses.iter().map(|(key, m)| (key.as_str(), *m)).collect();
    let tiles = |report: &Value| {
        [&report["tiles"]["baked"], &report["tiles"]["kept"]].map(|v| v.as_u64().unwrap())
    };
    let [all, none] = tiles(&city.report(&[&city.file("a/row.geojson", &row)]));
    assert!(all > 4 && none == 0, "{all} {none}");
    row[30].1 = 5.0;
    let changed = city.report(&[&city.file("b/row.geojson", &row)]);
    let [baked, kept] = tiles(&changed);
    assert!(
        (1..=2).contains(&baked) && kept == all - baked,
        "{baked} {kept}"
    );
    let id = changed["files"][0]["id"].as_str().unwrap();
    let undone = city.report(&["--undo", id]);
    assert_eq!(tiles(&undone), [baked, kept]);
    // Nothing of it belongs to the content, and whoever lacks them bakes them.
    let before = city.hash();
    let mut file = CityFile::open_for_writing(&city.path(), None).unwrap();
    assert_eq!(file.tiles().unwrap().len() as u64, all);
    file.keep_tiles(&[], &[].into()).unwrap();
    assert_eq!(file.tiles().unwrap(), []);
    drop(file);
    assert_eq!(city.hash(), before);
    let again = city.report(&[&city.file("c/row.geojson", &row)]);
    assert_eq!(tiles(&again), [all, 0]);
}
