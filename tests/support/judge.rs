//! The outside validator for CityJSON (cjval) as a program of its own, `tests/judge`: built once a
//! target directory, and run on files. Used by integration tests; never touches the network beyond
//! cargo's first download of its crates.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// What cjval says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The file.
    pub file: PathBuf,
    /// Whether it is valid, warnings or not.
    pub valid: bool,
    /// Faults: `check: what` and, in a sequence, the line before it.
    pub errors: Vec<String>,
    /// What is allowed and better avoided.
    pub warnings: Vec<String>,
    /// URLs of extensions of which no schema was given.
    pub unchecked: Vec<String>,
}

/// What cjval says of these files, in their order; `schemas` are extension files it may use.
///
/// # Panics
/// When the judge cannot be built or run: a test must not pass unjudged.
pub fn judge(files: &[&Path], schemas: &[&Path]) -> Vec<Judgement> {
    let mut command = Command::new(program());
    for schema in schemas {
        command.arg("--extension").arg(schema);
    }
    let output = command.arg("--").args(files).output().expect("judge runs");
    assert!(
        output.status.success(),
        "judge: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("judge prints UTF-8");
    let lines: Vec<Judgement> = text.lines().map(judgement).collect();
    assert_eq!(lines.len(), files.len(), "judge: a line for every file");
    lines
}

fn judgement(line: &str) -> Judgement {
    let value: Value = serde_json::from_str(line).expect("judge prints JSON");
    let texts = |name: &str| {
        let list = value[name].as_array().into_iter().flatten();
        list.filter_map(|text| Some(text.as_str()?.to_owned()))
            .collect()
    };
    Judgement {
        file: PathBuf::from(value["file"].as_str().expect("a file")),
        valid: value["valid"].as_bool().expect("a verdict"),
        errors: texts("errors"),
        warnings: texts("warnings"),
        unchecked: texts("unchecked"),
    }
}

/// The judge's program, built when it is missing or older than its source; several test programs
/// may ask at once, and cargo lets one build while the others wait.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge");
        let target = target_dir().join("judge");
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo
            .args(["build", "--quiet", "--locked", "--manifest-path"])
            .arg(package.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            // Dependencies are optimised so that large files are judged in seconds.
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        let status = cargo.status().expect("cargo runs");
        assert!(status.success(), "tests/judge does not build");
        let name = format!("cityjson-judge{}", std::env::consts::EXE_SUFFIX);
        target.join("debug").join(name)
    })
}

/// The target directory this very test program was built into: `…/debug/deps/NAME`.
fn target_dir() -> PathBuf {
    let program = std::env::current_exe().expect("a test knows its program");
    let target = program.ancestors().nth(3).expect("three folders up");
    target.to_owned()
}
