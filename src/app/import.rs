//! `pingjiang import`: foreign files into a city, all of them in one transaction or none.
//! `ingest` reads and converts; this file opens the city, hands the entities over and tells what
//! happened. With `--dry-run` everything but the writing is done.

mod bring;
mod city;
mod moved_model;
mod options;
mod placing;
mod quality_report;
mod registers;
mod summary;
mod undo;
mod version_report;
mod versions;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{clock, tiles};
use crate::base::ImportId;
use crate::ingest::{self, Converted, Format};
use crate::model::{Entity, Ground, GroundEdit, ImportRecord};
use crate::space::{Bounds2, Crs, Datum};
use city::City;
use quality_report::QualityReport;
use summary::{FileReport, Report};
use versions::{Allowed, Brought, Missing, NewVersion};

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

    fn bring_in(self) -> anyhow::Result<()> {
        let bar = progress_bar(self.files.len() + 2);
        let city = City::open(&self.into, self.key_file.as_deref(), self.dry_run)?;
        bar.inc(1);
        let brings = self.brings(&city, &bar)?;
        let (crs, statements) = (brings.crs, brings.statements);
        let (mut records, mut converted): (Vec<_>, Vec<_>) = brings.files.into_iter().unzip();
        let mut entities = ingest::join(&mut converted);
        let standing = ingest::stand(&mut entities, city.ground());
        if let Some(first) = converted.first_mut() {
            first.notes.extend(standing);
            first.notes.extend(made_up(&entities));
        }
        let mut plan = self.new_version(&city, &converted, &entities);
        plan.note_statements(&statements);
        if let Some(ground) = city.ground() {
            versions::carry(ground, &mut entities, &mut plan);
            self.tell_moved_models(&records, &mut converted, (&entities, ground));
        }
        let mut report = Report {
            city: self.into.display().to_string(),
            created: city.is_new(),
            dry_run: self.dry_run,
            crs: crs.name(),
            written: None,
            tiles: None,
            files: self.reports(&records, &converted),
            version: (&plan).into(),
            quality: QualityReport::of(&entities, city.ground()),
        };
        // Joining may have noted more.
        for (record, one) in records.iter_mut().zip(&converted) {
            record.warnings = one.warnings.clone();
        }
        report.count(&entities, city.ground());
        report.count_removed(&plan.remove, city.ground());
        // A data set may become empty, but what neither brings nor takes anything is no version.
        let is_useless =
            !has_content(&entities) && (report.warnings() > 0 || plan.remove.is_empty());
        let refusal = plan.check(self.allowed());
        if !self.dry_run && !is_useless && refusal.is_ok() {
            bar.set_message("writing");
            let edit = edit(records, entities, plan, &report);
            report.written = Some(self.write(city, &edit, &crs, &converted)?);
            // The records are read back for it: they need not be here twice.
            drop(edit);
            bar.set_message("baking");
            report.tiles = tiles::refresh_after_write(&self.into);
        }
        bar.finish_and_clear();
        report.print(self.json)?;
        if is_useless {
            bail!(
                "nothing was written, for there is nothing to use: {}",
                report.faults()
            );
        }
        refusal.with_context(|| self.into.display().to_string())
    }

    fn tell_moved_models(
        &self,
        records: &[ImportRecord],
        converted: &mut [Converted],
        (entities, ground): (&[Entity], &Ground),
    ) {
        if !self.placing.is_placed() {
            return;
        }
        for (record, one) in records.iter().zip(converted) {
            if one.format == Format::Gltf {
                let notes = moved_model::notes(record.id, entities, ground);
                one.notes.extend(notes);
            }
        }
    }

    fn allowed(&self) -> Allowed {
        Allowed {
            missing: self.missing(),
            moved: self.moved,
        }
    }

    fn missing(&self) -> Missing {
        match (self.keep_missing, self.replace_all) {
            (true, _) => Missing::Keep,
            (false, true) => Missing::RemoveAny,
            (false, false) => Missing::Remove,
        }
    }

    /// What goes with the newer version of the data sets that the city has already.
    fn new_version(&self, city: &City, converted: &[Converted], entities: &[Entity]) -> NewVersion {
        let Some(ground) = city.ground() else {
            return NewVersion::default();
        };
        let datasets: BTreeSet<String> = self.files.iter().map(|path| self.dataset(path)).collect();
        let files = self.files.iter().zip(converted);
        let faulty: HashSet<(String, String)> = files
            .flat_map(|(path, one)| {
                let dataset = self.dataset(path);
                let keys = one.faulty.iter();
                keys.map(move |key| (dataset.clone(), key.clone()))
            })
            .collect();
        let mut nameless = BTreeMap::<String, usize>::new();
        for (path, one) in self
            .files
            .iter()
            .zip(converted)
            .filter(|(_, one)| one.nameless > 0)
        {
            *nameless.entry(self.dataset(path)).or_default() += one.nameless;
        }
        let brought = Brought {
            datasets: &datasets,
            entities,
            faulty: &faulty,
            nameless: &nameless,
        };
        versions::plan(ground, &brought, self.missing())
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
            .unwrap_or_else(|| ingest::dataset_name(path))
    }

    fn reports(&self, records: &[ImportRecord], converted: &[Converted]) -> Vec<FileReport> {
        let files = self.files.iter().zip(converted).zip(records);
        files
            .map(|((path, one), record)| {
                let dataset = self.dataset(path);
                FileReport::new(path.display().to_string(), record, dataset, one)
            })
            .collect()
    }
}

/// The edit of an import. Removals count for the first file of an edit, so a file of a data set
/// that loses something stands first: its id undoes the run.
fn edit(
    mut records: Vec<ImportRecord>,
    mut put: Vec<Entity>,
    plan: NewVersion,
    report: &Report,
) -> GroundEdit {
    let loses = |record: &ImportRecord| {
        let dataset = report.dataset_of(record.id);
        dataset
            .and_then(|name| plan.datasets.get(name))
            .is_some_and(|one| one.removed > 0)
    };
    records.sort_by_key(|record| !loses(record));
    put.extend(plan.mended);
    GroundEdit {
        records,
        put,
        remove: plan.remove,
    }
}

/// What generators made up stays marked: an export and an import do not make it real.
fn made_up(entities: &[Entity]) -> Option<String> {
    let count = entities.iter().filter(|one| one.source().is_synthetic());
    let count = count.count();
    (count > 0).then(|| {
        format!(
            "{count} records were made up by a generator: every picture of the city will say that \
             it is synthetic"
        )
    })
}

/// Whether there is more than colours and pictures, which are nothing without faces.
fn has_content(entities: &[Entity]) -> bool {
    let is_look = |entity: &Entity| matches!(entity, Entity::Material(_) | Entity::Texture(_));
    !entities.iter().all(is_look)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
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
