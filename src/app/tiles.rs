//! The baked tiles of a city: brought up to date after every write, used by everything that opens a
//! city to look at it. `portrayal` bakes and judges, `store` keeps; this file splits the work over
//! the processor's cores. A tile that does not fit its records is never shown: it is baked anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

#[cfg(feature = "view")]
use crate::model::{Ground, KindTable};
#[cfg(feature = "view")]
use crate::portrayal::scene::{BakedTile, Scene};
use crate::portrayal::scene::{Plan, Seen, TileAt};
use crate::store::CityFile;
use crate::store::city_file::{CityFileError, KeptTile};

/// What a city file keeps, to be looked up.
#[derive(Debug, Default)]
pub(super) struct Kept(BTreeMap<[i64; 2], KeptTile>);

/// What was done to the tiles of a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Refreshed {
    /// Tiles that were baked.
    pub(super) baked: usize,
    /// Tiles that were right as they were.
    pub(super) kept: usize,
}

impl Kept {
    fn from_list(tiles: Vec<KeptTile>) -> Self {
        Self(tiles.into_iter().map(|tile| (tile.at, tile)).collect())
    }

    /// Whether a planned tile is here and right.
    fn find(&self, recipe: &str, tile: &TileAt) -> Option<&KeptTile> {
        let known = self.0.get(&tile.at)?;
        (known.recipe == recipe && known.fingerprint == tile.fingerprint).then_some(known)
    }
}

#[cfg(feature = "view")]
impl Kept {
    /// The tiles of a city file. A file whose tiles cannot be read is opened without them.
    pub(super) fn of(file: &CityFile) -> Self {
        Self::from_list(file.tiles().unwrap_or_else(|fault| {
            tracing::warn!("{fault}; they are baked anew");
            Vec::new()
        }))
    }

    /// The scene of a ground: of these tiles where they fit it, baked where they do not.
    pub(super) fn scene(&self, ground: &Ground, kinds: &KindTable) -> Scene {
        let plan = Plan::of(ground);
        let recipe = plan.recipe();
        let tiles: Vec<TileAt> = plan.tiles().collect();
        let tile = |tile: &TileAt| {
            let known = self.find(&recipe, tile);
            let known = known.and_then(|known| BakedTile::from_bytes(&known.content));
            (*tile, known.unwrap_or_else(|| plan.bake(*tile)))
        };
        let baked = tiles.par_iter().map(tile).collect();
        plan.build(ground, kinds, baked)
    }
}

/// Bakes what the tiles of a city file lack of its ground and keeps it there.
///
/// # Errors
/// When the file cannot be read or written; the city itself is unharmed.
pub(super) fn refresh(file: &mut CityFile) -> Result<Refreshed, CityFileError> {
    let mut seen = Seen::default();
    file.for_each_seen(|entity| seen.add(entity))?;
    let ground;
    let plan = match Plan::of_seen(seen) {
        Some(plan) => plan,
        None => {
            ground = file.load_ground()?;
            Plan::of(&ground)
        }
    };
    let recipe = plan.recipe();
    let tiles: Vec<TileAt> = plan.tiles().collect();
    let known = Kept::from_list(file.tile_marks()?);
    let stale = tiles
        .iter()
        .filter(|tile| known.find(&recipe, tile).is_none());
    let stale: Vec<&TileAt> = stale.collect();
    let bake = |tile: &&TileAt| KeptTile {
        at: tile.at,
        recipe: recipe.clone(),
        fingerprint: tile.fingerprint.to_vec(),
        content: plan.bake(**tile).to_bytes(),
    };
    let fresh: Vec<KeptTile> = stale.par_iter().map(bake).collect();
    let wanted: BTreeSet<_> = tiles.iter().map(|tile| tile.at).collect();
    file.keep_tiles(&fresh, &wanted)?;
    Ok(Refreshed {
        baked: fresh.len(),
        kept: tiles.len() - fresh.len(),
    })
}

/// As [`refresh`], of a city that was written just now: what was written stays written whatever
/// happens here, so a fault is told and no more.
pub(super) fn refresh_after_write(city: &Path) -> Option<Refreshed> {
    // Nothing personal is baked: the key is not needed.
    let refreshed = CityFile::open_for_writing(city, None).and_then(|mut file| refresh(&mut file));
    refreshed
        .inspect_err(|fault| {
            eprintln!(
                "the city is written, but its tiles are not brought up to it, so it opens slower: \
                 {fault}"
            );
        })
        .ok()
}

impl fmt::Display for Refreshed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  tiles        {} baked, {} as they were",
            self.baked, self.kept
        )
    }
}
