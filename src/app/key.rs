//! The key of a city that is opened: named, beside the city, or none. Used by every command that
//! opens a city. Never shows a key, and never asks for one where looking needs none.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::store::vault::key_path;
use crate::store::{FoundKey, Vault};

/// What a person is told of a city's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeyState {
    /// It opens the city's personal values.
    Found,
    /// There is none beside the city, and none was named.
    Missing,
    /// There is one beside the city that this user may not read.
    Unreadable,
}

impl KeyState {
    /// The state of what was found.
    pub(super) fn of(found: &FoundKey) -> Self {
        match found {
            FoundKey::Here(_) => Self::Found,
            FoundKey::Missing => Self::Missing,
            FoundKey::Unreadable(_) => Self::Unreadable,
        }
    }
}

/// The city's key. Where one lies beside the city that this user may not read, that is told on
/// standard error, and the city opens with personal values locked; so is that others may read the
/// key that was found.
///
/// # Errors
/// When a key was named and cannot be used, or what lies beside the city is no key.
pub(super) fn find(city: &Path, key_file: Option<&Path>) -> anyhow::Result<FoundKey> {
    let found = Vault::find(city, key_file)?;
    match &found {
        FoundKey::Unreadable(fault) => eprintln!("note: personal values stay locked: {fault}"),
        FoundKey::Here(_) => {
            let path = key_file.map_or_else(|| key_path(city), Path::to_owned);
            if is_open_to_others(&path) {
                eprintln!(
                    "note: others on this machine may read the city's key, and with it everything \
                     personal; let its owner alone read it with chmod 600: {}",
                    path.display()
                );
            }
        }
        FoundKey::Missing => {}
    }
    Ok(found)
}

/// Whether somebody else than its owner may do anything with a file.
#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// Other systems keep no such mode.
#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

/// The keys that a city had before, `CITY.key.until-…` beside it or beside its key, the newest first.
/// One that cannot be read any more opens nothing.
pub(super) fn earlier(city: &Path) -> Vec<Vault> {
    let Some(stem) = city.file_stem().and_then(|stem| stem.to_str()) else {
        return Vec::new();
    };
    let head = format!("{stem}.key.until-");
    let folder = city.parent().filter(|one| !one.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
    let entries = entries.into_iter().flatten().flatten();
    let is_one = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(&head))
    };
    let mut keys: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_one).collect();
    keys.sort();
    let newest_first = keys.iter().rev();
    newest_first
        .filter_map(|path| Vault::open(path).ok())
        .collect()
}
