//! Opening an archive that may be damaged: what is damaged is put aside and kept, what can be read
//! goes into a new log, and what is lost is told. Never starts over in silence.
//!
//! The new log is complete under a name of its own before the damaged one is moved, so a program
//! that is stopped in between goes on where it was, or begins again.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::base::{Timestamp, why_unwritten};
use crate::model::LogDamage;
use crate::model::ports::{Archive, ArchiveError};
use crate::store::files::beside;

use super::lock::Lock;
use super::salvage::{self, Source};
use super::sqlite::{SqliteArchive, log_path, named};
use super::{table, wal};

/// A log that is larger is not read whole before the engine works.
const CHECKED_BYTES: u64 = 256 << 20;
const SIDES: [&str; 2] = ["-wal", "-shm"];
const DOING: &str = "mending the archive";

impl SqliteArchive {
    /// Opens the archive for appending as [`SqliteArchive::open`] does, looks whether it is sound, and
    /// mends it where it is not: damaged files go into `damaged-STAMP` beside it, what can be read of
    /// them is kept, what lacks is taken from the archive in the folder `backup`, if there is one.
    /// Tells what was found, when anything was.
    ///
    /// # Errors
    /// As `open` but for damage; when the backup is of another archive, or cannot be read.
    pub fn open_mending(
        folder: &Path,
        now: Timestamp,
        backup: Option<&Path>,
    ) -> Result<(Self, Option<LogDamage>), ArchiveError> {
        let lock = Self::take_lock(folder)?;
        let second = now.local(0, "%Y%m%dT%H%M%SZ");
        let named = |number: usize| match number {
            1 => format!("damaged-{second}"),
            _ => format!("damaged-{second}-{number}"),
        };
        let free = |name: &String| !folder.join(name).exists();
        let mender = Mender {
            folder,
            kept_in: (1..).map(named).find(free).unwrap_or_default(),
        };
        mender.go_on().map_err(|fault| mender.failed(&fault))?;
        let lost = wal::lost_commits(&beside(&log_path(folder), "-wal"));
        let lost = lost.map_err(|fault| mender.failed(&fault))?;
        let mut found = None;
        if lost > 0 {
            mender.copy_wal().map_err(|fault| mender.failed(&fault))?;
            found = Some(LogDamage {
                reason: format!("{lost} commits of the write-ahead log cannot be read"),
                ..mender.damage(now)
            });
        }
        let is_gone = backup.is_some() && !log_path(folder).exists();
        let (reason, lock) = match mender.sound(lock, is_gone) {
            Ok(archive) => {
                if let Some(damage) = &mut found {
                    damage.salvaged = archive.last_batch()?;
                    damage.known_up_to = archive.last_at()?;
                }
                return Ok((archive, found));
            }
            Err((ArchiveError::Damaged { reason, .. }, lock)) => (reason, lock),
            Err((other, _)) => return Err(other),
        };
        let reason = match found {
            Some(found) => format!("{}; {reason}", found.reason),
            None => reason,
        };
        let damage = LogDamage {
            reason,
            ..mender.damage(now)
        };
        let damage = mender.mend(damage, backup)?;
        let archive = Self::open_locked(folder, lock).map_err(|(fault, _)| fault)?;
        Ok((archive, Some(damage)))
    }

    /// Whether the log in a folder is so long that opening it did not look at all of it.
    #[must_use]
    pub fn is_unchecked(folder: &Path) -> bool {
        let about = fs::metadata(log_path(folder));
        about.is_ok_and(|about| about.len() > CHECKED_BYTES)
    }

    /// Looks at all of a log that is not too long for that, and at what an engine begins with.
    fn check_start(&mut self) -> Result<(), ArchiveError> {
        if !Self::is_unchecked(&self.folder) {
            self.check_whole()?;
        }
        self.recover(None).map(drop)
    }
}

struct Mender<'a> {
    folder: &'a Path,
    kept_in: String,
}

impl Mender<'_> {
    fn damage(&self, found_at: Timestamp) -> LogDamage {
        LogDamage {
            found_at,
            kept_in: self.kept_in.clone(),
            ..LogDamage::default()
        }
    }

    fn failed(&self, fault: &io::Error) -> ArchiveError {
        ArchiveError::Failed {
            doing: DOING,
            reason: why_unwritten(fault),
            place: self.folder.display().to_string(),
        }
    }

    /// The archive when it is sound; otherwise why not, with the lock. One that `is_gone` is not made.
    fn sound(&self, lock: Lock, is_gone: bool) -> Result<SqliteArchive, (ArchiveError, Lock)> {
        if is_gone {
            let gone = ArchiveError::Damaged {
                reason: "there is no log".to_owned(),
                place: self.folder.display().to_string(),
            };
            return Err((gone, lock));
        }
        let mut archive = SqliteArchive::open_locked(self.folder, lock)?;
        match archive.check_start() {
            Ok(()) => Ok(archive),
            Err(fault) => Err((fault, archive.into_lock())),
        }
    }

    /// Where the new log grows.
    fn draft(&self) -> PathBuf {
        self.folder.join("mending.sqlite")
    }

    /// Where the damaged files go.
    fn aside(&self) -> io::Result<PathBuf> {
        let aside = self.folder.join(&self.kept_in);
        fs::create_dir_all(&aside)?;
        Ok(aside)
    }

    /// Finishes what a stopped program had begun: with the damaged log moved away the new one is
    /// complete; before that it may not be.
    fn go_on(&self) -> io::Result<()> {
        let (log, draft) = (log_path(self.folder), self.draft());
        if !draft.exists() {
            return Ok(());
        }
        if log.exists() {
            for side in ["", "-journal"].iter().chain(&SIDES) {
                remove(&beside(&draft, side))?;
            }
            return Ok(());
        }
        self.move_sides()?;
        fs::rename(&draft, &log)?;
        sync(self.folder)
    }

    fn move_sides(&self) -> io::Result<()> {
        let log = log_path(self.folder);
        for side in SIDES {
            let from = beside(&log, side);
            if from.exists() {
                // What was copied before SQLite took it in is the one to keep.
                let to = beside(&log_path(&self.aside()?), side);
                match to.exists() {
                    true => fs::rename(&from, beside(&to, "-after"))?,
                    false => fs::rename(&from, to)?,
                }
            }
        }
        Ok(())
    }

    /// The damaged write-ahead log is kept before SQLite takes it in.
    fn copy_wal(&self) -> io::Result<()> {
        let wal = beside(&log_path(self.folder), "-wal");
        let to = beside(&log_path(&self.aside()?), "-wal");
        fs::copy(wal, &to)?;
        File::open(&to)?.sync_all()
    }

    fn mend(&self, damage: LogDamage, backup: Option<&Path>) -> Result<LogDamage, ArchiveError> {
        let failed = |fault: io::Error| self.failed(&fault);
        let log = log_path(self.folder);
        let damaged = Source::open(&log);
        let backup = backup.map(|folder| self.backup(folder, damaged.as_ref()));
        let backup = backup.transpose()?;
        let draft = self.draft();
        for side in ["", "-journal"] {
            remove(&beside(&draft, side)).map_err(failed)?;
        }
        let damage = fill(&draft, [damaged.as_ref(), backup.as_ref()], damage)
            .map_err(|fault| named(self.folder, DOING, &fault))?;
        drop((damaged, backup));
        let put = || -> io::Result<()> {
            File::open(&draft)?.sync_all()?;
            if log.exists() {
                fs::rename(&log, log_path(&self.aside()?))?;
                sync(self.folder)?;
            }
            self.move_sides()?;
            fs::rename(&draft, &log)?;
            sync(self.folder)
        };
        put().map_err(failed)?;
        Ok(damage)
    }

    fn backup(&self, folder: &Path, damaged: Option<&Source>) -> Result<Source, ArchiveError> {
        let refused = |reason: &str| ArchiveError::Failed {
            doing: DOING,
            reason: reason.to_owned(),
            place: folder.display().to_string(),
        };
        let source = Source::open(&log_path(folder));
        let source = source
            .ok_or_else(|| refused("the backup has no archive of this format; name another one"))?;
        if damaged.is_some_and(|damaged| !salvage::are_of_one_log(damaged, &source)) {
            return Err(refused(
                "the backup is of another archive; name one of this city",
            ));
        }
        Ok(source)
    }
}

/// Makes the new log of what can be read.
fn fill(
    draft: &Path,
    [damaged, backup]: [Option<&Source>; 2],
    damage: LogDamage,
) -> rusqlite::Result<LogDamage> {
    let mut connection = Connection::open(draft)?;
    // Nobody needs half of it: it is brought to the disk once, at its end.
    connection.pragma_update(None, "journal_mode", "DELETE")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    let transaction = connection.transaction()?;
    table::make(&transaction)?;
    let taken = salvage::salvage(&transaction, damaged, backup)?;
    let lost = salvage::close_gaps(&transaction)?;
    let known_up_to = table::last_at(&transaction)?;
    transaction.commit()?;
    Ok(LogDamage {
        salvaged: taken.salvaged,
        restored: taken.restored,
        histories: taken.histories.len() as u64,
        lost,
        known_up_to,
        ..damage
    })
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
