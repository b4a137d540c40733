//! `pingjiang backup`: copies of city and archive that belong together, made while an engine runs,
//! with a manifest that tells what they must be. Never copies the key, and never writes over
//! anything.

mod manifest;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::base::{Timestamp, counted};
use crate::store::{CityFile, SqliteArchive, vault};

use super::clock;
use super::tables::What;
use manifest::{ArchivePart, CityPart, Manifest, Part};

/// Back up a city with its archive, also while an engine runs it, or check a backup.
///
/// City, archive and the city's own tables go into a new folder with their checksums; it appears
/// complete and checked, or not at all. The key is not in it: keep that apart (docs/archive.md).
#[derive(Debug, Args)]
pub struct Backup {
    /// The city.
    #[arg(
        value_name = "CITY.gpkg",
        required_unless_present = "check",
        conflicts_with = "check"
    )]
    city: Option<PathBuf>,
    /// The folder to make.
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    out: Option<PathBuf>,
    /// Check a backup instead: checksums, and every page of its files.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    check: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

impl Backup {
    /// Runs the command.
    ///
    /// # Errors
    /// When city or archive cannot be read, the folder is there already or cannot be written, or a
    /// backup is not what its manifest says.
    pub fn run(self) -> anyhow::Result<()> {
        if let Some(folder) = &self.check {
            let manifest = Manifest::read(folder)?;
            check(folder, &manifest)?;
            return self.tell(folder, &manifest, "is whole");
        }
        let (Some(city), Some(out)) = (&self.city, &self.out) else {
            bail!("name the city, and the folder to make with --out");
        };
        let manifest = back_up(city, out)?;
        self.tell(out, &manifest, "was made and checked")
    }

    fn tell(&self, folder: &Path, manifest: &Manifest, did: &str) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(manifest)?);
            return Ok(());
        }
        println!(
            "the backup {} {did}, of {}",
            folder.display(),
            manifest.made_at
        );
        let row = |what: &str, part: &Part| {
            println!("  {what:8} {:>14} bytes  {}", part.bytes, part.file)
        };
        row("city", &manifest.city.file);
        match &manifest.archive {
            Some(archive) => {
                row("archive", &archive.file);
                println!(
                    "  batches  up to {}, of {}",
                    archive.last_batch, archive.last_at
                );
            }
            None => println!("  archive  none: nothing ran this city yet"),
        }
        if !manifest.files.is_empty() {
            let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
            let count = counted(manifest.files.len(), "file", "files");
            println!("  files    {bytes:>14} bytes  {count} of incidents");
        }
        manifest.tables.iter().for_each(|table| row("table", table));
        match &manifest.city.key_name {
            Some(name) => println!(
                "  key      not in it: personal values stay sealed; keep the city's key ({name}) apart, \
                 they cannot be opened without it"
            ),
            None => println!("  key      none: the city has no sealed values"),
        }
        Ok(())
    }
}

/// A folder on its way; gone with this value unless it got its name.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // It may have got its name; and there is nothing more to be done if it stays.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn back_up(city: &Path, out: &Path) -> anyhow::Result<Manifest> {
    if out.symlink_metadata().is_ok() {
        bail!(
            "there is something of this name already; name a new folder: {}",
            out.display()
        );
    }
    let Some(name) = out.file_name() else {
        bail!("name a folder to make: {}", out.display());
    };
    let draft = format!(".{}.{}.draft", name.to_string_lossy(), std::process::id());
    let draft = Draft(out.with_file_name(draft));
    let made = fs::create_dir(&draft.0);
    made.with_context(|| format!("the folder cannot be made: {}", out.display()))?;
    let manifest = fill(city, &draft.0)?;
    check(&draft.0, &manifest)?;
    manifest.write(&draft.0)?;
    if out.symlink_metadata().is_ok() {
        bail!(
            "somebody else made it meanwhile; name a new folder: {}",
            out.display()
        );
    }
    fs::rename(&draft.0, out)
        .with_context(|| format!("the folder cannot get its name: {}", out.display()))?;
    manifest::sync_folder(out.parent())?;
    Ok(manifest)
}

/// Copies everything. The archive first: the city may be newer than its batches, not older.
fn fill(city: &Path, folder: &Path) -> anyhow::Result<Manifest> {
    let Some(name) = city.file_name() else {
        bail!("this is no city: {}", city.display());
    };
    let file = CityFile::open(city, None)?;
    let copy = folder.join(name);
    let made_at = clock::now();
    let archive = archive(
        &SqliteArchive::folder_of(city),
        &SqliteArchive::folder_of(&copy),
        folder,
    )?;
    let files = attached(city, &copy, folder)?;
    file.copy_whole(&copy)?;
    let mut tables = Vec::new();
    for what in What::ALL {
        let (from, to) = (what.path(city), what.path(&copy));
        if from.is_file() {
            fs::copy(&from, &to).with_context(|| format!("copying {}", from.display()))?;
            manifest::sync(&to)?;
            tables.push(Part::of(folder, &to)?);
        }
    }
    debug_assert!(!vault::key_path(&copy).exists());
    let copied = CityFile::open(&copy, None)?;
    Ok(Manifest {
        pingjiang_backup: manifest::FORMAT,
        made_at,
        made_by: env!("CARGO_PKG_VERSION").to_owned(),
        city: CityPart {
            ground_version: copied.ground_version()?,
            key_name: copied.key_name()?,
            file: Part::of(folder, &copy)?,
        },
        archive,
        files,
        tables,
        key_included: false,
    })
}

fn archive(from: &Path, to: &Path, folder: &Path) -> anyhow::Result<Option<ArchivePart>> {
    if !SqliteArchive::exists(from) {
        return Ok(None);
    }
    let archive = SqliteArchive::open_read_only(from)?;
    fs::create_dir(to).with_context(|| format!("making {}", to.display()))?;
    let log = archive.copy_whole(to)?;
    let copied = SqliteArchive::open_read_only(to)?;
    Ok(Some(ArchivePart {
        last_batch: copied.last_batch()?,
        last_at: copied.last_at()?.unwrap_or_default(),
        file: Part::of(folder, &log)?,
    }))
}

/// Copies the files of incidents. They are stored before the log names them and never written over,
/// so all that the copied log names are there.
fn attached(city: &Path, copy: &Path, folder: &Path) -> anyhow::Result<Vec<Part>> {
    let (from, to) = (SqliteArchive::files_of(city), SqliteArchive::files_of(copy));
    if !from.is_dir() || !SqliteArchive::folder_of(copy).is_dir() {
        return Ok(Vec::new());
    }
    fs::create_dir(&to).with_context(|| format!("making {}", to.display()))?;
    let mut copied = Vec::new();
    let listed = fs::read_dir(&from).with_context(|| format!("reading {}", from.display()))?;
    for entry in listed {
        let entry = entry.with_context(|| format!("reading {}", from.display()))?;
        // What is being stored just now has another ending.
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == SqliteArchive::FILE_ENDING)
        {
            let to = to.join(entry.file_name());
            fs::copy(entry.path(), &to)
                .with_context(|| format!("copying {}", entry.path().display()))?;
            manifest::sync(&to)?;
            copied.push(Part::of(folder, &to)?);
        }
    }
    copied.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(copied)
}

/// Whether a backup is what its manifest says, to the last byte, and sound.
fn check(folder: &Path, manifest: &Manifest) -> anyhow::Result<()> {
    for part in manifest.parts() {
        part.check(folder)?;
    }
    let city = folder.join(&manifest.city.file.file);
    let file = CityFile::open(&city, None)?;
    file.check_pages()?;
    if file.ground_version()? != manifest.city.ground_version {
        bail!(
            "the city is of another version than its manifest says: {}",
            city.display()
        );
    }
    let Some(part) = &manifest.archive else {
        return Ok(());
    };
    let place = folder.join(&part.file.file);
    let place = place.parent().unwrap_or(folder);
    let archive = SqliteArchive::open_read_only(place)?;
    archive.check_whole()?;
    let told = (
        archive.last_batch()?,
        archive.last_at()?.unwrap_or_default(),
    );
    if told != (part.last_batch, part.last_at) {
        let (number, at): (u64, Timestamp) = told;
        bail!(
            "the archive ends with batch {number} of {at}, not as its manifest says: {}",
            place.display()
        );
    }
    Ok(())
}

/// The folder of the archive in a backup, for who recovers from it; its manifest must be in order.
///
/// # Errors
/// When this is no backup, or one without an archive.
#[cfg(feature = "net")]
pub(super) fn archive_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let manifest = Manifest::read(folder)?;
    let Some(part) = &manifest.archive else {
        bail!("this backup has no archive in it: {}", folder.display());
    };
    part.file.check(folder)?;
    let place = folder.join(&part.file.file);
    Ok(place.parent().unwrap_or(folder).to_owned())
}
