//! One writer for each archive. The lock is the system's and goes with its process, however that
//! ends; the file only says who holds it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::Path,
    thread,
    time::Duration,
};

use crate::base::why_unwritten;
use crate::model::ports::ArchiveError;

/// The writer's lock; it is released when this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave the lock to a child process that was just being started and
        // still shares the open file. Should this fail, the lock goes with the process.
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock of the archive in `folder`, or names its holder.
    pub fn take(folder: &Path) -> Result<Self, ArchiveError> {
        let path = folder.join("lock");
        let failed = |reason: io::Error| ArchiveError::Failed {
            doing: "locking the archive",
            reason: why_unwritten(&reason),
            place: folder.display().to_string(),
        };
        let mut options = OpenOptions::new();
        // Not truncated: until the lock is ours, what stands there is another's.
        options.create(true).truncate(false).write(true);
        let mut file = options.open(&path).map_err(failed)?;
        match try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ArchiveError::Held {
                    holder: holder(&path),
                    place: folder.display().to_string(),
                });
            }
            Err(TryLockError::Error(reason)) => return Err(failed(reason)),
        }
        // The program and its subcommand: what follows may be a token or a note.
        let command: Vec<_> = std::env::args().take(2).collect();
        file.set_len(0)
            .and_then(|()| {
                writeln!(
                    file,
                    "process {}: {}",
                    std::process::id(),
                    command.join(" ")
                )
            })
            .map_err(failed)?;
        Ok(Self { file })
    }
}

/// Tries for a while: somebody may only be asking who holds it, or be putting on record what they
/// look at.
fn try_lock(file: &File) -> Result<(), TryLockError> {
    for _ in 0..40 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(25)),
            other => return other,
        }
    }
    file.try_lock()
}

/// Who holds the archive in `folder` at present, as it names itself; `None` when nobody does.
pub(super) fn holder_of(folder: &Path) -> Option<String> {
    let path = folder.join("lock");
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(holder(&path)),
        Err(TryLockError::Error(_)) => None,
        Ok(()) => {
            // As in `drop` above.
            let _ = file.unlock();
            None
        }
    }
}

fn holder(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "another program".to_owned(),
    }
}
