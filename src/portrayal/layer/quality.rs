//! The layer of how good the records of people are: every building in the colour of its area.

use std::collections::BTreeMap;

use geo::InteriorPoint;

use crate::base::AreaId;
use crate::model::query::{CityIndex, Suppressed};
use crate::model::{AreaLevel, EntityKind, EntityRef, PopulationMeasure, ToldQuality};
use crate::space::Bounds2;

use super::bands::Bands;
use super::{Basis, Extent, Figure, LayerClass, LayerFacts, LayerKind, MapLayer, Meaning, UNTOLD};

impl MapLayer {
    /// The layer of one measure. `told` holds only what may be told, by areas of level `by`; no
    /// colour and no figure comes from anything else. `as_of` is the day, `YYYY-MM-DD`.
    #[must_use]
    pub fn quality(
        city: &CityIndex,
        told: &ToldQuality,
        measure: PopulationMeasure,
        by: AreaLevel,
        as_of: &str,
    ) -> Self {
        let shares: BTreeMap<AreaId, Option<f64>> = told
            .areas
            .iter()
            .filter_map(|(area, shares)| Some(((*area)?, shares.share(measure))))
            .collect();
        let known: Vec<f64> = shares.values().copied().flatten().collect();
        let bands = Bands::of(&known);
        let class_of = |share: Option<f64>| match (share, bands) {
            (Some(share), Some(bands)) => bands.class(bands.band(share), measure.is_merit()),
            _ => UNTOLD,
        };
        let homes = homes(city, by);
        let coloured = homes.iter().filter_map(|(building, area)| {
            let share = shares.get(area)?;
            Some((*building, class_of(*share)))
        });
        let unplaced = told.areas.get(&None);
        let unplaced = unplaced.map_or(Suppressed::Told(0), |one| one.residents);
        Self {
            facts: LayerFacts {
                kind: LayerKind::Quality { measure, by },
                as_of: as_of.to_owned(),
                classes: classes(&shares, bands, measure),
                basis: Basis::Residents {
                    count: told.total.residents,
                    share: told.total.share(measure),
                    unplaced,
                },
            },
            buildings: coloured.collect(),
            patches: Vec::new(),
            outlines: outlines(city, &shares),
            figures: figures(city, &shares, &homes),
            sheet: None,
        }
    }
}

/// The area of the level in which each building stands.
fn homes(city: &CityIndex, by: AreaLevel) -> BTreeMap<crate::base::BuildingId, AreaId> {
    let ground = city.ground();
    let buildings = ground.buildings.keys().filter_map(|id| {
        let key = EntityRef {
            kind: EntityKind::Building,
            bits: id.bits(),
        };
        let smallest = city.area_of(key)?;
        let area = city.areas().of_level(ground, smallest, by)?;
        Some((*id, area))
    });
    buildings.collect()
}

/// The rows of the legend, what is well first.
fn classes(
    shares: &BTreeMap<AreaId, Option<f64>>,
    bands: Option<Bands>,
    measure: PopulationMeasure,
) -> Vec<LayerClass> {
    let mut rows = Vec::new();
    if let Some(bands) = bands {
        let mut counts = vec![0; bands.count];
        for share in shares.values().flatten() {
            counts[bands.band(*share)] += 1;
        }
        rows.extend(counts.into_iter().enumerate().map(|(band, count)| {
            let (low, high) = bands.bounds(band);
            LayerClass {
                class: bands.class(band, measure.is_merit()),
                meaning: Meaning::Band(low, high),
                extent: Extent::Areas(count),
            }
        }));
        if measure.is_merit() {
            rows.reverse();
        }
    }
    let untold = shares.values().filter(|share| share.is_none()).count();
    if untold > 0 {
        rows.push(LayerClass {
            class: UNTOLD,
            meaning: Meaning::Untold,
            extent: Extent::Areas(untold),
        });
    }
    rows
}

fn outlines(
    city: &CityIndex,
    shares: &BTreeMap<AreaId, Option<f64>>,
) -> Vec<geo_types::Polygon<f64>> {
    let areas = &city.ground().areas;
    let outlined = shares.keys().filter_map(|id| areas.get(id));
    outlined.filter_map(|area| area.polygon.clone()).collect()
}

/// A figure in each area: in its outline, or where that is not known amid its buildings.
fn figures(
    city: &CityIndex,
    shares: &BTreeMap<AreaId, Option<f64>>,
    homes: &BTreeMap<crate::base::BuildingId, AreaId>,
) -> Vec<Figure> {
    let ground = city.ground();
    let mut amid = BTreeMap::<AreaId, Bounds2>::new();
    for (building, area) in homes {
        if let Some(one) = ground.buildings.get(building) {
            let bounds = amid.entry(*area).or_insert_with(Bounds2::empty);
            *bounds = bounds.union(&Bounds2::from_polygon(&one.footprint));
        }
    }
    let figures = shares.iter().filter_map(|(id, share)| {
        let area = ground.areas.get(id)?;
        let inside = area
            .polygon
            .as_ref()
            .and_then(InteriorPoint::interior_point);
        let at = match inside {
            Some(at) => [at.x(), at.y()],
            None => {
                let bounds = amid.get(id).filter(|one| !one.is_empty())?;
                std::array::from_fn(|i| (bounds.min[i] + bounds.max[i]) / 2.0)
            }
        };
        Some(Figure {
            at,
            name: area.name.clone(),
            share: *share,
        })
    });
    figures.collect()
}
