//! What the tests of CityJSON share: files below a folder, and reading one with what lies beside it.

use std::path::{Path, PathBuf};

use pingjiang::ingest::{self, Folder, Format, Input, RawCity, ReadError, ReadOptions};
use serde_json::Value;

/// A file of JSON.
pub fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{path:?}: {fault}"));
    serde_json::from_str(&text).unwrap_or_else(|fault| panic!("{path:?}: {fault}"))
}

/// The name of a file without its folder.
pub fn name_of(path: &Path) -> String {
    let name = path.file_name().expect("a name");
    name.to_string_lossy().into_owned()
}

/// Hands over every file below a folder, in order.
pub fn files_below(folder: &Path, take: &mut dyn FnMut(&Path)) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, take);
        } else {
            take(&path);
        }
    }
}

/// Reads a file with what lies beside it.
pub fn read(path: &Path, format: Format) -> Result<RawCity, ReadError> {
    let bytes = std::fs::read(path).expect("a file");
    let folder = Folder::of(path);
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    ingest::read_input(
        &Input::in_folder(path, &bytes, &folder),
        &options,
        &mut |_| Ok(()),
    )
}

/// A sequence by its ending, otherwise a document.
pub fn format_of(path: &Path) -> Format {
    match path.extension() {
        Some(ending) if ending == "jsonl" => Format::CityJsonSeq,
        _ => Format::CityJson,
    }
}
