//! What `pingjiang import` refuses, and with which words: options that no file has a use for, and
//! files of which nothing can be used. Nothing is written then.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

#[path = "support/command.rs"]
mod command;

use command::pingjiang;

const KINDS: &str = "tests/data/ingest/every_kind.geojson";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn city(&self) -> PathBuf {
        self.0.path().join("city.gpkg")
    }

    fn import(&self, arguments: &[&str]) -> std::process::Output {
        let city = self.city();
        pingjiang(&[&["import", "--into", city.to_str().unwrap()], arguments].concat())
    }

    /// The document of an import that must succeed.
    fn report(&self, arguments: &[&str]) -> Value {
        let out = self.import(&[arguments, &["--json"]].concat());
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// What an import says that must end with this code.
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let out = self.import(arguments);
        let message = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(code), "{arguments:?}: {message}");
        message
    }

    /// Holds that an import is refused with these words.
    fn check(&self, code: i32, arguments: &[&str], words: &[&str]) {
        let message = self.refused(code, arguments);
        for word in words {
            assert!(message.contains(word), "{word:?} is missing: {message}");
        }
        assert!(!message.contains("use '--"), "{message}");
    }
}

/// A triangle of a glTF.
fn model() -> String {
    let corners = [0.0_f32, 0., 0., 1., 0., 0., 0., 1., 0.];
    let data = base64(&corners.map(f32::to_le_bytes).concat());
    json!({
        "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}], "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
            "min": [0, 0, 0], "max": [1, 1, 0]}],
        "bufferViews": [{"buffer": 0, "byteLength": 36}],
        "buffers": [{"byteLength": 36,
            "uri": format!("data:application/octet-stream;base64,{data}")}]
    })
    .to_string()
}

/// Of a multiple of three bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks(3).flat_map(|part| {
        let word = part
            .iter()
            .fold(0, |word, byte| word << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|by| char::from(DIGITS[word >> by & 63]))
    });
    digits.collect()
}

const HEIGHTS: &str = "580000 3464000 1\n580010 3464000 2\n580000 3464010 3\n580010 3464010 4\n";

#[test]
fn options_of_models_and_terrain_want_models_and_terrain() {
    let folder = Folder::new();
    for options in [
        &["--at", "1,2"][..],
        &["--at-lonlat", "120.6,31.3"],
        &["--heading", "-30"],
        &["--scale", "2"],
        &["--as-building"],
    ] {
        let words = ["is for glTF models", options[0]];
        folder.check(1, &[&[KINDS], options].concat(), &words);
    }
    let words = ["--terrain-tolerance is for heights"];
    folder.check(1, &[KINDS, "--terrain-tolerance", "0.5"], &words);
    assert!(!folder.city().exists());
    let heights = folder.file("hill.xyz", HEIGHTS);
    let told = folder.report(&[&heights, "--crs", "EPSG:4549", "--terrain-tolerance", "0.5"]);
    assert_eq!(told["written"]["added"], 1);
    let city = folder.city();
    let exported = folder.path("own.glb");
    let out = pingjiang(&["export", city.to_str().unwrap(), "--to", &exported]);
    assert!(out.status.success(), "{out:?}");
    folder.check(1, &[&exported, "--scale", "3"], &["--scale goes with --at"]);
}

#[test]
fn values_that_mean_nothing_are_refused_in_our_words() {
    let folder = Folder::new();
    for (options, word) in [
        (["--scale", "-3"], "above 0"),
        (["--scale", "nan"], "above 0"),
        (["--heading", "inf"], "degrees, clockwise"),
        (["--terrain-tolerance", "-1"], "from 0.001 to 1000"),
        (["--terrain-tolerance", "0"], "from 0.001 to 1000"),
        (["--terrain-tolerance", "nan"], "from 0.001 to 1000"),
        (["--source", ""], "it is blank"),
        (["--source", "  "], "it is blank"),
        (["--source", "a\nb"], "cannot be shown"),
        (["--name", " "], "it is blank"),
    ] {
        folder.check(2, &[&[KINDS], &options[..]].concat(), &[options[0], word]);
    }
    let undo = ["--undo", "imp-0123456789abcdef", "--at", "1,2"];
    folder.check(2, &undo, &["cannot be used with"]);
    assert!(folder.refused(2, &[]).contains("[--key-file <FILE>]"));
    let mapping = folder.file("map.toml", "kind = \"building\"\n[defaults]\nheight = -4\n");
    let words = ["map.toml", "line 3: -4 is no plausible default for height"];
    folder.check(1, &[KINDS, "--map", &mapping], &words);
    assert!(!folder.city().exists());
}

#[test]
fn a_folder_is_no_city() {
    for arguments in [&[KINDS][..], &["--undo", "imp-0123456789abcdef"]] {
        let out = pingjiang(&[&["import", "--into", "tests"], arguments].concat());
        let message = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1));
        assert!(
            message.contains("--into names a folder") && message.contains("tests/city.gpkg"),
            "{message}"
        );
    }
}

#[test]
fn what_brings_and_takes_nothing_makes_no_version() {
    let folder = Folder::new();
    let first = folder.report(&[KINDS]);
    let bytes = || std::fs::read(folder.city()).unwrap();
    let before = bytes();
    let none = folder.file(
        "none.geojson",
        r#"{"type":"FeatureCollection","features":[]}"#,
    );
    let node = r#"<node id="1" lat="31.31" lon="120.62"><tag k="amenity" v="bench"/></node>"#;
    let bench = folder.file("b.osm", format!("<osm version=\"0.6\">{node}</osm>"));
    for file in [&none, &bench] {
        for more in [&[][..], &["--dry-run"]] {
            let words = ["nothing was written", "holds nothing", file.as_str()];
            folder.check(1, &[&[file.as_str()], more].concat(), &words);
        }
    }
    assert_eq!(bytes(), before);
    let again = folder.report(&[KINDS]);
    assert_eq!(again["written"]["unchanged"], first["written"]["added"]);
    // A data set that becomes empty is a version, for something goes.
    let source = Path::new(KINDS).file_stem().unwrap().to_str().unwrap();
    let emptied = folder.report(&[&none, "--source", source, "--replace-all"]);
    assert_eq!(emptied["written"]["removed"], first["written"]["added"]);
}

#[test]
fn a_model_that_moves_says_so() {
    let folder = Folder::new();
    let lamp = folder.file("lamp.gltf", model());
    folder.report(&[KINDS]);
    let notes = |arguments: &[&str]| {
        let told = folder.report(&[&[lamp.as_str()], arguments].concat());
        told["files"][0]["notes"].to_string()
    };
    assert!(!notes(&["--at", "580000,3464000"]).contains("moved"));
    let same = notes(&["--at", "580000,3464000"]);
    assert!(!same.contains("moved"), "{same}");
    let moved = notes(&["--at", "580010,3464005"]);
    let told = "moved from 580000.50,3464000.00 to 580010.50,3464005.00";
    assert!(
        moved.contains(told) && moved.contains("--source"),
        "{moved}"
    );
    let twice = notes(&["--at", "580000,3464000", "--source", "lamp 2"]);
    assert!(!twice.contains("moved"), "{twice}");
}

/// Two houses and a tree, in degrees.
fn features() -> Vec<String> {
    let ring = "[[120.6,31.3],[120.6002,31.3],[120.6002,31.3001],[120.6,31.3001],[120.6,31.3]]";
    let east = ring.replace("120.6", "120.61");
    let house = |id: &str, ring: &str| {
        format!(
            r#"{{"type":"Feature","id":"{id}","properties":{{"building":"yes"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}"#
        )
    };
    let tree = r#"{"type":"Feature","id":"t","properties":{"natural":"tree"},"geometry":{"type":"Point","coordinates":[120.6,31.3]}}"#;
    vec![house("a", ring), house("b", &east), tree.to_owned()]
}

#[test]
fn degrees_stated_to_be_metres_are_refused() {
    let folder = Folder::new();
    let collection = |more: &str| {
        let features = features().join(",");
        format!(r#"{{"type":"FeatureCollection",{more}"features":[{features}]}}"#)
    };
    let plain = folder.file("plain.geojson", collection(""));
    let stated = [
        "look like degrees",
        "EPSG:4549 counts metres",
        "leave --crs out",
        "EPSG:4490",
    ];
    folder.check(1, &[&plain, "--crs", "EPSG:4549"], &stated);
    let crs = r#""crs":{"type":"name","properties":{"name":"EPSG:4549"}},"#;
    let wrong = folder.file("wrong.geojson", collection(crs));
    let message = folder.refused(1, &[&wrong]);
    assert!(
        message.contains("state --crs EPSG:4326") && !message.contains("leave"),
        "{message}"
    );
    let told = folder.report(&[&wrong, "--crs", "EPSG:4326"]);
    assert_eq!(told["written"]["added"], 3);
}

#[test]
fn sequences_of_features_are_read_by_their_name_and_without() {
    for (name, separator) in [("a.geojsonl", ""), ("a.geojsons", "\u{1e}"), ("a.json", "")] {
        let folder = Folder::new();
        let lines = features()
            .into_iter()
            .map(|line| format!("{separator}{line}\n"));
        let file = folder.file(name, lines.collect::<String>());
        let told = folder.report(&[&file]);
        let file = &told["files"][0];
        assert_eq!([&file["format"], &file["dataset"]], ["geojson", "a"]);
        assert_eq!(file["counts"]["building"]["added"], 2);
    }
}

#[test]
fn what_is_no_map_is_named_with_what_to_do() {
    let folder = Folder::new();
    let deep = format!(
        "{{\"type\":\"Feature\",\"a\":{}1{}}}",
        "[".repeat(300),
        "]".repeat(300)
    );
    for (name, bytes, words) in [
        (
            "a.geojson",
            "<html><body>404 not found</body></html>",
            ["HTML page", "error page"],
        ),
        ("o.osm.bz2", "BZh91AY&SY", ["bzip2", "bunzip2"]),
        ("a.dbf", "\u{3}", ["table of a shapefile", "a.shp"]),
        (
            "d.geojson",
            &deep,
            ["nested deeper than 128", "get the file again"],
        ),
    ] {
        let file = folder.file(name, bytes);
        folder.check(1, &[&file], &[&words[..], &[name]].concat());
    }
    let none = folder.file("none", "");
    for format in pingjiang::ingest::Format::ALL {
        let words = ["the file is empty", none.as_str()];
        folder.check(1, &[&none, "--as", format.as_str()], &words);
    }
    assert!(!folder.city().exists());
}

#[test]
fn an_export_of_nothing_holds_nothing() {
    let folder = Folder::new();
    let told = folder.report(&[KINDS]);
    folder.report(&["--undo", told["files"][0]["id"].as_str().unwrap()]);
    let city = folder.city();
    for name in ["none.glb", "none.gltf"] {
        let model = folder.path(name);
        let out = pingjiang(&["export", city.to_str().unwrap(), "--to", &model]);
        assert!(out.status.success(), "{out:?}");
        folder.check(1, &[&model], &["it holds nothing", name]);
    }
    let out = pingjiang(&["inspect", folder.0.path().to_str().unwrap()]);
    let message = String::from_utf8(out.stderr).unwrap();
    assert!(message.contains("it is a folder"), "{message}");
}
