//! Which borrowed files are inputs of an import, and with which options; the others by reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pingjiang::ingest::Format;

/// A file to import.
pub struct Case {
    /// Path below the folder of borrowed files.
    pub name: String,
    pub path: PathBuf,
    pub format: Format,
    /// What the import needs beside the file.
    pub options: &'static [&'static str],
}

/// Everything below a folder.
pub struct Inputs {
    pub cases: Vec<Case>,
    /// What was left out, with how many files, and why.
    pub left_out: Vec<(String, String)>,
}

/// Files that are no inputs, by how their paths begin or end; the first rule that fits counts.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "conformance/",
        "small cases for validators, most of them broken on purpose",
    ),
    ("protocols/", "messages, no maps"),
    ("sensors/", "readings, no maps"),
    ("tiles3d/", "3D Tiles are no format of an import"),
    ("video/", "a film"),
    ("LICENSE", "a licence"),
    ("LICENSE.txt", "a licence"),
    ("README.md", "tells what the files are"),
    (".dbf", "the table of the shapefile beside it"),
    (".shx", "the index of the shapefile beside it"),
    (".prj", "the CRS of the shapefile beside it"),
    (".PRJ", "the CRS of the shapefile beside it"),
    (".bin", "the numbers of the glTF file beside it"),
    (".png", "the picture of the glTF files beside it"),
];

/// Of many like files one is measured.
const MODEL: &str = "props_kaykit/building_A.gltf";
const MODELS: &str = "props_kaykit/";

/// Options by how paths begin or end: a CRS where it is known and the file does not name it.
const OPTIONS: &[(&str, &[&str])] = &[
    (MODEL, &["--at-lonlat", "120.62,31.31"]),
    ("zurich-lod2-citygml1.xml", &["--crs", "EPSG:21781"]),
    ("3dbag_v20_10b_multilod.city.json", &["--crs", "EPSG:28992"]),
    (
        "denhaag_v11_4b_materials.city.json",
        &["--crs", "EPSG:28992"],
    ),
];

impl Inputs {
    /// Goes through the folder.
    pub fn below(folder: &Path) -> Self {
        let mut paths = Vec::new();
        collect(folder, &mut paths);
        let mut cases = Vec::new();
        let mut left_out = BTreeMap::<(String, String), usize>::new();
        for path in paths {
            let name = path.strip_prefix(folder).unwrap_or(&path);
            let name = name.to_string_lossy().replace('\\', "/");
            match case(name, path) {
                Ok(case) => cases.push(case),
                Err(rule) => *left_out.entry(rule).or_default() += 1,
            }
        }
        let told = |((what, reason), count): ((String, String), usize)| match count {
            1 => (what, reason),
            _ => (format!("{what} ({count} files)"), reason),
        };
        Self {
            cases,
            left_out: left_out.into_iter().map(told).collect(),
        }
    }
}

/// The file as an input, or which rule leaves it out, and why.
fn case(name: String, path: PathBuf) -> Result<Case, (String, String)> {
    let fits = |part: &str| name.starts_with(part) || name.ends_with(part);
    if let Some((rule, reason)) = LEFT_OUT.iter().find(|(part, _)| fits(part)) {
        return Err(((*rule).to_owned(), (*reason).to_owned()));
    }
    if name.starts_with(MODELS) && name != MODEL {
        let reason = format!("{MODEL} stands for all of these");
        return Err((MODELS.to_owned(), reason));
    }
    let bytes = std::fs::read(&path).map_err(|fault| (name.clone(), fault.to_string()))?;
    let format =
        Format::detect(&bytes, &path).map_err(|fault| (name.clone(), fault.to_string()))?;
    let options = OPTIONS.iter().find(|(part, _)| fits(part));
    Ok(Case {
        options: options.map_or(&[], |(_, options)| options),
        name,
        path,
        format,
    })
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        match path.is_dir() {
            true => collect(&path, paths),
            false => paths.push(path),
        }
    }
}
