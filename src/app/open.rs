//! Opening a city for looking at it: ground, key, and the live state at a moment.
//! Used by `shot`, `wall` and `demo`. Never writes.

use std::path::Path;
use std::sync::Arc;

use crate::base::Timestamp;
use crate::model::{Comparison, Ground, KindTable, Twin, union};
use crate::portrayal::hud::Compared;
use crate::portrayal::scene::Scene;
use crate::store::CityFile;
#[cfg(feature = "net")]
use crate::store::Vault;
use crate::view::Composer;

use super::inspect::compare::VersionRange;
use super::key;
use super::moment::{live_at, twin_at};
use super::tables;
use super::tiles::Kept;

/// A city opened read-only.
pub struct OpenCity {
    /// Ground and live state.
    pub twin: Twin,
    /// When the city file was last written; the time of a picture without live data.
    pub written_at: Timestamp,
    kinds: KindTable,
    tiles: Kept,
}

/// Opens the city file; without a key personal values stay locked, which is no fault here:
/// pictures only show masks. With a level of detail, models are those of this level or the best
/// below it.
///
/// # Errors
/// When the file is not a city or the key beside it does not fit.
pub fn open_city(
    city: &Path,
    key_file: Option<&Path>,
    lod: Option<&str>,
) -> anyhow::Result<OpenCity> {
    let vault = key::find(city, key_file)?.vault();
    let file = CityFile::open(city, vault)?;
    let kinds = kinds_of(city, &file)?;
    opened(&file, lod, kinds)
}

/// Opens the copy of a city that an engine gave out, which goes by the engine's kinds of device.
/// Personal values stay locked without a key.
///
/// # Errors
/// When the file is not a city, or the key is none of its own.
#[cfg(feature = "net")]
pub fn open_copy(
    copy: &Path,
    key_file: Option<&Path>,
    lod: Option<&str>,
    kinds: KindTable,
) -> anyhow::Result<OpenCity> {
    let vault = key_file.map(Vault::open).transpose()?;
    opened(&CityFile::open(copy, vault)?, lod, kinds)
}

fn opened(file: &CityFile, lod: Option<&str>, kinds: KindTable) -> anyhow::Result<OpenCity> {
    let mut ground = file.load_ground()?;
    if let Some(lod) = lod {
        ground.choose_lod(lod);
    }
    Ok(OpenCity {
        twin: Twin::new(Arc::new(ground)),
        written_at: written_at(file)?,
        kinds,
        tiles: Kept::of(file),
    })
}

/// The kinds of a city; that it has devices of others is told.
fn kinds_of(city: &Path, file: &CityFile) -> anyhow::Result<KindTable> {
    let kinds = tables::kinds(city)?;
    let unknown = tables::unknown_kinds(file, &kinds)?;
    if let Some(note) = tables::unknown_note(city, &unknown) {
        eprintln!("note: {note}");
    }
    Ok(kinds)
}

fn written_at(file: &CityFile) -> anyhow::Result<Timestamp> {
    let imports = file.imports()?;
    let times = imports.iter().map(|record| record.time);
    Ok(times.max().unwrap_or_default())
}

/// Opens two versions of a city as one, to show how they differ. Live data are left out: they
/// belong to the present.
///
/// # Errors
/// As [`open_city`], and when there is no such version or no usable typeface.
pub fn open_compared(
    city: &Path,
    key_file: Option<&Path>,
    range: VersionRange,
    lod: Option<&str>,
) -> anyhow::Result<(OpenCity, Composer)> {
    let vault = key::find(city, key_file)?.vault();
    let file = CityFile::open(city, vault)?;
    let [earlier, later] = range.grounds(&file)?;
    let comparison = Comparison::of(&earlier, &later);
    let mut both = union(&earlier, &later);
    if let Some(lod) = lod {
        both.choose_lod(lod);
    }
    let both = Arc::new(both);
    let kinds = kinds_of(city, &file)?;
    let tiles = Kept::of(&file);
    let mut scene = tiles.scene(&both, &kinds);
    scene.show_difference(&both, &comparison);
    let twin = Twin::new(both);
    let composer = Composer::new(scene, &twin, kinds.clone())?.comparing(Compared::of(&comparison));
    let written_at = written_at(&file)?;
    let city = OpenCity {
        twin,
        written_at,
        kinds,
        tiles,
    };
    Ok((city, composer))
}

impl OpenCity {
    /// Brings the twin to a moment of the archive beside the city (its end for `None`); without
    /// an archive nothing happens.
    ///
    /// # Errors
    /// When the archive cannot be read.
    pub fn go_to(&mut self, city: &Path, at: Option<Timestamp>) -> anyhow::Result<()> {
        let Some(twin) = twin_at(self.twin.ground(), city, at)? else {
            return Ok(());
        };
        self.twin = twin;
        // Readings may be older than the first batch, which alone says whether they are made up.
        if self.twin.live().feed.name.is_empty() && at.is_some() {
            self.feed_as_now(city)?;
        }
        Ok(())
    }

    /// Says of readings from before the log what the log says of its own: a stamp too many is better than
    /// made-up readings without one.
    fn feed_as_now(&mut self, city: &Path) -> anyhow::Result<()> {
        let Some(now) = live_at(self.twin.ground(), city, None)? else {
            return Ok(());
        };
        let mut live = self.twin.live().clone();
        live.feed.simulated = now.feed.simulated;
        live.feed.replayed = now.feed.replayed;
        self.twin = Twin::at_snapshot(Arc::clone(self.twin.ground()), live);
        Ok(())
    }

    /// The moment that the picture shows: as asked, or of the newest data, or of the city file.
    #[must_use]
    pub fn picture_time(&self, asked: Option<Timestamp>) -> Timestamp {
        let newest = Some(self.twin.live().at).filter(|at| at.millis() > 0);
        asked.or(newest).unwrap_or(self.written_at)
    }

    /// A composer that draws nothing of the city: for pages of charts.
    ///
    /// # Errors
    /// When the system has no usable typeface.
    pub fn page_composer(&self) -> anyhow::Result<Composer> {
        let bare = Ground::new(self.twin.ground().info.clone());
        let scene = Scene::build(&bare, &self.kinds);
        Ok(Composer::new(scene, &self.twin, self.kinds.clone())?)
    }

    /// Builds the scene of the city, of the tiles that its file keeps where they fit.
    ///
    /// # Errors
    /// When the system has no usable typeface.
    pub fn composer(&self) -> anyhow::Result<Composer> {
        let scene = self.tiles.scene(self.twin.ground(), &self.kinds);
        Ok(Composer::new(scene, &self.twin, self.kinds.clone())?)
    }
}
