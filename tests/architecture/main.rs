//! The floors and doors of `src/lib.rs`, held against the source: which module may use which, and
//! which may reach the outside world. See the table there and `docs/development.md`.

mod cases;
mod checks;
mod functions;
mod law;
mod lexer;
mod paths;

use std::fs;
use std::path::{Path, PathBuf};

use checks::{Breach, check};
use functions::{LONG, MOST_FUNCTION_LINES, functions};
use law::Floors;
use lexer::words;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn real_floors() -> Floors {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs can be read");
    Floors::read(&lib).expect("the floor table of src/lib.rs can be read")
}

/// All `*.rs` below a folder, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn the_source_keeps_the_law() {
    let (root, floors) = (root(), real_floors());
    let mut breaches: Vec<Breach> = Vec::new();
    let files = sources(&root.join("src"));
    for path in &files {
        let source = fs::read_to_string(path).expect("the source file can be read");
        let inside = path
            .strip_prefix(&root)
            .expect("the file lies in the package");
        let file = inside.to_string_lossy().replace('\\', "/");
        breaches.extend(check(&floors, &file, &source));
    }
    let list: Vec<String> = breaches.iter().map(Breach::to_string).collect();
    assert!(
        list.is_empty(),
        "{} breaches in {} files\n{}",
        list.len(),
        files.len(),
        list.join("\n")
    );
    assert!(
        files.len() > floors.0.len(),
        "only {} source files found",
        files.len()
    );
}

#[test]
fn what_may_be_long_is_long() {
    for (file, name, reason) in LONG {
        let source = fs::read_to_string(root().join(file)).unwrap_or_default();
        let is_long = functions(&words(&source))
            .iter()
            .any(|one| one.name == *name && one.lines > MOST_FUNCTION_LINES);
        assert!(
            is_long,
            "`{name}` of {file} is not over {MOST_FUNCTION_LINES} lines any more: take it off \
             the list in tests/architecture/functions.rs ({reason})"
        );
    }
}

#[test]
fn the_table_names_every_module_once_and_all_floors() {
    let floors = real_floors();
    let used: std::collections::BTreeSet<u32> = floors.0.values().copied().collect();
    assert_eq!(used.into_iter().collect::<Vec<_>>(), vec![0, 1, 2, 3, 4, 5]);
    for (module, floor) in [
        ("base", 0),
        ("space", 1),
        ("model", 2),
        ("view", 4),
        ("app", 5),
    ] {
        assert_eq!(floors.of(module), Some(floor), "{module}");
    }
    for module in floors.0.keys() {
        let folder = root().join("src").join(module);
        let file = folder.with_extension("rs");
        assert!(
            folder.join("mod.rs").is_file() || file.is_file(),
            "{module} has no source file"
        );
    }
}
