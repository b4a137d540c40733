//! Putting finished files in their place: whole or not at all, and never over another file.
//! Used by the city file, the vault and `app`'s exports. Never reads or judges what is in a file.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Writes a file that appears complete or not at all; over another only when `replace` says so.
/// Gives back what `fill` does, with the number of bytes written.
///
/// # Errors
/// What `fill` reports, or the system; `AlreadyExists` when the name is taken.
pub fn write_whole<T, E: From<io::Error>>(
    path: &Path,
    replace: bool,
    fill: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<(T, u64), E> {
    if path.exists() && !replace {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    let draft = draft_path(path);
    discard(&draft);
    let written = File::create_new(&draft)
        .map_err(E::from)
        .and_then(|mut file| {
            let filled = fill(&mut file)?;
            file.sync_all()?;
            Ok((filled, file.metadata()?.len()))
        })
        .inspect_err(|_| discard(&draft))?;
    put(&draft, path, replace)?;
    Ok(written)
}

/// Gives a finished draft its name, over another file or not. The draft is gone afterwards.
pub(super) fn put(draft: &Path, path: &Path, replace: bool) -> io::Result<()> {
    if replace {
        fs::rename(draft, path).inspect_err(|_| discard(draft))
    } else {
        place(draft, path)
    }
}

/// A name in the same folder for a file that is not finished yet.
pub(super) fn draft_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.draft", std::process::id()))
}

/// Gives a finished draft its name; fails with `AlreadyExists` when something has that name. The
/// draft is gone afterwards, whatever happened.
pub(super) fn place(draft: &Path, path: &Path) -> io::Result<()> {
    // A hard link, other than a rename, never replaces what is there.
    let placed = match fs::hard_link(draft, path) {
        Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            // File systems without links, such as exFAT.
            return fs::rename(draft, path).inspect_err(|_| discard(draft));
        }
        other => other,
    };
    discard(draft);
    placed
}

/// Removes a draft and what SQLite may have left beside it.
pub(super) fn discard(draft: &Path) {
    for path in [draft.to_owned(), beside(draft, "-journal")] {
        // It may not be there at all; and there is nothing more to be done if it stays.
        let _ = fs::remove_file(path);
    }
}

/// The name of a side file of SQLite: the whole name with a suffix.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
