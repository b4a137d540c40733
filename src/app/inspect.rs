//! `pingjiang inspect`: what a city file holds, as a page for people or one JSON document for
//! programs. Personal values are only counted, and small counts of people are not shown.

pub(super) mod compare;
mod page;
mod report;

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use crate::model::Ground;
use crate::store::CityFile;

use super::clock;
use super::key::{self, KeyState};
use super::language::Language;
use super::tables;
use compare::VersionRange;
use report::{Report, Runs};

/// Tell what a city file holds.
#[derive(Debug, Args)]
pub struct Inspect {
    /// City to look into.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Tell what differs between two versions instead: 1..2, or 1 to compare with the present.
    #[arg(long, value_name = "V1..V2", value_parser = VersionRange::parse)]
    compare: Option<VersionRange>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    /// Key of the city's personal values; CITY.key beside the city otherwise.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
    /// Language of the page.
    #[arg(long, value_enum, default_value_t = Language::En)]
    lang: Language,
}

impl Inspect {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        if self.city.is_dir() {
            bail!(
                "it is a folder; name the city file in it: {}",
                self.city.display()
            );
        }
        let found = key::find(&self.city, self.key_file.as_deref())?;
        let state = KeyState::of(&found);
        let file = CityFile::open(&self.city, found.vault())?;
        if let Some(range) = self.compare {
            let below = tables::roles(&self.city)?.suppress_below();
            return self.compare(&range.grounds(&file)?, below);
        }
        let kinds = tables::kinds(&self.city)?;
        let below = tables::roles(&self.city)?.suppress_below();
        let unknown = tables::unknown_kinds(&file, &kinds)?;
        if let Some(note) = tables::unknown_note(&self.city, &unknown) {
            eprintln!("note: {note}");
        }
        let ground = file.load_ground()?;
        let report = Report::of(
            &self.city.display().to_string(),
            &ground,
            &Runs {
                list: file.history()?,
                of_people: file.runs_of_people()?,
            },
            below,
            // A city that never had a key lacks none.
            Some(state).filter(|state| file.has_key() || *state == KeyState::Found),
            clock::now(),
        );
        let lacks = report.locked || file.fingerprints().is_none();
        // One value that does not open hides nothing but itself.
        let checked = match lacks && !file.is_locked() {
            true => file.check_sealed(),
            false => Ok(()),
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{}", page::page(&report, &kinds, self.lang));
        }
        Ok(checked?)
    }

    fn compare(&self, grounds: &[Ground; 2], below: usize) -> anyhow::Result<()> {
        let report = compare::Report::of(&self.city.display().to_string(), grounds, below);
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{}", report.page(self.lang));
        }
        Ok(())
    }
}
