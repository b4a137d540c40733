//! Registers in an import: which files are some, and the table of rows for a person to decide.
//! `ingest` reads them; this file hands over the city, its key and the day. Never prints a value
//! of a row.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use indicatif::ProgressBar;

use super::bring::Brings;
use super::city::City;
use super::options::As;
use super::{Import, file_name};
use crate::access;
use crate::app::{clock, tables};
use crate::base::Warnings;
use crate::ingest::{
    Imported, RegisterCity, RegisterMapping, RegisterOptions, Registers, Unmatched,
};
use crate::model::ImportRecord;
use crate::space::{Crs, Datum};

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
            told.push(Registers::is_one(path)?);
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
        Ok(RegisterOptions {
            kind: match self.format {
                Some(As::Register(kind)) => Some(kind),
                _ => None,
            },
            mapping: self.register_mapping()?,
            crs: self.crs.clone(),
            datum: self.datum.unwrap_or(Datum::Wgs84),
            today,
            keep_missing: self.keep_missing,
        })
    }

    /// Reads registers.
    pub(super) fn bring_registers(&self, city: &City, bar: &ProgressBar) -> anyhow::Result<Brings> {
        let Some(ground) = city.ground() else {
            bail!(
                "registers need a city to be linked to, and there is none: import its base map \
                 first: {}",
                self.into.display()
            );
        };
        let time = clock::now();
        let today = time.local(ground.info.utc_offset_minutes, "%Y-%m-%d");
        let options = self.register_options(today)?;
        let (clearance, kinds) = (access::for_keeping(), tables::kinds(&self.into)?);
        let labels = tables::labels(&self.into)?;
        let matching = tables::matching(&self.into)?;
        let city_facts = RegisterCity {
            ground,
            hash: city.fingerprints(),
            clearance: &clearance,
            kinds: &kinds,
            labels: &labels,
            matching: &matching,
        };
        let mut registers = Registers::new(city_facts, options);
        for path in &self.files {
            bar.set_message(format!("looking over {}", path.display()));
            registers.add_file(path, &self.dataset(path))?;
            bar.inc(1);
        }
        bar.set_message("linking");
        let run = registers.finish()?;
        if let Some(path) = &self.unmatched {
            write_unmatched(path, &run.unmatched)?;
        }
        let files = self.files.iter().zip(run.files);
        let files = files.map(|(path, imported)| {
            let Imported {
                mut converted,
                crs,
                sha256,
                import,
            } = imported;
            let record = ImportRecord {
                id: import,
                action: "import".to_owned(),
                file: file_name(path),
                sha256,
                time,
                crs: crs.name(),
                attribution: self.attribution(&mut converted),
                warnings: Warnings::default(),
            };
            (record, converted)
        });
        Ok(Brings {
            crs: Crs::parse(&ground.info.crs)?,
            files: files.collect(),
            statements: run.statements,
        })
    }
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
    let mut file = private_file(path).with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)
}

fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        // A file that was there keeps its mode otherwise.
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        Ok(file)
    }
    #[cfg(not(unix))]
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
        ])?;
    }
    Ok(String::from_utf8(table.into_inner()?)?)
}
