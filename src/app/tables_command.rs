//! `pingjiang tables`: which tables of a city are in force, and the built-in ones as files to edit.
//! `app::tables` knows them; this file prints and writes. Never writes over a file.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use super::language::Language;
use super::tables::{self, Standing, What};
use crate::base::FileFault;
use crate::store::CityFile;
use crate::store::files::write_whole;

/// Tell which tables a city goes by (kinds of device, alarm rules, labels, roles, travellers,
/// matching, feeds), or write
/// a built-in one beside it to be edited.
#[derive(Debug, Args)]
pub struct Tables {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Write this built-in table beside the city, to be edited; never over a file.
    #[arg(long, value_name = "TABLE")]
    write: Option<What>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Language of the page.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
}

#[derive(Serialize)]
struct Report<'a> {
    city: String,
    tables: &'a [Standing],
    /// Kinds of device that no table knows, with the number of devices; `null` while the table of
    /// kinds is faulty.
    unknown_kinds: Option<std::collections::BTreeMap<String, usize>>,
}

impl Tables {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        // Nothing personal is looked at, so the key is not needed.
        let file = CityFile::open(&self.city, None)?;
        if let Some(what) = self.write {
            return self.write(what);
        }
        let mut standings = tables::standings(&self.city);
        if let Some(fault) = tables::alarms_unfit(&self.city, &file)? {
            let alarms = standings.iter_mut().find(|one| one.table == What::Alarms);
            alarms
                .into_iter()
                .for_each(|one| one.fault = Some(fault.clone()));
        }
        let kinds = tables::kinds(&self.city).ok();
        let unknown = kinds.map(|kinds| tables::unknown_kinds(&file, &kinds));
        let unknown = unknown.transpose()?;
        if self.json {
            let named = |(kind, count): (&crate::model::KindId, &usize)| (kind.to_string(), *count);
            let report = Report {
                city: self.city.display().to_string(),
                tables: &standings,
                unknown_kinds: unknown.as_ref().map(|all| all.iter().map(named).collect()),
            };
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{}", page(&standings, self.lang));
            let note = unknown.and_then(|unknown| tables::unknown_note(&self.city, &unknown));
            if let Some(note) = note {
                println!("{note}");
            }
        }
        match standings.iter().filter(|one| one.fault.is_some()).count() {
            0 => Ok(()),
            _ => {
                bail!("a table cannot be used; mend it, or move it away and what is built in holds")
            }
        }
    }

    fn write(&self, what: What) -> anyhow::Result<()> {
        let path = what.path(&self.city);
        let written = write_whole(&path, false, |file| {
            file.write_all(what.built_in().as_bytes())
        });
        match written {
            Ok(_) => {}
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => bail!(
                "the city has a table of its own already, and it is not written over: {}",
                path.display()
            ),
            Err(fault) => {
                return Err(FileFault::unwritten(fault))
                    .with_context(|| format!("the table cannot be written: {}", path.display()));
            }
        }
        println!("{}", written_note(&path, what, self.lang));
        Ok(())
    }
}

fn written_note(path: &Path, what: What, lang: Language) -> String {
    let then = match (what.is_of_values(), what.is_added()) {
        (true, _) => lang.say(
            "edit it; values that you remove are those that are built in",
            "请编辑；删去的数值沿用内置值",
        ),
        (_, true) => lang.say(
            "edit it and add to it; entries that you remove are those that are built in",
            "请编辑或增补；删去的条目沿用内置条目",
        ),
        (_, false) => lang.say(
            "edit it; it replaces the built-in table as a whole",
            "请编辑；它整体取代内置表",
        ),
    };
    let restart = match what {
        What::Alarms => lang.say(
            "a running engine takes it by itself within seconds",
            "运行中的引擎数秒内自动生效",
        ),
        _ => lang.say(
            "a running engine reads it when it starts again",
            "运行中的引擎重启后生效",
        ),
    };
    format!("{}: {then}; {restart}", path.display())
}

fn page(standings: &[Standing], lang: Language) -> String {
    let mut text = String::new();
    for one in standings {
        let origin = match (&one.fault, one.is_own, one.table.is_added()) {
            (Some(fault), ..) => {
                // The file stands on the line above.
                let file = format!("{}: ", one.file);
                let fault = fault.strip_prefix(&file).unwrap_or(fault);
                format!("{}: {fault}", lang.say("faulty", "有误"))
            }
            (None, false, _) => lang.say("built in", "内置").to_owned(),
            (None, true, true) => lang
                .say("own, added to the built-in ones", "自有，补充内置条目")
                .to_owned(),
            (None, true, false) => lang
                .say("own, instead of the built-in ones", "自有，取代内置条目")
                .to_owned(),
        };
        let count = match one.fault {
            Some(_) => String::new(),
            None => one.entries.to_string(),
        };
        let file = match one.is_own {
            true => one.file.clone(),
            false => format!("({})", one.file),
        };
        text += &format!(
            "{:<12}{count:>4}  {file}\n{:18}{origin}\n",
            one.table.as_str(),
            ""
        );
    }
    text
}
