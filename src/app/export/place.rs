//! Where an export may be written: what lies there already is kept unless it is an ordinary file
//! that may be lost. Used before the work. Never writes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::store::{SqliteArchive, Vault, vault};

/// Refuses a place for the file `to` made of `city`; `force` allows to replace an ordinary file.
///
/// # Errors
/// With what is wrong with the place and what to name instead.
pub(super) fn check(to: &Path, city: &Path, force: bool) -> anyhow::Result<()> {
    if to == Path::new("-") {
        bail!("an export goes into a file, not to standard output; name one, or ./- for this name");
    }
    let folder = to.parent().filter(|one| !one.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        bail!(
            "there is no folder for the file; make it first: {}",
            to.display()
        );
    }
    check_neighbours(to, city)?;
    let Ok(about) = fs::symlink_metadata(to) else {
        return Ok(());
    };
    check_sort(to, &about)?;
    if !force {
        bail!(
            "there is a file of this name already (--force replaces it): {}",
            to.display()
        );
    }
    if Vault::open(to).is_ok() {
        bail!(
            "this is a city's key, which cannot be made again; name another file: {}",
            to.display()
        );
    }
    Ok(())
}

/// Only an ordinary file may be replaced: behind a link lies somebody else's, and a device or a
/// pipe is none.
fn check_sort(to: &Path, about: &fs::Metadata) -> anyhow::Result<()> {
    let kind = about.file_type();
    if kind.is_symlink() {
        let target = fs::read_link(to).unwrap_or_default();
        bail!(
            "it is a link to {}; name that file itself, or another: {}",
            target.display(),
            to.display()
        );
    }
    if kind.is_dir() {
        bail!("it is a folder; name a file in it: {}", to.display());
    }
    if !kind.is_file() {
        bail!(
            "it is a device, a pipe or a socket and no file; name another: {}",
            to.display()
        );
    }
    Ok(())
}

/// The city, its key, its archive and what SQLite keeps beside them are never written over, and no
/// export takes a name that they would be looked for under.
fn check_neighbours(to: &Path, city: &Path) -> anyhow::Result<()> {
    let place = whole(to);
    // By its own name and, behind a link, by its true one.
    for city in [Some(whole(city)), city.canonicalize().ok()]
        .into_iter()
        .flatten()
    {
        if place == city || to.canonicalize().is_ok_and(|to| to == city) {
            bail!(
                "the city would be written over itself; name another file: {}",
                to.display()
            );
        }
        if place == vault::key_path(&city) {
            bail!(
                "this is the place of the city's key; name another file: {}",
                to.display()
            );
        }
        if place.starts_with(SqliteArchive::folder_of(&city)) {
            bail!(
                "this is the place of the city's archive; name another file: {}",
                to.display()
            );
        }
        let is_side = |suffix| {
            let mut side = city.clone().into_os_string();
            side.push(suffix);
            place.as_os_str() == side
        };
        if ["-journal", "-wal", "-shm"].into_iter().any(is_side) {
            bail!(
                "this name belongs to the city's own side files; name another file: {}",
                to.display()
            );
        }
    }
    Ok(())
}

/// A path in its true folder; its last part is left as it is, for there may be no such file.
fn whole(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}
