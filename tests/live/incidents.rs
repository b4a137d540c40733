//! Incidents from the command line through the engine and over its restart: orders, who may read what
//! was written, files, and the code of a reporter.

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;

use super::engine::text;
use super::on_record::{Running, done, program};

const SECRET: &str = "王奶奶摔倒";

struct City {
    folder: tempfile::TempDir,
    engine: Option<Running>,
}

impl City {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut city = Self {
            folder,
            engine: None,
        };
        let path = city.path();
        done(
            program()
                .args(["generate", "--area", "zjl", "--out"])
                .arg(&path),
        );
        city.engine = Some(Running::start(&path, &[]));
        city
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("city.gpkg")
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = program();
        command.arg("incidents").arg(self.path());
        if let Some(engine) = &self.engine {
            command.args(["--connect", &engine.url, "--token", &engine.token]);
        }
        command.args(words).output().unwrap()
    }

    fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    fn refused(&self, words: &[&str], why: &str) {
        let output = self.run(words);
        let told = text(&output.stderr);
        assert!(!output.status.success() && told.contains(why), "{told}");
        assert!(!told.contains(SECRET), "{told}");
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[words, &["--json"]].concat())).unwrap()
    }

    /// Opens an incident; its id, and the code of its reporter.
    fn open(&self) -> [String; 2] {
        let words = [
            "open", "--type", "report", "--by", "Wang", "--title", SECRET,
        ];
        let told = self.json(&words);
        ["incident", "code"].map(|key| told[key].as_str().unwrap().to_owned())
    }
}

/// Whether any file below a folder holds these bytes.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.flatten().any(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => holds(&path, wanted),
            false => {
                let bytes = std::fs::read(&path).unwrap();
                bytes.windows(wanted.len()).any(|part| part == wanted)
            }
        }
    })
}

#[test]
fn an_incident_goes_its_way_and_outlives_the_engine() {
    let mut city = City::new();
    let [id, code] = city.open();
    let id = id.as_str();
    let close = ["close", id, "--cause", "handled", "--by", "Wang"];
    city.refused(&close, "full way");
    city.done(&["ack", id, "--by", "Wang"]);
    city.refused(&["ack", id, "--by", "He"], "Wang took notice already");
    let team = "居家照护队";
    city.refused(&["dispatch", id, "--team", "x", "--by", "Wang"], team);
    city.done(&["dispatch", id, "--team", team, "--by", "Wang"]);
    city.done(&["arrive", id, "--team", team, "--by", "Zhao"]);
    let told = ["feedback", id, "--team", team, "--by", "Zhao", "--text"];
    city.refused(&[&told[..], &[" \u{200b}"]].concat(), "visible characters");
    city.done(&[&told[..], &[SECRET]].concat());
    city.refused(&["verify", id, "--by", "ZHAO"], "somebody else");

    // The engine that comes after goes on with it.
    city.engine = None;
    assert_eq!(city.json(&["list"])["live"], false);
    city.refused(&close, "--connect");
    city.engine = Some(Running::start(&city.path(), &[]));
    city.done(&["verify", id, "--by", "Wang"]);
    let progress = city.done(&["progress", &code, "--lang", "en"]);
    assert!(progress.starts_with("Verified\n"), "{progress}");
    for private in ["Wang", "Zhao", team, id, SECRET] {
        assert!(!progress.contains(private), "{progress}");
    }
    city.refused(&["progress", "0123"], "no incident has this code");
    city.done(&close);
    city.refused(&close, "it is closed");
    assert!(city.done(&["--lang", "en"]).contains("No open incidents"));
}

#[test]
fn what_was_written_is_read_by_roles_that_may_and_goes_on_record() {
    let city = City::new();
    let [id, _] = city.open();
    let id = id.as_str();
    let photo = city.folder.path().join("photo.txt");
    let bytes = b"\xff\xd8\xff a picture of somebody's kitchen";
    std::fs::write(&photo, b"<html>").unwrap();
    let attach = ["attach", id, photo.to_str().unwrap(), "--by", "Wang"];
    city.refused(&attach, "neither a JPEG");
    std::fs::write(&photo, bytes).unwrap();
    city.done(&attach);
    let archive = city.path().with_extension("archive");
    assert!(!holds(&archive, SECRET.as_bytes()) && !holds(&archive, bytes));

    for who in [&[][..], &["--role", "operator"], &["--role", "planner"]] {
        let page = city.done(&[&["show", id], who].concat());
        assert!(page.contains("***") && !page.contains(SECRET), "{page}");
        let list = city.done(&[&["--json"], who].concat());
        assert!(!list.contains(SECRET), "{list}");
    }
    let who = ["--role", "operator", "--purpose", "incident"];
    let page = city.done(&[&["show", id][..], &who].concat());
    assert!(
        page.contains(SECRET) && page.contains("photo.txt"),
        "{page}"
    );
    let shown = city.json(&["show", id]);
    let history = shown["incident"]["history"].as_array().unwrap();
    let file = history.iter().find(|it| it["act"] == "attached").unwrap();
    let digest = file["about"].as_str().unwrap();
    let digest = digest.split(' ').next_back().unwrap();
    let out = city.folder.path().join("out.jpg");
    let take = ["file", id, digest, "--out", out.to_str().unwrap()];
    city.refused(&take, "roles that may read reports");
    city.done(&[&take[..], &who].concat());
    assert_eq!(std::fs::read(&out).unwrap(), bytes);

    let audit = program()
        .arg("audit")
        .arg(city.path())
        .args(["--role", "manager", "--json"])
        .output()
        .unwrap();
    assert!(text(&audit.stdout).contains(id), "{}", text(&audit.stderr));
}
