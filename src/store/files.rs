//! Putting finished files in their place: whole or not at all, and never over another file.
//! Used by the city file and the vault. Never reads or judges what is in a file.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

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
