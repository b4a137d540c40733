//! `pingjiang export`: the city into a file of another format, or a copy for others. The file
//! appears complete or not at all; what could not go out is told, with counts.

mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use super::clock;
use crate::base::why_unwritten;
use crate::export::{self, ExportError, Format, LAYERS, Options, Report};
use crate::model::{EntityKind, Ground};
use crate::space::{Bounds2, Crs, CrsError};
use crate::store::{CityFile, files};

/// Write a city's base map as CityJSON, CityJSONSeq, GeoJSON, FlatGeobuf or glTF, or copy it
/// without its people (.gpkg).
#[derive(Debug, Args)]
pub struct Export {
    /// City to write out; it is only read.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// File to write; its ending chooses the format.
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Format, whatever the file's ending: cityjson, cityjsonseq, geojson, flatgeobuf, glb, gltf
    /// or geopackage.
    #[arg(long = "as", value_name = "KIND", value_parser = parse_kind)]
    kind: Option<Kind>,
    /// Level of detail, for example 1 or 2.2: models of this level, or of the best below it.
    #[arg(long, value_name = "N", value_parser = parse_lod)]
    lod: Option<String>,
    /// Kinds to write: area, building, road, water, ground_area, plant, place, object, terrain.
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = parse_layer)]
    layers: Option<Vec<EntityKind>>,
    /// Only what touches this box, in the city's CRS.
    #[arg(long, value_name = "W,S,E,N", value_parser = parse_bbox, allow_hyphen_values = true)]
    bbox: Option<Bounds2>,
    /// CRS of GeoJSON (WGS 84 otherwise) or FlatGeobuf (the city's otherwise).
    #[arg(long, value_name = "EPSG:N", value_parser = parse_crs)]
    crs: Option<Crs>,
    /// Make bodies with roofs for buildings that have an outline only.
    #[arg(long)]
    generated: bool,
    /// Write over a file that is there.
    #[arg(long)]
    force: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Foreign(Format),
    Copy,
}

/// The name of the city's own format.
const COPY: &str = "geopackage";

#[derive(Serialize)]
struct Told<'a> {
    city: String,
    file: String,
    bytes: u64,
    #[serde(flatten)]
    report: &'a Report,
}

impl Export {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        place::check(&self.to, &self.city, self.force)?;
        let kind = self.kind()?;
        // No key: what is sealed stays sealed on the way out.
        let city = CityFile::open(&self.city, None)?;
        let (report, bytes) = match kind {
            Kind::Foreign(format) => self.write(&city, format)?,
            Kind::Copy => self.copy(&city)?,
        };
        if self.json {
            let told = Told {
                city: self.city.display().to_string(),
                file: self.to.display().to_string(),
                bytes,
                report: &report,
            };
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            print!("{}: {bytes} bytes\n{report}", self.to.display());
        }
        Ok(())
    }

    fn kind(&self) -> anyhow::Result<Kind> {
        let by_ending = || {
            let is_copy = self.to.extension().is_some_and(|ending| ending == "gpkg");
            if is_copy {
                Some(Kind::Copy)
            } else {
                Format::from_path(&self.to).map(Kind::Foreign)
            }
        };
        match self.kind.or_else(by_ending) {
            Some(kind) => Ok(kind),
            None => bail!(
                "the ending names no format; state one with --as {}|{COPY}: {}",
                Format::names(),
                self.to.display()
            ),
        }
    }

    fn write(&self, city: &CityFile, format: Format) -> anyhow::Result<(Report, u64)> {
        let ground = city.load_ground()?;
        let offset = ground.info.utc_offset_minutes;
        let mut options = Options::new(&clock::now().local(offset, "%Y-%m-%d"));
        options.lod = self.lod.clone();
        options.bbox = self.bbox;
        options.crs = self.crs.clone();
        options.generated = self.generated;
        if format.is_pictured() {
            options.pictures = self.pictures_beside(&ground);
        }
        if let Some(layers) = &self.layers {
            options.layers = layers.iter().copied().collect::<BTreeSet<_>>();
        }
        files::write_whole(&self.to, self.force, |file| {
            let mut out = BufWriter::with_capacity(1 << 16, file);
            let report = export::write(&ground, format, &options, &mut out)?;
            out.into_inner().map_err(|fault| fault.into_error())?;
            Ok(report)
        })
        .map_err(|fault: ExportError| match fault {
            ExportError::Io(fault) => anyhow::anyhow!(told(&fault)),
            other => other.into(),
        })
        .with_context(|| format!("nothing was written: {}", self.to.display()))
    }

    /// The pictures of textures that lie where the file will be. One that cannot be read is told
    /// as one that is not there.
    fn pictures_beside(&self, ground: &Ground) -> BTreeMap<String, Vec<u8>> {
        let folder = self.to.parent().unwrap_or(Path::new(""));
        let images: BTreeSet<&String> = ground.textures.values().map(|one| &one.image).collect();
        let beside = images.into_iter().filter_map(|image| {
            let path = PathBuf::from(image.replace('\\', "/"));
            let mut parts = path.components();
            let is_below = parts.all(|part| matches!(part, Component::Normal(_)));
            let path = folder.join(&path);
            let is_file = is_below && path.is_file();
            Some((image.clone(), is_file.then(|| std::fs::read(path).ok())??))
        });
        beside.collect()
    }

    fn copy(&self, city: &CityFile) -> anyhow::Result<(Report, u64)> {
        let is_partial = self.lod.is_some()
            || self.layers.is_some()
            || self.bbox.is_some()
            || self.crs.is_some()
            || self.generated;
        if is_partial {
            bail!(
                "a copy of the city is whole: leave out --lod, --layers, --bbox, --crs and --generated, or choose another format: {}",
                self.to.display()
            );
        }
        let copied = city.copy_without_people(&self.to, self.force)?;
        let mut report = Report::named(COPY, city.info().crs.clone());
        report.written = copied.written;
        for (kind, count) in copied.people {
            let why = "personal data never leave the city this way; a backup keeps them";
            report.left(kind.as_str(), count, why);
        }
        report.left(
            "line of the list of imports",
            copied.imports,
            "what it tells of registers of people: names of files, hashes, warnings",
        );
        for (name, rows) in copied.foreign {
            let what = format!("row of {name}");
            report.left(
                &what,
                rows,
                "of another program; a copy holds what the city is made of",
            );
        }
        let bytes = std::fs::metadata(&self.to)
            .with_context(|| self.to.display().to_string())?
            .len();
        Ok((report, bytes))
    }
}

/// What the system says, with what to do.
fn told(fault: &io::Error) -> String {
    match fault.kind() {
        io::ErrorKind::AlreadyExists => {
            "a file of this name appeared meanwhile (--force replaces it)".to_owned()
        }
        _ => why_unwritten(fault),
    }
}

fn parse_kind(name: &str) -> Result<Kind, String> {
    if name.eq_ignore_ascii_case(COPY) {
        return Ok(Kind::Copy);
    }
    let format = Format::from_name(name).map(Kind::Foreign);
    format.ok_or_else(|| format!("write one of {}|{COPY}", Format::names()))
}

pub(super) fn parse_lod(text: &str) -> Result<String, &'static str> {
    let level = text.parse::<f64>();
    match level {
        Ok(level) if (0.0..4.0).contains(&level) => Ok(text.to_owned()),
        _ => Err("write a level of detail from 0 to 3.3"),
    }
}

fn parse_layer(name: &str) -> Result<EntityKind, String> {
    let known = EntityKind::from_name(name.trim()).filter(|kind| LAYERS.contains(kind));
    known.ok_or_else(|| {
        let names: Vec<&str> = LAYERS.iter().map(|kind| kind.as_str()).collect();
        format!("write some of {}", names.join(","))
    })
}

fn parse_bbox(text: &str) -> Result<Bounds2, &'static str> {
    let fault =
        "write west,south,east,north in the city's CRS, for example 581000,3465000,582000,3466000";
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|one| one.trim().parse()).collect();
    match numbers.as_deref() {
        Ok([w, s, e, n]) if w <= e && s <= n && [w, s, e, n].iter().all(|v| v.is_finite()) => {
            Ok(Bounds2 {
                min: [*w, *s],
                max: [*e, *n],
            })
        }
        _ => Err(fault),
    }
}

fn parse_crs(text: &str) -> Result<Crs, CrsError> {
    Crs::parse(text)
}
