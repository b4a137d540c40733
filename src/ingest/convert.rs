//! From the raw city to the city's entities: one way for all formats.
//! What a reader hands on in parts goes to a [`Converter`], so that no file stands in memory as
//! raw features. Used by `import_file`, by tests and by benches. Never writes anything.
//!
//! The CRS of a new city and the middle of its first file are only known when all of the file was
//! seen. Both are guessed from the first part and checked at the end; where the guess would have
//! changed what came out, the file is read once more with what is known by then. So parts never
//! decide what an import brings, but for two words in a report: how far a stray feature lies from
//! the rest is told from the middle of the first part.

mod converter;
mod home;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::base::{ImportId, Warnings};
use crate::model::{Entity, EntityKind, HeightOrigin};
use crate::space::{Bounds2, Crs, Datum};

use super::error::ReadError;
use super::input::Take;
use super::raw::{RawCity, RawFeature};
use super::target::Target;
use super::{Format, PART_FEATURES, party_walls};

use converter::{Converter, Finished, Known};

/// Who the data set is and how to take its coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Name of the data set: with the feature's key it makes the stable ids.
    pub dataset: String,
    /// The run.
    pub import: ImportId,
    /// CRS stated by the caller; goes before what the file says.
    pub crs: Option<Crs>,
    /// Datum of longitudes and latitudes.
    pub datum: Datum,
}

/// A column of a register that nothing is read from: what stands in it is in no city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadColumn {
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// Its header, or `#7` of one without a header or whose header may be somebody's value.
    pub column: String,
    /// In how many rows something stands in it.
    pub filled: u64,
}

/// A file ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted {
    /// The format it came in.
    pub format: Format,
    /// CRS of the file's coordinates.
    pub source_crs: Crs,
    /// Whom its data demands to be named on every picture.
    pub attribution: Option<String>,
    /// Who made it; counts where nothing is demanded or stated.
    pub maker: Option<String>,
    /// What its features cover, in the city's CRS.
    pub extent: Bounds2,
    /// Its entities, each id once, in the order of the file.
    pub entities: Vec<Entity>,
    /// What was skipped or mended.
    pub warnings: Warnings,
    /// Keys of features that the file has and that could not be used: they are faulty, not gone.
    pub faulty: Vec<String>,
    /// How many more there are whose key cannot be told: any feature that is missed may be one.
    pub nameless: usize,
    /// What a person should know that is no fault.
    pub notes: Vec<String>,
    /// Columns of a register that nothing is read from.
    pub unread: Vec<UnreadColumn>,
    /// How often each kind of repair was made.
    pub repairs: BTreeMap<String, usize>,
    /// How the heights of its buildings are known.
    pub height_origins: BTreeMap<HeightOrigin, usize>,
}

impl Converted {
    /// Entities by kind.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<EntityKind, usize> {
        let mut counts = BTreeMap::new();
        for entity in &self.entities {
            *counts.entry(entity.key().kind).or_default() += 1;
        }
        counts
    }
}

/// Turns a raw city that is in memory as a whole into entities of the target city.
///
/// # Errors
/// When the CRS is missing or unusable, or most of the coordinates cannot belong to the city.
pub fn convert(mut raw: RawCity, target: &Target, origin: &Origin) -> Result<Converted, ReadError> {
    let features = std::mem::take(&mut raw.features);
    let (_, converted) = convert_parts(Some(target), origin, |take| {
        hand_on(raw.clone(), features.chunks(PART_FEATURES), take)
    })?;
    Ok(converted)
}

/// Hands features on in parts, as a reader would.
fn hand_on<'a>(
    mut city: RawCity,
    parts: impl Iterator<Item = &'a [RawFeature]>,
    take: Take,
) -> Result<RawCity, ReadError> {
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        city.features = part.to_vec();
        if parts.peek().is_some() {
            take(&mut city)?;
        }
    }
    Ok(city)
}

/// Converts what `read` hands on, and tells the CRS it is in: the target's or, where a city is yet
/// to be made, the one that the file suggests. `read` is called again where the beginning of the
/// file misled.
pub(super) fn convert_parts(
    target: Option<&Target>,
    origin: &Origin,
    mut read: impl FnMut(Take) -> Result<RawCity, ReadError>,
) -> Result<(Crs, Converted), ReadError> {
    let mut known = Known::default();
    loop {
        let mut converter = Converter::new(target, origin, known);
        let last = read(&mut |part| converter.take(part))?;
        match converter.finish(last)? {
            Finished::Converted(crs, converted) => return Ok((crs, *converted)),
            Finished::Misled(better) => known = better,
        }
    }
}

/// The entities of all files that are written together, each id once, with the walls they share.
/// What two files both hold is taken from the first, and noted in the other.
pub fn join(files: &mut [Converted]) -> Vec<Entity> {
    if let [only] = files {
        // Its ids come once as it is.
        let mut all = std::mem::take(&mut only.entities);
        party_walls::fill(&mut all);
        return all;
    }
    let mut keys = HashSet::new();
    let mut all = Vec::with_capacity(files.iter().map(|file| file.entities.len()).sum());
    for file in files {
        for entity in file.entities.drain(..) {
            if keys.insert(entity.key()) {
                all.push(entity);
            } else {
                let place = entity.source().key.clone();
                file.warnings
                    .note(place, "another file of this import has it too: skipped");
            }
        }
    }
    party_walls::fill(&mut all);
    all
}
