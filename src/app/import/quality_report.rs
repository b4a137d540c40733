//! How good the buildings of an import are, in short; `inspect` tells all of it for a city.
//! Part of an import's report; never judges anything itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::base::counted;
use crate::model::{Entity, Ground, Histogram, MapQuality, NO_FACES};

/// The buildings of all files of an import, judged against each other.
#[derive(Debug, Serialize)]
pub(super) struct QualityReport {
    buildings: usize,
    lods: BTreeMap<String, usize>,
    /// Pairs of footprints that are the same.
    duplicates: usize,
    /// Pairs of footprints that overlap otherwise.
    overlaps: usize,
    /// Buildings in no community or grid; `None` where none has an outline.
    outside_communities: Option<usize>,
    areas_m2: Histogram,
    heights_m: Histogram,
}

impl QualityReport {
    /// Judges the buildings among `entities`, with the areas that they and the city have.
    pub(super) fn of(entities: &[Entity], ground: Option<&Ground>) -> Option<Self> {
        let buildings = entities.iter().filter_map(|entity| match entity {
            Entity::Building(building) => Some(&**building),
            _ => None,
        });
        let areas = entities.iter().filter_map(|entity| match entity {
            Entity::Area(area) => Some(&**area),
            _ => None,
        });
        let known = ground.into_iter().flat_map(|ground| ground.areas.values());
        let found = MapQuality::of(buildings, areas.chain(known));
        (found.buildings > 0).then(|| Self {
            buildings: found.buildings,
            lods: found.lods,
            duplicates: found.duplicates.len(),
            overlaps: found.overlaps.len(),
            outside_communities: found.outside_communities.map(|outside| outside.len()),
            areas_m2: found.areas_m2,
            heights_m: found.heights_m,
        })
    }
}

impl fmt::Display for QualityReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lods = self.lods.iter().map(|(lod, count)| match lod.as_str() {
            NO_FACES => format!("{count} outline only"),
            lod => format!("{count} with LoD {lod}"),
        });
        let lods: Vec<_> = lods.collect();
        let noun = if self.buildings == 1 {
            "building"
        } else {
            "buildings"
        };
        writeln!(f, "{} {noun}: {}", self.buildings, lods.join(", "))?;
        let Self {
            duplicates,
            overlaps,
            ..
        } = self;
        write!(
            f,
            "  quality      {duplicates} twice, {}",
            counted(*overlaps, "overlapping pair", "overlapping pairs")
        )?;
        match self.outside_communities {
            Some(count) => writeln!(f, ", {count} outside every community"),
            None => writeln!(f),
        }
    }
}
