//! `pingjiang import`: foreign files into a city, all of them in one transaction or none.
//! `ingest` reads and converts; this file opens the city, hands the entities over and tells what
//! happened. With `--dry-run` everything but the writing is done.

mod bring;
mod city;
mod interrupt;
mod moved_model;
mod options;
mod placing;
mod quality_report;
mod registers;
mod summary;
mod undo;
mod version_report;
mod versions;
mod work;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{clock, tiles};
use crate::base::ImportId;
use crate::ingest::{self, Converted};
use crate::model::GroundEdit;
use crate::space::{Bounds2, Crs, Datum};
use city::City;
use interrupt::{Interrupt, Phase};
use work::Work;

/// Read a base map into a city: CityJSON, CityGML, GeoJSON, FlatGeobuf, GeoPackage, Shapefile,
/// OpenStreetMap, tables of points, terrain, models; or registers: dwellings, households, residents,
/// vehicles, devices, cameras, facilities, responders, events (CSV, XLSX). Or take an import back.
#[derive(Debug, Args)]
#[command(
    override_usage = "pingjiang import [OPTIONS] --into <CITY.gpkg> <FILE>...\n       \
                            pingjiang import --into <CITY.gpkg> --undo <ID> [--key-file <FILE>] [--dry-run] [--json]"
)]
pub struct Import {
    /// Files to read; all are written in one transaction.
    #[arg(required_unless_present = "undo", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// City to write into; it is made when it does not exist.
    #[arg(long, value_name = "CITY.gpkg")]
    into: PathBuf,
    /// Take an import back, with all files that were read together; `inspect` lists the ids.
    #[arg(
        long,
        value_name = "ID",
        value_parser = undo::parse_id,
        conflicts_with_all = [
            "files", "format", "mapping", "layer", "crs", "datum", "source", "name", "attribution",
            "keep_missing", "replace_all", "moved", "skip_invalid", "at", "at_lonlat", "heading",
            "scale", "as_building", "terrain_tolerance", "unmatched"
        ]
    )]
    undo: Option<ImportId>,
    /// Format of the files, told by their content otherwise: cityjson, cityjsonseq, citygml, geojson,
    /// flatgeobuf, geopackage, shapefile, osmpbf, osmxml, csv, gltf, geotiff or xyz. Or the register
    /// that they are, told by their headers otherwise: dwellings, households, residents, vehicles,
    /// devices, cameras, facilities, responders or events.
    #[arg(long = "as", value_name = "KIND", value_parser = options::kind)]
    format: Option<options::As>,
    /// Which attribute or column is what: a mapping file.
    #[arg(long = "map", value_name = "MAPPING.toml")]
    mapping: Option<PathBuf>,
    /// The layer to read, of a GeoPackage; otherwise all of them.
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// CRS of the files' coordinates where they do not name it, for example EPSG:28992.
    #[arg(long, value_name = "EPSG:N", value_parser = options::crs)]
    crs: Option<Crs>,
    /// Datum of longitudes and latitudes: wgs84, cgcs2000, gcj02 or bd09; where nothing is said,
    /// the one that columns of a table are named by, or wgs84.
    #[arg(long, value_name = "DATUM")]
    datum: Option<Datum>,
    /// Name of the data set; with the keys in the file it makes the stable ids. The file's stem
    /// otherwise. A data set that the city has is renewed: what the files lack of it is removed.
    #[arg(long, value_name = "NAME", value_parser = options::name)]
    source: Option<String>,
    /// Keep what the files lack of their data set: they are only a part of it.
    #[arg(long, conflicts_with = "replace_all")]
    keep_missing: bool,
    /// Remove what the files lack of their data set even if that is most of it.
    #[arg(long)]
    replace_all: bool,
    /// Let most records of a data set stand elsewhere than in the city, as by a corrected CRS.
    #[arg(long)]
    moved: bool,
    /// Whom every picture of the data must name, for files that do not say it themselves.
    #[arg(long, value_name = "TEXT", value_parser = options::attribution)]
    attribution: Option<String>,
    /// Name of a new city, or of the model that is placed; the first file's stem otherwise.
    #[arg(long, value_parser = options::name)]
    name: Option<String>,
    /// Take the sound part of a document that breaks its standard, instead of refusing it.
    #[arg(long)]
    skip_invalid: bool,
    #[command(flatten)]
    placing: placing::Placing,
    /// Write the rows of registers that lead to no record of the city, and those on which registers
    /// differ, into this table: row, score, candidates and reasons, no personal value.
    #[arg(long, value_name = "FILE.csv")]
    unmatched: Option<PathBuf>,
    /// Do everything but write.
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Key of the city's personal values.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
    /// Files that are called like somebody whom they tell of: their names are not kept.
    #[arg(skip)]
    called_like_people: BTreeSet<PathBuf>,
}

impl Import {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        if self.into.is_dir() {
            bail!(
                "--into names a folder; name the city file, for example {}",
                self.into.join("city.gpkg").display()
            );
        }
        match self.undo {
            Some(import) => self.take_back(import),
            None => self.bring_in(),
        }
    }

    /// A file that is named twice would stand beside itself as another source of the same.
    fn check_twice(&self) -> anyhow::Result<()> {
        let mut seen = BTreeSet::new();
        for path in &self.files {
            // What is not there is told when it is read.
            let place = path.canonicalize().unwrap_or_else(|_| path.clone());
            if !seen.insert(place) {
                bail!(
                    "it is named twice; name every file once: {}",
                    path.display()
                );
            }
        }
        Ok(())
    }

    fn bring_in(self) -> anyhow::Result<()> {
        self.check_twice()?;
        let bar = progress_bar(self.files.len() + 2);
        let interrupt = Interrupt::of(&self.into);
        let city = City::open(&self.into, self.key_file.as_deref(), self.dry_run)?;
        bar.inc(1);
        if self.are_registers()? {
            return self.bring_registers(city, (&bar, &interrupt));
        }
        let brings = self.brings(&city, &bar)?;
        let mut work = self.prepare(city.ground(), brings, Default::default());
        if let Some(edit) = work.edit() {
            bar.set_message("writing");
            let (crs, converted) = (work.crs.clone(), std::mem::take(&mut work.converted));
            interrupt.enter(Phase::Completing);
            work.report.written = Some(self.write(city, &edit, &crs, &converted)?);
            interrupt.enter(Phase::Written);
            // The records are read back for it: they need not be here twice.
            drop(edit);
            bar.set_message("baking");
            work.report.tiles = tiles::refresh_after_write(&self.into);
        }
        self.end(work, &bar)
    }

    /// Tells what happened, or why nothing did.
    fn end(&self, work: Work, bar: &ProgressBar) -> anyhow::Result<()> {
        bar.finish_and_clear();
        work.report.print(self.json)?;
        if work.is_useless {
            bail!(
                "nothing was written, for there is nothing to use: {}",
                work.report.faults()
            );
        }
        work.refusal
            .with_context(|| self.into.display().to_string())
    }

    fn write(
        &self,
        city: City,
        edit: &GroundEdit,
        crs: &Crs,
        converted: &[Converted],
    ) -> anyhow::Result<summary::Written> {
        let extents = converted.iter().map(|one| &one.extent);
        let extent = extents.fold(Bounds2::empty(), |all, one| all.union(one));
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| ingest::dataset_name(&self.files[0]));
        let summary = city.write(edit, &name, crs, extent, converted)?;
        Ok(summary.into())
    }

    fn dataset(&self, path: &Path) -> String {
        self.source
            .clone()
            .unwrap_or_else(|| match self.called_like_people.contains(path) {
                true => ingest::hidden_dataset_name(path),
                false => ingest::dataset_name(path),
            })
    }

    /// What a file is called in the city, where everybody may read it.
    fn shown_file_name(&self, path: &Path) -> String {
        match self.called_like_people.contains(path) {
            true => ingest::hidden_dataset_name(path),
            false => ingest::shown_file_name(path),
        }
    }
}

/// Drawn on a terminal only, and on standard error.
fn progress_bar(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    bar
}
