//! Turns the parts of one file into entities as they come, and keeps nothing of a part but what it
//! became. Used by `convert_parts`. Never reads a file, and never knows what comes next.

use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::base::Warnings;
use crate::model::{Entity, EntityRef, HeightOrigin};
use crate::space::{Bounds2, Crs};

use super::super::build::{self, Built};
use super::super::degrees;
use super::super::error::ReadError;
use super::super::looks::Looks;
use super::super::personal_attributes;
use super::super::raw::{RawCity, RawFeature};
use super::super::target::{self, Projector, Suggestion, Target};
use super::super::{Format, Mapping};
use super::home::Home;
use super::{Converted, Origin};

/// What an earlier reading of the same file found out.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The CRS for the new city.
    crs: Option<Crs>,
    /// The middle of what belongs to it, in that CRS.
    home: Option<[f64; 2]>,
}

/// How a reading ended.
pub(super) enum Finished {
    /// With the entities, in this CRS.
    Converted(Crs, Box<Converted>),
    /// What the first part suggested does not hold: the file is to be read again.
    Misled(Known),
}

/// The way of a file's coordinates into the city.
struct Way {
    source: Crs,
    target: Crs,
    projector: Projector,
    /// Where the target is only what the first part suggests.
    suggestion: Option<Suggestion>,
}

/// Features that came to nothing.
#[derive(Default)]
struct Faults {
    warnings: Warnings,
    keys: Vec<String>,
}

impl Faults {
    fn skip(&mut self, place: String, key: String, reason: &str) {
        self.warnings.note(place, format!("{reason}: skipped"));
        self.keys.push(key);
    }
}

/// What one feature came to, with its place.
struct Outcome {
    place: String,
    key: String,
    built: Result<Built, String>,
}

/// Takes the parts of one file.
pub(super) struct Converter<'a> {
    target: Option<&'a Target>,
    origin: &'a Origin,
    known: Known,
    way: Option<Way>,
    home: Home,
    looks: Looks,
    extent: Bounds2,
    entities: Vec<Entity>,
    keys: HashSet<EntityRef>,
    misplaced: Faults,
    unbuilt: Faults,
    repairs: BTreeMap<String, usize>,
    height_origins: BTreeMap<HeightOrigin, usize>,
}

impl<'a> Converter<'a> {
    /// A converter of one file into a city, or into a new one.
    pub(super) fn new(target: Option<&'a Target>, origin: &'a Origin, known: Known) -> Self {
        let extent = target.and_then(|target| target.extent);
        Self {
            target,
            origin,
            way: None,
            home: Home::new(extent, known.home),
            known,
            looks: Looks::default(),
            extent: Bounds2::empty(),
            entities: Vec::new(),
            keys: HashSet::new(),
            misplaced: Faults::default(),
            unbuilt: Faults::default(),
            repairs: BTreeMap::new(),
            height_origins: BTreeMap::new(),
        }
    }

    /// Takes the features that a reader has so far.
    ///
    /// # Errors
    /// When the CRS is missing or unusable.
    pub(super) fn take(&mut self, part: &mut RawCity) -> Result<(), ReadError> {
        let mut features = std::mem::take(&mut part.features);
        let way = match self.way.take() {
            Some(mut way) => {
                if let Some(suggestion) = &mut way.suggestion {
                    suggestion.see(&features);
                }
                way
            }
            None => self.begin(part, &features)?,
        };
        self.looks
            .extend(&part.materials, &part.textures, self.origin);
        features.iter_mut().for_each(|one| self.looks.settle(one));
        let fitting = self.place(features, &way.projector);
        self.way = Some(way);
        for outcome in build_all(fitting, self.origin, &part.mapping) {
            self.gather(outcome);
        }
        Ok(())
    }

    /// Finds the way out of what the first part says.
    fn begin(&self, part: &RawCity, features: &[RawFeature]) -> Result<Way, ReadError> {
        let source = match (
            target::source_crs(part, self.origin.crs.as_ref()),
            self.target,
        ) {
            // A person placed the model in the city's own coordinates.
            (Err(ReadError::NoCrs), Some(city)) if part.format == Format::Gltf => city.crs.clone(),
            (source, _) => source?,
        };
        if part.format != Format::Gltf {
            let is_stated = self.origin.crs.is_some() || part.mapping.crs.is_some();
            degrees::refuse(&source, is_stated, features)?;
        }
        let given = self.target.map(|target| &target.crs);
        let (target, suggestion) = match given.or(self.known.crs.as_ref()) {
            Some(crs) => (crs.clone(), None),
            None => {
                let mut suggestion = Suggestion::new(&source)?;
                suggestion.see(features);
                (suggestion.crs()?, Some(suggestion))
            }
        };
        let datum = part.datum.unwrap_or(self.origin.datum);
        Ok(Way {
            projector: Projector::new(&source, datum, &target)?,
            source,
            target,
            suggestion,
        })
    }

    /// Moves features into the city's CRS and sets aside what cannot belong to it.
    fn place(&mut self, mut features: Vec<RawFeature>, projector: &Projector) -> Vec<RawFeature> {
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
        self.home.meet(firsts.map(|at| [at[0], at[1]]));
        let mut fitting = Vec::with_capacity(features.len());
        for (feature, fault) in features.into_iter().zip(faults) {
            match self.home.judge(&feature, fault) {
                Some(reason) => self.misplaced.skip(feature.place(), feature.key, &reason),
                None => fitting.push(feature),
            }
        }
        let positions = fitting.iter().flat_map(|feature| feature.shape.positions());
        let extent = Bounds2::from_points(positions.map(|at| [at[0], at[1]]));
        self.extent = self.extent.union(&extent);
        fitting
    }

    /// Takes what a feature became, each id once.
    fn gather(&mut self, outcome: Outcome) {
        let Outcome { place, key, built } = outcome;
        let built = match built {
            Ok(built) => built,
            Err(reason) => return self.unbuilt.skip(place, key, &reason),
        };
        for warning in built.warnings {
            self.unbuilt.warnings.note(&place, warning);
        }
        for repair in built.repairs {
            *self.repairs.entry(repair).or_default() += 1;
        }
        for entity in built.entities {
            if !self.keys.insert(entity.key()) {
                let reason = "its id is used twice: skipped";
                self.unbuilt.warnings.note(&place, reason);
                continue;
            }
            if let Entity::Building(building) = &entity {
                let origin = building.height_origin;
                *self.height_origins.entry(origin).or_default() += 1;
            }
            self.entities.push(entity);
        }
    }

    /// Takes the last features, with all that a reader knows of the file at its end.
    ///
    /// # Errors
    /// When the CRS is missing or unusable, or most of the coordinates cannot belong to the city.
    pub(super) fn finish(mut self, mut last: RawCity) -> Result<Finished, ReadError> {
        self.take(&mut last)?;
        let Some(way) = self.way.take() else {
            return Err(ReadError::NoCrs);
        };
        if let Some(better) = self.misled(&way)? {
            return Ok(Finished::Misled(better));
        }
        self.home.check(&way.source)?;
        let mut notes = last.notes;
        if let (Some(named), Some(stated)) = (&last.crs, &self.origin.crs)
            && !named.is_same_horizontally(stated)
        {
            notes.push(format!(
                "the file says {named}; {stated} is used, as stated"
            ));
        }
        notes.extend(way.projector.cautions());
        let (mut warnings, mut faulty) = (last.warnings, last.faulty);
        for faults in [self.misplaced, self.unbuilt] {
            warnings.extend(faults.warnings);
            faulty.extend(faults.keys);
        }
        let looks = self
            .looks
            .entities(last.materials, last.textures, self.origin);
        let mut entities = self.entities;
        entities.splice(..0, looks);
        let mut converted = Converted {
            format: last.format,
            source_crs: way.source,
            attribution: last.attribution,
            maker: last.maker,
            extent: self.extent,
            entities,
            warnings,
            faulty,
            nameless: last.nameless,
            notes,
            unread: Vec::new(),
            repairs: self.repairs,
            height_origins: self.height_origins,
        };
        drop_orphans(&mut converted);
        let left_out = personal_attributes::leave_out(&mut converted.entities);
        converted.notes.extend(left_out);
        Ok(Finished::Converted(way.target, Box::new(converted)))
    }

    /// What is known now, where the first part led astray.
    fn misled(&self, way: &Way) -> Result<Option<Known>, ReadError> {
        let suggested = way.suggestion.as_ref().map(Suggestion::crs).transpose()?;
        if let Some(crs) = suggested.filter(|crs| *crs != way.target) {
            return Ok(Some(Known {
                crs: Some(crs),
                home: None,
            }));
        }
        Ok(self.home.misled().map(|middle| Known {
            crs: Some(way.target.clone()),
            home: Some(middle),
        }))
    }
}

/// What each feature became.
fn build_all(features: Vec<RawFeature>, origin: &Origin, mapping: &Mapping) -> Vec<Outcome> {
    let build_one = |feature: RawFeature| Outcome {
        place: feature.place(),
        key: feature.key.clone(),
        built: build::build(feature, origin, mapping),
    };
    features.into_par_iter().map(build_one).collect()
}

/// Dwellings whose building was skipped go with it: a link never points at nothing.
fn drop_orphans(converted: &mut Converted) {
    let is_dwelling = |entity: &Entity| matches!(entity, Entity::Dwelling(_));
    if !converted.entities.iter().any(is_dwelling) {
        return;
    }
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
