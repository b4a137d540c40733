//! One writer for each archive. The lock is the system's and goes with its process, however that
//! ends; the file only says who holds it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::Path,
};

use crate::model::ports::ArchiveError;

/// The writer's lock; it is released when this is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the archive in `folder`, or names its holder.
    pub fn take(folder: &Path) -> Result<Self, ArchiveError> {
        let path = folder.join("lock");
        let failed = |reason: io::Error| ArchiveError::Failed {
            doing: "locking the archive",
            reason: reason.to_string(),
            place: folder.display().to_string(),
        };
        let mut options = OpenOptions::new();
        // Not truncated: until the lock is ours, what stands there is another's.
        options.create(true).truncate(false).write(true);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ArchiveError::Held {
                    holder: holder(&path),
                    place: folder.display().to_string(),
                });
            }
            Err(TryLockError::Error(reason)) => return Err(failed(reason)),
        }
        let command: Vec<_> = std::env::args().collect();
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
        Ok(Self { _file: file })
    }
}

/// Who holds the archive in `folder` at present, as it names itself; `None` when nobody does.
pub(super) fn holder_of(folder: &Path) -> Option<String> {
    let path = folder.join("lock");
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(holder(&path)),
        _ => None,
    }
}

fn holder(path: &Path) -> String {
    match fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "another program".to_owned(),
    }
}
