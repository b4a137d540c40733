//! The tool that others use for a format, and what it is asked to do with a file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use pingjiang::ingest::Format;

use crate::emptied;
use crate::files::Case;
use crate::process::{self, Cost};

/// A tool at work on one file.
pub struct Reference {
    /// What it does, in a few words.
    pub says: &'static str,
    program: PathBuf,
    arguments: Vec<OsString>,
    /// Emptied before each run: what it writes, and for GML a copy of the file, because GDAL writes
    /// what it learned of it beside it.
    folder: PathBuf,
    copied: Option<PathBuf>,
}

impl Reference {
    /// For a file that our import brings into this CRS, or why there is none.
    pub fn of(case: &Case, crs: &str, folder: &Path) -> Result<Self, String> {
        let folder = folder.join("reference");
        match case.format {
            Format::CityJson | Format::CityJsonSeq => cjio(case, folder),
            Format::Gltf => Err("GDAL and cjio do not read glTF".to_owned()),
            _ => Ok(ogr2ogr(case, crs, folder)),
        }
    }

    /// Runs it once.
    pub fn run(&self) -> Result<Cost, String> {
        emptied(&self.folder).map_err(|fault| fault.to_string())?;
        if let Some(from) = &self.copied {
            std::fs::copy(from, self.folder.join("in.gml")).map_err(|fault| fault.to_string())?;
        }
        process::run(Command::new(&self.program).args(&self.arguments))
    }
}

fn ogr2ogr(case: &Case, crs: &str, folder: PathBuf) -> Reference {
    let is_gml = case.format == Format::CityGml;
    let mut arguments: Vec<OsString> = ["-f", "GPKG", "-t_srs", crs].map(OsString::from).into();
    if let Some(at) = case.options.iter().position(|word| *word == "--crs") {
        arguments.extend(["-s_srs", case.options[at + 1]].map(OsString::from));
    }
    if is_gml {
        // As plain GML most of CityGML is no table, and what it cannot take would end the run.
        arguments.push("-skipfailures".into());
    }
    arguments.push(folder.join("out.gpkg").into());
    arguments.push(match is_gml {
        true => folder.join("in.gml").into(),
        false => case.path.clone().into(),
    });
    if case.format == Format::Csv {
        let columns = [
            "-oo",
            "X_POSSIBLE_NAMES=lon*",
            "-oo",
            "Y_POSSIBLE_NAMES=lat*",
        ];
        arguments.extend(columns.map(OsString::from));
    }
    Reference {
        says: match is_gml {
            true => "`ogr2ogr -skipfailures`, as plain GML",
            false => "`ogr2ogr`",
        },
        program: "ogr2ogr".into(),
        arguments,
        folder,
        copied: is_gml.then(|| case.path.clone()),
    }
}

/// Reads, upgrades and saves; of a sequence it can only read and save. It does not reproject:
/// neither do we, for these files are projected.
fn cjio(case: &Case, folder: PathBuf) -> Result<Reference, String> {
    let program = find_cjio().ok_or("cjio is not installed (.ci/setup bench)")?;
    let out = folder.join("out.city.json");
    let (says, program, arguments) = match case.format {
        Format::CityJsonSeq => {
            // The shell becomes cjio, so its memory is what is counted.
            let script = "exec \"$0\" stdin save \"$2\" < \"$1\"";
            let words = [OsString::from("-c"), script.into(), program.into()];
            let files = [case.path.clone().into(), out.into()];
            let arguments = words.into_iter().chain(files).collect();
            ("`cjio stdin save`", PathBuf::from("sh"), arguments)
        }
        _ => {
            let words: [OsString; 4] = [
                case.path.clone().into(),
                "upgrade".into(),
                "save".into(),
                out.into(),
            ];
            ("`cjio upgrade save`", program, words.into())
        }
    };
    Ok(Reference {
        says,
        program,
        arguments,
        folder,
        copied: None,
    })
}

/// The one that `.ci/setup bench` put into a cache, otherwise one on the path.
fn find_cjio() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let own = cache.map(|cache| cache.join("pingjiang-cjio/bin/cjio"));
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).map(|folder| folder.join("cjio"));
    own.into_iter().chain(on_path).find(|path| path.is_file())
}
