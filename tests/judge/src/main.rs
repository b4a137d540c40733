//! Asks the outside validator cjval about CityJSON files and sequences, without the network.
//! Used by the tests of the main package through `tests/support/judge.rs`.
//!
//!   cityjson-judge [--extension SCHEMA.ext.json]… [--] FILE…
//!
//! Prints one JSON object a line, in the order of the files:
//!   {"file", "valid": bool, "errors": [text], "warnings": [text], "unchecked": [url]}
//! `.jsonl` is taken as a sequence, everything else as one document. Extensions are never fetched:
//! schemas come from `--extension`, and `unchecked` lists the URLs of those that a file names while
//! none was given. Exit 0 when every file could be judged, whatever the judgement; 2 on wrong usage.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use cjval::CJValidator;
use serde_json::{Value, json};

/// What cjval says of one file.
#[derive(Default)]
struct Verdict {
    errors: Vec<String>,
    warnings: Vec<String>,
    unchecked: Vec<String>,
}

fn main() {
    let mut schemas = Vec::new();
    let mut files = Vec::new();
    let mut words = std::env::args_os().skip(1);
    let mut options_end = false;
    while let Some(word) = words.next() {
        if !options_end && word == "--" {
            options_end = true;
        } else if !options_end && word == "--extension" {
            match words.next() {
                Some(path) => schemas.push(schema(Path::new(&path))),
                None => usage("--extension needs a file"),
            }
        } else {
            files.push(PathBuf::from(word));
        }
    }
    if files.is_empty() {
        usage("no file named");
    }
    // The validator unwraps what it did not expect; that is a judgement too, not the end.
    std::panic::set_hook(Box::new(|_| {}));
    for file in files {
        let verdict = judge(&file, &schemas);
        let line = json!({
            "file": file.to_string_lossy(),
            "valid": verdict.errors.is_empty(),
            "errors": verdict.errors,
            "warnings": verdict.warnings,
            "unchecked": verdict.unchecked,
        });
        println!("{line}");
    }
}

fn usage(fault: &str) -> ! {
    eprintln!("cityjson-judge: {fault}\nusage: cityjson-judge [--extension SCHEMA]… [--] FILE…");
    std::process::exit(2);
}

fn schema(path: &Path) -> String {
    match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(fault) => usage(&format!("{}: {fault}", path.display())),
    }
}

fn judge(file: &Path, schemas: &[String]) -> Verdict {
    let mut verdict = Verdict::default();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(fault) => {
            verdict.errors.push(format!("file: {fault}"));
            return verdict;
        }
    };
    let is_sequence = file.extension().is_some_and(|ending| ending == "jsonl");
    let judged = catch_unwind(AssertUnwindSafe(|| {
        if is_sequence {
            sequence(&text, schemas, &mut verdict);
        } else {
            let validator = validator(&text, schemas, &mut verdict);
            take(&validator, "", &mut verdict);
        }
    }));
    if judged.is_err() {
        verdict.errors.push("cjval: gave up on it".to_owned());
    }
    verdict
}

/// The validator of a document or of a sequence's first line, with the schemas it may use.
fn validator(text: &str, schemas: &[String], verdict: &mut Verdict) -> CJValidator {
    let mut validator = CJValidator::from_str(text);
    // As cjval's own program does: version 1.0 had no extension files of this kind.
    if validator.get_input_cityjson_version() >= 11 {
        for schema in schemas {
            if let Err(fault) = validator.add_one_extension_from_str(schema) {
                verdict.errors.push(format!("extensions: {fault}"));
            }
        }
        if schemas.is_empty() {
            verdict.unchecked = urls(text);
        }
    }
    validator
}

fn urls(text: &str) -> Vec<String> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let extensions = document.get("extensions").and_then(Value::as_object);
    let url = |extension: &Value| Some(extension.get("url")?.as_str()?.to_owned());
    extensions
        .into_iter()
        .flat_map(|members| members.values().filter_map(url))
        .collect()
}

/// First line metadata without objects, then one feature a line; as cjval's own program reads it.
fn sequence(text: &str, schemas: &[String], verdict: &mut Verdict) {
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty());
    let Some((number, first)) = lines.next() else {
        verdict
            .errors
            .push("sequence: the file is empty".to_owned());
        return;
    };
    let mut validator = validator(first, schemas, verdict);
    if !validator.is_cityjson() || !validator.is_empty_cityjson() {
        verdict.errors.push(format!(
            "line {number}: the first line is no CityJSON object without objects and vertices"
        ));
        return;
    }
    take(&validator, &format!("line {number}: "), verdict);
    for (number, line) in lines {
        match validator.from_str_cjfeature(line) {
            Ok(()) => take(&validator, &format!("line {number}: "), verdict),
            Err(fault) => verdict.errors.push(format!("line {number}: {fault}")),
        }
    }
}

fn take(validator: &CJValidator, place: &str, verdict: &mut Verdict) {
    for (criterion, summary) in validator.validate() {
        let list = if summary.is_warning() {
            &mut verdict.warnings
        } else {
            &mut verdict.errors
        };
        if summary.has_errors() {
            let errors = summary.get_errors().iter();
            list.extend(errors.map(|error| format!("{place}{criterion}: {error}")));
        }
    }
}
