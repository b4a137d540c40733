//! Registers in an import: which files are some, and the table of rows for a person to decide.
//! `ingest` reads them; this file hands over the city, its key and the day. Never prints a value
//! of a row.

use std::collections::{BTreeSet, HashSet};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use indicatif::ProgressBar;

use super::Import;
use super::bring::Brings;
use super::city::City;
use super::interrupt::{Interrupt, Phase};
use super::options::As;
use super::summary::{Counted, RowNote};
use super::versions::InParts;
use super::work::Work;
use crate::access;
use crate::app::{clock, tables, tiles};
use crate::base::{FileFault, ImportId, KeyedHash};
use crate::ingest::{
    Looks, ReadError, RegisterCity, RegisterMapping, RegisterOptions, Registers, Unmatched,
};
use crate::model::{Entity, Ground};
use crate::space::{Crs, Datum};
use crate::store::CityFileError;

impl Import {
    /// Whether the files are registers; some of both kinds are refused, for they need each other
    /// in the city and not beside each other.
    pub(super) fn are_registers(&self) -> anyhow::Result<bool> {
        match self.format {
            Some(As::Register(_)) => return Ok(true),
            Some(As::Format(_)) => return Ok(false),
            None => {}
        }
        if self
            .mapping_text()?
            .is_some_and(|text| RegisterMapping::is_one(&text))
        {
            return Ok(true);
        }
        let mut told = Vec::with_capacity(self.files.len());
        for path in &self.files {
            let looks = Registers::looks(path)?;
            // A mapping says of a base map what its headers do not.
            if looks == Looks::Untold && self.mapping.is_none() {
                return Err(Registers::untold(path).into());
            }
            told.push(looks == Looks::Register);
        }
        let first = told.iter().position(|is_register| *is_register);
        let other = told.iter().position(|is_register| !*is_register);
        if let (Some(first), Some(other)) = (first, other) {
            bail!(
                "{} is a register and {} is not: import the base map first, then the registers \
                 (--as names what a file is)",
                self.files[first].display(),
                self.files[other].display()
            );
        }
        Ok(first.is_some())
    }

    fn mapping_text(&self) -> anyhow::Result<Option<String>> {
        let Some(path) = &self.mapping else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(path)
            .map_err(FileFault::unread)
            .with_context(|| format!("the mapping cannot be read: {}", path.display()))?;
        Ok(Some(text))
    }

    fn register_mapping(&self) -> anyhow::Result<RegisterMapping> {
        let (Some(text), Some(path)) = (self.mapping_text()?, &self.mapping) else {
            return Ok(RegisterMapping::default());
        };
        if !RegisterMapping::is_one(&text) {
            bail!(
                "the mapping is one for base maps, and the files are registers: begin it with \
                 register = \"…\" (docs/registries.md): {}",
                path.display()
            );
        }
        RegisterMapping::parse(&text)
            .with_context(|| format!("the mapping cannot be used: {}", path.display()))
    }

    fn register_options(&self, today: String) -> anyhow::Result<RegisterOptions> {
        let mapping = self.register_mapping()?;
        let kind = match self.format {
            Some(As::Register(kind)) => Some(kind),
            _ => None,
        };
        if let (Some(asked), Some(mapped), Some(path)) = (kind, mapping.register, &self.mapping)
            && asked != mapped
        {
            bail!(
                "--as {} contradicts register = \"{}\" of the mapping: leave one of them out, or make them alike: {}",
                asked.as_str(),
                mapped.as_str(),
                path.display()
            );
        }
        Ok(RegisterOptions {
            kind,
            mapping,
            crs: self.crs.clone(),
            datum: self.datum.unwrap_or(Datum::Wgs84),
            today,
            keep_missing: self.keep_missing,
            list_unmatched: self.unmatched.is_some() || self.json,
        })
    }

    /// Reads registers into a city, in one transaction: people in parts, so that a register of millions
    /// does not stand in memory.
    pub(super) fn bring_registers(
        mut self,
        city: City,
        (bar, interrupt): (&ProgressBar, &Interrupt),
    ) -> anyhow::Result<()> {
        if let Some(path) = self.unmatched.as_ref().filter(|path| path.exists()) {
            bail!(
                "--unmatched writes over no file; name another or remove it: {}",
                path.display()
            );
        }
        let Some((mut file, ground)) = city.into_open() else {
            bail!(
                "registers need a city to be linked to, and there is none: import its base map \
                 first: {}",
                self.into.display()
            );
        };
        self.called_like_people = self.files_called_like_people(&ground)?;
        // Of the file, not of the key beside it: fingerprints outlive a change of the key.
        let vault = file.vault();
        let hash = vault.as_ref().map(|vault| vault as &dyn KeyedHash);
        let runs = file.imports()?.into_iter();
        let decided = runs.filter(|one| one.action == "decide").map(|one| one.id);
        let decided: HashSet<ImportId> = decided.collect();
        if self.dry_run {
            let work = self.read_registers((&ground, hash, &decided), bar, &mut |_| Ok(()))?;
            return self.end(work, bar);
        }
        let mut work = None;
        let written = file.write_in_parts(ground.version, |parts| {
            let mut made = self.read_registers((&ground, hash, &decided), bar, &mut |part| {
                parts.put(part, &[])
            })?;
            let edit = made.edit();
            if let Some(edit) = &edit {
                bar.set_message("writing");
                parts.put(&edit.put, &edit.remove)?;
                interrupt.enter(Phase::Completing);
            }
            work = Some(made);
            Ok::<_, anyhow::Error>(edit.map(|edit| edit.records))
        })?;
        drop((file, ground));
        let mut work = work.context("no register was read")?;
        if let Some(written) = written {
            work.report.written = Some(written.into());
            interrupt.enter(Phase::Written);
            bar.set_message("baking");
            work.report.tiles = tiles::refresh_after_write(&self.into);
        }
        self.end(work, bar)
    }

    /// The files whose names are those of people in them.
    fn files_called_like_people(&self, ground: &Ground) -> anyhow::Result<BTreeSet<PathBuf>> {
        let options = self.register_options(today(ground))?;
        let labels = tables::labels(&self.into)?;
        let files = self.files.iter();
        let called =
            files.filter(|path| Registers::is_called_like_somebody(path, &options, &labels));
        Ok(called.cloned().collect())
    }

    /// Reads registers; records that come in parts go to `put`, all others into the work.
    fn read_registers(
        &self,
        (ground, hash, decided): (&Ground, Option<&dyn KeyedHash>, &HashSet<ImportId>),
        bar: &ProgressBar,
        put: &mut dyn FnMut(&[Entity]) -> Result<(), CityFileError>,
    ) -> anyhow::Result<Work> {
        let time = clock::now();
        let options = self.register_options(today(ground))?;
        let (clearance, kinds) = (access::for_keeping(), tables::kinds(&self.into)?);
        let labels = tables::labels(&self.into)?;
        let matching = tables::matching(&self.into)?;
        let city = RegisterCity {
            ground,
            hash,
            clearance: &clearance,
            kinds: &kinds,
            labels: &labels,
            matching: &matching,
            decided,
        };
        let mut registers = Registers::new(city, options);
        for path in &self.files {
            bar.set_message(format!("looking over {}", path.display()));
            registers.add_file(path, &self.dataset(path))?;
            bar.inc(1);
        }
        bar.set_message("linking");
        let (mut parts, mut counted, mut fault) = (InParts::default(), Counted::default(), None);
        let run = registers.finish(&mut |part| {
            counted.count(&part, Some(ground));
            parts.take(&part, ground);
            bar.set_message(format!("{} records of people", parts.count));
            put(&part).map_err(|reason| {
                let told = ReadError::System(reason.to_string());
                fault = Some(reason);
                told
            })
        });
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        let run = run?;
        parts.uses(run.confirmed);
        if let Some(path) = &self.unmatched {
            write_unmatched(path, &run.unmatched)?;
        }
        let files = self.files.iter().zip(run.files);
        let files = files.map(|(path, imported)| self.provenance(path, imported, time));
        let brings = Brings {
            crs: Crs::parse(&ground.info.crs)?,
            files: files.collect(),
            statements: run.statements,
        };
        let mut work = self.prepare(Some(ground), brings, (parts, counted));
        if self.json {
            work.report.rows = run.unmatched.into_iter().map(RowNote::from).collect();
        }
        Ok(work)
    }
}

/// The day in the city.
fn today(ground: &Ground) -> String {
    clock::now().local(ground.info.utc_offset_minutes, "%Y-%m-%d")
}

/// The columns of the table of unmatched rows.
const COLUMNS: &[&str] = &[
    "file",
    "sheet",
    "row",
    "register",
    "outcome",
    "score",
    "candidates",
    "reasons",
    "record",
];

/// Writes the table; it names rows of a personal register, so only its owner may read it.
fn write_unmatched(path: &Path, rows: &[Unmatched]) -> anyhow::Result<()> {
    let text = unmatched_text(rows)?;
    let place = || {
        format!(
            "the table of unmatched rows cannot be written: {}",
            path.display()
        )
    };
    let mut file = private_file(path)
        .map_err(FileFault::unwritten)
        .with_context(place)?;
    file.write_all(text.as_bytes())
        .map_err(FileFault::unwritten)
        .with_context(place)
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn unmatched_text(rows: &[Unmatched]) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(COLUMNS)?;
    for one in rows {
        let score = one
            .score
            .map_or_else(String::new, |score| format!("{score:.2}"));
        table.write_record([
            one.file.as_str(),
            one.sheet.as_str(),
            &one.row.to_string(),
            one.register,
            one.outcome,
            &score,
            &one.candidates.join(" "),
            &one.reasons,
            &one.record,
        ])?;
    }
    Ok(String::from_utf8(table.into_inner()?)?)
}
