//! OpenStreetMap's formats: files of our own and borrowed ones, against GDAL's driver and against
//! each other. Without borrowed data a test is skipped, on the CI machine it fails.

#[path = "../support/command.rs"]
mod command;
#[path = "../support/mod.rs"]
mod support;

mod elements;
mod files;
mod gdal;
mod hostile;

use std::path::{Path, PathBuf};

use pingjiang::ingest::{self, Format, Input, RawCity, ReadOptions};

fn read(path: &Path) -> RawCity {
    ingest::read_file(path, &ReadOptions::default())
        .unwrap()
        .raw
}

/// A small file of our own.
fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/fuzz")
        .join(name)
}

fn read_xml(text: &str) -> RawCity {
    let input = Input::alone(Path::new("t.osm"), text.as_bytes());
    let options = ReadOptions {
        format: Some(Format::OsmXml),
        ..ReadOptions::default()
    };
    ingest::read_input(&input, &options, &mut |_| Ok(())).unwrap()
}
