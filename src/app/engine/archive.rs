//! Where an archive is, as the command line names it.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use anyhow::bail;

use crate::app::{backup, clock};
use crate::model::LogDamage;
use crate::model::ports::Archive;
use crate::store::{MemoryArchive, SqliteArchive};

/// A place for the archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// `CITY.archive` beside the city.
    #[default]
    BesideCity,
    /// Nowhere: everything is forgotten when the engine stops.
    Memory,
    /// A folder.
    Folder(PathBuf),
    /// A database server.
    Url(String),
}

impl FromStr for Place {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "memory" => Self::Memory,
            _ if text.contains("://") => Self::Url(text.to_owned()),
            _ => Self::Folder(text.into()),
        })
    }
}

impl Place {
    /// Opens the archive for appending. A damaged one is put aside, and mended as far as it and the
    /// backup `from` allow; what was found is told.
    pub(super) fn open(
        &self,
        city: &Path,
        from: Option<&Path>,
    ) -> anyhow::Result<(Box<dyn Archive>, Option<LogDamage>)> {
        let folder = match self {
            Self::Memory => return Ok((Box::new(MemoryArchive::new()), None)),
            Self::BesideCity => SqliteArchive::folder_of(city),
            Self::Folder(folder) => folder.clone(),
            Self::Url(url) => bail!(
                "this build knows archives in a folder and in memory, \
                 not yet on a database server: {url}"
            ),
        };
        let backup = from.map(backup::archive_in).transpose()?;
        let (archive, damage) =
            SqliteArchive::open_mending(&folder, clock::now(), backup.as_deref())?;
        match &damage {
            Some(damage) => tracing::error!("{}", told(&folder, damage)),
            None if from.is_some() => {
                tracing::info!("the archive is sound: nothing was taken from the backup");
            }
            None => {}
        }
        Ok((Box::new(archive), damage))
    }
}

/// Looks at all of a log that was too long for that when it was opened, on a thread of its own.
pub(super) struct LateCheck(Receiver<LogDamage>);

impl LateCheck {
    /// `None` where there is nothing left to look at.
    pub(super) fn start(place: &Place, city: &Path) -> Option<Self> {
        let folder = match place {
            Place::BesideCity => SqliteArchive::folder_of(city),
            Place::Folder(folder) => folder.clone(),
            Place::Memory | Place::Url(_) => return None,
        };
        if !SqliteArchive::is_unchecked(&folder) {
            return None;
        }
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let checked = SqliteArchive::open_read_only(&folder)
                .and_then(|archive| Ok((archive.check_whole(), archive.last_at()?)));
            match checked {
                Ok((Ok(()), _)) => tracing::info!("every page of the archive is sound"),
                Ok((Err(error), known_up_to)) => {
                    tracing::error!("{error}; start the engine anew with --recover-from DIR");
                    // Whoever listened may have stopped, which is just as well.
                    let _ = tell.send(LogDamage {
                        found_at: clock::now(),
                        reason: error.to_string(),
                        known_up_to,
                        ..LogDamage::default()
                    });
                }
                Err(error) => tracing::error!("the archive cannot be checked: {error}"),
            }
        });
        Some(Self(told))
    }

    /// What it found since the last call.
    pub(super) fn found(&self) -> Option<LogDamage> {
        self.0.try_recv().ok()
    }
}

/// What was found and what is lost, for whoever reads the log.
fn told(folder: &Path, damage: &LogDamage) -> String {
    let mut text = format!(
        "THE ARCHIVE WAS DAMAGED ({}). The damaged files are kept in {}. {} batches were read from \
         them, {} were taken from a backup.",
        damage.reason,
        folder.join(&damage.kept_in).display(),
        damage.salvaged,
        damage.restored,
    );
    for lost in &damage.lost {
        let from = lost
            .from
            .map_or("the beginning".to_owned(), |at| at.to_string());
        text += &format!(
            " Lost: batches {} to {}, from {from} to {}.",
            lost.first, lost.last, lost.to
        );
    }
    text += &match damage.known_up_to {
        Some(at) => format!(" What was kept after {at} may be lost, too."),
        None => " NOTHING of the log can be read: it begins anew.".to_owned(),
    };
    if damage.histories > 0 {
        text += &format!(
            " Readings of {} devices are not complete.",
            damage.histories
        );
    }
    if damage.restored == 0 {
        text += " A backup may know more: stop, put the damaged files back, and start with --recover-from DIR (docs/archive.md).";
    }
    text
}
