//! From the raw city to the city's entities: one way for all formats.
//! Reprojects, finds what cannot belong here, builds, and counts. Never writes anything.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::base::{ImportId, Warnings};
use crate::model::{Entity, EntityKind, HeightOrigin};
use crate::space::{Bounds2, Crs, Datum};

use super::build::{self, Built};
use super::error::ReadError;
use super::looks::Looks;
use super::raw::{RawCity, RawFeature};
use super::target::{self, Projector, Target};
use super::{Format, Mapping, party_walls};

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
    /// What a person should know that is no fault.
    pub notes: Vec<String>,
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

/// A feature of which nothing can be made.
struct Fault {
    key: String,
    reason: String,
}

/// Turns a raw city into entities of the target city.
///
/// # Errors
/// When the CRS is missing or unusable, or most of the coordinates cannot belong to the city.
pub fn convert(raw: RawCity, target: &Target, origin: &Origin) -> Result<Converted, ReadError> {
    let source_crs = match target::source_crs(&raw, origin.crs.as_ref()) {
        // A person placed the model in the city's own coordinates.
        Err(ReadError::NoCrs) if raw.format == Format::Gltf => target.crs.clone(),
        known => known?,
    };
    let projector = Projector::new(&source_crs, origin.datum, &target.crs)?;
    let RawCity {
        format,
        crs: named_crs,
        attribution,
        maker,
        materials,
        textures,
        mut features,
        mut warnings,
        mut faulty,
        mut notes,
        mapping,
        crs_fault: _,
    } = raw;
    if let (Some(named), Some(stated)) = (&named_crs, &origin.crs)
        && !named.is_same_horizontally(stated)
    {
        notes.push(format!(
            "the file says {named}; {stated} is used, as stated"
        ));
    }
    let looks = Looks::of(&materials, &textures, origin);
    features.iter_mut().for_each(|one| looks.settle(one));
    notes.extend(projector.cautions());
    let (features, misplaced) = project(features, &projector, target, &source_crs)?;
    for (feature, reason) in misplaced {
        warnings.note(feature.place(), format!("{reason}: skipped"));
        faulty.push(feature.key);
    }
    let positions = features
        .iter()
        .flat_map(|feature| feature.shape.positions());
    let extent = Bounds2::from_points(positions.map(|at| [at[0], at[1]]));
    let built = build_all(features, origin, &mapping);
    let mut converted = Converted {
        format,
        source_crs,
        attribution,
        maker,
        extent,
        entities: Vec::with_capacity(built.len()),
        warnings,
        faulty,
        notes,
        repairs: BTreeMap::new(),
        height_origins: BTreeMap::new(),
    };
    converted.entities = looks.entities(materials, textures, origin);
    converted.take_all(built);
    drop_orphans(&mut converted);
    Ok(converted)
}

/// What each feature became, with its place.
fn build_all(
    features: Vec<RawFeature>,
    origin: &Origin,
    mapping: &Mapping,
) -> Vec<(String, Result<Built, Fault>)> {
    let build_one = |feature: RawFeature| {
        let (place, key) = (feature.place(), feature.key.clone());
        let built = build::build(feature, origin, mapping);
        (place, built.map_err(|reason| Fault { key, reason }))
    };
    features.into_par_iter().map(build_one).collect()
}

/// The entities of all files that are written together, each id once, with the walls they share.
/// What two files both hold is taken from the first, and noted in the other.
pub fn join(files: &mut [Converted]) -> Vec<Entity> {
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

impl Converted {
    /// Takes what the features became, each id once.
    fn take_all(&mut self, built: Vec<(String, Result<Built, Fault>)>) {
        let mut keys: HashSet<_> = self.entities.iter().map(Entity::key).collect();
        for (place, result) in built {
            match result {
                Ok(built) => self.take(&place, built, &mut keys),
                Err(Fault { key, reason }) => {
                    self.warnings.note(place, format!("{reason}: skipped"));
                    self.faulty.push(key);
                }
            }
        }
    }

    fn take(&mut self, place: &str, built: Built, keys: &mut HashSet<crate::model::EntityRef>) {
        for warning in built.warnings {
            self.warnings.note(place, warning);
        }
        for repair in built.repairs {
            *self.repairs.entry(repair).or_default() += 1;
        }
        for entity in built.entities {
            if !keys.insert(entity.key()) {
                self.warnings.note(place, "its id is used twice: skipped");
                continue;
            }
            if let Entity::Building(building) = &entity {
                *self
                    .height_origins
                    .entry(building.height_origin)
                    .or_default() += 1;
            }
            self.entities.push(entity);
        }
    }
}

/// Dwellings whose building was skipped go with it: a link never points at nothing.
fn drop_orphans(converted: &mut Converted) {
    let buildings: HashSet<_> = converted
        .entities
        .iter()
        .filter_map(|entity| match entity {
            Entity::Building(building) => Some(building.id),
            _ => None,
        })
        .collect();
    let (warnings, faulty) = (&mut converted.warnings, &mut converted.faulty);
    converted.entities.retain(|entity| match entity {
        Entity::Dwelling(dwelling) if !buildings.contains(&dwelling.building) => {
            warnings.note(&dwelling.source.key, "its building is missing: skipped");
            faulty.push(dwelling.source.key.clone());
            false
        }
        _ => true,
    });
}

/// A feature that cannot belong to the city, with the reason.
type Misplaced = (RawFeature, String);

/// Moves all features into the city's CRS and sets aside what cannot belong to it, with the reason.
fn project(
    mut features: Vec<RawFeature>,
    projector: &Projector,
    target: &Target,
    source: &Crs,
) -> Result<(Vec<RawFeature>, Vec<Misplaced>), ReadError> {
    let faults: Vec<Option<String>> = features
        .par_iter_mut()
        .map(|feature| {
            let moved = feature.shape.try_for_each(|at| {
                *at = projector.apply(*at)?;
                Ok::<(), String>(())
            });
            moved.err()
        })
        .collect();
    let placed = features
        .iter()
        .zip(&faults)
        .filter(|(_, fault)| fault.is_none());
    let firsts = placed.filter_map(|(feature, _)| feature.shape.positions().next());
    let middle = target::median(firsts).map(|(x, y)| Bounds2 {
        min: [x, y],
        max: [x, y],
    });
    let home = target.extent.filter(|extent| !extent.is_empty()).or(middle);
    let with_faults: Vec<(RawFeature, Option<String>)> = features
        .into_iter()
        .zip(faults)
        .map(|(feature, fault)| {
            let fault = fault.or_else(|| too_far(&feature, home.as_ref()?));
            (feature, fault)
        })
        .collect();
    let (misfits, located) = with_faults.iter().fold((0, 0), |(misfits, located), one| {
        let is_located = !one.0.shape.is_empty();
        (
            misfits + usize::from(one.1.is_some()),
            located + usize::from(is_located),
        )
    });
    let mut fitting = Vec::with_capacity(with_faults.len());
    let mut misplaced = Vec::new();
    for (feature, fault) in with_faults {
        match fault {
            // A few stray features are the file's fault; most of them mean a wrong CRS.
            Some(reason) if misfits * 2 > located => {
                return Err(ReadError::DoesNotFit {
                    crs: source.name(),
                    feature: feature.place(),
                    reason,
                });
            }
            Some(reason) => misplaced.push((feature, reason)),
            None => fitting.push(feature),
        }
    }
    Ok((fitting, misplaced))
}

fn too_far(feature: &RawFeature, home: &Bounds2) -> Option<String> {
    let farthest_m = feature
        .shape
        .positions()
        .map(|at| target::distance_m(home, at))
        .fold(0.0, f64::max);
    (farthest_m > target::FAR_M).then(|| {
        format!(
            "it lies {:.0} km from the rest of the city",
            farthest_m / 1000.0
        )
    })
}
