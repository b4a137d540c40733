//! Opening a city for looking at it: ground, key, and the live state at a moment.
//! Used by `shot`, `wall` and `demo`. Never writes.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use crate::base::Timestamp;
use crate::model::ports::Archive;
use crate::model::{KindTable, Live, Twin};
use crate::portrayal::scene::Scene;
use crate::store::{CityFile, SqliteArchive, Vault};
use crate::view::Composer;

/// A city opened read-only.
pub struct OpenCity {
    /// Ground and live state.
    pub twin: Twin,
    /// When the city file was last written; the time of a picture without live data.
    pub written_at: Timestamp,
}

/// Opens the city file; without a key personal values stay locked, which is no fault here:
/// pictures only show masks.
///
/// # Errors
/// When the file is not a city or the key beside it does not fit.
pub fn open_city(city: &Path, key_file: Option<&Path>) -> anyhow::Result<OpenCity> {
    let vault = Vault::find(city, key_file)?;
    let file = CityFile::open(city, vault)?;
    let ground = Arc::new(file.load_ground()?);
    let written_at = file
        .imports()?
        .iter()
        .map(|record| record.time)
        .max()
        .unwrap_or_default();
    Ok(OpenCity {
        twin: Twin::new(ground),
        written_at,
    })
}

impl OpenCity {
    /// Brings the twin to a moment of the archive beside the city (its end for `None`); without
    /// an archive nothing happens.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn go_to(&mut self, city: &Path, at: Option<Timestamp>) -> anyhow::Result<()> {
        let folder = SqliteArchive::folder_of(city);
        if !SqliteArchive::exists(&folder) {
            return Ok(());
        }
        let mut archive = SqliteArchive::open_read_only(&folder)?;
        let number = at.map(|at| archive.batch_at(at)).transpose()?;
        let recovered = archive.recover(number)?;
        let ground = Arc::clone(self.twin.ground());
        let snapshot = recovered.snapshot.unwrap_or_else(Live::default);
        self.twin = Twin::at_snapshot(ground, snapshot);
        for batch in &recovered.batches {
            self.twin
                .apply(batch)
                .context("the archive does not fit the city file")?;
        }
        Ok(())
    }

    /// The moment that the picture shows: as asked, or of the newest data, or of the city file.
    #[must_use]
    pub fn picture_time(&self, asked: Option<Timestamp>) -> Timestamp {
        let newest = Some(self.twin.live().at).filter(|at| at.millis() > 0);
        asked.or(newest).unwrap_or(self.written_at)
    }

    /// Builds the scene of the city.
    ///
    /// # Errors
    /// When the system has no usable typeface.
    pub fn composer(&self) -> anyhow::Result<Composer> {
        let kinds = KindTable::standard();
        let scene = Scene::build(self.twin.ground(), &kinds);
        Ok(Composer::new(scene, &self.twin, kinds)?)
    }
}
