//! The served document against the engine: methods both ways, and a property-based client
//! (schemathesis) that makes requests of it and holds every answer against it.

use std::path::PathBuf;
use std::process::Command;

use super::engine::{City, Engine, text};

#[test]
fn the_engine_knows_the_methods_of_the_document_and_no_others() {
    let city = City::new();
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let document = engine.get("", "/api/v1/openapi.json");
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "x").replace("{name}", "x");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            // A stream never ends.
            if (path.as_str(), method) == ("/api/v1/events", "GET") {
                continue;
            }
            let is_told = operations.get(method.to_lowercase()).is_some();
            let (status, _, answer) = engine.send("", method, &path, &[], None);
            assert_eq!(status != 405, is_told, "{method} {path}: {answer}");
            if is_told {
                let told = &operations[&method.to_lowercase()]["responses"];
                assert!(
                    told.get(status.to_string()).is_some(),
                    "{method} {path}: {status}"
                );
            }
            asked += 1;
        }
    }
    assert!(asked > 60, "{asked}");
}

/// The Python of the clients that `.ci/setup test` fetches, if it has this one; `None` where it is not
/// there.
pub fn in_python(module: &str) -> Option<PathBuf> {
    let python = client("python");
    let has = |python: &PathBuf| {
        let asked = Command::new(python)
            .args(["-c", &format!("import {module}")])
            .output();
        asked.is_ok_and(|told| told.status.success())
    };
    there(python.filter(has), module)
}

fn client(program: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let folder = cache.or_else(home)?.join("pingjiang-schemathesis/bin");
    Some(folder.join(program)).filter(|program| program.is_file())
}

fn there(program: Option<PathBuf>, name: &str) -> Option<PathBuf> {
    if program.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{name} is missing: run .ci/setup test"
        );
        eprintln!("skipped: {name} is missing: run .ci/setup test");
    }
    program
}

#[test]
fn whatever_a_client_makes_of_the_document_the_engine_keeps_to_it() {
    let Some(program) = there(client("schemathesis"), "schemathesis") else {
        return;
    };
    let city = City::new();
    city.add("li", "operator");
    let scopes = [
        "--scope",
        "read",
        "--scope",
        "command",
        "--scope",
        "feed:readings",
    ];
    let token = city.done("token", &[&["li", "client"][..], &scopes].concat());
    let arguments = [
        "--archive",
        "memory",
        "--simulate",
        "flood",
        "--speed",
        "60",
    ];
    let engine = Engine::start(&city, &arguments);
    let output = Command::new(program)
        .current_dir(city.folder())
        .env("NO_COLOR", "1")
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", engine.url))
        .args(["--url", &engine.url])
        .args(["-H", &format!("Authorization: Bearer {token}")])
        // A stream never ends; reports are below, in a city with its key.
        .args(["--exclude-path", "/api/v1/events"])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--mode", "all", "--max-examples", "40", "--seed", "1"])
        // Names of areas and kinds are texts of which few are there.
        .args(["--exclude-checks", "positive_data_acceptance"])
        .args(["--request-timeout", "30", "--generation-database", "none"])
        .output()
        .unwrap();
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{told}\n{}", engine.log());
    assert!(!engine.log().contains("panicked"), "{}", engine.log());
    let (status, _, health) = engine.send("", "GET", "/healthz", &[], None);
    assert_eq!(status, 200, "{health}");
}

#[test]
fn whatever_a_client_reports_the_engine_keeps_to_the_document() {
    let Some(program) = there(client("schemathesis"), "schemathesis") else {
        return;
    };
    let city = City::generated();
    city.add("li", "operator");
    let token = city.done("token", &["li", "client", "--scope", "report"]);
    let engine = Engine::start(&city, &["--archive", "memory"]);
    let output = Command::new(program)
        .current_dir(city.folder())
        .env("NO_COLOR", "1")
        .arg("run")
        .arg(format!("{}/api/v1/openapi.json", engine.url))
        .args(["--url", &engine.url])
        .args(["-H", &format!("Authorization: Bearer {token}")])
        .args(["--include-name", "POST /api/v1/events"])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--mode", "all", "--max-examples", "20", "--seed", "1"])
        // Few texts name a place of the city.
        .args(["--exclude-checks", "positive_data_acceptance"])
        .args(["--request-timeout", "30", "--generation-database", "none"])
        .output()
        .unwrap();
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{told}\n{}", engine.log());
    assert!(!engine.log().contains("panicked"), "{}", engine.log());
}
