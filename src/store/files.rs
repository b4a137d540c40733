//! Putting finished files in their place: whole or not at all, and never over another file.
//! Used by the city file, the vault and `app`'s exports. Never reads or judges what is in a file.
//!
//! A file is made under a name of its own in the same folder, `.NAME.PROCESS.draft`, and locked
//! while it is made. A process that was stopped leaves its draft; the next one that makes the same
//! file clears it away.

use std::{
    ffi::OsStr,
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
    let mut draft = Draft::begin(path, |options| options)?;
    let filled = fill(&mut draft.file)?;
    let bytes = draft.file.metadata()?.len();
    draft.put(path, replace)?;
    Ok((filled, bytes))
}

/// Writes a file that only its owner can read, complete or not at all and never over another. When
/// everything is written and only the name is missing, `agreed` is asked.
///
/// # Errors
/// The system's; `AlreadyExists` when the name is taken, be it by a link that leads nowhere; what
/// `agreed` says.
pub fn write_private<E: From<io::Error>>(
    path: &Path,
    bytes: &[u8],
    agreed: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    if path.symlink_metadata().is_ok() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    let mut draft = Draft::begin_private(path)?;
    io::Write::write_all(&mut draft.file, bytes)?;
    draft.file.sync_all()?;
    agreed()?;
    Ok(draft.put(path, false)?)
}

/// Writes a file that only its owner can read, complete or not at all, over the one before. When
/// everything is written and only the name is missing, `agreed` is asked.
///
/// # Errors
/// The system's; what `agreed` says.
pub fn replace_private<E: From<io::Error>>(
    path: &Path,
    bytes: &[u8],
    agreed: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    let mut draft = Draft::begin_private(path)?;
    io::Write::write_all(&mut draft.file, bytes)?;
    draft.file.sync_all()?;
    agreed()?;
    Ok(draft.put(path, true)?)
}

/// A file that is not finished yet, under a name of its own; gone with this value unless it was
/// put in its place.
pub(super) struct Draft {
    path: PathBuf,
    /// Locked for as long as the draft is being made, and open until everybody else has closed it:
    /// closing it would take SQLite's own locks away.
    pub(super) file: File,
}

impl Draft {
    /// Begins a draft of the file that `path` will be, after clearing away those that nobody works
    /// on any more.
    pub fn begin(
        path: &Path,
        with: impl FnOnce(&mut fs::OpenOptions) -> &mut fs::OpenOptions,
    ) -> io::Result<Self> {
        clear_left(path);
        let draft = draft_path(path);
        discard(&draft);
        let mut options = fs::OpenOptions::new();
        let file = with(options.read(true).write(true).create_new(true)).open(&draft)?;
        // Where the file system knows no locks the name alone must do.
        let _ = file.try_lock();
        Ok(Self { path: draft, file })
    }

    /// As [`Draft::begin`], readable for the owner only.
    pub fn begin_private(path: &Path) -> io::Result<Self> {
        Self::begin(path, |options| {
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
            options
        })
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the finished draft its name, over another file or not; `AlreadyExists` when it may
    /// not and something has that name.
    pub fn put(&self, path: &Path, replace: bool) -> io::Result<()> {
        self.file.sync_all()?;
        if replace {
            fs::rename(&self.path, path)
        } else {
            place(&self.path, path)
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        discard(&self.path);
    }
}

/// A name in the same folder for a file that is not finished yet.
fn draft_path(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.draft", std::process::id()))
}

/// The process that makes this draft of the file `of`; `None` when it is no draft, or of another
/// file.
fn maker(name: &OsStr, of: &str) -> Option<u32> {
    let rest = name.to_str()?.strip_prefix('.')?.strip_prefix(of)?;
    let process = rest.strip_prefix('.')?.strip_suffix(".draft")?;
    process.parse().ok()
}

/// Clears away what stopped processes left of this file.
fn clear_left(path: &Path) {
    let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return;
    };
    // A folder that cannot be read is told by whoever writes there.
    let entries = fs::read_dir(folder.unwrap_or(Path::new(".")));
    for entry in entries.into_iter().flatten().flatten() {
        let is_left = maker(&entry.file_name(), name).is_some_and(|process| !is_running(process));
        if is_left && !is_locked(&entry.path()) {
            discard(&entry.path());
        }
    }
}

/// Whether a process runs, as far as can be seen; only Linux tells.
fn is_running(process: u32) -> bool {
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(process.to_string()).exists()
}

/// Whether somebody works on a draft. Its maker may be out of sight, in another container or on
/// another machine.
fn is_locked(draft: &Path) -> bool {
    let Ok(file) = File::open(draft) else {
        return true;
    };
    let is_free = file.try_lock().is_ok();
    // Closing alone would leave the lock to a child process that was just being started.
    let _ = file.unlock();
    !is_free
}

/// Gives a finished draft its name; fails with `AlreadyExists` when something has that name.
fn place(draft: &Path, path: &Path) -> io::Result<()> {
    // A hard link, other than a rename, never replaces what is there.
    match fs::hard_link(draft, path) {
        Err(fault) if fault.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            // File systems without links, such as exFAT.
            fs::rename(draft, path)
        }
        other => other,
    }
}

/// Removes a draft and what SQLite may have left beside it.
fn discard(draft: &Path) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A process that has ended.
    #[cfg(target_os = "linux")]
    fn gone() -> u32 {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_stopped_processes_left_is_cleared_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("城 a.gpkg");
        let (gone, here) = (gone(), std::process::id());
        let lay = |name: String| {
            fs::write(folder.path().join(&name), "half").unwrap();
            name
        };
        lay(format!(".城 a.gpkg.{gone}.draft"));
        lay(format!(".城 a.gpkg.{gone}.draft-journal"));
        let held = lay(format!(".城 a.gpkg.{}.draft", u32::MAX));
        let holder = File::open(folder.path().join(&held)).unwrap();
        holder.lock().unwrap();
        let mut kept = vec![
            lay(format!(
                ".城 a.gpkg.{}.draft",
                std::os::unix::process::parent_id()
            )),
            lay(format!(".a.gpkg.{gone}.draft")),
            lay(format!(".城 a.gpkg.b.{gone}.draft")),
            lay(format!(".城 a.gpkg.{gone}.draft.gpkg")),
            lay("城 a.key".to_owned()),
            held,
        ];
        let draft = Draft::begin(&path, |options| options).unwrap();
        assert!(draft.path().ends_with(format!(".城 a.gpkg.{here}.draft")));
        drop(draft);
        let names = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<String> = names
            .map(|one| one.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        kept.sort();
        assert_eq!(names, kept);
    }

    #[test]
    fn a_file_appears_whole_and_over_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let write = |text: &str, replace| {
            write_whole(&path, replace, |file| {
                io::Write::write_all(file, text.as_bytes())
            })
        };
        assert_eq!(write("one", false).unwrap().1, 3);
        assert!(write("two", false).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        write("three", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        let failed = write_whole(&path, true, |_| Err::<(), _>(io::Error::other("no")));
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read(&path).unwrap(), b"three");
    }

    #[test]
    fn what_cannot_be_written_is_not_agreed_to_and_what_is_not_agreed_to_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let agreed = std::cell::Cell::new(0);
        let ask = |answer: io::Result<()>| {
            agreed.set(agreed.get() + 1);
            answer
        };
        let nowhere = folder.path().join("none/list.csv");
        assert!(write_private(&nowhere, b"x", || ask(Ok(()))).is_err());
        assert_eq!(agreed.get(), 0);
        let place = folder.path().join("list.csv");
        let refused = || ask(Err(io::Error::other("no")));
        assert!(write_private(&place, b"x", refused).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        write_private(&place, b"x", || ask(Ok(()))).unwrap();
        assert_eq!(
            (fs::read(&place).unwrap().as_slice(), agreed.get()),
            (&b"x"[..], 2)
        );
        assert!(write_private(&place, b"y", || ask(Ok(()))).is_err());
        assert_eq!(agreed.get(), 2);
    }
}
