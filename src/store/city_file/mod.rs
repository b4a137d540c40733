//! The city file: one GeoPackage that holds the ground of a city, readable in QGIS and GDAL.
//! `docs/city-file.md` tells what stands in which table.
//! Used by `app`: generate, import, inspect, and every program that opens a city. Never holds what
//! runs (readings, alarms): that is the archive's. Never decides whether a change is wise.
//! Start reading at [`CityFile::create_with`], [`CityFile::write`] and [`CityFile::load_ground`].

mod cell;
mod change;
mod check;
mod copy;
mod device_before;
mod device_home;
mod device_older;
mod error;
mod extent;
mod faces;
mod geometry;
mod history;
mod home;
mod load;
mod meta;
mod open;
mod record;
mod remains;
mod rotate;
mod schema;
mod srs;
mod statements;
mod tables;
mod tally;
#[cfg(test)]
mod tests;
mod tiles;
mod undo;
mod upgrade;
mod version;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::base::KeyedHash;
use crate::model::{CityInfo, Entity, Ground, ImportRecord, KindId};

pub use cell::CellFault;
pub use copy::Copied;
pub use error::CityFileError;
pub use history::HistoryEntry;
pub use rotate::Rotated;
pub use tally::WriteSummary;
pub use tiles::KeptTile;
pub use undo::{Undo, UndoCounts};
pub use write::Parts;

use super::Vault;
use super::whole_copy::{self, CopyFault};
use error::sql;
use load::Loader;

/// An open city file. It is one file whenever no write is under way: no `-wal` beside it.
#[derive(Debug)]
pub struct CityFile {
    connection: Connection,
    path: PathBuf,
    codec: cell::Codec,
    info: CityInfo,
    /// The check of the key that the city belonged to when it was opened, or last written by this.
    key_check: Option<String>,
    read_only: bool,
    /// Why fingerprints cannot be made though the key is at hand.
    no_prints: Option<String>,
}

impl CityFile {
    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// About the city as a whole.
    #[must_use]
    pub fn info(&self) -> &CityInfo {
        &self.info
    }

    /// Makes fingerprints of personal values under this city's key; `None` while locked, and where
    /// the key of fingerprints was changed at rest.
    #[must_use]
    pub fn fingerprints(&self) -> Option<&dyn KeyedHash> {
        if self.no_prints.is_some() {
            return None;
        }
        self.codec.vault().map(|vault| vault as &dyn KeyedHash)
    }

    /// The vault of this city, with the key of fingerprints that it began with; `None` while locked.
    /// For who must make fingerprints while the file is written.
    #[must_use]
    pub fn vault(&self) -> Option<Vault> {
        self.codec.vault().cloned()
    }

    /// Whether personal values stay locked because no key was given.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.codec.vault().is_none()
    }

    /// Whether the city belongs to one key; false of one that never had any.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key_check.is_some()
    }

    /// The version of the ground: how many runs have written the city.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn ground_version(&self) -> Result<u64, CityFileError> {
        meta::ground_version(&self.connection)
            .map_err(sql(&self.path, "reading the city's version"))
    }

    /// Copies the whole file as it is now, sealed values and all, to a new place.
    ///
    /// # Errors
    /// When something has that name, or a file cannot be read or written.
    pub fn copy_whole(&self, to: &Path) -> Result<(), CityFileError> {
        const DOING: &str = "copying the city";
        whole_copy::copy(&self.connection, to).map_err(|fault| match fault {
            CopyFault::Sql(fault) => sql(&self.path, DOING)(fault),
            CopyFault::System(fault) => open::system(to, DOING, &fault),
        })
    }

    /// Looks at every page of the file.
    ///
    /// # Errors
    /// [`CityFileError::Damaged`] with what is wrong.
    pub fn check_pages(&self) -> Result<(), CityFileError> {
        whole_copy::is_sound(&self.connection).map_err(|reason| CityFileError::Damaged {
            reason,
            path: self.path.clone(),
        })
    }

    /// Names the key that personal values are sealed with, and so the city: no two cities and no
    /// two keys of one share a name. `None` where nothing was sealed yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn key_name(&self) -> Result<Option<String>, CityFileError> {
        meta::key_name(&self.connection).map_err(sql(&self.path, "reading the city's key check"))
    }

    /// Reads the whole ground at one version.
    ///
    /// # Errors
    /// When the file cannot be read, or a record is not what its table should hold.
    pub fn load_ground(&self) -> Result<Ground, CityFileError> {
        self.read(false, |loader| loader.ground(&self.info))
    }

    /// Hands over what the tiles are baked from, one record at a time, in no particular order:
    /// plants, and buildings without their sources, addresses and attributes. Holds none but
    /// buildings that have faces.
    ///
    /// # Errors
    /// As [`CityFile::load_ground`].
    pub fn for_each_seen(&self, each: impl FnMut(Entity)) -> Result<(), CityFileError> {
        self.read(true, |loader| loader.seen(each))
    }

    /// The kinds of device in the city, with the number of devices of each.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn device_kinds(&self) -> Result<BTreeMap<KindId, usize>, CityFileError> {
        meta::device_kinds(&self.connection).map_err(sql(&self.path, "counting devices"))
    }

    /// Reads in one transaction.
    fn read<T>(
        &self,
        seen_only: bool,
        load: impl FnOnce(&Loader) -> Result<T, CityFileError>,
    ) -> Result<T, CityFileError> {
        let reading = self
            .connection
            .unchecked_transaction()
            .map_err(sql(&self.path, "reading the city"))?;
        load(&Loader {
            connection: &reading,
            codec: &self.codec,
            path: &self.path,
            seen_only,
            without: &[],
        })
    }

    /// Where the city came from: every file and seed that a run wrote into it, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn imports(&self) -> Result<Vec<ImportRecord>, CityFileError> {
        let history = self.history()?;
        Ok(history.into_iter().map(|one| one.record).collect())
    }

    /// As [`CityFile::imports`], with the version that each made and whether it still stands.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self) -> Result<Vec<HistoryEntry>, CityFileError> {
        history::read(&self.connection).map_err(sql(&self.path, "reading the city's imports"))
    }

    /// Which runs of the [`CityFile::history`] tell of people, in its order; what a generator made up
    /// is of nobody.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs_of_people(&self) -> Result<Vec<bool>, CityFileError> {
        copy::runs_of_people(&self.connection)
            .map_err(sql(&self.path, "reading the city's imports"))
    }
}
