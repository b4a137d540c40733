//! `pingjiang generate`: a synthetic city into a new file, or synthetic devices into a city that
//! is there. `citygen` makes it up; this file gives the time, the key and the place to write.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::tables::What;
use super::{clock, key, tables, tiles};
use crate::base::FileFault;
use crate::citygen::days::noted_bearing_deg;
use crate::citygen::{self, AreaSpec};
use crate::model::Entity;
use crate::model::ports::ArchiveError;
use crate::monitor::MonitorTable;
use crate::store::{CityFile, SqliteArchive, Vault, WriteSummary};

/// Write a synthetic city, or synthetic devices into an imported one.
#[derive(Debug, Args)]
pub struct Generate {
    /// Area to generate, for example zjl.
    #[arg(
        long,
        value_name = "AREA",
        requires = "out",
        required_unless_present = "into"
    )]
    area: Option<String>,
    /// City file to write; a demo key is made beside it.
    #[arg(long, value_name = "CITY.gpkg", requires = "area")]
    out: Option<PathBuf>,
    /// Replace the city at --out.
    #[arg(long, requires = "out")]
    force: bool,
    /// City to add devices to.
    #[arg(
        long,
        value_name = "CITY.gpkg",
        conflicts_with = "area",
        requires = "devices"
    )]
    into: Option<PathBuf>,
    /// Devices to add, of all kinds together.
    #[arg(long, value_name = "N", requires = "into", value_parser = added)]
    devices: Option<usize>,
    /// Cameras to add.
    #[arg(long, value_name = "N", requires = "into", default_value_t = 0, value_parser = added)]
    cameras: usize,
    /// The same seed gives the same city.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Key of the city's personal values; CITY.key beside the city otherwise.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
}

/// Most devices or cameras that are added at once: ten districts have no more, and all of them are
/// made in memory before they are written.
const ADDED_MOST: usize = 1_000_000;

/// Reads how many to add.
fn added(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok();
    let number = number.filter(|number| *number <= ADDED_MOST);
    number.ok_or_else(|| format!("a whole number up to {ADDED_MOST}"))
}

impl Generate {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        match (&self.area, &self.out, &self.into, self.devices) {
            (Some(area), Some(out), ..) => self.city(area, out),
            (.., Some(into), Some(devices)) => self.devices_into(into, devices),
            _ => bail!("say either --area AREA --out CITY.gpkg or --into CITY.gpkg --devices N"),
        }
    }

    fn city(&self, area: &str, out: &Path) -> anyhow::Result<()> {
        if out.exists() && !self.force {
            bail!(
                "there is a file of this name already (--force replaces it): {}",
                out.display()
            );
        }
        if out.exists() {
            // Only a city may be replaced: a slip of the hand must not cost another file.
            CityFile::open(out, None).context("--force replaces cities only")?;
            let archive = SqliteArchive::folder_of(out);
            let held = SqliteArchive::exists(&archive).then(|| SqliteArchive::open(&archive));
            if let Some(Err(fault @ ArchiveError::Held { .. })) = held {
                return Err(fault).context("an engine runs this city: stop it before --force");
            }
        }
        let summary = generate_city(area, self.seed, out)?;
        if let Some(aside) = archive_aside(out)? {
            eprintln!(
                "note: the archive of the city before was moved aside: {}",
                aside.display()
            );
        }
        println!(
            "{}: {area} with seed {}, {} records (synthetic; key beside it)",
            out.display(),
            self.seed,
            summary.added
        );
        Ok(())
    }

    fn devices_into(&self, into: &Path, devices: usize) -> anyhow::Result<()> {
        let vault = key::find(into, self.key_file.as_deref())?.vault();
        let mut file = CityFile::open_for_writing(into, vault)?;
        let ground = file.load_ground()?;
        let kinds = tables::kinds(into)?;
        let entities = citygen::devices_into(&ground, &kinds, devices, self.cameras, self.seed)
            .with_context(|| format!("no devices were added: {}", into.display()))?;
        let edit = citygen::devices_edit(&ground, entities, self.seed, clock::now());
        let summary = file.write(&edit)?;
        println!(
            "{}: {devices} devices and {} cameras with seed {} ({} new, {} changed, {} as they were)",
            into.display(),
            self.cameras,
            self.seed,
            summary.added,
            summary.updated,
            summary.unchanged
        );
        Ok(())
    }
}

/// Generates an area into a new city file, which appears whole or not at all. A file that is
/// there is replaced: ask before.
pub(super) fn generate_city(area: &str, seed: u64, out: &Path) -> anyhow::Result<WriteSummary> {
    let city = citygen::generate(&AreaSpec::named(area)?, seed)?;
    let mountings = mountings(&city.title, &city.entities);
    let vault = Vault::create_beside(out)?;
    let draft = out.with_extension("gpkg.part");
    if draft.exists() {
        fs::remove_file(&draft)
            .map_err(FileFault::unwritten)
            .with_context(|| leftover(&draft))?;
    }
    let mut file = CityFile::create(&draft, &city.info, Some(&vault))?;
    let written = file.write(&city.into_edit(clock::now()));
    drop(file);
    let summary = match written {
        Ok(summary) => summary,
        Err(error) => {
            fs::remove_file(&draft)
                .map_err(FileFault::unwritten)
                .with_context(|| leftover(&draft))?;
            return Err(error.into());
        }
    };
    tiles::refresh_after_write(&draft);
    fs::rename(&draft, out)
        .map_err(FileFault::unwritten)
        .with_context(|| format!("the city cannot be put in its place: {}", out.display()))?;
    put_mountings(out, &mountings)?;
    Ok(summary)
}

/// How a table of mountings begins that was made with a city.
const MADE: &str = "# Made by `pingjiang generate`";

/// The table of the monitor for a generated city: what is built in, and how each sensor of tilt hangs,
/// where somebody noted it. Without it a lean has a size and no direction.
fn mountings(title: &str, entities: &[Entity]) -> String {
    let mut text = format!(
        "{MADE} for {title}: the built-in table, and at its end how sensors of tilt hang.\n{}",
        MonitorTable::STANDARD
    );
    for entity in entities {
        let Entity::Device(device) = entity else {
            continue;
        };
        if device.kind.as_str() != "tilt" {
            continue;
        }
        if let Some(bearing) = noted_bearing_deg(device.id) {
            let id = device.id;
            text += &format!("\n[[mounting]]\ndevice = \"{id}\"\nbearing_deg = {bearing:.1}\n");
        }
    }
    text
}

/// Puts it beside the city, unless there is a table that somebody made.
fn put_mountings(city: &Path, text: &str) -> anyhow::Result<()> {
    let path = What::Monitor.path(city);
    let own = fs::read_to_string(&path).ok();
    if own.is_some_and(|own| !own.starts_with(MADE)) {
        eprintln!(
            "note: {} stays as it is: it was not made with a city",
            path.display()
        );
        return Ok(());
    }
    fs::write(&path, text)
        .map_err(FileFault::unwritten)
        .with_context(|| {
            format!(
                "the table of mountings cannot be written: {}",
                path.display()
            )
        })
}

/// Moves the archive of the city that was replaced aside, for it tells of another city; where it
/// is now. Nothing of it is lost: who opened what is in it.
fn archive_aside(city: &Path) -> anyhow::Result<Option<PathBuf>> {
    let folder = SqliteArchive::folder_of(city);
    if !folder.exists() {
        return Ok(None);
    }
    let second = clock::now().local(0, "%Y%m%dT%H%M%SZ");
    let named = |number: usize| match number {
        1 => city.with_extension(format!("archive.until-{second}")),
        _ => city.with_extension(format!("archive.until-{second}-{number}")),
    };
    let aside = (1..).map(named).find(|path| !path.exists());
    let aside = aside.context("every name is taken")?;
    fs::rename(&folder, &aside).map_err(FileFault::unwritten).with_context(|| {
        format!(
            "the new city is written, but the archive of the one before cannot be moved aside; move it before the city is run: {}",
            folder.display()
        )
    })?;
    Ok(Some(aside))
}

fn leftover(draft: &Path) -> String {
    format!("a half-written city cannot be removed: {}", draft.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_of_a_replaced_city_is_kept_aside_and_too_many_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let city = folder.path().join("gusu.gpkg");
        assert_eq!(archive_aside(&city).unwrap(), None);
        for _ in 0..2 {
            let archive = SqliteArchive::folder_of(&city);
            fs::create_dir(&archive).unwrap();
            fs::write(archive.join("log"), "who opened what").unwrap();
            let aside = archive_aside(&city).unwrap().unwrap();
            assert!(!archive.exists() && aside.join("log").exists());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert_eq!(added("500"), Ok(500));
        assert!(added("100000000").unwrap_err().contains("1000000"));
    }
}
