//! What is opened while an engine runs the city goes on record there, and nowhere else.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use pingjiang::base::Timestamp;
use pingjiang::model::ports::Archive;
use pingjiang::store::SqliteArchive;

use super::engine::{PROGRAM, ready, text};

/// An engine that ends with the test.
pub struct Running {
    child: Child,
    pub url: String,
    pub token: String,
}

impl Running {
    pub fn start(city: &Path, arguments: &[&str]) -> Self {
        let mut child = program()
            .arg("run")
            .arg(city)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let told = ready(&mut child);
        let field = |name: &str| told[name].as_str().unwrap().to_owned();
        Self {
            url: field("url"),
            token: field("token"),
            child,
        }
    }

    /// Asks a city for everybody of a name and puts it on record here.
    fn asked(&self, city: &Path) -> Output {
        program()
            .arg("query")
            .arg(city)
            .args([
                "search",
                "王",
                "--role",
                "operator",
                "--purpose",
                "incident",
            ])
            .args(["--note", "ring 3", "--who", "Li"])
            .args(["--connect", &self.url, "--token", &self.token])
            .output()
            .unwrap()
    }
}

impl Running {
    /// Ends it and gives back what it logged.
    fn log(mut self) -> String {
        let _ = self.child.kill();
        let mut log = Vec::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_end(&mut log).unwrap();
        text(&log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_remove("PINGJIANG_KEY");
    command
}

pub fn done(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
}

fn refused(output: &Output, word: &str) {
    let told = text(&output.stderr);
    assert!(!output.status.success(), "it was carried out");
    assert!(output.stdout.is_empty(), "something was shown");
    assert!(told.contains(word), "{told}");
    assert!(told.contains("nothing personal is shown"), "{told}");
}

fn reveals(city: &Path) -> usize {
    let folder = SqliteArchive::folder_of(city);
    let (from, to) = (i64::MIN, i64::MAX);
    let mut archive = SqliteArchive::open_read_only(&folder).unwrap();
    archive
        .reveals(Timestamp::from_millis(from), Timestamp::from_millis(to))
        .unwrap()
        .len()
}

#[test]
fn only_the_engine_of_the_city_takes_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| -> PathBuf { folder.path().join(name) };
    let (city, other) = (place("city.gpkg"), place("other.gpkg"));
    done(
        program()
            .args(["generate", "--area", "zjl", "--out"])
            .arg(&city),
    );
    // The same names and the same version under another key.
    std::fs::copy(&city, &other).unwrap();
    std::fs::copy(place("city.key"), place("other.key")).unwrap();
    done(program().args(["key", "rotate"]).arg(&other));

    let engine = Running::start(&city, &[]);
    refused(&engine.asked(&other), "under another key");
    assert_eq!(reveals(&city), 0);
    let shown = engine.asked(&city);
    assert!(shown.status.success(), "{}", text(&shown.stderr));
    let names = text(&shown.stdout);
    let names: Vec<&str> = names
        .split_whitespace()
        .filter(|one| one.starts_with('王'))
        .collect();
    assert!(!names.is_empty());
    assert_eq!(reveals(&city), 1);
    let log = engine.log();
    assert!(log.contains("ready"), "{log}");
    let told = |text: &str| names.iter().any(|name| text.contains(name));
    assert!(!told(&log), "{log}");
    assert!(!told(&text(&shown.stderr)));

    // In memory it is kept for the made-up city alone, and beside the city stays what was.
    let engine = Running::start(&city, &["--archive", "memory"]);
    assert!(engine.asked(&city).status.success());
    assert_eq!(reveals(&city), 1);
}
