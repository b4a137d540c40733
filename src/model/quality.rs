//! How good a base map is, as far as its records tell by themselves: levels of detail, repairs,
//! where heights come from, footprints that stand twice or on each other, buildings outside every
//! community, sizes. Used by `inspect` for a city and by `import` for its files. Pure; never
//! mends anything. Faults of people's records are in `fault`.

mod histogram;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use geo::Centroid;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde::Serialize;

use crate::base::BuildingId;
use crate::space::{Bounds2, area_m2, overlaps, polygon_contains};

use super::{AdminArea, AreaLevel, Building, HeightOrigin, LodModel};
pub use histogram::{Bin, Histogram};

/// Footprints that share more than this share of their union are one building twice.
const SAME_SHARE: f64 = 0.9;
/// Footprints overlap that share more than this …
const OVERLAP_MIN_M2: f64 = 1.0;
/// … and more than this share of the smaller one.
const OVERLAP_MIN_SHARE: f64 = 0.05;

/// Two buildings on the same ground.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pair {
    /// One building.
    pub first: BuildingId,
    /// The other.
    pub second: BuildingId,
    /// Ground that both cover.
    pub shared_m2: f64,
    /// Of a duplicate the share of the union, otherwise the share of the smaller footprint.
    pub share: f64,
}

/// The quality of buildings, of a city or of an import.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapQuality {
    /// Buildings judged.
    pub buildings: usize,
    /// Buildings by level of detail; those with an outline only under [`NO_FACES`].
    pub lods: BTreeMap<String, usize>,
    /// Buildings by how their height is known.
    pub height_origins: BTreeMap<&'static str, usize>,
    /// Buildings by what was mended on them, a building under each of its repairs.
    pub repairs: BTreeMap<String, usize>,
    /// Footprints that stand twice, in the order of ids.
    pub duplicates: Vec<Pair>,
    /// Footprints that overlap otherwise, in the order of ids. A common wall is no overlap.
    pub overlaps: Vec<Pair>,
    /// Buildings whose middle is in no community or grid; `None` where none has an outline.
    pub outside_communities: Option<Vec<BuildingId>>,
    /// Footprints by area, square metres.
    pub areas_m2: Histogram,
    /// Buildings by height, metres.
    pub heights_m: Histogram,
}

impl MapQuality {
    /// Judges buildings against each other and against the areas of their city.
    #[must_use]
    pub fn of<'a>(
        buildings: impl Iterator<Item = &'a Building>,
        areas: impl Iterator<Item = &'a AdminArea>,
    ) -> Self {
        let mut buildings: Vec<&Building> = buildings.collect();
        buildings.sort_by_key(|one| one.id);
        let mut quality = Self {
            buildings: buildings.len(),
            lods: BTreeMap::new(),
            height_origins: HeightOrigin::ALL
                .iter()
                .map(|origin| (origin.as_str(), 0))
                .collect(),
            repairs: BTreeMap::new(),
            duplicates: Vec::new(),
            overlaps: Vec::new(),
            outside_communities: outside(&buildings, areas),
            areas_m2: Histogram::of_areas_m2(),
            heights_m: Histogram::of_heights_m(),
        };
        let footprints_m2: Vec<f64> = buildings
            .iter()
            .map(|one| area_m2(&one.footprint))
            .collect();
        for (building, footprint_m2) in buildings.iter().zip(&footprints_m2) {
            quality.count(building, *footprint_m2);
        }
        quality.pair(&buildings, &footprints_m2);
        quality
    }

    fn count(&mut self, building: &Building, footprint_m2: f64) {
        for lod in lods_of(&building.models) {
            *self.lods.entry(lod.to_owned()).or_default() += 1;
        }
        let origin = building.height_origin.as_str();
        *self.height_origins.entry(origin).or_default() += 1;
        let mut kinds: Vec<&str> = building
            .repairs
            .iter()
            .map(|text| repair_kind(text))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            *self.repairs.entry(kind.to_owned()).or_default() += 1;
        }
        self.areas_m2.count(footprint_m2);
        self.heights_m.count(building.height_m);
    }

    fn pair(&mut self, buildings: &[&Building], footprints_m2: &[f64]) {
        let outlines: Vec<_> = buildings.iter().map(|one| &one.footprint).collect();
        for found in overlaps(&outlines, OVERLAP_MIN_M2) {
            let [a, b] = [found.first, found.second].map(|place| footprints_m2[place]);
            let shared_m2 = found.shared_m2;
            let pair = |share| Pair {
                first: buildings[found.first].id,
                second: buildings[found.second].id,
                shared_m2,
                share,
            };
            let of_union = shared_m2 / (a + b - shared_m2).max(shared_m2);
            let of_smaller = shared_m2 / a.min(b).max(f64::MIN_POSITIVE);
            if of_union > SAME_SHARE {
                self.duplicates.push(pair(of_union));
            } else if of_smaller > OVERLAP_MIN_SHARE {
                self.overlaps.push(pair(of_smaller));
            }
        }
    }
}

/// Stands for a level of detail where there are no faces.
pub const NO_FACES: &str = "none";

/// The levels of detail of a building or object, each once; [`NO_FACES`] where it has none.
#[must_use]
pub fn lods_of(models: &[LodModel]) -> Vec<&str> {
    let mut lods: Vec<_> = models.iter().map(|model| model.lod.as_str()).collect();
    lods.sort_unstable();
    lods.dedup();
    if lods.is_empty() {
        lods.push(NO_FACES);
    }
    lods
}

/// What was mended, without its figures: "3 spikes removed" is "spikes removed".
fn repair_kind(text: &str) -> &str {
    let text = text
        .trim_start_matches(|one: char| one.is_ascii_digit())
        .trim_start();
    let has_figure = |at: &usize| {
        let rest = text[*at..].trim_start_matches([',', ' ']);
        rest.starts_with(|one: char| one.is_ascii_digit())
    };
    let figures = text.match_indices(", ").map(|(at, _)| at).find(has_figure);
    &text[..figures.unwrap_or(text.len())]
}

/// Buildings whose middle is in no community or grid with an outline.
fn outside<'a>(
    buildings: &[&Building],
    areas: impl Iterator<Item = &'a AdminArea>,
) -> Option<Vec<BuildingId>> {
    let outlines = areas
        .filter(|area| matches!(area.level, AreaLevel::Community | AreaLevel::Grid))
        .filter_map(|area| area.polygon.as_ref());
    let boxes: Vec<_> = outlines
        .map(|outline| {
            let Bounds2 { min, max } = Bounds2::from_polygon(outline);
            GeomWithData::new(Rectangle::from_corners(min, max), outline)
        })
        .collect();
    if boxes.is_empty() {
        return None;
    }
    let tree = RTree::bulk_load(boxes);
    let is_outside = |building: &&&Building| {
        let Some(middle) = building.footprint.centroid() else {
            return true;
        };
        let at = [middle.x(), middle.y()];
        let mut near = tree.locate_in_envelope_intersecting(AABB::from_point(at));
        !near.any(|area| polygon_contains(area.data, at))
    };
    Some(
        buildings
            .iter()
            .filter(is_outside)
            .map(|one| one.id)
            .collect(),
    )
}
