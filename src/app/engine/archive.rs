//! Where an archive is, as the command line names it.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::bail;

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
    /// Opens the archive for appending.
    pub(super) fn open(&self, city: &Path) -> anyhow::Result<Box<dyn Archive>> {
        Ok(match self {
            Self::Memory => Box::new(MemoryArchive::new()),
            Self::BesideCity => Box::new(SqliteArchive::open(&SqliteArchive::folder_of(city))?),
            Self::Folder(folder) => Box::new(SqliteArchive::open(folder)?),
            Self::Url(url) => bail!(
                "this build knows archives in a folder and in memory, \
                 not yet on a database server: {url}"
            ),
        })
    }
}
