//! `pingjiang import --undo`: takes a run back and tells what that did, or what it would do.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::summary::Written;
use super::{Import, clock};
use crate::app::key;
use crate::app::tiles::{self, Refreshed};
use crate::base::ImportId;
use crate::model::ImportRecord;
use crate::store::city_file::UndoCounts;
use crate::store::{CityFile, Undo};

/// An import's id as `inspect` and the import's own report print it.
pub(super) fn parse_id(text: &str) -> Result<ImportId, String> {
    text.trim()
        .parse()
        .map_err(|fault| format!("{fault}; `pingjiang inspect CITY.gpkg` lists the imports' ids"))
}

/// What was undone.
#[derive(Debug, Serialize)]
struct Report {
    city: String,
    dry_run: bool,
    /// The version that is taken back.
    undone: u64,
    /// Everything which that run read.
    files: Vec<File>,
    /// By kind of entity.
    counts: BTreeMap<&'static str, UndoCounts>,
    /// What the city file says was written; `None` of a dry run.
    written: Option<Written>,
    /// What that cost of the baked tiles.
    tiles: Option<Refreshed>,
}

#[derive(Debug, Serialize)]
struct File {
    id: ImportId,
    action: String,
    file: String,
    sha256: String,
}

impl Import {
    pub(super) fn take_back(self, import: ImportId) -> anyhow::Result<()> {
        let vault = key::find(&self.into, self.key_file.as_deref())?.vault();
        let mut report;
        if self.dry_run {
            let plan = CityFile::open(&self.into, vault)?.plan_undo(import)?;
            report = self.report(&plan);
        } else {
            let mut file = CityFile::open_for_writing(&self.into, vault)?;
            let plan = file.plan_undo(import)?;
            report = self.report(&plan);
            report.written = Some(file.undo(plan, clock::now())?.into());
            drop(file);
            report.tiles = tiles::refresh_after_write(&self.into);
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{report}");
        }
        Ok(())
    }

    fn report(&self, plan: &Undo) -> Report {
        let counts = plan.counts.iter();
        let counts = counts.map(|(kind, counts)| (kind.as_str(), *counts));
        Report {
            city: self.into.display().to_string(),
            dry_run: self.dry_run,
            undone: plan.version,
            files: plan.records.iter().map(File::of).collect(),
            counts: counts.collect(),
            written: None,
            tiles: None,
        }
    }
}

impl File {
    fn of(record: &ImportRecord) -> Self {
        Self {
            id: record.id,
            action: record.action.clone(),
            file: record.told(),
            sha256: record.sha256.clone(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for File {
            id, action, file, ..
        } in &self.files
        {
            writeln!(f, "undo of {action} {file}, version {}, {id}", self.undone)?;
        }
        for (kind, counts) in &self.counts {
            let UndoCounts {
                added,
                updated,
                removed,
            } = counts;
            writeln!(
                f,
                "  {kind:<12} {removed} removed, {updated} as before, {added} put back"
            )?;
        }
        if let Some(tiles) = &self.tiles {
            write!(f, "{tiles}")?;
        }
        match &self.written {
            Some(written) => {
                writeln!(f, "{}: city at version {}", self.city, written.version)?;
                f.write_str(&written.note(&self.city).unwrap_or_default())
            }
            None => writeln!(f, "{}: nothing written (dry run)", self.city),
        }
    }
}
