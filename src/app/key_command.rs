//! `pingjiang key rotate`: another key for a city. The old key is kept, for copies and backups of the
//! city need it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::{clock, key};
use crate::base::FileFault;
use crate::store::vault::{key_path, next_key_path};
use crate::store::{CityFile, CityFileError, Vault};

/// Look after a city's key.
#[derive(Debug, Args)]
pub struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Seal all personal values anew with a new key. The old key is kept beside the city.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
struct Rotate {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// The city's present key; CITY.key beside the city otherwise.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
}

impl Key {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Rotate(rotate) => rotate.run(),
        }
    }
}

impl Rotate {
    fn run(&self) -> anyhow::Result<()> {
        let present = self
            .key_file
            .clone()
            .unwrap_or_else(|| key_path(&self.city));
        let next = next_key_path(&present);
        if next.exists() && self.fits(&next)? {
            let kept = put_in_place(&present, &next)?;
            println!(
                "{}: an interrupted change of the key is complete now; the old key: {}",
                self.city.display(),
                kept.display()
            );
            return Ok(());
        }
        let old = Vault::open(&present)?;
        let mut city = CityFile::open_for_writing(&self.city, Some(old))?;
        // Former keys open what a program sealed that had one still; what opens to none is named before
        // there is a new key, so that the key files stay as they are.
        let former = key::earlier(&present);
        city.check_sealed_with(&former)
            .context("nothing was changed, and the key is as it was")?;
        // The new key lies on the disk before anything is sealed with it. One that an interrupted
        // change left is taken, and none is ever removed: another program may be sealing with it.
        let new = match next.exists() {
            true => Vault::open(&next)?,
            false => Vault::create_at(&next)?,
        };
        let done = city.rotate_key(&new, &former).with_context(|| {
            format!(
                "the city has its old key still; {} waits for the command to be given again",
                next.display()
            )
        })?;
        let kept = put_in_place(&present, &next)?;
        if city.has_remains() {
            eprintln!(
                "note: unused parts of the file may still hold what the old key opens, because another program reads the city or the disk has no room for it twice; the next write with room clears them: {}",
                self.city.display()
            );
        }
        if done.of_former > 0 {
            println!(
                "{}: {} values were sealed with a former key still, and open with the new one",
                self.city.display(),
                done.of_former
            );
        }
        println!(
            "{}: {} values have the new key {}; the old one is kept for copies and backups: {}",
            self.city.display(),
            done.values,
            present.display(),
            kept.display()
        );
        Ok(())
    }

    /// Whether this is the city's key.
    fn fits(&self, key: &Path) -> anyhow::Result<bool> {
        match CityFile::open(&self.city, Some(Vault::open(key)?)) {
            Ok(city) => Ok(city.has_key()),
            Err(CityFileError::WrongKey { .. }) => Ok(false),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// Puts the new key where the old one was; where the old one is now.
fn put_in_place(present: &Path, next: &Path) -> anyhow::Result<PathBuf> {
    let at = clock::now().local(0, "%Y%m%dT%H%M%SZ");
    // Of several changes in one second each keeps its key: copies and backups still need it.
    let names = (1..).map(|time| match time {
        1 => format!("key.until-{at}"),
        time => format!("key.until-{at}-{time}"),
    });
    let mut places = names.map(|name| present.with_extension(name));
    let kept = places
        .find(|place| !place.exists())
        .context("there is no name left for the old key")?;
    let failed = || {
        format!(
            "the city has its new key already, but the key files cannot be put in their places; run this again: {}",
            next.display()
        )
    };
    // Both names for a moment, so that there is no moment without a key beside the city. Where files
    // have one name only, or an interrupted change moved the old key already, it is less smooth.
    if present.exists() {
        fs::hard_link(present, &kept)
            .or_else(|_| fs::rename(present, &kept))
            .map_err(FileFault::unwritten)
            .with_context(failed)?;
    }
    fs::rename(next, present)
        .map_err(FileFault::unwritten)
        .with_context(failed)?;
    Ok(kept)
}
